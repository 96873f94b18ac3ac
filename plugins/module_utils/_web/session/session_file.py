# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that a browser's session was exported to: cookies.txt and Playwright's storage state. Sends nothing."""

from __future__ import annotations

import json
import os
import stat
import time
import typing as t

from ..errors import BadInput, SignInRefused
from ..http.cookies import Cookie
from ..text_file import TextReader, read_text

LARGEST = 8 << 20
"""Bytes of a session file. A larger file is an error."""

SIGN_IN_AGAIN = "Sign in again (playbook printops.prisma.site_sign_in), then run again."
"""What to do about a session that has ended."""


def read_session_file(
    path: str, host: str, *, read: TextReader = read_text, clock: t.Callable[[], float] = time.time
) -> list[Cookie]:
    """Return the cookies of ``host`` in the file at ``path`` that have not expired.

    Raises :class:`BadInput` for a file that cannot be read or holds none of that host, :class:`SignInRefused` where
    all have expired. No text of the file is in a message: it holds secrets.
    """
    text = _read(path, read)
    found = _storage_state(text, path) if text.lstrip().startswith("{") else _netscape(text, path)
    own = [cookie for cookie in found if cookie.is_of(host)]
    if not own:
        raise BadInput(
            f"session_file {path!r} holds no cookie of {host} (it holds {len(found)} of other hosts)",
            advice=SIGN_IN_AGAIN,
        )
    now = clock()
    fresh = [cookie for cookie in own if cookie.expires is None or cookie.expires > now]
    if not fresh:
        ended = max(cookie.expires for cookie in own if cookie.expires is not None)
        raise SignInRefused(
            f"the session in {path!r} expired at {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(ended))}",
            advice=SIGN_IN_AGAIN,
        )
    return fresh


def is_readable_by_others(path: str) -> bool:
    """Whether other users of this machine can read the file."""
    try:
        return bool(stat.S_IMODE(os.stat(path).st_mode) & 0o077)
    except OSError:
        return False


def _read(path: str, read: TextReader) -> str:
    try:
        if os.path.getsize(path) > LARGEST:
            raise BadInput(f"session_file {path!r} is larger than {LARGEST >> 20} MiB")
        return read(path)
    except FileNotFoundError as error:
        raise BadInput(f"there is no session_file {path!r}", advice=SIGN_IN_AGAIN) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"session_file {path!r} cannot be read: {error.__class__.__name__}") from error


def _storage_state(text: str, path: str) -> list[Cookie]:
    try:
        return [_of_state(item) for item in json.loads(text)["cookies"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unreadable(path) from error


def _of_state(item: dict[str, t.Any]) -> Cookie:
    expires = float(item.get("expires", -1))
    name, value, domain = (item[key] for key in ("name", "value", "domain"))
    if not all(isinstance(text, str) for text in (name, value, domain)):
        raise TypeError("a cookie's name, value and domain are texts")
    return Cookie(name, value, domain, str(item.get("path") or "/"), expires if expires > 0 else None)


def _netscape(text: str, path: str) -> list[Cookie]:
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
            raise _unreadable(path, number) from error
        if subdomains.upper() == "TRUE" and not domain.startswith("."):
            domain = f".{domain}"
        cookies.append(Cookie(name, value, domain, where, ends if ends > 0 else None))
    return cookies


def _unreadable(path: str, line: int | None = None) -> BadInput:
    where = f"{path}:{line}" if line else path
    return BadInput(
        f"{where} is neither a cookies.txt (Netscape) nor a storage state of Playwright (JSON)",
        advice="Export the session again: playbook printops.prisma.site_sign_in.",
    )
