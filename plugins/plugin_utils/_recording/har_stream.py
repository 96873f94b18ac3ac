# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of a HAR file, one at a time, in bounded memory and time. Knows JSON and where entries stand in it."""

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
_LARGEST_CHUNK = 2 * _MIB
"""Read at once of a long text: the parser begins anew with a text for each piece of it."""
_WANTED_OF_LOG = frozenset({"creator", "browser", "_dialect", "_stand_ins"})
_UNWANTED_OF_ENTRY = frozenset(
    {"timings", "cache", "_initiator", "initiator", "_securityDetails", "_webSocketMessages"}
)
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

ADVICE = (
    "Record again and export a HAR with content: in Chrome's and Firefox's developer tools on the tab Network, "
    "with Playwright by record_har_content='embed'."
)


@dataclass(frozen=True)
class Limits:
    """What one HAR may cost. Sizes are bytes; the defaults are far above what a person records in an hour."""

    file: int = 512 * _MIB
    entry: int = 64 * _MIB
    """One entry as it stands in the file: also the most that is kept in memory before it is looked at."""
    entries: int = 20_000
    body: int = 8 * _MIB
    """A larger body is left out, as no page is so large."""
    bodies: int = 128 * _MIB
    """All bodies that are kept."""
    values: int = 200_000
    """Values in one entry."""
    depth: int = 50
    seconds: float = 120.0


@dataclass(frozen=True)
class Entry:
    """``log.entries[number]``."""

    number: int
    data: dict[str, t.Any]


@dataclass(frozen=True)
class Head:
    """``log.KEY``."""

    key: str
    data: t.Any


class _Refused(Exception):
    """What is wrong with the part of the file that was just read."""


def stream(path: Path, limits: Limits) -> Iterator[Entry | Head]:
    """Yield what is wanted of the file, as it is read. Raises :class:`BadInput`, possibly after many entries."""
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
                advice="Record only what the profile is to do, with the browser's cache and log cleared before.",
            )
        return path.open("rb")
    except OSError as error:
        raise BadInput(f"the recording {path} cannot be read: {error.strerror or error}") from error


class _HarReader:
    """Feeds the parser piece by piece, so that neither a long text nor a long file is ever waited for."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._ijson = on_demand("ijson")
        self._until = time.monotonic() + limits.seconds
        self._offset = 0
        self._entry_began = 0
        self._chunk = _CHUNK

    def read(self, file: t.BinaryIO) -> Iterator[Entry | Head]:
        outline = _Outline(self._limits)
        events: t.Any = self._ijson.sendable_list()
        parser = self._ijson.basic_parse_coro(events, use_float=True)
        for chunk in self._chunks(file):
            try:
                parser.send(chunk)
            except (self._ijson.JSONError, ValueError, ArithmeticError, RecursionError, StopIteration) as error:
                raise self._not_json(file, outline, events) from error
            self._offset += len(chunk)
            yield from self._found(outline, events)
            if self._offset - self._entry_began > self._limits.entry:
                raise self._bad(f"{outline.place} is larger than {self._limits.entry} bytes")
        if self._offset == 0:
            raise self._bad("is empty", "")
        try:
            parser.close()
        except (self._ijson.JSONError, ValueError, ArithmeticError, RecursionError) as error:
            raise self._bad(f"is cut: it ends after byte {self._offset}, within {outline.place}", "") from error
        yield from self._found(outline, events)
        if not outline.saw_entries:
            raise self._bad(f"is not a HAR: it has no {'log.entries' if outline.saw_log else 'log'}", "")

    def _found(self, outline: _Outline, events: t.Any) -> Iterator[Entry | Head]:
        self._chunk = _CHUNK if events else min(2 * self._chunk, _LARGEST_CHUNK)
        try:
            for event, value in events:
                found = outline.take(event, value)
                if found is not None:
                    yield found
                if outline.between_entries:
                    self._entry_began = self._offset
        except _Refused as error:
            raise self._bad(str(error)) from error
        del events[:]

    def _chunks(self, file: t.BinaryIO) -> Iterator[bytes]:
        decoder: codecs.IncrementalDecoder | None = None
        total = 0
        while True:
            try:
                chunk = file.read(self._chunk)
            except OSError as error:
                raise self._bad(f"cannot be read: {error.strerror or error}") from error
            if not chunk:
                break
            if total == 0:
                chunk, decoder = self._begin(chunk)
            total += len(chunk)
            if total > self._limits.file:
                raise self._bad(f"is too large: at most {self._limits.file} bytes are read")
            if time.monotonic() > self._until:
                raise self._bad(f"takes too long to read: more than {self._limits.seconds:g} seconds")
            yield decoder.decode(chunk).encode("utf-8", "replace") if decoder is not None else chunk

    def _begin(self, chunk: bytes) -> tuple[bytes, codecs.IncrementalDecoder | None]:
        """The first chunk without its byte order mark, and how to decode UTF-16, which PowerShell writes."""
        if chunk.startswith(codecs.BOM_UTF8):
            return chunk[3:], None
        if chunk.startswith((b"\x1f\x8b", b"PK\x03\x04")):
            raise self._bad("is compressed; unpack it first", "")
        for mark, name in _UTF_16.items():
            if chunk.startswith(mark):
                return chunk[2:], codecs.getincrementaldecoder(name)("replace")
        return chunk, None

    def _not_json(self, file: t.BinaryIO, outline: _Outline, events: t.Any) -> BadInput:
        """Say where: the parser tells the text around it, which may hold a password, but not the byte."""
        parser = self._ijson.basic_parse_coro(self._ijson.sendable_list(), use_float=True)
        good = 0
        self._chunk = _LARGEST_CHUNK
        deque(self._found(outline, events), maxlen=0)
        file.seek(0)
        for chunk in self._chunks(file):
            fine = chunk if good + len(chunk) <= self._offset else b""
            try:
                if fine:
                    parser.send(fine)
                    good += len(fine)
                    continue
                for at in range(len(chunk)):
                    parser.send(chunk[at : at + 1])
                    good += 1
            except (self._ijson.JSONError, ValueError, ArithmeticError, RecursionError, StopIteration):
                break
        return self._bad(f"is not JSON in UTF-8: what stands at byte {good} does not fit, within {outline.place}", "")

    def _bad(self, what: str, link: str = ":") -> BadInput:
        return BadInput(f"the recording {self._path}{link} {what}", advice=ADVICE)


class _Outline:
    """Follows the outline of a HAR and builds only what is wanted of it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._depth = 0
        self._keys: list[str] = []
        self._building: _Value | None = None
        self._entries = 0
        self.saw_log = False
        self.saw_entries = False

    @property
    def place(self) -> str:
        if self._keys[:2] == ["log", "entries"]:
            return f"log.entries[{self._entries}]"
        return ".".join(self._keys[:2]) or "its beginning"

    @property
    def between_entries(self) -> bool:
        return self._building is None

    def take(self, event: str, value: t.Any) -> Entry | Head | None:
        if self._building is not None:
            return self._build(event, value)
        if event == "map_key":
            self._keys[self._depth - 1 :] = [value]
        elif event in ("start_map", "start_array"):
            self._begin(event, value)
        elif event in ("end_map", "end_array"):
            self._depth -= 1
            del self._keys[self._depth :]
        elif self._depth == 0 or (self._depth == 1 and self._keys == ["log"]):
            raise _Refused(self._wrong(event))
        elif self._in_entries:
            raise _Refused(f"log.entries[{self._entries}] is not an object")
        elif self._wanted:
            return Head(self._keys[1], value)
        return None

    @property
    def _in_entries(self) -> bool:
        return self._depth == 3 and self._keys[:2] == ["log", "entries"]

    @property
    def _wanted(self) -> bool:
        return self._depth == 2 and self._keys[0] == "log" and self._keys[1] in _WANTED_OF_LOG

    def _wrong(self, event: str) -> str:
        where = ".".join(self._keys[: self._depth]) or "what it holds"
        return f"is not a HAR: {where} is {event.removeprefix('start_')}, not an object"

    def _begin(self, event: str, value: t.Any) -> None:
        if self._depth == 0 and event != "start_map":
            raise _Refused("is not a HAR: it holds a list, not an object with the key log")
        at_log = self._depth == 1 and self._keys[:1] == ["log"]
        if at_log and event != "start_map":
            raise _Refused("is not a HAR: log is a list, not an object")
        at_entries = self._depth == 2 and self._keys[:2] == ["log", "entries"]
        if at_entries and event != "start_array":
            raise _Refused("is not a HAR: log.entries is an object, not a list")
        self.saw_log = self.saw_log or at_log
        self.saw_entries = self.saw_entries or at_entries
        if self._in_entries or self._wanted:
            if self._in_entries and event != "start_map":
                raise _Refused(f"log.entries[{self._entries}] is not an object")
            if self._entries >= self._limits.entries:
                raise _Refused(f"has more than {self._limits.entries} entries")
            self._building = _Value(self._limits)
            self._building.take(event, value)
            return
        self._depth += 1
        if self._depth > self._limits.depth:
            raise _Refused(f"{self.place} is nested deeper than {self._limits.depth} levels")
        if event == "start_array":
            self._keys[self._depth - 1 :] = ["[]"]

    def _build(self, event: str, value: t.Any) -> Entry | Head | None:
        building = self._building
        if building is None:
            raise AssertionError("nothing is being built")
        try:
            building.take(event, value)
        except _Refused as error:
            raise _Refused(f"{self.place} {error}") from error
        if not building.complete:
            return None
        self._building = None
        if not self._in_entries:
            return Head(self._keys[1], building.value)
        self._entries += 1
        return Entry(self._entries - 1, building.value)


class _Value:
    """One value as it is built, without the parts of an entry that nothing uses."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: list[t.Any] = []
        self._keys: list[str] = []
        self._skip = 0
        self._count = 0
        self.value: t.Any = None
        self.complete = False

    def take(self, event: str, value: t.Any) -> None:
        if event == "map_key":
            if not self._skip:
                self._keys[-1] = value
            return
        self._count += 1
        if self._count > self._limits.values:
            raise _Refused(f"has more than {self._limits.values} values")
        if event in ("end_map", "end_array"):
            self._end()
        elif event in ("start_map", "start_array"):
            self._start({} if event == "start_map" else [])
        elif not self._skip:
            self._add(value)

    def _start(self, container: t.Any) -> None:
        if len(self._open) + self._skip >= self._limits.depth:
            raise _Refused(f"is nested deeper than {self._limits.depth} levels")
        if not self._skip and len(self._open) == 1 and self._keys[-1] in _UNWANTED_OF_ENTRY:
            self._add(None)  # that it is there tells the dialect
            self._skip = 1
            return
        if self._skip:
            self._skip += 1
            return
        self._add(container)
        self._open.append(container)
        self._keys.append("")

    def _end(self) -> None:
        if self._skip:
            self._skip -= 1
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
