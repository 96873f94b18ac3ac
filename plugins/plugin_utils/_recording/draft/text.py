# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a draft as a YAML file for people: short values on one line, open questions as comments at their place."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator, Mapping

from ....module_utils._web.libraries import yaml
from .builder import PROFILE_KEYS, Decision, DraftBuilder

MAX_LINE_LENGTH = 110
"""Characters. A longer value is written over several lines."""
HEAD = (
    "# Drafted by printops.prisma.profile_draft. Values marked DECIDE need a decision: write your answers into a file",
    "# of decisions and draft again, or edit this file.",
    "---",
)


def draft_text(builder: DraftBuilder, schema: str | None = None) -> str:
    """Return the draft of ``builder`` as YAML. ``schema`` is the path of the JSON schema, for editors."""
    comments: dict[str, list[str]] = {}
    for each in builder.open:
        comments.setdefault(_place(each.key, builder.profile), []).extend(_comment(each))
    lines = [*([f"# yaml-language-server: $schema={schema}"] if schema else []), *HEAD]
    for name, value in builder.ordered_profile().items():
        if isinstance(value, (dict, list)) and value and name in ("match", "sign_in", "sign_out", "read", "write"):
            lines.append("")
        lines += _entry(name, value, "", name, comments)
    left = [line for place, found in comments.items() if place == "" for line in found]
    return "\n".join([*lines, *([""] if left else []), *left]) + "\n"


def _comment(decision: Decision) -> Iterator[str]:
    yield f"# {'OPTIONAL' if decision.optional else 'DECIDE'} {decision.key}: {_line(decision.question)}"
    for number, each in enumerate(decision.candidates, 1):
        reads = "" if each.reads is None else f"   -> {_line(str(each.reads))}"
        yield f"#   {number}: {_line(str(each.answer))}{reads}"


def _line(text: str) -> str:
    return " ".join(text.split())[:200]


def _place(key: str, profile: t.Mapping[str, t.Any]) -> str:
    """Return the longest part of ``key`` that the draft contains; "" (the end of the file) for a missing operation."""
    at: t.Any = profile
    parts: list[str] = []
    for part in key.split("."):
        if isinstance(at, Mapping) and part in at:
            at = at[part]
        elif isinstance(at, list) and part.isdigit() and int(part) < len(at):
            at = at[int(part)]
        else:
            break
        parts.append(part)
    return ".".join(parts) if len(parts) > 1 or key in PROFILE_KEYS else ""


def _entry(name: str, value: t.Any, indent: str, place: str, comments: Mapping[str, list[str]]) -> Iterator[str]:
    yield from (indent + each for each in comments.get(place, ()))
    yield from _value(f"{indent}{_scalar(name)}:", value, indent, place, comments)


def _value(start: str, value: t.Any, indent: str, place: str, comments: Mapping[str, list[str]]) -> Iterator[str]:
    inner = any(each.startswith(place + ".") for each in comments)
    flat = _flat(value)
    if (
        not isinstance(value, (dict, list))
        or not value
        or (not inner and _is_small(value) and len(start + flat) < MAX_LINE_LENGTH)
    ):
        yield f"{start} {flat}"
    elif isinstance(value, dict):
        yield start
        for name, item in value.items():
            yield from _entry(str(name), item, indent + "  ", f"{place}.{name}", comments)
    else:
        yield start
        for index, item in enumerate(value):
            yield from _item(item, indent + "  ", f"{place}.{index}", comments)


def _item(item: t.Any, indent: str, place: str, comments: Mapping[str, list[str]]) -> Iterator[str]:
    yield from (indent + each for each in comments.get(place, ()))
    flat = _flat(item)
    inner = any(each.startswith(place + ".") for each in comments)
    if not isinstance(item, dict) or (not inner and _is_small(item) and len(indent + flat) < MAX_LINE_LENGTH):
        yield f"{indent}- {flat}"
        return
    lines: list[str] = []
    for name, value in item.items():
        lines += _entry(str(name), value, indent + "  ", f"{place}.{name}", comments)
    first = [line.lstrip().startswith("#") for line in lines].index(False)
    yield from lines[:first]
    yield f"{indent}- {lines[first].lstrip()}"
    yield from lines[first + 1 :]


def _is_small(value: t.Any) -> bool:
    """Whether a value is readable on one line: at most a list or a mapping inside."""
    items: Iterable[t.Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return not any(isinstance(each, dict) and each for each in items) or _depth(value) <= 2


def _depth(value: t.Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _flat(value: t.Any) -> str:
    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6)
    return text.removesuffix("\n").removesuffix("\n...")


def _scalar(name: str) -> str:
    return _flat(name)
