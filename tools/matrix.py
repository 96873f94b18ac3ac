# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the tests on every supported ansible-core, and prints a table of versions and tests.

Knows which cores are supported, on which Pythons each is tested, and which tests are run; nothing else decides. Each
pair has an environment of its own under .cache, from requirements/matrix. tools/matrix.py --core 2.16 --test units
runs a part, --core 2.21-python3.14 one pair, and --pins renews the pinned requirements.

What passed on a commit is kept in build/matrix and not run on it again, so that a whole run can be made in pieces, and
goes on after a failure or an interruption. When every test of a commit has passed, its table is written to
docs/RELEASING.md. While there are uncommitted changes, nothing is kept and nothing is written.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from environments import ROOT, UV, environment, find_python

PINS = ROOT / "requirements" / "matrix"
LOGS = ROOT / "build" / "matrix"
RESULTS = LOGS / "results.json"
"""The results of one commit."""
PAGE = ROOT / "docs" / "RELEASING.md"
TABLE = re.compile(r"(<!-- matrix: .*? -->\n).*?(<!-- end -->)", re.DOTALL)
"""Where the table of a whole run stands on the page."""
PASSED = "passed"
NOT_RUN = "not run yet"


@dataclass(frozen=True)
class Core:
    """A release series of ansible-core, and the Python on which it is tested.

    A failure on a ``prerelease`` is reported, and fails nothing.
    """

    series: str
    python: str
    prerelease: bool = False

    @property
    def pair(self) -> str:
        """What chooses it on this Python alone."""
        return f"{self.series}-python{self.python}"

    @property
    def name(self) -> str:
        """What its files and its environment are called."""
        return f"core-{self.pair}"

    @property
    def pins(self) -> Path:
        """The file of its pinned requirements."""
        return PINS / f"{self.name}.txt"

    @property
    def requirement(self) -> str:
        """What is asked of the package index: the newest release of the series."""
        return f"ansible-core>={self.series}.0{'b1' if self.prerelease else ''},<{self._next_series}"

    @property
    def _next_series(self) -> str:
        major, minor = self.series.split(".")
        return f"{major}.{int(minor) + 1}.0a0"

    @property
    def release(self) -> str:
        """The release that is pinned."""
        lines = self.pins.read_text(encoding="utf-8").splitlines()
        return next(line.removeprefix("ansible-core==") for line in lines if line.startswith("ansible-core=="))


CORES = (
    Core("2.16", "3.11"),
    Core("2.17", "3.11"),
    Core("2.18", "3.11"),
    Core("2.19", "3.11"),
    Core("2.20", "3.12"),
    Core("2.20", "3.14"),
    Core("2.21", "3.13"),
    Core("2.21", "3.14"),
    Core("2.22", "3.13", prerelease=True),
    Core("2.22", "3.14", prerelease=True),
)
"""What is supported and tested. meta/runtime.yml names the first."""
CHOICES = list(dict.fromkeys([*(core.series for core in CORES), *(core.pair for core in CORES)]))
"""What --core takes."""

PYTEST = ("-m", "pytest", "-q", "-m", "not slow", "--dist", "loadfile", "--no-loadscope-reorder")
SUBJECTS = ("onboard", "bulk", "modules_options", "access_role", "offboard", "secrets", "sheet", "cloud_inventories")
"""The role in both modes, options and variables, a plan for people, offboarding, secrets, inventories."""
PLAYBOOKS = tuple(f"tests/playbook/test_{subject}.py" for subject in SUBJECTS)
TESTS: dict[str, tuple[str, ...]] = {
    "sanity": ("tools/sanity.py", "--skip-test", "shellcheck"),
    "units": (*PYTEST, "tests/unit"),
    "playbooks": (*PYTEST, *PLAYBOOKS),
}
"""The arguments of Python by test. In playbooks a deprecation warning is a failure (tests/support/runs.py)."""


class Results:
    """The results of one commit, by core and test, in a file that is written after each test.

    ``commit``: None while there are uncommitted changes; then nothing is read from the file or written to it.
    """

    def __init__(self, path: Path, commit: str | None) -> None:
        self._path, self._commit = path, commit
        self._found: dict[str, dict[str, str]] = {}
        self._read()

    def get(self, core: Core, test: str) -> str:
        """Return the result of a test on a core: that it was not run yet, if there is none."""
        return self._found.get(core.pair, {}).get(test, NOT_RUN)

    def record(self, core: Core, test: str, result: str) -> None:
        """Keep the result of a test on a core, beside those that another run has recorded meanwhile."""
        self._read()
        self._found.setdefault(core.pair, {})[test] = result
        if self._commit:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"commit": self._commit, "results": self._found}, indent=2)
            written = self._path.with_suffix(f".{os.getpid()}")
            written.write_text(f"{text}\n", encoding="utf-8")
            written.replace(self._path)

    def _read(self) -> None:
        if self._commit and self._path.exists():
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            if kept["commit"] == self._commit:
                self._found = kept["results"]

    def of(self, cores: Iterable[Core], tests: Sequence[str]) -> dict[Core, dict[str, str]]:
        """Return the results of these tests on these cores."""
        return {core: {test: self.get(core, test) for test in tests} for core in cores}


def failure(core: Core, reason: str) -> str:
    """Return the result of a test that failed on this core."""
    return f"{'warns' if core.prerelease else 'FAILED'} ({reason})"


def is_failure(result: str) -> bool:
    """Return whether a result fails the matrix: that of a pre-release only warns."""
    return result.startswith("FAILED")


def is_whole(results: Mapping[Core, Mapping[str, str]]) -> bool:
    """Return whether each of these tests has a result, and none failed."""
    found = [result for by_test in results.values() for result in by_test.values()]
    return not any(result == NOT_RUN or is_failure(result) for result in found)


def current_commit(root: Path = ROOT) -> str | None:
    """Return the commit of the working tree; None while it has changes that are not committed, and without git."""
    changes = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=False)
    if changes.returncode or changes.stdout:
        return None
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.strip()


def run_test(core: Core, test: str, programs: Path, jobs: int) -> str:
    """Run one test on one core and return its result: passed, or FAILED with where its output is."""
    log = LOGS / core.name / f"{test}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join([str(programs), *os.environ["PATH"].split(os.pathsep)])
    parallel = ("-n", str(jobs)) if "pytest" in TESTS[test] else ()
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(
            [str(programs / "python"), *TESTS[test], *parallel],
            cwd=ROOT,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode == 0:
        return PASSED
    sys.stdout.write("".join(log.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)[-40:]))
    return failure(core, str(log.relative_to(ROOT)))


def run_core(core: Core, tests: Iterable[str], jobs: int, results: Results) -> None:
    """Run these tests on one core, except those that have passed, and record their results."""
    label = f"ansible-core {core.release}, Python {core.python}"
    python = find_python(core.python)
    for test in tests:
        if results.get(core, test) == PASSED:
            print(f"{label}: {test}: passed before, on this commit", flush=True)
            continue
        began = time.monotonic()
        results.record(core, test, _result(core, test, python, jobs))
        print(f"{label}: {test}: {results.get(core, test)}, {time.monotonic() - began:.0f} s", flush=True)


def _result(core: Core, test: str, python: Path | None, jobs: int) -> str:
    if python is None:
        missing = f"no python{core.python}"
        return f"FAILED ({missing})" if os.environ.get("CI") == "true" else missing
    try:
        programs = environment(core.name, core.pins, python)
    except subprocess.CalledProcessError as error:
        return failure(core, f"no environment: {error}")
    return run_test(core, test, programs, jobs)


def table(results: Mapping[Core, Mapping[str, str]], tests: Sequence[str]) -> str:
    """Return the results as a table of Markdown, one line for each core."""
    rows = [["ansible-core", "Python", *tests]]
    rows += [[core.release, core.python, *(found[test] for test in tests)] for core, found in results.items()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |" for row in rows
    )


def on_page(page: str, text: str) -> str:
    """Return the page with this text, without the places of logs."""
    shown = re.sub(r" \(build/[^)]*\)", lambda found: " " * len(found[0]), text)
    return TABLE.sub(lambda found: f"{found[1]}\n{shown}\n\n{found[2]}", page)


def renew_pins(cores: Iterable[Core]) -> None:
    """Write the newest releases of everything that the tests need, for each core."""
    for core in cores:
        wanted = f"-r {ROOT / 'requirements' / 'test.in'}\n{core.requirement}\n"
        command: list[str | Path] = [UV, "pip", "compile", "--quiet", "--upgrade", "--python-version", core.python]
        done = subprocess.run(
            [*command, "--no-header", "--no-annotate", "-"], input=wanted, text=True, capture_output=True, check=True
        )
        licence = (ROOT / "requirements" / "test.in").read_text(encoding="utf-8").splitlines()[:2]
        lines = [
            *licence,
            f'# Made by "make pins" from tools/matrix.py and test.in, for Python {core.python}. Do not edit.',
        ]
        PINS.mkdir(exist_ok=True)
        core.pins.write_text("\n".join(lines) + f"\n{done.stdout}", encoding="utf-8")
        print(f"{core.pins.relative_to(ROOT)}: ansible-core {core.release}", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run what the arguments choose, print the table, and return 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--core", action="append", choices=CHOICES, help="on each of its Pythons, or on one")
    parser.add_argument("--test", action="append", choices=list(TESTS))
    parser.add_argument("--jobs", type=int, default=1, help="tests that run side by side")
    parser.add_argument("--again", action="store_true", help="run what has passed on this commit, too")
    parser.add_argument("--pins", action="store_true", help="renew the pinned requirements")
    chosen = parser.parse_args(arguments)
    cores = [core for core in CORES if not chosen.core or {core.series, core.pair} & set(chosen.core)]
    tests = [test for test in TESTS if not chosen.test or test in chosen.test]
    if chosen.pins:
        renew_pins(cores)
        return 0
    commit = current_commit()
    if commit is None:
        print("there are uncommitted changes: no result is kept, and the page is not written")
    results = Results(RESULTS, commit)
    for core in cores:
        for test in tests if chosen.again else ():
            results.record(core, test, NOT_RUN)
        run_core(core, tests, chosen.jobs, results)
    found = results.of(cores, tests)
    text = table(found, tests)
    LOGS.mkdir(parents=True, exist_ok=True)
    (LOGS / "table.md").write_text(f"{text}\n", encoding="utf-8")
    print(text)
    every = results.of(CORES, list(TESTS))
    if commit and is_whole(every):
        made = f"Commit {commit}, {datetime.now(UTC):%Y-%m-%d}:\n\n{table(every, list(TESTS))}"
        PAGE.write_text(on_page(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8")
        print(f"{PAGE.relative_to(ROOT)} has the table of commit {commit} now")
    return int(any(is_failure(result) for by_test in found.values() for result in by_test.values()))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
