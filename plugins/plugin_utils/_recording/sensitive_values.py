# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds and replaces the sensitive values of an exchange: credentials, tokens, people, hosts, serial numbers.

The caller passes a callback. It is called with each value, and its result replaces the value. To find values only, it
returns them unchanged.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
import typing as t
from dataclasses import replace
from urllib.parse import quote, unquote, urlsplit

from .exchange import (
    MULTIPART,
    URLENCODED,
    RecordedExchange,
    Recording,
    body_text,
    form_of,
    media_type,
    multipart_body,
    parts_of,
    urlencoded_body,
    urlencoded_fields,
)
from .markup import elements
from .sensitive import (
    Kind,
    codes_in,
    is_host_name,
    is_ip,
    is_plausible,
    kind_of_name,
    looks_random,
    parts_of_address,
    sensitive_host,
)
from .shapes import Callback, find_by_label, find_by_shape, identifies_host, report_host

_HEADERS_WITHOUT_ADDRESSES = frozenset(
    {"user-agent", "server", "sec-ch-ua", "sec-ch-ua-full-version-list", "via", "x-powered-by"}
)
_HEADERS_WITHOUT_TOKENS = frozenset(
    {
        *("www-authenticate", "proxy-authenticate", "authorization", "proxy-authorization", "cookie", "set-cookie"),
        *("host", "access-control-allow-headers", "access-control-expose-headers", "x-content-type-options"),
    }
)
_BUTTON_TYPES = frozenset({"submit", "button", "checkbox", "radio", "image", "reset"})
_ASSIGNED = re.compile(r"(?<![\w$.-])([\w$.-]{2,60})[\"']?\s{0,10}[:=]\s{0,10}(\"|')((?:(?!\2)[^\\\n]){6,4000})\2")
_CREDENTIALS = re.compile(r"(\w{1,20})\s{0,4}=\s{0,4}(?:\"([^\"]{0,4000})\"|([^\s,\"]{1,4000}))")
_DIGEST_SECRETS = frozenset({"response", "nonce", "cnonce", "opaque"})


class SensitiveValues:
    """The sensitive values of exchanges. ``password_fields``: names of all password inputs in the recording's pages."""

    def __init__(self, recording: Recording) -> None:
        shown = (found for each in recording.exchanges if each.may_be_html for found in elements(each.text))
        self.password_fields = {each.name for each in shown if each.type == "password" and each.name}

    def replace_in(self, exchange: RecordedExchange, callback: Callback) -> RecordedExchange:
        """Return ``exchange`` with the sensitive values of fields, headers, cookies and JSON keys replaced."""
        url = self._url(exchange.url, callback)
        request_headers = self._headers(exchange.request_headers, "request", callback)
        response_headers = self._headers(exchange.response_headers, "response", callback)
        body = self._request_body(exchange, callback)
        response_body = self._response_body(exchange, callback)
        changed = replace(exchange, url=url, request_headers=request_headers, response_headers=response_headers)
        if body is not None:
            changed = replace(changed, request_body=body, form=form_of(exchange.request_type, body))
        return replace(changed, response_body=response_body) if response_body is not None else changed

    def find_in(self, exchange: RecordedExchange, callback: Callback) -> None:
        """Call ``callback`` for values that are recognised by their shape or label, anywhere; ignore its results."""
        for place, text in exchange.texts():
            if place.rpartition(" ")[2].lower() not in _HEADERS_WITHOUT_ADDRESSES:
                find_by_shape(text, place, callback)
        for code in codes_in(*urlsplit(exchange.url)[2:4]):
            callback("code", code, "url")
        for name, value in exchange.form:
            for part in re.split(r"[\s,;|]+", value)[:50]:
                if is_host_name(part, typed=True) and "." in part and sensitive_host(part):
                    callback("host", part.rstrip("."), f"form field {name}")
        find_by_label(exchange, callback)

    # --- URL and headers ---

    def _url(self, url: str, callback: Callback) -> str:
        head, mark, query = url.partition("?")
        host = parts_of_address(url)[0]
        report_host(host, "url", callback)
        return head + mark + _query(query, callback) if mark else url

    def _headers(
        self, headers: tuple[tuple[str, str], ...], side: str, callback: Callback
    ) -> tuple[tuple[str, str], ...]:
        return tuple((name, self._header(name, value, f"{side} header {name}", callback)) for name, value in headers)

    def _header(self, name: str, value: str, place: str, callback: Callback) -> str:
        lower = name.lower()
        if lower in ("authorization", "proxy-authorization"):
            return _authorization(value, place, callback)
        if lower in ("www-authenticate", "proxy-authenticate"):
            return _credentials(value, place, callback)
        if lower == "cookie":
            return "; ".join(_cookie(each.strip(), place, callback) for each in value.split(";"))
        if lower == "set-cookie":
            cookie, semicolon, rest = value.partition(";")
            domain = re.search(r"(?i)domain\s*=\s*\.?([^;\s]+)", rest)
            if domain:
                report_host(domain[1], place, callback)
            return _cookie(cookie, place, callback) + semicolon + rest
        if lower == "host":
            host = parts_of_address(f"//{value}")[0]
            if is_ip(host) or not is_host_name(host) or not sensitive_host(host):
                return value
            return value.replace(host, callback("host", host, place))
        if (
            lower not in _HEADERS_WITHOUT_TOKENS
            and kind_of_name(name) in ("token", "password")
            and is_plausible("token", value)
        ):
            return callback("token", value, place)
        return value

    # --- requests ---

    def _request_body(self, exchange: RecordedExchange, callback: Callback) -> bytes | None:
        kind = media_type(exchange.request_type)
        if not exchange.request_body:
            return None
        if kind == URLENCODED:
            fields = urlencoded_fields(exchange.request_body)
            named = {name for name, _value in fields}
            replacement = [(name, self._field(name, value, named, callback)) for name, value in fields]
            return urlencoded_body(replacement) if replacement != list(fields) else None
        if kind == MULTIPART:
            return self._multipart(exchange, callback)
        if "json" in kind:
            return self._json_body(exchange.request_type, exchange.request_body, "request body", callback)
        return None

    def _multipart(self, exchange: RecordedExchange, callback: Callback) -> bytes | None:
        parts = parts_of(exchange.request_type, exchange.request_body)
        named = {part.name for part in parts}
        replacement = []
        for part in parts:
            text = part.content.decode("utf-8", "surrogateescape")
            shown = self._field(part.name, text, named, callback) if part.file is None else text
            replacement.append(replace(part, content=shown.encode("utf-8", "surrogateescape")))
        return multipart_body(exchange.request_type, replacement) if replacement != parts else None

    def _field(self, name: str, value: str, fields: set[str], callback: Callback) -> str:
        if self._kind_of_key(name) == "username" and not any(self._kind_of_key(each) == "password" for each in fields):
            return value
        kind = self._kind(name, value, generated=True)
        return value if kind is None else callback(kind, value, f"form field {name}")

    def _kind_of_key(self, name: str) -> Kind | None:
        return "password" if name in self.password_fields else kind_of_name(name)

    def _kind(self, name: str, value: str, *, generated: bool = False) -> Kind | None:
        """Return the kind of the value of a field or key, None if it is not sensitive.

        ``generated``: the interface may have put it there, so that it is a token if it looks like one.
        """
        kind = self._kind_of_key(name)
        if kind == "host":
            return None if not identifies_host(value) else "ip" if is_ip(value) else "host"
        if kind is None:
            return "token" if generated and looks_random(value) else None
        return kind if is_plausible(kind, value) else None

    # --- responses ---

    def _response_body(self, exchange: RecordedExchange, callback: Callback) -> bytes | None:
        if not exchange.response_body:
            return None
        kind = media_type(exchange.response_type)
        if "json" in kind:
            return self._json_body(exchange.response_type, exchange.response_body, "response body", callback)
        if kind and not (kind.startswith("text/") or "xml" in kind or "javascript" in kind):
            return None
        text, codec = body_text(exchange.response_type, exchange.response_body)
        changed = self._markup(text, callback)
        for found in _ASSIGNED.finditer(text):
            if (
                kind_of_name(found[1]) in ("token", "password")
                and is_plausible("token", found[3])
                and " " not in found[3]
            ):
                callback("token", found[3], f"script, {found[1]}")
        return changed.encode(codec) if changed != text else None

    def _markup(self, text: str, callback: Callback) -> str:
        """Return the page with the sensitive values of its hidden fields, passwords and meta elements replaced."""
        pieces: list[str] = []
        at = 0
        for each in elements(text):
            if each.type in _BUTTON_TYPES or not each.value.strip():
                continue
            kind = self._kind(each.name, each.value, generated=each.type == "hidden")
            kind = "password" if each.type == "password" else kind
            replacement = callback(kind, each.value, f"{each.tag} {each.name}") if kind is not None else each.value
            if replacement != each.value:
                pieces += [text[at : each.start], html.escape(replacement)]
                at = each.end
        return "".join(pieces) + text[at:]

    def _json_body(self, content_type: str | None, body: bytes, place: str, callback: Callback) -> bytes | None:
        text, codec = body_text(content_type, body)
        try:
            data = json.loads(text)
            replacement = self._json_value(data, "", place, callback)
        except (ValueError, RecursionError):
            return None
        return json.dumps(replacement, ensure_ascii=False).encode(codec) if replacement != data else None

    def _json_value(self, value: t.Any, key: str, place: str, callback: Callback) -> t.Any:
        if isinstance(value, dict):
            return {name: self._json_value(item, name, place, callback) for name, item in value.items()}
        if isinstance(value, list):
            return [self._json_value(item, key, place, callback) for item in value]
        if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
            return value
        text = str(value)
        kind = self._kind(key, text)
        if kind is None or not (isinstance(value, str) or kind in ("serial", "password")):
            return value
        replacement = callback(kind, text, f"{place}, key {key}")
        if replacement == text:
            return value
        return int(replacement) if isinstance(value, int) and replacement.isdigit() else replacement


def _query(query: str, callback: Callback) -> str:
    pairs: list[str] = []
    for pair in query.split("&"):
        name, equals, value = pair.partition("=")
        plain = unquote(value.replace("+", " "))
        kind = kind_of_name(unquote(name))
        if kind in ("password", "token", "code") and (kind == "password" or is_plausible("token", plain)) and plain:
            replacement = callback(kind, plain, f"query {unquote(name)}")
            value = quote(replacement, safe="") if replacement != plain else value
        pairs.append(name + equals + value)
    return "&".join(pairs)


def _authorization(value: str, place: str, callback: Callback) -> str:
    scheme, _blank, rest = value.strip().partition(" ")
    rest = rest.strip()
    if not rest:
        return callback("token", scheme, place) if is_plausible("token", scheme) else value
    if scheme.lower() == "basic":
        try:
            user, colon, password = base64.b64decode(rest + "=" * (-len(rest) % 4)).decode("utf-8").partition(":")
        except (binascii.Error, ValueError):
            return f"{scheme} {callback('token', rest, place)}"
        user = callback("username", user, place) if user else user
        password = callback("password", password, place) if password else password
        return f"{scheme} {base64.b64encode(f'{user}{colon}{password}'.encode()).decode('ascii')}"
    if "=" in rest.rstrip("="):
        return f"{scheme} {_credentials(rest, place, callback)}"
    return f"{scheme} {callback('token', rest, place)}"


def _credentials(value: str, place: str, callback: Callback) -> str:
    """Replace the secrets in the parameters of Digest (RFC 7616) and of schemes with the same syntax."""

    def replacement(found: re.Match[str]) -> str:
        name, value = found[1].lower(), found[2] if found[2] is not None else found[3]
        kind: Kind | None = "username" if name == "username" else "token" if name in _DIGEST_SECRETS else None
        if kind is None and kind_of_name(name) in ("token", "password"):
            kind = "token"
        if kind is None or not value:
            return found[0]
        return found[0].replace(value, callback(kind, value, place))

    return _CREDENTIALS.sub(replacement, value)


def _cookie(pair: str, place: str, callback: Callback) -> str:
    name, equals, value = pair.partition("=")
    if not equals or not value.strip('" '):
        return pair
    bare = value.strip().strip('"')
    plain = unquote(bare)
    replacement = callback("token", plain, f"{place}, {name.strip()}")
    return pair if replacement == plain else f"{name}{equals}{quote(replacement, safe='')}"
