# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which registration address a claiming task uses: the option's, this run's, or the one in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.address_files import write_address
from ansible_collections.printops.prisma.plugins.module_utils._prisma.registration_address import (
    address_key,
    check_address,
    keep_address,
    known_address,
    spend_address,
)
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Request
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from unit.web.tiny import build

SERIAL = "610000001"
ADDRESS = "https://home.example.com/register/"


def request_of(**options: Any) -> Request:
    every = {"address": None, "address_file": None, "qr_path": None, **options}
    return Request(options=every, profile=build(), printer="p1", store=TaskStore())


@pytest.mark.parametrize(
    ("option", "in_memory", "in_file", "used"),
    [
        (None, None, None, None),
        (None, None, "file", "file"),
        (None, "memory", None, "memory"),
        (None, "memory", "file", "memory"),
        ("option", "memory", "file", "option"),
    ],
)
def test_what_this_run_saw_is_newer_than_a_file(
    tmp_path: Path, option: str | None, in_memory: str | None, in_file: str | None, used: str | None
) -> None:
    file = tmp_path / "address"
    if in_file:
        write_address(str(file), ADDRESS + in_file, SERIAL)
    request = request_of(address=ADDRESS + option if option else None, address_file=str(file))
    if in_memory:
        keep_address(request, SERIAL, ADDRESS + in_memory, shown_again=True)
    assert known_address(request, SERIAL.lower()) == (ADDRESS + used if used else None)
    assert request.result.warnings == []


def test_an_address_of_another_printer_is_not_used(tmp_path: Path) -> None:
    """Given a host whose printer was replaced, then what its file holds is of the printer before."""
    file = tmp_path / "address"
    write_address(str(file), ADDRESS, "a-9")
    request = request_of(address_file=str(file))
    for proven in (False, True):
        assert known_address(request, SERIAL, proven=proven) is None
    (warning,) = set(request.result.warnings)
    assert f"is of the printer A-9, not of {SERIAL}" in warning
    assert "under its own host name" in warning
    assert ADDRESS not in warning
    assert file.exists()


@pytest.mark.parametrize("rest", ["", "serial: \n", f"{ADDRESS}another\n"])
def test_an_address_of_an_unknown_printer_is_used_for_a_claim_only_and_never_silently(
    tmp_path: Path, rest: str
) -> None:
    """Given a file of an earlier version, or one that a person wrote. A press instead of it harms nobody."""
    file = tmp_path / "address"
    file.write_text(f"{ADDRESS}\n{rest}", encoding="utf-8")
    request = request_of(address_file=str(file))
    assert known_address(request, SERIAL) == ADDRESS
    assert known_address(request, SERIAL, proven=True) is None
    used, ignored = request.result.warnings
    assert "does not say of which printer it is" in used
    assert "it is used" in used
    assert "it is not used" in ignored
    assert ADDRESS not in f"{used} {ignored}"


def test_a_serial_number_in_an_address_is_no_secret() -> None:
    request = request_of(address_hosts=["home.example.com"], serial="SN61000042", tenant="tenant-4711")
    check_address(request, "https://home.example.com/tenant-4711/sn61000042/Ab3dEf6hIj")
    assert {part for part in request.capabilities if "/" not in part} == {"Ab3dEf6hIj"}


def test_a_spent_address_is_kept_nowhere(tmp_path: Path) -> None:
    files = {name: str(tmp_path / name) for name in ("address_file", "qr_path")}
    for path in files.values():
        Path(path).write_text(ADDRESS, encoding="utf-8")
    request = request_of(**files)
    keep_address(request, SERIAL, ADDRESS, shown_again=False)
    spend_address(request, SERIAL)
    assert known_address(request, SERIAL) is None
    assert request.store.load(address_key(SERIAL)) is None, "it takes no room in the memory of the run any more"
    assert list(tmp_path.iterdir()) == []
    assert request.result.values == {"address_spent": True}


@pytest.mark.parametrize(
    ("address", "hidden", "shown"),
    [
        ("https://home.example.com/register/Ab3dEf6hIj", {"Ab3dEf6hIj"}, "/register/"),
        ("https://home.example.com/hand-over?code=Ab3dEf6hIj", {"code=Ab3dEf6hIj", "Ab3dEf6hIj"}, "/hand-over"),
        ("https://home.example.com/register/kfjwpqmz", {"kfjwpqmz"}, "/register/"),
        ("https://home.example.com/register/ABCD-EFGH/?lang=en", {"ABCD-EFGH"}, "/register/?lang=en"),
        ("https://home.example.com/register/ABCD-EFGH/start", {"ABCD-EFGH"}, "/register/start"),
        ("https://home.example.com/register/kfjwpqmz?lang=en", {"kfjwpqmz"}, "/register/?lang=en"),
        ("https://home.example.com/hand-over?c=kfjwpqmz", {"c=kfjwpqmz", "kfjwpqmz"}, "/hand-over"),
        ("https://home.example.com/app#/register/Ab3dEf6hIj", {"Ab3dEf6hIj"}, "/app#/register/"),
        ("https://home.example.com/r/Ab3%C3%BCdEf6", {"Ab3%C3%BCdEf6", "Ab3\u00fcdEf6"}, "/r/"),
        ("https://home.example.com/", set(), "/"),
        ("https://home.example.com/r/Ab3", set(), "/r/Ab3"),
    ],
)
def test_from_its_check_on_an_address_and_its_code_are_kept_out_of_the_result(
    address: str, hidden: set[str], shown: str
) -> None:
    """The path of a page that it leads to stands in what is said of a page that is not known."""
    request = request_of(address_hosts=["home.example.com"])
    check_address(request, address)
    assert request.capabilities == {address} | hidden
    assert not any(part in shown for part in request.capabilities)
