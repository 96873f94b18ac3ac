#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: onboard_batch
short_description: Takes all printers of a play through the steps of the role onboard, in one task
version_added: 0.1.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - What the role P(printops.prisma.onboard#role) does with C(onboard_mode=bulk). Each printer goes through the same
    steps, by the same functions and in the same order as with M(printops.prisma.onboard_printer), but in the threads of
    one process instead of a process for each task. With hundreds of printers that takes a fraction of the processor
    time and of the memory; how long it takes depends mostly on the printers.
  - What is declared is read from each host's variables, those of the role (C(onboard_*)) and of the modules
    (C(printops_*)), as its own task would see them.
  - A printer that fails stops no other. The task fails at its end where printers need somebody.
  - SIGINT and SIGTERM end the steps that are under way, begin no others, and sign out of everything. The journal then
    says where each printer stands, and the next run continues.
extends_documentation_fragment:
  - printops.prisma.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - There is one difference for each printer and step that has one, with both names in its heading.
  action:
    details:
      - There is nothing else. It runs once for all hosts, in one worker of C(ansible-playbook), and cannot be delegated
        to another machine. The variable C(printops_in_process) is not looked at.
  async:
    support: none
options:
  at_once:
    description:
      - How many printers are talked to at the same time. Of one printer never more than one request is under way.
      - A tenant or a site is asked by as many threads as its profile allows (C(limits)).
    type: int
    default: 50
  window:
    description:
      - How many printers may be begun and not ended, those included that wait for a registration address. The memory
        that they need depends on this; of those that have ended only the results are kept. It is O(at_once) where that
        is more.
    type: int
    default: 500
  serial:
    description:
      - Sizes of waves, as numbers of hosts or percentages of all; the last one is repeated. Of a wave all printers are
        at their end before the next wave begins. Without it there is one wave.
    type: list
    elements: raw
  max_fail_percentage:
    description:
      - When more printers of a wave fail than this percentage, no further wave begins.
    type: float
    default: 100
  report:
    description:
      - Where to write the report (JSON, mode 0600), after each wave. Without it none is written.
    type: path
  journal:
    description:
      - Where to write, while it happens and one JSON object a line (mode 0600), which printer begins and ends what. It
        is made anew by each run. Without it, and in check mode, none is written.
    type: path
"""

EXAMPLES = r"""
# This is the task that the role has. It reads variables that the role's defaults define.
- name: Take the fleet through all steps
  printops.prisma.onboard_batch:
    at_once: 50
    serial: [1, "5%", "25%", "100%"]
    max_fail_percentage: 25
    report: onboarding/report.json
    journal: onboarding/journal.jsonl
  register: onboard_results
  run_once: true
"""

RETURN = r"""
printers:
  description:
    - What became of each printer, by the name of its host. The values are what the variable C(onboard_result) has in
      the role's other mode, such as C(outcome), C(reason), C(advice), C(findings) and C(changes); C(fails) says why a
      printer fails the task.
  returned: success and failure of printers
  type: dict
counts:
  description: How many printers ended with each outcome, the most frequent first.
  returned: success and failure of printers
  type: dict
  sample:
    onboarded: 398
    ors_not_ready: 2
findings:
  description: On how many printers each finding was found, the most frequent first.
  returned: success and failure of printers
  type: dict
path:
  description: Where the report lies.
  returned: success and failure of printers
  type: str
journal:
  description: Where the journal lies, null in check mode.
  returned: success and failure of printers
  type: str
without_result:
  description: Hosts that had no turn, as too many printers of an earlier wave failed.
  returned: success and failure of printers
  type: list
  elements: str
outcome:
  description: V(failed), as an option cannot be used.
  returned: failure of the task itself
  type: str
reason:
  description: What went wrong, in words.
  returned: failure of the task itself
  type: str
advice:
  description: What a person should do next.
  returned: failure of the task itself
  type: str
details:
  description: Facts behind the failure, if there are any.
  returned: failure of the task itself
  type: dict
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

ARGUMENT_SPEC: dict[str, t.Any] = {
    "at_once": {"type": "int", "default": 50},
    "window": {"type": "int", "default": 500},
    "serial": {"type": "list", "elements": "raw"},
    "max_fail_percentage": {"type": "float", "default": 100.0},
    "report": {"type": "path"},
    "journal": {"type": "path"},
}


def main() -> None:
    """Say that this is an action: Ansible runs the plugin of the same name instead."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    module.fail_json(msg="onboard_batch is an action plugin and cannot run as a module")


if __name__ == "__main__":
    main()
