# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leads a person through the tasks: what was pointed at, what is asked, what the panel shows. Knows no browser.

The panel sends what the person did (:meth:`Guide.point`, :meth:`Guide.press`, :meth:`Guide.answer`) and shows
:meth:`Guide.view`. Whatever the person did last can be undone; every task can be skipped and repeated.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ...module_utils._web.page.page import Page
from .._recording.draft.candidates import is_true
from .._recording.draft.fields import field_pick, spelt_like
from .._recording.hints import field_hints, meaning_of
from .element import PointedElement
from .lists import ListOffer, complete_offer, list_offers, paging_offer, total_picks
from .offers import Offer, is_certain, json_offers, page_offers, sign_offers, switch_pick
from .tasks import GuideTask, meaning_text, panel_text, tasks_for

if t.TYPE_CHECKING:
    from .capture import Capture

MAX_SHOWN = 60


@dataclass(frozen=True)
class GuideResult:
    """The result of a task. ``first`` and ``last``: the exchanges that belong to it.

    ``offer`` or ``rows``: what was pointed at, and ``pick``: how a profile reads it. ``skipped``: it was left out.
    ``on``: whether the value of the offer means yes, if it is a text where the profile needs yes or no.
    """

    first: int
    last: int
    skipped: bool = False
    element: PointedElement | None = None
    offer: Offer | None = None
    rows: ListOffer | None = None
    pick: t.Any = None
    on: bool | None = None


@dataclass(frozen=True)
class Question:
    """A question in words with its answers, each with the value that it stands for."""

    text: str
    choices: tuple[tuple[str, t.Any], ...]
    answered: Callable[[t.Any], None] = field(repr=False)


@dataclass
class Guide:
    """The state of one recording session. ``person`` is the test person; ``language`` that of the panel."""

    interface: str
    recorded: Capture
    language: str = "en"
    person: str = ""
    tasks: list[GuideTask] = field(default_factory=list)
    results: dict[str, GuideResult] = field(default_factory=dict)
    at: int = 0
    pointing: bool = False
    questions: list[Question] = field(default_factory=list)
    note: str = ""
    report: list[str] = field(default_factory=list)
    clicks: int = 0
    asked: int = 0
    started: int = 0
    closed: bool = False
    finishing: bool = False
    _order: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tasks = self.tasks or tasks_for(self.interface)
        self.begin()

    def begin(self) -> None:
        """Begin with the first task: what was recorded so far belongs to none."""
        self.started = self.recorded.count()

    @property
    def task(self) -> GuideTask | None:
        """Return the current task, None after the last one."""
        return self.tasks[self.at] if self.at < len(self.tasks) else None

    def result(self, key: str) -> GuideResult | None:
        """Return the result of a task, None while it has none or if it was skipped."""
        found = self.results.get(key)
        return None if found is None or found.skipped else found

    # --- what the person does ---

    def press(self, name: str, key: str = "") -> None:
        """Handle a button of the panel: point, done, skip, undo, repeat (of the task ``key``), finish or close."""
        self.clicks += 1
        self.note = ""
        actions: dict[str, Callable[[], None]] = {
            "point": self._toggle_pointing,
            "done": self._done,
            "skip": self._skip,
            "undo": self._undo,
            "repeat": lambda: self._repeat(key),
            "finish": lambda: setattr(self, "finishing", True),
            "close": lambda: setattr(self, "closed", True),
        }
        if name in actions and (name == "close" or not self.finishing):
            actions[name]()

    def answer(self, number: int) -> None:
        """Answer the question that is shown with its choice ``number``, counted from 0."""
        self.clicks += 1
        if self.questions and 0 <= number < len(self.questions[0].choices):
            question = self.questions.pop(0)
            question.answered(question.choices[number][1])

    def point(self, element: PointedElement) -> None:
        """Handle a click in pointing mode."""
        self.clicks += 1
        self.note = ""
        task = self.task
        if task is None or not self.pointing or self.questions:
            return
        found = self.recorded.page_at(element.url)
        number, page = found if found is not None else (0, Page("text", {"text": ""}, element.url))
        handlers = {"sign": self._sign, "fields": self._value, "list": self._list, "total": self._total}
        handlers.get(task.points, self._next)(task, element, number, page)

    def ask(self, text: str, choices: Sequence[tuple[str, t.Any]], answered: Callable[[t.Any], None]) -> None:
        """Add a question."""
        self.asked += 1
        self.questions.append(Question(text, tuple(choices), answered))

    # --- pointing ---

    def _sign(self, task: GuideTask, element: PointedElement, number: int, page: Page) -> None:
        signed_in, refused = self.results.get("sign_in"), self.result("refused")
        ends = [signed_in.first] if signed_in else []
        ends += [refused.last + 1] if refused else []
        before = [each for end in ends for each in self.recorded.pages_until(end)]
        before += [each for at, each in self.recorded.json_since(0) if at < max(ends, default=0)]
        offers = sign_offers(page, element, before)
        if offers:
            self._keep(task, GuideResult(number, number, element=element, offer=offers[0], pick=offers[0].expression))
        elif sign_offers(page, element, ()):
            self.note = self._text("no_sign")
        else:  # a script draws it, perhaps from JSON
            documents = self.recorded.json_since(signed_in.first if signed_in else 0)
            shown = json_offers([each for _at, each in documents], element)
            found = (each for each in shown if each.proof and not any(is_true(each.proof, one.data) for one in before))
            offer = next(found, None)
            if offer is None:
                self.note = self._text("sign_not_sent")
                return
            at = {each.url: at for at, each in documents}[offer.page.url]
            self._keep(task, GuideResult(at, at, element=element, offer=offer, pick=offer.proof))

    def _value(self, task: GuideTask, element: PointedElement, number: int, page: Page) -> None:
        offers = page_offers(page, element, typed=self.recorded.has_typed(element.name))
        documents = self.recorded.json_since(number)
        numbers = {each.url: at for at, each in [*documents, (number, page)]}
        other = self._page_of_group(task)
        if not offers:
            offers = json_offers([each for _at, each in documents], element)
            offers = [each for each in offers if each.page.url == other] or offers
        if not offers:
            self.note = self._text("unreadable")
            return

        def chosen(offer: Offer) -> None:
            if other is not None and other != offer.page.url and not task.group.startswith("write."):
                self.note = self._text("other_page", text=other)
                return
            at = numbers[offer.page.url]
            self._interpret(task, GuideResult(at, at, element=element, offer=offer, pick=offer.expression))

        if is_certain(offers, element):
            chosen(offers[0])
        else:
            choices = [(f"{each.by}: {_shortened(each.value)}", each) for each in offers]
            self.ask(self._text("which"), choices, chosen)

    def _page_of_group(self, task: GuideTask) -> str | None:
        """Return the address of the page on which the other values of the same operation are."""
        return next(
            (
                result.offer.page.url
                for other in self.tasks
                if other.group == task.group and other.points == "fields" and other.key != task.key
                if (result := self.results.get(other.key)) is not None and result.offer is not None
            ),
            None,
        )

    def _interpret(self, task: GuideTask, result: GuideResult) -> None:
        """Make the value of the profile from what was read, or ask what it means."""
        if result.offer is None:
            raise AssertionError("what was pointed at has an offer")
        value, hint = result.offer.value, self.hint(task)
        pick = field_pick(result.offer.expression, [value], hint, needed=task.needed)
        if hint.get("kind") == "checkbox" and not isinstance(value, bool):
            choices = [(meaning_text(name, self.language), name == "enabled") for name in ("enabled", "disabled")]
            offer, question = result.offer, self._text("meaning", text=str(value))
            results = {on: replace(result, pick=switch_pick(offer, on), on=on) for on in (True, False)}
            self.ask(question, choices, lambda on: self._keep(task, results[on]))
            return
        if "values" not in hint or isinstance(value, bool):
            self._keep(task, replace(result, pick=pick if len(pick) > 1 else result.offer.expression))
            return
        values = hint["values"]

        def meant(meaning: str) -> None:
            known = {**values, meaning: [*values[meaning], *([str(value)] if value else [])]}
            texts = spelt_like([str(value)], known)
            self._keep(task, replace(result, pick={**pick, "values": texts}))

        known = meaning_of(value, values)
        if known is not None:
            meant(known)
        else:
            meanings = [(meaning_text(name, self.language), name) for name in values]
            self.ask(self._text("meaning", text=str(value)), meanings, meant)

    def hint(self, task: GuideTask) -> dict[str, t.Any]:
        """Return what plugins/data/draft_hints.yml says of the value of a task."""
        return dict(field_hints(self.interface, task.group).get(task.field, {}))

    def _list(self, task: GuideTask, element: PointedElement, number: int, page: Page) -> None:
        documents = self.recorded.json_since(number)
        offers = list_offers(page, element, [each for _at, each in documents])
        if not offers:
            self.note = self._text("no_list")
            return
        numbers = {page.url: number} | {each.url: at for at, each in documents}
        at = numbers[offers[0].page.url]
        self._keep(task, GuideResult(at, at, element=element, rows=offers[0], pick=offers[0].field))

    def _total(self, task: GuideTask, element: PointedElement, number: int, page: Page) -> None:
        rows = self.results[task.group].rows if task.group in self.results else None
        shown = rows.page if rows and rows.page.kind == "json" else page
        pick = complete_offer(shown, element, rows.count if rows else 0)
        if pick is None:
            self.note = self._text("unreadable")
            return
        self._keep(task, GuideResult(number, number, element=element, pick=pick))

    def _next(self, task: GuideTask, element: PointedElement, number: int, page: Page) -> None:
        listed = self.results.get(task.group)
        paging = paging_offer(page, element, listed.rows.count if listed is not None and listed.rows else 0)
        if paging is None:
            self.note = self._text("no_paging")
        elif "next" not in paging and self.result(f"{task.group}.total") is None:
            self.note = self._text("no_total")
        else:
            self._keep(task, GuideResult(number, number, element=element, pick=paging))

    # --- buttons ---

    def _toggle_pointing(self) -> None:
        self.pointing = not self.pointing and self.task is not None and bool(self.task.points)

    def _done(self) -> None:
        task = self.task
        if task is None or not task.does:
            return
        if self.recorded.count() == self.started and task.does != "sign_in":
            self.note = self._text("no_request")
            return
        self._keep(task, GuideResult(self.started, self.recorded.count() - 1))

    def _skip(self) -> None:
        task = self.task
        if task is None:
            return
        left_out = GuideResult(self.started, self.started - 1, skipped=True)
        if task.points == "next" and not self.questions and self._lacks_proof(task):
            choices = [(self._text("whole_list"), True), (self._text("part_of_list"), False)]
            self.ask(self._text("whole"), choices, lambda whole: self._keep(task, replace(left_out, pick=whole)))
            return
        self.questions.clear()
        self._keep(task, left_out)

    def _lacks_proof(self, task: GuideTask) -> bool:
        """Whether nothing that was pointed at says how many entries a list has, nor the JSON that the page loads."""
        listed = self.result(task.group)
        rows = listed.rows if listed is not None else None
        return rows is not None and self.result(f"{task.group}.total") is None and not any(total_picks(rows))

    def _undo(self) -> None:
        """Take back the question that is shown, or else the last task."""
        if self.questions:
            self.questions.clear()
        else:
            self._repeat(self._order.pop() if self._order else "")

    def _repeat(self, key: str) -> None:
        self.questions.clear()
        self.pointing = False
        at = next((at for at, task in enumerate(self.tasks) if task.key == key), None)
        if at is not None:
            self.results.pop(key, None)
            self.at, self.started = at, self.recorded.count()

    def _keep(self, task: GuideTask, result: GuideResult) -> None:
        self.results[task.key] = result
        self._order = [key for key in self._order if key != task.key] + [task.key]
        self.started = self.recorded.count()
        self._advance(task)

    def _advance(self, before: GuideTask) -> None:
        """Go to the next task without a result. Pointing goes on within one operation, as it shows one page."""
        keys = [task.key for task in self.tasks]
        self.at = next((at for at in range(keys.index(before.key) + 1, len(keys)) if not self._is_over(at)), len(keys))
        following = self.task
        again = following is not None and following.group == before.group and following.points == before.points
        self.pointing = self.pointing and again

    def _is_over(self, at: int) -> bool:
        task = self.tasks[at]
        listed = self.results.get(task.group)
        without_list = task.points in ("total", "next") and listed is not None and listed.skipped
        return task.key in self.results or without_list

    # --- the panel ---

    def _text(self, key: str, **values: str) -> str:
        return panel_text(key, self.language, **values)

    def view(self) -> dict[str, t.Any]:
        """Return what the panel shows, as data for its page."""
        task = self.task
        question = self.questions[0] if self.questions else None
        return {
            "language": self.language,
            "title": self._text("title"),
            "start": self._text("start"),
            "tasks": [self._shown(each, at == self.at) for at, each in enumerate(self.tasks)],
            "question": question and {"text": question.text, "choices": [name for name, _value in question.choices]},
            "pointing": self.pointing,
            "note": self.note or (self._text("pointing") if self.pointing and not question else ""),
            "buttons": self._buttons(task),
            "report": self.report,
        }

    def _buttons(self, task: GuideTask | None) -> list[dict[str, str]]:
        if self.report:
            names = ["close"]
        elif self.questions:
            names = [] if self.finishing else ["undo"]
        elif task is None:
            names = ["finish", "undo"]
        else:
            names = ["point" if task.points and not task.does else "done", "skip", "undo"]
        return [{"name": name, "text": self._text(name)} for name in names]

    def _shown(self, task: GuideTask, current: bool) -> dict[str, t.Any]:
        result = self.results.get(task.key)
        return {
            "key": task.key,
            "text": task.text(self.language, self.person),
            "current": current,
            "state": "open" if result is None else "skipped" if result.skipped else "done",
            "reading": "" if result is None else self.reading(result),
            "repeat": self._text("repeat"),
        }

    def reading(self, result: GuideResult) -> str:
        """Return what will be read, and what it is found by, as the panel shows it."""
        if result.rows is not None:
            return f"{self._text('by.list')}, {self._text('rows', count=str(result.rows.count))}"
        if result.offer is None:
            return "" if result.element is None else f"{self._text('reads')} {_shortened(result.element.value)}"
        value = _shortened(result.offer.value) or self._text("empty")
        by = self._text(f"by.{result.offer.goes_by}")
        name = f" ({result.offer.by})" if result.offer.by else ""
        return f"{self._text('reads')} {value}, {self._text('goes_by')} {by}{name}"


def _shortened(value: t.Any) -> str:
    text = str(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
