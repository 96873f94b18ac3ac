# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an inventory from the devices of a PRISMA Home tenant, as home_device_info reads them."""

from __future__ import annotations

DOCUMENTATION = r"""
name: home_devices
short_description: Reads the devices of a PRISMA Home tenant
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Each device of the tenant is a host, with its fields as the variables C(home_serial), C(home_model) and so on, as
    M(printops.prisma.home_device_info) returns them. C(printops_serial) and C(printops_host) are set too.
  - It fails if there is no proof that the whole list was read.
  - The file must be named C(NAME.home_devices.yml). It has the options of the module, or the environment has them.
extends_documentation_fragment:
  - constructed
  - printops.prisma.attributes.control_node
  - inventory_cache
  - printops.prisma.cloud_inventory
  - printops.prisma.cloud_inventory.tenant
  - printops.prisma.cloud_inventory.https
options:
  plugin:
    description: The name of this plugin, C(printops.prisma.home_devices).
    type: str
    required: true
    choices: [printops.prisma.home_devices]
  group:
    default: home_devices
  group_by:
    default: [status, model, applications]
  hostnames:
    default: [hostname, name, serial, device_id]
"""

EXAMPLES = r"""
# tenant.home_devices.yml
plugin: printops.prisma.home_devices
url: https://home.example.com/
tenant: print-shop-1
session_file: home-session.json
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/printops
keyed_groups:
  - key: home_location
    prefix: location
"""

import typing as t
from collections.abc import Mapping, Sequence

from ..module_utils._decide.home_devices import has_serial
from ..module_utils._prisma.serials import Row
from ..modules.home_device_info import TASK
from ..plugin_utils._inventory.cloud_inventory import CloudInventory


class InventoryModule(CloudInventory):
    """Adds the devices of a tenant to the inventory."""

    NAME = "printops.prisma.home_devices"
    prisma_task = TASK
    endings = (".home_devices.yml", ".home_devices.yaml")
    prefix = "home"

    def rows_of(self, result: Mapping[str, t.Any]) -> Sequence[Row]:
        """Return the rows in the result of home_device_info."""
        rows: Sequence[Row] = result["devices"]
        return rows

    def variables_of(self, row: Row) -> dict[str, t.Any]:
        """Return serial number and address, as far as the row has them."""
        found = {"printops_host": row.get("hostname") or row.get("ip_address")}
        found |= {"printops_serial": row["serial"]} if has_serial(row) else {}
        return {name: value for name, value in found.items() if value}
