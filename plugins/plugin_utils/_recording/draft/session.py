# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the session in a recording: how it signs in, and which visits sign in and out. Drafts nothing."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .candidates import form_test, is_true
from .hints import has_word, hints, word_score
from .history import BrowsingHistory, RecordedSubmission, Visit


@dataclass(frozen=True)
class RecordedSession:
    """The session in a recording: how it signs in, and the numbers of the visits that sign in and out.

    ``submission`` is the sign-in by form, ``request`` the sign-in by any other method.
    """

    method: str
    first: int
    last: int
    submission: RecordedSubmission | None = None
    request: Visit | None = None


def find_session(history: BrowsingHistory) -> RecordedSession:
    """Return the session of the recording. Its method is ``none`` if the recording shows no sign-in."""
    tried = [
        each for each in (history.submission(visit) for visit in history.visits) if each and _is_sign_in_form(each)
    ]
    if tried:
        names = {(each.form["action"], each.form["name"], each.form["id"]) for each in tried}
        first = tried[0]
        same = [each for each in tried if (each.form["action"], each.form["name"], each.form["id"]) in names]
        good = [each for each in same if not _shows_form(history.landing(each.visit), first.form)]
        done = good[0] if good else same[-1]
        return RecordedSession("form", done.visit.number, _end_of_session(history, done.visit.number), submission=done)
    return _find_without_form(history)


def _find_without_form(history: BrowsingHistory) -> RecordedSession:
    for visit in history.visits:
        fields = dict(visit.form)
        if fields.get("grant_type") == "client_credentials":
            return RecordedSession(
                "client_credentials", visit.number, _end_of_session(history, visit.number), request=visit
            )
        if visit.writes and isinstance(visit.json_body, dict) and password_key(visit.json_body):
            return RecordedSession("json", visit.number, _end_of_session(history, visit.number), request=visit)
    for visit in history.visits:
        scheme = visit.headers.get("authorization", "").split(" ")[0].lower()
        asked = visit.response_headers.get("www-authenticate", "").split(" ")[0].lower()
        for name in ("basic", "digest"):
            if name in (scheme, asked):
                return RecordedSession(name, visit.number, _end_of_session(history, visit.number), request=visit)
    return RecordedSession("none", -1, _end_of_session(history, -1))


def _end_of_session(history: BrowsingHistory, first: int) -> int:
    for visit in history.visits:
        if visit.number > first and is_sign_out(visit, history):
            return visit.number
    return max((visit.number for visit in history.visits), default=0) + 1


def is_sign_out(visit: Visit, history: BrowsingHistory) -> bool:
    """Whether ``visit`` signs out, by its address or by the label of the submitted button."""
    if has_word(visit.path.rsplit("/", 1)[-1].rsplit(".", 1)[0], hints()["sign_out"]):
        return True
    submission = history.submission(visit) if visit.writes else None
    return submission is not None and any(
        has_word(each["label"], hints()["sign_out"]) for each in submission.form["buttons"]
    )


def _is_sign_in_form(submission: RecordedSubmission) -> bool:
    shown = [
        each for each in submission.form["controls"] if each["type"] not in ("hidden", "checkbox", "select", "radio")
    ]
    passwords = [each for each in shown if each["type"] == "password"]
    return len(passwords) == 1 and len(shown) <= 2


def password_key(sent: t.Mapping[str, t.Any]) -> str | None:
    """Return the key of the password in a JSON request, None without one."""
    return next((str(name) for name in sent if word_score(str(name), hints()["password"]) >= 3), None)


def _shows_form(visit: Visit, form: t.Mapping[str, t.Any]) -> bool:
    test = form_test(form, [form])
    return visit.page.kind == "html" and bool(test) and is_true(f"forms[?{test}]", visit.data)
