#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: profile_record
short_description: Makes a profile of a web interface while a person points at things in a browser
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Opens two windows of Chromium, Chrome or Edge. One shows the interface, the other is a panel with a list of tasks in
    the order of the manual, such as "Sign in" and "Show me the state of ORS". The person works in the first window and
    clicks on what is meant. Each task can be skipped, undone and repeated.
  - The panel shows at once what will be read. It finds the expression itself, and proves that it reads the element that
    was clicked on and no other. It asks in words for what it cannot know, such as what C(connecté) means.
  - At the end it writes the profile, a recording without sensitive values, and the values that were read. Then it
    proves the profile. It replays the recording, signs in to the interface once more with the profile, reads everything
    again, and signs out.
  - The profile is drafted as by M(printops.prisma.profile_draft). What the person did and pointed at are the decisions.
  - Passwords that are typed in the browser are kept until the proof, and are in no file that stays.
  - It always runs on the machine that runs C(ansible-playbook), which needs a screen.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
    details:
      - In check mode no browser is opened.
  diff_mode:
    support: none
  action:
    details:
      - The action is the whole module. A delegated task also runs on the machine that runs C(ansible-playbook).
  async:
    support: none
    details:
      - A person works with the browser meanwhile.
requirements:
  - ijson >= 3.2
  - playwright (Python library)
  - Chromium, Chrome or Edge
options:
  url:
    description:
      - Address of the interface, as a person would open it.
    type: str
    required: true
  interface:
    description:
      - Kind of the interface. It determines the tasks of the panel.
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
  profile:
    description:
      - File to write the profile to, with mode 0600.
    type: path
    required: true
  fixture:
    description:
      - File to write the recording to, without sensitive values and with mode 0600.
    type: path
  expected:
    description:
      - File to write the values to that the replay of O(fixture) reads, for
        O(printops.prisma.profile_check#module:expected).
      - Needs O(fixture).
    type: path
  decisions:
    description:
      - File with further decisions, as for M(printops.prisma.profile_draft). They take precedence over what was pointed
        at.
    type: path
  evidence:
    description:
      - What was recorded, as C(evidence) in a profile. The default is C(kind=recorded) with the model and the version
        of the controller that the person pointed at, and the date of today.
    type: dict
  language:
    description:
      - Language of the panel.
    type: str
    choices: [en, fr, de]
    default: en
  person:
    description:
      - E-mail address of a test person, who is added and removed while a list of people is recorded. This account must
        be one that nobody needs.
    type: str
    default: ""
  known:
    description:
      - Values that the O(fixture) must not contain, in addition to those that are found automatically.
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
      - Whether to overwrite a O(profile) that was edited.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds within which the person must finish.
    type: float
    default: 3600
  browser:
    description:
      - Path of the browser. By default Chromium, Chrome or Edge is searched for on C(PATH).
    type: path
  browser_arguments:
    description:
      - Arguments of the browser.
    type: list
    elements: str
    default: []
  clicks:
    description:
      - File with the clicks of a person, for tests. With it the browser has no window.
    type: path
  ca_path:
    description:
      - PEM file with the certificate authorities to trust, for the proof at the end.
    type: path
  validate_certs:
    description:
      - Whether to verify the certificate of the interface, in the browser and for the proof.
      - The browser uses the certificate authorities of the system, not O(ca_path).
    type: bool
    default: true
  browser_validate_certs:
    description:
      - Whether the browser verifies the certificate. The default is O(validate_certs).
    type: bool
  tls_fingerprint:
    description:
      - SHA-256 fingerprints of certificates to trust, for the proof at the end.
    type: list
    elements: str
    default: []
  http_proxy:
    description:
      - Address of a web proxy, for the browser and the proof.
    type: str
  timeout:
    description:
      - Seconds to wait for a response, for the proof.
    type: float
    default: 30
seealso:
  - module: printops.prisma.profile_draft
  - module: printops.prisma.profile_check
  - module: printops.prisma.profile_try
"""

EXAMPLES = r"""
- name: Make a profile of our printers by pointing
  printops.prisma.profile_record:
    url: https://press-01.example.com/
    id: our-sra
    profile: profiles/our-sra.yml
    fixture: recordings/our-sra.har
    expected: recordings/our-sra.expected.yml
    language: de

- name: Make a profile of the administration site, with a test person
  printops.prisma.profile_record:
    url: https://remotecontrol.example.com/
    interface: site
    id: our-site
    profile: profiles/our-site.yml
    person: test-person@example.com
"""

RETURN = r"""
complete:
  description: Whether all required questions are answered.
  returned: success
  type: bool
  sample: true
proven:
  description: Whether the profile fitted in the replay and on the live interface.
  returned: success
  type: bool
  sample: true
open:
  description: Open questions, as M(printops.prisma.profile_draft) returns them.
  returned: success
  type: list
  elements: dict
operations:
  description: Names of the recorded reads and writes.
  returned: success
  type: dict
  sample: {read: [identity, ors], write: [register]}
replay:
  description: One line for each operation that was replayed.
  returned: success
  type: list
  elements: str
live:
  description: One line for each operation on the live interface, where nothing is written.
  returned: success
  type: list
  elements: str
clicks:
  description: How often the person clicked in the panel or in pointing mode.
  returned: success
  type: int
  sample: 24
questions:
  description: How many questions the panel asked.
  returned: success
  type: int
  sample: 1
skipped_tasks:
  description: Tasks that were skipped.
  returned: success
  type: list
  elements: str
replaced:
  description: Number of values of each kind that were replaced by stand-ins.
  returned: success
  type: dict
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
base_path:
  description: Path of the interface's own address.
  returned: success
  type: str
  sample: /
next_steps:
  description: What to do next. If the profile is proven, the line of the inventory that uses it.
  returned: success
  type: list
  elements: str
  sample:
    - "The profile fits: /site/profiles/our-sra.yml. Use it with this line of the inventory:"
    - "printops_profile: our-sra"
profile_file:
  description: Path of the profile.
  returned: success
  type: str
fixture:
  description: Path of the recording without sensitive values, null if O(fixture) is not set.
  returned: success
  type: str
outcome:
  description: V(failed) if a file, an option or the browser cannot be used, V(timeout) if nobody finished.
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
    "url": {"type": "str", "required": True},
    "interface": {"type": "str", "choices": ["controller", "tenant", "site", "other"], "default": "controller"},
    "id": {"type": "str", "required": True},
    "title": {"type": "str"},
    "profile": {"type": "path", "required": True},
    "fixture": {"type": "path"},
    "expected": {"type": "path"},
    "decisions": {"type": "path"},
    "evidence": {"type": "dict"},
    "language": {"type": "str", "choices": ["en", "fr", "de"], "default": "en"},
    "person": {"type": "str", "default": ""},
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
    "wait_timeout": {"type": "float", "default": 3600},
    "browser": {"type": "path"},
    "browser_arguments": {"type": "list", "elements": "str", "default": []},
    "clicks": {"type": "path"},
    "ca_path": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "browser_validate_certs": {"type": "bool"},
    "tls_fingerprint": {"type": "list", "elements": "str", "default": []},
    "http_proxy": {"type": "str"},
    "timeout": {"type": "float", "default": 30},
}
RULES = {"required_by": {"expected": "fixture"}}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("profile_record", ARGUMENT_SPEC, **RULES)


if __name__ == "__main__":
    main()
