#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: device_applications
short_description: Keeps the cloud applications of a printer switched as declared, at its controller
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Reads which cloud applications the controller itself switches, switches those that differ from what is declared,
    and reads them back. On PRISMAsync printers that is [Configuration] > [Connectivity] > [Cloud service] of the
    Settings Editor, and an application has to be on before the printer is registered.
  - What is not declared is left as it is.
  - It does not enable anything in the cloud, which is what M(printops.prisma.home_device) does. Registered, enabled
    and licensed are separate facts.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_controller
  - printops.prisma.controller
  - printops.prisma.https
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
options:
  applications:
    description:
      - Whether each application is to be on, by its id. The ids are those of the tenant, whatever a release calls the
        application, such as V(prismalytics-dashboard), V(premote-monitoring) and V(remote-match).
      - An application that the controller does not have is an error, and nothing is written. One that the profile
        does not name is an error before anything is sent. M(printops.prisma.device_info) shows which there are.
    type: dict
    required: true
notes:
  - An SRA printer needs the account of a customer administrator. A PRISMAsync printer needs an account with the right
    [Access to connectivity settings], which only the System administrator has by default, and for Remote Match with
    [Full access to administration tasks].
seealso:
  - module: printops.prisma.printer_registration
  - module: printops.prisma.home_device
"""

EXAMPLES = r"""
- name: Switch on what the print shop uses, before the printer is registered
  printops.prisma.device_applications:
    host: press-21.example.com
    username: automation
    password: "{{ vault_printer_password }}"
    ca_path: /etc/ssl/printers.pem
    profile: prismasync-settings-editor
    applications:
      prismalytics-dashboard: true
      remote-match: false
"""

RETURN = r"""
applications:
  description: The applications of the controller as they are afterwards; in check mode as they were read.
  returned: when they could be read
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
    after:
      description: What is declared.
      returned: always
      type: dict
      sample:
        applications:
          prismalytics-dashboard: true
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
from ansible_collections.printops.prisma.plugins.module_utils._prisma import device_applications
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="device_applications",
    interface="controller",
    groups=(
        CONTROLLER,
        CONTROLLER_HTTP,
    ),
    run=device_applications.run,
    options={
        "applications": {"type": "dict", "required": True},
    },
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
