# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an onboarding: what is shown, and the JSON file. Knows results, no printer."""

from __future__ import annotations

import json
import time
import typing as t
from collections.abc import Callable, Iterable, Mapping, Sequence

from ...module_utils._decide.onboarding import conclude, count, count_findings, table
from ...module_utils._decide.outcomes import Outcome
from ...module_utils._prisma.address_files import check_place, write_private

Printers = Mapping[str, Mapping[str, t.Any]]
LISTED = 100
"""Of more printers than that, those that need nothing and got nothing are counted, and not listed."""
NO_TURN = "its wave has not begun: the run stopped, or is not there yet"


def report_fields(result: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a printer's result without what Ansible puts beside it."""
    return {name: result[name] for name in (*conclude({}, check_mode=False), "defect") if name in result}


def show(
    printers: Printers, wave: Iterable[str], without: Sequence[str], *, checking: bool, display: Callable[[str], None]
) -> None:
    """Show the table of one wave, and the counts of all printers that have a result so far."""
    shown = {name: printers[name] for name in wave if name in printers}
    if not shown:
        return
    heading = "What would come of it (check mode)" if checking else "Onboarding"
    quiet = {name for name, result in shown.items() if _is_quiet(result)} if len(shown) > LISTED else set()
    listed = {name: result for name, result in shown.items() if name not in quiet}
    if quiet:
        heading += f" ({len(quiet)} printers are as they should be, and not listed)"
    display(f"\n{heading}\n{table(listed) if listed else ''}\n")
    counts = {**count(printers), **count_findings(printers)}
    display(
        ("So far  " if without or len(shown) < len(printers) else "")
        + "  ".join(f"{word}: {number}" for word, number in counts.items())
        + (f"  (had no turn yet: {len(without)})" if without else "")
        + "\n"
    )


def _is_quiet(result: Mapping[str, t.Any]) -> bool:
    return bool(result["good"]) and not result["changes"] and not result["findings"]


def write(path: str, printers: Printers, without: Sequence[str], *, checking: bool, no_turn: str = NO_TURN) -> None:
    """Write the report, with mode 0600. Should this wave be the last one, then nobody writes another one.

    Raises :class:`BadInput` where it cannot be written.
    """
    check_place(path, "path")
    report = {
        "schema": 1,
        "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "check_mode": checking,
        "counts": count(printers),
        "findings": count_findings(printers),
        "printers": {**printers, **{name: not_tried(no_turn, checking) for name in without}},
        "without_result": list(without),
    }
    write_private(path, json.dumps(report, indent=2, ensure_ascii=False).encode() + b"\n")


def not_tried(reason: str, checking: bool) -> dict[str, t.Any]:
    """Return the result of a printer that had no turn, or whose turn was cut short."""
    return conclude({}, check_mode=checking, failure={"outcome": Outcome.NOT_TRIED.value, "reason": reason})
