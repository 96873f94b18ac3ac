# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and writes recordings of browsers (HAR 1.2). Knows the file format; judges no content.

Reading is bounded in time and memory (:class:`.har_stream.Limits`). Errors name file, entry and key, but never the
value there, which may be a password.
"""

from __future__ import annotations

import base64
import json
import typing as t
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ...module_utils._prisma.address_files import write_private
from ...module_utils._web.errors import BadInput
from .exchange import Dialect, RecordedExchange, Recording
from .har_dialects import LeftOut, dialect_by_keys, dialect_of, exchange_of, written_as_text
from .har_stream import ADVICE, ENTRY, Limits, stream_har

__all__ = ["Limits", "as_read", "har_of", "har_text", "read_har", "write_har"]

_CREATOR = "printops.prisma"
_DIALECTS = t.get_args(Dialect)


def read_har(path: Path, *, limits: Limits = Limits()) -> Recording:  # noqa: B008 - a frozen value
    """Read the recording in ``path``, made by Chrome, Firefox, Playwright, mitmproxy or :func:`write_har`.

    Exchanges are in the order in which they were started. Raises :class:`BadInput` for a file that is not a HAR, is
    truncated, contains no response bodies, or exceeds ``limits``.
    """
    builder = _HarBuilder(Path(path), limits)
    for key, data in stream_har(builder.path, limits):
        builder.add(key, data)
    return builder.finish()


def as_read(recording: Recording) -> Recording:
    """Return ``recording`` as :func:`read_har` returns it from a file: without bodies of binary kinds, for example."""
    builder = _HarBuilder(recording.path, Limits())
    log = har_of(recording)["log"]
    for key in ("_dialect", "_stand_ins"):
        builder.add(key, log[key])
    for entry in log["entries"]:
        builder.add(ENTRY, entry)
    read = builder.finish()
    return replace(read, notes=[*recording.notes, *read.notes])


class _HarBuilder:
    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self._limits = limits
        self._exchanges: list[RecordedExchange] = []
        self._left_out: Counter[str] = Counter()
        self._dialect: Dialect = "unknown"
        self._stand_ins: frozenset[str] = frozenset()
        self._bodies = 0
        self._entries = 0

    def add(self, key: str, data: t.Any) -> None:
        """Add what ``log`` has under ``key``, or an entry."""
        if key == ENTRY:
            self._add_entry(data)
        elif key in ("creator", "browser"):
            # log.creator decides if it is known. log.browser of Playwright says chromium, which is no dialect.
            dialect = dialect_of(data)
            self._dialect = dialect if dialect != "unknown" else self._dialect
        elif key == "_dialect" and data in _DIALECTS:
            self._dialect = data
        elif key == "_stand_ins" and isinstance(data, list):
            self._stand_ins = frozenset(each for each in data if isinstance(each, str))

    def _add_entry(self, entry: dict[str, t.Any]) -> None:
        self._entries += 1
        if self._dialect == "unknown":
            self._dialect = dialect_by_keys(entry)
        try:
            exchange, left_out = exchange_of(entry, len(self._exchanges), self._dialect, self._limits.body)
        except LeftOut as reason:
            self._left_out[str(reason)] += 1
            return
        self._left_out.update(left_out)
        self._bodies += len(exchange.response_body) + len(exchange.request_body)
        if self._bodies > self._limits.bodies:
            place = f"log.entries[{self._entries - 1}]"
            raise self._error(f"the bodies up to {place} are larger than {self._limits.bodies} bytes")
        self._exchanges.append(exchange)

    def finish(self) -> Recording:
        if not self._entries:
            raise self._error("log.entries is empty: nothing was recorded")
        if not self._exchanges:
            first = next((f" ({each})" for each in self._left_out if each.startswith("malformed")), "")
            raise self._error(
                f"none of its {self._entries} entries is a request to a web interface with a response{first}"
            )
        if not any(each.response_body for each in self._exchanges):
            raise self._error(
                "none of its entries has response.content.text: it was exported without the response bodies"
            )
        notes = [f"left out: {reason}: {count}" for reason, count in sorted(self._left_out.items())]
        exchanges = _in_order(self._exchanges, notes)
        exchanges = _with_cached_bodies(exchanges, notes)
        if self._dialect == "chrome" and not _has_cookies(exchanges):
            notes.append(
                "it contains no cookies: Chrome omits cookies and Authorization unless the HAR is exported with "
                "sensitive data"
            )
        return Recording(self.path, exchanges, self._dialect, notes, self._stand_ins)

    def _error(self, what: str) -> BadInput:
        return BadInput(f"the recording {self.path}: {what}", advice=ADVICE)


def _in_order(exchanges: list[RecordedExchange], notes: list[str]) -> list[RecordedExchange]:
    """Return the exchanges by start time. Some programs write an entry only when its response is complete."""
    times = [_time(each.started) for each in exchanges]
    if any(time is None for time in times):
        return exchanges
    order = sorted(range(len(exchanges)), key=lambda at: (times[at], at))
    if order == list(range(len(exchanges))):
        return exchanges
    notes.append("entries were sorted by the time when they were started")
    return [replace(exchanges[at], number=number) for number, at in enumerate(order)]


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _with_cached_bodies(exchanges: list[RecordedExchange], notes: list[str]) -> list[RecordedExchange]:
    """Replace each response 304 (not modified) by the earlier response that the browser had in its cache."""
    latest: dict[tuple[str, str], RecordedExchange] = {}
    filled: list[RecordedExchange] = []
    count = 0
    for each in exchanges:
        key = (each.method, each.url)
        known = latest.get(key)
        if each.status == 304 and not each.response_body and known is not None:
            each = replace(
                each,
                status=known.status,
                response_headers=known.response_headers,
                response_type=known.response_type,
                response_body=known.response_body,
                has_body=True,
            )
            count += 1
        elif each.has_body and each.status == 200:
            latest[key] = each
        filled.append(each)
    if count:
        notes.append(f"responses 304 (not modified) were replaced by the earlier page: {count}")
    return filled


def _has_cookies(exchanges: list[RecordedExchange]) -> bool:
    names = {"cookie", "set-cookie", "authorization"}
    return any(
        name.lower() in names for each in exchanges for name, _value in each.request_headers + each.response_headers
    )


def write_har(recording: Recording, path: Path) -> None:
    """Write ``recording`` to ``path`` with mode 0600, atomically. :func:`read_har` returns an equal recording.

    Raises :class:`BadInput` if the file cannot be written.
    """
    write_private(str(path), har_text(recording).encode())


def har_text(recording: Recording) -> str:
    """Return the recording as the text of a HAR file."""
    return json.dumps(har_of(recording), ensure_ascii=False, indent=1) + "\n"


def har_of(recording: Recording) -> dict[str, t.Any]:
    """Return the recording as a HAR 1.2 document."""
    log: dict[str, t.Any] = {
        "version": "1.2",
        "creator": {"name": _CREATOR, "version": "1"},
        "_dialect": recording.dialect,
        "_stand_ins": sorted(recording.stand_ins),
        "entries": [_entry(each) for each in recording.exchanges],
    }
    return {"log": log}


def _entry(each: RecordedExchange) -> dict[str, t.Any]:
    content: dict[str, t.Any] = {"size": len(each.response_body), "mimeType": each.response_type or "x-unknown"}
    if each.has_body:
        content.update(_encoded(each.response_type, each.response_body))
    elif each.status != 304:
        content["size"] = -1
    request: dict[str, t.Any] = {
        "method": each.method,
        "url": each.url,
        "httpVersion": "HTTP/1.1",
        "headers": _headers(each.request_headers),
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": len(each.request_body),
    }
    if each.request_body:
        request["postData"] = {"mimeType": each.request_type or "", **_encoded(None, each.request_body)}
    return {
        "startedDateTime": each.started,
        "time": -1,
        "request": request,
        "response": {
            "status": each.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "headers": _headers(each.response_headers),
            "cookies": [],
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": -1, "wait": -1, "receive": -1},
    }


def _encoded(content_type: str | None, body: bytes) -> dict[str, str]:
    text = written_as_text(content_type, body)
    if text is not None:
        return {"text": text}
    return {"text": base64.b64encode(body).decode("ascii"), "encoding": "base64"}


def _headers(pairs: t.Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
