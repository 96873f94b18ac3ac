# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTML document as a dict: title, forms, fields, tables, links, messages, texts. Knows lxml; sends nothing.

Everything on a page is found in passes over the whole tree, each linear in its size: pages with thousands of rows
are ordinary.
"""

from __future__ import annotations

import contextlib
import json
import re
import typing as t
from functools import cache

from .. import libraries
from .fields import labelled_fields
from .forms import Controls, read_forms
from .parts import Parts
from .tables import Tables
from .text import INVISIBLE, Element, absolute, normalised, text_of

TEXT_LIMIT = 100_000
ID_TEXT_LIMIT = 2_000
MESSAGE_LIMIT = 1_000

_MESSAGE_ROLES = frozenset({"alert", "status"})
_MESSAGE_CLASSES = frozenset({"alert", "error", "errors", "info", "message", "messages", "notice", "warning"})
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_REFRESH = re.compile(r"^\s*(?P<seconds>\d+(?:\.\d*)?|\.\d+)\s*(?:[;,]?\s*(?:url\s*=)?\s*(?P<url>.*))?$", re.I | re.S)


def html_document(text: str, url: str, charset: str = "utf-8") -> dict[str, t.Any]:
    """The page as plain data, each part read when it is first asked for.

    ``title``, ``lang``, ``headings: [text]``, ``text``;
    ``forms``: see :func:`._page_forms.read_forms`; ``fields: {label: shown value}``: see
    :func:`._page_fields.labelled_fields`; ``tables``: see :meth:`._page_tables.Tables.read`;
    ``links: [{href, text, id, rel, title}]``, ``frames: [{name, src, title}]``, ``images: [{src, alt, id}]``;
    ``refresh: {seconds, url} | None``; ``messages: [text]`` of elements that are alerts by role or class;
    ``ids: {id: text}``, where a control gives its value; ``scripts: [{id, json}]`` of those that hold JSON, not code.
    Addresses are absolute, except those of images that are
    ``data:``. The value of a password field is nowhere: it is ``""``.
    """
    root = _parse(text)
    if root is None:
        return _empty()
    base = _base(root, url)
    controls = cache(lambda: Controls(root))
    tables = cache(lambda: Tables(root))
    return Parts(
        {
            "title": lambda: _title(root),
            "lang": lambda: _lang(root),
            "headings": lambda: [each for each in map(text_of, root.iter("h1", "h2", "h3", "h4", "h5", "h6")) if each],
            "forms": lambda: read_forms(controls(), base, url, charset),
            "fields": lambda: labelled_fields(root, controls(), tables()),
            "tables": lambda: tables().read(),
            "links": lambda: _links(root, base),
            "frames": lambda: _frames(root, base),
            "images": lambda: _images(root, base),
            "refresh": lambda: _refresh(root, base, url),
            "messages": lambda: _messages(root),
            "ids": lambda: _ids(root, controls()),
            "scripts": lambda: _scripts(root),
            "text": lambda: _text(root),
        }
    )


def _title(root: Element) -> str:
    title = next(root.iter("title"), None)
    return "" if title is None else normalised(text_of(title))


def _lang(root: Element) -> str:
    spellings = ("lang", "{http://www.w3.org/XML/1998/namespace}lang", "xml:lang")
    return next((found for spelling in spellings if (found := root.get(spelling))), "")


def _frames(root: Element, base: str) -> list[dict[str, str]]:
    return [
        {"name": each.get("name", ""), "src": absolute(base, each.get("src")), "title": each.get("title", "")}
        for each in root.iter("frame", "iframe")
        if each.get("src")
    ]


def _images(root: Element, base: str) -> list[dict[str, str]]:
    return [
        {"src": absolute(base, each.get("src")), "alt": each.get("alt", ""), "id": each.get("id", "")}
        for each in root.iter("img")
        if each.get("src")
    ]


def _text(root: Element) -> str:
    body = root.find("body")
    return text_of(body if body is not None else root, INVISIBLE | {"head", "title"}, limit=TEXT_LIMIT)


def _parse(text: str) -> Element | None:
    data = _XML_DECLARATION.sub("", text.replace("\x00", "\ufffd")).encode("utf-8", "replace")
    parser = libraries.lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        return libraries.lxml.html.document_fromstring(data, parser=parser)
    except libraries.lxml.etree.LxmlError:  # nothing in it at all
        return None


def _empty() -> dict[str, t.Any]:
    return {
        "title": "",
        "lang": "",
        "headings": [],
        "forms": [],
        "fields": {},
        "tables": [],
        "links": [],
        "frames": [],
        "images": [],
        "refresh": None,
        "messages": [],
        "ids": {},
        "scripts": [],
        "text": "",
    }


def _base(root: Element, url: str) -> str:
    declared = next((each.get("href") for each in root.iter("base") if each.get("href")), None)
    return absolute(url, declared) if declared else url


def _links(root: Element, base: str) -> list[dict[str, str]]:
    return [
        {
            "href": absolute(base, each.get("href")),
            "text": text_of(each) or normalised(" ".join(image.get("alt", "") for image in each.iter("img"))),
            "id": each.get("id", ""),
            "rel": each.get("rel", ""),
            "title": each.get("title", ""),
        }
        for each in root.iter("a", "area")
        if each.get("href") is not None
    ]


def _refresh(root: Element, base: str, url: str) -> dict[str, t.Any] | None:
    for each in root.iter("meta"):
        if each.get("http-equiv", "").strip().lower() != "refresh":
            continue
        found = _REFRESH.match(each.get("content", ""))
        if found:
            target = (found["url"] or "").strip().strip("\"'")
            return {"seconds": float(found["seconds"]), "url": absolute(base, target) if target else url}
    return None


def _scripts(root: Element) -> list[dict[str, t.Any]]:
    """Data that a page brings along for its scripts."""
    found = []
    for each in root.iter("script"):
        kind = each.get("type", "").split(";")[0].strip().lower()
        if kind == "application/json" or kind.endswith("+json"):
            with contextlib.suppress(ValueError, RecursionError):
                found.append({"id": each.get("id", ""), "json": json.loads(each.text or "")})
    return found


def _messages(root: Element) -> list[str]:
    """Each alert's text once: an element that only wraps other messages is left out in favour of these."""
    candidates = {each: None for each in root.iter() if _is_message(each)}
    texts = []
    taken: set[Element] = set()
    for each in candidates:
        if any(parent in taken for parent in each.iterancestors()):
            continue
        if not text_of(each, without_elements=candidates):
            continue
        taken.add(each)
        texts.append(text_of(each, limit=MESSAGE_LIMIT))
    return texts


def _is_message(element: Element) -> bool:
    if element.tag in ("html", "body", "form", "table", "tbody"):
        return False
    return element.get("role", "").lower() in _MESSAGE_ROLES or not _MESSAGE_CLASSES.isdisjoint(
        element.get("class", "").lower().split()
    )


def _ids(root: Element, controls: Controls) -> dict[str, str]:
    texts: dict[str, str] = {}
    for each in root.iter():
        name = each.get("id")
        if name and name not in texts:
            texts[name] = controls.value_text(each) if controls.is_control(each) else _own_text(each)
    return texts


def _own_text(element: Element) -> str:
    if element.tag == "img":
        return normalised(element.get("alt"))
    return text_of(element, limit=ID_TEXT_LIMIT)
