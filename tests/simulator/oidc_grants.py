# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grants of the OpenID Connect provider, based on Authlib: codes, rotating refresh tokens, keys. Has no pages."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from authlib.common.security import generate_token
from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request, grants
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.responses import Response

SCOPES = ("openid", "email", "offline_access")
Note = Callable[..., None]


@dataclass
class Client:
    """A client of the provider: with a secret those that run on a server, without one the others."""

    client_id: str
    client_secret: str
    redirects: list[str]
    audiences: list[str]
    lifetime: int
    dialogue: str

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.redirects[0]

    def get_allowed_scope(self, scope: str | None) -> str:
        return " ".join(item for item in (scope or "openid").split() if item in SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """A loopback redirect may use any port (RFC 8252)."""
        if redirect_uri in self.redirects:
            return True
        given = urlsplit(redirect_uri)
        return given.scheme == "http" and any(
            (given.scheme, given.hostname, given.path) == (own.scheme, own.hostname, own.path)
            for own in map(urlsplit, self.redirects)
        )

    def check_client_secret(self, client_secret: str) -> bool:
        return bool(self.client_secret) and client_secret == self.client_secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method == "none") == (not self.client_secret)

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token")


@dataclass
class Person:
    email: str

    def get_user_id(self) -> str:
        return self.email


@dataclass
class Code:
    client_id: str
    redirect_uri: str
    scope: str
    email: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    code: str
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class Refresh:
    """A refresh token. `family` identifies the sign-in that it comes from."""

    value: str
    client_id: str
    scope: str
    email: str
    family: str
    used: bool = False
    revoked: bool = False

    def get_scope(self) -> str:
        return self.scope

    def check_client(self, client: Client) -> bool:
        return client.client_id == self.client_id


class Payload(OAuth2Payload):  # type: ignore[misc]
    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    @property
    def data(self) -> dict[str, str]:
        return self._values

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, {key: [value] for key, value in self._values.items()})


class ParsedRequest(OAuth2Request):  # type: ignore[misc]
    """A request in the form that Authlib needs, with its body already read."""

    def __init__(
        self, method: str, uri: str, headers: Mapping[str, str], args: Mapping[str, str], form: Mapping[str, str]
    ) -> None:
        super().__init__(method=method, uri=uri, headers=headers)
        self._args, self._form = dict(args), dict(form)
        self.payload = Payload({**args, **form})

    @property
    def args(self) -> dict[str, str]:
        return self._args

    @property
    def form(self) -> dict[str, str]:
        return self._form


class Provider(AuthorizationServer):  # type: ignore[misc]
    """Authlib's authorization server with its state in dictionaries. Sessions and tokens are lost at each start."""

    def __init__(self, issuer: str, clients: list[Client], note: Note) -> None:
        super().__init__(scopes_supported=list(SCOPES))
        self.issuer, self.note = issuer, note
        self.key = RSAKey.generate_key(2048, parameters={"use": "sig", "alg": "RS256"})
        self.key.ensure_kid()
        self.clients = {client.client_id: client for client in clients}
        self.codes: dict[str, Code] = {}
        self.refreshes: dict[str, Refresh] = {}
        generator = BearerTokenGenerator(
            self._access_token, lambda **_: generate_token(48), lambda client, _grant: client.lifetime
        )
        self.register_token_generator("default", generator)
        self.register_grant(CodeGrant, [CodeChallenge(required=True), IdToken()])
        self.register_grant(RefreshGrant)
        self.register_endpoint(Revocation)

    def query_client(self, client_id: str) -> Client | None:
        return self.clients.get(client_id)

    def save_token(self, token: dict[str, Any], request: ParsedRequest) -> None:
        self.note("secret", name="access_token", value=token["access_token"])
        if refresh := token.get("refresh_token"):
            family = request.refresh_token.family if request.refresh_token else generate_token(12)
            email, client_id = request.user.email, request.client.client_id
            self.refreshes[refresh] = Refresh(refresh, client_id, token["scope"], email, family)
            self.note("secret", name="refresh_token", value=refresh)

    def create_oauth2_request(self, request: ParsedRequest) -> ParsedRequest:
        return request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Response:
        text = json.dumps(body) if isinstance(body, dict) else str(body)
        return Response(text, status, dict(headers))

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Do nothing: no code listens to Authlib's signals here."""

    def _access_token(self, *, client: Client, user: Person, scope: str, **_: Any) -> str:
        """Return a JWT, so that the clouds can verify it with the public keys."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": user.email,
            "email": user.email,
            "aud": client.audiences,
            "client_id": client.client_id,
            "scope": scope,
            "iat": now,
            "exp": now + client.lifetime,
            "jti": generate_token(16),
        }
        return jwt.encode({"alg": "RS256", "kid": self.key.kid, "typ": "at+jwt"}, claims, self.key)


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post", "none")

    def save_authorization_code(self, code: str, request: ParsedRequest) -> None:
        data = request.payload.data
        server: Provider = self.server
        server.note("secret", name="authorization_code", value=code)
        server.codes[code] = Code(
            request.client.client_id,
            data.get("redirect_uri", ""),
            request.client.get_allowed_scope(data.get("scope")),
            request.user.email,
            data.get("nonce", ""),
            data.get("code_challenge", ""),
            data.get("code_challenge_method", "plain"),
            code,
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        found = self.server.codes.get(code)
        fresh = found and found.client_id == client.client_id and time.time() < found.auth_time + 60
        return found if fresh else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        self.server.codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code: Code) -> Person:
        return Person(authorization_code.email)


class RefreshGrant(grants.RefreshTokenGrant):  # type: ignore[misc]
    """Rotates refresh tokens. A token that is used twice was stolen, so its whole family is revoked."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post", "none")
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Refresh | None:
        server: Provider = self.server
        found = server.refreshes.get(refresh_token)
        if found is None or found.revoked:
            return None
        if found.used:
            for token in server.refreshes.values():
                token.revoked = token.revoked or token.family == found.family
            server.note("audit", actor=found.email, what="refresh_replayed")
            return None
        return found

    def authenticate_user(self, refresh_token: Refresh) -> Person:
        return Person(refresh_token.email)

    def revoke_old_credential(self, refresh_token: Refresh) -> None:
        refresh_token.used = True
        self.server.note("audit", actor=refresh_token.email, what="refreshed")


class IdToken(OpenIDCode):  # type: ignore[misc]
    def __call__(self, grant: Any) -> None:
        self.server: Provider = grant.server
        super().__call__(grant)

    def exists_nonce(self, nonce: str, request: ParsedRequest) -> bool:
        return any(code.nonce == nonce for code in self.server.codes.values())

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        return self.server.key

    def get_client_algorithm(self, client: Client) -> str:
        return "RS256"

    def get_encode_header(self, client: Client) -> dict[str, str]:
        return {"alg": "RS256", "kid": str(self.server.key.kid)}

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        now = int(time.time())
        return {"iss": self.server.issuer, "aud": client.client_id, "iat": now, "exp": now + client.lifetime}

    def generate_user_info(self, user: Person, scope: str) -> UserInfo:
        return UserInfo(sub=user.email, email=user.email)


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS = ("client_secret_basic", "client_secret_post", "none")

    def query_token(self, token_string: str, token_type_hint: str | None) -> Refresh | None:
        found: Refresh | None = self.server.refreshes.get(token_string)
        return found

    def revoke_token(self, token: Refresh, request: ParsedRequest) -> None:
        for other in self.server.refreshes.values():
            other.revoked = other.revoked or other.family == token.family
