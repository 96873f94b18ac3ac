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
  - With O(window=true) the page opens in a browser, beside a panel that shows the same. Point at something in the page
    for its expressions, or type an expression, whose value is shown at once. Requests that may change something are
    stopped. This needs a screen, Playwright, and Chromium, Chrome or Edge.
  - It always runs on the machine that runs C(ansible-playbook).
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
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
requirements:
  - ijson >= 3.2 for O(recording)
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
  window:
    description:
      - Opens the page in a browser, beside the panel, and waits until you close it.
    type: bool
    default: false
  language:
    description:
      - Language of the panel.
    type: str
    choices: [en, fr, de]
    default: en
  wait_timeout:
    description:
      - Seconds after which the window closes.
    type: float
    default: 3600
  browser:
    description:
      - Path of the browser (Chromium, Chrome or Edge). Without it, the first one on C(PATH).
    type: path
  browser_arguments:
    description:
      - Additional arguments for the browser.
    type: list
    elements: str
    default: []
  browser_validate_certs:
    description:
      - Whether the browser verifies the certificate of the interface, by default as O(validate_certs). The browser does
        not use O(ca_path) and O(tls_fingerprint).
    type: bool
  clicks:
    description:
      - Path of a YAML file with clicks in place of a person, for tests. The browser is then not shown.
    type: path
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

- name: Try expressions in a browser, on the pages of a recording
  printops.prisma.profile_try:
    recording: our-printer.har
    page: ors.htm
    window: true
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
not_found:
  description:
    - One sentence for an O(expression) that picks nothing, and one for a O(text) that no expression reads, with what
      resembles it on the page.
  returned: success
  type: list
  elements: str
kept:
  description: The expressions that were kept in the panel, with the path of their page.
  returned: with O(window=true)
  type: list
  elements: dict
  sample: [{path: /ors.htm, expression: ids.orsState, value: connected}]
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

import typing as t

from ansible_collections.printops.prisma.plugins.module_utils._options.action_only import fail_as_module

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
    "window": {"type": "bool", "default": False},
    "language": {"type": "str", "choices": ["en", "fr", "de"], "default": "en"},
    "wait_timeout": {"type": "float", "default": 3600},
    "browser": {"type": "path"},
    "browser_arguments": {"type": "list", "elements": "str", "default": []},
    "browser_validate_certs": {"type": "bool"},
    "clicks": {"type": "path"},
}
RULES: dict[str, t.Any] = {
    "mutually_exclusive": [("recording", "url")],
    "required_one_of": [("recording", "url")],
    "required_by": {"url": "profile"},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("profile_try", ARGUMENT_SPEC, **RULES)


if __name__ == "__main__":
    main()
