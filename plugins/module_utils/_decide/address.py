# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a registration address may be used. Pure; never follows one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

from .text import printable

LONGEST = 2048
"""Characters of a registration address at most; browsers and mail programs cut longer ones."""

SHORTEST_CODE = 8
"""Characters. Redacting a shorter text would redact parts of every other text."""

_BETWEEN = re.compile(r"[/?&=#;]+")
_PLAIN_WORD = re.compile(r"[a-z][a-z_-]*")
_LONGEST_HOST = 100
_NO_HOST_HAS = "/@*?#\\"
_WITH_PORT = re.compile(r"(?P<host>[^:\[\]]+|\[[^\]]+\]):[0-9]{1,5}")


def refusal(address: str, allowed_hosts: Collection[str]) -> str:
    """Return why the registration address must not be used, empty if it may.

    Only https, without a user name, in plain characters, and only to hosts on the list: a person who claims the link
    ties the printer to their own tenant (domain.md, "Registering a printer in PRISMA Home"). The text names the host,
    never the address.
    """
    if len(address) > LONGEST:
        return f"the registration address has {len(address)} characters, and {LONGEST} at most are accepted"
    if not address or " " in address or "\\" in address or not address.isprintable():
        return "the registration address is empty or contains blanks, backslashes or characters that are not seen"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        usable = parts.port != 0
    except ValueError:  # a port or an IPv6 address that cannot be
        usable = False
    if not usable:
        return "the registration address is not an address"
    named = repr(printable(host or "nothing", _LONGEST_HOST))
    if parts.scheme.lower() != "https":
        return f"the registration address does not begin with https:// (it names the host {named})"
    if parts.username is not None or parts.password is not None:
        return f"the registration address carries a user name (it leads to {named})"
    if not host or host not in {item.lower() for item in allowed_hosts}:
        listed = ", ".join(sorted(allowed_hosts)) or "none"
        return f"the registration address leads to {named}, which is not on the list of hosts of the cloud: {listed}"
    return ""


def host_of(address: str) -> str:
    """Return the host that an accepted address leads to, in lower case."""
    return (urlsplit(address).hostname or "").lower()


def is_host(text: str, *, port: bool = False) -> bool:
    """Whether ``text`` is the name or address of a host, without scheme and path; with ``port`` it may have a port."""
    found = _WITH_PORT.fullmatch(text.strip()) if port else None
    name = found["host"] if found else text.strip()
    return bool(name) and not any(c.isspace() or c in _NO_HOST_HAS for c in name) and name.count(":") != 1


def hosts_of(names: Collection[str], urls: Collection[str | None]) -> frozenset[str]:
    """Return the hosts on the list: ``names``, and those of ``urls``. Raise ValueError for a name that is no host."""
    hosts = {name.strip().lower() for name in names}
    for name in sorted(hosts):
        if not is_host(name):
            raise ValueError(f"{name!r} is not the name or address of a host")
    hosts = {name.strip("[]") for name in hosts}
    for url in urls:
        try:
            hosts.add(urlsplit((url or "").strip()).hostname or "")
        except ValueError:  # the task that uses it names it
            continue
    return frozenset(host.lower() for host in hosts if host)


def codes_of(address: str) -> frozenset[str]:
    """Return the parts of a registration address that are as good as the address: pages that it leads to have them too.

    Those are its query, and each part that is long enough and no plain word. Where there is none of these, it is each
    long part behind the first name of the path, or that name itself.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return frozenset()
    names = [name for name in _BETWEEN.split(f"{parts.path}?{parts.query}#{parts.fragment}") if name]
    codes = [name for name in names if len(name) >= SHORTEST_CODE and not _PLAIN_WORD.fullmatch(name)]
    codes = codes or [name for name in names[1:] if len(name) >= SHORTEST_CODE] or names[:1]
    found = (*codes, *map(unquote, codes), parts.query)
    return frozenset(code for code in found if len(code) >= SHORTEST_CODE)


def fingerprint(address: str) -> str:
    """Return a short name for an address, which differs for two addresses and shows neither."""
    return hashlib.sha256(address.encode(errors="surrogatepass")).hexdigest()[:12]
