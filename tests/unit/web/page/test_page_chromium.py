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

_NESTED = "the text of a cell leaves out the tables inside it, which are tables of their own"
_COLOUR = "a browser reads names of colours, which no printer asks for"
KNOWN = {
    "table_in_cell_not_closed: pairs": _NESTED,
    "table_in_cell_not_closed: rows": _NESTED,
    "deep_tables: rows": _NESTED,
    "frameset_after_text: frames": "frames that a browser ignores are named: a profile may follow them",
    "file_input: forms": "a page that declares no charset and is UTF-8 is read as UTF-8, by a browser as windows-1252",
    "form_charset_field: forms": "FormData says UTF-8 for _charset_; what is sent is compared below",
    "charset_euc_jp_form: sends": "Python's codec also has the characters of JIS X 0212, which browsers do not send",
    "input_types_texts: forms": _COLOUR,
    "input_types_texts: sends": _COLOUR,
}
"""Page and part, and why it differs."""


def squeezed(value: Any) -> Any:
    """Without white space: blocks separate words here, and do not in the DOM's textContent."""
    if isinstance(value, str):
        return "".join(value.split())
    if isinstance(value, dict):
        return {key: squeezed(item) for key, item in value.items()}
    return [squeezed(item) for item in value] if isinstance(value, list) else value


def pairs(fields: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted(
        (name, one) for name, value in fields.items() for one in (value if isinstance(value, list) else [value])
    )


def sent(form: dict[str, Any]) -> dict[str, Any]:
    request = submission(form, {}, None)
    body = request.body.get("content", b"")
    return {"method": request.method, "url": request.url.rstrip("?"), "body": body.decode("latin-1")}


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
            exact = part in ("title", "lang", "forms", "links", "frames", "goes_on")
            assert found[part] == value if exact else squeezed(found[part]) == squeezed(value), part


@pytest.mark.parametrize("name", [name for name in PAGES if any(form["sends"] for form in EXPECTED[name]["forms"])])
def test_a_form_is_sent_as_chromium_sends_it(name: str) -> None:
    forms = read_page(PAGES[name], "text/html", ADDRESS).data["forms"]
    for form, browser in zip(forms, EXPECTED[name]["forms"], strict=True):
        if browser["sends"] and f"{name}: sends" not in KNOWN:
            assert sent(form) == {**browser["sends"], "url": browser["sends"]["url"].rstrip("?")}


def test_every_known_difference_is_one() -> None:
    assert {key.partition(": ")[0] for key in KNOWN} <= set(PAGES)
