# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a session or a token ends, as far as it can be read without asking. Pure."""

from __future__ import annotations

import base64
import json
import time
import typing as t

_LATEST = 253_402_300_799.0
"""The last second of the year 9999, which is the last that can be shown."""
_MILLISECONDS = 1e11
"""A number above it counts milliseconds: as seconds it would be after the year 5000."""


def epoch_seconds(value: t.Any) -> float | None:
    """Return a time that a page has stored (seconds or milliseconds since 1970, also as text); None for anything else.

    A time after the year 9999 counts as none.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    if seconds > _MILLISECONDS:
        seconds /= 1000
    return seconds if 0 < seconds <= _LATEST else None


def jwt_expiry(token: str) -> float | None:
    """Return when a JWT expires (RFC 7519, section 4.1.4); None for a token that does not say. Nothing is verified."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    return epoch_seconds(claims.get("exp")) if isinstance(claims, dict) else None


def iso_time(seconds: float) -> str:
    """Return a time as ISO 8601 in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(min(seconds, _LATEST)))
