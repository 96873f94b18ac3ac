# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by all pages of PRISMA Home: the signed-in person, hidden tokens, messages."""

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

from simulator.home_people import ADMINISTRATOR, TenantPerson
from simulator.home_sign_in import HomeSignIn
from simulator.home_store import HomeSession
from simulator.records import Tenant
from simulator.site_rules import NotDone

COOKIE = "homeSession"
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Visit:
    """A signed-in person, and the hidden token of the session."""

    session: HomeSession
    person: TenantPerson
    tenant: Tenant

    @property
    def email(self) -> str:
        return self.person.email

    @property
    def token(self) -> str:
        return self.session.token

    def refuse_employee(self) -> None:
        """Raise NotDone for an Employee (domain.md, "PRISMA Home: people": reads only)."""
        if self.person.role != ADMINISTRATOR:
            raise NotDone(f"Your role is Employee, which reads only. Ask an administrator of {self.tenant.name}.")


Page = Callable[[Request, Visit], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass
class HomeFrame:
    sign_in: HomeSignIn

    def __post_init__(self) -> None:
        folders = [TEMPLATES / "home", TEMPLATES / "shared"]
        self._templates = Environment(
            loader=FileSystemLoader(folders),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["day"] = lambda seconds: datetime.fromtimestamp(seconds, UTC).date().isoformat()

    def signed_in(self, page: Page) -> Endpoint:
        """Show the sign-in page with status 200, never an empty list, to everyone who is not signed in."""

        async def endpoint(request: Request) -> Response:
            found = self.sign_in.visitor(request.cookies.get(COOKIE, ""))
            if found is None:
                return self.sign_in_page(request)
            session, visitor = found
            visit = Visit(session, visitor.person, visitor.tenant)
            if request.method == "POST":
                given = (await form_of(request)).get("token", "")
                if not hmac.compare_digest(visit.token.encode(), given.encode()):
                    return self.message(visit, "This page is no longer valid.", error=True)
            try:
                return await page(request, visit)
            except NotDone as refusal:
                return self.message(visit, str(refusal), error=True)

        return endpoint

    def writer(self, page: Page) -> Page:
        """Refuse the page to an Employee, with a text."""

        async def checked(request: Request, visit: Visit) -> Response:
            visit.refuse_employee()
            return await page(request, visit)

        return checked

    def sign_in_page(self, request: Request) -> Response:
        cookie = request.cookies.get(COOKIE, "")
        # After the sign-in, show the page of the form. The form is not sent again.
        target = request.url.path if request.method == "GET" else "/"
        ended = bool(cookie) and self.sign_in.store.session(cookie) is None
        return self.public("sign_in.html", ended=ended, target=quote(target, safe="/"))

    def show(self, visit: Visit, template: str, status: int = 200, /, **values: Any) -> Response:
        return self._html(template, status, visit=visit, **values)

    def public(self, template: str, **values: Any) -> Response:
        return self._html(template, visit=None, **values)

    def message(self, visit: Visit, text: str, *, error: bool = False, status: int = 200) -> Response:
        return self.show(visit, "message.html", status, text=text, error=error)

    def _html(self, template: str, status: int = 200, /, **values: Any) -> Response:
        page = self._templates.get_template(template).render(**values)
        return HTMLResponse(page, status, {"Cache-Control": "no-store"})

    def with_cookie(self, where: str, session: HomeSession) -> Response:
        response = RedirectResponse(where, 302, {"Cache-Control": "no-store"})
        # Lax, because the redirect from the provider comes from another host.
        response.set_cookie(COOKIE, session.id, secure=True, httponly=True, samesite="lax")
        return response


async def form_of(request: Request) -> dict[str, str]:
    body = (await request.body()).decode("utf-8", "replace")
    return {key: values[-1] for key, values in parse_qs(body, keep_blank_values=True).items()}
