# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the printers of a wave need of their tenants: whom it counts, and how often it asks."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.licences import Demand, LicenceUse, NotLookedUp
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.licences import WaveDemands, grant
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.spec import Variables
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore

COLOR, DASHBOARD = "prismacolor-manager", "prismalytics-dashboard"
SUBSCRIBED = [{"application": COLOR, "available": 9, "permanent": True}, {"application": DASHBOARD, "available": 2}]


def device(serial: str | None, *enabled: str, how: str = "internal") -> dict[str, Any]:
    rows = [{"id": name, "enabled": name in enabled, "licensed": name in enabled} for name in (COLOR, DASHBOARD)]
    return {"serial": serial, "communication_type": how, "applications": rows}


class FakeTenants:
    """Answers as the modules that read a tenant do, and notes what it was asked."""

    def __init__(self, devices: list[dict[str, Any]], subscriptions: Any = None) -> None:
        self.asked: list[str] = []
        self.warnings: list[str] = []
        self._answers = {
            "home_device_info": ("devices", devices),
            "home_subscription_info": ("subscriptions", SUBSCRIBED if subscriptions is None else subscriptions),
        }
        self.wave = WaveDemands(self.warnings.append)

    def run(self, module: str) -> dict[str, Any]:
        self.asked.append(module)
        name, rows = self._answers[module]
        return rows if isinstance(rows, dict) else {name: rows, "warnings": [f"{module} warns"]}

    def add(self, printer: str, *, elsewhere: bool = False, **variables: Any) -> None:
        known = {
            "inventory_hostname": printer,
            "onboard_files": "/f",
            "printops_tenant_client_id": "id",
            "printops_tenant_url": "https://home.example.com",
            "printops_tenant": "t1",
            "onboard_applications": {COLOR: True},
            **variables,
        }
        run = None if elsewhere else self.run
        self.wave.add(printer, Variables(known, lambda value: value), lambda: run)

    @property
    def demands(self) -> dict[str, Demand]:
        return {demand.printer: demand for demand in self.wave.demands()}


def test_a_tenant_is_read_once_for_all_its_printers() -> None:
    tenants = FakeTenants([device("SN1", COLOR), device("SN2"), device(None)])
    for number in range(1, 5):
        tenants.add(f"p{number}", printops_serial=f" sn{number} ")
    assert {name: demand.assigns for name, demand in tenants.demands.items()} == {
        "p1": (),
        "p2": (COLOR,),
        "p3": (COLOR,),
        "p4": (COLOR,),
    }
    assert tenants.asked == ["home_subscription_info", "home_device_info"]
    assert tenants.warnings == ["home_subscription_info warns", "home_device_info warns"]


def test_a_printer_that_cannot_be_onboarded_as_declared_demands_no_licence() -> None:
    tenants = FakeTenants([])
    tenants.add("p1", printops_serial="SN1")
    with pytest.raises(BadInput, match="onboard_wait_timeout"):
        tenants.add("p2", printops_serial="SN2", onboard_wait_timeout="soon")
    assert list(tenants.demands) == ["p1"]
    none = FakeTenants([], subscriptions=[])
    with pytest.raises(BadInput, match="onboard_wait_timeout"):  # and no tenant is asked for it
        none.add("p1", printops_serial="SN1", onboard_wait_timeout="soon")
    assert none.asked == []


def test_a_device_by_cloud_proxy_alone_is_another_one_and_its_licence_does_not_count() -> None:
    """The printer is still to be registered by its internal connector, and needs a licence of its own."""
    tenants = FakeTenants([device("SN1", COLOR, how="cloud_proxy"), device("SN2", COLOR)])
    for number in (1, 2):
        tenants.add(f"p{number}", printops_serial=f"SN{number}")
    assert {name: demand.assigns for name, demand in tenants.demands.items()} == {"p1": (COLOR,), "p2": ()}


def test_each_tenant_is_read_for_its_own_printers() -> None:
    tenants = FakeTenants([])
    tenants.add("p1", printops_serial="SN1")
    tenants.add("p2", printops_serial="SN2", printops_tenant="t2")
    assert set(tenants.demands) == {"p1", "p2"}
    assert tenants.asked == ["home_subscription_info", "home_device_info"] * 2
    assert len(tenants.wave.tenants) == 2


def test_one_tenant_is_one_however_its_address_is_spelled() -> None:
    """Otherwise each spelling would have all of the licences that are left."""
    tenants = FakeTenants([])
    spellings = ("https://home.example.com", "HTTPS://Home.Example.com:443/", " https://home.example.com/")
    for number, url in enumerate(spellings):
        tenants.add(f"p{number}", printops_serial=f"SN{number}", printops_tenant_url=url)
    assert list(tenants.wave.tenants) == ["https://home.example.com|t1"]


def test_no_result_has_the_password_of_a_tenants_address() -> None:
    tenants = FakeTenants([])
    tenants.add("p1", printops_serial="SN1", printops_tenant_url="https://joe:secret@home.example.com/")
    assert list(tenants.wave.tenants) == ["home.example.com|t1"]
    assert tenants.demands["p1"].tenant == "home.example.com|t1"


@pytest.mark.parametrize(
    "variables",
    [
        {"onboard_applications": {}},
        {"onboard_applications": {COLOR: False}},
        {"onboard_claim": False},
        {"printops_tenant_client_id": None},
    ],
)
def test_a_printer_that_is_not_completed_there_or_needs_nothing_does_not_count(variables: dict[str, Any]) -> None:
    tenants = FakeTenants([])
    tenants.add("p1", **variables)
    assert (tenants.asked, tenants.demands) == ([], {})


def test_the_list_of_devices_is_read_only_if_it_decides_something() -> None:
    tenants = FakeTenants([])
    tenants.add("p1", printops_serial="SN1", onboard_applications={"remote-match": True})
    tenants.add("p2")  # by no serial number it could be looked up
    assert tenants.demands["p2"].unknown is NotLookedUp.NO_SERIAL
    assert tenants.asked == ["home_subscription_info"]
    assert tenants.demands["p2"].assigns == (COLOR,)


@pytest.mark.parametrize(
    "subscriptions",
    [
        {"failed": True, "outcome": "unsupported", "msg": "the profile has no read 'subscriptions'"},
        {"failed": True, "outcome": "unreachable", "msg": "refused"},
    ],
)
def test_where_no_subscriptions_can_be_read_only_what_is_known_to_be_for_good_counts(subscriptions: Any) -> None:
    tenants = FakeTenants([device("SN1", COLOR)], subscriptions)
    applications = {COLOR: True, DASHBOARD: True}
    tenants.add("p1", printops_serial="SN1", onboard_applications=applications)
    tenants.add("p2", printops_serial="SN2", onboard_applications=applications)
    assert [demand.assigns for demand in tenants.wave.demands()] == [(), (COLOR,)]
    told = [line for line in tenants.warnings if "could not be read" in line]
    assert bool(told) is (subscriptions["outcome"] != "unsupported")


@pytest.mark.parametrize(
    "variables",
    [{"onboard_applications": {"prismacolour": True}}, {"onboard_wait_sleep": "long"}, {"onboard_fail_on": ["x"]}],
)
def test_no_tenant_is_asked_for_a_printer_whose_variables_are_wrong(variables: dict[str, Any]) -> None:
    tenants = FakeTenants([])
    with pytest.raises(BadInput):
        tenants.add("p1", **variables)
    assert (tenants.asked, tenants.demands) == ([], {})


def test_a_tenant_that_cannot_be_read_from_here_is_counted_by_what_is_declared() -> None:
    tenants = FakeTenants([device("SN1", COLOR)])
    tenants.add("p1", elsewhere=True, printops_serial="SN1")
    assert tenants.demands["p1"].assigns == (COLOR,)
    assert tenants.demands["p1"].unknown is NotLookedUp.NOT_HERE
    assert tenants.asked == []


@pytest.mark.parametrize("elsewhere", ["p1", "p2"])
def test_one_printer_whose_steps_run_here_is_enough_to_look_all_of_the_tenant_up(elsewhere: str) -> None:
    tenants = FakeTenants([device("SN1", COLOR), device("SN2")])
    for name, serial in (("p1", "SN1"), ("p2", "SN2"), ("p3", "SN1")):
        tenants.add(name, elsewhere=name == elsewhere, printops_serial=serial)
    assert {name: demand.assigns for name, demand in tenants.demands.items()} == {"p1": (), "p2": (COLOR,), "p3": ()}
    assert {demand.unknown for demand in tenants.demands.values()} == {None}
    assert tenants.asked == ["home_subscription_info", "home_device_info"]


def test_a_printer_that_is_there_twice_counts_until_its_own_step_says_so() -> None:
    tenants = FakeTenants([device("SN1", COLOR), device("SN1", COLOR)])
    tenants.add("p1", printops_serial="SN1")
    assert tenants.demands["p1"].assigns == (COLOR,)


# --- what the run counts ---


def demands_of(*printers: str) -> list[Demand]:
    return [Demand(name, "alpha", (LicenceUse(COLOR, for_good=True, left=9),)) for name in printers]


def test_the_licences_of_earlier_waves_count() -> None:
    store = SharedStore(slots=2, slot_size=200)
    for check_mode in (True, False):  # what is predicted counts for predictions alone
        assert grant(store, demands_of("a"), allowed=2, check_mode=check_mode) == (None, 1)
        refusal, granted = grant(store, demands_of("b", "c"), allowed=2, check_mode=check_mode)
        assert refusal is not None
        assert "of which earlier printers have 1" in refusal.reason
        assert granted == 0
    assert grant(store, demands_of("b"), allowed=2, check_mode=False) == (None, 1)


def test_a_wave_whose_licences_cannot_be_counted_does_not_begin() -> None:
    """Given a memory without room, then the waves do not use up more licences together than the run may."""
    store = SharedStore(slots=1, slot_size=200)
    store.save("full", {})
    refusal, granted = grant(store, demands_of("a"), allowed=1, check_mode=False)
    assert refusal is not None
    assert "cannot be counted" in refusal.reason
    assert "several runs" in refusal.advice
    assert granted == 0
    assert grant(store, demands_of("a"), allowed=1, check_mode=True) == (None, 1), "check mode begins nothing"
    assert grant(store, [], allowed=1, check_mode=False) == (None, 0)
