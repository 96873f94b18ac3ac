# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of the role in both modes that are stopped from outside at a certain moment, and what they leave behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .inventory import inventory_of, write_inventory
from .playbook import WHOLE_FLEET, Run, command, environment, run_playbook
from .simulation import Simulation

ONBOARD = "printops.prisma.onboard_fleet"
STOPS: dict[str, Callable[[int], None]] = {
    "ctrl-c": lambda pid: os.killpg(pid, signal.SIGINT),  # a terminal signals the whole process group
    "sigterm": lambda pid: os.kill(pid, signal.SIGTERM),
    "kill-9": lambda pid: os.kill(pid, signal.SIGKILL),
    "hangup": lambda pid: os.killpg(pid, signal.SIGHUP),  # a terminal that is closed signals the process group, too
}
STATUS = {"ctrl-c": 99, "sigterm": -signal.SIGTERM, "kill-9": -signal.SIGKILL, "hangup": -signal.SIGHUP}
"""Expected exit status: Ansible's own for Ctrl-C, otherwise that of a program ended by the signal."""
MINUTE = 60.0
IN_FLIGHT = 1.0
"""Seconds that the request takes: long enough to stop the run in it, and over before a new run gets there."""


def _slow_down(simulation: Simulation, target: str, method: str, path: str) -> None:
    order = {"fault": "latency", "target": target, "method": method, "path": path, "times": 0}
    simulation.post("faults", {**order, "options": {"seconds": IN_FLIGHT}})


def _asked(simulation: Simulation, host: str, method: str, path: str) -> int:
    """Return the number of such requests, including those in progress."""
    rows = simulation.counters()["requests"]
    return sum(row["count"] for row in rows if (row["host"], row["method"], row["path"]) == (host, method, path))


def signing_in(simulation: Simulation, printers: list[str]) -> Callable[[], bool]:
    for name in printers:
        _slow_down(simulation, name, "POST", r"^login\.cgi")
    return lambda: all(_asked(simulation, name, "POST", "login.cgi") > 0 for name in printers)


def pressing(simulation: Simulation, printers: list[str]) -> Callable[[], bool]:
    for name in printers:
        _slow_down(simulation, name, "POST", r"^register\.cgi")
    return lambda: any(_asked(simulation, name, "POST", "register.cgi") > 0 for name in printers)


def waiting(simulation: Simulation, printers: list[str]) -> Callable[[], bool]:
    """All printers are registering, and the next task polls for addresses that will not appear."""
    polls_before: dict[str, int] = {}

    def so() -> bool:
        if not all(simulation.audit(subject=name, what="register_pressed") for name in printers):
            return False
        polls = {name: _asked(simulation, name, "GET", "register.htm") for name in printers}
        polls_before.update({name: polls[name] for name in printers if name not in polls_before})
        return all(polls[name] >= polls_before[name] + 3 for name in printers)

    return so


def claiming(simulation: Simulation, printers: list[str]) -> Callable[[], bool]:
    _slow_down(simulation, "home", "GET", "^register/")
    return lambda: _asked(simulation, "home", "GET", "register/*") > 0


MOMENTS = {
    "signing in": signing_in,
    "pressing": pressing,
    "waiting for the address": waiting,
    "claiming": claiming,
}


def cases(mode: str) -> list[tuple[str, str]]:
    """Return the pairs of stop and moment of a mode, "tasks" or "bulk".

    Each pair is in one of the two modes, and each stop and each moment is in both: every two of the three meet, with
    half as many runs as the full product. Only a sign-in that is cut off by kill -9 is tried in both: who reads its
    answer then, so that somebody can sign out, is not the same code.
    """
    return [
        (stop, moment)
        for row, stop in enumerate(STOPS)
        for column, moment in enumerate(MOMENTS)
        if (row + column) % 2 == (mode == "tasks") or (stop, moment) == ("kill-9", "signing in")
    ]


class Site:
    """Some printers of the simulator with an inventory, and a folder that only runs write to."""

    def __init__(
        self, simulation: Simulation, folder: Path, group: str, arguments: tuple[str, ...] = (), **variables: Any
    ) -> None:
        self.simulation = simulation
        # some have wrong variables, and must come to the role all the same
        self.arguments = (*WHOLE_FLEET, "-e", "onboard_inventory_check=skip", *arguments)
        self.folder = folder / "run"
        (self.folder / "tmp").mkdir(parents=True)
        files = str(self.folder / "onboarding")  # the inventory, which holds secrets, lies elsewhere
        inventory = inventory_of(simulation, onboard_wait_sleep=0.3, onboard_files=files, **variables)
        hosts = inventory["all"]["children"]["printers"]["hosts"]
        self.printers = [name for name in hosts if name == group or name.startswith(f"{group}-")]
        inventory["all"]["children"]["printers"]["hosts"] = {name: hosts[name] for name in self.printers}
        self.inventory = write_inventory(folder / "inventory.yml", inventory)
        self.before = simulation.last_audit_id()

    def stop_at(self, moment: Callable[[], bool], stop: Callable[[int], None]) -> tuple[int, str]:
        """Onboard, and stop the run at the moment. Return its exit status and output."""
        log = self.folder.parent / "stopped.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command(ONBOARD, self.inventory, self.folder, *self.arguments),
                cwd=self.folder,
                env=environment(self.folder, TMPDIR=str(self.folder / "tmp")),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A process group of its own, as a shell creates for a job.
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
        """Return the number of audit entries ``what`` of each printer since the site was created."""
        lines = self.simulation.audit(since=self.before, what=what)
        return {name: sum(line["subject"] == name for line in lines) for name in self.printers}

    def again(self) -> Run:
        """Run once more, to the end."""
        return run_playbook(ONBOARD, self.inventory, self.folder, *self.arguments)

    def converges(self) -> None:
        """Run again. Every printer must end well, belong to the tenant, and have been registered exactly once."""
        if any(
            self.simulation.get(f"printers/{name}")["registration_state"] == "registering" for name in self.printers
        ):
            self.simulation.post("clock", {"advance": MINUTE})
        run = self.again()
        assert run.returncode == 0, run.output
        assert set(run.outcomes) == set(self.printers)
        assert set(run.outcomes.values()) <= {"onboarded", "already"}, run.output
        for name in self.printers:
            state = self.simulation.get(f"printers/{name}")
            assert (state["registration_state"], state["owner"]) == ("registered", "alpha")
        assert self.counted("register_pressed") == dict.fromkeys(self.printers, 1)

    def left_signed_in(self) -> dict[str, Any]:
        """Return the open sessions of these printers, and those at the tenant."""
        found = self.simulation.get("sessions")
        at_home = [*found["home_tokens"], *found["home_people"]]
        return {
            **{name: found["printers"][name] for name in self.printers if name in found["printers"]},
            **({"home": at_home} if at_home else {}),
        }

    def secrets_in_files(self) -> list[str]:
        """Return the files below the run's folder (including TMPDIR and Ansible's home) that contain a secret.

        The file of a registration address that waits is not among them if only its owner can read it.
        """
        secrets = [item["value"].encode() for item in self.simulation.get("secrets")]
        files = [path for path in self.folder.rglob("*") if path.is_file() and not _is_address_file(path)]
        files.append(
            self.folder.parent / "stopped.log"
        )  # its own output; a run that was stopped early has no other file
        return [str(path) for path in files if any(secret in path.read_bytes() for secret in secrets)]


def killed_when(
    missing: Callable[[], list[str]], arguments: list[str], folder: Path, env: dict[str, str], within: float
) -> str:
    """Start a run, kill all of it as soon as nothing is ``missing``, and return what it printed.

    Raise AssertionError if the run ends before, or if something is missing after so many seconds.
    """
    log = folder / f"killed-{uuid.uuid4().hex}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            arguments, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    deadline = time.monotonic() + within
    try:
        while waiting := missing():
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"missing: {waiting}\n{log.read_text(errors='replace')[-5000:]}")
            time.sleep(0.5)
        cut_the_power(process.pid)
    finally:
        process.kill()
        process.wait(30)
    return log.read_text(errors="replace")


def cut_the_power(pid: int) -> None:
    """Kill ansible-playbook and all its workers at once."""
    os.kill(pid, signal.SIGSTOP)
    workers = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    for each in [*map(int, workers), pid]:
        os.kill(each, signal.SIGKILL)


def forget_faults(simulation: Simulation) -> None:
    """Remove all faults and reset the counters."""
    simulation.request("DELETE", "faults")
    simulation.request("DELETE", "counters")


def _is_address_file(path: Path) -> bool:
    return path.suffix == ".address" and path.parent.name == "onboarding" and path.stat().st_mode & 0o777 == 0o600
