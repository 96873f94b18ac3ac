# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts the writes from submitted forms and JSON requests, and finds which operation each one is.

Values that a person typed become placeholders or questions. A draft never contains such a value.
"""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Iterator, Mapping, Sequence

from ..hints import EXACT, has_word, hints, word_score
from ..matching import selects_operation
from .builder import DECIDE, Choice, open_places
from .changes import RecordedWrite, can_be_sent, find_writes
from .fields import GOOD, draft_fields
from .history import Visit
from .input_names import inputs_of, own_input, placeholder_name
from .inputs import InputNames
from .reads import ReadDrafter, page_name, page_score
from .row_pages import is_page_of_row
from .rows import RecordedRow

_QUERIES = ("get", "list", "show", "query", "status", "stats", "info")
"""Words in the name of a method that only asks."""


class WriteDrafter:
    """Drafts the writes, with the reads that prove them."""

    def __init__(self, reads: ReadDrafter) -> None:
        self.reads = reads
        self.builder = reads.builder
        self.steps = reads.steps
        self.history = reads.steps.history
        session = reads.session
        self.found = find_writes(self.history, session.first, session.last, reads.steps.lists)
        others = (each.name for each in self.history.visits if each.writes and not can_be_sent(each))
        self.history.left_out += [f"{name}: what was sent is neither fields nor JSON" for name in others]

    def draft(self) -> None:
        """Draft every write that the recording shows, and ask about those of the contract that it does not show."""
        if self.reads.interface == "other":
            for write in self.found:
                self._draft_free(write)
            return
        table = hints()[self.reads.interface]["write"]
        chosen: dict[str, RecordedWrite] = {}
        best: dict[str, tuple[int, int]] = {}
        self.found = [each for each in self.found if not each.last.only_asks]
        for write in self.found:
            row = self.steps.row_of(write)
            scores = {name: (self._score(write, row, hint), _known_fields(write, hint)) for name, hint in table.items()}
            *_others, second, (name, score) = [("", (0, 0)), *sorted(scores.items(), key=lambda each: each[1])]
            if score[0] and score != second[1] and score > best.get(name, (0, 0)):  # of two that fit as well, none
                chosen[name], best[name] = write, score
        others = [write for write in self.found if write not in chosen.values()]
        for name, hint in table.items():
            place = f"write.{name}"
            decided = self.builder.decisions.get(place)
            if name not in chosen and (meant := _meant(decided, others)) is not None:
                chosen[name] = meant
            elif self.builder.is_decided(place) and not isinstance(decided, int):
                self.builder.ask(place, "")
                continue
            if name in chosen:
                self._draft_write(name, hint, chosen[name])
                continue
            shown = "Which of the other changes is it?" if others else "The recording does not show it."
            question = f"How does the interface do {name!r}? {shown} Without it, tasks that need it end 'unsupported'."
            self.builder.ask(place, question, [Choice(each.name) for each in others], optional=True)
        for write in self.found:
            if write not in chosen.values():
                self.builder.sure.append(f"left out: {write.name}: the contract has no such operation")

    # --- which write of the contract ---

    def _score(self, write: RecordedWrite, row: RecordedRow | None, hint: Mapping[str, t.Any]) -> int:
        link = row.link if row is not None else None
        if "of_row" in hint:
            first = row.list.first if row is not None else None
            if first is None or self.reads.read_of.get(first.address) != hint["of_row"]:
                return 0
        if not write.submissions and link is None:
            return self._score_of_request(write.last, hint)
        texts = [*row.link_texts, *([link["id"]] if link is not None else [])] if row is not None else []
        for part in write.submissions[:1]:
            hidden = (str(each["value"]) for each in part.form["controls"] if each["type"] == "hidden")
            texts += [*write.labels, *(each for each in hidden if len(each) < 25)]
        press = max((word_score(text, hint["press"]) for text in texts), default=0)
        if "of_row" in hint:
            return 2 * press + EXACT if press else 0
        if "page" not in hint or not write.submissions:
            return 2 * press
        page = page_score(write.submissions[0].source, hint["page"])
        return 2 * press + page if page else 0

    @staticmethod
    def _score_of_request(sent: Visit, hint: Mapping[str, t.Any]) -> int:
        parts = [part for part in sent.path.split("/") if part]
        pressed = max(word_score(text, hint["press"]) for text in [*parts[-2:], sent.method])
        keys = sent.sent_json if isinstance(sent.sent_json, dict) else {}
        names = InputNames(words=dict(_words(hint)))
        known = sum(names.of_words(str(key)) is not None for key in keys)
        about = max((word_score(part, hint.get("page", [])) for part in parts), default=0)
        return pressed or (known + about if known and about >= GOOD else 0)

    # --- a write of the contract ---

    def _draft_write(self, name: str, hint: Mapping[str, t.Any], write: RecordedWrite) -> None:
        place = f"write.{name}"
        self.builder.decision(place)
        labels: dict[str, str] = {}

        def ask(control: str, label: str) -> str:
            labels[control] = label
            return DECIDE

        known = self.reads.names.by_value
        names = InputNames(by_value={**known}, words=dict(_words(hint)), separator=DECIDE, ask=ask)
        steps = self.steps.write(write, names)
        self.builder.set_value(f"{place}.steps", steps, None if any(open_places(steps)) else write.name)
        self._ask_about(place, steps, write, names, labels)
        answer = self.history.landing(write.last)
        pages = [answer.page] if answer.is_page else []
        fields = hint.get("fields", {})
        needed = {each for each, words in fields.items() if not words.get("optional")}
        draft_fields(self.builder, place, fields, pages, needed)
        self._set_verify(place, write, hint.get("verify"))

    def _ask_about(
        self,
        place: str,
        steps: list[dict[str, t.Any]],
        write: RecordedWrite,
        names: InputNames,
        labels: Mapping[str, str],
    ) -> None:
        """Ask about everything that is open in drafted steps."""
        self.steps.ask_for_sources(self.builder, place)
        for where in list(open_places(steps, f"{place}.steps")):
            self._ask_for_input(where, write, names, labels)

    def _ask_for_input(self, where: str, write: RecordedWrite, names: InputNames, labels: Mapping[str, str]) -> None:
        part, name = _named_at(where, {*names.doubts, *labels})
        inputs = [Choice(f"${{{each}}}") for each in names.words]
        if name in names.doubts and name not in labels:
            what = "its path" if name in ("path", "get") else f"{name!r}"
            question = f"{write.name}: what is {what}? The recording does not say on what or whom it acts each time."
            self.builder.ask(where, question, names.doubts[name])
        elif name == "join":
            choices = [Choice(each, repr(each)) for each in (";", ",", " ")]
            self.builder.ask(where, "What separates the entries of the list?", choices)
        elif part == "fill":
            inputs.append(Choice(None, "do not change this field"))
            self.builder.ask(where, f"Which input fills the field {labels.get(name, name)!r}?", inputs)
        else:
            self.builder.ask(where, f"Which input fills the key {name!r}?", inputs)

    def _set_verify(self, place: str, write: RecordedWrite, named: str | None) -> None:
        """Set the read that proves a write: the one of the contract, or the page that was visited after it."""
        verify = named if named in self.builder.profile.get("read", {}) else None
        if verify is None and self.reads.interface in ("site", "other"):
            after = (each for each in self.history.visits if each.number > write.last.number)
            shown = (each for each in after if each.address in self.reads.read_of)
            page = next((each for each in shown if not is_page_of_row(self.history, each)), None)
            verify = self.reads.read_of[page.address] if page is not None else None
        if verify is not None:
            self.builder.set_value(f"{place}.verify", verify)

    # --- an interface without a contract ---

    def _draft_free(self, write: RecordedWrite) -> None:
        """Draft a write with its own inputs, or a read if a JSON request only asks."""
        method = write.last.rpc_method
        if has_word(method, _QUERIES) or write.last.only_asks:
            self.reads.draft_query(write.last, placeholder_name(method))
            return
        name = self.reads.new_name(self._text_of(write))
        place = f"write.{name}"
        session = self.reads.session
        names = InputNames(passwords=session.passwords, new_password="new_password", ask=own_input)
        steps = self.steps.write(write, names)
        inputs = inputs_of(steps)
        made = {**({"inputs": inputs} if inputs else {}), "steps": steps}
        self.builder.set_value(place, made, None if any(open_places(steps)) else write.name)
        self._ask_about(place, steps, write, names, {})
        self._set_verify(place, write, None)

    def _text_of(self, write: RecordedWrite) -> str:
        """Return what the interface calls a change: on its link, its button or its check boxes' list of actions."""
        row = self.steps.row_of(write)
        part = row.part if row is not None and row.part is not None else {}
        texts = [*write.labels[:1], part.get("text"), part.get("title"), write.last.rpc_method, page_name(write.last)]
        if row is not None and row.box is not None:
            texts = [*(value for name, value in write.last.form if selects_operation(name)), *texts]
        elif row is not None:
            texts = [*row.link_texts, *texts] if row.link is not None else [*write.labels[:1], *row.link_texts, *texts]
        return str(next(filter(None, texts)))


def _known_fields(write: RecordedWrite, hint: Mapping[str, t.Any]) -> int:
    """Return how many fields of the first form are inputs of an operation."""
    names = InputNames(words=dict(_words(hint)))
    controls = (each for part in write.submissions[:1] for each in part.form["controls"] if each["type"] != "hidden")
    return sum(names.of_words(each["label"], each["name"]) is not None for each in controls)


def _meant(decided: t.Any, writes: Sequence[RecordedWrite]) -> RecordedWrite | None:
    """Return the recorded change that a person has decided on, by its number or its name; None without one."""
    return next((each for number, each in enumerate(writes, 1) if decided in (number, each.name)), None)


def _named_at(where: str, names: Collection[str]) -> tuple[str, str]:
    """Return the last two parts of the path of a question. The last one may be a name of ``names`` that has dots."""
    ends = (name for name in sorted(names, key=len, reverse=True) if where.endswith(f".{name}"))
    name = next(ends, where.rpartition(".")[2])
    return where.removesuffix(f".{name}").rpartition(".")[2], name


def _words(hint: Mapping[str, t.Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield each input of a write with the words for it."""
    for name, words in hint.get("inputs", {}).items():
        if isinstance(words, str):  # READ.FIELD: use the words of that field
            read, each = words.split(".")
            words = hints()["controller"]["read"][read]["fields"][each]["words"]
        yield name, list(words)
