# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts the writes of a profile from the forms and JSON requests that the recording sends while signed in.

Values that a person typed become placeholders or questions. A draft never contains such a value.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ....module_utils._web.page.page import Page
from .builder import Choice
from .candidates import form_pick
from .fields import GOOD, draft_field, page_proof
from .hints import EXACT, hints, word_score
from .history import BrowsingHistory, RecordedSubmission, Visit
from .reads import ReadDrafter, page_score
from .session import RecordedSession, is_sign_out

LIST_SEPARATORS = ("; ", ";", ", ", ",", "\n", " ")
UNEDITED_TYPES = ("hidden", "password", "file")


@dataclass
class RecordedWrite:
    """One change that was recorded: a submitted form with its confirmation pages, or a JSON request.

    ``submissions`` is empty for a JSON request, which is ``request`` then.
    """

    submissions: list[RecordedSubmission] = field(default_factory=list)
    request: Visit | None = None

    @property
    def last(self) -> Visit:
        """The request that made the change."""
        return self.request if self.request is not None else self.submissions[-1].visit

    @property
    def name(self) -> str:
        """Return the name by which questions refer to this change."""
        if not self.submissions:
            return self.last.name
        form = self.submissions[0].form
        buttons = ", ".join(each["label"] for each in form["buttons"] if each["label"])
        return f"the form of {self.submissions[0].source.path} with the button {buttons!r}"


def find_writes(history: BrowsingHistory, session: RecordedSession) -> list[RecordedWrite]:
    """Return every change that was recorded between sign-in and sign-out, in the order of the recording."""
    found: list[RecordedWrite] = []
    for visit in history.visits:
        if not session.first < visit.number < session.last or not visit.writes or is_sign_out(visit, history):
            continue
        if visit.status >= 400:  # a refused request changed nothing
            continue
        submission = history.submission(visit)
        if submission is None:
            found.append(RecordedWrite(request=visit))
        elif (
            found
            and found[-1].submissions
            and submission.source is history.landing(found[-1].last)
            and _is_confirmation(submission, found[-1])
        ):
            found[-1].submissions.append(submission)
        else:
            found.append(RecordedWrite([submission]))
    return found


def _is_confirmation(submission: RecordedSubmission, before: RecordedWrite) -> bool:
    """Whether ``submission`` only confirms the one before: a different form without fields to fill in."""
    if any(each["type"] not in UNEDITED_TYPES for each in submission.form["controls"]):
        return False
    # A form that the first page already had is an operation of its own.
    return not any(_is_same_form(submission.form, form) for part in before.submissions for form in part.source.forms)


def _is_same_form(one: Mapping[str, t.Any], other: Mapping[str, t.Any]) -> bool:
    buttons = [[each["label"] for each in form["buttons"]] for form in (one, other)]
    return (
        one["action"] == other["action"] and one["fields"].keys() == other["fields"].keys() and buttons[0] == buttons[1]
    )


def draft_writes(drafter: ReadDrafter, session: RecordedSession) -> None:
    """Draft every write of the contract that the recording shows, and ask about those that it does not show."""
    builder, history = drafter.builder, drafter.history
    found = find_writes(history, session)
    table = hints()[drafter.interface]["write"]
    chosen: dict[str, RecordedWrite] = {}
    for write in found:
        scores = {name: _score(write, hint) for name, hint in table.items()}
        best = max(scores, key=lambda name: scores[name])
        if scores[best] > 0 and (best not in chosen or _score(chosen[best], table[best]) < scores[best]):
            chosen[best] = write
    for name, hint in table.items():
        place = f"write.{name}"
        if builder.is_decided(place) and not isinstance(builder.decisions[place], int):
            builder.ask(place, "")
        elif name in chosen:
            _draft_write(drafter, name, hint, chosen[name])
        else:
            question = (
                f"How does the interface do {name!r}? The recording does not show it. Without it, tasks that need it "
                "end 'unsupported'."
            )
            builder.ask(place, question, list(_unsubmitted_forms(drafter, hint)), optional=True)
    for write in found:
        if write not in chosen.values():
            builder.sure.append(f"left out: {write.name}: the contract has no such operation")


def _score(write: RecordedWrite, hint: Mapping[str, t.Any]) -> int:
    if not write.submissions:
        parts = [part for part in write.last.path.split("/") if part]
        texts = [*parts[-2:], write.last.method]
        return max(word_score(text, hint["press"]) for text in texts)
    first = write.submissions[0]
    page = page_score(first.source, hint["page"]) if "page" in hint else 1
    return 2 * _press_points(first.form, hint["press"]) + page if page else 0


def _press_points(form: Mapping[str, t.Any], words: list[str]) -> int:
    """Score a form by its button labels and hidden values. Part of a word (Register in Unregister) does not count."""
    texts = [each["label"] for each in form["buttons"]]
    texts += [each["value"] for each in form["controls"] if each["type"] == "hidden" and len(str(each["value"])) < 25]
    return max((word_score(str(text), words) for text in texts), default=0)


def _draft_write(drafter: ReadDrafter, name: str, hint: Mapping[str, t.Any], write: RecordedWrite) -> None:
    builder, place = drafter.builder, f"write.{name}"
    builder.decision(place)
    if write.submissions:
        _draft_form(drafter, place, hint, write)
    elif write.request is not None:
        _draft_json(drafter, place, hint, write.request)
    answer = drafter.history.landing(write.last)
    needed = [each for each, words in hint.get("fields", {}).items() if not words.get("optional")]
    proof = None
    for each, words in hint.get("fields", {}).items():
        pages = [Page(answer.page.kind, answer.page.data, answer.url)] if answer.is_page else []
        chosen = draft_field(builder, f"{place}.fields.{each}", words, pages, needed=each in needed, name=each)
        proof = proof or (page_proof(chosen, pages) if each in needed else None)
    steps = builder.profile["write"][name].get("steps", [])
    if proof and steps and f"{place}.steps" not in builder.decisions:
        steps[-1]["expect"] = proof
    if "verify" in hint and hint["verify"] in builder.profile.get("read", {}):
        builder.set_value(f"{place}.verify", hint["verify"])


def _draft_form(drafter: ReadDrafter, place: str, hint: Mapping[str, t.Any], write: RecordedWrite) -> None:
    builder = drafter.builder
    steps: list[dict[str, t.Any]] = [{"get": drafter.path(fetchable_page(drafter, write))}]
    asked: list[tuple[str, str, list[Choice]]] = []
    for index, part in enumerate(write.submissions):
        step: dict[str, t.Any] = {"submit": form_pick(part.form, part.source.forms)}
        fill = dict(_fill(place, len(steps), part, hint, asked))
        if fill:
            step["fill"] = fill
        named = [each["name"] for each in part.form["buttons"] if each["name"]]
        pressed = next((each for each in named if each in dict(part.visit.form)), None)
        if pressed:
            step["press"] = pressed
        if index < len(write.submissions) - 1:
            step["writes"] = False
        steps.append(step)
    builder.set_value(f"{place}.steps", steps, write.name)
    for where, question, choices in asked:
        builder.ask(where, question, choices)


def fetchable_page(drafter: ReadDrafter, write: RecordedWrite) -> str:
    """Return the path at which a GET returns the form of ``write``: not that of a page that answered a POST."""
    first = write.submissions[0]
    if not first.source.writes:
        return first.source.path
    shown = [
        each
        for visits in drafter.visits_by_path.values()
        for each in visits
        if any(_is_same_form(first.form, form) for form in each.forms)
    ]
    return max(shown, key=lambda each: each.number).path if shown else first.source.path


def _fill(
    place: str,
    index: int,
    part: RecordedSubmission,
    hint: Mapping[str, t.Any],
    asked: list[tuple[str, str, list[Choice]]],
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


def _separator(place: str, index: int, name: str, sent: str, asked: list[tuple[str, str, list[Choice]]]) -> str:
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


def _draft_json(drafter: ReadDrafter, place: str, hint: Mapping[str, t.Any], sent: Visit) -> None:
    inputs = dict(_inputs(hint))
    step: dict[str, t.Any] = {"send": sent.method, "path": _path(drafter, sent.path, inputs)}
    if isinstance(sent.json_body, dict) and sent.json_body:
        step["json"] = {name: _placeholder(str(name), inputs) or value for name, value in sent.json_body.items()}
        left = [name for name, value in step["json"].items() if not str(value).startswith("${")]
    else:
        left = []
    drafter.builder.set_value(f"{place}.steps", [step], sent.name)
    for name in left:
        choices = [Choice(f"${{{each}}}") for each in inputs]
        drafter.builder.ask(f"{place}.steps.0.json.{name}", f"Which input fills the key {name!r}?", choices)


def _placeholder(name: str, inputs: Mapping[str, list[str]]) -> str | None:
    scored = {each: word_score(name, words) for each, words in inputs.items()}
    best = max(scored, key=lambda each: scored[each], default=None)
    return f"${{{best}}}" if best is not None and scored[best] >= GOOD else None


def _path(drafter: ReadDrafter, path: str, inputs: Mapping[str, list[str]]) -> str:
    """Return the path with a placeholder for each part that follows the name of an input (devices/SERIAL)."""
    parts = drafter.path(path).split("/")
    for index in range(1, len(parts)):
        if parts[index].startswith("${"):
            continue
        before = parts[index - 1].rstrip("s")
        name = next((each for each, words in inputs.items() if word_score(before, words) >= GOOD), None)
        if name is not None and before:
            parts[index] = f"${{{name}}}"
    return "/".join(parts)


def _unsubmitted_forms(drafter: ReadDrafter, hint: Mapping[str, t.Any]) -> Iterator[Choice]:
    """Yield the forms that the recording shows but never submits, as answers to "how does the interface do this?"."""
    seen = set()
    for path, shown in drafter.visits_by_path.items():
        for visit in shown:
            for form in visit.forms:
                pick = form_pick(form, visit.forms)
                if _press_points(form, hint["press"]) >= EXACT - 3 and (path, pick) not in seen:
                    seen.add((path, pick))
                    answer: dict[str, t.Any] = {"steps": [{"get": path}, {"submit": pick}]}
                    if "verify" in hint:
                        answer["verify"] = hint["verify"]
                    yield Choice(answer, ", ".join(each["label"] for each in form["buttons"]))
