#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: site_sign_in
short_description: Opens a browser in which a person signs in at an administration site, and saves the session
version_added: 0.1.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Opens Chromium at the site and waits until a person has signed in with a Microsoft or Google account, including any
    second factor. Then writes the session of the site to a file, which other modules use as
    O(printops.prisma.cloud_access#module:session_file).
  - The file contains only the session of the site's own host, not the Microsoft or Google session.
  - It always runs on the machine that runs C(ansible-playbook), which needs a screen.
extends_documentation_fragment:
  - printops.prisma.attributes
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
  url:
    description:
      - Address of the administration site.
    type: str
    required: true
  session_file:
    description:
      - File to write the session to, as a storage state of Playwright, with mode 0600. Anyone who has the file is
        signed in.
    type: path
    required: true
  profile:
    description:
      - Id or path of the profile of the site, or the profile itself as a dictionary. Its C(sign_in.signed_in) proves
        the sign-in.
    type: raw
    default: cloud-administration-site
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
"""

EXAMPLES = r"""
- name: Open a browser for the sign-in
  printops.prisma.site_sign_in:
    url: https://remotecontrol.cpp.canon/
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
expires:
  description: Time when the first cookie expires, null if no cookie has one. The site may end the session earlier.
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

from ansible.module_utils.basic import AnsibleModule

ARGUMENT_SPEC = {
    "url": {"type": "str", "required": True},
    "session_file": {"type": "path", "required": True},
    "profile": {"type": "raw", "default": "cloud-administration-site"},
    "wait_timeout": {"type": "float", "default": 300},
    "browser": {"type": "path"},
    "browser_arguments": {"type": "list", "elements": "str", "default": []},
    "headless": {"type": "bool", "default": False},
    "validate_certs": {"type": "bool", "default": True},
    "http_proxy": {"type": "str", "no_log": False},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    module.fail_json(msg="site_sign_in is an action plugin and cannot run as a module")


if __name__ == "__main__":
    main()
