# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRISMA Home and the administration sites speak English to those only who ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from simulator.cloud_language import asks_for_english, in_german
from simulator_checks.conftest import Simulator, started
from simulator_checks.portal import SITES


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with started(tmp_path_factory.mktemp("language"), SITES) as running:
        yield running


@pytest.mark.parametrize(
    ("header", "english"),
    [
        ("en", True),
        ("en-US,en;q=0.9", True),
        ("de;q=0.5, en-GB", True),
        ("", False),
        ("*", False),
        ("de", False),
        ("de,en;q=0.9", False),
        ("en;q=0", False),
        ("en;q=many", False),
    ],
)
def test_english_is_what_is_liked_best(header: str, english: bool) -> None:
    assert asks_for_english(header) is english


def test_texts_are_translated_and_what_a_form_sends_is_not() -> None:
    page = '<html lang="en"><p id="count">This list has 7 devices.</p><th>Location</th><option>Employee</option>'
    german = '<html lang="de"><p id="count">Diese Liste hat 7 Einträge.</p><th>Standort</th><option>Employee</option>'
    assert in_german(page) == german


def test_both_clouds_answer_in_the_language_asked_for(sites: Simulator) -> None:
    for url in (sites.ready["home"]["url"], sites.ready["sites"]["url"]):
        with sites.client(url) as browser:
            assert "<h1>Sign in</h1>" in browser.get("/").text
            german = browser.get("/", headers={"Accept-Language": "fr, en;q=0.5"})
            assert "<h1>Anmelden</h1>" in german.text
            assert "<h1>Sign in</h1>" not in german.text
            del browser.headers["Accept-Language"]
            assert "<h1>Anmelden</h1>" in browser.get("/").text
