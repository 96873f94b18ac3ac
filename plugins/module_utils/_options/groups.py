# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All option groups, for who must know every variable that stands in for an option. Knows no option itself."""

from __future__ import annotations

import typing as t

from .cloud_hosts import ADDRESS_HOSTS, CLOUD_URLS
from .controller import CONTROLLER
from .group import OptionGroup
from .guardrails import GUARDRAILS
from .https import CONTROLLER_HTTP, SITE_HTTP, TENANT_HTTP, TENANT_PEOPLE_HTTP
from .network import NETWORK
from .session_check import SESSION_CHECK
from .site import SITE
from .tenant import TENANT
from .wait import WAIT
from .web import WEB

GROUPS: tuple[OptionGroup, ...] = (
    CONTROLLER,
    CONTROLLER_HTTP,
    ADDRESS_HOSTS,
    CLOUD_URLS,
    TENANT,
    TENANT_HTTP,
    TENANT_PEOPLE_HTTP,
    SITE,
    SITE_HTTP,
    NETWORK,
    SESSION_CHECK,
    GUARDRAILS,
    WAIT,
    WEB,
)


def variable_specs() -> dict[str, dict[str, t.Any]]:
    """Return the spec of the option that each variable of the groups stands in for."""
    found: dict[str, dict[str, t.Any]] = {}
    for group in GROUPS:
        for option, names in group.variables.items():
            found.setdefault(names[0], dict(group.spec[option]))
    return found
