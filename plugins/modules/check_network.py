#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: check_network
short_description: Checks whether printers can reach the cloud from a network
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Connects from the machine where the task runs to each host of the vendor's cloud, directly and, if a proxy is
    declared, through that proxy. For each host and each path it returns how far the connection got (DNS, TCP, proxy,
    TLS), as one outcome of a closed list with its advice.
  - It tells a proxy that intercepts TLS by the issuer of the certificate which it shows. Printers do not trust that
    issuer, even if this machine does.
  - A check counts if the printers depend on that path. If a proxy is declared, they depend on the proxy, except for the
    hosts of O(proxy_exceptions).
  - Delegate the task to a machine in the printers' network if the control node is in another one.
  - The task fails if a check that counts is not good.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.network
attributes:
  check_mode:
    support: full
    details:
      - It only reads, so check mode makes no difference.
  diff_mode:
    support: N/A
options:
  default_hosts:
    description:
      - Check the hosts that the collection lists (C(plugins/data/cloud_hosts.yml)). The hosts of ORS (On Remote
        Service) are not public, so they are not among them.
    type: bool
    default: true
  proxy_host:
    description:
      - Name or address of the proxy that the printers use, as in C(onboard_proxy).
    type: str
  proxy_port:
    description:
      - Port of the proxy.
    type: int
  proxy_user:
    description:
      - User name at the proxy.
    type: str
  proxy_password:
    description:
      - Password at the proxy.
    type: str
  proxy_exceptions:
    description:
      - Hosts that the printers reach without the proxy.
    type: list
    elements: str
  ca_path:
    description:
      - File (PEM) or folder of CA certificates to trust for every host instead of the system's, on the machine where
        the task runs.
      - Without it each host is judged by its own CA (O(tenant_ca_path), O(site_ca_path), C(ca_path) of its row), and by
        those of the system where it has none. C(printops_ca_path) is not used, because its CAs issue the certificates
        of printers. A certificate of theirs at a host of the cloud is a sign of an intercepting proxy.
    type: path
  timeout:
    description:
      - Seconds for one connection.
    type: float
    default: 10
requirements:
  - Python >= 3.11, httpx >= 0.27 and cryptography >= 42 where the task runs
  - PyYAML >= 6.0 on the machine that runs C(ansible-playbook)
notes:
  - It sends each host one C(HEAD) request without credentials once TLS is agreed upon, and a printer one JMF query.
  - It checks the path of the machine where it runs. A firewall may treat a printer in the same network differently.
seealso:
  - module: printops.prisma.device_proxy
    description: Has the printer itself test its connection.
  - module: printops.prisma.ors_status
"""

EXAMPLES = r"""
- name: Check the path to the cloud from a machine in the printers' network
  printops.prisma.check_network:
    proxy_host: proxy.example.com
    proxy_port: 3128
    proxy_user: printers
    proxy_password: "{{ vault_proxy_password }}"
    cloud_hosts:
      - host: ors.example.com
        purpose: ORS
        source: white paper of the service organisation
  delegate_to: jump

- name: Tell a printer that is off from one whose web interface is down
  printops.prisma.check_network:
    host: press-21.example.com
    jmf: true
"""

RETURN = r"""
checks:
  description: What each check found, one for each host and each path.
  returned: when the options are accepted
  type: list
  elements: dict
  contains:
    host:
      description: Host that was checked.
      returned: always
      type: str
      sample: remotecontrol.cpp.canon
    port:
      description: TCP port.
      returned: always
      type: int
      sample: 443
    purpose:
      description: What the host is needed for, empty if unknown.
      returned: always
      type: str
      sample: administration site
    source:
      description: Where it is written that printers need it, or the variable that names it.
      returned: always
      type: str
    route:
      description: V(direct), or V(proxy) for the declared proxy.
      returned: always
      type: str
      sample: proxy
    needed:
      description: Whether the printers depend on this path, so that the task fails if it is not good.
      returned: always
      type: bool
      sample: true
    outcome:
      description:
        - V(reachable), or V(alive) for a printer that answers by JMF.
        - V(unknown_name) if DNS has no such host, V(blocked) if no TCP connection is made, V(tls_failed) if it ends
          during the TLS handshake, and V(timeout) if nothing is answered.
        - V(proxy_unreachable), V(proxy_login_refused) and V(proxy_refuses) for the proxy.
        - V(intercepted) if an authority that is not trusted, or another one than directly, issued the certificate.
        - V(untrusted_certificate) if it is self-signed, expired, or for another name.
        - V(no_answer) for a printer that does not answer by JMF.
      returned: always
      type: str
      sample: reachable
    reason:
      description: What went wrong, in words. Empty if nothing did.
      returned: always
      type: str
    advice:
      description: What a person should do next.
      returned: always
      type: str
    addresses:
      description: IP addresses of the host, or of the proxy for V(proxy).
      returned: always
      type: list
      elements: str
    issuer:
      description: Issuer of the certificate that was shown, null if none was.
      returned: always
      type: str
    fingerprint:
      description: SHA-256 fingerprint of that certificate.
      returned: always
      type: str
    seconds:
      description: How long the check took.
      returned: always
      type: float
report:
  description: The same as one line of text for each check.
  returned: when the options are accepted
  type: list
  elements: str
  sample:
    - "remotecontrol.cpp.canon:443 directly: blocked (not needed, as a proxy is declared)"
    - "remotecontrol.cpp.canon:443 through the proxy: reachable"
outcome:
  description: V(reachable), or the outcome of the first check that counts and is not good. V(failed) if an option is
    refused.
  returned: always
  type: str
  sample: reachable
reason:
  description: What went wrong, in words. RV(ignore:msg) is the same with the advice.
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
from ansible_collections.printops.prisma.plugins.module_utils._options.network import NETWORK
from ansible_collections.printops.prisma.plugins.module_utils._prisma import check_network
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import TaskOptions, run_redacted
from ansible_collections.printops.prisma.plugins.module_utils._web.libraries import require

TASK = TaskOptions(
    name="check_network",
    groups=(NETWORK,),
    options={
        "default_hosts": {"type": "bool", "default": True},
        "proxy_host": {"type": "str"},
        "proxy_port": {"type": "int"},
        "proxy_user": {"type": "str"},
        "proxy_password": {"type": "str", "no_log": True},
        "proxy_exceptions": {"type": "list", "elements": "str"},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float", "default": 10},
    },
    rules={
        "required_together": [("proxy_host", "proxy_port")],
        "required_by": dict.fromkeys(("proxy_user", "proxy_password", "proxy_exceptions"), ("proxy_host",)),
    },
)


def main() -> None:
    """Run the check as an ordinary module. The action has added the rows of the table."""
    module = AnsibleModule(argument_spec=TASK.argument_spec(), supports_check_mode=True, **TASK.rules)

    def work() -> dict[str, object]:
        require("httpx")
        return check_network.run(module.params)

    result = run_redacted("check_network", {str(module.params["proxy_password"] or "")}, work)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
