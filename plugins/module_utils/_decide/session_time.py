# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a cloud session lasts long enough to onboard printers. Pure."""

from __future__ import annotations

import math

SECONDS_PER_PRINTER = 180
"""An estimate of ours, from [Register] to the printer that the cloud shows: no manual names a time for it."""


def seconds_needed(printers: int, at_once: int) -> int:
    """Return about how long ``printers`` take, of which ``at_once`` are onboarded at the same time."""
    return math.ceil(printers / max(1, at_once)) * SECONDS_PER_PRINTER


def too_short_for_one(left: float) -> str | None:
    """Return why no printer is to be registered with a session that lasts ``left`` seconds; None if one may be."""
    if left >= SECONDS_PER_PRINTER:
        return None
    return f"the session ends in {_minutes(left)}, and a printer needs about {_minutes(SECONDS_PER_PRINTER)}"


def too_short_for_all(left: float, printers: int, at_once: int) -> str | None:
    """Return a warning if the session ends before all ``printers`` are onboarded; None if it lasts."""
    needed = seconds_needed(printers, at_once)
    if left >= needed:
        return None
    return f"the session ends in {_minutes(left)}, and {printers} printers need about {_minutes(needed)}"


def _minutes(seconds: float) -> str:
    minutes = max(0, math.floor(seconds / 60))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
