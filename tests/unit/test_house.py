# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the files that describe the collection against each other. Knows no behaviour."""

from __future__ import annotations

import re
from pathlib import Path

import matrix
import yaml
from support.programs import PROGRAMS

ROOT = Path(__file__).resolve().parents[2]


def test_the_package_leaves_out_whatever_git_ignores() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    assert {line for line in ignored if line and not line.startswith("#")} <= set(galaxy["build_ignore"])


def test_action_groups_name_modules_that_exist() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    grouped = {name for group in runtime["action_groups"].values() for name in group}
    assert grouped <= {file.stem for file in (ROOT / "plugins" / "modules").glob("*.py")}


def test_the_readme_names_the_tested_versions() -> None:
    cores = [core for core in matrix.CORES if not core.prerelease]
    pythons = sorted({core.python for core in cores}, key=lambda text: int(text.partition(".")[2]))
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"tested with ansible-core {cores[0].series} to {cores[-1].series} on Python {pythons[0]} to" in text
    assert pythons[-1] in text.partition("tested with ansible-core")[2].partition(";")[0]


def test_there_is_no_sanity_ignore_file() -> None:
    assert not list((ROOT / "tests").glob("sanity/ignore*"))


def test_the_contributors_guide_lists_the_programs_that_tests_need() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    packages = {package for program in PROGRAMS.values() for package in program.packages}
    assert {package for package in packages if f"`{package}`" not in guide} == set()


def test_no_function_has_its_body_on_the_line_of_its_head() -> None:
    """ansible-test of 2.16 takes that for a mistake (E704), and ruff does not look for it: write a docstring."""
    heads = re.compile(r"^ *(?:async )?def .*: \.\.\.$", re.MULTILINE)
    sources = [path for folder in ("plugins", "tests", "tools") for path in (ROOT / folder).rglob("*.py")]
    assert [path.name for path in sources if heads.search(path.read_text(encoding="utf-8"))] == []


def test_a_module_whose_action_does_the_work_names_itself() -> None:
    named = {
        file.stem: re.findall(
            r"^    fail_as_module\(\"(\w+)\", ARGUMENT_SPEC[,)]", file.read_text("utf-8"), re.MULTILINE
        )
        for file in (ROOT / "plugins" / "modules").glob("*.py")
    }
    calls = {name: found for name, found in named.items() if found}
    assert calls == {name: [name] for name in calls}
    assert len(calls) >= 16
