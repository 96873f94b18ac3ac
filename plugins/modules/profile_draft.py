#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: profile_draft
short_description: Drafts a profile of a web interface from a recording of a browser
version_added: 0.1.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Reads a recording (HAR) that a browser made while a person signed in to a web interface, looked at its pages,
    changed something and signed out. Says what of it is sure, asks what a person must decide, and with the answers
    in O(decisions) makes a whole profile of it.
  - Finds the sign-in and what proves it, hidden fields that travel along, each read and write of the interface's
    kind, and the sign-out. Proposes only what it has held against the recording.
  - First replaces secrets, e-mail addresses, serial numbers and hosts in the recording by stand-ins, so that neither
    the profile nor the O(fixture) contains one.
  - It sends nothing, and it runs beside C(ansible-playbook) only.
extends_documentation_fragment:
  - printops.prisma.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows the profile. The fixture is not shown.
  action:
    details:
      - There is nothing else. A task that is delegated still runs beside C(ansible-playbook).
  async:
    support: none
    details:
      - It reads and writes files beside C(ansible-playbook).
options:
  recording:
    description:
      - The recording, a HAR file of Chrome, Edge, Firefox, Playwright or mitmproxy, with the contents of the answers.
      - It contains your password and your session. Delete it when you have the O(fixture).
    type: path
    required: true
  interface:
    description:
      - What kind of interface it is. With V(other) every page becomes a read and everything that was sent a write,
        under names of their own.
    type: str
    choices: [controller, tenant, other]
    default: controller
  id:
    description:
      - What tasks name the profile by, of small letters, digits and hyphens.
    type: str
    required: true
  title:
    description:
      - What people call the interface. The O(id) if it is not given.
    type: str
  base_path:
    description:
      - Path of the interface's own address. Without it, the folder that all recorded pages have in common.
    type: str
  decisions:
    description:
      - A YAML file with answers. A key is the dotted place in the profile, as RV(open) and the draft's comments name
        it. A value is what stands there, or the number of a candidate. V(null) leaves the place out.
      - Any other place of the profile can be decided too.
      - RV(open) asks for C(evidence). C(kind=recorded) needs model, firmware and date of the hardware.
    type: path
  profile:
    description:
      - Where to write the profile, with mode 0600. Without it none is written.
      - As long as something must be decided, this is a draft that no other module accepts.
    type: path
  fixture:
    description:
      - Where to write the recording with stand-ins, with mode 0600. M(printops.prisma.profile_check) replays it.
      - Refused while something is left in it that must not be shared.
    type: path
  known:
    description:
      - Values that must not be left, besides those that are found by themselves.
    type: dict
    default: {}
    suboptions:
      secrets:
        description: Passwords, tokens and other secrets.
        type: list
        elements: str
      emails:
        description: E-mail addresses.
        type: list
        elements: str
      serials:
        description: Serial numbers.
        type: list
        elements: str
      hosts:
        description: Names and addresses of hosts.
        type: list
        elements: str
  force:
    description:
      - Whether to overwrite a O(profile) that was changed by hand. A draft that nobody changed is always overwritten.
    type: bool
    default: false
seealso:
  - module: printops.prisma.profile_check
"""

EXAMPLES = r"""
- name: See what a recording gives
  printops.prisma.profile_draft:
    recording: our-printer.har
    id: our-sra
    profile: profiles/our-sra.yml
  register: drafted

- name: Draft again with what was decided, and keep a recording that can be shared
  printops.prisma.profile_draft:
    recording: our-printer.har
    id: our-sra
    title: Remote UI of our printers
    decisions: our-sra-decisions.yml
    profile: profiles/our-sra.yml
    fixture: recordings/our-sra.har
    known:
      serials: ["123456789"]
"""

RETURN = r"""
complete:
  description: Whether nothing is left that must be decided. The profile was then held against the format.
  returned: success
  type: bool
  sample: false
sure:
  description: What the recording shows, by place in the profile.
  returned: success
  type: list
  elements: str
  sample: ["read.identity.steps: the page device.htm"]
open:
  description: What a person must decide, or may.
  returned: success
  type: list
  elements: dict
  contains:
    key:
      description: The place in the profile, and the key of the answer.
      type: str
    question:
      description: What is asked.
      type: str
    optional:
      description: Whether the profile is whole without an answer.
      type: bool
    candidates:
      description: Answers to choose from, and what each reads in the recording.
      type: list
      elements: dict
operations:
  description: Names of the reads and writes that are drafted.
  returned: success
  type: dict
  sample: {read: [identity, ors], write: [register]}
replaced:
  description: How many values of each kind have stand-ins.
  returned: success
  type: dict
  sample: {secret: 3, host: 1}
left_out:
  description: What of the recording was not used, and why.
  returned: success
  type: list
  elements: str
  sample: []
base_path:
  description: Path of the interface's own address, as in the option O(printops.prisma.device_info#module:base_path).
  returned: success
  type: str
  sample: /
dialect:
  description: What made the recording.
  returned: success
  type: str
  sample: chrome
profile_file:
  description: Where the profile lies, null if none was asked for.
  returned: success
  type: str
  sample: profiles/our-sra.yml
outcome:
  description: V(failed), as a file or an option cannot be used.
  returned: failure
  type: str
  sample: failed
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

from ansible.module_utils.basic import AnsibleModule

ARGUMENT_SPEC = {
    "recording": {"type": "path", "required": True},
    "interface": {"type": "str", "choices": ["controller", "tenant", "other"], "default": "controller"},
    "id": {"type": "str", "required": True},
    "title": {"type": "str"},
    "base_path": {"type": "str"},
    "decisions": {"type": "path"},
    "profile": {"type": "path"},
    "fixture": {"type": "path"},
    "known": {
        "type": "dict",
        "default": {},
        "no_log": False,
        "options": {
            "secrets": {"type": "list", "elements": "str", "no_log": True},
            "emails": {"type": "list", "elements": "str"},
            "serials": {"type": "list", "elements": "str"},
            "hosts": {"type": "list", "elements": "str"},
        },
    },
    "force": {"type": "bool", "default": False},
}


def main() -> None:
    """Say that this is an action: Ansible runs the plugin of the same name instead."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    module.fail_json(msg="profile_draft is an action plugin and cannot run as a module")


if __name__ == "__main__":
    main()
