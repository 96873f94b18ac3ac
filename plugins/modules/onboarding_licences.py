#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: onboarding_licences
short_description: Counts the licences that the printers of a wave would use up for good
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - The role P(printops.prisma.onboard#role) has this as its first step, once for each wave. It reads the subscriptions
    of the tenants of all printers of the wave, and says whether the wave may begin.
  - It may if each tenant has enough licences left for the applications that C(onboard_applications) declares, and if
    the run may use up as many licences for good as the wave needs (O(allowed)).
  - It asks no printer, so it finds a printer at its tenant by the serial number that the inventory declares
    (C(printops_serial)). Without it the printer counts as one that has no licence yet, in applications whose licences
    are assigned for good.
  - It counts for all hosts of the wave, except those that a condition of the task leaves out. Nothing is counted if the
    tags of the run select neither C(register) nor C(claim).
  - It does not fail for a wave that must not begin. RV(refusal) says why, and the role gives that to each printer.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
    details:
      - It reads the same. A wave that a run would refuse is a warning then.
  diff_mode:
    support: N/A
  action:
    details:
      - There is nothing else. It counts for all hosts of the wave in one worker of C(ansible-playbook), so let it run
        once.
      - If the steps of all printers of a tenant run on another machine or as ordinary modules, the tenant is not read
        before the wave. Then the licences are counted by what is declared.
  async:
    support: none
options:
  allowed:
    description:
      - How many licences the run may use up for good, over all its waves. A printer that a licence was set aside for
        counts, also if it fails later.
    type: int
    default: 0
"""

EXAMPLES = r"""
# As in the role, before its other steps. There allowed is onboard_assign_licences.
- name: Count the licences that the wave needs
  printops.prisma.onboarding_licences:
    allowed: 3
  register: onboard__licences
  run_once: true
"""

RETURN = r"""
refusal:
  description: Why the wave must not begin. Null if it may, and in check mode.
  returned: success
  type: dict
  contains:
    outcome:
      description: V(not_tried), the outcome of each printer of the wave.
      returned: always
      type: str
    reason:
      description: What is lacking, in words.
      returned: always
      type: str
      sample: this wave needs 12 licences of prismacolor-manager, and the tenant has 9 left
    advice:
      description: What a person should do next.
      returned: always
      type: str
assigns:
  description: How many licences the wave may use up for good.
  returned: success
  type: int
  sample: 3
tenants:
  description: The subscriptions of each tenant, as M(printops.prisma.home_subscription_info) returns them.
  returned: success
  type: dict
printers:
  description: For each printer that is completed at a tenant with applications, its key in RV(tenants), and in
    C(assigns) the applications whose licences may be used up for it.
  returned: success
  type: dict
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
    "allowed": {"type": "int", "default": 0},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("onboarding_licences", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
