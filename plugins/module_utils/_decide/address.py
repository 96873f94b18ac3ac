# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a registration address may be used. Pure; never follows one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from urllib.parse import urlsplit


def refusal(address: str, allowed_hosts: Collection[str]) -> str:
    """Say why the registration address must not be used; empty if it may.

    Only https, and only to hosts on the tenant's list (domain.md, "Registering a printer in PRISMA Home": whoever
    claims the link ties the printer to their tenant). The text names the host, never the address.
    """
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        usable = parts.port != 0 and not any(character <= " " or character == "\x7f" for character in address)
    except ValueError:  # a port or an IPv6 address that cannot be
        usable = False
    if not usable:
        return "the registration address is not an address"
    if parts.scheme.lower() != "https":
        return f"the registration address does not begin with https:// (it names the host {host or 'nothing'!r})"
    if parts.username is not None or parts.password is not None:
        return "the registration address carries a user name"
    if not host or host not in {item.lower() for item in allowed_hosts}:
        return (
            f"the registration address leads to {host!r}, which is not on the list of PRISMA Home hosts: "
            + ", ".join(sorted(allowed_hosts))
        )
    return ""


def fingerprint(address: str) -> str:
    """Return a short name for an address, by which two can be told apart without showing either."""
    return hashlib.sha256(address.encode()).hexdigest()[:12]
