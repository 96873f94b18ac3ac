# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the proxy server (proxy.py) until its parent ends.

Run as `python -m simulator.proxy_program`. It reads one line of JSON (port, user, password, log) and serves until its
standard input is closed, so it also ends if the simulator is killed.
"""

from __future__ import annotations

import ipaddress
import json
import multiprocessing
import signal
import sys

import proxy


def serve() -> None:
    order = json.loads(sys.stdin.readline())
    # Ctrl-C signals every process of a terminal. The parent ends this one, after the controllers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Python 3.14 does not fork by default: it starts two more interpreters first. The import of proxy has chosen that.
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork", force=True)
    with proxy.Proxy(
        hostname=ipaddress.ip_address("127.0.0.1"),
        port=order["port"],
        num_workers=1,
        num_acceptors=1,
        timeout=120,  # idle seconds of a tunnel, where its ends wait for a processor
        basic_auth=f"{order['user']}:{order['password']}",
        log_file=order["log"],
    ):
        sys.stdin.read()


if __name__ == "__main__":
    serve()
