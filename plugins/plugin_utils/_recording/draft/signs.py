# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists the conditions by which a page is told from others: links, forms, ids, texts. Knows no meaning of any."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping, Sequence

from ....module_utils._web.page.address import split_address
from ....module_utils._web.page.page import Page
from .candidates import Candidate, form_test, identifier, is_true, quoted
from .history import Visit

MAX_CALL = 100
"""Characters of a call of a script by which a link is recognised."""
MAX_QUERY = 40
"""Characters of a query by which a link is recognised. A longer one, or one with digits, may be of one session."""


def page_signs(page: Page) -> Iterator[Candidate]:
    """Yield conditions that ``page`` fulfils, the most reliable first.

    ``value`` is the address, id or text that makes the sign, by which it belongs to one element of the page.
    """
    data = page.data
    if page.kind == "html":
        yield from [*_of_parts(data), *_of_texts(data)]
    elif page.kind == "json" and isinstance(data, dict):
        for name, value in sorted(data.items(), key=lambda item: item[1] is not True):
            if value:
                yield Candidate(identifier(str(name)), value, f"{name}: {value}", str(name), goes_by="json")


def _of_parts(data: Mapping[str, t.Any]) -> Iterator[Candidate]:
    for link in data["links"]:
        if end := _end_of(link["href"]):
            test = f"links[?{'contains' if end[-1] == '?' else 'ends_with'}(href, {quoted(end)})]"
            yield Candidate(test, link["href"], end, link["text"], goes_by="address")
    for form in data["forms"]:
        if (only := form_test(form, data["forms"])) is not None:
            label = form["buttons"][0]["label"] if form["buttons"] else ""
            yield Candidate(f"forms[?{only}]", label, label, form["id"] or form["name"], goes_by="field")
    for name, text in data["ids"].items():
        if text:
            yield Candidate(f"ids.{identifier(name)}", name, text, name, goes_by="id")
    for name, text in ((link["id"], link["text"]) for link in data["links"] if link["id"]):
        yield Candidate(f"links[?id=={quoted(name)}]", name, text, name, "link", goes_by="id")


def _of_texts(data: Mapping[str, t.Any]) -> Iterator[Candidate]:
    yield from (Candidate(f"fields.{identifier(label)}", value, label) for label, value in data["fields"].items())
    tests = {
        "links[?text=={}]": (link["text"] for link in data["links"]),
        "forms[].buttons[] | [?label=={}]": (button["label"] for form in data["forms"] for button in form["buttons"]),
        "contains(headings, {})": data["headings"],
        "contains(messages, {})": data["messages"],
        "title == {}": [data["title"]],
    }
    for test, texts in tests.items():
        by = "message" if "messages" in test else "label"
        yield from (Candidate(test.format(quoted(each)), each, each, goes_by=by) for each in texts if each)


def _end_of(address: str) -> str:
    """Return the last part of an address with its query, up to the question mark if it may be of one session."""
    parts = split_address(address)
    if parts.scheme == "javascript":  # such as of a sign-out by __doPostBack
        return address if len(address) < MAX_CALL else ""
    end = "/" + parts.path.rstrip("/").rsplit("/", 1)[-1] + ("/" if parts.path[1:].endswith("/") else "")
    if not parts.query:
        return end if parts.path.strip("/") else ""
    usual = len(parts.query) < MAX_QUERY and not any(map(str.isdigit, parts.query))
    return f"{end}?{parts.query if usual else ''}"


def weak_proofs(page: Page) -> list[Candidate]:
    """Return what may prove a sign-in: headings first, then ids and keys, the title last."""
    starts = ("contains(headings", "ids.", "title ==")
    found = {each.expression: each for each in page_signs(page)}
    if page.kind == "json":
        return list(found.values())
    return [each for start in starts for test, each in found.items() if test.startswith(start)]


def condition_to_continue(landing: Visit, page: Visit, test: str) -> str:
    """Return the condition for the next step: a frame or link to ``page`` if there is one, else no sign-in form.

    A positive condition is better: it is not true on a page that refuses the sign-in.
    """
    end = quoted("/" + page.address.rsplit("/", 1)[-1])
    for part, address in (("frames", "src"), ("links", "href")):
        condition = f"{part}[?ends_with({address}, {end})]"
        if landing.page.kind == "html" and is_true(condition, landing.data):
            return condition
    return f"!({test})"


def told_by(answers: Sequence[Visit], others: Sequence[Visit]) -> list[str]:
    """Return conditions for keys of JSON that hold on all ``answers`` and on none of ``others``."""
    data = answers[0].data if answers and answers[0].page.kind == "json" else {}
    keys = data.items() if isinstance(data, dict) else ()
    tests = [identifier(str(name)) if value else f"{identifier(str(name))} == `false`" for name, value in keys]
    holds = (test for test in tests if all(is_true(test, each.data) for each in answers))
    return [test for test in holds if not any(is_true(test, each.data) for each in others)]
