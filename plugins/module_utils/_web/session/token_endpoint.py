# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request to an OAuth 2.0 token endpoint (RFC 6749). Knows no profile; each call is one attempt."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from urllib.parse import quote_plus

from ..errors import SignInRefused, UnexpectedPage, shortened
from ..http.client import PURPOSE, REPEATABLE, SECRET, Client, Purpose
from ..libraries import httpx, oauthlib

_REFUSALS = frozenset({"invalid_client", "invalid_grant", "unauthorized_client", "access_denied"})
"""Errors of a token endpoint (RFC 6749, section 5.2) that refuse the credentials or the token."""


def basic_auth(client_id: str, client_secret: str) -> httpx.Auth:
    """Return what authenticates a client (RFC 6749, section 2.3.1)."""
    return httpx.BasicAuth(quote_plus(client_id), quote_plus(client_secret))


def request_token(
    client: Client,
    endpoint: str,
    oauth: t.Any,
    body: str,
    auth: httpx.Auth | None,
    *,
    who: str,
    client_id: str,
    advice: str | None = None,
) -> Mapping[str, t.Any]:
    """Return the fields of the endpoint's response to ``body``, parsed by ``oauth`` (oauthlib's client).

    ``who`` is what messages call the endpoint. Raises :class:`SignInRefused` with ``advice`` if the credentials are
    refused, :class:`UnexpectedPage` without a token, and the client's errors.
    """
    response = client.exchange_once(
        "POST",
        endpoint,
        auth=auth,
        content=body,
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        extensions={PURPOSE: Purpose.SIGN_IN, REPEATABLE: False, SECRET: True},
    )
    try:
        given: Mapping[str, t.Any] = oauth.parse_request_body_response(response.text, scope=None)
    except (oauthlib.oauth2.OAuth2Error, AttributeError, TypeError, ValueError) as error:  # the last three: no object
        reason = shortened(str(getattr(error, "error", "no token")), 200)
        status = response.status_code
        text = f"{who} gave client {client_id} no token: {reason} (status {status})"
        if reason in _REFUSALS and response.is_client_error:
            raise SignInRefused(text, advice=advice, details={"status": status}) from None
        raise UnexpectedPage(text, details={"status": status}) from None
    return given
