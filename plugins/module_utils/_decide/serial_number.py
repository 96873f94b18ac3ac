# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be a printer's serial number: the key of a printer in the cloud and in the memory of a run. Pure.

Serial numbers are compared without case and outer spaces (domain.md, "PRISMA Home: devices").
"""

from __future__ import annotations

import typing as t

LONGEST_SERIAL_NUMBER = 100
"""Characters of a serial number. No manual names a limit: far more than any has."""


def is_serial_number(text: str) -> bool:
    """Whether ``text`` can be a serial number: not empty, not too long, and without controls and format characters."""
    return bool(text.strip()) and len(text) <= LONGEST_SERIAL_NUMBER and text.isprintable()


def canonical_serial(serial: t.Any) -> str:
    """Return the spelling by which serial numbers are compared."""
    return str(serial).strip().upper()


def same_serial(one: t.Any, other: t.Any) -> bool:
    """Whether two spellings are the serial number of one printer."""
    return canonical_serial(one) == canonical_serial(other)
