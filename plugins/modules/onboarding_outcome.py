#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: onboarding_outcome
short_description: Turns the results of the role onboard's steps into one outcome for a printer
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - The role P(printops.prisma.onboard#role) has this as its last step for each printer. It reads the variables of the
    role (C(onboard_applications) and so on) and those in which the role has registered the results of its steps
    (C(onboard__info) and so on), and returns one outcome of a closed list with its advice, and the findings beside it.
  - It sends no request, and it does not fail for a printer that needs attention. RV(attention) says why one does, and
    the role fails the printer when all of the batch are done.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
    details:
      - The outcome is then the one that a run would lead to, as far as reading can tell.
  diff_mode:
    support: N/A
  action:
    details:
      - There is nothing else. A task that is delegated still runs beside C(ansible-playbook).
  async:
    support: none
options:
  interrupted:
    description:
      - Whether the steps ended before the last one. If none of them failed, another printer stopped the run
        (C(any_errors_fatal)).
    type: bool
    default: false
  declared_only:
    description:
      - Only check the printer's variables, as bulk mode does, and fail if one of them cannot be right or has no value.
        The role does so before its first step.
    type: bool
    default: false
"""

EXAMPLES = r"""
# As in the role, after its steps.
- name: Conclude
  printops.prisma.onboarding_outcome:
  register: onboard__outcome
"""

RETURN = r"""
outcome:
  description: How the onboarding of the printer ended, one of a closed list.
  returned: success
  type: str
  sample: onboarded
good:
  description: Whether the outcome is one of those that need nobody's attention.
  returned: success
  type: bool
  sample: true
attention:
  description: Why the printer needs attention, by C(onboard_fail_on). Empty if it does not.
  returned: success
  type: str
  sample: ""
play:
  description: Identifies the play, so that a report takes no result of another play of the same run.
  returned: success
  type: str
  sample: 0242ac11-0002-f2d2-0c9e-00000000000a
planned:
  description: Whether this is a prediction of check mode.
  returned: success
  type: bool
advice:
  description: What a person should do next.
  returned: always
  type: str
reason:
  description: What went wrong, in words.
  returned: always
  type: str
serial:
  description: Serial number of the printer.
  returned: success
  type: str
  sample: "730012345"
model:
  description: Model of the printer.
  returned: success
  type: str
registration:
  description: State of the registration, as the printer itself shows it.
  returned: success
  type: str
  sample: registered
service:
  description: Where its hand-over leads, V(home) or V(site). Null if the printer registers by a link.
  returned: success
  type: str
tenant:
  description: Tenant that the printer itself names, if it does.
  returned: success
  type: str
changes:
  description: What was changed, or would be in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: ["registration: unregistered -> awaiting_claim"]
pressed:
  description: Whether [Register] was pressed in this run, or may have been, as nobody saw how that task ended.
  returned: success
  type: bool
address_file:
  description: File of the registration address that waits, if there is one.
  returned: success
  type: str
address_host:
  description: Host that the registration address leads to.
  returned: success
  type: str
qr_path:
  description: File of its QR code, if there is one.
  returned: success
  type: str
ors:
  description: ORS (On Remote Service) as the viewer account and the administrator see it.
  returned: success
  type: dict
notes:
  description: What was left out of the checks, and why.
  returned: success
  type: list
  elements: str
findings:
  description: What is not as it should be but stops nothing, each with C(finding), C(what) and C(advice).
  returned: success
  type: list
  elements: dict
evidence:
  description: What the result is based on. V(simulated), V(recorded) or V(verified), by the profiles that were used.
  returned: success
  type: str
  sample: simulated
location:
  description: Where the printer stands, in the words of the tenant.
  returned: success
  type: str
proxy:
  description: Its proxy client as C(host:port), V(none) if it is switched off.
  returned: success
  type: str
  sample: proxy.example.com:3128
applications:
  description: Whether each application is enabled, in the cloud or, if that was not read, on the controller.
  returned: success
  type: dict
  sample: {"prismalytics-dashboard": true}
licences:
  description: Whether the cloud shows a licence for each application.
  returned: success
  type: dict
last_data:
  description: When the cloud last had data from the printer, as it says itself.
  returned: success
  type: str
controller_version:
  description: Version of the controller's software.
  returned: success
  type: str
engine_version:
  description: Version of the print engine.
  returned: success
  type: str
hostname:
  description: The name that the controller has for itself.
  returned: success
  type: str
certificate_ends:
  description: When the controller's certificate ends, as date and time in UTC.
  returned: success
  type: str
seconds:
  description: How long the steps took. Only C(onboard_mode=bulk) knows it.
  returned: success
  type: float
defect:
  description: A traceback, where this collection itself failed.
  returned: a defect of this collection
  type: str
details:
  description: Facts behind the failure, if there are any.
  returned: failure
  type: dict
"""

import typing as t

from ansible_collections.printops.prisma.plugins.module_utils._options.action_only import fail_as_module

ARGUMENT_SPEC: dict[str, t.Any] = {
    "interrupted": {"type": "bool", "default": False},
    "declared_only": {"type": "bool", "default": False},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("onboarding_outcome", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
