#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_printer
short_description: Keeps a printer on a cloud service administration site
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Completes the hand-over that [Register printer for cloud service] on the printer has begun, unless the site has the
    printer already, and reports its state. The serial number is the key.
  - It never moves a printer from another site without O(move=true), and completes no hand-over without O(site). The
    first sign-in of an account without a site founds one, and the printer would be there.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_site
  - printops.prisma.site
  - printops.prisma.https.cloud_site
  - printops.prisma.wait
  - printops.prisma.cloud_hosts
attributes:
  check_mode:
    support: full
    details:
      - It checks the address, if there is one yet, but cannot say whether that is still valid or whether the printer
        belongs to another site.
  diff_mode:
    support: full
options:
  state:
    description:
      - V(present) completes the hand-over unless the site has the printer.
      - V(absent) removes it from the site and demands O(confirm_removal). Printers are removed one after the other.
        After a removal that was sent and is not proven, or after which other printers are gone, no later task of the
        run removes a printer by the same profile at the same address. So it is after one with C(async), as the run
        does not see how it ends.
      - A blank value is an error.
    type: str
    choices:
      - present
      - absent
    default: present
  serial:
    description:
      - Serial number of the printer. Case does not matter.
    type: str
    required: true
  address:
    description:
      - Address of the hand-over. It must lead to the host of O(url) or to one of O(address_hosts).
      - Without it and O(address_file) the address is used that M(printops.prisma.printer_registration) saw for this
        serial number earlier in the same run. That one is kept in memory and only there for tasks that run in-process.
    type: str
  address_file:
    description:
      - File that holds the address, as M(printops.prisma.printer_registration) writes it.
      - The address that this run keeps in memory is newer and wins. The file is removed once the site has the printer.
      - An address of another printer than O(serial), by the second line of the file, is not used, which is a warning.
        So is the use of a file without that line.
      - While an address waits, a printer that the site lists is not registered, for example after a reset of its
        controller. Its hand-over is completed all the same, and the address is kept if the site refuses that.
    type: path
  qr_path:
    description:
      - File with the QR code of the address, which an earlier run made for a person.
      - It is removed together with O(address_file) once the site has the printer.
    type: path
  display_name:
    description:
      - What the site calls the printer. Given with the hand-over only. The serial number if it is not given.
    type: str
  move:
    description:
      - Move the printer here if it belongs to another site. Without it such a printer fails with the outcome
        V(owned_by_other).
    type: bool
    default: false
  printer_registered:
    description:
      - The printer itself shows that it is registered. Then O(address_file) and O(qr_path) are not read but removed, as
        their address is spent.
      - If the site does not have the printer all the same, and no O(address) is given, the task fails with the outcome
        V(owned_by_other).
    type: bool
    default: false
  confirm_removal:
    description:
      - Confirms O(state=absent).
    type: bool
    default: false
notes:
  - The address is a capability, so it is kept out of results, diffs and logs.
seealso:
  - module: printops.prisma.printer_registration
  - module: printops.prisma.cloud_site_info
"""

EXAMPLES = r"""
- name: Complete the hand-over that an earlier task of this run has begun (printops_site_url and so on give the account)
  printops.prisma.cloud_printer:
    site: North
    serial: "730012345"
    display_name: Press 07

- name: Complete a hand-over whose address stands in a file, also if the printer belongs to another site
  printops.prisma.cloud_printer:
    site: North
    serial: "730012345"
    address_file: "{{ playbook_dir }}/press-07.address"
    move: true

- name: Remove a printer from the site
  printops.prisma.cloud_printer:
    serial: "730012345"
    state: absent
    confirm_removal: true
"""

RETURN = r"""
handed_over:
  description: Whether this task completed a hand-over.
  returned: with O(state=present), when the site's list could be read
  type: bool
pending:
  description: The hand-over was accepted, and the site does not show the printer yet.
  returned: when it handed over with O(wait=false)
  type: bool
  sample: true
printer:
  description: The printer as the site shows it in the end, with the keys of C(printers) of
    M(printops.prisma.cloud_site_info).
  returned: success with O(state=present), except while RV(pending), and in check mode for a printer that the site does
    not have
  type: dict
findings:
  description: What is not as it should be and stops nothing, V(unlicensed) and V(never_sent_data).
  returned: with RV(printer)
  type: list
  elements: dict
  contains:
    finding:
      description: One of a closed list.
      returned: always
      type: str
      sample: never_sent_data
    what:
      description: The same in words.
      returned: always
      type: str
    advice:
      description: What to do.
      returned: always
      type: str
address_spent:
  description: The address is of no use any more, as the site has the printer or does not know the address.
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
      sample: {site: absent}
    after:
      description: What is declared.
      returned: always
      type: dict
      sample: {site: present}
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
from ansible_collections.printops.prisma.plugins.module_utils._options.https import SITE_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.site import SITE
from ansible_collections.printops.prisma.plugins.module_utils._options.wait import WAIT
from ansible_collections.printops.prisma.plugins.module_utils._prisma import cloud_printer
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="cloud_printer",
    interface="site",
    groups=(
        SITE,
        SITE_HTTP,
        WAIT,
        ADDRESS_HOSTS,
    ),
    run=cloud_printer.run,
    options={
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "serial": {"type": "str", "required": True},
        "address": {"type": "str", "no_log": True},
        "address_file": {"type": "path"},
        "qr_path": {"type": "path"},
        "display_name": {"type": "str"},
        "move": {"type": "bool", "default": False},
        "printer_registered": {"type": "bool", "default": False},
        "confirm_removal": {"type": "bool", "default": False},
    },
    rules={"mutually_exclusive": [("address", "address_file")]},
    never_blank=frozenset({"state"}),
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
