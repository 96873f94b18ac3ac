# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are stopped from outside, at every moment that matters: what is left, and what the next run makes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.fleet import FleetMaker
from support.inventory import inventory_of, write_inventory
from support.playbook import WHOLE_FLEET, command, environment, run_playbook
from support.simulation import Simulation

ONBOARD = "printops.prisma.onboard_fleet"
STOPS: dict[str, Callable[[int], None]] = {
    "ctrl-c": lambda pid: os.killpg(pid, signal.SIGINT),  # a terminal tells the whole group
    "sigterm": lambda pid: os.kill(pid, signal.SIGTERM),
    "kill-9": lambda pid: os.kill(pid, signal.SIGKILL),
}
STATUS = {"ctrl-c": 99, "sigterm": -signal.SIGTERM, "kill-9": -signal.SIGKILL}
"""Ansible's own for Ctrl-C; the others as of any program that was ended by that signal."""
MINUTE = 60.0
IN_FLIGHT = 1.0
"""Seconds that the request of the moment takes: long enough to be hit, over before a new run has got that far."""


def _slow_down(simulation: Simulation, target: str, method: str, path: str) -> None:
    order = {"fault": "latency", "target": target, "method": method, "path": path, "times": 0}
    simulation.post("faults", {**order, "options": {"seconds": IN_FLIGHT}})


def _asked(simulation: Simulation, host: str, method: str, path: str) -> int:
    """Return how often that was asked for, requests under way included."""
    rows = simulation.counters()["requests"]
    return sum(row["count"] for row in rows if (row["host"], row["method"], row["path"]) == (host, method, path))


def _signing_in(simulation: Simulation, printers: list[str]) -> Callable[[], bool]:
    for name in printers:
        _slow_down(simulation, name, "POST", r"^login\.cgi")
    return lambda: all(_asked(simulation, name, "POST", "login.cgi") > 0 for name in printers)


def _pressing(simulation: Simulation, printers: list[str]) -> Callable[[], bool]:
    for name in printers:
        _slow_down(simulation, name, "POST", r"^register\.cgi")
    return lambda: any(_asked(simulation, name, "POST", "register.cgi") > 0 for name in printers)


def _waiting(simulation: Simulation, printers: list[str]) -> Callable[[], bool]:
    """All are pressed, and the next task looks again and again for the addresses, which do not come by themselves."""
    looked: dict[str, int] = {}

    def so() -> bool:
        if not all(simulation.audit(subject=name, what="register_pressed") for name in printers):
            return False
        looks = {name: _asked(simulation, name, "GET", "register.htm") for name in printers}
        looked.update({name: looks[name] for name in printers if name not in looked})
        return all(looks[name] >= looked[name] + 3 for name in printers)

    return so


def _claiming(simulation: Simulation, printers: list[str]) -> Callable[[], bool]:
    _slow_down(simulation, "home", "POST", "claims$")
    return lambda: _asked(simulation, "home", "POST", "api/v1/tenants/alpha/claims") > 0


MOMENTS = {
    "signing in": _signing_in,
    "pressing": _pressing,
    "waiting for the address": _waiting,
    "claiming": _claiming,
}
CASES = [(stop, moment) for stop in STOPS for moment in MOMENTS]


def _group(case: tuple[str, str]) -> str:
    return "-".join((*case[0].split(), *case[1].split()))


@pytest.fixture(scope="module")
def simulation(make_fleet: FleetMaker) -> Simulation:
    waiting = {"count": 2, "trouble": "register_slow"}
    printers: list[dict[str, Any]] = [
        {"name": f"{_group(case)}-{{}}", **(waiting if "waiting" in case[1] else {"count": 2})} for case in CASES
    ]
    printers += [{"name": f"module-{stop}-{{}}", **waiting} for stop in ("ctrl-c", "sigterm")]
    printers += [{"name": "half-way-{}", "count": 2}]
    printers += [{"name": "power-cut", "network": "proxy_required", "proxy": "wrong"}]
    return make_fleet(printers, {"register_slow_delay": MINUTE}).simulation


@pytest.fixture(autouse=True)
def _no_faults_left(simulation: Simulation) -> Iterator[None]:
    """Every test has printers of its own; faults and counters are common, and so is the tenant's account."""
    yield
    simulation.request("DELETE", "faults")
    simulation.request("DELETE", "counters")


class Site:
    """Some printers of the simulator with an inventory for them, and a folder that only runs write to."""

    def __init__(self, simulation: Simulation, folder: Path, group: str, **variables: Any) -> None:
        self.simulation = simulation
        self.folder = folder / "run"
        (self.folder / "tmp").mkdir(parents=True)
        inventory = inventory_of(simulation, onboard_wait_sleep=0.3, **variables)
        hosts = inventory["all"]["children"]["printers"]["hosts"]
        self.printers = [name for name in hosts if name == group or name.startswith(f"{group}-")]
        inventory["all"]["children"]["printers"]["hosts"] = {name: hosts[name] for name in self.printers}
        self.inventory = write_inventory(folder / "inventory.yml", inventory)
        self.before = simulation.last_audit_id()

    def stop_at(self, moment: Callable[[], bool], stop: Callable[[int], None]) -> tuple[int, str]:
        """Onboard, and stop the run when it is the moment; return the exit status and what was printed."""
        log = self.folder.parent / "stopped.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command(ONBOARD, self.inventory, self.folder, *WHOLE_FLEET),
                cwd=self.folder,
                env=environment(self.folder, TMPDIR=str(self.folder / "tmp")),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A process group of its own, as a shell gives to what runs in a terminal.
                process_group=0,
            )
            try:
                deadline = time.monotonic() + 120
                while not moment():
                    assert process.poll() is None, f"it ended before the moment came:\n{log.read_text()}"
                    assert time.monotonic() < deadline, f"the moment did not come:\n{log.read_text()}"
                    time.sleep(0.05)
                stop(process.pid)
                return process.wait(90), log.read_text(errors="replace")
            finally:
                process.kill()
                process.wait()

    def counted(self, what: str) -> dict[str, int]:
        """Return how often each printer's audit has ``what`` since the site was made."""
        lines = self.simulation.audit(since=self.before, what=what)
        return {name: sum(line["subject"] == name for line in lines) for name in self.printers}

    def converges(self) -> None:
        """Run again: every printer ends well, belongs to the tenant, and was pressed once in all."""
        if any(
            self.simulation.get(f"printers/{name}")["registration_state"] == "registering" for name in self.printers
        ):
            self.simulation.post("clock", {"advance": MINUTE})
        run = run_playbook(ONBOARD, self.inventory, self.folder, *WHOLE_FLEET)
        assert run.returncode == 0, run.output
        assert set(run.outcomes) == set(self.printers)
        assert set(run.outcomes.values()) <= {"onboarded", "already"}, run.output
        for name in self.printers:
            state = self.simulation.get(f"printers/{name}")
            assert (state["registration_state"], state["owner"]) == ("registered", "alpha")
        assert self.counted("register_pressed") == dict.fromkeys(self.printers, 1)

    def left_signed_in(self) -> dict[str, Any]:
        """Return what is open now of these printers, and the tenant's tokens."""
        found = self.simulation.get("sessions")
        return {
            **{name: found["printers"][name] for name in self.printers if name in found["printers"]},
            **({"home": found["home_tokens"]} if found["home_tokens"] else {}),
        }

    def secrets_in_files(self) -> list[str]:
        """Return the files below the run's folder (TMPDIR and Ansible's home included) that hold a secret."""
        secrets = [item["value"].encode() for item in self.simulation.get("secrets")]
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        assert files
        return [str(path) for path in files if any(secret in path.read_bytes() for secret in secrets)]


def _until(so: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.parametrize("case", CASES, ids=_group)
def test_a_run_that_was_stopped_is_finished_by_the_next(
    simulation: Simulation, tmp_path: Path, case: tuple[str, str]
) -> None:
    """Given a run that is stopped at this moment, when it is run again, then all are onboarded, pressed once each."""
    stop, moment = case
    site = Site(simulation, tmp_path, _group(case))
    status, output = site.stop_at(MOMENTS[moment](simulation, site.printers), STOPS[stop])
    assert status == STATUS[stop], output
    # Where the signal hits a worker that was forked this very moment, Ansible's own handler for the parent fails in it.
    assert "Traceback" not in output or "can only test a child process" in output
    if stop != "kill-9":
        assert site.left_signed_in() == {}, output
    assert site.secrets_in_files() == []
    simulation.request("DELETE", "faults")
    site.converges()
    # After kill -9 a worker that was at work signs out, which takes it a moment.
    assert _until(lambda: site.left_signed_in() == {}), site.left_signed_in()
    assert site.secrets_in_files() == []


@pytest.mark.parametrize("stop", ["ctrl-c", "sigterm"])
def test_ordinary_modules_that_are_stopped_sign_out_too(simulation: Simulation, tmp_path: Path, stop: str) -> None:
    """Given printops_in_process: false, when the run is stopped while modules wait, then they sign out on the way."""
    site = Site(simulation, tmp_path, f"module-{stop}", printops_in_process=False)
    status, output = site.stop_at(_waiting(simulation, site.printers), STOPS[stop])
    assert status == STATUS[stop], output
    assert _until(lambda: site.left_signed_in() == {}), site.left_signed_in()
    site.converges()
    assert site.left_signed_in() == {}


def _cut_the_power(pid: int) -> None:
    """Kill ansible-playbook and all its workers at once."""
    os.kill(pid, signal.SIGSTOP)
    workers = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    for each in [*map(int, workers), pid]:
        os.kill(each, signal.SIGKILL)


def test_what_a_power_cut_leaves_signed_in_ends_by_its_timer(simulation: Simulation, tmp_path: Path) -> None:
    """Given a run of which nothing was left to sign out, then the printer is busy until its session has ended.

    An older family lets only one administrator write at a time, and this one had written the proxy client.
    """
    site = Site(simulation, tmp_path, "power-cut")
    site.stop_at(lambda: bool(simulation.audit(subject="power-cut", what="proxy_changed")), _cut_the_power)
    assert site.secrets_in_files() == []
    assert "power-cut" in site.left_signed_in()
    meanwhile = run_playbook(ONBOARD, site.inventory, site.folder, *WHOLE_FLEET)
    assert meanwhile.returncode != 0
    assert meanwhile.outcomes == {"power-cut": "busy"}
    assert site.counted("register_pressed") == {"power-cut": 0}
    simulation.post("clock", {"advance": 601})
    site.converges()
    assert site.counted("proxy_changed") == {"power-cut": 1}
    assert "power-cut" not in site.left_signed_in()


def test_a_play_that_fails_half_way_leaves_nothing_signed_in(simulation: Simulation, tmp_path: Path) -> None:
    """Given tasks that sign in and never out, when one printer's failure ends the play, then all are signed out."""
    site = Site(simulation, tmp_path, "half-way")
    tasks: list[dict[str, Any]] = [
        {"printops.prisma.device_info": {}},
        {"printops.prisma.home_device_info": {}, "run_once": True},
        {"ansible.builtin.fail": {"msg": "as a task between would"}, "when": "inventory_hostname == 'half-way-1'"},
        {"printops.prisma.printer_registration": {}},
    ]
    play = {"hosts": "all", "gather_facts": False, "any_errors_fatal": True, "tasks": tasks}
    run = run_playbook([play], site.inventory, site.folder)
    assert run.returncode != 0
    assert len(run.results_of("device_info")) == 2
    assert run.results_of("printer_registration") == []
    assert site.counted("sign_in") == site.counted("sign_out") == {"half-way-1": 1, "half-way-2": 1}
    assert site.left_signed_in() == {}
