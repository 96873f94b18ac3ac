# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converts a HAR entry of any dialect to an exchange. Knows how browsers write HAR; opens no file.

The dialects are those of the developer tools of Chrome (also Edge) and Firefox, of Playwright, and of mitmproxy. They
differ in what they omit: cookies and Authorization (Chrome, unless exported with sensitive data), bodies (Firefox, and
Chrome after the page was left). They also differ in how they write a form: as text, params, or both.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
import typing as t
from dataclasses import dataclass, field
from urllib.parse import unquote_plus, urlsplit

from .exchange import (
    MULTIPART,
    URLENCODED,
    Dialect,
    FormPart,
    Pairs,
    RecordedExchange,
    form_of,
    header,
    is_text,
    media_type,
    multipart_body,
    parameter,
    urlencoded_body,
    without_default_port,
)

_CREATORS: tuple[tuple[str, Dialect], ...] = (
    ("webinspector", "chrome"),
    ("firefox", "firefox"),
    ("playwright", "playwright"),
    ("mitmproxy", "mitmproxy"),
)
_BINARY = ("image/", "font/", "audio/", "video/", "model/")
_BINARY_TYPES = frozenset(
    f"application/{name}"
    for name in (
        *("octet-stream", "pdf", "zip", "gzip", "x-gzip", "x-tar", "x-7z-compressed", "java-archive", "wasm"),
        *("font-woff", "font-woff2", "x-font-ttf", "x-font-woff", "vnd.ms-fontobject", "postscript"),
        *("x-shockwave-flash", "x-java-applet", "x-protobuf", "protobuf", "grpc", "grpc-web+proto"),
    )
)
_HTTP_ADDRESS = re.compile(r"https?://[^/?#\s]+", re.IGNORECASE)
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{0,30}):")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}")
_STREAM_HEADERS = re.compile(r"\s{0,8}Content-(?:Type|Length):", re.IGNORECASE)


class LeftOut(Exception):
    """An entry is no part of a recording. The text says why, without any value of the entry."""


def _malformed(key: str, what: str) -> LeftOut:
    """Return that an entry violates HAR 1.2 at ``key``, the path below the entry."""
    return LeftOut(f"malformed: {key} {what}")


def dialect_of(creator: t.Any) -> Dialect:
    """Return the dialect of ``log.creator`` or ``log.browser``."""
    name = str(creator.get("name", "")).lower() if isinstance(creator, dict) else ""
    return next((dialect for part, dialect in _CREATORS if part in name), "unknown")


def dialect_by_keys(entry: dict[str, t.Any]) -> Dialect:
    """Return the dialect by the keys of an entry, for files whose creator is another program."""
    if "_securityState" in entry or "_securityState" in _dict(entry.get("response")):
        return "firefox"
    if {"_initiator", "_priority", "_resourceType", "_connectionId"} & entry.keys():
        return "chrome"
    return "unknown"


def exchange_of(
    entry: dict[str, t.Any], number: int, dialect: Dialect, max_body: int
) -> tuple[RecordedExchange, list[str]]:
    """Return an entry as an exchange, and what was left out of it.

    Raises :class:`LeftOut`. ``max_body`` is the size in bytes up to which a body is kept.
    """
    request, response = entry.get("request"), entry.get("response")
    if not isinstance(request, dict):
        raise _malformed("request", "is missing" if request is None else "is not an object")
    url = _text(request, "request.url")
    _check_address(url)
    method = _text(request, "request.method").upper()
    if not _TOKEN.fullmatch(method):
        raise _malformed("request.method", "is not an HTTP method")
    if response is None:
        raise LeftOut("no response")
    if not isinstance(response, dict):
        raise _malformed("response", "is not an object")
    status = _status(response.get("status"))
    if status <= 0:
        raise LeftOut("no response (blocked, cancelled or failed)")
    response_headers = _headers(response.get("headers"), "response.headers")
    if status == 101 or entry.get("_resourceType") == "websocket":
        raise LeftOut("websockets")
    request_headers = _headers(request.get("headers"), "request.headers")
    request_type, request_body = _request_body(request.get("postData"), request_headers, dialect)
    content = _response_content(response, response_headers, method, status, max_body)
    started = entry.get("startedDateTime")
    exchange = RecordedExchange(
        number=number,
        method=method,
        url=without_default_port(url.partition("#")[0]),
        request_headers=request_headers,
        request_type=request_type,
        request_body=request_body,
        form=form_of(request_type, request_body),
        status=status,
        response_headers=content.headers,
        response_type=content.type,
        response_body=content.body,
        started=started if isinstance(started, str) else "",
        has_body=content.has_body,
    )
    return exchange, content.left_out


def _check_address(url: str) -> None:
    """Raise :class:`LeftOut` for what is no valid HTTP address."""
    if not _HTTP_ADDRESS.match(url):
        scheme = _SCHEME.match(url)
        raise LeftOut(f"addresses other than HTTP ({scheme[1].lower()}:)" if scheme else "no address")
    try:
        urlsplit(url).port  # noqa: B018 - it is the reading that fails
    except ValueError as error:
        raise LeftOut("invalid addresses") from error


def written_as_text(content_type: str | None, body: bytes) -> str | None:
    """Return the body as text if reading it back gives the same body and type, otherwise None."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if in_utf_8(content_type) == content_type else None


def in_utf_8(content_type: str | None) -> str | None:
    """Return the content type of a body that was recorded as text: it is UTF-8 now, whatever the response had."""
    named = parameter(content_type, "charset") is not None
    if not content_type or not (named or (is_text(content_type) and "json" not in media_type(content_type))):
        return content_type
    kept = [part.strip() for part in content_type.split(";") if not part.strip().lower().startswith("charset=")]
    return "; ".join([*kept, "charset=utf-8"])


@dataclass
class _Content:
    headers: Pairs
    type: str | None
    body: bytes = b""
    has_body: bool = False
    left_out: list[str] = field(default_factory=list)

    def without_body(self, reason: str) -> _Content:
        self.left_out.append(reason)
        return self


def _response_content(response: dict[str, t.Any], headers: Pairs, method: str, status: int, max_body: int) -> _Content:
    content = response.get("content") or {}
    if not isinstance(content, dict):
        raise _malformed("response.content", "is not an object")
    made = _Content(headers, _response_type(content, headers))
    text = _optional_text(content, "response.content.text")
    kind = media_type(made.type)
    is_binary = kind.startswith(_BINARY) or kind in _BINARY_TYPES
    if text is None and {"_file", "_sha1"} & content.keys():
        return made.without_body("bodies in separate files (record with embed)")
    if text is None and (method == "HEAD" or status in (204, 205) or 300 <= status < 400 or content.get("size") == 0):
        made.has_body = status != 304
        return made
    if is_binary:
        return made.without_body(f"bodies of binary kinds ({kind})")
    if text is None:
        return made.without_body("bodies that the browser did not export")
    encoding = _optional_text(content, "response.content.encoding") or ""
    body = _decoded(text, encoding, "response.content")
    if not encoding:
        _note_utf_8(made, text)
    if len(body) > max_body:
        return made.without_body(f"bodies larger than {max_body} bytes")
    if made.type is None and b"\x00" in body[:1024] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return made.without_body("bodies of binary kinds (unknown)")
    made.body, made.has_body = body, True
    return made


def _note_utf_8(made: _Content, text: str) -> None:
    """Say in the headers of a body that was recorded as text that it is UTF-8 now."""
    if "\ufffd" in text:
        made.left_out.append("characters that the browser could not decode (shown as \ufffd)")
    changed = in_utf_8(made.type)
    if changed is not None and changed != made.type:
        pairs = ((name, changed if name.lower() == "content-type" else value) for name, value in made.headers)
        made.headers, made.type = tuple(pairs), changed


def _response_type(content: dict[str, t.Any], headers: Pairs) -> str | None:
    """Return the content type of a response, from its header or from what the browser noted; None if it has none."""
    found = header(headers, "content-type") or _optional_text(content, "response.content.mimeType")
    return None if found is None or media_type(found) in ("", "x-unknown") else found.strip()


def _decoded(text: str, encoding: str, key: str) -> bytes:
    """Return the bytes of the recorded body at ``key``: of its text, or of its base64."""
    if not encoding:
        return text.encode("utf-8", "replace")
    if encoding.lower() != "base64":
        raise _malformed(f"{key}.encoding", "is present but not base64")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _malformed(f"{key}.text", "is not base64, though its encoding says so") from error


def _request_body(data: t.Any, headers: Pairs, dialect: Dialect) -> tuple[str | None, bytes]:
    content_type_header = header(headers, "content-type")
    if data is None:
        return content_type_header, b""
    if not isinstance(data, dict):
        raise _malformed("request.postData", "is not an object")
    content_type = content_type_header or _optional_text(data, "request.postData.mimeType") or None
    text = _optional_text(data, "request.postData.text")
    kind = media_type(content_type)
    if text:
        if _optional_text(data, "request.postData.encoding") == "base64":
            return content_type, _decoded(text, "base64", "request.postData")
        if kind in (URLENCODED, MULTIPART) and _STREAM_HEADERS.match(text):
            # Old versions of Firefox write the headers of the upload before the body.
            text = text.partition("\r\n\r\n")[2]
        if dialect == "mitmproxy" and kind == MULTIPART:
            with contextlib.suppress(UnicodeEncodeError):
                return content_type, text.encode(
                    "latin-1"
                )  # mitmproxy decodes bodies without a character set as Latin-1
        return content_type, text.encode("utf-8", "replace")
    params = data.get("params") or []
    if not isinstance(params, list):
        raise _malformed("request.postData.params", "is not a list")
    return _body_of_params(params, content_type, dialect)


def _body_of_params(params: list[t.Any], content_type: str | None, dialect: Dialect) -> tuple[str | None, bytes]:
    if not params:
        return content_type, b""
    fields: list[tuple[str, str]] = []
    parts: list[FormPart] = []
    for each in params:
        if not isinstance(each, dict):
            raise _malformed("request.postData.params", "holds something that is not an object")
        name = _text(each, "request.postData.params[].name")
        value = _optional_text(each, "request.postData.params[].value") or ""
        if dialect == "chrome" and media_type(content_type) != MULTIPART:
            name, value = unquote_plus(name), unquote_plus(value)  # Chrome does not decode them
        file = _optional_text(each, "request.postData.params[].fileName")
        fields.append((name, value))
        parts.append(_part(name, value, file))
    if media_type(content_type) == MULTIPART:
        if not parameter(content_type, "boundary"):
            content_type = f"{MULTIPART}; boundary=----recorded"
        return content_type, multipart_body(content_type, parts)
    return content_type or URLENCODED, urlencoded_body(fields)


def _part(name: str, value: str, file: str | None) -> FormPart:
    head = f'Content-Disposition: form-data; name="{_quoted(name)}"'
    if file is not None:
        head += f'; filename="{_quoted(file)}"'
    return FormPart(name, head.encode("utf-8", "replace"), value.encode("utf-8", "replace"), file)


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _headers(given: t.Any, key: str) -> Pairs:
    """Return headers in the form of HTTP/1.1: no pseudo headers, one line for each Set-Cookie, no line breaks."""
    if given is None:
        return ()
    if not isinstance(given, list):
        raise _malformed(key, "is not a list")
    found: list[tuple[str, str]] = []
    for each in given:
        if not isinstance(each, dict):
            raise _malformed(key, "holds something that is not an object")
        name, value = _text(each, f"{key}[].name"), _optional_text(each, f"{key}[].value") or ""
        if not _TOKEN.fullmatch(name[:40]):  # HTTP/2's :authority and the like
            continue
        lines = value.splitlines() or [""]
        whole = lines if name.lower() == "set-cookie" else [" ".join(lines)]
        found.extend((name, _printable(line.strip())) for line in whole)
    return tuple(found)


def _printable(text: str) -> str:
    return "".join(each if each >= " " and each != "\x7f" else " " for each in text)


def _status(value: t.Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _malformed("response.status", "is missing" if value is None else "is not a number")
    try:
        number = int(value)
    except (ValueError, OverflowError) as error:
        raise _malformed("response.status", "is not a number") from error
    if number > 999:
        raise _malformed("response.status", "is not an HTTP status")
    return number


def _text(data: dict[str, t.Any], key: str) -> str:
    """Return the text at the last part of ``key``, which is a path of the entry. It must be there."""
    value = data.get(key.rpartition(".")[2])
    if not isinstance(value, str) or not value:
        raise _malformed(key, "is missing" if value is None else "is not a text" if value != "" else "is empty")
    return value


def _optional_text(data: dict[str, t.Any], key: str) -> str | None:
    value = data.get(key.rpartition(".")[2])
    if value is not None and not isinstance(value, str):
        raise _malformed(key, "is not a text")
    return value


def _dict(value: t.Any) -> dict[str, t.Any]:
    return value if isinstance(value, dict) else {}
