# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the decisions of a draft from what a person did and pointed at. Pure; the draft does the rest.

Keys and values are those of the option ``decisions`` of ``profile_draft``: pointing answers a draft's questions.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from ...module_utils._prisma.contract import CONTRACTS
from ...module_utils._web.page.page import Page
from .._recording.draft.builder import open_places
from .._recording.draft.candidates import evaluate, identifier
from .._recording.draft.changes import RecordedWrite, find_writes
from .._recording.draft.fields import page_proof, unknown_texts
from .._recording.draft.history import BrowsingHistory, Visit
from .._recording.draft.input_names import inputs_of
from .._recording.draft.inputs import InputNames
from .._recording.draft.lists import find_lists, first_page, onward_of
from .._recording.draft.rows import RowList
from .._recording.draft.session import RecordedSession, find_session
from .._recording.draft.sign_in import steps_in_session
from .._recording.draft.steps import StepDrafter
from .._recording.hints import field_hints
from .application_columns import application_roles
from .guide import Guide, GuideResult
from .lists import ListOffer, other_columns, paging_parameters
from .offers import Offer
from .sign_in import shown_session, sign_in_decisions
from .tasks import GuideTask, recorder_data

if t.TYPE_CHECKING:
    from .capture import Capture, TypedValue


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
    session: RecordedSession = field(init=False)
    steps: StepDrafter = field(init=False)

    def decisions(self) -> dict[str, t.Any]:
        """Return all decisions by key. An operation that was skipped is decided as None, so nothing asks for it."""
        self.session = find_session(self.history, shown_session(self.guide, self.capture))
        made = sign_in_decisions(self.guide, self.session)
        self.steps = steps_in_session(self.history, self.session, self.guide.interface)
        operations = dict(self._operations())
        lacking = {f"{sent.name} sends the header {name}" for sent, name in self.steps.lacking}
        self.notes += [f"{each}, whose value is nowhere in the recording" for each in sorted(lacking)]
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
        shown = [task.group for task in self.guide.tasks if task.group.startswith(("read.", "write."))]
        for group in dict.fromkeys([*known, *shown]):
            make = self._read if group.startswith("read.") else self._write
            yield group, self._whole(group, make(group))

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
            hint = field_hints(self.guide.interface, group).get(each, {})
            if "otherwise" not in hint:
                self.notes.append(f"{group}: left out, because {each!r} was not pointed at")
                return None
            fields[each] = hint["otherwise"]
        if not fields:
            del made["fields"]
        return made

    def _pointed(self, group: str) -> list[tuple[GuideTask, GuideResult, Offer]]:
        """Return the fields of an operation for which something was pointed at."""
        tasks = [task for task in self.guide.tasks if task.group == group and task.field]
        found = [(task, result) for task in tasks if (result := self.guide.result(task.key)) is not None]
        return [(task, result, result.offer) for task, result in found if result.offer is not None]

    def _visits(self, first: int, last: int) -> list[Visit]:
        """Return the visits that were recorded from one exchange to another."""
        begin, end = self.capture.renumbered(first, last)
        return [each for each in self.history.visits if begin <= each.number <= end]

    def _visit(self, group: str, result: GuideResult) -> Visit | None:
        """Return the visit of the page that was pointed at; None, with a note, if it is at another host."""
        visits = self._visits(result.first, result.first)
        if not visits and result.element is not None:
            page = result.offer.page.url if result.offer is not None else result.element.url
            self.notes.append(f"{group}: left out, because {page} is at another host or was not recorded")
        return visits[0] if visits else None

    # --- reads ---

    def _read(self, group: str) -> dict[str, t.Any] | None:
        listed, found = self.guide.result(group), self._pointed(group)
        if listed is not None:
            return self._list(group, listed)
        visit = self._visit(group, found[0][1]) if found else None
        if visit is None:
            return None
        steps = self.steps.page(visit)
        self._prove(steps, [offer for task, _result, offer in found if task.needed][:1], every_visit=True)
        fields = {task.field: self._with_other_texts(group, result.pick, offer) for task, result, offer in found}
        return {"steps": steps, "fields": fields}

    def _prove(self, steps: list[dict[str, t.Any]], offers: Sequence[Offer], *, every_visit: bool = False) -> None:
        """Let the last step expect what proves the page of one of ``offers``, if anything does.

        ``every_visit``: it must hold on every visit of the page, and not only after a write.
        """
        for each in offers:
            proof = page_proof(each, [each.page, *(self._other_visits(each) if every_visit else ())])
            if proof is not None:
                steps[-1]["expect"] = proof
                return

    def _other_visits(self, offer: Offer) -> list[Page]:
        """Return the page that was pointed at as every visit of the session shows it."""
        return [each.page for each in self.session.pages if each.page.url == offer.page.url]

    def _with_other_texts(self, group: str, pick: t.Any, offer: Offer) -> t.Any:
        """Return how a profile reads a value. Note the texts of other visits of its page whose meaning is not known."""
        if isinstance(pick, dict) and "values" in pick:
            for text in unknown_texts(pick["pick"], pick["values"], self._other_visits(offer)):
                self.notes.append(f"{group}: the page also showed {text!r}, whose meaning is not known")
        return pick

    def _list(self, group: str, result: GuideResult) -> dict[str, t.Any] | None:
        rows, visit = result.rows, self._visit(group, result)
        if rows is None or visit is None:
            return None
        data = recorder_data()
        name = group.removeprefix("read.")
        key = data["list_keys"].get(name) or data["list_key"].get(self.guide.interface, "key")
        fields = {key: rows.field, **self._columns(name, key, rows)}
        paging, complete, parameters = self._onward(group, rows)
        read = {
            "steps": self.steps.list_page(first_page(self.history.visits, visit, parameters), rows.rows),
            "rows": rows.rows,
            "paging": paging,
            "complete": complete,
            "fields": fields,
        }
        return {name: value for name, value in read.items() if value}

    def _onward(self, group: str, rows: ListOffer) -> tuple[dict[str, t.Any], dict[str, t.Any], frozenset[str]]:
        """Return how a list goes on, the proof that all rows were read, and the parameters that tell its pages apart.

        What was pointed at comes first. Of JSON the recorded pages say it. Without a proof the draft asks.
        """
        following, total = self.guide.result(f"{group}.next"), self.guide.result(f"{group}.total")
        lists = find_lists(self.session.pages) if rows.page.kind == "json" else ()
        same = (each for each in lists if each.rows == rows.rows and rows.page.url in {one.url for one in each.pages})
        recorded = next(same, None)
        paging: dict[str, t.Any] = (recorded.paging if recorded is not None else None) or {}
        parameters = recorded.parameters if recorded is not None and paging else frozenset()
        if following is not None:
            paging, parameters = following.pick, paging_parameters(rows.page, following.element)
        skipped = self.guide.results.get(f"{group}.next")
        if total is not None:
            return paging, total.pick, parameters
        if recorded is not None and recorded.complete:
            return paging, recorded.complete, parameters
        if following is not None and "next" in paging:
            return paging, {"last_page": f"!({paging['next']})"}, parameters
        # The person may have said that the list has one page only.
        whole = not paging and skipped is not None and skipped.pick
        return paging, {"last_page": "`true`"} if whole else {}, parameters

    def _columns(self, name: str, key: str, rows: ListOffer) -> dict[str, t.Any]:
        """Return the other columns of a list, as far as their headings say what they are."""
        table = field_hints(self.guide.interface, f"read.{name}")
        known = {each: {"words": words} for each, words in recorder_data()["list_columns"].items()} | {**table}
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
        roles = table.get("applications", {}).get("roles")
        each_role = application_roles(rows.columns, roles) if roles else None
        return found | ({"applications": each_role} if each_role else {})

    # --- writes ---

    def _write(self, group: str) -> dict[str, t.Any] | None:
        doing = next((task for task in self.guide.tasks if task.key == group and task.does), None)
        done = self.guide.result(group)
        if doing is None or done is None:
            return None
        first, last = self.capture.renumbered(done.first, done.last)
        self.steps.lists = self._row_lists(doing)
        found = find_writes(self.history, first - 1, last + 1, self.steps.lists)
        opened, pointed = self._visits(done.first, done.last), self._pointed(group)
        fields = {task.field: result.pick for task, result, _offer in pointed}
        if doing.opens and opened:  # an address, such as a registration address
            if found:
                self.notes.append(f"{group}: what was sent after {opened[0].name} is not in the profile")
            steps: list[dict[str, t.Any]] = [{"get": "${address}", "writes": True}]
            self._prove(steps, [offer for _task, _result, offer in pointed])
            return {"steps": steps, "fields": fields}
        if not found:
            self.notes.append(f"{group}: no change was sent while it was to be done")
            return None
        names, steps = self._change(group, doing, found)
        subject, value = self._subject(doing)
        if value and not any(open_places(steps)) and not {subject, names.of_value(value)} & {*inputs_of(steps)}:
            self.notes.append(f"{group}: left out, because nothing that was sent says on whom or what it acts")
            return None
        inputs = inputs_of(steps) if self.guide.interface == "other" else []
        if self.guide.interface == "other" and not (inputs or any(open_places(steps))) and self._typed(done):
            self.notes.append(f"{group}: left out, because nothing that was sent has what was typed")
            return None
        self._prove(steps, [offer for task, _result, offer in pointed if task.needed][:1])
        if not doing.verify and fields:
            steps[-1]["writes"] = False  # it only tests what is set
        write = {"inputs": inputs, "steps": steps, "fields": fields}
        if doing.verify and self._read(f"read.{doing.verify}"):
            write["verify"] = doing.verify
        return {name: value for name, value in write.items() if value}

    def _change(
        self, group: str, doing: GuideTask, found: Sequence[RecordedWrite]
    ) -> tuple[InputNames, list[dict[str, t.Any]]]:
        """Return the steps of the change that was to be done, and what their values are.

        A link of a row may only lead to a page that redirects, and be followed after the change. What scripts send
        when they draw the page again has no input: the last change counts that has one, or else the last of all.
        """
        made = []
        for change in [*(each for each in reversed(found) if each.last.writes and not each.last.only_asks), found[-1]]:
            names = self.names(group, doing)
            made.append((names, self.steps.write(change, names)))
            if inputs_of(made[-1][1]) or any(open_places(made[-1][1])):
                return made[-1]
        return made[0]

    def _row_lists(self, doing: GuideTask) -> list[RowList]:
        """Return the list that was pointed at, with the row of the test person or the test device; none without one."""
        listed = self.guide.result(f"read.{doing.verify}")
        rows = None if listed is None else listed.rows
        name, value = self._subject(doing)
        if rows is None or not value:
            return []
        column = next((name for name in rows.columns if identifier(name) == rows.field), rows.field)
        paging, complete, parameters = self._onward(f"read.{doing.verify}", rows)
        onward = onward_of(paging or None, complete)
        return [RowList(rows.rows, tuple(self.history.visits), column, name, onward, parameters, meant=value)]

    def _subject(self, doing: GuideTask) -> tuple[str, str]:
        """Return the input that says who or what a write is about, and its value here: empty if it is about none."""
        if doing.person:
            return "person", self.guide.person
        shown = self.guide.results.get(doing.shown_by)
        return "serial", str(shown.offer.value) if shown is not None and shown.offer is not None else ""

    def names(self, group: str, doing: GuideTask) -> InputNames:
        """Return what the values of a write are, from what was pointed at and typed."""
        by_control: dict[str, str] = {}
        by_json: dict[str, str] = {}
        for task, result, offer in self._pointed(f"read.{doing.verify}"):
            if result.element is not None and result.element.name:
                by_control[result.element.name] = task.field
            for control in self._controls_of(doing, offer):
                by_control.setdefault(control, task.field)
            if offer.goes_by == "json":
                by_json[_place(offer.expression)] = task.field
        by_value = {self.guide.person: "address" if self.guide.interface != "other" else "person"}
        inputs = allowed_inputs(self.guide.interface, group)
        subject, value = self._subject(doing)
        by_value.setdefault(value, subject)
        return InputNames(
            by_control,
            by_json,
            {value.casefold(): name for value, name in by_value.items() if value},
            passwords=frozenset(self._passwords() if self.guide.interface == "other" else self.capture.passwords()),
            typed={each.name: each.value for each in self.capture.typed if not each.secret},
            # The account's own password has the other name where an interface has no contract.
            new_password="new_password" if self.guide.interface == "other" else "password",
            choices={name: each for name, each in recorder_data()["choices"].items() if name in inputs},
            switches={
                task.field: (str(offer.value), result.on)
                for task, result, offer in self._pointed(f"read.{doing.verify}")
                if result.on is not None
            },
            ask=partial(self.ask, group),
        )

    def _controls_of(self, doing: GuideTask, offer: Offer) -> list[str]:
        """Return the control into which what the read shows after the change was typed; none if several fit."""
        done = self.guide.result(doing.key)
        if done is None:
            return []
        typed = self._typed(done)
        at = urlsplit(offer.page.url).path
        visits = (each for each in self._visits(done.first, done.last) if each.is_page)
        shown = [str(evaluate(offer.expression, each.data)) for each in visits if urlsplit(each.url).path == at]
        found = {each.name for each in typed if shown and each.value and each.value == shown[-1]}
        return list(found) if len(found) == 1 else []

    def _typed(self, done: GuideResult) -> list[TypedValue]:
        """Return what was typed while something was done, but for passwords."""
        return [each for each in self.capture.typed_in(done.first, done.last) if not each.secret]

    def _passwords(self) -> set[str]:
        """Return the passwords that were typed to sign in. A password for somebody else is none of them."""
        done = self.guide.results.get("sign_in")
        typed = self.capture.typed_in(done.first, done.last) if done is not None else ()
        return {each.value for each in typed if each.secret and each.value}


def registration_method(guide: Guide) -> str:
    """Return how a controller registers a printer: by a link, if a registration address was pointed at."""
    return "link" if guide.result("read.registration.fields.address") is not None else "hand_over"


def _place(expression: str) -> str:
    """Return the place of the list of a joined text, and any other expression as it is."""
    if expression.startswith("join("):
        return expression.rsplit(", ", 1)[-1].removesuffix(")")
    return expression


def allowed_inputs(interface: str, group: str) -> list[str]:
    """Return the inputs of a write by name; none for an interface without a contract."""
    operation = CONTRACTS[interface].writes.get(group.removeprefix("write."))
    return [] if operation is None else sorted(operation.inputs)
