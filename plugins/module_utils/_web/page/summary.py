# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a page is made of, for whoever corrects a profile: names, texts for people, links, first rows. No secret."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from ..errors import UnexpectedPage, shortened
from .address import split_address
from .page import Page

MOST_LINKS = 30
MOST_IDS = 60
MOST_TABLES = 20
LONGEST_CELL = 40
"""Characters of a cell of a table's first row."""
_IN_WORDS = 8
"""Headings, links and ids in a message; the result's details have more."""
_FEW = 3
"""Tables and forms with all they have in a message."""

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://\S+", re.IGNORECASE)
_CODE = re.compile(r"(?![\w+/=.-]*@)(?:(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{8,}|[\w+/=-]{20,})")
"""A word that may be a token or a registration code rather than a text for people. An e-mail address is none."""
_WORD = re.compile(r"[a-z][a-z_-]{0,19}")
"""What the value of a query may be to be shown: ``page=users`` tells pages apart, ``token=…`` is a secret."""


def summary(page: Page) -> dict[str, t.Any]:
    """Return what a page is made of, for error messages: never the value of a control, an address or a code."""
    if page.kind == "html":
        return _html_summary(page.data, page.url)
    if page.kind == "text":
        return {"kind": "text", "characters": len(page.data["text"])}
    described: dict[str, t.Any] = {"kind": "json", "type": _type_name(page.data)}
    if isinstance(page.data, dict):
        described["keys"] = {str(key): _type_name(value) for key, value in page.data.items()}
    elif isinstance(page.data, list):
        described["length"] = len(page.data)
        if page.data and isinstance(page.data[0], dict):
            described["keys_of_first"] = {str(key): _type_name(value) for key, value in page.data[0].items()}
    return described


def in_words(found: Mapping[str, t.Any]) -> str:
    """Return a summary as one text for a message."""
    parts = [f"title {found['title']!r}"] if found.get("title") else []
    if found.get("headings"):
        parts.append(f"headings {_listed(found['headings'])}")
    if found.get("messages"):
        parts.append(f"messages {_listed(found['messages'])}")
    for form in found.get("forms", ())[: 2 * _FEW]:
        names = ", ".join(str(control["name"]) for control in form.get("controls", ()) if control["name"])
        parts.append(f"form {form.get('id') or form.get('name') or form.get('action')!s} with the fields {names}")
    for table in [each for each in found.get("tables", ()) if each.get("first_row")][:_FEW]:
        name = f" {table['id']}" if table["id"] else ""
        headers = f" with the headers {', '.join(filter(None, table['headers']))}" if table["headers"] else ""
        parts.append(f"table{name}{headers}, first row: {', '.join(filter(None, table['first_row']))}")
    if found.get("links"):
        parts.append(f"links {_listed(each['text'] or each['id'] or each['path'] for each in found['links'])}")
    if found.get("ids"):
        parts.append(f"ids {', '.join(found['ids'][:_IN_WORDS])}{', …' if len(found['ids']) > _IN_WORDS else ''}")
    if found.get("keys"):
        parts.append(f"JSON with the keys {', '.join(map(str, found['keys']))}")
    if found.get("keys_of_first"):
        parts.append(f"JSON, a list whose first item has the keys {', '.join(map(str, found['keys_of_first']))}")
    return "; ".join(parts) or _bare(found)


def _bare(found: Mapping[str, t.Any]) -> str:
    """Say of a page without any of the parts that messages name what it is."""
    if found.get("kind") == "text":
        return f"plain text of {found['characters']} characters, with no heading, link or form"
    if found.get("kind") == "json":
        return f"JSON of the type {found['type']}, with no keys"
    return "no title, heading, link or form"


def _listed(texts: Iterable[str]) -> str:
    shown = [repr(shortened(text, 2 * LONGEST_CELL)) for text in texts]
    return ", ".join(shown[:_IN_WORDS]) + (", …" if len(shown) > _IN_WORDS else "")


def _html_summary(data: dict[str, t.Any], url: str) -> dict[str, t.Any]:
    try:
        return {
            "kind": "html",
            "title": without_addresses(data["title"]),
            "headings": [without_addresses(each) for each in data["headings"]],
            "forms": [
                {
                    "id": form["id"],
                    "name": form["name"],
                    "action": shown_path(form["action"]),
                    "method": form["method"],
                    "controls": _controls(form["controls"] + form["buttons"]),
                }
                for form in data["forms"]
            ],
            "tables": [
                {"id": table["id"], "headers": table["headers"], **_first_row(table)}
                for table in data["tables"][:MOST_TABLES]
            ],
            "links": [_link(each, url) for each in data["links"][:MOST_LINKS]],
            "frames": [{"name": each["name"], "src": shown_path(each["src"])} for each in data["frames"]],
            "messages": [without_addresses(each) for each in data["messages"]],
            "ids": list(data["ids"])[:MOST_IDS],
        }
    except UnexpectedPage as error:  # too costly to be read
        parts: dict[str, t.Any] = {"kind": "html", "title": str(error)}
        names = ("headings", "forms", "tables", "links", "frames", "messages", "ids")
        return parts | {name: [] for name in names}


def _controls(controls: Iterable[Mapping[str, t.Any]]) -> list[dict[str, str]]:
    """Each name once: a list of people has a button of the same name in every row."""
    found = {(str(each["name"]), str(each["type"])): None for each in controls}
    return [{"name": name, "type": kind} for name, kind in found]


def _first_row(table: Mapping[str, t.Any]) -> dict[str, list[str]]:
    cells = table["cells"][len(table["cells"]) - len(table["rows"]) :] if table["rows"] else table["cells"]
    return {"first_row": [readable(cell) for cell in cells[0]]} if cells else {}


def readable(text: str) -> str:
    """Return a text of a page for a message: cut, and without what may be an address or a code."""
    return shortened(_CODE.sub("(code)", without_addresses(text)), LONGEST_CELL)


def _link(link: Mapping[str, str], url: str) -> dict[str, str]:
    """Return text, id and path of a link; of one that leads to another host the path may be a capability."""
    path = (
        shown_path(link["href"])
        if split_address(link["href"]).netloc == split_address(url).netloc
        else "(another host)"
    )
    return {"text": readable(link["text"]), "id": link["id"], "path": path}


def shown_path(address: str) -> str:
    """Return the path of an address with its query, by which many interfaces tell pages apart, without any code.

    Nothing where it is no address.
    """
    parts = split_address(address)
    pairs = [f"{name}={value if _WORD.fullmatch(value) else '…'}" for name, value in parse_qsl(parts.query)]
    path = "/".join(_CODE.sub("(code)", part) for part in parts.path.split("/"))
    return path + (f"?{'&'.join(pairs)}" if pairs else "")


def without_addresses(text: str) -> str:
    """A registration address is a capability, and pages show it in any text (domain.md, "Registering a printer")."""
    return _ADDRESS.sub("(address)", text)


def _type_name(value: object) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
