# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access token that a single-page application keeps in the web storage of a browser. Pure."""

from __future__ import annotations

import json
import math
import re
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..profile.profile import WebStorage
from .expiry import epoch_seconds, jwt_expiry

_TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class StoredToken:
    """An access token, and when it expires (seconds since 1970), None if that cannot be read."""

    token: str = field(repr=False)
    ends: float | None


def is_token(value: t.Any) -> bool:
    """Whether ``value`` can be sent as a token (RFC 6750, section 2.1): a text of visible characters of ASCII."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def find_token(entries: Mapping[str, str], storage: WebStorage) -> StoredToken | None:
    """Return the token in the entries of one origin that ``storage`` names; None if there is none.

    Of several, it is the one that expires last.
    """
    found = [_token_in(entry, storage) for key, entry in entries.items() if storage.holds(key)]
    tokens = [token for token in found if token is not None]
    return max(tokens, key=lambda token: math.inf if token.ends is None else token.ends, default=None)


def _token_in(entry: str, storage: WebStorage) -> StoredToken | None:
    try:
        data = json.loads(entry) if storage.pick is not None or storage.expires is not None else None
    except (ValueError, RecursionError):
        return None
    token = entry if storage.pick is None else storage.pick.search(data)
    if not is_token(token):
        return None
    ends = epoch_seconds(storage.expires.search(data)) if storage.expires is not None else jwt_expiry(token)
    return StoredToken(token, ends)
