# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of one printer: from the results of the role's tasks to one outcome of the closed list. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .findings import ADVICE as FINDING_ADVICE
from .findings import ExpectedState, Finding, find
from .outcomes import ADVICE, Outcome, is_good

Results = Mapping[str, t.Any]


NO_VIEWER = "the first look at ORS, with a viewer's account, was left out (onboard_viewer is not declared)"


_PLACES = {"applications": "controller."}
"""What is put before a change of a step whose values another step has too."""


def conclude(
    results: Mapping[str, Results | None],
    *,
    check_mode: bool,
    failure: Results | None = None,
    declared: ExpectedState | None = None,
) -> dict[str, t.Any]:
    """Return outcome, findings, advice and what a report needs.

    ``results`` are the results of the role's steps by name (viewer, info, applications, proxy, asked, collected, claim,
    home, site), those that were left out may be missing; ``failure`` is the result that ended them. In check mode the
    outcome is the one that the steps would lead to, as far as reading can tell, and ``planned`` is true.
    """
    done = {name: result for name, result in results.items() if result and not result.get("skipped")}
    info = done.get("info", {})
    registration = _latest_registration(done)
    outcome = Outcome(failure.get("outcome", "failed")) if failure else _ended(done, registration, check_mode)
    told = failure or {}
    return {
        "outcome": outcome.value,
        "good": is_good(outcome),
        "planned": check_mode,
        "advice": told.get("advice") or _own_advice(done, outcome) or ADVICE[outcome],
        "reason": told.get("reason") or told.get("msg") or "",
        "serial": (info.get("device") or {}).get("serial"),
        "model": (info.get("device") or {}).get("model"),
        "registration": registration.get("state"),
        "service": registration.get("service") or (info.get("registration") or {}).get("service"),
        "tenant": registration.get("tenant"),
        "changes": _all_changes(done, told),
        "pressed": any(result.get("pressed") for result in (*done.values(), told)),
        "address_file": registration.get("address_file"),
        "qr_path": registration.get("qr_path"),
        "ors": {"viewer": (done.get("viewer") or {}).get("ors"), "administrator": info.get("ors")},
        "notes": [NO_VIEWER] if info.get("ors") and "viewer" not in done else [],
        "findings": find(done, outcome, declared or ExpectedState()),
        "evidence": info.get("evidence") or told.get("evidence"),
        **({"defect": told["defect"]} if told.get("defect") else {}),
    }


def _own_advice(done: Mapping[str, Results], outcome: Outcome) -> str | None:
    """Return what the last look at the registration advises: a hand-over is completed in another way than a link."""
    if outcome is not Outcome.AWAITING_CLAIM:
        return None
    return next((done[name]["advice"] for name in ("collected", "asked") if done.get(name, {}).get("advice")), None)


def _latest_registration(done: Mapping[str, Results]) -> Results:
    for name in ("collected", "asked", "info"):
        found = done.get(name, {}).get("registration")
        if found:
            return t.cast("Results", found)
    return {}


def _ended(done: Mapping[str, Results], registration: Results, check_mode: bool) -> Outcome:
    in_cloud = [done[name] for name in ("claim", "home", "site") if name in done]
    if in_cloud:
        if in_cloud[-1].get("pending"):
            return Outcome.TIMEOUT  # claimed, and nobody has looked since: what was not read back is not registered
        came = any(
            result.get("claimed") or result.get("handed_over") or _would_come(result, check_mode) for result in in_cloud
        )
        return Outcome.ONBOARDED if came else Outcome.ALREADY
    if registration.get("state") == "registered":
        return Outcome.ALREADY
    if registration.get("state") == "awaiting_claim" or (check_mode and done.get("asked", {}).get("changed")):
        return Outcome.AWAITING_CLAIM
    return Outcome.NOT_TRIED


def _would_come(result: Results, check_mode: bool) -> bool:
    before = (result.get("plan") or {}).get("before", {})
    return check_mode and "absent" in (before.get("tenant"), before.get("site"))


def _all_changes(done: Mapping[str, Results], told: Results) -> list[str]:
    plans = [(_PLACES.get(name, ""), result.get("plan")) for name, result in done.items()]
    if told.get("plan") not in [plan for _place, plan in plans]:  # a failure that is registered is among them
        plans.append(("", told.get("plan")))
    return [change for place, plan in plans for change in _changes(plan, place)]


def _changes(plan: Results | None, path: str = "") -> Iterator[str]:
    """Say in words what a plan changes: ``name: before -> after``, one for each value."""
    if not plan:
        return
    before, after = plan["before"], plan["after"]
    for name in after:
        here = f"{path}{name}"
        if isinstance(after[name], Mapping):
            yield from _changes({"before": before.get(name) or {}, "after": after[name]}, f"{here}.")
        elif before.get(name) != after[name]:
            yield f"{here}: {_worded(before.get(name))} -> {_worded(after[name])}"


def _worded(value: t.Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "(none)"
    return "(none)" if value in (None, "") else str(value)


def table(printers: Mapping[str, Results]) -> str:
    """Return the results by printer as tables for people: outcomes, then findings, each advice once below its table."""
    rows = []
    for name, result in sorted(printers.items(), key=lambda item: (item[1]["good"], item[1]["outcome"], item[0])):
        what = "; ".join(result["changes"]) if result["good"] else result["reason"]
        rows.append((name, result["outcome"], result["serial"] or "-", _short(what or "-")))
    parts = [_columns(("PRINTER", "OUTCOME", "SERIAL", "WHAT"), rows), _advice(printers)]
    found = [
        (name, item["finding"], _short(item["what"]))
        for name, result in printers.items()
        for item in result.get("findings") or ()
    ]
    if found:
        kinds = sorted({finding for _name, finding, _what in found})
        parts.append(_columns(("PRINTER", "FINDING", "WHAT"), sorted(found, key=lambda row: (row[1], row[0]))))
        parts.append("\n".join(f"{kind}: {FINDING_ADVICE[Finding(kind)]}" for kind in kinds))
    notes = [note for result in printers.values() for note in result.get("notes") or ()]
    parts += [f"{notes.count(note)} of {len(printers)} printers: {note}" for note in dict.fromkeys(notes)]
    return "\n\n".join(part for part in parts if part)


def _columns(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads) - 1)]
    ruled = [heads, [*("-" * width for width in widths), "----"], *rows]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in ruled
    )


def _advice(printers: Mapping[str, Results], most: int = 3) -> str:
    """Say once per outcome what is to be done; where printers were told different things, the most frequent ones."""
    said: dict[str, list[str]] = {}
    for result in printers.values():
        if result["outcome"] not in ("already", "onboarded"):
            said.setdefault(result["outcome"], []).append(result["advice"])
    lines = []
    for outcome, texts in sorted(said.items()):
        different = sorted(dict.fromkeys(texts), key=lambda text: -texts.count(text))
        lines += [f"{outcome}: {_short(text, 400)}" for text in different[:most]]
        if len(different) > most:
            lines.append(f"{outcome}: {len(different) - most} more are in the report")
    return "\n".join(lines)


def _short(text: str, width: int = 90) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= width else flat[: width - 1] + "…"


def count(printers: Mapping[str, Results]) -> dict[str, int]:
    """Return how many printers ended with each outcome, most first."""
    return _counted(result["outcome"] for result in printers.values())


def count_findings(printers: Mapping[str, Results]) -> dict[str, int]:
    """Return on how many printers each finding was found, most first."""
    return _counted(
        finding
        for result in printers.values()
        for finding in {item["finding"] for item in result.get("findings") or ()}
    )


def _counted(words: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for word in words:
        counted[word] = counted.get(word, 0) + 1
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
