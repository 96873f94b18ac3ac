# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognises sensitive values by their shape in a text, or by their label on a page. Knows no headers and fields."""

from __future__ import annotations

import functools
import re
import typing as t
from urllib.parse import unquote

from .exchange import RecordedExchange
from .finder import INLINE_MARKUP, SOFT_BREAK, decoded_base64, decoded_forms
from .sensitive import (
    ACCOUNT,
    ADDRESS,
    BLANK_IMAGE,
    EMAIL,
    IPV4,
    IPV6,
    JWT,
    MAC,
    PICTURE,
    PUBLIC_HOSTS,
    RELATIVE_ADDRESS,
    Kind,
    codes_in,
    is_host_name,
    is_ip,
    is_personal_ip,
    kind_of_label,
    sensitive_host,
    serial_in,
)

Callback = t.Callable[[Kind, str, str], str]
"""Takes kind, value and place of a sensitive value, and returns its replacement or the value itself."""
Found = t.Callable[[Kind, str, str], object]

_SHAPES: tuple[tuple[str, re.Pattern[str], Kind], ...] = (
    ("@", EMAIL, "email"),
    (".", IPV4, "ip"),
    (":", IPV6, "ip"),
    ("", MAC, "mac"),
    ("eyJ", JWT, "token"),
)
"""A text that every match contains (checked first, for speed), the pattern, and the kind of its matches."""


def find_by_shape(text: str, place: str, callback: Callback, own_host: str) -> None:
    """Call ``callback`` for e-mail, IP and MAC addresses, JSON Web Tokens, and for hosts and codes in addresses.

    ``own_host``: that of the interface, in whose addresses only named codes are codes.
    """
    for kind, value in _shapes_in(text, own_host):
        callback(kind, value, place)


@functools.lru_cache(maxsize=256)  # a browser records a script again with every page
def _shapes_in(text: str, own_host: str) -> list[tuple[Kind, str]]:
    every: list[tuple[Kind, str]] = []
    shown = SOFT_BREAK.sub("", text)
    forms = decoded_forms(shown)
    forms += [form for _token, decoded in decoded_base64(shown) for form in decoded_forms(decoded)]
    emails: set[str] = set()
    for form in forms:
        plain = ACCOUNT.sub("", form) if "://" in form else form
        for part, pattern, kind in _SHAPES:
            for found in pattern.finditer(plain) if part in plain else ():
                if kind != "ip" or is_personal_ip(found[0], plain[max(0, found.start() - 120) : found.start()]):
                    every.append((kind, found[0]))
                    emails |= {found[0]} if kind == "email" else set()
        find_in_addresses(form, "", lambda kind, value, _place: every.append((kind, value)), own_host)
    joined = INLINE_MARKUP.sub("", text) if "@" in shown or "&#" in shown else shown
    for form in decoded_forms(joined) if joined != shown else ():
        for found in EMAIL.finditer(form):
            if not any(found[0].endswith(each) or found[0].startswith(each) for each in emails):
                every.append(("email", found[0]))  # not a label and, in the next element, the whole address
    return every


def find_in_addresses(text: str, place: str, callback: Found, own_host: str) -> None:
    """Call ``callback`` for the host, the account and the codes of each address in ``text``."""
    for found in ADDRESS.finditer(text):
        host, rest = found["host"].strip("[]"), found["rest"].rstrip(".,;:!?)]")
        codes = list(codes_in(rest, own=host.lower() in PUBLIC_HOSTS | {own_host, ""}))
        if found["scheme"] or (codes and is_host_name(host, typed=True)):
            user, _colon, password = unquote(found["account"] or "").removesuffix("@").partition(":")
            values: list[tuple[Kind, str]] = [("username", user), ("password", password)] if password else []
            for kind, value in (*values, *(("code", code) for code in codes)):
                callback(kind, value, place)
            report_host(host, place, callback)
    for found in RELATIVE_ADDRESS.finditer(text):
        for code in codes_in(found[1], own=True) if "//" not in found[1] else ():
            callback("code", code, place)


def without_pictures(text: str) -> tuple[str, int]:
    """Return ``text`` with its pictures blanked, and their number. A QR code may contain the registration address."""
    count = 0

    def blank(found: re.Match[str]) -> str:
        nonlocal count
        base64 = BLANK_IMAGE.partition(",")[2]
        made = BLANK_IMAGE if found["address"] else found["svg"] + found["end"] if found["svg"] else base64
        count += made != found[0]
        return made

    return PICTURE.sub(blank, text), count


def report_host(host: str, place: str, callback: Found) -> None:
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
    page = exchange.readable_page if exchange.may_be_html else None
    if page is None or page.kind != "html":
        return
    pairs = list(page.data["fields"].items())
    pairs += [pair for table in page.data["tables"] for row in table["rows"][:2000] for pair in row.items()]
    for label, value in pairs:
        kind = kind_of_label(label) if isinstance(value, str) else None
        if kind == "serial" and (serial := serial_in(value)):
            callback("serial", serial, f"beside {label!r}")
        elif kind == "host" and is_host_name(value, typed=True) and sensitive_host(value):
            callback("host", value.rstrip("."), f"beside {label!r}")
