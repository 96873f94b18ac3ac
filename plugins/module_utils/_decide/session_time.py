# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a cloud session lasts long enough to onboard printers. Pure."""

from __future__ import annotations

import math

SECONDS_PER_PRINTER = 180
"""An estimate of ours, from [Register] to the printer that the cloud shows: no manual names a time for it."""


SECONDS_OF_WORK = 15
"""An estimate of ours: how long a printer keeps those waiting that have their turn after it."""


def seconds_needed(printers: int, at_once: int) -> int:
    """Return about how long ``printers`` take, of which ``at_once`` are onboarded at the same time."""
    return math.ceil(printers / max(1, at_once)) * SECONDS_PER_PRINTER


def too_short_for_turn(left: float, wait: float = 0, position: int = 0, at_once: int = 1) -> str | None:
    """Return why a printer is not to be registered with a session that lasts ``left`` seconds; None if it may be.

    ``wait``: how long its registration address is waited for at most. ``position``: how many printers are pressed and
    claimed before it, ``at_once`` at the same time; all of them wait for their addresses at the same time.
    """
    rounds = max(0, position) // max(1, at_once)
    needed = max(SECONDS_PER_PRINTER, wait) + rounds * SECONDS_OF_WORK
    if left >= needed:
        return None
    lasts = f"the session ends in {_minutes(left)}"
    if rounds:
        which = f"this printer, number {position + 1} of its wave,"
        return f"{lasts}, and it may take {_minutes(needed)} until {which} is claimed"
    if wait > SECONDS_PER_PRINTER:
        return f"{lasts}, and it may take {_minutes(needed)} until a printer is claimed (onboard_wait_timeout)"
    return f"{lasts}, and a printer needs about {_minutes(needed)}"


def too_short_for_all(left: float, printers: int, at_once: int) -> str | None:
    """Return a warning if the session ends before all ``printers`` are onboarded; None if it lasts."""
    needed = seconds_needed(printers, at_once)
    if left >= needed:
        return None
    return f"the session ends in {_minutes(left)}, and {printers} printers need about {_minutes(needed)}"


def _minutes(seconds: float) -> str:
    minutes = max(0, math.floor(seconds / 60))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
