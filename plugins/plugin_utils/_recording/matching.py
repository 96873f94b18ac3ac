# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a request is the one that was recorded: names exactly, values where they say what is asked. No state."""

from __future__ import annotations

import difflib
import html
import json
import re
import typing as t
from collections import Counter
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from .exchange import Pairs, RecordedExchange, Recording, form_of, media_type
from .markup import tags
from .sensitive import kind_of_name, looks_random, name_words
from .spelling import body_text

_SAYS_WHAT = frozenset(
    {
        *("op", "oper", "operation", "action", "act", "cmd", "command", "method", "func", "function", "do", "task"),
        *("event", "eventtarget", "request", "type", "mode", "grant_type"),
    }
)
"""Fields whose value says what a request does: with another one it is another request."""
_AGAINST_CACHES = frozenset({"_", "ts", "timestamp", "rand", "random", "nocache", "time", "dc"})
_SIGN_OUT = re.compile(
    r"log[_-]?(?:out|off)|sign[_-]?(?:out|off)|abmeld|deconnexion|disconnect(?![a-z])", re.IGNORECASE
)
_ENDED_COOKIE = re.compile(r"max-age\s*=\s*(?:0|-\d+)\b|expires\s*=[^;]*\b19[79]\d\b", re.IGNORECASE)
_MOST_FIELDS_OF_SIGN_IN = 6


@dataclass(frozen=True)
class Asked:
    """A request as the client sends it."""

    method: str
    path: str
    query: Pairs
    headers: Pairs
    type: str | None
    body: bytes
    form: Pairs

    @classmethod
    def of(cls, method: str, url: str, headers: Pairs, body: bytes) -> Asked:
        """Take a request apart. ``url`` is absolute."""
        kind = next((value for name, value in headers if name.lower() == "content-type"), None)
        path, query = _split(url)
        return cls(method.upper(), path, query, headers, kind, body, form_of(kind, body))

    def in_words(self) -> str:
        """Method, path and the names of what is sent; never a value."""
        return _in_words(self.method, self.path, self.query, self.form, self.body)


class Matching:
    """Holds requests against the exchanges of a recording."""

    def __init__(self, recording: Recording, exchanges: t.Sequence[RecordedExchange]) -> None:
        self._stand_ins = recording.stand_ins
        self.exchanges = list(exchanges)
        self._parts = [_split(each.url) for each in self.exchanges]
        shown = [field for each in self.exchanges for field in _fields_of_page(each)]
        self._given = {(name, value) for kind, name, value in shown if kind in ("hidden", "submit")}
        self._passwords = {name for kind, name, _value in shown if kind == "password"}
        self._repeated = Counter((each.method, each.url, each.request_body) for each in self.exchanges)

    def candidates(self, asked: Asked) -> dict[int, int]:
        """Places of the exchanges that can answer, each with how many of its values are the same."""
        found = {at: self._likeness(at, asked) for at in range(len(self.exchanges))}
        return self._best_by_credentials({at: same for at, same in found.items() if same is not None}, asked)

    def nearest(self, asked: Asked) -> tuple[RecordedExchange, str] | None:
        """The recorded request that is most like it, in words."""

        def likeness(at: int) -> float:
            each, (path, query) = self.exchanges[at], self._parts[at]
            ratio = difflib.SequenceMatcher(None, path, asked.path).ratio() * 4
            ratio += each.method == asked.method
            ratio += len({pair[0] for pair in each.form + query} & {pair[0] for pair in asked.form + asked.query}) / 20
            return ratio

        if not self.exchanges:
            return None
        at = max(range(len(self.exchanges)), key=likeness)
        each, (path, query) = self.exchanges[at], self._parts[at]
        return each, _in_words(each.method, path, query, each.form, each.request_body)

    def changes_something(self, at: int) -> bool:
        """Whether the state of the interface may be another one after this exchange."""
        each = self.exchanges[at]
        if each.method in ("GET", "HEAD", "OPTIONS"):
            return self.signs_out(at)
        return self._repeated[each.method, each.url, each.request_body] < 3  # what is asked again and again is polled

    def signs_in(self, at: int) -> bool:
        """Whether an exchange sends a password and little besides."""
        each = self.exchanges[at]
        if each.method in ("GET", "HEAD", "OPTIONS"):
            return False
        fields = list(each.form) or [(name, str(value)) for name, value in _object(each).items()]
        passwords = [
            name for name, value in fields if value and (name in self._passwords or kind_of_name(name) == "password")
        ]
        return len(passwords) == 1 and len(fields) <= _MOST_FIELDS_OF_SIGN_IN

    def signs_out(self, at: int) -> bool:
        """Whether an exchange is called so, or ends the cookie of the session."""
        each, (path, query) = self.exchanges[at], self._parts[at]
        if _SIGN_OUT.search(path.rpartition("/")[2]) or any(
            _SIGN_OUT.fullmatch(text) for pair in query for text in pair
        ):
            return True
        cookies = [value for name, value in each.response_headers if name.lower() == "set-cookie"]
        return not self.signs_in(at) and any(
            kind_of_name(value.partition("=")[0].strip()) == "token" and _ENDED_COOKIE.search(value)
            for value in cookies
        )

    # --- likeness ---

    def _likeness(self, at: int, asked: Asked) -> int | None:
        """How many values are the same; None where it is another request."""
        each, (path, query) = self.exchanges[at], self._parts[at]
        if each.method != asked.method or path != asked.path or not self._same_query(query, asked.query):
            return None
        if bool(each.request_body) != bool(asked.body):
            return None
        if not asked.body:
            return 0
        if each.form or asked.form:
            return self._same_form(each.form, asked.form)
        if "json" in media_type(each.request_type) or "json" in media_type(asked.type):
            return _same_json(each.request_body, asked.body)
        return _same_text(each.request_body, asked.body)

    def _same_query(self, recorded: Pairs, asked: Pairs) -> bool:
        if sorted(name for name, _value in recorded) != sorted(name for name, _value in asked):
            return False
        return all(
            one == other or self._may_differ(name, one, other)
            for (name, one), (_name, other) in zip(sorted(recorded), sorted(asked), strict=True)
        )

    def _may_differ(self, name: str, recorded: str, asked: str) -> bool:
        """Whether a value is made anew each time: a token, or what keeps caches from answering."""
        if kind_of_name(name) in ("token", "password", "code") or recorded in self._stand_ins:
            return True
        if name_words(name) in _AGAINST_CACHES | {""} or name in _AGAINST_CACHES:
            return True
        if recorded.isdigit() and asked.isdigit() and len(recorded) >= 10:
            return True
        return looks_random(recorded) and looks_random(asked)

    def _same_form(self, recorded: Pairs, asked: Pairs) -> int | None:
        if sorted(name for name, _value in recorded) != sorted(name for name, _value in asked):
            return None
        same = 0
        for (name, one), (_name, other) in zip(sorted(recorded), sorted(asked), strict=True):
            if one == other:
                same += 1
            elif self._is_fixed(name, one):
                return None
        return same

    def _is_fixed(self, name: str, value: str) -> bool:
        """Whether a page gave the value, and nobody typed it: ``op=save``."""
        if name_words(name) in _SAYS_WHAT:
            return True
        if kind_of_name(name) in ("token", "password", "code") or value in self._stand_ins or looks_random(value):
            return False
        return (name, value) in self._given and not value.isdigit()

    def _best_by_credentials(self, found: dict[int, int], asked: Asked) -> dict[int, int]:
        """Of those, the ones that were sent with credentials as these are: without, the same address answers 401."""
        sent = _credentials(asked.headers)

        def lacking(at: int) -> int:
            each = self.exchanges[at]
            refused = each.status in (401, 407) and bool({"authorization", "proxy-authorization"} & sent)
            return len(sent ^ _credentials(each.request_headers)) + refused

        least = min(map(lacking, found), default=0)
        return {at: same for at, same in found.items() if lacking(at) == least}


def origin(url: str) -> str:
    """Scheme, host and port of an address, as browsers compare them."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme.lower(), 0)
    return f"{parts.scheme.lower()}://{(parts.hostname or '').lower()}:{port}"


def _split(url: str) -> tuple[str, Pairs]:
    parts = urlsplit(url)
    return unquote(parts.path) or "/", tuple(parse_qsl(parts.query, keep_blank_values=True))


def _in_words(method: str, path: str, query: Pairs, form: Pairs, body: bytes) -> str:
    text = f"{method} {path}"
    if query:
        text += f" with {', '.join(sorted(name for name, _value in query))} in the query"
    if form:
        text += f" with the fields {', '.join(sorted(name for name, _value in form))}"
    elif body:
        said = _parsed(body)
        keys = f" with the keys {', '.join(sorted(map(str, said)))}" if isinstance(said, dict) else " with a body"
        text += keys
    return text


def _credentials(headers: Pairs) -> frozenset[str]:
    """Names of headers that carry what a client was given, cookies aside: these are the client's own affair."""
    names = (name.lower() for name, _value in headers)
    return frozenset(name for name in names if name != "cookie" and kind_of_name(name) in ("token", "password"))


def _fields_of_page(exchange: RecordedExchange) -> t.Iterator[tuple[str, str, str]]:
    """Type, name and value of a page's fields."""
    if (
        media_type(exchange.response_type) not in ("text/html", "application/xhtml+xml", "")
        or not exchange.response_body
    ):
        return
    for tag, attributes in tags(body_text(exchange.response_type, exchange.response_body)[0]):
        said = {name: html.unescape(value) for name, (value, _start, _end) in attributes.items()}
        if tag == "input" and said.get("name"):
            yield said.get("type", "text").lower(), said["name"], said.get("value", "")


def _object(exchange: RecordedExchange) -> dict[str, t.Any]:
    said = _parsed(exchange.request_body) if "json" in media_type(exchange.request_type) else None
    return said if isinstance(said, dict) else {}


def _parsed(body: bytes) -> t.Any:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def _same_json(recorded: bytes, asked: bytes) -> int | None:
    one, other = _parsed(recorded), _parsed(asked)
    try:
        mine, theirs = dict(_leaves(one, "")), dict(_leaves(other, ""))
    except RecursionError:
        return None
    if mine.keys() != theirs.keys():
        return None
    for name, value in mine.items():
        if name_words(name.rpartition(".")[2]) in _SAYS_WHAT and isinstance(value, str) and theirs[name] != value:
            return None
    return sum(1 for name, value in mine.items() if value == theirs[name])


def _leaves(value: t.Any, place: str) -> t.Iterator[tuple[str, t.Any]]:
    if isinstance(value, dict):
        yield f"{place}{{}}", None
        for name, item in value.items():
            yield from _leaves(item, f"{place}.{name}")
    elif isinstance(value, list):
        yield f"{place}[]", json.dumps(value, sort_keys=True)
        for item in value:
            if isinstance(item, (dict, list)):
                yield from _leaves(item, f"{place}[]")
    else:
        yield place, value


def _same_text(recorded: bytes, asked: bytes) -> int | None:
    """XML and the like: the same elements, whatever stands in them."""
    if recorded == asked:
        return 1
    mine, theirs = (sorted(re.findall(rb"<([\w:.-]{1,200})", each)) for each in (recorded, asked))
    return 0 if mine and mine == theirs else None
