# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An address of a hand-over that is spent is thrown away wherever it is kept; one that may still be good is not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma import cloud_printer
from ansible_collections.printops.prisma.plugins.module_utils._prisma.address_files import write_address
from ansible_collections.printops.prisma.plugins.module_utils._prisma.registration_address import address_key
from ansible_collections.printops.prisma.plugins.module_utils._prisma.site import Site
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Request
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    NotReadBack,
    PrismaError,
    TransportError,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from unit.web.tiny import build

SERIAL, ADDRESS = "610000001", "https://site.example.com/hand-over/0123456789abcdef"


class Slow:
    """A site that accepts a hand-over, and does not show the printer yet."""

    session = SimpleNamespace(
        client=SimpleNamespace(base_url="https://site.example.com/"), require=lambda part, name: None
    )

    def handed_over(self, address: str) -> str:
        return SERIAL

    def hand_over(self, address: str, **how: Any) -> str:
        return SERIAL

    def printer(self, serial: str) -> None:
        return None


def begun(file: Path, **waiting: Any) -> Request:
    write_address(str(file), ADDRESS, SERIAL)
    options: dict[str, Any] = {"address_file": str(file), "qr_path": None, "display_name": "Press", "move": False}
    options |= {"site": "north", "printer_registered": False, "address_hosts": None}
    options |= {"wait_timeout": 0.0, "wait_sleep": 0.0, **waiting}
    request = Request(options=options, profile=build(), printer="p1", store=TaskStore())
    request.store.save(address_key(SERIAL), {"address": ADDRESS})
    return request


def test_a_hand_over_that_is_not_waited_for_is_pending(tmp_path: Path) -> None:
    request = begun(tmp_path / "address", wait=False)
    cloud_printer._present(request, cast(Site, Slow()), SERIAL)
    values = request.result.values
    assert (values["handed_over"], values["pending"], "printer" in values) == (True, True, False)
    assert request.result.changed
    with pytest.raises(NotReadBack, match="does not show the printer"):
        cloud_printer._present(begun(tmp_path / "address", wait=True), cast(Site, Slow()), SERIAL)


class Listing(Slow):
    """A site that lists the printer already."""

    def __init__(self, refusal: PrismaError | None = None) -> None:
        self.refusal, self.handed_over_with = refusal, list[str]()

    def hand_over(self, address: str, **how: Any) -> str:
        self.handed_over_with.append(address)
        if self.refusal is not None:
            raise self.refusal
        return SERIAL

    def printer(self, serial: str) -> Any:
        return {"serial": serial, "licences": "x", "last_data": "never"}


def test_a_listed_printer_whose_hand_over_waits_is_handed_over(tmp_path: Path) -> None:
    """Given a controller that was reset, then the row of its earlier registration is no registration."""
    site, file = Listing(), tmp_path / "address"
    request = begun(file, wait=True)
    cloud_printer._present(request, cast(Site, site), SERIAL)
    values = request.result.values
    assert (values["handed_over"], request.result.changed, file.exists()) == (True, True, False)
    assert site.handed_over_with == [ADDRESS]
    registered = begun(file, wait=True, printer_registered=True)
    cloud_printer._present(registered, cast(Site, site), SERIAL)
    assert (registered.result.values["handed_over"], registered.result.changed) == (False, False)
    assert (site.handed_over_with, file.exists()) == ([ADDRESS], False)


@pytest.mark.parametrize(
    ("refusal", "kept"),
    [
        (PrismaError("This printer is here."), True),
        (PrismaError("This link is unknown.", details={"status": 404}), False),
    ],
)
def test_a_listed_printer_whose_hand_over_is_refused_needs_attention(
    tmp_path: Path, refusal: PrismaError, *, kept: bool
) -> None:
    file = tmp_path / "address"
    request = begun(file, wait=True)
    with pytest.raises(PrismaError, match=f"lists the printer {SERIAL} already.*shows that it is not") as caught:
        cloud_printer._present(request, cast(Site, Listing(refusal)), SERIAL)
    assert "left from an earlier registration" in caught.value.advice
    assert (file.exists(), request.result.changed) == (kept, False)


def test_a_lost_hand_over_of_a_listed_printer_is_not_taken_for_done(tmp_path: Path) -> None:
    """The row was there before, so it shows nothing: the address is kept, and the next run asks again."""
    file = tmp_path / "address"
    lost = TransportError("the answer was lost", may_have_arrived=True)
    with pytest.raises(TransportError):
        cloud_printer._present(begun(file, wait=True), cast(Site, Listing(lost)), SERIAL)
    assert file.exists()


class Answering:
    """A site as far as the page of a hand-over is concerned."""

    def __init__(self, status: int) -> None:
        self.status = status

    def handed_over(self, address: str) -> str:
        raise PrismaError("This link is unknown or was used.", details={"status": self.status})

    def printer(self, serial: str) -> None:
        return None


def refused(
    file: Path, status: int, *, in_file: str = ADDRESS, in_memory: str = ADDRESS
) -> tuple[Request, PrismaError]:
    file.write_text(f"{in_file}\n", encoding="utf-8")
    options: dict[str, Any] = {"address_file": str(file), "qr_path": None, "display_name": "Press", "move": False}
    request = Request(options=options, profile=build(), printer="p1", store=TaskStore())
    request.store.save(address_key(SERIAL), {"address": in_memory})
    with pytest.raises(PrismaError) as caught:
        cloud_printer._hand_over(request, cast(Site, Answering(status)), SERIAL, ADDRESS, None)
    return request, caught.value


@pytest.mark.parametrize("status", [404, 410])
def test_a_spent_address_is_kept_neither_in_the_file_nor_for_later_tasks(tmp_path: Path, status: int) -> None:
    """Given a site that knows the address no more, then a later task of the run has the button pressed anew."""
    request, error = refused(tmp_path / "address", status)
    assert error.advice == "Run again: the printer is then asked for a new address."
    assert not (tmp_path / "address").exists()
    assert not (request.store.load(address_key(SERIAL)) or {}).get("address")


def test_an_address_is_kept_while_the_site_does_not_say_that_it_is_spent(tmp_path: Path) -> None:
    request, error = refused(tmp_path / "address", 503)
    assert "Run again" not in str(error.advice)
    assert (tmp_path / "address").exists()
    assert request.store.load(address_key(SERIAL)) == {"address": ADDRESS}


def test_an_address_that_another_run_has_got_meanwhile_is_kept(tmp_path: Path) -> None:
    """Given two runs that do not see each other's lock, then who pressed first does not lose the second's address."""
    newer = f"{ADDRESS}-newer"
    request, error = refused(tmp_path / "address", 404, in_file=newer)
    assert error.advice == "Run again: another run has got a new address meanwhile, which is then used."
    assert (tmp_path / "address").read_text() == f"{newer}\n"
    assert request.store.load(address_key(SERIAL)) is None
    request, _error = refused(tmp_path / "address", 404, in_memory=newer)
    assert request.store.load(address_key(SERIAL)) == {"address": newer}
    assert list(tmp_path.iterdir()) == []
