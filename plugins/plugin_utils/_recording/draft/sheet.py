# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A draft while it is made: the profile so far, what is sure, what a person must decide, and what was decided.

A decision's key is the place in the profile that it settles, such as ``read.ors.fields.state``. So any place can be
decided, also one that the draft was sure of. Knows no recording.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ....module_utils._web.errors import BadInput

DECIDE = "DECIDE"
"""Stands in a draft where a person must decide; no profile with it is used."""
MOST_CANDIDATES = 12

TOP = (
    *("schema", "id", "interface", "title", "evidence", "controller_kind", "registration_method", "address_hosts"),
    *("caveats", "redact", "limits", "match", "headers", "sign_in", "sign_out", "session_ended", "problems"),
    *("read", "write"),
)
"""The keys of a profile, in the order of a draft."""


@dataclass(frozen=True)
class Choice:
    """One answer to a decision, and what it reads in the recording."""

    answer: t.Any
    reads: t.Any = None


@dataclass(frozen=True)
class Decision:
    """What a person must decide (or may, if ``optional``). ``key`` is stable: it is the place in the profile."""

    key: str
    question: str
    candidates: tuple[Choice, ...] = ()
    optional: bool = False

    def as_dict(self) -> dict[str, t.Any]:
        """Return it as plain data, for a result."""
        return {
            "key": self.key,
            "question": self.question,
            "optional": self.optional,
            "candidates": [{"answer": each.answer, "reads": each.reads} for each in self.candidates],
        }


@dataclass
class DraftSheet:
    """The draft in the making."""

    decisions: Mapping[str, t.Any] = field(default_factory=dict)
    profile: dict[str, t.Any] = field(default_factory=dict)
    sure: list[str] = field(default_factory=list)
    open: list[Decision] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)

    def decided(self, key: str) -> bool:
        """Whether a person has decided ``key``."""
        return key in self.decisions

    def decision(self, key: str) -> t.Any:
        """Return what was decided for ``key``, None if nothing was."""
        if key in self.decisions:
            self._used.add(key)
        return self.decisions.get(key)

    def settle(self, key: str, value: t.Any, why: str | None = None) -> t.Any:
        """Put ``value`` at ``key``, unless a person has decided otherwise. Returns what stands there."""
        if self.decided(key):
            value = self.decision(key)
        elif why:
            self.sure.append(f"{key}: {why}")
        self._put(key, value)
        return value

    def ask(self, key: str, question: str, candidates: Iterable[Choice] = (), *, optional: bool = False) -> t.Any:
        """Put what was decided for ``key``, or leave it to be decided. Returns the answer, DECIDE, or None."""
        choices = tuple(candidates)[:MOST_CANDIDATES]
        if self.decided(key):
            value = self._answer(key, choices)
            self._put(key, value)
            return value
        self.open.append(Decision(key, question, choices, optional))
        if optional:
            return None
        self._put(key, DECIDE)
        return DECIDE

    def _answer(self, key: str, choices: Sequence[Choice]) -> t.Any:
        value = self.decision(key)
        if isinstance(value, int) and not isinstance(value, bool) and choices:
            if not 1 <= value <= len(choices):
                raise BadInput(f"decisions: {key}: there is no candidate {value}, there are {len(choices)}")
            return choices[value - 1].answer
        return value

    def overlay(self) -> None:
        """Put what was decided for places that the draft did not ask about. Raises :class:`BadInput`."""
        for key, value in self.decisions.items():
            if key in self._used:
                continue
            if key.split(".")[0] not in TOP:
                raise BadInput(
                    f"decisions: {key!r} is no place in a profile",
                    advice=f"A key is the dotted path of what it decides and begins with one of {', '.join(TOP)}.",
                )
            self._put(key, value)

    def _put(self, key: str, value: t.Any) -> None:
        parts = key.split(".")
        at: t.Any = self.profile
        for index, part in enumerate(parts[:-1]):
            at = self._into(at, part, ".".join(parts[: index + 1]), value is None)
            if at is None:
                return
        last = parts[-1]
        if isinstance(at, list):
            self._put_into_list(at, last, value, key)
        elif isinstance(at, dict):
            if value is None:
                at.pop(last, None)
            else:
                at[last] = value
        else:
            raise BadInput(f"decisions: {key}: {'.'.join(parts[:-1])} holds nothing")

    @staticmethod
    def _into(at: t.Any, part: str, key: str, removing: bool) -> t.Any:
        if isinstance(at, list):
            if not part.isdigit() or int(part) >= len(at):
                raise BadInput(f"decisions: {key}: there is no such entry, there are {len(at)}")
            return at[int(part)]
        if not isinstance(at, dict):
            raise BadInput(f"decisions: {key}: {at!r} holds nothing")
        if removing and part not in at:
            return None
        if isinstance(at.get(part), str):  # a short form such as an expression, or what is not decided yet
            at[part] = {"pick": at[part]} if at[part] != DECIDE else {}
        return at.setdefault(part, {})

    @staticmethod
    def _put_into_list(at: list[t.Any], last: str, value: t.Any, key: str) -> None:
        if not last.isdigit() or int(last) > len(at):
            raise BadInput(f"decisions: {key}: there is no such entry, there are {len(at)}")
        if value is None:
            del at[int(last) : int(last) + 1]
        elif int(last) == len(at):
            at.append(value)
        else:
            at[int(last)] = value

    def in_order(self) -> dict[str, t.Any]:
        """Return the profile with its keys in the order of the format."""
        return {name: self.profile[name] for name in TOP if name in self.profile}
