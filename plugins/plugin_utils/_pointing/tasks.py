# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of the recorder's panel and its texts, from plugins/data/recorder.yml. Knows no page."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...module_utils._web.libraries import require, yaml

DATA = Path(__file__).resolve().parents[2] / "data" / "recorder.yml"
LANGUAGES = ("en", "fr", "de")


@cache
def recorder_data() -> Mapping[str, t.Any]:
    """Return the tasks and texts that the collection ships."""
    require("PyYAML")
    loaded: Mapping[str, t.Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True)
class GuideTask:
    """One task of the panel. ``does``: refused, sign_in, sign_out, write. ``points``: sign, fields, list, total, next.

    ``group`` is the operation (``read.ors``) to which ``field`` belongs, ``what`` the name of the value in the texts.
    ``verify`` is the read that proves a write; ``person``: it is done to the test person; ``opens``: by opening an
    address that the person has; ``shown_by``: the task that shows what it is done to. ``optional``: it may be skipped;
    ``needed``: the operation is none without the field.
    """

    key: str
    group: str
    does: str = ""
    points: str = ""
    field: str = ""
    what: str = ""
    verify: str = ""
    person: bool = False
    opens: bool = False
    shown_by: str = ""
    optional: bool = False
    needed: bool = False

    def text(self, language: str, person: str) -> str:
        """Return the task in words."""
        name = recorder_data()["names"].get(self.what, {}).get(language, self.field.replace("_", " "))
        kind = self.points if self.points and not self.does else self.does
        return str(panel_text(kind, language, what=name)).replace("{person}", person)


def tasks_for(interface: str) -> list[GuideTask]:
    """Return the tasks for an interface of this kind, in the order of the manual."""
    return [task for entry in recorder_data()["tasks"][interface] for task in _expanded(entry)]


def _expanded(entry: Mapping[str, t.Any]) -> Iterator[GuideTask]:
    group, points, optional = entry["key"], entry.get("points", ""), entry.get("optional", False)
    if "does" in entry:
        names = ("does", "verify", "person", "opens", "shown_by", "optional")
        yield GuideTask(group, group, what=group, **{name: entry[name] for name in names if name in entry})
    if points == "sign":
        yield GuideTask(group, group, points=points, optional=optional)
    elif points == "list":
        yield GuideTask(group, group, points="list", what=group, optional=optional)
        for part in ("total", "next"):
            yield GuideTask(f"{group}.{part}", group, points=part, what=group, optional=True)
    needed = entry.get("fields", ())
    for name in (*needed, *entry.get("optional_fields", ())):
        yield GuideTask(
            f"{group}.fields.{name}",
            group,
            points="fields",
            field=name,
            what=f"{group}.{name}",
            optional=optional or name not in needed,
            needed=name in needed,
        )


def panel_text(key: str, language: str, **values: str) -> str:
    """Return a text of the panel, with the ``values`` in the place of their names in braces."""
    text: t.Any = recorder_data()["texts"]
    for part in key.split("."):
        text = text.get(part, {})
    found = str(text.get(language, text.get("en", key)))
    for name, value in values.items():
        found = found.replace(f"{{{name}}}", value)
    return found


def meaning_text(meaning: str, language: str) -> str:
    """Return a word of this collection, such as ``not_configured``, as the panel shows it."""
    return str(recorder_data()["meanings"].get(meaning, {}).get(language, meaning.replace("_", " ")))
