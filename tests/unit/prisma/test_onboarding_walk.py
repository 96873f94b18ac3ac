# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One printer's way through the steps: their order, which are left out when, and what they are told to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.onboarding import Onboarding
from unit.prisma.walk_printer import PROXY, VIEWER, WAITING, FakePrinter, declared, drain, whole

# --- the order of the manual ---


def test_the_order_of_the_steps() -> None:
    """domain.md, "Registering a printer in PRISMA Home": switches, proxy, ORS again, [Register], address, claim."""
    printer = FakePrinter(ors="broken", applications={"dashboard": False}, proxy_differs=True)
    walk, result = whole(printer, declared(viewer=VIEWER, applications={"dashboard": True}, proxy=PROXY))
    assert printer.tasks == [
        "ors_status",
        "sign_out",  # the viewer's session: one more would be one too many for some controllers
        "device_info",
        "device_applications",
        "device_proxy",
        "ors_status",
        "printer_registration",
        "printer_registration",
        "home_device",
        "home_device",
        "sign_out",
    ]
    names = ["viewer", "info", "applications", "proxy", "ors", "asked", "collected", "claim", "home"]
    assert list(walk.results) == names
    assert result["outcome"] == "onboarded"
    assert walk.changed
    assert walk.failure is None


def test_a_printer_that_is_registered_and_as_declared_is_only_looked_at() -> None:
    printer = FakePrinter(state="registered", in_cloud=True, applications={"dashboard": True})
    walk, result = whole(printer, declared(applications={"dashboard": True}))
    assert printer.tasks == ["device_info", "printer_registration", "home_device", "sign_out"]
    assert printer.given("home_device")["printer_registered"]
    assert not walk.changed
    assert result["outcome"] == "already"


def test_a_person_completes_it_where_there_are_no_credentials(tmp_path: Path) -> None:
    printer = FakePrinter()
    _walk, result = whole(printer, declared(claim=False, files=str(tmp_path)))
    assert printer.tasks == ["device_info", "printer_registration", "printer_registration", "sign_out"]
    for number in (0, 1):
        given = printer.given("printer_registration", number)
        assert given["address_file"] == f"{tmp_path}/p1.address"
        assert given["qr_path"] == f"{tmp_path}/p1.svg"
    assert result["outcome"] == "awaiting_claim"


# --- which steps are left out, and what the others are told ---


def test_a_viewer_s_look_is_made_with_its_account_only() -> None:
    printer = FakePrinter()
    whole(printer, declared(viewer=VIEWER))
    assert printer.calls[:2] == [("ors_status", VIEWER, False), ("sign_out", VIEWER, False)]
    assert printer.given("device_info") == {"clock_zone": "UTC"}
    assert printer.calls[-1] == ("sign_out", {}, False)


@pytest.mark.parametrize(
    ("has", "wants", "switched"),
    [
        ({"a": False}, {"a": True}, {"a": True}),
        ({"a": True}, {"a": False}, {"a": False}),
        ({"a": True, "b": False}, {"a": True, "b": True}, {"a": True, "b": True}),
        ({"a": True}, {"a": True}, None),
        ({"a": False}, {"at the tenant only": True}, None),
        ({"a": False}, {"a": True, "at the tenant only": True}, {"a": True}),
        ({}, {"a": True}, None),
        ({"a": True}, {}, None),
        ({"a": True}, None, None),
    ],
)
def test_applications_of_the_controller_are_switched_where_one_differs(
    has: dict[str, bool], wants: dict[str, bool] | None, switched: dict[str, bool] | None
) -> None:
    printer = FakePrinter(applications=has)
    whole(printer, declared(applications=wants))
    assert ("device_applications" in printer.tasks) is (switched is not None)
    if switched is not None:
        assert printer.given("device_applications") == {"applications": switched}
    assert printer.given("home_device").get("applications") == wants  # all of them at the tenant


def test_a_proxy_is_given_as_the_module_names_it() -> None:
    printer = FakePrinter(proxy_differs=True)
    whole(printer, declared(proxy=PROXY | {"password": "a-proxy-password", "exceptions": ["localhost"]}))
    assert printer.given("device_proxy") == {
        "state": "present",
        "proxy_host": "proxy.example.com",
        "proxy_port": 3128,
        "proxy_password": "a-proxy-password",
        "proxy_exceptions": ["localhost"],
        "update_password": "on_create",
    }


@pytest.mark.parametrize(
    ("printer", "checking", "told"),
    [
        (FakePrinter(ors="ready"), False, None),
        (FakePrinter(ors=None, proxy_differs=True), False, None),
        (FakePrinter(ors="broken"), False, {"ready": True, "wait": False, **WAITING}),
        (FakePrinter(ors="ready", proxy_differs=True), False, {"ready": True, "wait": True, **WAITING}),
        (FakePrinter(ors="broken", proxy_differs=True), False, {"ready": True, "wait": True, **WAITING}),
        (FakePrinter(ors="broken", proxy_differs=True), True, None),
        (FakePrinter(ors="broken"), True, {"ready": True, "wait": False, **WAITING}),
        (FakePrinter(ors="broken", state="registered"), False, None),
    ],
)
def test_ors_is_made_sure_of_before_register_and_waited_for_after_a_change_of_the_proxy(
    printer: FakePrinter, checking: bool, told: dict[str, Any] | None
) -> None:
    printer = replace(printer, calls=[])
    whole(printer, declared(proxy=PROXY), checking)
    assert [options for task, options, _looks in printer.calls if task == "ors_status"] == ([told] if told else [])
    assert printer.given("printer_registration")["assume_ors_ready"] is printer.proxy_differs


@pytest.mark.parametrize(
    ("tags", "skip", "taken"),
    [
        ("all", "", "viewer info applications proxy ors asked collected claim home"),
        ("tagged", "", "viewer info applications proxy ors asked collected claim home"),
        ("look", "", "viewer info"),
        ("applications", "", "info applications"),
        ("proxy", "", "info proxy"),
        ("ors", "", "info ors"),
        ("register", "", "info asked collected"),
        ("claim", "", "info claim home"),
        ("proxy claim", "", "info proxy claim home"),
        ("untagged", "", "info"),
        ("all", "look", "info applications proxy ors asked collected claim home"),
        ("all", "register", "viewer info applications proxy ors claim home"),
        ("all", "claim", "viewer info applications proxy ors asked collected"),
        ("proxy", "proxy", "info"),
    ],
)
def test_tags_leave_steps_out_but_never_the_look_at_the_right_printer(tags: str, skip: str, taken: str) -> None:
    printer = FakePrinter(ors="broken", applications={"a": False}, proxy_differs=True)
    wanted = declared(viewer=VIEWER, applications={"a": True}, proxy=PROXY, tags=tags, skip=skip)
    walk, _result = whole(printer, wanted)
    assert list(walk.results) == taken.split()
    assert printer.tasks[-1] == "sign_out"
    assert printer.tasks.count("sign_out") == (2 if "viewer" in taken else 1)
    assert wanted.is_whole is (tags == "all" and not skip)


def test_in_check_mode_nothing_is_collected_as_nothing_was_pressed() -> None:
    printer = FakePrinter()
    walk, result = whole(printer, declared(), checking=True)
    assert list(walk.results) == ["info", "asked", "claim", "home"]
    assert result["planned"]


def test_an_address_that_is_there_at_once_is_not_collected() -> None:
    printer = FakePrinter(address_comes_late=False)
    walk, _result = whole(printer, declared())
    assert "collected" not in walk.results
    assert not walk.has_pressed


def test_whether_an_address_is_being_made() -> None:
    walk = Onboarding(declared(), False, FakePrinter())
    pressed = []
    for stretch in (walk.press(), walk.claim()):
        pressed.append(walk.has_pressed)
        drain(stretch)
    assert [*pressed, walk.has_pressed] == [False, True, False]


@pytest.mark.parametrize("retry", [True, False])
def test_register_is_asked_for_without_waiting(retry: bool) -> None:
    printer = FakePrinter()
    whole(printer, declared(retry_failed=retry))
    assert printer.given("printer_registration") == {
        "wait": False,
        "retry_failed": retry,
        "register_again": False,
        "assume_ors_ready": False,
    }
    assert printer.given("printer_registration", 1) == {"press": False, **WAITING}


# --- who completes it ---


@pytest.mark.parametrize("take_over", [True, False])
@pytest.mark.parametrize("in_tenant", [True, False])
def test_a_printer_of_another_tenant_is_registered_again_only_by_an_explicit_take_over(
    take_over: bool, in_tenant: bool
) -> None:
    printer = FakePrinter(state="registered", in_cloud=in_tenant)
    walk, _result = whole(printer, declared(take_over=take_over))
    again = take_over and not in_tenant
    assert ("tenant" in walk.results) is take_over
    if take_over:
        assert printer.given("home_device_info") == {"serials": ["SN1"]}
    assert printer.given("printer_registration")["register_again"] is again
    claim = printer.given("home_device")
    assert claim["printer_registered"] is not again
    assert claim["take_over"] is take_over


@pytest.mark.parametrize("take_over", [True, False])
@pytest.mark.parametrize("in_site", [True, False])
def test_a_printer_of_another_site_is_moved_only_by_an_explicit_take_over(take_over: bool, in_site: bool) -> None:
    printer = FakePrinter(state="registered", method="hand_over", service="site", in_cloud=in_site)
    walk, _result = whole(printer, declared(take_over=take_over, has_site=True))
    again = take_over and not in_site
    looks = [options for task, options, looks in printer.calls if task == "cloud_printer" and looks]
    assert looks == ([{"serial": "SN1"}] if take_over else [])
    assert printer.given("printer_registration")["register_again"] is again
    assert printer.given("cloud_printer", -1)["move"] is take_over
    assert printer.given("cloud_printer", -1)["printer_registered"] is not again
    if not again:
        assert not walk.changed
        assert walk.diffs == []  # what was only looked at is no change


def test_the_cloud_is_not_asked_about_a_printer_that_says_it_is_not_registered() -> None:
    for service, has_site in ((None, False), ("site", True)):
        printer = FakePrinter(service=service)
        walk, _result = whole(printer, declared(take_over=True, has_site=has_site))
        assert not {"tenant", "site_looked"} & set(walk.results)


def test_a_hand_over_to_a_site_is_completed_there_and_not_at_the_tenant() -> None:
    printer = FakePrinter(method="hand_over", service="site")
    walk, result = whole(printer, declared(has_site=True, display_name="Front desk"))
    assert not {"claim", "home"} & set(walk.results)
    assert printer.given("cloud_printer") == {
        "serial": "SN1",
        "display_name": "Front desk",
        "address_file": "/nowhere/onboarding/p1.address",
        "printer_registered": False,
        "move": False,
        **WAITING,
    }
    assert result["outcome"] == "onboarded"


def test_a_hand_over_to_a_site_that_is_not_known_waits_for_a_person() -> None:
    printer = FakePrinter(method="hand_over", service="site")
    _walk, result = whole(printer, declared(has_site=False))
    assert not {"home_device", "cloud_printer"} & set(printer.tasks)
    assert set(printer.given("printer_registration")) >= {"address_file", "qr_path"}
    assert result["outcome"] == "awaiting_claim"


def test_a_site_is_no_place_for_a_printer_that_joins_the_tenant() -> None:
    for service in (None, "home"):
        printer = FakePrinter(service=service)
        whole(printer, declared(has_site=True))
        assert "cloud_printer" not in printer.tasks
        assert "home_device" in printer.tasks


@pytest.mark.parametrize(
    ("method", "keeps", "has_file"),
    [("link", True, False), ("link", False, True), ("hand_over", True, True), ("hand_over", False, True)],
)
def test_an_address_goes_to_a_file_where_it_is_needed_later(method: str, keeps: bool, has_file: bool) -> None:
    printer = FakePrinter(method=method)
    whole(printer, declared(keeps=keeps))
    claim = printer.given("home_device")
    for told in (printer.given("printer_registration"), printer.given("printer_registration", 1), claim):
        assert told.get("address_file") == ("/nowhere/onboarding/p1.address" if has_file else None)
        assert "qr_path" not in told  # no person needs one
    assert claim["wait"] is not keeps
    assert claim["registration_method"] == method
    assert (len([task for task in printer.tasks if task == "home_device"]) == 2) is keeps


@pytest.mark.parametrize(
    ("options", "checking", "stay"),
    [({}, False, False), ({}, True, True), ({"claim": False}, False, True), ({"tags": "register"}, False, True)],
)
def test_files_for_a_person_who_is_not_needed_any_more_are_removed(
    options: dict[str, Any], checking: bool, stay: bool, tmp_path: Path
) -> None:
    names = ["p1.address", "p1.svg", "p2.address"]
    for name in names:
        (tmp_path / name).write_text("spent")
    whole(FakePrinter(), declared(files=str(tmp_path), **options), checking)
    assert sorted(path.name for path in tmp_path.iterdir()) == (names if stay else ["p2.address"])
