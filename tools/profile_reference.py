# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/profile-reference.md from plugins/profiles/profile.schema.json; --check says whether it is fresh."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "plugins" / "profiles" / "profile.schema.json"
REFERENCE = ROOT / "docs" / "profile-reference.md"

HEAD = """<!--
SPDX-FileCopyrightText: 2026 printops.prisma contributors
SPDX-License-Identifier: GPL-3.0-or-later
Made by tools/profile_reference.py of plugins/profiles/profile.schema.json: change that, and run "make docs".
-->

# Reference of profiles

Every key of a profile. [profiles.md](profiles.md) teaches the format by making one.

**needed** marks keys that must stand there. Expressions are [JMESPath](https://jmespath.org); `${name}` is a
placeholder.

"""


def reference() -> str:
    """Return the page."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    parts = [HEAD + _text(schema) + "\n", "## The profile\n", *_keys(schema, schema)]
    for name, item in schema["$defs"].items():
        parts += [f"\n## {name}\n", *_definition(item, schema)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).rstrip("\n") + "\n"


def _definition(item: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    if _text(item):
        yield _text(item) + "\n"
    yield f"Is {_kind(item)}.\n"
    if _inner(item).get("properties"):
        yield from _keys(_inner(item), schema)
    yield from _examples(item)


def _inner(item: dict[str, Any]) -> dict[str, Any]:
    """The object among alternatives: the long form of what has a short one."""
    for key in ("oneOf", "anyOf"):
        for each in item.get(key, ()):
            if "properties" in each:
                found: dict[str, Any] = each
                return found
    return item


def _keys(item: dict[str, Any], schema: dict[str, Any], prefix: str = "") -> Iterator[str]:
    needed = set(item.get("required", ()))
    for name, value in item.get("properties", {}).items():
        mark = ", **needed**" if name in needed else ""
        yield f"- `{prefix}{name}` ({_kind(value)}{mark})" + (f": {_text(value)}" if _text(value) else "")
        yield from (f"  {line}" for line in _examples(value))
        inner = _inner(value.get("items", value)) if value.get("type") == "array" else _inner(value)
        if inner.get("properties"):
            yield from _keys(inner, schema, f"{prefix}{name}{'[]' if inner is not value and 'items' in value else ''}.")


def _kind(item: dict[str, Any]) -> str:
    if "$ref" in item:
        name = item["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "const" in item:
        return f"always `{item['const']}`"
    if "enum" in item:
        return "one of " + ", ".join(f"`{each}`" for each in item["enum"])
    for key in ("oneOf", "anyOf"):
        if key in item and all("required" not in each or "type" in each or "$ref" in each for each in item[key]):
            return " or ".join(dict.fromkeys(_kind(each) for each in item[key]))
    kind = item.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(item['items'])}" if "items" in item else "list"
    if kind == "object" and isinstance(item.get("additionalProperties"), dict):
        return f"map of name to {_kind(item['additionalProperties'])}"
    names = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "map", "null": "null"}
    kinds = kind if isinstance(kind, list) else [kind]
    return " or ".join(names.get(str(each), str(each)) for each in kinds)


def _text(item: dict[str, Any]) -> str:
    return " ".join(str(item.get("description", "")).replace("<", "&lt;").split())


def _examples(item: dict[str, Any]) -> Iterator[str]:
    for each in item.get("examples", ()):
        shown = each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)
        fence = "``" if "`" in shown else "`"
        space = " " if fence == "``" else ""
        yield f"- e.g. {fence}{space}{shown}{space}{fence}"


def main() -> int:
    """Write the page, or say whether it is fresh."""
    if "--check" in sys.argv[1:]:
        fresh = REFERENCE.is_file() and REFERENCE.read_text(encoding="utf-8") == reference()
        if not fresh:
            print(
                f"{REFERENCE.relative_to(ROOT)} is not fresh: run {Path(__file__).relative_to(ROOT)}", file=sys.stderr
            )
        return 0 if fresh else 1
    REFERENCE.write_text(reference(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
