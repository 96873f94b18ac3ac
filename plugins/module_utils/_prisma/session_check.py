# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the session at a cloud before printers are registered: a link that nobody can claim is made in vain."""

from __future__ import annotations

import time

from .._decide.session_time import too_short_for_all, too_short_for_one
from .._web.errors import SignInRefused
from .._web.session.expiry import iso_time
from .._web.session.session import Session
from .task import Request


def note_session(request: Request, session: Session) -> None:
    """Note in the result how ``session`` was signed in, and when it ends."""
    ends = session.ends
    request.result.values.update(sign_in=session.method, session_ends=None if ends is None else iso_time(ends))


def check_session_time(request: Request, session: Session) -> None:
    """Raise if the session of a run that registers printers ends before one could be; warn if before all could be."""
    printers, ends = request.options["fleet_size"], session.ends
    if not printers or ends is None:
        return
    left = ends - time.time()
    problem = too_short_for_one(left)
    if problem:
        raise SignInRefused(f"{problem} ({session.account})", advice=session.advice)
    warning = too_short_for_all(left, printers, request.options["at_once"])
    if warning and not session.facts.get("warned"):
        session.remember(warned=True)  # for the other printers of this run
        request.result.warnings.append(
            f"{warning} ({session.account}). What it does not last for is left for the next run. {session.advice}"
        )
