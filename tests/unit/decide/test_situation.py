# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows in the middle of an onboarding: from results and declaration to the situation that steps depend on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._decide.situation import (
    STEPS,
    UNREAD,
    NotRead,
    OnboardingSpec,
    Situation,
    situation,
)
from hypothesis import given
from hypothesis import strategies as st

SPEC = OnboardingSpec("p1", "/files/p1.address", "/files/p1.svg")
CLAIMS = replace(SPEC, claim=True)
HOME_HAS_IT: dict[str, Any] = {"devices": [{"serial": "SN1"}]}
HOME_HAS_IT_NOT: dict[str, Any] = {"devices": []}
SITE_HAS_IT: dict[str, Any] = {"plan": None}
SITE_HAS_IT_NOT: dict[str, Any] = {"plan": {"before": {}, "after": {}}}
SKIPPED = {"skipped": True, "changed": False}


def info(state: str = "unregistered", *, check_mode: bool = False, **more: Any) -> dict[str, Any]:
    """Return what the step that reads the printer comes to."""
    service = {"service": more.pop("service")} if "service" in more else {}
    return {
        "device": {"serial": "SN1"},
        "registration": {"state": state, "method": "link", **service},
        "ors": {"ready": True},
        "applications": [],
        "check_mode": check_mode,
        **more,
    }


def after(spec: OnboardingSpec = SPEC, state: str = "unregistered", **results: Any) -> Situation:
    """Return the situation after the printer was read and further steps ran."""
    return situation({"info": info(state), **results}, spec)


# --- before the printer was read ---


@pytest.mark.parametrize(
    "results",
    [
        {},
        {"info": None},
        {"info": {}},
        {"info": SKIPPED},
        {"info": {"failed": True, "msg": "wrong device"}},
        {"viewer": {"ors": {"ready": True}}, "proxy": {"changed": True}},
    ],
)
def test_before_the_printer_was_read_nothing_can_be_decided(results: dict[str, Any]) -> None:
    with pytest.raises(NotRead, match="Read the printer"):
        situation(results, CLAIMS)


def test_of_a_printer_that_was_not_read_no_step_follows() -> None:
    assert {name for name, value in vars(UNREAD).items() if value} == set()


# --- what each part depends on ---


def test_serial_method_and_files() -> None:
    found = situation({"info": info(device={"serial": 610000001})}, SPEC)
    assert (found.serial, found.method) == ("610000001", "link")
    assert (found.address_file, found.qr_path, found.spent_qr_path) == (SPEC.address_file, SPEC.qr_path, SPEC.qr_path)
    assert situation({"info": info(registration=None)}, SPEC).method == "link"
    assert situation({"info": info(registration={"method": "hand_over"})}, SPEC).method == "hand_over"


@pytest.mark.parametrize(
    ("service", "claim", "has_site", "claims", "at_site"),
    [
        (None, False, False, False, False),
        (None, True, False, True, False),
        (None, True, True, True, False),
        ("home", True, True, True, False),
        ("home", False, True, False, False),
        ("site", True, True, False, True),
        ("site", True, False, False, False),
        ("site", False, True, False, True),
    ],
)
def test_who_completes_it_and_whether_a_person_needs_a_qr_code(
    service: str | None, claim: bool, has_site: bool, claims: bool, at_site: bool
) -> None:
    found = situation({"info": info(service=service)}, replace(SPEC, claim=claim, has_site=has_site))
    assert (found.claims, found.at_site) == (claims, at_site)
    assert found.qr_path == (None if claims or at_site else SPEC.qr_path)


@pytest.mark.parametrize(
    ("has", "declares", "switches"),
    [
        ([], {"a": True}, {}),
        ([{"id": "a", "enabled": True}], {}, {}),
        ([{"id": "a", "enabled": True}], {"a": True}, {}),
        ([{"id": "a", "enabled": True}], {"a": False}, {"a": False}),
        ([{"id": "a", "enabled": False}, {"id": "b", "enabled": True}], {"a": True, "b": True}, {"a": True, "b": True}),
        ([{"id": "a", "enabled": False}], {"a": True, "of the tenant": True}, {"a": True}),
    ],
)
def test_all_declared_applications_of_the_controller_are_given_where_one_differs(
    has: list[dict[str, Any]], declares: dict[str, bool], switches: dict[str, bool]
) -> None:
    assert situation({"info": info(applications=has)}, replace(SPEC, applications=declares)).switches == switches
    assert situation({"info": info(applications=None)}, replace(SPEC, applications=declares)).switches == {}


@pytest.mark.parametrize(
    ("read", "proxy", "needs"),
    [
        (info(), None, False),
        (info(ors={"ready": False}), None, True),
        (info(ors=None), {"changed": True}, False),
        (info(), {"changed": True}, True),
        (info(), {"changed": False}, False),
        (info("registered", ors={"ready": False}), None, False),
        (info("registered"), {"changed": True}, False),
        (info(check_mode=True), {"changed": True}, False),
        (info(check_mode=True, ors={"ready": False}), {"changed": True}, False),
        (info(check_mode=True, ors={"ready": False}), None, True),
        (info(ors={"ready": False}), SKIPPED, True),
    ],
)
def test_when_ors_has_to_be_ready(read: dict[str, Any], proxy: dict[str, Any] | None, needs: bool) -> None:
    assert situation({"info": read, "proxy": proxy}, SPEC).needs_ors is needs


@pytest.mark.parametrize(
    ("service", "method", "tenant", "site", "at_site"),
    [
        (None, "hand_over", False, True, True),
        (None, "hand_over", True, True, False),
        (None, "hand_over", True, False, False),
        ("home", "hand_over", False, True, False),
        ("site", "hand_over", True, True, True),
        (None, "link", False, True, False),
    ],
)
def test_a_printer_that_does_not_say_where_it_hands_over_uses_the_only_cloud_that_is_declared(
    service: str | None, method: str, tenant: bool, site: bool, at_site: bool
) -> None:
    read = info("unregistered", service=service)
    read["registration"]["method"] = method
    now = situation({"info": read}, replace(CLAIMS, claim=tenant, has_site=site))
    assert (now.at_site, now.claims) == (at_site, tenant and not at_site)


@pytest.mark.parametrize("take_over", [True, False])
@pytest.mark.parametrize("state", ["unregistered", "awaiting_claim", "registered"])
def test_the_cloud_is_only_asked_about_a_registered_printer_that_may_be_taken_over(take_over: bool, state: str) -> None:
    looks = take_over and state == "registered"
    spec = replace(CLAIMS, take_over=take_over, has_site=True)
    at_home = situation({"info": info(state)}, spec)
    at_site = situation({"info": info(state, service="site")}, spec)
    assert (at_home.looks_at_home, at_home.looks_at_site) == (looks, False)
    assert (at_site.looks_at_home, at_site.looks_at_site) == (False, looks)
    assert not situation({"info": info(state)}, replace(spec, claim=False)).looks_at_home


@pytest.mark.parametrize(
    ("results", "elsewhere"),
    [
        ({}, False),
        ({"home_before": HOME_HAS_IT}, False),
        ({"home_before": HOME_HAS_IT_NOT}, True),
        ({"site_before": SITE_HAS_IT}, False),
        ({"site_before": SITE_HAS_IT_NOT}, True),
        ({"home_before": SKIPPED, "site_before": {}}, False),
    ],
)
def test_a_printer_is_registered_elsewhere_where_the_cloud_that_was_asked_does_not_have_it(
    results: dict[str, Any], elsewhere: bool
) -> None:
    assert after(CLAIMS, "registered", **results).registered_elsewhere is elsewhere


@pytest.mark.parametrize(
    ("take_over", "state", "results", "stays"),
    [
        (False, "registered", {}, True),
        (False, "unregistered", {}, False),
        (True, "registered", {}, False),
        (True, "registered", {"home_before": HOME_HAS_IT}, True),
        (True, "registered", {"home_before": HOME_HAS_IT_NOT}, False),
        (True, "registered", {"site_before": SITE_HAS_IT}, True),
        (True, "registered", {"home_before": SKIPPED}, False),
    ],
)
def test_a_printer_that_may_be_taken_over_stays_registered_only_if_its_cloud_has_it(
    take_over: bool, state: str, results: dict[str, Any], stays: bool
) -> None:
    assert after(replace(CLAIMS, take_over=take_over), state, **results).stays_registered is stays


def test_an_address_is_pending_after_register_but_not_in_check_mode() -> None:
    pressed = {"registration": {"state": "requested"}}
    assert after(pressed=pressed).address_pending
    assert not after(pressed={"registration": {"state": "awaiting_claim"}}).address_pending
    assert not after(state="requested").address_pending
    assert not situation({"info": info(check_mode=True), "pressed": pressed}, SPEC).address_pending


def test_register_depends_on_the_session_that_is_to_claim() -> None:
    ends = {"session_ends": "2026-11-26T22:00:00Z"}
    assert after(CLAIMS).claim_before is None
    assert after(CLAIMS, home_session={"session_ends": None}).claim_before is None
    assert after(CLAIMS, home_session=ends).claim_before == ends["session_ends"]
    assert after(SPEC, site_session=ends, home_session=SKIPPED).claim_before == ends["session_ends"]


def test_a_claim_is_pending_until_the_tenant_shows_it() -> None:
    assert after(CLAIMS, claim={"claimed": True, "pending": True}).claim_pending
    assert not after(CLAIMS, claim={"claimed": True, "pending": False}).claim_pending
    assert not after(CLAIMS, claim=SKIPPED).claim_pending


# --- what holds for all ---

states = st.sampled_from(["unregistered", "requested", "awaiting_claim", "registered", "failed"])
infos = st.builds(
    info,
    states,
    check_mode=st.booleans(),
    service=st.sampled_from([None, "home", "site"]),
    ors=st.sampled_from([None, {"ready": True}, {"ready": False}]),
    applications=st.lists(st.builds(lambda on: {"id": "a", "enabled": on}, st.booleans()), max_size=1),
)
specs = st.builds(
    OnboardingSpec,
    st.just("p1"),
    st.just("/a"),
    st.just("/q"),
    claim=st.booleans(),
    has_site=st.booleans(),
    applications=st.dictionaries(st.sampled_from("ab"), st.booleans()),
    take_over=st.booleans(),
)
others = st.fixed_dictionaries(
    {},
    optional={
        "proxy": st.sampled_from([{}, SKIPPED, {"changed": True}]),
        "home_before": st.sampled_from([HOME_HAS_IT, HOME_HAS_IT_NOT, SKIPPED]),
        "site_before": st.sampled_from([SITE_HAS_IT, SITE_HAS_IT_NOT, SKIPPED]),
        "pressed": st.builds(lambda state: {"registration": {"state": state}}, states),
        "claim": st.sampled_from([{"pending": True}, {"pending": False}, SKIPPED]),
    },
)


@given(infos, others, specs)
def test_the_rules_hold_whatever_is_known(read: dict[str, Any], results: dict[str, Any], spec: OnboardingSpec) -> None:
    now = situation({"info": read, **results}, spec)
    assert not (now.claims and now.at_site)
    assert now.claims <= spec.claim
    assert now.at_site <= spec.has_site
    assert now.checks_home <= now.claims
    assert now.checks_site <= now.at_site
    # [Register] is pressed on a printer that is not registered, and on one that is to be taken over from elsewhere
    pressed = not now.stays_registered
    assert (now.checks_home, now.checks_site) == (now.claims and pressed, now.at_site and pressed)
    assert now.looks_at_home <= (now.claims and spec.take_over and now.was_registered)
    assert now.looks_at_site <= (now.at_site and spec.take_over and now.was_registered)
    assert (now.qr_path is None) is (now.claims or now.at_site)
    assert not (now.needs_ors and now.was_registered)
    assert not (now.stays_registered and now.registered_elsewhere)
    assert set(now.switches) <= set(spec.applications) & {"a"}


@given(infos, others, specs)
def test_a_step_that_was_skipped_or_is_empty_counts_as_not_run(
    read: dict[str, Any], results: dict[str, Any], spec: OnboardingSpec
) -> None:
    """The role gives an empty result for a step that did not run, Ansible one that says skipped."""
    known = {"info": read, **results}
    without = {name: result for name, result in known.items() if result and not result.get("skipped")}
    for nothing in ({}, None, SKIPPED):
        assert situation({**dict.fromkeys(STEPS, nothing), **without}, spec) == situation(without, spec)


def test_the_run_uses_an_address_where_it_completes_the_registration_itself() -> None:
    assert not after(SPEC).uses_address
    assert after(replace(SPEC, claim=True)).uses_address
    assert not after(replace(SPEC, claim=True, claim_selected=False)).uses_address


@pytest.mark.parametrize(
    ("spec", "state", "results", "registers"),
    [
        (CLAIMS, "unregistered", {}, True),
        (CLAIMS, "awaiting_claim", {}, True),
        (CLAIMS, "failed", {}, True),
        (CLAIMS, "registered", {}, False),
        (CLAIMS, "registered", {"home_before": {"devices": []}}, True),
        (SPEC, "registered", {}, True),
    ],
)
def test_the_registration_page_is_left_alone_where_the_printer_is_registered_and_its_tenant_is_asked_next(
    spec: OnboardingSpec, state: str, results: dict[str, Any], registers: bool
) -> None:
    """Without a tenant to ask, the module that registers removes what an earlier run left for a person."""
    assert after(spec, state, **results).registers is registers


def test_the_filter_documents_every_part_of_a_situation() -> None:
    documented = Path(__file__).parents[3] / "plugins" / "filter" / "onboarding_situation.yml"
    returned = yaml.safe_load(documented.read_text(encoding="utf-8"))["RETURN"]["_value"]["contains"]
    assert list(returned) == list(vars(UNREAD))
