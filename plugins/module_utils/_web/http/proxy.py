# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which proxy, if any, leads to a host: options, the environment when asked for, and NO_PROXY. Sends nothing."""

from __future__ import annotations

import ipaddress
import re
import urllib.request

from ..errors import BadInput
from ..libraries import httpx

_PORTS = {"http": 80, "https": 443}
"""Ports that an address need not name, as httpx then says of it that it has none."""


def proxy_for(
    url: httpx.URL,
    proxy: str | None,
    no_proxy: str | None,
    use_environment: bool,
) -> httpx.Proxy | None:
    """The proxy to use for ``url``. An option wins over the environment, which counts only when asked for."""
    environment = urllib.request.getproxies_environment() if use_environment else {}
    address = proxy or environment.get(url.scheme) or environment.get("all")
    exceptions = no_proxy if no_proxy is not None else environment.get("no", "")
    if not address or bypasses_proxy(url.host, url.port or _PORTS[url.scheme], exceptions):
        return None
    if "://" not in address:
        address = f"http://{address}"
    try:
        found = httpx.Proxy(address)
    except (httpx.InvalidURL, ValueError) as error:
        # Without the cause's text: it may repeat the address, and with it a password.
        raise BadInput("The proxy's address cannot be used; it looks like http://proxy.example.com:3128.") from error
    if found.url.scheme not in ("http", "https") or not found.url.host:
        raise BadInput("The proxy's address needs http:// or https:// and a host.", proxy_host=found.url.host)
    return found


def bypasses_proxy(host: str, port: int | None, no_proxy: str) -> bool:
    """Whether NO_PROXY names the host: ``*``, a name and all below it, an address, a network (port optional)."""
    host = host.lower().rstrip(".")
    for entry in re.split(r"[\s,]+", no_proxy.lower()):
        name, entry_port = _split_port(entry)
        if not name or (entry_port is not None and entry_port != port):
            continue
        suffix = name.removeprefix("*").lstrip(".")
        if name == "*" or host == suffix or host.endswith(f".{suffix}") or _in_network(host, name):
            return True
    return False


def _split_port(entry: str) -> tuple[str, int | None]:
    bracketed = re.fullmatch(r"\[(?P<host>[^]]+)](?::(?P<port>\d+))?", entry)
    plain = re.fullmatch(r"(?P<host>[^:]+):(?P<port>\d+)", entry)
    found = bracketed or plain
    if found is None:
        return entry, None
    return found["host"], int(found["port"]) if found["port"] else None


def _in_network(host: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
