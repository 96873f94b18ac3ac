# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules do whose action does all the work: they check their options, and fail. Knows no option."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible.module_utils.basic import AnsibleModule


def fail_as_module(name: str, spec: Mapping[str, t.Any], **rules: t.Any) -> None:
    """Fail: Ansible runs the action plugin of the same name instead. ``rules`` are those of AnsibleModule."""
    module = AnsibleModule(argument_spec=dict(spec), supports_check_mode=True, **rules)
    module.fail_json(msg=f"{name} is an action plugin and cannot run as a module")
