#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: onboarding_canaries
short_description: Chooses printers that try the credentials of a fleet before its other printers
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Runs that divide a fleet among them do not know what the others were refused, so a wrong password would cost each of
    them sign-ins. The playbook C(printops.prisma.onboard_canary) tries all credentials before they begin, on the
    printers that this module chooses.
  - It chooses O(count) printers for each credential at each place, of the hosts of the play. A place is what
    C(onboard_canary_place) says, or else tenant and administration site. A credential is an account with its password,
    of a printer, of the viewer, of a tenant or of a site. One that a single printer uses needs no canary.
  - With O(concluded) it says which credentials were accepted in this run, and sets that as data of the run
    (C(onboard_accepted_credentials)), which an engine such as AWX hands to the later jobs of a workflow.
  - It reads variables and the memory of the run only. It runs on the controller, once for all hosts.
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
      - There is nothing else. A task that is delegated still runs beside C(ansible-playbook).
  async:
    support: none
options:
  count:
    description: How many printers to choose for each credential at each place.
    type: int
    default: 2
  concluded:
    description: Whether the canaries, which are the hosts of the play, have signed in.
    type: bool
    default: false
  path:
    description:
      - With O(concluded), where to write C(onboard_accepted_credentials) as JSON, with mode 0600, for C(-e @FILE).
      - A relative path begins in the folder that holds the inventory.
    type: path
notes:
  - The data hold digests (PBKDF2 with a salt) of accounts with their passwords. Who can read the job can try passwords
    against them, some fifty a second on each core, so a guessable password is a risk here too.
"""

EXAMPLES = r"""
# As in the playbook onboard_canary, which then onboards them.
- name: Choose printers that stand for all credentials and places
  printops.prisma.onboarding_canaries:
    count: 2
  register: onboard_canaries
  run_once: true

- name: Set which credentials were accepted
  printops.prisma.onboarding_canaries:
    concluded: true
  run_once: true
"""

RETURN = r"""
canaries:
  description: Names of the printers, first those that are enough for one of each credential and place.
  returned: success, unless O(concluded)
  type: list
  elements: str
  sample: [press-001, press-140]
credentials:
  description: How many credentials need a canary.
  returned: success, unless O(concluded)
  type: int
places:
  description: At how many places printers stand.
  returned: success, unless O(concluded)
  type: int
found:
  description: What became of each credential, with C(account), C(kind) (V(printer), V(tenant) or V(site)), the number
    of C(canaries) that have it, whether it was C(accepted), and how many have C(refused) it.
  returned: success, with O(concluded)
  type: list
  elements: dict
accepted_credentials:
  description: The value of C(onboard_accepted_credentials) for the runs that follow.
  returned: success, with O(concluded)
  type: dict
ansible_stats:
  description: The same, as Ansible passes it on as data of the run.
  returned: success, with O(concluded)
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
    "count": {"type": "int", "default": 2},
    "concluded": {"type": "bool", "default": False},
    "path": {"type": "path"},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("onboarding_canaries", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
