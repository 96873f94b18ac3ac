# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stops removals for the rest of a run, once a task has, or may have, changed others than those it names.

Ansible goes on after a failed item of a loop, and with the next attempt and the next host. What such a task did wrong,
each of those would do again. Knows results and the memory of the run; sends nothing.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from ...module_utils._decide.access.model import GuardrailCheck
from ...module_utils._decide.access.render import check_as_json
from ...module_utils._decide.access.status import AccessOutcome
from ...module_utils._decide.text import printable
from ...module_utils._prisma.task import failed
from ...module_utils._web.errors import GuardrailRefused, NotTried
from ...module_utils._web.http.client import usable_base_url
from ...module_utils._web.session.store import FOR_RUN, SEVERAL_RUNS, SessionStore

Removed = t.Literal["people", "rows", "printers"]
"""What a task removes: people of a site or a tenant, rows of any list that only a profile knows, or printers."""
GUARDRAIL = "earlier_task"
MOST_CHARACTERS = 2000
"""Of the first result's reason, which names people."""
MOST_OF_NAME = 500
"""Characters of a task's name: what is longer than the memory has room for would stop nothing."""
_IN_BACKGROUND = "it runs in the background (async), where the run does not see how it ends"
_NOT_KEPT = (
    "The memory that the tasks of this run share is full, so later tasks of this run that remove others are not "
    f"stopped. {SEVERAL_RUNS}"
)


def may_repeat(result: Mapping[str, t.Any]) -> bool:
    """Whether a task that may change people has, or may have, changed others than those it names.

    So it is after an unplanned change, and where a removal was sent and is not confirmed: neither a result without
    people, as of a module that was killed, nor one without a last reading shows whom it removed.
    """
    outcome = result.get("outcome")
    if outcome != AccessOutcome.PARTLY_APPLIED:
        return outcome == AccessOutcome.UNPLANNED_CHANGE
    if not result.get("plan"):
        return True
    removals = {
        (step["person"], " ".join((step["operation"], *step.get("inputs", {}).values())))
        for step in result["plan"]["steps"]
        if "removed" in step["effects"].values()
    }
    if not result.get("left"):  # nothing was read in the end
        return bool(removals)
    # of a person who failed, the first step that is left is the one that did; what was done may not show in the end
    return any(
        (one["person"], label) in removals
        for one in result["people"]
        if one["outcome"] == "failed"
        for label in (one["left"][:1] or one["done"])
    )


@dataclass(frozen=True)
class EarlierTask:
    """What stops tasks on one interface: its address and its profile, as another address or profile may be right."""

    store: SessionStore
    base_url: str
    profile_id: str
    removes: Removed

    @property
    def _key(self) -> str:
        return f"earlier_task|{self.removes}|{str(usable_base_url(self.base_url)).lower()}|{self.profile_id}"

    @property
    def turns(self) -> int:
        """How many tasks have had a turn."""
        return int((self.store.load(f"{self._key}|turns") or {}).get("number", 0))

    @contextmanager
    def turn(self) -> Iterator[int]:
        """Have a turn, which one task of the run has at a time; yield how many had one before.

        Until the turn ends, the next task waits: how this one ended has been saved by then.
        """
        with self.store.lock(self._key):
            before = self.turns
            self.store.save(f"{self._key}|turns", {"number": before + 1, FOR_RUN: True})
            yield before

    def save(self, result: dict[str, t.Any], task: str, host: str, *, no_log: bool) -> None:
        """Save ``result``, which stops the next task: also that of a job in the background. The first one stays."""
        if self.store.load(self._key) is not None:
            return
        in_background = "ansible_job_id" in result
        reason = "the result is hidden by no_log" if no_log else str(result.get("reason") or result.get("msg"))
        first = {
            "task": printable(task, MOST_OF_NAME),
            "host": host,
            "outcome": "no result" if in_background else str(result.get("outcome", "failed")),
            "reason": _IN_BACKGROUND if in_background else printable(reason, MOST_CHARACTERS),
            "in_background": in_background,
        }
        if not self.store.save(self._key, {**first, FOR_RUN: True}):
            result["warnings"] = [*result.get("warnings", ()), _NOT_KEPT]

    def refusal(self, printer: str) -> dict[str, t.Any] | None:
        """Return the result of a task that must not begin, which names the first result; None if it may."""
        saved = self.store.load(self._key)
        if saved is None:
            return None
        first = {name: saved[name] for name in ("task", "host", "outcome", "reason")}
        text = (
            f"the task {first['task']!r} of this run ended on {first['host']} with {first['outcome']}: "
            f"{first['reason'].rstrip('.')}. Nothing more is {'changed' if self.removes == 'people' else 'removed'} at "
            f"{self.base_url} in this run"
        )
        advice = (
            f"Check these {self.removes} with a browser, and correct what is wrong there. If nobody else has changed "
            f"them, correct the profile {self.profile_id}: it may act on other {self.removes} than those it is given. "
            "Then start a new run, first with --check."
        )
        if saved["in_background"]:
            advice = f"Remove async from tasks that remove {self.removes}."
            if self.removes == "people":
                advice = "Remove async from tasks that change people, or name all people in one task."
        if self.removes != "people":
            return {"changed": False, **failed(NotTried(text, advice=advice), printer)}
        check = GuardrailCheck(name=GUARDRAIL, limit=None, found=first, refused=True, text=text, advice=advice)
        error = GuardrailRefused(f"{check.name}: {text}", advice=advice, details={"guardrails": [check.name]})
        outcome = AccessOutcome.GUARDRAIL_REFUSED.value
        return {"changed": False, **failed(error, printer), "outcome": outcome, "guardrails": [check_as_json(check)]}
