#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sign_in
short_description: Opens a browser in which a person signs in at a cloud, and saves the session
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Opens Chromium at PRISMA Home or at an administration site, and waits until a person has signed in, including any
    second factor. Then writes the session to a file, which other modules use as
    O(printops.prisma.home_device#module:session_file) or O(printops.prisma.cloud_access#module:session_file).
  - The file contains the cookies of the cloud's own host, and the local and session storage of its own origin. It does
    not contain the session of the account's provider, such as Microsoft or Google.
  - It always runs on the machine that runs C(ansible-playbook), which needs a screen.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
requirements:
  - playwright
  - Chromium, Chrome or Edge
attributes:
  check_mode:
    support: full
    details:
      - Opens no browser and writes no file.
  diff_mode:
    support: none
    details:
      - The session is a secret.
  action:
    details:
      - The action is the whole module. A delegated task also runs on the machine that runs C(ansible-playbook).
  async:
    support: none
    details:
      - A person must sign in while the task runs.
options:
  cloud:
    description:
      - Where to sign in, V(tenant) for PRISMA Home, V(site) for an administration site.
    type: str
    choices: [tenant, site]
    default: site
  url:
    description:
      - Address of PRISMA Home or of the administration site. Required for a tenant. The default for a site is the
        vendor's, C(https://remotecontrol.cpp.canon/).
    type: str
  session_file:
    description:
      - File to write the session to, as a storage state of Playwright, with mode 0600. Anyone who has the file is
        signed in.
    type: path
    required: true
  profile:
    description:
      - Id or path of the profile, or the profile itself as a dictionary. Its C(session.storage), if there is one, or
        else its C(sign_in.signed_in) proves the sign-in.
      - The default is V(prisma-home) for a tenant and V(cloud-administration-site) for a site.
    type: raw
  wait_timeout:
    description:
      - Maximum time to wait for the sign-in, in seconds.
    type: float
    default: 300
  browser:
    description:
      - Path of the browser. The default is the first of chromium, google-chrome and microsoft-edge in C(PATH), or else
        the one of Playwright.
    type: path
  browser_arguments:
    description:
      - Additional command-line arguments for the browser.
    type: list
    elements: str
    default: []
  headless:
    description:
      - Whether to open the browser without a window. Use it only for tests in which a program signs in.
    type: bool
    default: false
  validate_certs:
    description:
      - Whether the browser verifies certificates. It uses the CAs of the system.
    type: bool
    default: true
  http_proxy:
    description:
      - Address of the proxy that the browser uses.
    type: str
seealso:
  - module: printops.prisma.cloud_access
  - module: printops.prisma.home_device
"""

EXAMPLES = r"""
- name: Sign in to PRISMA Home
  printops.prisma.sign_in:
    cloud: tenant
    url: https://home.example.com/
    session_file: home-session.json

- name: Sign in at the vendor's administration site
  printops.prisma.sign_in:
    cloud: site
    session_file: site-session.json
"""

RETURN = r"""
session_file:
  description: Path of the session file.
  returned: success
  type: str
host:
  description: Host of the session.
  returned: success, except in check mode
  type: str
  sample: remotecontrol.cpp.canon
cookies:
  description: Number of cookies in the file.
  returned: success, except in check mode
  type: int
  sample: 2
storage:
  description: Number of entries of local and session storage in the file.
  returned: success, except in check mode
  type: int
  sample: 4
expires:
  description: Time when the session ends, null if that cannot be read. The cloud may end it earlier.
  returned: success, except in check mode
  type: str
  sample: "2026-11-22T08:00:00Z"
outcome:
  description: V(failed), or V(timeout) if nobody signed in.
  returned: failure
  type: str
  sample: timeout
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
    "cloud": {"type": "str", "choices": ["tenant", "site"], "default": "site"},
    "url": {"type": "str"},
    "session_file": {"type": "path", "required": True},
    "profile": {"type": "raw"},
    "wait_timeout": {"type": "float", "default": 300},
    "browser": {"type": "path"},
    "browser_arguments": {"type": "list", "elements": "str", "default": []},
    "headless": {"type": "bool", "default": False},
    "validate_certs": {"type": "bool", "default": True},
    "http_proxy": {"type": "str", "no_log": False},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("sign_in", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
