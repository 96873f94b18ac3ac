# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a run as one value: every printer with its result, counts, and what differs from the run before. Pure.

Its JSON form is described by plugins/data/report.schema.json. Summary and files are made of it, and nothing else.
"""

from __future__ import annotations

import time
import typing as t
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from ...module_utils._decide import onboarding
from ...module_utils._decide.outcomes import Outcome
from .facts import PrinterFacts, Result

SCHEMA = 2


class ReportKind(StrEnum):
    """What a run was about."""

    ONBOARD = "onboard"
    TRUST = "trust"
    OFFBOARD = "offboard"
    ACCESS = "access"
    NETWORK = "network"
    INVENTORY = "inventory"


TITLES: dict[ReportKind, str] = {
    ReportKind.ONBOARD: "Onboarding",
    ReportKind.TRUST: "Certificates",
    ReportKind.OFFBOARD: "Offboarding",
    ReportKind.ACCESS: "People",
    ReportKind.NETWORK: "Network",
    ReportKind.INVENTORY: "Printers",
}
NOUNS: dict[ReportKind, str] = {ReportKind.ACCESS: "host"}
"""What the hosts of a run are, where they are not printers."""


@dataclass(frozen=True)
class Comparison:
    """What differs from the run before: names of printers, each list sorted."""

    written: str
    newly: tuple[str, ...]
    """Need attention now and did not then; also printers that were not in that run."""
    fixed: tuple[str, ...]
    """Need no attention any more."""

    @classmethod
    def of_dict(cls, data: Mapping[str, t.Any] | None) -> Comparison | None:
        """Return the comparison that :meth:`as_dict` made ``data`` of, None of none."""
        return (
            cls(str(data["written"]), *(tuple(map(str, data[each])) for each in ("newly", "fixed"))) if data else None
        )

    def as_dict(self) -> dict[str, t.Any]:
        """Return the comparison as JSON has it."""
        return {"written": self.written, "newly": list(self.newly), "fixed": list(self.fixed)}


@dataclass(frozen=True)
class RunReport:
    """The results of one play so far. ``results``: by printer, with the keys of ``onboarding_outcome``.

    ``without_result`` says of the other printers of the play why they have none.
    """

    kind: ReportKind
    written: str
    """When, in UTC and ISO 8601."""
    check_mode: bool
    results: Mapping[str, Result]
    without_result: Mapping[str, str] = field(default_factory=dict)
    stopped: bool = False
    comparison: Comparison | None = None

    @cached_property
    def printers(self) -> tuple[PrinterFacts, ...]:
        """The facts of all printers of the play, sorted by name; of those without a result that they were not tried."""
        return tuple(PrinterFacts.of(name, result) for name, result in sorted(self._all_results().items()))

    @cached_property
    def attention(self) -> tuple[PrinterFacts, ...]:
        """Those that need attention, and were not left out on purpose."""
        return tuple(each for each in self.printers if each.needs_attention)

    @property
    def counts(self) -> dict[str, int]:
        """How many printers ended with each outcome, most first. Printers without a result are not counted."""
        return count(self.results)

    @property
    def findings(self) -> dict[str, int]:
        """On how many printers each finding was made, most first."""
        return count_findings(self.results)

    @property
    def noun(self) -> str:
        """What its hosts are."""
        return NOUNS.get(self.kind, "printer")

    def counted(self, number: int) -> str:
        """Return a number of its hosts: 1 printer, 2 printers."""
        return f"{number} {self.noun}{'' if number == 1 else 's'}"

    @property
    def needs_attention(self) -> str:
        """How many of how many hosts need attention, in words; empty if none does."""
        number = len(self.attention)
        of_all = f"{number} of {self.counted(len(self.printers))}"
        return f"{of_all} {'needs' if number == 1 else 'need'} attention" if number else ""

    @property
    def title(self) -> str:
        """What the run was about."""
        return "Predicted result (check mode)" if self.check_mode else TITLES[self.kind]

    def as_dict(self) -> dict[str, t.Any]:
        """Return the report as JSON has it, sorted by host."""
        return {
            "schema": SCHEMA,
            "kind": self.kind.value,
            "written": self.written,
            "check_mode": self.check_mode,
            "stopped": self.stopped,
            "counts": self.counts,
            "findings": self.findings,
            "attention": [each.name for each in self.attention],
            "previous": self.comparison.as_dict() if self.comparison else None,
            "printers": dict(sorted(self._all_results().items())),
            "without_result": sorted(self.without_result),
        }

    @classmethod
    def of_dict(cls, data: Mapping[str, t.Any]) -> RunReport:
        """Return the report that :meth:`as_dict` made ``data`` of. Raises ``ValueError`` for anything else."""
        try:
            report = cls._of_dict(data)
            report.as_dict()  # which reads every result: where they are used, nobody knows any more whose they are
        except (KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ValueError(f"it is damaged: {error!r}") from error
        return report

    @classmethod
    def _of_dict(cls, data: Mapping[str, t.Any]) -> RunReport:
        if data["schema"] != SCHEMA:
            raise ValueError(f"it has schema {data['schema']}")
        left = {str(name): str(data["printers"][name]["reason"]) for name in data["without_result"]}
        return cls(
            kind=ReportKind(data["kind"]),
            written=str(data["written"]),
            check_mode=bool(data["check_mode"]),
            results={name: result for name, result in data["printers"].items() if name not in left},
            without_result=left,
            stopped=bool(data["stopped"]),
            comparison=Comparison.of_dict(data["previous"]),
        )

    @classmethod
    def now(
        cls,
        kind: ReportKind = ReportKind.ONBOARD,
        results: Mapping[str, Result] | None = None,
        without_result: Mapping[str, str] | None = None,
        *,
        check_mode: bool,
        stopped: bool = False,
    ) -> RunReport:
        """Return a report that is written now."""
        written = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        return cls(kind, written, check_mode, results or {}, without_result or {}, stopped)

    def compared(self, previous: RunReport | None) -> RunReport:
        """Return the report with what differs from ``previous``, which has to be of the same kind and mode."""
        if previous is None or (previous.kind, previous.check_mode) != (self.kind, self.check_mode):
            return replace(self, comparison=None)
        before, now = ({each.name for each in report.attention} for report in (previous, self))
        tried = {each.name for each in self.printers if each.outcome != Outcome.NOT_TRIED}
        newly, fixed = sorted((now - before) & tried), sorted((before - now) & tried)
        return replace(self, comparison=Comparison(previous.written, tuple(newly), tuple(fixed)))

    def _all_results(self) -> dict[str, Result]:
        others = {
            name: onboarding.not_tried(why, check_mode=self.check_mode).as_dict()
            for name, why in self.without_result.items()
        }
        return {**others, **self.results}


def count(results: Mapping[str, Result]) -> dict[str, int]:
    """Return how many printers ended with each outcome, most first."""
    return _counted(result["outcome"] for result in results.values())


def count_findings(results: Mapping[str, Result]) -> dict[str, int]:
    """Return on how many printers each finding was made, most first."""
    return _counted(
        finding for result in results.values() for finding in {item["finding"] for item in result.get("findings") or ()}
    )


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items(), key=lambda item: (-item[1], item[0])))
