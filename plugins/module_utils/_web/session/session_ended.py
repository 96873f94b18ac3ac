# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer that a session has ended. No failure of a task by itself: it may sign in again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from ..errors import PrismaError


class SessionEnded(Exception):
    """The interface answered as it does to users who are not signed in, with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status

    @property
    def denied(self) -> bool:
        """Whether the request was refused for it (RFC 9110, 15.5.2 and 15.5.4), so that it was not carried out."""
        return self.status in (401, 403)


@contextlib.contextmanager
def unless_session_ended(do: Callable[[], None]) -> Iterator[None]:
    """Call ``do`` after the block, also if it fails; but not if the session ended, as it may be another one by now."""
    try:
        yield
    except PrismaError:
        do()
        raise
    do()
