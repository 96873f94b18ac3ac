#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: check_inventory
short_description: Checks the variables of an inventory before anything is sent
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Reads the variables of all printers and reports misspelt names, wrong values, serial numbers without quotes,
    printers that are there twice, missing credentials, unknown applications, values that are still those of the example
    which was copied, a pattern that matches no host, and tags that name no step. No request is sent.
  - The playbooks C(printops.prisma.onboard_fleet) and C(printops.prisma.check_fleet) run it first. The others run it
    first for their command line alone (O(arguments)).
  - Serious faults fail the task. A single one is its message; several are listed before it. The others are warnings,
    each once for all hosts.
  - A variable that the templates of the inventory use is taken for one of the inventory's own, whatever its name.
  - A value that a lookup would fetch, and one that is encrypted with ansible-vault, is not read.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
  diff_mode:
    support: N/A
  action:
    details:
      - There is nothing else. It runs once for all hosts, in one worker of C(ansible-playbook).
  async:
    support: none
options:
  hosts:
    description:
      - The hosts that are printers, as a pattern of Ansible. C(--limit) applies as well.
      - If no host matches, the task fails. With O(arguments), an empty pattern says that there is no default.
    type: str
    default: all
  hosts_variables:
    description:
      - Variables that may hold a pattern of hosts, for O(arguments). Each that is set must match a host. If none is
        set, O(hosts) must.
    type: list
    elements: str
    default: [onboard_hosts]
  arguments:
    description:
      - Variables that a playbook has with C(-e), beside those of the collection. A variable given with C(-e) that is
        like one of them, and is none, is a fault.
      - If this is set, only the command line is checked, and not the variables of the printers. The values given with
        C(-e) for variables of the collection are checked too.
    type: list
    elements: str
  booleans:
    description:
      - Those of O(arguments) that must be true or false. A condition of Ansible takes any other word for false.
    type: list
    elements: str
    default: []
  on_faults:
    description:
      - V(fail) fails the task for serious faults. V(warn) turns them into warnings, and only the printers with a
        wrong variable fail then. V(skip) checks nothing.
    type: str
    choices: [fail, warn, skip]
    default: fail
  own_variables:
    description:
      - Names of your own variables that begin with C(printops_) or C(onboard_).
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Check the variables of the printers
  printops.prisma.check_inventory:
    hosts: printers

- name: Check what was given with -e to a playbook of your own
  printops.prisma.check_inventory:
    hosts_variables: [maintenance_hosts]
    arguments: [maintenance_hosts, maintenance_until]
"""

RETURN = r"""
checked:
  description: How many hosts were checked.
  returned: always
  type: int
  sample: 400
faults:
  description: All faults, serious ones first. On a failure they are in the output.
  returned: success
  type: list
  elements: dict
  contains:
    serious:
      description: Whether the fault fails the task.
      returned: always
      type: bool
    what:
      description: What is wrong, with the name of the variable.
      returned: always
      type: str
      sample: "printops_serail is no variable of this collection, so it has no effect: did you mean printops_serial?"
    advice:
      description: What a person should do next.
      returned: always
      type: str
    hosts:
      description: The hosts that have it. Empty for a fault of the whole run.
      returned: always
      type: list
      elements: str
    where:
      description: File and line, if they are known.
      returned: always
      type: str
      sample: inventory.yml:12
outcome:
  description: V(failed), as there are serious faults, or an option cannot be used.
  returned: failure
  type: str
reason:
  description: What is wrong, in words.
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
    "hosts": {"type": "str", "default": "all"},
    "hosts_variables": {"type": "list", "elements": "str", "default": ["onboard_hosts"]},
    "arguments": {"type": "list", "elements": "str"},
    "booleans": {"type": "list", "elements": "str", "default": []},
    "on_faults": {"type": "str", "choices": ["fail", "warn", "skip"], "default": "fail"},
    "own_variables": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("check_inventory", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
