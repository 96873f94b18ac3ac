# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which a task reaches a web interface that only its profile describes."""

from __future__ import annotations

from .group import OptionGroup, from_environment

DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of the web interface.
      - Variable C(printops_web_url), environment E(PRINTOPS_WEB_URL).
    type: str
    required: true
  profile:
    description:
      - Description of the web interface, a profile with C(interface) V(other). The id of a profile (a
        C(profiles/ID.yml) beside playbook or inventory), a path, or a profile itself as a dictionary.
      - Variable C(printops_web_profile), environment E(PRINTOPS_WEB_PROFILE).
    type: raw
    required: true
  username:
    description:
      - Account to sign in with, or id of the client if the profile has client credentials. An interface without a
        sign-in needs none.
      - Variable C(printops_web_username), environment E(PRINTOPS_WEB_USERNAME).
    type: str
  password:
    description:
      - Its password. A refused sign-in is never repeated, since accounts get locked.
      - Variable C(printops_web_password), environment E(PRINTOPS_WEB_PASSWORD).
    type: str
  sign_in_hosts:
    description:
      - Hosts of the account's provider that a sign-in may lead to, each as C(host) or C(host:port), beside those that
        the profile lists. The password is sent to these hosts only.
      - Variable C(printops_web_sign_in_hosts), environment E(PRINTOPS_WEB_SIGN_IN_HOSTS).
    type: list
    elements: str
  session_file:
    description:
      - File with the session of a browser in which a person has signed in, instead of O(username). Either a storage
        state of Playwright or a C(cookies.txt) (Netscape). The session is not signed out.
      - The profile needs C(sign_in.check), which proves the session.
      - Variable C(printops_web_session_file), environment E(PRINTOPS_WEB_SESSION_FILE).
    type: path
  allow_unverified_profile:
    description:
      - Sign in and write although the profile does not recognise the interface.
      - Variable C(printops_web_allow_unverified_profile), environment E(PRINTOPS_WEB_ALLOW_UNVERIFIED_PROFILE).
    type: bool
    default: false
  inputs:
    description:
      - Values for the placeholders of the operation, by the names that the profile lists as its C(inputs). An input
        may have any name.
    type: dict
    default: {}
"""

WEB = OptionGroup(
    spec={
        "url": from_environment("printops_web_url", type="str", required=True),
        "profile": from_environment("printops_web_profile", type="raw", required=True),
        "username": from_environment("printops_web_username", type="str"),
        "password": from_environment("printops_web_password", type="str", no_log=True),
        "sign_in_hosts": from_environment("printops_web_sign_in_hosts", type="list", elements="str"),
        "session_file": from_environment("printops_web_session_file", type="path"),
        "allow_unverified_profile": from_environment(
            "printops_web_allow_unverified_profile", type="bool", default=False
        ),
        "inputs": {"type": "dict", "default": {}},
    },
    documentation=DOCUMENTATION,
    variables={
        name: (f"printops_web_{name}",)
        for name in (
            *("url", "profile", "username", "password", "sign_in_hosts", "session_file"),
            "allow_unverified_profile",
        )
    },
)
