# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns of profiles: what they find, and that none of them holds up a run."""

from __future__ import annotations

import contextlib
import time

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.profile import pattern
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.expression import (
    Pick,
    ProfileProblem,
    Unfiltered,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.pattern import (
    OutOfTime,
    Pattern,
    PatternProblem,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import Answer, Mark

CATASTROPHIC = [r"^(?:(a|aa)+)+$", r"^(a+)+$", r"^(?:a|a?)+$|(b)", r"(x+x+)+y"]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern, "SECONDS", 0.2)


@pytest.mark.parametrize("source", CATASTROPHIC)
@pytest.mark.parametrize("text", ["a" * 40 + "!", "x" * 5000, "a" * 100_000 + "\n!"])
def test_a_pattern_that_never_ends_is_ended(source: str, text: str) -> None:
    started = time.process_time()
    with contextlib.suppress(OutOfTime):
        Pattern.build(source).search(text)
    assert time.process_time() - started < 5


def test_some_of_them_really_take_too_long() -> None:
    with pytest.raises(OutOfTime, match=r"needs more than 0\.2 s"):
        Pattern.build(r"^(?:(a|aa)+)+$").search("a" * 60 + "!")


def test_a_value_that_a_pattern_takes_too_long_for_is_unread() -> None:
    pick = Pick.build({"pick": "text", "filters": [{"regex": r"^(?:(?:a|aa)+)+(b)$"}]}, ("x",))
    with pytest.raises(Unfiltered, match="needs more than"):
        pick.value({"text": "a" * 60 + "!"})


def test_a_header_that_a_pattern_takes_too_long_for_is_not_there() -> None:
    mark = Mark(headers=(("Server", Pattern.build(r"^(?:(a|aa)+)+$")),))
    assert not mark.shows(Answer(200, {}, {"server": "a" * 60 + "!"}))
    assert mark.shows(Answer(200, {}, {"server": "aaa"}))


@pytest.mark.parametrize("source", ["(", "[", "a{3,2}", r"(?P<x", "(?z)a"])
def test_a_pattern_that_does_not_parse_is_an_error_of_the_profile(source: str) -> None:
    with pytest.raises(PatternProblem, match="does not parse"):
        Pattern.build(source)
    with pytest.raises(ProfileProblem, match="does not parse"):
        Pick.build({"pick": "a", "filters": [{"regex": source}]}, ("a",))


REPEATED = [
    "((((a{1000}){1000}){1000}){1000})",
    "(a{99999999999999999999})",
    "(" + "x" * 500 + "){1000}(y{1000})",
    "(?:" * 6 + "a" + "{0,100})" * 6 + "(b)",
]


@pytest.mark.parametrize("source", REPEATED)
def test_repeats_that_would_fill_memory_are_an_error_of_the_profile(source: str) -> None:
    with pytest.raises(PatternProblem, match="too many repeats"):
        Pattern.build(source)


def test_a_long_pattern_is_an_error_of_the_profile() -> None:
    with pytest.raises(PatternProblem, match="1001 characters"):
        Pattern.build("a" * 1001)


@pytest.mark.parametrize("source", [r"^([A-Z]{2}\d{9,12})$", r"(\d{1,3}(?:\.\d{1,3}){3})", r"(.{0,100}x.{0,100})"])
def test_ordinary_repeats_are_allowed(source: str) -> None:
    assert Pattern.build(source).groups == 1
