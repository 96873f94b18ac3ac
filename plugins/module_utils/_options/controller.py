# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which a task reaches the web interface of one printer's controller."""

from __future__ import annotations

from .group import OptionGroup, from_environment

DOCUMENTATION = r"""
options:
  host:
    description:
      - Name (FQDN) of the printer's controller, as its certificate has it.
      - Without it the variables C(printops_host), C(ansible_host) and C(inventory_hostname) are used, in this order.
    type: str
    required: true
  port:
    description:
      - Port of the web interface.
      - Variable C(printops_port), environment E(PRINTOPS_PORT).
    type: int
    default: 443
  base_path:
    description:
      - Where on that host the web interface lies, when it is reached through a gateway.
      - Variable C(printops_base_path), environment E(PRINTOPS_BASE_PATH).
    type: str
    default: /
  username:
    description:
      - Account to sign in with, best one for this purpose alone. An SRA printer needs a customer administrator. A
        PRISMAsync printer needs an account with the right [Access to connectivity settings], and for Remote Match with
        [Full access to administration tasks].
      - Sign in by hand once before the first run, as a new account has to change its password then.
      - Variable C(printops_username), environment E(PRINTOPS_USERNAME).
    type: str
    required: true
  domain:
    description:
      - Domain of the account, for a sign-in that asks for one. Without it, the account is one of the printer itself.
      - Variable C(printops_domain), environment E(PRINTOPS_DOMAIN).
    type: str
  password:
    description:
      - Its password. A refused sign-in is never repeated, as controllers lock accounts.
      - Variable C(printops_password), environment E(PRINTOPS_PASSWORD).
    type: str
    required: true
  serial:
    description:
      - Expected serial number. If the device has another one, the task fails before it changes anything.
      - Variable C(printops_serial), environment E(PRINTOPS_SERIAL).
    type: str
  max_refused:
    description:
      - After so many printers of a run refused the same user name and password, the other printers that share them
        are not tried and end C(not_tried). Until the first printer has accepted them, they are tried on one
        printer at a time. V(0) lifts the limit, and no printer waits.
      - Variable C(printops_max_refused), environment E(PRINTOPS_MAX_REFUSED).
    type: int
    default: 2
  profile:
    description:
      - Description of the web interface. The id of a profile (a C(profiles/ID.yml) beside playbook or inventory wins
        over the one shipped with the collection), a path, or a profile itself as a dictionary.
      - Variable C(printops_profile), environment E(PRINTOPS_PROFILE).
    type: raw
    default: sra-remote-ui
  allow_unverified_profile:
    description:
      - Sign in and write although the profile does not recognise the interface.
      - Variable C(printops_allow_unverified_profile), environment E(PRINTOPS_ALLOW_UNVERIFIED_PROFILE).
    type: bool
    default: false
"""

CONTROLLER = OptionGroup(
    spec={
        "host": from_environment("printops_host", type="str", required=True),
        "port": from_environment("printops_port", type="int", default=443),
        "base_path": from_environment("printops_base_path", type="str", default="/"),
        "username": from_environment("printops_username", type="str", required=True),
        "domain": from_environment("printops_domain", type="str"),
        "password": from_environment("printops_password", type="str", required=True, no_log=True),
        "serial": from_environment("printops_serial", type="str"),
        "max_refused": from_environment("printops_max_refused", type="int", default=2),
        "profile": from_environment("printops_profile", type="raw", default="sra-remote-ui"),
        "allow_unverified_profile": from_environment("printops_allow_unverified_profile", type="bool", default=False),
    },
    documentation=DOCUMENTATION,
    variables={
        "host": ("printops_host", "ansible_host", "inventory_hostname"),
        "port": ("printops_port",),
        "base_path": ("printops_base_path",),
        "username": ("printops_username",),
        "domain": ("printops_domain",),
        "password": ("printops_password",),
        "serial": ("printops_serial",),
        "max_refused": ("printops_max_refused",),
        "profile": ("printops_profile",),
        "allow_unverified_profile": ("printops_allow_unverified_profile",),
    },
)
