# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tools/release.py finds missing before a release, in a small repository of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import release

COMPLETE = {
    "galaxy.yml": "version: 1.2.0\n",
    "changelogs/changelog.yaml": "releases:\n  1.1.0: {}\n  1.2.0: {}\n",
    "CHANGELOG.rst": "v1.2.0\n======\n",
    "docs/RELEASING.md": f"Set addresses for {', '.join(release.PLACEHOLDERS)}.\n",
    "docs/example.yml": "url: https://git.example.com/printers.git\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository that is complete for release 1.2.0."""
    for name, text in COMPLETE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


def test_a_complete_tree_has_no_problem(tree: Path) -> None:
    assert list(release.problems(tree, "v1.2.0")) == []
    assert list(release.problems(tree)) == []


def test_the_first_release_has_its_summary_alone(tree: Path) -> None:
    changelog = "releases:\n  1.2.0:\n    changes:\n      release_summary: x\n    modules: []\n"
    (tree / "changelogs" / "changelog.yaml").write_text(changelog, encoding="utf-8")
    assert list(release.problems(tree)) == []
    (tree / "changelogs" / "fragments").mkdir()
    (tree / "changelogs" / "fragments" / "x.yml").write_text("bugfixes: [x]\n", encoding="utf-8")
    assert list(release.problems(tree)) == [
        "changelogs/fragments has x.yml: remove them, as the first release has a summary alone"
    ]


def test_what_was_tested_is_what_is_released(tree: Path) -> None:
    """Given the table of an earlier commit, then pages may have changed since, and nothing that runs."""

    def git(*arguments: str) -> str:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        command = ["git", "-C", str(tree), *who, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("add", ".")
    git("commit", "-qm", "tested")
    page = tree / "docs" / "RELEASING.md"
    page.write_text(
        page.read_text("utf-8") + f"Commit {git('rev-parse', '--short=12', 'HEAD')}, 2026-11-27:\n", "utf-8"
    )
    git("commit", "-qam", "the table")
    assert list(release.problems(tree)) == []
    (tree / "roles").mkdir()
    (tree / "roles" / "x.yml").write_text("{}\n", encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "changed")
    assert [line.partition(":")[2] for line in release.problems(tree)] == [" run make matrix"]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("galaxy.yml", "version: 1.3.0\n", "the tag is v1.2.0, but galaxy.yml has version 1.3.0"),
        ("changelogs/changelog.yaml", "releases: {}\n", "changelogs/changelog.yaml has no release 1.2.0"),
        (
            "changelogs/changelog.yaml",
            "releases:\n  1.2.0:\n    changes:\n      bugfixes: [x]\n      release_summary: y\n",
            "changelogs/changelog.yaml has bugfixes in the first release",
        ),
        (
            "plugins/filter/new.yml",
            "DOCUMENTATION:\n",
            "changelogs/changelog.yaml lacks filter new: run antsibull-changelog release --update-existing",
        ),
        (
            "docs/RELEASING.md",
            "Commit 0123456789ab, 2026-11-27:\n",
            "docs/RELEASING.md has the tests of commit 0123456",
        ),
        ("CHANGELOG.rst", "v1.2.0rc1\n", "CHANGELOG.rst has no heading v1.2.0"),
        ("changelogs/fragments/x.yml", "{}\n", "changelogs/fragments has x.yml"),
        *(("README.md", f"https://{text}/x\n", "README.md has the placeholder") for text in release.PLACEHOLDERS),
        ("docs/RELEASING.md", "| 2.16.19 | 3.11 | passed | not run yet |\n", "docs/RELEASING.md says of a supported"),
    ],
)
def test_what_is_missing_is_named(tree: Path, name: str, text: str, problem: str) -> None:
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text(text, encoding="utf-8")
    assert any(line.startswith(problem) for line in release.problems(tree, "v1.2.0"))
