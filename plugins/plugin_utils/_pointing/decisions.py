# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the decisions of a draft from what a person did and pointed at. Pure; the draft does the rest.

Keys and values are those of the option ``decisions`` of ``profile_draft``: pointing answers a draft's questions.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from ...module_utils._prisma.contract import CONTRACTS
from .drafting import (
    BrowsingHistory,
    RecordedWrite,
    Visit,
    evaluate,
    hints,
    identifier,
    meaning_of,
    page_proof,
    writes_between,
)
from .guide import Guide, GuideResult
from .lists import ListOffer, other_columns
from .rows import RowPlace
from .sign_in import sign_in_decisions, sign_out_decision
from .steps import InputNames, page_step, write_steps
from .tasks import GuideTask, recorder_data

if t.TYPE_CHECKING:
    from .capture import Capture


@dataclass
class Decider:
    """Makes the decisions of one recording session.

    ``ask``: asks what a person typed, by the key of the write, the name and the label of the control.
    """

    guide: Guide
    capture: Capture
    history: BrowsingHistory
    ask: t.Callable[[str, str, str], str | None]
    notes: list[str] = field(default_factory=list)

    def decisions(self) -> dict[str, t.Any]:
        """Return all decisions by key. An operation that was skipped is decided as None, so nothing asks for it."""
        made: dict[str, t.Any] = {}
        made |= sign_in_decisions(self.guide, self.capture, self.history)
        out = sign_out_decision(self.guide, self.capture, self.history)
        made["sign_out"] = out
        operations = dict(self._operations())
        if self.guide.interface != "other":
            return made | operations
        # Without a contract a draft makes an operation of every page; only those that were meant are kept.
        for part in ("read", "write"):
            found = {key.partition(".")[2]: item for key, item in operations.items() if key.startswith(f"{part}.")}
            made[part] = {name: item for name, item in found.items() if item is not None}
        return made

    def _operations(self) -> Iterator[tuple[str, t.Any]]:
        contract = CONTRACTS[self.guide.interface]
        known = [*(f"read.{name}" for name in contract.reads), *(f"write.{name}" for name in contract.writes)]
        groups = list(dict.fromkeys([*known, *(task.group for task in self.guide.tasks)]))
        for group in groups:
            if not group.startswith(("read.", "write.")):
                continue
            tasks = [task for task in self.guide.tasks if task.group == group]
            yield (
                group,
                self._whole(group, self._read(tasks) if group.startswith("read.") else self._write(group, tasks)),
            )

    def _whole(self, group: str, made: dict[str, t.Any] | None) -> dict[str, t.Any] | None:
        """Return the operation with every field that the contract demands; None, with a note, if one is missing."""
        part, _dot, name = group.partition(".")
        contract = CONTRACTS[self.guide.interface]
        operation = (contract.reads if part == "read" else contract.writes).get(name)
        if made is None or operation is None:
            return made
        fields = made.setdefault("fields", {})
        demanded = operation.gives | operation.by_method.get(registration_method(self.guide), frozenset())
        for each in sorted(demanded - set(fields)):
            hint = hints().get(self.guide.interface, {}).get(part, {}).get(name, {}).get("fields", {}).get(each, {})
            if "otherwise" not in hint:
                self.notes.append(f"{group}: left out, because {each!r} was not pointed at")
                return None
            fields[each] = hint["otherwise"]
        if not fields:
            del made["fields"]
        return made

    def _result(self, task: GuideTask) -> GuideResult | None:
        found = self.guide.results.get(task.key)
        return None if found is None or found.skipped else found

    def _visit(self, number: int) -> Visit | None:
        wanted = self.capture.renumbered(number)
        return next((each for each in self.history.visits if each.number == wanted), None)

    # --- reads ---

    def _read(self, tasks: list[GuideTask]) -> dict[str, t.Any] | None:
        for task in tasks:
            if task.points == "list":
                result = self._result(task)
                return None if result is None else self._list(task, result)
        found = [(task, result) for task in tasks if (result := self._result(task)) is not None and result.offer]
        if not found:
            return None
        visit = self._visit(found[0][1].first)
        if visit is None:
            return None
        step = page_step(visit)
        needed = [result for task, result in found if task.needed]
        proof = self._proof(needed[0]) if needed and needed[0].offer else None
        if proof:
            step["expect"] = proof
        return {
            "steps": [step],
            "fields": {task.field: self._with_other_texts(task, result) for task, result in found},
        }

    def _proof(self, result: GuideResult) -> str | None:
        if result.offer is None:
            raise AssertionError("what was pointed at has an offer")
        return page_proof(result.offer.candidate, [result.offer.page])

    def _with_other_texts(self, task: GuideTask, result: GuideResult) -> t.Any:
        """Add the texts that other visits of the same page show, if their meaning is known."""
        pick = result.pick
        if not isinstance(pick, dict) or "values" not in pick or result.offer is None:
            return pick
        at = urlsplit(result.offer.page.url).path
        for visit in self.history.visits:
            if urlsplit(visit.url).path != at or not visit.is_page:
                continue
            text = evaluate(pick["pick"], visit.data)
            if text and meaning_of(text, pick["values"]) is None:
                self.notes.append(f"{task.group}: the page also showed {text!r}, whose meaning is not known")
        return pick

    def _list(self, task: GuideTask, result: GuideResult) -> dict[str, t.Any] | None:
        rows, visit = result.rows, self._visit(result.first)
        if rows is None or visit is None:
            return None
        data = recorder_data()
        name = task.group.removeprefix("read.")
        key = data["list_keys"].get(name) or data["list_key"].get(self.guide.interface, "key")
        fields = {key: rows.field, **self._columns(name, key, rows)}
        step = page_step(visit)
        if "query" in step:
            paging = {"page", "start", "offset", "cursor", "skip"}
            step["query"] = {each: value for each, value in step["query"].items() if each not in paging}
        if rows.page.kind == "html":
            step["expect"] = f"length({rows.rows.removesuffix(' | [0].rows')}) == `1`"
            if not rows.rows.endswith(" | [0].rows"):
                del step["expect"]
        read: dict[str, t.Any] = {"steps": [step], "rows": rows.rows}
        following = self.guide.results.get(f"{task.group}.next")
        if following is not None and not following.skipped:
            read["paging"] = following.pick
        total = self.guide.results.get(f"{task.group}.total")
        if total is not None and not total.skipped:
            read["complete"] = {"total": total.pick}
        elif "next" in read.get("paging", {}):
            read["complete"] = {"last_page": f"!({read['paging']['next']})"}
        else:
            read["complete"] = {"total": f"length({rows.rows})"}
        return {**read, "fields": fields}

    def _columns(self, name: str, key: str, rows: ListOffer) -> dict[str, t.Any]:
        """Return the other columns of a list, as far as their headings say what they are."""
        table = hints().get(self.guide.interface, {}).get("read", {}).get(name, {}).get("fields", {})
        known = {each: {"words": words} for each, words in recorder_data()["list_columns"].items()} | table
        operation = CONTRACTS[self.guide.interface].reads.get(name)
        if operation is not None:
            known = {each: hint for each, hint in known.items() if each in operation.gives | operation.may_give}
        known.pop(key, None)
        found: dict[str, t.Any] = {}
        for each, column in other_columns(rows, {each: hint["words"] for each, hint in known.items()}).items():
            found[each] = {"pick": column}
            if operation is None or each not in operation.gives:
                found[each]["required"] = False
            if "values" in known[each]:
                found[each]["values"] = {meaning: list(texts) for meaning, texts in known[each]["values"].items()}
        return found

    # --- writes ---

    def _write(self, group: str, tasks: list[GuideTask]) -> dict[str, t.Any] | None:
        doing = next((task for task in tasks if task.does), None)
        done = self._result(doing) if doing else None
        if doing is None or done is None:
            return None
        first, last = self.capture.renumbered(done.first), self.capture.renumbered(done.last + 1) - 1
        found = writes_between(self.history, first, last)
        opened = next((each for each in self.history.visits if first <= each.number <= last), None)
        if doing.opens and opened is not None:
            return self._open(tasks, opened, found)
        if not found:
            self.notes.append(f"{group}: no change was sent while it was to be done")
            return None
        names = self.names(group, doing)
        steps, used = write_steps(self.history, found[-1], names, partial(self.ask, group), self._row(doing))
        fields = {
            task.field: result.pick for task in tasks if task.field and (result := self._result(task)) is not None
        }
        write: dict[str, t.Any] = {}
        if self.guide.interface == "other":
            inputs = sorted(used - {"username", "password", "host"})
            write |= {"inputs": inputs} if inputs else {}
        write["steps"] = steps
        proofs = [
            self._proof(result)
            for task in tasks
            if task.field and task.needed and (result := self._result(task)) is not None and result.offer
        ]
        if proofs and proofs[0]:
            steps[-1]["expect"] = proofs[0]
        if fields:
            write["fields"] = fields
        if not doing.verify and fields:
            steps[-1]["writes"] = False  # it only tests what is set
        if doing.verify and self._read([task for task in self.guide.tasks if task.group == f"read.{doing.verify}"]):
            write["verify"] = doing.verify
        return write

    def _row(self, doing: GuideTask) -> RowPlace | None:
        """Return the row of the test person in the list that was pointed at."""
        listed = self.guide.results.get(f"read.{doing.verify}")
        rows = None if listed is None or listed.skipped else listed.rows
        if rows is None or not doing.person or not self.guide.person:
            return None
        column = next((name for name in rows.columns if identifier(name) == rows.field), rows.field)
        chosen: dict[str, t.Any] = {"of": rows.rows, "where": {column: "${person}"}}
        following = self.guide.results.get(f"read.{doing.verify}.next")
        if following is not None and not following.skipped and "next" in following.pick:
            chosen["next"] = following.pick["next"]
        return RowPlace(chosen, rows.rows, rows.field, self.guide.person)

    def _open(self, tasks: list[GuideTask], opened: Visit, found: list[RecordedWrite]) -> dict[str, t.Any]:
        """Return the write that opens an address, such as a registration address."""
        step: dict[str, t.Any] = {"get": "${address}", "writes": True}
        pointed = [(task, result) for task in tasks if task.field and (result := self._result(task)) is not None]
        proofs = [proof for _task, result in pointed if result.offer and (proof := self._proof(result))]
        if proofs:
            step["expect"] = proofs[0]
        if found:
            self.notes.append(f"{tasks[0].group}: what was sent after {opened.name} is not in the profile")
        return {"steps": [step], "fields": {task.field: result.pick for task, result in pointed}}

    def names(self, group: str, doing: GuideTask) -> InputNames:
        """Return what the values of a write are, from what was pointed at and typed."""
        by_control: dict[str, str] = {}
        by_json: dict[str, str] = {}
        for task in self.guide.tasks:
            result = self._result(task)
            if task.group != f"read.{doing.verify}" or not task.field or result is None:
                continue
            if result.element is not None and result.element.name:
                by_control[result.element.name] = task.field
            for control in self._controls_of(doing, result):
                by_control.setdefault(control, task.field)
            if result.offer is not None and result.offer.goes_by == "json":
                by_json[_place(result.offer.expression)] = task.field
        person = self.guide.person.casefold()
        return InputNames(
            by_control,
            by_json,
            {person: "address" if self.guide.interface != "other" else "person"} if person else {},
            frozenset(self._passwords() if self.guide.interface == "other" else self.capture.passwords()),
            {each.name: each.value for each in self.capture.typed if not each.secret},
            # The account's own password has the other name where an interface has no contract.
            new_password="new_password" if self.guide.interface == "other" else "password",
        )

    def _controls_of(self, doing: GuideTask, result: GuideResult) -> list[str]:
        """Return the control into which what the read shows after the change was typed; none if several fit."""
        done = self._result(doing)
        if done is None or result.offer is None:
            return []
        typed = [each for each in self.capture.typed if done.first <= each.number <= done.last + 1 and not each.secret]
        first, last = self.capture.renumbered(done.first), self.capture.renumbered(done.last + 1) - 1
        at = urlsplit(result.offer.page.url).path
        shown = [
            str(evaluate(result.offer.expression, each.data))
            for each in self.history.visits
            if first <= each.number <= last and each.is_page and urlsplit(each.url).path == at
        ]
        found = {each.name for each in typed if shown and each.value and each.value == shown[-1]}
        return list(found) if len(found) == 1 else []

    def _passwords(self) -> set[str]:
        """Return the passwords that were typed to sign in. A password for somebody else is none of them."""
        done = self.guide.results.get("sign_in")
        typed = [each for each in self.capture.typed if each.secret and each.value]
        return {each.value for each in typed if done is not None and done.first <= each.number <= done.last + 1}


def registration_method(guide: Guide) -> str:
    """Return how a controller registers a printer: by a link, if a registration address was pointed at."""
    address = guide.results.get("read.registration.fields.address")
    return "link" if address is not None and not address.skipped else "hand_over"


def _place(expression: str) -> str:
    """Return the place of the list of a joined text, and any other expression as it is."""
    if expression.startswith("join("):
        return expression.rsplit(", ", 1)[-1].removesuffix(")")
    return expression


def allowed_inputs(interface: str, group: str) -> Mapping[str, str]:
    """Return the inputs of a write by name; none for an interface without a contract."""
    contract = CONTRACTS[interface]
    operation = contract.writes.get(group.removeprefix("write."))
    return {} if operation is None else {name: name for name in sorted(operation.inputs)}
