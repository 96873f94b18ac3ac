# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placeholders in expressions: values, never a part of the expression; and a step that changes somebody says whom."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.contract import OTHER, SITE, TENANT
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.expression import Expression, ProfileProblem
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_profile, fill_path
from hypothesis import given
from hypothesis import strategies as st
from unit.prisma.site_loopback import profile_source as site_source
from unit.prisma.tenant_loopback import profile_source as tenant_source
from unit.web.profile.test_profile_format import other

PEOPLE = {"rows": [{"email": "bob@example.com"}, {"email": "ob@example.com"}]}


@given(st.text())
def test_what_fills_a_placeholder_is_compared_and_changes_nothing_else(text: str) -> None:
    one = Expression.build("rows[?email=='${person}'].email | [0]", ())
    assert one.names == {"person"}
    data = {"rows": [{"email": text + "x"}, {"email": text}, {"email": "bob@example.com"}]}
    assert one.search(data, {"person": text}) == text


@pytest.mark.parametrize("hostile", ["' || '1'=='1", "x'] | rows[?email!='", "`true`", "\\'", "${person}", "@"])
def test_no_value_becomes_a_part_of_the_expression(hostile: str) -> None:
    assert Expression.build("rows[?email=='${person}']", ()).search(PEOPLE, {"person": hostile}) == []


def test_a_placeholder_alone_keeps_its_type_and_one_in_a_text_is_a_part_of_it() -> None:
    assert Expression.build("n == '${n}'", ()).holds({"n": 5}, {"n": 5})
    assert not Expression.build("n == 'id-${n}'", ()).holds({"n": 5}, {"n": 5})
    assert Expression.build("n == 'id-${n}'", ()).holds({"n": "id-5"}, {"n": 5})


def test_an_expression_is_the_same_after_it_was_filled() -> None:
    one = Expression.build("rows[?email=='${person}'].email | [0]", ())
    for person in ("ob@example.com", "bob@example.com", "ob@example.com"):
        assert one.search(PEOPLE, {"person": person}) == person
    with pytest.raises(BadInput, match=r"nothing was given or kept for the placeholder \$\{person\}"):
        one.search(PEOPLE)


@pytest.mark.parametrize(
    "source",
    [
        'rows[?email=="${person}"]',
        'ids."${person}"',
        "rows[?email==${person}]",
        "rows[?email=='${person']",
        "rows[?email=='${per son}']",
        "rows[?email=='$${}']",
        '{"${person}": rows}',
        'contains(`["${person}"]`, email)',
    ],
)
def test_anything_else_that_begins_like_a_placeholder_is_refused(source: str) -> None:
    with pytest.raises(ProfileProblem, match=r"single quotes: '\$\{name\}'"):
        Expression.build(source, ())


def fault(source: dict[str, Any], contract: Any = OTHER) -> tuple[tuple[Any, ...], str]:
    with pytest.raises(ProfileProblem) as caught:
        build_profile(source, contract)
    return caught.value.path, str(caught.value)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"steps": [{"get": "a", "expect": "ids.a=='${gone}'"}]}, ("steps", 0, "expect")),
        ({"steps": [{"get": "a", "when": "a=='${gone}'"}]}, ("steps", 0, "when")),
        ({"steps": [{"get": "a", "keep": {"x": "a['${gone}']"}}]}, ("steps", 0, "keep", "x")),
        ({"steps": [{"get": "a"}, {"follow": "links[?text=='${gone}']"}]}, ("steps", 1, "follow")),
        ({"steps": [{"get": "a", "repeat": {"until": "a=='${gone}'", "most": 1}}]}, ("steps", 0, "repeat")),
        ({"fields": {"cyan": "a['${gone}']"}}, ("fields", "cyan")),
        ({"rows": "a[?b=='${gone}']", "complete": {"last_page": "x"}}, ("rows",)),
        ({"rows": "a", "complete": {"last_page": "x=='${gone}'"}}, ("complete", "last_page")),
        ({"problems": [{"when": "a=='${gone}'", "outcome": "busy"}]}, ("problems", 0)),
    ],
)
def test_a_name_that_nothing_fills_is_refused_wherever_it_stands(change: dict[str, Any], path: tuple[Any, ...]) -> None:
    source = other()
    source["read"]["ink"] = {**source["read"]["ink"], **change}
    source["write"] = {}
    if "a['${gone}']" in str(change):  # no expression at all
        assert "single quotes" in fault(source)[1] or "does not parse" in fault(source)[1]
        return
    assert fault(source)[0] == ("read", "ink", *path)
    assert "nothing fills the placeholder ${gone} here" in fault(source)[1]


def test_an_input_and_what_was_kept_before_fill_expressions() -> None:
    source = other()
    source["read"]["ink"]["steps"] = [
        {"get": "a", "keep": {"id": "rows[?name=='${printer}'].id | [0]"}},
        {"follow": "links[?id=='${id}'] | [0].href", "expect": "ids.name=='${printer}' && ids.id=='${id}'"},
    ]
    source["read"]["ink"]["fields"] = {"cyan": "rows[?id=='${id}'].cyan | [0]"}
    build_profile(source, OTHER)
    source["read"]["ink"]["steps"][0]["expect"] = "ids.id=='${id}'"
    assert fault(source)[0] == ("read", "ink", "steps", 0, "expect")


def test_a_sign_can_use_the_account_and_never_the_password() -> None:
    source = other()
    source["sign_in"]["signed_in"] = "ids.account=='${username}'"
    build_profile(source, OTHER)
    source["sign_in"]["signed_in"] = "ids.account=='${password}'"
    assert fault(source)[0] == ("sign_in", "signed_in")


def test_but_not_of_a_cloud_to_which_a_browser_signs_in() -> None:
    source = site_source()
    source["sign_in"]["signed_in"] = "ids.account=='${username}'"
    assert fault(source, SITE)[0] == ("sign_in", "signed_in")


# --- a step that changes somebody says whom ---

SEARCH = {"get": "people/dashboard", "query": {"q": "${person}"}}


def removing(*steps: dict[str, Any]) -> dict[str, Any]:
    source = site_source()
    source["write"]["remove_dashboard"]["steps"] = list(steps)
    return source


@pytest.mark.parametrize(
    "steps",
    [
        [SEARCH, {"submit": "forms[0]"}],
        [SEARCH, {"submit": "forms[?starts_with(id, 'row-')] | [0]", "press": "remove"}],
        [SEARCH, {"follow": "links[0].href", "writes": True}],
    ],
)
def test_a_profile_that_acts_on_the_first_hit_of_a_search_is_refused(steps: list[dict[str, Any]]) -> None:
    path, what = fault(removing(*steps), SITE)
    assert path == ("write", "remove_dashboard", "steps")
    assert "no step that acts uses ${address} or ${person}" in what
    assert "'row'" in what


@pytest.mark.parametrize(
    "steps",
    [
        [{"send": "POST", "path": "x", "form": {"email": "${address}"}}],
        [{"send": "DELETE", "path": "people/${person}"}],
        [{"get": "remove", "query": {"email": "${address}"}, "writes": True}],
        [SEARCH, {"submit": "forms[?fields.email=='${address}'] | [0]"}],
        [SEARCH, {"submit": "forms[0]", "row": {"of": "tables[0].rows", "where": {"E-mail": "${address}"}}}],
        [
            {"get": "api", "keep": {"id": "items[?email=='${person}'].id | [0]"}},
            {"send": "DELETE", "path": "api/${id}"},
        ],
    ],
)
def test_one_that_says_whom_is_not(steps: list[dict[str, Any]]) -> None:
    build_profile(removing(*steps), SITE)


CHOICE = {"of": "tables[0].rows", "where": {"E-mail": "${address}"}, "keep": {"no": "cells[0]"}}
"""What chooses the row of a person."""


@pytest.mark.parametrize(
    "steps",
    [
        [SEARCH, {"follow": "links[0].href", "row": CHOICE}],
        [SEARCH, {"follow": "links[0].href", "row": CHOICE, "writes": False}],
        [{"submit": "forms[0]", "fill": {"q": "${person}"}}, {"follow": "links[0].href", "row": CHOICE}],
        [{"get": "people/${person}/remove"}],
        [SEARCH, {"get": "remove?no=${no}", "row": CHOICE}],
    ],
)
def test_a_step_that_acts_and_counts_as_reading_is_refused(steps: list[dict[str, Any]]) -> None:
    """A reading is sent again after a lost answer, and the row of that number may be the next person's by then."""
    path, what = fault(removing(SEARCH, *steps), SITE)
    assert path == ("write", "remove_dashboard", "steps", len(steps))
    assert "add 'writes: true'" in what


@pytest.mark.parametrize(
    "steps",
    [
        [SEARCH, {"follow": "links[0].href", "row": CHOICE, "writes": True}],
        [SEARCH, {"follow": "links[0].href", "row": CHOICE}, {"submit": "forms[0]"}, {"get": "people/${person}"}],
        [{"get": "people/${person}/remove", "writes": True}],
        [SEARCH, {"get": "remove?no=${no}", "row": CHOICE, "writes": True}],
    ],
)
def test_a_step_that_acts_and_writes_or_leads_to_one_that_does_is_not(steps: list[dict[str, Any]]) -> None:
    build_profile(removing(SEARCH, *steps), SITE)


@pytest.mark.parametrize(
    "step",
    [
        {"submit": "forms[?contains(text, '${address}')] | [0]"},
        {"submit": "forms[?ends_with(id, '${person}')] | [0]"},
        {"submit": "forms[?fields.email=='${address}' || starts_with(text, '${address}')] | [0]"},
        {"submit": "forms[?fields.email>='${address}'] | [0]"},
        {"send": "POST", "path": "remove/${no}", "keep": {"id": "x"}, "form": {"email": "${address}"}},
    ],
)
def test_an_address_that_is_found_as_a_part_of_another_is_refused(step: dict[str, Any]) -> None:
    """ann@example.com is a part of joann@example.com, whose form may come first."""
    kept = {**SEARCH, "keep": {"no": "tables[0].rows[?contains(text, '${address}')] | [0].no"}}
    found = kept if "send" in step else SEARCH
    path, what = fault(removing(found, step), SITE)
    assert path == ("write", "remove_dashboard", "steps", 0 if found is kept else 1)
    assert "as a part of another text too" in what and "'=='" in what


@pytest.mark.parametrize(
    ("value", "why"),
    [
        *[(blank, "is empty") for blank in (None, "", "  ")],
        *[(dots, f"is {dots!r}") for dots in (".", "..")],
        *[(several, "is a list") for several in ([], ["5"], ["5", "6"])],
        *[(slash, "has a slash in it") for slash in ("/", "5/roles", "../admin", "..\\x", "a\\b")],
    ],
)
@pytest.mark.parametrize("path", ["users/${id}", "users/${id}/roles?a=1", "users/no-${id}"])
def test_what_is_no_part_of_a_path_is_refused(path: str, value: str | None, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        fill_path(path, {"id": value})
    assert str(caught.value) == f"${{id}} is one part of a path, and its value {why}, so nothing was sent"


@pytest.mark.parametrize(
    ("value", "quoted"), [(0, "0"), ("...", "..."), ("a b?#%2F", "a%20b%3F%23%252F"), ("ü", "%C3%BC")]
)
def test_anything_else_is_quoted_and_a_query_takes_every_value(value: object, quoted: str) -> None:
    given = {"id": value, "q": "a/..", "r": None}
    assert fill_path("users/${id}/x?q=${q}&r=${r}", given) == f"users/{quoted}/x?q=a%2F..&r="


@pytest.mark.parametrize(
    ("write", "name"),
    [("set_person_role", "role"), ("set_application_role", "role"), ("set_application_role", "application")],
)
def test_one_that_would_give_the_same_role_whatever_is_asked_for_is_refused(write: str, name: str) -> None:
    """As a recording of one role in one application has it."""
    source = tenant_source()
    source["write"][write]["steps"][0]["json"][name] = "administrator"
    assert fault(source, TENANT) == (
        ("write", write, "steps"),
        f"no step uses ${{{name}}}: it would do the same whatever {name} is asked for",
    )


def test_a_role_may_choose_the_step() -> None:
    """As where there is a button for each role."""
    source = tenant_source()
    step = source["write"]["set_person_role"]["steps"][0]
    step["json"].pop("role")
    roles = ("administrator", "employee")
    source["write"]["set_person_role"]["steps"] = [
        {**step, "path": f"role/{role}", "when": f"'${{role}}' == '{role}'"} for role in roles
    ]
    build_profile(source, TENANT)
