# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the session in a recording: how it signs in, and which visits sign in and out. Drafts nothing."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from ..hints import has_word, hints, is_sign_out_address, word_score
from .candidates import form_test, quoted
from .history import BrowsingHistory, RecordedSubmission, Visit, asks_for_password, is_same_form, shows_form


@dataclass(frozen=True)
class RecordedSession:
    """The session in a recording: how it signs in, and the numbers of the visits that sign in and out.

    ``submission`` is the sign-in by form, ``request`` the sign-in by any other method: of several the one that
    succeeded. ``refused``: the pages that answered the others. ``pages``: those that were shown while signed in.
    """

    method: str
    first: int
    last: int
    pages: tuple[Visit, ...]
    submission: RecordedSubmission | None = None
    request: Visit | None = None
    refused: tuple[Visit, ...] = ()


def find_session(history: BrowsingHistory) -> RecordedSession:
    """Return the session of the recording. Its method is ``none`` if the recording shows no sign-in."""
    by_form, by_http = _by_form(history), _by_http(history)
    if by_form is None and (by_token := _by_token_endpoint(history)) is not None:
        return by_token
    first = by_http if by_http and not (by_form and by_form.first < by_http.first) else by_form
    return first or _by_json(history) or _session(history, "none", None)


def _by_form(history: BrowsingHistory) -> RecordedSession | None:
    """A form that asks for a password is no sign-in on a page that offers to sign out."""
    sent = [each for each in map(history.submission, history.visits) if each and asks_for_password(each.form)]
    sent = [each for each in sent if each.visit.writes and not any(sign_out_signs(each.source))]
    if not sent:
        return None
    tried = [each for each in sent if is_same_form(each.form, sent[0].form)]
    ends = {each.visit.number: history.landing(each.visit) for each in tried}
    done = next((each for each in tried if not shows_form(ends[each.visit.number], each.form)), tried[-1])
    refused = tuple(ends[each.visit.number] for each in tried if each.visit.number < done.visit.number)
    return _session(history, "form", done.visit, submission=done, refused=refused)


def _by_token_endpoint(history: BrowsingHistory) -> RecordedSession | None:
    tokens = (each for each in history.visits if dict(each.form).get("grant_type") == "client_credentials")
    token = next(tokens, None)
    return _session(history, "client_credentials", token, request=token) if token is not None else None


def _by_http(history: BrowsingHistory) -> RecordedSession | None:
    found = next(((each, name) for each in history.visits if (name := _http_method(each))), None)
    return _session(history, found[1], found[0], request=found[0]) if found is not None else None


def _by_json(history: BrowsingHistory) -> RecordedSession | None:
    calls = [each for each in history.visits if each.writes and isinstance(each.json_body, dict)]
    calls = [each for each in calls if password_key(each.json_body)]
    calls = [each for each in calls if each.path == calls[0].path]
    if not calls:
        return None
    accepted = next((each for each in calls if each.status < 400), calls[-1])
    refused = tuple(each for each in calls if each.number < accepted.number)
    return _session(history, "json", accepted, request=accepted, refused=refused)


def _http_method(visit: Visit) -> str | None:
    """Return ``basic`` or ``digest`` if the request or its response uses it (RFC 7617, RFC 7616)."""
    headers = (visit.headers.get("authorization", ""), visit.response_headers.get("www-authenticate", ""))
    schemes = {each.split(" ")[0].lower() for each in headers}
    return next((name for name in ("basic", "digest") if name in schemes), None)


def _session(history: BrowsingHistory, method: str, sign_in: Visit | None, **more: t.Any) -> RecordedSession:
    first = sign_in.number if sign_in is not None else -1
    later = [each for each in history.visits if each.number > first]
    deleted = ("DELETE", sign_in.path if sign_in is not None else None)  # the session that the sign-in made
    last = next((each for each in later if (each.method, each.path) == deleted or is_sign_out(each, history)), None)
    end = last.number if last is not None else max((each.number for each in history.visits), default=0) + 1
    begin = first if sign_in is not None and not sign_in.writes else first + 1
    pages = (each for each in history.visits if begin <= each.number < end and each.is_page and each.own)
    return RecordedSession(method, first, end, tuple(each for each in pages if not each.writes), **more)


def is_sign_out(visit: Visit, history: BrowsingHistory) -> bool:
    """Whether ``visit`` signs out, by its address or by the label of the submitted button."""
    submission = history.submission(visit) if visit.writes else None
    return is_sign_out_address(visit.path, visit.query) or (submission is not None and _signs_out(submission.form))


def sign_out_signs(page: Visit) -> Iterator[tuple[str, str]]:
    """Yield a condition for each link and form of ``page`` that signs out, and its text."""
    for link in page.links:
        parts = urlsplit(link["href"])
        if (
            is_sign_out_address(parts.path, parse_qsl(parts.query))
            or word_score(link["text"], hints()["sign_out"]) >= 3
        ):
            end = "/" + parts.path.rsplit("/", 1)[-1] + (f"?{parts.query}" if parts.query else "")
            yield f"links[?ends_with(href, {quoted(end)})]", link["text"]
    for form in page.forms:
        if _signs_out(form):
            test = form_test(form, page.forms)
            yield f"forms[?{test}]", form["buttons"][0]["label"]


def _signs_out(form: t.Mapping[str, t.Any]) -> bool:
    labels = [each["label"] for each in form["buttons"]]
    plain = all(each["type"] == "hidden" for each in form["controls"])
    return plain and any(has_word(label, hints()["sign_out"]) for label in labels)


def password_key(sent: t.Mapping[str, t.Any]) -> str | None:
    """Return the key of the password in a JSON request, None without one."""
    return next((str(name) for name in sent if word_score(str(name), hints()["password"]) >= 3), None)
