# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Methods to sign in to a cloud without the steps of its profile: a browser's session, or a token.

Their sessions were there before the run and outlive it, so a run never signs them out. ``refresh_token`` and
``bearer_token`` are unproven: no public text says that a cloud accepts a token.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..errors import SignInRefused, UnexpectedPage
from ..http.client import PURPOSE, REPEATABLE, Client, Purpose
from ..libraries import httpx, oauthlib
from .expiry import iso_time, jwt_expiry
from .session_file import StoredSession
from .token_endpoint import basic_auth, request_token


class Method(t.Protocol):
    """A method to sign in. ``name`` is its name in results; ``advice`` says what to do once its session has ended."""

    @property
    def name(self) -> str:
        """Its name in results."""

    @property
    def advice(self) -> str:
        """What to do once its session has ended."""

    @property
    def ends(self) -> float | None:
        """When its session ends, in seconds since 1970; None if that is not known."""

    @property
    def renews(self) -> bool:
        """Whether a session that ended can be opened again without a person."""

    def enter(self, client: Client) -> dict[str, t.Any]:
        """Sign ``client`` in; return what is kept for later tasks of the run, such as ``access_token``."""

    def learn(self, kept: Mapping[str, t.Any]) -> None:
        """Use what an earlier task of this run has kept."""


def check_not_ended(method: Method, account: str, now: float) -> None:
    """Raise :class:`SignInRefused` for a session that has ended, before any request is sent."""
    if method.ends is not None and method.ends <= now:
        raise SignInRefused(f"the session expired at {iso_time(method.ends)} ({account})", advice=method.advice)


@dataclass
class SessionFile:
    """The session of a browser. It belongs to the person who exported it."""

    session: StoredSession
    advice: str
    name: str = "session_file"
    renews: bool = False

    @property
    def ends(self) -> float | None:
        """As the file says."""
        return self.session.ends

    def enter(self, client: Client) -> dict[str, t.Any]:
        """Use the cookies of the file, and its token if the profile names one."""
        for cookie in self.session.cookies:
            client.jar.add(cookie)
        return {} if self.session.token is None else {"access_token": self.session.token}

    def learn(self, kept: Mapping[str, t.Any]) -> None:
        """Nothing changes by use."""


@dataclass
class BearerToken:
    """An access token that was fetched before the run."""

    token: str = field(repr=False)
    advice: str
    name: str = "bearer_token"
    renews: bool = False

    @property
    def ends(self) -> float | None:
        """As the token says, if it is a JWT."""
        return jwt_expiry(self.token)

    def enter(self, client: Client) -> dict[str, t.Any]:
        """There is nothing to fetch."""
        return {"access_token": self.token}

    def learn(self, kept: Mapping[str, t.Any]) -> None:
        """Nothing changes by use."""


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
    advice: str = "Sign in again and keep the new refresh token, then run again. It may have been used twice."
    name: str = "refresh_token"
    ends: float | None = None
    renews: bool = True

    def learn(self, kept: Mapping[str, t.Any]) -> None:
        """Use the newest token."""
        self.token = str(kept.get("refresh_token") or self.token)

    def enter(self, client: Client) -> dict[str, t.Any]:
        """Fetch an access token at the issuer; ``client`` is the cloud's and not used."""
        hosts = self.token_hosts | {urlsplit(self.issuer).netloc.rsplit("@", 1)[-1]}
        with self.client_for(self.issuer.rstrip("/") + "/", hosts) as issuer:
            given = self._ask(issuer, self._endpoint(issuer))
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
        auth = basic_auth(self.client_id, secret) if secret else None
        return request_token(
            issuer, endpoint, oauth, body, auth, who=self.issuer, client_id=self.client_id, advice=self.advice
        )


class Bearer(httpx.Auth):  # type: ignore[misc, unused-ignore]
    """RFC 6750, section 2.1."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the token along."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request
