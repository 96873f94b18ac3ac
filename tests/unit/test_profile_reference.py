# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/profile-reference.md is what the schema says now, and the schema explains every key."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def test_the_reference_is_fresh() -> None:
    command = [sys.executable, str(ROOT / "tools" / "profile_reference.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_schema_explains_every_key() -> None:
    schema = json.loads((ROOT / "plugins" / "profiles" / "profile.schema.json").read_text(encoding="utf-8"))
    assert list(_unexplained(schema, schema["$defs"], "")) == []


def _unexplained(item: Any, definitions: dict[str, Any], where: str) -> Iterator[str]:
    if isinstance(item, list):
        for index, each in enumerate(item):
            yield from _unexplained(each, definitions, f"{where}/{index}")
    if not isinstance(item, dict):
        return
    for name, value in item.get("properties", {}).items():
        named = definitions.get(str(value.get("$ref", "")).rsplit("/", 1)[-1], {}) if isinstance(value, dict) else {}
        shipped_profile = isinstance(value, dict) and ("description" in value or "description" in named)
        # conditions (if, then) name keys without explaining them again
        if not shipped_profile and "/if/" not in f"{where}/" and "/then/" not in f"{where}/":
            yield f"{where}/{name}"
    for key, value in item.items():
        if key not in ("examples", "default", "enum"):
            yield from _unexplained(value, definitions, f"{where}/{key}")
