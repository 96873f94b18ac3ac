# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTML document as a dict: title, forms, fields, tables, links, messages, texts. Sends nothing.

Everything on a page is found in passes over the whole tree, each linear in its size: pages with thousands of rows
are ordinary.
"""

from __future__ import annotations

import contextlib
import json
import re
import typing as t
from functools import cache

from .address import Addresses
from .controls import Controls
from .fields import labelled_fields
from .forms import controls_of_row, forms_of_row, read_forms
from .parts import Parts
from .tables import Tables
from .text import INVISIBLE, normalised, text_of
from .tree import Element, Tree

TEXT_LIMIT = 100_000
ID_TEXT_LIMIT = 2_000
HEADING_LIMIT = 2_000
MESSAGE_LIMIT = 1_000

_MESSAGE_ROLES = frozenset({"alert", "status"})
_MESSAGE_CLASSES = frozenset(
    (
        *("alert", "error", "errors", "info", "message", "messages", "notice", "warning"),
        *("confirmation", "danger", "flash", "messagelist", "notification", "success", "toast"),
    )
)
_REFRESH = re.compile(r"^\s*(?P<seconds>\d+(?:\.\d*)?|\.\d+)\s*(?:[;,]?\s*(?:url\s*=)?\s*(?P<url>.*))?$", re.I | re.S)


def html_document(body: bytes, url: str, label: str | None = None) -> dict[str, t.Any]:
    """The page as plain data, each part read when it is first asked for. ``label``: the charset that HTTP declares.

    ``title``, ``lang``, ``headings: [text]``, ``text``;
    ``forms``: see :func:`.forms.read_forms`; ``fields: {label: shown value}``: see :func:`.fields.labelled_fields`;
    ``tables``: see :meth:`.tables.Tables.read`;
    ``links: [{href, text, id, rel, title}]``, ``frames: [{name, src, title}]``, ``images: [{src, alt, id}]``;
    ``refresh: {seconds, url} | None``; ``meta: {name: content}``; ``messages: [text]`` of elements that are alerts by
    role or class, of success as well as of failure;
    ``ids: {id: text}``, where a control gives its value; ``scripts: [{id, json}]`` of those that hold JSON, not code.
    Rows of tables: see :func:`.rows.whole_row`. Addresses are absolute, except those of images that are ``data:``. The
    value of a password field is nowhere: it is ``""``. Raises :class:`UnexpectedPage` for a page that would cost too
    much; so does a part when it is read.
    """
    tree = Tree(body, label)
    addresses = Addresses(tree, url)
    controls = cache(lambda: Controls(tree))
    tables = cache(lambda: Tables(tree))

    def row_contents(row: Element) -> dict[str, t.Any]:
        return {
            "text": text_of(row),
            "id": row.get("id", ""),
            "data": _data_attributes(row),
            "links": [_link(each, addresses) for each in row.inside("a", "area") if each.has("href")],
            "forms": forms_of_row(row, controls(), addresses, tree.encoding),
            **controls_of_row(row, controls(), addresses),
        }

    return Parts(
        {
            "title": lambda: _title(tree),
            "lang": lambda: _lang(tree.root),
            "headings": lambda: _headings(tree),
            "forms": lambda: read_forms(controls(), addresses, tree.encoding),
            "fields": lambda: labelled_fields(tree, controls(), tables()),
            "tables": lambda: tables().read(row_contents),
            "links": lambda: _links(tree, addresses),
            "frames": lambda: _frames(tree, addresses),
            "images": lambda: _images(tree, addresses),
            "refresh": lambda: _refresh(tree, addresses),
            "meta": lambda: _meta(tree),
            "messages": lambda: _messages(tree),
            "ids": lambda: _ids(tree, controls()),
            "scripts": lambda: _scripts(tree),
            "text": lambda: _text(tree),
        }
    )


def _title(tree: Tree) -> str:
    title = tree.first("title")
    return "" if title is None else text_of(title)


def _lang(root: Element) -> str:
    return root.get("lang") or root.get("xml:lang", "")


def _headings(tree: Tree) -> list[str]:
    found = (text_of(each, limit=HEADING_LIMIT) for each in tree.all("h1", "h2", "h3", "h4", "h5", "h6"))
    return [each for each in found if each]


def _frames(tree: Tree, addresses: Addresses) -> list[dict[str, str]]:
    """Frames, also those of a frameset in ``<body>``, which a browser ignores: it would show nothing in their place."""
    found: list[Element | dict[str, str]] = list(tree.all("frame", "iframe"))
    return [
        {"name": each.get("name", ""), "src": addresses.absolute(each.get("src")), "title": each.get("title", "")}
        for each in found or tree.start_tags("frame")
        if each.get("src")
    ]


def _images(tree: Tree, addresses: Addresses) -> list[dict[str, str]]:
    return [
        {"src": addresses.absolute(each.get("src")), "alt": each.get("alt", ""), "id": each.get("id", "")}
        for each in tree.all("img")
        if each.get("src")
    ]


def _text(tree: Tree) -> str:
    body = tree.first("body")
    return text_of(body if body is not None else tree.root, INVISIBLE | {"head", "title"}, limit=TEXT_LIMIT)


def _links(tree: Tree, addresses: Addresses) -> list[dict[str, str]]:
    return [_link(each, addresses) for each in tree.all("a", "area") if each.has("href")]


def _link(element: Element, addresses: Addresses) -> dict[str, str]:
    return {
        "href": addresses.absolute(element.get("href")),
        "text": text_of(element) or normalised(" ".join(image.get("alt", "") for image in element.inside("img"))),
        "id": element.get("id", ""),
        "rel": element.get("rel", ""),
        "title": element.get("title", ""),
    }


def _data_attributes(row: Element) -> dict[str, str]:
    """Return what a row's attributes ``data-…`` say, its own first, by their names without ``data-``."""
    found: dict[str, str] = {}
    for each in (row, *row.inside_all()):
        for name in each.attributes:
            if name.startswith("data-"):
                found.setdefault(name.removeprefix("data-"), each.get(name, ""))
    return found


def _meta(tree: Tree) -> dict[str, str]:
    """Return what the page says of itself by name, such as a token that its scripts send along."""
    found: dict[str, str] = {}
    for each in tree.all("meta"):
        name = each.get("name") or each.get("property")
        if name:
            found.setdefault(name, each.get("content", ""))
    return found


def _refresh(tree: Tree, addresses: Addresses) -> dict[str, t.Any] | None:
    for each in tree.all("meta"):
        if each.get("http-equiv", "").strip().lower() != "refresh":
            continue
        found = _REFRESH.match(each.get("content", ""))
        if found:
            target = (found["url"] or "").strip().strip("\"'")
            return {"seconds": float(found["seconds"]), "url": addresses.absolute(target) if target else addresses.url}
    return None


def _scripts(tree: Tree) -> list[dict[str, t.Any]]:
    """Data that a page brings along for its scripts."""
    found = []
    for each in tree.all("script"):
        kind = each.get("type", "").split(";")[0].strip().lower()
        if kind == "application/json" or kind.endswith("+json"):
            with contextlib.suppress(ValueError, RecursionError):
                found.append({"id": each.get("id", ""), "json": json.loads("".join(map(str, each.children)))})
    return found


def _messages(tree: Tree) -> list[str]:
    """Each alert's text once: an element that only wraps other messages is left out in favour of these."""
    candidates = {each: None for each in tree.elements if each.attributes and _is_message(each)}
    texts = []
    end_of_message = -1
    for each in candidates:
        if each.index <= end_of_message or not text_of(each, without_elements=candidates, limit=1):
            continue
        end_of_message = each.last
        texts.append(text_of(each, limit=MESSAGE_LIMIT))
    return texts


def _is_message(element: Element) -> bool:
    if element.tag in ("html", "body", "form", "table", "tbody"):
        return False
    return element.get("role", "").lower() in _MESSAGE_ROLES or not _MESSAGE_CLASSES.isdisjoint(
        element.get("class", "").lower().split()
    )


def _ids(tree: Tree, controls: Controls) -> dict[str, str]:
    texts: dict[str, str] = {}
    for each in tree.elements:
        name = each.get("id") if each.attributes else None
        if name and name not in texts:
            texts[name] = controls.value_text(each) if controls.is_control(each) else _own_text(each)
    return texts


def _own_text(element: Element) -> str:
    if element.tag == "img":
        return normalised(element.get("alt"))
    return text_of(element, limit=ID_TEXT_LIMIT)
