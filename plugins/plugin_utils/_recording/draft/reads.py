# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts the reads of a profile: which page serves which operation of the contract, and lists with their paging."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping
from urllib.parse import urlsplit

from ....module_utils._prisma.contract import CONTRACTS
from ....module_utils._web.page.page import Page
from .builder import Choice, DraftBuilder
from .candidates import candidates, evaluate, identifier, lists_of_objects
from .fields import GOOD, draft_field, page_proof, rank_candidates
from .hints import hints, word_score
from .history import BrowsingHistory, Visit
from .session import RecordedSession, is_sign_out


class ReadDrafter:
    """Drafts the reads from the pages between sign-in and sign-out.

    ``visits_by_path``: these pages. ``path_values``: values that become placeholders in paths, such as the tenant's id.
    """

    def __init__(
        self, builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession, interface: str
    ) -> None:
        self.builder = builder
        self.history = history
        self.interface = interface
        self.path_values: dict[str, str] = {}
        self.visits_by_path: dict[str, list[Visit]] = {}
        for each in history.visits:
            if not session.first <= each.number < session.last or is_sign_out(each, history):
                continue
            if each.is_page and not each.writes and not (each.page.kind == "html" and each.data["frames"]):
                self.visits_by_path.setdefault(each.path, []).append(each)

    def pages(self, path: str) -> list[Page]:
        """Return the page at ``path`` as it was on each visit."""
        return [each.page for each in self.visits_by_path[path]]

    def path(self, path: str) -> str:
        """Return ``path`` with placeholders for the values in ``path_values``."""
        return "/".join(self.path_values.get(part, part) for part in path.split("/"))

    def draft(self) -> None:
        """Draft every read of the contract that the recording shows, and ask about the others."""
        for name, hint in hints()[self.interface]["read"].items():
            is_decided = self.builder.decisions.get(f"read.{name}")
            if self.builder.is_decided(f"read.{name}") and not isinstance(is_decided, str):
                self.builder.ask(f"read.{name}", "")
                continue
            self._draft_read(name, hint, is_decided)

    def _draft_read(self, name: str, hint: Mapping[str, t.Any], is_decided: str | None) -> None:
        operation = CONTRACTS[self.interface].reads[name]
        if operation.rows:
            self._draft_rows(name, hint, operation.gives)
            return
        scores = {path: self._score(path, hint, operation.gives) for path in self.visits_by_path}
        best = max(scores, key=lambda path: scores[path], default=None)
        if is_decided is not None and is_decided in self.visits_by_path:
            self.builder.decision(f"read.{name}")
            best = is_decided
        elif best is None or scores[best] < GOOD:
            pages = [
                Choice(path, each[-1].page.data.get("title", ""))
                for path, each in self.visits_by_path.items()
                if isinstance(each[-1].page.data, dict)
            ]
            question = f"Which page shows {name!r}? None was found. Without it, tasks that need it end 'unsupported'."
            self.builder.ask(f"read.{name}", question, pages, optional=True)
            return
        self.builder.set_value(f"read.{name}.steps", [{"get": self.path(best)}], f"the page {best}")
        proof = None
        for each, words in hint["fields"].items():
            chosen = draft_field(
                self.builder,
                f"read.{name}.fields.{each}",
                words,
                self.pages(best),
                needed=each in operation.gives,
                name=each,
            )
            if proof is None and each in operation.gives:
                proof = page_proof(chosen, self.pages(best))
            if chosen and self.interface == "tenant" and name == "whoami" and each == "tenant":
                self.path_values[str(evaluate(chosen.expression, self.pages(best)[-1].data))] = "${tenant}"
        if proof and f"read.{name}.steps" not in self.builder.decisions:
            self.builder.profile["read"][name]["steps"][0]["expect"] = proof

    def _score(self, path: str, hint: Mapping[str, t.Any], needed: frozenset[str]) -> int:
        total = 0
        for name, words in hint["fields"].items():
            found = rank_candidates(self.pages(path), words)
            good = found[0].score if found and found[0].score >= GOOD else 0
            total += good * (2 if name in needed else 1)
        return total + 3 * page_score(self.visits_by_path[path][-1], hint["page"]) if total else 0

    def _draft_rows(self, name: str, hint: Mapping[str, t.Any], needed: frozenset[str]) -> None:
        """Draft a read of rows from the JSON list whose objects have most of the fields, with its paging and proof."""
        found = [
            (
                sum(
                    word_score(column, words["words"]) >= GOOD
                    for words in hint["fields"].values()
                    for column in rows[0]
                ),
                at,
                visit,
                rows,
            )
            for shown in self.visits_by_path.values()
            for visit in shown
            if visit.page.kind == "json"
            for at, rows in lists_of_objects(visit.data)
        ]
        fitting = max(found, key=lambda item: item[0], default=None)
        if fitting is None or fitting[0] < len(needed):
            self.builder.ask(f"read.{name}", f"Which response lists the {name}? None was found.", optional=True)
            return
        _count, at, visit, rows = fitting
        step: dict[str, t.Any] = {"get": self.path(visit.path)}
        paging = self._find_paging(visit)
        cursor = paging.get("parameter")
        query = {each: int(value) if value.isdigit() else value for each, value in visit.query if each != cursor}
        if query:
            step["query"] = query
        self.builder.set_value(f"read.{name}.steps", [step], f"the list {at} of {visit.path}")
        self.builder.set_value(f"read.{name}.rows", at)
        if paging:
            self.builder.set_value(f"read.{name}.paging", paging, "the response names the next page")
        self._draft_complete(name, visit, len(rows))
        pages = [Page("json", row, visit.url) for row in rows]
        for each, words in hint["fields"].items():
            draft_field(self.builder, f"read.{name}.fields.{each}", words, pages, needed=each in needed, name=each)
        self._draft_applications(name, rows)

    def _draft_applications(self, name: str, rows: list[dict[str, t.Any]]) -> None:
        for column, value in rows[0].items():
            if (
                word_score(column, ["applications"])
                and isinstance(value, list)
                and value
                and isinstance(value[0], dict)
            ):
                keys = ", ".join(
                    f"{identifier(each)}: {identifier(each)}"
                    for each, item in value[0].items()
                    if not isinstance(item, (dict, list))
                )
                place = f"read.{name}.fields.applications"
                self.builder.set_value(place, f"{identifier(column)}[].{{{keys}}}", f"the list {column!r} of each")

    def _find_paging(self, visit: Visit) -> dict[str, t.Any]:
        if not isinstance(visit.data, dict):
            return {}
        for name in visit.data:
            if not word_score(name, hints()["paging"]["next"]):
                continue
            cursors = {
                str(each.data[name])
                for shown in self.visits_by_path.values()
                for each in shown
                if isinstance(each.data, dict) and each.data.get(name)
            }
            for shown in self.visits_by_path.values():
                for each in shown:
                    for parameter, value in each.query:
                        if value in cursors:
                            return {"next": identifier(name), "parameter": parameter}
            if any(urlsplit(each).path for each in cursors if "/" in each):
                return {"next": identifier(name)}
            if not cursors:
                return {}
            self.builder.ask("read.devices.paging.parameter", f"Which query parameter takes {name!r}?")
            return {"next": identifier(name)}
        return {}

    def _draft_complete(self, name: str, visit: Visit, count: int) -> None:
        if isinstance(visit.data, dict):
            for each, value in visit.data.items():
                if word_score(each, hints()["paging"]["total"]) >= GOOD and isinstance(value, int):
                    self.builder.set_value(
                        f"read.{name}.complete", {"total": identifier(each)}, f"{each} is {value}, rows: {count}"
                    )
                    return
        question = "What proves that all rows were read: a total, or a sign of the last page?"
        self.builder.ask(f"read.{name}.complete", question)


def page_score(visit: Visit, words: list[str]) -> int:
    """Return how well the title, headings or path of a page match ``words``."""
    texts = [re.sub(r"\.\w+$", "", visit.path.rsplit("/", 1)[-1])]
    if visit.page.kind == "html":
        texts += [*visit.data["headings"][:3], visit.data["title"]]
    return max(word_score(text, words) for text in texts)


def plain_fields(page: Page) -> dict[str, t.Any]:
    """Return a name and an expression for every value of ``page``, for interfaces without a contract."""
    fields: dict[str, t.Any] = {}
    values: set[str] = set()
    for each in candidates(page):
        source_name = each.name if each.kind != "image" else ""
        name = re.sub(r"\W+", "_", (source_name or each.label).lower()).strip("_")
        if not name or name in fields or (each.label and f"{each.label}={each.value}" in values):
            continue
        if name[0].isdigit():
            name = f"n{name}"
        values.add(f"{each.label}={each.value}")
        fields[name] = each.expression
    return fields
