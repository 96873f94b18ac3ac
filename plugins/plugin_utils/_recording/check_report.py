# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check of a profile found, operation by operation, without secrets and addresses. Knows no session."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...module_utils._web.page.page import Page, summary
from ...module_utils._web.profile.expression import OTHER, Pick, Unfiltered
from ...module_utils._web.profile.profile import Read, Write

HIDDEN = "(redacted)"
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://\S+", re.IGNORECASE)
_NO_FIELDS = frozenset({"hidden", "submit", "button", "image", "reset"})


@dataclass
class OperationCheck:
    """What came of one operation. ``readings`` has one entry per state of the page that was read (more in recordings).

    ``covered``: a recording has it, or it was read live. ``ok`` is false where something does not fit.
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
        """Note what does not fit; the first of it is told, as later ones mostly follow from it."""
        if self.ok:
            self.ok, self.outcome, self.problem = False, outcome, without_addresses(problem)

    def as_dict(self) -> dict[str, t.Any]:
        """Return plain data, for JSON."""
        return {name: value for name, value in vars(self).items() if name != "name"}


@dataclass
class CheckReport:
    """What a check found. ``way`` is recording or live."""

    profile: str
    interface: str
    way: str
    evidence: str
    match_score: int | None = None
    match_enough: int | None = None
    operations: dict[str, OperationCheck] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything that could be looked at fits, and something could."""
        return all(each.ok for each in self.operations.values()) and any(
            each.covered for each in self.operations.values()
        )

    @property
    def outcome(self) -> str:
        """``fits``; ``unsupported`` where the interface is not the profile's; otherwise ``failed``."""
        if self.ok:
            return "fits"
        recognised = self.operations.get("sign_in")
        return "unsupported" if recognised is not None and recognised.outcome == "unsupported" else "failed"

    def reading(self) -> dict[str, t.Any]:
        """Return what was read, as an expected reading is kept: operation to its readings."""
        return {
            "match_score": self.match_score,
            "operations": {name: each.readings for name, each in self.operations.items() if each.readings},
        }

    def compare(self, expected: Mapping[str, t.Any]) -> None:
        """Hold what was read against an expected reading; every difference is a failure of its operation."""
        if "match_score" in expected and expected["match_score"] != self.match_score:
            self._differ("sign_in", f"match_score is {self.match_score}, expected {expected['match_score']}")
        wanted = expected.get("operations", {})
        read = self.reading()["operations"]
        for name in sorted({*wanted, *read}):
            for difference in _differences(name, read.get(name), wanted.get(name)):
                self._differ(name, difference)

    def _differ(self, name: str, difference: str) -> None:
        operation = self.operations.setdefault(name, OperationCheck(name))
        operation.differences.append(difference)
        operation.fail("failed", f"not as expected: {difference}")

    def as_dict(self) -> dict[str, t.Any]:
        """Return plain data, for JSON."""
        return {
            "profile": self.profile,
            "interface": self.interface,
            "way": self.way,
            "evidence": self.evidence,
            "fits": self.ok,
            "match_score": self.match_score,
            "match_enough": self.match_enough,
            "operations": {name: each.as_dict() for name, each in self.operations.items()},
            "notes": list(self.notes),
        }

    def in_words(self) -> str:
        """Return one line of text per operation, for people."""
        width = max((len(name) for name in self.operations), default=0)
        return "\n".join(_line(each, width) for each in self.operations.values())


def _line(each: OperationCheck, width: int) -> str:
    if not each.covered and each.ok:
        said = each.problem or "not in the recording"
    else:
        said = "fits" if each.ok else f"{each.outcome.upper()}: {each.problem}"
        said += f" ({each.evidence})"
    more = []
    if each.missing:
        more.append(f"missing: {', '.join(each.missing)}")
    if each.unused:
        more.append(f"unused on the page: {', '.join(each.unused)}")
    return f"{each.name:<{width}}  {'; '.join([said, *more])}"


def _differences(where: str, read: t.Any, wanted: t.Any) -> list[str]:
    if isinstance(read, Mapping) and isinstance(wanted, Mapping):
        return [
            found
            for key in sorted({*read, *wanted}, key=str)
            for found in _differences(f"{where}.{key}", read.get(key), wanted.get(key))
        ]
    if isinstance(read, list) and isinstance(wanted, list) and len(read) == len(wanted):
        return [
            found
            for index, (one, other) in enumerate(zip(read, wanted, strict=True))
            for found in _differences(f"{where}.{index}", one, other)
        ]
    same = read == wanted and type(read) is type(wanted)
    return [] if same else [f"{where} is {_short(read)}, expected {_short(wanted)}"]


def _short(value: t.Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:120]}…"


def without_addresses(text: str) -> str:
    """Return ``text`` without addresses: one for registering is a capability (domain.md, "Registering a printer")."""
    return _ADDRESS.sub("(address)", text)


def shown(name: str, value: t.Any, redact: frozenset[str]) -> t.Any:
    """Return what may be shown of the value of the field ``name``."""
    if name in redact and value is not None:
        return HIDDEN
    if isinstance(value, str):
        return without_addresses(value)
    if isinstance(value, Mapping):
        return {str(key): shown(str(key), item, redact) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(name, item, redact) for item in value]
    return value


def look(operation: Read | Write, source: t.Any, page: Page, into: OperationCheck) -> None:
    """Note everything that ``operation`` misses on ``page``, all texts that no value map knows, and what is unused.

    ``source`` is the operation as its profile has it.
    """
    targets = [page.data]
    if isinstance(operation, Read) and operation.rows is not None:
        found = operation.rows.search(page.data)
        targets = found if isinstance(found, list) else []
    for name, pick in operation.fields.items():
        for target in targets:
            _look_at(name, pick, target, into)
    into.page = {"path": _path(page.url), **_described(page)}
    used = _Used(operation, source, targets)
    into.unused = sorted({*into.unused, *(names[0] for names, value in _fields_of(page) if not used.has(names, value))})


def _look_at(name: str, pick: Pick, target: t.Any, into: OperationCheck) -> None:
    try:
        value, raw = pick.value(target)
    except Unfiltered as error:
        _add(into.missing, f"{name} ({error})")
        return
    if value is None and pick.required:
        _add(into.missing, name)
    if value == OTHER and pick.values is not None:
        into.unknown_texts[name] = without_addresses(str(raw))


def _add(to: list[str], item: str) -> None:
    if item not in to:
        to.append(item)


def _path(url: str) -> str:
    return url.partition("?")[0].split("/", 3)[-1] if "//" in url else url


def _described(page: Page) -> dict[str, t.Any]:
    found = summary(page)
    return {key: found[key] for key in ("kind", "title", "headings", "messages") if found.get(key)}


class _Used:
    """Which fields of a page an operation uses: by the names in its expressions, or by the values they picked."""

    def __init__(self, operation: Read | Write, source: t.Any, targets: list[t.Any]) -> None:
        picks = [pick.expression for pick in operation.fields.values()]
        self._names = " ".join(_texts(source))
        self._values = {str(value) for target in targets for pick in picks if (value := pick.search(target))}

    def has(self, names: tuple[str, ...], value: t.Any) -> bool:
        """Whether the field that is called ``names`` and shows ``value`` is used."""
        if any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", self._names) for name in names):
            return True
        return bool(value) and str(value) in self._values


def _texts(source: t.Any) -> t.Iterator[str]:
    """All texts of an operation that can name a part of a page; the words of value maps are values."""
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
    """Return what a page shows under a name: labels, controls, ids; of JSON its keys, of a list those of its first."""
    if page.kind == "json":
        return [((key,), value) for key, value in _keys(page.data)]
    if page.kind != "html":
        return []
    controls = {
        control["name"]: control
        for form in page.data["forms"]
        for control in form["controls"]
        if control["name"] and control["type"] not in _NO_FIELDS
    }
    found: list[tuple[tuple[str, ...], t.Any]] = []
    for name, control in controls.items():
        label = control.get("label") or name
        found.append(((label, name), control.get("value")))
    taken = {name for names, _value in found for name in names}
    labelled = {label: text for label, text in page.data["fields"].items() if label not in taken}
    found += [((label,), text) for label, text in labelled.items()]
    parts = [*page.data["tables"], *page.data["forms"], *page.data["links"], *page.data["images"]]
    taken |= {part["id"] for part in parts}
    texts = {str(text) for text in labelled.values()}
    found += [((name,), text) for name, text in page.data["ids"].items() if name not in taken and text not in texts]
    return found


def _keys(data: t.Any) -> t.Iterator[tuple[str, t.Any]]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            if isinstance(value, (Mapping, list)) and value:
                yield from _keys(value)
            else:
                yield str(key), value
    elif isinstance(data, list) and data:
        yield from _keys(data[0])
