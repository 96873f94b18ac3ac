# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is taken out of a recording, wherever and however it is written there; what is not, and how that is said."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import Exchange, Recording
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import read_har, write_har
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.scrub import Replacements, scan, scrub
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.spelling import Seeker, Sought, forms
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unit.recording.hars import BASE, exchange, recording

PASSWORD = "S3cr&t päss"
TOKEN = "cbb75f1cd9a0aa3fb43b7c22"
SESSION = "AbCdEf_123-456zZ"
BASIC = base64.b64encode(f"anna.smith:{PASSWORD}".encode()).decode()
CODE = "jpG_XwQ9Tz3kAbLqMn"

LOGIN = f"""
<form action="login.cgi" method="post"><input type=hidden name='sectok' value="{TOKEN}">
<input name="uname"><input type="password" name="upass"></form>
<a href="{BASE}/help">help</a> <a href="//www.w3.org/">w3</a> Ask Anna.Smith@corp.example.net
"""
DEVICE = f"""
<table><tr><th>Serial number</th><td>730012345</td></tr><tr><th>IP address</th><td>10.1.2.3</td></tr>
<tr><th>Firmware version</th><td>7.2.1.0</td></tr><tr><th>Host name</th><td>press-01</td></tr>
<tr><td>MAC:</td><td>00:1E:8F:AA:BB:CC</td></tr><tr><td>IPv6:</td><td>fe80::21e:8fff:feaa:bbcc</td></tr></table>
anna.smith, {html.escape(PASSWORD)} <a href="https://home.cloud.example.net/register/{CODE}">address</a>
<img src="data:image/png;base64,{base64.b64encode(b"a picture of the code" * 9).decode()}">
<script>var csrfToken = "{TOKEN}"; var mask = "255.255.255.0";</script>
"""


def typical() -> Recording:
    """A sign-in with everything that a browser records of it, a page and an answer in JSON."""
    return recording(
        exchange(
            path="/login.htm",
            body=LOGIN,
            answered=(("Set-Cookie", f"sraSession={SESSION}; Path=/; Domain=.corp.example.net; Secure"),),
        ),
        exchange(
            path="/login.cgi",
            body="",
            method="POST",
            sent=f"uname=anna.smith&upass={quote_plus(PASSWORD)}&sectok={TOKEN}",
            status=302,
            headers=(
                ("Cookie", f"sraSession={SESSION}; lang=en"),
                ("Authorization", f"Basic {BASIC}"),
                ("Host", "press-01.corp.example.net:8443"),
                ("Referer", f"{BASE}/login.htm?sid={SESSION}"),
                ("User-Agent", "Mozilla/5.0 Chrome/131.0.0.0"),
            ),
            answered=(("Location", f"{BASE}/device.htm;jsessionid={SESSION}"),),
        ),
        exchange(path=f"/device.htm;jsessionid={SESSION}", body=DEVICE),
        exchange(
            path="/api/devices/730012345?access_token=zzTop12345678",
            body=json.dumps(
                {
                    "serialNumber": 730012345,
                    "access_token": "zzTop12345678",
                    "code": "unknown_device",
                    "user": "anna.smith",
                    "url": f"{BASE}/x",
                }
            ).replace("/", "\\/"),
            kind="application/json",
        ),
    )


TYPED = [
    *(PASSWORD, TOKEN, SESSION, BASIC, CODE, "anna.smith", "anna.smith@corp.example.net", "730012345", "10.1.2.3"),
    *("press-01", "corp.example.net", "home.cloud.example.net", "zzTop12345678", "00:1e:8f:aa:bb:cc", "21e:8fff"),
]


def everything(of: Recording) -> str:
    """All text of a recording, also as whoever reads HTML, JSON, addresses and Base64 reads it."""
    texts: list[str] = []
    for each in of.exchanges:
        texts += [each.url, *(f"{name}: {value}" for name, value in each.request_headers + each.response_headers)]
        texts += [each.request_body.decode(errors="replace"), each.response_body.decode(errors="replace")]
        texts += [value for _name, value in each.form]
    whole = "\n".join(form for text in texts for form in forms(text))
    for token in set(whole.replace('"', " ").replace("=", " ").split()):
        try:
            whole += "\n" + base64.b64decode(token + "=" * (-len(token) % 4), validate=True).decode()
        except ValueError:
            continue
    return whole.lower()


def test_nothing_of_it_is_left_and_the_scan_agrees() -> None:
    scrubbed, replaced = scrub(typical())
    text = everything(scrubbed)
    assert [value for value in TYPED if value.lower() in text] == []
    assert scan(scrubbed) == []
    assert dict(replaced.counts) == {
        **dict.fromkeys(("password", "username", "code", "email", "mac", "serial", "image"), 1),
        "token": 4,
        "host": 4,
        "ip": 2,
    }
    assert replaced.notes == ()
    shown = repr(replaced) + str(replaced) + repr(scrubbed.notes)
    assert [value for value in TYPED if value in shown] == []


def test_the_scan_finds_all_of_it_and_tells_no_value() -> None:
    findings = scan(typical())
    kinds = {each.kind for each in findings}
    assert kinds == {"password", "username", "token", "code", "email", "host", "ip", "mac", "serial", "image"}
    assert {each.exchange for each in findings} == {0, 1, 2, 3}
    said = "\n".join(map(str, findings))
    assert "exchange 1, form field upass: something like a password" in said
    assert [value for value in TYPED if value in said] == []


def test_what_is_one_value_stays_one() -> None:
    """The page's hidden token is the one that the form sends; links and redirects lead where they led."""
    first, second, third, fourth = scrub(typical())[0].exchanges
    token = dict(second.form)["sectok"]
    assert f'value="{token}"' in first.response_body.decode()
    assert f'csrfToken = "{token}"' in third.response_body.decode()
    assert len(token) == len(TOKEN)
    assert set(token) <= set("0123456789abcdef")
    location = dict(second.response_headers)["Location"]
    assert third.url == location
    assert first.url.removesuffix("/login.htm") in first.response_body.decode()
    user, password = dict(second.form)["uname"], dict(second.form)["upass"]
    authorization = dict(second.request_headers)["Authorization"]
    assert authorization == "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    answer = json.loads(fourth.response_body)
    assert str(answer["serialNumber"]) == fourth.url.partition("?")[0].rpartition("/")[2]
    assert isinstance(answer["serialNumber"], int)
    assert answer["user"] == user
    assert answer["url"] == first.url.replace("/login.htm", "/x")


def test_what_is_nobodys_stays_as_it_is() -> None:
    scrubbed = scrub(typical())[0]
    page = scrubbed.exchanges[2].response_body.decode()
    for kept in ("7.2.1.0", "255.255.255.0", "Serial number", "csrfToken"):
        assert kept in page
    assert "//www.w3.org/" in scrubbed.exchanges[0].response_body.decode()
    assert dict(scrubbed.exchanges[1].request_headers)["User-Agent"] == "Mozilla/5.0 Chrome/131.0.0.0"
    assert '"unknown_device"' in scrubbed.exchanges[3].response_body.decode()
    assert [name for name, _value in scrubbed.exchanges[1].form] == ["uname", "upass", "sectok"]
    assert [each.method for each in scrubbed.exchanges] == [each.method for each in typical().exchanges]


def test_scrubbing_again_changes_nothing_and_is_the_same_in_every_run(tmp_path: Path) -> None:
    once, _replaced = scrub(typical())
    assert scrub(typical())[0] == once
    write_har(once, tmp_path / "r.har")
    again = read_har(tmp_path / "r.har")
    twice, replaced = scrub(again)
    assert twice.exchanges == once.exchanges
    assert replaced.counts == {}
    assert scan(again) == []


def test_a_host_below_a_domain_stays_below_it() -> None:
    first = scrub(typical())[0].exchanges[0]
    cookie = dict(first.response_headers)["Set-Cookie"]
    domain = cookie.partition("Domain=.")[2].partition(";")[0]
    assert first.url.partition(":8443")[0].endswith("." + domain)


# --- what is known ---


def test_what_only_the_person_knows_is_replaced_too() -> None:
    made = recording(exchange(body="<p>Device 4711-XY of Mueller &amp; Sons, box hall7-east</p>"))
    known = {"serial": "4711-XY", "customer name": "Mueller & Sons", "hosts": ["hall7-east"]}
    scrubbed, replaced = scrub(made, known=known)
    page = scrubbed.exchanges[0].response_body.decode()
    assert [value for value in ("4711-XY", "Mueller", "hall7-east") if value in page] == []
    assert dict(replaced.counts)["serial"] == 1
    assert {each.known for each in scan(made, known)} == {"serial", "customer name", "hosts", None}
    assert scan(scrubbed, known) == []


def test_an_address_that_is_known_is_replaced_by_its_parts() -> None:
    known = {"registration address": "https://portal.example.net/open/Zk81-99aQ"}
    made = recording(exchange(body="see portal.example.net, code Zk81-99aQ"))
    assert scan(scrub(made, known=known)[0], known) == []
    assert {each.known for each in scan(made, known)} == {"registration address", None}


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"password": "1"}, "'password' is too short or too common"),
        ({"user password": "help"}, "'user password' is too short or too common"),
        ({"password": "abcd"}, "'password' is too short or too common"),
        ({"password": "password"}, "'password' is too short or too common"),
        ({"password": "device"}, "'password' is too short or too common"),
        ({"password": "login.htm"}, "'password' is too short or too common"),
        ({"serials": ["12"]}, "'serials' is too short or too common"),
        ({"host": "localhost"}, "'host' is every machine's name for itself"),
        ({"host": "printer"}, "'host' is too short or too common"),
    ],
)
def test_known_values_that_would_destroy_the_recording_are_refused(known: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        scrub(typical(), known=known)


def test_a_known_value_that_is_the_name_of_a_page_is_found_though_it_cannot_be_replaced() -> None:
    assert "password" in {each.known for each in scan(typical(), {"password": "login.htm"})}


def test_what_shall_be_kept_is_kept() -> None:
    scrubbed, _replaced = scrub(typical(), keep=["Home.cloud.example.net", "10.1.2.3"])
    page = scrubbed.exchanges[2].response_body.decode()
    assert "home.cloud.example.net" in page
    assert "10.1.2.3" in page
    assert scan(scrubbed, keep=["home.cloud.example.net", "10.1.2.3"]) == []
    assert {each.kind for each in scan(scrubbed)} == {"host", "ip"}


# --- values that are too short or too common ---


@pytest.mark.parametrize("password", ["1", "1234", "admin", "device", "Password", "form"])
def test_a_password_like_a_word_is_replaced_where_it_was_sent_and_nowhere_else(password: str) -> None:
    page = '<form action="/device"><input type="password" name="pw"></form> 1 of 12345 devices, Password, form, admin'
    made = recording(
        exchange(path="/device", body=page),
        exchange(path="/device", body=page, method="POST", sent=f"pw={password}&n=1"),
        exchange(path="/api", method="POST", sent=json.dumps({"pw": password, "n": "1"}), sent_type="application/json"),
        exchange(path="/basic", headers=(("Authorization", "Basic " + _basic("anna.smith", password)),)),
        exchange(
            path="/part", method="POST", sent=_multipart("pw", password), sent_type="multipart/form-data; boundary=X"
        ),
    )
    scrubbed, replaced = scrub(made)
    assert scrubbed.exchanges[0].response_body == made.exchanges[0].response_body
    form, api, basic, part = scrubbed.exchanges[1:]
    stand_in = dict(form.form)["pw"]
    assert stand_in != password
    assert dict(form.form)["n"] == "1"
    assert json.loads(api.request_body) == {"pw": stand_in, "n": "1"}
    assert base64.b64decode(dict(basic.request_headers)["Authorization"][6:]).decode() == f"user-1:{stand_in}"
    assert part.form == (("pw", stand_in),)
    (note,) = replaced.notes
    assert "too short or too common" in note
    assert "form field pw" in note
    assert scan(scrubbed) == []
    assert {each.place for each in scan(made) if each.kind == "password"} >= {"form field pw", "request body, key pw"}


def _basic(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def _multipart(name: str, value: str) -> str:
    return f'--X\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n--X--\r\n'


def test_a_usual_account_is_left_and_that_is_said() -> None:
    page = "<title>administrator</title><form><input name=user><input type=password name=p></form>"
    made = recording(exchange(body=page), exchange(method="POST", sent="user=administrator&p=Zx81-99aQ"))
    scrubbed, replaced = scrub(made)
    assert dict(scrubbed.exchanges[1].form)["user"] == "administrator"
    assert replaced.notes == ("left: the user name in form field user, which is a usual one",)
    scrubbed, replaced = scrub(made, known={"user": "administrator"})
    assert scrubbed.exchanges[0].response_body.startswith(b"<title>user-1</title>")


def test_a_host_that_is_a_word_is_replaced_in_addresses_alone() -> None:
    page = '<a href="https://printer/x">The printer</a> <a href="http://localhost:631/">local</a>'
    scrubbed, _replaced = scrub(
        recording(exchange(path="https://printer/x", body=page, headers=(("Host", "printer"),)))
    )
    (found,) = scrubbed.exchanges
    assert found.url == "https://host-1/x"
    assert found.response_body.decode() == page.replace("//printer", "//host-1")
    assert scan(scrubbed) == []


# --- anything, anywhere ---

PLACES: dict[str, Callable[[str], Exchange]] = {
    "text": lambda value: exchange(body=f"<p>so {html.escape(value)} it is</p>"),
    "attribute": lambda value: exchange(body=f'<input name="shown" value="{html.escape(value)}">'),
    "entities": lambda value: exchange(body="".join(f"&#{ord(each)};" for each in value)),
    "script": lambda value: exchange(body=f"<script>var x = {json.dumps(value)};</script>"),
    "json": lambda value: exchange(body=json.dumps({"x": [value]}), kind="application/json"),
    "json, readable": lambda value: exchange(body=json.dumps(value, ensure_ascii=False), kind="application/json"),
    "form": lambda value: exchange(method="POST", sent=f"a=b&note={quote_plus(value)}"),
    "form, spaces": lambda value: exchange(method="POST", sent=f"note={quote(value, safe='')}"),
    "multipart": lambda value: exchange(
        method="POST", sent=_multipart("note", value), sent_type="multipart/form-data; boundary=X"
    ),
    "query": lambda value: exchange(path=f"/find?text={quote_plus(value)}"),
    "path": lambda value: exchange(path=f"/find/{quote(value, safe='')}/it"),
    "encoded twice": lambda value: exchange(path=f"/go?to={quote(quote(value, safe=''), safe='')}"),
    "header": lambda value: exchange(headers=(("X-Note", quote(value)),), answered=(("X-Other", quote(value)),)),
    "basic": lambda value: exchange(headers=(("Authorization", "Basic " + _basic("u", value)),)),
    "base64 elsewhere": lambda value: exchange(body=json.dumps({"x": _basic("u", value)}), kind="application/json"),
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

KNOWN = {"secret": SECRET, "email": EMAIL, "serial": SERIAL, "host": HOST}


@pytest.mark.parametrize("kind", KNOWN)
@settings(max_examples=40)
@given(data=st.data())
def test_no_known_value_remains_however_it_is_written(kind: str, data: st.DataObject) -> None:
    value = data.draw(KNOWN[kind])
    places = data.draw(st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=4, unique=True))
    made = recording(*(PLACES[place](value) for place in places))
    try:
        scrubbed, _replaced = scrub(made, known={kind: value})
    except BadInput as error:
        assume("too common" not in str(error))  # it may happen to be the name of a field
        raise
    assert scan(scrubbed, {kind: value}) == []
    text = everything(scrubbed)
    assert value.lower() not in text
    # One is put back, anywhere:
    place = data.draw(st.sampled_from(sorted(PLACES)))
    spoilt = replace(PLACES[place](value), number=len(scrubbed.exchanges))
    left = scan(replace(scrubbed, exchanges=[*scrubbed.exchanges, spoilt]), {kind: value})
    assert {each.known for each in left if each.exchange == spoilt.number} >= {kind}


SPEAKING: dict[str, Callable[[str], Exchange]] = {
    "e-mail": lambda value: exchange(body=f"write to {value}!"),
    "serial": lambda value: exchange(body=f"<table><tr><th>Serial number</th><td>{value}</td></tr></table>"),
    "link": lambda value: exchange(body=f'<a href="https://{value}:8443/x">there</a>'),
    "login": lambda value: exchange(method="POST", sent=f"user=somebody.else&password={quote_plus(value)}&remember=1"),
    "token": lambda value: exchange(body=f'<input type=hidden name=csrf value="{html.escape(value)}">'),
}


@settings(max_examples=60)
@given(EMAIL, SERIAL, HOST, SECRET, st.from_regex(r"[a-f0-9]{16,32}", fullmatch=True), st.data())
def test_what_says_what_it_is_needs_not_be_known(
    email: str, serial: str, host: str, password: str, token: str, data: st.DataObject
) -> None:
    values = {"e-mail": email, "serial": serial, "link": host, "login": password, "token": token}
    assume(
        len(set(token)) > 4
        and not any(one in other for one in values.values() for other in values.values() if one != other)
    )
    order = data.draw(st.permutations(sorted(values)))
    places = data.draw(st.lists(st.sampled_from(sorted(PLACES)), max_size=3, unique=True))
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
def test_a_text_around_a_value_stays_as_it_is(value: str, before: str, after: str) -> None:
    assume(value not in before + after and value.strip() and "stand" not in value)
    seeker = Seeker([Sought(value, "STAND-IN")])
    text = before + value + after
    assume(
        text.find(value) == text.rfind(value) == len(before)
        and not seeker.present(before)
        and not seeker.present(after)
    )
    assume(seeker.present(before + "|" + after) == [])
    assert seeker.replaced(text) == before + "STAND-IN" + after


def test_nothing_to_replace_is_no_replacement() -> None:
    made = recording(exchange(path="http://localhost/x", body="<title>x</title>"))
    scrubbed, replaced = scrub(made)
    assert scrubbed == made
    assert str(replaced) == "nothing"
    assert replaced == Replacements({})
