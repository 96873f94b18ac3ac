# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before the first write: certificate, interface and serial number are those declared, as the printer's audit shows."""

from __future__ import annotations

from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker

OTHER_PIN = ":".join(["AB"] * 32)


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(
        [
            {"name": "here"},
            {"name": "other-address"},
            {"name": "other-certificate"},
            {"name": "other-interface", "kind": "prismasync"},
        ]
    )


def test_a_printer_at_anothers_address_is_not_changed(fleet: Fleet) -> None:
    """Given each kind of wrong printer, then its audit shows no change, and without recognition no sign-in either."""
    own: dict[str, dict[str, Any]] = {
        # A printer has moved: what answers at this address is another one, which belongs to nobody's plan.
        "other-address": {"printops_serial": "999000111"},
        "other-certificate": {"printops_tls_fingerprint": [OTHER_PIN]},
        "other-interface": {"printops_profile": "sra-remote-ui"},
    }
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory(own=own), "-e", "onboard_claim=false")
    assert run.outcomes == {
        "here": "awaiting_claim",
        "other-address": "wrong_device",
        "other-certificate": "untrusted_certificate",
        "other-interface": "unsupported",
    }, run.output
    assert watch.changes("here"), "the audit would show it"
    for name in own:
        assert watch.changes(name) == [], name
        assert not [host for host, _what in watch.writes() if host == name], name
    assert watch.audit("other-address") == [("other-address", "sign_in"), ("other-address", "sign_out")]
    assert watch.audit("other-certificate") == []
    assert watch.audit("other-interface") == []
    assert fleet.simulation.open_sessions() == {}
