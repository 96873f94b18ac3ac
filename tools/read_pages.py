# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/fixtures/pages/pages.expected.json anew: what Chromium reads in each page, and sends for each form.

    make venv && .venv/bin/python tools/read_pages.py [NAME ...]

Look at the difference before it is committed: Chromium has changed, or a page was added.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request, Route

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / ".cache" / "collections")]

from support.pages import ADDRESS, EXPECTED, expected, pages
from support.person import chromium

READ = r"""() => {
  const text = node => (node.textContent || '').split(/[\s\u00a0]+/).filter(part => part).join(' ');
  const read = (form, name) => Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, name).get.call(form);
  const forms = [...document.forms].map(form => ({
    id: form.getAttribute('id') || '', name: form.getAttribute('name') || '', action: read(form, 'action'),
    method: read(form, 'method'), entries: [...new FormData(form).entries()].filter(pair => typeof pair[1] == 'string'),
    controls: [...read(form, 'elements')].filter(each => each.matches('input, select, textarea')).map(each => ({
      name: each.getAttribute('name') || '', type: each.localName == 'input' ? each.type : each.localName,
      disabled: each.matches(':disabled'), checked: each.checked === true,
    })),
  }));
  const rows = table => [...table.rows].map(row => [...row.cells].map(text));
  const pairs = {};
  for (const row of document.querySelectorAll('tr')) {
    if (row.cells.length != 2 || row.cells[1].querySelector('input, select, textarea')) continue;
    const label = text(row.cells[0]);
    if (row.cells[0].tagName == 'TH' && row.cells[1].tagName == 'TD') pairs[label] = text(row.cells[1]);
    else if (label.endsWith(':')) pairs[label.slice(0, -1)] = text(row.cells[1]);
  }
  const v = document.getElementById('v');
  return {
    title: document.title, charset: document.characterSet, lang: document.documentElement.lang, forms,
    tables: [...document.querySelectorAll('table')].map(rows), pairs, v: v ? text(v) : null,
    headings: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(text),
    links: [...document.querySelectorAll('a[href], area[href]')].filter(each => each.namespaceURI.endsWith('xhtml'))
      .map(each => ({href: each.href, text: text(each)})),
    frames: [...document.querySelectorAll('frame[src], iframe[src]')].map(each => each.src),
  };
}"""
SEND = "number => HTMLFormElement.prototype.submit.call(document.forms[number])"


def _answering(body: bytes, sent: list[Request]) -> Any:
    """Return a handler that serves one page, and notes every other request of the main frame."""

    def answer(route: Route) -> None:
        request = route.request
        if request.url == ADDRESS and request.method == "GET" and not sent:
            route.fulfill(status=200, headers={"Content-Type": "text/html"}, body=body)
            return
        if request.is_navigation_request():
            sent.append(request)
        route.fulfill(status=204)  # the page stays

    return answer


def _open(browser: Browser, body: bytes) -> tuple[Page, list[Request]]:
    page = browser.new_page()
    sent: list[Request] = []
    page.route("**/*", _answering(body, sent))
    page.goto(ADDRESS, wait_until="load", timeout=15_000)
    page.wait_for_timeout(150)
    return page, sent


def _read(browser: Browser, body: bytes) -> dict[str, Any]:
    page, went = _open(browser, body)
    main = [request for request in went if request.frame == page.main_frame]
    found: dict[str, Any] = page.evaluate(READ)
    found["goes_on"] = main[0].url if main else None
    page.close()
    for number, form in enumerate(found["forms"]):
        form["sends"] = None if main else _send(browser, body, number)
    return found


def _as_json(page: Any) -> str:
    """Return ``page`` as JSON, with escapes for the quotes that ansible-test does not accept in a file."""
    text = json.dumps(page, ensure_ascii=False)
    for quote in "\u2018\u2019\u201c\u201d":
        text = text.replace(quote, f"\\u{ord(quote):04x}")
    return text


def _send(browser: Browser, body: bytes, number: int) -> dict[str, str] | None:
    """Return the request for a form that nobody has filled in; None for multipart, which has a random boundary."""
    page, sent = _open(browser, body)
    sent.clear()
    sent_before = len(sent)

    def note(route: Route) -> None:
        sent.append(route.request)
        route.fulfill(status=204)

    page.route("**/*", note)
    page.evaluate(SEND, number)
    for _time in range(60):
        if len(sent) > sent_before:
            break
        page.wait_for_timeout(50)
    requests = sent[sent_before:]
    page.close()
    if not requests or "multipart" in requests[0].headers.get("content-type", ""):
        return None
    data = requests[0].post_data_buffer
    return {"method": requests[0].method, "url": requests[0].url, "body": (data or b"").decode("latin-1")}


def main(names: list[str]) -> None:
    """Read the pages of these names, by default all, and write the file."""
    with chromium() as browser:
        known = expected() if names else {}
        found = {
            name: _read(browser, body) if not names or name in names else known[name] for name, body in pages().items()
        }
    lines = [f"{json.dumps(name)}: {_as_json(found[name])}" for name in found]
    EXPECTED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(found)} pages, {EXPECTED.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
