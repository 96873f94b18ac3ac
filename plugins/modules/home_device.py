#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: home_device
short_description: Keeps a printer in a PRISMA Home tenant
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Claims a printer's registration address for the tenant, unless the tenant already has the printer, waits until
    the tenant shows it, and sets its location, its applications and whether it is enabled as declared. The serial
    number is the key. If the tenant has several devices with it, the one by the printer's internal connector counts.
  - While an address waits, a printer that the tenant lists is not registered, as after a reset of its controller. The
    address is claimed all the same, and kept if the tenant refuses it or still shows the printer disconnected.
  - Registered, enabled for an application, and licensed are three separate facts. Enabling some applications, such as
    PRISMAcolor Manager, assigns a licence to the device for good, which needs O(assign_licence=true). An application
    is not enabled if the tenant's subscription has no licence left for it.
  - It never takes a printer away from another tenant without O(take_over=true), and never sends a registration
    address anywhere but to the tenant, after checking that the address itself leads to a host of PRISMA Home.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_tenant
  - printops.prisma.tenant
  - printops.prisma.https
  - printops.prisma.wait
  - printops.prisma.cloud_hosts
attributes:
  check_mode:
    support: full
    details:
      - It checks the address, if there is one yet, but cannot say whether that is still valid, whether the printer
        belongs to another tenant, or which of the tenant's applications a printer that is not there yet will have.
        Nothing is tested.
  diff_mode:
    support: full
options:
  state:
    description:
      - V(present) claims the printer unless the tenant has it, and sets its applications.
      - V(absent) deletes it from the tenant and demands O(confirm_data_loss). Only the device by the printer's internal
        connector is deleted. Devices with the same serial number that come by a Cloud Proxy are left, and named in
        RV(left) and in a warning. If one is not proven or takes other devices, no later task of the run deletes any.
      - A blank value is an error.
    type: str
    choices: [present, absent]
    default: present
  serial:
    description:
      - Serial number of the printer. Case does not matter.
    type: str
    required: true
  address:
    description:
      - The registration address that the printer shows.
      - Without it and O(address_file) the address is used that M(printops.prisma.printer_registration) saw for this
        serial number earlier in the same run. That one is kept in memory and only there for tasks that run
        in-process.
      - One that leads elsewhere than to PRISMA Home is refused in any case.
    type: str
  address_file:
    description:
      - File that holds the registration address, as M(printops.prisma.printer_registration) writes it.
      - The address that this run keeps in memory is newer and wins. It is removed once the tenant has the printer.
      - By its second line, an address of another printer than O(serial) is not used, and a warning. So is the use of a
        file without that line.
    type: path
  qr_path:
    description:
      - File with the QR code of the address, as M(printops.prisma.printer_registration) made it for a person.
      - It is removed together with O(address_file) once the tenant has the printer.
    type: path
  take_over:
    description:
      - Take the printer over if it belongs to another tenant. Without it such a printer fails with the outcome
        V(owned_by_other).
    type: bool
    default: false
  claimed:
    description:
      - A task before this one has claimed the printer, or found it connecting (RV(pending)). Wait until the tenant
        shows it connected, and do not claim it again.
      - That task has reported the change, also that of O(applications), so give both tasks the same options.
      - In check mode, where nothing was claimed, the tenant is read once.
    type: bool
    default: false
  address_pending:
    description:
      - The registration address is still to be made, so none is looked for. For a task in check mode, before [Register]
        is pressed, that fails on whatever the task that claims the printer would refuse.
    type: bool
    default: false
  printer_registered:
    description:
      - The printer itself shows that it is registered. Then O(address_file) and O(qr_path) are not read but removed, as
        their address is spent.
      - If the tenant does not have the printer all the same, it belongs to another one, and the task fails with the
        outcome V(owned_by_other).
    type: bool
    default: false
  applications:
    description:
      - Whether each application is to be enabled for this printer, by the id that the tenant uses.
      - Applications that are not named are left alone. M(printops.prisma.home_device_info) shows which there are.
    type: dict
  assign_licence:
    description:
      - Allow that enabling the declared O(applications) uses up licences for good. Nobody can undo that. Without it the
        task fails before it sends anything, if one would be used up.
      - RV(plan) says how many of how many are used.
    type: bool
    default: false
  assign_licences_of:
    description:
      - The same for these applications only, as the role P(printops.prisma.onboard#role) allows it.
    type: list
    elements: str
  enabled:
    description:
      - Whether the device as a whole is to be enabled, apart from its applications. Left alone if it is not given.
    type: bool
  location:
    description:
      - The device's [Location]. Left alone if it is not given; an empty text removes it.
    type: str
  registration_method:
    description:
      - How the address is completed. V(link) claims the registration address of a printer that shows one. V(hand_over)
        completes what [Register printer for cloud service] of a Settings Editor began.
    type: str
    choices:
      - link
      - hand_over
    default: link
  display_name:
    description:
      - Name of the printer in the cloud, which a hand-over asks for. Required with O(registration_method=hand_over).
      - It is given once. The name of a printer that the tenant already has is left alone.
    type: str
  list_max_age:
    description:
      - Plan from a reading of the tenant's whole list that is at most so many seconds old, and that all tasks of a run
        share. For many printers that is one reading instead of one request for each.
      - With V(0) the tenant is asked each time. What this run itself has written is never overlooked, and a change is
        always read back.
    type: float
    default: 0
  confirm_data_loss:
    description:
      - Confirms O(state=absent). The printer's accounting data are lost, and a paid licence is not freed.
    type: bool
    default: false
  test:
    description:
      - Have the tenant test its connection to the printer in the end, and fail if that does not pass.
    type: bool
    default: false
notes:
  - The account needs the role Administrator in the tenant. One with the role Employee finds what is as declared, and
    fails before the first write. It is read back after the sign-in which tenant the account belongs to, and nothing is
    done if that is not O(tenant).
  - The registration address is a capability, so it is kept out of results, diffs and logs.
  - How long connecting a printer takes is not documented. For many printers claim all of them with O(wait=false) first,
    then run the same task with O(claimed=true), which waits once for all.
  - No page of PRISMA Home is public. The profiles prisma-home (its pages) and prisma-home-application (JSON) speak to
    the simulator. Without a profile that fits, a person opens the address with a browser.
seealso:
  - module: printops.prisma.printer_registration
  - module: printops.prisma.home_device_info
  - module: printops.prisma.home_subscription_info
"""

EXAMPLES = r"""
- name: Claim the printer that an earlier task of this run has registered, and enable an application
  printops.prisma.home_device:
    url: https://home.example.com/
    tenant: print-shop-1
    username: automation@example.com
    password: "{{ vault_tenant_password }}"
    sign_in_hosts: [login.example.com]
    serial: "730012345"
    applications:
      prismalytics-dashboard: true

- name: Claim an address that stands in a file (the tenant comes from the variables printops_tenant_url and so on)
  printops.prisma.home_device:
    serial: "730012345"
    address_file: "{{ playbook_dir }}/press-07.address"
    test: true

- name: Claim all printers of the play, and do not wait for each
  printops.prisma.home_device:
    serial: "{{ printops_serial }}"
    wait: false
  register: claim

- name: Wait until the tenant shows those that were claimed
  printops.prisma.home_device:
    serial: "{{ printops_serial }}"
    claimed: true
  when: claim.pending | default(false)

- name: Take a printer over from another tenant
  printops.prisma.home_device:
    serial: "730012345"
    address_file: "{{ playbook_dir }}/press-07.address"
    take_over: true

- name: Use one of the licences that are left, for good
  printops.prisma.home_device:
    serial: "730012345"
    location: Hall 3
    enabled: true
    applications:
      prismacolor-manager: true
    assign_licence: true

- name: Delete a printer from the tenant
  printops.prisma.home_device:
    serial: "730012345"
    state: absent
    confirm_data_loss: true
"""

RETURN = r"""
claimed:
  description: Whether this task claimed the printer. One that reads back the claim of another, with O(claimed=true),
    did not.
  returned: with O(state=present), when the tenant's list could be read
  type: bool
  sample: true
device:
  description: The printer as the tenant shows it in the end, with the keys of C(devices) of
    M(printops.prisma.home_device_info), and C(by_cloud_proxy), whether the tenant showed it by a Cloud Proxy
    too.
  returned: success with O(state=present), except in check mode for a printer that the tenant does not have, and
    after a claim with O(wait=false)
  type: dict
left:
  description: Devices with the same serial number that come by a Cloud Proxy, which this task does not touch.
  returned: with O(state=absent), when the tenant's list could be read
  type: list
  elements: dict
  contains:
    device_id:
      description: Id of the device.
      returned: when the profile has it
      type: str
    name:
      description: Its name.
      returned: when the profile has it
      type: str
findings:
  description: What is not as it should be and stops nothing, V(device_disabled).
  returned: with RV(device)
  type: list
  elements: dict
  contains:
    finding:
      description: One of a closed list.
      returned: always
      type: str
      sample: device_disabled
    what:
      description: The same in words.
      returned: always
      type: str
    advice:
      description: What to do.
      returned: always
      type: str
pending:
  description: The tenant does not show the printer yet, or still shows it connecting. The same task with
    O(claimed=true) waits for it.
  returned: when it is so with O(wait=false), except in check mode
  type: bool
  sample: true
test:
  description: The tenant's test of its connection to the printer.
  returned: when O(test=true), except in check mode
  type: dict
  contains:
    result:
      description: One of V(passed), V(failed), V(other) for a text that the profile does not know, and
        V(not_tested).
      returned: always
      type: str
      sample: passed
    text:
      description: What the tenant says about it.
      returned: always
      type: str
address_spent:
  description: The address is of no use any more, as the tenant has the printer or does not know the address.
    O(address_file) and O(qr_path) are removed, unless the file has a newer address, of another run.
  returned: when it is so, except in check mode
  type: bool
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
        applications:
          prismalytics-dashboard: false
        tenant: absent
    after:
      description: What is declared.
      returned: always
      type: dict
      sample:
        applications:
          prismalytics-dashboard: true
        tenant: present
evidence:
  description: What the profile is based on, which is V(simulated), V(recorded) or V(verified).
  returned: always, unless an option or the profile is refused
  type: str
  sample: simulated
outcome:
  description:
    - What went wrong, as a word of a closed list.
    - One of V(owned_by_other), V(wrong_device), V(auth_failed), V(locked), V(password_change), V(not_tried),
      V(untrusted_certificate), V(unsupported), V(busy), V(timeout), V(unreachable) and V(failed).
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

from ansible_collections.printops.prisma.plugins.module_utils._options.cloud_hosts import ADDRESS_HOSTS
from ansible_collections.printops.prisma.plugins.module_utils._options.https import TENANT_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.tenant import TENANT
from ansible_collections.printops.prisma.plugins.module_utils._options.wait import WAIT
from ansible_collections.printops.prisma.plugins.module_utils._prisma import home_device
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="home_device",
    interface="tenant",
    groups=(
        TENANT,
        TENANT_HTTP,
        WAIT,
        ADDRESS_HOSTS,
    ),
    run=home_device.run,
    options={
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "serial": {"type": "str", "required": True},
        "address": {"type": "str", "no_log": True},
        "address_file": {"type": "path"},
        "qr_path": {"type": "path"},
        "claimed": {"type": "bool", "default": False},
        "take_over": {"type": "bool", "default": False},
        "address_pending": {"type": "bool", "default": False},
        "printer_registered": {"type": "bool", "default": False},
        "applications": {"type": "dict"},
        "confirm_data_loss": {"type": "bool", "default": False},
        "registration_method": {"type": "str", "choices": ["link", "hand_over"], "default": "link"},
        "display_name": {"type": "str"},
        "list_max_age": {"type": "float", "default": 0},
        "test": {"type": "bool", "default": False},
        "assign_licence": {"type": "bool", "default": False},
        "assign_licences_of": {"type": "list", "elements": "str"},
        "enabled": {"type": "bool"},
        "location": {"type": "str"},
    },
    rules={"mutually_exclusive": [("address", "address_file")]},
    never_blank=frozenset({"state"}),
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
