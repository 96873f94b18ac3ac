#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: device_proxy
short_description: Keeps a printer's proxy client as declared
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Reads the proxy client through which the printer itself reaches the cloud (the tab [Proxy Client]), writes what
    differs and reads it back. Then the printer tests its connection through it, where the profile knows such a
    button.
  - What is not declared is left as it is.
  - It does not choose the proxy through which Ansible reaches the printer, which is O(http_proxy).
  - The fields of a real [Proxy Client] tab are not published, so a profile for it has to come from a recording.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_controller
  - printops.prisma.controller
  - printops.prisma.https
attributes:
  check_mode:
    support: full
    details:
      - It cannot say whether the printer will accept new values, nor whether that proxy will let it through, so they
        are not tested. Values that are there already are tested as O(test) says, if the profile marks the test as
        one that changes nothing. If that fails, it predicts that O(proxy_password) is written.
  diff_mode:
    support: full
    details:
      - A password shows as not set, set, or updated.
options:
  state:
    description:
      - V(present) switches the proxy client on, with the values declared.
      - V(absent) switches it off and leaves its values alone.
    type: str
    choices:
      - present
      - absent
    default: present
  proxy_host:
    description:
      - Name or address of the proxy, without scheme and port. Case does not matter.
      - Required with O(state=present).
    type: str
  proxy_port:
    description:
      - Port of the proxy.
      - Required with O(state=present).
    type: int
  proxy_user:
    description:
      - User name at the proxy. An empty text is for a proxy that wants none.
      - A proxy client may have no field for user, password or exceptions. Declaring one that is not there is an error,
        and nothing is written.
    type: str
  proxy_password:
    description:
      - Password at the proxy. An empty string is treated as unset.
      - It cannot be read back, so it is written when the printer has none, when O(proxy_host), O(proxy_port) or
        O(proxy_user) change, and when the printer's test of its connection fails (O(test)), as the printer may have an
        old one. O(update_password) is for every other case.
    type: str
  update_password:
    description:
      - V(on_create) writes O(proxy_password) only as described there.
      - V(always) writes it every time, and every time reports a change.
    type: str
    choices:
      - on_create
      - always
    default: on_create
  proxy_exceptions:
    description:
      - Hosts that the printer reaches without the proxy. An empty list removes all exceptions.
      - Order and case do not matter.
    type: list
    elements: str
  test:
    description:
      - Whether the printer tests its connection once the settings are as declared. If the test does not pass, the
        task fails with the outcome V(proxy_wrong).
      - V(auto) tests after a change, and without one while ORS (On Remote Service) is not connected.
      - V(always) and V(never) do as they say. Nothing is ever tested with O(state=absent), or if the profile knows no
        such button.
    type: str
    choices:
      - auto
      - always
      - never
    default: auto
notes:
  - An SRA printer needs the account of a customer administrator. A PRISMAsync printer needs an account with the right
    [Access to connectivity settings], which only the System administrator has by default, and for Remote Match with
    [Full access to administration tasks].
seealso:
  - module: printops.prisma.ors_status
    description: After a correction ORS needs a while to connect.
"""

EXAMPLES = r"""
- name: Send the printer through the proxy
  printops.prisma.device_proxy:
    host: press-07.example.com
    username: automation
    password: "{{ vault_printer_password }}"
    ca_path: /etc/ssl/printers.pem
    proxy_host: proxy.example.com
    proxy_port: 3128
    proxy_user: printers
    proxy_password: "{{ vault_proxy_password }}"
    proxy_exceptions:
      - localhost
      - intranet.example.com

- name: Write a new password of the proxy to every printer, once
  printops.prisma.device_proxy:
    proxy_host: proxy.example.com
    proxy_port: 3128
    proxy_user: printers
    proxy_password: "{{ vault_proxy_password }}"
    update_password: always

- name: Switch the proxy client off
  printops.prisma.device_proxy:
    state: absent
"""

RETURN = r"""
proxy:
  description: The proxy client as it is afterwards, or would be.
  returned: when it could be read
  type: dict
  contains:
    enabled:
      description: Whether it is switched on.
      returned: always
      type: bool
      sample: true
    host:
      description: Host of the proxy.
      returned: always
      type: str
      sample: proxy.example.com
    port:
      description: Port of the proxy.
      returned: always
      type: int
      sample: 3128
    user:
      description: User name at the proxy, empty if there is none.
      returned: always
      type: str
      sample: printers
    password:
      description: One of V((not set\)), V((set\)), V((not shown\)) and V((updated\)).
      returned: always
      type: str
      sample: (updated)
    exceptions:
      description: Hosts that are reached without the proxy.
      returned: always
      type: list
      elements: str
      sample:
        - intranet.example.com
        - localhost
test:
  description: The printer's own test of its connection.
  returned: when the proxy client is as declared
  type: dict
  contains:
    result:
      description: One of V(passed), V(failed), V(other) for a text that the profile does not know, and
        V(not_tested).
      returned: always
      type: str
      sample: passed
    text:
      description: What the printer says about it.
      returned: always
      type: str
plan:
  description: What this task changed, or would change, as data. With C(--diff) the same is shown as a diff.
  returned: when the result is changed, also on failure
  type: dict
  contains:
    before:
      description: What was read.
      returned: always
      type: dict
      sample:
        proxy:
          enabled: false
          exceptions: []
          host: ""
          password: (not set)
          port: null
          user: ""
    after:
      description: What is declared.
      returned: always
      type: dict
      sample:
        proxy:
          enabled: true
          exceptions: []
          host: proxy.example.com
          password: (updated)
          port: 3128
          user: printers
evidence:
  description: What the profile is based on, which is V(simulated), V(recorded) or V(verified).
  returned: always, unless an option or the profile is refused
  type: str
  sample: simulated
outcome:
  description:
    - What went wrong, as a word of a closed list.
    - One of V(proxy_wrong), V(wrong_device), V(auth_failed), V(locked), V(password_change), V(not_tried),
      V(untrusted_certificate), V(unsupported), V(busy), V(timeout), V(unreachable) and V(failed).
  returned: failure
  type: str
  sample: auth_failed
reason:
  description: What went wrong, in words. RV(ignore:msg) is the same with the host's name and the advice.
  returned: failure
  type: str
advice:
  description: What a person should do next.
  returned: failure
  type: str
details:
  description: Facts behind the failure, which differ by its kind. Of a page, its title, forms and field names.
  returned: failure
  type: dict
"""

from ansible_collections.printops.prisma.plugins.module_utils._options.controller import CONTROLLER
from ansible_collections.printops.prisma.plugins.module_utils._options.https import CONTROLLER_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._prisma import device_proxy
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="device_proxy",
    interface="controller",
    groups=(
        CONTROLLER,
        CONTROLLER_HTTP,
    ),
    run=device_proxy.run,
    options={
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "proxy_host": {"type": "str"},
        "proxy_port": {"type": "int"},
        "proxy_user": {"type": "str"},
        "proxy_password": {"type": "str", "no_log": True},
        "update_password": {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False},
        "proxy_exceptions": {"type": "list", "elements": "str"},
        "test": {"type": "str", "choices": ["auto", "always", "never"], "default": "auto"},
    },
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
