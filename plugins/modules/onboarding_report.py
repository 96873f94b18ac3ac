#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: onboarding_report
short_description: Prints the outcomes of the role onboard and writes them as JSON
version_added: 0.1.0
description:
  - Collects the fact C(onboard_result), which the role P(printops.prisma.onboard#role) leaves for each printer, from
    all hosts of the play, prints it as a table with the advice for each outcome, and writes it as a JSON file.
  - It is an action and runs on the control node.
options:
  path:
    description:
      - Where to write the JSON file (mode 0600). Without it none is written.
      - It is written in check mode as well, as it is output and not state.
    type: path
author:
  - printops.prisma contributors (@printops)
"""

EXAMPLES = r"""
- name: Show what became of the fleet
  printops.prisma.onboarding_report:
    path: onboarding/report.json
  run_once: true
"""

RETURN = r"""
counts:
  description: How many printers ended with each outcome.
  returned: success
  type: dict
  sample: {"onboarded": 22, "ors_not_ready": 2}
path:
  description: Where the JSON file lies.
  returned: success
  type: str
without_result:
  description: Hosts of the play that have no result (yet).
  returned: success
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule

ARGUMENT_SPEC = {"path": {"type": "path"}}


def main() -> None:
    """Say that this is an action: Ansible runs the plugin of the same name instead."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    module.fail_json(msg="onboarding_report is an action plugin and cannot run as a module")


if __name__ == "__main__":
    main()
