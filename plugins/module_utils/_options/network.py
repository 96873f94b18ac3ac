# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a check whether a network lets printers reach the cloud: which hosts, and which printer's JMF."""

from __future__ import annotations

from .group import OptionGroup, from_environment

DOCUMENTATION = r"""
options:
  cloud_hosts:
    description:
      - Hosts to check, beside those of the collection (O(default_hosts)), O(tenant_url) and O(site_url). A row takes
        the place of another one with the same host and port.
      - Variable C(printops_cloud_hosts).
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description:
          - Name or address of the host, without scheme and port.
        type: str
        required: true
      port:
        description:
          - TCP port, on which TLS is expected.
        type: int
        default: 443
      purpose:
        description:
          - What the host is needed for.
        type: str
        default: ''
      source:
        description:
          - Where it is written that printers need it, such as a white paper of the vendor.
        type: str
        default: ''
      issuer:
        description:
          - Text that the issuer of its certificate must contain, such as the name of a public authority. A certificate
            of another issuer means that something intercepts TLS, even if this machine trusts it.
        type: str
        default: ''
      ca_path:
        description:
          - File (PEM) or folder of CA certificates to trust for this host, on the machine where the task runs.
        type: path
  tenant_url:
    description:
      - Address of PRISMA Home, whose host is checked as well.
      - Variable C(printops_tenant_url), environment E(PRINTOPS_TENANT_URL).
    type: str
  tenant_ca_path:
    description:
      - CA certificates to trust for the host of O(tenant_url) instead of the system's, as the tenant modules do.
      - Variable C(printops_tenant_ca_path), environment E(PRINTOPS_TENANT_CA_PATH).
    type: path
  site_ca_path:
    description:
      - CA certificates to trust for the host of O(site_url) instead of the system's, as the site modules do.
      - Variable C(printops_site_ca_path), environment E(PRINTOPS_SITE_CA_PATH).
    type: path
  site_url:
    description:
      - Address of the administration site, whose host is checked as well.
      - Variable C(printops_site_url), environment E(PRINTOPS_SITE_URL).
    type: str
  host:
    description:
      - Name of the printer's controller, for O(jmf).
      - Without it the variables C(printops_host), C(ansible_host) and C(inventory_hostname) are used, in this order.
    type: str
  jmf:
    description:
      - Ask the printer by JMF too, which tells a printer that is off from one whose web interface is down. JMF has to
        be switched on in the Settings Editor of a PRISMAsync printer first.
      - Variable C(printops_jmf), environment E(PRINTOPS_JMF).
    type: bool
    default: false
  jmf_port:
    description:
      - Port of JMF.
      - Variable C(printops_jmf_port), environment E(PRINTOPS_JMF_PORT).
    type: int
    default: 8010
"""

ROW = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 443},
    "purpose": {"type": "str", "default": ""},
    "source": {"type": "str", "default": ""},
    "issuer": {"type": "str", "default": ""},
    "ca_path": {"type": "path"},
}
"""The keys of a host."""

NETWORK = OptionGroup(
    spec={
        "cloud_hosts": {"type": "list", "elements": "dict", "default": [], "options": ROW},
        "tenant_url": from_environment("printops_tenant_url", type="str"),
        "tenant_ca_path": from_environment("printops_tenant_ca_path", type="path"),
        "site_ca_path": from_environment("printops_site_ca_path", type="path"),
        "site_url": from_environment("printops_site_url", type="str"),
        "host": {"type": "str"},
        "jmf": from_environment("printops_jmf", type="bool", default=False),
        "jmf_port": from_environment("printops_jmf_port", type="int", default=8010),
    },
    documentation=DOCUMENTATION,
    variables={
        "cloud_hosts": ("printops_cloud_hosts",),
        "tenant_url": ("printops_tenant_url",),
        "tenant_ca_path": ("printops_tenant_ca_path",),
        "site_ca_path": ("printops_site_ca_path",),
        "site_url": ("printops_site_url",),
        "host": ("printops_host", "ansible_host", "inventory_hostname"),
        "jmf": ("printops_jmf",),
        "jmf_port": ("printops_jmf_port",),
    },
)
