#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: site_sign_in
short_description: Has a person sign in at an administration site with a browser, and keeps the session
version_added: 0.1.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Opens Chromium at the site and waits until a person has signed in there with a Microsoft or Google account, with
    whatever second factor that asks for. Then writes the site's session to a file, which the other modules take as
    O(printops.prisma.cloud_access#module:session_file).
  - Only what belongs to the site's own host is written. The person's Microsoft or Google session is not.
  - It runs beside C(ansible-playbook) only, and needs a screen.
extends_documentation_fragment:
  - printops.prisma.attributes
requirements:
  - playwright
  - Chromium, Chrome or Edge
attributes:
  check_mode:
    support: full
    details:
      - Opens nothing.
  diff_mode:
    support: none
    details:
      - The session is a secret.
  action:
    details:
      - There is nothing else. A task that is delegated still runs beside C(ansible-playbook).
  async:
    support: none
    details:
      - A person takes part in it.
options:
  url:
    description:
      - Address of the administration site.
    type: str
    required: true
  session_file:
    description:
      - Where to write the session, as a storage state of Playwright, with mode 0600. Whoever has it is signed in.
    type: path
    required: true
  profile:
    description:
      - What describes the site. Its C(sign_in.signed_in) says when the sign-in is done.
    type: raw
    default: cloud-administration-site
  wait_timeout:
    description:
      - Seconds that the person has.
    type: float
    default: 300
  browser:
    description:
      - Path of the browser. Without it the first of chromium, google-chrome and microsoft-edge that is found.
    type: path
  browser_arguments:
    description:
      - Further arguments for the browser.
    type: list
    elements: str
    default: []
  headless:
    description:
      - Open no window. For tests, where a program signs in.
    type: bool
    default: false
  validate_certs:
    description:
      - Whether the browser verifies certificates. It uses the system's CAs.
    type: bool
    default: true
  http_proxy:
    description:
      - Proxy for the browser.
    type: str
seealso:
  - module: printops.prisma.cloud_access
"""

EXAMPLES = r"""
- name: Have a person sign in
  printops.prisma.site_sign_in:
    url: https://remotecontrol.cpp.canon/
    session_file: site-session.json
"""

RETURN = r"""
session_file:
  description: Where the session lies.
  returned: success
  type: str
host:
  description: Host that the session is for.
  returned: success, except in check mode
  type: str
  sample: remotecontrol.cpp.canon
cookies:
  description: How many cookies were kept.
  returned: success, except in check mode
  type: int
  sample: 2
expires:
  description: When the first of them expires, null if none says so. The site may end the session earlier.
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
    """Say that this is an action: Ansible runs the plugin of the same name instead."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    module.fail_json(msg="site_sign_in is an action plugin and cannot run as a module")


if __name__ == "__main__":
    main()
