# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a profile check, by operation, without secrets and registration addresses. Knows no session."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...module_utils._decide.text import printable
from ...module_utils._web.page.page import Page
from ...module_utils._web.page.summary import summary
from ...module_utils._web.profile.expression import OTHER, Pick, Unfiltered
from ...module_utils._web.profile.profile import Read, Write
from .draft.candidates import lists_of_objects, shown_values

HIDDEN = "(redacted)"
SHOWN_ROWS = 3
"""Rows of a list that a table shows."""
LONGEST_LINE = 160
"""Characters of a line in a table."""
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://\S+", re.IGNORECASE)


@dataclass
class OperationCheck:
    """The result of one operation. ``readings`` has one entry for each state of the page (a recording may have many).

    ``covered``: the recording contains the operation, or it was run live. ``ok`` is false if something does not fit.
    ``missing``: fields that the page lacks. ``unknown_texts``: texts that no value map contains. ``unused``: fields of
    the page that the profile does not use. ``differences``: to the expected reading.
    """

    name: str
    covered: bool = False
    ok: bool = True
    outcome: str = "fits"
    problem: str | None = None
    evidence: str = "simulated"
    page: dict[str, t.Any] | None = None
    exchange: int | None = None
    readings: list[t.Any] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unknown_texts: dict[str, t.Any] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def fail(self, outcome: str, problem: str) -> None:
        """Set the failure of the operation. Only the first one counts, because later ones usually follow from it."""
        if self.ok:
            self.ok, self.outcome, self.problem = False, outcome, redact_addresses(problem)

    def as_dict(self) -> dict[str, t.Any]:
        """Return the result as data for JSON."""
        return {name: value for name, value in vars(self).items() if name != "name"}


@dataclass
class CheckReport:
    """The result of a check. ``checked_against`` is "recording" or "live"."""

    profile: str
    interface: str
    checked_against: str
    evidence: str
    match_score: int | None = None
    match_enough: int | None = None
    operations: dict[str, OperationCheck] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether at least one operation was covered, and all that were covered fit."""
        return all(each.ok for each in self.operations.values()) and any(
            each.covered for each in self.operations.values()
        )

    @property
    def outcome(self) -> str:
        """Return ``fits``, ``unsupported`` if the interface is not the one of the profile, or ``failed``."""
        if self.ok:
            return "fits"
        recognised = self.operations.get("sign_in")
        return "unsupported" if recognised is not None and recognised.outcome == "unsupported" else "failed"

    def reading(self) -> dict[str, t.Any]:
        """Return the readings by operation, in the form of an expected reading."""
        return {
            "match_score": self.match_score,
            "operations": {name: each.readings for name, each in self.operations.items() if each.readings},
        }

    def compare(self, expected: Mapping[str, t.Any]) -> None:
        """Compare the readings with an expected reading. Every difference is a failure of its operation."""
        if "match_score" in expected and expected["match_score"] != self.match_score:
            self._add_difference("sign_in", f"match_score is {self.match_score}, expected {expected['match_score']}")
        wanted = expected.get("operations", {})
        read = self.reading()["operations"]
        for name in sorted({*wanted, *read}):
            for difference in _differences(name, read.get(name), wanted.get(name)):
                self._add_difference(name, difference)

    def _add_difference(self, name: str, difference: str) -> None:
        operation = self.operations.setdefault(name, OperationCheck(name))
        operation.differences.append(difference)
        operation.fail("failed", f"differs from the expected reading: {difference}")

    def as_dict(self) -> dict[str, t.Any]:
        """Return the report as data for JSON."""
        operations = {name: each.as_dict() for name, each in self.operations.items()}
        return {**vars(self), "fits": self.ok, "operations": operations, "notes": list(self.notes)}

    def as_lines(self) -> list[str]:
        """Return a table for each operation: its result, what was read, missing, and not used."""
        return [line for each in self.operations.values() for line in _table(each)]


def _table(each: OperationCheck) -> t.Iterator[str]:
    if not each.covered and each.ok:
        status = each.problem or "not in the recording"
    else:
        status = f"{'fits' if each.ok else f'{each.outcome.upper()}: {each.problem}'} ({each.evidence})"
    yield f"{each.name}  {status}"
    read = each.readings[-1] if each.readings else {}
    rows = [(str(name), value) for name, value in read.items() if value != {}] if "rows" not in read else []
    for index, row in enumerate(read.get("rows") or []):
        rows.append((f"row {index + 1} of {len(read['rows'])}", row))
        if index == SHOWN_ROWS - 1:
            break
    rows += [("missing", ", ".join(each.missing))] if each.missing else []
    rows += [("not used", ", ".join(each.unused))] if each.unused else []
    width = max((len(name) for name, _value in rows), default=0)
    for name, value in rows:
        yield printable(f"  {name:<{width}}  {'-' if value is None else value}", LONGEST_LINE)


def _differences(where: str, read: t.Any, wanted: t.Any) -> list[str]:
    pairs: dict[t.Any, tuple[t.Any, t.Any]] = {}
    if isinstance(read, Mapping) and isinstance(wanted, Mapping):
        pairs = {key: (read.get(key), wanted.get(key)) for key in sorted({*read, *wanted}, key=str)}
    elif isinstance(read, list) and isinstance(wanted, list) and len(read) == len(wanted):
        pairs = dict(enumerate(zip(read, wanted, strict=True)))
    if pairs:
        return [found for key, pair in pairs.items() for found in _differences(f"{where}.{key}", *pair)]
    same = read == wanted and type(read) is type(wanted)
    return [] if same else [f"{where} is {_shortened(read)}, expected {_shortened(wanted)}"]


def _shortened(value: t.Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:120]}…"


def redact_addresses(text: str) -> str:
    """Return ``text`` without addresses: one of a registration is a capability (domain.md, "Registering a printer")."""
    return _ADDRESS.sub("(address)", text)


def redacted(name: str, value: t.Any, redact: frozenset[str]) -> t.Any:
    """Return ``value`` without addresses, and without the values of the fields in ``redact``."""
    if name in redact and value is not None:
        return HIDDEN
    if isinstance(value, str):
        return redact_addresses(value)
    if isinstance(value, Mapping):
        return {str(key): redacted(str(key), item, redact) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [redacted(name, item, redact) for item in value]
    return value


def inspect_page(operation: Read | Write, source: t.Any, page: Page, result: OperationCheck) -> None:
    """Add to ``result`` the fields that ``page`` lacks, texts that no value map contains, and fields that are not used.

    ``source`` is the operation as the profile's YAML has it.
    """
    targets = [page.data]
    if isinstance(operation, Read) and operation.rows is not None:
        found = operation.rows.search(page.data)
        targets = found if isinstance(found, list) else []
    for name, pick in operation.fields.items():
        for target in targets:
            _inspect_field(name, pick, target, result)
    result.page = _described(page)
    used = _UsedNames(operation, source, targets)
    unused = (names[0] for names, value in _fields_of(page) if not used.contains(names, value))
    result.unused = sorted({*result.unused, *unused})


def _inspect_field(name: str, pick: Pick, target: t.Any, result: OperationCheck) -> None:
    try:
        value, raw = pick.value(target)
        lacking = name if value is None and pick.required else ""
    except Unfiltered as error:
        value, raw, lacking = None, None, f"{name} ({error})"
    if lacking and lacking not in result.missing:
        result.missing.append(lacking)
    if value == OTHER and pick.values is not None:
        result.unknown_texts[name] = redact_addresses(str(raw))


def _described(page: Page) -> dict[str, t.Any]:
    found = summary(page)
    path = page.url.partition("?")[0].split("/", 3)[-1] if "//" in page.url else page.url
    return {"path": path} | {key: found[key] for key in ("kind", "title", "headings", "messages") if found.get(key)}


class _UsedNames:
    """The fields of a page that an operation uses, by the names in its expressions or by the values that it reads."""

    def __init__(self, operation: Read | Write, source: t.Any, targets: list[t.Any]) -> None:
        picks = [pick.expression for pick in operation.fields.values()]
        self._names = " ".join(_texts(source))
        self._values = {str(value) for target in targets for pick in picks if (value := pick.search(target))}

    def contains(self, names: tuple[str, ...], value: t.Any) -> bool:
        """Whether the operation uses the field with one of ``names`` or with this value."""
        if any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", self._names) for name in names):
            return True
        return bool(value) and str(value) in self._values


def _texts(source: t.Any) -> t.Iterator[str]:
    """Yield the texts of an operation that can name a part of a page: all but those of value maps."""
    if isinstance(source, str):
        yield source
    elif isinstance(source, Mapping):
        for key, item in source.items():
            if key == "fill" and isinstance(item, Mapping):
                yield from map(str, item)
            if key != "values":
                yield from _texts(item)
    elif isinstance(source, (list, tuple)):
        for item in source:
            yield from _texts(item)


def _fields_of(page: Page) -> list[tuple[tuple[str, ...], t.Any]]:
    """Return the named values of a page, of JSON lists those of the first item; each with its label and name."""
    rows = [
        Page("json", rows[0], page.url) for _at, rows in (lists_of_objects(page.data) if page.kind == "json" else ())
    ]
    shown = [each for part in (page, *rows) for each in shown_values(part)]
    named = [each for each in shown if each.kind in ("text", "checkbox", "number") and (each.label or each.name)]
    return [((each.label or each.name, each.name or each.label), each.value) for each in named]
