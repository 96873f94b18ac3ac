#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: web_write
short_description: Changes a page of any web interface by a profile, and proves it
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Runs a write of a profile with C(interface) V(other), whose writes, inputs and fields the profile itself names. So a
    site changes the one page for which this collection has no module.
  - It first runs the read that proves the write. If that shows what is expected, nothing is sent. Otherwise it writes
    and reads again, and fails unless the change is there.
  - A removal (O(state=absent)) fails if other rows are gone after it, as the fields of O(expect) show them, and names
    these rows.
  - If the list does not show what was written, and other rows have come or gone, these are named, too.
  - After a removal (O(state=absent)) that was sent and is not proven, no later task of the run removes anything by the
    same profile at the same address. A profile that acts on the wrong row would do so again.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_web
  - printops.prisma.web
  - printops.prisma.https
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
options:
  write:
    description:
      - Name of the write in the profile.
    type: str
    required: true
  secret_inputs:
    description:
      - Inputs that no output may show, such as a password to set. They are merged with O(inputs).
    type: dict
  expect:
    description:
      - Values that the read must show afterwards, by the names of its fields. Of a list, one row must have all of them.
      - The default is every input that has the name of a field.
      - A number and its digits are the same, and so are true and the word true.
    type: dict
  state:
    description:
      - V(absent) if afterwards no row of the list may have the values of O(expect).
      - A row is also there in another case of the letters A to Z, as an e-mail address is. A blank value is an error,
        and so is a row that lacks one of the fields and may be the one.
    type: str
    choices: [present, absent]
    default: present
  read:
    description:
      - Name of the read that proves the change. The default is C(verify) of the write in the profile.
    type: str
  read_inputs:
    description:
      - Inputs of that read, if they are not those of the write that have the same names.
    type: dict
  without_proof:
    description:
      - For a write that leaves nothing to read, such as a restart. It is then sent each time the task runs.
    type: bool
    default: false
seealso:
  - module: printops.prisma.web_read
  - module: printops.prisma.profile_draft
"""

EXAMPLES = r"""
- name: Set the location of a queue, which the read of the profile shows as the field location
  printops.prisma.web_write:
    url: https://print-server.example.com/
    username: automation
    password: "{{ vault_print_server_password }}"
    ca_path: /etc/ssl/printers.pem
    profile: our-queue
    write: set_location
    inputs:
      name: press-21
      location: Hall 3

- name: Keep a user off a list (the address and the account come from the variables printops_web_*)
  printops.prisma.web_write:
    write: remove_user
    inputs:
      email: jo@example.com
    expect:
      email: jo@example.com
    state: absent

- name: Set a password that the interface does not show again, and the name of its account
  printops.prisma.web_write:
    write: set_mail_account
    inputs:
      account: scans@example.com
    secret_inputs:
      password: "{{ vault_mail_password }}"

- name: Restart, which leaves nothing to read
  printops.prisma.web_write:
    write: restart
    without_proof: true
"""

RETURN = r"""
fields:
  description: The values that were read, by the names of the profile.
  returned: when the read has no rows
  type: dict
  sample:
    state: idle
rows:
  description: The rows of the list that was read.
  returned: when the read has rows
  type: list
  elements: dict
total:
  description: The number of rows that the interface itself names, null if it names none.
  returned: when the read has rows
  type: int
  sample: 238
pages:
  description: How many pages were read.
  returned: when the read has rows
  type: int
  sample: 5
answer:
  description: The fields of the write, if the profile reads any from its last page.
  returned: when something was written
  type: dict
plan:
  description: What this task changed, or would change, as data. With C(--diff) the same is shown as a diff.
  returned: when the result is changed, also on failure
  type: dict
  contains:
    before:
      description: What was read.
      returned: always
      type: dict
      sample:
        location: Hall 2
    after:
      description: What is declared.
      returned: always
      type: dict
      sample:
        location: Hall 3
evidence:
  description: What the profile is based on, which is V(simulated), V(recorded) or V(verified).
  returned: always, unless an option or the profile is refused
  type: str
  sample: simulated
outcome:
  description:
    - What went wrong, as a word of a closed list.
    - One of V(auth_failed), V(not_tried), V(locked), V(password_change), V(busy), V(timeout), V(unreachable),
      V(untrusted_certificate), V(unsupported) and V(failed).
  returned: failure
  type: str
  sample: auth_failed
reason:
  description: What went wrong, in words. RV(ignore:msg) is the same with the host's name and the advice.
  returned: failure
  type: str
advice:
  description: What a person should do next.
  returned: failure
  type: str
details:
  description: Facts behind the failure, which differ by its kind. Of a page, its title, forms and field names.
  returned: failure
  type: dict
"""

from ansible_collections.printops.prisma.plugins.module_utils._options.https import CONTROLLER_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.web import WEB
from ansible_collections.printops.prisma.plugins.module_utils._prisma import web
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="web_write",
    interface="other",
    groups=(
        WEB,
        CONTROLLER_HTTP,
    ),
    options={
        "write": {"type": "str", "required": True},
        "secret_inputs": {"type": "dict", "no_log": True},
        "expect": {"type": "dict"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "read": {"type": "str"},
        "read_inputs": {"type": "dict"},
        "without_proof": {"type": "bool", "default": False},
    },
    run=web.run_write,
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
