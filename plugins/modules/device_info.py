#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: device_info
short_description: Reads everything that a printer controller shows
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
from ansible_collections.printops.prisma.plugins.module_utils._prisma import device_info
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="device_info",
    interface="controller",
    groups=(
        CONTROLLER,
        CONTROLLER_HTTP,
    ),
    run=device_info.run,
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
