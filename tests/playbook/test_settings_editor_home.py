# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hand-over completed in the tenant: begun and collected by two tasks of one play, and one that nobody waits for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker, address_in

WAIT = {"wait_timeout": 60, "wait_sleep": 0.2}
ON = {"device_applications": {"applications": {"prismalytics-dashboard": True}}}


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"name": name, "kind": "prismasync"} for name in ("later", "spent", "mine", "theirs")])


def added(fleet: Fleet, name: str, file: Path, **more: Any) -> dict[str, Any]:
    """Return a task that completes the hand-over whose address is in the file."""
    serial = fleet.simulation.printer(name)["serial"]
    options = {"serial": serial, "registration_method": "hand_over", "display_name": f"The {name}", **WAIT}
    return {"home_device": {**options, "address_file": str(file), **more}}


def test_one_task_adds_it_and_a_later_one_of_the_play_waits(fleet: Fleet, tmp_path: Path) -> None:
    """Given wait false, then the printer is added and pending; with claimed a task waits and adds nothing anew."""
    file, code = tmp_path / "address", tmp_path / "code.svg"
    code.write_text("<svg/>", encoding="utf-8")  # which an earlier run made for a person
    begin, collect = added(fleet, "later", file, wait=False), added(fleet, "later", file, claimed=True)
    plain = added(fleet, "later", file, qr_path=str(code))
    watch = fleet.watch()
    pressed = {"printer_registration": {"address_file": str(file)}}
    results = fleet.tasks("later", ON, pressed, begin, collect, {**plain, "check_mode": True}, plain)
    assert [result["failed"] for result in results] == [False] * 6, results
    _on, waits, pending, collected, planned, again = results
    assert waits["registration"]["state"] == "awaiting_claim"
    assert (pending["changed"], pending["claimed"], pending["pending"]) == (True, True, True)
    assert pending.get("device") is None
    assert (collected["changed"], collected["claimed"], "pending" in collected) == (False, False, False)
    assert (collected["device"]["status"], collected["device"]["name"]) == ("connected", "The later")
    assert (planned["changed"], "address_spent" in planned) == (False, False)
    assert (again["changed"], again["claimed"], again["address_spent"]) == (False, False, True)
    assert not list(tmp_path.iterdir()), "nobody needs address and QR code any more"
    assert (watch.count("register_pressed"), watch.count("claim")) == (1, 1)
    assert fleet.state("later")["registration_state"] == "registered"


def test_a_spent_address_is_thrown_away_and_the_button_pressed_anew(fleet: Fleet, tmp_path: Path) -> None:
    """Given an address that was used or replaced, then its file goes, and the advice is to run again, which helps."""
    file = tmp_path / "address"
    registration = {"printer_registration": {"address_file": str(file)}}
    spent = f"{fleet.simulation.ready['home']['url']}/hand-over/used-up-long-ago"
    serial = fleet.simulation.printer("spent")["serial"]
    file.write_text(f"{spent}\nserial: {serial}\n", encoding="utf-8")
    watch = fleet.watch()
    adding = added(fleet, "spent", file)
    _on, waits, refused, pressed, done = fleet.tasks("spent", ON, registration, adding, registration, adding)
    assert (waits["changed"], waits["registration"]["state"]) == (False, "awaiting_claim")
    assert (refused["failed"], refused["changed"], refused["outcome"]) == (True, False, "failed")
    assert refused["advice"] == "Run again: the printer is then asked for a new address."
    assert spent not in str([waits, refused])
    assert (pressed["changed"], pressed["pressed"]) == (True, True)
    assert (done["claimed"], done["device"]["status"]) == (True, "connected")
    assert not file.exists()
    assert (watch.count("register_pressed"), watch.count("claim")) == (1, 1)


def test_the_address_of_another_printer_adds_no_printer(fleet: Fleet, tmp_path: Path) -> None:
    """Given a file that does not say of which printer it is, then the page that it leads to does, before [Add]."""
    file = tmp_path / "address"
    _on, waits = fleet.tasks("theirs", ON, {"printer_registration": {"address_file": str(file)}})
    assert waits["pressed"], waits
    address = address_in(file)
    file.write_text(f"{address}\n", encoding="utf-8")
    watch = fleet.watch()
    (refused,) = fleet.tasks("mine", added(fleet, "mine", file))
    assert (refused["failed"], refused["outcome"], refused["changed"]) == (True, "wrong_device", False), refused
    assert refused["advice"] == "Nothing was changed. Check which printer the address came from."
    assert watch.count("claim") == 0
    assert file.exists()
    assert (fleet.state("mine")["registration_state"], fleet.state("theirs")["registration_state"]) == (
        "unregistered",
        "awaiting",
    )
