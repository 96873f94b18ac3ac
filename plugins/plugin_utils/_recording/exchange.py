# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording of a web interface: its requests and responses, and the bodies of forms. Knows no file format."""

from __future__ import annotations

import codecs
import email.message
import email.policy
import json
import re
import typing as t
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from ...module_utils._web.errors import UnexpectedPage
from ...module_utils._web.page.address import absolute, split_address
from ...module_utils._web.page.page import Page, read_page
from .markup import elements

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MAX_FIELDS = 10_000

Dialect = t.Literal["chrome", "firefox", "playwright", "mitmproxy", "unknown"]
Pairs = tuple[tuple[str, str], ...]

_DEFAULT_PORT = re.compile(r"(?:(https://[^/?#]*):443|(http://[^/?#]*):80)(?=[/?#]|$)", re.IGNORECASE)
_PAGES = ("html", "json")
_TEXT = re.compile(r"\Z|text/|application/(?:[\w.-]+\+)?(?:json|xml|(?:x-)?javascript)")
_DISPOSITION = re.compile(rb"^content-disposition[ \t]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_DISPOSITION_PARAMETER = re.compile(r";[ \t]*(name|filename)=(?:\"([^\"]*)\"|([^;\s]*))", re.IGNORECASE)


@dataclass(frozen=True)
class RecordedExchange:
    """One request and its response. ``number`` is its index in the recording.

    ``form``: the decoded fields of a form (for a file, its name); ``()`` for any other body. ``has_body``: false if the
    recording omits the response body. Bodies are not compressed; ``response_type`` names the character set of
    ``response_body``. ``started``: ISO 8601, or empty.
    """

    number: int
    method: str
    url: str
    request_headers: Pairs
    request_type: str | None
    request_body: bytes = field(repr=False)
    form: Pairs = field(repr=False)
    status: int
    response_headers: Pairs
    response_type: str | None
    response_body: bytes = field(repr=False)
    started: str
    has_body: bool

    @property
    def text(self) -> str:
        """Return the response body as text."""
        return body_text(self.response_type, self.response_body)[0]

    @cached_property
    def page(self) -> Page:
        """Return the response as a session reads it. Raises :class:`.UnexpectedPage` if it cannot be read."""
        return read_page(self.response_body, self.response_type, self.url)

    @cached_property
    def readable_page(self) -> Page | None:
        """Return the response as a session reads it, None if it cannot be read."""
        try:
            return self.page
        except UnexpectedPage:
            return None

    @property
    def data(self) -> t.Any:
        """Return the data on which expressions are evaluated, None if the response cannot be read."""
        page = self.readable_page
        return page.data if page is not None else None

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield each text of the exchange with its place."""
        yield "url", self.url
        for side, headers in (("request", self.request_headers), ("response", self.response_headers)):
            yield from ((f"{side} header {name}", value) for name, value in headers)
        yield "request body", body_text(self.request_type, self.request_body)[0]
        yield "response body", self.text

    @property
    def may_be_html(self) -> bool:
        """Whether the response has content that is HTML, or of which it does not say what it is."""
        kinds = ("text/html", "application/xhtml+xml", "")
        return bool(self.response_body) and media_type(self.response_type) in kinds

    @cached_property
    def fixed_values(self) -> frozenset[tuple[str, str]]:
        """Return the names and values of the page's controls into which nobody types."""
        found = elements(self.text) if self.may_be_html else ()
        return frozenset((each.name, each.value) for each in found if each.type in ("hidden", "submit"))

    @cached_property
    def sent_json(self) -> t.Any:
        """Return the data of a JSON request, None for any other. Scripts may not say that it is JSON."""
        kind = media_type(self.request_type)
        data = parsed_json(self.request_body) if "json" in kind or kind in ("", "text/plain") else None
        return data if "json" in kind or isinstance(data, dict) else None

    @cached_property
    def redirects_to(self) -> str | None:
        """Return the address to which the response redirects, None if it does not."""
        location = header(self.response_headers, "location") if 300 <= self.status < 400 else None
        return None if not location else without_default_port(absolute(self.url, location).partition("#")[0])


@dataclass
class Recording:
    """The exchanges that a browser recorded, in the order of the requests.

    ``notes``: what was left out and why, without any value. ``stand_ins``: values that replaced sensitive ones.
    """

    path: Path
    exchanges: list[RecordedExchange]
    dialect: Dialect
    notes: list[str]
    stand_ins: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FormPart:
    """One part of a multipart body. ``head``: its raw header; ``file``: the name of an uploaded file, else None."""

    name: str
    head: bytes
    content: bytes
    file: str | None = None


def without_default_port(url: str) -> str:
    """Return an address as browsers show it: without ``:443`` of https and ``:80`` of http."""
    found = _DEFAULT_PORT.match(url)
    return url if found is None else (found[1] or found[2]) + url[found.end() :]


@lru_cache(maxsize=1 << 15)
def origin(url: str) -> str:
    """Return the origin (scheme, host, port) of an address (RFC 6454)."""
    parts = split_address(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme.lower(), 0)
    return f"{parts.scheme.lower()}://{(parts.hostname or '').lower()}:{port}"


def host(url: str) -> str:
    """Return the host of an address, without its port."""
    return (split_address(url).hostname or "").lower()


def same_interface(one: str, other: str) -> bool:
    """Whether two addresses are of one interface: one origin, or http and https of one host, whatever the ports."""
    return origin(one) == origin(other) or (
        host(one) == host(other) and split_address(one).scheme.lower() != split_address(other).scheme.lower()
    )


def is_one_of(url: str, hosts: Iterable[str]) -> bool:
    """Whether an address is at one of ``hosts``, as ``sign_in.hosts`` of a profile names them."""
    return url.lower().startswith("https:") and {host(url), split_address(url).netloc.lower()} & {*hosts} != set()


def main_origin(exchanges: Sequence[RecordedExchange]) -> str:
    """Return the address of the interface, with a slash at its end: the origin with most pages and JSON responses.

    The first of equals is the one that the person opened.
    """
    bodies = [each for each in exchanges if each.response_body]
    pages = [each for each in bodies if any(kind in media_type(each.response_type) for kind in _PAGES)]
    chosen = Counter(origin(each.url) for each in pages or bodies or exchanges).most_common(1)[0][0]
    first = split_address(next(each.url for each in exchanges if origin(each.url) == chosen))
    return f"{first.scheme}://{first.netloc}/"


def media_type(content_type: str | None) -> str:
    """Return ``text/html`` for ``Text/HTML; charset=utf-8``, and ``""`` for None."""
    return (content_type or "").partition(";")[0].strip().lower()


def is_text(content_type: str | None) -> bool:
    """Whether a body of this content type is a text that a session reads; one without a type may be."""
    return _TEXT.match(media_type(content_type)) is not None


def parameter(content_type: str | None, name: str) -> str | None:
    """Return a parameter of a content type (charset, boundary) without quotation marks, None without one."""
    if not content_type or ";" not in content_type:
        return None
    header = email.message.Message(policy=email.policy.compat32)
    header["Content-Type"] = " ".join(content_type.split())
    found = header.get_param(name)
    return found if isinstance(found, str) and found else None


def header(pairs: Iterable[tuple[str, str]], name: str) -> str | None:
    """Return the value of the first header with this name, whatever its case; None without one."""
    wanted = name.lower()
    return next((value for key, value in pairs if key.lower() == wanted), None)


def form_of(content_type: str | None, body: bytes) -> Pairs:
    """Return the decoded fields of an urlencoded or multipart body, ``()`` for any other."""
    kind = media_type(content_type)
    if kind == URLENCODED:
        return urlencoded_fields(body)
    if kind == MULTIPART:
        return tuple(
            (part.name, part.file if part.file is not None else _text(part.content))
            for part in parts_of(content_type, body)
        )
    return ()


def urlencoded_fields(body: bytes) -> Pairs:
    """Return the fields of an urlencoded body, decoded as UTF-8."""
    try:
        found = parse_qsl(
            _text(body), keep_blank_values=True, encoding="utf-8", errors="replace", max_num_fields=MAX_FIELDS
        )
    except ValueError:  # more than MAX_FIELDS
        return ()
    return tuple(found)


def urlencoded_body(fields: Sequence[tuple[str, str]]) -> bytes:
    """Encode fields as a browser does."""
    return urlencode(list(fields), encoding="utf-8").encode("ascii")


def parts_of(content_type: str | None, body: bytes) -> list[FormPart]:
    """Return the parts of a multipart body; none if the boundary is missing or does not occur."""
    boundary = parameter(content_type, "boundary")
    if not boundary:
        return []
    mark = b"--" + boundary.encode("utf-8", "replace")
    parts: list[FormPart] = []
    for piece in (b"\r\n" + body).split(b"\r\n" + mark)[1 : MAX_FIELDS + 1]:
        if piece.startswith(b"--"):
            break
        head, separator, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if not separator:
            continue
        name, file = _disposition(head)
        if name is not None:
            parts.append(FormPart(name, head, content, file))
    return parts


def multipart_body(content_type: str | None, parts: Sequence[FormPart]) -> bytes:
    """Encode parts as a browser does, with the boundary of the content type."""
    mark = b"--" + (parameter(content_type, "boundary") or "").encode("utf-8", "replace")
    pieces = [mark + b"\r\n" + part.head + b"\r\n\r\n" + part.content + b"\r\n" for part in parts]
    return b"".join(pieces) + mark + b"--\r\n"


def body_text(content_type: str | None, body: bytes) -> tuple[str, str]:
    """Return a body as text, and the codec that encodes this text to the same bytes."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        charset = parameter(content_type, "charset")
        candidates = [charset] if charset else []
    for name in (*candidates, "utf-8"):
        try:
            if codecs.lookup(name)._is_text_encoding:
                text = body.decode(name)
                if text.encode(name) == body:
                    return text, name
        except (LookupError, ValueError):
            continue
    return body.decode("latin-1"), "latin-1"


def parsed_json(body: bytes) -> t.Any:
    """Return the data of a JSON body, None for anything else."""
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def _disposition(head: bytes) -> tuple[str | None, str | None]:
    """Return name and file name of a part. Browsers send both in UTF-8 and encode a quotation mark as %22."""
    line = _DISPOSITION.search(head)
    found: dict[str, str] = {}
    for key, quoted, bare in _DISPOSITION_PARAMETER.findall(_text(line[1]) if line else ""):
        found.setdefault(key.lower(), (quoted or bare).replace("%22", '"').replace("%0D%0A", "\r\n"))
    return found.get("name"), found.get("filename")


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
