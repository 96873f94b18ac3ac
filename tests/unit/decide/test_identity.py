# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is who on a site, and which text is no address: Google's dots, case, tags, doubles, patterns."""

from __future__ import annotations

import time

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.identity import (
    Spelling,
    address_problem,
    canonical,
    doubles,
    matches,
    pattern_problem,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John.Doe@gmail.com", "johndoe@gmail.com"),
        ("j.o.h.n@GoogleMail.com", "john@googlemail.com"),
        ("Anna@Example.COM", "anna@example.com"),
        (" anna@example.com ", "anna@example.com"),
    ],
)
def test_two_spellings_of_one_person(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("john.doe@example.com", "johndoe@example.com"),
        ("john@gmail.com", "john@googlemail.com"),  # not merged: nothing public says that the site does
        ("john+print@gmail.com", "john@gmail.com"),
        ("john@gmail.com.example.com", "jo.hn@gmail.com.example.com"),
        ("john@sub.gmail.com", "jo.hn@sub.gmail.com"),
    ],
)
def test_two_people(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_domains_without_dots_can_be_chosen() -> None:
    assert canonical("john.doe@example.com", ("Example.com",)) == "johndoe@example.com"
    assert canonical("john.doe@gmail.com", ()) == "john.doe@gmail.com"


@given(st.text() | st.emails() | st.from_regex(r"\A[a-zA-Z.+]{0,8}@(gmail|GOOGLEMAIL|example)\.com\Z"))
def test_an_identity_is_its_own_identity(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@given(st.emails())
def test_no_case_of_an_address_makes_another_person(address: str) -> None:
    assert canonical(address.upper()) == canonical(address.lower())


@pytest.mark.parametrize(
    "address",
    [
        "anna@example.com",
        "o'brien@example.com",
        "anna.b+print@mail.example.co.uk",
        "a@b.cd",
        "ANNA_b-c@example.com",
        "anna@bücher.example.com",
    ],
)
def test_an_address(address: str) -> None:
    assert address_problem(address) == ""


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        (None, "is not a text"),
        (5, "is not a text"),
        ("anna", "has no @"),
        ("anna@", "has no domain"),
        ("@example.com", "nothing before the @"),
        ("anna@b@example.com", "more than one @"),
        ("anna@example", "no dot"),
        ("anna@example.com.", "a dot too many"),
        ("anna@example..com", "a dot too many"),
        ("anna@-example.com", "hyphen"),
        ("anna..b@example.com", "two in a row"),
        (".anna@example.com", "beginning"),
        ("anna b@example.com", "a space"),
        (" anna@example.com", "a space"),
        ("anna@example.com\n", "a line break"),
        ("anna\tb@example.com", "a tab"),
        ("anna\u200b@example.com", "cannot be seen (U+200B)"),
        ("anna\x00@example.com", "cannot be seen (U+0000)"),
        ("anna\xa0@example.com", "a no-break space"),
        ("Anna <anna@example.com>", "a space"),
        ("<anna@example.com>", "'<'"),
        ("anna@example.com,ben@example.com", "','"),
        ("anna@example.com;", "';'"),
        ("mailto:anna@example.com", "':'"),
        ("*@example.com", "'*'"),
        (f"{'a' * 65}@example.com", "longer"),
        (f"anna@{'a.' * 130}com", "longer"),
    ],
)
def test_no_address(address: object, words: str) -> None:
    assert words in address_problem(address)


@given(st.text() | st.none() | st.integers() | st.lists(st.text()))
def test_anything_can_be_asked_for_its_problem(given_value: object) -> None:
    assert isinstance(address_problem(given_value), str)
    assert isinstance(pattern_problem(given_value), str)


def test_doubles_name_both_places() -> None:
    first = Spelling("John.Doe@gmail.com", 4, "users")
    other = Spelling("anna@example.com", 5, "users")
    later = Spelling("johndoe@gmail.com", 17, "users")
    assert doubles([first, other, later]) == [(first, later)]


def test_the_same_address_twice_in_one_place_is_a_double_and_in_two_places_is_not() -> None:
    user = Spelling("anna@example.com", 4, "users")
    administrator = Spelling("anna@example.com", 2, "administrators")
    spelled_otherwise = Spelling("Anna@example.com", 9, "users")
    assert doubles([user, replace_line(user, 5)]) == [(user, replace_line(user, 5))]
    assert doubles([administrator, user]) == []
    assert doubles([administrator, spelled_otherwise]) == [(administrator, spelled_otherwise)]


def replace_line(spelling: Spelling, line: int) -> Spelling:
    return spelling._replace(line=line)


@pytest.mark.parametrize(
    ("pattern", "identity"),
    [
        ("*@example.com", "anna@example.com"),
        ("*@EXAMPLE.com", "anna@example.com"),
        ("John.Doe@gmail.com", "johndoe@gmail.com"),
        ("john.doe@*", "johndoe@gmail.com"),
        ("john.*@gmail.com", "johndoe@gmail.com"),
        ("a?na@example.com", "anna@example.com"),
        ("*", "anna@example.com"),
        ("*example.com", "anna@example.com"),
        ("[a]*@example.com", "[a]nna@example.com"),
    ],
)
def test_a_pattern_means(pattern: str, identity: str) -> None:
    assert matches(pattern, identity)


@pytest.mark.parametrize(
    ("pattern", "identity"),
    [
        ("*@example.com", "anna@example.com.example.org"),
        ("*@example.com", "anna@mail.example.com"),
        ("john.doe@*", "johndoe@example.com"),
        ("[ab]nna@example.com", "anna@example.com"),
        ("anna@example.com", "hanna@example.com"),
    ],
)
def test_a_pattern_does_not_mean(pattern: str, identity: str) -> None:
    assert not matches(pattern, identity)


def test_no_pattern_takes_long() -> None:
    begun = time.monotonic()
    matches("*a" * 60 + "b@example.com", "a" * 64 + "@example.com")
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("", "empty"), ("anna", "no @"), ("an?a", "no @"), ("* @example.com", "space"), ("*@*@*", "one @"), (3, "text")],
)
def test_a_pattern_that_can_protect_nobody(pattern: object, words: str) -> None:
    assert words in pattern_problem(pattern)


@pytest.mark.parametrize("pattern", ["anna@example.com", "*", "*@example.com", "*admin*", "a?na@example.com"])
def test_a_pattern_that_can(pattern: str) -> None:
    assert pattern_problem(pattern) == ""
