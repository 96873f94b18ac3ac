#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: onboard_printer
short_description: Takes one printer through the steps of the role onboard
version_added: 0.1.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - What the role P(printops.prisma.onboard#role) is made of. It takes the steps in the order of the manual, each by the
    module of this collection that one would use by hand, and leaves out those that are not needed.
  - A stretch of several steps is one task, as a task costs more than a step. All printers of a batch are at the end of
    one stretch before the next one begins, so that they do their waiting side by side.
  - What is declared is read from the role's variables (C(onboard_*)), how printer and cloud are reached from the
    variables C(printops_*) of the modules. C(module_defaults) of these modules are not looked at.
extends_documentation_fragment:
  - printops.prisma.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - There is one difference for each step that has one, with the step's name in its heading.
  action:
    details:
      - There is nothing else. Its steps run in the worker, or as ordinary modules where the task is delegated to
        another machine or the variable C(printops_in_process) is false.
  async:
    support: none
options:
  part:
    description:
      - The stretch to take.
      - V(press) looks at the printer, puts right what is declared, makes sure that ORS is ready, and presses [Register]
        where that is needed.
      - V(claim) collects the registration address and claims the printer for the tenant.
      - V(conclude) waits until the cloud shows the printer, signs out, and says what became of it.
    type: str
    required: true
    choices: [press, claim, conclude]
notes:
  - A step that fails does not fail its stretch; the later steps are then left out. V(conclude) fails where the variable
    C(onboard_fail_on) says so, when the printer is signed out and everything is known of it.
"""

EXAMPLES = r"""
# This is the first of the tasks that the role has. It reads variables that the role's defaults define.
- name: Look, put right what is declared, and press [Register] where it is needed
  printops.prisma.onboard_printer:
    part: press
  register: onboard__walk # where the next stretch looks for it
"""

RETURN = r"""
walk:
  description:
    - What the steps so far came to, for the next stretch, as JSON. In it are C(results), by step, and
      C(failure), the result of the step that failed, null if none did.
  returned: for O(part=press) and O(part=claim)
  type: str
outcome:
  description: What became of the printer, as a word of a closed list; see the README.
  returned: for O(part=conclude), and on failure
  type: str
  sample: onboarded
reason:
  description: What went wrong, in words. Empty where nothing did.
  returned: for O(part=conclude), and on failure
  type: str
advice:
  description: What a person should do next.
  returned: for O(part=conclude), and on failure
  type: str
details:
  description: Facts behind the failure, if there are any.
  returned: when O(part) is not one of the choices
  type: dict
findings:
  description: What else was found, as dictionaries of finding, what and advice.
  returned: for O(part=conclude)
  type: list
  elements: dict
serial:
  description: The serial number that was read.
  returned: for O(part=conclude)
  type: str
changes:
  description: What was changed, or would be in check mode, in words.
  returned: for O(part=conclude)
  type: list
  elements: str
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

ARGUMENT_SPEC: dict[str, t.Any] = {
    "part": {"type": "str", "required": True, "choices": ["press", "claim", "conclude"]},
}


def main() -> None:
    """Say that this is an action: Ansible runs the plugin of the same name instead."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    module.fail_json(msg="onboard_printer is an action plugin and cannot run as a module")


if __name__ == "__main__":
    main()
