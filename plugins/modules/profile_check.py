#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: profile_check
short_description: Holds a profile against a recording, or against a live interface, reading only
version_added: 0.1.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Against a recording (HAR) of a browser it tries every operation of the profile, writes and what reading back shows
    included, as the recording answers whatever it has recorded.
  - Against a live interface it signs in, runs the reads and signs out. It never writes there.
  - It says for each operation what was read, what was missing, on which page, and which fields of the page nothing
    uses. It fails where something does not fit, with everything that it found, so it suits continuous integration.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.https
attributes:
  check_mode:
    support: full
    details:
      - It changes nothing but its own O(bundle), which it does not write in check mode.
  diff_mode:
    support: N/A
  action:
    details:
      - There is nothing else. A task that is delegated still runs beside C(ansible-playbook).
  async:
    support: none
    details:
      - Profiles and recordings lie on the machine that runs C(ansible-playbook).
options:
  profile:
    description:
      - The id of a profile (a file C(profiles/ID.yml) beside the playbook wins over the one shipped with the
        collection), a path, or a profile itself as a dictionary.
    type: raw
    required: true
  interface:
    description:
      - What kind of interface the profile must describe. Without it any kind will do.
    type: str
  recording:
    description:
      - Path of the recording (HAR) to hold the profile against.
    type: path
  live:
    description:
      - The live interface to hold the profile against.
    type: dict
    suboptions:
      url:
        description:
          - Address below which the interface lies, with C(https://).
        type: str
        required: true
      username:
        description:
          - Account of an interface for people.
        type: str
      password:
        description:
          - Its password. A refused sign-in is never repeated.
        type: str
      tenant:
        description:
          - Id of the tenant, for a profile that asks for one.
        type: str
      client_id:
        description:
          - Account of an interface for programs.
        type: str
      client_secret:
        description:
          - Its secret.
        type: str
  allow_unverified_profile:
    description:
      - Sign in although the profile does not recognise the interface.
    type: bool
    default: false
  expected:
    description:
      - Path of the expected reading (YAML), which what was read must equal. RV(reading) has its form.
    type: path
  bundle:
    description:
      - Where to write a bundle (ZIP) for an issue report. Whatever was read, typed or signed in with is replaced in it;
        texts of pages and the profile are not. If one of these values is still found in it, nothing is written.
    type: path
notes:
  - The result contains no password, token or registration address, but serial numbers and host names that were read.
    O(bundle) has neither.
"""

EXAMPLES = r"""
- name: Hold our profile against its recording
  printops.prisma.profile_check:
    profile: profiles/our-controller.yml
    recording: profiles/our-controller.har
    expected: profiles/our-controller.expected.yml

- name: Hold it against a printer, reading only
  printops.prisma.profile_check:
    profile: profiles/our-controller.yml
    live:
      url: "https://{{ printops_host }}/"
      username: "{{ printops_username }}"
      password: "{{ printops_password }}"
    bundle: our-controller-report.zip
"""

RETURN = r"""
outcome:
  description:
    - V(fits), or V(unsupported) where the interface is not the profile's, or V(failed) where something does not fit;
      or another outcome where nothing could be looked at.
  returned: always
  type: str
  sample: fits
evidence:
  description: What the profile rests on.
  returned: when something was looked at
  type: str
  sample: simulated
match_score:
  description: How many points the profile's match gives the interface, null if it was not asked.
  returned: when something was looked at
  type: int
  sample: 4
match_enough:
  description: How many points are enough.
  returned: when something was looked at
  type: int
  sample: 4
operations:
  description: For each operation whether it fits (C(ok)) and was looked at (C(covered)), what it rests on
    (C(evidence)), C(readings), C(missing) fields, C(unknown_texts) that no value map knows, the C(page) and its
    C(unused) fields.
  returned: when something was looked at
  type: dict
report:
  description: The same as text, a line for each operation.
  returned: when something was looked at
  type: list
  elements: str
reading:
  description: What was read, in the form of O(expected).
  returned: when something was looked at
  type: dict
notes:
  description: What the recording leaves out.
  returned: when something was looked at
  type: list
  elements: str
bundle:
  description: Where the bundle lies, null if none was written.
  returned: when something was looked at
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

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._options.https import CONTROLLER_HTTP

ARGUMENT_SPEC = {
    **CONTROLLER_HTTP.spec,
    "profile": {"type": "raw", "required": True},
    "interface": {"type": "str"},
    "recording": {"type": "path"},
    "live": {
        "type": "dict",
        "options": {
            "url": {"type": "str", "required": True},
            "username": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "tenant": {"type": "str"},
            "client_id": {"type": "str"},
            "client_secret": {"type": "str", "no_log": True},
        },
    },
    "allow_unverified_profile": {"type": "bool", "default": False},
    "expected": {"type": "path"},
    "bundle": {"type": "path"},
}
RULES = {"mutually_exclusive": [("recording", "live")], "required_one_of": [("recording", "live")]}


def main() -> None:
    """Say that this is an action: Ansible runs the plugin of the same name instead."""
    module = AnsibleModule(
        argument_spec=ARGUMENT_SPEC,
        supports_check_mode=True,
        mutually_exclusive=[("recording", "live")],
        required_one_of=[("recording", "live")],
    )
    module.fail_json(msg="profile_check is an action plugin and cannot run as a module")


if __name__ == "__main__":
    main()
