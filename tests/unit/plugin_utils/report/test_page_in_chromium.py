# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a report in a browser: it filters and sorts at once, works by keyboard, and axe-core finds no fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._report.document import RunReport
from ansible_collections.printops.prisma.plugins.plugin_utils._report.html import as_html
from playwright.sync_api import Browser, Page
from support.axe import faults_of, fetched
from support.person import chromium
from unit.plugin_utils.report.page_of_report import ADDRESS, big_report

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium")]

SHOWN = "[...document.querySelectorAll('#rows tr')].filter(row => row.checkVisibility()).length"
MATCHING = "[...document.querySelectorAll('#rows tr')].filter(row => !row.hidden).length"
FIRST = "document.querySelector('#rows tr th').textContent"
SETTLED = """async action => {
  new Function(action)();
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
}"""
"""Runs an action, and waits until the page is laid out and painted."""
TYPED = "const i = document.getElementById('filter'); i.value = 'press-0120'; i.dispatchEvent(new Event('input'))"
SORTED = "document.querySelectorAll('thead button')[13].click()"


def report() -> RunReport:
    """Return a report of 1,000 printers, of which two wait for a claim, and with a run before it."""
    made = big_report(1000)
    waits = {
        name: {**result, "outcome": "awaiting_claim", "address_file": "/f", "address_host": "home.example.com"}
        for name, result in list(made.results.items())[1:3]
    }
    before = big_report(500)
    clock = {"finding": "clock_wrong", "what": "it is 1 h behind", "advice": "Set it."}
    noted = {name: {**result, "findings": [clock]} for name, result in list(made.results.items())[3:5]}
    return replace(made, results={**made.results, **waits, **noted}).compared(before)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = report()
    path = tmp_path_factory.mktemp("report") / "report.html"
    waiting = {each.name: ADDRESS for each in made.printers if each.waits}
    assert len(waiting) == 2
    path.write_text(as_html(made, waiting), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """Return the page, opened without a network and without an error."""
    context = browser.new_context(offline=True)
    opened = context.new_page()
    wrong: list[Any] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    opened.goto(file.as_uri())
    yield opened
    assert wrong == []
    context.close()


class Metrics:
    """What the browser says that a page costs."""

    def __init__(self, page: Page) -> None:
        self._devtools = page.context.new_cdp_session(page)
        # the time that the page itself computes: a machine that is busy with something else says nothing about it
        self._devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def of(self, name: str) -> float:
        """Return one figure, such as C(TaskDuration) in seconds."""
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == name))


def test_1000_printers_are_opened_filtered_and_sorted_in_less_than_a_second_each(page: Page) -> None:
    metrics = Metrics(page)
    before = metrics.of("TaskDuration")
    page.reload()
    page.evaluate(SETTLED, "")
    assert 0 < metrics.of("TaskDuration") - before < 1
    for action, matching in ((TYPED, 1), (TYPED.replace("press-0120", ""), 1000), (SORTED, 1000)):
        before = metrics.of("TaskDuration")
        page.evaluate(SETTLED, action)
        assert metrics.of("TaskDuration") - before < 1, action
        assert page.evaluate(MATCHING) == matching


def test_1000_printers_cost_little_on_any_machine(page: Page) -> None:
    """Layout is what takes time, and it grows with what is shown: no more than 100 rows of 14 cells."""
    page.evaluate(SETTLED, "")
    assert page.evaluate(SHOWN) == 100
    assert page.evaluate("document.querySelectorAll('*').length") < 25_000
    assert Metrics(page).of("LayoutObjects") < 8_000


def test_all_are_shown_to_who_asks_and_on_paper(page: Page) -> None:
    status = page.get_by_role("status")
    assert status.inner_text() == "1000 of 1000 match, the first 100 are shown"
    page.emulate_media(media="print")
    assert page.evaluate(SHOWN) == 1000
    page.emulate_media(media="screen")
    more = page.get_by_role("button", name="Show all 1000")
    more.press("Enter")
    assert page.evaluate(SHOWN) == 1000
    assert status.inner_text() == "1000 of 1000 match"
    assert not more.is_visible()
    page.get_by_label("Filter by any text").fill("press-0120")
    assert page.evaluate(SHOWN) == 1
    assert status.inner_text() == "1 of 1000 match"


def test_the_bar_filters_and_columns_sort(page: Page) -> None:
    busy = page.get_by_role("button", name="busy")
    busy.click()
    assert page.evaluate(SHOWN) == int(busy.inner_text().split()[0])
    assert busy.get_attribute("aria-pressed") == "true"
    busy.click()
    assert page.evaluate(MATCHING) == 1000
    page.get_by_label("Show").select_option("waits")
    assert page.evaluate(SHOWN) == 2
    page.get_by_label("Show").select_option("newly")
    comparison = report().comparison
    assert comparison is not None
    assert page.evaluate(SHOWN) == len(comparison.newly) > 40
    page.get_by_label("Show").select_option("")
    seconds = page.get_by_role("columnheader", name="Seconds").get_by_role("button")
    seconds.click()
    assert page.evaluate(FIRST) == "press-0000.example.com"
    seconds.click()
    assert page.evaluate(FIRST) == "press-0999.example.com", "as numbers"
    assert page.get_by_role("columnheader", name="Seconds").get_attribute("aria-sort") == "descending"


def test_a_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    first = page.locator(".bar button").first
    assert first.get_attribute("aria-pressed") == "true"
    assert page.evaluate(MATCHING) == int(first.inner_text().split()[0])


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fetched(tmp_path_factory.mktemp("axe"))


@pytest.mark.needs_program("npm")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "screen"])
def test_axe_finds_no_fault(browser: Browser, file: Path, axe: str, scheme: Any, width: int) -> None:
    # A table of 100 rows like each other tells axe no more than some of them, and takes it minutes.
    fewer = "[...document.querySelectorAll('#rows tr')].slice(30).forEach(row => row.remove())"
    assert faults_of(browser, file, axe, color_scheme=scheme, width=width, before=fewer) == []
