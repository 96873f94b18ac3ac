# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Regular expressions that a profile brings along, under a time limit. Knows no profile and no page."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from .. import libraries

SECONDS = 1.0
"""For one search. Patterns come with profiles, which are shared: a careless one must not hang a run."""

LONGEST = 1_000
"""Characters of a pattern."""
MOST_UNFOLDED = 1_000_000
"""Characters of a pattern times all its counted repeats (``{2,5}``): the library writes repeats out, one by one."""

_COUNTED = re.compile(r"\{\s*(\d*)\s*(?:,\s*(\d*)\s*)?\}")


class PatternProblem(Exception):
    """A pattern does not parse, or it could use up time or memory."""


class OutOfTime(Exception):
    """A pattern needs too long for a text."""


@dataclass(frozen=True)
class Pattern:
    """A pattern that has been compiled."""

    source: str
    _compiled: t.Any

    @classmethod
    def build(cls, source: str) -> Pattern:
        """Compile ``source``; raise :class:`PatternProblem`."""
        source = str(source)
        if len(source) > LONGEST:
            raise PatternProblem(f"the pattern has {len(source)} characters; {LONGEST} are allowed")
        if _unfolded(source) > MOST_UNFOLDED:
            raise PatternProblem(f"the pattern {source!r} has too many repeats, or repeats within repeats")
        try:
            return cls(source, libraries.regex.compile(source))
        except (libraries.regex.error, OverflowError, RecursionError) as error:
            raise PatternProblem(f"the pattern {source!r} does not parse: {error}") from error

    @property
    def groups(self) -> int:
        """How many groups it has."""
        return int(self._compiled.groups)

    def search(self, text: str) -> t.Any:
        """Return the match object or None; raise :class:`OutOfTime`."""
        try:
            return self._compiled.search(text, timeout=SECONDS)
        except TimeoutError as error:
            raise OutOfTime(f"the pattern {self.source!r} needs more than {SECONDS:g} s") from error


def _unfolded(source: str) -> int:
    """Return how long the pattern may become, as if each repeat stood inside all others."""
    length = len(source)
    for least, most in _COUNTED.findall(source):
        length *= max(int((most or least or "1")[:9]), 1)
    return length
