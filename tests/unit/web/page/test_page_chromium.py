# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page of tests/fixtures/pages is read, and its forms are sent, as Chromium does it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from ansible_collections.printops.prisma.plugins.module_utils._web.session.submission import submission
from support.pages import ADDRESS, expected, pages

PAGES = pages()
EXPECTED = expected()

KNOWN: dict[str, str] = {}
"""Page and part, and why it differs."""


def pairs(fields: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted(
        (name, one) for name, value in fields.items() for one in (value if isinstance(value, list) else [value])
    )


def sent(form: dict[str, Any]) -> dict[str, Any]:
    request = submission(form, {}, None)
    body = request.body.get("content", b"")
    return {"method": request.method, "url": request.url, "body": body.decode("latin-1")}


def form_of(form: dict[str, Any]) -> dict[str, Any]:
    return {
        **{key: form[key] for key in ("id", "name", "action", "method")},
        "entries": pairs(form["fields"]),
        "controls": [{key: each[key] for key in ("name", "type", "disabled", "checked")} for each in form["controls"]],
    }


def form_of_chromium(form: dict[str, Any]) -> dict[str, Any]:
    """A browser's own names of types, and buttons among its controls."""
    kinds = {"select-one": "select", "select-multiple": "select"}
    buttons = ("submit", "button", "reset", "image")
    return {
        **{key: form[key] for key in ("id", "name", "action", "method")},
        "entries": sorted((name, value) for name, value in form["entries"]),
        "controls": [
            {**each, "type": kinds.get(each["type"], each["type"])}
            for each in form["controls"]
            if each["type"] not in buttons
        ],
    }


def test_every_page_has_chromiums_reading() -> None:
    assert list(PAGES) == list(EXPECTED)
    assert len(PAGES) > 150


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_as_chromium_reads_it(name: str) -> None:
    data, browser = read_page(PAGES[name], "text/html", ADDRESS).data, EXPECTED[name]
    found = {
        "title": data["title"],
        "lang": data["lang"],
        "forms": [form_of(form) for form in data["forms"]],
        "rows": sorted(row for table in data["tables"] for row in table["cells"]),
        "pairs": {label: data["fields"].get(label) for label in browser["pairs"]},
        "v": data["ids"].get("v"),
        "headings": data["headings"],
        "frames": [frame["src"] for frame in data["frames"]],
        "links": [link["href"] for link in data["links"]],
        "goes_on": data["refresh"]["url"] if data["refresh"] and data["refresh"]["seconds"] < 1 else None,
    }
    wanted = {
        **{key: browser[key] for key in ("title", "lang", "pairs", "v", "frames", "goes_on")},
        "forms": [form_of_chromium(form) for form in browser["forms"]],
        "rows": sorted(row for table in browser["tables"] for row in table if row),
        "headings": [text for text in browser["headings"] if text],
        "links": [link["href"] for link in browser["links"]],
    }
    for part, value in wanted.items():
        if f"{name}: {part}" not in KNOWN:
            assert found[part] == value, part


@pytest.mark.parametrize("name", [name for name in PAGES if any(form["sends"] for form in EXPECTED[name]["forms"])])
def test_a_form_is_sent_as_chromium_sends_it(name: str) -> None:
    forms = read_page(PAGES[name], "text/html", ADDRESS).data["forms"]
    for form, browser in zip(forms, EXPECTED[name]["forms"], strict=True):
        if browser["sends"] and f"{name}: sends" not in KNOWN:
            assert sent(form) == browser["sends"]
