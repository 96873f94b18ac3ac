# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a task that may wait for the other side."""

from __future__ import annotations

from .group import OptionGroup

DOCUMENTATION = r"""
options:
  wait:
    description:
      - Wait until the other side has done its part.
    type: bool
    default: true
  wait_timeout:
    description:
      - Longest time to wait, in seconds. How long connecting a printer takes is not documented.
    type: float
    default: 600
  wait_sleep:
    description:
      - Seconds between two reads.
    type: float
    default: 5
"""

WAIT = OptionGroup(
    spec={
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "float", "default": 600},
        "wait_sleep": {"type": "float", "default": 5},
    },
    documentation=DOCUMENTATION,
)
