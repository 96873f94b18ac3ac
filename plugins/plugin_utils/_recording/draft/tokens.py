# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts the headers that scripts of a page add to a request, such as ``X-CSRF-Token``, from where their value was."""

from __future__ import annotations

import re
import typing as t

from ..sensitive import kind_of_name, looks_random
from .candidates import evaluate, identifier
from .history import BrowsingHistory, Visit

_SENT_BY_BROWSERS = re.compile(
    r"accept|access-control-|authorization|cache-control|connection|content-|cookie|dnt|host|if-|keep-alive|origin|pragma|"
    r"priority|proxy-|range|referer|sec-|te$|transfer-|upgrade|user-agent|:"
)


def sent_tokens(
    history: BrowsingHistory, sent: Visit, known: t.Mapping[str, str]
) -> tuple[list[dict[str, t.Any]], dict[str, str], list[str]]:
    """Return where the headers of ``sent`` come from that are neither a browser's nor ``known``.

    That is: the steps that fetch the tokens, the headers with their placeholders, and those without a recorded source.
    """
    steps: list[dict[str, t.Any]] = []
    headers: dict[str, str] = {}
    lacking: list[str] = []
    for name, value in sent.headers.items():
        if _SENT_BY_BROWSERS.match(name) or not value:
            continue
        proper = name.title()
        if proper in known:
            continue
        if not (kind_of_name(name) in ("token", "password") or looks_random(value, 8)):
            headers[proper] = value  # a constant, such as XMLHttpRequest
            continue
        given = "".join(each if each.isalnum() else "_" for each in name)
        before = [each for each in history.visits if each.number < sent.number and each.own]
        source = next(((each, how) for each in reversed(before) if (how := _source(each, value, given))), None)
        if source is None:
            lacking.append(proper)
            continue
        steps.append({**source[0].get, **source[1]} if not source[0].writes else {"get": "", **source[1]})
        headers[proper] = f"${{{given}}}"
    return steps, headers, lacking


def address_tokens(visit: Visit) -> t.Iterator[str]:
    """Yield the values in the address of a page that only one session may have, by their names or their looks."""
    for name, value in visit.query:
        if value and (kind_of_name(name) in ("token", "password") or looks_random(value, 16)):
            yield value
    yield from (part for part in visit.path.split("/") if looks_random(part, 16))


def _source(visit: Visit, value: str, given: str) -> dict[str, t.Any] | None:
    """Return how a step at ``visit`` keeps ``value`` under the name ``given``, None if it is not there."""
    for cookie in (each.partition(";")[0] for each in visit.answered("set-cookie")):
        if cookie.partition("=")[2].strip('"') == value:
            return {"keep_cookies": {given: cookie.partition("=")[0].strip()}}
    if visit.writes or not visit.is_page:
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
    return {value: at for at, value in answered if isinstance(value, str) and value in asked}


def leaves(data: t.Any, at: str) -> t.Iterator[tuple[str, t.Any]]:
    """Yield an expression for each value in JSON that no list contains, and the value."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, f"{at}.{identifier(str(name))}" if at else identifier(str(name)))
    elif at:
        yield at, data
