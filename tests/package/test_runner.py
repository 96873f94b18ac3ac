# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-runner on one machine, and on a worker that is thrown away: the same results, and no address is left lying.

It has an environment of its own (requirements/navigator.txt) and the collection as in this tree.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environments
import pytest
from support.inventory import inventory_of, write_inventory
from support.playbook import environment, run_playbook
from support.simulation import FLEETS, ROOT, Simulation, running

pytestmark = pytest.mark.slow
PLAYBOOK = "printops.prisma.onboard_fleet"
WHOLE = {"onboard_serial": ["100%"], "onboard_wait_sleep": 0.2}
VAULT_PASSWORD = "a-vault-password"


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Generator[Simulation]:
    with running(FLEETS / "small.yml", tmp_path_factory.mktemp("simulator")) as found:
        yield found


@dataclass
class Runner:
    """ansible-runner, and a folder for its data."""

    programs: Path
    simulation: Simulation
    folder: Path

    def data(self, name: str, **variables: Any) -> Path:
        """Make a private data directory: an inventory whose printers a person claims, and variables of the run."""
        made = self.folder / name
        for part in ("inventory", "project", "env"):
            (made / part).mkdir(parents=True)
        write_inventory(made / "inventory" / "inventory.yml", inventory_of(self.simulation, tenant=None))
        (made / "env" / "extravars").write_text(json.dumps({**WHOLE, **variables}), encoding="utf-8")
        (made / "vault.txt").write_text(VAULT_PASSWORD, encoding="utf-8")
        (made / "env" / "cmdline").write_text("--vault-id addresses@../vault.txt", encoding="utf-8")
        return made

    def __call__(self, script: str) -> str:
        """Run a line of shell, and return what it printed."""
        env = environment(self.folder)
        env["PATH"] = f"{self.programs}{os.pathsep}{env['PATH']}"
        for name in ("ANSIBLE_CALLBACK_PLUGINS", "ANSIBLE_CALLBACKS_ENABLED", "RECORD_RESULTS"):
            del env[name]
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", script],
            cwd=self.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


@pytest.fixture
def runner(simulation: Simulation, tmp_path: Path) -> Runner:
    programs = environments.environment("navigator", ROOT / "requirements" / "navigator.txt")
    return Runner(programs, simulation, tmp_path)


def merged(folder: Path, runner: Runner) -> dict[str, Any]:
    """Merge what runs have left in ``folder``, and return the report."""
    inventory = write_inventory(runner.folder / "fleet.yml", inventory_of(runner.simulation, tenant=None))
    paths = json.dumps({"fleet_report_paths": [str(folder)]})
    done = run_playbook("printops.prisma.fleet_report", inventory, runner.folder, "-e", paths)
    assert done.returncode == 0, done.output
    found: dict[str, Any] = json.loads((runner.folder / "onboarding" / "fleet" / "report.json").read_text("utf-8"))
    return found


def files_with(folder: Path, *texts: str) -> list[str]:
    """Return the files below a folder that hold one of these texts."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.name for path in found if any(text.encode() in path.read_bytes() for text in texts))


def addresses(runner: Runner) -> dict[str, str]:
    """Return the registration addresses that printers show."""
    names = [printer["name"] for printer in runner.simulation.ready["printers"]]
    shown = {name: runner.simulation.get(f"printers/{name}")["address"] for name in names}
    assert all(shown.values()), shown
    return shown


def test_a_worker_keeps_no_address_and_loses_no_result(runner: Runner) -> None:
    """Given a worker that is thrown away, then results and encrypted addresses come back, and it holds no address."""
    data = runner.data("data", onboard_addresses="vault", onboard_addresses_vault_id="addresses")
    worker, back = runner.folder / "worker", runner.folder / "back"
    runner(
        f"ansible-runner transmit {data} -p {PLAYBOOK} | ansible-runner worker --private-data-dir {worker}"
        f" | ansible-runner process {back}"
    )
    report = merged(back, runner)
    assert report["counts"] == {"awaiting_claim": 4}
    waiting = addresses(runner)
    for place in (worker, back, data):
        assert files_with(place, *waiting.values()) == []
    assert [path for path in worker.rglob("*") if path.suffix in (".address", ".svg", ".pdf")] == []
    events = [json.loads(path.read_bytes()) for path in back.rglob("job_events/*.json")]
    (held,) = [each["event_data"]["artifact_data"] for each in events if each["event"] == "playbook_on_stats"]
    (texts,) = [value for name, value in held.items() if name.startswith("fleet_addresses_")]
    assert sorted(texts) == sorted(waiting)
    for name, text in texts.items():
        file = runner.folder / f"{name}.vault"
        file.write_text(text, encoding="utf-8")
        shown = runner(f"ansible-vault view --vault-id addresses@{data / 'vault.txt'} {file}")
        address, serial = shown.splitlines()
        assert (address, serial.partition(": ")[0]) == (waiting[name], "serial")


def test_runs_on_this_machine_have_the_results_of_a_plain_run(runner: Runner) -> None:
    data = runner.data("here")
    runner(f"ansible-runner run {data} -p {PLAYBOOK} -q")
    (runner.folder / "plain").mkdir()
    inventory = write_inventory(runner.folder / "plain" / "inventory.yml", inventory_of(runner.simulation, tenant=None))
    plain = run_playbook(PLAYBOOK, inventory, inventory.parent, "-e", json.dumps(WHOLE))
    first, second = (printers(report) for report in (plain.report, merged(data, runner)))
    assert first == second
    assert len(list(data.rglob("*.address"))) == 4


def printers(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the results by printer, without what no two runs share: the address is asked for once, by the first."""
    own = ("seconds", "address_file", "qr_path", "changes", "pressed")
    return {
        name: {key: value for key, value in result.items() if key not in own}
        for name, result in report["printers"].items()
    }
