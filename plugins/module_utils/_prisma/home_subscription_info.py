# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module home_subscription_info: the subscriptions of a PRISMA Home tenant. Changes nothing."""

from __future__ import annotations

from .task import Request
from .tenant import Tenant


def run(request: Request) -> None:
    """Read all subscriptions."""
    tenant = Tenant.of(request)
    request.result.values.update(subscriptions=tenant.read_subscriptions(), role=tenant.role)
