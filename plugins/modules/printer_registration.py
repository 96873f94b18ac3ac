#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: printer_registration
short_description: Registers a printer at its controller, or unregisters it
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Reads the registration and presses [Register] if the printer needs it and ORS (On Remote Service) is connected
    and enabled. It waits for the registration address, and hands that over as a file, as a QR code, or in memory to
    M(printops.prisma.home_device).
  - It presses at most once. While an address waits, or is being made, it collects that one instead. After a failure
    it presses again only with O(retry_failed=true), and on a registered printer only with O(register_again=true).
  - A PRISMAsync printer shows no address. Its button [Register printer for cloud service] hands over to a page of the
    cloud, at PRISMA Home or at an administration site, where the registration is completed. The profile says which
    way a controller has. The address of that page is treated as a registration address is.
  - It does not complete the registration. That happens in PRISMA Home, where a tenant administrator opens the
    address and signs in, or M(printops.prisma.home_device) claims it. Nor does V(registered) here prove that the
    tenant has the printer.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_controller
  - printops.prisma.controller
  - printops.prisma.https
  - printops.prisma.wait
  - printops.prisma.cloud_hosts
  - printops.prisma.cloud_hosts.urls
attributes:
  check_mode:
    support: full
    details:
      - It says whether [Register] would be pressed, and fails if ORS is not ready for that, or if a printer that hands
        over has no application switched on. It cannot say whether the printer would answer with an address or with an
        error text. No file is written.
  diff_mode:
    support: full
requirements:
  - segno >= 1.6 for O(qr_path)
options:
  state:
    description:
      - V(present) registers the printer unless it is registered or on its way.
      - V(absent) unregisters a registered printer and demands O(confirm_data_loss). An address that waits is not
        withdrawn.
      - A blank value is an error.
    type: str
    choices:
      - present
      - absent
    default: present
  retry_failed:
    description:
      - Press [Register] although the printer shows an error from an earlier attempt. Do so once the service
        technician has been.
    type: bool
    default: false
  press:
    description:
      - Whether [Register] may be pressed. With V(false) only what was pressed before is waited for and collected, and
        where there is nothing to wait for any more the outcome is V(timeout).
      - With V(false), a printer that the task before has seen at work on its address in the last 5 seconds is first
        asked after O(wait_sleep).
    type: bool
    default: true
  register_again:
    description:
      - Press [Register] on a printer that is registered, for an address with which another tenant takes it
        over.
      - The address of a hand-over in O(address_file) waits to be used, and the button is not pressed again. Without
        such a file every run presses, so this is not for a playbook that is repeated.
    type: bool
    default: false
  assume_ors_ready:
    description:
      - In check mode only, do not demand ORS, because an earlier task of the same run would have corrected its
        connection.
      - Without check mode it means nothing. ORS is always demanded before [Register] is pressed.
    type: bool
    default: false
  assume_application_on:
    description:
      - In check mode only, do not demand that a cloud application is switched on, because an earlier task of the same
        run would have switched one on.
      - Without check mode it means nothing. A printer that hands over is always asked before its button is pressed.
    type: bool
    default: false
  claim_before:
    description:
      - When the session ends with which a later task claims the address, in ISO 8601, such as
        RV(printops.prisma.home_device_info#module:session_ends). If too little time is left for that, [Register] is not
        pressed, and the outcome is V(auth_failed).
    type: str
  keep_address:
    description:
      - Whether the address may be kept until a person opens it. With V(false) [Register] is not pressed, as nobody
        would open the address, and the outcome is V(not_tried). No file of an address that waits already is written.
    type: bool
    default: true
  confirm_data_loss:
    description:
      - Confirms O(state=absent), which loses the printer's accounting data in the cloud.
    type: bool
    default: false
  address_file:
    description:
      - File for the registration address, made with mode 0600, on the machine where the task runs.
      - A folder that is missing is made with mode 0700. Room for the file is made before [Register] is pressed, so that
        nothing is pressed whose address could not be kept. A symbolic link is not followed.
      - The file is removed once the printer is registered, as the address is spent.
      - Of a hand-over this file is all that remembers the address, as no controller shows it. While it is there, the
        button is not pressed again. Remove it to have a new address.
      - Its second line is the serial number of the printer. A hand-over of another printer, or of one that the file
        does not name, is a warning, and the button is pressed.
      - Of a hand-over, tasks with the same file take turns, also tasks of another run. Each holds a lock beside the
        file. After 180 seconds of waiting the outcome is V(busy), and the button was not pressed.
    type: path
  qr_path:
    description:
      - File for the QR code of the registration address, made with mode 0600, on the machine where the task runs.
        It must end in V(.svg) or V(.png). An SVG also shows the host that the address leads to.
      - A hand-over has no QR code, and no file is made. An address that is too long for a QR code is a warning.
      - A folder that is missing is made with mode 0700. The file is removed once the printer is registered.
      - This one needs the Python library segno >= 1.6.
    type: path
  return_address:
    description:
      - Return the registration address itself as RV(registration.address), where it is printed and logged like any
        result.
    type: bool
    default: false
notes:
  - The registration address is a capability. A person who opens it and signs in ties the printer to their own tenant.
    An address is refused unless it begins with C(https://), leads to a host of O(address_hosts), O(tenant_url),
    O(site_url) or the profile, and has no user name and no invisible characters.
    So it goes into files of mode 0600 only, unless O(return_address=true). How long it stays valid is not
    documented.
  - An SRA printer needs the account of a customer administrator. A PRISMAsync printer needs an account with the right
    [Access to connectivity settings], which only the System administrator has by default, and for Remote Match with
    [Full access to administration tasks].
  - With O(wait=false) the task returns as soon as [Register] is pressed, and a later task collects the address. For
    many printers this is faster.
  - O(wait) is for the address to appear. It does not wait until the address is claimed.
seealso:
  - module: printops.prisma.home_device
  - module: printops.prisma.ors_status
"""

EXAMPLES = r"""
- name: Register a printer, and leave link and QR code for a person to open
  printops.prisma.printer_registration:
    host: press-07.example.com
    username: automation
    password: "{{ vault_printer_password }}"
    ca_path: /etc/ssl/printers.pem
    serial: "730012345"
    address_file: "{{ playbook_dir }}/press-07.address"
    qr_path: "{{ playbook_dir }}/press-07.svg"
  register: registration

- name: Show what remains to be done
  ansible.builtin.debug:
    msg: "{{ registration.advice }}"
  when: registration.registration.state == 'awaiting_claim'

# Two steps for many printers: all are asked first, then the addresses are collected.
- name: Press [Register]
  printops.prisma.printer_registration:
    wait: false

- name: Collect the registration address
  printops.prisma.printer_registration:

- name: Try once more after the service technician has been
  printops.prisma.printer_registration:
    retry_failed: true

- name: Unregister a printer
  printops.prisma.printer_registration:
    state: absent
    confirm_data_loss: true
"""

RETURN = r"""
pressed:
  description: Whether [Register] was pressed by this task. If another session was faster it is V(false), and the
    registration is what that one has brought about.
  returned: when the registration could be read
  type: bool
  sample: true
registration:
  description: The registration as the controller shows it afterwards.
  returned: when it could be read
  type: dict
  contains:
    state:
      description: One of V(unregistered), V(requested), V(awaiting_claim), V(registered) and V(failed).
      returned: always
      type: str
      sample: awaiting_claim
    method:
      description: How a registration is completed. With V(link) a person opens the registration address, with
        V(hand_over) the page that the button leads to, which also asks for a display name.
      returned: always
      type: str
      sample: link
    text:
      description: The error text in the registration address's place, empty if there is none.
      returned: always
      type: str
      sample: Error while registering
    tenant:
      description: Name of the tenant that the printer belongs to, null if the page does not say.
      returned: always
      type: str
    service:
      description: Which cloud the printer registers with, V(home) or V(site), null if the page does not say.
      returned: always
      type: str
      sample: home
    address_fingerprint:
      description: Short name of the registration address, which differs for two addresses. Null if none waits.
      returned: always
      type: str
      sample: 0d51c4f7a9be
    address_host:
      description: The host that the registration address leads to. Null if none waits.
      returned: always
      type: str
      sample: home.example.com
    address_file:
      description: The file that the address was written to.
      returned: when O(address_file) is given, an address waits, and it is not check mode
      type: str
    qr_path:
      description: The file that the QR code was written to.
      returned: when O(qr_path) is given, an address waits, and it is not check mode
      type: str
    address:
      description: The registration address itself.
      returned: when O(return_address=true) and an address waits
      type: str
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
        registration: unregistered
    after:
      description: What is declared.
      returned: always
      type: dict
      sample:
        registration: awaiting_claim
evidence:
  description: What the profile is based on, which is V(simulated), V(recorded) or V(verified).
  returned: always, unless an option or the profile is refused
  type: str
  sample: simulated
outcome:
  description:
    - What went wrong, as a word of a closed list.
    - One of V(ors_not_ready), V(wrong_device), V(auth_failed), V(locked), V(password_change), V(not_tried),
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
  returned: failure, and while the registration waits for its claim
  type: str
details:
  description: Facts behind the failure, which differ by its kind. Of a page, its title, forms and field names.
  returned: failure
  type: dict
"""

from ansible_collections.printops.prisma.plugins.module_utils._options.cloud_hosts import ADDRESS_HOSTS, CLOUD_URLS
from ansible_collections.printops.prisma.plugins.module_utils._options.controller import CONTROLLER
from ansible_collections.printops.prisma.plugins.module_utils._options.https import CONTROLLER_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.wait import WAIT
from ansible_collections.printops.prisma.plugins.module_utils._prisma import printer_registration
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="printer_registration",
    interface="controller",
    groups=(
        CONTROLLER,
        CONTROLLER_HTTP,
        WAIT,
        ADDRESS_HOSTS,
        CLOUD_URLS,
    ),
    run=printer_registration.run,
    options={
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "retry_failed": {"type": "bool", "default": False},
        "press": {"type": "bool", "default": True},
        "register_again": {"type": "bool", "default": False},
        "assume_ors_ready": {"type": "bool", "default": False},
        "assume_application_on": {"type": "bool", "default": False},
        "claim_before": {"type": "str"},
        "keep_address": {"type": "bool", "default": True},
        "confirm_data_loss": {"type": "bool", "default": False},
        "address_file": {"type": "path"},
        "qr_path": {"type": "path"},
        "return_address": {"type": "bool", "default": False},
    },
    never_blank=frozenset({"state"}),
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
