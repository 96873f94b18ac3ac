# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of an interface neither steers a terminal nor floods it, and stays readable."""

from __future__ import annotations

import unicodedata

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.text import (
    counted,
    first_of,
    printable,
    same_name,
)
from hypothesis import example, given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Press 07", "Press 07"),
        ("Größe, 印刷機, טקסט", "Größe, 印刷機, טקסט"),
        ("a\u00a0b\u3000c", "a\u00a0b\u3000c"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("61\x9b31m", r"61\x9b31m"),
        ("a\nb\tc\r\x7f\x00", r"a\nb\tc\r\x7f\x00"),
        ("61\u202e0001", r"61\u202e0001"),
        ("zero\u200bwidth\ufeff\u00ad", r"zero\u200bwidth\ufeff\xad"),
        ("line\u2028break", r"line\u2028break"),
        ("\udcff\U000e0041\ue000", r"\udcff\U000e0041\ue000"),
        (r"DOMAIN\user", r"DOMAIN\user"),
    ],
)
def test_what_a_terminal_could_take_for_more_is_escaped(text: str, shown: str) -> None:
    assert printable(text, 100) == shown


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [("12345", 5, "12345"), ("123456", 5, "1234…"), ("123\x1b", 5, "123…"), ("\x1b" * 3, 8, r"\x1b…"), ("ab", 1, "…")],
)
def test_what_is_too_long_is_cut_between_characters(text: str, limit: int, shown: str) -> None:
    assert printable(text, limit) == shown


@given(st.text(), st.integers(1, 60))
@example("\x1b" * 200_000, 60)
def test_it_is_short_and_can_be_printed(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert all(c.isprintable() or unicodedata.category(c) == "Zs" for c in shown)
    assert printable(shown, limit) == shown


@pytest.mark.parametrize(("number", "shown"), [(0, "0 questions"), (1, "1 question"), (2, "2 questions")])
def test_a_number_has_its_noun(number: int, shown: str) -> None:
    assert counted(number, "question") == shown


@pytest.mark.parametrize(("number", "shown"), [(0, ""), (5, "0, 1, 2, 3, 4"), (7, "0, 1, 2, 3, 4 and 2 more")])
def test_of_many_names_the_first_are_shown(number: int, shown: str) -> None:
    assert first_of([str(each) for each in range(number)]) == shown


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("North", "north", True),
        (" North\n", "NORTH", True),
        ("Größe", "GRößE", True),
        ("Groß", "GROSS", False),
        ("Größe", "GRÖSSE", False),
        ("\u212aln", "kln", False),
        ("\ufb01liale", "filiale", False),
        ("north", "south", False),
        ("", "north", False),
    ],
)
def test_two_names_are_the_same_only_up_to_the_case_of_ascii(one: str, other: str, same: bool) -> None:
    assert [same_name(*names) for names in ((one, other), (other, one))] == [same, same]
