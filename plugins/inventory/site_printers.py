# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an inventory from the printers of an administration site, as cloud_site_info reads them."""

from __future__ import annotations

DOCUMENTATION = r"""
name: site_printers
short_description: Reads the printers of an administration site
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Each printer of the site is a host, with its fields as the variables C(site_serial), C(site_name) and so on, as
    M(printops.prisma.cloud_site_info) returns them. C(printops_serial) is set too.
  - The file must be named C(NAME.site_printers.yml). It has the options of the module, or the environment has them.
extends_documentation_fragment:
  - constructed
  - printops.prisma.attributes.control_node
  - inventory_cache
  - printops.prisma.cloud_inventory
  - printops.prisma.cloud_inventory.site
  - printops.prisma.cloud_inventory.https_site
options:
  plugin:
    description: The name of this plugin, C(printops.prisma.site_printers).
    type: str
    required: true
    choices: [printops.prisma.site_printers]
  group:
    default: site_printers
  group_by:
    default: [series]
  hostnames:
    default: [name, serial]
"""

EXAMPLES = r"""
# north.site_printers.yml
plugin: printops.prisma.site_printers
site: north
session_file: site-session.json
"""

import typing as t
from collections.abc import Mapping, Sequence

from ..module_utils._prisma.serials import Row
from ..modules.cloud_site_info import TASK
from ..plugin_utils._inventory.cloud_inventory import CloudInventory


class InventoryModule(CloudInventory):
    """Adds the printers of a site to the inventory."""

    NAME = "printops.prisma.site_printers"
    prisma_task = TASK
    endings = (".site_printers.yml", ".site_printers.yaml")
    prefix = "site"

    def rows_of(self, result: Mapping[str, t.Any]) -> Sequence[Row]:
        """Return the rows in the result of cloud_site_info."""
        rows: Sequence[Row] = result.get("printers") or ()
        return rows

    def variables_of(self, row: Row) -> dict[str, t.Any]:
        """Return serial number and address, as far as the row has them."""
        return {"printops_serial": row["serial"]} if row.get("serial") else {}
