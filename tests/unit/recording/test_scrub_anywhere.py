# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A known value anywhere in a recording in any encoding: none is left, and one that is put back is found."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from urllib.parse import quote, quote_plus

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import RecordedExchange
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.finder import Finder, Needle
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.scrub import scan, scrub
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unit.recording.hars import basic, exchange, multipart, recording
from unit.recording.scrubbed import everything

PLACES: dict[str, Callable[[str], RecordedExchange]] = {
    "text": lambda value: exchange(body=f"<p>so {html.escape(value)} it is</p>"),
    "attribute": lambda value: exchange(body=f'<input name="shown" value="{html.escape(value)}">'),
    "entities": lambda value: exchange(body="".join(f"&#{ord(each)};" for each in value)),
    "script": lambda value: exchange(body=f"<script>var x = {json.dumps(value)};</script>"),
    "json": lambda value: exchange(body=json.dumps({"x": [value]}), kind="application/json"),
    "json, readable": lambda value: exchange(body=json.dumps(value, ensure_ascii=False), kind="application/json"),
    "form": lambda value: exchange(method="POST", sent=f"a=b&note={quote_plus(value)}"),
    "form, spaces": lambda value: exchange(method="POST", sent=f"note={quote(value, safe='')}"),
    "multipart": lambda value: exchange(
        method="POST", sent=multipart("note", value), sent_type="multipart/form-data; boundary=X"
    ),
    "query": lambda value: exchange(path=f"/find?text={quote_plus(value)}"),
    "path": lambda value: exchange(path=f"/find/{quote(value, safe='')}/it"),
    "encoded twice": lambda value: exchange(path=f"/go?to={quote(quote(value, safe=''), safe='')}"),
    "header": lambda value: exchange(headers=(("X-Note", quote(value)),), answered=(("X-Other", quote(value)),)),
    "basic": lambda value: exchange(headers=(("Authorization", "Basic " + basic("u", value)),)),
    "base64 elsewhere": lambda value: exchange(body=json.dumps({"x": basic("u", value)}), kind="application/json"),
    "cookie": lambda value: exchange(headers=(("Cookie", f"note={quote(value, safe='')}"),)),
    "latin-1": lambda value: exchange(
        body=value.encode("latin-1", "xmlcharrefreplace"), kind="text/html; charset=iso-8859-1"
    ),
    "plain": lambda value: exchange(body=f"x\n{value}\ny", kind="text/plain; charset=utf-8"),
}

CHARACTERS = st.characters(
    categories=("Lu", "Ll", "Nd", "Po", "Sm", "Sc", "Zs"), max_codepoint=0x2FFF, exclude_characters="\u00a0"
)
SECRET = st.text(st.one_of(CHARACTERS, st.sampled_from("&<>\"'%+/\\ =;:@")), min_size=8, max_size=24).filter(
    lambda text: len(set(text)) > 4 and text == text.strip() and "\u2028" not in text
)
EMAIL = st.from_regex(r"[a-z]{1,6}[.+_]?[a-z0-9]{1,6}@([a-z]{2,8}\.){1,2}(net|com|fr)", fullmatch=True)
SERIAL = st.from_regex(r"[1-9A-Z][0-9A-Z]{2}[0-9]{4,8}", fullmatch=True)
HOST = st.from_regex(r"[a-z]{2,8}-?[0-9]{1,3}\.[a-z]{3,8}\.(net|com|local)", fullmatch=True)

OTHER = "another value"
KNOWN = {"secret": SECRET, "email": EMAIL, "serial": SERIAL, "host": HOST}


@pytest.mark.parametrize("kind", KNOWN)
@settings(max_examples=40)
@given(data=st.data())
def test_no_known_value_is_left_in_any_encoding(kind: str, data: st.DataObject) -> None:
    value = data.draw(KNOWN[kind])
    places = data.draw(st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=4, unique=True))
    # not a word of the frame around it, such as a part of the name of a header
    assume(value.lower() not in everything(recording(*(PLACES[place](OTHER) for place in places))))
    made = recording(*(PLACES[place](value) for place in places))
    try:
        scrubbed, _replaced = scrub(made, known={kind: value})
    except BadInput as error:
        assume("too common" not in str(error))  # it may be equal to the name of a field
        raise
    assert scan(scrubbed, {kind: value}) == []
    text = everything(scrubbed)
    assert value.lower() not in text
    # Put one back anywhere:
    place = data.draw(st.sampled_from(sorted(PLACES)))
    spoilt = replace(PLACES[place](value), number=len(scrubbed.exchanges))
    left = scan(replace(scrubbed, exchanges=[*scrubbed.exchanges, spoilt]), {kind: value})
    assert {each.known for each in left if each.exchange == spoilt.number} >= {kind}


SPEAKING: dict[str, Callable[[str], RecordedExchange]] = {
    "e-mail": lambda value: exchange(body=f"write to {value}!"),
    "serial": lambda value: exchange(body=f"<table><tr><th>Serial number</th><td>{value}</td></tr></table>"),
    "link": lambda value: exchange(body=f'<a href="https://{value}:8443/x">there</a>'),
    "login": lambda value: exchange(method="POST", sent=f"user=somebody.else&password={quote_plus(value)}&remember=1"),
    "token": lambda value: exchange(body=f'<input type=hidden name=csrf value="{html.escape(value)}">'),
}


NEUTRAL = {"e-mail": "jo@printfirm.net", "serial": "X7261549", "link": "press1.firm.net", "login": "Zx81-99aQ"}


@cache
def _frame(*places: str) -> str:
    """Return what stands around values, and in their place once they are replaced."""
    speaking = [SPEAKING[name](NEUTRAL.get(name, "0f1e2d3c4b5a6978")) for name in SPEAKING]
    return everything(scrub(recording(*speaking, *(PLACES[place](OTHER) for place in places)))[0])


@settings(max_examples=40)
@given(EMAIL, SERIAL, HOST, SECRET, st.from_regex(r"[a-f0-9]{16,32}", fullmatch=True), st.data())
def test_values_with_a_shape_need_not_be_known(
    email: str, serial: str, host: str, password: str, token: str, data: st.DataObject
) -> None:
    values = {"e-mail": email, "serial": serial, "link": host, "login": password, "token": token}
    assume(
        len(set(token)) > 4
        and not any(one in other for one in values.values() for other in values.values() if one != other)
    )
    order = data.draw(st.permutations(sorted(values)))
    places = data.draw(st.lists(st.sampled_from(sorted(PLACES)), max_size=3, unique=True))
    assume(not any(value.lower() in _frame(*sorted(places)) for value in values.values()))
    elsewhere = [PLACES[place](value) for place in places for value in values.values()]
    made = recording(*(SPEAKING[name](values[name]) for name in order), *elsewhere)
    scrubbed, replaced = scrub(made)
    assume(not any("too common" in note for note in replaced.notes))
    text = everything(scrubbed)
    assert {name: value for name, value in values.items() if value.lower() in text} == {}
    assert scan(scrubbed, {name: value for name, value in values.items() if name != "e-mail"}) == []
    assert scrub(scrubbed)[0].exchanges == scrubbed.exchanges
    name = data.draw(st.sampled_from(order))
    spoilt = replace(scrubbed, exchanges=[*scrubbed.exchanges, replace(SPEAKING[name](values[name]), number=99)])
    assert [each for each in scan(spoilt) if each.exchange == 99]


@settings(max_examples=100)
@given(st.text(CHARACTERS, min_size=5, max_size=20), st.text(max_size=30), st.text(max_size=30))
def test_the_text_around_a_value_is_kept(value: str, before: str, after: str) -> None:
    assume(value not in before + after and value.strip() and "stand" not in value)
    seeker = Finder([Needle(value, "STAND-IN")])
    text = before + value + after
    assume(text.find(value) == text.rfind(value) == len(before) and not seeker.find(before) and not seeker.find(after))
    assume(seeker.find(before + "|" + after) == [])
    assert seeker.replace(text) == before + "STAND-IN" + after
