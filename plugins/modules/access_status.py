#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: access_status
short_description: Writes the outcome of a run on the people of a site or a tenant for a pipeline
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Turns a result of M(printops.prisma.cloud_access) or M(printops.prisma.home_access) into a short status, as
    C(ansible-playbook) has no exit code for it, and writes it as JSON and as JUnit XML.
  - Without O(result), it removes the files of an earlier run, so that nobody takes an old status for that of a run
    which was killed.
  - The role P(printops.prisma.cloud_access#role) uses it for both. Files are written on the machine that runs
    C(ansible-playbook).
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
    details:
      - The status is output and no state, so the files are written and removed in check mode too.
  diff_mode:
    support: N/A
  action:
    details:
      - There is nothing else. A task that is delegated still runs beside C(ansible-playbook).
  async:
    support: none
options:
  result:
    description:
      - The registered result of M(printops.prisma.cloud_access) or M(printops.prisma.home_access), failed or not.
    type: dict
  cloud:
    description:
      - Whose result it is. V(site) is that of M(printops.prisma.cloud_access), V(tenant) of
        M(printops.prisma.home_access).
    type: str
    choices:
      - site
      - tenant
    default: site
  status_file:
    description:
      - Where the status lies as JSON, with mode 0600. A folder that is missing is made with mode 0700.
    type: path
  junit_file:
    description:
      - Where it lies as JUnit XML, in the same way.
    type: path
  plan_file:
    description:
      - Where the module writes the plan. It is removed if O(result) is not given.
    type: path
  markdown_file:
    description:
      - Where it writes the plan as Markdown, in the same way.
    type: path
  removed_people:
    description:
      - With a result of M(printops.prisma.cloud_admin), M(printops.prisma.cloud_user) or M(printops.prisma.home_user),
        the people that the task was to remove (V(state=absent)). Those who were on no list are RV(not_found).
    type: list
    elements: str
seealso:
  - module: printops.prisma.cloud_access
  - module: printops.prisma.home_access
"""

EXAMPLES = r"""
- name: Compare the site with the declared file
  printops.prisma.cloud_access:
    file: "{{ playbook_dir }}/access.yml"
  register: compared
  failed_when: false

- name: Write the status
  printops.prisma.access_status:
    result: "{{ compared }}"
    status_file: "{{ playbook_dir }}/status.json"
    junit_file: "{{ playbook_dir }}/junit.xml"
"""

RETURN = r"""
status:
  description: The status, schema 2, as it is written to O(status_file).
  returned: when O(result) is given
  type: dict
  sample: {"schema": 2, "outcome": "in_sync", "exit_code": 0, "site": "north"}
planned:
  description:
    - The people whom the plan adds, promotes, demotes and removes, by phase, each with the lists that lose them.
  returned: when O(result) is given
  type: dict
  sample: {"remove": {"jo@example.com": ["dashboard", "remote_match"]}}
plan_path:
  description: The O(markdown_file), null if there is none.
  returned: when O(result) is given
  type: str
  sample: access/plan.md
not_found:
  description: Who of O(removed_people) was on no list.
  returned: when O(removed_people) is given
  type: list
  elements: str
  sample: [joe@example.com]
outcome:
  description: V(failed), as an option cannot be used or a file cannot be written.
  returned: failure
  type: str
  sample: failed
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

from ansible_collections.printops.prisma.plugins.module_utils._options.action_only import fail_as_module

ARGUMENT_SPEC = {
    "result": {"type": "dict"},
    "cloud": {"type": "str", "choices": ["site", "tenant"], "default": "site"},
    "status_file": {"type": "path"},
    "junit_file": {"type": "path"},
    "plan_file": {"type": "path"},
    "markdown_file": {"type": "path"},
    "removed_people": {"type": "list", "elements": "str"},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("access_status", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
