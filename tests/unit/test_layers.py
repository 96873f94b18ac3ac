# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports run downwards only, as docs/design.md says. Reads the sources only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"

ALLOWED = {
    "module_utils/_decide": set[str](),
    "module_utils/_options": {"module_utils/_decide"},
    "module_utils/_web": {"module_utils/_decide"},
    "module_utils/_web/http": {"module_utils/_web", "module_utils/_decide"},
    "module_utils/_web/page": {"module_utils/_web", "module_utils/_decide"},
    "module_utils/_web/profile": {"module_utils/_web", "module_utils/_decide"},
    "module_utils/_web/session": {
        "module_utils/_decide",
        "module_utils/_web",
        "module_utils/_web/http",
        "module_utils/_web/page",
        "module_utils/_web/profile",
    },
}
"""The parts that each part may import. All others may import anything but a shell."""
SHELLS = ("action", "filter", "modules")


def part_of(path: Path) -> str:
    """Return the part of the collection to which a file or package under plugins belongs."""
    folders = path.relative_to(PLUGINS).as_posix().split("/")
    deepest = 3 if folders[:2] == ["module_utils", "_web"] else 2
    while len(folders) > deepest or not (PLUGINS / "/".join(folders)).is_dir():
        folders.pop()
    return "/".join(folders)


def imported_parts(path: Path) -> Iterator[str]:
    """Yield the other parts that a file imports, also inside functions and for type checking."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        package = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
        for name in node.names:
            part = part_of(package / name.name)
            if part != part_of(path):
                yield part


SOURCES = {
    path: part_of(path)
    for folder in ("module_utils", "plugin_utils")
    for path in sorted((PLUGINS / folder).rglob("*.py"))
}


@pytest.mark.parametrize("part", sorted(ALLOWED))
def test_a_layer_imports_only_what_lies_below(part: str) -> None:
    sources = [path for path, its_part in SOURCES.items() if its_part == part]
    assert sources
    upwards = {
        f"{path.relative_to(PLUGINS)}: {other}"
        for path in sources
        for other in imported_parts(path)
        if other not in ALLOWED[part]
    }
    assert upwards == set()


def test_module_utils_import_no_code_of_the_control_node_and_no_shell() -> None:
    found = {
        f"{path.relative_to(PLUGINS)}: {other}"
        for path, part in SOURCES.items()
        if part.startswith("module_utils")
        for other in imported_parts(path)
        if other.startswith(("plugin_utils", *SHELLS))
    }
    assert found == set()
