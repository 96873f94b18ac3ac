# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that name the hosts of the cloud, which are the only ones that a registration address may lead to."""

from __future__ import annotations

from .cloud import SITE_URL
from .group import OptionGroup, from_environment

DOCUMENTATION = r"""
options:
  address_hosts:
    description:
      - Hosts that a registration address may lead to, beside those that the profile lists. A host has neither scheme
        nor port, as in V(home.example.com).
      - An address that leads elsewhere is refused where it is read, before anybody is asked to open it.
      - Variable C(printops_address_hosts), environment E(PRINTOPS_ADDRESS_HOSTS).
    type: list
    elements: str
"""

URLS_DOCUMENTATION = rf"""
options:
  tenant_url:
    description:
      - Address of PRISMA Home. A registration address may lead to its host. No request is sent there.
      - Variable C(printops_tenant_url), environment E(PRINTOPS_TENANT_URL).
    type: str
  site_url:
    description:
      - Address of the administration site. A registration address may lead to its host. No request is sent there.
        The default is the vendor's.
      - Variable C(printops_site_url), environment E(PRINTOPS_SITE_URL).
    type: str
    default: {SITE_URL}
"""

ADDRESS_HOSTS = OptionGroup(
    spec={"address_hosts": from_environment("printops_address_hosts", type="list", elements="str")},
    documentation=DOCUMENTATION,
    variables={"address_hosts": ("printops_address_hosts",)},
)

CLOUD_URLS = OptionGroup(
    spec={
        "tenant_url": from_environment("printops_tenant_url", type="str"),
        "site_url": from_environment("printops_site_url", type="str", default=SITE_URL),
    },
    documentation=URLS_DOCUMENTATION,
    variables={"tenant_url": ("printops_tenant_url",), "site_url": ("printops_site_url",)},
)
