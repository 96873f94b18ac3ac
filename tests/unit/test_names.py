# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One word for one thing: class names occur once, and names that are gone stay gone. Reads the sources only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GIVEN_BY_ANSIBLE = {"ActionModule", "CallbackModule", "FilterModule", "InventoryModule", "ModuleDocFragment"}
"""Names by which Ansible finds a plugin in its file."""
GONE = re.compile(r"\b(?:stretch|onboard__walk|onboard_printer)\b")


def classes(text: str) -> Iterator[str]:
    """Yield the names of the classes that a source defines, also inside functions and other classes."""
    return (node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef))


def lines_with_gone_names(folder: str) -> list[str]:
    """Return the lines below a folder that hold a name that is gone, each with its file."""
    return [
        f"{path.relative_to(ROOT)}: {line}"
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".yml", ".md")
        for line in path.read_text(encoding="utf-8").splitlines()
        if GONE.search(line)
    ]


def test_every_class_name_under_plugins_is_defined_once() -> None:
    places: dict[str, list[str]] = {}
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        for name in classes(path.read_text(encoding="utf-8")):
            places.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    assert len(places) > 50
    assert places.keys() >= {"ActionModule", "FilterModule"}
    assert {name: found for name, found in places.items() if len(found) > 1 and name not in GIVEN_BY_ANSIBLE} == {}


@pytest.mark.parametrize("folder", ["plugins", "roles", "playbooks"])
def test_names_that_are_gone_are_used_nowhere(folder: str) -> None:
    assert lines_with_gone_names(folder) == []
