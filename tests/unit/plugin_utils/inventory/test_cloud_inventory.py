# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the hosts of a cloud's list are named, and under which key it is cached. Reads no list."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleParserError
from ansible_collections.printops.prisma.plugins.inventory import home_devices, site_printers
from ansible_collections.printops.prisma.plugins.modules.home_device_info import TASK
from ansible_collections.printops.prisma.plugins.plugin_utils._inventory.cloud_inventory import (
    CloudInventory,
    list_key,
)


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


GIVEN = {"url": "https://home.example.com/", "tenant": "one", "username": "jo", "password": "a-long-password"}


def key(**changed: Any) -> str:
    return list_key({**GIVEN, **changed}, TASK.argument_spec())


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("url", "https://other.example.com/"),
        ("tenant", "two"),
        ("username", "kim"),
        ("client_id", "robot"),
        ("session_file", "kim.json"),
        ("profile", {"id": "another"}),
    ],
)
def test_another_list_has_another_key(option: str, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert key(**{option: value}) != key()
    if isinstance(value, str):
        monkeypatch.setenv(TASK.variables()[option][0].upper(), value)
        assert key(**{option: None}) == key(**{option: value})


def test_the_key_tells_no_secret() -> None:
    with_password = "http://user:a-long-password@proxy.example.com:3128"
    other_password = "http://user:another-password@proxy.example.com:3128"
    assert key() == key(password="another-password")
    assert key(http_proxy=with_password) == key(http_proxy=other_password, password="another-password")


@pytest.mark.parametrize("blank", [None, "", "  "])
@pytest.mark.parametrize(
    ("plugin", "option"), [(site_printers.InventoryModule, "site"), (home_devices.InventoryModule, "tenant")]
)
def test_a_blank_name_is_refused_and_not_that_of_any_site_or_tenant(
    plugin: type[CloudInventory], option: str, blank: str | None
) -> None:
    with pytest.raises(AnsibleParserError, match=rf"{option} \(printops_{option}\) is empty"):
        plugin()._read({option: blank, "url": "https://cloud.example.com/", "session_file": "session.json"}, "a.yml")
