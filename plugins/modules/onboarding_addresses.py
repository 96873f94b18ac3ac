#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: onboarding_addresses
short_description: Encrypts or removes the registration addresses that a run has left in files
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Anyone who opens a registration address ties the printer to their own tenant. The role
    P(printops.prisma.onboard#role) keeps it in a file until a person has opened it, which is wrong on a machine that is
    thrown away after the job, such as the container of an execution environment.
  - With O(keep=vault) the address of each printer that waits is encrypted as C(ansible-vault) does, written as
    C(HOST.address.vault), and set as data of the run. C(ansible-vault view) shows it. The file with the address and its
    QR code are removed. So is C(HOST.address.vault) once the printer is registered, also by this run.
  - With O(keep=none) both are removed. A printer of the kind SRA shows its address again. A hand-over has to be begun
    again.
  - With either, labels that M(printops.prisma.onboarding_labels) has left in O(folder) are removed too. An address
    whose file cannot be read or removed is a warning that names the printer, and concerns no other one.
  - It reads variables and files only, no printer, and it runs on the controller only.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
    details:
      - It writes and removes nothing.
  diff_mode:
    support: N/A
  action:
    details:
      - There is nothing else. A task that is delegated still runs beside C(ansible-playbook).
  async:
    support: none
options:
  keep:
    description: What becomes of the addresses. V(files) leaves them as they are.
    type: str
    choices: [files, vault, none]
    required: true
  folder:
    description: Where to write encrypted addresses, with mode 0600.
    type: path
    required: true
  vault_id:
    description: The vault id whose password encrypts, one of those given with C(--vault-id).
    type: str
    default: default
  artifact:
    description:
      - Whether to set the encrypted addresses as data of the run too, under the name C(fleet_addresses_) with the id of
        the job and the number of its slice. M(printops.prisma.fleet_report) writes them to files.
    type: bool
    default: false
  check_only:
    description:
      - Write and remove nothing. Only fail if O(keep=vault) and the run has no password of O(vault_id), if printers of
        the play have different values of C(onboard_addresses), or if a variable of the labels or the report has a value
        that cannot be, as the tasks that write them come after the last printer.
      - The run remembers O(keep) for the printers of the wave. While it claims them their addresses are in files, so if
        it is stopped before a task without O(check_only) has run, it encrypts or removes them before it ends.
    type: bool
    default: false
  mode:
    description:
      - The mode of the role, as for M(printops.prisma.report).
    type: str
    choices: [tasks, bulk]
    default: tasks
"""

EXAMPLES = r"""
# As in the role, at its end.
- name: Encrypt the registration addresses
  printops.prisma.onboarding_addresses:
    keep: vault
    folder: onboarding
    vault_id: addresses
    artifact: true
  run_once: true
"""

RETURN = r"""
encrypted:
  description: The files of the encrypted addresses, by printer.
  returned: success, unless O(check_only)
  type: dict
  sample: {"press-07": "/shop/onboarding/press-07.address.vault"}
removed:
  description: Printers whose files were removed.
  returned: success, unless O(check_only)
  type: list
  elements: str
claim_selected:
  description: Whether the tags of the run select the steps of the role that complete a registration (C(claim)).
  returned: success, if O(check_only)
  type: bool
ansible_stats:
  description: What Ansible passes on as data of the run.
  returned: success, if an address was encrypted and O(artifact)
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
    "keep": {"type": "str", "choices": ["files", "vault", "none"], "required": True},
    "folder": {"type": "path", "required": True},
    "vault_id": {"type": "str", "default": "default"},
    "artifact": {"type": "bool", "default": False},
    "check_only": {"type": "bool", "default": False},
    "mode": {"type": "str", "choices": ["tasks", "bulk"], "default": "tasks"},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("onboarding_addresses", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
