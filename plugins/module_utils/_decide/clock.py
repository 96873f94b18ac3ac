# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a printer's clock is from this machine's. Pure: both are given; knows time zones by their IANA names."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo


def time_zone(name: str) -> tzinfo:
    """Return the time zone of this IANA name; raise ValueError if this machine does not know it."""
    if name.strip().upper() in ("UTC", "ETC/UTC", "Z"):
        return UTC  # needs no time zone data, which small systems lack
    try:
        return ZoneInfo(name.strip())
    except (ValueError, OSError, LookupError) as error:  # a name that is a path, or is not there
        raise ValueError(f"the time zone {name!r} is not known on this machine") from error


def ahead(shown: str | None, zone: tzinfo, now: datetime) -> int | None:
    """Return by how many seconds a clock that shows ``shown`` (ISO 8601) is ahead of ``now``, None if it is no date.

    A date without an offset is read as local time of ``zone``. Of the two moments that one reading can mean when the
    clocks are put back, the nearer one counts.
    """
    try:
        read = datetime.fromisoformat(str(shown).strip())
        meant = [read] if read.tzinfo is not None else [read.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
        return min((round((moment - now).total_seconds()) for moment in meant), key=abs)
    except (ValueError, OverflowError):
        return None
