# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: what is told of a printer beside its outcome, and what is no finding. Knows no printer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._decide.findings import (
    ADVICE,
    ExpectedState,
    Finding,
    connector_notes,
    find,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import conclude
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import GOOD, Outcome
from ansible_collections.printops.prisma.plugins.plugin_utils._connectors import DATA
from hypothesis import given
from hypothesis import strategies as st

ROWS = yaml.safe_load(DATA.read_text(encoding="utf-8"))["connectors"]
DASHBOARD, ACCOUNTING, MONITORING, MATCH = (
    "prismalytics-dashboard",
    "prismalytics-accounting",
    "premote-monitoring",
    "remote-match",
)


NOT_CONNECTED = "it is registered, and ORS is not connected"
DOCUMENT = Path(__file__).parents[3] / "docs" / "outcomes.md"


def app(name: str, enabled: bool = True, licensed: bool | None = True) -> dict[str, Any]:
    return {"id": name, "enabled": enabled, "licensed": licensed}


def info(kind: str = "SRA", *, ahead: int | None = 0, service: str = "home", **controller: bool) -> dict[str, Any]:
    applications = [{"id": name.replace("_", "-"), "enabled": on} for name, on in controller.items()]
    return {
        "device": {"controller_kind": kind},
        "clock": {"zone": "UTC", "ahead": ahead},
        "registration": {"state": "registered", "service": service},
        "applications": applications or None,
    }


def home(*applications: dict[str, Any], **device: Any) -> dict[str, Any]:
    return {
        "claimed": False,
        "device": {"last_data": "2026-01-31T12:00:00Z", **device, "applications": [*applications]},
    }


def found(
    steps: dict[str, Any], outcome: Outcome = Outcome.ALREADY, declared: dict[str, bool] | None = None, **more: Any
) -> dict[str, str]:
    """Return what was found by the name of the finding."""
    told = find(steps, outcome, ExpectedState(declared or {}, ROWS, **more))
    assert all(item["advice"] == ADVICE[Finding(item["finding"])] for item in told)
    return {item["finding"]: item["what"] for item in told}


def test_the_list_is_closed_and_each_has_advice_of_its_own() -> None:
    # docs/outcomes.md, "Findings"
    names = {"unlicensed", "application_not_enabled", "wrong_connector", "clock_wrong", "never_sent_data"}
    names |= {"subscription_exhausted", "subscription_ends_soon", "device_disabled", "ors_lost"}
    assert {finding.value for finding in Finding} == names
    assert set(ADVICE) == set(Finding)
    assert len(set(ADVICE.values())) == len(names)
    assert not names & {outcome.value for outcome in Outcome}, "fail_on takes either"


def test_the_documentation_gives_the_same_advice() -> None:
    rows = [line.split("|")[1:-1] for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    told = {cells[0].strip(" `"): cells[2].strip() for cells in rows if len(cells) > 2}
    assert {finding.value: told.get(finding.value) for finding in Finding} == dict(ADVICE)


@pytest.mark.parametrize(
    ("licensed", "declared", "told"),
    [
        (False, {DASHBOARD: True}, True),
        (True, {DASHBOARD: True}, False),
        (None, {DASHBOARD: True}, False),
        (False, {DASHBOARD: False}, False),
        (False, {}, False),
    ],
)
def test_unlicensed_is_what_is_declared_on_and_said_to_have_no_licence(
    licensed: bool | None, declared: dict[str, bool], told: bool
) -> None:
    steps = {"info": info(), "home": home(app(DASHBOARD, licensed=licensed))}
    assert ("unlicensed" in found(steps, declared=declared)) is told


@pytest.mark.parametrize(
    ("steps", "declared", "what"),
    [
        ({"home": home(app(DASHBOARD, False))}, {DASHBOARD: True}, f"{DASHBOARD} is declared, and off in the cloud"),
        (
            {"info": info(prismalytics_dashboard=False)},
            {DASHBOARD: True},
            f"{DASHBOARD} is declared, and off on the controller",
        ),
        (
            {"info": info(prismalytics_dashboard=False), "home": home(app(DASHBOARD, False))},
            {DASHBOARD: True},
            f"{DASHBOARD} is declared, and off on the controller and in the cloud",
        ),
        ({"home": home(app(DASHBOARD, False))}, {}, "it is registered, and not one application is enabled"),
        # nobody has shown it, it is on, or it is not declared on
        ({"home": home(app(DASHBOARD))}, {MATCH: True}, None),
        ({"home": home()}, {}, None),
        ({"info": info()}, {DASHBOARD: True}, None),
        ({"home": home(app(DASHBOARD, False), app(MATCH))}, {DASHBOARD: False}, None),
        # switched on by this run, or it would be
        (
            {
                "info": info(prismalytics_dashboard=False),
                "applications": {"applications": [{"id": DASHBOARD, "enabled": True}]},
            },
            {DASHBOARD: True},
            None,
        ),
        (
            {
                "info": info(prismalytics_dashboard=False),
                "applications": {"plan": {"before": {}, "after": {"applications": {DASHBOARD: True}}}},
            },
            {DASHBOARD: True},
            None,
        ),
        (
            {
                "home": {
                    **home(app(DASHBOARD, False)),
                    "plan": {"before": {}, "after": {"applications": {DASHBOARD: True}}},
                }
            },
            {DASHBOARD: True},
            None,
        ),
    ],
)
def test_application_not_enabled_is_what_is_off_after_the_run(
    steps: dict[str, Any], declared: dict[str, bool], what: str | None
) -> None:
    assert found(steps, declared=declared).get("application_not_enabled") == what


def test_a_step_that_failed_has_mended_nothing() -> None:
    failed = {"failed": True, "plan": {"before": {}, "after": {"applications": {DASHBOARD: True}}}}
    steps = {"info": info(prismalytics_dashboard=False), "applications": failed}
    assert "application_not_enabled" in found(steps, Outcome.BUSY, {DASHBOARD: True})


@pytest.mark.parametrize(
    ("kind", "application", "what"),
    [
        ("SRA", ACCOUNTING, f"{ACCOUNTING} on SRA needs: cloud proxy"),
        ("PRISMAsync", "prismacolor-manager", "prismacolor-manager on PRISMAsync needs: cloud proxy"),
        ("PRISMAsync", MATCH, f"{MATCH} on PRISMAsync needs: administration site and ors licence"),
        ("PRISMAsync", DASHBOARD, None),
        ("PRISMAsync", MONITORING, None),
        ("SRA", DASHBOARD, None),
        # a pair that the table does not have is unknown, which is no finding
        ("SRA", "fax", None),
    ],
)
def test_wrong_connector_is_what_the_internal_one_does_not_serve(kind: str, application: str, what: str | None) -> None:
    assert found({"info": info(kind)}, declared={application: True}).get("wrong_connector") == what
    assert "wrong_connector" not in found({"info": info(kind)}, declared={application: False})


def test_a_printer_of_an_administration_site_is_served_by_it() -> None:
    assert found({"info": info("PRISMAsync", service="site")}, declared={MATCH: True}) == {}


def test_a_cloud_proxy_that_is_there_serves_its_applications() -> None:
    steps = {"info": info(), "home": home(app(ACCOUNTING), by_cloud_proxy=True)}
    assert found(steps, declared={ACCOUNTING: True}) == {}
    steps = {"info": info(), "home": home(app(ACCOUNTING), by_cloud_proxy=False)}
    assert set(found(steps, declared={ACCOUNTING: True})) == {"wrong_connector"}


def test_a_second_connector_beside_the_internal_one_is_normal_and_a_note() -> None:
    declared = {DASHBOARD: True, ACCOUNTING: True}
    steps = {"info": info(), "home": home(app(ACCOUNTING), app(DASHBOARD), by_cloud_proxy=False)}
    assert found(steps, declared=declared) == {}
    expected = ExpectedState(declared, ROWS)
    assert connector_notes(steps, expected) == [
        f"{ACCOUNTING} on SRA needs: cloud proxy, beside the internal connector"
    ]
    steps["home"]["device"]["by_cloud_proxy"] = True
    assert connector_notes(steps, expected) == []


def test_a_pair_that_is_in_no_row_is_a_note() -> None:
    (note,) = connector_notes({"info": info()}, ExpectedState({"fax": True, DASHBOARD: True, "x": False}, ROWS))
    assert "no row for fax on SRA" in note
    assert "printops_connectors" in note


def test_what_is_no_application_of_the_cloud_is_found_whatever_else_is_declared() -> None:
    steps = {"info": info("PRISMAsync")}
    for declared in ({"premote-manager": True, DASHBOARD: True}, {"PRISMAremote Manager": True, DASHBOARD: True}):
        what = found(steps, declared=declared).get("wrong_connector")
        known = "PRISMAremote Manager" in declared
        assert what == (
            "PRISMAremote Manager is no application of the cloud, and needs no connector" if known else None
        )


def test_large_format_at_the_tenant_lacks_its_administration_site() -> None:
    declared = {MONITORING: True}
    at_home = found({"info": info("large format")}, declared=declared)
    assert at_home["wrong_connector"] == f"{MONITORING} on large format needs: internal and administration site"
    assert found({"info": info("large format", service="site")}, declared=declared) == {}


def test_rows_of_ones_own_decide() -> None:
    own = [*ROWS, {"controller": "SRA", "application": DASHBOARD, "connector": "cloud_proxy"}]
    told = find({"info": info()}, Outcome.ALREADY, ExpectedState({DASHBOARD: True}, own))
    assert [item["finding"] for item in told] == ["wrong_connector"]


@pytest.mark.parametrize(
    ("ahead", "what"),
    [
        (301, "its clock is 5 min ahead (taken as UTC)"),
        (-7200, "its clock is 2 h behind (taken as UTC)"),
        (864000, "its clock is 10 days ahead (taken as UTC)"),
        (300, None),
        (-300, None),
        (0, None),
        (None, None),
    ],
)
def test_clock_wrong_is_more_than_the_tolerance(ahead: int | None, what: str | None) -> None:
    assert found({"info": info(ahead=ahead)}).get("clock_wrong") == what


def test_the_tolerance_is_declared() -> None:
    assert (
        found({"info": info(ahead=61)}, clock_tolerance=60)["clock_wrong"] == "its clock is 61 s ahead (taken as UTC)"
    )
    assert found({"info": info(ahead=3600)}, clock_tolerance=3600) == {}


@pytest.mark.parametrize(
    ("device", "outcome", "told"),
    [
        ({"last_data": None}, Outcome.ALREADY, True),
        ({"last_data": ""}, Outcome.ALREADY, True),
        ({"last_data": None}, Outcome.ONBOARDED, False),  # only just registered
        ({}, Outcome.ALREADY, False),
    ],
)
def test_never_sent_data_is_told_of_printers_registered_before(
    device: dict[str, Any], outcome: Outcome, told: bool
) -> None:
    steps = {"info": info(), "home": home(app(DASHBOARD), **device)}
    assert ("never_sent_data" in found(steps, outcome)) is told


@pytest.mark.parametrize(
    ("ors", "proxy", "outcome", "what"),
    [
        (("connected", "enabled"), None, Outcome.ALREADY, None),
        (("disconnected", "enabled"), None, Outcome.ALREADY, NOT_CONNECTED),
        (("connected", "disabled"), None, Outcome.ALREADY, "it is registered, and the ORS mode is disabled"),
        (("disconnected", "enabled"), {"changed": True}, Outcome.ALREADY, None),  # by the proxy that it had
        (
            ("disconnected", "enabled"),
            {"changed": False},
            Outcome.ALREADY,
            NOT_CONNECTED,
        ),
        (("disconnected", "enabled"), None, Outcome.AWAITING_CLAIM, None),
        (None, None, Outcome.ALREADY, None),  # an interface that does not show it
    ],
)
def test_a_lost_ors_is_told_of_printers_registered_before(
    ors: tuple[str, str] | None, proxy: dict[str, Any] | None, outcome: Outcome, what: str | None
) -> None:
    shown = ors and {"state": ors[0], "mode": ors[1], "state_text": "x", "mode_text": "y"}
    steps = {"info": {**info(), "ors": shown}, **({"proxy": proxy} if proxy else {})}
    assert found(steps, outcome).get("ors_lost") == what


def test_a_profile_that_does_not_show_the_last_data_says_nothing() -> None:
    assert found({"home": {"claimed": False, "device": {"applications": []}}}) == {}


def test_what_the_administration_site_found_is_told_too() -> None:
    told = [
        {"finding": name, "what": "it is so", "advice": ADVICE[Finding(name)]}
        for name in ("unlicensed", "never_sent_data")
    ]
    steps = {"info": info("PRISMAsync", service="site"), "site": {"handed_over": False, "findings": told}}
    assert set(found(steps)) == {"unlicensed", "never_sent_data"}
    assert set(found(steps, Outcome.ONBOARDED)) == {"unlicensed"}


def licences(**row: Any) -> dict[str, Any]:
    of_dashboard = {"application": "PRISMAlytics Dashboard", "available": 3, "ends": None, "days_left": None, **row}
    return {"assigns": [], "subscriptions": [of_dashboard]}


@pytest.mark.parametrize(
    ("row", "enabled", "what"),
    [
        ({"available": 3}, False, None),
        ({"available": None}, False, None),
        ({"available": 0}, True, None),  # the last one is this printer's
        ({"available": 0}, False, f"the tenant's subscription has no licence left for {DASHBOARD}"),
        ({"available": 5, "days_left": -1, "ends": "2026-01-01"}, False, "no licence left"),
        ({"application": "another", "available": 0}, False, None),
    ],
)
def test_subscription_exhausted_is_of_a_printer_that_lacks_its_licence(
    row: dict[str, Any], enabled: bool, what: str | None
) -> None:
    steps = {"info": info(), "licences": licences(**row), "home": home(app(DASHBOARD, enabled))}
    told = found(steps, declared={DASHBOARD: True}).get("subscription_exhausted")
    assert (told is None) if what is None else (what in str(told))
    assert "subscription_exhausted" not in found(steps, declared={DASHBOARD: False})


@pytest.mark.parametrize(
    ("days", "what"), [(31, None), (30, "ends in 30 days"), (0, "ends in 0 days"), (-1, "has ended"), (None, None)]
)
def test_subscription_ends_soon_is_within_a_month(days: int | None, what: str | None) -> None:
    steps = {"info": info(), "licences": licences(days_left=days, ends="2026-12-24"), "home": home(app(DASHBOARD))}
    told = found(steps, declared={DASHBOARD: True}).get("subscription_ends_soon")
    assert told == (what and f"the tenant's subscription of {DASHBOARD} {what} (2026-12-24)")


def test_a_licence_that_enabling_takes_is_not_lacking() -> None:
    """In check mode, or where the enabling failed: the tenant's subscription has one for it."""
    steps = {"info": info(), "home": home(app(DASHBOARD, False, False))}
    assert "unlicensed" in found(steps, declared={DASHBOARD: True})
    assert "unlicensed" not in found({**steps, "licences": licences()}, declared={DASHBOARD: True})
    steps["home"] = home(app(DASHBOARD, True, False))
    assert "unlicensed" in found({**steps, "licences": licences()}, declared={DASHBOARD: True})


def test_what_the_last_step_at_the_tenant_found_is_told() -> None:
    disabled = {"finding": "device_disabled", "what": "it is disabled", "advice": ADVICE[Finding.DEVICE_DISABLED]}
    steps = {"info": info(), "claim": {"claimed": True, "findings": [disabled]}}
    assert found(steps) == {"device_disabled": "it is disabled"}
    assert found({**steps, "home": home()}) == {}


def test_a_finding_does_not_make_an_outcome_bad() -> None:
    done = conclude({"info": info(ahead=9999), "home": home(app(DASHBOARD, False))}, check_mode=False)
    assert (done.outcome, done.good) == ("already", True)
    assert {item["finding"] for item in done.findings} == {"clock_wrong", "application_not_enabled"}


devices = st.fixed_dictionaries(
    {},
    optional={
        "last_data": st.none() | st.just("2026-01-31"),
        "communication_type": st.none() | st.text(),
        "applications": st.none()
        | st.lists(st.builds(app, st.sampled_from([DASHBOARD, MATCH]), st.booleans(), st.none() | st.booleans())),
    },
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "info": st.builds(info, st.sampled_from(["SRA", "PRISMAsync", ""]), ahead=st.none() | st.integers()),
            "home": st.fixed_dictionaries({}, optional={"device": st.none() | devices, "plan": st.none()}),
            "claim": st.just({"claimed": True, "pending": True}),
        },
    ),
    st.sampled_from(Outcome),
    st.dictionaries(st.sampled_from([DASHBOARD, ACCOUNTING, MATCH]), st.booleans()),
)
def test_whatever_was_read_gives_findings_of_the_list(
    steps: dict[str, Any], outcome: Outcome, declared: dict[str, bool]
) -> None:
    told = found(steps, outcome, declared)
    assert set(told) <= {finding.value for finding in Finding}
    if outcome not in GOOD:
        assert "never_sent_data" not in told
