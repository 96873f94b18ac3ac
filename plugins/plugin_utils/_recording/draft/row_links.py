# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds how a profile picks a link in a row of a list, so that it is the same link in every row and tells no person."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qsl, unquote

from ....module_utils._web.page.address import split_address
from ..exchange import without_default_port
from ..matching import selects_operation
from .candidates import evaluate, quoted
from .tokens import may_be_key


def link_pick(
    links: Sequence[Mapping[str, t.Any]],
    url: str,
    person: str,
    others: Sequence[Sequence[Mapping[str, t.Any]]] | None = None,
) -> str | None:
    """Return an expression for the link to ``url`` that does not depend on the person; None if there is none.

    ``others``: for a link in a row, the links of other rows, which may have more of them: it picks at most one address
    of each row, and never the same one in two rows, as then it tells a person. What a link shows or says may be the
    name of a person: most rows say the same. If no other row was recorded, the key of the row must be something else.
    """
    link = next((link for link in links if link_address(link) == url), None)
    if link is None:
        return None
    for test in _link_tests(link, url, person, others):
        found = evaluate(f"[?{test}].href", list(links)) if not names_one_row(test, person) else None
        if isinstance(found, list) and set(found) == {link["href"]}:
            picked = [{*(evaluate(f"[?{test}].href", list(each)) or ())} for each in others or ()]
            addresses = [each.pop() for each in picked if len(each) == 1]
            least = max(2, len(picked) // 2 + 1) if test.startswith(("text==", "title==")) else 1
            least = least if others else 0
            if not any(picked) and len(addresses) >= least and len({*addresses, link["href"]}) > len(addresses):
                return f"links[?{test}].href"
    each_row = [{each["href"] for each in one} for one in (links, *(others or ()))]
    return "links[].href" if len(set().union(*each_row)) == sum(map(len, each_row)) == len(each_row) else None


def _link_tests(
    link: Mapping[str, t.Any], url: str, person: str, others: Sequence[Sequence[Mapping[str, t.Any]]] | None
) -> Iterator[str]:
    """Yield conditions that are true of a link, by structure first, and none of which is known to be of one row."""
    path, query = split_address(url).path, split_address(url).query
    end = next((part for part in reversed(path.split("/")) if part and not part.isdigit()), "")
    last, alone = path[path.rindex(f"/{end}") :] if end else "", others == []
    head = re.match(r"(?:/[^/\d]+)+/(?=[^/]*\d)", path + "/")
    if link["id"] and not alone:
        yield f"id=={quoted(link['id'])}"
    parts = [*path.split("/"), *(value for _name, value in parse_qsl(query))]
    keys = [each for each in filter(None, parts) if may_be_key(unquote(each)) or each.casefold() in person.casefold()]
    if end and not (alone and (end in keys or not (keys or query))):
        if path.rstrip("/").endswith(f"/{end}"):
            yield f"ends_with(href, {quoted(last)})"
        elif f"/{end}/" in path:
            yield f"contains(href, {quoted(f'/{end}/')})"
        if query:
            yield f"contains(href, {quoted(last + '?')})"
            yield f"contains(href, {quoted(path + '?')})"  # such as that of a user beside that of a group
        elif head and path.rstrip("/").endswith(f"/{end}"):
            yield f"contains(href, {quoted(head[0])}) && ends_with(href, {quoted(last)})"
    given = [{pair for each in one for pair in split_address(each["href"]).query.split("&")} for one in others or ()]
    for pair in filter(None, query.split("&")):
        name, _is, value = pair.partition("=")
        of_all = any(pair in one for one in given) if others else not alone
        if of_all or (alone and (selects_operation(name) or (keys and value not in keys))):
            yield f"contains(href, {quoted(pair)})"
    yield from (f"{name}=={quoted(link[name])}" for name in ("text", "title") if link[name] and not alone)


def names_one_row(text: str, value: str) -> bool:
    """Whether a condition or a name may be that of one row alone: it contains a digit, or ``value``, which it has."""
    return any(map(str.isdigit, text)) or (bool(value) and value.casefold() in text.casefold())


def link_address(link: Mapping[str, t.Any]) -> str:
    """Return where a link leads, as the address of a visit is spelled."""
    return without_default_port(link["href"].partition("#")[0])


def path_parts(address: str) -> list[str]:
    """Return the parts of the path of an address as they are shown."""
    return [unquote(part) for part in split_address(address).path.split("/") if part]
