# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change of a device that changes another one, too: it is named, and the run changes no further device so."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma import first_change
from unit.prisma.home_loopback import SERIAL, SHOWN, Home, HomeBench, reply
from unit.prisma.run_store import RunStore
from unit.web.loopback import Answer, Asked, serve

NEIGHBOUR, THIRD = "610000002", "610000003"


@dataclass
class Locations(Home):
    """A tenant of three devices with a location each. ``takes``: which others a change changes."""

    locations: dict[str, str] = field(default_factory=lambda: {SERIAL: "", NEIGHBOUR: "Hall 1", THIRD: ""})
    takes: tuple[str, ...] = ()
    lists: int = 0
    broken: bool = False
    connecting: str = ""

    def answer(self, asked: Asked) -> Answer:
        path, _slash, serial = asked.path.partition("?")[0].rpartition("/")
        if path.endswith("/devices") and asked.method == "GET":
            return reply(200, **self._row(serial))
        if "/devices/" in asked.path:
            for one in (asked.path.split("/devices/")[1].split("/")[0].removeprefix("d"), *self.takes):
                self.locations[one] = json.loads(asked.body)["location"]
            return reply(200)
        if serial == "devices":
            self.lists += 1
            rows = [self._row(one) for one in self.locations]
            return reply(200, items=rows, total=len(rows) + self.broken, next=None)
        return super().answer(asked)

    def _row(self, serial: str) -> dict[str, Any]:
        status = "connecting" if serial == self.connecting else "connected"
        shown = {"serialNumber": serial, "deviceId": f"d{serial}", "location": self.locations[serial]}
        return {**SHOWN, **shown, "status": status}


@pytest.fixture
def it(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[HomeBench]:
    home = Locations()
    with serve(home.answer, server_tls) as server:
        yield HomeBench(home, server, ca_path, RunStore())


def located(it: HomeBench, serial: str, location: str = "Hall 7") -> dict[str, Any]:
    return it.run(serial=serial, location=location, printer_registered=True)


def home(it: HomeBench) -> Locations:
    assert isinstance(it.home, Locations)
    return it.home


def test_the_first_change_of_a_run_is_held_against_the_whole_list(it: HomeBench) -> None:
    for serial in (SERIAL, THIRD):
        result = located(it, serial)
        assert (result.get("failed"), result["changed"]) == (None, True), result
    assert home(it).locations == {SERIAL: "Hall 7", NEIGHBOUR: "Hall 1", THIRD: "Hall 7"}
    assert home(it).lists == 2


def test_another_device_that_it_changes_is_named_and_no_further_one_is_changed(it: HomeBench) -> None:
    home(it).takes = (NEIGHBOUR,)
    first = located(it, SERIAL)
    assert (first["failed"], first["changed"]) == (True, True), first
    assert f"location of devices that it does not name changed: {NEIGHBOUR}" in first["reason"]
    second = located(it, THIRD)
    assert (second["failed"], second["changed"], second["outcome"]) == (True, False, "not_tried"), second
    assert NEIGHBOUR in second["reason"]
    assert home(it).locations[THIRD] == ""


def test_a_list_that_cannot_be_read_whole_holds_nothing_up(it: HomeBench) -> None:
    home(it).broken = True
    assert located(it, SERIAL)["changed"] is True
    assert home(it).locations[SERIAL] == "Hall 7"


def test_nor_does_a_task_that_does_not_know_what_others_do(it: HomeBench) -> None:
    it.store = None
    assert located(it, SERIAL)["changed"] is True
    assert home(it).lists == 0


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        ({"enabled": True}, {"enabled": None}, True),
        ({"prepare": False}, {"prepare": True, "check": True}, True),
        ({"prepare": False}, {"prepare": False, "check": True}, False),
        ({}, {"prepare": True}, False),
    ],
)
def test_what_the_cloud_adds_to_a_device_is_no_change_of_it(
    before: dict[str, Any], after: dict[str, Any], *, differs: bool
) -> None:
    assert first_change._differs(before, after) is differs


def test_a_device_that_is_about_to_connect_gets_its_settings_by_itself(it: HomeBench) -> None:
    home(it).takes, home(it).connecting = (NEIGHBOUR,), NEIGHBOUR
    assert "failed" not in located(it, SERIAL)
