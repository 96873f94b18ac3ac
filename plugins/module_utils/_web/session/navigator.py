# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the steps of a profile, one request each, from page to page. Knows no meaning and no session."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping
from urllib.parse import urljoin, urlsplit, urlunsplit

from .. import libraries
from ..errors import (
    AccountLocked,
    BadInput,
    Busy,
    OwnedByOther,
    PasswordChangeDemanded,
    PrismaError,
    RightMissing,
    SignInRefused,
    TimedOut,
    UnexpectedPage,
    Unsupported,
)
from ..http.client import ARRIVED, PURPOSE, REPEATABLE, SECRET, Client, Purpose
from ..page.page import Page, read_page
from ..page.summary import in_words, shown_path, summary
from ..profile.expression import Expression, Pick, Unfiltered, the_only
from ..profile.profile import (
    PLACEHOLDER,
    SECRETS,
    Answer,
    Paging,
    Press,
    Problem,
    Profile,
    ProfileStep,
    Repeat,
    Sign,
    fill,
    fill_path,
    placeholders_of,
)
from .row_choice import check_says_whom, choose_row, keep_as_shown
from .session_ended import SessionEnded
from .submission import (
    NO_WEB_ADDRESS,
    Submission,
    Unsendable,
    header_texts,
    parameters,
    submission,
    urlencoded,
    with_parameters,
)

if t.TYPE_CHECKING:
    import httpx

_ERRORS: dict[str, type[PrismaError]] = {
    "auth_failed": SignInRefused,
    "busy": Busy,
    "failed": PrismaError,
    "locked": AccountLocked,
    "no_right": RightMissing,
    "owned_by_other": OwnedByOther,
    "password_change": PasswordChangeDemanded,
    "unsupported": Unsupported,
}

_LONGEST_PAUSE = 60.0
"""Seconds that a page may ask us to wait before it is asked for again."""


class Navigator:
    """Goes through one operation of a profile, from page to page; ``page`` is the current one.

    ``headers`` (with placeholders) and ``auth`` go with every request. ``watch`` sees every answer before its status
    is judged, and may raise.
    """

    def __init__(
        self,
        client: Client,
        profile: Profile,
        operation: str,
        variables: Mapping[str, t.Any],
        *,
        headers: Mapping[str, str] | None = None,
        auth: httpx.Auth | None = None,
        problems: tuple[Problem, ...] = (),
        session_ended: Sign | None = None,
        page: Page | None = None,
        watch: Callable[[Answer], None] = lambda answer: None,
    ) -> None:
        self._client = client
        self._profile = profile
        self._operation = operation
        self._headers = dict(headers or {})
        self._auth = auth
        self._problems = problems
        self._session_ended = session_ended
        self._watch = watch
        self.variables = dict(variables)
        self.kept: dict[str, t.Any] = {}
        self.kept_of_row: dict[str, t.Any] = {}
        self.names_of_row: set[str] = set()
        """The names of the placeholders by which rows were chosen."""
        self.page = page
        self.response: httpx.Response | None = None
        self._may_have_acted = False  # by what counts as reading, and did not lead to a page that is expected
        self.wrote = False
        """Whether a writing request was sent, or begun to be, or another one that may have written."""
        self.write_answered = False
        """Whether one was answered."""

    @property
    def answer(self) -> Answer:
        """The last response as signs see it; before the first request, the page alone."""
        data = self.page.data if self.page is not None else None
        if self.response is None:
            return Answer(200, data, variables=self.variables)
        return Answer(self.response.status_code, data, self.response.headers, self.variables)

    def run(self, steps: tuple[ProfileStep, ...], purpose: Purpose) -> Page:
        """Run ``steps`` and return the last page. Raises the errors of :mod:`.errors` and :class:`SessionEnded`."""
        in_write = any(step.writes for step in steps)
        for step in steps:
            if step.when is not None and not (self.page is not None and self.holds(step.when, self.page.data)):
                continue
            try:
                self._run_step(step, Purpose.WRITE if step.writes else purpose)
            except UnexpectedPage:  # a release without a confirmation has done before what a later step should do
                self.wrote = self.wrote or (in_write and self._may_have_acted)
                raise
        if self.page is None:
            raise self.unexpected("no step was run", None)
        return self.page

    def search(self, expression: Expression, data: t.Any) -> t.Any:
        """Return what ``expression`` picks from ``data`` with the values that this operation has so far."""
        return expression.search(data, self.variables)

    def holds(self, expression: Expression, data: t.Any) -> bool:
        """Return whether ``expression`` picks something true from ``data``."""
        return expression.holds(data, self.variables)

    def next_page(self, paging: Paging, onward: t.Any) -> Page:
        """Read the next page of a list: ``onward`` is a form, an address, or the value of the profile's parameter."""
        if self.page is None:
            raise AssertionError("there is no page before the next one")
        if isinstance(onward, Mapping):
            sent = self._submission("paging.next", onward, {}, None, paging.next)
            return self._send(Purpose.READ, sent.method, sent.url, repeatable=True, **sent.body)
        if paging.parameter is None:
            return self.get_page(self._joined(str(onward), "the next page"))
        return self.get_page(with_parameters(self.page.url, [(paging.parameter, str(onward))]))

    def _joined(self, address: str, where: str) -> str:
        """Return the web address that ``address`` on the page shown leads to."""
        try:
            return urljoin(self.page.url, address) if self.page is not None else address
        except ValueError as error:
            raise self.unexpected(f"{where} leads to something that is not an address: {error}", None) from error

    def _run_step(self, step: ProfileStep, purpose: Purpose) -> None:
        page = self._request(step, purpose)
        if step.repeat is not None:
            page = self._repeat_step(step, step.repeat, purpose, page)
        if step.expect is not None and not self.holds(step.expect, page.data):
            raise self.unexpected(f"the page after {step.where} is not the expected page", step.expect)
        self._may_have_acted = self._may_have_acted and step.expect is None
        self._keep(step, page)

    def _repeat_step(self, step: ProfileStep, repeat: Repeat, purpose: Purpose, page: Page) -> Page:
        """Run a step again while its page says «please wait», as a browser does, but not without end."""
        for _time in range(repeat.most):
            if self.holds(repeat.until, page.data):
                return page
            self._client.pause(_seconds_to_wait(repeat, page), may_have_arrived=self.write_answered)
            page = self._request(step, purpose)
        if self.holds(repeat.until, page.data):
            return page
        error = self.unexpected(f"{step.where} was run {repeat.most + 1} times, and must still wait", repeat.until)
        raise TimedOut(str(error), may_have_arrived=self.write_answered, details=error.details)

    def _keep(self, step: ProfileStep, page: Page) -> None:
        if step.row is not None and step.kind == "get":
            keep_as_shown(self, step, step.row)
        found = {name: self.pick(name, pick, page.data) for name, pick in step.keep.items()}
        for name, header in step.keep_headers.items():
            found[name] = self.response.headers.get(header) if self.response is not None else None
            if found[name] is None:
                raise self.unexpected(f"the answer to {step.where} has no header {header!r}", None)
        for name, cookie in step.keep_cookies.items():
            found[name] = next((each.value for each in self._client.jar if each.name == cookie), None)
            if found[name] is None:
                raise self.unexpected(f"after {step.where} there is no cookie {cookie!r}", None)
        self.keep(found)

    def keep(self, found: Mapping[str, t.Any]) -> None:
        """Keep values for the placeholders of later steps."""
        self.kept.update(found)
        self.variables.update(found)

    def get_page(self, address: str) -> Page:
        """Read another page of the list that is shown."""
        return self._send(Purpose.READ, "GET", address, repeatable=True)

    def _request(self, step: ProfileStep, purpose: Purpose) -> Page:
        method, url, body = step.method, "", {}
        shown = self.page.url if self.page is not None else None
        row = choose_row(self, step, step.row) if step.row is not None else None
        check_says_whom(self, step)
        if step.kind in ("get", "send"):
            url = self._below_base(step)
            if step.json is not None:
                body["json"] = self.fill_in(step.json, step.where)
            if step.form is not None:
                body = urlencoded(parameters(self.fill_in(step.form, step.where)))
        elif step.kind == "follow":
            url = self._picked(step, str, row)
            if NO_WEB_ADDRESS.match(url):
                raise self.unexpected(f"{step.where} leads to something that is not an address of the web", step.pick)
            url = self._joined(url, step.where)
        else:
            sent = self._submission(step.where, self._picked(step, dict, row), step.fill, step.press, step.pick)
            method, url, body = sent.method, sent.url, dict(sent.body)
        if query := parameters(self.fill_in(step.query, step.where)):
            url = with_parameters(url, query)
        if step.kind == "get" and row is not None and self.page is not None and url == shown:
            url = self.page.url  # that of the row, which may not be the first of the list
        headers = {} if step.kind == "get" else self._origin_headers(method)
        headers |= {**body.pop("headers", {}), **header_texts(self.fill_in(step.headers, step.where))}
        self._may_have_acted |= method != "GET" or step.row is not None or bool(step.pick and step.pick.names)
        body |= {"ok": step.ok, "read_as": step.read_as, "headers": headers}
        secret = not SECRETS.isdisjoint(placeholders_of((step,)))
        return self._send(purpose, method, url, repeatable=step.repeatable, secret=secret, **body)

    def _origin_headers(self, method: str) -> dict[str, str]:
        """Return Referer and Origin as browsers send them; some interfaces refuse a form without them."""
        if self.page is None:
            return {}
        parts = urlsplit(self.page.url)
        host = parts.netloc.rsplit("@", 1)[-1]
        referer = {"Referer": urlunsplit(parts._replace(netloc=host, fragment=""))}
        return referer if method == "GET" else {**referer, "Origin": f"{parts.scheme}://{host}"}

    def _below_base(self, step: ProfileStep) -> str:
        if step.target is not None and PLACEHOLDER.fullmatch(step.target):  # an address, not a part of a path
            return urljoin(str(self._client.base_url), str(self.fill_in(step.target, step.where)))
        return urljoin(str(self._client.base_url), str(self.fill_in(step.target or "", step.where, fill_path)))

    def fill_in(self, value: t.Any, where: str, filled: Callable[[t.Any, Mapping[str, t.Any]], t.Any] = fill) -> t.Any:
        """Return ``value`` with placeholders filled by what this operation has so far."""
        try:
            return filled(value, self.variables)
        except (BadInput, Unsupported) as error:
            what = f"{self._operation} of profile {self._profile.id}: {where}: {error}"
            raise type(error)(what, advice=error.advice) from None

    def _picked(self, step: ProfileStep, kind: type, row: t.Any = None) -> t.Any:
        if step.pick is None or self.page is None:
            raise self.unexpected(f"{step.where} has no page before it", step.pick)
        found = the_only(self.search(step.pick, self.page.data if step.row is None else row))
        if not isinstance(found, kind) or not found:
            number = f"{len(found)} different things" if isinstance(found, list) and found else "nothing"
            where = "" if step.row is None else f" in its row, which has {', '.join(map(str, row))}"
            raise self.unexpected(f"{step.where} has {number} to {step.kind}{where}", step.pick)
        return found

    def _submission(
        self,
        where: str,
        form: Mapping[str, t.Any],
        values: Mapping[str, t.Any],
        press: Press | None,
        expression: Expression | None,
    ) -> Submission:
        if not {"fields", "action", "method"} <= form.keys():
            raise self.unexpected(f"{where} picks something that is not a form", expression)
        if press is not None:
            name, value = self.fill_in((press.name, press.value), where)
            press = Press(str(name), None if value is None else str(value))
        try:
            return submission(form, self.fill_in(values, where), press)
        except Unsendable as error:
            raise self.unexpected(f"{where} {error}", expression) from None

    def _send(
        self,
        purpose: Purpose,
        method: str,
        url: str,
        *,
        ok: frozenset[int] | None = None,
        repeatable: bool,
        read_as: str | None = None,
        secret: bool = False,
        headers: Mapping[str, str] | None = None,
        **body: t.Any,
    ) -> Page:
        self.wrote = self.wrote or purpose is Purpose.WRITE
        try:
            response = self._client.exchange(
                method,
                url,
                auth=self._auth,
                headers={**header_texts(self.fill_in(self._headers, "headers")), **(headers or {})},
                extensions={PURPOSE: purpose, REPEATABLE: repeatable, SECRET: secret, ARRIVED: self.write_answered},
                **body,
            )
        except libraries.httpx.InvalidURL:
            raise self.unexpected("the page leads to something that is not an address", None) from None
        self.write_answered = self.write_answered or purpose is Purpose.WRITE
        content_type = response.headers.get("content-type")
        page = read_page(response.content, content_type, str(response.url), read_as=read_as)
        self.response, self.page = response, page
        answer = self.answer
        if self._session_ended is not None and self._session_ended.shows(answer):
            raise SessionEnded(response.status_code)
        self._watch(answer)
        self._raise_problem(answer)
        accepted = response.status_code in ok if ok is not None else response.is_success
        if not accepted:
            raise self.unexpected(f"the answer has status {response.status_code}", None)
        return page

    def _raise_problem(self, answer: Answer) -> None:
        for problem in self._problems:
            if not problem.sign.shows(answer):
                continue
            text = self.search(problem.text, answer.data) if problem.text is not None else None
            what = " ".join(str(text).split()) if text else f"the interface reports {problem.outcome}"
            raise _ERRORS[problem.outcome](what, details={"status": answer.status})

    def pick(
        self,
        name: str,
        pick: Pick,
        data: t.Any,
        raw: dict[str, t.Any] | None = None,
        place: Callable[..., str] | None = None,
    ) -> t.Any:
        """Return the value that ``pick`` selects from ``data``; add its text to ``raw`` if it has a value map.

        ``place`` says for an error where in a list ``data`` stands.
        """
        try:
            value, text = pick.value(data, self.variables)
            problem = "is missing" if value is None and pick.required else ""
        except Unfiltered as error:
            value, text, problem = None, None, f"cannot be read: {error}"
        if problem:
            where = f", in {place(whole=not self.hides_rows)}" if place is not None else ""
            raise self.unexpected(f"the field {name!r} {problem}{where}", pick.expression)
        if raw is not None and pick.values is not None:
            raw[name] = text
        return value

    @property
    def hides_rows(self) -> bool:
        """Whether messages show no rows: the profile redacts some of their values, or JSON may hold any."""
        return bool(self._profile.redact) or (self.page is not None and self.page.kind == "json")

    def unexpected(self, what: str, expression: Expression | None) -> UnexpectedPage:
        """Return the error that names profile, operation, expression, and what the page contains (no values)."""
        found = summary(self.page) if self.page is not None else None
        if found is not None and "tables" in found and self.hides_rows:
            found["tables"] = [{**table, "first_row": []} for table in found["tables"]]
        path = shown_path(self.page.url) if self.page is not None else None
        text = f"{self._operation} of profile {self._profile.id}: {what}"
        if expression is not None:
            text += f" (expression: {expression.source}){expression.hint}"
        if found is not None:
            text += f"; the page: {in_words(found)}"
        return UnexpectedPage(
            text,
            advice=(
                "The profile does not fit what this interface answered. Compare the page named here with the profile; "
                "another release needs another profile."
            ),
            details={
                "profile": self._profile.id,
                "operation": self._operation,
                "expression": expression.source if expression is not None else None,
                "path": path,
                "page": found,
            },
        )


def _seconds_to_wait(repeat: Repeat, page: Page) -> float:
    if repeat.pause is not None:
        return repeat.pause
    refresh = page.data.get("refresh") if page.kind == "html" else None
    return min(float(refresh["seconds"]), _LONGEST_PAUSE) if refresh else 1.0
