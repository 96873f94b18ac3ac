# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds a draft: the profile so far, what the recording proves, open questions, and the user's decisions.

The key of a decision is the dotted path of the value in the profile, such as ``read.ors.fields.state``. A user can
decide any value, also one that the recording proves. This module does not read recordings.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ....module_utils._web.errors import BadInput

DECIDE = "DECIDE"
"""The value of every key that a person must still decide. A profile that contains it is refused."""
MAX_CHOICES = 12

PROFILE_KEYS = (
    *("schema", "id", "interface", "title", "evidence", "controller_kind", "registration_method", "address_hosts"),
    *("lists", "caveats", "redact", "limits", "match", "headers", "sign_in", "session", "sign_out", "session_ended"),
    *("problems", "read", "write"),
)
"""The top-level keys of a profile, in the order in which a draft lists them."""
_MAPPINGS = frozenset({"match", "headers", "read", "write"})
"""Those of them that the draft reads as mappings, whoever decides them."""


@dataclass(frozen=True)
class Choice:
    """A possible answer to a question, and what that answer reads in the recording."""

    answer: t.Any
    reads: t.Any = None


@dataclass(frozen=True)
class Decision:
    """A question to the user. ``key`` is the path in the profile; ``optional``: the profile is complete without it."""

    key: str
    question: str
    candidates: tuple[Choice, ...] = ()
    optional: bool = False

    def as_dict(self) -> dict[str, t.Any]:
        """Return the decision as a module returns it."""
        return {**vars(self), "candidates": [vars(each) for each in self.candidates]}


@dataclass
class DraftBuilder:
    """Collects the values of a draft. A user's decision always wins over a value from the recording.

    ``sure``: what the recording proves, one text per value. ``open``: the questions that nobody has answered.
    """

    decisions: Mapping[str, t.Any] = field(default_factory=dict)
    profile: dict[str, t.Any] = field(default_factory=dict)
    sure: list[str] = field(default_factory=list)
    open: list[Decision] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)

    def is_decided(self, key: str) -> bool:
        """Whether the user has decided ``key``."""
        return key in self.decisions

    def decision(self, key: str) -> t.Any:
        """Return the user's decision for ``key``, None if there is none, and mark it as used."""
        if key in self.decisions:
            self._used.add(key)
        return self.decisions.get(key)

    def set_value(self, key: str, value: t.Any, why: str | None = None) -> t.Any:
        """Set ``key`` to the user's decision, or to ``value``. Return what was set.

        ``why`` says which part of the recording proves ``value``.
        """
        if self.is_decided(key):
            value = self.decision(key)
        elif why:
            self.sure.append(f"{key}: {why}")
        self.put(key, value)
        return value

    def ask(self, key: str, question: str, candidates: Iterable[Choice] = (), *, optional: bool = False) -> t.Any:
        """Set ``key`` to the user's decision, or record an open question.

        Return the answer; without one, None if the question is ``optional`` and otherwise :data:`DECIDE`.
        """
        choices = tuple(candidates)[:MAX_CHOICES]
        if self.is_decided(key):
            value = self._answer(key, choices)
            self.put(key, value)
            return value
        self.open.append(Decision(key, question, choices, optional))
        if optional:
            return None
        self.put(key, DECIDE)
        return DECIDE

    def _answer(self, key: str, choices: Sequence[Choice]) -> t.Any:
        value = self.decision(key)
        if isinstance(value, int) and not isinstance(value, bool) and choices:
            if not 1 <= value <= len(choices):
                raise BadInput(
                    f"decisions: {key}: there is no candidate {value}; the candidates are 1 to {len(choices)}"
                )
            return choices[value - 1].answer
        return value

    def __post_init__(self) -> None:
        for key in _MAPPINGS & self.decisions.keys():
            if not isinstance(self.decisions[key], (Mapping, type(None))):
                raise BadInput(f"decisions: {key}: must be a mapping", advice=f"Decide its values: {key}.NAME.")

    def refuse_wrong_operations(self) -> None:
        """Raise :class:`BadInput` where a decision makes of an operation something that cannot be one."""
        for part in ("read", "write"):
            for name, item in self.profile.get(part, {}).items():
                if item != DECIDE and not isinstance(item, Mapping):
                    raise BadInput(f"decisions: {part}.{name}: must be a mapping, or name what the draft offers")

    def apply_decisions(self) -> None:
        """Set the decisions that answer no question of the draft. Raise :class:`BadInput` for an unknown key."""
        for key, value in self.decisions.items():
            if key in self._used:
                continue
            if key.split(".")[0] not in PROFILE_KEYS:
                raise BadInput(
                    f"decisions: {key!r} is not a key of a profile",
                    advice=f"Use the dotted path of a value; it begins with one of {', '.join(PROFILE_KEYS)}.",
                )
            self.put(key, value)

    def put(self, key: str, value: t.Any) -> None:
        """Set the value at a dotted path, whatever was decided; None removes it."""
        at: t.Any = self.profile
        part, _dot, rest = _first_part(at, key)
        while rest:
            if isinstance(at, dict):
                if value is None and part not in at:
                    return
                if isinstance(at.get(part), str):  # the short form of a field (an expression alone), or DECIDE
                    at[part] = {"pick": at[part]} if at[part] != DECIDE else {}
                at = at.setdefault(part, {})
            else:
                at = at[_index(at, part, key, end=-1)]
            part, _dot, rest = _first_part(at, rest)
        if not isinstance(at, dict):
            index = _index(at, part, key)
            at[index : index + 1] = [] if value is None else [value]
        elif value is None:
            at.pop(part, None)
        else:
            at[part] = value

    def ordered_profile(self) -> dict[str, t.Any]:
        """Return the profile with its keys in the order of :data:`PROFILE_KEYS`."""
        return {name: self.profile[name] for name in PROFILE_KEYS if name in self.profile}


def open_places(value: t.Any, place: str = "") -> Iterator[str]:
    """Yield the dotted path of every value in which a question is open."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from open_places(item, f"{place}.{key}")
    if value == DECIDE:
        yield place


def _first_part(at: t.Any, key: str) -> tuple[str, str, str]:
    """Return the first part of a dotted path in ``at`` and the rest. Names of fields may have dots themselves."""
    dots = [place for place, each in enumerate(key) if each == "."] if isinstance(at, dict) else []
    end = next((end for end in (len(key), *reversed(dots)) if key[:end] in at), None) if dots else None
    return key.partition(".") if end is None else (key[:end], ".", key[end + 1 :])


def _index(at: t.Any, part: str, key: str, end: int = 0) -> int:
    """Return ``part`` of a path as an index of the list ``at``, at most that behind its last entry, plus ``end``."""
    if not isinstance(at, list):
        raise BadInput(f"decisions: {key}: what contains {part!r} is neither a mapping nor a list")
    if not part.isdigit() or int(part) > len(at) + end:
        raise BadInput(f"decisions: {key}: the list has no such entry; it has {len(at)} entries, counted from 0")
    return int(part)
