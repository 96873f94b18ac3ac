# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clouds as clients of the identity provider: code flow with PKCE; verifies id_tokens and access tokens."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from simulator.oidc_child import PUBLIC_CLIENT, PUBLIC_REDIRECT
from simulator.world import World


class SignInFailed(Exception):
    """The response of the provider is not valid. The text is for the page."""


@dataclass
class ProviderClient:
    """What all clouds ask the provider for. `password_of` returns the password of an account, empty if unknown."""

    world: World
    issuer: str
    password_of: Callable[[str], str]
    _keys: KeySet | None = None

    async def claims(self, token: str, audience: str, now: Callable[[], int] | None = None) -> dict[str, Any]:
        """Return the claims of a token for an audience. Raise SignInFailed if it does not hold."""
        try:
            decoded = jwt.decode(token, await self._key_set(), algorithms=["RS256"])
            wanted = jwt.JWTClaimsRegistry(
                now,
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

    def authorize_url(self, client: str, scope: str, redirect: str, verifier: str, *, state: str, nonce: str) -> str:
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

    async def fetch_token(
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
        url = self.authorize_url(PUBLIC_CLIENT, scope, PUBLIC_REDIRECT, verifier, state=state, nonce=nonce)
        async with self._http() as browser:
            page = (await browser.get(url)).text
            csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
            password = self.password_of(email)
            form = {"csrf": csrf, "continue": url.split("?", 1)[1], "email": email, "password": password}
            answer = await browser.post(f"{self.issuer}/login", data=form)
            if answer.status_code != 302:
                raise SignInFailed(f"the provider knows no {email}")
            back = httpx.URL((await browser.get(f"{self.issuer}{answer.headers['location']}")).headers["location"])
        token = await self.fetch_token(back.params["code"], verifier, PUBLIC_REDIRECT, client_id=PUBLIC_CLIENT)
        names = ("access_token", "refresh_token", "expires_in")
        return {**{name: token[name] for name in names}, "client_id": PUBLIC_CLIENT}


@dataclass
class CodeFlow:
    """The sign-in of a cloud that runs on a server: to the provider, and back with a code."""

    provider: ProviderClient
    client_id: str
    secret: str
    redirect: str

    def leave(self, target: str, account: str = "") -> tuple[str, dict[str, str]]:
        """Return the address at the provider, and what the session must keep until the redirect back."""
        nonce, verifier = secrets.token_urlsafe(18), secrets.token_urlsafe(48)
        state = f"{account}.{secrets.token_urlsafe(18)}"
        url = self.provider.authorize_url(
            self.client_id, "openid email", self.redirect, verifier, state=state, nonce=nonce
        )
        return url, {"state": state, "nonce": nonce, "verifier": verifier, "next": target}

    async def come_back(self, pending: dict[str, str], given: dict[str, str]) -> tuple[str, str]:
        """Return the e-mail address of the person whom the provider redirects back, and the path to continue with."""
        if not pending or not secrets.compare_digest(pending["state"].encode(), given.get("state", "").encode()):
            raise SignInFailed("This sign-in was not begun here.")
        auth = (self.client_id, self.secret)
        token = await self.provider.fetch_token(given.get("code", ""), pending["verifier"], self.redirect, auth=auth)
        claims = await self.provider.claims(str(token["id_token"]), self.client_id)
        if claims.get("nonce") != pending["nonce"]:
            raise SignInFailed("The provider's answer belongs to another sign-in.")
        return str(claims["email"]), pending["next"]


@dataclass
class BearerTokens:
    """Access tokens of the provider at one cloud: valid until they expire, or until :meth:`expire` if used before."""

    provider: ProviderClient
    audience: str
    _used: set[str] = field(default_factory=set)
    _ended: set[str] = field(default_factory=set)

    async def email_of(self, token: str) -> str:
        """Return the e-mail address that a token stands for, empty if it does not hold or has ended."""
        if token in self._ended:
            return ""
        world = self.provider.world
        try:
            claims = await self.provider.claims(token, self.audience, lambda: int(max(time.time(), world.now())))
        except SignInFailed:
            return ""
        self._used.add(token)
        return str(claims["email"])

    def end(self, token: str) -> None:
        self._ended.add(token)

    def expire(self) -> None:
        """End every token that was used so far."""
        self._ended |= self._used
