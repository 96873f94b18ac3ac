#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: device_info
short_description: Reads everything that a printer's controller shows
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Reads, with one sign-in, serial number and versions, the certificate's fingerprint and end, ORS (On Remote Service),
    the proxy client and the registration.
  - It changes nothing, and it says only what the controller says. Whether a printer is registered is proven by the
    tenant, which M(printops.prisma.home_device_info) reads.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_controller
  - printops.prisma.controller
  - printops.prisma.https
attributes:
  check_mode:
    support: full
    details:
      - Reads the same in check mode.
  diff_mode:
    support: N/A
options:
  clock_zone:
    description:
      - Time zone, by its IANA name, of the date and time that the controller shows. They are compared with the clock of
        the machine that this module runs on.
    type: str
    default: UTC
notes:
  - An SRA printer needs the account of a customer administrator. A PRISMAsync printer needs an account with the right
    [Access to connectivity settings], which only the System administrator has by default, and for Remote Match with
    [Full access to administration tasks].
  - Anyone who opens a registration address can tie the printer to their own tenant, so only its fingerprint is
    returned.
seealso:
  - module: printops.prisma.ors_status
  - module: printops.prisma.home_device_info
"""

EXAMPLES = r"""
- name: Read a printer whose certificate is pinned, and check that it is the expected one
  printops.prisma.device_info:
    host: press-07.example.com
    username: automation
    password: "{{ vault_printer_password }}"
    tls_fingerprint:
      - 5E:8A:19:0C:66:2B:A1:7D:40:93:F2:C8:11:7E:5D:90:3B:64:AA:D7:08:E1:4C:FD:29:B6:72:35:80:1F:CE:94
    serial: "730012345"
  register: printer

- name: Show which printers still have to be registered
  ansible.builtin.debug:
    msg: "{{ printer.device.serial }}: {{ printer.registration.state }}"
  when: printer.registration.state != 'registered'
"""

RETURN = r"""
check_mode:
  description:
    - Whether the task ran in check mode. A role cannot see this otherwise, as C(ansible_check_mode) knows of C(--check)
      only.
  returned: success
  type: bool
device:
  description: The printer. What its profile has no field for is not there.
  returned: success
  type: dict
  contains:
    controller_kind:
      description: Kind of controller that the profile describes.
      returned: always
      type: str
      sample: SRA
    serial:
      description: Serial number, the key by which the cloud knows the printer.
      returned: always
      type: str
      sample: "730012345"
    model:
      description: Product name.
      returned: when the profile has it
      type: str
    controller_version:
      description: Version of the controller's software.
      returned: when the profile has it
      type: str
      sample: 7.2.1
    engine_version:
      description: Version of the print engine.
      returned: when the profile has it
      type: str
    hostname:
      description: The name that the controller has for itself.
      returned: when the profile has it
      type: str
    ip_address:
      description: The address that the controller has for itself.
      returned: when the profile has it
      type: str
    clock:
      description: Date and time of the controller, in ISO 8601 without a time zone. A wrong clock is one of the
        reasons why onboarding fails.
      returned: when the profile has it
      type: str
clock:
  description: The controller's clock beside that of the machine that this module runs on.
  returned: success
  type: dict
  contains:
    zone:
      description: The time zone in which its date and time were read.
      returned: always
      type: str
      sample: UTC
    ahead:
      description: By how many seconds it is ahead, negative where it is behind. Null if the controller shows no date
        and time that the profile can read.
      returned: always
      type: int
      sample: -3
certificate:
  description: The certificate that the controller showed.
  returned: success
  type: dict
  contains:
    sha256:
      description: Its SHA-256 fingerprint, which O(tls_fingerprint) takes. Null over plain HTTP.
      returned: always
      type: str
    not_after:
      description: When it ends, in UTC and ISO 8601. Null over plain HTTP, and if it cannot be read.
      returned: always
      type: str
      sample: "2030-01-31T12:00:00Z"
ors:
  description: ORS (On Remote Service) as this account sees it, with the keys that M(printops.prisma.ors_status)
    returns. Null when the profile cannot read it.
  returned: success
  type: dict
  sample:
    mode: enabled
    mode_text: enabled
    ready: true
    state: connected
    state_text: connected
proxy:
  description: The printer's proxy client. Null when the profile cannot read it.
  returned: success
  type: dict
  contains:
    enabled:
      description: Whether it is switched on.
      returned: always
      type: bool
    host:
      description: Host of the proxy.
      returned: always
      type: str
    port:
      description: Port of the proxy.
      returned: always
      type: int
    user:
      description: User name at the proxy, empty if there is none.
      returned: always
      type: str
    password_set:
      description: Whether a password is set, which some printers do not show. The password itself can never be read.
      returned: always
      type: bool
    exceptions:
      description: Hosts that are reached without the proxy.
      returned: always
      type: list
      elements: str
registration:
  description: The registration as the controller shows it. Null when the profile cannot read it.
  returned: success
  type: dict
  contains:
    state:
      description: One of V(unregistered), V(requested), V(awaiting_claim), V(registered) and V(failed).
      returned: always
      type: str
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
applications:
  description: The cloud applications that the controller itself switches. Null when the profile cannot read them.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the application, the one that the tenant uses too.
      returned: always
      type: str
      sample: prismalytics-dashboard
    name:
      description: What the controller calls it, empty if it does not say.
      returned: always
      type: str
      sample: PRISMAlytics Dashboard
    enabled:
      description: Whether it is switched on.
      returned: always
      type: bool
profile:
  description: How well the profile fits.
  returned: success
  type: dict
  contains:
    id:
      description: Id of the profile.
      returned: always
      type: str
      sample: sra-remote-ui
    match_score:
      description: Points for what the profile recognised on the interface.
      returned: always
      type: int
    recognised:
      description: Whether these points are enough.
      returned: always
      type: bool
evidence:
  description: What the profile is based on, which is V(simulated), V(recorded) or V(verified).
  returned: always, unless an option or the profile is refused
  type: str
  sample: simulated
outcome:
  description:
    - What went wrong, as a word of a closed list.
    - One of V(wrong_device), V(auth_failed), V(locked), V(password_change), V(not_tried), V(untrusted_certificate),
      V(unsupported), V(busy), V(timeout), V(unreachable) and V(failed).
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

from ansible_collections.printops.prisma.plugins.module_utils._options.controller import CONTROLLER
from ansible_collections.printops.prisma.plugins.module_utils._options.https import CONTROLLER_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._prisma import device_info
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="device_info",
    interface="controller",
    groups=(
        CONTROLLER,
        CONTROLLER_HTTP,
    ),
    options={"clock_zone": {"type": "str", "default": "UTC"}},
    run=device_info.run,
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
