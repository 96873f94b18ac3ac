# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a plan is shown: plain data, diff, and Markdown that stays a text whatever a site or a file brings along."""

from __future__ import annotations

import json
from dataclasses import replace

from ansible_collections.printops.prisma.plugins.module_utils._decide.access.guardrails import check_guardrails
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    AccessState,
    DeclaredAccess,
    Guardrails,
    Mode,
    Person,
    PlanOptions,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.plan import plan
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.render import (
    as_diff,
    as_json,
    as_markdown,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.rules import (
    APPLICATIONS,
    AccessList,
)
from unit.decide.access.test_access_plan import AUTHORITATIVE, a_site, declared

LIMIT_OF_A_COMMENT = 65_536


def shown(site: AccessState, people: DeclaredAccess, options: PlanOptions = AUTHORITATIVE) -> str:
    found = plan(site, people, options)
    return as_markdown(found, check_guardrails(found, site, options))


def test_the_plan_as_data() -> None:
    site = a_site(("anna@example.com", "dashboard"), *((f"p{n}@example.com", "dashboard") for n in range(8)))
    users = [Person(f"p{n}@example.com", frozenset({AccessList.DASHBOARD})) for n in range(9)]
    found = plan(site, declared(*users), AUTHORITATIVE)
    rendered = as_json(found, check_guardrails(found, site, AUTHORITATIVE))
    assert json.loads(json.dumps(rendered)) == rendered
    assert rendered["schema"] == 1
    assert rendered["counts"] == {
        "people": 10,
        "add": 1,
        "promote": 0,
        "demote": 0,
        "remove": 1,
        "requests": 4,
        "undoing": 2,
        "removed_people": 1,
        "removed_entries": 1,
        "held_back": 0,
        "pending": 0,
    }
    assert rendered["steps"][0] == {
        "phase": "add",
        "operation": "add_user",
        "person": "p8@example.com",
        "address": "p8@example.com",
        "list": None,
        "effects": {"dashboard": "added", "remote_match": "added", "remote_control_invited": "added"},
        "undoes_addition": False,
    }
    assert rendered["refused"] == []
    assert "advice" not in rendered["guardrails"][0]


def test_the_diff_has_only_people_that_change_and_is_the_same_in_every_mode() -> None:
    site = a_site(("anna@example.com", "dashboard remote_control_invited"), ("ben@example.com", "dashboard"))
    people = declared(Person("ben@example.com", frozenset({AccessList.DASHBOARD})))
    expected = {
        "before": {"anna@example.com": {"dashboard": "yes", "remote_control": "invited"}},
        "after": {"anna@example.com": {}},
    }
    for mode in (Mode.AUTHORITATIVE, Mode.AUDIT):
        assert as_diff(plan(site, people, PlanOptions(mode=mode))) == expected


def test_in_sync_is_short() -> None:
    text = shown(a_site(), declared())
    assert "**In sync**: 1 on the site, nothing to do." in text
    assert "People (" not in text


def test_a_refusal_comes_first_with_its_advice() -> None:
    text = shown(a_site(("anna@example.com", "dashboard")), declared())
    headline = text.splitlines()[2]
    assert headline == "**Refused: nothing is applied** (empty_list, max_removal_percent)."
    assert "Declare the people" in text


def test_to_do_and_drift() -> None:
    people = declared(Person("anna@example.com", frozenset({AccessList.DASHBOARD})))
    text = shown(a_site(), people)
    assert "**To do**" in text
    assert (
        "| add | `anna@example.com` | [Add] user (Dashboard, Remote Match, Remote Control (invited)), "
        "[Remove] Remote Match (undoes the addition), [Remove] Remote Control (invited) (undoes the addition) |" in text
    )
    assert "**Drift**" in shown(a_site(), people, PlanOptions(mode=Mode.AUDIT))


def test_a_plan_for_thousands_fits_a_comment() -> None:
    address = f"{'long' * 12}{{}}@example.com"
    users = [Person(address.format(number), APPLICATIONS) for number in range(3000)]
    lists = "dashboard remote_match remote_control_invited"
    invited = [(address.format(number), lists) for number in range(1000)]
    former = [(f"former.{address.format(number)}", lists) for number in range(1000)]
    protected = [(f"kept.{address.format(number)}", lists) for number in range(1000)]
    options = replace(AUTHORITATIVE, guardrails=Guardrails(protected=("kept.*",)))
    text = shown(a_site(*invited, *former, *protected), declared(*users), options)
    assert len(text) < LIMIT_OF_A_COMMENT
    assert "more: they stand in the plan as JSON" in text
    assert text.count("they stand in the plan as JSON") == 3  # people, kept, invited
    assert text.count("<details>") == text.count("</details>")


def test_what_a_site_or_a_file_brings_along_stays_text() -> None:
    site = a_site(("`<img src=x>`|@everybody\n# x@example.com", "dashboard"), account="@everybody <script>")
    text = shown(replace(site, name="no`rth | <b>"), declared())
    assert "<img" not in text.replace("`'<img src=x>'/@everybody # x@example.com`", "")
    assert "<script" not in text
    assert "\n# x" not in text
    assert "@everybody" not in text.replace("`'<img src=x>'/@everybody # x@example.com`", "")
    assert all(line.replace("\\`", "").count("`") % 2 == 0 for line in text.splitlines())
