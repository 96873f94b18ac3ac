# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run knows of one printer, as one typed value. Summary, report files and labels are made of these. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field

from ...module_utils._decide.onboarding import LEFT_OUT, STEPS_LEFT_OUT
from ...module_utils._decide.outcomes import Outcome
from ...module_utils._decide.responsible import responsible

Result = Mapping[str, t.Any]


@dataclass(frozen=True)
class FindingFact:
    """One finding, or an outcome: its word in the closed list, what was found, and what to do."""

    finding: str
    what: str
    advice: str


@dataclass(frozen=True)
class PrinterFacts:
    """One printer after a run. None stands for what is not known, an empty text or tuple for what is not there.

    ``address_file`` holds the registration address, which is a capability: it is in no field here.
    """

    name: str
    """Its name in the inventory."""
    outcome: str
    good: bool
    planned: bool
    """Whether this is a prediction of check mode."""
    reason: str
    advice: str
    responsible: str
    """Who has to act, as a summary names them."""
    attention: str = ""
    """Why the play failed for this printer; empty where it did not."""
    changed: bool = False
    serial: str | None = None
    model: str | None = None
    location: str | None = None
    registration: str | None = None
    service: str | None = None
    tenant: str | None = None
    address_host: str | None = None
    address_file: str | None = None
    qr_path: str | None = None
    changes: tuple[str, ...] = ()
    findings: tuple[FindingFact, ...] = ()
    notes: tuple[str, ...] = ()
    ors: str | None = None
    """State and mode of ORS, as the administrator saw them."""
    proxy: str | None = None
    applications: dict[str, bool] = field(default_factory=dict)
    licences: dict[str, bool] = field(default_factory=dict)
    """Whether the cloud shows a licence, by application."""
    last_data: str | None = None
    controller_version: str | None = None
    engine_version: str | None = None
    hostname: str | None = None
    certificate_ends: str | None = None
    fingerprint: str | None = None
    """That of its certificate, in SHA-256."""
    evidence: str | None = None
    seconds: float | None = None

    @property
    def waits(self) -> bool:
        """Whether a person has to open its registration address, which lies in ``address_file``."""
        return self.outcome == Outcome.AWAITING_CLAIM and self.address_file is not None

    @property
    def needs_attention(self) -> bool:
        """Whether a later run or a person has to do something first; a printer that only waits to be claimed does not.

        So also where C(onboard_fail_on) leaves its outcome out.
        """
        return bool(self.attention) or not (self.good or self.left_out)

    @property
    def problems(self) -> tuple[FindingFact, ...]:
        """What needs attention, each with its advice: the outcome, or the findings if the outcome alone is good."""
        findings = tuple(item for item in self.findings if f"{item.finding}: " in self.attention) if self.good else ()
        return findings or (FindingFact(self.outcome, self.reason, self.advice),)

    @property
    def left_out(self) -> bool:
        """Whether a condition (C(when)) or tags left it out on purpose."""
        return self.outcome == Outcome.NOT_TRIED and (self.reason == LEFT_OUT or self.advice == STEPS_LEFT_OUT)

    @classmethod
    def of(cls, name: str, result: Result) -> PrinterFacts:
        """Return the facts of the printer ``name`` from its result, with the keys of ``onboarding_outcome``."""
        outcome = str(result["outcome"])
        taken = {key: typed(result[key]) for key, typed in _TAKEN.items() if result.get(key) is not None}
        return cls(
            **taken,
            name=name,
            outcome=outcome,
            good=bool(result["good"]),
            planned=bool(result.get("planned")),
            reason=str(result.get("reason") or ""),
            advice=str(result.get("advice") or ""),
            responsible=responsible(outcome, str(result.get("advice") or "")).value,
            attention=str(result.get("attention") or ""),
            changed=bool(result.get("changed") or result.get("changes")),
            changes=tuple(map(str, result.get("changes") or ())),
            notes=tuple(map(str, result.get("notes") or ())),
            findings=tuple(
                FindingFact(str(item["finding"]), str(item["what"]), str(item.get("advice") or ""))
                for item in result.get("findings") or ()
            ),
            ors=_ors(result.get("ors")),
        )

    def as_dict(self) -> dict[str, t.Any]:
        """Return the facts as JSON has them, in this order."""
        data = asdict(self)
        return {**data, **{name: list(data[name]) for name in ("changes", "findings", "notes")}}


_TAKEN: Mapping[str, Callable[[t.Any], t.Any]] = {
    **dict.fromkeys(("serial", "model", "location", "registration", "service", "tenant"), str),
    **dict.fromkeys(("address_host", "address_file", "qr_path", "proxy", "last_data", "hostname"), str),
    **dict.fromkeys(("controller_version", "engine_version", "certificate_ends", "fingerprint", "evidence"), str),
    **dict.fromkeys(("applications", "licences"), dict),
    "seconds": float,
}
"""Fields that have the same name and value in a result, with what makes the value one of its type."""


def waiting(printers: Iterable[PrinterFacts]) -> tuple[PrinterFacts, ...]:
    """Return the printers whose registration address a person has to open: those that get a label."""
    return tuple(each for each in printers if each.waits)


def _ors(found: t.Any) -> str | None:
    """Return ORS in words: the state as the interface calls it, and its mode if that is not enabled."""
    seen = (found or {}).get("administrator") if isinstance(found, Mapping) else None
    if not seen:
        return None
    mode = str(seen.get("mode") or "")
    state = str(seen.get("state_text") or seen.get("state") or "unknown")
    return state if mode in ("", "enabled") else f"{state}, mode {mode}"
