# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of runs, made up for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import OnboardingResult
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import ADVICE, Outcome, is_good
from ansible_collections.printops.prisma.plugins.plugin_utils._report.document import RunReport

NIGHT = "2026-11-26T02:00:00Z"


def result(outcome: str = "onboarded", **more: Any) -> dict[str, Any]:
    """Return the result of a printer."""
    word = Outcome(outcome)
    attention = "" if is_good(word) else f"{outcome}: {ADVICE[word]}"
    return {**OnboardingResult(outcome, is_good(word), False, ADVICE[word], **more).as_dict(), "attention": attention}


def run(
    *printers: str, at: str = NIGHT, left: dict[str, str] | None = None, check: bool = False, **outcomes: str
) -> RunReport:
    """Return the report of a run: these printers were onboarded, ``outcomes`` are those of others."""
    results = {**{name: result() for name in printers}, **{name: result(word) for name, word in outcomes.items()}}
    return replace(RunReport.now(results=results, without_result=left, check_mode=check), written=at)


DAMAGED: dict[str, Any] = {
    "no mapping": "onboarded",
    "no outcome": {"good": True},
    "no word": {"outcome": {"word": "onboarded"}, "good": True},
    "no good": {"outcome": "onboarded"},
    "findings": {**result(), "findings": ["clock_wrong"]},
    "a finding": {**result(), "findings": [{"finding": ["clock_wrong"], "what": ""}]},
    "seconds": {**result(), "seconds": "soon"},
    "many seconds": {**result(), "seconds": 10**400},
    "licences": {**result(), "licences": "fax"},
    "ors": {**result(), "ors": {"administrator": "ready"}},
    "changes": {**result(), "changes": 7},
}
"""What is no result of a printer, in one way or another."""
