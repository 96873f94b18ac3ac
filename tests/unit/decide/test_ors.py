# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether ORS lets a printer be registered."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.ors import Ors

STATES = ("connected", "disconnected", "not_configured", "other")
MODES = ("enabled", "disabled", "other")
ALL = [Ors(state, mode, f"text of {state}", f"text of {mode}") for state in STATES for mode in MODES]


@pytest.mark.parametrize("ors", ALL, ids=lambda ors: f"{ors.state}-{ors.mode}")
def test_it_is_ready_only_if_connected_and_enabled(ors: Ors) -> None:
    assert ors.ready is ((ors.state, ors.mode) == ("connected", "enabled"))
    assert (ors.why_not() == "") is ors.ready


@pytest.mark.parametrize("ors", ALL, ids=lambda ors: f"{ors.state}-{ors.mode}")
def test_waiting_helps_only_where_nothing_but_the_connection_is_missing(ors: Ors) -> None:
    assert ors.connectable is ((ors.state, ors.mode) == ("disconnected", "enabled"))


@pytest.mark.parametrize(
    ("ors", "words"),
    [
        (Ors("disconnected", "enabled"), "ORS is not connected"),
        (Ors("not_configured", "enabled"), "ORS is not configured"),
        (Ors("connected", "disabled"), "the ORS mode is disabled"),
        (Ors("disconnected", "disabled"), "ORS is not connected and the ORS mode is disabled"),
        (Ors("other", "enabled", "presque", "activé"), "ORS is 'presque', which the profile does not know"),
        (Ors("connected", "other", "", "maybe"), "the ORS mode is 'maybe', which the profile does not know"),
    ],
)
def test_it_says_what_is_missing(ors: Ors, words: str) -> None:
    assert ors.why_not() == words
