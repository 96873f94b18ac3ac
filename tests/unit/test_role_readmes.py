# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The README of each role has the variables of its argument specs, and an example that sets only such variables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import role_readmes
import yaml

EACH_ROLE = pytest.mark.parametrize("role", role_readmes.ROLES, ids=lambda role: role.name)


def test_there_are_roles() -> None:
    assert {role.name for role in role_readmes.ROLES} == {"cloud_access", "offboard", "onboard"}


@EACH_ROLE
def test_the_tables_are_fresh(role: Path) -> None:
    assert (role / "README.md").read_text(encoding="utf-8") == role_readmes.readme(role), "run tools/role_readmes.py"


@EACH_ROLE
def test_the_examples_are_plays_that_set_variables_which_exist(role: Path) -> None:
    text = (role / "README.md").read_text(encoding="utf-8")
    plays = [play for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S) for play in yaml.safe_load(block)]
    assert plays
    known = set(re.findall(r"^\| `(\w+)`", text, re.M))
    for play in plays:
        (use,) = play.get("roles") or play["tasks"]
        named = use.get("role") or use["ansible.builtin.import_role"]["name"]
        assert named == f"printops.prisma.{role.name}"
        assert set(_variables(play, use)) - known == set()


def _variables(play: dict[str, Any], use: dict[str, Any]) -> list[str]:
    """Return the role's own variables that an example sets; the others are those of the modules."""
    names = [*play.get("vars", {}), *use.get("vars", {})]
    return [name for name in names if not name.startswith("printops_")]
