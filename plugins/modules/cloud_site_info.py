#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_site_info
short_description: Reads the people and printers of a cloud service administration site
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Reads all lists of people of an administration site and its printers, and returns the people also in the shape that
    M(printops.prisma.cloud_access) takes. This is how the first declared file is made. It changes nothing.
  - It fails rather than return a list that is not complete, or a row that is not exactly one address.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_site
  - printops.prisma.site
  - printops.prisma.session_check
  - printops.prisma.https.cloud_site
attributes:
  check_mode:
    support: full
  diff_mode:
    support: N/A
    details:
      - It changes nothing.
options:
  printers:
    description:
      - Read the printers as well, if the profile knows how.
    type: bool
    default: true
  dotless_domains:
    description:
      - Domains whose addresses are the same with and without dots before the at sign. The site stores them without.
      - A text that cannot be the domain of an address is an error. An empty list is none.
    type: list
    elements: str
    default:
      - gmail.com
      - googlemail.com
seealso:
  - module: printops.prisma.cloud_access
"""

EXAMPLES = r"""
- name: Read a site (it comes from the variables printops_site_url and so on)
  printops.prisma.cloud_site_info:
  register: found

- name: Make the first declared file
  ansible.builtin.copy:
    content: "{{ found.declared | to_nice_yaml(indent=2) }}"
    dest: "{{ playbook_dir }}/access.yml"
    mode: "0644"
  delegate_to: localhost

- name: See that the site is what was dumped
  printops.prisma.cloud_access:
    declared: "{{ found.declared }}"
    mode: audit
"""

RETURN = r"""
declared:
  description: The people, as input of O(printops.prisma.cloud_access#module:declared).
  returned: success, unless O(sign_in_only=true)
  type: dict
  contains:
    site:
      description: Name of the site.
      returned: when it was read
      type: str
    mode:
      description: V(audit), so that the file changes nothing until you change it.
      returned: always
      type: str
      sample: audit
    administrators:
      description: Administrators with their applications, invited ones too.
      returned: always
      type: list
      elements: dict
    users:
      description: All others with their applications.
      returned: always
      type: list
      elements: dict
lists:
  description: Every list as the site shows it.
  returned: success, unless O(sign_in_only=true)
  type: dict
  sample:
    administrators: [{email: automation@example.com, since: "2026-11-21"}]
    remote_control_invited: []
printers:
  description: The printers, each with its serial number and, as far as the profile reads them, name, series, licences
    and last_data, which is when the printer last sent data.
  returned: success, if O(printers=true), O(sign_in_only=false), and the profile reads them
  type: list
  elements: dict
account:
  description: The account in use, as the portal shows it.
  returned: when the account was read
  type: str
  sample: automation@example.com
site:
  description: Name of the site, as read. Null if the profile cannot read it.
  returned: when the account was read
  type: str
  sample: north
sign_in:
  description: How the account signed in, which is V(session_file), V(form), V(refresh_token), V(bearer_token), or
    another method of the profile.
  returned: success
  type: str
  sample: session_file
session_ends:
  description: When the session ends, null if that cannot be read from the session file or the token.
  returned: success
  type: str
  sample: "2026-11-22T08:00:00Z"
proof:
  description: Per list, how many pages and rows were read, the total that it shows, and whether that is complete.
  returned: when the lists were read
  type: dict
  sample:
    dashboard: {pages: 7, rows: 317, total: 317, complete: true}
outcome:
  description:
    - V(in_sync) if all was read, otherwise the word for the failure, as for M(printops.prisma.cloud_access).
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

from ansible_collections.printops.prisma.plugins.module_utils._options.https import SITE_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.session_check import SESSION_CHECK
from ansible_collections.printops.prisma.plugins.module_utils._options.site import SITE
from ansible_collections.printops.prisma.plugins.module_utils._prisma import cloud_site_info
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="cloud_site_info",
    interface="site",
    groups=(
        SITE,
        SITE_HTTP,
        SESSION_CHECK,
    ),
    run=cloud_site_info.run,
    options={
        "printers": {"type": "bool", "default": True},
        "dotless_domains": {"type": "list", "elements": "str", "default": ["gmail.com", "googlemail.com"]},
    },
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
