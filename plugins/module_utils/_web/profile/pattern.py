# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Regular expressions that a profile brings along, under a time limit. Knows no profile and no page."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .. import libraries

SECONDS = 1.0
"""For one search. Patterns come with profiles, which are shared: a careless one must not hang a run."""


class PatternProblem(Exception):
    """A pattern does not parse."""


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
        try:
            return cls(source, libraries.regex.compile(str(source)))
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
