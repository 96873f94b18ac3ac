# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of one printer: from the results of the role's tasks to one outcome of the closed list. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping

from .outcomes import ADVICE, Outcome, is_good

Results = Mapping[str, t.Any]


def conclude(
    results: Mapping[str, Results | None], *, check_mode: bool, failure: Results | None = None
) -> dict[str, t.Any]:
    """Return outcome, advice and what a report needs.

    ``results`` are the results of the role's steps by name (viewer, info, proxy, asked, collected, home), those that
    were left out may be missing; ``failure`` is the result that ended them. In check mode the outcome is the one that
    the steps would lead to, as far as reading can tell, and ``planned`` is true.
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
        "advice": told.get("advice") or ADVICE[outcome],
        "reason": told.get("reason") or told.get("msg") or "",
        "serial": (info.get("device") or {}).get("serial"),
        "model": (info.get("device") or {}).get("model"),
        "registration": registration.get("state"),
        "tenant": registration.get("tenant"),
        "changes": [change for result in done.values() for change in _changes(result.get("plan"))]
        + list(_changes(told.get("plan"))),
        "pressed": any(result.get("pressed") for result in (*done.values(), told)),
        "address_file": registration.get("address_file"),
        "qr_path": registration.get("qr_path"),
        "ors": {"viewer": (done.get("viewer") or {}).get("ors"), "administrator": info.get("ors")},
        "findings": [],
        "evidence": info.get("evidence") or told.get("evidence"),
    }


def _latest_registration(done: Mapping[str, Results]) -> Results:
    for name in ("collected", "asked", "info"):
        found = done.get(name, {}).get("registration")
        if found:
            return t.cast("Results", found)
    return {}


def _ended(done: Mapping[str, Results], registration: Results, check_mode: bool) -> Outcome:
    home = done.get("home")
    if home is not None:
        return Outcome.ONBOARDED if home.get("claimed") or _would_claim(home, check_mode) else Outcome.ALREADY
    if registration.get("state") == "registered":
        return Outcome.ALREADY
    if registration.get("state") == "awaiting_claim" or (check_mode and done.get("asked", {}).get("changed")):
        return Outcome.AWAITING_CLAIM
    return Outcome.NOT_TRIED


def _would_claim(home: Results, check_mode: bool) -> bool:
    return check_mode and (home.get("plan") or {}).get("before", {}).get("tenant") == "absent"


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
    """Return the results by printer as a table for people, in columns, with the advice below it once per outcome."""
    rows = [("PRINTER", "OUTCOME", "SERIAL", "WHAT")]
    for name, result in sorted(printers.items(), key=lambda item: (item[1]["good"], item[1]["outcome"], item[0])):
        what = "; ".join(result["changes"]) if result["good"] else result["reason"]
        rows.append((name, result["outcome"], result["serial"] or "-", _short(what or "-")))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join([*(row[c].ljust(widths[c]) for c in range(3)), row[3]]).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in (*widths, 4)))
    advice = {result["outcome"]: ADVICE[Outcome(result["outcome"])] for result in printers.values()}
    needed = [
        f"{outcome}: {text}" for outcome, text in sorted(advice.items()) if outcome not in ("already", "onboarded")
    ]
    return "\n".join([*lines, "", *needed] if needed else lines)


def _short(text: str, width: int = 90) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= width else flat[: width - 1] + "…"


def count(printers: Mapping[str, Results]) -> dict[str, int]:
    """Return how many printers ended with each outcome, most first."""
    counted: dict[str, int] = {}
    for result in printers.values():
        counted[result["outcome"]] = counted.get(result["outcome"], 0) + 1
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
