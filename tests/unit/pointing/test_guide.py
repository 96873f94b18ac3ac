# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide leads through the tasks: what was pointed at, what is asked, and what can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.contract import CONTRACTS
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import Page, read_page
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.capture import Capture
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.element import MARKER, PointedElement
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.guide import Guide
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.tasks import (
    LANGUAGES,
    panel_text,
    recorder_data,
    tasks_for,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.try_page import recorded_pages

from .browsing import Person, people

URL = "https://press.example.com/"
LOGIN = '<form id="login"><input type="password" name="p"></form>'
HOME = '<a id="out" href="/logout">Log out</a><p id="state">connecté</p><p id="strange">half connected</p>'


def read(html: str, path: str = "") -> Page:
    return read_page(html.encode(), "text/html; charset=utf-8", URL + path)


class Recorded(Capture):
    """A recording with the pages that a test says."""

    def __init__(self, *pages: Page) -> None:
        super().__init__(Exception)
        self.pages = list(pages)

    def count(self) -> int:
        return len(self.pages)

    def page_at(self, url: str) -> tuple[int, Page] | None:
        return next(((at, page) for at, page in reversed(list(enumerate(self.pages))) if page.url == url), None)

    def json_since(self, number: int) -> list[tuple[int, Page]]:
        return [(at, page) for at, page in enumerate(self.pages) if at >= number and page.kind == "json"]

    def pages_until(self, number: int) -> list[Page]:
        return [page for page in self.pages[:number] if page.kind == "html"]

    def has_typed(self, name: str) -> bool:
        return False


def element(html: str, value: str, path: str = "", **options: Any) -> PointedElement:
    marked = html.replace(f">{value}<", f">{MARKER}<")
    return PointedElement(URL + path, "text", value, marked=marked, removed=options.pop("removed", ""), **options)


def signed_in() -> tuple[Guide, Recorded]:
    recorded = Recorded(read(LOGIN))
    guide = Guide("controller", recorded)
    guide.press("skip")
    recorded.pages.append(read(HOME, "home"))
    guide.press("done")
    return guide, recorded


def go_to(guide: Guide, key: str) -> None:
    while guide.task is not None and guide.task.key != key:
        guide.press("skip")
    guide.press("point")


def test_the_sign_of_a_session_is_asked_for_after_the_sign_in() -> None:
    guide, _recorded = signed_in()
    assert guide.task is not None
    assert guide.task.key == "sign_in.signed_in"
    guide.press("point")
    removed = HOME.replace('<a id="out" href="/logout">Log out</a>', "")
    guide.point(element(HOME, "Log out", "home", removed=removed, link=f"{URL}logout", ids=("out",)))
    assert guide.results["sign_in.signed_in"].pick == "links[?ends_with(href, '/logout')]"
    assert guide.task.key == "read.identity.fields.serial"


def test_a_known_text_is_not_asked_about_and_an_unknown_one_is() -> None:
    guide, _recorded = signed_in()
    go_to(guide, "read.ors.fields.state")
    guide.point(element(HOME, "connecté", "home"))
    assert guide.asked == 0
    guide.press("undo")
    guide.press("point")
    guide.point(element(HOME, "half connected", "home"))
    question = guide.view()["question"]
    assert question["text"] == 'What does "half connected" mean?'
    assert question["choices"] == ["connected", "not connected", "not configured"]
    guide.answer(1)
    values = guide.results["read.ors.fields.state"].pick["values"]
    assert "half connected" in values["disconnected"]
    assert guide.task is not None
    assert guide.task.key == "read.ors.fields.mode"
    assert guide.pointing, "the next value of the same page can be pointed at without another click"


def test_values_of_one_read_must_stand_on_one_page() -> None:
    guide, recorded = signed_in()
    go_to(guide, "read.ors.fields.state")
    guide.point(element(HOME, "connecté", "home"))
    recorded.pages.append(read('<p id="mode">enabled</p>', "other"))
    guide.point(element('<p id="mode">enabled</p>', "enabled", "other"))
    assert "read.ors.fields.mode" not in guide.results
    assert f"{URL}home" in guide.note


def test_every_task_can_be_undone_and_repeated() -> None:
    guide, _recorded = signed_in()
    guide.press("undo")
    assert guide.task is not None
    assert guide.task.key == "sign_in"
    assert "sign_in" not in guide.results
    guide.press("repeat", "refused")
    assert guide.task.key == "refused"


def test_undo_takes_back_the_question_and_not_the_task_before_it() -> None:
    guide, _recorded = signed_in()
    go_to(guide, "read.ors.fields.state")
    guide.point(element(HOME, "half connected", "home"))
    before = dict(guide.results)
    guide.press("undo")
    assert guide.view()["question"] is None
    assert guide.results == before
    assert guide.task is not None
    assert guide.task.key == "read.ors.fields.state"


def test_a_question_while_the_profile_is_made_can_only_be_answered() -> None:
    guide, _recorded = signed_in()
    guide.press("finish")
    answers: list[int] = []
    guide.ask("What is it?", [("one", 1)], answers.append)
    assert guide.view()["buttons"] == []
    for name in ("undo", "repeat", "skip"):
        guide.press(name, "sign_in")
    assert "sign_in" in guide.results
    guide.answer(0)
    assert answers == [1]


def test_nothing_was_done_before_something_was_sent() -> None:
    guide = Guide("controller", Recorded(read(LOGIN)))
    guide.press("done")
    assert guide.task is not None
    assert guide.task.key == "refused"
    assert guide.note == panel_text("no_request", "en")


def test_a_click_outside_of_pointing_mode_means_nothing() -> None:
    guide, _recorded = signed_in()
    guide.point(element(HOME, "Log out", "home", link=f"{URL}logout"))
    assert "sign_in.signed_in" not in guide.results


@pytest.mark.parametrize("interface", recorder_data()["tasks"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_task_is_said_in_words_in_every_language(interface: str, language: str) -> None:
    for task in tasks_for(interface):
        text = task.text(language, "test-person@example.com")
        assert text
        assert "{" not in text, task.key


@pytest.mark.parametrize("interface", ["controller", "site", "tenant"])
def test_tasks_are_operations_of_the_contract(interface: str) -> None:
    contract = CONTRACTS[interface]
    for task in tasks_for(interface):
        part, _dot, name = task.group.partition(".")
        if part in ("read", "write"):
            operation = (contract.reads if part == "read" else contract.writes)[name]
            fields = operation.gives | operation.may_give | {"address", "qr"}
            assert not task.field or task.field in fields, task.key
            assert not task.verify or task.verify in contract.reads, task.key


def test_a_page_that_cannot_be_read_ends_no_recording() -> None:
    """It would cost too much. What is on the other pages can be pointed at all the same."""
    person = Person("other")
    person.get("heavy", "<input " + " ".join(f"a{number}=1" for number in range(1_001)) + ">")
    assert person.capture.page_at(f"{person.url}heavy") is None
    person.reach("read.people")
    person.get("people", people("bob@example.com"))
    person.point("people", "bob@example.com")
    assert person.guide.results["read.people"].rows is not None
    assert [each.number for each, _page in recorded_pages(person.capture.recording())][:1] != [0]
