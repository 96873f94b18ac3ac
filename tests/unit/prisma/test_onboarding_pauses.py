# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workflow that fails, or that has to wait: what it keeps of it; and the rules that hold for every printer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.situation import OnboardingSpec
from ansible_collections.printops.prisma.plugins.module_utils._prisma.onboarding import Onboarding, OnboardingPhase
from hypothesis import given
from hypothesis import strategies as st
from unit.prisma.fake_printer import PROXY, VIEWER, FakePrinter, declared, drain, onboard

# --- failures, changes, warnings ---


@pytest.mark.parametrize("number", range(9))
def test_a_failure_ends_the_workflow_and_the_session(number: int) -> None:
    printer = FakePrinter(ors="broken", applications={"a": False}, proxy_differs=True, fails=number)
    onboarding, result = onboard(printer, declared(viewer=VIEWER, applications={"a": True}, proxy=PROXY))
    assert len(printer.steps) == number + 1
    assert printer.calls[-1] == ("sign_out", {}, False)
    assert ("sign_out", VIEWER, False) in printer.calls or number == 0  # at the end every account is signed out
    assert onboarding.failure is not None
    assert list(onboarding.results.values())[-1] == onboarding.failure
    assert (result.outcome, result.reason) == ("busy", f"{printer.steps[-1]} is busy")
    assert not onboarding.address_pending


def test_a_workflow_that_failed_before_it_began_runs_no_step_but_signs_out() -> None:
    printer = FakePrinter()
    failure = {"failed": True, "outcome": "failed", "msg": "no variables"}
    onboarding = Onboarding(declared(), False, printer, failure=failure)
    assert sum(drain(onboarding.run(phase)) for phase in OnboardingPhase) == 0
    assert onboarding.conclude().reason == "no variables"
    assert printer.modules == ["sign_out"]


def test_a_step_that_failed_is_no_change_but_what_was_done_before_it_is() -> None:
    failing = FakePrinter(applications={"a": False}, fails=1)
    onboarding, _result = onboard(failing, declared(applications={"a": True}))
    assert not onboarding.changed
    later = FakePrinter(applications={"a": False}, fails=2)
    onboarding, _result = onboard(later, declared(applications={"a": True}))
    assert onboarding.changed


def test_the_heading_of_a_diff_names_printer_and_module() -> None:
    printer = FakePrinter(applications={"a": False}, proxy_differs=True)
    onboarding, _result = onboard(printer, declared(applications={"a": True}, proxy=PROXY))
    heads = ["p1 (device_applications)", "p1 (device_proxy)", "p1 (printer_registration)", "p1 (printer_registration)"]
    assert [diff["before_header"] for diff in onboarding.diffs] == heads
    assert [diff["after_header"] for diff in onboarding.diffs] == heads
    assert onboarding.diffs[0]["before"] == "off"
    assert onboarding.diffs[0]["after"] == "on"
    assert not any("diff" in result or "warnings" in result for result in onboarding.results.values())


def test_each_warning_is_given_once() -> None:
    onboarding, _result = onboard(FakePrinter(), declared())
    modules = ("device_info", "home_device_info", "printer_registration", "home_device")
    assert onboarding.warnings == [f"{module} warns" for module in modules]


# --- pauses ---


def test_a_step_that_waits_is_run_again_and_leaves_no_trace_before_it_is_done() -> None:
    spec = declared(viewer=VIEWER, applications={"a": True}, proxy=PROXY)
    at_once = FakePrinter(ors="broken", applications={"a": False}, proxy_differs=True)
    waiting = replace(at_once, waits=2, calls=[])
    onboarding = Onboarding(spec, False, waiting)
    pauses = [drain(onboarding.run(phase)) for phase in OnboardingPhase]
    other, result = onboard(at_once, spec)
    assert onboarding.conclude() == result
    assert pauses == [2 * 5, 2 * 3, 2 * 2]
    assert waiting.calls == at_once.calls
    assert (onboarding.changed, onboarding.diffs, onboarding.warnings) == (other.changed, other.diffs, other.warnings)


def test_nothing_runs_before_a_phase_is_resumed() -> None:
    printer = FakePrinter(waits=1)
    onboarding = Onboarding(declared(), False, printer)
    phase = onboarding.run(OnboardingPhase.PREPARE)
    assert printer.calls == []
    next(phase)
    assert (printer.calls, printer.waited) == ([], 1)
    assert drain(phase) == 0
    assert printer.modules == ["device_info"]


# --- the rules that hold for every printer ---

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
    check_mode=st.booleans(),
    fails=st.none() | st.integers(0, 9),
    waits=st.integers(0, 2),
)
specs = st.builds(
    declared,
    has_site=st.booleans(),
    viewer=st.sampled_from([None, VIEWER]),
    applications=st.dictionaries(st.sampled_from("abc"), st.booleans()),
    proxy=st.sampled_from([None, PROXY]),
    take_over=st.booleans(),
    retry_failed=st.booleans(),
    claim=st.booleans(),
)
tags = st.sets(st.sampled_from(["look", "applications", "proxy", "ors", "register", "claim"]))


@given(printers, specs, tags)
def test_whatever_the_printer_the_rules_hold(printer: FakePrinter, spec: OnboardingSpec, selected: set[str]) -> None:
    printer = replace(printer, calls=[])
    onboarding, result = onboard(printer, spec, selected.__contains__)
    steps = printer.steps
    # The right printer is proven before anything is changed, and the last thing is always the sign-out.
    if printer.fails != 0:
        assert "device_info" in steps[:2]
    assert set(steps[: steps.index("device_info")] if "device_info" in steps else steps) <= {"ors_status"}
    assert printer.calls[-1] == ("sign_out", {}, False)
    # Nothing is registered again but by an explicit take-over of what the cloud does not have.
    for module, options, check_mode in printer.calls:
        if options.get("register_again"):
            assert spec.take_over
            assert printer.state == "registered"
            assert not printer.in_cloud
        assert not any(value is None for value in options.values())
        assert module not in ("home_device", "cloud_printer") or "claim" in selected or check_mode
        assert not check_mode or module == "cloud_printer"
    assert not {"home_device"} & set(steps) or not {"cloud_printer"} & set(steps)
    assert (onboarding.failure is not None) == (printer.fails is not None and printer.fails < len(steps))
    assert result.planned is printer.check_mode
    # Pauses change nothing but the time that it takes.
    without, same = onboard(replace(printer, calls=[], waits=0), spec, selected.__contains__)
    assert (same, without.results) == (result, onboarding.results)
