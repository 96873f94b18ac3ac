#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: web_read
short_description: Reads a page of any web interface by a profile
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Runs a read of a profile with C(interface) V(other), whose reads, inputs and fields the profile itself names. So a
    site reads the one page for which this collection has no module.
  - A list is read to its proven end, or the task fails.
  - With O(expect), the task fails unless the interface shows these values.
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
    support: N/A
    details:
      - It changes nothing.
options:
  read:
    description:
      - Name of the read in the profile.
    type: str
    required: true
  expect:
    description:
      - Values that the read must show, by the names of its fields. Of a list, one row must have all of them.
      - A number and its digits are the same, and so are true and the word true.
    type: dict
  state:
    description:
      - V(absent) if no row of the list may have the values of O(expect).
      - A row is also there in another case of the letters A to Z, as an e-mail address is. A blank value is an error,
        and so is a row that lacks one of the fields and may be the one.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: printops.prisma.web_write
  - module: printops.prisma.profile_draft
"""

EXAMPLES = r"""
- name: Read the state of a queue, by a profile of our own in profiles/our-queue.yml
  printops.prisma.web_read:
    url: https://print-server.example.com/
    username: automation
    password: "{{ vault_print_server_password }}"
    ca_path: /etc/ssl/printers.pem
    profile: our-queue
    read: queue
    inputs:
      name: press-21
  register: queue

- name: Show it
  ansible.builtin.debug:
    msg: "{{ queue.fields.state }}"

- name: Fail if a guest is among the users (the address and the account come from the variables printops_web_*)
  printops.prisma.web_read:
    read: users
    expect:
      group: guests
    state: absent
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
    name="web_read",
    interface="other",
    groups=(
        WEB,
        CONTROLLER_HTTP,
    ),
    options={
        "read": {"type": "str", "required": True},
        "expect": {"type": "dict"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    run=web.run_read,
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
