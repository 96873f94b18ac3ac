# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scrubbing a whole recording: what is replaced, what is kept, and what is reported."""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import Recording
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import read_har, write_har
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.scrub import Replacements, scan, scrub
from unit.recording.hars import BASE, basic, exchange, recording
from unit.recording.scrubbed import everything

PASSWORD = "S3cr&t päss"
TOKEN = "cbb75f1cd9a0aa3fb43b7c22"
SESSION = "AbCdEf_123-456zZ"
BASIC = basic("anna.smith", PASSWORD)
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
    """Return a recording with a sign-in, a page and JSON that contain every kind of sensitive value."""
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


def test_every_value_is_replaced_and_the_scan_agrees() -> None:
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


def test_the_scan_finds_every_value_and_shows_none() -> None:
    findings = scan(typical())
    kinds = {each.kind for each in findings}
    assert kinds == {"password", "username", "token", "code", "email", "host", "ip", "mac", "serial", "image"}
    assert {each.exchange for each in findings} == {0, 1, 2, 3}
    message = "\n".join(map(str, findings))
    assert "exchange 1, form field upass: probably a value of kind password" in message
    assert [value for value in TYPED if value in message] == []


def test_equal_values_have_equal_stand_ins() -> None:
    """The hidden token of the page is still the one that the form sends, and links still lead to their pages."""
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


def test_values_that_are_not_sensitive_are_kept() -> None:
    scrubbed = scrub(typical())[0]
    page = scrubbed.exchanges[2].response_body.decode()
    for kept in ("7.2.1.0", "255.255.255.0", "Serial number", "csrfToken"):
        assert kept in page
    assert "//www.w3.org/" in scrubbed.exchanges[0].response_body.decode()
    assert dict(scrubbed.exchanges[1].request_headers)["User-Agent"] == "Mozilla/5.0 Chrome/131.0.0.0"
    assert '"unknown_device"' in scrubbed.exchanges[3].response_body.decode()
    assert [name for name, _value in scrubbed.exchanges[1].form] == ["uname", "upass", "sectok"]
    assert [each.method for each in scrubbed.exchanges] == [each.method for each in typical().exchanges]


def test_scrubbing_is_idempotent_and_deterministic(tmp_path: Path) -> None:
    once, _replaced = scrub(typical())
    assert scrub(typical())[0] == once
    write_har(once, tmp_path / "r.har")
    again = read_har(tmp_path / "r.har")
    twice, replaced = scrub(again)
    assert twice.exchanges == once.exchanges
    assert replaced.counts == {}
    assert scan(again) == []


def test_a_host_stays_below_its_domain() -> None:
    first = scrub(typical())[0].exchanges[0]
    cookie = dict(first.response_headers)["Set-Cookie"]
    domain = cookie.partition("Domain=.")[2].partition(";")[0]
    assert first.url.partition(":8443")[0].endswith("." + domain)


# --- known values ---


def test_known_values_are_replaced() -> None:
    made = recording(exchange(body="<p>Device 4711-XY of Mueller &amp; Sons, box hall7-east</p>"))
    known = {"serial": "4711-XY", "customer name": "Mueller & Sons", "hosts": ["hall7-east"]}
    scrubbed, replaced = scrub(made, known=known)
    page = scrubbed.exchanges[0].response_body.decode()
    assert [value for value in ("4711-XY", "Mueller", "hall7-east") if value in page] == []
    assert dict(replaced.counts)["serial"] == 1
    assert {each.known for each in scan(made, known)} == {"serial", "customer name", "hosts", None}
    assert scan(scrubbed, known) == []


def test_the_parts_of_a_known_address_are_replaced() -> None:
    known = {"registration address": "https://portal.example.net/open/Zk81-99aQ"}
    made = recording(exchange(body="see portal.example.net, code Zk81-99aQ"))
    assert scan(scrub(made, known=known)[0], known) == []
    assert {each.known for each in scan(made, known)} == {"registration address", None}


@pytest.mark.parametrize(
    ("known", "message"),
    [
        ({"password": "1"}, "'password' is too short or too common"),
        ({"user password": "help"}, "'user password' is too short or too common"),
        ({"password": "abcd"}, "'password' is too short or too common"),
        ({"password": "password"}, "'password' is too short or too common"),
        ({"password": "device"}, "'password' is too short or too common"),
        ({"password": "login.htm"}, "'password' is too short or too common"),
        ({"serials": ["12"]}, "'serials' is too short or too common"),
        ({"host": "localhost"}, "'host' is the local host name of every machine"),
        ({"host": "printer"}, "'host' is too short or too common"),
    ],
)
def test_known_values_that_would_break_the_recording_are_refused(known: dict[str, str], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        scrub(typical(), known=known)


def test_a_known_value_in_a_path_is_found_but_not_replaced() -> None:
    assert "password" in {each.known for each in scan(typical(), {"password": "login.htm"})}


def test_a_recording_without_sensitive_values_is_unchanged() -> None:
    made = recording(exchange(path="http://localhost/x", body="<title>x</title>"))
    scrubbed, replaced = scrub(made)
    assert scrubbed == made
    assert str(replaced) == "nothing"
    assert replaced == Replacements({})


# --- encodings, and many people ---


@pytest.mark.parametrize("times", range(5))
def test_a_value_is_replaced_however_often_it_is_encoded(times: int) -> None:
    value = f"{BASE}/x?who=jo.roe@corp.example.net"
    for _time in range(times):
        value = quote(value, safe="")
    made = recording(exchange(path=f"/go?to={value}", body=f'<a href="/go?to={value}&amp;x=1">jo.roe@corp.example.net'))
    scrubbed = scrub(made)[0]
    assert scan(scrubbed) == []
    assert "jo.roe" not in everything(scrubbed)
    assert scrubbed.exchanges[0].url.count("%") == made.exchanges[0].url.count("%")


def test_encodings_within_each_other_are_replaced() -> None:
    inner = json.dumps({"mail": "jo@corp.example.net"}).replace("@", "\\u0040")
    bodies = [json.dumps({"a": json.dumps(inner)}), f"/x?h={quote(html.escape(inner))}", quote(json.dumps(inner))]
    scrubbed = scrub(recording(*(exchange(body=body) for body in bodies)))[0]
    assert scan(scrubbed) == []
    assert "jo@" not in everything(scrubbed)


@pytest.mark.parametrize("domain", ["example.com", "corp.example.net"])
def test_a_page_of_many_people_becomes_a_fixture(domain: str) -> None:
    people = [f"first.last{number}@{domain}" for number in range(40)]
    rows = "".join(f"<tr><td>{who}<td><a href='/p?back={quote(quote(f'/q?m={who}', safe=''))}'>x</a>" for who in people)
    made = recording(exchange(body=f"<table>{rows}</table><script>let all = {json.dumps(people)}</script>"))
    scrubbed, replaced = scrub(made)
    assert dict(replaced.counts)["email"] == 40
    assert scan(scrubbed) == []
    assert [who for who in people if who in everything(scrubbed)] == []


def test_a_value_that_is_left_is_named_with_the_line_to_add() -> None:
    made = recording(exchange(body="jo@corp.example.net", headers=(("Authorization", "Bearer abcdefgh12345678"),)))
    assert {each.as_known for each in scan(made) if each.kind in ("email", "token")} == {
        ("emails", "jo@corp.example.net"),
        ("secrets", "ab… (16 characters)"),
    }
