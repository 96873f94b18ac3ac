# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account at a cloud (tenant or site): which method the options give, its secrets, where a new token is kept."""

from __future__ import annotations

import functools
import hashlib
import time
import typing as t
from collections.abc import Callable
from dataclasses import dataclass, field

from .._decide.interfaces import INTERFACE_NAMES
from .._options.cloud import METHODS, methods_given
from .._web.errors import BadInput, Unsupported
from .._web.profile.profile import Profile
from .._web.session.methods import BearerToken, Method, RefreshToken, SessionFile, check_not_ended
from .._web.session.session import Session
from .._web.session.session_file import is_readable_by_others, read_session_file, sign_in_again
from .._web.session.web_storage import is_token
from .._web.text_file import is_encrypted
from .address_files import check_place, write_private
from .connection import client_for, open_session, tenant_url
from .task import Request


@dataclass(frozen=True)
class _Account:
    """Who signs in: what messages call the account, its secret, and the method (None: by the steps of the profile)."""

    name: str
    secret: str = field(repr=False)
    method: Method | None = None


def open_cloud(request: Request, **variables: str) -> Session:
    """Return the session at the cloud that the options of ``request`` mean. No request is sent yet.

    ``variables`` are those of the profile besides the account's. Raises :class:`SignInRefused` for a session that has
    ended, as far as that can be read.
    """
    options, interface = request.options, request.profile.interface
    url = tenant_url(options, INTERFACE_NAMES[interface])
    name = check_account(options.get, interface, request.profile)
    account = _ACCOUNTS[name](request, url)
    if account.method is not None:
        check_not_ended(account.method, account.name, time.time())
    given = {
        "username": str(options["username"] or ""),
        "password": account.secret if name == "username" else "",
        "client_id": str(options["client_id"] or ""),
        "client_secret": account.secret if name == "client_credentials" else "",
    }
    return open_session(
        request,
        url,
        account=account.name,
        secret=account.secret,
        variables={**given, **variables},
        kind=functools.partial(Session, method=account.method),
    )


def check_account(value: Callable[[str], t.Any], interface: str, profile: Profile | None) -> str:
    """Return the method to sign in that is declared. Reads no file.

    ``value`` returns the value of an option, or None. Without a ``profile``, whether it has the method is not checked.
    Raises :class:`BadInput` or :class:`Unsupported` for what cannot be.
    """
    name = _method_name(value, interface)
    if profile is not None:
        _check_profile(profile, name)
    for secret in _SECRETS[name]:
        variable = f"printops_{interface}_{secret}"
        advice = f"Set {variable} or {variable}_file."
        given = [bool(value(each)) for each in (secret, f"{secret}_file")]
        if all(given):
            raise BadInput(f"both {secret} and {secret}_file are given", advice=advice)
        if name in _NEEDS_SECRET and not any(given):
            raise BadInput(f"{_NEEDS_SECRET[name]} is given, but neither {secret} nor {secret}_file", advice=advice)
    lacking = [option for option in ("issuer", "client_id") if name == "refresh_token" and not value(option)]
    if lacking:
        raise BadInput(
            f"a refresh token needs {' and '.join(lacking)} as well",
            advice=f"Set {' and '.join(f'printops_{interface}_{option}' for option in lacking)}.",
        )
    return name


_SECRETS = {
    "session_file": (),
    "username": ("password",),
    "refresh_token": ("refresh_token", "client_secret"),
    "bearer_token": ("bearer_token",),
    "client_credentials": ("client_secret",),
}
"""The secrets of each method: each is in an option or in a file."""
_NEEDS_SECRET = {"username": "username", "client_credentials": "client_id"}
"""The methods that need their secret, and the option that chooses them."""


def _variable(request: Request, option: str) -> str:
    return f"printops_{request.profile.interface}_{option}"


def _method_name(value: Callable[[str], t.Any], interface: str) -> str:
    given = methods_given(value)
    if len(given) == 1:
        return given[0]
    variables = [f"printops_{interface}_{name}" for name in METHODS]
    cloud = INTERFACE_NAMES[interface]
    if not given:
        raise BadInput(
            f"no option or variable gives a method to sign in to {cloud}",
            advice=f"Set one of {', '.join(variables)} (with the variables that it needs). To make a session file: "
            f"ansible-playbook printops.prisma.sign_in -e cloud={interface}.",
        )
    raise BadInput(
        f"several methods to sign in to {cloud} are given: {', '.join(given)}",
        advice=f"Set one of {', '.join(variables)} only. An option that is an empty string hides its variable.",
    )


_SHIPPED_WITH = {"client_credentials": " (PRISMA Home: prisma-home-application)"}
"""The shipped profile with a method that the default one lacks."""


def _check_profile(profile: Profile, name: str) -> None:
    """Raise unless the profile has what the method ``name`` needs, so that nothing is sent in vain."""
    has_client = profile.sign_in.method == "client_credentials"
    if name == "client_credentials" and not has_client:
        lacking = "client credentials, but client_id is given"
    elif name == "username" and (has_client or profile.sign_in.method == "session"):
        lacking = "sign-in with user name and password, but username is given"
    else:
        return
    raise Unsupported(
        f"the profile {profile.id} has no {lacking}",
        advice=f"Set printops_{profile.interface}_profile to a profile that has it{_SHIPPED_WITH.get(name, '')}, or "
        f"use another method, such as printops_{profile.interface}_session_file. To make a session file: "
        f"ansible-playbook printops.prisma.sign_in -e cloud={profile.interface}.",
    )


def secret_of(request: Request, name: str) -> str | None:
    """Return a secret from its option, or from the file that NAME_file names; None if neither is given."""
    options = request.options
    value, path = options[name], options[f"{name}_file"]
    if value:
        return str(value)
    if not path:
        return None
    try:
        text = request.read_text(str(path)).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{name}_file {path!r} cannot be read: {error.__class__.__name__}") from error
    if not text or "\n" in text:
        raise BadInput(f"{name}_file {path!r} must hold one line")
    return text


def _needed_secret(request: Request, name: str) -> str:
    """Return a secret, and note that no output may show it."""
    secret = secret_of(request, name) or ""
    _warn_if_readable(request, f"{name}_file")
    request.capabilities.add(secret)
    return secret


def _warn_if_readable(request: Request, *names: str) -> None:
    for name in names:
        path = request.options.get(name)
        if path and is_readable_by_others(str(path)):
            request.result.warnings.append(f"{name} {path!r} can be read by others on this machine: chmod 600 {path}")


def _by_session_file(request: Request, url: str) -> _Account:
    path, profile = str(request.options["session_file"]), request.profile
    session = read_session_file(path, url, profile, read=request.read_text)
    _warn_if_readable(request, "session_file")
    request.capabilities.update(secret for secret in session.secrets() if len(secret) >= 4)
    # of what the file holds, so that a new session in it is a sign-in of its own
    digest = hashlib.sha256(repr((session.cookies, session.token)).encode()).hexdigest()
    return _Account(f"session file {path}", digest, SessionFile(session, sign_in_again(profile.interface)))


def _by_steps(request: Request, url: str) -> _Account:
    return _Account(str(request.options["username"]), _needed_secret(request, "password"))


def _by_client_credentials(request: Request, url: str) -> _Account:
    return _Account(str(request.options["client_id"]), _needed_secret(request, "client_secret"))


def _by_bearer_token(request: Request, url: str) -> _Account:
    token = secret_of(request, "bearer_token") or ""
    _warn_if_readable(request, "bearer_token_file")
    request.capabilities.add(token)
    if not is_token(token):
        raise BadInput(
            "bearer_token holds a character that no token has",
            advice=f"Set {_variable(request, 'bearer_token')} to the token alone, in one line.",
        )
    advice = f"Set {_variable(request, 'bearer_token')} to a new token, then run again."
    return _Account("bearer token", token, BearerToken(token, advice))


def _by_refresh_token(request: Request, url: str) -> _Account:
    options = request.options
    issuer = tenant_url({"url": options["issuer"]}, "the issuer").rstrip("/")
    token = secret_of(request, "refresh_token") or ""
    path = options["refresh_token_file"]
    encrypted = bool(path) and is_encrypted(str(path))
    if path and not encrypted:
        check_place(str(path), "refresh_token_file")
    _warn_if_readable(request, "refresh_token_file", "client_secret_file")
    client_secret = secret_of(request, "client_secret")
    request.capabilities.update(secret for secret in (token, client_secret) if secret)

    def keep(new: str) -> None:
        request.capabilities.add(new)
        if path and not encrypted:
            write_private(str(path), new.encode() + b"\n")
        else:
            file = " to a file that is not encrypted" if encrypted else ""
            request.result.warnings.append(
                "the provider has replaced the refresh token, and the old one is not valid any more: set "
                f"{_variable(request, 'refresh_token_file')}{file}, where the new one can be kept"
            )

    method = RefreshToken(
        issuer=issuer,
        client_id=str(options["client_id"]),
        client_secret=client_secret,
        token=token,
        client_for=functools.partial(client_for, request),
        keep=keep,
        token_hosts=frozenset(str(host) for host in options["sign_in_hosts"] or ()),
    )
    # A file's token changes by use, and the session stays the same.
    return _Account(f"refresh token of {options['client_id']}", str(path) if path else token, method)


_ACCOUNTS: dict[str, Callable[[Request, str], _Account]] = {
    "session_file": _by_session_file,
    "username": _by_steps,
    "refresh_token": _by_refresh_token,
    "bearer_token": _by_bearer_token,
    "client_credentials": _by_client_credentials,
}
