# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the hosts of a cloud's list are named. Reads no list."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._inventory.cloud_inventory import CloudInventory


class ByNameAndSerial(CloudInventory):
    """An inventory without a cloud."""

    NAME = "by_name_and_serial"
    prefix = "home"

    def get_option(self, option: str, hostvars: Any = None) -> Any:
        return {"hostnames": ["name", "serial"]}[option]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"name": "press-01", "serial": "1"}, "press-01"),
        ({"name": "taken", "serial": "1"}, "1"),
        ({"name": "{{ lookup('pipe', 'id') }}", "serial": "1"}, "1"),
        ({"name": "{% x %}", "serial": "{# y #}"}, "home-7"),
        ({"name": " ", "serial": None}, "home-7"),
    ],
)
def test_the_first_field_that_can_be_a_name_is_one(row: dict[str, Any], named: str) -> None:
    assert ByNameAndSerial()._name(row, {"taken"}, 7) == named
