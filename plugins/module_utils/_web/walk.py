# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the steps of a profile, one request each, from page to page. Knows no meaning and no session."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from . import libraries
from .client import PURPOSE, REPEATABLE, Purpose
from .errors import (
    AccountLocked,
    Busy,
    OwnedByOther,
    PasswordChangeDemanded,
    PrismaError,
    SignInRefused,
    UnexpectedPage,
    Unsupported,
)
from .expression import Expression, Pick, Unfiltered
from .page import Page, read_page, summary
from .profile import Problem, Profile, Read, Sign, Step, fill

if t.TYPE_CHECKING:
    import httpx

_ERRORS: dict[str, type[PrismaError]] = {
    "auth_failed": SignInRefused,
    "busy": Busy,
    "failed": PrismaError,
    "locked": AccountLocked,
    "owned_by_other": OwnedByOther,
    "password_change": PasswordChangeDemanded,
    "unsupported": Unsupported,
}

_NO_WEB_ADDRESS = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class SessionEnded(Exception):
    """The interface answered as to somebody who is not signed in."""


class Walk:
    """From page to page through one operation of a profile; ``page`` is where it stands."""

    def __init__(
        self,
        client: httpx.Client,
        profile: Profile,
        operation: str,
        variables: Mapping[str, t.Any],
        *,
        headers: Mapping[str, str] | None = None,
        problems: tuple[Problem, ...] = (),
        session_ended: Sign | None = None,
        page: Page | None = None,
    ) -> None:
        self._client = client
        self._profile = profile
        self._operation = operation
        self._headers = dict(headers or {})
        self._problems = problems
        self._session_ended = session_ended
        self.variables = dict(variables)
        self.kept: dict[str, t.Any] = {}
        self.page = page
        self.response: httpx.Response | None = None
        self.wrote = False

    def take(self, steps: tuple[Step, ...], purpose: Purpose) -> Page:
        """Take ``steps`` and return the last page. Raises the errors of :mod:`.errors` and :class:`SessionEnded`."""
        for step in steps:
            if step.when is not None and not (self.page is not None and step.when.holds(self.page.data)):
                continue
            self._take(step, Purpose.WRITE if step.writes else purpose)
        if self.page is None:
            raise self.unexpected("no step was taken", None)
        return self.page

    def turn(self, operation: Read, onward: str) -> Page:
        """Read the next page of a list: ``onward`` is an address, or the cursor for the profile's parameter."""
        if self.page is None:
            raise AssertionError("there is no page to turn from")
        if operation.cursor_parameter is None:
            address = urljoin(self.page.url, onward)
        else:
            parts = urlsplit(self.page.url)
            query = [pair for pair in parse_qsl(parts.query) if pair[0] != operation.cursor_parameter]
            address = urlunsplit(parts._replace(query=urlencode([*query, (operation.cursor_parameter, onward)])))
        return self._send(Purpose.READ, "GET", address, ok=None, repeatable=True)

    def _take(self, step: Step, purpose: Purpose) -> None:
        method, url, body = step.method, "", {}
        headers = fill(step.headers, self.variables)
        if step.kind in ("get", "send"):
            url = self._below_base(step.target or "")
            if step.json is not None:
                body["json"] = fill(step.json, self.variables)
            if step.form is not None:
                body["data"] = _given(fill(step.form, self.variables))
        elif step.kind == "follow":
            url = self._picked(step, str)
            if _NO_WEB_ADDRESS.match(url):
                raise self.unexpected(f"{step.where} leads to something that is not an address of the web", step.pick)
        else:
            method, url, body = self._submission(step)
        query = _given(fill(step.query, self.variables))
        if query:
            body["params"] = {**body.get("params", {}), **query}
        page = self._send(purpose, method, url, ok=step.ok, repeatable=step.repeatable, headers=headers, **body)
        if step.expect is not None and not step.expect.holds(page.data):
            raise self.unexpected(f"the page after {step.where} is not the one meant", step.expect)
        for name, pick in step.keep.items():
            self.kept[name] = self.variables[name] = self.pick(name, pick, page.data)

    def _below_base(self, target: str) -> str:
        quoted = {name: quote(str(value), safe="") for name, value in self.variables.items() if value is not None}
        try:
            return urljoin(str(self._client.base_url), str(fill(target, quoted)))
        except KeyError as error:
            raise self.unexpected(f"nothing fills ${{{error.args[0]}}} in the path {target!r}", None) from error

    def _picked(self, step: Step, kind: type) -> t.Any:
        if step.pick is None or self.page is None:
            raise AssertionError(f"{step.where} has no page before it")
        found = step.pick.search(self.page.data)
        if not isinstance(found, kind) or not found:
            raise self.unexpected(f"{step.where} has nothing to {step.kind}", step.pick)
        return found

    def _submission(self, step: Step) -> tuple[str, str, dict[str, t.Any]]:
        form: dict[str, t.Any] = self._picked(step, dict)
        if not {"fields", "action", "method"} <= form.keys():
            raise self.unexpected(f"{step.where} picks something that is not a form", step.pick)
        controls: dict[str, dict[str, t.Any]] = {}
        for control in form.get("controls", ()):
            controls.setdefault(control["name"], control)
        data: dict[str, t.Any] = dict(form["fields"])
        for name, value in fill(step.fill, self.variables).items():
            if name not in controls:
                raise self.unexpected(f"{step.where} fills a field {name!r} that the form does not have", step.pick)
            if value is None:
                continue
            if value is False:
                data.pop(name, None)
            else:
                data[name] = (controls[name].get("value") or "on") if value is True else str(value)
        if step.press is not None:
            button = next((item for item in form.get("buttons", ()) if item["name"] == step.press), None)
            if button is None or button.get("disabled"):
                state = "is switched off" if button else "does not exist"
                raise self.unexpected(f"{step.where} presses a button {step.press!r} that {state}", step.pick)
            data[step.press] = button.get("value") or ""
        method = form["method"].upper()
        if method == "GET":
            return method, form["action"], {"params": data}
        if form.get("enctype") == "multipart/form-data":
            parts = [
                (name, (None, str(item)))
                for name, value in data.items()
                for item in (value if isinstance(value, list) else [value])
            ]
            return method, form["action"], {"files": parts}
        return method, form["action"], {"data": data}

    def _send(
        self,
        purpose: Purpose,
        method: str,
        url: str,
        *,
        ok: frozenset[int] | None,
        repeatable: bool,
        headers: Mapping[str, str] | None = None,
        **body: t.Any,
    ) -> Page:
        self.wrote = self.wrote or purpose is Purpose.WRITE
        try:
            response = self._client.request(
                method,
                url,
                headers={**self._headers, **(headers or {})},
                extensions={PURPOSE: purpose, REPEATABLE: repeatable},
                **body,
            )
        except libraries.httpx.InvalidURL:
            raise self.unexpected("the page leads to something that is not an address", None) from None
        page = read_page(response.content, response.headers.get("content-type"), str(response.url))
        self.response, self.page = response, page
        if self._session_ended is not None and self._session_ended.shows(response.status_code, page.data):
            raise SessionEnded
        self._raise_problem(response.status_code, page)
        accepted = response.status_code in ok if ok is not None else response.is_success
        if not accepted:
            raise self.unexpected(f"the answer has status {response.status_code}", None)
        return page

    def _raise_problem(self, status: int, page: Page) -> None:
        for problem in self._problems:
            if not problem.sign.shows(status, page.data):
                continue
            text = problem.text.search(page.data) if problem.text is not None else None
            said = " ".join(str(text).split()) if text else f"the interface reports {problem.outcome}"
            raise _ERRORS[problem.outcome](said, details={"status": status})

    def pick(self, name: str, pick: Pick, data: t.Any, raw: dict[str, t.Any] | None = None) -> t.Any:
        """Return the value ``pick`` takes from ``data``; note its text in ``raw`` where it has a value map."""
        try:
            value, text = pick.value(data)
        except Unfiltered as error:
            raise self.unexpected(f"the field {name!r} cannot be read: {error}", pick.expression) from error
        if value is None and pick.required:
            raise self.unexpected(f"the field {name!r} is missing", pick.expression)
        if raw is not None and pick.values is not None:
            raw[name] = text
        return value

    def unexpected(self, what: str, expression: Expression | None) -> UnexpectedPage:
        """Return the error that names profile, operation, expression and what the page did contain (no values)."""
        found = summary(self.page) if self.page is not None else None
        path = urlsplit(self.page.url).path if self.page is not None else None
        text = f"{self._operation} of profile {self._profile.id}: {what}"
        if expression is not None:
            text += f" (expression: {expression.source})"
        if found is not None:
            text += f"; the page: {_in_words(found)}"
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


def _given(values: Mapping[str, t.Any]) -> dict[str, str]:
    """Texts for a query or a form: what is None is not sent."""
    return {name: str(value) for name, value in values.items() if value is not None}


def _in_words(found: Mapping[str, t.Any]) -> str:
    parts = [f"title {found['title']!r}"] if "title" in found else []
    for form in found.get("forms", ()):
        names = ", ".join(str(control["name"]) for control in form.get("controls", ()))
        parts.append(f"form {form.get('id') or form.get('name') or form.get('action')!s} with the fields {names}")
    if "keys" in found:
        parts.append(f"JSON with the keys {', '.join(map(str, found['keys']))}")
    return "; ".join(parts) or "nothing of note"
