#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: profile_draft
short_description: Drafts a profile of a web interface from a recording of a browser
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Reads a recording (HAR) of a browser in which a person signed in to a web interface, visited its pages, changed
    something and signed out. It drafts a profile, lists what the recording proves, and asks about the rest. With the
    answers in O(decisions), it drafts a complete profile.
  - It finds the sign-in and its proof (of several sign-ins the one that succeeded), hidden fields and tokens that are
    sent, the reads and writes of the kind of interface, lists with their pages, totals and the links of their rows, and
    the sign-out.
  - Before the draft is offered, the recording is replayed with it. An operation that does not fit becomes a question.
  - First it replaces secrets, e-mail addresses, serial numbers and hosts in the recording by stand-ins, so that neither
    the profile nor the O(fixture) contains them.
  - It sends no requests, and always runs on the machine that runs C(ansible-playbook).
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows the profile, but not the fixture.
  action:
    details:
      - The action is the whole module. A delegated task also runs on the machine that runs C(ansible-playbook).
  async:
    support: none
    details:
      - The files are on the machine that runs C(ansible-playbook).
requirements:
  - ijson >= 3.2
options:
  recording:
    description:
      - Path of the recording, a HAR file of Chrome, Edge, Firefox, Playwright or mitmproxy with the response bodies.
      - It contains your password and your session. Delete it when you have the O(fixture).
    type: path
    required: true
  interface:
    description:
      - Kind of the interface. With V(site), the lists of people are told apart by the words of their pages. With
        V(other), every list and every page becomes a read and every change a write, with names taken from the
        interface.
    type: str
    choices: [controller, tenant, site, other]
    default: controller
  id:
    description:
      - Id of the profile, which tasks refer to. It consists of lower-case letters, digits and hyphens.
    type: str
    required: true
  title:
    description:
      - Title of the interface for people. The default is the O(id).
    type: str
  base_path:
    description:
      - Path of the interface's own address. The default is the folder that all recorded pages share.
    type: str
  decisions:
    description:
      - Path of a YAML file with your answers. A key is the dotted path of a value in the profile, as in RV(open) and in
        the comments of the draft. A value is the value in the profile, or the number of a candidate. V(null) removes
        the value.
      - You can also decide values that the draft does not ask about.
      - For C(evidence) with C(kind=recorded), add model, firmware and date of the hardware.
    type: path
  profile:
    description:
      - File to write the profile to, with mode 0600. Without this option no profile is written.
      - While a required answer is missing, the file is a draft that no other module accepts.
    type: path
  fixture:
    description:
      - File to write the scrubbed recording to, with mode 0600. M(printops.prisma.profile_check) can replay it.
      - The task fails if a sensitive value is left in it. The message names each place, and the line to add to
        O(known).
    type: path
  known:
    description:
      - Values that must be replaced, in addition to those that are found automatically.
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
        description: Names and IP addresses of hosts.
        type: list
        elements: str
  force:
    description:
      - Whether to overwrite a O(profile) that was edited. An unedited draft is always overwritten.
    type: bool
    default: false
seealso:
  - module: printops.prisma.profile_check
"""

EXAMPLES = r"""
- name: Draft a profile and list the open questions
  printops.prisma.profile_draft:
    recording: our-printer.har
    id: our-sra
    profile: profiles/our-sra.yml
  register: drafted

- name: Draft again with decisions, and write a recording that can be shared
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
  description: Whether all required questions are answered. If so, the profile was validated against the format.
  returned: success
  type: bool
  sample: false
sure:
  description: Values that the recording proves, each with its path in the profile.
  returned: success
  type: list
  elements: str
  sample: ["read.identity.steps: the page device.htm"]
open:
  description: Open questions, required and optional ones.
  returned: success
  type: list
  elements: dict
  contains:
    key:
      description: Path of the value in the profile. It is the key of the answer.
      type: str
    question:
      description: The question.
      type: str
    optional:
      description: Whether the profile is complete without an answer.
      type: bool
    candidates:
      description: Possible answers, each with the value that it reads in the recording.
      type: list
      elements: dict
operations:
  description: Names of the drafted reads and writes.
  returned: success
  type: dict
  sample: {read: [identity, ors], write: [register]}
replaced:
  description: Number of values of each kind that were replaced by stand-ins.
  returned: success
  type: dict
  sample: {password: 1, token: 3, host: 1}
not_replaced:
  description: Values that were replaced only where they were sent, or not at all, because they are also words of the
    interface. Look for them in the fixture before you share it.
  returned: success
  type: list
  elements: str
  sample: ["not replaced: the user name in form field user, which is a factory-set one"]
left_out:
  description: Parts of the recording that were not used, and why.
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
  description: Program that made the recording.
  returned: success
  type: str
  sample: chrome
profile_file:
  description: Path of the profile, null if O(profile) is not set.
  returned: success
  type: str
  sample: profiles/our-sra.yml
fixture_file:
  description: Path of the fixture, null if O(fixture) is not set.
  returned: success
  type: str
  sample: profiles/our-sra.har
outcome:
  description: V(failed) if a file or an option cannot be used.
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

from ansible_collections.printops.prisma.plugins.module_utils._options.action_only import fail_as_module

ARGUMENT_SPEC = {
    "recording": {"type": "path", "required": True},
    "interface": {"type": "str", "choices": ["controller", "tenant", "site", "other"], "default": "controller"},
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
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("profile_draft", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
