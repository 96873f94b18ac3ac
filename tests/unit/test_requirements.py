# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds every statement of which libraries are needed against requirements/runtime.txt, the one place of the ranges."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from ansible_collections.printops.prisma.plugins.module_utils._web import libraries
from packaging.requirements import Requirement
from support.package import install_line

ROOT = Path(__file__).resolve().parents[2]


def _ranges() -> dict[str, str]:
    """Distribution name to its range, as runtime.txt writes both."""
    lines = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {requirement.name: str(requirement.specifier) for requirement in requirements}


def test_the_code_demands_the_minimum_of_each_range() -> None:
    demanded = {**libraries.MINIMUM, **libraries.MINIMUM_CONTROL_NODE}
    assert set(demanded) == set(_ranges())
    for name, specifier in _ranges().items():
        lowest = next(part.removeprefix(">=") for part in specifier.split(",") if part.startswith(">="))
        assert _release(demanded[name]) == _release(lowest), name


def test_every_range_ends_before_a_major_version() -> None:
    assert all(re.search(r"<\d+$|<\d+,", specifier) for specifier in _ranges().values())


def test_the_execution_environment_takes_the_same_file() -> None:
    definition = yaml.safe_load((ROOT / "meta" / "execution-environment.yml").read_text(encoding="utf-8"))
    assert definition["dependencies"]["python"] == "requirements/runtime.txt"


def test_the_readme_installs_from_a_file_with_the_same_ranges() -> None:
    assert install_line().startswith("python3 -m pip install -r examples/site/requirements.txt && ")
    lines = (ROOT / "examples" / "site" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = [Requirement(line) for line in lines if line and not line.startswith("#")]
    ranges = {requirement.name: str(requirement.specifier) for requirement in named}
    core = ranges.pop("ansible-core")
    assert ranges == _ranges()
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert _release(core.removeprefix(">=")) == _release(runtime["requires_ansible"].split(",")[0].removeprefix(">="))


def _release(version: str) -> tuple[int, ...]:
    """The version as numbers, so that 6 and 6.0 are one."""
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
