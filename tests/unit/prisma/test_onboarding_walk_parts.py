# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A way that fails, that waits, or that is taken in parts: what it tells, and that it comes to the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.onboarding import Onboarding, OnboardingSpec
from hypothesis import given
from hypothesis import strategies as st
from unit.prisma.walk_printer import PROXY, VIEWER, FakePrinter, declared, drain, whole

# --- failures, changes, warnings ---


@pytest.mark.parametrize("number", range(9))
def test_what_fails_ends_the_way_and_the_session(number: int, tmp_path: Path) -> None:
    (tmp_path / "p1.address").write_text("still needed")
    printer = FakePrinter(ors="broken", applications={"a": False}, proxy_differs=True, fails=number)
    wanted = declared(viewer=VIEWER, applications={"a": True}, proxy=PROXY, files=str(tmp_path))
    walk, result = whole(printer, wanted)
    assert len(printer.steps) == number + 1
    assert printer.calls[-1] == ("sign_out", {}, False)
    assert ("sign_out", VIEWER, False) in printer.calls
    assert walk.failure is not None
    assert list(walk.results.values())[-1] == walk.failure
    assert (result["outcome"], result["reason"]) == ("busy", f"{printer.steps[-1]} is busy")
    assert not walk.has_pressed
    assert (tmp_path / "p1.address").exists()


def test_a_walk_that_failed_before_it_began_takes_no_step_but_signs_out() -> None:
    printer = FakePrinter()
    walk = Onboarding(declared(), False, printer, failure={"failed": True, "outcome": "failed", "msg": "no variables"})
    assert drain(walk.press()) + drain(walk.claim()) + drain(walk.read_back()) == 0
    assert walk.conclude()["reason"] == "no variables"
    assert printer.tasks == ["sign_out"]


def test_what_failed_is_no_change_but_what_was_done_before_it_is() -> None:
    failing = FakePrinter(applications={"a": False}, fails=1)
    walk, _result = whole(failing, declared(applications={"a": True}))
    assert not walk.changed
    later = FakePrinter(applications={"a": False}, fails=2)
    walk, _result = whole(later, declared(applications={"a": True}))
    assert walk.changed


def test_diffs_say_of_which_printer_and_task_they_are() -> None:
    printer = FakePrinter(applications={"a": False}, proxy_differs=True)
    walk, _result = whole(printer, declared(applications={"a": True}, proxy=PROXY))
    heads = ["p1 (device_applications)", "p1 (device_proxy)", "p1 (printer_registration)", "p1 (printer_registration)"]
    assert [diff["before_header"] for diff in walk.diffs] == heads
    assert [diff["after_header"] for diff in walk.diffs] == heads
    assert walk.diffs[0]["before"] == "off"
    assert walk.diffs[0]["after"] == "on"
    assert not any("diff" in result or "warnings" in result for result in walk.results.values())


def test_each_warning_is_given_once() -> None:
    walk, _result = whole(FakePrinter(), declared())
    assert walk.warnings == ["device_info warns", "printer_registration warns", "home_device warns"]


# --- pauses, and walks that are carried on ---


def test_a_step_that_waits_is_taken_again_and_leaves_no_trace_before_it_is_done() -> None:
    wanted = declared(viewer=VIEWER, applications={"a": True}, proxy=PROXY)
    at_once = FakePrinter(ors="broken", applications={"a": False}, proxy_differs=True)
    waiting = replace(at_once, waits=2, calls=[])
    walk = Onboarding(wanted, False, waiting)
    pauses = [drain(walk.press()), drain(walk.claim()), drain(walk.read_back())]
    other, result = whole(at_once, wanted)
    assert walk.conclude() == result
    assert pauses == [2 * 6, 2 * 2, 2 * 1]
    assert waiting.calls == at_once.calls
    assert (walk.changed, walk.diffs, walk.warnings) == (other.changed, other.diffs, other.warnings)


def test_a_walk_does_nothing_before_it_is_asked_for_its_next_step() -> None:
    printer = FakePrinter(waits=1)
    walk = Onboarding(declared(), False, printer)
    stretch = walk.press()
    assert printer.calls == []
    next(stretch)
    assert (printer.calls, printer.waited) == ([], 1)
    next(stretch)
    assert printer.tasks == ["device_info"]


printers = st.builds(
    FakePrinter,
    state=st.sampled_from(["unregistered", "requested", "awaiting_claim", "registered", "failed"]),
    method=st.sampled_from(["link", "hand_over"]),
    service=st.sampled_from([None, "home", "site"]),
    ors=st.sampled_from([None, "ready", "broken"]),
    applications=st.dictionaries(st.sampled_from("ab"), st.booleans()),
    proxy_differs=st.booleans(),
    in_cloud=st.booleans(),
    address_comes_late=st.booleans(),
    connects_late=st.booleans(),
    fails=st.none() | st.integers(0, 9),
    waits=st.integers(0, 2),
)
wanteds = st.builds(
    declared,
    has_site=st.booleans(),
    keeps=st.booleans(),
    tags=st.sampled_from(["all", "register claim", "look proxy ors", "claim"]),
    skip=st.sampled_from(["", "look", "register", "claim"]),
    viewer=st.sampled_from([None, VIEWER]),
    applications=st.none() | st.dictionaries(st.sampled_from("abc"), st.booleans()),
    proxy=st.sampled_from([None, PROXY]),
    take_over=st.booleans(),
    retry_failed=st.booleans(),
    claim=st.booleans(),
)


@given(printers, wanteds, st.booleans())
def test_three_walks_that_are_carried_on_come_to_the_same_as_one(
    printer: FakePrinter, wanted: OnboardingSpec, checking: bool
) -> None:
    """As a playbook's tasks do, between which only results and failure are kept, and as text."""
    one, parted = replace(printer, calls=[]), replace(printer, calls=[])
    expected, outcome = whole(one, wanted, checking)

    walks: list[Onboarding] = []
    so_far: dict[str, Any] = {"results": {}, "failure": None}
    for name in ("press", "claim", "read_back"):
        walk = Onboarding(wanted, checking, parted, results=so_far["results"], failure=so_far["failure"])
        drain(getattr(walk, name)())
        walks.append(walk)
        so_far = json.loads(json.dumps({"results": walk.results, "failure": walk.failure}))

    assert walks[-1].conclude() == outcome
    assert parted.calls == one.calls
    assert walks[-1].results == expected.results
    assert walks[-1].failure == expected.failure
    assert any(walk.changed for walk in walks) is expected.changed
    assert [diff for walk in walks for diff in walk.diffs] == expected.diffs
    assert list(dict.fromkeys(line for walk in walks for line in walk.warnings)) == expected.warnings


@given(printers, wanteds, st.booleans())
def test_whatever_the_printer_the_rules_hold(printer: FakePrinter, wanted: OnboardingSpec, checking: bool) -> None:
    printer = replace(printer, calls=[])
    walk, result = whole(printer, wanted, checking)
    steps = printer.steps
    # The right printer is proven before anything is changed, and the last thing is always the sign-out.
    if printer.fails != 0:
        assert "device_info" in steps[:2]
    assert set(steps[: steps.index("device_info")] if "device_info" in steps else steps) <= {"ors_status"}
    assert printer.calls[-1] == ("sign_out", {}, False)
    # Nothing is registered again but by an explicit take-over of what the cloud does not have.
    for task, options, _looks in printer.calls:
        if options.get("register_again"):
            assert wanted.options["take_over"] and printer.state == "registered" and not printer.in_cloud
        assert not any(value is None for value in options.values())
        assert task not in ("home_device", "cloud_printer") or wanted.takes("claim") or wanted.takes("register")
    assert not {"home_device"} & set(steps) or not {"cloud_printer"} & set(steps)
    assert (walk.failure is not None) == (printer.fails is not None and printer.fails < len(steps))
    assert result["planned"] is checking
