# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts the writes: forms and JSON that the recording sends while signed in, and which operation each one is.

Values that a person typed become placeholders or a question; none is written into a draft.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ....module_utils._web.page.page import Page
from .candidates import form_pick
from .fields import GOOD, draft_field, expectation
from .hints import EXACT, hints, points
from .history import BrowsingHistory, RecordedSubmission, Visit
from .reads import Reads, page_points
from .sheet import Choice
from .sign_in import SignedIn, is_sign_out

SEPARATORS = ("; ", ";", ", ", ",", "\n", " ")
SHOWN_ANYWAY = ("hidden", "password", "file")


@dataclass
class Writing:
    """One thing that was done: a form, with the confirmation pages after it, or JSON that was sent."""

    parts: list[RecordedSubmission] = field(default_factory=list)
    sent: Visit | None = None

    @property
    def last(self) -> Visit:
        """The request that did it."""
        return self.sent if self.sent is not None else self.parts[-1].visit

    @property
    def name(self) -> str:
        """What a person calls it in a question."""
        if not self.parts:
            return self.last.name
        form = self.parts[0].form
        buttons = ", ".join(each["label"] for each in form["buttons"] if each["label"])
        return f"the form of {self.parts[0].source.path} with the button {buttons!r}"


def find_writings(walked: BrowsingHistory, signed_in: SignedIn) -> list[Writing]:
    """Return everything that the recording did while signed in, in its order."""
    found: list[Writing] = []
    for visit in walked.visits:
        if not signed_in.first < visit.number < signed_in.last or not visit.writes or is_sign_out(visit, walked):
            continue
        if visit.status >= 400:  # it did nothing
            continue
        by = walked.submission(visit)
        if by is None:
            found.append(Writing(sent=visit))
        elif found and found[-1].parts and by.source is walked.landing(found[-1].last) and _confirms(by, found[-1]):
            found[-1].parts.append(by)
        else:
            found.append(Writing([by]))
    return found


def _confirms(by: RecordedSubmission, before: Writing) -> bool:
    """Whether a form that follows another asks only for confirmation: it has no field to fill, and is another form."""
    if any(each["type"] not in SHOWN_ANYWAY for each in by.form["controls"]):
        return False
    # A form that the page had from the beginning is a thing of its own.
    return not any(_alike(by.form, form) for part in before.parts for form in part.source.forms)


def _alike(one: Mapping[str, t.Any], other: Mapping[str, t.Any]) -> bool:
    buttons = [[each["label"] for each in form["buttons"]] for form in (one, other)]
    return (
        one["action"] == other["action"] and one["fields"].keys() == other["fields"].keys() and buttons[0] == buttons[1]
    )


def draft_writes(reads: Reads, signed_in: SignedIn) -> None:
    """Write every write of the contract that the recording shows, and ask about those that it could."""
    sheet, walked = reads.sheet, reads.walked
    found = find_writings(walked, signed_in)
    table = hints()[reads.interface]["write"]
    taken: dict[str, Writing] = {}
    for writing in found:
        scores = {name: _score(writing, hint) for name, hint in table.items()}
        best = max(scores, key=lambda name: scores[name])
        if scores[best] > 0 and (best not in taken or _score(taken[best], table[best]) < scores[best]):
            taken[best] = writing
    for name, hint in table.items():
        place = f"write.{name}"
        if sheet.decided(place) and not isinstance(sheet.decisions[place], int):
            sheet.ask(place, "")
        elif name in taken:
            _operation(reads, name, hint, taken[name])
        else:
            question = f"How is {name!r} done? The recording does not; without it what needs it ends 'unsupported'."
            sheet.ask(place, question, list(_unsent(reads, hint)), optional=True)
    for writing in found:
        if writing not in taken.values():
            sheet.sure.append(f"left out: {writing.name}, which is no operation that is used")


def _score(writing: Writing, hint: Mapping[str, t.Any]) -> int:
    if not writing.parts:
        parts = [part for part in writing.last.path.split("/") if part]
        texts = [*parts[-2:], writing.last.method]
        return max(points(text, hint["press"]) for text in texts)
    first = writing.parts[0]
    page = page_points(first.source, hint["page"]) if "page" in hint else 1
    return 2 * _press_points(first.form, hint["press"]) + page if page else 0


def _press_points(form: Mapping[str, t.Any], words: list[str]) -> int:
    """By button and hidden value; a word inside a longer one (Register in Unregister) does not count."""
    texts = [each["label"] for each in form["buttons"]]
    texts += [each["value"] for each in form["controls"] if each["type"] == "hidden" and len(str(each["value"])) < 25]
    return max((points(str(text), words) for text in texts), default=0)


def _operation(reads: Reads, name: str, hint: Mapping[str, t.Any], writing: Writing) -> None:
    sheet, place = reads.sheet, f"write.{name}"
    sheet.decision(place)
    if writing.parts:
        _by_form(reads, place, hint, writing)
    elif writing.sent is not None:
        _by_json(reads, place, hint, writing.sent)
    answer = reads.walked.landing(writing.last)
    needed = [each for each, words in hint.get("fields", {}).items() if not words.get("optional")]
    proof = None
    for each, words in hint.get("fields", {}).items():
        pages = [Page(answer.page.kind, answer.page.data, answer.url)] if answer.is_page else []
        taken = draft_field(sheet, f"{place}.fields.{each}", words, pages, needed=each in needed, name=each)
        proof = proof or (expectation(taken, pages) if each in needed else None)
    steps = sheet.profile["write"][name].get("steps", [])
    if proof and steps and f"{place}.steps" not in sheet.decisions:
        steps[-1]["expect"] = proof
    if "verify" in hint and hint["verify"] in sheet.profile.get("read", {}):
        sheet.settle(f"{place}.verify", hint["verify"])


def _by_form(reads: Reads, place: str, hint: Mapping[str, t.Any], writing: Writing) -> None:
    sheet = reads.sheet
    steps: list[dict[str, t.Any]] = [{"get": reads.path(page_of(reads, writing))}]
    asked: list[tuple[str, str, list[Choice]]] = []
    for index, part in enumerate(writing.parts):
        step: dict[str, t.Any] = {"submit": form_pick(part.form, part.source.forms)}
        fill = dict(_filled(place, len(steps), part, hint, asked))
        if fill:
            step["fill"] = fill
        named = [each["name"] for each in part.form["buttons"] if each["name"]]
        pressed = next((each for each in named if each in dict(part.visit.form)), None)
        if pressed:
            step["press"] = pressed
        if index < len(writing.parts) - 1:
            step["writes"] = False
        steps.append(step)
    sheet.settle(f"{place}.steps", steps, writing.name)
    for where, question, choices in asked:
        sheet.ask(where, question, choices)


def page_of(reads: Reads, writing: Writing) -> str:
    """The path at which the form can be had: what a form was answered with cannot be fetched again."""
    first = writing.parts[0]
    if not first.source.writes:
        return first.source.path
    shown = [
        each
        for visits in reads.shown.values()
        for each in visits
        if any(_alike(first.form, form) for form in each.forms)
    ]
    return max(shown, key=lambda each: each.number).path if shown else first.source.path


def _filled(
    place: str,
    index: int,
    part: RecordedSubmission,
    hint: Mapping[str, t.Any],
    asked: list[tuple[str, str, list[Choice]]],
) -> Iterator[tuple[str, t.Any]]:
    """What a step fills in. A field that a person changed and no word explains is asked about."""
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
        scored = {each: max(points(control["label"], words), points(name, words)) for each, words in free.items()}
        best = max(scored, key=lambda each: scored[each], default=None)
        if best is not None and scored[best] >= GOOD:
            del free[best]
            if best == "exceptions":
                yield name, {"join": _separator(place, index, name, sent.get(name, ""), asked), "of": "${exceptions}"}
            else:
                yield name, f"${{{best}}}"
            continue
        if sent.get(name) != part.form["fields"].get(name):
            choices = [Choice(f"${{{each}}}") for each in inputs] + [Choice(None, "leave it as it is")]
            label = control["label"] or name
            asked.append((f"{place}.steps.{index}.fill.{name}", f"What goes into the field {label!r}?", choices))


def _separator(place: str, index: int, name: str, sent: str, asked: list[tuple[str, str, list[Choice]]]) -> str:
    found = next((each for each in SEPARATORS if each in sent.strip()), None)
    if found is None:
        choices = [Choice(each, repr(each)) for each in (";", ",", " ")]
        asked.append((f"{place}.steps.{index}.fill.{name}.join", "What separates the entries of the list?", choices))
    return found or "?"


def _inputs(hint: Mapping[str, t.Any]) -> Iterator[tuple[str, list[str]]]:
    for name, words in hint.get("inputs", {}).items():
        if isinstance(words, str):  # the words of a field of a read
            read, each = words.split(".")
            words = hints()["controller"]["read"][read]["fields"][each]["words"]
        yield name, list(words)


def _by_json(reads: Reads, place: str, hint: Mapping[str, t.Any], sent: Visit) -> None:
    inputs = dict(_inputs(hint))
    step: dict[str, t.Any] = {"send": sent.method, "path": _path(reads, sent.path, inputs)}
    if isinstance(sent.sent, dict) and sent.sent:
        step["json"] = {name: _placeholder(str(name), inputs) or value for name, value in sent.sent.items()}
        left = [name for name, value in step["json"].items() if not str(value).startswith("${")]
    else:
        left = []
    reads.sheet.settle(f"{place}.steps", [step], sent.name)
    for name in left:
        choices = [Choice(f"${{{each}}}") for each in inputs]
        reads.sheet.ask(f"{place}.steps.0.json.{name}", f"What goes into {name!r}?", choices)


def _placeholder(name: str, inputs: Mapping[str, list[str]]) -> str | None:
    scored = {each: points(name, words) for each, words in inputs.items()}
    best = max(scored, key=lambda each: scored[each], default=None)
    return f"${{{best}}}" if best is not None and scored[best] >= GOOD else None


def _path(reads: Reads, path: str, inputs: Mapping[str, list[str]]) -> str:
    """The path, with a part as a placeholder where the part before it names an input (devices/SERIAL)."""
    parts = reads.path(path).split("/")
    for index in range(1, len(parts)):
        if parts[index].startswith("${"):
            continue
        before = parts[index - 1].rstrip("s")
        name = next((each for each, words in inputs.items() if points(before, words) >= GOOD), None)
        if name is not None and before:
            parts[index] = f"${{{name}}}"
    return "/".join(parts)


def _unsent(reads: Reads, hint: Mapping[str, t.Any]) -> Iterator[Choice]:
    """Forms that the recording shows and never submits."""
    seen = set()
    for path, shown in reads.shown.items():
        for visit in shown:
            for form in visit.forms:
                pick = form_pick(form, visit.forms)
                if _press_points(form, hint["press"]) >= EXACT - 3 and (path, pick) not in seen:
                    seen.add((path, pick))
                    answer: dict[str, t.Any] = {"steps": [{"get": path}, {"submit": pick}]}
                    if "verify" in hint:
                        answer["verify"] = hint["verify"]
                    yield Choice(answer, ", ".join(each["label"] for each in form["buttons"]))
