# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognises an interface before any credentials are sent, and signs in. Knows no store: each call is one attempt."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from ..._decide.interfaces import INTERFACE_NAMES, password_variable
from ..._decide.outcomes import NOT_RECOGNISED_ADVICE
from ..errors import (
    AccountLocked,
    Busy,
    PasswordChangeDemanded,
    PrismaError,
    SecondFactorDemanded,
    SignInRefused,
    UnexpectedPage,
    Unsupported,
)
from ..http.certificate import certificate_end
from ..http.client import Client, Purpose
from ..http.tls import fingerprint_of, peer_certificate
from ..libraries import httpx, oauthlib
from ..page.page import Page
from ..profile.check import SECRETS
from ..profile.profile import Answer, Profile, fill, names_in
from .methods import Bearer, Method
from .navigator import Navigator
from .session_file import sign_in_again
from .token_endpoint import basic_auth, request_token

_AUTHORISATION = {"basic": "BasicAuth", "digest": "DigestAuth"}
"""What of httpx makes the headers of HTTP's own methods."""

_NOT_THERE = frozenset({404, 405, 410})
"""Answers of a server that knows no such page: another interface than the profile's."""

NOT_SIGNED_IN: tuple[tuple[str, type[PrismaError], str], ...] = (
    ("change_password", PasswordChangeDemanded, "demands a new password"),
    ("locked", AccountLocked, "has locked the account"),
    ("busy", Busy, "accepts no further session"),
    ("second_factor", SecondFactorDemanded, "asks for a second factor, which no program has"),
    ("refused", SignInRefused, "refused the sign-in"),
)
"""The signs of a failed sign-in in the order in which they count, and what the interface did."""


@dataclass(frozen=True)
class Recognised:
    """The page that ``match`` leads to, the facts seen there, and what its steps keep."""

    page: Page
    facts: dict[str, t.Any]
    kept: dict[str, t.Any]


def recognise(
    client: Client, profile: Profile, variables: Mapping[str, t.Any], *, allow_unverified: bool
) -> Recognised:
    """Read the interface without credentials; the facts are match_score, recognised, certificate_sha256 and _ends.

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
        raise Unsupported(what, advice=NOT_RECOGNISED_ADVICE, details=error.details) from error
    score = sum(points for sign, points in profile.match.signs if sign.shows(navigator.answer))
    facts: dict[str, t.Any] = {"match_score": score, "recognised": score >= profile.match.enough}
    if navigator.response is not None:
        certificate = peer_certificate(navigator.response)
        facts["certificate_sha256"] = fingerprint_of(certificate) if certificate else None
        facts["certificate_ends"] = certificate_end(certificate) if certificate else None
    if not facts["recognised"] and not allow_unverified:
        raised = navigator.unexpected(
            f"the interface is not recognised: {score} of {profile.match.enough} points", None
        )
        raise Unsupported(
            f"{raised}; no credentials were sent",
            advice=NOT_RECOGNISED_ADVICE,
            details={**raised.details, "match_score": score, "match_enough": profile.match.enough},
        )
    return Recognised(page, facts, navigator.kept)


def authorisation(profile: Profile, variables: Mapping[str, t.Any]) -> httpx.Auth | None:
    """Return what authorises each request of the account, for HTTP's own methods; None for all others."""
    if not profile.sign_in.by_request:
        return None
    username, password = fill(["${username}", "${password}"], variables)
    return t.cast("httpx.Auth", getattr(httpx, _AUTHORISATION[profile.sign_in.method])(str(username), str(password)))


def enter(
    client: Client, profile: Profile, variables: Mapping[str, t.Any], method: Method, account: str
) -> tuple[dict[str, t.Any], httpx.Auth | None]:
    """Use a session that was there before; return what is kept of it, and what authorises each request.

    Raises unless a page proves the session: one that has ended must not look like an empty list.
    """
    if not profile.sign_in.check:
        raise Unsupported(f"the profile {profile.id} has no sign_in.check, which {method.name} needs")
    kept = method.enter(client)
    auth = bearer_authorisation(profile, kept)
    known = {**variables, **kept}
    headers = {name: text for name, text in profile.headers.items() if names_in(text) <= known.keys()}
    navigator = Navigator(client, profile, "sign_in.check", known, headers=headers, auth=auth)
    ended = profile.session_ended

    def has_ended() -> bool:
        return ended is not None and navigator.page is not None and ended.shows(navigator.answer)

    try:
        navigator.run(profile.sign_in.check, Purpose.READ)
    except UnexpectedPage:
        if not has_ended():
            raise
    if profile.sign_in.signs["signed_in"].shows(navigator.answer):
        return {**kept, **navigator.kept}, auth
    if has_ended():
        where = INTERFACE_NAMES[profile.interface]
        raise SignInRefused(f"the session at {where} has ended ({account})", advice=method.advice)
    raise navigator.unexpected("the page proves neither that the account is signed in nor that it is not", None)


def bearer_authorisation(profile: Profile, kept: Mapping[str, t.Any]) -> httpx.Auth | None:
    """Return what sends the access token along; None without one, or if the profile has a header for it."""
    token = kept.get("access_token")
    return None if token is None or "access_token" in names_in(profile.headers) else Bearer(str(token))


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
    if profile.sign_in.method == "session":
        raise Unsupported(f"the profile {profile.id} has no steps to sign in with user name and password")
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
    password = password_variable(profile.interface)
    variable = f", {password}" if password else ""

    def raise_failure(answer: Answer, *, at_once: bool) -> None:
        for name, error, text in NOT_SIGNED_IN:
            if name in signs and (signs[name].shows_at_once(answer) if at_once else signs[name].shows(answer)):
                advice = _browser_advice(profile) if error is SecondFactorDemanded else None
                raise error(f"{INTERFACE_NAMES[profile.interface]} {text} (account {account}{variable})", advice=advice)

    def watch(answer: Answer) -> None:
        """Stop at a status that decides, before another step sends the same password again."""
        raise_failure(answer, at_once=True)

    navigator = Navigator(client, profile, "sign_in", variables, page=page, auth=auth, watch=watch)
    again = ""
    try:
        navigator.run(profile.sign_in.steps, Purpose.SIGN_IN)
        raise_failure(navigator.answer, at_once=False)
        if not signs["signed_in"].shows(navigator.answer):
            again = "Run again: the session may have ended during the sign-in. If this page comes again: "
            raise navigator.unexpected("the page after the sign-in proves neither success nor a known failure", None)
    except UnexpectedPage as error:
        advice = _browser_advice(profile)
        if advice and _is_elsewhere(client, navigator):
            error.advice = (
                "The account's provider shows a page that the profile does not know, perhaps for a second factor. "
                f"{advice} {error.advice}"
            )
        error.advice = again + error.advice
        raise
    finally:
        kept.update(navigator.kept)
    return dict(navigator.kept)


def _is_elsewhere(client: Client, navigator: Navigator) -> bool:
    """Whether the last page is on the host of an account's provider."""
    own = (client.base_url.host, client.base_url.port)
    return navigator.response is not None and (navigator.response.url.host, navigator.response.url.port) != own


def _browser_advice(profile: Profile) -> str | None:
    """Return the advice to use a session file; None for an interface that takes none."""
    interface = profile.interface
    if interface not in ("tenant", "site"):
        return None
    return f"Use the session of a browser (printops_{interface}_session_file). {sign_in_again(interface)}"


def _fetch_token(client: Client, profile: Profile, variables: Mapping[str, t.Any], account: str) -> dict[str, t.Any]:
    """OAuth 2.0 client credentials, RFC 6749 sections 2.3.1 and 4.4."""
    oauth = oauthlib.oauth2.BackendApplicationClient(client_id=variables["client_id"])
    body = oauth.prepare_request_body(scope=fill(profile.sign_in.scope, variables), include_client_id=False)
    endpoint = str(fill(profile.sign_in.token, variables))
    auth = basic_auth(str(variables["client_id"]), str(variables["client_secret"]))
    who = f"the token endpoint of {INTERFACE_NAMES[profile.interface]}"
    token = request_token(client, endpoint, oauth, body, auth, who=who, client_id=account)
    return {"access_token": token["access_token"]}
