#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: onboarding_labels
short_description: Writes a label with a QR code for each printer that waits to be claimed
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Collects the printers of the play that wait to be claimed, and writes C(labels.pdf) and C(labels.html) to print, and
    C(waiting.csv). A label has the printer's name, serial number, model and place, the host that its registration
    address leads to, and the address as a QR code.
  - The addresses are read from the files that the role P(printops.prisma.onboard#role) has written.
  - A printer that this play says nothing of, as it was left out by C(--limit) or its wave was not started, keeps its
    label of an earlier run while its registration address waits. The files are removed when no printer waits.
  - It reads variables and those files only, no printer, and it runs on the controller only.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
    details:
      - It writes and removes nothing, and names no file.
  diff_mode:
    support: N/A
  action:
    details:
      - There is nothing else. A task that is delegated still runs beside C(ansible-playbook).
  async:
    support: none
requirements:
  - reportlab >= 4.0 for the PDF
  - segno >= 1.6
options:
  folder:
    description:
      - Where to write the files, with mode 0600. A folder that is missing is made with mode 0700.
    type: path
    required: true
  paper:
    description: Size of the paper.
    type: str
    choices: [A4, Letter]
    default: A4
  grid:
    description:
      - Columns and rows of labels that fill a paper without margins, as on sheets of stickers. V(2x4) on A4 are labels
        of 105 by 74 mm, and V(3x8) of 70 by 37 mm.
    type: str
    choices: [2x4, 3x8]
    default: 2x4
  mode:
    description:
      - The mode of the role, as for M(printops.prisma.report).
    type: str
    choices: [tasks, bulk]
    default: tasks
notes:
  - Anyone who opens a registration address ties the printer to their own tenant. Keep the files private, and throw
    labels away once the printers are claimed.
  - Without reportlab the PDF is left out, which is a warning.
"""

EXAMPLES = r"""
- name: Print labels for the printers that wait
  printops.prisma.onboarding_labels:
    folder: onboarding
    grid: 3x8
  run_once: true
"""

RETURN = r"""
waiting:
  description: The printers that wait, by the names of their hosts.
  returned: success
  type: list
  elements: str
  sample: [press-07]
files:
  description: The files that were written.
  returned: success
  type: list
  elements: str
  sample: [onboarding/labels.pdf, onboarding/labels.html, onboarding/waiting.csv]
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

ARGUMENT_SPEC: dict[str, t.Any] = {
    "folder": {"type": "path", "required": True},
    "paper": {"type": "str", "choices": ["A4", "Letter"], "default": "A4"},
    "grid": {"type": "str", "choices": ["2x4", "3x8"], "default": "2x4"},
    "mode": {"type": "str", "choices": ["tasks", "bulk"], "default": "tasks"},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("onboarding_labels", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
