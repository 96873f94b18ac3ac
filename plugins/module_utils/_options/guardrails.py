# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guardrails of tasks that name people one by one; cloud_access and home_access have them in the declared file."""

from __future__ import annotations

import typing as t

from .group import OptionGroup

DOCUMENTATION = r"""
options:
  max_removals:
    description:
      - The most people who may lose something by this task. If it were more, nothing is changed at all.
      - A blank value does not lift this guardrail or another one. It is an error.
    type: int
    default: 10
  max_removal_percent:
    description:
      - The same as a percentage of all people there, from 0 to 100.
    type: float
    default: 100
  min_admins:
    description:
      - The fewest active administrators who must remain, at least 1, as the cloud itself demands one.
    type: int
    default: 1
  required_admins:
    description:
      - Administrators who must never be removed.
    type: list
    elements: str
    default: []
  protected:
    description:
      - Patterns such as V(*@example.com) of people who are never removed from a list. V(*) is any text, V(?) any
        character. A pattern that can match no address is an error.
    type: list
    elements: str
    default: []
  dotless_domains:
    description:
      - Domains whose addresses are the same with and without dots before the at sign. An administration site stores
        them without. A text that cannot be the domain of an address is an error.
    type: list
    elements: str
    default:
      - gmail.com
      - googlemail.com
"""

_SPEC: dict[str, dict[str, t.Any]] = {
    "max_removals": {"type": "int", "default": 10},
    "max_removal_percent": {"type": "float", "default": 100},
    "min_admins": {"type": "int", "default": 1},
    "required_admins": {"type": "list", "elements": "str", "default": []},
    "protected": {"type": "list", "elements": "str", "default": []},
    "dotless_domains": {"type": "list", "elements": "str", "default": ["gmail.com", "googlemail.com"]},
}

GUARDRAILS = OptionGroup(spec=_SPEC, documentation=DOCUMENTATION, never_blank=frozenset(_SPEC))
