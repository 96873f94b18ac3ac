# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a list by serial number: the printers of an administration site, or the devices of a tenant."""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Iterable, Mapping

from .._decide.home_devices import has_serial
from .._decide.serial_number import canonical_serial, same_serial
from .._decide.text import printable
from .._web.errors import UnexpectedPage

Row = Mapping[str, t.Any]


def find_by_serial(rows: Iterable[Row], serial: str) -> dict[str, t.Any] | None:
    """Return the row with this ``serial``, None if there is none."""
    return next((dict(row) for row in rows if same_serial(row["serial"], serial)), None)


def check_each_serial_once(rows: Iterable[Row], what: str) -> None:
    """Raise :class:`UnexpectedPage` if ``rows`` of the list of ``what`` have a serial number more than once."""
    times = Counter(canonical_serial(row["serial"]) for row in rows)
    repeated = [serial for serial, count in times.items() if count > 1]
    if repeated:
        raise UnexpectedPage(
            f"the list of {what} has {len(repeated)} serial numbers more than once, such as {repeated[0]!r}",
            advice="The list changed while it was read, or the profile reads a page twice. Run again.",
        )


def gone_besides(serial: str, before: Iterable[Row], after: Iterable[Row]) -> list[str]:
    """Return in words what is gone between two readings of a whole list besides one row with this ``serial``."""

    def key(row: Row) -> str:
        return canonical_serial(row["serial"]) if has_serial(row) else f"{row.get('name') or row.get('device_id')}"

    gone = Counter(map(key, before)) - Counter(map(key, after)) - Counter([canonical_serial(serial)])
    return [printable(each, 80) for each in sorted(gone)]
