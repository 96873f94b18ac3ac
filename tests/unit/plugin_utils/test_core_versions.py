# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a template comes to is the same on every supported ansible-core: make matrix runs this file on each."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.printops.prisma.plugins.plugin_utils._core_versions import (
    conditions_hold,
    in_context,
    is_omitted,
    resolved,
    without_nulls,
)
from jinja2 import pass_context
from support.templating import task_with, templar, trust_as_template

OMITTED = trust_as_template("{{ corporate | default(omit) }}")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("text", "text"),
        ("", ""),
        (None, None),
        (5, 5),
        (["a"], ["a"]),
        (trust_as_template("{{ shop }} {{ 1 + 1 }}"), "Basel 2"),
        (trust_as_template("{{ 1 == 2 }}"), False),
        (trust_as_template("{{ {'port': 3128} }}"), {"port": 3128}),
        (trust_as_template("{{ none }}"), None),
        (OMITTED, None),
        ({"user": OMITTED, "host": "h"}, {"host": "h"}),
        ([OMITTED, "h"], ["h"]),
        ({"accounts": [{"user": OMITTED}]}, {"accounts": [{}]}),
    ],
)
def test_a_value_is_resolved_without_what_is_omitted(raw: Any, value: Any) -> None:
    assert resolved(templar(shop="Basel").template, raw) == value


@pytest.mark.parametrize(
    ("raw", "omitted"),
    [
        (OMITTED, True),
        (trust_as_template("{{ none }}"), False),
        (trust_as_template("{{ '' }}"), False),
        (trust_as_template("{{ shop | default(omit) }}"), False),
        (None, False),
        ("", False),
    ],
)
def test_what_is_omitted_is_told_from_what_is_blank(raw: Any, omitted: bool) -> None:
    assert is_omitted(templar(shop="Basel").template, raw) is omitted


def test_an_option_that_is_null_is_not_given() -> None:
    null = templar().template(trust_as_template("{{ none }}"))
    spec = {"enabled": {"type": "bool"}, "port": {"type": "int"}, "name": {}}
    assert without_nulls({"enabled": null, "port": 5, "name": "", "other": None}, spec) == {"port": 5, "name": ""}


def test_a_template_that_cannot_be_evaluated_is_an_error() -> None:
    with pytest.raises(AnsibleError, match="not_there"):
        resolved(templar().template, trust_as_template("{{ not_there }}"))


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("text", "text"),
        (True, True),
        ({"a": True}, {"a": True}),
        (None, None),
        (OMITTED, None),
        (trust_as_template("{{ none }}"), None),
        (trust_as_template("{{ shop }}"), "Basel"),
    ],
)
def test_a_filter_sees_the_same_values_of_variables(value: Any, seen: Any) -> None:
    found: list[Any] = []

    @pass_context
    def look(context: Any, name: str) -> str:
        found.append(in_context(context, name))
        return "done"

    engine = templar(shop="Basel", it=value)
    engine.environment.filters["look"] = look
    assert engine.template(trust_as_template("{{ 'it' | look }}{{ 'not_there' | look }}")) == "donedone"
    assert found == [seen, None]


@pytest.mark.parametrize(
    ("conditions", "held"),
    [
        ((), True),
        ((True,), True),
        (("shop == 'Basel'", "shop != 'Bern'"), True),
        (("shop == 'Bern'", "not_there"), False),
    ],
)
def test_conditions_hold_if_each_one_does(conditions: tuple[Any, ...], held: bool) -> None:
    task = task_with(*(trust_as_template(each) if isinstance(each, str) else each for each in conditions))
    engine = templar(shop="Basel")
    assert conditions_hold(task, engine, {"shop": "Basel"}) is held


def test_a_condition_that_cannot_be_evaluated_is_an_error() -> None:
    with pytest.raises(AnsibleError, match="not_there"):
        conditions_hold(task_with(trust_as_template("not_there")), templar(), {})
