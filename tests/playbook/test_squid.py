# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Squid as the only way out: a printer whose proxy client is wrong gets to ORS once the role has mended it."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from support.fleet import SETTINGS, Fleet
from support.programs import path_of
from support.simulation import running
from support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("squid")]
USER = "press"
CONFIGURATION = """
http_port 127.0.0.1:{port}
visible_hostname localhost
pid_filename {folder}/squid.pid
access_log stdio:{folder}/access.log
cache_log {folder}/cache.log
cache_store_log none
coredump_dir {folder}
cache deny all
pinger_enable off
shutdown_lifetime 0 seconds
auth_param basic program {folder}/accounts
auth_param basic children 1
acl known proxy_auth REQUIRED
acl here dst 127.0.0.1/32
http_access allow CONNECT known here
http_access deny all
"""
ACCOUNTS = """#!/bin/sh
while read -r user password rest; do
  if [ "$user $password" = "{user} {password}" ]; then echo OK; else echo ERR; fi
done
"""


@dataclass
class Squid:
    """A running Squid: its port, its one account, and its own log."""

    port: int
    password: str
    log: Path

    def tunnels(self) -> list[str]:
        """Return where each CONNECT that came through went."""
        lines = (
            [line.split() for line in self.log.read_text(encoding="utf-8").splitlines()] if self.log.exists() else []
        )
        return [fields[6] for fields in lines if fields[3].endswith("/200") and fields[5] == "CONNECT"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def squid() -> Iterator[Squid]:
    # Not below pytest's folder: Squid gives up root for an account that may not enter there.
    with tempfile.TemporaryDirectory(prefix="printops-squid-") as name:
        folder = Path(name)
        found = Squid(_free_port(), secrets.token_hex(12), folder / "access.log")
        accounts = folder / "accounts"
        accounts.write_text(ACCOUNTS.format(user=USER, password=found.password), encoding="utf-8")
        accounts.chmod(0o700)
        configuration = CONFIGURATION.format(port=found.port, folder=folder)
        if os.geteuid() == 0:
            configuration += "cache_effective_user proxy\n"
            for path in (folder, accounts):
                shutil.chown(path, "proxy")
        (folder / "squid.conf").write_text(configuration, encoding="utf-8")
        with (folder / "output.txt").open("wb") as output:
            process = subprocess.Popen(
                [path_of("squid"), "-N", "-f", str(folder / "squid.conf")],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            try:
                assert until(lambda: _answers(found.port) or process.poll() is not None, 60)
                assert process.poll() is None, (folder / "output.txt").read_text(encoding="utf-8", errors="replace")
                yield found
            finally:
                process.terminate()
                process.wait(30)


@pytest.fixture(scope="module")
def fleet(squid: Squid, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    path = folder / "fleet.yml"
    printers = [{"name": "behind-squid", "network": "proxy_required", "proxy": "wrong"}]
    path.write_text(yaml.safe_dump({"settings": SETTINGS, "printers": printers}), encoding="utf-8")
    proxy = f"{USER}:{squid.password}@127.0.0.1:{squid.port}"
    with running(path, folder / "simulator", extra=("--external-proxy", proxy)) as simulation:
        yield Fleet(simulation, folder, {"onboard_wait_sleep": 0.2})


def test_a_wrong_proxy_client_is_mended_and_squid_saw_it(fleet: Fleet, squid: Squid) -> None:
    """Given a wrong proxy, then ORS is not connected; after the role it is, and Squid logged the CONNECT to ORS."""
    name = "behind-squid"
    ors = urlsplit(fleet.simulation.ready["ors"]["url"])
    (before,) = fleet.tasks(name, {"ors_status": {}})
    assert before["ors"]["state"] == "disconnected"
    assert squid.tunnels() == []

    run = fleet.onboard(fleet.inventory(name))
    assert (run.returncode, run.outcomes) == (0, {name: "onboarded"}), run.output
    (after,) = fleet.tasks(name, {"ors_status": {}})
    assert after["ors"]["state"] == "connected"
    assert until(lambda: f"{ors.hostname}:{ors.port}" in squid.tunnels(), 60)
    assert set(squid.tunnels()) == {f"{ors.hostname}:{ors.port}"}
    assert squid.password not in run.output
