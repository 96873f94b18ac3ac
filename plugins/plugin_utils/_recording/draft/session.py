# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the session in a recording: how it signs in, and which visits sign in and out. Drafts nothing."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from urllib.parse import parse_qsl

from ....module_utils._web.page.address import split_address
from ..hints import has_word, hints, is_sign_out_address, word_score
from ..sensitive import is_digest
from .candidates import Candidate, evaluate
from .history import BrowsingHistory, RecordedSubmission, Visit, asks_for_password, is_same_form, shows_form
from .script_sign_in import password_place, sent_texts
from .signs import page_signs


@dataclass(frozen=True)
class ShownSession:
    """What a person has shown of a session: first and last exchange of each part, None for what was not done."""

    sign_in: tuple[int, int]
    refused: tuple[int, int] | None = None
    sign_out: tuple[int, int] | None = None

    def tries(self, visit: Visit) -> bool:
        """Whether the visit belongs to the sign-in or to one that was refused."""
        return any(part is not None and part[0] <= visit.number <= part[1] for part in (self.refused, self.sign_in))


@dataclass(frozen=True)
class RecordedSession:
    """The session in a recording: how it signs in, and the numbers of the visits that sign in and out.

    ``submission`` is the sign-in by form, ``request`` the sign-in by any other method: of several the one that
    succeeded. ``forms``: all that are submitted to sign in; some interfaces ask for the name of the account on a
    page of its own. ``refused``: the pages that answered the others. ``every_page``: those that were shown while signed
    in. ``shown``: a person has shown this session, so that its pages are known to be its own.
    """

    method: str
    first: int
    last: int
    every_page: tuple[Visit, ...]
    submission: RecordedSubmission | None = None
    forms: tuple[RecordedSubmission, ...] = ()
    request: Visit | None = None
    refused: tuple[Visit, ...] = ()
    shown: bool = False

    @cached_property
    def pages(self) -> tuple[Visit, ...]:
        """The pages that were opened while signed in, without the answers to changes."""
        return tuple(each for each in self.every_page if not each.writes)

    @property
    def passwords(self) -> frozenset[str]:
        """The password with which somebody signed in, as it was sent: by form or by JSON."""
        sent = dict(self.submission.visit.form) if self.submission is not None else {}
        controls = self.submission.form["controls"] if self.submission is not None else ()
        given = [sent.get(each["name"], "") for each in controls if each["type"] == "password"]
        if self.method == "json" and self.request is not None and (place := password_place(self.request)) is not None:
            given.append(sent_texts(self.request)[place])
        return frozenset(filter(None, given))

    @property
    def sends_digest(self) -> bool:
        """Whether the password that was sent looks like one that a script has changed."""
        return any(map(is_digest, self.passwords))


def find_session(history: BrowsingHistory, shown: ShownSession | None = None) -> RecordedSession:
    """Return the session of the recording: the ``shown`` one, or that of the first password that succeeds.

    Its method is ``none`` if the recording shows no sign-in.
    """
    return _SessionFinder(history, shown).find()


class _SessionFinder:
    """``visits``: those among which the sign-in is."""

    def __init__(self, history: BrowsingHistory, shown: ShownSession | None) -> None:
        self.history = history
        self.shown = shown
        self.visits = [each for each in history.visits if shown is None or shown.tries(each)]
        self.submissions = [each for each in map(history.submission, self.visits) if each is not None]

    def find(self) -> RecordedSession:
        by_form = self._by_form()
        if by_form is None and (by_token := self._by_token_endpoint()) is not None:
            return by_token
        # Behind the sign-in, other passwords are sent as well, such as that of a mail server.
        found = [each for each in (by_form, self._by_http(), self._by_json()) if each is not None]
        return min(found, key=lambda each: each.first, default=None) or self._session("none", None)

    def _by_form(self) -> RecordedSession | None:
        """A form that asks for a password is no sign-in on a page that offers to sign out."""
        sent = [each for each in self.submissions if each.visit.writes and asks_for_password(each.form)]
        sent = [each for each in sent if not any(sign_out_signs(each.source))]
        if not sent:
            return None
        tried = [each for each in sent if is_same_form(each.form, sent[0].form)]
        ends = {each.visit.number: self.history.landing(each.visit) for each in tried}
        meant = [each for each in tried if self.shown is None or each.visit.number >= self.shown.sign_in[0]] or tried
        done = next((each for each in meant if not shows_form(ends[each.visit.number], each.form)), meant[-1])
        refused = tuple(ends[each.visit.number] for each in tried if each.visit.number < done.visit.number)
        forms = self._forms_around(done)
        return self._session("form", forms[-1].visit, submission=done, forms=tuple(forms), refused=refused)

    def _forms_around(self, done: RecordedSubmission) -> list[RecordedSubmission]:
        """Return the forms that sign in: before the password for the name, and what a person has shown behind it."""
        forms = [done]
        names = [each for each in self.submissions if _asks_for_name(each.form)]
        while before := next((each for each in names if self._leads_to(each, forms[0])), None):
            forms.insert(0, before)
            names.remove(before)
        if self.shown is not None:
            forms += [each for each in self.submissions if each.visit.number > done.visit.number]
        return forms

    def _leads_to(self, one: RecordedSubmission, other: RecordedSubmission) -> bool:
        return not is_same_form(one.form, other.form) and shows_form(self.history.landing(one.visit), other.form)

    def _by_token_endpoint(self) -> RecordedSession | None:
        tokens = (each for each in self.visits if dict(each.form).get("grant_type") == "client_credentials")
        token = next(tokens, None)
        return self._session("client_credentials", token, request=token) if token is not None else None

    def _by_http(self) -> RecordedSession | None:
        found = next(((each, name) for each in self.visits if (name := _http_method(each))), None)
        return self._session(found[1], found[0], request=found[0]) if found is not None else None

    def _by_json(self) -> RecordedSession | None:
        """A script may send JSON or fields; what a form sends is no sign-in unless it is one by form."""
        calls = [each for each in self.visits if each.writes and password_place(each) is not None]
        calls = [each for each in calls if self.history.submission(each) is None]
        calls = [each for each in calls if each.path == calls[0].path]
        if not calls:
            return None
        meant = [each for each in calls if self.shown is None or each.number >= self.shown.sign_in[0]] or calls
        shown = (each.number for each in self.history.visits if each.is_page and not each.writes)
        opened = next((number for number in shown if number > meant[0].number), meant[-1].number + 1)
        tried = [each for each in meant if each.number < opened]  # a refusal may have the same status
        accepted = next((each for each in (*reversed(tried), *meant) if each.status < 400), meant[-1])
        refused = tuple(each for each in calls if each.number < accepted.number)
        return self._session("json", accepted, request=accepted, refused=refused)

    def _session(self, method: str, sign_in: Visit | None, **more: t.Any) -> RecordedSession:
        first = sign_in.number if sign_in is not None else -1
        last = self._sign_out(first, sign_in)
        end = last.number if last is not None else max((each.number for each in self.history.visits), default=0) + 1
        begin = first if sign_in is not None and not sign_in.writes else first + 1
        visits = [each for each in self.history.visits if begin <= each.number < end]
        pages = tuple(each for each in visits if each.is_page and each.own)
        return RecordedSession(method, first, end, pages, shown=self.shown is not None, **more)

    def _sign_out(self, first: int, sign_in: Visit | None) -> Visit | None:
        """Return the visit that ends the session, None without one."""
        later = [each for each in self.history.visits if each.number > first]
        if self.shown is not None and self.shown.sign_out is not None:
            begin, end = self.shown.sign_out
            done = [each for each in later if begin <= each.number <= end and each.own]
            return next((each for each in done if each.writes), done[0] if done else None)
        deleted = ("DELETE", sign_in.path if sign_in is not None else None)  # the session that the sign-in made
        ends = (each for each in later if (each.method, each.path) == deleted or _is_sign_out(each, self.history))
        return next(ends, None)


def _asks_for_name(form: t.Mapping[str, t.Any]) -> bool:
    shown = [each["type"] for each in form["controls"] if each["type"] not in ("hidden", "checkbox", "select", "radio")]
    return len(shown) == 1 and shown[0] in ("text", "email")


def _http_method(visit: Visit) -> str | None:
    """Return ``basic`` or ``digest`` if the request or its response uses it (RFC 7617, RFC 7616)."""
    headers = (visit.headers.get("authorization", ""), *visit.answered("www-authenticate"))
    schemes = {each.split(" ")[0].lower() for each in headers}
    return next((name for name in ("basic", "digest") if name in schemes), None)


def _is_sign_out(visit: Visit, history: BrowsingHistory) -> bool:
    """Whether ``visit`` signs out, by its address or by the label of the submitted button.

    A word on a button may mean something else as well: no page from there on to the next sign-in form offers to sign
    out, or does.
    """
    if is_sign_out_address(visit.path, visit.query):
        return True
    submission = history.submission(visit) if visit.writes else None
    if submission is None or not _signs_out(submission.form):
        return False
    landing = history.landing(visit)
    later = (each for each in history.visits if each.number >= landing.number)
    after = takewhile(lambda each: not any(map(asks_for_password, each.forms)), later)
    return not any(
        any(sign_out_signs(each)) or (each is not landing and is_sign_out_address(each.path, each.query))
        for each in after
    )


def sign_out_signs(page: Visit) -> Iterator[Candidate]:
    """Yield a condition for each link and form of ``page`` that signs out."""
    for each in page_signs(page.page):
        if each.goes_by == "address":
            parts, known = split_address(each.value), word_score(each.name, hints()["sign_out"]) >= 3
            if known or is_sign_out_address(parts.path, parse_qsl(parts.query)):
                yield each
        elif each.goes_by == "field" and _signs_out(evaluate(each.expression, page.data)[0]):
            yield each


def _signs_out(form: t.Mapping[str, t.Any]) -> bool:
    labels = [each["label"] for each in form["buttons"]]
    plain = all(each["type"] == "hidden" for each in form["controls"])
    return plain and any(has_word(label, hints()["sign_out"]) for label in labels)
