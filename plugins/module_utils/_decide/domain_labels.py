# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two spellings of an internationalised domain label, by IDNA 2008 (RFC 5890). Pure.

The library ``idna`` is imported here and not in ``_web/libraries.py``, as decisions import no other part of the
collection. That file reports it with the others if it is missing.
"""

from __future__ import annotations

try:
    import idna
except ImportError as error:  # pragma: no cover - the environment decides
    IMPORT_ERROR = str(error)
else:
    IMPORT_ERROR = ""


def a_label(label: str) -> str:
    """Return the A-label of a label in Unicode; "" where IDNA 2008 has none. Nothing is mapped before."""
    try:
        return idna.alabel(label).decode("ascii")
    except (ValueError, IndexError):  # idna.IDNAError is a UnicodeError, and that a ValueError
        return ""


def u_label(label: str) -> str:
    """Return the Unicode spelling of an A-label; "" if it is none, or if its spelling has another A-label."""
    try:
        spelled = idna.ulabel(label)
    except (ValueError, IndexError):
        return ""
    return spelled if a_label(spelled) == label else ""
