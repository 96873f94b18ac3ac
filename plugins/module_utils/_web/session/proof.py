# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What proves after a new sign-in that it leads to where the session before it was. Knows no meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Proof:
    """What is read after each sign-in that takes the place of a session that has ended, before anything else is sent.

    ``prove`` makes the ``reading``, and raises if this is not the account, tenant or printer that it was before.
    ``facts``: names of what an earlier task may have proven so, which holds for the session that has ended alone.
    """

    reading: str
    prove: Callable[[], object]
    facts: frozenset[str] = frozenset()
