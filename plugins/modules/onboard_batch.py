#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: onboard_batch
short_description: Takes all printers of one batch of a play through the steps of the role onboard
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - This is what the role P(printops.prisma.onboard#role) does with C(onboard_mode=bulk). Each printer goes through the
    same steps as in the role's tasks, by the same modules and in the same order, but in the threads of a few processes
    instead of a process for each task. With hundreds of printers that takes a fraction of the processor time.
  - A batch is what the play's C(serial) makes of its hosts. The task runs once for each of them.
  - What is declared is read from each host's variables, those of the role (C(onboard_*)) and of the modules
    (C(printops_*)), as its own task would see them. C(module_defaults) apply as they do to the tasks.
  - A printer that needs attention does not fail this task, and stops no other printer. The role fails it afterwards.
  - Printers with C(printops_in_process=false), or all if the task is delegated to another machine, are left to the
    tasks of the role.
  - SIGINT, SIGTERM and SIGHUP end the steps that are under way, start no others, and sign out of everything. Summary,
    report (as C(onboard_report) and the variables beside it say) and journal then show what became of each printer, and
    the next run continues.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - There is one difference for each printer and step that has one, with both names in its heading.
  action:
    details:
      - There is nothing else. It runs once for all hosts of the batch, in one worker of C(ansible-playbook).
  async:
    support: none
requirements:
  - segno >= 1.6 for QR codes
options:
  at_once:
    description:
      - How many printers are talked to at the same time. Of one printer never more than one request is under way.
      - A tenant or a site is asked by as many threads as its profile allows (C(limits)).
    type: int
    default: 50
  processes:
    description:
      - How many processes share the printers, each with threads of its own. V(0) stands for as many as there are cores
        that the run may use; in a container its limit counts. A batch has no more than one for each 50 printers.
      - O(at_once) and O(window), the limits of the clouds, canaries and sign-ins hold for all processes together.
    type: int
    default: 0
  window:
    description:
      - How many printers may be started and not finished, including those that wait for a registration address. The
        memory that they need depends on this; of finished printers only the results are kept. If it is less than
        O(at_once), that number counts.
    type: int
    default: 500
  journal:
    description:
      - Where to write, while it happens and one JSON object a line (mode 0600), which printer begins and ends what. The
        first batch of a play begins the file anew. Without it, and in check mode, none is written.
    type: path
"""

EXAMPLES = r"""
# This is the task that the role has. It reads variables that the role's defaults define.
- name: Onboard all printers (bulk)
  printops.prisma.onboard_batch:
    at_once: 50
    journal: onboarding/journal.jsonl
  register: onboard_results
  run_once: true
"""

RETURN = r"""
printers:
  description:
    - What became of each printer, by the name of its host. The values are those of
      M(printops.prisma.onboarding_outcome), such as C(outcome), C(reason), C(advice), C(findings), C(changes) and
      C(attention). Printers that are left to the tasks of the role have C(runs_as_tasks) instead.
  returned: success
  type: dict
run_as_tasks:
  description: Printers that are left to the tasks of the role.
  returned: success
  type: list
  elements: str
  sample: []
counts:
  description: How many printers ended with each outcome, the most frequent first.
  returned: success
  type: dict
  sample: {"onboarded": 12, "ors_not_ready": 2}
findings:
  description: On how many printers each finding was made, the most frequent first.
  returned: success
  type: dict
  sample: {"unlicensed": 1}
play:
  description: Identifies the play, so that a report takes no result of another play of the same run.
  returned: success
  type: str
  sample: 0242ac11-0002-f2d2-0c9e-00000000000a
journal:
  description: Where the journal is.
  returned: success
  type: str
  sample: onboarding/journal.jsonl
outcome:
  description: V(failed), as an option cannot be used.
  returned: failure
  type: str
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

import typing as t

from ansible_collections.printops.prisma.plugins.module_utils._options.action_only import fail_as_module

ARGUMENT_SPEC: dict[str, t.Any] = {
    "at_once": {"type": "int", "default": 50},
    "processes": {"type": "int", "default": 0},
    "window": {"type": "int", "default": 500},
    "journal": {"type": "path"},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("onboard_batch", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
