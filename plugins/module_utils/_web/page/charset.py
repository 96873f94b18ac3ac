# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of charsets as browsers understand them (WHATWG Encoding Standard). Knows no HTML.

The table of labels is the HTML parser's. A label names an encoding that may be larger than the label says:
``shift_jis`` is Windows 31J, ``gb2312`` is GBK, ``iso-8859-1`` is windows-1252.
"""

from __future__ import annotations

import codecs
from functools import cache

from .. import libraries

UTF_8 = "UTF-8"
LATIN = "windows-1252"
"""What a page is in that is not UTF-8 and declares nothing."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF16_LE, "UTF-16LE"),
    (codecs.BOM_UTF16_BE, "UTF-16BE"),
)
_TO_READ = {
    "Big5": "big5hkscs",
    "EUC-KR": "cp949",
    "GBK": "gb18030",
    "ISO-8859-8-I": "iso8859-8",
    "Shift_JIS": "cp932",
    "macintosh": "mac-roman",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac-cyrillic",
}
"""Python's name of an encoding, where it has another. Its codecs differ from the standard in rare characters only."""

_TO_SEND = {"Big5": "cp950", "GBK": "gbk"}
"""The same for sending, where that is another."""

_NEVER_SENT = frozenset({"UTF-16BE", "UTF-16LE", "replacement", "x-user-defined"})
"""Encodings that browsers read; forms of such pages are sent in UTF-8."""


@cache
def encoding_of(label: str) -> str | None:
    """Return the standard's name of the encoding that a label stands for; None for a label that is unknown."""
    try:
        return str(libraries.turbohtml.parse(b"", encoding=label.strip().strip("\"'")).encoding)
    except (LookupError, ValueError):
        return None


def sent_in(encoding: str) -> str:
    """Return the encoding in which a browser sends a form of a page in this encoding."""
    return UTF_8 if encoding in _NEVER_SENT else encoding


@cache
def codec_to_send(encoding: str) -> str:
    """Return Python's codec for sending in an encoding."""
    return codecs.lookup(_TO_SEND.get(encoding) or _TO_READ.get(encoding, encoding)).name


def decode(body: bytes, label: str | None) -> str:
    """Return the text of a body. Bytes that do not fit become U+FFFD.

    A byte order mark outranks the label; without either the text is UTF-8, or else windows-1252.
    """
    for mark, of_mark in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(of_mark, "replace")
    encoding = encoding_of(label) if label is not None else None
    if encoding is not None:
        try:
            return body.decode(_TO_READ.get(encoding, encoding), "replace")
        except LookupError:  # "replacement" and "x-user-defined", which Python lacks
            return body.decode(LATIN, "replace")
    try:
        return body.decode(UTF_8)
    except UnicodeDecodeError:
        return body.decode(LATIN, "replace")
