# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who completes a registration in bulk mode: the tenant, an administration site or a person, and with which options."""

from __future__ import annotations

import pytest
from unit.prisma.fake_printer import ADDRESS_FILE, QR_PATH, WAITING, FakePrinter, declared, onboard


@pytest.mark.parametrize("take_over", [True, False])
@pytest.mark.parametrize("in_tenant", [True, False])
def test_a_printer_of_another_tenant_is_registered_again_only_by_an_explicit_take_over(
    take_over: bool, in_tenant: bool
) -> None:
    printer = FakePrinter(state="registered", in_cloud=in_tenant)
    onboarding, _result = onboard(printer, declared(take_over=take_over))
    again = take_over and not in_tenant
    assert ("home_before" in onboarding.results) is take_over
    if take_over:
        assert printer.options("home_device_info", 1) == {"serials": ["SN1"], "list_max_age": 60}
    assert ("pressed" in onboarding.results) is again
    if again:
        assert printer.options("printer_registration")["register_again"] is True
    claim = printer.options("home_device")
    assert claim["printer_registered"] is not again
    assert claim["take_over"] is take_over


@pytest.mark.parametrize("take_over", [True, False])
@pytest.mark.parametrize("in_site", [True, False])
def test_a_printer_of_another_site_is_moved_only_by_an_explicit_take_over(take_over: bool, in_site: bool) -> None:
    printer = FakePrinter(state="registered", method="hand_over", service="site", in_cloud=in_site)
    onboarding, _result = onboard(printer, declared(take_over=take_over, has_site=True))
    again = take_over and not in_site
    checks = [options for module, options, check_mode in printer.calls if module == "cloud_printer" and check_mode]
    assert checks == ([{"serial": "SN1"}] if take_over else [])
    assert ("pressed" in onboarding.results) is again
    if again:
        assert printer.options("printer_registration")["register_again"] is True
    assert printer.options("cloud_printer", -1)["move"] is take_over
    assert printer.options("cloud_printer", -1)["printer_registered"] is not again
    if not again:
        assert not onboarding.changed
        assert onboarding.diffs == []  # what was only read is no change


@pytest.mark.parametrize("take_over", [True, False])
@pytest.mark.parametrize("service", ["home", "site"])
def test_where_only_the_claim_runs_the_address_of_a_take_over_is_not_spent(service: str, take_over: bool) -> None:
    """Given that the cloud was not asked whether it has the printer, then what waits in a file may still be good."""
    printer = FakePrinter(state="registered", method="hand_over", service=service)
    onboard(printer, declared(take_over=take_over, has_site=True), lambda tag: tag == "claim")
    module = "cloud_printer" if service == "site" else "home_device"
    assert printer.options(module)["printer_registered"] is not take_over


def test_the_cloud_is_not_asked_about_a_printer_that_shows_that_it_is_not_registered() -> None:
    for service, has_site in ((None, False), ("site", True)):
        onboarding, _result = onboard(FakePrinter(service=service), declared(take_over=True, has_site=has_site))
        assert not {"home_before", "site_before"} & set(onboarding.results)


def test_a_hand_over_to_a_site_is_completed_there_and_not_at_the_tenant() -> None:
    printer = FakePrinter(method="hand_over", service="site")
    onboarding, result = onboard(printer, declared(has_site=True, display_name="Front desk"))
    assert not {"claim", "home"} & set(onboarding.results)
    assert printer.options("cloud_printer") == {
        "serial": "SN1",
        "display_name": "Front desk",
        "address_file": ADDRESS_FILE,
        "qr_path": QR_PATH,
        "printer_registered": False,
        "move": False,
        **WAITING,
    }
    assert result.outcome == "onboarded"


def test_a_hand_over_to_a_site_that_is_not_declared_waits_for_a_person() -> None:
    printer = FakePrinter(method="hand_over", service="site")
    _onboarding, result = onboard(printer, declared(has_site=False))
    assert not {"home_device", "cloud_printer"} & set(printer.modules)
    assert set(printer.options("printer_registration")) >= {"address_file", "qr_path"}
    assert result.outcome == "awaiting_claim"


def test_a_site_completes_no_printer_that_joins_the_tenant() -> None:
    for service in (None, "home"):
        printer = FakePrinter(service=service)
        onboard(printer, declared(has_site=True))
        assert "cloud_printer" not in printer.modules
        assert "home_device" in printer.modules


@pytest.mark.parametrize("method", ["link", "hand_over"])
def test_an_address_goes_to_its_file_and_no_qr_code_is_made_where_no_person_needs_one(method: str) -> None:
    printer = FakePrinter(method=method)
    onboard(printer, declared())
    for given in (printer.options("printer_registration"), printer.options("printer_registration", 1)):
        assert given["address_file"] == ADDRESS_FILE
        assert "qr_path" not in given
    claim = printer.options("home_device")
    assert (claim["address_file"], claim["qr_path"]) == (ADDRESS_FILE, QR_PATH)  # to be removed once they are spent
    assert claim["registration_method"] == method
