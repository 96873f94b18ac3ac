# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the table of modules in README.md from their documentation. With --check, only compares them.

The table stands between two comments; the rest of the page is written by hand.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
MODULES = sorted((ROOT / "plugins" / "modules").glob("*.py"))
TABLE = re.compile(r"(<!-- modules: written by tools/readme_tables\.py -->\n).*?(<!-- end -->)", re.DOTALL)


def short_description(module: Path) -> str:
    """Return what the documentation of a module says in one line. Reads the source only."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION":
            return str(yaml.safe_load(ast.literal_eval(node.value))["short_description"])
    raise SystemExit(f"{module.name} has no DOCUMENTATION")


def _rows() -> Iterator[str]:
    for module in MODULES:
        text = short_description(module)
        yield f"| `{module.stem}` | {text[0].lower() + text[1:]} |"


def readme() -> str:
    """Return the page with its table as it should be now."""
    table = "\n".join(["", "| module | does |", "|---|---|", *_rows(), "", ""])
    text, count = TABLE.subn(lambda found: found[1] + table + found[2], README.read_text(encoding="utf-8"))
    if count != 1:
        raise SystemExit("README.md needs one place for the table of modules")
    return text


def main() -> int:
    """Write the page, or with --check return 1 if it is out of date."""
    text = readme()
    fresh = README.read_text(encoding="utf-8") == text
    if "--check" in sys.argv[1:]:
        if not fresh:
            print("README.md is out of date: run tools/readme_tables.py", file=sys.stderr)
        return int(not fresh)
    README.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
