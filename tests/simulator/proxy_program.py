# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows how to run the real proxy server (proxy.py) until its parent is gone; nothing of the rest.

Run as `python -m simulator.proxy_program`: reads one line of JSON (port, user, password, log), serves until its
standard input is closed. So it ends also when the simulator is killed and cannot say goodbye.
"""

from __future__ import annotations

import ipaddress
import json
import signal
import sys

import proxy


def serve() -> None:
    order = json.loads(sys.stdin.readline())
    # Ctrl-C reaches every process of a terminal; this one is ended by its parent, after the controllers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with proxy.Proxy(
        hostname=ipaddress.ip_address("127.0.0.1"),
        port=order["port"],
        num_workers=1,
        num_acceptors=1,
        basic_auth=f"{order['user']}:{order['password']}",
        log_file=order["log"],
        data_dir=f"{order['log']}.d",
    ):
        sys.stdin.read()


if __name__ == "__main__":
    serve()
