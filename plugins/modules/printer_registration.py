#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: printer_registration
short_description: Keeps a printer registered in PRISMA Home, on the side of its controller
version_added: 0.1.0
author:
  - printops.prisma contributors (@printops)
"""

EXAMPLES = r"""
"""

RETURN = r"""
"""

from ansible_collections.printops.prisma.plugins.module_utils._options.controller import CONTROLLER
from ansible_collections.printops.prisma.plugins.module_utils._options.http import CONTROLLER_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.wait import WAIT
from ansible_collections.printops.prisma.plugins.module_utils._prisma import printer_registration
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="printer_registration",
    interface="controller",
    groups=(
        CONTROLLER,
        CONTROLLER_HTTP,
        WAIT,
    ),
    run=printer_registration.run,
    options={
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "retry_failed": {"type": "bool", "default": False},
        "register_again": {"type": "bool", "default": False},
        "assume_ors_ready": {"type": "bool", "default": False},
        "confirm_data_loss": {"type": "bool", "default": False},
        "address_file": {"type": "path"},
        "qr_path": {"type": "path"},
        "return_address": {"type": "bool", "default": False},
    },
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
