# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A response as plain data, which a profile queries. Knows HTML and JSON; knows no profile, sends nothing."""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache

from ..errors import UnexpectedPage
from .charset import decode
from .html import html_document

MAX_BODY = 8 * 1024 * 1024
"""Bytes. Larger bodies are refused rather than parsed."""

_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([a-z0-9_:.-]{1,40})", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{1,512}?charset", re.IGNORECASE)


_JSON = frozenset({"application/json", "text/json", "application/x-json"})


@dataclass(frozen=True)
class Page:
    """What stands at ``url``. ``data`` is what JMESPath queries.

    kind ``json``: the document as it is (None for an empty body). kind ``html``: the dict of
    :func:`.html.html_document`. kind ``text``: ``{"text": …}``, empty for what is not text at all.
    """

    kind: t.Literal["json", "html", "text"]
    data: t.Any
    url: str


def read_page(body: bytes, content_type: str | None, url: str, *, read_as: str | None = None) -> Page:
    """Turn a response's body into data. Broken HTML, JSON and charsets never fail; too large a body does.

    Without a content type the body's first character decides; ``read_as`` (html, json, text) outranks both: old
    interfaces send JSON as HTML. JSON that does not parse is taken as text, so that the
    error names the profile's expression and not a parser. Raises :class:`UnexpectedPage`.
    """
    if len(body) > MAX_BODY:
        raise UnexpectedPage(
            f"The page is larger than {MAX_BODY // 1024 // 1024} MiB, which no page of such an interface is.",
            details={"bytes": len(body)},
        )
    media_type, charset = _media_type(content_type)
    kind = read_as or _kind(media_type or _guess(body))
    if kind == "html":
        return Page("html", html_document(body, url, charset or _declared_encoding(body)), url)
    text = decode(body, charset) if kind else ""
    if kind == "json":
        try:
            return Page("json", json.loads(text) if text.strip() else None, url)
        except (ValueError, RecursionError):
            return Page("text", {"text": text}, url)
    return Page("text", {"text": text}, url)


def _kind(media_type: str) -> str:
    """html, json or text; empty for what is no text at all."""
    if media_type in ("text/html", "application/xhtml+xml"):
        return "html"
    if media_type in _JSON or media_type.endswith("+json"):
        return "json"
    return "text" if media_type.startswith("text/") or media_type.endswith(("/xml", "+xml", "javascript")) else ""


@lru_cache(maxsize=64)
def _media_type(content_type: str | None) -> tuple[str, str | None]:
    if not content_type:
        return "", None
    header = Message()
    header["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
    charset = header.get_param("charset")
    return content_type.split(";")[0].strip().lower(), charset if isinstance(charset, str) else None


def _guess(body: bytes) -> str:
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")[:1]
    return {b"{": "application/json", b"[": "application/json", b"<": "text/html"}.get(start, "text/plain")


def _declared_encoding(body: bytes) -> str | None:
    """The encoding of an XML declaration, which counts in HTML as well where no ``<meta>`` declares one."""
    found = _XML_ENCODING.match(body[:1024])
    return found[1].decode("ascii") if found and not _META_CHARSET.search(body[:1024]) else None
