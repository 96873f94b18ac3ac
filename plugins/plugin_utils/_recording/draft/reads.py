# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts the reads: which page is which operation of the contract, and lists over pages. Knows no writes."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping
from urllib.parse import urlsplit

from ....module_utils._prisma.contract import CONTRACTS
from ....module_utils._web.page.page import Page
from .candidates import candidates, key, lists_of_objects, picks
from .fields import GOOD, draft_field, expectation, ranked
from .hints import hints, points
from .history import BrowsingHistory, Visit
from .sheet import Choice, DraftSheet
from .sign_in import SignedIn, is_sign_out


class Reads:
    """The pages of the session, and what the recording shows for the variables of paths."""

    def __init__(self, sheet: DraftSheet, walked: BrowsingHistory, signed_in: SignedIn, interface: str) -> None:
        self.sheet = sheet
        self.walked = walked
        self.interface = interface
        self.known: dict[str, str] = {}
        self.shown: dict[str, list[Visit]] = {}
        for each in walked.visits:
            if not signed_in.first <= each.number < signed_in.last or is_sign_out(each, walked):
                continue
            if each.is_page and not each.writes and not (each.page.kind == "html" and each.data["frames"]):
                self.shown.setdefault(each.path, []).append(each)

    def pages(self, path: str) -> list[Page]:
        """Return what the page at ``path`` showed, each time."""
        return [each.page for each in self.shown[path]]

    def path(self, path: str) -> str:
        """Return ``path`` with the values that are known for it as placeholders."""
        return "/".join(self.known.get(part, part) for part in path.split("/"))

    def draft(self) -> None:
        """Write every read of the contract that the recording shows."""
        for name, hint in hints()[self.interface]["read"].items():
            decided = self.sheet.decisions.get(f"read.{name}")
            if self.sheet.decided(f"read.{name}") and not isinstance(decided, str):
                self.sheet.ask(f"read.{name}", "")
                continue
            self._operation(name, hint, decided)

    def _operation(self, name: str, hint: Mapping[str, t.Any], decided: str | None) -> None:
        operation = CONTRACTS[self.interface].reads[name]
        if operation.rows:
            self._rows(name, hint, operation.gives)
            return
        scores = {path: self._score(path, hint, operation.gives) for path in self.shown}
        best = max(scores, key=lambda path: scores[path], default=None)
        if decided is not None and decided in self.shown:
            self.sheet.decision(f"read.{name}")
            best = decided
        elif best is None or scores[best] < GOOD:
            pages = [
                Choice(path, each[-1].page.data.get("title", ""))
                for path, each in self.shown.items()
                if isinstance(each[-1].page.data, dict)
            ]
            question = f"Which page shows {name!r}? None was found; without it what needs it ends 'unsupported'."
            self.sheet.ask(f"read.{name}", question, pages, optional=True)
            return
        self.sheet.settle(f"read.{name}.steps", [{"get": self.path(best)}], f"the page {best}")
        proof = None
        for each, words in hint["fields"].items():
            taken = draft_field(
                self.sheet,
                f"read.{name}.fields.{each}",
                words,
                self.pages(best),
                needed=each in operation.gives,
                name=each,
            )
            if proof is None and each in operation.gives:
                proof = expectation(taken, self.pages(best))
            if taken and self.interface == "tenant" and name == "whoami" and each == "tenant":
                self.known[str(picks(taken.expression, self.pages(best)[-1].data))] = "${tenant}"
        if proof and f"read.{name}.steps" not in self.sheet.decisions:
            self.sheet.profile["read"][name]["steps"][0]["expect"] = proof

    def _score(self, path: str, hint: Mapping[str, t.Any], needed: frozenset[str]) -> int:
        total = 0
        for name, words in hint["fields"].items():
            found = ranked(self.pages(path), words)
            good = found[0].score if found and found[0].score >= GOOD else 0
            total += good * (2 if name in needed else 1)
        return total + 3 * page_points(self.shown[path][-1], hint["page"]) if total else 0

    def _rows(self, name: str, hint: Mapping[str, t.Any], needed: frozenset[str]) -> None:
        """A list in JSON that repeats objects with the fields; paging and proof by the words for them."""
        found = [
            (
                sum(points(column, words["words"]) >= GOOD for words in hint["fields"].values() for column in rows[0]),
                at,
                visit,
                rows,
            )
            for shown in self.shown.values()
            for visit in shown
            if visit.page.kind == "json"
            for at, rows in lists_of_objects(visit.data)
        ]
        fitting = max(found, key=lambda item: item[0], default=None)
        if fitting is None or fitting[0] < len(needed):
            self.sheet.ask(f"read.{name}", f"Which answer lists {name}? None was found.", optional=True)
            return
        _count, at, visit, rows = fitting
        step: dict[str, t.Any] = {"get": self.path(visit.path)}
        paging = self._paging(visit)
        cursor = paging.get("parameter")
        query = {each: int(value) if value.isdigit() else value for each, value in visit.query if each != cursor}
        if query:
            step["query"] = query
        self.sheet.settle(f"read.{name}.steps", [step], f"the list {at} of {visit.path}")
        self.sheet.settle(f"read.{name}.rows", at)
        if paging:
            self.sheet.settle(f"read.{name}.paging", paging, "the next page is named in the answer")
        self._complete(name, visit, len(rows))
        pages = [Page("json", row, visit.url) for row in rows]
        for each, words in hint["fields"].items():
            draft_field(self.sheet, f"read.{name}.fields.{each}", words, pages, needed=each in needed, name=each)
        self._nested(name, rows)

    def _nested(self, name: str, rows: list[dict[str, t.Any]]) -> None:
        for column, value in rows[0].items():
            if points(column, ["applications"]) and isinstance(value, list) and value and isinstance(value[0], dict):
                keys = ", ".join(
                    f"{key(each)}: {key(each)}" for each, item in value[0].items() if not isinstance(item, (dict, list))
                )
                place = f"read.{name}.fields.applications"
                self.sheet.settle(place, f"{key(column)}[].{{{keys}}}", f"the list {column!r} of each")

    def _paging(self, visit: Visit) -> dict[str, t.Any]:
        if not isinstance(visit.data, dict):
            return {}
        for name in visit.data:
            if not points(name, hints()["paging"]["next"]):
                continue
            cursors = {
                str(each.data[name])
                for shown in self.shown.values()
                for each in shown
                if isinstance(each.data, dict) and each.data.get(name)
            }
            for shown in self.shown.values():
                for each in shown:
                    for parameter, value in each.query:
                        if value in cursors:
                            return {"next": key(name), "parameter": parameter}
            if any(urlsplit(each).path for each in cursors if "/" in each):
                return {"next": key(name)}
            if not cursors:
                return {}
            self.sheet.ask("read.devices.paging.parameter", f"Which query parameter takes {name!r}?")
            return {"next": key(name)}
        return {}

    def _complete(self, name: str, visit: Visit, count: int) -> None:
        if isinstance(visit.data, dict):
            for each, value in visit.data.items():
                if points(each, hints()["paging"]["total"]) >= GOOD and isinstance(value, int):
                    self.sheet.settle(
                        f"read.{name}.complete", {"total": key(each)}, f"{each} is {value}, rows: {count}"
                    )
                    return
        question = "What proves that all rows were read: a total, or a mark of the last page?"
        self.sheet.ask(f"read.{name}.complete", question)


def page_points(visit: Visit, words: list[str]) -> int:
    """How well a page's title, headings and path fit ``words``."""
    texts = [re.sub(r"\.\w+$", "", visit.path.rsplit("/", 1)[-1])]
    if visit.page.kind == "html":
        texts += [*visit.data["headings"][:3], visit.data["title"]]
    return max(points(text, words) for text in texts)


def plain_fields(page: Page) -> dict[str, t.Any]:
    """Return every value of ``page`` once, named after what it is called: for interfaces without a contract."""
    fields: dict[str, t.Any] = {}
    values: set[str] = set()
    for each in candidates(page):
        said = each.name if each.kind != "image" else ""
        name = re.sub(r"\W+", "_", (said or each.label).lower()).strip("_")
        if not name or name in fields or (each.label and f"{each.label}={each.value}" in values):
            continue
        if name[0].isdigit():
            name = f"n{name}"
        values.add(f"{each.label}={each.value}")
        fields[name] = each.expression
    return fields
