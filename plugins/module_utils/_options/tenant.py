# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which a task reaches a PRISMA Home tenant. How to sign in is in ``cloud.py``."""

from __future__ import annotations

from .cloud import cloud_group

_DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of PRISMA Home.
      - Variable C(printops_tenant_url), environment E(PRINTOPS_TENANT_URL).
    type: str
    required: true
  tenant:
    description:
      - Id of the tenant. It is read back after the sign-in, and nothing is done if it is another one.
      - A blank value of the option or the variable is an error.
      - Variable C(printops_tenant), environment E(PRINTOPS_TENANT).
    type: str
    required: true
"""

TENANT = cloud_group(
    "tenant",
    "prisma-home",
    _DOCUMENTATION,
    {
        "url": ("printops_tenant_url", {"type": "str", "required": True}),
        "tenant": ("printops_tenant", {"type": "str", "required": True}),
    },
)
