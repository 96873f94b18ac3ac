# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Licences that cannot be given back: what enabling uses, and that a run never uses more than it may."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.licences import (
    Demand,
    LicenceUse,
    NotLookedUp,
    Subscriptions,
    licence_uses,
    of_printer,
    refusal_of,
    refusal_of_wave,
)
from hypothesis import given
from hypothesis import strategies as st

COLOR, DASHBOARD = "prismacolor-manager", "prismalytics-dashboard"


def row(application: str = COLOR, available: int | None = 9, **more: Any) -> dict[str, Any]:
    return {"application": application, "available": available, "permanent": application == COLOR, **more}


def device(**applications: tuple[bool, bool | None]) -> dict[str, Any]:
    return {
        "applications": [
            {"id": name.replace("_", "-"), "name": name, "enabled": enabled, "licensed": licensed}
            for name, (enabled, licensed) in applications.items()
        ]
    }


# --- what enabling uses ---


@pytest.mark.parametrize(
    ("rows", "left", "for_good"),
    [
        ([], None, True),  # by the manual, where the tenant does not say
        ([row()], 9, True),
        ([row(permanent=None)], 9, True),
        ([row(permanent=False)], 9, False),
        ([row("PRISMAcolor Manager")], 9, False),
        ([row("PRISMAcolor Manager", permanent=True)], 9, True),
        ([row(available=None)], None, True),
        ([row(available=2), row(available=3, permanent=False)], 5, True),
        ([row(available=2), row(available=None)], None, True),
        ([row(available=2, days_left=-1)], 0, True),  # it is over
        ([row(available=2, days_left=-1), row(available=1, days_left=0)], 1, True),
        ([row(DASHBOARD, 4)], None, True),
    ],
)
def test_what_is_known_of_an_application(rows: list[dict[str, Any]], left: int | None, for_good: bool) -> None:
    known = Subscriptions(rows)
    assert (known.left(COLOR), known.for_good(COLOR)) == (left, for_good)


@pytest.mark.parametrize(
    ("shown", "uses"),
    [
        (None, True),  # the tenant does not have it yet
        (device(), True),
        (device(prismacolor_manager=(False, False)), True),
        (device(prismacolor_manager=(False, None)), True),
        (device(prismacolor_manager=(False, True)), False),  # it has taken one before
        (device(prismacolor_manager=(True, True)), False),
        (device(prismacolor_manager=(True, None)), False),
    ],
)
def test_a_licence_is_used_once_by_a_device(shown: dict[str, Any] | None, uses: bool) -> None:
    found = licence_uses(Subscriptions([row()]), {COLOR: True}, shown)
    assert found == ((LicenceUse(COLOR, for_good=True, left=9),) if uses else ())
    assert licence_uses(Subscriptions([row()]), {COLOR: False}, shown) == ()


def test_an_application_of_which_nothing_is_known_uses_none() -> None:
    assert licence_uses(Subscriptions(), {DASHBOARD: True}, None) == ()
    assert licence_uses(Subscriptions([row(DASHBOARD, None)]), {DASHBOARD: True}, None) == ()
    (use,) = licence_uses(Subscriptions([row(DASHBOARD, 4)]), {DASHBOARD: True}, None)
    assert (use.for_good, str(use)) == (False, "uses 1 of 4 left")


def test_a_subscription_may_call_the_application_by_its_name() -> None:
    shown = {"applications": [{"id": "pcm", "name": "PRISMAcolor Manager", "enabled": False, "licensed": False}]}
    (use,) = licence_uses(Subscriptions([row("PRISMAcolor Manager", 3, permanent=True)]), {"pcm": True}, shown)
    assert (use.application, str(use)) == ("pcm", "uses 1 of 3 left, for good")


@pytest.mark.parametrize(
    ("left", "for_good", "consent", "says"),
    [
        (3, True, False, "enabling prismacolor-manager uses 1 of 3 left, for good"),
        (None, True, False, "enabling prismacolor-manager uses 1, for good"),
        (3, True, True, None),
        (None, True, True, None),
        (0, True, True, "no licence left"),
        (0, False, True, "no licence left"),
        (-2, False, False, "no licence left"),
        (1, False, False, None),
    ],
)
def test_one_printer_needs_consent_and_a_licence_that_is_left(
    left: int | None, for_good: bool, consent: bool, says: str | None
) -> None:
    refused = refusal_of([LicenceUse(COLOR, for_good, left)], consented={COLOR} if consent else ())
    assert (refused is None) if says is None else (refused is not None and says in refused.reason)


def test_a_consent_is_for_one_application() -> None:
    """Given a second one of which only the tenant's list says that it is for good, then it is not enabled."""
    uses = [LicenceUse(COLOR, True, 3), LicenceUse("accounting", True, 3)]
    refused = refusal_of(uses, consented={COLOR})
    assert refused is not None
    assert refused.reason.startswith("enabling accounting uses 1 of 3 left, for good")
    assert refusal_of(uses, consented={COLOR, "accounting"}) is None


# --- a wave, and a run ---


def demands(number: int, left: int | None = 9, *, known: bool = True, for_good: bool = True) -> list[Demand]:
    unknown = None if known else NotLookedUp.NO_SERIAL
    return [Demand(f"p{each}", "t", (LicenceUse(COLOR, for_good, left),), unknown) for each in range(number)]


@pytest.mark.parametrize(
    ("number", "left", "allowed", "assigned", "says"),
    [
        (12, 9, 0, 0, "needs 12 licences of prismacolor-manager, and the tenant has 9 left; it would use up 12"),
        (12, 9, 12, 0, "needs 12 licences of prismacolor-manager, and the tenant has 9 left"),
        (
            12,
            12,
            3,
            0,
            "would use up 12 licences of prismacolor-manager for good, and onboard_assign_licences al",
        ),
        (10, 9, 10, 0, "needs 10 licences of prismacolor-manager, and the tenant has 9 left"),
        (9, 9, 9, 0, None),
        (9, 9, 8, 0, "would use up 9 licences"),
        (3, 9, 3, 0, None),
        (
            1,
            6,
            3,
            3,
            "would use up 1 licence of prismacolor-manager for good, and onboard_assign_licences allows 3, of",
        ),
        (1, None, 0, 0, "would use up 1 licence"),
        (1, None, 1, 0, None),
        (0, 0, 0, 0, None),
    ],
)
def test_a_wave_begins_only_if_all_its_licences_are_left_and_allowed(
    number: int, left: int | None, allowed: int, assigned: int, says: str | None
) -> None:
    refused = refusal_of_wave(demands(number, left), allowed=allowed, assigned=assigned)
    assert (refused is None) if says is None else (refused is not None and says in refused.reason)


def test_a_printer_that_could_not_be_looked_up_counts_only_where_it_is_for_good() -> None:
    dashboard = [*demands(5, 2, known=False, for_good=False)]
    assert refusal_of_wave(dashboard, allowed=0, assigned=0) is None
    refused = refusal_of_wave(demands(5, known=False), allowed=0, assigned=0)
    assert refused is not None
    assert "5 of these printers declare no printops_serial" in refused.advice
    assert refusal_of_wave(demands(5, 2, for_good=False), allowed=0, assigned=0) is not None


def test_each_printer_that_was_not_looked_up_is_told_why() -> None:
    wave = [Demand("p", "t", (LicenceUse(COLOR, True, None),), why) for why in (None, *NotLookedUp)]
    refused = refusal_of_wave(wave, allowed=0, assigned=0)
    assert refused is not None
    assert "1 of these printers declare no printops_serial" in refused.advice
    assert "1 of these printers were not looked up at their tenant before the wave" in refused.advice
    assert "printops_in_process: false" in refused.advice and "delegate_to" in refused.advice


uses = st.builds(LicenceUse, st.sampled_from([COLOR, DASHBOARD, "x"]), st.booleans(), st.just(4))
waves = st.lists(
    st.lists(
        st.builds(
            Demand,
            st.just("p"),
            st.sampled_from(["t1", "t2"]),
            st.lists(uses, max_size=3, unique_by=lambda use: use.application).map(tuple),
            st.sampled_from([None, *NotLookedUp]),
        ),
        max_size=6,
    ),
    max_size=5,
)


@given(waves, st.integers(0, 10))
def test_no_run_uses_more_than_it_may_and_no_wave_more_than_is_left(run: list[list[Demand]], allowed: int) -> None:
    assigned = 0
    for wave in run:
        if refusal_of_wave(wave, allowed=allowed, assigned=assigned) is not None:
            continue
        for tenant in ("t1", "t2"):
            for name in (COLOR, DASHBOARD, "x"):
                counted = [use for each in wave if each.tenant == tenant for use in each.counted]
                assert sum(1 for use in counted if use.application == name) <= 4
        assigned += sum(len(demand.assigns) for demand in wave)
        assert assigned <= allowed


# --- what a printer gets of it ---


def test_each_printer_gets_its_own_part() -> None:
    wave = {
        "refusal": None,
        "tenants": {"t": [row()]},
        "printers": {"p1": {"tenant": "t", "assigns": [COLOR]}, "p2": {"tenant": "t", "assigns": []}},
    }
    assert of_printer(wave, "p1") == {"assigns": [COLOR], "subscriptions": [row()]}
    assert of_printer(wave, "p2")["assigns"] == []
    assert of_printer(wave, "p3") == {}
    refused = {**wave, "refusal": {"outcome": "not_tried", "reason": "r", "advice": "a"}}
    for name in ("p1", "p3"):
        assert of_printer(refused, name) == {"failed": True, "outcome": "not_tried", "reason": "r", "advice": "a"}


@pytest.mark.parametrize("wave", [None, {}, {"skipped": True, "changed": False}, {"failed": True, "msg": "x"}])
def test_without_a_check_nothing_is_allowed(wave: dict[str, Any] | None) -> None:
    assert of_printer(wave, "p1") == {}
