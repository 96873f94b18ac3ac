# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by all pages of a site: the signed-in user, hidden tokens, frames, messages."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from simulator.site_rules import NotDone
from simulator.site_sign_in import SiteSignIn
from simulator.site_store import Session, Site

COOKIE = "siteSession"
TEMPLATES = Path(__file__).parent / "templates"
Page = Callable[[Request, Session], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


@dataclass
class SiteFrame:
    sign_in: SiteSignIn

    def __post_init__(self) -> None:
        folders = [TEMPLATES / "site", TEMPLATES / "shared"]
        self._templates = Environment(loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined)
        self._templates.filters["moment"] = moment

    def signed_in(self, page: Page, *, without_site: bool = False) -> Endpoint:
        """Show the sign-in page with status 200, never an empty list, to everyone who is not signed in.

        `without_site`: also an account that administers no site sees the page.
        """

        async def endpoint(request: Request) -> Response:
            given = request.headers.get("authorization", "")
            if given.startswith("Bearer "):
                visit = await self.sign_in.bearer(given.removeprefix("Bearer ").strip())
            else:
                visit = self.sign_in.visitor(request.cookies.get(COOKIE, ""))
            if visit is None:
                return self.sign_in_page(request)
            if not visit.site and not without_site:
                return self.not_administrator()
            if request.method == "POST":
                form = await form_of(request)
                if not hmac.compare_digest(visit.csrf.encode(), form.get("csrf", "").encode()):
                    return self.message(visit, "This page is no longer valid.", error=True)
            return await page(request, visit)

        return endpoint

    def sign_in_page(self, request: Request) -> Response:
        cookie = request.cookies.get(COOKIE, "")
        waiting = self.sign_in.store.session(cookie) if cookie else None
        # After the sign-in, show the page of the form. The form is not sent again.
        target = request.url.path if request.method == "GET" else "/"
        ended = bool(cookie) and waiting is None
        return self._html("sign_in.html", visit=None, ended=ended, target=quote(target, safe="/"))

    def show(self, visit: Session, template: str, status: int = 200, /, **values: Any) -> Response:
        site = self.sign_in.store.site(visit.site) or Site("", "")
        return self._html(template, status, visit=visit, site=site, **values)

    def public(self, template: str, **values: Any) -> Response:
        return self._html(template, visit=None, **values)

    def not_administrator(self) -> Response:
        text = "You are not an administrator of any site."
        return self.public("refused.html", id="not-administrator", text=text)

    def message(
        self, visit: Session, text: str, *, error: bool = False, status: int = 200, heading: str = "", **values: object
    ) -> Response:
        details = {"serial": "", "name": "", **values}
        return self.show(visit, "message.html", status, heading=heading or "Message", text=text, error=error, **details)

    def result_page(self, visit: Session, does: Callable[[], str], heading: str = "") -> Response:
        """Return the page with the result of a form."""
        try:
            text = does()
        except NotDone as refusal:
            return self.message(visit, str(refusal), error=True, heading=heading)
        return self.message(visit, text, heading=heading)

    def _html(self, template: str, status: int = 200, /, **values: Any) -> Response:
        page = self._templates.get_template(template).render(**values)
        return HTMLResponse(page, status, {"Cache-Control": "no-store"})

    def with_cookie(self, where: str, session: Session) -> Response:
        response = RedirectResponse(where, 302, {"Cache-Control": "no-store"})
        # Lax, because the redirect from the provider comes from another host.
        response.set_cookie(COOKIE, session.id, secure=True, httponly=True, samesite="lax")
        return response


async def form_of(request: Request) -> dict[str, str]:
    body = (await request.body()).decode("utf-8", "replace")
    return {key: values[-1] for key, values in parse_qs(body, keep_blank_values=True).items()}
