# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""trust_fleet fetches certificates without signing in, writes pins on request, and replaces a pin only on request."""

from __future__ import annotations

import ssl
import warnings
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml
from support.fleet import Fleet, FleetMaker
from support.playbook import Run
from unit.web.loopback import Answer, serve

WRITE = ("-e", "trust_write=true")
REPLACE = (*WRITE, "-e", "trust_replace=true")
OTHER = ":".join(["AB"] * 32)


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"count": 3, "name": "trust-{}"}])


@pytest.fixture
def inventory(fleet: Fleet) -> Path:
    """Return an inventory whose printers have untrusted certificates."""
    return fleet.inventory("trust-1", "trust-2", printops_ca_path=None)


def trust(fleet: Fleet, inventory: Path, *arguments: str) -> Run:
    return fleet.onboard(inventory, "--diff", *arguments, playbook="trust_fleet", waves=True)


def pin_file(inventory: Path, name: str) -> Path:
    return inventory.parent / "host_vars" / name / "printops_tls.yml"


def test_certificates_are_listed_without_a_request_and_pinned_on_request(fleet: Fleet, inventory: Path) -> None:
    watch = fleet.watch()
    listed = trust(fleet, inventory)
    assert listed.returncode == 0, listed.output
    assert "not_trusted: 2 printers, for you" in listed.output
    assert not (inventory.parent / "host_vars").exists()
    checked = trust(fleet, inventory, *WRITE, "--check")
    assert checked.changed == 2, checked.output
    assert not (inventory.parent / "host_vars").exists()
    first = trust(fleet, inventory, *WRITE)
    assert (first.returncode, first.changed) == (0, 2), first.output
    assert (watch.requests(), watch.audit()) == (0, [])
    [pin] = yaml.safe_load(pin_file(inventory, "trust-1").read_text())["printops_tls_fingerprint"]
    assert pin in "".join(listed.output.split()), "wrapped, and not cut"
    again = trust(fleet, inventory, *WRITE)
    assert (again.returncode, again.changed) == (0, 0), again.output
    onboarded = fleet.onboard(inventory, "-e", "onboard_claim=false")
    assert set(onboarded.outcomes.values()) == {"awaiting_claim"}, onboarded.output


def test_a_trusted_certificate_needs_no_pin(fleet: Fleet) -> None:
    inventory = fleet.inventory("trust-3")
    run = trust(fleet, inventory, *WRITE)
    assert (run.returncode, run.changed) == (0, 0), run.output
    assert not (inventory.parent / "host_vars").exists()


@pytest.mark.slow
def test_a_different_pin_is_replaced_only_on_request(fleet: Fleet, inventory: Path) -> None:
    file = pin_file(inventory, "trust-1")
    file.parent.mkdir(parents=True)
    file.write_text(yaml.safe_dump({"printops_tls_fingerprint": [OTHER]}))
    refused = trust(fleet, inventory, *WRITE)
    assert refused.returncode == 2
    assert "untrusted_certificate: 1 printer" in refused.output
    assert OTHER in file.read_text()
    assert pin_file(inventory, "trust-2").exists(), "the other printer is pinned all the same"
    replaced = trust(fleet, inventory, *REPLACE)
    assert (replaced.returncode, replaced.changed) == (0, 1), replaced.output
    assert OTHER not in file.read_text()


def test_other_host_variables_are_neither_overwritten_nor_hidden(fleet: Fleet, inventory: Path) -> None:
    mine, beside = pin_file(inventory, "trust-1"), inventory.parent / "host_vars" / "trust-2.yml"
    mine.parent.mkdir(parents=True)
    for file in (mine, beside):
        file.write_text("site_room: 12\n")
    run = trust(fleet, inventory, *REPLACE)
    assert run.returncode == 2
    assert "contains more than printops_tls_fingerprint" in run.output
    assert "would no longer be read" in run.output
    assert [file.read_text() for file in (mine, beside)] == ["site_room: 12\n"] * 2
    assert not pin_file(inventory, "trust-2").exists()


def test_an_unreachable_printer_is_reported(fleet: Fleet) -> None:
    own: dict[str, dict[str, Any]] = {
        "trust-1": {"printops_port": 1},
        "trust-3": {"printops_host": "no-such-printer.invalid"},
    }
    run = trust(fleet, fleet.inventory("trust-1", "trust-2", "trust-3", own=own))
    assert run.returncode == 2
    assert "unreachable: 1 printer, for a person at the printer" in run.output
    assert "unreachable: 1 printer, for you" in run.output, "nobody has to go to a printer whose name is wrong"
    assert "Certificates: 2 of 3 printers need attention" in run.output


@pytest.mark.parametrize("how", [{"printops_tls_minimum": "1.0"}, {"printops_ciphers": ["ECDHE-ECDSA-AES128-SHA"]}])
def test_a_printer_of_old_tls_is_read_with_the_variables_that_its_failure_names(
    fleet: Fleet, how: dict[str, Any]
) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(old)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        old.maximum_version = ssl.TLSVersion.TLSv1_1 if "printops_tls_minimum" in how else ssl.TLSVersion.TLSv1_2
    old.set_ciphers("ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
    with serve(lambda asked: Answer(), old) as server:
        at: dict[str, Any] = {"printops_host": "127.0.0.1", "printops_port": server.port, "printops_ca_path": None}
        refused = {**at, "printops_ciphers": ["ECDHE+AESGCM"]}
        for own, text in ((refused, next(iter(how))), ({**at, **how}, "not_trusted: 1 printer")):
            assert text in trust(fleet, fleet.inventory("trust-1", own={"trust-1": own})).output
