# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a report in a browser: it filters and sorts at once, works by keyboard, and axe-core finds no fault."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._report.document import RunReport
from ansible_collections.printops.prisma.plugins.plugin_utils._report.html import as_html
from playwright.sync_api import Browser, Page
from support.person import chromium
from support.programs import path_of
from unit.plugin_utils.report.page_of_report import ADDRESS, big_report

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium")]

AXE = "axe-core@4.14.1"
SHOWN = "[...document.querySelectorAll('#rows tr')].filter(row => !row.hidden).length"
FIRST = "document.querySelector('#rows tr th').textContent"
TIMED = """async action => {
  const began = performance.now();
  new Function(action)();
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}"""


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


def test_1000_printers_are_opened_and_filtered_at_once(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    # the time that the page itself computes: a machine that is busy with something else says nothing about it
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def seconds() -> float:
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))

    before = seconds()
    page.reload()
    assert 0 < seconds() - before < 2, "about one second on a machine of 2026"
    typed = "const i = document.getElementById('filter'); i.value = 'press-0120'; i.dispatchEvent(new Event('input'))"
    before = seconds()
    page.evaluate(TIMED, typed)
    assert seconds() - before < 1
    assert page.evaluate(SHOWN) == 1
    assert page.get_by_role("status").inner_text() == "1 of 1000 shown"
    page.get_by_label("Filter by any text").fill("")
    before = seconds()
    page.evaluate(TIMED, "document.querySelectorAll('thead button')[13].click()")
    assert seconds() - before < 1


def test_the_bar_filters_and_columns_sort(page: Page) -> None:
    busy = page.get_by_role("button", name="busy")
    busy.click()
    assert page.evaluate(SHOWN) == int(busy.inner_text().split()[0])
    assert busy.get_attribute("aria-pressed") == "true"
    busy.click()
    assert page.evaluate(SHOWN) == 1000
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
    assert page.evaluate(SHOWN) == int(first.inner_text().split()[0])


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the script of axe-core."""
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(
        [path_of("npm"), "pack", "--silent", AXE], cwd=folder, capture_output=True, timeout=120, check=False
    )
    if done.returncode:
        pytest.skip(f"npm cannot fetch {AXE}: {done.stderr.decode(errors='replace')[-200:]}")
    (packed,) = folder.glob("*.tgz")
    with tarfile.open(packed) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()


@pytest.mark.needs_program("npm")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "screen"])
def test_axe_finds_no_fault(browser: Browser, file: Path, axe: str, scheme: Any, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto(file.as_uri())
    # A table of 1,000 rows like each other tells axe no more than some of them, and takes it minutes.
    page.evaluate("[...document.querySelectorAll('#rows tr')].slice(30).forEach(row => row.remove())")
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    context.close()
    assert [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found["violations"]] == []
