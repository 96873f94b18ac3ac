# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a value is still that of an example which was copied: a placeholder, or a host that exists nowhere. Pure.

Source: RFC 2606 (names), RFC 5737 and RFC 3849 (addresses) reserve hosts for documentation. Those for laboratories
(C(.test), C(localhost)) are real ones.
"""

from __future__ import annotations

import ipaddress
import re

_PLACEHOLDER = re.compile(r"<?change[-_ .]?me>?", re.IGNORECASE)
"""What the example has in place of each password, in any spelling."""
_HOST = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*://)?(?P<user>[^/?#\s]*@)?"
    r"(?P<host>\[[0-9a-f:.]+\]|[^/?#\s:@\[\]]+)(?::\d+)?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_NAMES = (".example", ".example.com", ".example.net", ".example.org")
_NETWORKS = tuple(map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")))


_NOWHERE = ".invalid"
"""What a name ends with that can lead nowhere (RFC 2606); a site has typed it itself."""


def is_placeholder(text: str) -> bool:
    """Whether ``text`` is what an example has in place of a password."""
    return _PLACEHOLDER.fullmatch(text.strip()) is not None


def is_example_host(host: str) -> bool:
    """Whether ``host``, a name or an address, is one of those that only documentation uses."""
    name = _canonical(host)
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return "." in name and f".{name}".endswith(_NAMES)
    return any(address in network for network in _NETWORKS)


def cannot_exist(host: str) -> bool:
    """Whether ``host`` is a name that can lead nowhere."""
    return _canonical(host).endswith(_NOWHERE)


def _canonical(host: str) -> str:
    return host.strip().strip("[]").rstrip(".").lower()


def without_account(text: str) -> str:
    """Return ``text`` as a message shows it: of an address without user name and password."""
    found = _HOST.fullmatch(text.strip())
    if found is None or not found["scheme"] or not found["user"]:
        return text.strip()
    return text.strip().replace(found["user"], "", 1)


def example_host_in(text: str) -> str | None:
    """Return the host of documentation that ``text`` names, as a host, an address or an account; None if it names none.

    A host that cannot exist counts as well. Of accounts only those at C(example.com) itself count, or at a like name:
    others may be those of a simulator.
    """
    if text.count(":") > 1 and is_example_host(text):  # an IPv6 address alone
        return text.strip()
    found = _HOST.fullmatch(text.strip())
    if found is None or not (is_example_host(found["host"]) or cannot_exist(found["host"])):
        return None
    of_account = found["user"] and not found["scheme"]
    return None if of_account and found["host"].count(".") > 1 else found["host"]
