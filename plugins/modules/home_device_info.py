#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: home_device_info
short_description: Reads the printers of a PRISMA Home tenant
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Reads all printers of the tenant, with their applications. It changes nothing.
  - It fails if there is no proof that the whole list was read, so a printer that is not in the result is not in the
    tenant.
  - Devices that come by a Cloud Proxy may have no serial number, or that of a printer that is there by its internal
    connector too. They are returned like the others, and a warning names those that are returned.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_tenant
  - printops.prisma.tenant
  - printops.prisma.session_check
  - printops.prisma.https
attributes:
  check_mode:
    support: full
    details:
      - Reads the same in check mode.
  diff_mode:
    support: N/A
options:
  serials:
    description:
      - Return only the printers with these serial numbers, and say in RV(missing) which of them the tenant does not
        have.
      - Case does not matter. Without it all printers are returned.
    type: list
    elements: str
  list_max_age:
    description:
      - Look for O(serials) in a reading of the tenant's whole list that is at most so many seconds old, and that all
        tasks of a run share. The tenant is asked once more for a printer that is not in it.
      - With V(0), and without O(serials), the whole list is read each time.
    type: float
    default: 0
notes:
  - It is read back after the sign-in which tenant the account belongs to, and nothing is returned if that is not
    O(tenant).
  - The account may have the role Employee.
  - No page of PRISMA Home is public. The profiles prisma-home (its pages) and prisma-home-application (JSON) speak to
    the simulator.
seealso:
  - module: printops.prisma.home_device
  - module: printops.prisma.home_subscription_info
  - module: printops.prisma.device_info
"""

EXAMPLES = r"""
- name: Read the tenant once for all printers of the play
  printops.prisma.home_device_info:
    url: https://home.example.com/
    tenant: print-shop-1
    session_file: "{{ playbook_dir }}/home-session.json"
  register: home
  run_once: true

- name: List printers that are registered, but not connected
  ansible.builtin.debug:
    msg: "{{ home.devices | rejectattr('status', 'equalto', 'connected') | map(attribute='serial') }}"
  run_once: true

- name: Ask for some printers
  printops.prisma.home_device_info:
    serials:
      - "730012345"
      - "730012346"
  register: some
  run_once: true

- name: Fail if the tenant lacks some of them
  ansible.builtin.fail:
    msg: "The tenant does not have {{ some.missing | join(', ') }}."
  when: some.missing | length > 0
  run_once: true

- name: Check the sign-in before printers are registered
  printops.prisma.home_device_info:
    sign_in_only: true
    fleet_size: 40
  run_once: true
"""

RETURN = r"""
devices:
  description: The printers, all or those of O(serials), in the order of the tenant.
  returned: success, unless O(sign_in_only=true)
  type: list
  elements: dict
  contains:
    serial:
      description: Serial number, the stable key of a printer, and its licence key too. Empty or null for a device that
        has none.
      returned: always
      type: str
      sample: "730012345"
    status:
      description: V(connecting), V(connected), V(disconnected), or V(other) for a text that the profile does not know.
      returned: always
      type: str
      sample: connected
    name:
      description: The name that people gave it.
      returned: when the profile has it
      type: str
    model:
      description: Printer model.
      returned: when the profile has it
      type: str
    hostname:
      description: Host name, which may be empty.
      returned: when the profile has it
      type: str
    controller_type:
      description: Kind of controller.
      returned: when the profile has it
      type: str
      sample: SRA
    controller_version:
      description: Version of the controller's software.
      returned: when the profile has it
      type: str
    engine_version:
      description: Version of the print engine.
      returned: when the profile has it
      type: str
    ip_address:
      description: The printer's address in its own network.
      returned: when the profile has it
      type: str
    device_id:
      description: Id of a device, which one without a serial number has too.
      returned: when the profile has it
      type: str
    enabled:
      description: Whether the device as a whole is enabled, apart from its applications.
      returned: when the profile has it
      type: bool
    location:
      description: Where it stands, in the words of the tenant's people.
      returned: when the profile has it
      type: str
    communication_type:
      description: V(internal) for the printer's internal cloud connector, V(cloud_proxy), or V(other) for a text that
        the profile does not know.
      returned: when the profile has it
      type: str
      sample: internal
    business_line:
      description: Business line.
      returned: when the profile has it
      type: str
    product_family:
      description: Product family.
      returned: when the profile has it
      type: str
    applications:
      description: The applications of this printer.
      returned: when the profile has it
      type: list
      elements: dict
      contains:
        id:
          description: Id, as M(printops.prisma.home_device) takes it in C(applications).
          returned: always
          type: str
          sample: prismalytics-dashboard
        name:
          description: Name.
          returned: when the profile has it
          type: str
          sample: PRISMAlytics Dashboard
        enabled:
          description: Whether it is enabled for this printer.
          returned: always
          type: bool
        licensed:
          description: Whether there is a licence for this printer's serial number.
          returned: when the profile has it
          type: bool
role:
  description: The role of the account in the tenant, V(administrator) or V(employee). Null if the profile does not read
    it.
  returned: success
  type: str
  sample: administrator
missing:
  description: Those of O(serials) that the tenant does not have, in capital letters.
  returned: success, unless O(sign_in_only=true)
  type: list
  elements: str
  sample:
    - "730012346"
proof:
  description: Why the list is complete.
  returned: when this task read the whole list
  type: dict
  contains:
    pages:
      description: How many pages were read.
      returned: always
      type: int
      sample: 1
    total:
      description: How many printers the tenant itself counts, null if it does not say.
      returned: always
      type: int
      sample: 24
    rows:
      description: How many printers were read.
      returned: always
      type: int
      sample: 24
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
from ansible_collections.printops.prisma.plugins.module_utils._options.session_check import SESSION_CHECK
from ansible_collections.printops.prisma.plugins.module_utils._options.tenant import TENANT
from ansible_collections.printops.prisma.plugins.module_utils._prisma import home_device_info
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="home_device_info",
    interface="tenant",
    groups=(
        TENANT,
        TENANT_HTTP,
        SESSION_CHECK,
    ),
    run=home_device_info.run,
    options={
        "serials": {"type": "list", "elements": "str"},
        "list_max_age": {"type": "float", "default": 0},
    },
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
