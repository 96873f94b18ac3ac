# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The supported versions of ansible-core stand in tools/matrix.py, and everything that names them says the same."""

from __future__ import annotations

import subprocess
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


def test_what_passed_is_kept_for_its_commit_alone(tmp_path: Path) -> None:
    path, core = tmp_path / "results.json", matrix.CORES[0]
    matrix.Results(path, "1a2b3c").record(core, "units", matrix.PASSED)
    assert matrix.Results(path, "1a2b3c").get(core, "units") == matrix.PASSED
    assert matrix.Results(path, "1a2b3c").get(core, "sanity") == matrix.NOT_RUN
    assert matrix.Results(path, "4d5e6f").get(core, "units") == matrix.NOT_RUN
    changed = matrix.Results(path, None)
    assert changed.get(core, "units") == matrix.NOT_RUN
    changed.record(core, "units", "FAILED (log)")
    assert matrix.Results(path, "1a2b3c").get(core, "units") == matrix.PASSED


def test_two_runs_beside_each_other_keep_the_results_of_both(tmp_path: Path) -> None:
    path, core = tmp_path / "results.json", matrix.CORES[0]
    one, other = matrix.Results(path, "1a2b3c"), matrix.Results(path, "1a2b3c")
    one.record(core, "units", matrix.PASSED)
    other.record(core, "sanity", matrix.PASSED)
    assert matrix.Results(path, "1a2b3c").of([core], ["units", "sanity"]) == {
        core: {"units": matrix.PASSED, "sanity": matrix.PASSED}
    }


@pytest.mark.parametrize("ci", ["true", ""])
def test_what_passed_is_not_run_again_and_a_missing_interpreter_is_named(
    ci: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("CI", ci)
    results, core = matrix.Results(tmp_path / "results.json", "1a2b3c"), matrix.CORES[0]
    results.record(core, "units", matrix.PASSED)
    matrix.run_core(core, ["sanity", "units"], 1, results)
    missing = f"no python{core.python}"
    assert results.get(core, "sanity") == (f"FAILED ({missing})" if ci else missing)
    assert results.get(core, "units") == matrix.PASSED
    assert f"sanity: {results.get(core, 'sanity')}, 0 s\n" in capsys.readouterr().out


def test_a_run_is_whole_when_each_test_has_a_result_and_none_failed() -> None:
    core = matrix.CORES[-1]
    assert core.prerelease
    warns = {"sanity": matrix.failure(core, "log"), "units": "no python3.14"}
    assert matrix.is_whole({core: warns})
    assert not matrix.is_whole({core: {**warns, "playbooks": matrix.NOT_RUN}})
    assert not matrix.is_whole({core: {**warns, "playbooks": matrix.failure(matrix.CORES[0], "log")}})


def test_results_belong_to_a_commit_without_changes(tmp_path: Path) -> None:
    assert matrix.current_commit(tmp_path) is None
    git = ["git", "-c", "user.name=somebody", "-c", "user.email=somebody@example.com"]
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "first"], cwd=tmp_path, check=True)
    commit = matrix.current_commit(tmp_path)
    assert commit and len(commit) == 12
    (tmp_path / "new").touch()
    assert matrix.current_commit(tmp_path) is None


def test_a_core_is_chosen_on_each_of_its_pythons_or_on_one() -> None:
    assert {"2.21", "2.21-python3.13", "2.21-python3.14"} <= set(matrix.CHOICES)


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
