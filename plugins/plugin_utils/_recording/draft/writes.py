# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts the writes of a profile from the forms and JSON requests that the recording sends while signed in.

Values that a person typed become placeholders or questions. A draft never contains such a value. What acts on one row
of a list finds the row by the person's address, or by another value that only this row has.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..hints import EXACT, hints, word_score
from ..matching import selects_operation
from .builder import Choice
from .candidates import form_pick, identifier, quoted
from .changes import RecordedWrite, find_writes
from .fields import GOOD, draft_field, page_proof
from .history import Form, RecordedSubmission, Visit
from .lists import RecordedRow, row_leading_to, row_of_request, row_of_submission
from .reads import ReadDrafter, page_name, page_score, placeholder_name
from .tokens import sent_tokens

__all__ = ["LIST_SEPARATORS", "RecordedWrite", "WriteDrafter", "find_writes"]

LIST_SEPARATORS = ("; ", ";", ", ", ",", "\n", " ")
_QUERY_METHOD = re.compile(r"(get|list|show|query|status|stats|info)", re.IGNORECASE)

Questions = list[tuple[str, str, list[Choice]]]


class WriteDrafter:
    """Drafts the writes, with the reads that prove them."""

    def __init__(self, reads: ReadDrafter) -> None:
        self.reads = reads
        self.builder = reads.builder
        self.history = reads.history
        self.found = find_writes(reads.history, reads.session, reads.lists)

    def draft(self) -> None:
        """Draft every write that the recording shows, and ask about those of the contract that it does not show."""
        if self.reads.interface == "other":
            for write in self.found:
                self._draft_free(write)
            return
        table = hints()[self.reads.interface]["write"]
        chosen: dict[str, RecordedWrite] = {}
        for write in self.found:
            scores = {name: self._score(write, name, hint) for name, hint in table.items()}
            best = max(scores, key=lambda name: scores[name], default="")
            if best and scores[best] > 0 and self._score_of(chosen.get(best), best, table) < scores[best]:
                chosen[best] = write
        for name, hint in table.items():
            place = f"write.{name}"
            if self.builder.is_decided(place) and not isinstance(self.builder.decisions[place], int):
                self.builder.ask(place, "")
            elif name in chosen:
                self._draft_write(name, hint, chosen[name])
            else:
                question = (
                    f"How does the interface do {name!r}? The recording does not show it. Without it, tasks that need "
                    "it end 'unsupported'."
                )
                self.builder.ask(place, question, optional=True)
        for write in self.found:
            if write not in chosen.values():
                self.builder.sure.append(f"left out: {write.name}: the contract has no such operation")

    # --- which write of the contract ---

    def _score_of(self, write: RecordedWrite | None, name: str, table: Mapping[str, t.Any]) -> int:
        return 0 if write is None else self._score(write, name, table[name])

    def _score(self, write: RecordedWrite, name: str, hint: Mapping[str, t.Any]) -> int:
        row = self._row_of(write)
        if "of_row" in hint and (row is None or self.reads.read_of.get(row.list.first.address) != hint["of_row"]):
            return 0
        link = row.link if row is not None else None
        texts = [link["text"], link["title"], link["id"]] if link is not None else []
        press = max((word_score(text, hint["press"]) for text in texts), default=0)
        if not write.submissions and link is None:
            return self._score_of_request(write.last, hint)
        first = write.submissions[0] if write.submissions else None
        press = max(press, _press_points(first.form, hint["press"]) if first is not None else 0)
        if "of_row" in hint:
            return 2 * press + EXACT if press else 0
        page = page_score(first.source, hint["page"]) if first is not None and "page" in hint else 1
        return 2 * press + page if page else 0

    @staticmethod
    def _score_of_request(sent: Visit, hint: Mapping[str, t.Any]) -> int:
        parts = [part for part in sent.path.split("/") if part]
        pressed = max(word_score(text, hint["press"]) for text in [*parts[-2:], sent.method])
        keys = sent.json_body if isinstance(sent.json_body, dict) else {}
        known = sum(_placeholder(str(key), dict(_inputs(hint))) is not None for key in keys)
        about = max((word_score(part, hint.get("page", [])) for part in parts), default=0)
        return pressed or (known + about if known and about >= GOOD else 0)

    # --- steps ---

    def _draft_write(self, name: str, hint: Mapping[str, t.Any], write: RecordedWrite) -> None:
        place = f"write.{name}"
        self.builder.decision(place)
        asked: Questions = []
        if write.request is not None and write.request.writes:
            self._draft_json(place, hint, write.request)
        else:
            steps = self._form_steps(place, write, lambda index, part: dict(_fill(place, index, part, hint, asked)))
            self.builder.set_value(f"{place}.steps", steps, write.name)
        for where, question, choices in asked:
            self.builder.ask(where, question, choices)
        answer = self.history.landing(write.last)
        pages = [answer.page] if answer.is_page else []
        proof = None
        for each, words in hint.get("fields", {}).items():
            needed = not words.get("optional")
            chosen = draft_field(self.builder, f"{place}.fields.{each}", words, pages, needed=needed, name=each)
            proof = proof or (page_proof(chosen, pages) if needed else None)
        if proof and f"{place}.steps" not in self.builder.decisions:
            self.builder.profile["write"][name]["steps"][-1]["expect"] = proof
        self._set_verify(place, write, hint.get("verify"))

    def _form_steps(
        self, place: str, write: RecordedWrite, fill_of: t.Callable[[int, RecordedSubmission], dict[str, t.Any]]
    ) -> list[dict[str, t.Any]]:
        """Return the steps of a write by forms: to its page, by the row of a list if need be, and its submissions."""
        row = self._row_of(write)
        if row is None:
            steps = self.reads.steps(self.history.fetched(write.submissions[0]), f"{place}.steps")
        else:
            steps = self.reads.steps(row.list.first, f"{place}.steps")
            if row.link is not None:
                name = next(name for name in ("text", "title", "id", "rel") if row.link[name])
                pick = f"links[?{name}=={quoted(row.link[name])}] | [0].href"
                proof = self._names_row(row, write.submissions[0].source) if write.submissions else {"writes": True}
                steps.append({"row": self._row(row), "follow": pick, **proof})
        for index, part in enumerate(write.submissions):
            step: dict[str, t.Any] = {"submit": form_pick(part.form, part.source.forms)}
            box = row.box if row is not None and not index else None
            if row is not None and row.link is None and not index:
                step = {"row": self._row(row), "submit": f"forms[?{_row_test(part.form, box)}] | [0]"}
                controls = [each for each in part.form["controls"] if each["name"] != box]
                part = replace(part, form={**part.form, "controls": controls})
            fill = fill_of(len(steps), part) | ({box: True} if box is not None else {})
            if fill:
                step["fill"] = fill
            if part.pressed:
                step["press"] = part.pressed
            if index < len(write.submissions) - 1:
                step["writes"] = False
                step |= self._names_row(row, write.submissions[index + 1].source) if row is not None else {}
            steps.append(step)
        return steps

    def _row_of(self, write: RecordedWrite) -> RecordedRow | None:
        """Return the row of a list on which a write acts: by its link, its form, or its value in a path."""
        lists = self.reads.lists
        if not write.submissions:
            return row_of_request(lists, write.last) if write.last.writes else row_leading_to(lists, write.last)
        first = write.submissions[0]
        return row_of_submission(lists, first) or row_leading_to(lists, self.history.entry(first.source))

    def _row(self, row: RecordedRow) -> dict[str, t.Any]:
        """Return the row of a step: the list, the value that tells the row, and the next page of the list."""
        paging = row.list.paging or {}
        made: dict[str, t.Any] = {"of": row.list.rows, "where": {row.key: f"${{{self._input_of(row)}}}"}}
        if row.keeps is not None and row.keeps != row.key:
            made["keep"] = {placeholder_name(row.keeps): identifier(row.keeps)}
        return made if "next" not in paging or "parameter" in paging else {**made, "next": paging["next"]}

    def _names_row(self, row: RecordedRow, page: Visit) -> dict[str, str]:
        """Return the proof that a page which asks for confirmation asks about this row, if it names the row."""
        named = page.page.kind == "html" and row.row[row.key] in page.data["text"]
        return {"expect": f"contains(text, '${{{self._input_of(row)}}}')"} if named else {}

    def _input_of(self, row: RecordedRow) -> str:
        """Return the input that means the row: the address of a person, or the name of the column."""
        return "address" if self.reads.interface in ("tenant", "site") else placeholder_name(row.key)

    def _draft_json(self, place: str, hint: Mapping[str, t.Any], sent: Visit) -> None:
        inputs = dict(_inputs(hint))
        before, headers = sent_tokens(self.builder, self.history, sent, f"{place}.steps")
        step: dict[str, t.Any] = {"send": sent.method, "path": self._path(sent.path, inputs), **headers}
        left = []
        if isinstance(sent.json_body, dict) and sent.json_body:
            step["json"] = {name: _placeholder(str(name), inputs) or value for name, value in sent.json_body.items()}
            left = [name for name, value in step["json"].items() if not str(value).startswith("${")]
        self.builder.set_value(f"{place}.steps", [*before, step], sent.name)
        for name in left:
            choices = [Choice(f"${{{each}}}") for each in inputs]
            key = f"{place}.steps.{len(before)}.json.{name}"
            self.builder.ask(key, f"Which input fills the key {name!r}?", choices)

    def _path(self, path: str, inputs: Mapping[str, list[str]]) -> str:
        """Return the path with a placeholder for each part that follows the name of an input (devices/SERIAL)."""
        parts = self.reads.path(path).split("/")
        for index in range(1, len(parts)):
            given = _placeholder(parts[index - 1].rstrip("s"), inputs)
            if given is not None and not parts[index].startswith("${"):
                parts[index] = given
        return "/".join(parts)

    def _set_verify(self, place: str, write: RecordedWrite, named: str | None) -> None:
        """Set the read that proves a write: the one of the contract, or the page that was visited after it."""
        verify = named if named in self.builder.profile.get("read", {}) else None
        if verify is None and self.reads.interface in ("site", "other"):
            after = (each.address for each in self.history.visits if each.number > write.last.number)
            verify = next((self.reads.read_of[each] for each in after if each in self.reads.read_of), None)
        if verify is not None:
            self.builder.set_value(f"{place}.verify", verify)

    # --- an interface without a contract ---

    def _draft_free(self, write: RecordedWrite) -> None:
        """Draft a write with its own inputs, or a read if a JSON request only asks."""
        if write.rpc_method and _QUERY_METHOD.search(write.rpc_method):
            self.reads.draft_query(write.last, placeholder_name(write.rpc_method))
            return
        row = self._row_of(write)
        texts = [row.part.get("text"), row.part.get("title")] if row is not None and row.part is not None else []
        text = next((each for each in (*write.labels[:1], *texts, write.rpc_method) if each), page_name(write.last))
        if row is not None and row.link is not None:
            text = next(filter(None, texts), text)
        elif row is not None and row.box is not None:
            text = next((value for name, value in write.last.form if selects_operation(name)), text)
        name = self.reads.new_name(text)
        place = f"write.{name}"
        inputs: list[str] = [self._input_of(row)] if row is not None else []
        if write.submissions or not write.last.writes:
            steps = self._form_steps(place, write, lambda _index, part: _changed(part, inputs))
        else:
            before, headers = sent_tokens(self.builder, self.history, write.last, f"{place}.steps")
            step = {**_request(write.last, inputs), **headers}
            if row is not None and row.keeps is not None:
                before = [*before, *self.reads.steps(row.list.first, f"{place}.steps")]
                step["path"] = step["path"].replace(f"/{row.row[row.keeps]}", f"/${{{placeholder_name(row.keeps)}}}", 1)
                step["row"] = self._row(row)
            steps = [*before, step]
        self.builder.set_value(place, {**({"inputs": inputs} if inputs else {}), "steps": steps}, write.name)
        self._set_verify(place, write, None)


def _row_test(form: Form, box: str | None) -> str:
    """Return a condition for the form of a row: by its check box or its button, which every row has."""
    labels = [each["label"] for each in form["buttons"] if each["label"]]
    if box is not None:
        return f"controls[?name=={quoted(box)}]"
    return f"buttons[?label=={quoted(labels[0])}]" if labels else "action"


def _changed(part: RecordedSubmission, inputs: list[str]) -> dict[str, t.Any]:
    """Return the fields that a person changed, each as a placeholder, and add their names to ``inputs``."""
    sent, fill = dict(part.visit.form), {}
    for each in part.form["controls"]:
        name = each["name"]
        if name and each["type"] not in ("hidden", "file") and sent.get(name) != part.form["fields"].get(name):
            fill[name] = sent.get(name) if selects_operation(name) else f"${{{_input(name, inputs)}}}"
    return fill


def _input(name: str, inputs: list[str]) -> str:
    given = placeholder_name(name) or "value"
    if given not in inputs:
        inputs.append(given)
    return given


def _request(visit: Visit, inputs: list[str]) -> dict[str, t.Any]:
    """Return the step of a request without a form, with an input for each value below its first level."""
    step: dict[str, t.Any] = {"send": visit.method, "path": visit.path}
    if isinstance(visit.json_body, dict):
        step["json"] = {
            name: {
                key: value if isinstance(value, list) else f"${{{_input(key, inputs)}}}" for key, value in item.items()
            }
            if isinstance(item, dict)
            else item
            for name, item in visit.json_body.items()
        }
    elif visit.form:
        step["form"] = {name: f"${{{_input(name, inputs)}}}" for name, _value in visit.form}
    return step


def _press_points(form: Form, words: list[str]) -> int:
    """Score a form by its button labels and hidden values. Part of a word (Register in Unregister) does not count."""
    texts = [each["label"] for each in form["buttons"]]
    texts += [each["value"] for each in form["controls"] if each["type"] == "hidden" and len(str(each["value"])) < 25]
    return max((word_score(str(text), words) for text in texts), default=0)


def _fill(
    place: str, index: int, part: RecordedSubmission, hint: Mapping[str, t.Any], asked: Questions
) -> Iterator[tuple[str, t.Any]]:
    """Yield the fields that a step fills in, with their placeholders.

    A field that a person changed and that no hint explains is added to ``asked`` as a question.
    """
    inputs = dict(_inputs(hint))
    free = dict(inputs)
    sent = dict(part.visit.form)
    for control in part.form["controls"]:
        name, kind = control["name"], control["type"]
        if not name or kind in ("hidden", "file"):
            continue
        if kind == "password":
            yield name, "${password}"
            continue
        scored = {
            each: max(word_score(control["label"], words), word_score(name, words)) for each, words in free.items()
        }
        best = max(scored, key=lambda each: scored[each], default=None)
        if best is not None and scored[best] >= GOOD:
            del free[best]
            if best == "exceptions":
                yield name, {"join": _separator(place, index, name, sent.get(name, ""), asked), "of": "${exceptions}"}
            else:
                yield name, f"${{{best}}}"
            continue
        if sent.get(name) != part.form["fields"].get(name):
            choices = [Choice(f"${{{each}}}") for each in inputs] + [Choice(None, "do not change this field")]
            label = control["label"] or name
            asked.append((f"{place}.steps.{index}.fill.{name}", f"Which input fills the field {label!r}?", choices))


def _separator(place: str, index: int, name: str, sent: str, asked: Questions) -> str:
    found = next((each for each in LIST_SEPARATORS if each in sent.strip()), None)
    if found is None:
        choices = [Choice(each, repr(each)) for each in (";", ",", " ")]
        asked.append((f"{place}.steps.{index}.fill.{name}.join", "What separates the entries of the list?", choices))
    return found or "?"


def _inputs(hint: Mapping[str, t.Any]) -> Iterator[tuple[str, list[str]]]:
    for name, words in hint.get("inputs", {}).items():
        if isinstance(words, str):  # READ.FIELD: use the words of that field
            read, each = words.split(".")
            words = hints()["controller"]["read"][read]["fields"][each]["words"]
        yield name, list(words)


def _placeholder(name: str, inputs: Mapping[str, list[str]]) -> str | None:
    scored = {each: word_score(name, words) for each, words in inputs.items()}
    best = max(scored, key=lambda each: scored[each], default=None)
    return f"${{{best}}}" if best is not None and scored[best] >= GOOD else None
