# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ends a task before it writes: accounts and sessions of a Settings Editor, and a hand-over without a name."""

from __future__ import annotations

from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker, Watch

HOSTS = ("locked", "forced", "full", "refused", "nameless")
TASKS: tuple[dict[str, Any], ...] = (
    {"device_applications": {"applications": {"prismalytics-dashboard": True}}},
    {"printer_registration": {}},
)
NAMELESS: tuple[dict[str, Any], ...] = ({}, {"display_name": " "})


Results = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    troubles = {"locked": "locked", "forced": "password_change", "refused": "auth_failed"}
    return make_fleet(
        [{"name": name, "kind": "prismasync", "trouble": troubles.get(name, "none")} for name in HOSTS],
    )


@pytest.fixture(scope="module")
def seen(fleet: Fleet) -> tuple[Results, Watch]:
    """One run for all of them: on each printer the applications and the registration, which both are to be refused."""
    serial = fleet.simulation.printer("nameless")["serial"]
    asked = dict.fromkeys(HOSTS, TASKS)
    asked["nameless"] = tuple(
        {"home_device": {"serial": serial, "registration_method": "hand_over", **named}} for named in NAMELESS
    )
    fleet.fault("session_limit", target="full", method="POST", path="^api/session$")
    watch = fleet.watch()
    return fleet.on_each(asked), watch


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("locked", "locked"), ("forced", "password_change"), ("full", "busy"), ("refused", "auth_failed")],
)
def test_each_refusal_is_an_outcome_of_its_own_with_advice(
    seen: tuple[Results, Watch], name: str, outcome: str
) -> None:
    results, watch = seen[0][name], seen[1]
    assert [(result["outcome"], result["changed"]) for result in results] == [(outcome, False)] * 2
    assert all(result["advice"] for result in results)
    assert watch.changes(name) == []


def test_nothing_is_written_anywhere(seen: tuple[Results, Watch]) -> None:
    assert seen[1].writes() == {}


@pytest.mark.parametrize("name", ["locked", "refused"])
def test_a_password_that_was_refused_is_not_tried_again(seen: tuple[Results, Watch], name: str) -> None:
    """domain.md, "Accounts, sessions, locks on the controller": one attempt, never a retry."""
    assert seen[1].audit(name) == [(name, "sign_in_refused")]


def test_a_session_that_may_only_change_its_password_is_left(fleet: Fleet, seen: tuple[Results, Watch]) -> None:
    """Given a sign-in that ended in the forced change, then it takes no place among the printer's sessions."""
    assert "password_changed" not in dict(seen[1].audit("forced")).values()
    assert "forced" not in fleet.simulation.open_sessions()["printers"]


def test_a_hand_over_without_a_name_is_told_before_any_request(fleet: Fleet, seen: tuple[Results, Watch]) -> None:
    for result in seen[0]["nameless"]:
        assert result["failed"]
        assert "display_name is empty" in result["msg"]
        assert "onboard_display_name" in result["msg"]
    hosts = {row["host"] for row in fleet.simulation.counters()["requests"]}
    assert hosts & {"nameless", "home"} == set()
