# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet file, a restart with the same state, counters, and what must not leak."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from simulator.fleet import FleetError, load_fleet, read_fleet

from .conftest import TESTS, Simulator, started


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"printer": []}, "printer"),
        ({"settings": {"session_tmier": 1}}, "session_tmier"),
        ({"printers": [{"name": "a", "langauge": "fr"}]}, "langauge"),
        ({"printers": [{"name": "a", "trouble": "tired"}]}, "tired"),
        ({"printers": [{"name": "a", "count": 2}]}, "name"),
        ({"printers": [{"count": 2}]}, "name is missing"),
        ({"printers": [{"name": "a"}, {"name": "a"}]}, "occurs twice"),
    ],
)
def test_bad_fleet_file_names_the_key(document: object, named: str) -> None:
    with pytest.raises(FleetError, match=named):
        read_fleet(document)


def test_shipped_fleets() -> None:
    fleets = TESTS / "simulator" / "fleets"
    demo = load_fleet(fleets / "demo.yml")
    assert len(demo.printers) == 32
    assert len([printer for printer in demo.printers if printer.trouble == "none"]) >= 11
    assert len(load_fleet(fleets / "small.yml").printers) == 4


def test_restart_keeps_state_even_after_a_kill(tmp_path: Path) -> None:
    with started(tmp_path, '- {name: "one"}') as before:
        browser = before.browser("one")
        browser.sign_in()
        address = browser.address()
        before.process.kill()
        before.process.wait(15)
    with started(tmp_path, '- {name: "one"}\n- {name: "two"}') as after:
        assert after.printer("one") == before.printer("one")
        assert {key: after.ready[key] for key in ("ca", "home", "proxy")} == {
            key: before.ready[key] for key in ("ca", "home", "proxy")
        }
        # The session is open as well: nobody needs to sign in anew.
        assert browser.value("top.htm", "user") == "Administrator"
        assert after.audit("one").count("register_pressed") == 1
        assert after.home().post("claims", json={"address": address}).status_code == 202
        assert after.stop() == 0
        assert not (tmp_path / "ready.json").exists()


def test_a_second_start_leaves_the_first_one_its_ready_file(tmp_path: Path) -> None:
    with started(tmp_path, '- {name: "one"}') as first:
        command = [sys.executable, "-m", "simulator", "serve", "--fleet", "fleet.yml", "--state", "state"]
        second = subprocess.run(
            [*command, "--ready", "ready.json"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(TESTS)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert second.returncode == 2
        assert "is not free: " in second.stderr
        assert "A simulator runs already; ready.json has its addresses" in second.stderr
        assert json.loads((tmp_path / "ready.json").read_text(encoding="utf-8")) == first.ready


def test_counters_and_secrets(simulator: Simulator) -> None:
    browser = simulator.browser("plain-8")
    browser.sign_in()
    counted = simulator.control("GET", "counters")
    rows = [row for row in counted["requests"] if row["host"] == "plain-8" and row["path"] == "login.cgi"]
    assert [(row["method"], row["count"]) for row in rows] == [("POST", 1)]
    secrets = {row["value"] for row in simulator.control("GET", "secrets")}
    assert browser.client.cookies["sraSession"] in secrets
    assert browser.accounts["administrator"]["password"] in secrets
    assert simulator.ready["proxy"]["password"] in secrets
    assert simulator.control("DELETE", "counters")["total"] == 0
