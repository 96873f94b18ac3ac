# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a task that may only check the sign-in at a cloud, before printers are registered there."""

from __future__ import annotations

from .group import OptionGroup

DOCUMENTATION = r"""
options:
  sign_in_only:
    description:
      - Only sign in, and prove that the account belongs to what is declared. Nothing else is read.
    type: bool
    default: false
  fleet_size:
    description:
      - How many printers this run registers. The task fails if the account may not register printers, or if its
        session is known to end before one could be registered. It warns if the session is known to end before all are.
      - V(0) checks neither.
    type: int
    default: 0
  at_once:
    description:
      - How many of the O(fleet_size) printers are registered at the same time.
    type: int
    default: 1
"""

SESSION_CHECK = OptionGroup(
    spec={
        "sign_in_only": {"type": "bool", "default": False},
        "fleet_size": {"type": "int", "default": 0},
        "at_once": {"type": "int", "default": 1},
    },
    documentation=DOCUMENTATION,
)
