# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recordings of the shipped profiles: each is read as expected, and none holds what was typed or seen."""

from __future__ import annotations

import re

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import SHIPPED
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.scrub import scan
from support.fixtures import RECORDINGS, Fixture

# What Chromium was pointed at and the simulator gives out: addresses, serial numbers, hosts, its clients.
_TYPED = re.compile(r"127\.0\.0\.1|localhost:\d|6100000\d\d|recorded-(?:en|fr)|claimed-(?:en|fr)|alpha-automation")


def _name(fixture: Fixture) -> str:
    return fixture.name


_LIVE_ONLY = {"cloud-administration-site", "prisma-home"}
"""Held against the simulator as it runs (tests/playbook): their sign-in goes over a second host."""


def test_every_shipped_profile_has_a_recording() -> None:
    assert {fixture.profile for fixture in RECORDINGS} == {path.stem for path in SHIPPED.glob("*.yml")} - _LIVE_ONLY


@pytest.mark.parametrize("fixture", RECORDINGS, ids=_name)
def test_the_recording_is_read_as_expected(fixture: Fixture) -> None:
    report = check_profile(fixture.shipped_profile(), recording=fixture.recording())
    report.compare(fixture.expected)
    assert report.ok, report.as_lines()
    assert all(each.covered for each in report.operations.values()), report.as_lines()
    assert {each.evidence for each in report.operations.values()} == {"simulated"}


@pytest.mark.parametrize("fixture", RECORDINGS, ids=_name)
def test_the_recording_holds_nothing_that_was_typed_or_seen(fixture: Fixture) -> None:
    assert _TYPED.findall(fixture.har.read_text(encoding="utf-8")) == []
    assert scan(fixture.recording(), {}) == []


@pytest.mark.parametrize("fixture", RECORDINGS, ids=_name)
def test_another_reading_than_the_expected_one_fails(fixture: Fixture) -> None:
    report = check_profile(
        fixture.shipped_profile(), recording=fixture.recording(), only=frozenset({"read.identity", "read.whoami"})
    )
    expected = fixture.expected
    name = "read.whoami" if fixture.profile == "prisma-home-application" else "read.identity"
    expected["operations"] = {name: expected["operations"][name]}
    field = next(iter(expected["operations"][name][0]))
    expected["operations"][name][0][field] = "something else"
    report.compare(expected)
    assert report.outcome == "failed"
    assert f"{name}.0.{field} is" in str(report.operations[name].problem)
