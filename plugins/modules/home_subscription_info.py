#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: home_subscription_info
short_description: Reads the subscriptions of a PRISMA Home tenant
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Reads which applications the tenant has subscribed to, how many devices use each, and how many more may. It changes
    nothing.
  - It fails with the outcome V(unsupported) if the profile does not read subscriptions.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_tenant
  - printops.prisma.tenant
  - printops.prisma.https
attributes:
  check_mode:
    support: full
    details:
      - Reads the same in check mode.
  diff_mode:
    support: N/A
notes:
  - A tenant that uses more devices than its licence allows is blocked from the application as a whole, until devices
    are taken off it.
  - The account may have the role Employee.
seealso:
  - module: printops.prisma.home_device
  - module: printops.prisma.home_device_info
"""

EXAMPLES = r"""
- name: Read the subscriptions of the tenant
  printops.prisma.home_subscription_info:
    url: https://home.example.com/
    tenant: print-shop-1
    client_id: automation
    client_secret: "{{ vault_tenant_secret }}"
  register: home
  run_once: true

- name: List applications that no further device may use
  ansible.builtin.debug:
    msg: "{{ home.subscriptions | selectattr('available', 'equalto', 0) | map(attribute='application') }}"
  run_once: true
"""

RETURN = r"""
subscriptions:
  description: The subscriptions, in the order of the tenant.
  returned: success
  type: list
  elements: dict
  contains:
    application:
      description: The application, by its id or its name.
      returned: always
      type: str
      sample: prismacolor-manager
    type:
      description: Kind of the subscription, in the words of the tenant.
      returned: when the profile has it
      type: str
    used:
      description: How many devices use it.
      returned: when the profile has it
      type: int
      sample: 11
    available:
      description: How many more devices may use it. Null if there is no limit, or the tenant shows none.
      returned: when the profile has it
      type: int
      sample: 9
    ends:
      description: Last day of the subscription.
      returned: when the profile has it
      type: str
      sample: "2027-03-31"
    days_left:
      description: Days until then, negative if it is over. Null if it does not end, or not on an ISO 8601 date.
      returned: always
      type: int
      sample: 125
    permanent:
      description: Whether a licence that is assigned to a device stays with it for good. Null if the tenant does not
        say.
      returned: when the profile has it
      type: bool
      sample: true
role:
  description: The role of the account in the tenant, V(administrator) or V(employee). Null if the profile does not read
    it.
  returned: success
  type: str
  sample: administrator
evidence:
  description: What the profile is based on, which is V(simulated), V(recorded) or V(verified).
  returned: always, unless an option or the profile is refused
  type: str
  sample: simulated
outcome:
  description:
    - What went wrong, as a word of a closed list.
    - One of V(auth_failed), V(locked), V(password_change), V(not_tried), V(untrusted_certificate), V(unsupported),
      V(busy), V(timeout), V(unreachable) and V(failed).
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

from ansible_collections.printops.prisma.plugins.module_utils._options.https import TENANT_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.tenant import TENANT
from ansible_collections.printops.prisma.plugins.module_utils._prisma import home_subscription_info
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="home_subscription_info",
    interface="tenant",
    groups=(
        TENANT,
        TENANT_HTTP,
    ),
    run=home_subscription_info.run,
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
