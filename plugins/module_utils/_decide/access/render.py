# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An access plan as plain data, as a diff, and as Markdown for a merge request. Decides nothing.

Addresses stand in the plan: it is about people. No credential is part of it.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterable, Sequence

from .model import AccessPlan, GuardrailCheck, HeldBack, Mode, Phase, PlanStep
from .rules import AccessRules, Cloud

SCHEMA = 1
MOST_CHARACTERS = 12_000
"""Of each folded list in Markdown: comments of merge requests end at 65,536 characters (GitHub's limit)."""
MOST_WARNINGS = 20


def as_json(plan: AccessPlan, checks: Sequence[GuardrailCheck]) -> dict[str, t.Any]:
    """Return the plan as plain data, schema 1."""
    return {
        "schema": SCHEMA,
        str(plan.rules.cloud): plan.name,
        "mode": str(plan.mode),
        "sha256": plan.sha256,
        "in_sync": plan.in_sync,
        "refused": [one.name for one in checks if one.refused],
        "counts": counts(plan),
        "steps": [_step(step) for step in plan.steps],
        "held_back": [{**_step(one.step), "reason": str(one.reason), "text": one.text} for one in plan.held_back],
        "pending": [{"person": one.person, "list": str(one.where), "since": one.since} for one in plan.pending],
        "warnings": list(plan.warnings),
        "guardrails": [check_as_json(one) for one in checks],
    }


def check_as_json(check: GuardrailCheck) -> dict[str, t.Any]:
    """Return one check as plain data, with the advice if it refuses."""
    found = {
        "name": check.name,
        "limit": check.limit,
        "found": check.found,
        "refused": check.refused,
        "text": check.text,
    }
    return {**found, "advice": check.advice} if check.refused else found


def counts(plan: AccessPlan) -> dict[str, int]:
    """Return how many people there are and are in each phase, and how many requests that takes."""
    found = {str(phase): len({step.person for step in plan.steps if step.phase is phase}) for phase in Phase}
    return {
        "people": plan.people,
        **found,
        "requests": len(plan.steps),
        "undoing": sum(step.undoes_addition for step in plan.steps),
        "removed_people": len({step.person for step in plan.steps if step.takes_away}),
        "removed_entries": sum(step.takes_away for step in plan.steps),
        "held_back": len({one.step.person for one in plan.held_back}),
        "pending": len({one.person for one in plan.pending}),
    }


def as_diff(plan: AccessPlan) -> dict[str, dict[str, dict[str, str]]]:
    """Return before and after, per person that changes and per part; the same in check mode and without."""
    return {
        "before": {person: _parts(parts) for person, parts in plan.before.items()},
        "after": {person: _parts(parts) for person, parts in plan.after.items()},
    }


def _parts(parts: t.Mapping[str, str]) -> dict[str, str]:
    return {str(part): text for part, text in parts.items() if text}


def _step(step: PlanStep) -> dict[str, t.Any]:
    return {
        "phase": str(step.phase),
        "operation": step.operation,
        "person": step.person,
        "address": step.address,
        "list": None if step.where is None else str(step.where),
        **({"inputs": dict(step.inputs)} if step.inputs else {}),
        "effects": {str(name): effect for name, effect in step.effects.items()},
        "undoes_addition": step.undoes_addition,
    }


def as_markdown(plan: AccessPlan, checks: Sequence[GuardrailCheck]) -> str:
    """Return the plan for a merge request: short, what refuses first, the people folded away."""
    refused = [one for one in checks if one.refused]
    lines = [f"### People of the {plan.rules.cloud.full_name} {_code(plan.name)}", "", _headline(plan, refused), ""]
    for one in refused:
        lines += [f"- **{one.name}** refuses: {_text(one.text)}. {_text(one.advice)}"]
    if refused:
        lines.append("")
    lines += _table(plan)
    if plan.warnings:
        lines += ["", *(f"- Warning: {_text(text)}" for text in plan.warnings[:MOST_WARNINGS])]
        if len(plan.warnings) > MOST_WARNINGS:
            lines.append(f"- … and {len(plan.warnings) - MOST_WARNINGS} more warnings: they stand in the plan as JSON.")
    lines += (
        ["", *_folded(f"People ({len({step.person for step in plan.steps})})", _people(plan))] if plan.steps else []
    )
    kept = plan.kept
    others = [one for one in plan.held_back if one not in kept]
    for title, held in (("Held back", others), ("Kept on purpose", kept)):
        if held:
            lines += ["", *_folded(f"{title} ({len({one.step.person for one in held})})", _held(held, plan.rules))]
    if plan.pending:
        lines += ["", *_folded(f"Invited, not active yet ({len(plan.pending)})", _pending(plan))]
    lines += ["", *_folded("Guardrails", _guardrails(checks)), "", f"Mode {plan.mode}. Plan {_code(plan.sha256)}"]
    return "\n".join(lines) + "\n"


def _headline(plan: AccessPlan, refused: Sequence[GuardrailCheck]) -> str:
    if refused:
        return f"**Refused: nothing is applied** ({', '.join(one.name for one in refused)})."
    if plan.in_sync:
        kept = {one.step.person for one in plan.kept}
        return f"**In sync**: {plan.people} {plan.rules.cloud.on_it}, nothing to do." + (
            f" Kept on purpose: {len(kept)}." if kept else ""
        )
    if plan.mode is Mode.AUDIT:
        return f"**Drift**: the {plan.rules.noun} is not as declared; an audit changes nothing."
    return f"**To do**: the {plan.rules.noun} is not as declared."


def _table(plan: AccessPlan) -> list[str]:
    found = counts(plan)
    if plan.in_sync:
        return []
    row = (
        f"| {found['people']} | {found['add']} | {found['promote']} | {found['demote']} | {found['remove']} "
        f"| {found['requests']} | {found['undoing']} | {found['held_back']} |"
    )
    phases = "add | promote | demote | remove"
    return [
        f"| people {plan.rules.cloud.on_it} | {phases} | requests | of these undoing | held back |",
        "|---|---|---|---|---|---|---|---|",
        row,
    ]


def _people(plan: AccessPlan) -> list[str]:
    grouped: dict[tuple[Phase, str], list[PlanStep]] = {}
    for step in plan.steps:
        grouped.setdefault((step.phase, step.person), []).append(step)
    lines = [
        f"| {phase} | {_code(person)} | {', '.join(_effect(step, plan.rules) for step in steps)} |"
        for (phase, person), steps in grouped.items()
    ]
    return ["| | person | what is done, in this order |", "|---|---|---|", *lines]


def _effect(step: PlanStep, rules: AccessRules) -> str:
    """Return a step in words. [Add] of a site changes more lists than the one that is asked for, so they are named."""
    if step.removed:
        return f"{step.title} (undoes the addition)" if step.undoes_addition else step.title
    if rules.cloud is Cloud.TENANT:
        return step.title
    return f"{step.title} ({', '.join(rules.titles[name] for name in step.effects) or 'no list'})"


def _held(held: Iterable[HeldBack], rules: AccessRules) -> list[str]:
    grouped: dict[tuple[str, str], list[HeldBack]] = {}
    for one in held:
        grouped.setdefault((one.step.person, one.text), []).append(one)
    lines = [
        f"| {_code(person)} | {', '.join(_effect(one.step, rules) for one in found)} | {_text(text)} |"
        for (person, text), found in grouped.items()
    ]
    return ["| person | what is not done | why |", "|---|---|---|", *lines]


def _pending(plan: AccessPlan) -> list[str]:
    lines = [
        f"| {_code(one.person)} | {plan.rules.titles[one.where]} | {_text(one.since or '')} |" for one in plan.pending
    ]
    return ["| person | list | invited on |", "|---|---|---|", *lines]


def _guardrails(checks: Iterable[GuardrailCheck]) -> list[str]:
    lines = [f"| {one.name} | {'**refuses**' if one.refused else 'holds'} | {_text(one.text)} |" for one in checks]
    return ["| guardrail | | |", "|---|---|---|", *lines]


def _folded(summary: str, lines: list[str]) -> list[str]:
    kept: list[str] = []
    left = MOST_CHARACTERS
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            kept += ["", f"… and {len(lines) - len(kept)} more: they stand in the plan as JSON."]
            break
        kept.append(line)
    return [f"<details><summary>{summary}</summary>", "", *kept, "", "</details>"]


def _code(text: str) -> str:
    return f"`{_one_line(text).replace('`', chr(39)).replace('|', '/')}`"


def _text(text: str) -> str:
    """Return text that a site or a file brought along so that it stays text: no markup, no mention of an account."""
    escaped = _one_line(text)
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        escaped = escaped.replace(character, entity)
    for character in "\\`*_{}[]#|!~":
        escaped = escaped.replace(character, f"\\{character}")
    return re.sub(r"(?<!\w)@", "@\u200b", escaped)


def _one_line(text: str) -> str:
    flat = " ".join(str(text).split())
    return flat if len(flat) <= 300 else f"{flat[:300]}…"
