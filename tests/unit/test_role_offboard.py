# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role offboard demands before anything is removed, evaluated with Ansible's own engine."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.plugin_utils._core_versions import conditions_hold
from support.simulation import ROOT
from support.templating import task_with, templar, trust_as_template

ROLE = ROOT / "roles" / "offboard"


def read(path: str) -> Any:
    """Return a YAML file of the role."""
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


def holds(file: str, **given: Any) -> bool:
    """Return whether the demands hold with which the tasks of ``file`` begin."""
    demand = read(f"tasks/{file}")[0]["ansible.builtin.assert"]["that"]
    conditions = [trust_as_template(each) for each in (demand if isinstance(demand, list) else [demand])]
    variables = {**trusted(read("defaults/main.yml")), **trusted(read("vars/main.yml")), **given}
    return conditions_hold(task_with(*conditions), templar(**variables), variables)


def trusted_list(texts: list[str]) -> list[Any]:
    """Return texts that are templates."""
    return [trust_as_template(text) for text in texts]


def trusted(variables: dict[str, Any]) -> dict[str, Any]:
    """Return variables whose texts are templates, as those of a role are."""
    return {name: trust_as_template(value) if isinstance(value, str) else value for name, value in variables.items()}


@pytest.mark.parametrize("serial", [None, "", "  "])
def test_a_printer_without_a_serial_number_is_not_removed(serial: str | None) -> None:
    """Given null, the controller was unregistered whatever printer it is: nothing was compared."""
    for variable in ("printops_serial", "offboard_serial"):
        assert not holds("main.yml", offboard_confirm_data_loss=True, **{variable: serial})
        assert holds("main.yml", offboard_confirm_data_loss=True, **{variable: "SN1"})
    assert not holds("main.yml", offboard_confirm_data_loss=True)


def test_only_what_is_missing_is_asked_for() -> None:
    message = trust_as_template(read("tasks/main.yml")[0]["ansible.builtin.assert"]["fail_msg"])
    usual = {
        **trusted(read("defaults/main.yml")),
        "offboard__missing": trusted_list(read("vars/main.yml")["offboard__missing"]),
    }
    for given, missing in (
        ({}, ["offboard_confirm_data_loss", "printops_serial"]),
        ({"offboard_confirm_data_loss": True}, ["printops_serial"]),
        ({"printops_serial": "SN1"}, ["offboard_confirm_data_loss"]),
    ):
        said = str(templar(**{**usual, **given}).template(message))
        named = [word for word in ("offboard_confirm_data_loss", "printops_serial") if word in said]
        assert named == missing, said


def test_blank_guardrails_are_not_the_default_ones() -> None:
    for blank in (None, "", trust_as_template("{{ none }}")):
        assert not holds("person.yml", offboard_guardrails=blank)
    for guardrails in ({}, {"max_removals": 1}):
        assert holds("person.yml", offboard_guardrails=guardrails)
    assert holds("person.yml")
