# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts a profile from a recording: what is sure, what a person must decide, and with the answers a whole profile.

It proposes only what it has held against the recording, and claims no evidence that a person does not give.
"""

from __future__ import annotations

import datetime
import re
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from ....module_utils._web.errors import BadInput
from ....module_utils._web.libraries import require
from .history import walk_through
from .other import draft_other
from .reads import Reads
from .sheet import DECIDE, Choice, Decision, DraftSheet
from .sign_in import draft_sign_in, find_sign_in
from .text import draft_text
from .writes import draft_writes

if t.TYPE_CHECKING:
    from ..exchange import Recording

INTERFACES = ("controller", "tenant", "other")
_HARDWARE = ("model", "firmware", "date")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


@dataclass(frozen=True)
class Draft:
    """A profile, complete if nothing in ``open`` must be decided. ``text`` is the file for it."""

    profile: dict[str, t.Any]
    sure: list[str]
    open: list[Decision]
    text: str
    base_path: str
    left_out: list[str]

    @property
    def complete(self) -> bool:
        """Whether a person has nothing left to decide that must be decided."""
        return not any(not each.optional for each in self.open)

    @property
    def operations(self) -> dict[str, list[str]]:
        """The names of the reads and writes that are drafted."""
        return {
            part: [name for name, item in self.profile.get(part, {}).items() if item != DECIDE]
            for part in ("read", "write")
        }


def draft(
    recording: Recording,
    *,
    interface: str,
    id: str,
    decisions: Mapping[str, t.Any] | None = None,
    title: str | None = None,
    base_path: str | None = None,
    schema: str | None = None,
) -> Draft:
    """Draft the profile ``id`` from ``recording``. Raises :class:`BadInput`.

    ``decisions`` are a person's answers: the dotted place in the profile, and what stands there (or the number of a
    candidate; null leaves the place out). ``base_path`` is the path of the interface's own address.
    """
    require()
    if interface not in INTERFACES:
        raise BadInput(f"interface {interface!r} must be one of {', '.join(INTERFACES)}")
    if not _ID.match(id):
        raise BadInput(f"id {id!r} must be of small letters, digits and hyphens")
    walked = walk_through(recording, base_path)
    sheet = DraftSheet(dict(decisions or {}))
    sheet.settle("schema", 1)
    sheet.settle("id", id)
    sheet.settle("interface", interface)
    _head(sheet, interface, title or id)
    signed_in = find_sign_in(walked)
    draft_sign_in(sheet, walked, signed_in)
    reads = Reads(sheet, walked, signed_in, interface)
    if interface == "other":
        draft_other(reads, signed_in)
    else:
        reads.draft()
        draft_writes(reads, signed_in)
    sheet.overlay()
    sheet.open = [each for each in sheet.open if not _answered(each.key, sheet)]
    profile = sheet.in_order()
    _check_evidence(profile)
    return Draft(profile, sheet.sure, sheet.open, draft_text(sheet, schema), walked.base, walked.left_out)


def _answered(key: str, sheet: DraftSheet) -> bool:
    """Whether a place was decided as part of a larger one."""
    parts = key.split(".")
    return any(".".join(parts[:count]) in sheet.decisions for count in range(1, len(parts) + 1))


def _head(sheet: DraftSheet, interface: str, title: str) -> None:
    sheet.settle("title", title)
    if not any(key.split(".")[0] == "evidence" for key in sheet.decisions):
        choices = [
            Choice({"kind": "recorded", "model": "…", "firmware": "…", "date": "YYYY-MM-DD"}, "hardware that you name"),
            Choice({"kind": "simulated", "note": "Rests on a simulator."}, "no hardware"),
        ]
        sheet.ask("evidence", "What was recorded: which model, firmware and date? Or no real hardware?", choices)
    elif "evidence" in sheet.decisions:
        sheet.ask("evidence", "")
    if interface == "controller":
        sheet.ask("controller_kind", "What does the connector table call it: SRA, PRISMAsync?", optional=True)
        sheet.ask(
            "registration_method",
            "How does one register: link (an address and a QR code), or hand_over (the cloud's own page)?",
            [Choice("link"), Choice("hand_over")],
            optional=True,
        )


def _check_evidence(profile: Mapping[str, t.Any]) -> None:
    """A draft claims no more than a person says, and never that the profile was used on anything."""
    evidence = profile.get("evidence")
    if not isinstance(evidence, dict):
        return
    if isinstance(evidence.get("date"), datetime.date):
        evidence["date"] = evidence["date"].isoformat()
    kind = evidence.get("kind")
    if kind == "verified":
        raise BadInput(
            "decisions: evidence.kind: a draft is not verified",
            advice="Say recorded or simulated; write verified into the profile when it was used on real hardware.",
        )
    lacking = [name for name in _HARDWARE if not str(evidence.get(name, "")).strip(" …")]
    if kind == "recorded" and lacking:
        raise BadInput(
            f"decisions: evidence: recorded needs the hardware: {', '.join(lacking)} is missing",
            advice="Say model, firmware and date, or kind: simulated.",
        )
    if kind == "recorded":
        made = f"Drafted from a recording of {evidence['model']}, firmware {evidence['firmware']}, {evidence['date']}."
        evidence.setdefault("note", made)
    evidence.setdefault("note", "Drafted from a recording that is not of real hardware.")


__all__ = ["DECIDE", "INTERFACES", "Choice", "Decision", "Draft", "draft"]
