# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what keeps a release from being complete. Knows the files that name a version; docs/RELEASING.md explains them.

tools/release.py v1.0.0 checks for that tag; without a tag, for the version in galaxy.yml.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from collection_tree import source_files

ROOT = Path(__file__).resolve().parents[1]
PLACEHOLDER = "git.example.com"
"""The host of the project's address until it has one. Examples in the documentation use other hosts."""
EXEMPT = {Path("docs/RELEASING.md"), Path("tools/release.py")}
"""Files that speak of the placeholder."""


def _yaml(root: Path, name: str) -> Any:
    return yaml.safe_load((root / name).read_text(encoding="utf-8"))


def version_of(root: Path = ROOT) -> str:
    """Return the version that the collection has."""
    return str(_yaml(root, "galaxy.yml")["version"])


def problems(root: Path = ROOT, tag: str | None = None) -> Iterator[str]:
    """Yield what has to be done before this tree is released as ``tag``, one sentence each."""
    version = version_of(root)
    if tag is not None and tag != f"v{version}":
        yield f"the tag is {tag}, but galaxy.yml has version {version}"
    yield from _of_changelog(root, version)
    for path in source_files(root):
        text = (root / path).read_bytes() if path not in EXEMPT and (root / path).is_file() else b""
        if PLACEHOLDER.encode() in text:
            yield f"{path} has the placeholder {PLACEHOLDER}: set the project's address"


def _of_changelog(root: Path, version: str) -> Iterator[str]:
    fragments = sorted(path.name for path in (root / "changelogs" / "fragments").glob("*.y*ml"))
    if fragments:
        yield f"changelogs/fragments has {', '.join(fragments)}: run antsibull-changelog release"
    if version not in _yaml(root, "changelogs/changelog.yaml")["releases"]:
        yield f"changelogs/changelog.yaml has no release {version}: run antsibull-changelog release"
    changelog = root / "CHANGELOG.rst"
    if not changelog.is_file() or not re.search(
        rf"^v{re.escape(version)}$", changelog.read_text("utf-8"), re.MULTILINE
    ):
        yield f"CHANGELOG.rst has no heading v{version}: run antsibull-changelog release"


def main(arguments: Sequence[str]) -> int:
    """Print the problems, and return 1 if there are any."""
    found = list(problems(tag=arguments[0] if arguments else None))
    print(*(f"release: {line}" for line in found or [f"{version_of()} is complete"]), sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
