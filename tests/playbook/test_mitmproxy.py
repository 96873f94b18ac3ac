# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""mitmproxy as a proxy that intercepts TLS: check_network tells it by its issuer, trusted by this machine or not."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from support.fleet import Fleet, FleetMaker
from support.programs import path_of
from support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("mitmdump")]


@dataclass
class Inspecting:
    """A running mitmproxy, and the certificate of its own authority."""

    port: int
    authority: Path


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"name": "inspected"}])


@pytest.fixture(scope="module")
def mitmproxy(fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inspecting]:
    folder = tmp_path_factory.mktemp("mitmproxy")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    options = {"confdir": folder, "ssl_verify_upstream_trusted_ca": fleet.simulation.ready["ca"]}
    arguments = [part for name, value in options.items() for part in ("--set", f"{name}={value}")]
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [path_of("mitmdump"), "--listen-host", "127.0.0.1", "--listen-port", str(port), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            assert until(lambda: _answers(port) or process.poll() is not None, 60)
            assert process.poll() is None, (folder / "output.txt").read_text(encoding="utf-8", errors="replace")
            yield Inspecting(port, folder / "mitmproxy-ca-cert.pem")
        finally:
            process.terminate()
            process.wait(30)


def checked(fleet: Fleet, mitmproxy: Inspecting, ca_path: str) -> dict[str, Any]:
    """Check ORS directly and through mitmproxy, and return the result."""
    ors = urlsplit(fleet.simulation.ready["ors"]["url"])
    task = {
        "check_network": {
            "cloud_hosts": [{"host": ors.hostname, "port": ors.port}],
            "default_hosts": False,
            "ca_path": ca_path,
            "proxy_host": "127.0.0.1",
            "proxy_port": mitmproxy.port,
        }
    }
    (result,) = fleet.tasks("inspected", task, variables={"printops_tenant_url": None})
    return result


def outcomes(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["route"], each["outcome"]) for each in result["checks"]]


def test_an_authority_that_nobody_trusts_is_named(fleet: Fleet, mitmproxy: Inspecting) -> None:
    result = checked(fleet, mitmproxy, fleet.simulation.ready["ca"])
    assert outcomes(result) == [("direct", "reachable"), ("proxy", "intercepted")], result
    assert (result["failed"], result["outcome"]) == (True, "intercepted")
    assert "mitmproxy" in result["checks"][1]["issuer"]
    assert "mitmproxy" in result["reason"]
    assert "TLS inspection" in result["advice"]


def test_an_authority_that_this_machine_trusts_is_told_by_comparing(
    fleet: Fleet, mitmproxy: Inspecting, tmp_path: Path
) -> None:
    """Given the proxy's authority installed here, as in many companies, then the check still tells it."""
    trusted = tmp_path / "trusted.pem"
    own = Path(fleet.simulation.ready["ca"]).read_text(encoding="utf-8")
    trusted.write_text(own + mitmproxy.authority.read_text(encoding="utf-8"), encoding="utf-8")
    result = checked(fleet, mitmproxy, str(trusted))
    assert outcomes(result) == [("direct", "reachable"), ("proxy", "intercepted")], result
    assert "Simulated print network" in result["checks"][1]["reason"]
