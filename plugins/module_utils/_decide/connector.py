# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which connector a controller needs for an application. Pure: the table is plugins/data/connectors.yml."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence

UNKNOWN = "unknown"


def connector(rows: Sequence[Mapping[str, t.Any]], controller: str, application: str) -> dict[str, t.Any]:
    """Return ``{connector, needs, note}`` for controller and application together.

    ``rows`` are ``{controller, application (a name or several), connector, needs, note}``; ``any`` stands for every
    controller; a later row wins over an earlier one, and a row that names the controller over ``any``. A pair that
    no row has is unknown, which is no error (domain.md, "Registering a printer in PRISMA Home", 1).
    """
    best: Mapping[str, t.Any] | None = None
    for row in rows:
        names = [row["application"]] if isinstance(row["application"], str) else row["application"]
        if _same(application) not in {_same(name) for name in names}:
            continue
        named = _same(row["controller"]) == _same(controller)
        if not named and _same(row["controller"]) != "any":
            continue
        if best is None or named or _same(best["controller"]) == "any":
            best = row
    if best is None:
        return {"connector": UNKNOWN, "needs": [], "note": ""}
    return {"connector": best["connector"], "needs": list(best.get("needs", ())), "note": best.get("note", "")}


def unknown_applications(rows: Sequence[Mapping[str, t.Any]], applications: Iterable[str]) -> list[str]:
    """Return those of ``applications`` (names or ids) that no row names, whatever the controller."""
    known = {
        _same(name)
        for row in rows
        for name in ([row["application"]] if isinstance(row["application"], str) else row["application"])
    }
    return sorted(name for name in applications if _same(name) not in known)


def _same(name: str) -> str:
    """Compare names without case, spaces and hyphens."""
    return "".join(str(name).lower().replace("-", " ").split())
