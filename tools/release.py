# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what keeps a release from being complete. Knows the files that name a version; docs/RELEASING.md explains them.

tools/release.py v1.0.0 checks for that tag; without a tag, for the version in galaxy.yml.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from collection_tree import source_files

ROOT = Path(__file__).resolve().parents[1]
PLACEHOLDERS = {
    "git.example.com/printops/printops.prisma": "set the project's address",
    "docs.example.com/printops.prisma": "set the address of the documentation's site",
    "conduct@example.com": "set an address of the maintainers",
    "It is not on Galaxy yet. Once it is,": "say that it is on Galaxy, as this page is published with the release",
}
"""What holds until the project has addresses and a release, and what to do. No other example uses these texts."""
EXEMPT = {Path("docs/RELEASING.md"), Path("tools/release.py")}
"""Files that speak of the placeholders."""
TESTED = re.compile(r"^Commit ([0-9a-f]{12}), \d{4}", re.MULTILINE)
"""The commit of that table."""
RUNS = ("meta", "playbooks", "plugins", "roles")
"""Folders of what runs at a site."""
NOT_RUN = "| not run yet |"
"""A cell of the table of versions in docs/RELEASING.md that nobody has run."""


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
        for placeholder, cure in PLACEHOLDERS.items():
            if placeholder.encode() in text:
                yield f"{path} has the placeholder {placeholder}: {cure}"
    page = (root / "docs" / "RELEASING.md").read_text("utf-8")
    if NOT_RUN in page:
        yield "docs/RELEASING.md says of a supported ansible-core that it was not run yet: run make matrix"
    for commit in TESTED.findall(page):
        compare = ["git", "diff", "--quiet", commit, "HEAD", "--", *RUNS]
        if subprocess.run(compare, cwd=root, stderr=subprocess.DEVNULL, check=False).returncode:
            yield f"docs/RELEASING.md has the tests of commit {commit}, but code has changed since: run make matrix"


def _of_changelog(root: Path, version: str) -> Iterator[str]:
    releases = _yaml(root, "changelogs/changelog.yaml")["releases"]
    first = not releases.keys() - {version}
    fragments = sorted(path.name for path in (root / "changelogs" / "fragments").glob("*.y*ml"))
    if fragments:
        cure = "remove them, as the first release has a summary alone" if first else "run antsibull-changelog release"
        yield f"changelogs/fragments has {', '.join(fragments)}: {cure}"
    if version not in releases:
        yield f"changelogs/changelog.yaml has no release {version}: run antsibull-changelog release"
    elif first and (changes := sorted(releases[version].get("changes", {}).keys() - {"release_summary"})):
        yield f"changelogs/changelog.yaml has {', '.join(changes)} in the first release, before which there was nothing"
    elif missing := sorted(set(_plugins(root)) - set(_announced(releases))):
        yield f"changelogs/changelog.yaml lacks {', '.join(missing)}: run antsibull-changelog release --update-existing"
    changelog = root / "CHANGELOG.rst"
    if not changelog.is_file() or not re.search(
        rf"^v{re.escape(version)}$", changelog.read_text("utf-8"), re.MULTILINE
    ):
        yield f"CHANGELOG.rst has no heading v{version}: run antsibull-changelog release"


def _plugins(root: Path) -> Iterator[str]:
    """Yield the kind and name of each plugin that users call and a changelog lists."""
    for kind in ("filter", "inventory", "modules"):
        for path in (root / "plugins" / kind).glob("[!_]*"):
            if path.suffix == ".yml" or "DOCUMENTATION = " in path.read_text("utf-8"):
                yield f"{kind} {path.stem}"


def _announced(releases: dict[str, Any]) -> Iterator[str]:
    for release in releases.values():
        by_kind = {**release.get("plugins", {}), "modules": release.get("modules", [])}
        yield from (f"{kind} {plugin['name']}" for kind, found in by_kind.items() for plugin in found)


def main(arguments: Sequence[str]) -> int:
    """Print the problems, and return 1 if there are any."""
    found = list(problems(tag=arguments[0] if arguments else None))
    print(*(f"release: {line}" for line in found or [f"{version_of()} is complete"]), sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
