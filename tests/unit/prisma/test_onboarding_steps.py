# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of one printer in bulk mode: their order, when each is left out, and the options that each gets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.onboarding import (
    STEPS,
    Onboarding,
    OnboardingPhase,
)
from unit.prisma.fake_printer import (
    ADDRESS_FILE,
    PROXY,
    QR_PATH,
    VIEWER,
    WAITING,
    FakePrinter,
    declared,
    drain,
    onboard,
)

ALL_NAMES = "viewer viewer_signed_out info applications proxy ors home_session claim_check pressed collected claim home"

# --- the order of the manual ---


def test_the_order_of_the_steps() -> None:
    """domain.md, "Registering a printer in PRISMA Home": switches, proxy, ORS again, [Register], address, claim."""
    printer = FakePrinter(ors="broken", applications={"dashboard": False}, proxy_differs=True)
    onboarding, result = onboard(printer, declared(viewer=VIEWER, applications={"dashboard": True}, proxy=PROXY))
    assert printer.modules == [
        "ors_status",
        "sign_out",  # the viewer's session: one more would be one too many for some controllers
        "device_info",
        "device_applications",
        "device_proxy",
        "ors_status",
        "home_device_info",  # the sign-in: without it, the address could not be claimed
        "home_device",  # in check mode: what would be refused later
        "printer_registration",
        "printer_registration",
        "home_device",
        "home_device",
        "sign_out",
    ]
    assert list(onboarding.results) == ALL_NAMES.split()
    assert result.outcome == "onboarded"
    assert onboarding.changed
    assert onboarding.failure is None


def test_phases_follow_each_other_in_the_table() -> None:
    """No step belongs to an earlier phase than the one before it."""
    order = [list(OnboardingPhase).index(step.phase) for step in STEPS]
    assert order == sorted(order)
    assert set(order) == set(range(len(OnboardingPhase)))


def test_a_printer_that_is_registered_and_as_declared_is_only_read() -> None:
    printer = FakePrinter(state="registered", in_cloud=True, applications={"dashboard": True})
    onboarding, result = onboard(printer, declared(applications={"dashboard": True}))
    assert printer.modules == ["device_info", "home_device", "sign_out"]
    assert printer.options("home_device")["printer_registered"]
    assert not onboarding.changed
    assert result.outcome == "already"


def test_a_person_completes_it_where_there_are_no_credentials() -> None:
    printer = FakePrinter()
    _onboarding, result = onboard(printer, declared(claim=False))
    assert printer.modules == ["device_info", "printer_registration", "printer_registration", "sign_out"]
    for number in (0, 1):
        given = printer.options("printer_registration", number)
        assert (given["address_file"], given["qr_path"]) == (ADDRESS_FILE, QR_PATH)
    assert result.outcome == "awaiting_claim"


# --- which steps are left out, and the options of the others ---


def test_the_viewer_s_account_is_used_for_its_own_steps_only() -> None:
    printer = FakePrinter()
    onboard(printer, declared(viewer=VIEWER))
    assert printer.calls[:2] == [("ors_status", VIEWER, False), ("sign_out", VIEWER, False)]
    assert printer.options("device_info") == {"clock_zone": "UTC"}
    assert printer.calls[-1] == ("sign_out", {}, False)


@pytest.mark.parametrize(
    ("has", "declares", "switched"),
    [
        ({"a": False}, {"a": True}, {"a": True}),
        ({"a": True}, {"a": False}, {"a": False}),
        ({"a": True, "b": False}, {"a": True, "b": True}, {"a": True, "b": True}),
        ({"a": True}, {"a": True}, None),
        ({"a": False}, {"at the tenant only": True}, None),
        ({"a": False}, {"a": True, "at the tenant only": True}, {"a": True}),
        ({}, {"a": True}, None),
        ({"a": True}, {}, None),
    ],
)
def test_applications_of_the_controller_are_switched_where_one_differs(
    has: dict[str, bool], declares: dict[str, bool], switched: dict[str, bool] | None
) -> None:
    printer = FakePrinter(applications=has)
    onboard(printer, declared(applications=declares))
    assert ("device_applications" in printer.modules) is (switched is not None)
    if switched is not None:
        assert printer.options("device_applications") == {"applications": switched}
    assert printer.options("home_device")["applications"] == declares  # all of them at the tenant
    assert printer.options("home_device", 1)["applications"] == declares


def test_a_proxy_is_given_as_the_module_names_it() -> None:
    printer = FakePrinter(proxy_differs=True)
    onboard(printer, declared(proxy=PROXY | {"password": "a-proxy-password", "exceptions": ["localhost"]}))
    assert printer.options("device_proxy") == {
        "state": "present",
        "proxy_host": "proxy.example.com",
        "proxy_port": 3128,
        "proxy_password": "a-proxy-password",
        "proxy_exceptions": ["localhost"],
        "update_password": "on_create",
    }


@pytest.mark.parametrize(
    ("printer", "given"),
    [
        (FakePrinter(ors="ready"), None),
        (FakePrinter(ors=None, proxy_differs=True), None),
        (FakePrinter(ors="broken"), {"ready": True, "wait": False, **WAITING}),
        (FakePrinter(ors="ready", proxy_differs=True), {"ready": True, "wait": True, **WAITING}),
        (FakePrinter(ors="broken", proxy_differs=True), {"ready": True, "wait": True, **WAITING}),
        (FakePrinter(ors="broken", proxy_differs=True, check_mode=True), None),
        (FakePrinter(ors="broken", check_mode=True), {"ready": True, "wait": False, **WAITING}),
        (FakePrinter(ors="broken", state="registered"), None),
    ],
)
def test_ors_is_demanded_before_register_and_waited_for_after_a_change_of_the_proxy(
    printer: FakePrinter, given: dict[str, Any] | None
) -> None:
    printer = replace(printer, calls=[])
    onboard(printer, declared(proxy=PROXY))
    assert [options for module, options, _mode in printer.calls if module == "ors_status"] == ([given] if given else [])
    if printer.state != "registered":
        assert printer.options("printer_registration")["assume_ors_ready"] is printer.proxy_differs


@pytest.mark.parametrize(
    ("selected", "names"),
    [
        (
            "look applications proxy ors register claim",
            ALL_NAMES,
        ),
        ("look", "viewer viewer_signed_out info"),
        ("applications", "info applications"),
        ("proxy", "info proxy"),
        ("ors", "info ors"),
        ("register", "info home_session claim_check pressed collected"),
        ("claim", "info claim home"),
        ("proxy claim", "info proxy claim home"),
        (
            "applications proxy ors register claim",
            "info applications proxy ors home_session claim_check pressed collected claim home",
        ),
        ("", "info"),
    ],
)
def test_tags_leave_steps_out_but_never_the_one_that_reads_the_printer(selected: str, names: str) -> None:
    printer = FakePrinter(ors="broken", applications={"a": False}, proxy_differs=True)
    spec = declared(viewer=VIEWER, applications={"a": True}, proxy=PROXY)
    onboarding, _result = onboard(printer, spec, selected.split().__contains__)
    assert list(onboarding.results) == names.split()
    assert printer.modules[-1] == "sign_out"
    assert printer.modules.count("sign_out") == (2 if "viewer" in names else 1)


def test_in_check_mode_nothing_is_collected_as_nothing_was_pressed() -> None:
    onboarding, result = onboard(FakePrinter(check_mode=True), declared())
    assert list(onboarding.results) == ["info", "home_session", "claim_check", "pressed", "claim", "home"]
    assert result.planned


def test_an_address_that_is_there_at_once_is_not_collected() -> None:
    onboarding, _result = onboard(FakePrinter(address_comes_late=False), declared())
    assert "collected" not in onboarding.results
    assert not onboarding.address_pending


def test_an_address_is_pending_from_register_until_it_is_collected() -> None:
    printer = FakePrinter(waits=1)
    onboarding = Onboarding(declared(), False, printer)
    pending = [onboarding.address_pending]
    drain(onboarding.run(OnboardingPhase.PREPARE))
    for _pause in onboarding.run(OnboardingPhase.REGISTER):  # before both checks, [Register], and the address
        pending.append(onboarding.address_pending)
    assert [*pending, onboarding.address_pending] == [False, False, False, False, True, False]


@pytest.mark.parametrize("retry", [True, False])
def test_register_is_pressed_without_waiting(retry: bool) -> None:
    printer = FakePrinter()
    onboard(printer, declared(retry_failed=retry))
    assert printer.options("printer_registration") == {
        "wait": False,
        "wait_timeout": 600,
        "retry_failed": retry,
        "register_again": False,
        "assume_ors_ready": False,
        "assume_application_on": False,
        "keep_address": True,
        "address_file": ADDRESS_FILE,
    }
    assert printer.options("printer_registration", 1) == {
        "press": False,
        **WAITING,
        "keep_address": True,
        "address_file": ADDRESS_FILE,
    }


def test_a_claim_is_read_back_with_its_own_options() -> None:
    printer = FakePrinter()
    onboard(printer, declared(applications={"a": True}, display_name="Front desk", take_over=True))
    files = {"address_file": ADDRESS_FILE, "qr_path": QR_PATH}
    assert printer.options("home_device") == {
        "serial": "SN1",
        "registration_method": "link",
        "display_name": "Front desk",
        "applications": {"a": True},
        "assign_licences_of": [],
        **files,
        "printer_registered": False,
        "take_over": True,
        "list_max_age": 60,
        "wait": False,
        **WAITING,
    }
    assert printer.options("home_device", 1) == {
        "serial": "SN1",
        "claimed": True,
        "applications": {"a": True},
        "assign_licences_of": [],
        **files,
        **WAITING,
    }


def test_what_is_declared_of_the_device_reaches_the_tenant() -> None:
    printer = FakePrinter()
    onboard(printer, declared(enabled=False, location=""))
    for number in (0, 1):
        given = printer.options("home_device", number)
        assert (given["enabled"], given["location"]) == (False, "")


@pytest.mark.parametrize("assigns", [["prismacolor-manager"], [], None])
def test_a_licence_is_used_up_only_by_a_printer_that_one_was_set_aside_for(
    assigns: list[str] | None,
) -> None:
    printer = FakePrinter()
    onboarding = Onboarding(declared(applications={"prismacolor-manager": True}), False, printer)
    onboarding.note_licences({} if assigns is None else {"assigns": assigns, "subscriptions": []})
    for phase in OnboardingPhase:
        drain(onboarding.run(phase))
    for number in (0, 1):
        assert printer.options("home_device", number)["assign_licences_of"] == (assigns or [])


def test_in_a_wave_that_was_refused_no_step_runs() -> None:
    printer = FakePrinter()
    onboarding = Onboarding(declared(), False, printer)
    onboarding.note_licences({"failed": True, "outcome": "not_tried", "reason": "too few licences", "advice": "Ask."})
    for phase in OnboardingPhase:
        drain(onboarding.run(phase))
    result = onboarding.conclude()
    assert printer.steps == []
    assert (result.outcome, result.reason, result.advice) == ("not_tried", "too few licences", "Ask.")


@pytest.mark.parametrize(("service", "module"), [(None, "home_device_info"), ("site", "cloud_site_info")])
def test_a_printer_is_not_registered_if_nobody_could_claim_it(service: str | None, module: str) -> None:
    printer = FakePrinter(service=service, fails=1)
    onboarding, result = onboard(printer, declared(has_site=True, fleet_size=400, at_once=50))
    assert printer.modules == ["device_info", module, "sign_out"]
    assert printer.options(module) == {
        "sign_in_only": True,
        "fleet_size": 400,
        "at_once": 50,
        "wait_timeout": 600,
        "position": 0,
    }
    assert (result.outcome, result.pressed) == ("busy", False)
    assert not onboarding.changed


def test_what_the_tenant_would_refuse_later_is_refused_before_register() -> None:
    """The same decision as that of the claim, in check mode: its options are those of the claim."""
    printer = FakePrinter(fails=2)
    spec = declared(applications={"a": True}, display_name="Front desk", enabled=True, location="Hall 3")
    onboarding, result = onboard(printer, spec)
    assert printer.modules == ["device_info", "home_device_info", "home_device", "sign_out"]
    checked = printer.options("home_device", check_mode=True)
    assert (result.outcome, result.pressed, result.changes, onboarding.changed) == ("busy", False, [], False)
    assert onboarding.diffs == []
    claiming = FakePrinter()
    onboard(claiming, spec)
    claim = claiming.options("home_device")
    assert checked.pop("address_pending") is True
    assert checked.items() <= claim.items()
    of_registration = {"address_file", "qr_path", "printer_registered", "take_over", "wait", "wait_timeout"}
    assert set(claim) - set(checked) == {*of_registration, "wait_sleep"}


def test_what_is_only_planned_ahead_is_no_change_of_its_own() -> None:
    _onboarding, result = onboard(FakePrinter(), declared())
    assert set(result.changes) == {"registration: unregistered -> awaiting_claim"}


@pytest.mark.parametrize(
    ("service", "ends"), [(None, "2026-11-26T22:00:00Z"), ("site", "2026-11-26T22:00:00Z"), (None, None)]
)
def test_register_knows_when_the_session_ends_that_is_to_claim(service: str | None, ends: str | None) -> None:
    printer = FakePrinter(service=service, session_ends=ends)
    onboard(printer, declared(has_site=True))
    assert printer.options("printer_registration").get("claim_before") == ends
