# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process of the OpenID Connect provider: its pages, sign-ins, and the events for its parent."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from authlib.oauth2 import OAuth2Error
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator.listening import server_of
from simulator.oidc_faults import FaultyProvider
from simulator.oidc_grants import SCOPES, Client, ParsedRequest, Person, Provider
from simulator.senders import CookieOwners

COOKIE = "oidcSession"
WRONG = "The e-mail address or the password is not correct."
NO_LONGER_VALID = "This page is no longer valid."


@dataclass
class Session:
    """A browser's session. `given`: the address that is signing in, `proven`: what it has proven (password, code)."""

    id: str
    csrf: str
    email: str = ""
    given: str = ""
    proven: set[str] = field(default_factory=set)


@dataclass
class Pages:
    """The pages. `note` writes one line of JSON for the parent: a request, an issued secret, or an audit line."""

    options: dict[str, Any]
    sessions: dict[str, Session] = field(default_factory=dict)

    def __post_init__(self) -> None:
        clients = [Client(**client) for client in self.options["clients"]]
        self.provider = Provider(self.options["issuer"], clients, self.note)
        folder = Path(__file__).parent / "templates" / "oidc"
        self._templates = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)

    def note(self, kind: str, **values: Any) -> None:
        with Path(self.options["events"]).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"kind": kind, **values}) + "\n")

    def application(self) -> Starlette:
        routes = [
            ("/.well-known/openid-configuration", self.discovery, ["GET"]),
            ("/jwks.json", self.keys, ["GET"]),
            ("/authorize", self.authorize, ["GET"]),
            ("/login", self.login, ["POST"]),
            ("/sign-in/account", self.give_account, ["POST"]),
            ("/sign-in/password", self.give_password, ["POST"]),
            ("/sign-in/code", self.give_code, ["POST"]),
            ("/sign-in/stay", self.stay, ["POST"]),
            ("/token", self.token, ["POST"]),
            ("/revoke", self.revoke, ["POST"]),
        ]
        return Starlette(routes=[Route(path, self._counted(does), methods=how) for path, does, how in routes])

    def _counted(self, endpoint: Any) -> Any:
        async def counted(request: Request) -> Response:
            path = request.url.path.removeprefix("/")
            account = getattr(request.state, "account", "")
            self.note("request", time=time.time(), account=account, method=request.method, path=path)
            response: Response = await endpoint(request)
            response.headers["Cache-Control"] = "no-store"
            return response

        return counted

    async def discovery(self, request: Request) -> Response:
        issuer = self.provider.issuer
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "revocation_endpoint": f"{issuer}/revoke",
                "jwks_uri": f"{issuer}/jwks.json",
                "scopes_supported": list(SCOPES),
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            }
        )

    async def keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.provider.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        session = self._session(request)
        asked = await _parsed_request(request)
        person = Person(session.email) if session.email else None
        try:
            grant = self.provider.get_consent_grant(asked, end_user=person)
        except OAuth2Error as error:
            return self._page(session, "error.html", 400, text=f"{error.error}: {error.description}")
        if asked.payload.data.get("code_challenge_method") != "S256":
            return self._page(session, "error.html", 400, text="invalid_request: PKCE with S256 is needed")
        if person is None or asked.payload.data.get("prompt") == "login":
            page = "login.html" if grant.client.dialogue == "one page" else "account.html"
            return self._page(session, page, target=str(request.url.query), error="")
        response: Response = self.provider.create_authorization_response(asked, grant_user=person, grant=grant)
        return response

    async def login(self, request: Request) -> Response:
        """Sign in on one page."""
        session, form = self._session(request), await _form(request)
        email, target = form.get("email", "").strip().lower(), form.get("continue", "")
        if not _is_valid(session, form) or not self._is_password(email, form.get("password", "")):
            error = WRONG if _is_valid(session, form) else NO_LONGER_VALID
            return self._refused(session, "login.html", email, target, error)
        return self._signed_in(session, email, target)

    # step by step: address, password, perhaps a code, "stay signed in?"

    async def give_account(self, request: Request) -> Response:
        session, form = self._session(request), await _form(request)
        email, target = form.get("email", "").strip().lower(), form.get("continue", "")
        if not _is_valid(session, form):
            return self._refused(session, "account.html", email, target, NO_LONGER_VALID)
        if email not in self.options["people"]:
            return self._refused(session, "account.html", email, target, "This account does not exist.")
        session.given, session.proven = email, set()
        return self._page(session, "password.html", target=target, error="", email=email)

    async def give_password(self, request: Request) -> Response:
        session, form = self._session(request), await _form(request)
        email, target = session.given, form.get("continue", "")
        if not _is_valid(session, form) or not self._is_password(email, form.get("password", "")):
            error = WRONG if _is_valid(session, form) else NO_LONGER_VALID
            return self._refused(session, "password.html", email, target, error)
        session.proven = {"password"}
        page = "code.html" if self._code_of(email) else "stay.html"
        return self._page(session, page, target=target, error="", email=email)

    async def give_code(self, request: Request) -> Response:
        session, form = self._session(request), await _form(request)
        email, target = session.given, form.get("continue", "")
        is_code = "password" in session.proven and _are_equal(self._code_of(email), form.get("code", ""))
        if not _is_valid(session, form) or not is_code:
            return self._refused(session, "code.html", email, target, "The code is not correct.")
        session.proven.add("code")
        return self._page(session, "stay.html", target=target, error="", email=email)

    async def stay(self, request: Request) -> Response:
        """End the sign-in. Whether the person stays signed in makes no difference to a session of this provider."""
        session, form = self._session(request), await _form(request)
        target, needed = (
            form.get("continue", ""),
            {"password", "code"} if self._code_of(session.given) else {"password"},
        )
        if not _is_valid(session, form) or session.proven != needed:
            return self._refused(session, "account.html", session.given, target, NO_LONGER_VALID)
        return self._signed_in(session, session.given, target)

    def _code_of(self, email: str) -> str:
        return str(self.options["people"].get(email, ("", ""))[1])

    def _is_password(self, email: str, password: str) -> bool:
        return _are_equal(self.options["people"].get(email, ("", ""))[0], password)

    def _refused(self, session: Session, page: str, email: str, target: str, error: str) -> Response:
        self.note("audit", actor=email, what="sign_in_refused")
        return self._page(session, page, target=target, error=error, email=email)

    def _signed_in(self, session: Session, email: str, target: str) -> Response:
        self.sessions.pop(session.id, None)
        self.note("audit", actor=email, what="sign_in")
        return self._with_cookie(RedirectResponse(f"/authorize?{target}", 302), self._new_session(email))

    async def token(self, request: Request) -> Response:
        response: Response = self.provider.create_token_response(await _parsed_request(request))
        # The script of an application fetches its token from its own origin.
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    async def revoke(self, request: Request) -> Response:
        response: Response = self.provider.create_endpoint_response("revocation", await _parsed_request(request))
        return response

    def _session(self, request: Request) -> Session:
        return self.sessions.get(request.cookies.get(COOKIE, "")) or self._new_session()

    def _new_session(self, email: str = "") -> Session:
        session = Session(secrets.token_urlsafe(18), secrets.token_hex(12), email)
        self.sessions[session.id] = session
        self.note("secret", name="cookie", value=session.id)
        self.note("secret", name="hidden_token", value=session.csrf)
        return session

    def _page(self, session: Session, template: str, status: int = 200, **values: object) -> Response:
        page = self._templates.get_template(template).render(csrf=session.csrf, **values)
        return self._with_cookie(HTMLResponse(page, status), session)

    def _with_cookie(self, response: Response, session: Session) -> Response:
        response.set_cookie(COOKIE, session.id, secure=True, httponly=True, samesite="lax")
        return response


def _are_equal(expected: str, given: str) -> bool:
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())


def _is_valid(session: Session, form: dict[str, str]) -> bool:
    return _are_equal(session.csrf, form.get("csrf", ""))


async def _form(request: Request) -> dict[str, str]:
    body = (await request.body()).decode("utf-8", "replace") if request.method == "POST" else ""
    return {key: values[-1] for key, values in parse_qs(body, keep_blank_values=True).items()}


async def _parsed_request(request: Request) -> ParsedRequest:
    headers = {key.title(): value for key, value in request.headers.items()}
    return ParsedRequest(request.method, str(request.url), headers, dict(request.query_params), await _form(request))


async def _serve(options: dict[str, Any]) -> None:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((options["host"], options["port"]))
    pages = Pages(options)
    faulty = FaultyProvider(
        pages.application(),
        Path(options["faults"]),
        pages.note,
        lambda cookie: pages.sessions.pop(cookie, None),
        CookieOwners((COOKIE,)),
    )
    server = server_of(faulty, Path(options["chain"]))

    def until_the_parent_ends() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=until_the_parent_ends, daemon=True).start()
    await server.serve(sockets=[bound])


if __name__ == "__main__":
    # Ctrl-C signals every process of a terminal. The parent ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_serve(json.loads(sys.stdin.readline())))
