#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: device_certificate
short_description: Fetches the certificate of a printer without signing in, and pins it
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Performs a TLS handshake with a printer's web interface, and returns its certificate and whether it is trusted. It
    sends no HTTP request and needs no credentials.
  - With O(path), it writes the fingerprint of an untrusted certificate to a file of host variables, as
    C(printops_tls_fingerprint). It never overwrites a different pin without O(replace=true).
  - A person must verify that the certificate belongs to the printer, by comparing the fingerprint with the one that the
    printer itself shows.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
    details:
      - Fetches the certificate in check mode too, and shows what it would write.
  diff_mode:
    support: full
  action:
    details:
      - The action is the whole module. A delegated task also runs on the machine that runs C(ansible-playbook).
  async:
    support: none
    details:
      - The task ends within O(timeout).
requirements:
  - cryptography >= 42
options:
  host:
    description:
      - Name (FQDN) or address of the printer's controller.
      - Without it the variables C(printops_host), C(ansible_host) and C(inventory_hostname) are used, in this order.
        Then the environment variable E(PRINTOPS_HOST).
    type: str
    required: true
  port:
    description:
      - Port of the web interface.
      - Variable C(printops_port), environment E(PRINTOPS_PORT).
    type: int
    default: 443
  ca_path:
    description:
      - File (PEM) or folder of CA certificates to trust instead of the system's.
      - Variable C(printops_ca_path), environment E(PRINTOPS_CA_PATH).
    type: path
  tls_fingerprint:
    description:
      - SHA-256 fingerprints that are already pinned for this printer. If the certificate's fingerprint is not among
        them, the task fails with the outcome V(untrusted_certificate).
      - Variable C(printops_tls_fingerprint), environment E(PRINTOPS_TLS_FINGERPRINT).
    type: list
    elements: str
  ciphers:
    description:
      - TLS ciphers to offer instead of the system's defaults, in the notation of OpenSSL, as in
        M(printops.prisma.device_info).
      - Variable C(printops_ciphers), environment E(PRINTOPS_CIPHERS).
    type: list
    elements: str
  tls_minimum:
    description:
      - Oldest version of TLS to accept. The default is that of the system, in most cases V(1.2). With V(1.0) or V(1.1)
        and without O(ciphers), old ciphers are offered as well.
      - Variable C(printops_tls_minimum), environment E(PRINTOPS_TLS_MINIMUM).
    type: str
    choices: ['1.0', '1.1', '1.2', '1.3']
  path:
    description:
      - File to write the pin to. It must contain nothing else. Without this option nothing is written.
      - A missing folder is created with mode 0700. If the folder would hide a file of host variables of the same name,
        the task fails, because Ansible reads only one of them.
    type: path
  replace:
    description:
      - Whether to replace a different pin in O(path), after the printer's certificate was renewed.
    type: bool
    default: false
  timeout:
    description:
      - Maximum time for connection and handshake, in seconds.
      - Variable C(printops_timeout), environment E(PRINTOPS_TIMEOUT).
    type: float
    default: 30
notes:
  - It connects directly, not through a proxy.
seealso:
  - module: printops.prisma.device_info
"""

EXAMPLES = r"""
- name: Show the certificate of each printer of the play
  printops.prisma.device_certificate:

- name: Pin it
  printops.prisma.device_certificate:
    path: "{{ inventory_dir }}/host_vars/{{ inventory_hostname }}/printops_tls.yml"
"""

RETURN = r"""
fingerprint:
  description: SHA-256 fingerprint of the certificate.
  returned: when the handshake succeeded
  type: str
trusted:
  description: Whether the certificate is trusted without a pin.
  returned: when the handshake succeeded
  type: bool
why_not_trusted:
  description: The verification error, null if the certificate is trusted.
  returned: when the handshake succeeded
  type: str
  sample: self-signed certificate
pinned:
  description: Whether the fingerprint is among O(tls_fingerprint).
  returned: when the handshake succeeded
  type: bool
certificate:
  description: Content of the certificate. A value that cannot be parsed is null.
  returned: when the handshake succeeded
  type: dict
  contains:
    subject:
      description: Subject of the certificate.
      returned: always
      type: str
    issuer:
      description: Issuer of the certificate.
      returned: always
      type: str
    names:
      description: Subject alternative names, host names and IP addresses.
      returned: always
      type: list
      elements: str
    not_before:
      description: Start of its validity.
      returned: always
      type: str
    not_after:
      description: End of its validity.
      returned: always
      type: str
    serial:
      description: Serial number of the certificate, not of the printer.
      returned: always
      type: str
path:
  description: Path of the pin file.
  returned: when a pin is needed and O(path) is set
  type: str
outcome:
  description: One of V(untrusted_certificate), V(unreachable), V(timeout) and V(failed).
  returned: failure
  type: str
  sample: unreachable
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
from ansible_collections.printops.prisma.plugins.module_utils._options.controller import CONTROLLER
from ansible_collections.printops.prisma.plugins.module_utils._options.group import OptionGroup
from ansible_collections.printops.prisma.plugins.module_utils._options.https import CONTROLLER_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import TaskOptions


def _some_of(group: OptionGroup, *names: str) -> OptionGroup:
    """Return those options of a group that a handshake needs."""
    return OptionGroup({name: group.spec[name] for name in names}, "", {name: group.variables[name] for name in names})


TASK = TaskOptions(
    name="device_certificate",
    groups=(
        _some_of(CONTROLLER, "host", "port"),
        _some_of(CONTROLLER_HTTP, "ca_path", "tls_fingerprint", "ciphers", "tls_minimum", "timeout"),
    ),
    options={
        "path": {"type": "path"},
        "replace": {"type": "bool", "default": False},
    },
)
ARGUMENT_SPEC = TASK.argument_spec()


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("device_certificate", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
