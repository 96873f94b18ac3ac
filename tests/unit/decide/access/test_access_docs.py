# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/access.md: its file is a good one, its plan is what comes out, its guardrails are the ones there are."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import yaml
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.declared import parse_declared
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.guardrails import check_guardrails
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    Guardrails,
    ListReading,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.plan import plan
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.render import as_markdown
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.rules import Cloud
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.status import EXIT_CODES, AccessOutcome
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.tenant_rules import tenant_rules
from unit.decide.access.test_access_plan import BOSS, a_site

ROOT = Path(__file__).resolve().parents[4]
PAGE = ROOT / "docs" / "access.md"
ROLE = ROOT / "roles" / "cloud_access"


def block(kind: str) -> str:
    found = re.search(rf"^(```+){kind}\n(.*?)^\1$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found
    return found[2]


def the_plan() -> str:
    """Return the plan of the page's file for a small site."""
    parsed = parse_declared(yaml.safe_load(block("yaml")))
    site = a_site(
        ("admin-jo@example.com", "administrators dashboard remote_match"),
        ("admin-sam@example.com", "administrators dashboard"),
        *((f"guest{number}@partner.example.org", "dashboard remote_match") for number in range(1, 7)),
        ("jo@example.com", "dashboard remote_match"),
        ("pat@example.com", "dashboard remote_match remote_control_invited"),
        ("former@example.com", "dashboard remote_control_active"),
    )
    lists = {
        name: ListReading(rows := tuple(row for row in found.rows if row.address != BOSS), True, 1, len(rows))
        for name, found in site.readings.items()
    }
    site = replace(site, account="admin-jo@example.com", readings=lists)
    planned = plan(site, parsed.declared, parsed.options)
    return as_markdown(planned, check_guardrails(planned, site, parsed.options))


def test_the_file_of_the_page() -> None:
    parsed = parse_declared(yaml.safe_load(block("yaml")))
    assert not parsed.problems
    assert parsed.name == "north"


def test_the_file_for_a_tenant_and_the_steps_of_the_page() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## The people of a tenant")[2].partition("\n## ")[0]
    parsed = parse_declared(yaml.safe_load(section.partition("```yaml\n")[2].partition("```")[0]), cloud=Cloud.TENANT)
    assert not parsed.problems
    assert (parsed.name, len(parsed.declared.administrators), len(parsed.declared.users)) == ("alpha", 1, 2)
    assert set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) == tenant_rules([]).operations | {
        "set_application_role"
    }


def test_the_plan_of_the_page() -> None:
    assert block("markdown") == the_plan()


def test_the_guardrails_of_the_page() -> None:
    parsed = parse_declared({"administrators": [], "users": []})
    planned = plan(a_site(), parsed.declared, parsed.options)
    names = [check.name for check in check_guardrails(planned, a_site(), parsed.options)]
    text = PAGE.read_text(encoding="utf-8").partition("## What can refuse a plan?")[2].partition("\n### ")[0]
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == names
    for name in ("max_removals", "max_removal_percent", "min_admins"):
        assert re.search(rf"^\| `{name}` \|.*\| {getattr(Guardrails(), name):g} \|$", text, re.MULTILINE)


def outcomes_in(section: str) -> dict[str, str]:
    """Return the second column of a section's table by outcome; a row may have several outcomes."""
    text = PAGE.read_text(encoding="utf-8").partition(section)[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \| (\w+) \|", text, re.MULTILINE)
    return {outcome: second for names, second in rows for outcome in re.findall(r"`(\w+)`", names)}


def test_the_outcomes_of_the_page_are_all_there_are() -> None:
    failed = {outcome: "no" if outcome in ("in_sync", "applied", "drift") else "yes" for outcome in AccessOutcome}
    assert outcomes_in("## What does an outcome mean?") == failed
    assert outcomes_in("### When does the play fail?") == {str(word): str(code) for word, code in EXIT_CODES.items()}


def test_the_role_knows_every_outcome_and_fails_on_each_that_needs_attention() -> None:
    specs = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    options = specs["argument_specs"]["main"]["options"]
    assert set(options["cloud_access_fail_on"]["choices"]) == set(AccessOutcome)
    default = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))["cloud_access_fail_on"]
    assert set(re.findall(r"'(\w+)'", default)) == {word for word, code in EXIT_CODES.items() if code}
