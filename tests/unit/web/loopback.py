# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small real web server on loopback that answers as a test says and notes what it was asked. Knows no client."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request as it arrived. Names of headers are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """What is sent back. ``drop``: close instead of answering. ``pause``: seconds before each piece of the body."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    drop: bool = False
    delay: float = 0.0
    pieces: int = 1
    pause: float = 0.0
    announced_length: int | None = None


ELSEWHERE = Answer(303, {"Location": "https://elsewhere.example.net/"})
"""A redirect that no client follows."""

Behaviour = Callable[[Asked], Answer]


@dataclass
class Loopback:
    """A running server. ``connections`` counts those that were accepted, with or without a request."""

    port: int
    scheme: str
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    stop: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/"

    @property
    def paths(self) -> list[str]:
        return [each.path for each in self.asked]


@contextmanager
def serve(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    """Serve on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else the body waits 40 ms for the client's delayed acknowledgement of the head

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length))
            loopback.asked.append(asked)
            answer = behaviour(asked)
            time.sleep(answer.delay)
            if answer.drop:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            announced = len(answer.body) if answer.announced_length is None else answer.announced_length
            self.send_header("Content-Length", str(announced))
            self.end_headers()
            size = max(1, len(answer.body) // answer.pieces)
            for at in range(0, len(answer.body), size):
                time.sleep(answer.pause)
                self.wfile.write(answer.body[at : at + size])
                self.wfile.flush()
            if announced != len(answer.body):
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer  # noqa: N815 - http.server names them

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self) -> tuple[Any, Any]:
            loopback.connections += 1
            return super().get_request()

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # clients that leave in the middle are what these tests are about

    server = Server(("127.0.0.1", 0), Handler)
    loopback = Loopback(server.server_address[1], "https" if tls else "http")
    if tls is not None:  # the handshake happens in the connection's own thread, with its first read
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    loopback.stop = stop
    try:
        yield loopback
    finally:
        stop()


class FakeTime:
    """A clock that only sleeping moves. ``slept`` is every pause, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
