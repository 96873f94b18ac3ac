# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where in an exchange values stand that say who, where or what opens it. Walks; what becomes of them is the caller's.

One walk serves both to find and to replace: each value is shown to ``see``, and what that returns is put in its place.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
import typing as t
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, unquote, urlsplit

from .exchange import (
    MULTIPART,
    URLENCODED,
    RecordedExchange,
    Recording,
    form_of,
    media_type,
    multipart_body,
    parts_of,
    urlencoded_body,
    urlencoded_fields,
)
from .markup import tags
from .sensitive import (
    Kind,
    codes_in,
    fits,
    is_host_name,
    is_ip,
    kind_of_name,
    looks_random,
    parts_of_address,
    sensitive_host,
)
from .shapes import See, labels, names_a_place, shapes, show_host
from .spelling import body_text

_NO_ADDRESSES = frozenset({"user-agent", "server", "sec-ch-ua", "sec-ch-ua-full-version-list", "via", "x-powered-by"})
_NO_SECRETS = frozenset(
    {
        *("www-authenticate", "proxy-authenticate", "authorization", "proxy-authorization", "cookie", "set-cookie"),
        *("host", "access-control-allow-headers", "access-control-expose-headers", "x-content-type-options"),
    }
)
_NEVER_TYPED = frozenset({"submit", "button", "checkbox", "radio", "image", "reset"})
_ASSIGNED = re.compile(r"(?<![\w$.-])([\w$.-]{2,60})[\"']?\s{0,10}[:=]\s{0,10}(\"|')((?:(?!\2)[^\\\n]){6,4000})\2")
_CREDENTIALS = re.compile(r"(\w{1,20})\s{0,4}=\s{0,4}(?:\"([^\"]{0,4000})\"|([^\s,\"]{1,4000}))")
_DIGEST_SECRETS = frozenset({"response", "nonce", "cnonce", "opaque"})
_DEEPEST = 60


class SensitiveValues:
    """Shows what is sensitive in exchanges. ``password_fields``: names of the fields that pages show as passwords."""

    def __init__(self, recording: Recording) -> None:
        self.password_fields = {name for each in recording.exchanges for name in _password_fields(each)}

    def walk(self, exchange: RecordedExchange, see: See) -> RecordedExchange:
        """``exchange`` with what ``see`` puts in the places that have a name: fields, headers, cookies, keys."""
        url = self._url(exchange.url, see)
        request_headers = self._headers(exchange.request_headers, "request", see)
        response_headers = self._headers(exchange.response_headers, "response", see)
        body = self._request_body(exchange, see)
        answer = self._answer(exchange, see)
        changed = replace(exchange, url=url, request_headers=request_headers, response_headers=response_headers)
        if body is not None:
            changed = replace(changed, request_body=body, form=form_of(exchange.request_type, body))
        return replace(changed, response_body=answer) if answer is not None else changed

    def look(self, exchange: RecordedExchange, see: See) -> None:
        """Show what has a shape of its own, wherever it stands; what ``see`` returns is not used."""
        shapes(exchange.url, "url", see)
        parts = urlsplit(exchange.url)
        for code in codes_in(parts.path, parts.query):
            see("code", code, "url")
        for side, headers in (("request", exchange.request_headers), ("response", exchange.response_headers)):
            for name, value in headers:
                if name.lower() not in _NO_ADDRESSES:
                    shapes(value, f"{side} header {name}", see)
        for place, kind, body in (
            ("request body", exchange.request_type, exchange.request_body),
            ("response body", exchange.response_type, exchange.response_body),
        ):
            if body:
                shapes(body_text(kind, body)[0], place, see)
        for name, value in exchange.form:
            for part in re.split(r"[\s,;|]+", value)[:50]:
                if is_host_name(part, typed=True) and "." in part and sensitive_host(part):
                    see("host", part.rstrip("."), f"form field {name}")
        labels(exchange, see)

    # --- address and headers ---

    def _url(self, url: str, see: See) -> str:
        head, mark, query = url.partition("?")
        host = parts_of_address(url)[0]
        show_host(host, "url", see)
        return head + mark + _query(query, see) if mark else url

    def _headers(self, headers: tuple[tuple[str, str], ...], side: str, see: See) -> tuple[tuple[str, str], ...]:
        return tuple((name, self._header(name, value, f"{side} header {name}", see)) for name, value in headers)

    def _header(self, name: str, value: str, place: str, see: See) -> str:
        lower = name.lower()
        if lower in ("authorization", "proxy-authorization"):
            return _authorization(value, place, see)
        if lower in ("www-authenticate", "proxy-authenticate"):
            return _credentials(value, place, see)
        if lower == "cookie":
            return "; ".join(_cookie(each.strip(), place, see) for each in value.split(";"))
        if lower == "set-cookie":
            cookie, semicolon, rest = value.partition(";")
            domain = re.search(r"(?i)domain\s*=\s*\.?([^;\s]+)", rest)
            if domain:
                show_host(domain[1], place, see)
            return _cookie(cookie, place, see) + semicolon + rest
        if lower == "host":
            host = parts_of_address(f"//{value}")[0]
            if is_ip(host) or not is_host_name(host) or not sensitive_host(host):
                return value
            return value.replace(host, see("host", host, place))
        if lower not in _NO_SECRETS and kind_of_name(name) in ("token", "password") and fits("token", value):
            return see("token", value, place)
        return value

    # --- requests ---

    def _request_body(self, exchange: RecordedExchange, see: See) -> bytes | None:
        kind = media_type(exchange.request_type)
        if not exchange.request_body:
            return None
        if kind == URLENCODED:
            fields = urlencoded_fields(exchange.request_body)
            named = {name for name, _value in fields}
            put = [(name, self._field(name, value, named, see)) for name, value in fields]
            return urlencoded_body(put) if put != list(fields) else None
        if kind == MULTIPART:
            return self._multipart(exchange, see)
        if "json" in kind:
            return _json_body(exchange.request_type, exchange.request_body, "request body", self._kind_of_key, see)
        return None

    def _multipart(self, exchange: RecordedExchange, see: See) -> bytes | None:
        parts = parts_of(exchange.request_type, exchange.request_body)
        named = {part.name for part in parts}
        put = []
        for part in parts:
            text = part.content.decode("utf-8", "surrogateescape")
            shown = self._field(part.name, text, named, see) if part.file is None else text
            put.append(replace(part, content=shown.encode("utf-8", "surrogateescape")))
        return multipart_body(exchange.request_type, put) if put != parts else None

    def _field(self, name: str, value: str, fields: set[str], see: See) -> str:
        kind = self._kind_of_key(name)
        if kind == "username" and not any(self._kind_of_key(each) == "password" for each in fields):
            return value
        if kind is None and looks_random(value):
            kind = "token"
        if kind is None or not fits(kind, value) or (kind == "host" and not names_a_place(value)):
            return value
        if kind == "host" and is_ip(value):
            kind = "ip"
        return see(kind, value, f"form field {name}")

    def _kind_of_key(self, name: str) -> Kind | None:
        return "password" if name in self.password_fields else kind_of_name(name)

    # --- answers ---

    def _answer(self, exchange: RecordedExchange, see: See) -> bytes | None:
        if not exchange.response_body:
            return None
        kind = media_type(exchange.response_type)
        if "json" in kind:
            return _json_body(exchange.response_type, exchange.response_body, "response body", self._kind_of_key, see)
        if kind and not (kind.startswith("text/") or "xml" in kind or "javascript" in kind):
            return None
        text, codec = body_text(exchange.response_type, exchange.response_body)
        changed = self._markup(text, see)
        for found in _ASSIGNED.finditer(text):
            if kind_of_name(found[1]) in ("token", "password") and fits("token", found[3]) and " " not in found[3]:
                see("token", found[3], f"script, {found[1]}")
        return changed.encode(codec) if changed != text else None

    def _markup(self, text: str, see: See) -> str:
        """The page with what ``see`` puts into its hidden fields, its passwords and its meta elements."""
        pieces: list[str] = []
        at = 0
        for start, end, value, kind, place in self._spans(text):
            put = see(kind, value, place)
            if put != value:
                pieces += [text[at:start], html.escape(put)]
                at = end
        return "".join(pieces) + text[at:]

    def _spans(self, text: str) -> Iterator[tuple[int, int, str, Kind, str]]:
        for tag, attributes in tags(text):
            said = {name: html.unescape(value) for name, (value, _start, _end) in attributes.items()}
            attribute = "content" if tag == "meta" else "value"
            name, value = said.get("name") or said.get("id") or "", said.get(attribute, "")
            if not value:
                continue
            kind = self._kind_of_key(name)
            shape = said.get("type", "text").lower()
            if shape == "password":
                kind = "password"
            elif tag == "input" and shape == "hidden" and kind is None and looks_random(value):
                kind = "token"
            elif shape in _NEVER_TYPED or (kind == "host" and not names_a_place(value)):
                continue
            if kind is not None and fits(kind, value):
                kind = "ip" if kind == "host" and is_ip(value) else kind
                yield attributes[attribute][1], attributes[attribute][2], value, kind, f"{tag} {name}"


def _password_fields(exchange: RecordedExchange) -> Iterator[str]:
    if media_type(exchange.response_type) in ("text/html", "application/xhtml+xml", "") and exchange.response_body:
        for tag, attributes in tags(body_text(exchange.response_type, exchange.response_body)[0]):
            name = html.unescape(attributes.get("name", ("", 0, 0))[0])
            if tag == "input" and attributes.get("type", ("", 0, 0))[0].lower() == "password" and name:
                yield name


def _query(query: str, see: See) -> str:
    pairs: list[str] = []
    for pair in query.split("&"):
        name, equals, value = pair.partition("=")
        plain = unquote(value.replace("+", " "))
        kind = kind_of_name(unquote(name))
        if kind in ("password", "token", "code") and (kind == "password" or fits("token", plain)) and plain:
            put = see(kind, plain, f"query {unquote(name)}")
            value = quote(put, safe="") if put != plain else value
        pairs.append(name + equals + value)
    return "&".join(pairs)


def _authorization(value: str, place: str, see: See) -> str:
    scheme, _blank, rest = value.strip().partition(" ")
    rest = rest.strip()
    if not rest:
        return see("token", scheme, place) if fits("token", scheme) else value
    if scheme.lower() == "basic":
        try:
            user, colon, password = base64.b64decode(rest + "=" * (-len(rest) % 4)).decode("utf-8").partition(":")
        except (binascii.Error, ValueError):
            return f"{scheme} {see('token', rest, place)}"
        user = see("username", user, place) if user else user
        password = see("password", password, place) if password else password
        return f"{scheme} {base64.b64encode(f'{user}{colon}{password}'.encode()).decode('ascii')}"
    if "=" in rest.rstrip("="):
        return f"{scheme} {_credentials(rest, place, see)}"
    return f"{scheme} {see('token', rest, place)}"


def _credentials(value: str, place: str, see: See) -> str:
    """Parameters of Digest (RFC 7616) and of schemes that are written like it."""

    def put(found: re.Match[str]) -> str:
        name, said = found[1].lower(), found[2] if found[2] is not None else found[3]
        kind: Kind | None = "username" if name == "username" else "token" if name in _DIGEST_SECRETS else None
        if kind is None and kind_of_name(name) in ("token", "password"):
            kind = "token"
        if kind is None or not said:
            return found[0]
        return found[0].replace(said, see(kind, said, place))

    return _CREDENTIALS.sub(put, value)


def _cookie(pair: str, place: str, see: See) -> str:
    name, equals, value = pair.partition("=")
    if not equals or not value.strip('" '):
        return pair
    bare = value.strip().strip('"')
    plain = unquote(bare)
    put = see("token", plain, f"{place}, {name.strip()}")
    return pair if put == plain else f"{name}{equals}{quote(put, safe='')}"


def _json_body(
    content_type: str | None, body: bytes, place: str, kind_of: t.Callable[[str], Kind | None], see: See
) -> bytes | None:
    text, codec = body_text(content_type, body)
    try:
        data = json.loads(text)
        put = _json_value(data, "", place, kind_of, see, 0)
    except (ValueError, RecursionError):
        return None
    return json.dumps(put, ensure_ascii=False).encode(codec) if put != data else None


def _json_value(
    value: t.Any, key: str, place: str, kind_of: t.Callable[[str], Kind | None], see: See, depth: int
) -> t.Any:
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {name: _json_value(item, name, place, kind_of, see, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [_json_value(item, key, place, kind_of, see, depth + 1) for item in value]
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        return value
    kind, text = kind_of(key), str(value)
    if kind == "host":
        kind = "ip" if is_ip(text) else kind
        if not names_a_place(text):
            return value
    if kind is None or not (isinstance(value, str) or kind in ("serial", "password")) or not fits_json(kind, text):
        return value
    put = see(kind, text, f"{place}, key {key}")
    if put == text:
        return value
    return int(put) if isinstance(value, int) and put.isdigit() else put


def fits_json(kind: Kind, text: str) -> bool:
    """As :func:`.sensitive.fits`, but a number of an address is checked by who asks."""
    return kind == "ip" or fits(kind, text)
