# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warnings of a plan: also about people who are named and not declared, and none is left out without a word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    Mode,
    Person,
    PlanOptions,
    Scope,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.plan import plan
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.rules import APPLICATIONS, AccessList
from unit.decide.access.test_access_plan import AUTHORITATIVE, a_site, declared
from unit.decide.access.test_access_render import shown

CYRILLIC = "\u0430dmin@example.com"
"""With a Cyrillic letter at its beginning."""


def named(*people: str) -> str:
    """The warnings of a task that removes these people."""
    options = replace(AUTHORITATIVE, scope=Scope(frozenset(people)))
    site = a_site(("jo@googlemail.com", "dashboard"), ("ann@gmail.com", "dashboard"))
    return "\n".join(plan(site, declared(), options).warnings)


def test_somebody_who_is_to_be_removed_and_is_there_in_a_twin_domain() -> None:
    assert "jo@gmail.com is named, jo@googlemail.com is on the site: they may be one person" in named("jo@gmail.com")
    assert "may be one person" not in named("ann@gmail.com")
    assert "may be one person" not in named("jo@gmail.com", "jo@googlemail.com")


def test_somebody_who_is_to_be_removed_with_a_letter_that_looks_like_another() -> None:
    assert f"{CYRILLIC} has characters outside ASCII" in named(CYRILLIC)


def test_what_looks_like_another_letter_is_shown_first_and_the_rest_is_counted() -> None:
    people = [Person(f"m\u00fcller{number:02d}@example.com", APPLICATIONS) for number in range(30)]
    text = shown(a_site(), declared(*people, Person(CYRILLIC, APPLICATIONS)), replace(AUTHORITATIVE, name="north"))
    warnings = [line for line in text.splitlines() if line.startswith("- Warning")]
    assert len(warnings) == 20
    assert warnings[0].startswith(f"- Warning: {CYRILLIC} has")
    assert "- … and 11 more warnings: they stand in the plan as JSON." in text.splitlines()


def test_it_comes_before_other_warnings() -> None:
    both = [Person(f"p{number:02d}@example.com", APPLICATIONS) for number in range(30)]
    people = replace(declared(*both, Person(CYRILLIC, APPLICATIONS)), administrators=tuple(both))
    found = plan(a_site(), people, replace(AUTHORITATIVE, name="north")).warnings
    assert found[0].startswith(CYRILLIC)
    assert "dedicated account" in found[1]


@pytest.mark.parametrize(
    ("options", "warned"),
    [
        (AUTHORITATIVE, True),
        (replace(AUTHORITATIVE, mode=Mode.ADDITIVE), True),
        (replace(AUTHORITATIVE, mode=Mode.AUDIT), False),
        (replace(AUTHORITATIVE, name="north"), False),
        (replace(AUTHORITATIVE, scope=Scope(frozenset({"new@example.com"}))), False),
    ],
)
def test_a_file_that_names_no_site_and_adds_people(options: PlanOptions, warned: bool) -> None:
    """With the account of another site, everybody would be added there, and no guardrail limits additions."""
    site = a_site(("ann@example.com", "dashboard"))
    found = plan(site, declared(Person("new@example.com", APPLICATIONS)), options).warnings
    assert any("no site is declared" in text and "printops_site" in text for text in found) is warned
    unproven = plan(replace(site, name="portal.example.com", name_proven=False), declared(), options).warnings
    assert any("nothing proves that portal.example.com shows the site that is meant" in text for text in unproven)
    assert not any("portal.example.com' into the file" in text for text in unproven)
    unchanged = plan(site, declared(Person("ann@example.com", frozenset({AccessList.DASHBOARD}))), options).warnings
    assert not any("no site is declared" in text for text in unchanged)
