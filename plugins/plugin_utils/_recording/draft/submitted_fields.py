# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells what was sent of each field of a submitted form from what would have been sent unchanged."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping

from .history import RecordedSubmission


def submitted_fields(part: RecordedSubmission) -> Iterator[tuple[str, list[Mapping[str, t.Any]], list[str], list[str]]]:
    """Yield each name of a submitted form with its controls, what was sent, and what would have been sent unchanged."""
    sent: dict[str, list[str]] = {}
    for name, value in part.visit.form or part.visit.query:
        sent.setdefault(name, []).append(value)
    named: dict[str, list[Mapping[str, t.Any]]] = {}
    for control in part.form["controls"]:
        if control["name"] and control["type"] not in ("file", "submit"):
            named.setdefault(control["name"], []).append(control)
    for name, controls in named.items():
        given, before = sent.get(name, []), part.form["fields"].get(name, [])
        before = before if isinstance(before, list) else [before]
        shown = [each for each in controls if each["type"] != "hidden"]
        for twin in (each for each in controls if shown and each["type"] == "hidden"):
            given, before = _without(given, twin["value"]), _without(before, twin["value"])
        yield name, shown or controls, given, before


def set_by_scripts(part: RecordedSubmission) -> dict[str, str]:
    """Return the hidden fields that were sent with another value than the page had: nobody types there."""
    return {
        name: given[0]
        for name, controls, given, before in submitted_fields(part)
        if controls[0]["type"] == "hidden" and given and given != before
    }


def _without(values: list[str], value: str) -> list[str]:
    """Return ``values`` without the first one that equals ``value``."""
    at = values.index(value) if value in values else len(values)
    return [*values[:at], *values[at + 1 :]]
