#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: profile_check
short_description: Checks a profile against a recording or against a live interface
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - With O(recording), it replays a recording (HAR) of a browser and runs every operation of the profile against it,
    including writes, and reads back what they changed.
  - With O(live), it signs in to a live interface, runs the reads and signs out. It never writes to a live interface.
  - For each operation, the result lists what was read, which fields were missing, on which page, and which fields of
    the page the profile does not use. The task fails if something does not fit, so it suits continuous integration.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.https
attributes:
  check_mode:
    support: full
    details:
      - The module only writes O(bundle), and does not write it in check mode.
  diff_mode:
    support: N/A
  action:
    details:
      - The action is the whole module. A delegated task also runs on the machine that runs C(ansible-playbook).
  async:
    support: none
    details:
      - The files are on the machine that runs C(ansible-playbook).
requirements:
  - ijson >= 3.2 for O(recording)
options:
  profile:
    description:
      - Id of a profile, its path, or the profile itself as a dictionary. For an id, a file C(profiles/ID.yml) beside
        the playbook or the inventory takes precedence over the profile of the collection.
    type: raw
    required: true
  interface:
    description:
      - Kind of interface that the profile must describe. The default accepts any kind.
    type: str
    choices: [controller, tenant, site, other]
  recording:
    description:
      - Path of the recording (HAR) to check the profile against.
    type: path
  live:
    description:
      - Live interface to check the profile against.
    type: dict
    suboptions:
      url:
        description:
          - Address of the interface, with C(https://).
        type: str
        required: true
      username:
        description:
          - User name, for an interface with accounts of people.
        type: str
      domain:
        description:
          - Domain of O(live.username), for a sign-in that asks for one.
        type: str
      password:
        description:
          - Password of O(live.username). A refused sign-in is never repeated.
        type: str
      tenant:
        description:
          - Id of the tenant, for a profile that needs one.
        type: str
      session_file:
        description:
          - File with the session of a browser, for PRISMA Home or an administration site, as the module
            M(printops.prisma.sign_in) writes it. The session is not signed out.
        type: path
      client_id:
        description:
          - Client id, for an interface with accounts of programs.
        type: str
      client_secret:
        description:
          - Secret of O(live.client_id).
        type: str
  allow_unverified_profile:
    description:
      - Whether to sign in even if the profile does not recognise the interface.
    type: bool
    default: false
  expected:
    description:
      - Path of an expected reading (YAML). The task fails if RV(reading) differs from it.
    type: path
  bundle:
    description:
      - File to write a bundle (ZIP) for an issue report to. Values that were read, typed or signed in with are replaced
        in it. The profile and the titles and headings of pages are not. If a value is left in it, nothing is written.
    type: path
notes:
  - The result contains no passwords, tokens and registration addresses, but it does contain serial numbers and host
    names that were read. O(bundle) contains none of these.
"""

EXAMPLES = r"""
- name: Check our profile against its recording
  printops.prisma.profile_check:
    profile: profiles/our-controller.yml
    recording: profiles/our-controller.har
    expected: profiles/our-controller.expected.yml

- name: Check it against a printer
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
    - V(fits); V(unsupported) if the interface is not the one of the profile; V(failed) if something does not fit.
    - If nothing could be checked, another outcome such as V(unreachable) or V(auth_failed).
  returned: always
  type: str
  sample: fits
profile:
  description: Id of the profile.
  returned: when something was checked
  type: str
  sample: sra-remote-ui
interface:
  description: Kind of interface that the profile describes.
  returned: when something was checked
  type: str
  sample: controller
fits:
  description: Whether at least one operation was checked, and all that were checked fit.
  returned: when something was checked
  type: bool
checked_against:
  description: V(recording) or V(live).
  returned: when something was checked
  type: str
  sample: recording
evidence:
  description: What the profile is based on, as its C(evidence.kind) states.
  returned: when something was checked
  type: str
  sample: simulated
match_score:
  description: Points that the interface scores in the profile's C(match), null if the page was not fetched.
  returned: when something was checked
  type: int
  sample: 4
match_enough:
  description: Points that are needed to recognise the interface.
  returned: when something was checked
  type: int
  sample: 4
operations:
  description: For each operation, whether it fits (C(ok)) and was checked (C(covered)), what it is based on
    (C(evidence)), its C(readings), C(missing) fields, C(unknown_texts) that no value map contains, the C(page), and
    fields of the page that the profile does not use (C(unused)).
  returned: when something was checked
  type: dict
report:
  description:
    - "The results as text, a table for each operation: its result, the values that were read (of a list its first
      rows), missing fields, and fields of the page that the profile does not use."
  returned: when something was checked
  type: list
  elements: str
reading:
  description: All values that were read, in the form of O(expected).
  returned: when something was checked
  type: dict
notes:
  description: Parts of the recording that were left out.
  returned: when something was checked
  type: list
  elements: str
bundle:
  description: Path of the bundle, null if none was written.
  returned: when something was checked
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

from ..module_utils._options.https import CONTROLLER_HTTP

ARGUMENT_SPEC = {
    **CONTROLLER_HTTP.spec,
    "profile": {"type": "raw", "required": True},
    "interface": {"type": "str", "choices": ["controller", "tenant", "site", "other"]},
    "recording": {"type": "path"},
    "live": {
        "type": "dict",
        "mutually_exclusive": [("session_file", "username", "client_id")],
        "required_together": [("username", "password"), ("client_id", "client_secret")],
        "options": {
            "url": {"type": "str", "required": True},
            "username": {"type": "str"},
            "domain": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "session_file": {"type": "path"},
            "tenant": {"type": "str"},
            "client_id": {"type": "str"},
            "client_secret": {"type": "str", "no_log": True},
        },
    },
    "allow_unverified_profile": {"type": "bool", "default": False},
    "expected": {"type": "path"},
    "bundle": {"type": "path"},
}
RULES: dict[str, t.Any] = {"mutually_exclusive": [("recording", "live")], "required_one_of": [("recording", "live")]}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("profile_check", ARGUMENT_SPEC, **RULES)


if __name__ == "__main__":
    main()
