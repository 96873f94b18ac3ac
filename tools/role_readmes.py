# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the tables of variables in roles/*/README.md from meta/argument_specs.yml. With --check, only compares them.

The rest of each page is written by hand: what a table is about stands between two comments that name an entry point.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
ROLES = sorted(path.parent for path in (ROOT / "roles").glob("*/meta"))
TABLE = re.compile(r"(<!-- variables of (\w+): .*? -->\n).*?(<!-- end -->)", re.DOTALL)


def readme(role: Path) -> str:
    """Return the page of a role with its tables as the argument specs have them now."""
    specs = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    defaults = yaml.safe_load((role / "defaults" / "main.yml").read_text(encoding="utf-8"))

    def filled(found: re.Match[str]) -> str:
        rows = _rows(specs[found[2]]["options"], defaults)
        head = ["| variable | type | default | meaning |", "|---|---|---|---|"]
        return found[1] + "\n".join(["", *head, *rows, "", ""]) + found[3]

    text = (role / "README.md").read_text(encoding="utf-8")
    missing = set(specs) - {found[1] for found in TABLE.findall(text)}
    if missing:
        raise SystemExit(f"{role.name}/README.md has no table of variables of {', '.join(sorted(missing))}")
    return TABLE.sub(filled, text)


def _rows(options: Mapping[str, Any], defaults: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, option in options.items():
        kind = option["type"] if option["type"] != "list" else f"list of {option['elements']}"
        default = option.get("default", defaults.get(name))
        shown = "required" if option.get("required") else "" if default is None else _literal(default)
        yield f"| `{prefix}{name}` | {kind} | {shown} | {_meaning(option)} |"
        yield from _rows(option.get("options", {}), {}, f"{prefix}{name}.")


def _literal(default: Any) -> str:
    """Return a default as YAML has it; of one that is long, the description says what it is."""
    text = default
    if not isinstance(default, str):
        text = yaml.safe_dump(default, default_flow_style=True, width=1000).removesuffix("...\n").strip()
    return f"`{text}`".replace("|", "\\|") if len(text) < 40 else "see meaning"


def _meaning(option: Mapping[str, Any]) -> str:
    given = option["description"]
    text = " ".join([given] if isinstance(given, str) else given)
    text = re.sub(r"\b[CVO]\(([^)]*)\)", lambda found: f"`{found[1].rpartition(':')[2]}`", text)
    text = re.sub(r"\b[MP]\(([^)#]*)(?:#\w+)?\)", r"`\1`", text)
    choices = option.get("choices", ())
    if 0 < len(choices) < 6:
        text += f" One of {', '.join(f'`{each}`' for each in choices)}."
    return text.replace("|", "\\|")


def main() -> int:
    """Write the pages, or with --check return 1 if one is out of date."""
    stale = [role for role in ROLES if (role / "README.md").read_text(encoding="utf-8") != readme(role)]
    for role in stale:
        if "--check" in sys.argv[1:]:
            print(f"roles/{role.name}/README.md is out of date: run tools/role_readmes.py", file=sys.stderr)
        else:
            (role / "README.md").write_text(readme(role), encoding="utf-8")
    return int(bool(stale) and "--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
