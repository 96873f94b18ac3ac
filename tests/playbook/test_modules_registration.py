# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module printer_registration as real runs: when it presses, what it hands over, and how it is undone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from support.fleet import Fleet, FleetMaker, address_in
from support.qr import read_png, read_svg

WAIT = {"wait_timeout": 60, "wait_sleep": 0.2}


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(
        [
            {"name": "fresh"},
            {"name": "french", "language": "fr"},
            {"name": "files"},
            {"name": "returned"},
            {"name": "slow", "trouble": "register_slow"},
            {"name": "steps", "language": "fr"},
            {"name": "error", "trouble": "register_error", "language": "fr"},
            {"name": "down", "trouble": "ors_down"},
            {"name": "mode-off", "trouble": "ors_mode_off"},
            {"name": "done", "trouble": "already"},
            {"name": "undo", "trouble": "already", "language": "fr"},
        ],
        settings={"register_slow_delay": 600},
    )


def address_of(fleet: Fleet, name: str) -> str:
    """Return the registration address that waits at a printer."""
    address: str = fleet.state(name)["address"]
    assert address.startswith("https://")
    return address


@pytest.mark.parametrize("name", ["fresh", pytest.param("french", marks=pytest.mark.slow)])
def test_check_mode_tells_what_the_run_then_does_once(fleet: Fleet, name: str) -> None:
    task = {"printer_registration": WAIT}
    watch = fleet.watch()
    (planned,) = fleet.tasks(name, task, check=True)
    assert planned["changed"]
    assert not planned["pressed"]
    assert planned["registration"]["state"] == "unregistered"
    assert watch.writes() == {}

    done, again = fleet.tasks(name, task, task)
    assert done["diff"] == planned["diff"]
    assert done["diff"]["before"] == {"registration": "unregistered"}
    assert done["diff"]["after"] == {"registration": "awaiting_claim"}
    assert done["pressed"]
    assert not again["changed"]
    assert not again["pressed"]
    assert again["registration"] == done["registration"]
    assert watch.count("register_pressed", name) == 1
    assert address_of(fleet, name) not in str([planned, done, again])


def test_asking_first_and_collecting_afterwards_presses_once(fleet: Fleet) -> None:
    watch = fleet.watch()
    asked, collected = fleet.tasks("steps", {"printer_registration": {"wait": False}}, {"printer_registration": WAIT})
    assert asked["pressed"]
    assert asked["registration"]["state"] in ("requested", "awaiting_claim")
    assert collected["registration"]["state"] == "awaiting_claim"
    assert not collected["changed"]
    assert watch.count("register_pressed", "steps") == 1


@pytest.mark.slow
def test_an_address_that_does_not_come_in_time_is_a_timeout_and_found_later(fleet: Fleet) -> None:
    watch = fleet.watch()
    late, later = fleet.tasks(
        "slow",
        {"printer_registration": {"wait_timeout": 1, "wait_sleep": 0.2}},
        {"printer_registration": {"wait_timeout": 1, "wait_sleep": 0.2}},
    )
    assert late["outcome"] == later["outcome"] == "timeout"
    assert "within 1 s" in late["msg"]
    assert late["changed"]
    assert late["pressed"]
    assert not later["changed"]
    fleet.control("POST", "clock", {"advance": 601})
    (found,) = fleet.tasks("slow", {"printer_registration": WAIT})
    assert found["registration"]["state"] == "awaiting_claim"
    assert watch.count("register_pressed", "slow") == 1


@pytest.mark.needs_program("libzbar")
@pytest.mark.parametrize("ending", ["svg", pytest.param("png", marks=pytest.mark.slow)])
def test_address_and_qr_code_are_files_for_their_owner(fleet: Fleet, tmp_path: Path, ending: str) -> None:
    address_file, qr_path = tmp_path / "folder" / "files.address", tmp_path / "folder" / f"files.{ending}"
    options = {**WAIT, "address_file": str(address_file), "qr_path": str(qr_path)}
    planned, done, again = fleet.tasks(
        "files",
        {"printer_registration": options, "check_mode": True},
        {"printer_registration": options},
        {"printer_registration": options},
    )
    assert "address_file" not in planned["registration"]
    assert done["registration"]["address_file"] == str(address_file)
    assert done["registration"]["qr_path"] == str(qr_path)
    assert again["registration"] == done["registration"]
    address = address_of(fleet, "files")
    assert address_in(address_file) == address
    assert {"svg": read_svg, "png": read_png}[ending](qr_path) == address
    assert {stat.S_IMODE(path.stat().st_mode) for path in (address_file, qr_path)} == {0o600}
    assert stat.S_IMODE(address_file.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in address_file.parent.iterdir()) == ["files.address", f"files.{ending}"]
    assert address not in str([planned, done, again])


def test_the_address_is_returned_only_where_that_is_asked_for(fleet: Fleet) -> None:
    kept, returned = fleet.tasks(
        "returned", {"printer_registration": WAIT}, {"printer_registration": {**WAIT, "return_address": True}}
    )
    address = address_of(fleet, "returned")
    assert address not in str(kept)
    assert returned["registration"]["address"] == address
    assert returned["registration"]["address_fingerprint"] == kept["registration"]["address_fingerprint"]


def test_files_of_an_address_that_is_spent_are_removed(fleet: Fleet, tmp_path: Path) -> None:
    files = {"address_file": str(tmp_path / "done.address"), "qr_path": str(tmp_path / "done.svg")}
    for path in files.values():
        Path(path).write_text("old", encoding="utf-8")
    planned, done = fleet.tasks(
        "done",
        {"printer_registration": {**WAIT, **files}, "check_mode": True},
        {"printer_registration": {**WAIT, **files}},
    )
    assert planned["registration"]["state"] == done["registration"]["state"] == "registered"
    assert not done["changed"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_an_error_is_kept_with_its_text_and_pressed_again_only_on_demand(fleet: Fleet) -> None:
    watch = fleet.watch()
    failed, kept = fleet.tasks("error", {"printer_registration": WAIT}, {"printer_registration": WAIT})
    for result in (failed, kept):
        assert result["outcome"] == "failed"
        assert "Erreur lors de l'enregistrement" in result["reason"]
        assert result["details"]["registration"]["state"] == "failed"
        assert "service technician" in result["advice"]
    assert failed["changed"]
    assert not kept["changed"]
    assert watch.count("register_pressed", "error") == 1
    fleet.change("error", trouble="none")
    planned, mended, again = fleet.tasks(
        "error",
        {"printer_registration": {**WAIT, "retry_failed": True}, "check_mode": True},
        {"printer_registration": {**WAIT, "retry_failed": True}},
        {"printer_registration": {**WAIT, "retry_failed": True}},
    )
    assert not planned["failed"], planned
    assert planned["diff"] == mended["diff"]
    assert mended["diff"]["before"] == {"registration": "failed"}
    assert mended["registration"]["state"] == "awaiting_claim"
    assert not again["changed"]
    assert watch.count("register_pressed", "error") == 2


@pytest.mark.parametrize("name", ["down", pytest.param("mode-off", marks=pytest.mark.slow)])
def test_register_is_not_pressed_while_ors_is_not_ready(fleet: Fleet, name: str) -> None:
    watch = fleet.watch()
    for check in (True, False):
        (result,) = fleet.tasks(name, {"printer_registration": WAIT}, check=check)
        assert result["outcome"] == "ors_not_ready"
        assert not result["changed"]
    assert watch.writes() == {}
    assert watch.changes() == []


def test_unregistering_is_told_in_check_mode_and_done_once(fleet: Fleet) -> None:
    task = {"printer_registration": {"state": "absent", "confirm_data_loss": True}}
    watch = fleet.watch()
    (planned,) = fleet.tasks("undo", task, check=True)
    assert watch.writes() == {}
    done, again = fleet.tasks("undo", task, task)
    assert done["diff"] == planned["diff"]
    assert done["diff"]["before"] == {"registration": "registered"}
    assert done["diff"]["after"] == {"registration": "unregistered"}
    assert not again["changed"]
    assert watch.count("unregister", "undo") == 1


def test_a_registered_printer_is_pressed_again_only_on_demand(fleet: Fleet) -> None:
    watch = fleet.watch()
    left_alone, pressed = fleet.tasks(
        "done", {"printer_registration": WAIT}, {"printer_registration": {**WAIT, "register_again": True}}
    )
    assert not left_alone["changed"]
    assert pressed["pressed"]
    assert pressed["registration"]["state"] == "awaiting_claim"
    assert watch.count("register_pressed", "done") == 1


IMPOSSIBLE: list[tuple[dict[str, object], str]] = [
    ({"qr_path": "code.gif"}, ".svg or .png"),
    ({"qr_path": "/etc/passwd/code.svg"}, "nothing can be written"),
    ({"address_file": "/"}, "is a folder"),
    ({"state": "gone"}, "state is 'gone', but must be one of"),
    ({"state": "absent"}, "confirm_data_loss: true"),
    ({"wait_timeout": 0}, "wait_timeout (onboard_wait_timeout) is 0"),
    ({"wait_sleep": -1}, "wait_sleep (onboard_wait_sleep) is -1"),
]


def test_options_that_cannot_be_are_told_before_anything_is_sent(fleet: Fleet) -> None:
    watch = fleet.watch()
    results = fleet.tasks("fresh", *({"printer_registration": options} for options, _said in IMPOSSIBLE))
    for result, (options, said) in zip(results, IMPOSSIBLE, strict=True):
        assert result["failed"], options
        assert said in result["msg"], options
    assert watch.requests() == 0
