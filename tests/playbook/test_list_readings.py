# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant's list is read for a whole batch and not for each printer."""

from __future__ import annotations

import pytest
from support.fleet import Fleet, FleetMaker, Watch

pytestmark = pytest.mark.slow

PRINTERS = 30


FLEET = [
    {"name": "sra-{:02d}", "count": PRINTERS - 6},
    {"name": "ps-{:02d}", "count": 6, "kind": "prismasync"},
]


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(FLEET)


def lists_and_pages(watch: Watch) -> tuple[int, int]:
    """Return how often the whole list was read, and how often the page of one device."""
    rows = watch.fleet.simulation.counters()["requests"]
    read = [row for row in rows if row["host"] == "home" and row["method"] == "GET" and "/devices" in row["path"]]
    lists = sum(row["count"] for row in read if row["path"].endswith("/devices"))
    return lists, sum(row["count"] for row in read) - lists


def test_one_reading_of_the_list_for_thirty_printers(fleet: Fleet) -> None:
    """Given thirty printers, then the list is read once to plan, and once when nothing is to be done.

    While printers wait to be connected they share readings of it, as it is one page.
    """
    inventory = fleet.inventory(account="client")  # its paths tell the list from one device
    watch = fleet.watch()
    first = fleet.onboard(inventory)
    lists, pages = lists_and_pages(watch)
    print(f"\n{PRINTERS} printers: {lists} readings of the list, {pages} of one device")
    assert set(first.outcomes.values()) == {"onboarded"}, first.output
    assert lists <= PRINTERS / 2
    assert (pages, watch.count("sign_in", "alpha")) == (PRINTERS, 1), "one reading back of each printer's changes"
    watch = fleet.watch()
    second = fleet.onboard(inventory)
    assert (set(second.outcomes.values()), second.changed) == ({"already"}, 0)
    assert lists_and_pages(watch) == (1, 0)
    watch = fleet.watch()
    taking_over = fleet.onboard(inventory, "-e", "onboard_take_over=true")
    assert (set(taking_over.outcomes.values()), taking_over.changed) == ({"already"}, 0)
    assert lists_and_pages(watch) == (1, 0), "each is looked for in the same reading"


@pytest.mark.parametrize("mode", ["bulk", "tasks"])
def test_the_pages_are_read_about_once_for_each_printer_that_is_changed(make_fleet: FleetMaker, mode: str) -> None:
    """Given a person's account, which reads pages: one list for all, one look after each change, few while waiting."""
    fleet = make_fleet(FLEET)
    inventory = fleet.inventory(account="person")

    def readings(watch: Watch) -> int:
        rows = watch.fleet.simulation.counters()["requests"]
        of_list = [row for row in rows if (row["host"], row["method"], row["path"]) == ("home", "GET", "devices")]
        return sum(row["count"] for row in of_list)

    watch = fleet.watch()
    first = fleet.onboard(inventory, mode=mode)
    print(f"\n{PRINTERS} printers, {mode}: {readings(watch)} readings of devices on the pages")
    assert set(first.outcomes.values()) == {"onboarded"}, first.output
    assert readings(watch) <= 2 * PRINTERS
    watch = fleet.watch()
    second = fleet.onboard(inventory, mode=mode)
    assert (set(second.outcomes.values()), second.changed) == ({"already"}, 0)
    assert readings(watch) == 1


def test_what_the_run_has_written_is_not_overlooked(fleet: Fleet) -> None:
    """Given a list that was read before this run deleted a device, then the next task sees that it is gone."""
    serial = fleet.simulation.printer("sra-01")["serial"]
    present = {"home_device": {"serial": serial, "list_max_age": 600}}
    absent = {"home_device": {"serial": serial, "state": "absent", "confirm_data_loss": True}}
    results = fleet.tasks("sra-01", present, absent, present)
    assert [result["failed"] for result in results] == [False, False, True]
    assert "does not have the printer" in results[2]["reason"]
