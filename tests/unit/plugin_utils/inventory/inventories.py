# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory file as Ansible reads it, and the faults that are found in it. Asserts nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.manager import VariableManager
from ansible_collections.printops.prisma.plugins.module_utils._decide.inventory_faults import InventoryFault
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.spec import Variables
from ansible_collections.printops.prisma.plugins.plugin_utils._inventory.check import InventoryCheck
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile

RIGHT = """
printers:
  hosts:
    press-01: {printops_serial: "730012301"}
    press-02: {printops_serial: "730012302"}
  vars:
    printops_username: automation
    printops_password: "a-long-password"
"""
"""An inventory without a fault."""


@cache
def read(path: Path) -> tuple[Any, Any, DataLoader]:
    """Return the hosts and the variables of the inventory at ``path``, which Ansible takes its time to read."""
    loader = DataLoader()
    inventory: Any = InventoryManager(loader, sources=[str(path)])
    return inventory, VariableManager(loader, inventory), loader


def faults_of(path: Path, *, pattern: str = "all", **options: Any) -> list[InventoryFault]:
    """Return the faults of the hosts of ``pattern`` in the inventory at ``path``."""
    inventory, manager, loader = read(path)
    check = InventoryCheck(
        find_profile=lambda value, interface: find_profile(value, interface, str(path.parent)), **options
    )
    for host in inventory.get_hosts(pattern):
        raw = manager.get_vars(host=host, include_hostvars=False)
        check.add(host.name, raw, Variables(raw, Templar(loader, variables=raw).template))
    return list(check.faults())
