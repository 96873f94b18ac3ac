# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs administrators in at a site: code flow with PKCE; verifies id_token and access tokens."""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from simulator.oidc_child import PUBLIC_CLIENT, PUBLIC_REDIRECT, SITE_CLIENT
from simulator.site_rules import SiteRules
from simulator.site_store import Session, SiteStore
from simulator.world import World


class SignInFailed(Exception):
    """The response of the provider is not valid. The text is for the page."""


@dataclass
class SiteSignIn:
    """Sessions of the sites, and how they start. `key` makes the hidden tokens for requests with a bearer token.

    A bearer token is valid until it expires, or until :meth:`expire` if it was used before.
    """

    world: World
    store: SiteStore
    rules: SiteRules
    issuer: str
    secret: str
    timer: float
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _keys: KeySet | None = None
    _used: set[str] = field(default_factory=set)
    _ended: set[str] = field(default_factory=set)

    @property
    def redirect(self) -> str:
        return f"{self.world.site_url}signed-in"

    # sessions

    def fresh(self, email: str = "", site: str = "", pending: str = "") -> Session:
        session = Session(
            secrets.token_urlsafe(18), secrets.token_hex(12), email, site, self.world.now(), pending=pending
        )
        self.world.store.keep_secret("cookie", session.id)
        self.world.store.keep_secret("hidden_token", session.csrf)
        self.store.keep_session(session)
        return session

    def visitor(self, cookie: str) -> Session | None:
        """Return the person of a session, None without one.

        A session ends by its timer (domain.md, "Accounts, sessions, locks on the controller"), and when the person
        loses the last right on the site.
        """
        found = self.store.session(cookie)
        if found is None or not found.email:
            return None
        ended = self.world.now() > found.last_seen + self.timer
        if ended or self.rules.administers(found.email) != found.site:
            self.store.drop_session(cookie)
            return None
        seen = Session(found.id, found.csrf, found.email, found.site, self.world.now())
        self.store.keep_session(seen)
        return seen

    def expire(self) -> None:
        """End all sessions, and every bearer token that was used so far."""
        self.store.drop_sessions()
        self._ended |= self._used

    async def bearer(self, token: str) -> Session | None:
        """Return the person of an access token of the provider, None if it has ended."""
        if token in self._ended:
            return None
        try:
            claims = await self._claims(token, "site")
        except SignInFailed:
            return None
        self._used.add(token)
        email = str(claims["email"])
        site = self.rules.administers(email)
        csrf = hmac.new(self.key, email.encode(), "sha256").hexdigest()[:24]
        return Session("", csrf, email, site, self.world.now()) if site else None

    # the code flow

    def leave_for_provider(self, target: str, account: str = "") -> tuple[str, Session]:
        """Return the address at the provider, and the session that waits for the redirect back.

        The state begins with the account, if it is known: the provider tells requests apart by it.
        """
        nonce, verifier = secrets.token_urlsafe(18), secrets.token_urlsafe(48)
        state = f"{account}.{secrets.token_urlsafe(18)}"
        url = self._authorize(SITE_CLIENT, "openid email", self.redirect, state, nonce, verifier)
        pending = {"state": state, "nonce": nonce, "verifier": verifier, "next": target}
        return url, self.fresh(pending=json.dumps(pending))

    async def come_back(self, cookie: str, given: dict[str, str]) -> tuple[str, str]:
        """Return the e-mail address of the person whom the provider redirects back, and the path to continue with."""
        waiting = self.store.session(cookie)
        pending = json.loads(waiting.pending) if waiting and waiting.pending else {}
        if not pending or not hmac.compare_digest(pending["state"].encode(), given.get("state", "").encode()):
            raise SignInFailed("This sign-in was not begun here.")
        self.store.drop_session(cookie)
        auth = (SITE_CLIENT, self.secret)
        token = await self._fetch_token(given.get("code", ""), pending["verifier"], self.redirect, auth=auth)
        claims = await self._claims(str(token["id_token"]), SITE_CLIENT)
        if claims.get("nonce") != pending["nonce"]:
            raise SignInFailed("The provider's answer belongs to another sign-in.")
        return str(claims["email"]), str(pending["next"])

    async def _claims(self, token: str, audience: str) -> dict[str, Any]:
        try:
            decoded = jwt.decode(token, await self._key_set(), algorithms=["RS256"])
            wanted = jwt.JWTClaimsRegistry(
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": audience},
                exp={"essential": True},
                email={"essential": True},
            )
            wanted.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise SignInFailed("The token does not hold.") from error
        return dict(decoded.claims)

    async def _key_set(self) -> KeySet:
        if self._keys is None:
            async with self._http() as client:
                self._keys = KeySet.import_key_set((await client.get(f"{self.issuer}/jwks.json")).json())
        return self._keys

    def _authorize(self, client: str, scope: str, redirect: str, state: str, nonce: str, verifier: str) -> str:
        parameters = {
            "response_type": "code",
            "client_id": client,
            "scope": scope,
            "redirect_uri": redirect,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self.issuer}/authorize?{urlencode(parameters)}"

    async def _fetch_token(
        self, code: str, verifier: str, redirect: str, *, auth: tuple[str, str] | None = None, client_id: str = ""
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect,
            **({"client_id": client_id} if client_id else {}),
        }
        try:
            async with self._http() as client:
                answer = await client.post(f"{self.issuer}/token", data=form, auth=auth or httpx.USE_CLIENT_DEFAULT)
                document = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise SignInFailed("The provider does not confirm this sign-in.") from error
        return dict(document)

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(verify=self.world.client_context, trust_env=False, timeout=60)

    # for tests

    async def tokens_for(self, email: str) -> dict[str, Any]:
        """Sign a person in through the provider's form, as the public client. Return the tokens."""
        verifier, state, nonce = (secrets.token_urlsafe(48) for _time in range(3))
        scope = "openid email offline_access"
        url = self._authorize(PUBLIC_CLIENT, scope, PUBLIC_REDIRECT, state, nonce, verifier)
        async with self._http() as browser:
            page = (await browser.get(url)).text
            csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
            password = self.store.accounts().get(email, "")
            form = {"csrf": csrf, "continue": url.split("?", 1)[1], "email": email, "password": password}
            answer = await browser.post(f"{self.issuer}/login", data=form)
            if answer.status_code != 302:
                raise SignInFailed(f"the provider knows no {email}")
            back = httpx.URL((await browser.get(f"{self.issuer}{answer.headers['location']}")).headers["location"])
        token = await self._fetch_token(back.params["code"], verifier, PUBLIC_REDIRECT, client_id=PUBLIC_CLIENT)
        names = ("access_token", "refresh_token", "expires_in")
        return {**{name: token[name] for name in names}, "client_id": PUBLIC_CLIENT}
