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
    "docs/RELEASING.md": f"Set an address for {release.PLACEHOLDER}.\n",
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


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("galaxy.yml", "version: 1.3.0\n", "the tag is v1.2.0, but galaxy.yml has version 1.3.0"),
        ("changelogs/changelog.yaml", "releases: {}\n", "changelogs/changelog.yaml has no release 1.2.0"),
        ("CHANGELOG.rst", "v1.2.0rc1\n", "CHANGELOG.rst has no heading v1.2.0"),
        ("changelogs/fragments/x.yml", "{}\n", "changelogs/fragments has x.yml"),
        ("README.md", f"https://{release.PLACEHOLDER}/x\n", "README.md has the placeholder"),
    ],
)
def test_what_is_missing_is_named(tree: Path, name: str, text: str, problem: str) -> None:
    (tree / name).parent.mkdir(exist_ok=True)
    (tree / name).write_text(text, encoding="utf-8")
    assert any(line.startswith(problem) for line in release.problems(tree, "v1.2.0"))
