# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Into which waves a fleet is divided, and when a wave was too bad to go on. Pure.

The same numbers as Ansible's C(serial) and C(max_fail_percentage), which cannot help a task that has all hosts.
"""

from __future__ import annotations

from collections.abc import Sequence


def waves(hosts: Sequence[str], sizes: Sequence[int | str]) -> list[list[str]]:
    """Return ``hosts`` in waves. ``sizes``: numbers, or percentages of all hosts; the last one is repeated.

    Raises :class:`ValueError` for a size that is neither.
    """
    numbers = [_number(size, len(hosts)) for size in sizes] or [len(hosts)]
    divided: list[list[str]] = []
    left = list(hosts)
    while left:
        number = numbers[min(len(divided), len(numbers) - 1)] or len(left)
        divided.append(left[:number])
        left = left[number:]
    return divided


def _number(size: int | str, of: int) -> int:
    """Return a number of hosts; 0 is all that are left."""
    text = str(size).strip()
    try:
        if text.endswith("%"):
            share = float(text[:-1])
            if 0 < share <= 100:
                return max(1, int(share / 100 * of))
        elif int(text) >= 0:
            return int(text)
    except ValueError:
        pass
    raise ValueError(f"{size!r} is neither a number of hosts nor a percentage")


def too_many_failed(failed: int, wave: int, max_fail_percentage: float) -> bool:
    """Whether of a wave of so many hosts more than that failed, or all of them: after those Ansible stops whatever."""
    # As Ansible compares: 7 / 100 * 100 would be more than 7.
    return wave > 0 and (failed == wave or failed / wave > max_fail_percentage / 100)
