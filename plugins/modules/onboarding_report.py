#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: onboarding_report
short_description: Prints the outcomes of the role onboard and writes them as JSON
version_added: 0.1.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Collects the results that the role P(printops.prisma.onboard#role) has for the hosts of the play, prints those of
    the batch as a table with the advice for each outcome, and writes all of them as a JSON file.
  - It reads variables only, no printer, and it runs on the controller only.
extends_documentation_fragment:
  - printops.prisma.attributes
attributes:
  check_mode:
    support: full
    details:
      - The report is output and no state, so it is printed and written in check mode too. It then shows
        the predicted outcomes.
  diff_mode:
    support: N/A
  action:
    details:
      - There is nothing else. A task that is delegated still runs beside C(ansible-playbook).
  async:
    support: none
    details:
      - It prints, which nobody would see in the background.
options:
  path:
    description:
      - Where to write the JSON file, with mode 0600. Without it none is written.
      - A folder that is missing is made with mode 0700.
    type: path
  mode:
    description:
      - The mode of the role. It says where the results are, in C(onboard__outcome) of each host or in
        C(onboard_results) of its batch.
    type: str
    choices: [tasks, bulk]
    default: tasks
notes:
  - The report contains no password, cookie, token or registration address. It names the files that hold the
    addresses.
"""

EXAMPLES = r"""
- name: Show what became of the fleet
  printops.prisma.onboarding_report:
    path: onboarding/report.json
  run_once: true
"""

RETURN = r"""
counts:
  description: How many printers ended with each outcome, the most frequent first.
  returned: success
  type: dict
  sample:
    onboarded: 22
    ors_not_ready: 2
findings:
  description: On how many printers each finding was made, the most frequent first.
  returned: success
  type: dict
  sample:
    unlicensed: 3
attention:
  description: Why printers of the batch need attention, by the name of the host.
  returned: success
  type: dict
  sample: {"press-07": "ors_not_ready: ORS is not connected. Call the service technician."}
path:
  description: Where the JSON file lies, null if none was asked for, or if it could not be written, which is a warning.
  returned: success
  type: str
  sample: onboarding/report.json
without_result:
  description: Hosts of the play that have no result, or none yet.
  returned: success
  type: list
  elements: str
  sample: []
outcome:
  description: V(failed), as an option cannot be used.
  returned: failure
  type: str
  sample: failed
reason:
  description: What went wrong, in words.
  returned: failure
  type: str
advice:
  description: What a person should do next.
  returned: failure
  type: str
details:
  description: Facts behind the failure, if there are any.
  returned: failure
  type: dict
"""

from ansible.module_utils.basic import AnsibleModule

ARGUMENT_SPEC = {
    "path": {"type": "path"},
    "mode": {"type": "str", "choices": ["tasks", "bulk"], "default": "tasks"},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    module.fail_json(msg="onboarding_report is an action plugin and cannot run as a module")


if __name__ == "__main__":
    main()
