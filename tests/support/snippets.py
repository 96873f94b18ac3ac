# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fenced blocks of the pages for people, and why some of them are not run. Asserts nothing.

A block is run, or the comment right before it says why not: ``<!-- not run: it opens a window -->``. A whole page is in
WITHOUT_A_SITE.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "tests/simulator/README.md", "examples/site/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "roles").glob("*/README.md")),
]
WITHOUT_A_SITE = {
    "CONTRIBUTING.md": "a developer's commands: the targets of the Makefile exist",
    "docs/playbooks.md": "the same commands as in the guides, written by a tool",
    "docs/profiles.md": "a recording of a browser is needed: tests/playbook/test_profile_draft.py has one",
    "tests/simulator/README.md": "a synopsis, and the forms of files: tests/simulator_checks",
}
"""Pages of which no block is run, and why."""
SHELL = {"console", "sh"}
"""Commands. The site shows those of C(console) as they are; C(sh) is for what the lexer of C(console) misreads."""
LANGUAGES = {*SHELL, "yaml"}
"""What a reader copies."""
OUTPUT = {"json", "markdown", "text"}
"""What a reader compares with what is shown."""
FENCE = re.compile(r"^(`{3,})(\S*)[^\n]*\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"<!-- not run: ([^>]+?) -->\s*\Z")


@dataclass(frozen=True)
class Snippet:
    """A fenced block: its page, the line of its fence, its language, its text, and why it is not run (or nothing)."""

    page: Path
    line: int
    language: str
    text: str
    not_run: str = ""

    @property
    def where(self) -> str:
        """Page and line."""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"

    @property
    def commands(self) -> list[list[str]]:
        """The words of each command of a block of commands, without comments and redirections."""
        joined = re.sub(r"\\\n\s*", " ", self.text)
        lines = [line for line in joined.splitlines() if not line.startswith("(")]
        return [words for line in lines for part in line.split(" && ") if (words := shlex.split(part, comments=True))]


def snippets(page: Path) -> Iterator[Snippet]:
    """Return the blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    whole = WITHOUT_A_SITE.get(page.relative_to(ROOT).as_posix(), "") if page.is_relative_to(ROOT) else ""
    for found in FENCE.finditer(text):
        before = text[: found.start()]
        mark = MARK.search(before)
        yield Snippet(page, before.count("\n") + 1, found[2], found[3], " ".join(mark[1].split()) if mark else whole)
