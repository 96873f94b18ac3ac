# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes that were done although their answer was lost, and one that never arrived: settled by reading back."""

from __future__ import annotations

import pytest
from support.fleet import Fleet, FleetMaker

pytestmark = pytest.mark.slow

PRINTERS = ("register", "proxy", "claim", "never")


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    behind = {"network": "proxy_required", "proxy": "wrong"}
    return make_fleet([{"name": name, **(behind if name == "proxy" else {})} for name in PRINTERS])


@pytest.mark.parametrize(
    ("printer", "target", "sent", "what"),
    [
        ("register", "register", ("POST", r"^register\.cgi$"), "register_pressed"),
        ("proxy", "proxy", ("POST", r"^connectivity\.cgi$"), "proxy_changed"),
        ("claim", "home", ("GET", "^register/"), "claim"),
    ],
    ids=["register", "proxy", "claim"],
)
def test_a_write_whose_answer_is_lost_is_done_once(
    fleet: Fleet, printer: str, target: str, sent: tuple[str, str], what: str
) -> None:
    """Given a connection that breaks after the write was done, then the printer is onboarded, and it is done once."""
    inventory = fleet.inventory(printer)
    watch = fleet.watch()
    method, path = sent
    fleet.fault("drop_after", target=target, method=method, path=path)
    run = fleet.onboard(inventory)
    assert [fault["happened"] for fault in fleet.control("GET", "faults")] == [1]
    fleet.control("DELETE", "faults")
    assert (run.returncode, run.outcomes) == (0, {printer: "onboarded"}), run.output
    assert watch.count(what, None if what == "claim" else printer) == 1
    assert watch.count("register_pressed", printer) == 1
    again = fleet.onboard(inventory)
    assert (again.returncode, again.outcomes, again.changed) == (0, {printer: "already"}, 0), again.output
    assert watch.count("register_pressed", printer) == 1
    assert fleet.simulation.open_sessions() == {}


def test_a_press_that_never_arrived_is_left_to_the_next_run(fleet: Fleet) -> None:
    """Given a connection that breaks before [Register] arrives, then it is not pressed again until the next run."""
    inventory = fleet.inventory("never")
    watch = fleet.watch()
    fleet.fault("drop", target="never", method="POST", path=r"^register\.cgi$", times=0)
    run = fleet.onboard(inventory)
    assert [fault["happened"] for fault in fleet.control("GET", "faults")] == [1]
    fleet.control("DELETE", "faults")
    assert run.returncode != 0
    assert run.outcomes == {"never": "unreachable"}
    assert watch.count("register_pressed", "never") == 0
    again = fleet.onboard(inventory)
    assert (again.returncode, again.outcomes) == (0, {"never": "onboarded"}), again.output
    assert watch.count("register_pressed", "never") == 1
    assert fleet.simulation.open_sessions() == {}
