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
      - How many printers this run registers. The task fails if the account may not register printers at a tenant, if
        the name of a site is not given, or if the session is known to end before this one could be registered. It
        warns if the session is known to end before all are.
      - The account is read again, at a tenant at most every 10 seconds if the run can sign in again itself. So a
        session that the cloud has ended meanwhile is noticed.
      - V(0) checks neither.
    type: int
    default: 0
  at_once:
    description:
      - How many of the O(fleet_size) printers are registered at the same time.
    type: int
    default: 1
  wait_timeout:
    description:
      - How many seconds the registration address of a printer may take. The session has to last that long, and for
        3 minutes at least.
    type: float
  position:
    description:
      - How many printers are registered before this one, if all of them are checked first. The session has to last
        until its turn.
    type: int
    default: 0
"""

SESSION_CHECK = OptionGroup(
    spec={
        "sign_in_only": {"type": "bool", "default": False},
        "fleet_size": {"type": "int", "default": 0},
        "at_once": {"type": "int", "default": 1},
        "wait_timeout": {"type": "float"},
        "position": {"type": "int", "default": 0},
    },
    documentation=DOCUMENTATION,
)
