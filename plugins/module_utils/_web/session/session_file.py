# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that a browser's session was exported to: cookies.txt and Playwright's storage state. Sends nothing.

A storage state has the web storage of each origin under ``origins``: ``localStorage`` as Playwright writes it, and
``sessionStorage`` in the same form, which only the playbook ``sign_in`` adds.
"""

from __future__ import annotations

import json
import os
import stat
import time
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..errors import BadInput
from ..http.cookies import Cookie
from ..profile.profile import Profile
from ..text_file import TextReader, read_text
from .web_storage import StoredToken, find_token

LARGEST = 8 << 20
"""Bytes of a session file. A larger file is an error."""

STORAGES = {"local": "localStorage", "session": "sessionStorage"}
"""The kinds of web storage, by the names that profiles use, and as a storage state spells them."""


def sign_in_again(interface: str) -> str:
    """Return the advice for a session of a tenant or a site that has ended."""
    return f"Sign in again (ansible-playbook printops.prisma.sign_in -e cloud={interface}), then run again."


@dataclass(frozen=True)
class StoredSession:
    """A session of one origin: the cookies that have not expired, the token of its web storage, and when it ends.

    ``ends``: seconds since 1970, None if that cannot be read. The service may end it earlier.
    """

    cookies: tuple[Cookie, ...] = field(repr=False)
    token: str | None = field(repr=False)
    ends: float | None

    def secrets(self) -> set[str]:
        """Return what no output may show."""
        return {*(cookie.value for cookie in self.cookies), *((self.token,) if self.token else ())}


@dataclass(frozen=True)
class _StoredContent:
    """What a file holds of all hosts: cookies, and the web storage of each origin by kind."""

    cookies: list[Cookie]
    storage: Mapping[tuple[str, str, int], Mapping[str, Mapping[str, str]]] = field(default_factory=dict)


def read_session_file(
    path: str, url: str, profile: Profile, *, read: TextReader = read_text, clock: Callable[[], float] = time.time
) -> StoredSession:
    """Return the session that the file at ``path`` holds for the interface at ``url``; it may have ended.

    Raises :class:`BadInput` for a file that cannot be read or holds none. No text of the file is in a message: it
    holds secrets.
    """
    text = _read(path, read, profile)
    is_state = text.lstrip().startswith("{")
    try:
        content = _storage_state(json.loads(text)) if is_state else _netscape(text, path, profile)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _unreadable(path, profile) from error
    return _session(content, path, url, profile, clock)


def session_of_state(
    state: Mapping[str, t.Any], path: str, url: str, profile: Profile, *, clock: Callable[[], float] = time.time
) -> StoredSession:
    """Return the session of a storage state that is to be written to ``path``. Raises as :func:`read_session_file`."""
    return _session(_storage_state(state), path, url, profile, clock)


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address. Raises :class:`ValueError` for a port that is none."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or {"http": 80, "https": 443}.get(scheme, 0)


def is_readable_by_others(path: str) -> bool:
    """Whether other users of this machine can read the file."""
    try:
        return bool(stat.S_IMODE(os.stat(path).st_mode) & 0o077)
    except OSError:
        return False


def _session(
    content: _StoredContent, path: str, url: str, profile: Profile, clock: Callable[[], float]
) -> StoredSession:
    host = urlsplit(url).hostname or ""
    own = [cookie for cookie in content.cookies if cookie.is_of(host)]
    token = _token(content, path, url, profile) if profile.storage is not None else None
    if token is None and not own:
        raise BadInput(
            f"session_file {path!r} holds no cookie of {host} (it holds {len(content.cookies)} of other hosts)",
            advice=sign_in_again(profile.interface),
        )
    now = clock()
    fresh = tuple(cookie for cookie in own if cookie.expires is None or cookie.expires > now)
    ends = (token.ends if token else None, _cookies_end(own, path, host, profile))
    known = [each for each in ends if each is not None]
    return StoredSession(fresh, token.token if token else None, min(known, default=None))


def _token(content: _StoredContent, path: str, url: str, profile: Profile) -> StoredToken:
    storage = profile.storage
    if storage is None:
        raise AssertionError("the profile names no web storage")
    origin = origin_of(url)
    entries = content.storage.get(origin, {}).get(storage.kind, {})
    found = find_token(entries, storage)
    if found is None:
        named = storage.key if storage.key_pattern is None else storage.key_pattern.source
        has = "holds no token in" if any(map(storage.holds, entries)) else "has no entry"
        raise BadInput(
            f"session_file {path!r} {has} {named!r} of the {storage.kind} storage of {origin[0]}://{origin[1]}:{origin[2]}"
            f" (profile {profile.id}: session.storage)",
            advice=f"Export the session with the web storage. {sign_in_again(profile.interface)}",
        )
    return found


def _cookies_end(own: list[Cookie], path: str, host: str, profile: Profile) -> float | None:
    """Return when the session ends by its cookies: by the one that the profile names, or else by the last of all."""
    if profile.session_cookie is not None:
        named = [cookie for cookie in own if cookie.name == profile.session_cookie]
        if not named:
            raise BadInput(
                f"session_file {path!r} holds no cookie {profile.session_cookie!r} of {host} (profile {profile.id}: "
                "session.cookie)",
                advice=sign_in_again(profile.interface),
            )
        own = named
    elif profile.storage is not None:  # the token is the session, whatever cookies there are
        return None
    ends = [cookie.expires for cookie in own if cookie.expires is not None]
    return max(ends) if ends and len(ends) == len(own) else None


def _read(path: str, read: TextReader, profile: Profile) -> str:
    try:
        if os.path.getsize(path) > LARGEST:
            raise BadInput(f"session_file {path!r} is larger than {LARGEST >> 20} MiB")
        return read(path)
    except FileNotFoundError as error:
        raise BadInput(
            f"there is no session_file {path!r}",
            advice="Correct the path, which begins in the folder of the command if it is relative. Or: "
            f"{sign_in_again(profile.interface)}",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"session_file {path!r} cannot be read: {error.__class__.__name__}") from error


def _storage_state(state: Mapping[str, t.Any]) -> _StoredContent:
    storage: dict[tuple[str, str, int], dict[str, dict[str, str]]] = {}
    for item in state.get("origins") or ():
        try:
            origin = origin_of(str(item["origin"]))
        except ValueError:  # of another host, whatever it is
            continue
        for kind, name in STORAGES.items():
            entries = {each["name"]: each["value"] for each in item.get(name) or ()}
            if not all(isinstance(text, str) for pair in entries.items() for text in pair):
                raise TypeError("an entry's name and value are texts")
            storage.setdefault(origin, {}).setdefault(kind, {}).update(entries)
    return _StoredContent([_cookie_of_state(item) for item in state["cookies"]], storage)


def _cookie_of_state(item: Mapping[str, t.Any]) -> Cookie:
    expires = float(item.get("expires", -1))
    name, value, domain = (item[key] for key in ("name", "value", "domain"))
    if not all(isinstance(text, str) for text in (name, value, domain)):
        raise TypeError("a cookie's name, value and domain are texts")
    return Cookie(name, value, domain, str(item.get("path") or "/"), expires if expires > 0 else None)


def _netscape(text: str, path: str, profile: Profile) -> _StoredContent:
    """Read the format that curl and browser extensions write: seven columns, tabs between them."""
    cookies = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.removeprefix("#HttpOnly_")
        if not line.strip() or line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) == 6:  # an empty value, and an editor that trims lines
            columns.append("")
        try:
            domain, subdomains, where, _secure, expires, name, value = columns
            ends = float(expires)
        except ValueError as error:
            raise _unreadable(path, profile, number) from error
        if subdomains.upper() == "TRUE" and not domain.startswith("."):
            domain = f".{domain}"
        cookies.append(Cookie(name, value, domain, where, ends if ends > 0 else None))
    return _StoredContent(cookies)


def _unreadable(path: str, profile: Profile, line: int | None = None) -> BadInput:
    where = f"{path}:{line}" if line else path
    return BadInput(
        f"{where} is neither a cookies.txt (Netscape) nor a storage state of Playwright (JSON)",
        advice=f"Export the session again. {sign_in_again(profile.interface)}",
    )
