# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a tenant without a serial number, and printers that are there twice.

domain.md, "PRISMA Home: devices".
"""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.home_devices import (
    SeveralDevices,
    neither_true_nor_false,
    newly_there,
    own_row,
    read_twice,
    same_device,
    warnings_of,
    why_not_deleted,
)
from hypothesis import given
from hypothesis import strategies as st

INTERNAL, PROXY = "internal", "cloud_proxy"


def row(serial: str | None = "SN1", how: str | None = INTERNAL, id: str | None = None, **more: Any) -> dict[str, Any]:
    return {"serial": serial, "communication_type": how, "device_id": id, **more}


@pytest.mark.parametrize(
    ("rows", "own"),
    [
        ([], None),
        ([row("SN2")], None),
        ([row(None, id="d1"), row("", id="d2"), row("  ")], None),
        ([row(" sn1 ")], 0),
        ([row(how=None)], 0),
        ([row(how=PROXY)], 0),
        ([row(how=PROXY), row()], 1),
        ([row(), row(how=PROXY)], 0),
        ([row(how=None), row(how=PROXY)], 0),
        ([row(how="other"), row(how=PROXY)], 0),
        ([row(how="something"), row()], 1),
    ],
)
def test_the_row_by_the_internal_connector_is_the_printer_s(rows: list[dict[str, Any]], own: int | None) -> None:
    assert own_row(rows, "SN1") == (None if own is None else rows[own])


def test_a_device_by_cloud_proxy_alone_is_no_registration_of_the_printer() -> None:
    assert own_row([row(how=PROXY)], "SN1", internal=True) is None
    assert own_row([row(how=PROXY), row()], "SN1", internal=True) == row()


@pytest.mark.parametrize(
    "rows",
    [[row(id="a"), row(id="b")], [row(how=None), row(how="x")], [row(how=PROXY, id="a"), row(how=PROXY, id="b")]],
)
def test_where_nothing_decides_it_says_so(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(SeveralDevices, match="2 devices with the serial number SN1"):
        own_row(rows, "SN1")


def test_a_device_is_found_again_by_its_id() -> None:
    """Two devices may have one serial number, and the list may have changed meanwhile."""
    rows = [row(how=PROXY, id="d1"), row(id="d2", location="Hall 2"), row("SN2", id="d3")]
    assert same_device(rows, row(id="d2")) == rows[1]
    assert same_device(rows, row(how=PROXY, id="d1")) == rows[0]
    assert same_device(rows[:1], row(id="d2")) is None
    assert same_device([row("SN3", id="d2")], row(id="d2")) is None
    assert same_device([row(how=PROXY), row()], row()) == row()
    with pytest.raises(SeveralDevices):
        same_device([row(), row(how=INTERNAL)], row())


def test_only_the_printer_s_own_device_may_be_deleted() -> None:
    assert [why_not_deleted(row(how=how)) for how in (INTERNAL, None)] == [None, None]
    for how in ("other", PROXY):
        assert "cannot be told whether press-01" in (why_not_deleted(row(how=how, name="press-01")) or "")


def test_a_device_that_is_read_twice_is_a_list_that_changed() -> None:
    assert read_twice([row(), row("SN2"), row(None), row(None)]) is None
    assert read_twice([row(), row(how=PROXY)]) is None
    assert read_twice([row(id="a"), row(id="b")]) is None
    assert read_twice([row(status="connecting"), row("sn1", status="connected")]) == "SN1"


def test_a_warning_names_the_rows() -> None:
    assert warnings_of([row(), row("SN2", PROXY)]) == []
    rows = [row(None, PROXY, "d7", name="Finisher"), row(), row(how=PROXY, hostname="press-01")]
    without, doubled = warnings_of(rows)
    assert "1 device of the tenant without a serial number" in without
    assert "Finisher (id d7, Cloud Proxy)" in without
    assert "SN1 (a device (internal connector), press-01 (Cloud Proxy))" in doubled
    (many,) = warnings_of([row(None, id=f"d{number}") for number in range(50)])
    assert "and 45 more" in many
    assert len(many) < 500


texts = st.none() | st.text(max_size=10)


@given(st.lists(st.builds(row, texts, texts, texts, name=texts)), st.text(min_size=1, max_size=10))
def test_no_list_is_unreadable(rows: list[dict[str, Any]], serial: str) -> None:
    assert not any(character in line for line in warnings_of(rows) for character in "\n\r\x1b\x00")
    try:
        own = own_row(rows, serial)
    except SeveralDevices:
        assert len(rows) > 1
    else:
        assert own is None or own in rows


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        (None, None, False),
        (None, "disconnected", True),
        ("disconnected", "disconnected", False),
        ("disconnected", "connecting", True),
        ("disconnected", "connected", True),
        ("disconnected", "other", False),
        ("disconnected", None, False),
        ("connected", "connected", False),
        ("other", "connected", False),
    ],
)
def test_a_row_that_was_there_before_shows_a_claim_by_its_connection_alone(
    before: str | None, now: str | None, *, new: bool
) -> None:
    rows = [None if status is None else {"status": status} for status in (now, before)]
    assert newly_there(*rows) is new


@pytest.mark.parametrize("read", ["No", "0", 0, None])
def test_an_application_that_is_neither_enabled_nor_not_is_named(read: Any) -> None:
    named = f"{read!r} where it must read true or false: applications.enabled"
    assert (
        neither_true_nor_false(row(applications=[{"id": "a", "enabled": True}, {"id": "b", "enabled": read}])) == named
    )


def test_true_and_false_and_no_application_at_all_are_right() -> None:
    assert neither_true_nor_false(row(applications=[{"id": "a", "enabled": True}, {"id": "b", "enabled": False}])) == ""
    assert neither_true_nor_false(row()) == ""
