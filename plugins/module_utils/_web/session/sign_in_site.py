# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods to sign in to an administration site: a browser's session, a form, or a token.

``refresh_token`` and ``bearer_token`` are unproven: no public text says that the site accepts a token.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..errors import SignInRefused, UnexpectedPage, Unsupported
from ..http.client import PURPOSE, REPEATABLE, Client, Purpose
from ..http.cookies import Cookie
from ..libraries import httpx, oauthlib
from .navigator import Navigator
from .session import Session
from .session_file import SIGN_IN_AGAIN
from .sign_in import Recognised
from .token_endpoint import NoToken, basic_auth, request_token


class Method(t.Protocol):
    """A method to sign in. ``name`` is its name in results; ``external``: its session is never signed out."""

    @property
    def name(self) -> str: ...

    @property
    def external(self) -> bool: ...

    def enter(self, client: Client) -> dict[str, t.Any]:
        """Sign ``client`` in; return what is kept for later tasks of the run."""

    def learn(self, kept: Mapping[str, t.Any]) -> None:
        """Use what an earlier task of this run has kept."""

    def authorisation(self, kept: Mapping[str, t.Any]) -> httpx.Auth | None:
        """Return what authorises each request; None if cookies do."""


@dataclass
class SessionFile:
    """The cookies of a browser's session. It belongs to the person who exported it, and outlives the run."""

    cookies: list[Cookie]
    name: str = "session_file"
    external: bool = True

    def enter(self, client: Client) -> dict[str, t.Any]:
        """Use the cookies of the file."""
        for cookie in self.cookies:
            client.jar.add(cookie)
        return {}

    def learn(self, kept: Mapping[str, t.Any]) -> None:
        """Nothing changes by use."""

    def authorisation(self, kept: Mapping[str, t.Any]) -> httpx.Auth | None:
        """Cookies are enough."""
        return None


@dataclass
class BearerToken:
    """An access token that was fetched before the run."""

    token: str = field(repr=False)
    name: str = "bearer_token"
    external: bool = True

    def enter(self, client: Client) -> dict[str, t.Any]:
        """There is nothing to fetch."""
        return {"access_token": self.token}

    def learn(self, kept: Mapping[str, t.Any]) -> None:
        """Nothing changes by use."""

    def authorisation(self, kept: Mapping[str, t.Any]) -> httpx.Auth | None:
        """The token goes with every request."""
        return _Bearer(str(kept["access_token"]))


@dataclass
class RefreshToken:
    """OAuth 2.0 refresh token (RFC 6749, section 6), its endpoint found by discovery at the issuer.

    ``keep`` is called with a token that replaces the one in use (rotation), before it is used: if it is lost, a person
    has to sign in again. ``token_hosts``: hosts besides the issuer's at which the endpoint may be.
    """

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)
    token: str = field(repr=False)
    client_for: Callable[[str, frozenset[str]], Client]
    keep: Callable[[str], None]
    token_hosts: frozenset[str] = frozenset()
    name: str = "refresh_token"
    external: bool = True

    def learn(self, kept: Mapping[str, t.Any]) -> None:
        """Use the newest token."""
        self.token = str(kept.get("refresh_token") or self.token)

    def authorisation(self, kept: Mapping[str, t.Any]) -> httpx.Auth | None:
        """The access token goes with every request."""
        return _Bearer(str(kept["access_token"]))

    def enter(self, client: Client) -> dict[str, t.Any]:
        """Fetch an access token at the issuer; ``client`` is the site's and not used."""
        hosts = self.token_hosts | {urlsplit(self.issuer).netloc.rsplit("@", 1)[-1]}
        with self.client_for(self.issuer.rstrip("/") + "/", hosts) as issuer:
            endpoint = self._endpoint(issuer)
            given = self._ask(issuer, endpoint)
        replaced = given.get("refresh_token")
        if replaced and replaced != self.token:
            self.token = str(replaced)
            self.keep(self.token)
        return {"access_token": str(given["access_token"]), "refresh_token": self.token}

    def _endpoint(self, issuer: Client) -> str:
        """Return the token endpoint (OpenID Connect Discovery 1.0, section 4)."""
        response = issuer.get(
            ".well-known/openid-configuration", extensions={PURPOSE: Purpose.SIGN_IN, REPEATABLE: False}
        )
        try:
            found = response.json()
            endpoint, named = str(found["token_endpoint"]), str(found["issuer"])
        except (ValueError, KeyError, TypeError) as error:
            raise UnexpectedPage(
                f"{self.issuer} does not say where its token endpoint is (status {response.status_code})",
                advice="Check the issuer: it is the address before /.well-known/openid-configuration.",
            ) from error
        # An issuer for many tenants has a placeholder there, and then there is nothing to compare.
        if "{" not in named and named.rstrip("/") != self.issuer.rstrip("/"):
            raise UnexpectedPage(f"{self.issuer} calls itself {named!r}", advice="Give the issuer by that name.")
        if urlsplit(endpoint).scheme != "https":
            raise UnexpectedPage(f"{self.issuer} names a token endpoint that is not https")
        return endpoint

    def _ask(self, issuer: Client, endpoint: str) -> Mapping[str, t.Any]:
        oauth = oauthlib.oauth2.WebApplicationClient(client_id=self.client_id)
        secret = self.client_secret
        more = {} if secret else {"client_id": self.client_id}
        body = oauth.prepare_refresh_body(refresh_token=self.token, **more)
        try:
            return request_token(issuer, endpoint, oauth, body, basic_auth(self.client_id, secret) if secret else None)
        except NoToken as error:
            if error.refused:
                raise SignInRefused(
                    f"{self.issuer} refuses the refresh token of client {self.client_id}: {error.reason}",
                    advice="Sign in again and keep the new refresh token, then run again. It may have been used twice.",
                ) from None
            raise UnexpectedPage(
                f"{self.issuer} gave client {self.client_id} no token: {error.reason} (status {error.status})",
                details={"status": error.status},
            ) from None


class _Bearer(httpx.Auth):  # type: ignore[misc, unused-ignore]
    """RFC 6750, section 2.1."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the token along."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class SiteSession(Session):
    """A session that begins by a :class:`Method`; without one, by the steps of the profile (a form)."""

    def __init__(self, *given: t.Any, method: Method | None = None, **options: t.Any) -> None:
        super().__init__(*given, **options)
        self._method = method

    @property
    def method(self) -> str:
        """The name of the sign-in method, for results."""
        return self._method.name if self._method is not None else "form"

    def _enter(self, variables: Mapping[str, t.Any], seen: Recognised) -> dict[str, t.Any]:
        if self._method is None:
            return super()._enter(variables, seen)
        if not self.profile.sign_in.check:
            raise Unsupported(f"the profile {self.profile.id} has no sign_in.check, which {self.method} needs")
        self.state.external = self._method.external
        kept = self._method.enter(self.client)
        self._auth = self._method.authorisation(kept)
        return {**kept, **self._prove({**variables, **kept})}

    def _prove(self, variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Raise unless a page proves the sign-in: a session that has ended must not look like an empty list."""
        navigator = Navigator(self.client, self.profile, "sign_in.check", variables, auth=self._auth)
        try:
            navigator.run(self.profile.sign_in.check, Purpose.READ)
        except UnexpectedPage:
            if not self._has_ended(navigator):
                raise
        if self.profile.sign_in.signs["signed_in"].shows(navigator.answer):
            return dict(navigator.kept)
        if self._has_ended(navigator):
            raise SignInRefused(f"the session has ended ({self.method} of {self.account})", advice=SIGN_IN_AGAIN)
        raise navigator.unexpected("the page proves neither that the account is signed in nor that it is not", None)

    def _has_ended(self, navigator: Navigator) -> bool:
        ended = self.profile.session_ended
        return ended is not None and navigator.page is not None and ended.shows(navigator.answer)

    def _reopen(self) -> None:
        if self._method is not None:
            self._method.learn(self.state.kept)
            self._auth = None
        super()._reopen()

    def _authorisation(self) -> httpx.Auth | None:
        if self._method is None:
            return super()._authorisation()
        if self._auth is None:  # another task has signed in
            self._auth = self._method.authorisation(self.state.kept)
        return self._auth


__all__ = ["BearerToken", "Method", "RefreshToken", "SessionFile", "SiteSession"]
