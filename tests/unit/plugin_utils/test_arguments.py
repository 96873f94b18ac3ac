# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a task on the control node: converted, completed, and refused in the words that the user has typed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.modules import cloud_admin, cloud_user, home_user
from ansible_collections.printops.prisma.plugins.plugin_utils._arguments import (
    passed_on,
    task_arguments,
    valid_arguments,
)

SPEC = {
    "password": {"type": "str", "required": True},
    "port": {"type": "int", "default": 443},
    "proxy": {"type": "dict", "options": {"host": {"type": "str", "required": True}}},
}


def test_options_are_converted_and_completed() -> None:
    given = {"password": 1234, "port": "8443"}
    assert valid_arguments(SPEC, given) == {"password": "1234", "port": 8443, "proxy": None}


def test_a_missing_option_is_named_with_its_variable() -> None:
    with pytest.raises(
        BadInput, match=r"^an_action: missing required arguments: password \(variable printops_password\)$"
    ):
        valid_arguments(SPEC, {}, action="an_action", variables={"password": ("printops_password", "ansible_password")})


def test_a_missing_suboption_is_named_with_its_option() -> None:
    with pytest.raises(BadInput, match=r"^missing required arguments: host found in proxy$"):
        valid_arguments(SPEC, {"password": "secret-1", "proxy": {}})


@pytest.mark.parametrize("module", [cloud_admin, cloud_user, home_user])
def test_an_option_and_its_alias_are_not_given_together(module: Any) -> None:
    """Given both, Ansible would take the alias, and drop the people of the other without a word."""
    spec = module.TASK.argument_spec()
    with pytest.raises(BadInput, match=r"people and email are the same option: give one of them"):
        valid_arguments(spec, {"people": ["jo@example.com"], "email": "sam@example.com"})


@pytest.mark.parametrize("given", [{"email": "jo@example.com"}, {"people": ["jo@example.com"], "email": None}])
def test_an_alias_alone_is_the_option(given: dict[str, Any]) -> None:
    spec = {"people": {"type": "list", "elements": "str", "required": True, "aliases": ["email"]}}
    assert valid_arguments(spec, given)["people"] == ["jo@example.com"]


def test_all_problems_are_reported_together() -> None:
    with pytest.raises(BadInput, match=r"prot.*portal|portal.*prot") as caught:
        valid_arguments(
            SPEC, {"password": "secret-1", "prot": 1, "portal": 2}, rules={"mutually_exclusive": [("port", "proxy")]}
        )
    assert str(caught.value).startswith("unsupported parameters: ")
    assert caught.value.advice == "Correct the task's options."


TYPES: dict[str, Any] = {
    "sleep": {"type": "float"},
    "sizes": {"type": "list", "elements": "int"},
    "check": {"type": "str", "choices": ["fail", "warn"]},
    "proxy": {"type": "dict", "options": {"port": {"type": "int"}, "state": {"type": "str", "choices": ["present"]}}},
    "secret": {"type": "int", "no_log": True},
}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sleep": "long"}, "sleep is 'long', but must be a number"),
        ({"sizes": [1, "z"]}, "sizes is [1, 'z'], but each must be a whole number"),
        ({"check": "wrn"}, "check is 'wrn', but must be one of fail, warn: did you mean 'warn'?"),
        ({"proxy": {"port": "https"}}, "proxy.port is 'https', but must be a whole number"),
        (
            {"proxy": {"state": "presnt"}},
            "proxy.state is 'presnt', but must be one of present: did you mean 'present'?",
        ),
        ({"proxy": [{"password": "a-secret"}]}, "proxy must be keys with values"),
        ({"proxy": "a-secret"}, "proxy must be keys with values"),
        ({"secret": "a-secret"}, "secret must be a whole number"),
    ],
)
def test_a_wrong_value_is_shown_with_what_it_must_be(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        valid_arguments(TYPES, given, action="an_action")
    assert str(caught.value).partition("; unsupported")[0] == f"an_action: {said}"
    assert "a-secret" not in str(caught.value)


def test_a_variable_that_the_task_passes_on_is_named_in_place_of_its_option() -> None:
    """Given a task of a playbook or role, then messages name what was typed: the variable."""
    task = SimpleNamespace(
        action="printops.prisma.an_action",
        args={"check": "wrn", "sleep": "long", "sizes": ["z"]},
        _ds={
            "printops.prisma.an_action": {
                "check": "{{ onboard_inventory_check | default('fail') }}",
                "sleep": "{{ query('x', onboard_hosts) }}",
                "sizes": "{{ onboard__internal }}",
            }
        },
    )
    assert passed_on(task) == {"check": "onboard_inventory_check"}
    with pytest.raises(
        BadInput, match=r"sleep is 'long'.*onboard_inventory_check is 'wrn', but must be one of"
    ) as caught:
        task_arguments(TYPES, task)
    assert caught.value.advice == "Correct the task's options."
    with pytest.raises(BadInput, match=r"^onboard_inventory_check is 'wrn', but must be one of") as caught:
        task_arguments(TYPES, task, given={"check": "wrn"})
    assert caught.value.advice == "Correct onboard_inventory_check."
