# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the tests on every supported ansible-core, and prints a table of versions and tests.

Knows which cores are supported, on which Python each is tested, and which tests are run; nothing else decides. Each
core has an environment of its own under .cache, from requirements/matrix. tools/matrix.py --core 2.16 --test units
runs a part, and --pins renews the pinned requirements. A whole run without a failure writes its table to
docs/RELEASING.md.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from environments import ROOT, UV, environment, find_python

PINS = ROOT / "requirements" / "matrix"
LOGS = ROOT / "build" / "matrix"
PAGE = ROOT / "docs" / "RELEASING.md"
TABLE = re.compile(r"(<!-- matrix: .*? -->\n).*?(<!-- end -->)", re.DOTALL)
"""Where the table of a whole run stands on the page."""


@dataclass(frozen=True)
class Core:
    """A release series of ansible-core, and the Python on which it is tested.

    A failure on a ``prerelease`` is reported, and fails nothing.
    """

    series: str
    python: str
    prerelease: bool = False

    @property
    def name(self) -> str:
        """What its files and its environment are called."""
        return f"core-{self.series}-python{self.python}"

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
    Core("2.18", "3.11"),
    Core("2.19", "3.11"),
    Core("2.20", "3.12"),
    Core("2.21", "3.13"),
    Core("2.21", "3.14"),
    Core("2.22", "3.13", prerelease=True),
)
"""What is supported and tested. meta/runtime.yml names the first."""

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
        return "passed"
    sys.stdout.write("".join(log.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)[-40:]))
    return f"{'warns' if core.prerelease else 'FAILED'} ({log.relative_to(ROOT)})"


def run_core(core: Core, tests: Iterable[str], jobs: int) -> dict[str, str]:
    """Run these tests on one core and return their results."""
    python = find_python(core.python)
    if python is None:
        missing = f"no python{core.python}"
        return dict.fromkeys(tests, f"FAILED ({missing})" if os.environ.get("CI") == "true" else missing)
    programs = environment(core.name, core.pins, python)
    results = {}
    for test in tests:
        began = time.monotonic()
        results[test] = run_test(core, test, programs, jobs)
        took = time.monotonic() - began
        print(f"ansible-core {core.release}, Python {core.python}: {test}: {results[test]}, {took:.0f} s", flush=True)
    return results


def table(results: dict[Core, dict[str, str]], tests: Sequence[str]) -> str:
    """Return the results as a table of Markdown, one line for each core."""
    rows = [["ansible-core", "Python", *tests]]
    rows += [[core.release, core.python, *(found[test] for test in tests)] for core, found in results.items()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |" for row in rows
    )


def on_page(page: str, text: str) -> str:
    """Return the page with this table, without the places of logs."""
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
    parser.add_argument("--core", action="append", choices=sorted({core.series for core in CORES}))
    parser.add_argument("--test", action="append", choices=list(TESTS))
    parser.add_argument("--jobs", type=int, default=1, help="tests that run side by side")
    parser.add_argument("--pins", action="store_true", help="renew the pinned requirements")
    chosen = parser.parse_args(arguments)
    cores = [core for core in CORES if not chosen.core or core.series in chosen.core]
    tests = [test for test in TESTS if not chosen.test or test in chosen.test]
    if chosen.pins:
        renew_pins(cores)
        return 0
    results = {core: run_core(core, tests, chosen.jobs) for core in cores}
    text = table(results, tests)
    LOGS.mkdir(parents=True, exist_ok=True)
    (LOGS / "table.md").write_text(f"{text}\n", encoding="utf-8")
    print(text)
    failed = any("FAILED" in result for found in results.values() for result in found.values())
    if not failed and len(results) == len(CORES) and len(tests) == len(TESTS):
        PAGE.write_text(on_page(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")
        print(f"{PAGE.relative_to(ROOT)} has this table now")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
