# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request to an OAuth 2.0 token endpoint (RFC 6749). Knows no profile; each call is one attempt."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from urllib.parse import quote_plus

from ..errors import shortened
from ..http.client import PURPOSE, REPEATABLE, SECRET, Client, Purpose
from ..libraries import httpx, oauthlib

_REFUSALS = frozenset({"invalid_client", "invalid_grant", "unauthorized_client", "access_denied"})
"""Errors of a token endpoint (RFC 6749, section 5.2) that refuse the credentials or the token."""


class NoToken(Exception):
    """The endpoint gave no token. ``refused``: because of the credentials."""

    def __init__(self, reason: str, status: int, *, refused: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.refused = refused


def basic_auth(client_id: str, client_secret: str) -> httpx.Auth:
    """Return what authenticates a client (RFC 6749, section 2.3.1)."""
    return httpx.BasicAuth(quote_plus(client_id), quote_plus(client_secret))


def request_token(
    client: Client, endpoint: str, oauth: t.Any, body: str, auth: httpx.Auth | None
) -> Mapping[str, t.Any]:
    """Return the fields of the endpoint's response to ``body``, parsed by ``oauth`` (oauthlib's client).

    Raises :class:`NoToken`, and the client's errors.
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
        refused = reason in _REFUSALS and response.is_client_error
        raise NoToken(reason, response.status_code, refused=refused) from None
    return given
