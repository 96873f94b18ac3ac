# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in a text, or beside a label of a page, has the shape of something sensitive. Knows no place of an exchange."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._web.errors import PrismaError
from ...module_utils._web.page.page import read_page
from .exchange import RecordedExchange, media_type
from .sensitive import (
    ADDRESS,
    EMAIL,
    IPV4,
    IPV6,
    JWT,
    MAC,
    Kind,
    is_host_name,
    is_ip,
    is_personal_ip,
    kind_of_label,
    parts_of_address,
    sensitive_host,
    serial_in,
)
from .spelling import forms

See = t.Callable[[Kind, str, str], str]
"""Kind, value and place to what shall stand there: the value itself, or another."""

_SHAPES: tuple[tuple[str, re.Pattern[str], Kind], ...] = (
    ("@", EMAIL, "email"),
    (".", IPV4, "ip"),
    (":", IPV6, "ip"),
    ("", MAC, "mac"),
    ("eyJ", JWT, "token"),
)
"""Without the text before it the pattern need not be tried."""


def shapes(text: str, place: str, see: See) -> None:
    """Show e-mail addresses, addresses of networks, hosts and codes in addresses, tokens that say what they are."""
    for form in forms(text):
        for part, pattern, kind in _SHAPES:
            for found in pattern.finditer(form) if part in form else ():
                if kind != "ip" or is_personal_ip(found[0], form[max(0, found.start() - 120) : found.start()]):
                    see(kind, found[0], place)
        for found in ADDRESS.finditer(form) if "://" in form else ():
            host, codes = parts_of_address(found[0].rstrip(".,;:!?)]"))
            show_host(host, place, see)
            for code in codes:
                see("code", code, place)


def show_host(host: str, place: str, see: See) -> None:
    """Show the host of an address, unless its name says nothing."""
    if is_ip(host):
        if is_personal_ip(host, ""):
            see("ip", host, place)
    elif is_host_name(host) and sensitive_host(host):
        see("host", host.rstrip("."), place)


def names_a_place(value: str) -> bool:
    """Whether a value is the name or address of a host that somebody has given it."""
    return (is_ip(value) and is_personal_ip(value, "")) or (is_host_name(value, typed=True) and sensitive_host(value))


def labels(exchange: RecordedExchange, see: See) -> None:
    """Show what stands beside a label of a page: serial numbers, names of hosts."""
    if (
        media_type(exchange.response_type) not in ("text/html", "application/xhtml+xml", "")
        or not exchange.response_body
    ):
        return
    try:
        page = read_page(exchange.response_body, exchange.response_type, exchange.url)
    except PrismaError:
        return
    if page.kind != "html":
        return
    pairs = list(page.data["fields"].items())
    pairs += [pair for table in page.data["tables"] for row in table["rows"][:2000] for pair in row.items()]
    for label, value in pairs:
        kind = kind_of_label(label) if isinstance(value, str) else None
        if kind == "serial" and (serial := serial_in(value)):
            see("serial", serial, f"beside {label!r}")
        elif kind == "host" and is_host_name(value, typed=True) and sensitive_host(value):
            see("host", value.rstrip("."), f"beside {label!r}")
