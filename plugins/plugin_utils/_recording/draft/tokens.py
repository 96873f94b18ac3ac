# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts the headers that scripts of a page add to a request, such as ``X-CSRF-Token``, from where their value was."""

from __future__ import annotations

import re
import typing as t
from urllib.parse import unquote

from ..hints import SWITCH_TEXTS, meaning_of
from ..sensitive import EMAIL, is_plausible, kind_of_name, looks_random
from .candidates import evaluate, form_pick, identifier
from .history import BrowsingHistory, Visit

_SENT_BY_BROWSERS = re.compile(
    r"accept|access-control-|authorization|cache-control|connection|content-|cookie|dnt|host|if-(?!match)|keep-alive|origin|"
    r"pragma|priority|proxy-|range|referer|sec-|te$|transfer-|upgrade|user-agent|:"
)

_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+")
"""What no encoding changes, so that a page without it is soon left."""
_SECRET = ("token", "password")
_VERSION_HEADER = "if-match"
_VERSION = re.compile(r"v\d+|v?\d{1,2}(?:\.\d{1,3}){1,2}")


def sent_tokens(
    history: BrowsingHistory, sent: Visit, known: t.Mapping[str, str]
) -> tuple[list[dict[str, t.Any]], dict[str, str], list[str]]:
    """Return where the headers of ``sent`` come from that are neither a browser's nor ``known``.

    That is: the steps that fetch the tokens, the headers with their placeholders, and those without a recorded source.
    """
    own = own_headers(sent, known)
    if version_before(history, sent) is not None:
        del own[_VERSION_HEADER]
    tokens = {name: value for name, value in own.items() if kind_of_name(name) in _SECRET or looks_random(value, 8)}
    tokens |= {name: value for name, value in own.items() if name == _VERSION_HEADER and value != "*"}
    steps, kept = sources_of(history, sent, tokens)
    headers = {  # any other is a constant, such as XMLHttpRequest
        name.title(): f"${{{kept[value]}}}" if name in tokens else value
        for name, value in own.items()
        if name not in tokens or value in kept
    }
    return steps, headers, [name.title() for name, value in tokens.items() if value not in kept]


def version_before(history: BrowsingHistory, sent: Visit) -> Visit | None:
    """Return the visit that showed which version of a document a request changes or removes (RFC 9110, 13.1.1)."""
    before = (each for each in reversed(history.visits) if each.number < sent.number and not each.writes and each.own)
    same = (each for each in before if each.path == sent.path and not each.query)
    return next((each for each in same if sent.headers.get(_VERSION_HEADER) in each.answered("etag")), None)


def own_headers(sent: Visit, known: t.Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a request that are neither a browser's nor ``known``: a script has set them."""
    own = {name: value for name, value in sent.headers.items() if value and not _SENT_BY_BROWSERS.match(name)}
    return {name: value for name, value in own.items() if name.title() not in known}


def sources_of(
    history: BrowsingHistory, sent: Visit, values: t.Mapping[str, str]
) -> tuple[list[dict[str, t.Any]], dict[str, str]]:
    """Return the steps that fetch what a request sends, and under which name they keep each value that has a source.

    ``values``: these values by their names in the request. A page of one person or device is the source of tokens only.
    """
    steps: dict[int, dict[str, t.Any]] = {}
    kept: dict[str, str] = {}
    before = [each for each in reversed(history.visits) if each.number < sent.number and each.own]
    for name, value in values.items():
        given = "".join(each if each.isalnum() else "_" for each in name)
        found = ((each, how) for each in before if value not in kept and (how := _source(each, value, given)))
        usable = (pair for pair in found if kind_of_name(name) in _SECRET or not is_of_one(pair[0]))
        source, how = next(usable, (None, {}))
        if source is not None:
            step = steps.setdefault(source.number, {"get": ""} if source.writes else dict(source.get))
            step |= {part: step.get(part, {}) | keeping for part, keeping in how.items()}
            kept[value] = given
    return [*steps.values()], kept


def body_tokens(pairs: t.Iterable[tuple[str, t.Any]], data: t.Any) -> dict[str, str]:
    """Return the values in the fields and the JSON of a request that only one session may have, by their names."""
    every = [*pairs, *((at.rpartition(".")[2].strip('"'), value) for at, value in leaves(data, ""))]
    texts = ((name, value) for name, value in every if isinstance(value, str))
    return {
        name: value
        for name, value in texts
        if looks_random(value) or (kind_of_name(name) == "token" and is_plausible("token", value))
    }


def may_be_key(part: str) -> bool:
    """Whether a part of an address may mean one person or device: a number, a code or an e-mail address."""
    if _VERSION.fullmatch(part):
        return False
    return sum(map(str.isdigit, part)) > 1 or re.search(r"(?<![A-Za-z])\d", part) is not None or "@" in part


def is_of_one(visit: Visit) -> bool:
    """Whether a page may be that of one person or device: its address says which one, or it shows an e-mail address."""
    keys = any(map(may_be_key, map(unquote, visit.path.split("/"))))
    return keys or bool(visit.query) or EMAIL.search(visit.text) is not None


def address_tokens(visit: Visit) -> t.Iterator[str]:
    """Yield the values in the address of a page that only one session may have, by their names or their looks."""
    for name, value in visit.query:
        is_switch = value.isalpha() and meaning_of(value, SWITCH_TEXTS) is not None  # as in ?cookie_check=true
        if value and (looks_random(value, 16) or (kind_of_name(name) in _SECRET and not is_switch)):
            yield value
    yield from (part for part in visit.path.split("/") if looks_random(part, 16))


def _source(visit: Visit, value: str, given: str) -> dict[str, t.Any] | None:
    """Return how a step at ``visit`` keeps ``value`` under the name ``given``, None if it is not there."""
    for cookie in (each.partition(";")[0] for each in visit.answered("set-cookie")):
        if cookie.partition("=")[2].strip('"') == value:
            return {"keep_cookies": {given: cookie.partition("=")[0].strip()}}
    if visit.writes or not visit.is_page or (_PLAIN.fullmatch(value) and value.encode() not in visit.response_body):
        return None
    if visit.page.kind == "json":
        picks = [place for place, leaf in leaves(visit.data, "") if leaf == value]
    else:
        picks = [f"meta.{identifier(name)}" for name in visit.data["meta"]]
        for form in visit.forms:
            picks += [f"forms[].fields.{identifier(name)} | [0]" for name in form["fields"]]
        picks += [
            f"scripts[{index}].json.{place}"
            for index, each in enumerate(visit.data.get("scripts", []))
            for place, leaf in leaves(each["json"], "")
            if leaf == value
        ]
    found = next((pick for pick in picks if evaluate(pick, visit.data) == value), None)
    return {"keep": {given: found}} if found else None


def values_given(source: Visit, sent: Visit) -> dict[str, str]:
    """Return the values of a JSON request that the JSON of ``source`` gave, each with its place there.

    Only what no person would type counts, such as the key of a question that the interface asked. A request that may
    have changed something is a question only if it says nothing, below the address of what is done then.
    """
    if source.writes and (source.sent_json or source.form or not source.path.startswith(f"{sent.path}/")):
        return {}
    every = leaves(sent.sent_json, "")
    asked = {value for _at, value in every if isinstance(value, str) and looks_random(value, 8)}
    answered = leaves(source.data, "") if source.page.kind == "json" and source.own else ()
    found = {value: at for at, value in answered if isinstance(value, str) and value in asked}
    return found if source.writes or not found or not is_of_one(source) else {}


def values_of_forms(
    page: Visit, sent: t.Sequence[tuple[str, str]], is_input: t.Callable[[str, t.Any], bool]
) -> dict[str, str]:
    """Return an expression for each field of a request that a form of the page had with this value.

    That is a hidden one, such as a token, and one that nobody changed and that is no input.
    """
    found: dict[str, str] = {}
    for name, value in sent:
        for each in page.forms if value else ():
            types = {control["type"] for control in each["controls"] if control["name"] == name}
            if "hidden" in types or (types and not types & {"password", "file"} and not is_input(name, value)):
                pick = f"{form_pick(each, page.forms)}.fields.{identifier(name)}"
                if evaluate(pick, page.data) == value:
                    found.setdefault(name, pick)
    return found


def leaves(data: t.Any, at: str) -> t.Iterator[tuple[str, t.Any]]:
    """Yield an expression for each value in JSON that no list contains, and the value."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, f"{at}.{identifier(str(name))}" if at else identifier(str(name)))
    elif at:
        yield at, data
