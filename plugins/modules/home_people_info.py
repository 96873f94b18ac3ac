#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: home_people_info
short_description: Reads the people of a PRISMA Home tenant
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Reads all people of a tenant with their roles, and returns them also in the shape that
    M(printops.prisma.home_access) takes. This is how the first declared file is made. It changes nothing.
  - It fails rather than return a list that is not complete, or a row that is not exactly one address.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_tenant
  - printops.prisma.tenant
  - printops.prisma.https.tenant_people
attributes:
  check_mode:
    support: full
  diff_mode:
    support: N/A
    details:
      - It changes nothing.
options:
  dotless_domains:
    description:
      - Domains whose addresses are the same with and without dots before the at sign.
      - A text that cannot be the domain of an address is an error. An empty list is none.
    type: list
    elements: str
    default:
      - gmail.com
      - googlemail.com
seealso:
  - module: printops.prisma.home_access
"""

EXAMPLES = r"""
- name: Read the people of a tenant (which comes from the variables printops_tenant_url and so on)
  printops.prisma.home_people_info:
  register: found

- name: Make the first declared file
  ansible.builtin.copy:
    content: "{{ found.declared | to_nice_yaml(indent=2) }}"
    dest: "{{ playbook_dir }}/people.yml"
    mode: "0644"
  delegate_to: localhost

- name: See that the tenant is what was dumped
  printops.prisma.home_access:
    declared: "{{ found.declared }}"
    mode: audit
"""

RETURN = r"""
declared:
  description: The people, as input of O(printops.prisma.home_access#module:declared).
  returned: success
  type: dict
  contains:
    tenant:
      description: Id of the tenant.
      returned: when it was read
      type: str
    mode:
      description: V(audit), so that the file changes nothing until you change it.
      returned: always
      type: str
      sample: audit
    people:
      description: Everybody, each with email, role and applications.
      returned: always
      type: list
      elements: dict
people:
  description: The same people, each with state as well, which is V(active) or V(pending).
  returned: success
  type: list
  elements: dict
  sample:
    - email: jo@example.com
      role: employee
      applications: {prismalytics-dashboard: user}
      state: active
account:
  description: The account in use, as the tenant shows it.
  returned: when the lists were read
  type: str
  sample: automation@example.com
tenant:
  description: Id of the tenant, as read.
  returned: when the lists were read
  type: str
  sample: alpha
proof:
  description: Per list, how many pages and rows were read, the total that it shows, and whether that is complete.
  returned: when the lists were read
  type: dict
  sample:
    people: {pages: 7, rows: 317, total: 317, complete: true}
outcome:
  description:
    - V(in_sync) if all was read, otherwise the word for the failure, as for M(printops.prisma.home_access).
  returned: always, unless an option is refused before the task begins
  type: str
  sample: in_sync
evidence:
  description: What the profile is based on, which is V(simulated), V(recorded) or V(verified).
  returned: always, unless an option or the profile is refused
  type: str
  sample: simulated
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

from ansible_collections.printops.prisma.plugins.module_utils._options.https import TENANT_PEOPLE_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.tenant import TENANT
from ansible_collections.printops.prisma.plugins.module_utils._prisma import home_people
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="home_people_info",
    interface="tenant",
    groups=(
        TENANT,
        TENANT_PEOPLE_HTTP,
    ),
    run=home_people.run_info,
    options={
        "dotless_domains": {"type": "list", "elements": "str", "default": ["gmail.com", "googlemail.com"]},
    },
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
