# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a draft as a YAML file for people: short values on one line, open questions as comments at their place."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Iterator

from ....module_utils._web.libraries import yaml
from .builder import Decision, DraftBuilder

MAX_LINE_LENGTH = 118
"""Characters. A longer value is written over several lines."""
HEAD = (
    "# Drafted by printops.prisma.profile_draft. Values marked DECIDE need a decision: write your answers into a file",
    "# of decisions and draft again, or edit this file.",
    "---",
)
_PARTS = ("match", "sign_in", "sign_out", "read", "write")


def draft_text(builder: DraftBuilder, schema: str | None = None) -> str:
    """Return the draft of ``builder`` as YAML. ``schema`` is the path of the JSON schema, for editors."""
    profile = builder.ordered_profile()
    separate = json.loads(json.dumps(profile))  # what is the same object twice would become an anchor and an alias
    text = yaml.safe_dump(separate, default_flow_style=None, sort_keys=False, allow_unicode=True, width=MAX_LINE_LENGTH)
    lines, places = text.splitlines(), dict(_places(yaml.compose(text, Loader=yaml.SafeLoader), ""))
    above: dict[int, list[str]] = {places[name]: [""] for name in _PARTS if profile.get(name)}
    for each in builder.open:
        parts = each.key.split(".")
        ends = range(len(parts), min(len(parts), 2) - 1, -1)  # of a missing operation: at the end of the file
        known = (places[key] for end in ends if (key := ".".join(parts[:end])) in places)
        place = next(known, len(lines))
        indent = " " * (len(lines[place]) - len(lines[place].lstrip(" -"))) if place < len(lines) else ""
        above.setdefault(place, []).extend(indent + line for line in _comment(each))
    written = [*([f"# yaml-language-server: $schema={schema}"] if schema else []), *HEAD]
    for number, line in enumerate([*lines, None]):
        written += above.get(number, [])
        written += [line] if line is not None else []
    return "\n".join(written) + "\n"


def _places(node: t.Any, place: str) -> Iterator[tuple[str, int]]:
    """Yield the dotted path of each value in a YAML document, and the line of its key."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            path = f"{place}.{key.value}" if place else str(key.value)
            yield path, key.start_mark.line
            yield from _places(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield f"{place}.{index}", item.start_mark.line
            yield from _places(item, f"{place}.{index}")


def _comment(decision: Decision) -> Iterator[str]:
    yield f"# {'OPTIONAL' if decision.optional else 'DECIDE'} {decision.key}: {_line(decision.question)}"
    for number, each in enumerate(decision.candidates, 1):
        reads = "" if each.reads is None else f"   -> {_line(str(each.reads))}"
        yield f"#   {number}: {_line(str(each.answer))}{reads}"


def _line(text: str) -> str:
    return " ".join(text.split())[:200]
