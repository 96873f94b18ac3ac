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
_SKIPPED_ENTRY_KEYS = frozenset(
    {"timings", "cache", "_initiator", "initiator", "_securityDetails", "_webSocketMessages"}
)
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

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
    seconds: float = 120.0


@dataclass(frozen=True)
class HarEntry:
    """``log.entries[number]``."""

    number: int
    data: dict[str, t.Any]


@dataclass(frozen=True)
class LogValue:
    """``log.KEY``."""

    key: str
    data: t.Any


class _InvalidHar(Exception):
    """The part of the file that was just read is not valid. The text says why."""


def stream_har(path: Path, limits: Limits) -> Iterator[HarEntry | LogValue]:
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
        self._deadline = time.monotonic() + limits.seconds
        self._offset = 0
        self._entry_began = 0
        self._chunk = _CHUNK

    def read(self, file: t.BinaryIO) -> Iterator[HarEntry | LogValue]:
        outline = _Outline(self._limits)
        events: t.Any = self._ijson.sendable_list()
        parser = self._ijson.basic_parse_coro(events, use_float=True)
        for chunk in self._chunks(file):
            try:
                parser.send(chunk)
            except (self._ijson.JSONError, ValueError, ArithmeticError, RecursionError, StopIteration) as error:
                raise self._not_json(file, outline, events) from error
            self._offset += len(chunk)
            yield from self._parts(outline, events)
            if self._offset - self._entry_began > self._limits.entry:
                raise self._error(f"{outline.location} is larger than {self._limits.entry} bytes")
        if self._offset == 0:
            raise self._error("is empty", "")
        try:
            parser.close()
        except (self._ijson.JSONError, ValueError, ArithmeticError, RecursionError) as error:
            message = f"is truncated: it ends after byte {self._offset}, within {outline.location}"
            raise self._error(message, "") from error
        yield from self._parts(outline, events)
        if not outline.saw_entries:
            raise self._error(f"is not a HAR: it has no {'log.entries' if outline.saw_log else 'log'}", "")

    def _parts(self, outline: _Outline, events: t.Any) -> Iterator[HarEntry | LogValue]:
        self._chunk = _CHUNK if events else min(2 * self._chunk, _MAX_CHUNK)
        try:
            for event, value in events:
                found = outline.feed(event, value)
                if found is not None:
                    yield found
                if outline.between_entries:
                    self._entry_began = self._offset
        except _InvalidHar as error:
            raise self._error(str(error)) from error
        del events[:]

    def _chunks(self, file: t.BinaryIO) -> Iterator[bytes]:
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
                chunk, decoder = self._start_container(chunk)
            total += len(chunk)
            if total > self._limits.file:
                raise self._error(f"is too large: at most {self._limits.file} bytes are read")
            if time.monotonic() > self._deadline:
                raise self._error(f"takes too long to read: more than {self._limits.seconds:g} seconds")
            yield decoder.decode(chunk).encode("utf-8", "replace") if decoder is not None else chunk

    def _start_container(self, chunk: bytes) -> tuple[bytes, codecs.IncrementalDecoder | None]:
        """Return the first chunk without byte order mark, and a decoder for UTF-16 (which PowerShell writes)."""
        if chunk.startswith(codecs.BOM_UTF8):
            return chunk[3:], None
        if chunk.startswith((b"\x1f\x8b", b"PK\x03\x04")):
            raise self._error("is compressed; unpack it first", "")
        for mark, name in _UTF_16.items():
            if chunk.startswith(mark):
                return chunk[2:], codecs.getincrementaldecoder(name)("replace")
        return chunk, None

    def _not_json(self, file: t.BinaryIO, outline: _Outline, events: t.Any) -> BadInput:
        """Return an error with the position of the first invalid byte.

        The parser's own message quotes the text there, which may contain a password, and has no position. So this
        parses the file again up to the error, byte by byte at the end.
        """
        parser = self._ijson.basic_parse_coro(self._ijson.sendable_list(), use_float=True)
        valid_bytes = 0
        self._chunk = _MAX_CHUNK
        deque(self._parts(outline, events), maxlen=0)
        file.seek(0)
        for chunk in self._chunks(file):
            valid = chunk if valid_bytes + len(chunk) <= self._offset else b""
            try:
                if valid:
                    parser.send(valid)
                    valid_bytes += len(valid)
                    continue
                for at in range(len(chunk)):
                    parser.send(chunk[at : at + 1])
                    valid_bytes += 1
            except (self._ijson.JSONError, ValueError, ArithmeticError, RecursionError, StopIteration):
                break
        return self._error(f"is not JSON in UTF-8: byte {valid_bytes} is not valid, within {outline.location}", "")

    def _error(self, what: str, link: str = ":") -> BadInput:
        return BadInput(f"the recording {self._path}{link} {what}", advice=ADVICE)


class _Outline:
    """Follows the parser's events through a HAR, and builds only entries and the needed values of ``log``."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._depth = 0
        self._keys: list[str] = []
        self._building: _ValueBuilder | None = None
        self._entries = 0
        self.saw_log = False
        self.saw_entries = False

    @property
    def location(self) -> str:
        if self._keys[:2] == ["log", "entries"]:
            return f"log.entries[{self._entries}]"
        return ".".join(self._keys[:2]) or "its first value"

    @property
    def between_entries(self) -> bool:
        return self._building is None

    def feed(self, event: str, value: t.Any) -> HarEntry | LogValue | None:
        if self._building is not None:
            return self._build(event, value)
        if event == "map_key":
            self._keys[self._depth - 1 :] = [value]
        elif event in ("start_map", "start_array"):
            self._start_container(event, value)
        elif event in ("end_map", "end_array"):
            self._depth -= 1
            del self._keys[self._depth :]
        elif self._depth == 0 or (self._depth == 1 and self._keys == ["log"]):
            raise _InvalidHar(self._not_an_object(event))
        elif self._in_entries:
            raise _InvalidHar(f"log.entries[{self._entries}] is not an object")
        elif self._at_log_key:
            return LogValue(self._keys[1], value)
        return None

    @property
    def _in_entries(self) -> bool:
        return self._depth == 3 and self._keys[:2] == ["log", "entries"]

    @property
    def _at_log_key(self) -> bool:
        return self._depth == 2 and self._keys[0] == "log" and self._keys[1] in _LOG_KEYS

    def _not_an_object(self, event: str) -> str:
        where = ".".join(self._keys[: self._depth]) or "its content"
        return f"is not a HAR: {where} is {event.removeprefix('start_')}, not an object"

    def _start_container(self, event: str, value: t.Any) -> None:
        if self._depth == 0 and event != "start_map":
            raise _InvalidHar("is not a HAR: it is a list, not an object with the key log")
        at_log = self._depth == 1 and self._keys[:1] == ["log"]
        if at_log and event != "start_map":
            raise _InvalidHar("is not a HAR: log is a list, not an object")
        at_entries = self._depth == 2 and self._keys[:2] == ["log", "entries"]
        if at_entries and event != "start_array":
            raise _InvalidHar("is not a HAR: log.entries is an object, not a list")
        self.saw_log = self.saw_log or at_log
        self.saw_entries = self.saw_entries or at_entries
        if self._in_entries or self._at_log_key:
            if self._in_entries and event != "start_map":
                raise _InvalidHar(f"log.entries[{self._entries}] is not an object")
            if self._entries >= self._limits.entries:
                raise _InvalidHar(f"has more than {self._limits.entries} entries")
            self._building = _ValueBuilder(self._limits)
            self._building.feed(event, value)
            return
        self._depth += 1
        if self._depth > self._limits.depth:
            raise _InvalidHar(f"{self.location} is nested deeper than {self._limits.depth} levels")
        if event == "start_array":
            self._keys[self._depth - 1 :] = ["[]"]

    def _build(self, event: str, value: t.Any) -> HarEntry | LogValue | None:
        building = self._building
        if building is None:
            raise AssertionError("nothing is being built")
        try:
            building.feed(event, value)
        except _InvalidHar as error:
            raise _InvalidHar(f"{self.location} {error}") from error
        if not building.complete:
            return None
        self._building = None
        if not self._in_entries:
            return LogValue(self._keys[1], building.value)
        self._entries += 1
        return HarEntry(self._entries - 1, building.value)


class _ValueBuilder:
    """Builds one value from the parser's events, without the keys of an entry that nothing needs."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: list[t.Any] = []
        self._keys: list[str] = []
        self._skipped_depth = 0
        self._count = 0
        self.value: t.Any = None
        self.complete = False

    def feed(self, event: str, value: t.Any) -> None:
        if event == "map_key":
            if not self._skipped_depth:
                self._keys[-1] = value
            return
        self._count += 1
        if self._count > self._limits.values:
            raise _InvalidHar(f"has more than {self._limits.values} values")
        if event in ("end_map", "end_array"):
            self._end()
        elif event in ("start_map", "start_array"):
            self._start({} if event == "start_map" else [])
        elif not self._skipped_depth:
            self._add(value)

    def _start(self, container: t.Any) -> None:
        if len(self._open) + self._skipped_depth >= self._limits.depth:
            raise _InvalidHar(f"is nested deeper than {self._limits.depth} levels")
        if not self._skipped_depth and len(self._open) == 1 and self._keys[-1] in _SKIPPED_ENTRY_KEYS:
            self._add(None)  # keep the key: it identifies the dialect
            self._skipped_depth = 1
            return
        if self._skipped_depth:
            self._skipped_depth += 1
            return
        self._add(container)
        self._open.append(container)
        self._keys.append("")

    def _end(self) -> None:
        if self._skipped_depth:
            self._skipped_depth -= 1
            return
        self._open.pop()
        self._keys.pop()
        self.complete = not self._open

    def _add(self, value: t.Any) -> None:
        if not self._open:
            self.value = value
        elif isinstance(self._open[-1], dict):
            self._open[-1][self._keys[-1]] = value
        else:
            self._open[-1].append(value)
