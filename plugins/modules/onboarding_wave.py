#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: onboarding_wave
short_description: Says what the printers of a wave declare, so that a step that none of them needs runs once
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - A step that is left out costs Ansible a process for each printer all the same. The role
    P(printops.prisma.onboard#role) asks this module once for each wave. A step that depends on something that no
    printer of the wave declares is left out for all of them at once, by C(run_once).
  - It reads variables only, and it runs on the controller only.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
  diff_mode:
    support: N/A
  action:
    details:
      - There is nothing else. It reads the variables of all hosts of the wave, in one worker of C(ansible-playbook).
  async:
    support: none
options: {}
"""

EXAMPLES = r"""
# As in the role, before its steps.
- name: Check which steps the wave needs
  printops.prisma.onboarding_wave:
  register: onboard__wave
  run_once: true
"""

RETURN = r"""
declared:
  description:
    - What at least one printer of the wave declares. V(viewer) is C(onboard_viewer), V(applications)
      C(onboard_applications), V(proxy) C(onboard_proxy), V(take_over) C(onboard_take_over); V(home) and V(site) are
      credentials of the tenant and of the administration site.
    - Everything, where the task does not run once, or where the variables of a printer cannot be read.
  returned: success
  type: list
  elements: str
  sample: [applications, home]
outcome:
  description: V(failed), as an option cannot be used.
  returned: failure
  type: str
reason:
  description: What went wrong, in words.
  returned: failure
  type: str
advice:
  description: What a person should do next.
  returned: failure
  type: str
details:
  description: Facts behind the failure, if there are any.
  returned: failure
  type: dict
"""

import typing as t

from ansible_collections.printops.prisma.plugins.module_utils._options.action_only import fail_as_module

ARGUMENT_SPEC: dict[str, t.Any] = {}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("onboarding_wave", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
