# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the cloud's hosts: the shipped rows, and the user's own rows. Connects to nothing."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from ..module_utils._web.libraries import require, yaml

DATA = Path(__file__).resolve().parents[1] / "data" / "cloud_hosts.yml"


@cache
def shipped_hosts() -> tuple[Mapping[str, t.Any], ...]:
    """Return the rows of the collection."""
    require("PyYAML")
    return tuple(yaml.safe_load(DATA.read_text(encoding="utf-8"))["cloud_hosts"])


def cloud_hosts(own: Sequence[Mapping[str, t.Any]], *, default_hosts: bool) -> list[dict[str, t.Any]]:
    """Return the hosts to check: the shipped rows if ``default_hosts``, and ``own``, which take their place."""
    rows = (*(shipped_hosts() if default_hosts else ()), *own)
    return list({(str(row["host"]).lower(), row["port"]): {**row} for row in rows}.values())
