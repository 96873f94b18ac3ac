#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: profile_try
short_description: Shows a page of a web interface as a profile sees it, and tries expressions on it
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Shows the forms, tables, links, ids and labels of a page, or the values of a JSON document, each with the
    expression that picks it. It evaluates an O(expression), and finds expressions that read a O(text).
  - The page comes from a O(recording), or from an interface to which it signs in once with a O(profile). It only reads.
  - It always runs on the machine that runs C(ansible-playbook).
extends_documentation_fragment:
  - printops.prisma.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  action:
    details:
      - The action is the whole module. A delegated task also runs on the machine that runs C(ansible-playbook).
  async:
    support: none
options:
  page:
    description:
      - Path of the page, with its query. Of a recording also the end of a path, or the number of an exchange.
    type: str
    default: ""
  expression:
    description:
      - A JMESPath expression to evaluate on the page.
    type: str
  text:
    description:
      - A text on the page. Expressions that read exactly this text are returned, and the row of a list that contains
        it.
    type: str
  recording:
    description:
      - Path of a recording (HAR).
    type: path
  profile:
    description:
      - Id or path of the profile with which to sign in to O(url).
    type: raw
  url:
    description:
      - Address of the interface.
    type: str
  username:
    description:
      - User name at O(url).
    type: str
  password:
    description:
      - Password at O(url).
    type: str
  domain:
    description:
      - Domain of the account, if the interface asks for one.
    type: str
  ca_path:
    description:
      - PEM file with the certificate authorities to trust.
    type: path
  validate_certs:
    description:
      - Whether to verify the certificate of the interface.
    type: bool
    default: true
  tls_fingerprint:
    description:
      - SHA-256 fingerprints of certificates to trust.
    type: list
    elements: str
    default: []
  http_proxy:
    description:
      - Address of a web proxy.
    type: str
  timeout:
    description:
      - Seconds to wait for a response.
    type: float
    default: 30
seealso:
  - module: printops.prisma.profile_record
  - module: printops.prisma.profile_check
"""

EXAMPLES = r"""
- name: Show a page of a recording
  printops.prisma.profile_try:
    recording: our-printer.har
    page: ors.htm

- name: Which expression reads "connected"?
  printops.prisma.profile_try:
    url: https://press-01.example.com/
    profile: our-sra
    username: automation
    password: "{{ printops_password }}"
    page: ors.htm
    text: connected
"""

RETURN = r"""
page:
  description: One line for each part of the page, with its expression.
  returned: success
  type: list
  elements: str
  sample: ["title: Remote UI", "ids.orsState: connected"]
result:
  description: What the O(expression) picks, null without one.
  returned: success
  type: raw
found:
  description: Expressions that read the O(text). With C(row=true), the expression picks the row that contains it.
  returned: success
  type: list
  elements: dict
  sample: [{expression: ids.orsState, value: connected, row: false}]
path:
  description: Path of the page.
  returned: success
  type: str
  sample: /ors.htm
outcome:
  description: The outcome of the sign-in or of the request, or V(failed).
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
  description: Facts behind the failure, for example the pages of the recording.
  returned: failure
  type: dict
"""

from ansible.module_utils.basic import AnsibleModule

ARGUMENT_SPEC = {
    "page": {"type": "str", "default": ""},
    "expression": {"type": "str"},
    "text": {"type": "str"},
    "recording": {"type": "path"},
    "profile": {"type": "raw"},
    "url": {"type": "str"},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "domain": {"type": "str"},
    "ca_path": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "tls_fingerprint": {"type": "list", "elements": "str", "default": []},
    "http_proxy": {"type": "str"},
    "timeout": {"type": "float", "default": 30},
}
RULES = {
    "mutually_exclusive": [("recording", "url")],
    "required_one_of": [("recording", "url")],
    "required_by": {"url": "profile"},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    module = AnsibleModule(
        argument_spec=ARGUMENT_SPEC,
        supports_check_mode=True,
        mutually_exclusive=[("recording", "url")],
        required_one_of=[("recording", "url")],
        required_by={"url": "profile"},
    )
    module.fail_json(msg="profile_try is an action plugin and cannot run as a module")


if __name__ == "__main__":
    main()
