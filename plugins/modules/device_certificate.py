#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: device_certificate
short_description: Looks at the certificate of a printer without signing in, and pins it
version_added: 0.1.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Connects to a printer's web interface up to the end of the TLS handshake, and says which certificate it shows and
    whether that is trusted. No request is sent, and no credentials are needed.
  - With O(path) it writes the fingerprint of a certificate that is not trusted otherwise into a file of host variables,
    as C(printops_tls_fingerprint). A different pin is never overwritten without O(replace=true).
  - Whether the certificate is the printer's is for a person to say, who compares the fingerprint with what the printer
    itself shows.
extends_documentation_fragment:
  - printops.prisma.attributes
attributes:
  check_mode:
    support: full
    details:
      - It looks in check mode too, and says what would be written.
  diff_mode:
    support: full
  action:
    details:
      - There is nothing else. A task that is delegated still runs beside C(ansible-playbook).
  async:
    support: none
    details:
      - There is nothing to wait for.
options:
  host:
    description:
      - Name (FQDN) or address of the printer's controller.
    type: str
    required: true
  port:
    description:
      - Port of the web interface.
    type: int
    default: 443
  ca_path:
    description:
      - File (PEM) or folder of CA certificates to trust instead of the system's.
    type: path
  tls_fingerprint:
    description:
      - SHA-256 fingerprints that are pinned for this printer already. If there are some and the certificate's is not
        among them, the task fails with the outcome V(untrusted_certificate).
    type: list
    elements: str
  path:
    description:
      - File to write the pin to, which holds nothing else. Without it nothing is written.
      - A folder that is missing is made with mode 0700. It is not made where it would hide a file of host variables,
        since Ansible does not read a file and a folder of the same name.
    type: path
  replace:
    description:
      - Replace the pin in O(path) if it is a different one, as the printer's certificate was renewed.
    type: bool
    default: false
  timeout:
    description:
      - Seconds that connecting and handshake may take.
    type: float
    default: 30
notes:
  - It connects directly, through no proxy.
seealso:
  - module: printops.prisma.device_info
"""

EXAMPLES = r"""
- name: Look at the certificate
  printops.prisma.device_certificate:
    host: press-01.example.com

- name: Pin it
  printops.prisma.device_certificate:
    host: press-01.example.com
    path: host_vars/press-01.example.com/printops_tls.yml
"""

RETURN = r"""
fingerprint:
  description: SHA-256 fingerprint of the certificate.
  returned: when it was shown
  type: str
trusted:
  description: Whether it is trusted without a pin.
  returned: when it was shown
  type: bool
why_not_trusted:
  description: Why it is not, null if it is.
  returned: when it was shown
  type: str
  sample: self-signed certificate
pinned:
  description: Whether it is among O(tls_fingerprint).
  returned: when it was shown
  type: bool
certificate:
  description: What it says. What cannot be read is null.
  returned: when it was shown
  type: dict
  contains:
    subject:
      description: Whose it is.
      returned: always
      type: str
    issuer:
      description: Who signed it.
      returned: always
      type: str
    names:
      description: Names and addresses that it is for.
      returned: always
      type: list
      elements: str
    not_before:
      description: From when it is valid.
      returned: always
      type: str
    not_after:
      description: Until when.
      returned: always
      type: str
    serial:
      description: Its own serial number, not the printer's.
      returned: always
      type: str
path:
  description: The file of the pin.
  returned: when a pin is needed, and O(path) is given
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

from ansible.module_utils.basic import AnsibleModule

ARGUMENT_SPEC = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 443},
    "ca_path": {"type": "path"},
    "tls_fingerprint": {"type": "list", "elements": "str"},
    "path": {"type": "path"},
    "replace": {"type": "bool", "default": False},
    "timeout": {"type": "float", "default": 30},
}


def main() -> None:
    """Say that this is an action: Ansible runs the plugin of the same name instead."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    module.fail_json(msg="device_certificate is an action plugin and cannot run as a module")


if __name__ == "__main__":
    main()
