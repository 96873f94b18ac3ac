# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Matches requests with recorded ones: all names must be equal, and values that select an operation. Has no state."""

from __future__ import annotations

import difflib
import json
import re
import typing as t
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, unquote

from ...module_utils._web.page.address import split_address
from .exchange import (
    Pairs,
    RecordedExchange,
    Recording,
    form_of,
    header,
    media_type,
    origin,
    parsed_json,
    same_interface,
)
from .hints import is_sign_out_address
from .sensitive import kind_of_name, looks_random, name_words

_OPERATION_FIELDS = frozenset(
    {
        *("op", "oper", "operation", "action", "act", "cmd", "command", "method", "func", "function", "do", "task"),
        *("event", "eventtarget", "request", "type", "mode", "grant_type"),
    }
)
"""Names of fields whose value selects the operation. With another value it is another request."""
_CACHE_BUSTERS = frozenset({"ts", "timestamp", "rand", "random", "nocache", "time", "dc"})
_EXPIRED_COOKIE = re.compile(r"max-age\s*=\s*(?:0|-\d+)\b|expires\s*=[^;]*\b19[79]\d\b", re.IGNORECASE)


@dataclass(frozen=True)
class RequestKey:
    """A request as the client sends it. ``path`` is the whole address if it is sent to another host."""

    method: str
    path: str
    query: Pairs
    headers: Pairs
    type: str | None
    body: bytes
    form: Pairs

    @classmethod
    def of(cls, method: str, url: str, headers: Pairs, body: bytes, *, own: str) -> RequestKey:
        """Parse a request. ``url`` is absolute; ``own`` is an address of the interface."""
        kind = header(headers, "content-type")
        path, query = _split(url, own)
        return cls(method.upper(), path, query, headers, kind, body, form_of(kind, body))

    @classmethod
    def of_exchange(cls, each: RecordedExchange, own: str) -> RequestKey:
        """Return the request of an exchange, which may have its content type from elsewhere than its headers."""
        path, query = _split(each.url, own)
        return cls(each.method, path, query, each.request_headers, each.request_type, each.request_body, each.form)

    def describe(self) -> str:
        """Return method, path and names of the fields for messages; never a value."""
        text = f"{self.method} {self.path}"
        if self.query:
            text += f" with {', '.join(sorted(name for name, _value in self.query))} in the query"
        if self.form:
            return f"{text} with the fields {', '.join(sorted(name for name, _value in self.form))}"
        if not self.body:
            return text
        keys = parsed_json(self.body)
        return f"{text} with " + (f"the keys {', '.join(sorted(keys))}" if isinstance(keys, dict) else "a body")


class RequestMatcher:
    """Finds the exchanges of a recording that can answer a request. ``sign_ins``: the numbers of those that sign in."""

    def __init__(
        self,
        recording: Recording,
        exchanges: t.Sequence[RecordedExchange],
        sign_ins: t.Collection[int],
        *,
        own: str,
    ) -> None:
        self._stand_ins = recording.stand_ins
        self.exchanges = list(exchanges)
        self._keys = [RequestKey.of_exchange(each, own) for each in self.exchanges]
        self._counts = Counter((each.method, each.url, each.request_body) for each in self.exchanges)
        self._sign_ins = frozenset(sign_ins)
        self._sign_in_paths = {key.path for at, key in enumerate(self._keys) if self.signs_in(at)}

    @cached_property
    def _page_values(self) -> frozenset[tuple[str, str]]:
        """The names and values that pages have and nobody fills in."""
        return frozenset().union(*(each.fixed_values for each in self.exchanges))

    def candidates(self, request: RequestKey) -> dict[int, int]:
        """Return the indexes of the exchanges that can answer ``request``, each with its number of equal values."""
        found = {at: self._matching_values(key, request) for at, key in enumerate(self._keys)}
        return self._best_by_credentials({at: same for at, same in found.items() if same is not None}, request)

    def nearest(self, request: RequestKey) -> tuple[RecordedExchange, str] | None:
        """Return the most similar exchange, and what it is or in what it differs; None for an empty recording."""
        alike = [at for at, key in enumerate(self._keys) if (key.method, key.path) == (request.method, request.path)]
        if alike:
            differences = {at: self._differences(self._keys[at], request) for at in alike}
            at = min(alike, key=lambda each: len(differences[each]))
            return self.exchanges[at], f"it has {request.method} {request.path} {', '.join(differences[at])}"

        def likeness(at: int) -> float:
            key = self._keys[at]
            names = ({pair[0] for pair in one.form + one.query} for one in (key, request))
            ratio = difflib.SequenceMatcher(None, key.path, request.path).ratio() * 4
            return ratio + (key.method == request.method) + len(set.intersection(*names)) / 20

        at = max(range(len(self.exchanges)), key=likeness, default=-1)
        return None if at < 0 else (self.exchanges[at], f"the most similar request is {self._keys[at].describe()}")

    @staticmethod
    def _differences(one: RequestKey, request: RequestKey) -> list[str]:
        """Return in what a request of the same method and path differs from ``request``; never a value."""
        found = _names_that_differ(one.query, request.query, " in the query")
        if one.form or request.form:
            return found + _names_that_differ(one.form, request.form)
        sent, asked = parsed_json(one.body), parsed_json(request.body)
        if isinstance(sent, dict) and isinstance(asked, dict):
            return found + _names_that_differ(_shown(sent), _shown(asked))
        if bool(one.body) != bool(request.body):
            found.append("with a body" if one.body else "without a body")
        return found or ["with another body"]

    def may_change_state(self, at: int) -> bool:
        """Whether the exchange may have changed the state of the interface."""
        each = self.exchanges[at]
        if each.method in ("GET", "HEAD", "OPTIONS"):
            return self.signs_out(at)
        return self._counts[each.method, each.url, each.request_body] < 3  # a request sent three times is a poll

    def signs_in(self, at: int) -> bool:
        """Whether the exchange signs in."""
        return self.exchanges[at].number in self._sign_ins

    def signs_out(self, at: int) -> bool:
        """Whether the exchange signs out: its address says so, or it deletes the session cookie."""
        key = self._keys[at]
        if is_sign_out_address(key.path, key.query) or (key.method == "DELETE" and key.path in self._sign_in_paths):
            return True
        cookies = [value for name, value in self.exchanges[at].response_headers if name.lower() == "set-cookie"]
        return not self.signs_in(at) and any(
            kind_of_name(value.partition("=")[0].strip()) == "token" and _EXPIRED_COOKIE.search(value)
            for value in cookies
        )

    # --- comparing values ---

    def _matching_values(self, one: RequestKey, request: RequestKey) -> int | None:
        """Return the number of equal values, None if what was answered to ``one`` cannot answer ``request``."""
        if (one.method, one.path, bool(one.body)) != (request.method, request.path, bool(request.body)):
            return None
        if not self._query_matches(one.query, request.query):
            return None
        if not request.body:
            return 0
        if one.form or request.form:
            return self._matching_form_values(one.form, request.form)
        if "json" in media_type(one.type) or "json" in media_type(request.type):
            return _matching_json_values(one.body, request.body)
        return _matching_text(one.body, request.body)

    def _query_matches(self, recorded: Pairs, request: Pairs) -> bool:
        recorded, request = tuple(sorted(recorded)), tuple(sorted(request))
        if [name for name, _value in recorded] != [name for name, _value in request]:
            return False
        return all(
            one == other or self._is_volatile(name, one, other)
            for (name, one), (_name, other) in zip(recorded, request, strict=True)
        )

    def _is_volatile(self, name: str, recorded: str, request: str) -> bool:
        """Whether a value differs in every request: a token or a timestamp."""
        if kind_of_name(name) in ("token", "password", "code") or recorded in self._stand_ins:
            return True
        if recorded.isdigit() and request.isdigit() and len(recorded) >= 10:
            return True
        return looks_random(recorded) and looks_random(request)

    def _matching_form_values(self, recorded: Pairs, request: Pairs) -> int | None:
        if sorted(name for name, _value in recorded) != sorted(name for name, _value in request):
            return None
        same = 0
        for (name, one), (_name, other) in zip(sorted(recorded), sorted(request), strict=True):
            if one == other:
                same += 1
            elif self._is_fixed(name, one) or self._is_fixed(name, other):
                return None
        return same

    def _is_fixed(self, name: str, value: str) -> bool:
        """Whether the value comes from the page, like ``op=save`` or the ``id`` of a person, and was not filled in."""
        if selects_operation(name):
            return True
        parts = [value, *re.split(r"[^\w.~+-]+", unquote(value))]  # where to go on after a sign-in has a token in it
        if kind_of_name(name) in ("token", "password", "code") or any(
            part in self._stand_ins or looks_random(part) for part in parts
        ):
            return False
        return (name, value) in self._page_values

    def _best_by_credentials(self, found: dict[int, int], request: RequestKey) -> dict[int, int]:
        """Keep the exchanges that were sent with the same kinds of credentials; without them an address answers 401."""
        sent = _credentials(request.headers)

        def lacking(at: int) -> int:
            each = self.exchanges[at]
            refused = each.status in (401, 407) and bool({"authorization", "proxy-authorization"} & sent)
            return len(sent ^ _credentials(each.request_headers)) + refused

        least = min(map(lacking, found), default=0)
        return {at: same for at, same in found.items() if lacking(at) == least}


def is_cache_buster(name: str) -> bool:
    """Whether a query parameter of this name only keeps a browser from taking the page from its cache."""
    return name_words(name) in _CACHE_BUSTERS or not any(map(str.isalnum, name))


def query_of(url: str) -> Pairs:
    """Return the parameters in the query of an address, without those against caching."""
    pairs = parse_qsl(split_address(url).query, keep_blank_values=True)
    return tuple(pair for pair in pairs if not is_cache_buster(pair[0]))


def selects_operation(name: str) -> bool:
    """Whether the value of a field of this name selects the operation, like ``action=delete``."""
    return name_words(name) in _OPERATION_FIELDS


def _names_that_differ(recorded: Pairs, request: Pairs, where: str = "") -> list[str]:
    mine, theirs = dict(recorded), dict(request)
    lacking = [f"without {name}{where}" for name in sorted(theirs.keys() - mine.keys())]
    more = [f"with {name}{where}" for name in sorted(mine.keys() - theirs.keys())]
    other = [
        f"with another value of {name}{where}" for name in sorted(mine) if theirs.get(name, mine[name]) != mine[name]
    ]
    return lacking + more or other


def _shown(data: dict[str, t.Any]) -> Pairs:
    return tuple((str(name), json.dumps(value, sort_keys=True)) for name, value in data.items())


def _split(url: str, own: str) -> tuple[str, Pairs]:
    parts = split_address(url)
    elsewhere = "" if same_interface(url, own) else origin(url)
    return elsewhere + (unquote(parts.path) or "/"), query_of(url)


def _credentials(headers: Pairs) -> frozenset[str]:
    """Return the names of the headers that carry credentials, except cookies, which the client keeps itself."""
    names = (name.lower() for name, _value in headers)
    return frozenset(name for name in names if name != "cookie" and kind_of_name(name) in ("token", "password"))


def _matching_json_values(recorded: bytes, request: bytes) -> int | None:
    one, other = parsed_json(recorded), parsed_json(request)
    try:
        mine, theirs = dict(_json_leaves(one, "")), dict(_json_leaves(other, ""))
    except RecursionError:
        return None
    if mine.keys() != theirs.keys():
        return None
    for name, value in mine.items():
        if selects_operation(name.rpartition(".")[2]) and isinstance(value, str) and theirs[name] != value:
            return None
    return sum(1 for name, value in mine.items() if value == theirs[name])


def _json_leaves(value: t.Any, place: str) -> t.Iterator[tuple[str, t.Any]]:
    if isinstance(value, dict):
        yield f"{place}{{}}", None
        for name, item in value.items():
            yield from _json_leaves(item, f"{place}.{name}")
    elif isinstance(value, list):
        yield f"{place}[]", json.dumps(value, sort_keys=True)
        for item in value:
            if isinstance(item, (dict, list)):
                yield from _json_leaves(item, f"{place}[]")
    else:
        yield place, value


def _matching_text(recorded: bytes, request: bytes) -> int | None:
    """Return 1 for an equal body, 0 for XML with the same elements, None for anything else."""
    if recorded == request:
        return 1
    mine, theirs = (sorted(re.findall(rb"<([\w:.-]{1,200})", each)) for each in (recorded, request))
    return 0 if mine and mine == theirs else None
