# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation fragments of the inventory plugins that read a cloud: the options of its modules, once more."""

from __future__ import annotations

import re

from ansible_collections.printops.prisma.plugins.module_utils._options import https, site, tenant


def _optional(documentation: str) -> str:
    """Return ``documentation`` without required options, as the environment may have them, and without variables.

    The file of an inventory plugin is read before there are any variables.
    """
    without = re.sub(r"Variable C\(\w+\),(\s+)environment E", r"Environment variable\1E", documentation)
    return re.sub(r"; for tenant modules[^.]*\.", ".", without).replace("    required: true\n", "")


class ModuleDocFragment:
    """What extends_documentation_fragment printops.prisma.cloud_inventory, and .PART of it, adds."""

    DOCUMENTATION = r"""
options:
  group:
    description: The group of all hosts of this inventory.
    type: str
  group_by:
    description:
      - Fields of a row by which hosts are grouped, each below the group of all hosts. The value V(connected) of
        C(status) makes the group C(status_connected). Of C(applications), those that are enabled.
    type: list
    elements: str
  hostnames:
    description:
      - Fields of a row, of which the first that it has, and that no other host is named by, is the name of the host.
    type: list
    elements: str
notes:
  - Texts of the cloud are never templates.
  - What is read may be cached, which is off by default. The cache holds no secret.
"""

    # Annotated, because ansible-test's yamllint crashes on a plain assignment that is not a literal.
    TENANT: str = _optional(tenant.TENANT.documentation)
    SITE: str = _optional(site.SITE.documentation)
    HTTPS: str = _optional(https.DOCUMENTATION)
    HTTPS_SITE: str = _optional(https.SITE_DOCUMENTATION)
