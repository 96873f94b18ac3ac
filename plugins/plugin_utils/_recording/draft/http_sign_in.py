# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts a sign-in by HTTP authentication (Basic, Digest): the interface asks with status 401 (RFC 9110)."""

from __future__ import annotations

from .builder import DraftBuilder
from .candidates import is_true
from .history import BrowsingHistory, Visit
from .session import RecordedSession


def draft_match_by_challenge(builder: DraftBuilder, history: BrowsingHistory) -> bool:
    """Draft ``match`` by what the interface asks with, if nobody sees a page of it before. Return whether it is so."""
    first = next((each for each in history.visits if each.own), None)
    if first is None or first is not _challenge(history):
        return False
    asked = _challenges(first)[0].partition(",")[0]
    readable = "".join(each if each.isalnum() or each in ' ="' else "." for each in asked)
    sign = {"status": 401, "headers": {"WWW-Authenticate": f"^{readable}"}, "points": 1}
    match = {"steps": [{**first.get, "ok": [401]}], "signs": [sign], "enough": 1}
    builder.set_value("match", match, f"{first.name} asks for a password")
    return True


def draft_http(builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession) -> list[Visit]:
    """Draft ``sign_in`` and ``session_ended``, except ``signed_in``. Return the page that proves it, none if none does.

    The steps lead to the page that asked, and to the one with the sign that a person decided on.
    """
    challenge, sign = _challenge(history), builder.decisions.get("sign_in.signed_in")
    pages = [each for each in session.pages if challenge is not None and each.path == challenge.path]
    pages = [*pages[:1], *session.pages][:1]
    if isinstance(sign, str) and pages and not is_true(sign, pages[0].data):
        pages += [each for each in session.pages if is_true(sign, each.data)][:1]
    builder.set_value("sign_in.method", session.method, f"HTTP {session.method.title()} authentication")
    builder.set_value("sign_in.steps", [each.get for each in pages] or [{"get": ""}])
    builder.set_value("sign_in.refused", {"status": 401}, "RFC 9110, section 15.5.2")
    if challenge is not None:
        builder.set_value("session_ended", {"status": 401}, f"{challenge.name} asks for a password")
    if session.shown and sign is None and pages:  # a page that asks is sign enough
        builder.set_value("sign_in.signed_in", {"status": pages[0].status}, f"{pages[0].name} asks for a password")
        return []
    return pages[-1:]


def _challenge(history: BrowsingHistory) -> Visit | None:
    asks = (each for each in history.visits if each.own and each.status == 401)
    return next(filter(_challenges, asks), None)


def _challenges(visit: Visit) -> list[str]:
    return [each for each in visit.answered("www-authenticate") if each.lower().startswith(("basic ", "digest "))]
