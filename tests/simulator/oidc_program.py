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


@dataclass
class Session:
    id: str
    csrf: str
    email: str = ""


@dataclass
class Pages:
    """The pages. `note` writes one line of JSON for the parent: a request, an issued secret, or an audit line."""

    options: dict[str, Any]
    sessions: dict[str, Session] = field(default_factory=dict)

    def __post_init__(self) -> None:
        clients = [Client(**client) for client in self.options["clients"]]
        self.provider = Provider(self.options["issuer"], clients, self.options["lifetime"], self.note)
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
            return self._page(session, "login.html", target=str(request.url.query), error="")
        response: Response = self.provider.create_authorization_response(asked, grant_user=person, grant=grant)
        return response

    async def login(self, request: Request) -> Response:
        session, form = self._session(request), await _form(request)
        email, target = form.get("email", "").strip(), form.get("continue", "")
        expected = self.options["people"].get(email.lower())
        fine = hmac.compare_digest(session.csrf.encode(), form.get("csrf", "").encode())
        if not fine or not expected or not hmac.compare_digest(expected.encode(), form.get("password", "").encode()):
            self.note("audit", actor=email, what="sign_in_refused")
            error = "The e-mail address or the password is not correct." if fine else "This page is no longer valid."
            return self._page(session, "login.html", target=target, error=error)
        self.sessions.pop(session.id, None)
        fresh = self._new_session(email.lower())
        self.note("audit", actor=email.lower(), what="sign_in")
        return self._with_cookie(RedirectResponse(f"/authorize?{target}", 302), fresh)

    async def token(self, request: Request) -> Response:
        response: Response = self.provider.create_token_response(await _parsed_request(request))
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
        CookieOwners(COOKIE),
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
