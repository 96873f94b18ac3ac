# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts a profile from a recording: what the recording proves, which questions are open, and the user's decisions.

Every expression of a draft was evaluated on the recording. ``evidence`` comes from the user only.
"""

from __future__ import annotations

import copy
import datetime
import re
import typing as t
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ....module_utils._web.errors import BadInput, PrismaError
from ....module_utils._web.libraries import require
from ..._profiles import find_profile
from ..check import check_profile
from .builder import DECIDE, Choice, Decision, DraftBuilder, open_places
from .history import read_history
from .input_names import inputs_of
from .reads import ASK_COMPLETE, ReadDrafter
from .session import ShownSession, find_session
from .sign_in import SignInDrafter
from .steps import StepDrafter
from .text import draft_text
from .writes import WriteDrafter

if t.TYPE_CHECKING:
    from ..exchange import Recording

INTERFACES = ("controller", "tenant", "site", "other")
_HARDWARE = ("model", "firmware", "date")
ASK_VALUE = "Which value is it? It may be of one session, one person or one printer, and nothing recorded says so."
_STATES = 3
"""States of each page against which a draft is held."""
_ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


@dataclass(frozen=True)
class Draft:
    """A drafted profile. ``sure``: what the recording proves. ``open``: questions. ``text``: the profile as a file.

    ``base_path`` is the path of the interface. ``left_out`` lists the parts of the recording that were not used.
    """

    profile: dict[str, t.Any]
    sure: list[str]
    open: list[Decision]
    text: str
    base_path: str
    left_out: list[str]

    @property
    def complete(self) -> bool:
        """Whether all required questions are answered."""
        return not any(not each.optional for each in self.open)

    @property
    def operations(self) -> dict[str, list[str]]:
        """Return the names of the drafted reads and writes."""
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
    shown: ShownSession | None = None,
) -> Draft:
    """Draft the profile ``id`` from ``recording``.

    ``decisions`` maps the dotted path of a value in the profile to the value, to the number of a candidate, or to None,
    which removes the value. ``base_path`` is the path of the interface's own address, by default the folder that all
    recorded pages share. ``schema`` is where an editor finds the JSON schema. ``shown``: what a person has shown of the
    session; without it the recording is searched for a password.
    Raises :class:`BadInput` for a recording without pages and for decisions that cannot be applied.
    """
    require()
    if interface not in INTERFACES:
        raise BadInput(f"interface {interface!r} must be one of {', '.join(INTERFACES)}")
    if not _ID.match(id):
        raise BadInput(f"id {id!r} must consist of lower-case letters, digits and hyphens")
    history = read_history(recording, base_path)
    builder = DraftBuilder(copy.deepcopy(dict(decisions or {})))
    builder.set_value("schema", 1)
    builder.set_value("id", id)
    builder.set_value("interface", interface)
    _set_head(builder, interface, title or id)
    session = find_session(history, shown)
    steps = StepDrafter(history)
    SignInDrafter(builder, session, steps).draft()
    reads = ReadDrafter(builder, session, steps, interface)
    reads.draft()
    WriteDrafter(reads).draft()
    builder.apply_decisions()
    builder.refuse_wrong_operations()
    for name, item in builder.profile.get("write", {}).items() if interface == "other" else ():
        given = (
            [] if item == DECIDE or _is_within(f"write.{name}.inputs", builder.decisions) else inputs_of(item["steps"])
        )
        if given:  # an answer may have brought one
            item["inputs"] = given
    # A number or a text chooses from what is drafted, of which more may be open.
    whole = {key for key, value in builder.decisions.items() if not isinstance(value, (int, str))}
    builder.open = [each for each in builder.open if not _is_within(each.key, whole)]
    for name, read in list(builder.profile.get("read", {}).items()):
        if isinstance(read, dict) and "rows" in read and "complete" not in read:
            builder.ask(f"read.{name}.complete", ASK_COMPLETE)
    _hold_against(builder, recording, interface, history.left_out)
    asked = {each.key for each in builder.open}
    for place in (each.removeprefix(".") for each in open_places(builder.profile)):
        if not _is_within(place, asked):
            builder.open.append(Decision(place, ASK_VALUE))
    profile = builder.ordered_profile()
    _check_evidence(profile)
    return Draft(profile, builder.sure, builder.open, draft_text(builder, schema), history.base, history.left_out)


def _is_within(key: str, decided: Collection[str]) -> bool:
    """Whether ``key``, or a part of the profile that contains it, is one of ``decided``."""
    parts = key.split(".")
    return any(".".join(parts[:count]) in decided for count in range(1, len(parts) + 1))


def _hold_against(builder: DraftBuilder, recording: Recording, interface: str, left_out: list[str]) -> None:
    """Replay the recording with the draft. What does not fit it becomes a question, unless the user decided it.

    So does what the format refuses, such as a removal that does not say whom it removes; the rest is replayed.
    """
    refused: set[str] = set()
    while True:
        parts = {name: value for name, value in builder.profile.items() if not any(open_places(value, name))}
        parts["evidence"] = {"kind": "simulated", "note": "a draft"}
        for part in ("read", "write"):
            operations = builder.profile.get(part, {}).items()
            closed = {name: item for name, item in operations if not any(open_places(item, name))}
            parts[part] = {name: item for name, item in closed.items() if f"{part}.{name}" not in refused}
        for name, item in parts["write"].items():
            if item.get("verify") not in parts["read"]:
                parts["write"][name] = {key: value for key, value in item.items() if key != "verify"}
        try:
            report = check_profile(find_profile(parts, interface, None), recording=recording, states=_STATES)
            break
        except PrismaError as error:
            part, short = [*str(error.details.get("key", "")).split("."), "", ""][:2]
            if short not in parts.get(part, {}) or part not in ("read", "write"):
                if all(each.optional for each in builder.open):  # else nothing can be replayed before they are answered
                    left_out.append(f"the draft was not held against the recording: {error}")
                return
            refused.add(f"{part}.{short}")
            _ask_again(builder, f"{part}.{short}", f"is refused: {error}")
    for name, result in report.operations.items():
        if result.ok:
            continue
        if "." in name:
            _ask_again(builder, name, f"does not fit the recording: {result.problem}")
        elif not _is_decided(name, builder):
            _take_back(builder, name)
            left_out.append(f"{name} as drafted does not fit the recording: {result.problem}")


def _is_decided(name: str, builder: DraftBuilder) -> bool:
    """Whether a part of the profile, or any value in it, was decided."""
    return _is_within(name, builder.decisions) or any(key.startswith(f"{name}.") for key in builder.decisions)


def _ask_again(builder: DraftBuilder, name: str, why: str) -> None:
    """Make a question of a drafted operation, unless the user decided it. ``why`` says what is wrong with it."""
    if _is_decided(name, builder):
        return
    part, _dot, short = name.partition(".")
    drafted = builder.profile[part].pop(short)
    for write in builder.profile.get("write", {}).values() if part == "read" else ():
        if isinstance(write, dict) and write.get("verify") == short:
            del write["verify"]
    _take_back(builder, name)
    builder.open = [each for each in builder.open if not each.key.startswith(f"{name}.")]
    question = f"How does the interface do {short!r}? What was drafted {why}"
    builder.ask(name, question, [Choice(drafted, "as drafted")], optional=True)


def _take_back(builder: DraftBuilder, name: str) -> None:
    """Call nothing sure any more of a part of the profile that does not fit."""
    builder.sure = [each for each in builder.sure if not each.startswith((f"{name}.", f"{name}:"))]


def _set_head(builder: DraftBuilder, interface: str, title: str) -> None:
    builder.set_value("title", title)
    if not any(key.split(".")[0] == "evidence" for key in builder.decisions):
        choices = [
            Choice({"kind": "recorded", "model": "…", "firmware": "…", "date": "YYYY-MM-DD"}, "real hardware"),
            Choice({"kind": "simulated", "note": "Based on a simulator."}, "no hardware"),
        ]
        builder.ask("evidence", "What was recorded: which model and firmware, on which date? Or no hardware?", choices)
    elif "evidence" in builder.decisions:
        builder.ask("evidence", "")
    if interface == "controller":
        builder.ask("controller_kind", "Which kind of controller is it: SRA or PRISMAsync?", optional=True)
        builder.ask(
            "registration_method",
            "How is a printer registered: link (an address and a QR code), or hand_over (a page of the cloud)?",
            [Choice("link"), Choice("hand_over")],
            optional=True,
        )


def _check_evidence(profile: Mapping[str, t.Any]) -> None:
    """Raise :class:`BadInput` if ``evidence`` claims more than a draft can: nobody has used it on hardware yet."""
    evidence = profile.get("evidence")
    if not isinstance(evidence, dict):
        return
    if isinstance(evidence.get("date"), datetime.date):
        evidence["date"] = evidence["date"].isoformat()
    kind = evidence.get("kind")
    if kind == "verified":
        raise BadInput(
            "decisions: evidence.kind: a draft cannot be verified",
            advice="Use recorded or simulated. Set verified in the profile after it has worked on real hardware.",
        )
    lacking = [name for name in _HARDWARE if not str(evidence.get(name, "")).strip(" …")]
    if kind == "recorded" and lacking:
        raise BadInput(
            f"decisions: evidence: kind: recorded also needs {', '.join(lacking)}",
            advice="Add model, firmware and date of the hardware, or use kind: simulated.",
        )
    if kind == "recorded":
        made = f"Drafted from a recording of {evidence['model']}, firmware {evidence['firmware']}, {evidence['date']}."
        evidence.setdefault("note", made)
    evidence.setdefault("note", "Drafted from a recording without real hardware.")
