# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a piece of work in a process of its own with limits, and returns what it took. Knows no page and no answer."""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Measured = dict[str, Any]

MEBIBYTES, SECONDS = 1000, 20
"""What the process of one piece of work may use: memory (twice as much address space), and processor time."""


@dataclass(frozen=True)
class Limits:
    """What one piece of work may take: MiB at the peak, the interpreter included, and seconds of processor time."""

    peak: int
    seconds: float

    def exceeded(self, found: Measured) -> bool:
        """Whether what was measured is more than this."""
        return bool(found["peak"] >= self.peak or found["seconds"] >= self.seconds)


def measure(work: Callable[[], str]) -> Measured:
    """Do ``work`` in a child process.

    Returns the result, MiB of memory at the peak, seconds of processor time, and seconds that passed (``waited``).
    """
    receiving, sending = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (2 * MEBIBYTES << 20, 2 * MEBIBYTES << 20))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        used, began = time.process_time(), time.monotonic()
        try:
            result = work()
        except MemoryError:
            result = "memory is used up"
        took = {"seconds": round(time.process_time() - used, 2), "waited": round(time.monotonic() - began, 2)}
        os.write(sending, json.dumps({**took, "result": result}).encode())
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving, "rb") as answer:
        text = answer.read().decode()
    _child, _status, usage = os.wait4(child, 0)
    peak = usage.ru_maxrss // (1 << 20 if sys.platform == "darwin" else 1 << 10)
    found = json.loads(text) if text else {"seconds": SECONDS, "waited": SECONDS, "result": "ended by the system"}
    return {**found, "peak": peak}


def show(what: str, found: Mapping[str, Measured]) -> None:
    """Print a table of what was measured or, with C(--json), all of it for a test."""
    if "--json" in sys.argv:
        print(json.dumps(found))
        return
    print(table(what, found))


def table(what: str, found: Mapping[str, Measured]) -> str:
    """Return what was measured as a Markdown table."""
    lines = [f"| {what} | MiB | seconds of processor | seconds | result |", "|---|---|---|---|---|"]
    for name, each in found.items():
        result = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", each["result"]).replace("|", "\\|")
        lines.append(f"| {name} | {each['peak']} | {each['seconds']} | {each['waited']} | {result} |")
    return "\n".join(lines)
