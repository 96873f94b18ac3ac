# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognises an interface before any credentials are sent, and signs in. Knows no store: each call is one attempt."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import (
    AccountLocked,
    Busy,
    PasswordChangeDemanded,
    PrismaError,
    SignInRefused,
    UnexpectedPage,
    Unsupported,
)
from ..http.client import Client, Purpose
from ..http.tls import peer_fingerprint
from ..libraries import httpx, oauthlib
from ..page.page import Page
from ..profile.check import SECRETS
from ..profile.profile import Answer, Profile, fill
from .navigator import Navigator
from .token_endpoint import NoToken, basic_auth, request_token

_AUTHORISATION = {"basic": "BasicAuth", "digest": "DigestAuth"}
"""What of httpx makes the headers of HTTP's own methods."""

_NOT_THERE = frozenset({404, 405, 410})
"""Answers of a server that knows no such page: another interface than the profile's."""

NOT_SIGNED_IN: tuple[tuple[str, type[PrismaError], str], ...] = (
    ("change_password", PasswordChangeDemanded, "the sign-in landed on a forced change of password"),
    ("locked", AccountLocked, "the account is locked"),
    ("busy", Busy, "the interface accepts no further session"),
    ("refused", SignInRefused, "the sign-in was refused"),
)


@dataclass(frozen=True)
class Recognised:
    """The page that ``match`` leads to, the facts seen there, and what its steps keep."""

    page: Page
    facts: dict[str, t.Any]
    kept: dict[str, t.Any]


def recognise(
    client: Client, profile: Profile, variables: Mapping[str, t.Any], *, allow_unverified: bool
) -> Recognised:
    """Read the interface without credentials; the facts are match_score, recognised and certificate_sha256.

    Raises :class:`Unsupported` where the interface is not the profile's, unless ``allow_unverified``.
    """
    public = {name: value for name, value in variables.items() if name not in SECRETS}
    navigator = Navigator(client, profile, "match", public)
    try:
        page = navigator.run(profile.match.steps, Purpose.READ)
    except UnexpectedPage as error:
        if navigator.answer.status not in _NOT_THERE:
            raise
        what = f"{error}; so the interface is not recognised, and no credentials were sent"
        raise Unsupported(what, details=error.details) from error
    score = sum(points for sign, points in profile.match.signs if sign.shows(navigator.answer))
    facts: dict[str, t.Any] = {"match_score": score, "recognised": score >= profile.match.enough}
    if navigator.response is not None:
        facts["certificate_sha256"] = peer_fingerprint(navigator.response)
    if not facts["recognised"] and not allow_unverified:
        raised = navigator.unexpected(
            f"the interface is not recognised: {score} of {profile.match.enough} points", None
        )
        raise Unsupported(
            f"{raised}; no credentials were sent",
            details={**raised.details, "match_score": score, "match_enough": profile.match.enough},
        )
    return Recognised(page, facts, navigator.kept)


def authorisation(profile: Profile, variables: Mapping[str, t.Any]) -> httpx.Auth | None:
    """Return what authorises each request of the account, for HTTP's own methods; None for all others."""
    if not profile.sign_in.by_request:
        return None
    username, password = fill(["${username}", "${password}"], variables)
    return t.cast("httpx.Auth", getattr(httpx, _AUTHORISATION[profile.sign_in.method])(str(username), str(password)))


def sign_in(
    client: Client,
    profile: Profile,
    variables: Mapping[str, t.Any],
    *,
    account: str,
    page: Page,
    auth: httpx.Auth | None = None,
    kept: dict[str, t.Any] | None = None,
) -> dict[str, t.Any]:
    """Sign in from ``page`` and return what the profile keeps of it (tokens). Raises the reason of a failure.

    ``kept`` receives the same as soon as it is known: the caller may have to sign out after a failure.
    """
    if profile.sign_in.method == "none":
        return {}
    if profile.sign_in.method == "client_credentials":
        return _fetch_token(client, profile, variables, account)
    return _sign_in_by_steps(client, profile, variables, account, page, auth, {} if kept is None else kept)


def _sign_in_by_steps(
    client: Client,
    profile: Profile,
    variables: Mapping[str, t.Any],
    account: str,
    page: Page,
    auth: httpx.Auth | None,
    kept: dict[str, t.Any],
) -> dict[str, t.Any]:
    signs = profile.sign_in.signs

    def watch(answer: Answer) -> None:
        """Stop at a status that decides, before another step sends the same password again."""
        for name, error, text in NOT_SIGNED_IN:
            if name in signs and signs[name].shows_at_once(answer):
                raise error(f"{text} (account {account})")

    navigator = Navigator(client, profile, "sign_in", variables, page=page, auth=auth, watch=watch)
    try:
        navigator.run(profile.sign_in.steps, Purpose.SIGN_IN)
    finally:
        kept.update(navigator.kept)
    for name, error, text in NOT_SIGNED_IN:
        if name in signs and signs[name].shows(navigator.answer):
            raise error(f"{text} (account {account})")
    if not signs["signed_in"].shows(navigator.answer):
        raise navigator.unexpected("the page after the sign-in proves neither success nor a known failure", None)
    return dict(navigator.kept)


def _fetch_token(client: Client, profile: Profile, variables: Mapping[str, t.Any], account: str) -> dict[str, t.Any]:
    """OAuth 2.0 client credentials, RFC 6749 sections 2.3.1 and 4.4."""
    oauth = oauthlib.oauth2.BackendApplicationClient(client_id=variables["client_id"])
    body = oauth.prepare_request_body(scope=fill(profile.sign_in.scope, variables), include_client_id=False)
    endpoint = str(fill(profile.sign_in.token, variables))
    auth = basic_auth(str(variables["client_id"]), str(variables["client_secret"]))
    try:
        token = request_token(client, endpoint, oauth, body, auth)
    except NoToken as error:
        raise (SignInRefused if error.refused else UnexpectedPage)(
            f"the token endpoint gave client {account} no token: {error.reason} (status {error.status})",
            details={"status": error.status},
        ) from None
    return {"access_token": token["access_token"]}
