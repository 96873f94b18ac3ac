# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""For which hosts the conditions around the role hold. Ansible asks them for the first host of a batch only."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.host_variables import HostVariables


def selects(conditions: list[Any], **variables: Any) -> bool:
    """Return whether these conditions hold for a host with these variables."""
    action: Any = SimpleNamespace(_task=SimpleNamespace(when=conditions), _templar=Templar(DataLoader()))
    hostvars = SimpleNamespace(_variable_manager=None, _inventory=None)
    return HostVariables(action, {"hostvars": hostvars}, ["p1"]).selects(variables)


@pytest.mark.parametrize(
    ("conditions", "held"),
    [
        ([], True),
        ([True], True),
        ([False], False),
        (["ready", "inventory_hostname != 'p2'"], True),
        (["ready", "inventory_hostname != 'p1'"], False),
        (["not ready", "not_there"], False),
    ],
)
def test_all_conditions_hold_for_a_host_that_is_selected(conditions: list[Any], held: bool) -> None:
    given = [trust_as_template(each) if isinstance(each, str) else each for each in conditions]
    assert selects(given, inventory_hostname="p1", ready=True) is held


def test_a_condition_that_cannot_be_evaluated_is_told_as_such() -> None:
    with pytest.raises(BadInput, match=r"the condition of the role \(when\) cannot be evaluated: .*not_there"):
        selects([trust_as_template("not_there")])
