# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Chromium recorded at foreign interfaces: their profiles hold against it, operation by operation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import Recording
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import read_har
from foreign import driven
from foreign.cups import cups
from foreign.person import record_cups, record_transmission
from foreign.transmission import transmission
from playwright.sync_api import Browser
from support.person import NoChromium, chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        with chromium() as one:
            yield one
    except NoChromium as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def of_cups(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    path = tmp_path_factory.mktemp("recording") / "cups.har"
    with cups(tmp_path_factory.mktemp("cups")) as server:
        record_cups(browser, server, path)
    return read_har(path)


@pytest.fixture(scope="module")
def of_transmission(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    path = tmp_path_factory.mktemp("recording") / "transmission.har"
    with transmission(tmp_path_factory.mktemp("transmission")) as server:
        record_transmission(browser, server, path)
    return read_har(path)


def fitting(name: str, recording: Recording) -> set[str]:
    """The operations of a profile that the recording has; all of them must fit."""
    report = check(driven.profile(name), recording=recording)
    assert report.ok, report.in_words()
    return {operation for operation, found in report.operations.items() if found.covered}


def test_a_recording_of_cups_holds_against_its_profile(of_cups: Recording) -> None:
    """Everything that the engine sends for the wizard of five pages is what Chromium sent."""
    assert fitting("cups", of_cups) == {
        "sign_in",
        "read.printers",
        "read.printer",
        "read.server",
        "write.set_state",
        "write.set_location",
        "write.set_server",
    }


def test_a_recording_of_transmission_holds_against_its_profile(of_transmission: Recording) -> None:
    assert fitting("transmission", of_transmission) == {
        "sign_in",
        "read.settings",
        "read.torrents",
        "write.set_limit",
    }
