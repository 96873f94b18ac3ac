# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ansible-playbook as a user would, and gives access to its output, results and report."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ansible.release import __version__ as core_version

WHOLE_FLEET = ("-e", "onboard_serial=100%", "-e", "onboard_max_fail_percentage=100")
"""Arguments of onboard_fleet for one wave that goes on whatever fails."""

CALLBACKS = Path(__file__).with_name("callbacks")
DEPRECATION = "[DEPRECATION WARNING]"
DEPRECATIONS_FAIL = re.fullmatch(r"[\d.]+", core_version) is not None
"""Whether a deprecation warning fails a test: of a released ansible-core, as those of a pre-release still change."""
_STEP = re.compile(r"(\S+) \((\w+)\)")  # the heading of a difference in bulk mode: printer and module
_RECAP = re.compile(r"^(\S+)\s+: (ok=\d+(?:\s+\w+=\d+)+)", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """One run of ansible-playbook: its exit status, output and task results."""

    returncode: int
    output: str
    folder: Path

    @property
    def results(self) -> list[dict[str, Any]]:
        """Return every task result: host, task, action, status, result."""
        path = self.folder / "results.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    def results_of(self, action: str, host: str | None = None) -> list[dict[str, Any]]:
        """Return the results of one module (by its short name), for one host or for all."""
        return [
            item["result"]
            for item in self.results
            if item["action"] == f"printops.prisma.{action}" and host in (None, item["host"])
        ]

    @property
    def report(self) -> dict[str, Any]:
        """Return the report of the role."""
        found: dict[str, Any] = json.loads((self.folder / "onboarding" / "report.json").read_text(encoding="utf-8"))
        return found

    @property
    def outcomes(self) -> dict[str, str]:
        """Return the outcome of each printer."""
        return {name: item["outcome"] for name, item in self.report["printers"].items()}

    @property
    def changed(self) -> int:
        """Return the number of changes in the recap, over all hosts."""
        return sum(counts["changed"] for counts in self.recap.values())

    @property
    def recap(self) -> dict[str, dict[str, int]]:
        """Return what the recap counts for each host, such as C(failed)."""
        return {
            host: {word: int(number) for word, number in (part.split("=") for part in counts.split())}
            for host, counts in _RECAP.findall(self.output)
        }

    @property
    def failed(self) -> set[str]:
        """Return the hosts that the recap counts as failed, each once."""
        assert {counts["failed"] for counts in self.recap.values()} <= {0, 1}
        return {host for host, counts in self.recap.items() if counts["failed"]}

    def failed_tasks(self) -> dict[str, list[str]]:
        """Return, per host, the names of the tasks that failed, in order."""
        found: dict[str, list[str]] = {}
        for item in self.results:
            if item["status"] == "failed":
                found.setdefault(item["host"], []).append(item["task"].rpartition(" : ")[2])
        return found

    def diffs(self) -> dict[str, list[Any]]:
        """Return the diffs by printer, in order, as pairs of module and diff."""
        found: dict[str, list[Any]] = {}
        for item in self.results:
            diff = item["result"].get("diff") or []
            for each in diff if isinstance(diff, list) else [diff]:
                step = _STEP.fullmatch(each.get("before_header", ""))
                host, module = (step[1], step[2]) if step else (item["host"], item["action"].rpartition(".")[2])
                found.setdefault(host, []).append((module, {"before": each["before"], "after": each["after"]}))
        return found


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a run: this interpreter's programs first, without the user's Ansible settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "PRINTOPS_"))}
    kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return {
        **kept,
        "PWD": str(folder),
        "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
        "ANSIBLE_HOME": str(folder / "ansible-home"),
        "ANSIBLE_DEPRECATION_WARNINGS": "True",
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_FORKS": "10",
        "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
        "ANSIBLE_CALLBACKS_ENABLED": "record",
        "RECORD_RESULTS": str(folder / "results.jsonl"),
        **more,
    }


def command(playbook: str | list[dict[str, Any]], inventory: Path, folder: Path, *arguments: str) -> list[str]:
    """Return the command line: a playbook of the collection by name, or plays as data, which are written to a file."""
    if not isinstance(playbook, str):
        path = folder / "playbook.yml"
        path.write_text(yaml.safe_dump(playbook, sort_keys=False), encoding="utf-8")
        playbook = str(path)
    program = shutil.which("ansible-playbook", path=environment(folder)["PATH"])
    return [str(program), playbook, "-i", str(inventory), *arguments]


def run_playbook(
    playbook: str | list[dict[str, Any]],
    inventory: Path,
    folder: Path,
    *arguments: str,
    timeout: float = 900,
    **env: str,
) -> Run:
    """Run ansible-playbook in ``folder`` and return the run. A deprecation warning in its output is a failure."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.jsonl").unlink(missing_ok=True)
    done = subprocess.run(
        command(playbook, inventory, folder, *arguments),
        cwd=folder,
        env=environment(folder, **env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=timeout,
        check=False,
    )
    run = Run(done.returncode, done.stdout.decode(errors="replace"), folder)
    assert not DEPRECATIONS_FAIL or DEPRECATION not in run.output, run.output
    return run
