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
from urllib.parse import quote, unquote

from .exchange import RecordedExchange, Recording, body_text, form_of, host, main_origin
from .finder import decoded_forms
from .markup import elements, xml_values
from .sensitive import Kind, is_host_name, is_ip, is_plausible, kind_of_name, looks_random, sensitive_host
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
_ASSIGNED = re.compile(
    r"(?<![\w$.-])([\w$.-]{2,60})[\"']?\s{0,10}[:=]\s{0,10}(?:(\"|')((?:(?!\2)[^\\\n]){6,4000})\2|(\d{12,99})\b|([\w/+~-]{16,4000}))"
)
_JSON_BEGINS = re.compile(r"\ufeff?(?:\)\]\}',?|for ?\(;;\);|while ?\(1\);)?\s*(?=[\[{\"])")
_FIELD = re.compile(r"[\w.$:%+\[\]-]{1,200}=[^\r\n]*|\s*")
_PART_NAME = re.compile(r"(?i)^content-disposition:[^\r\n]*?[;\s]name=(?:\"([^\"]*)\"|([^;\s]*))", re.MULTILINE)
_QUOTED = re.compile(r"&(?:quot|#34|#x22);|\\\\?[\"']", re.IGNORECASE)
_STRUCTURED = re.compile(r"[={<]")
_CREDENTIALS = re.compile(r"(\w{1,20})\s{0,4}=\s{0,4}(?:\"([^\"]{0,4000})\"|([^\s,\"]{1,4000}))")
_CHALLENGE = re.compile(r"(?:NTLM|Negotiate) +(\S+)", re.IGNORECASE)
_DIGEST_SECRETS = frozenset({"response", "nonce", "cnonce", "nextnonce", "opaque", "rspauth"})


class SensitiveValues:
    """The sensitive values of exchanges. ``password_fields``: names of all password inputs in the recording's pages."""

    def __init__(self, recording: Recording) -> None:
        shown = (found for each in recording.exchanges if each.may_be_html for found in elements(each.text))
        self.password_fields = {each.name for each in shown if each.type == "password" and each.name}
        self._own_host = host(main_origin(recording.exchanges)) if recording.exchanges else ""

    def replace_in(self, exchange: RecordedExchange, callback: Callback) -> RecordedExchange:
        """Return ``exchange`` with the sensitive values of fields, headers, cookies and JSON keys replaced."""
        address, mark, query = exchange.url.partition("?")
        sent = self._body(exchange.request_type, exchange.request_body, "request body", callback)
        return replace(
            exchange,
            url=address + mark + self._fields(query, "query", callback),
            request_headers=self._headers(exchange.request_headers, "request", callback),
            response_headers=self._headers(exchange.response_headers, "response", callback),
            request_body=sent,
            form=exchange.form if sent == exchange.request_body else form_of(exchange.request_type, sent),
            response_body=self._body(exchange.response_type, exchange.response_body, "response body", callback),
        )

    def find_in(self, exchange: RecordedExchange, callback: Callback) -> None:
        """Call ``callback`` for values that are recognised by their shape or label, anywhere; ignore its results."""
        for place, text in exchange.texts():
            if place.rpartition(" ")[2].lower() not in _HEADERS_WITHOUT_ADDRESSES:
                find_by_shape(text, place, callback, self._own_host)
        for name, value in exchange.form:
            for part in re.split(r"[\s,;|]+", value)[:50]:
                if is_host_name(part, typed=True) and "." in part and sensitive_host(part):
                    callback("host", part.rstrip("."), f"form field {name}")
        find_by_label(exchange, callback)

    # --- headers ---

    def _headers(
        self, headers: tuple[tuple[str, str], ...], side: str, callback: Callback
    ) -> tuple[tuple[str, str], ...]:
        return tuple((name, self._header(name, value, f"{side} header {name}", callback)) for name, value in headers)

    def _header(self, name: str, value: str, place: str, callback: Callback) -> str:
        lower = name.lower()
        if lower in ("authorization", "proxy-authorization"):
            return _authorization(value, place, callback)
        if found := _CHALLENGE.fullmatch(value.strip()):  # the name of the domain is in it
            return value.replace(found[1], callback("token", found[1], place))
        if lower in ("www-authenticate", "proxy-authenticate", "authentication-info", "proxy-authentication-info"):
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
            name = host(f"//{value}")
            if is_ip(name) or not is_host_name(name) or not sensitive_host(name):
                return value
            return value.replace(name, callback("host", name, place))
        named = kind_of_name(name) in ("token", "password") and is_plausible("token", value)
        if lower not in _HEADERS_WITHOUT_TOKENS and (named or (lower.startswith("x-") and looks_random(value))):
            return callback("token", value, place)
        return value

    # --- bodies, and the values in them: what they contain says what they are, not their declared type ---

    def _body(self, content_type: str | None, body: bytes, place: str, callback: Callback) -> bytes:
        text, codec = body_text(content_type, body)
        if body.startswith(b"--"):  # a form, with files that may be no texts
            text, codec = body.decode("utf-8", "surrogateescape"), "utf-8"
        changed = self._content(text, place, callback)
        return changed.encode(codec, "surrogateescape") if changed != text else body

    def _content(self, text: str, place: str, callback: Callback) -> str:
        """Return ``text`` with the sensitive values in it replaced: a body, or the value of a field in one."""
        boundary = text[: text.find("\r\n")]
        if boundary.startswith("--") and f"\r\n{boundary}--" in text:
            pieces = ("\r\n" + text).split("\r\n" + boundary)
            return ("\r\n" + boundary).join(self._parts(pieces, callback))[2:]
        if begin := _JSON_BEGINS.match(text):
            try:
                data = json.loads(text[begin.end() :])
                replacement = self._json_value(data, "", place, callback)
                return begin[0] + json.dumps(replacement, ensure_ascii=False) if replacement != data else text
            except (ValueError, RecursionError):
                lines = text.splitlines(keepends=True)
                if len(lines) > 1 and all(each.isspace() or re.fullmatch(r"\{.*\}\s*", each) for each in lines):
                    return "".join(self._content(each, place, callback) for each in lines)
        if "=" in text and all(_FIELD.fullmatch(each) for each in re.split(r"[&\r\n]", text)):
            return self._fields(text, "form field", callback)
        return self._markup(text, callback)

    def _parts(self, pieces: list[str], callback: Callback) -> t.Iterator[str]:
        heads = [piece.partition("\r\n\r\n") for piece in pieces]
        names = [found[1] or found[2] if (found := _PART_NAME.search(head)) else "" for head, _blank, _content in heads]
        for name, (head, blank, content) in zip(names, heads, strict=True):
            yield head + blank + self._field(name, content, names, "form field", callback) if blank else head

    def _fields(self, text: str, what: str, callback: Callback) -> str:
        """Return the fields of a query or a form with the sensitive values in them replaced. The others stay as is."""
        pieces = [each.partition("=") for each in re.split(r"([&\r\n]+)", text)]
        names = [unquote(name) for name, equals, _value in pieces if equals]
        for at, (name, equals, value) in enumerate(pieces):
            plain = unquote(value.replace("+", " "))
            changed = self._field(unquote(name), plain, names, what, callback)
            pieces[at] = name, equals, value if changed == plain else quote(changed, safe="")
        return "".join(part for piece in pieces for part in piece)

    def _field(self, name: str, value: str, fields: list[str], what: str, callback: Callback) -> str:
        """A user name is one only beside a password: elsewhere a field ``user`` selects something."""
        kind = self._kind(name, value, generated=True)
        if kind == "username" and not any(self._kind_of_key(each) == "password" for each in fields):
            return value
        place = f"{what} {name}"
        return self._inner(value, place, callback) if kind is None else callback(kind, value, place)

    def _inner(self, value: str, place: str, callback: Callback) -> str:
        return self._content(value, place, callback) if _STRUCTURED.search(value) else value

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

    def _markup(self, text: str, callback: Callback) -> str:
        """Return a page, a script or XML with the sensitive values of controls and elements replaced."""
        for form in decoded_forms(text) if _QUOTED.search(text) else (text,):  # data in an attribute, or in a script
            for found in _ASSIGNED.finditer(form):
                value = found[3] or found[4] or found[5]
                named = kind_of_name(found[1]) in ("token", "password") and is_plausible("token", value)
                if named and " " not in value and (found[5] is None or looks_random(value)):
                    callback("token", value, f"script, {found[1]}")
        pieces: list[str] = []
        at = 0
        for each in sorted((*elements(text), *xml_values(text)), key=lambda each: each.start):
            if each.type in _BUTTON_TYPES or not each.value.strip() or each.start < at:
                continue
            kind = self._kind(each.name, each.value, generated=each.type == "hidden")
            kind = "password" if each.type == "password" else kind
            if kind is None or (each.tag == "option" and kind in ("username", "password")):
                continue
            replacement = callback(kind, each.value, f"{each.tag} {each.name}")
            if replacement != each.value:
                pieces += [text[at : each.start], html.escape(replacement)]
                at = each.end
        return "".join(pieces) + text[at:]

    def _json_value(self, value: t.Any, key: str, place: str, callback: Callback) -> t.Any:
        if isinstance(value, dict):
            named = next((value[each] for each in ("name", "key", "id") if isinstance(value.get(each), str)), "value")
            keys = {name: named if name == "value" else name for name in value}
            return {name: self._json_value(item, keys[name], place, callback) for name, item in value.items()}
        if isinstance(value, list):
            return [self._json_value(item, key, place, callback) for item in value]
        if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
            return value
        text = str(value)
        kind = self._kind(key, text)
        if kind is None:
            return self._inner(value, f"{place}, key {key}", callback) if isinstance(value, str) else value
        if isinstance(value, int) and kind not in ("serial", "password", "token", "code"):
            return value
        replacement = callback(kind, text, f"{place}, key {key}")
        if replacement == text:
            return value
        return int(replacement) if isinstance(value, int) and replacement.isdigit() else replacement


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
    if "://" in plain:  # an address: its parts are found by their shape
        return pair
    replacement = callback("token", plain, f"{place}, {name.strip()}")
    return pair if replacement == plain else f"{name}{equals}{quote(replacement, safe='')}"
