#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: home_device
short_description: Keeps a printer in a PRISMA Home tenant
version_added: 0.1.0
author:
  - printops.prisma contributors (@printops)
"""

EXAMPLES = r"""
"""

RETURN = r"""
"""

from ansible_collections.printops.prisma.plugins.module_utils._options.http import TENANT_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.tenant import TENANT
from ansible_collections.printops.prisma.plugins.module_utils._options.wait import WAIT
from ansible_collections.printops.prisma.plugins.module_utils._prisma import home_device
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="home_device",
    interface="tenant",
    groups=(
        TENANT,
        TENANT_HTTP,
        WAIT,
    ),
    run=home_device.run,
    options={
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "serial": {"type": "str", "required": True},
        "address": {"type": "str", "no_log": True},
        "address_file": {"type": "path"},
        "address_hosts": {"type": "list", "elements": "str"},
        "take_over": {"type": "bool", "default": False},
        "applications": {"type": "dict"},
        "confirm_data_loss": {"type": "bool", "default": False},
        "test": {"type": "bool", "default": False},
    },
    rules={"mutually_exclusive": [("address", "address_file")]},
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
