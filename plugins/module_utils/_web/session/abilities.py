# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a session without asking the interface: how it is signed in to, and what its profile can."""

from __future__ import annotations

import typing as t

from ..errors import Unsupported
from ..profile.profile import Profile
from .methods import Method


class Abilities:
    """What a session can do. It is signed in to by a method, or by its profile if ``_method`` is None."""

    profile: Profile
    _method: Method | None

    @property
    def method(self) -> str:
        """The name of the sign-in method, for results."""
        return self._method.name if self._method is not None else self.profile.sign_in.method

    @property
    def ends(self) -> float | None:
        """When the session ends, in seconds since 1970; None if that is not known."""
        return self._method.ends if self._method is not None else None

    @property
    def renews(self) -> bool:
        """Whether a session that ended is opened again without a person: by a password or a refresh token."""
        return self._method is None or self._method.renews

    @property
    def advice(self) -> str | None:
        """What to do when a session that was there before has ended."""
        return self._method.advice if self._method is not None else None

    def can(self, part: t.Literal["read", "write"], name: str) -> bool:
        """Whether the profile has the read or write ``name``."""
        return name in (self.profile.reads if part == "read" else self.profile.writes)

    def require(self, part: t.Literal["read", "write"], name: str) -> None:
        """Raise :class:`Unsupported` unless the profile has the read or write ``name``.

        A task that has planned a change calls it in check mode, too, which predicts no change that cannot be made.
        """
        if not self.can(part, name):
            raise Unsupported(
                f"the profile {self.profile.id} has no {part} {name!r}",
                advice=f"Add {part}.{name} to the profile, or choose another profile.",
            )

    def only_reads(self, write: str) -> bool:
        """Whether no step of ``write`` changes anything, by the profile; check mode may then run it."""
        operation = self.profile.writes.get(write)
        return operation is not None and not any(step.writes for step in operation.steps)
