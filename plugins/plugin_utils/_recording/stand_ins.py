# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes stand-ins for sensitive values: of the same kind and shape, unique, and equal in every run."""

from __future__ import annotations

import random
import re
import string
import typing as t
from collections import Counter

from .sensitive import Kind, is_digest

_HEX = re.compile(r"[0-9a-f]{8,}|[0-9A-F]{8,}")
_NETWORKS = ("192.0.2.", "198.51.100.", "203.0.113.")
"""IPv4 addresses for documentation (RFC 5737). Those of IPv6: RFC 3849; of MAC: RFC 7042; host names: RFC 2606."""


class StandIns:
    """Makes stand-ins. ``taken`` says whether a text is in the recording already, and so cannot be a stand-in."""

    def __init__(self, taken: t.Callable[[str], bool]) -> None:
        self._taken = taken
        self._made: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._hosts: dict[str, str] = {}

    def make(self, kind: Kind, value: str) -> str:
        """Return a stand-in for ``value``. It has only letters, digits and ``-._~:@``, which no encoding changes."""
        for _attempt in range(1000):
            self._counts[kind] += 1
            made = self._candidate(kind, value, self._counts[kind])
            if made not in self._made and made != value and not self._taken(made):
                break
        self._made.add(made)
        if kind == "host":
            self._hosts[value.lower().rstrip(".")] = made
        return made

    def _candidate(self, kind: Kind, value: str, count: int) -> str:
        if kind == "email":
            return f"person-{count}@example.com"
        if kind == "username":
            return f"user-{count}"
        if kind == "host":
            return self._host(value, count)
        if kind == "ip":
            return f"2001:db8::{count:x}" if ":" in value else _ipv4(count)
        if kind == "mac":
            separator = value[2]
            return separator.join(("00", "00", "5E", "00", f"{0x53 + count // 256:02X}", f"{count % 256:02X}"))
        if kind == "password" and is_digest(value):  # a draft asks about it
            return same_shape("0" * 64, random.Random(f"{kind} {count}"))
        if kind == "password" and not value.isdigit():
            return f"stand-in-password-{count}"  # of another shape: the length of a password is sensitive too
        return same_shape(value, random.Random(f"{kind} {count}"))

    def _host(self, value: str, count: int) -> str:
        """Return a host below the stand-in of its domain if there is one, so that cookies of the domain still match."""
        name = value.lower().rstrip(".")
        if "." not in name:
            return f"host-{count}"
        above = name
        while "." in above:
            above = above.partition(".")[2]
            if above in self._hosts:
                return f"host-{count}.{self._hosts[above]}"
        return f"host-{count}.example.com"


def same_shape(value: str, choice: random.Random) -> str:
    """Return a value of the same length and characters: digits for digits, letters for letters, hexadecimal alike."""
    if _HEX.fullmatch(value):
        letters = "abcdef" if value == value.lower() else "ABCDEF"
        return "".join(choice.choice("123456789" if not at else "0123456789" + letters) for at in range(len(value)))
    return "".join(_like(each, at, choice) for at, each in enumerate(value))


def _like(character: str, at: int, choice: random.Random) -> str:
    if character.isdigit():
        return choice.choice(string.digits if at else "123456789")
    if character.isupper():
        return choice.choice(string.ascii_uppercase)
    return character if character in "-._~" else choice.choice(string.ascii_lowercase)


def _ipv4(count: int) -> str:
    network, host = divmod(count - 1, 254)
    if network < len(_NETWORKS):
        return f"{_NETWORKS[network]}{host + 1}"
    rest = count - 1 - 254 * len(_NETWORKS)  # all used: continue in the benchmarking range (RFC 2544)
    return f"198.{18 + rest // 65536 % 2}.{rest // 256 % 256}.{rest % 256}"
