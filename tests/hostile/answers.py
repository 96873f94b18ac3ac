# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a server that answers as no good one does, each time in a process with limits, and prints what each took.

make venv && .venv/bin/python tests/hostile/answers.py [--json]
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import chain, repeat
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".cache" / "collections"), str(ROOT / "tests")]

from ansible_collections.printops.prisma.plugins.module_utils._web.errors import PrismaError
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    PURPOSE,
    ClientOptions,
    Purpose,
    make_client,
)
from hostile.measured import Limits, measure, show

TIMEOUT = 2.0
"""Seconds of one exchange."""
LIMITS = Limits(peak=200, seconds=3)

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"


@cache
def zeros(mebibytes: int) -> bytes:
    """That many MiB of zeros, compressed."""
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packing.compress(bytes(1 << 20)) for _each in range(mebibytes)) + packing.flush()


def bomb() -> bytes:
    return zeros(256)


def compressed(body: bytes, coding: str) -> bytes:
    return OK + f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def endless(first: bytes, again: bytes) -> Iterator[bytes]:
    """``first``, then ``again`` for ever, as fast as it is taken."""
    return chain([first], repeat(again * (65536 // len(again) + 1)))


def dripping(first: bytes, again: bytes) -> Iterator[bytes]:
    """``first``, then ``again`` for ever, with a pause before each."""
    yield first
    while True:
        time.sleep(0.2)
        yield again


ANSWERS: dict[str, Callable[[], Iterator[bytes]]] = {
    "256 MiB compressed": lambda: iter([compressed(bomb(), "gzip")]),
    "256 MiB compressed twice": lambda: iter([compressed(gzip.compress(bomb()), "gzip, gzip")]),
    "256 MiB compressed, called once what is twice": lambda: iter([compressed(gzip.compress(bomb()), "gzip")]),
    "256 MiB in many members": lambda: iter([compressed(zeros(1) * 256, "gzip")]),
    "compressed, and more behind it without end": lambda: endless(OK + b"Content-Encoding: gzip\r\n\r\n", zeros(8)),
    "a body without end": lambda: endless(OK + b"\r\n", b"x"),
    "chunks without end": lambda: endless(CHUNKED, b"1\r\nx\r\n"),
    "one chunk without end": lambda: endless(CHUNKED + b"ffffffffff\r\n", b"x"),
    "an extension without end": lambda: endless(CHUNKED + b"1;", b"e"),
    "a trailer without end": lambda: endless(CHUNKED + b"0\r\n", b"X: y\r\n"),
    "a header without end": lambda: endless(OK + b"X: ", b"y"),
    "headers without end": lambda: endless(OK, b"X: y\r\n"),
    "cookies without end": lambda: endless(OK, b"Set-Cookie: a=b; Path=/\r\n"),
    "interim answers without end": lambda: endless(b"", INTERIM),
    "a status line without end": lambda: endless(b"HTTP/1.1 200 ", b"O"),
    "a redirect to itself": lambda: iter(
        [b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"]
    ),
    "a header, dripped": lambda: dripping(OK + b"X: ", b"y"),
    "an extension, dripped": lambda: dripping(CHUNKED + b"1;", b"e"),
    "chunks, dripped": lambda: dripping(CHUNKED, b"1\r\nx\r\n"),
    "a body, dripped": lambda: dripping(OK + b"Content-Length: 1000\r\n\r\n", b"x"),
    "interim answers, dripped": lambda: dripping(b"", INTERIM),
    "nothing": lambda: dripping(b"", b""),
}


def serve(answer: Callable[[], Iterator[bytes]]) -> int:
    """Answer every request so, until the program ends; return the port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def respond(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):  # the client leaves in the middle: that is what is measured
            while connection.recv(65536):
                for piece in answer():
                    connection.sendall(piece)
                connection.shutdown(socket.SHUT_WR)

    def accept() -> None:
        while True:
            threading.Thread(target=respond, args=(listening.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return int(listening.getsockname()[1])


def ask(port: int) -> str:
    """Ask once; return how that ended."""
    options = ClientOptions(f"http://127.0.0.1:{port}/", timeout=TIMEOUT, retries=0)
    try:
        with make_client(options) as client:
            answer = client.get("", extensions={PURPOSE: Purpose.READ})
    except PrismaError as error:
        return f"{error.__class__.__name__}: {error}"
    return f"read: {len(answer.content):,} bytes"


def main() -> None:
    """Measure all answers."""
    bomb()  # once, and in no measurement
    show("answer", {name: measure(partial(ask, serve(answer))) for name, answer in ANSWERS.items()})


if __name__ == "__main__":
    main()
