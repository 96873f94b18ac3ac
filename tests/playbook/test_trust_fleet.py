# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Given printers with certificates from the factory, then trust_fleet lists their fingerprints and pins them."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

import pytest
import yaml
from support.fleet import Fleet, FleetMaker


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(
        [
            {"name": "plain"},
            {"name": "factory", "trouble": "untrusted_certificate"},
            {"name": "gone", "trouble": "unreachable"},
        ]
    )


def fingerprint(fleet: Fleet, name: str) -> str:
    """Return the fingerprint of what a simulated printer shows, by Python's own means."""
    printer = fleet.simulation.printer(name)
    pem = ssl.get_server_certificate((printer["host"], printer["port"]))
    digits = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()
    return ":".join(digits[at : at + 2] for at in range(0, 64, 2))


def pin(inventory: Path, name: str) -> Path:
    return inventory.parent / "host_vars" / name / "printops_tls.yml"


def test_first_trust_is_looked_at_then_written_then_used(fleet: Fleet) -> None:
    """Given an untrusted certificate, then it is listed, pinned when that is asked for, and trusted from then on."""
    inventory = fleet.inventory("plain", "factory")
    watch = fleet.watch()
    looked = fleet.onboard(inventory, playbook="trust_fleet")
    shown = fingerprint(fleet, "factory")
    assert looked.returncode == 0, looked.output
    assert shown in looked.output
    assert fingerprint(fleet, "plain") in looked.output
    assert "self-signed certificate" in looked.output
    assert not pin(inventory, "factory").exists()
    checked = fleet.onboard(inventory, "-e", "trust_write=true", "--check", "--diff", playbook="trust_fleet")
    assert f'+  - "{shown}"' in checked.output, "the diff shows the pin that would be written"
    assert not pin(inventory, "factory").exists()
    written = fleet.onboard(inventory, "-e", "trust_write=true", playbook="trust_fleet")
    assert written.changed == 2, written.output  # the folder, and the pin
    assert yaml.safe_load(pin(inventory, "factory").read_text()) == {"printops_tls_fingerprint": [shown]}
    assert not pin(inventory, "plain").exists(), "what a CA vouches for needs no pin"
    again = fleet.onboard(inventory, "-e", "trust_write=true", playbook="trust_fleet")
    assert (again.returncode, again.changed) == (0, 0)
    assert watch.requests() == 0, "no request beyond the handshake"
    assert watch.audit() == []
    run = fleet.onboard(inventory)
    assert run.outcomes == {"plain": "onboarded", "factory": "onboarded"}, run.output


def test_another_pin_is_left_alone_unless_told(fleet: Fleet) -> None:
    """Given a pin of another certificate, then the printer fails, and only trust_replace writes the new one."""
    inventory = fleet.inventory("factory")
    other = pin(inventory, "factory")
    other.parent.mkdir(parents=True)
    text = f"printops_tls_fingerprint: ['{':'.join(['AB'] * 32)}']\n"
    other.write_text(text)
    run = fleet.onboard(inventory, "-e", "trust_write=true", playbook="trust_fleet")
    assert run.returncode == 2
    assert "trust_replace" in run.output
    assert other.read_text() == text
    run = fleet.onboard(inventory, "-e", "trust_write=true", "-e", "trust_replace=true", playbook="trust_fleet")
    assert run.returncode == 0, run.output
    assert fingerprint(fleet, "factory") in other.read_text()


def test_a_printer_that_nobody_reaches_fails_alone(fleet: Fleet) -> None:
    """Given an unreachable printer, then it fails with its outcome, and the others are listed."""
    inventory = fleet.inventory("gone", "plain")
    run = fleet.onboard(inventory, playbook="trust_fleet")
    assert run.returncode == 2
    assert run.results_of("device_certificate", "gone")[0]["outcome"] == "unreachable"
    assert fingerprint(fleet, "plain") in run.output
