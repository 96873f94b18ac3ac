# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Feeds damaged input to one reader, in a process of its own with bounded memory.

    python tests/fuzz/program.py page|har|profile SEED INPUTS FOLDER

The last line of its output is JSON: how many inputs, how long the slowest took (seconds), the peak of memory (MiB).
An input that ends in anything but our own errors, or takes too long, is kept in FOLDER and the exit status is 1.
"""

from __future__ import annotations

import json
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / ".cache" / "collections")]

from ansible_collections.printops.prisma.plugins.module_utils._web.errors import PrismaError
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from ansible_collections.printops.prisma.plugins.module_utils._web.page.summary import summary
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import SHIPPED, find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import read_har

SLOWEST = 10
"""Seconds for one input, on a machine that others use as well."""
MOST_MEMORY = 1024
"""MiB of address space beyond what the program has when it begins."""

RECORDINGS = sorted((ROOT / "tests" / "fixtures" / "recordings").rglob("*.har"))
_TYPES = ("text/html; charset=utf-8", "text/html", "application/json", "text/plain", "text/html; charset=utf-16", None)
_PIECES = (
    *(b"<table>", b"</table>", b"<tr>", b"<td colspan=99999 rowspan=99999>", b"<form action='//[::1'>", b"<frameset>"),
    *(b"<select multiple>", b"<option selected>", b"<base href='http://['>", b"<!--", b"]]>", b"&#x110000;", b"\x00"),
    *(b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"<meta charset=rot13>"),
    *(b"<meta http-equiv=refresh content='0;url='>", b"[" * 2000, b'{"a":' * 2000, b"<div>" * 3000),
    *(b"<table><tr><td>" * 300, b"1e999", b"-", b"9" * 5000, b"&" * 500),
    *(b"*x", b"&x ", b"!!python/object:os.system ", b"? ", b"- " * 500, b"<<: ", b"${", b"\t", b": "),
    *(b"\n  ", b"null", b'"'),
    *(b'"encoding":"base64",', b'"text":', b'"entries":', b"true", b"-1", b"\\ud800", b"\\u0000", b"{}", b"[]", b","),
)  # fmt: skip


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return ``data`` with a few changes: bytes flipped, pieces put in, doubled, moved, left out, or an end cut off."""
    made = bytearray(data)
    for _change in range(chance.choice((1, 1, 2, 3, 8, 30))):
        at, end = sorted((chance.randrange(len(made) + 1), chance.randrange(len(made) + 1)))
        end = min(end, at + chance.choice((1, 4, 40, 2000)))
        match chance.randrange(7):
            case 0 if made:
                made[min(at, len(made) - 1)] = chance.randrange(256)
            case 1:
                made[at:at] = chance.choice(_PIECES)
            case 2:
                made[at:end] = b""
            case 3:
                made[at:at] = made[at:end] * chance.choice((1, 2, 50))
            case 4:
                piece = made[at:end]
                del made[at:end]
                other = chance.randrange(len(made) + 1)
                made[other:other] = piece
            case 5:
                del made[end:]
            case _:
                made[at:end] = chance.choice(_PIECES)
        del made[2_000_000:]
    return bytes(made)


def pages() -> list[bytes]:
    """Return the bodies of all recordings."""
    return [each.response_body for path in RECORDINGS for each in read_har(path).exchanges if each.response_body]


def read_one_page(data: bytes, chance: random.Random, folder: Path) -> None:
    """Read it as one of several types, as ``profile_check`` and every error message do."""
    json.dumps(summary(read_page(data, chance.choice(_TYPES), "https://printer.example.com/a/b?c")))


def read_one_har(data: bytes, chance: random.Random, folder: Path) -> None:
    """Read it from a file, and every page in it."""
    path = folder / "input.har"
    path.write_bytes(data)
    for each in read_har(path).exchanges:
        read_page(each.response_body, each.response_type, each.url)


def read_one_profile(data: bytes, chance: random.Random, folder: Path) -> None:
    """Read it from a file; its size and time of change tell versions apart, so each has a name of its own."""
    path = folder / f"input-{chance.getrandbits(64):x}.yml"
    path.write_bytes(data)
    try:
        find_profile(str(path), None, None)
    finally:
        path.unlink()


READERS: dict[str, tuple[Callable[[bytes, random.Random, Path], None], Callable[[], list[bytes]]]] = {
    "page": (read_one_page, pages),
    "har": (read_one_har, lambda: [path.read_bytes() for path in RECORDINGS]),
    "profile": (read_one_profile, lambda: [path.read_bytes() for path in sorted(SHIPPED.glob("*.yml"))]),
}


class TooLong(Exception):
    """One input took longer than ``SLOWEST``."""


def _too_long(_number: int, _frame: Any) -> None:
    raise TooLong


def main(reader: str, seed: int, inputs: int, folder: Path) -> int:
    """Feed one reader and return the exit status."""
    read, seeds_of = READERS[reader]
    seeds = seeds_of()
    for data in seeds:
        read(data, random.Random(0), folder)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limit = used + MOST_MEMORY * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    signal.signal(signal.SIGALRM, _too_long)
    chance = random.Random(seed)
    refused, slowest = 0, 0.0
    for count in range(inputs):
        data = damaged(chance.choice(seeds), chance)
        at = time.monotonic()
        signal.alarm(SLOWEST)
        try:
            read(data, chance, folder)
        except PrismaError:
            refused += 1
        except BaseException:  # noqa: BLE001 - whatever it is, the input is to be kept
            signal.alarm(0)
            kept = folder / f"crash-{reader}-{seed}-{count}"
            kept.write_bytes(data)
            traceback.print_exc()
            print(f"kept: {kept}")
            return 1
        signal.alarm(0)
        slowest = max(slowest, time.monotonic() - at)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"inputs": inputs, "refused": refused, "slowest": round(slowest, 3), "peak_mib": peak}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])))
