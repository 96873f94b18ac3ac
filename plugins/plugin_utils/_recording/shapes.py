# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognises sensitive values by their shape in a text, or by their label on a page. Knows no headers and fields."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._web.errors import PrismaError
from .exchange import RecordedExchange
from .finder import decoded_forms
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

Callback = t.Callable[[Kind, str, str], str]
"""Takes kind, value and place of a sensitive value, and returns its replacement or the value itself."""

_SHAPES: tuple[tuple[str, re.Pattern[str], Kind], ...] = (
    ("@", EMAIL, "email"),
    (".", IPV4, "ip"),
    (":", IPV6, "ip"),
    ("", MAC, "mac"),
    ("eyJ", JWT, "token"),
)
"""A text that every match contains (checked first, for speed), the pattern, and the kind of its matches."""


def find_by_shape(text: str, place: str, callback: Callback) -> None:
    """Call ``callback`` for e-mail, IP and MAC addresses, JSON Web Tokens, and for hosts and codes in addresses."""
    for form in decoded_forms(text):
        for part, pattern, kind in _SHAPES:
            for found in pattern.finditer(form) if part in form else ():
                if kind != "ip" or is_personal_ip(found[0], form[max(0, found.start() - 120) : found.start()]):
                    callback(kind, found[0], place)
        for found in ADDRESS.finditer(form) if "://" in form else ():
            host, codes = parts_of_address(found[0].rstrip(".,;:!?)]"))
            report_host(host, place, callback)
            for code in codes:
                callback("code", code, place)


def report_host(host: str, place: str, callback: Callback) -> None:
    """Call ``callback`` for the host of an address, unless it is a public or local name."""
    if is_ip(host):
        if is_personal_ip(host, ""):
            callback("ip", host, place)
    elif is_host_name(host) and sensitive_host(host):
        callback("host", host.rstrip("."), place)


def identifies_host(value: str) -> bool:
    """Whether a value is the name or IP address of a particular host."""
    return (is_ip(value) and is_personal_ip(value, "")) or (is_host_name(value, typed=True) and sensitive_host(value))


def find_by_label(exchange: RecordedExchange, callback: Callback) -> None:
    """Call ``callback`` for serial numbers and host names beside their labels on a page."""
    if not exchange.may_be_html:
        return
    try:
        page = exchange.page
    except PrismaError:
        return
    if page.kind != "html":
        return
    pairs = list(page.data["fields"].items())
    pairs += [pair for table in page.data["tables"] for row in table["rows"][:2000] for pair in row.items()]
    for label, value in pairs:
        kind = kind_of_label(label) if isinstance(value, str) else None
        if kind == "serial" and (serial := serial_in(value)):
            callback("serial", serial, f"beside {label!r}")
        elif kind == "host" and is_host_name(value, typed=True) and sensitive_host(value):
            callback("host", value.rstrip("."), f"beside {label!r}")
