# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The head of a response, read as browsers read it: status line and header lines, with the usual slips corrected.

Embedded web servers write a blank before a colon or a lower-case protocol, which h11 refuses (RFC 9112, 5.1) and every
browser accepts. Only the head is touched; how the body is framed stays h11's decision.
"""

from __future__ import annotations

import re

from ..libraries import httpcore

MAX_HEAD = 96 * 1024
"""Bytes of a head, interim responses included. h11 itself stops at 100 KiB."""

MAX_INTERIM = 50
"""Responses 1xx before the final one."""

_STATUS_LINE = re.compile(rb"http/([0-9])\.([0-9])[ \t]+([0-9]{3})(?:[ \t]+([^\r\n]*))?", re.IGNORECASE)
_END = re.compile(rb"\r?\n\r?\n")
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROLS = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: chunked\r\n", re.IGNORECASE)
_SWITCHING_PROTOCOLS = 101
_LAST_CHUNK = b"0\r\n\r\n"


class MalformedHead(httpcore.RemoteProtocolError):  # type: ignore[misc, unused-ignore]
    """The bytes do not form a head. The text quotes none of them: they may hold a cookie or a registration address."""


class HeadFilter:
    """Takes the bytes of a connection as they arrive and returns those that h11 may see.

    ``expect`` says that a request was sent: what follows is a head, until its blank line. Of a chunked body the first
    line is looked at as well: h11 waits for ever for the CR that some servers leave out. What follows a body counts,
    as h11 would take it for the beginning of the next response: :meth:`ended_with`.
    """

    def __init__(self) -> None:
        self._reading = False
        self._chunked = False
        self._first_line_due = False
        self._passed = 0
        self._tail = b""
        self._held = bytearray()
        self._interim = 0
        self._seen = 0

    def expect(self) -> None:
        """Treat what arrives from here on as the head of a response."""
        self._reading = True
        self._chunked = self._first_line_due = False
        self._held.clear()
        self._interim = self._seen = self._passed = 0
        self._tail = b""

    def feed(self, data: bytes) -> bytes:
        """Return what h11 gets of ``data``; nothing while the head is incomplete. Raises :class:`MalformedHead`."""
        if self._first_line_due and data:
            self._held += data
            return self._first_chunk()
        if not self._reading:
            return self._of_body(data)
        if not data:  # the other side has closed
            self._reading = False
            return bytes(self._held)
        self._seen += len(data)
        self._held += data
        return self._take_head()

    def _take_head(self) -> bytes:
        while True:
            start = len(self._held) - len(self._held.lstrip(b"\r\n"))
            del self._held[:start]
            if not b"http/".startswith(bytes(self._held[:5]).lower()):
                raise MalformedHead("the answer does not begin with a status line")
            end = _END.search(self._held)
            if end is None:
                if self._seen > MAX_HEAD:
                    raise MalformedHead(f"its header is larger than {MAX_HEAD // 1024} KiB")
                return b""
            head, status = corrected(bytes(self._held[: end.start()]))
            del self._held[: end.end()]
            if status >= 200 or status == _SWITCHING_PROTOCOLS:
                self._reading = False
                self._chunked = self._first_line_due = _CHUNKED.search(head) is not None
                return head + (self._first_chunk() if self._chunked else self._rest())
            self._interim += 1
            if self._interim > MAX_INTERIM:
                raise MalformedHead(f"it sends more than {MAX_INTERIM} interim responses (status 100 to 199)")

    def _first_chunk(self) -> bytes:
        end = self._held.find(b"\n")
        if end < 0 and len(self._held) <= MAX_HEAD:
            return b""
        if end >= 0 and not self._held[:end].endswith(b"\r"):
            raise MalformedHead("the sizes of its chunks do not end in CRLF")
        self._first_line_due = False
        return self._rest()

    def _rest(self) -> bytes:
        rest = bytes(self._held)
        self._held.clear()
        return self._of_body(rest)

    def _of_body(self, data: bytes) -> bytes:
        self._passed += len(data)
        self._tail = (self._tail + data[-len(_LAST_CHUNK) :])[-len(_LAST_CHUNK) :]
        return data

    def ended_with(self, length: int) -> bool:
        """Whether nothing followed the body, of which h11 has made ``length`` bytes.

        A chunked one ends with an empty chunk; one with a trailer counts as followed by something.
        """
        return self._passed == length or (self._chunked and self._tail == _LAST_CHUNK)


def corrected(head: bytes) -> tuple[bytes, int]:
    """Return a head (without its blank line) as h11 reads it, blank line included, and its status.

    A line that names no header, or whose value has control characters, is left out, as is ``Transfer-Encoding:
    identity``, which means nothing. Raises :class:`MalformedHead`.
    """
    first, *lines = re.split(rb"\r?\n", head)
    status_line = _STATUS_LINE.fullmatch(first.rstrip())
    if status_line is None:
        raise MalformedHead("its status line is malformed")
    major, minor, status, reason = status_line.groups()
    kept = [b"HTTP/%s.%s %s %s" % (major, minor, status, _CONTROLS.sub(b"", reason or b""))]
    for line in _unfolded(lines):
        name, colon, value = line.partition(b":")
        name, value = name.rstrip(b" \t"), value.strip(b" \t")
        if not colon or not _TOKEN.fullmatch(name) or _CONTROLS.search(value):
            continue
        if name.lower() == b"transfer-encoding" and value.lower() == b"identity":
            continue
        kept.append(name + b": " + value)
    return b"\r\n".join(kept) + b"\r\n\r\n", int(status)


def _unfolded(lines: list[bytes]) -> list[bytes]:
    """Join lines that begin with a blank to the one before (obs-fold, RFC 9112, 5.2)."""
    joined: list[bytes] = []
    for line in lines:
        if line[:1] not in (b" ", b"\t"):
            joined.append(line)
        elif joined:
            joined[-1] += b" " + line.strip(b" \t")
    return joined
