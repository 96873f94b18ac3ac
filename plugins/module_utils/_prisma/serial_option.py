# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option serial, as modules for printers and for clouds read it. Knows no interface."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._decide.serial_number import LONGEST_SERIAL_NUMBER, is_serial_number
from .._decide.text import printable
from .._web.errors import BadInput


def serial_of(options: Mapping[str, t.Any]) -> str:
    """Return the declared serial number, empty if none is. Raises :class:`BadInput` if it can be none."""
    serial = str(options.get("serial") or "").strip()
    if serial and not is_serial_number(serial):
        raise BadInput(
            f"serial is no serial number: {printable(serial, LONGEST_SERIAL_NUMBER)!r}",
            advice="Give serial (printops_serial) as the printer's own web interface shows it.",
        )
    return serial


def required_serial_of(options: Mapping[str, t.Any]) -> str:
    """Return the serial number of the option serial. Raises :class:`BadInput` if it is empty or can be none."""
    serial = serial_of(options)
    if not serial:
        raise BadInput("serial is empty")
    return serial
