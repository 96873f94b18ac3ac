# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of one write of a session, whatever its end: an error alone does not say whether it was carried out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import PrismaError, TransportError, UnexpectedPage
from .navigator import Navigator
from .session_ended import SessionEnded


@dataclass
class LastWrite:
    """``sent``: the interface may have acted on it. ``lost``: an answer is missing, or is not as the profile expects.

    One that was sent and failed without being lost was refused in words that the profile knows.
    """

    sent: bool = False
    lost: bool = False
    done: bool = False

    @contextlib.contextmanager
    def watch(self, navigator: Navigator) -> Iterator[None]:
        """Note how one attempt ends. What is known of an earlier attempt stays."""
        try:
            yield
        except SessionEnded:
            self._note(navigator.write_answered, lost=True)
            raise
        except TransportError as error:
            self._note(error.may_have_arrived or navigator.write_answered, lost=True)
            raise
        except UnexpectedPage:
            self._note(navigator.wrote, lost=True)
            raise
        except PrismaError as error:  # before the request that acts, nothing is lost
            arrived = navigator.wrote and error.may_have_arrived
            self._note(arrived or navigator.write_answered, lost=arrived)
            raise
        except BaseException:  # a defect of this collection, or a signal: nobody has read what was answered
            self._note(navigator.wrote, lost=True)
            raise
        self.sent = self.done = True

    @property
    def may_be_done(self) -> bool:
        """Whether it was carried out, or may have been."""
        return self.done or self.lost

    def _note(self, sent: bool, *, lost: bool) -> None:
        self.sent = self.sent or sent
        self.lost = self.lost or (sent and lost)
