# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the entries of a HAR file one at a time, in bounded memory and time. Knows JSON and the outline of a HAR."""

from __future__ import annotations

import codecs
import stat
import time
import typing as t
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...module_utils._web.errors import BadInput
from ...module_utils._web.libraries import on_demand

_MIB = 1024 * 1024
_CHUNK = 64 * 1024
_MAX_CHUNK = 2 * _MIB
"""Bytes read at once within a long text, because the parser scans the text again for each chunk."""
_LOG_KEYS = frozenset({"creator", "browser", "_dialect", "_stand_ins"})
ENTRY = "entries"
_LOG, _ENTRIES, _ENTRY = ["log"], ["log", ENTRY], ["log", ENTRY, "[]"]
_KINDS = {"start_map": "an object", "start_array": "a list"}
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""Byte order marks, and the encodings that begin with them."""

_Part = tuple[str, t.Any]
"""A key of ``log`` and its value; for :data:`ENTRY` one entry."""

ADVICE = (
    "Record again and export a HAR with content: in the developer tools of Chrome or Firefox on the tab Network, in "
    "Playwright with record_har_content='embed'."
)


@dataclass(frozen=True)
class Limits:
    """Limits for reading one HAR. Sizes are in bytes. The defaults are far above an hour of recording."""

    file: int = 512 * _MIB
    entry: int = 64 * _MIB
    """One entry in the file, and so the most that is in memory before it is checked."""
    entries: int = 20_000
    body: int = 8 * _MIB
    """One body. A larger one is left out: no page is so large."""
    bodies: int = 128 * _MIB
    """All bodies together."""
    values: int = 200_000
    """Values in one entry."""
    depth: int = 50
    """Values within each other, from the file's own on."""
    seconds: float = 120.0


class _InvalidHar(Exception):
    """The part of the file that was just read is not valid. The text says why."""


def stream_har(path: Path, limits: Limits) -> Iterator[_Part]:
    """Yield the entries and the needed values of ``log``. Raises :class:`BadInput`, possibly after many entries."""
    reader = _HarReader(path, limits)
    with _open(path, limits) as file:
        yield from reader.read(file)


def _open(path: Path, limits: Limits) -> t.BinaryIO:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise BadInput(f"the recording {path} is not a file")
        if status.st_size > limits.file:
            raise BadInput(
                f"the recording {path} is too large: {status.st_size} bytes, at most {limits.file} are read",
                advice="Clear the browser's network log, and record only the steps that the profile needs.",
            )
        return path.open("rb")
    except OSError as error:
        raise BadInput(f"the recording {path} cannot be read: {error.strerror or error}") from error


class _HarReader:
    """Feeds a file to the parser in chunks and yields its parts. Checks time and size after each chunk."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._ijson = on_demand("ijson")
        self._failures = (self._ijson.JSONError, ValueError, ArithmeticError, RecursionError, StopIteration)
        self._deadline = time.monotonic() + limits.seconds
        self._offset = 0
        self._entry_began = 0
        self._chunk = _CHUNK

    def read(self, file: t.BinaryIO) -> Iterator[_Part]:
        outline = _Outline(self._limits, self._ijson.ObjectBuilder)
        events: t.Any = self._ijson.sendable_list()
        parser = self._ijson.basic_parse_coro(events, use_float=True)
        for chunk in self._chunks(file):
            try:
                parser.send(chunk)
            except self._failures as error:
                deque(self._parts(outline, events), maxlen=0)  # the outline follows up to the error
                # The parser's own message quotes the text there, which may contain a password.
                raise self._error(f"is not JSON in UTF-8, within {outline.location}", "") from error
            self._offset += len(chunk)
            yield from self._parts(outline, events)
            if self._offset - self._entry_began > self._limits.entry:
                raise self._error(f"{outline.location} is larger than {self._limits.entry} bytes")
        if self._offset == 0:
            raise self._error("is empty", "")
        try:
            parser.close()
        except self._failures as error:
            message = f"is truncated: it ends after byte {self._offset}, within {outline.location}"
            raise self._error(message, "") from error
        yield from self._parts(outline, events)
        for place in (_LOG, _ENTRIES):
            if (name := ".".join(place)) not in outline.seen:
                raise self._error(f"is not a HAR: it has no {name}", "")

    def _parts(self, outline: _Outline, events: t.Any) -> Iterator[_Part]:
        self._chunk = _CHUNK if events else min(2 * self._chunk, _MAX_CHUNK)
        try:
            for event, value in events:
                found = outline.feed(event, value)
                if found is not None:
                    yield found
                if not outline.is_building:
                    self._entry_began = self._offset
        except _InvalidHar as error:
            raise self._error(str(error)) from error
        del events[:]

    def _chunks(self, file: t.BinaryIO) -> Iterator[bytes]:
        """Yield the file in UTF-8, without a byte order mark; PowerShell writes UTF-16."""
        decoder: codecs.IncrementalDecoder | None = None
        total = 0
        while True:
            try:
                chunk = file.read(self._chunk)
            except OSError as error:
                raise self._error(f"cannot be read: {error.strerror or error}") from error
            if not chunk:
                break
            if total == 0:
                if chunk.startswith((b"\x1f\x8b", b"PK\x03\x04")):
                    raise self._error("is compressed; unpack it first", "")
                encoding = next((name for mark, name in _MARKS.items() if chunk.startswith(mark)), None)
                decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding is not None else None
            total += len(chunk)
            if total > self._limits.file:
                raise self._error(f"is too large: at most {self._limits.file} bytes are read")
            if time.monotonic() > self._deadline:
                raise self._error(f"takes too long to read: more than {self._limits.seconds:g} seconds")
            yield decoder.decode(chunk).encode("utf-8", "replace") if decoder is not None else chunk

    def _error(self, what: str, link: str = ":") -> BadInput:
        return BadInput(f"the recording {self._path}{link} {what}", advice=ADVICE)


class _Outline:
    """Follows the parser's events through a HAR, and builds only entries and the needed values of ``log``.

    ``seen``: the places of the outline that the file has.
    """

    def __init__(self, limits: Limits, new_builder: t.Callable[[], t.Any]) -> None:
        self._limits = limits
        self._new_builder = new_builder
        self._builder: t.Any = None
        self._began = 0
        self._values = 0
        self._entries = 0
        self._keys: list[str] = []
        """The key of each value that is open, ``[]`` in a list."""
        self.seen: set[str] = set()

    @property
    def location(self) -> str:
        if self._keys[:2] == _ENTRIES:
            return f"log.entries[{self._entries}]"
        return ".".join(filter(None, self._keys[:2])) or "its content"

    @property
    def is_building(self) -> bool:
        return self._builder is not None

    def feed(self, event: str, value: t.Any) -> _Part | None:
        """Follow one event. Return the part of the HAR that it completes, None if it completes none."""
        if event == "map_key":
            self._keys[-1] = value
        elif event in ("end_map", "end_array"):
            self._keys.pop()
        elif self._builder is None:
            self._begin(event)
        found = self._build(event, value) if self._builder is not None else None
        if event in _KINDS:
            self._keys.append("[]" if event == "start_array" else "")
            if len(self._keys) > self._limits.depth:
                raise _InvalidHar(f"{self.location} is nested deeper than {self._limits.depth} levels")
        return found

    def _begin(self, event: str) -> None:
        """Begin to build the value at this place if it is needed. Raise :class:`_InvalidHar` if it is none of a HAR."""
        keys = self._keys
        if keys in ([], _LOG, _ENTRIES, _ENTRY):
            wanted = "start_array" if keys == _ENTRIES else "start_map"
            if event != wanted:
                place = self.location if keys in ([], _ENTRY) else ".".join(keys)
                raise _InvalidHar(f"is not a HAR: {place} is {_KINDS.get(event, event)}, not {_KINDS[wanted]}")
            self.seen.add(".".join(keys))
        if keys == _ENTRY or (keys[:1] == _LOG and len(keys) == 2 and keys[1] in _LOG_KEYS):
            if keys == _ENTRY and self._entries >= self._limits.entries:
                raise _InvalidHar(f"has more than {self._limits.entries} entries")
            self._builder, self._began, self._values = self._new_builder(), len(keys), 0

    def _build(self, event: str, value: t.Any) -> _Part | None:
        self._builder.event(event, value)
        self._values += event != "map_key"
        if self._values > self._limits.values:
            raise _InvalidHar(f"{self.location} has more than {self._limits.values} values")
        if event == "map_key" or event in _KINDS or len(self._keys) > self._began:
            return None
        built, self._builder = self._builder.value, None
        if self._keys != _ENTRY:
            return self._keys[1], built
        self._entries += 1
        return ENTRY, built
