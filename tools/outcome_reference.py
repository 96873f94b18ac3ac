# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/outcomes.md: what each outcome and finding means, from the code's tables and tools/outcomes.yml."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".cache" / "collections"))

from ansible_collections.printops.prisma.plugins.module_utils._decide import findings, outcomes
from ansible_collections.printops.prisma.plugins.module_utils._decide.findings import Finding
from ansible_collections.printops.prisma.plugins.module_utils._decide.interfaces import advice_at
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import Outcome
from ansible_collections.printops.prisma.plugins.module_utils._decide.responsible import Responsible, responsible
from ansible_collections.printops.prisma.plugins.plugin_utils._report import kinds

CAUSES = ROOT / "tools" / "outcomes.yml"
PAGE = ROOT / "docs" / "outcomes.md"
LATER = frozenset({Outcome.BUSY, Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.NOT_TRIED})

HEAD = """<!--
SPDX-FileCopyrightText: 2026 printops.prisma contributors
SPDX-License-Identifier: GPL-3.0-or-later
Written by tools/outcome_reference.py from the tables of the code and tools/outcomes.yml. Edit those, and run it.
-->

# What each outcome means

Each printer ends with one of these outcomes, in the summary, the report, and the variable `onboard_result` of its host.
A printer whose outcome is in `onboard_fail_on` fails; by default these are all that are not good. Which outcome each
fault leads to: [Faults and outcomes](faults.md).

| outcome | kind | what to do |
|---|---|---|
"""
FINDINGS = """
## Findings

Beside its outcome a printer may have findings. They stop nothing, and fail the play only if `onboard_fail_on` names
them. A fact that no interface shows is not a finding.

| finding | reported if | what to do |
|---|---|---|
"""
OTHERS = f"""
## Outcomes of other playbooks

In their summaries and reports a printer has one of these, or one of those above if something failed.

| outcome | playbook | meaning |
|---|---|---|
| `{kinds.TRUSTED}` | `trust_fleet` | a CA that is declared, or one of the system, has signed the certificate |
| `{kinds.PINNED}` | `trust_fleet` | the certificate is pinned |
| `{kinds.NOT_TRUSTED}` | `trust_fleet` | neither: compare the fingerprint with that of the printer, and pin it |
| `{kinds.OFFBOARDED}` | `offboard` | the printer was taken out of the cloud |
| `{kinds.ALREADY_ABSENT}` | `offboard` | it was in no cloud any more |
| `{kinds.ADDRESS_LEFT}` | `offboard` | its controller shows a [registration address](access.md#offboard-printers) |
| `{kinds.READ}` | `inventory_report` | the printer was read |

[check_network](network.md#what-do-the-outcomes-mean) has outcomes for each host of the cloud, and
[people of a site or a tenant](access.md#what-does-an-outcome-mean) have outcomes for a list in Git.
"""


def causes() -> dict[str, dict[str, dict[str, str]]]:
    """Return cause and check of each outcome, and the cause of each finding."""
    found: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(CAUSES.read_text(encoding="utf-8"))
    return found


def page() -> str:
    """Return the page as Markdown. Raise SystemExit if tools/outcomes.yml does not have what the code has."""
    known = causes()
    for table, words in (("outcomes", Outcome), ("findings", Finding)):
        differs = set(known[table]) ^ {str(word) for word in words}
        if differs:
            raise SystemExit(f"tools/outcomes.yml and the code differ in {table}: {', '.join(sorted(differs))}")
    rows = [f"| [`{each}`](#{each}) | {_kind(each)} | {outcomes.ADVICE[each]} |\n" for each in Outcome]
    sections = ["".join(_section(each, known["outcomes"][each])) for each in Outcome]
    found = [
        f"| `{each}` | {_line(known['findings'][each]['cause'])} | {findings.ADVICE[each]} |\n" for each in Finding
    ]
    return "".join([HEAD, *rows, *sections, FINDINGS, *found, OTHERS])


def _kind(outcome: Outcome) -> str:
    if outcomes.is_good(outcome):
        return "good"
    return "try again later" if outcome in LATER else "needs attention"


def _section(outcome: Outcome, known: dict[str, Any]) -> Iterator[str]:
    who = responsible(outcome)
    yield f"\n## {outcome}\n\n"
    texts = {"Cause": known["cause"], "Check": known["check"], "Cure": outcomes.ADVICE[outcome]}
    at_tenant = advice_at("tenant", outcomes.ADVICE[outcome])
    if at_tenant != outcomes.ADVICE[outcome]:
        texts["Cure at PRISMA Home"] = at_tenant
    if who is not Responsible.NOBODY:
        otherwise = responsible(outcome, "any other advice")
        texts["Who"] = f"{who}." if otherwise is who else f"{who} with this cure, {otherwise} with another one."
    for title, text in texts.items():
        yield _wrapped(f"- **{title}:** {_line(text)}")


def _line(text: str) -> str:
    return " ".join(text.split())


def _wrapped(text: str) -> str:
    how: dict[str, Any] = {"subsequent_indent": "  ", "break_long_words": False, "break_on_hyphens": False}
    return "\n".join(textwrap.wrap(text, 120, **how)) + "\n"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
