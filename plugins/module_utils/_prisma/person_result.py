# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of one person in a run of steps: what was done, what is left, and why. Sends nothing."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._decide.access.model import PlanStep
from .._web.errors import PrismaError


@dataclass
class PersonResult:
    """The result of one person. ``messages`` are the answers."""

    person: str
    done: list[PlanStep] = field(default_factory=list)
    left: list[PlanStep] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    error: PrismaError | None = None

    def note(self, step: PlanStep, message: str | None) -> None:
        """Note a step that was carried out."""
        self.done.append(step)
        if message:
            self.messages.append(message)

    @property
    def unsettled(self) -> bool:
        """Whether steps of this person failed or were not taken."""
        return self.error is not None or bool(self.left)

    def settle(self) -> PrismaError | None:
        """Count everything as done, as the lists show it in the end; return what had failed."""
        error, self.error = self.error, None
        self.done, self.left = [*self.done, *self.left], []
        return error

    def as_dict(self) -> dict[str, t.Any]:
        """Return plain data for the result."""
        outcome = "failed" if self.error is not None else "not_tried" if self.left else "done"
        failure = {"reason": str(self.error).rstrip("."), "advice": self.error.advice} if self.error is not None else {}
        lists = {
            "done": [step.label for step in self.done],
            "left": [step.label for step in self.left],
            "messages": self.messages,
        }
        return {"person": self.person, "outcome": outcome, **lists, **failure}
