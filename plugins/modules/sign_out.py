#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sign_out
short_description: Ends the session that this run has open on a printer
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Signs out of a printer's controller, if this run is signed in there with this account. If not, no request is
    sent.
  - Controllers allow few sessions at a time, so a play should sign out in an C(always) section as soon as it is
    done with a printer. What is still open when C(ansible-playbook) ends is signed out then, also after Ctrl-C.
  - It cannot end a session that a killed run, another run or a person has left open. Such a session ends by the
    controller's own timer.
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
      - It signs out in check mode too, since reading has signed in. A session is no state of the printer, so this
        is no change.
  diff_mode:
    support: N/A
  action:
    details:
      - It always runs inside the worker of C(ansible-playbook), since only that process keeps sessions. A task that is
        delegated, or that C(printops_in_process) concerns, is no exception.
  async:
    support: none
    details:
      - There is nothing to wait for.
notes:
  - A session is known by its account and password, so give the same ones as in the tasks before.
  - Tasks that are not run in-process (delegated ones, those with C(async), and all with C(printops_in_process)
    false) sign out by themselves. After them there is nothing to do here.
seealso:
  - module: printops.prisma.device_info
  - module: printops.prisma.printer_registration
"""

EXAMPLES = r"""
- name: Onboard
  hosts: printers
  gather_facts: false
  tasks:
    - name: Register, and sign out whatever happens
      block:
        - name: Press [Register] if needed
          printops.prisma.printer_registration:
      always:
        - name: Sign out
          printops.prisma.sign_out:
"""

RETURN = r"""
signed_out:
  description: Whether there was a session to end.
  returned: success
  type: bool
  sample: true
evidence:
  description: What the profile is based on, which is V(simulated), V(recorded) or V(verified).
  returned: always, unless an option or the profile is refused
  type: str
  sample: simulated
outcome:
  description:
    - What went wrong, as a word of a closed list.
    - One of V(busy), V(timeout), V(unreachable), V(untrusted_certificate), V(unsupported) and V(failed).
  returned: failure
  type: str
  sample: unreachable
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
from ansible_collections.printops.prisma.plugins.module_utils._prisma import sign_out
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="sign_out",
    interface="controller",
    groups=(
        CONTROLLER,
        CONTROLLER_HTTP,
    ),
    run=sign_out.run,
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
