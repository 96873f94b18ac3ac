# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/playbooks.md from the comments at the head of each playbook. With --check, only compares them.

A head is prose, lines with a command, and lines with a variable of the command line:

    # Checks the variables of the printers and sends nothing.
    #   ansible-playbook printops.prisma.check_inventory -i inventory.yml
    #   -e onboard_inventory_check=warn   goes on in spite of faults
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.yml"))
PAGE = ROOT / "docs" / "playbooks.md"
COMMAND = re.compile(r"  (ansible-playbook .+)")
OPTION = re.compile(r"  (-e (?:'[^']+'|\S+)|--[\w-]+) {2,}(\S.*)")
NAME = re.compile(r"""-e '?(?:\{")?(\w+)""")
MORE = re.compile(r" {3,}(\S.*)")

HEAD = """<!--
SPDX-FileCopyrightText: 2026 printops.prisma contributors
SPDX-License-Identifier: GPL-3.0-or-later
Written by tools/playbook_reference.py from the comments at the head of playbooks/*.yml. Edit those, and run it.
-->

# Playbooks

Each playbook runs by its name, `ansible-playbook printops.prisma.NAME`, on the inventory of the folder or of `-i`.
Variables of the role: [onboard](../roles/onboard/README.md), [offboard](../roles/offboard/README.md),
[cloud_access](../roles/cloud_access/README.md). Variables of printers and clouds: [the inventory](inventory.md).
"""


@dataclass
class Head:
    """What the comments at the head of a playbook say: paragraphs, commands, and options as (given, meaning)."""

    paragraphs: list[str] = field(default_factory=lambda: [""])
    commands: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The names of the variables that the options set."""
        return [found[1] for given, _meaning in self.options if (found := NAME.match(given))]


def head_of(playbook: Path) -> Head:
    """Return the head of a playbook. Raise SystemExit if it says nothing."""
    lines = playbook.read_text(encoding="utf-8").partition("---\n")[2].splitlines()
    head, last = Head(), ""
    for line in lines:
        if not line.startswith("#"):
            break
        text = line.removeprefix("#").removeprefix(" ").rstrip()
        command, option, more = COMMAND.fullmatch(text), OPTION.fullmatch(text), MORE.fullmatch(text)
        if command:
            head.commands.append(command[1])
            last = "command"
        elif option:
            head.options.append((option[1], option[2]))
            last = "option"
        elif more and last == "command":
            head.commands[-1] += f" \\\n  {more[1]}"
        elif more and last == "option":
            given, meaning = head.options[-1]
            head.options[-1] = (given, f"{meaning} {more[1]}")
        elif text.startswith("  "):
            raise SystemExit(f"{playbook.name}: neither a command nor an option, so it would be prose: {text.strip()}")
        else:
            last = ""
            head.paragraphs[-1] = f"{head.paragraphs[-1]} {text}".strip()
    if not head.paragraphs[0]:
        raise SystemExit(f"{playbook.name} has no comment that says what it does")
    return head


def page() -> str:
    """Return the page as Markdown."""
    return HEAD + "".join("".join(_section(path.stem, head_of(path))) for path in PLAYBOOKS)


def _section(name: str, head: Head) -> Iterator[str]:
    yield f"\n## {name}\n"
    for paragraph in head.paragraphs:
        yield "\n" + textwrap.fill(_coded(paragraph), 120, break_long_words=False, break_on_hyphens=False) + "\n"
    if head.commands:
        yield "\n```console\n" + "\n".join(head.commands) + "\n```\n"
    if head.options:
        yield "\n| variable | meaning |\n|---|---|\n"
        for given, meaning in head.options:
            yield f"| `{given}` | {_coded(meaning)} |\n"


def _coded(text: str) -> str:
    """Return a text with variables, options and the names of playbooks in backticks."""
    names = "|".join(path.stem for path in PLAYBOOKS if "_" in path.stem)
    words = rf"-e \w+=\S*\w|printops\.prisma\.\w+(?: -e \w+=\w+)?|--check|{names}|(?:onboard|printops|cloud_access)_\w+"
    return re.sub(rf"(?<![\w`./])(?:{words})(?![\w/])", r"`\g<0>`", text)


def main() -> int:
    """Write the page, or with --check return 1 if it is out of date."""
    if "--check" in sys.argv[1:]:
        fresh = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page()
        if not fresh:
            print("docs/playbooks.md is out of date: run tools/playbook_reference.py", file=sys.stderr)
        return 0 if fresh else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
