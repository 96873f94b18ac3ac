# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile picks from a page: expressions and their truth, filters, value maps. Knows no profile file."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.expression import (
    OTHER,
    Expression,
    Pick,
    ProfileProblem,
    Unfiltered,
)
from hypothesis import given
from hypothesis import strategies as st

ORS = {"connected": ["connected", "connecté"], "disconnected": ["not connected", "non connecté"]}

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def pick(source: Any) -> Pick:
    return Pick.build(source, ("read", "it", "fields", "value"))


def value(source: Any, data: Any) -> Any:
    return pick(source).value(data)[0]


# --- expressions ---


@pytest.mark.parametrize(
    ("found", "holds"),
    [
        (None, False),
        (False, False),
        ("", False),
        ([], False),
        ({}, False),
        (True, True),
        (0, True),
        (0.0, True),
        ("false", True),
        ([0], True),
        ({"a": None}, True),
    ],
)
def test_truth_is_that_of_jmespath(found: Any, holds: bool) -> None:
    assert Expression.build("value", ()).holds({"value": found}) is holds


@given(
    st.sampled_from(["==", "!=", "<", ">="]),
    st.sampled_from([0, 1, True, False, "1", "true", ""]) | plain,
    st.sampled_from([0, 1, True, False, "1", "true", ""]) | plain,
)
def test_values_are_compared_as_jmespath_compares_them(comparator: str, one: Any, other: Any) -> None:
    source = f"one {comparator} other"
    data = {"one": one, "other": other}
    found = Expression.build(source, ()).search(data)
    try:
        assert found is jmespath.search(source, data)
    except TypeError:  # the library's, where one is a text and the other a number
        assert found is None


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ("title == 'Remote UI'", True),
        ("title == 'Printer'", False),
        ("title != 'Remote UI'", False),
        ("contains(title, 'Remote')", True),
        ("contains(title, 'PRISMA Home')", False),
        ("number > `1`", False),
        ("!messages", True),
        ("title == 'x' || number == `1`", True),
        ("forms[?name=='frmLogin']", False),
        ("contains(missing, 'x')", False),
        ("nothing.at[3].all", False),
    ],
)
def test_a_comparison_holds_only_where_it_is_true(source: str, holds: bool) -> None:
    data = {"title": "Remote UI", "number": 1, "messages": [], "forms": [{"name": "other"}]}
    assert Expression.build(source, ()).holds(data) is holds


COSTLY = {
    "doubled lists": "[`1`,`1`] | " + " | ".join(["[@,@][]"] * 26),
    "doubled references": "[`1`] | " + " | ".join(["[@,@]"] * 40) + " | to_string(@)",
    "doubled text": "'aaaaaaaa' | " + " | ".join(["join('', [@,@])"] * 30),
    "doubled objects": "@" + " | {a: @, b: @}" * 12,
    "nested projections": "tables[*].cells[*] | [*][*][*] | [].[@,@,@,@] " + "| [].[@,@,@,@]" * 12,
    "copies in a condition": "tables[?" + "[@,@] | " * 20 + "[0]]",
    "copies that a function takes": "map(&[@,@,@,@], map(&[@,@,@,@], map(&[@,@,@,@], map(&[@,@,@,@], @))))",
    "escapes of escapes": "ids" + " | [to_string(@)]" * 25,
}


@pytest.mark.parametrize("source", COSTLY.values(), ids=COSTLY)
def test_an_expression_that_could_use_up_time_or_memory_is_an_error_of_the_profile(source: str) -> None:
    with pytest.raises(ProfileProblem, match="copies of what it reads"):
        Expression.build(source, ("read", "x"))


@pytest.mark.parametrize(
    ("source", "what"),
    [("join(text, headings)", "first argument of join"), ("a" * 4001, "4001 characters")],
)
def test_other_costly_expressions_are_errors_of_the_profile(source: str, what: str) -> None:
    with pytest.raises(ProfileProblem, match=what):
        Expression.build(source, ("read", "x"))


def test_an_expression_with_many_fields_is_allowed() -> None:
    fields = ", ".join(f"f{number}: to_string(n{number})" for number in range(60))
    found = Expression.build(f"rows[?n1 > `0`].{{{fields}}} | [0]", ()).search({"rows": [{"n1": 1}]})
    assert found["f1"] == "1"


@pytest.mark.parametrize("source", ["ceil(to_number('1e999'))", "floor(to_number('nan'))", "title > `1`", "avg(title)"])
def test_what_cannot_be_computed_picks_nothing(source: str) -> None:
    assert Expression.build(source, ()).search({"title": "x"}) is None


def test_a_value_longer_than_any_value_is_refused() -> None:
    assert value("text", {"text": "x" * 100_000}) == "x" * 100_000
    with pytest.raises(Unfiltered, match="100,001 characters"):
        value("text", {"text": "x" * 100_001})


@pytest.mark.parametrize(
    "source", ["", "a b", "forms[?name=", "'unclosed", "a..b", "[*", "nofunction(", "ids.msg-locked", "\x00"]
)
def test_what_does_not_parse_is_a_problem_with_its_place(source: str) -> None:
    with pytest.raises(ProfileProblem, match="does not parse") as caught:
        Expression.build(source, ("read", "ors", "rows"))
    assert caught.value.path == ("read", "ors", "rows")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("contain(title, 'x')", "there is no function contain()"),
        ("forms[?ends_with(name)] | [0]", "ends_with() takes 2 arguments, not 1"),
        ("length(a, b)", "length() takes 1 arguments, not 2"),
        ("a || {b: [lenght(c)]}", "there is no function lenght()"),
    ],
)
def test_a_call_that_fails_on_every_page_is_a_problem_with_its_place(source: str, what: str) -> None:
    with pytest.raises(ProfileProblem) as caught:
        Expression.build(source, ("sign_in", "refused"))
    assert what in str(caught.value)
    assert caught.value.path == ("sign_in", "refused")


@pytest.mark.parametrize("source", ["merge(a, b, c)", "not_null(a)", "sort_by(a, &b)[*].{c: c[1:2], d: !e}", "&a"])
def test_calls_that_can_work_are_none(source: str) -> None:
    Expression.build(source, ())


@pytest.mark.parametrize("source", ["(" * 5000, "!" * 5000 + "a", "[" * 5000])
def test_nesting_without_end_is_a_problem_too(source: str) -> None:
    with pytest.raises(ProfileProblem):
        Expression.build(source, ("rows",))


SOURCES = (
    "sort(@)",
    "avg(@)",
    "max_by(@, &a)",
    "join('-', @)",
    "to_number(@)",
    "length(@)",
    "reverse(@)",
    "map(&a, @)",
)


@given(st.sampled_from((*SOURCES, "keys(@)", "@[0].a", "@.a.b", "sum(@)", "merge(@, @)", "to_array(@)")), plain)
def test_no_page_is_an_error_of_an_expression(source: str, data: Any) -> None:
    expression = Expression.build(source, ())
    expression.search(data)
    assert expression.holds(data) in (True, False)


# --- value maps ---


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("connected", "connected"),
        ("connecté", "connected"),
        ("not connected", "disconnected"),
        ("non connecté", "disconnected"),
        ("  not \n connected ", "disconnected"),
        # whole, or not at all (domain.md, "Accounts, sessions, locks on the controller")
        ("not yet connected", OTHER),
        ("connected (test)", OTHER),
        ("disconnected", OTHER),
        ("Connected", OTHER),
        ("", OTHER),
    ],
)
def test_a_text_is_matched_whole(text: str, meaning: str) -> None:
    assert pick({"pick": "state", "values": ORS}).value({"state": text}) == (meaning, text)


@given(st.text(max_size=10), st.sampled_from([text for texts in ORS.values() for text in texts]), st.text(max_size=10))
def test_a_text_with_anything_around_it_is_something_else(before: str, text: str, after: str) -> None:
    shown = before + text + after
    listed = {item: meaning for meaning, items in ORS.items() for item in items}
    assert value({"pick": "state", "values": ORS}, {"state": shown}) == listed.get(" ".join(shown.split()), OTHER)


def test_a_list_in_the_profile_may_be_spaced_as_it_likes() -> None:
    assert value({"pick": "state", "values": {"on": ["switched   on\n"]}}, {"state": "switched on"}) == "on"


@pytest.mark.parametrize(
    ("shown", "meaning"),
    [(True, "yes"), (1, "one"), (1.0, OTHER), ("1", "text"), (False, "no"), (0, OTHER), ("true", OTHER), ([1], OTHER)],
)
def test_true_is_not_one_and_one_is_not_a_text(shown: Any, meaning: str) -> None:
    values = {"yes": [True], "one": [1], "text": ["1"], "no": [False]}
    assert value({"pick": "it", "values": values}, {"it": shown}) == meaning


def test_one_text_cannot_mean_two_things() -> None:
    with pytest.raises(ProfileProblem, match="cannot mean both 'on' and 'off'") as caught:
        pick({"pick": "it", "values": {"on": ["a", "b"], "off": ["c", "b "]}})
    assert caught.value.path == ("read", "it", "fields", "value", "values", "off", 1)


def test_nothing_is_not_other() -> None:
    assert pick({"pick": "state", "values": ORS}).value({}) == (None, None)


# --- filters ---


@pytest.mark.parametrize(
    ("filters", "shown", "becomes"),
    [
        (["trim"], "  a \n b ", "a b"),
        (["trim"], 5, 5),
        (["integer"], " 8080 ", 8080),
        (["integer"], 8080, 8080),
        (["integer"], 8080.0, 8080),
        (["integer"], "-1", -1),
        (["integer"], "  ", None),
        (["integer", "trim", {"regex": "(.*)"}], "", None),
        ([{"regex": r"^(?:SRA )?(.*)$"}], "SRA 4.2", "4.2"),
        ([{"regex": r"of (\d+) entries"}, "integer"], "1 to 20 of 238 entries", 238),
        ([{"date": ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S"]}], "21/11/2026 08:09:10", "2026-11-21T08:09:10"),
        ([{"date": ["%Y-%m-%d"]}], "", None),
        (["only"], ["17", "17"], "17"),
        (["only"], "17", "17"),
        (["trim", "only"], [" 17", "17\n"], "17"),
        ([{"regex": r"/(\d+)/"}, "only"], [], None),
        ([{"regex": r"/(\d+)/"}, "only", "integer"], ["/users/17/edit", "/users/new", "/users/17/remove"], 17),
    ],
)
def test_filters_clean_what_was_picked(filters: list[Any], shown: Any, becomes: Any) -> None:
    found, raw = pick({"pick": "it", "filters": filters}).value({"it": shown})
    assert (found, type(found)) == (becomes, type(becomes))
    assert raw == shown


@pytest.mark.parametrize("shown", ["3.7", 3.7, "eight", True, [], {}, float("inf"), float("nan"), "1e3", "0x10"])
def test_what_is_no_whole_number_is_told_not_cut(shown: Any) -> None:
    with pytest.raises(Unfiltered, match="not a whole number"):
        value({"pick": "it", "filters": ["integer"]}, {"it": shown})


def test_of_several_different_values_none_is_the_only_one() -> None:
    of_links = {"pick": "it", "filters": [{"regex": r"/(\d+)/"}, "only"]}
    with pytest.raises(Unfiltered, match="several values, '18' and others"):
        value(of_links, {"it": ["/users/18/card", "/users/17/edit"]})
    assert value({"pick": "it", "filters": ["only"]}, {"it": []}) is None


@pytest.mark.parametrize("pattern", ["^(b)$", "a(b)?$"])
def test_a_group_that_does_not_match_is_told(pattern: str) -> None:
    with pytest.raises(Unfiltered, match="does not match"):
        value({"pick": "it", "filters": [{"regex": pattern}]}, {"it": "a"})


def test_a_date_of_another_form_is_told() -> None:
    with pytest.raises(Unfiltered, match="none of the date formats %Y-%m-%d"):
        value({"pick": "it", "filters": [{"date": ["%Y-%m-%d"]}]}, {"it": "yesterday"})


@given(st.sampled_from(["trim", "integer", "only", {"regex": "(.)"}, {"date": ["%Y"]}]), plain)
def test_no_value_is_an_error_of_a_filter(filter_: Any, shown: Any) -> None:
    try:
        value({"pick": "it", "filters": [filter_, filter_], "values": ORS}, {"it": shown})
    except Unfiltered as error:
        assert str(error)  # noqa: PT017 - both ways are right


@pytest.mark.parametrize(
    ("filter_", "place", "what"),
    [
        ({"regex": "("}, ("regex",), "does not parse"),
        ({"regex": "none"}, ("regex",), "exactly one group, it has 0"),
        ({"regex": "(a)(b)"}, ("regex",), "exactly one group, it has 2"),
        ({"date": ["%Y", "%Q"]}, ("date", 1), "'%Q' cannot be read"),
        ({"date": ["%Y %Y"]}, ("date", 0), "cannot be read"),
        ({"date": ["%"]}, ("date", 0), "cannot be read"),
    ],
)
def test_a_filter_that_cannot_work_is_a_problem_with_its_place(filter_: Any, place: Any, what: str) -> None:
    with pytest.raises(ProfileProblem, match=what) as caught:
        pick({"pick": "it", "filters": ["trim", filter_]})
    assert caught.value.path == ("read", "it", "fields", "value", "filters", 1, *place)


@pytest.mark.parametrize("form", ["%Y-%m-%dT%H:%M:%S%z", "%d %b %Y", "%A, %d. %B %y, %I:%M %p", "%j/%Y", "%c", "%%%Y"])
def test_a_date_format_that_can_work_is_none(form: str) -> None:
    assert pick({"pick": "it", "filters": [{"date": [form]}]}).filters
