# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person is advised whose sign-in in a browser did not come about. Opens no browser."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import PrismaError
from ansible_collections.printops.prisma.plugins.plugin_utils import _browser_sign_in
from ansible_collections.printops.prisma.plugins.plugin_utils._browser_sign_in import (
    UNTRUSTED,
    BrowserOptions,
    sign_in_with_browser,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile


class BrowserError(Exception):
    """Playwright's error."""


def refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: Any) -> PrismaError:
    """Return the error of a sign-in in a browser with this page."""
    context = MagicMock(pages=[page])
    context.new_page.return_value = page
    browser = MagicMock()
    browser.new_context.return_value = context
    monkeypatch.setattr(_browser_sign_in, "playwright_api", lambda otherwise: MagicMock(Error=BrowserError))
    monkeypatch.setattr(_browser_sign_in, "launch", lambda *_args, **_options: browser)
    profile = find_profile("prisma-home", "tenant")
    options = BrowserOptions("https://home.example.com/", str(tmp_path / "session.json"), profile, wait_timeout=2)
    with pytest.raises(PrismaError) as caught:
        sign_in_with_browser(options, clock=lambda: float(next(clock)))
    return caught.value


clock = itertools.count()


def test_who_needs_more_time_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    error = refused(monkeypatch, tmp_path, MagicMock(url="https://login.example.com/"))
    assert str(error) == "nobody signed in at home.example.com within 2 s"
    assert "-e wait_timeout=SECONDS" in error.advice


@pytest.mark.parametrize(
    ("why", "advice"),
    [
        ("net::ERR_CERT_AUTHORITY_INVALID", UNTRUSTED),
        ("net::ERR_NAME_NOT_RESOLVED", "Check the address (printops_tena"),
    ],
)
def test_the_cas_of_the_browser_are_those_of_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, why: str, advice: str
) -> None:
    page = MagicMock()
    page.goto.side_effect = BrowserError(why)
    assert refused(monkeypatch, tmp_path, page).advice.startswith(advice)
