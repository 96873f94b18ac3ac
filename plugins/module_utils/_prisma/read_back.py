# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a write: another session may have been faster, its answer lost, or others affected. Knows no page."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .._decide.text import first_of
from .._web.errors import Busy, NotReadBack, PrismaError, UnexpectedPage
from .._web.session.session import Session
from .serials import gone_besides
from .task import Request

State = t.TypeVar("State")


@dataclass(frozen=True)
class Written(t.Generic[State]):
    """What became of a write. ``own``: this task's write was carried out, or may have been.

    ``returned`` is what the write returned, if it did; ``state`` what was read where it failed.
    """

    own: bool
    returned: t.Any = None
    state: State | None = None


def write_or_read_back(
    request: Request,
    write: Callable[[], t.Any],
    read: Callable[[], State],
    *,
    before: State,
    done: Callable[[State], bool],
    shows_all: bool = True,
) -> Written[State]:
    """Carry out ``write``. Where it fails, ``read`` decides: the interface may have changed since it was last read.

    A state that is ``done`` counts as written. One that is neither ``done`` nor what it was ``before`` raises
    :class:`Busy`: another session is at it. Otherwise nothing has changed, and the error of the write is raised.

    ``shows_all``: ``read`` shows all that the write can have done. If not, as of a row that may go later, or instead of
    which another one went, what was sent and not refused in words of the profile counts as a change.
    """
    try:
        return Written(own=True, returned=write())
    except PrismaError as error:
        for session in request.sessions:
            session.wrote = session.wrote or (not shows_all and session.last_write.may_be_done)
        if not may_be_overtaken(error):
            raise
        try:
            state = read()
        except Busy:
            raise
        except PrismaError:
            raise error from None
        lost = error.may_have_arrived
        if done(state):
            return Written(own=lost or any(session.wrote for session in request.sessions), state=state)
        if state != before:
            raise Busy(f"another session changed the same settings meanwhile: {error}") from error
        if not lost and (shows_all or not any(session.wrote for session in request.sessions)):  # it was refused
            request.result.plan({}, {})
        raise


def may_be_overtaken(error: PrismaError) -> bool:
    """Whether ``error`` can mean that another session was faster, or that an answer was lost.

    A refused write, a form or a button that is gone, a write that does not show: not a request that never arrived, nor
    one that was refused for its account, its certificate or its profile.
    """
    overtaken = isinstance(error, (Busy, UnexpectedPage, NotReadBack)) or error.__class__ is PrismaError
    return overtaken or error.may_have_arrived


@contextlib.contextmanager
def others_stay(
    request: Request, session: Session, name: str, serial: str, prove: Callable[[], object]
) -> Iterator[None]:
    """Remove a printer inside, and raise :class:`NotReadBack` if others are gone after it, whatever it raised.

    ``name``: the read of the whole list. ``prove`` raises if that is of another site or tenant by now. What is gone
    where nothing was sent, another session has removed.
    """

    def read() -> Sequence[Mapping[str, t.Any]]:
        prove()
        return session.read(name).rows if session.can("read", name) else ()

    before = read()
    failure: PrismaError | None = None
    try:
        yield
    except PrismaError as error:
        failure = error
    gone: list[str] = []
    try:
        gone = gone_besides(serial, before, read()) if session.wrote or session.last_write.sent else []
    except PrismaError as error:
        if failure is None:
            raise NotReadBack(
                f"{serial} was removed, and whether others are gone with it is not known: {error}",
                advice="Check the list with a browser. Then run again: what is removed already is left alone.",
                details=error.details,
            ) from error
    if gone:
        session.wrote = request.result.changed = True
        raise NotReadBack(
            f"the removal of {serial} was sent, and printers that it does not name are gone: {first_of(gone)}"
            + (f"; {failure}" if failure is not None else ""),
            advice="Check the list with a browser, and correct what is wrong there. If nobody else has removed them "
            "meanwhile, the profile acts on other printers than it is given: correct it before the next run.",
            details={"gone": gone},
        ) from failure
    if failure is not None:
        raise failure
