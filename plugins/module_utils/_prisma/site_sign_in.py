# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in to an administration site: which method the options give, its secrets, where a new token is kept."""

from __future__ import annotations

import functools
import hashlib
import typing as t
from collections.abc import Mapping
from urllib.parse import urlsplit

from .._web.errors import BadInput
from .._web.session.session_file import is_readable_by_others, read_session_file
from .._web.session.sign_in_site import BearerToken, Method, RefreshToken, SessionFile, SiteSession
from .._web.text_file import is_encrypted
from .address_files import check_place, write_private
from .connection import client_for, open_session, tenant_url
from .task import Request


def open_site(request: Request) -> SiteSession:
    """Return the session at the site that the options of ``request`` mean. No request is sent yet."""
    options = request.options
    url = tenant_url(options, "the administration site")
    name = _method_name(options)
    account, secret, method = _METHODS[name](request, url)
    session = open_session(
        request,
        url,
        account=account.replace("|", "_"),  # which parts the keys of sessions
        secret=f"{name} {secret}",
        variables={"username": str(options["username"] or ""), "password": secret if name == "username" else ""},
        kind=functools.partial(SiteSession, method=method),
    )
    if not isinstance(session, SiteSession):
        raise AssertionError("a site has sessions of its own kind")
    return session


def _method_name(options: Mapping[str, t.Any]) -> str:
    given = [name for name in _METHODS if options[name] or options.get(f"{name}_file")]
    if len(given) == 1:
        return given[0]
    if not given:
        raise BadInput(
            "no option or variable gives a method to sign in to the site",
            advice="Set one of printops_site_session_file, printops_site_username (with printops_site_password), "
            "printops_site_refresh_token (with printops_site_issuer and printops_site_client_id) and "
            "printops_site_bearer_token.",
        )
    raise BadInput(
        f"several methods to sign in to the site are given: {', '.join(given)}",
        advice="Set one of the variables printops_site_… only. An option that is an empty string hides its variable.",
    )


def secret_of(request: Request, name: str) -> str | None:
    """Return a secret from its option, or from the file that NAME_file names; None if neither is given."""
    options = request.options
    value, path = options[name], options[f"{name}_file"]
    if value and path:
        raise BadInput(
            f"both {name} and {name}_file are given", advice=f"Set printops_site_{name} or printops_site_{name}_file."
        )
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


def _warn_if_readable(request: Request, *names: str) -> None:
    for name in names:
        path = request.options.get(name)
        if path and is_readable_by_others(str(path)):
            request.result.warnings.append(f"{name} {path!r} can be read by others on this machine: chmod 600 {path}")


def _by_session_file(request: Request, url: str) -> tuple[str, str, Method | None]:
    path = str(request.options["session_file"])
    cookies = read_session_file(path, urlsplit(url).hostname or "", read=request.read_text)
    _warn_if_readable(request, "session_file")
    # of what the file holds, so that a new session in it is a sign-in of its own
    secret = hashlib.sha256(repr(cookies).encode()).hexdigest()
    request.capabilities.update(cookie.value for cookie in cookies if len(cookie.value) >= 4)
    return f"session file {path}", secret, SessionFile(cookies)


def _by_form(request: Request, url: str) -> tuple[str, str, Method | None]:
    password = secret_of(request, "password")
    if not password:
        raise BadInput(
            "username is given, but neither password nor password_file",
            advice="Set printops_site_password or printops_site_password_file.",
        )
    _warn_if_readable(request, "password_file")
    request.capabilities.add(password)
    return str(request.options["username"]), password, None


def _by_bearer_token(request: Request, url: str) -> tuple[str, str, Method | None]:
    token = secret_of(request, "bearer_token") or ""
    _warn_if_readable(request, "bearer_token_file")
    request.capabilities.add(token)
    return "bearer token", token, BearerToken(token)


def _by_refresh_token(request: Request, url: str) -> tuple[str, str, Method | None]:
    options = request.options
    lacking = [name for name in ("issuer", "client_id") if not options[name]]
    if lacking:
        raise BadInput(
            f"a refresh token needs {' and '.join(lacking)} as well",
            advice=f"Set {' and '.join(f'printops_site_{name}' for name in lacking)}.",
        )
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
            given = "refresh_token_file to a file that is not encrypted" if encrypted else "refresh_token_file"
            request.result.warnings.append(
                "the provider has replaced the refresh token, and the old one is not valid any more: set printops_site_"
                f"{given}, where the new one can be kept"
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
    return f"refresh token of {options['client_id']}", str(path) if path else token, method


_METHODS = {
    "session_file": _by_session_file,
    "username": _by_form,
    "refresh_token": _by_refresh_token,
    "bearer_token": _by_bearer_token,
}
