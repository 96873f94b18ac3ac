# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The supported versions of ansible-core stand in tools/matrix.py, and everything that names them says the same."""

from __future__ import annotations

from pathlib import Path

import matrix
import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
OLDEST = matrix.CORES[0].series


def test_the_collection_demands_the_oldest_core_that_is_tested() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["requires_ansible"] == f">={OLDEST}.0"
    for path in ROOT.glob("roles/*/meta/main.yml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["galaxy_info"]["min_ansible_version"] == OLDEST, path
    assert f"ansible-core {OLDEST} or newer" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("core", matrix.CORES, ids=lambda core: core.name)
def test_each_core_is_pinned_with_all_that_tests_need(core: matrix.Core) -> None:
    pins = dict(line.split("==", 1) for line in core.pins.read_text(encoding="utf-8").splitlines() if "==" in line)
    assert core.release.startswith(f"{core.series}.")
    wanted = _requirements(ROOT / "requirements" / "test.in")
    assert {name for name in wanted if name not in pins} == set()


def test_there_are_no_pins_of_a_core_that_is_not_tested() -> None:
    assert {path.name for path in matrix.PINS.iterdir()} == {core.pins.name for core in matrix.CORES}


def test_every_test_of_the_matrix_exists() -> None:
    assert [path for path in matrix.PLAYBOOKS if not (ROOT / path).is_file()] == []


def test_the_table_has_a_line_for_each_core_and_a_column_for_each_test() -> None:
    core = matrix.CORES[0]
    text = matrix.table({core: {"units": "passed", "sanity": "FAILED (log)"}}, ["sanity", "units"])
    assert [cell.strip() for cell in text.splitlines()[-1].split("|")[1:-1]] == [
        core.release,
        core.python,
        "FAILED (log)",
        "passed",
    ]


def test_the_page_has_a_line_for_each_core_and_none_failed() -> None:
    """After a change of the versions, make matrix writes it."""
    found = matrix.TABLE.search(matrix.PAGE.read_text(encoding="utf-8"))
    assert found
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in found[0].splitlines() if line.startswith("|")]
    assert rows[0] == ["ansible-core", "Python", *matrix.TESTS]
    versions = [(release.rpartition(".")[0], python) for release, python, *_results in rows[2:]]
    assert versions == [(core.release.rpartition(".")[0], core.python) for core in matrix.CORES]
    assert "FAILED" not in found[0]


def test_the_page_does_not_name_logs() -> None:
    page = "before\n<!-- matrix: x -->\nold\n<!-- end -->\nafter\n"
    written = matrix.on_page(page, "| 2.22.0b1 | warns (build/matrix/x/units.log) |")
    assert written.startswith("before\n<!-- matrix: x -->\n\n| 2.22.0b1 | warns ")
    assert "old" not in written and "build" not in written
    assert matrix.on_page(written, "| again |").count("<!--") == 2


def _requirements(path: Path) -> set[str]:
    """Return the distributions that a file of requirements names, in it and in those that it includes."""
    found: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found |= _requirements(path.parent / line[3:])
        elif line and not line.startswith("#"):
            found.add(Requirement(line).name.lower().replace(".", "-").replace("_", "-"))
    return found
