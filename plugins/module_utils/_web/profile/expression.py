# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a profile picks a value from a response: a JMESPath expression, filters, a value map. Does no I/O."""

from __future__ import annotations

import math
import re
import typing as t
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ..libraries import jmespath
from .pattern import OutOfTime, Pattern, PatternProblem
from .placeholder import OPENING, fill_text, is_malformed, names_in_text

OTHER = "other"
"""What a value map gives for a text it does not list. The raw text is kept beside it."""

MOST_COPIES = 250
"""How often an expression may repeat what it reads; one that makes a row of 30 fields repeats it 30 times."""
LONGEST = 4_000
"""Characters of an expression."""
LONGEST_VALUE = 100_000
"""Characters of a text that is picked."""

Filter = Callable[[t.Any], t.Any]

_PICKS_FROM_ITS_FIRST = frozenset(
    {"filter_projection", "flatten", "index_expression", "projection", "subexpression", "value_projection"}
)


class ProfileProblem(Exception):
    """A part of a profile is wrong. ``path`` leads to it: keys and indexes from the top."""

    def __init__(self, path: tuple[str | int, ...], what: str) -> None:
        super().__init__(what)
        self.path = path


class Unfiltered(Exception):
    """A picked value does not pass a filter."""


def the_only(found: t.Any) -> t.Any:
    """Return what a list has once or several times, and nothing else beside it; everything else as it is."""
    return found[0] if isinstance(found, list) and found and all(each == found[0] for each in found) else found


@dataclass(frozen=True)
class Expression:
    """A JMESPath expression that has been parsed. ``names``: of the placeholders in it.

    A placeholder stands in a text between single quotes (``'${person}'``). What takes its place is a value: it is never
    pasted into the expression, so it cannot change what the expression means. ``_interpreter`` keeps no state between
    searches.
    """

    source: str
    _parsed: t.Any
    _interpreter: t.Any
    names: frozenset[str] = frozenset()

    @property
    def inexact_names(self) -> frozenset[str]:
        """The names of placeholders that are compared by a part of a text, or by its order, and not as equal."""
        return frozenset(_inexact_names(self._parsed))

    @property
    def hint(self) -> str:
        """What the expression may have meant: labels are a page's texts, and the texts end in a colon on many pages."""
        if ':"' not in self.source and '\uff1a"' not in self.source:
            return ""
        return "; in fields and tables, labels stand without the colon at their end"

    @classmethod
    def build(cls, source: str, path: tuple[str | int, ...]) -> Expression:
        """Compile ``source``; raise :class:`ProfileProblem` where it does not parse."""
        source = str(source)
        if len(source) > LONGEST:
            raise ProfileProblem(path, f"the JMESPath expression has {len(source)} characters; {LONGEST} are allowed")
        try:
            parsed = jmespath.compile(source).parsed
            faults = list(_faults(parsed))
            copies = _copies(parsed)
        except jmespath.exceptions.JMESPathError as error:
            reason = str(error).splitlines()[0] + (f". {_QUOTED}" if OPENING in source else "")
            raise ProfileProblem(path, f"the JMESPath expression {source!r} does not parse: {reason}") from error
        except RecursionError as error:
            raise ProfileProblem(path, "the JMESPath expression is nested too deeply") from error
        if faults:
            raise ProfileProblem(path, f"the JMESPath expression {source!r} cannot work: {faults[0]}")
        if copies > MOST_COPIES:
            raise ProfileProblem(
                path,
                f"the JMESPath expression {source[:100]!r} can make {copies:.3g} copies of what it reads; "
                f"{MOST_COPIES} are allowed",
            )
        return cls(source, parsed, jmespath.visitor.TreeInterpreter(), frozenset(_names(parsed)))

    def search(self, data: t.Any, variables: Mapping[str, t.Any] | None = None) -> t.Any:
        """Return what the expression picks, None for nothing. A wrong type inside it picks nothing either.

        ``variables`` fill its placeholders. Raises :class:`BadInput` where one of these has no value.
        """
        parsed = _filled(self._parsed, variables or {}) if self.names else self._parsed
        try:
            return self._interpreter.visit(parsed, data)
        except (ValueError, TypeError, ArithmeticError, RecursionError):  # JMESPath's own are ValueErrors
            return None

    def holds(self, data: t.Any, variables: Mapping[str, t.Any] | None = None) -> bool:
        """Return whether the expression picks something true (JMESPath's truth: not null, false or empty)."""
        found = self.search(data, variables)
        return bool(found) or (isinstance(found, (int, float)) and not isinstance(found, bool))


def _faults(node: t.Any) -> Iterator[str]:
    """Find what fails on every page: without an error it would pick nothing, as on a page that does not fit."""
    if not isinstance(node, Mapping):
        return
    yield from _misplaced(node)
    if node["type"] in _PICKS_FROM_ITS_FIRST and node["children"][0]["type"] == "not_expression":
        yield "'!' applies to the name behind it only, and nothing can be picked from true or false; write !(…)"
    if node["type"] == "function_expression":
        known = jmespath.functions.Functions.FUNCTION_TABLE.get(node["value"])
        wanted: t.Any = known["signature"] if known else ()
        given = len(node["children"])
        if known is None:
            yield f"there is no function {node['value']}()"
        elif given < len(wanted) or (given > len(wanted) and not wanted[-1].get("variadic")):
            yield f"{node['value']}() takes {len(wanted)} arguments, not {given}"
        elif node["value"] == "join" and node["children"][0]["type"] != "literal":
            yield "the first argument of join() must be a text between single quotes"
    for child in node["children"]:
        yield from _faults(child)


_QUOTED = "A placeholder is a value, and stands between single quotes: '${name}'"


def _misplaced(node: Mapping[str, t.Any]) -> Iterator[str]:
    """Find what looks like a placeholder and would not be one."""
    value = node.get("value")
    if isinstance(value, str) and OPENING in value and (node["type"] != "literal" or is_malformed(value)):
        yield f"{value!r} is not a placeholder there. {_QUOTED}"
    elif node["type"] == "literal" and not isinstance(value, str) and OPENING in str(value):
        yield f"a placeholder has no place inside a literal list or object. {_QUOTED}"


def _names(node: t.Any) -> Iterator[str]:
    """Find the names of the placeholders."""
    if isinstance(node, Mapping):
        if node["type"] == "literal" and isinstance(node["value"], str):
            yield from names_in_text(node["value"])
        for child in node["children"]:
            yield from _names(child)


_OF_PARTS = frozenset({"contains", "starts_with", "ends_with"})


def _inexact_names(node: t.Any) -> Iterator[str]:
    if not isinstance(node, Mapping):
        return
    by_part = node["type"] == "function_expression" and node["value"] in _OF_PARTS
    unequal = node["type"] == "comparator" and node["value"] != "eq"
    if by_part or unequal:
        yield from _names(node)
    for child in node["children"]:
        yield from _inexact_names(child)


_NOTHING = object()
"""Stands for a placeholder without a value: it is equal to nothing, where null is equal to what is not there."""


def _filled(node: t.Any, variables: Mapping[str, t.Any]) -> t.Any:
    """Return the parsed expression with values in place of its placeholders."""
    if not isinstance(node, Mapping):
        return node
    if node["type"] == "literal":
        if not isinstance(node["value"], str):
            return node
        value = fill_text(node["value"], variables)
        return {**node, "value": _NOTHING if value is None else value}
    return {**node, "children": [_filled(child, variables) for child in node["children"]]}


_COPYING: Mapping[str, Callable[[list[int]], int]] = {
    "map": math.prod,
    "merge": sum,
    "to_string": lambda counts: 2 * counts[0],  # it writes a backslash before each backslash
}


def _copies(node: t.Any) -> int:
    """Return how often the result of a node can contain what it is applied to, at most.

    A profile is data that people share, so an expression must not be able to use up time or memory. JMESPath has no
    loops and cannot get back to the whole page from inside a projection: evaluating takes time in proportion to the
    page, the length of the expression and this number.
    """
    if not isinstance(node, Mapping):
        return 1
    kind, counts = node["type"], [_copies(child) for child in node["children"]]
    if kind in ("multi_select_list", "multi_select_dict"):
        return sum(counts)
    if kind == "filter_projection":
        return counts[0] * max(counts[1:])
    if kind == "function_expression" and node["value"] in _COPYING:
        return _COPYING[node["value"]](counts)
    if kind in ("function_expression", "comparator", "or_expression", "and_expression"):
        return max(counts, default=1)
    return math.prod(counts)


@dataclass(frozen=True)
class Pick:
    """One value: where it is, how it is cleaned, what it means."""

    expression: Expression
    required: bool = True
    filters: tuple[Filter, ...] = ()
    values: Mapping[t.Any, str] | None = None

    @classmethod
    def build(cls, source: str | Mapping[str, t.Any], path: tuple[str | int, ...]) -> Pick:
        """Make a pick of what stands in the profile at ``path``; raise :class:`ProfileProblem`."""
        if isinstance(source, str):
            return cls(Expression.build(source, path))
        return cls(
            Expression.build(source["pick"], (*path, "pick")),
            required=source.get("required", True),
            filters=tuple(
                _build_filter(item, (*path, "filters", index)) for index, item in enumerate(source.get("filters", ()))
            ),
            values=_build_values(source["values"], (*path, "values")) if "values" in source else None,
        )

    @property
    def is_number(self) -> bool:
        """Whether a filter makes a whole number of it."""
        return _integer in self.filters

    def value(self, data: t.Any, variables: Mapping[str, t.Any] | None = None) -> tuple[t.Any, t.Any]:
        """Return the value (None if nothing is picked) and the raw text it was made of. Raise :class:`Unfiltered`."""
        raw = self.expression.search(data, variables)
        if raw is None:
            return None, None
        if isinstance(raw, str) and len(raw) > LONGEST_VALUE:
            raise Unfiltered(f"it has {len(raw):,} characters; {LONGEST_VALUE:,} are allowed")
        value = raw
        for apply in self.filters:
            value = None if value is None else apply(value)
        if self.values is not None:
            value = self.values.get(_typed(value), OTHER)
        return value, raw


def _typed(value: t.Any) -> t.Any:
    """True and 1 are one key in Python, but not on a page; how a text is spaced makes no difference."""
    if isinstance(value, str):
        value = " ".join(value.split())
    return (type(value).__name__, value) if isinstance(value, (str, bool, int, type(None))) else ("", str(value))


def _build_values(source: Mapping[str, t.Any], path: tuple[str | int, ...]) -> dict[t.Any, str]:
    meanings: dict[t.Any, str] = {}
    for meaning, texts in source.items():
        for index, text in enumerate(texts):
            if meanings.setdefault(_typed(text), meaning) != meaning:
                raise ProfileProblem(
                    (*path, meaning, index), f"{text!r} cannot mean both {meanings[_typed(text)]!r} and {meaning!r}"
                )
    return meanings


def _build_filter(source: str | Mapping[str, t.Any], path: tuple[str | int, ...]) -> Filter:
    if source == "trim":
        return _trim
    if source == "integer":
        return _integer
    if source == "only":
        return _only
    if isinstance(source, str):
        raise ProfileProblem(path, f"there is no filter {source!r}")
    if "regex" in source:
        return _build_regex(source["regex"], (*path, "regex"))
    return _build_date(source["date"], (*path, "date"))


def _trim(value: t.Any) -> t.Any:
    texts = [" ".join(each.split()) if isinstance(each, str) else each for each in _listed(value)]
    return texts if isinstance(value, list) else texts[0]


def _listed(value: t.Any) -> list[t.Any]:
    return value if isinstance(value, list) else [value]


def _only(value: t.Any) -> t.Any:
    found = the_only(value)
    if isinstance(found, list) and found:
        raise Unfiltered(f"it has several values, {found[0]!r} and others, and nothing says which one is meant")
    return None if found == [] else found


def _integer(value: t.Any) -> int | None:
    if isinstance(value, str) and not value.strip():
        return None
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise Unfiltered("it is not a whole number") from error
    if isinstance(value, bool) or (isinstance(value, float) and value != number):
        raise Unfiltered("it is not a whole number")
    return number


def _build_regex(pattern: str, path: tuple[str | int, ...]) -> Filter:
    try:
        compiled = Pattern.build(pattern)
    except PatternProblem as error:
        raise ProfileProblem(path, str(error)) from error
    if compiled.groups != 1:
        raise ProfileProblem(path, f"the pattern {pattern!r} must have exactly one group, it has {compiled.groups}")

    def apply(value: t.Any) -> str | list[str] | None:
        if value == []:
            return None
        try:
            matches = [compiled.search(str(each)) for each in _listed(value)]
        except OutOfTime as error:
            raise Unfiltered(str(error)) from error
        found = [str(each[1]) for each in matches if each is not None and each[1] is not None]
        if not found:
            raise Unfiltered(f"the pattern {pattern!r} does not match")
        return found if isinstance(value, list) else found[0]

    return apply


def _build_date(formats: list[str], path: tuple[str | int, ...]) -> Filter:
    for index, form in enumerate(formats):
        try:  # only reading back what it wrote shows whether strptime knows a format
            datetime.strptime(datetime(2001, 2, 3, tzinfo=UTC).strftime(form), form)
        except (ValueError, re.error) as error:
            raise ProfileProblem((*path, index), f"the date format {form!r} cannot be read: {error}") from error

    def apply(value: t.Any) -> str | None:
        text = str(value).strip()
        if not text:
            return None
        for form in formats:
            try:
                return datetime.strptime(text, form).isoformat()
            except ValueError:
                continue
        raise Unfiltered(f"it fits none of the date formats {', '.join(formats)}")

    return apply
