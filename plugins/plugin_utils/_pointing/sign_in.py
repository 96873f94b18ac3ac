# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells the draft which exchanges sign in and out, and what a person pointed at as the sign of a session; and the proof
with which account. Pure."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from .._recording.draft.session import RecordedSession, ShownSession
from .._recording.draft.tokens import leaves
from .guide import Guide
from .proof import LiveProof

if t.TYPE_CHECKING:
    from .capture import Capture


def _exchanges(guide: Guide, capture: Capture, key: str) -> tuple[int, int] | None:
    result = guide.result(key)
    return None if result is None else capture.renumbered(result.first, result.last)


def shown_session(guide: Guide, capture: Capture) -> ShownSession | None:
    """Return which exchanges sign in and out, None if nobody signed in."""
    signed_in = _exchanges(guide, capture, "sign_in")
    if signed_in is None:
        return None
    refused, signed_out = (_exchanges(guide, capture, key) for key in ("refused", "sign_out"))
    return ShownSession(signed_in, refused, signed_out)


def sign_in_decisions(guide: Guide, session: RecordedSession) -> dict[str, t.Any]:
    """Return what a draft cannot find out about the session that was shown."""
    decided: dict[str, t.Any] = {} if guide.result("sign_out") is not None else {"sign_out": None}
    sign = guide.result("sign_in.signed_in")
    if not session.shown:
        return decided
    # By JSON the answer itself says it, and not a page, if it says anything.
    answer = session.request.page if session.method == "json" and session.request is not None else None
    if sign is not None and not (answer is not None and answer.kind == "json" and answer.data):
        decided["sign_in.signed_in"] = sign.pick
    hosts = {urlsplit(each.visit.url).netloc for each in session.forms if not each.visit.own}
    return decided | ({"sign_in.hosts": sorted(hosts)} if hosts else {})


def account_of(
    guide: Guide, capture: Capture, session: RecordedSession, steps: Iterable[Mapping[str, t.Any]]
) -> LiveProof | None:
    """Return the account that signed in: what the recorded request sent in the fields that ``steps`` fill in.

    None without a password, and if a script sent another one than was typed: a wrong one may lock the account.
    """
    done = guide.result("sign_in")
    typed = capture.typed_in(done.first, done.last) if done is not None else []
    if session.method in ("basic", "digest"):  # the panel asked, and no request has the password
        given = {each.name: each.value for each in typed}
    else:
        sent = [each.visit for each in session.forms] or [each for each in (session.request,) if each is not None]
        values = {
            name: str(value)
            for visit in sent
            for part in (dict(visit.form), visit.sent_json)
            for name, value in leaves(part, "")
        }
        filled = (pair for step in steps for part in ("fill", "form", "json") for pair in leaves(step.get(part), ""))
        inputs = ((name, re.fullmatch(r"\$\{(\w+)\}", str(text))) for name, text in filled)
        given = {found[1]: values[name] for name, found in inputs if found is not None and name in values}
    password = given.get("password", "")
    passwords = {each.value for each in typed if each.secret}
    if not password or (passwords and password not in passwords):
        return None
    return LiveProof(given.get("username", ""), password, given.get("domain") or None)
