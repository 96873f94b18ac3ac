#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ors_status
short_description: Reads ORS (On Remote Service) of a printer
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Reads whether ORS is connected and its mode enabled, as the account in use sees it. The answer can differ per
    account.
  - Registration in PRISMA Home needs both. With O(ready=true) the task fails unless both are so, with the advice to
    call the service technician.
  - It changes nothing. It neither configures nor repairs ORS, which only the service technician can do.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_controller
  - printops.prisma.controller
  - printops.prisma.https
  - printops.prisma.wait
attributes:
  check_mode:
    support: full
    details:
      - Reads the same in check mode, but does not wait.
  diff_mode:
    support: N/A
options:
  ready:
    description:
      - Fail unless ORS is connected and its mode enabled.
      - Without it O(wait), O(wait_timeout) and O(wait_sleep) mean nothing.
      - Only a connection that is missing while the mode is enabled is waited for, as after a correction of the
        printer's proxy client. ORS that was never configured, or whose mode is disabled, fails at once.
    type: bool
    default: false
notes:
  - An account that can only read is enough where the interface shows it ORS. A failure then also
    names the printer's proxy client only if the account may see that.
seealso:
  - module: printops.prisma.device_proxy
  - module: printops.prisma.printer_registration
  - module: printops.prisma.device_info
"""

EXAMPLES = r"""
- name: Read ORS
  printops.prisma.ors_status:
    host: press-07.example.com
    username: automation
    password: "{{ vault_printer_password }}"
    ca_path: /etc/ssl/printers.pem
  register: ors

# Host and account come from the variables printops_host, printops_username and printops_password.
- name: Demand ORS as it is now
  printops.prisma.ors_status:
    ready: true
    wait: false

- name: Give the printer two minutes to connect after its proxy was corrected
  printops.prisma.ors_status:
    ready: true
    wait_timeout: 120
"""

RETURN = r"""
ors:
  description: ORS as this account sees it.
  returned: when it could be read, also if it is not ready
  type: dict
  contains:
    ready:
      description: Whether it is connected and its mode enabled.
      returned: always
      type: bool
      sample: false
    state:
      description: One of V(connected), V(disconnected), V(not_configured), and V(other) for a text that the profile
        does not know.
      returned: always
      type: str
      sample: disconnected
    mode:
      description: One of V(enabled), V(disabled), and V(other) for a text that the profile does not know.
      returned: always
      type: str
      sample: enabled
    state_text:
      description: The text that stands for the state on the printer's page.
      returned: always
      type: str
      sample: non connecté
    mode_text:
      description: The text that stands for the mode on the printer's page.
      returned: always
      type: str
      sample: activé
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
  returned: failure
  type: str
details:
  description: Facts behind the failure, which differ by its kind. Of a page, its title, forms and field names.
  returned: failure
  type: dict
"""

from ansible_collections.printops.prisma.plugins.module_utils._options.controller import CONTROLLER
from ansible_collections.printops.prisma.plugins.module_utils._options.https import CONTROLLER_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.wait import WAIT
from ansible_collections.printops.prisma.plugins.module_utils._prisma import ors_status
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="ors_status",
    interface="controller",
    groups=(
        CONTROLLER,
        CONTROLLER_HTTP,
        WAIT,
    ),
    run=ors_status.run,
    options={
        "ready": {"type": "bool", "default": False},
    },
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
