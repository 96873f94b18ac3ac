# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which a task reaches a PRISMA Home tenant."""

from __future__ import annotations

from .group import OptionGroup, from_environment

DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of PRISMA Home.
      - Variable V(printops_tenant_url), environment E(PRINTOPS_TENANT_URL).
    type: str
    required: true
  tenant:
    description:
      - Id of the tenant. It is read back after the sign-in, and nothing is done if it is another one.
      - Variable V(printops_tenant), environment E(PRINTOPS_TENANT).
    type: str
    required: true
  client_id:
    description:
      - Account of the automation at the tenant.
      - Variable V(printops_tenant_client_id), environment E(PRINTOPS_TENANT_CLIENT_ID).
    type: str
    required: true
  client_secret:
    description:
      - Its secret.
      - Variable V(printops_tenant_client_secret), environment E(PRINTOPS_TENANT_CLIENT_SECRET).
    type: str
    required: true
  profile:
    description:
      - Description of PRISMA Home. The id of a profile (a C(profiles/ID.yml) beside playbook or inventory wins
        over the one shipped with the collection), a path, or a profile itself as a dictionary.
      - Variable V(printops_tenant_profile), environment E(PRINTOPS_TENANT_PROFILE).
    type: raw
    default: prisma-home
  allow_unverified_profile:
    description:
      - Sign in and write although the profile does not recognise the interface.
      - Variable V(printops_tenant_allow_unverified_profile),
        environment E(PRINTOPS_TENANT_ALLOW_UNVERIFIED_PROFILE).
    type: bool
    default: false
"""

TENANT = OptionGroup(
    spec={
        "url": from_environment("printops_tenant_url", type="str", required=True),
        "tenant": from_environment("printops_tenant", type="str", required=True),
        "client_id": from_environment("printops_tenant_client_id", type="str", required=True),
        "client_secret": from_environment("printops_tenant_client_secret", type="str", required=True, no_log=True),
        "profile": from_environment("printops_tenant_profile", type="raw", default="prisma-home"),
        "allow_unverified_profile": from_environment(
            "printops_tenant_allow_unverified_profile", type="bool", default=False
        ),
    },
    documentation=DOCUMENTATION,
    variables={
        "url": ("printops_tenant_url",),
        "tenant": ("printops_tenant",),
        "client_id": ("printops_tenant_client_id",),
        "client_secret": ("printops_tenant_client_secret",),
        "profile": ("printops_tenant_profile",),
        "allow_unverified_profile": ("printops_tenant_allow_unverified_profile",),
    },
)
