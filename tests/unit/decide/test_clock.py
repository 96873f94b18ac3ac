# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a printer's clock is off, in its own time zone. Knows no printer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.clock import ahead, time_zone
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)
# Clocks were put back from 03:00 to 02:00 on this day in Berlin: 02:30 was at 00:30 UTC and at 01:30 UTC.
BERLIN_BACK = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "zone", "now", "expected"),
    [
        ("2026-01-31T12:00:00", "UTC", NOON, 0),
        ("2026-01-31 12:05:01", "UTC", NOON, 301),
        ("2026-01-31T11:59:00", "utc", NOON, -60),
        ("2026-01-31T13:00:00", "Europe/Berlin", NOON, 0),
        ("2026-01-31T12:00:00", "Europe/Berlin", NOON, -3600),
        ("2026-01-31T07:00:00", " America/New_York ", NOON, 0),
        ("2026-01-31T13:00:00+01:00", "America/New_York", NOON, 0),
        ("2026-10-25T02:30:00", "Europe/Berlin", BERLIN_BACK, 0),
        ("2026-10-25T02:30:00", "Europe/Berlin", BERLIN_BACK.replace(hour=0), 0),
    ],
)
def test_a_clock_is_compared_in_its_own_zone(shown: str, zone: str, now: datetime, expected: int) -> None:
    assert ahead(shown, time_zone(zone), now) == expected


@pytest.mark.parametrize("shown", [None, "", "None", "yesterday", "12:00"])
def test_what_is_no_date_says_nothing(shown: str | None) -> None:
    assert ahead(shown, UTC, NOON) is None


@given(st.text() | st.datetimes().map(str))
def test_no_text_is_an_error(shown: str) -> None:
    found = ahead(shown, time_zone("Europe/Berlin"), NOON)
    assert found is None or isinstance(found, int)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "/etc/passwd", "../UTC", "Europe/Berlin\0"])
def test_an_unknown_zone_is_told(name: str) -> None:
    with pytest.raises(ValueError, match="is not known on this machine"):
        time_zone(name)
