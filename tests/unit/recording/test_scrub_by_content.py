# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scrubbing by what a body contains, not by its declared type: sign-ins, codes in addresses, pictures, people."""

from __future__ import annotations

import base64
import html
import json
import re
from urllib.parse import quote

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import RecordedExchange
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.scrub import scan, scrub
from unit.recording.hars import BASE, FORM, exchange, multipart, recording
from unit.recording.scrubbed import everything

PASSWORD = "S3cret-Value!9"
JSON = json.dumps({"user": "anna.smith", "password": PASSWORD})
FIELDS = f"user=anna.smith&password={quote(PASSWORD)}"
XML = f'<?xml version="1.0"?><r><user>anna.smith</user><password>{PASSWORD}</password></r>'
CODE = "AB12CD34EFGH5678"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(200))).decode()
GIF = base64.b64encode(b"GIF89a" + bytes(range(200))).decode()
SVG = '<svg viewBox="0 0 9 9"><g><svg><path d="M1 7h3"/></svg></g><path d="M0 0h7v7"/></svg>'
TOKEN = "482915736204771"
MULTIPART = "multipart/form-data; boundary=X"


def sent(text: str, kind: str) -> RecordedExchange:
    return exchange(path="/api", method="POST", sent=text, sent_type=kind)


def page(text: str, kind: str = "text/html") -> RecordedExchange:
    return exchange(body=text, kind=kind)


def assert_gone(secrets: tuple[str, ...], *exchanges: RecordedExchange) -> None:
    """Assert that scrubbing leaves none of ``secrets``, and that scanning finds them before, and nothing after."""
    made = recording(*exchanges)
    assert scan(made)
    scrubbed = scrub(made)[0]
    text = everything(scrubbed)
    assert [each for each in secrets if each.lower() in text] == []
    assert scan(scrubbed) == []
    assert scrub(scrubbed)[0].exchanges == scrubbed.exchanges


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((JSON, kind) for kind in ("text/plain", "text/plain;charset=UTF-8", "application/octet-stream", FORM, "")),
        *((FIELDS, kind) for kind in ("text/plain", "application/octet-stream", "application/json")),
        (f"user=anna.smith\r\npassword={PASSWORD}\r\n", "text/plain"),
        *((XML, kind) for kind in ("text/xml", "application/soap+xml", "text/plain")),
        (XML.replace(PASSWORD, f"<![CDATA[{PASSWORD}]]>").replace("password>", "w:password>"), "text/xml"),
        (multipart("data", JSON), MULTIPART),
        (multipart("data", JSON).replace('name="data"', 'name="data"; filename="blob"'), MULTIPART),
        (multipart("data", FIELDS), "application/octet-stream"),
        (f"data={quote(JSON)}", FORM),
        (f"x=1&data={quote(json.dumps({'body': JSON}))}", FORM),
        (json.dumps({"variables": {"raw": FIELDS}}), "application/json"),
        (json.dumps({"envelope": XML}), "application/json"),
        (json.dumps(JSON), "application/json"),
        (f'{{"step": 1}}\n{JSON}\n', "application/x-ndjson"),
        (XML.replace(PASSWORD, f"<![CDATA[a<b {PASSWORD}]]>"), "text/xml"),
        (f'<r><field name="user">anna.smith</field><field name="password">{PASSWORD}</field></r>', "text/xml"),
        (f"<m><name>password</name><value><string>{PASSWORD}</string></value></m>", "text/xml"),
        (
            json.dumps({"fields": [{"name": n, "value": v} for n, v in json.loads(JSON).items()]}),
            "application/json",
        ),
    ],
)
def test_a_sign_in_is_read_by_its_content(text: str, kind: str) -> None:
    assert_gone((PASSWORD, "anna.smith"), sent(text, kind))


@pytest.mark.parametrize(
    "text",
    [
        f'<a href="https://home.cloud.test/device/{CODE}">it</a>',
        f'<a href="https://home.cloud.test/r?c={CODE}">it</a>',
        f'<a href="https://home.cloud.test/#/register/{CODE}">it</a>',
        f'<a href="https://home.cloud.test/app#access_token={CODE}">it</a>',
        f'<a href="//home.cloud.test/d;v={CODE}">it</a>',
        f'<img src="https://home.cloud.test/qr/{CODE}.png">',
        f'<a href="https://home.cloud.test/r,{CODE},x">it</a>',
        json.dumps({"address": f"home.cloud.test?c={CODE}"}),
        f"open https://home.cloud.test/r/<wbr>{CODE}.",
        json.dumps({"address": f"home.cloud.test/r/{CODE}"}),
        json.dumps({"address": f"https://home.cloud.test/r/{CODE}"}).replace("/", "\\/"),
        quote(f"https://home.cloud.test/r/{CODE}", safe=""),
    ],
)
def test_a_code_in_an_address_elsewhere_is_replaced_wherever_it_stands(text: str) -> None:
    assert_gone((CODE, "home.cloud"), page(f"{text} {CODE}"))


@pytest.mark.parametrize("code", ["4829157362", "AB12-CD34-EF56", "jpG_XwQ9Tz3kAbLqMn", "AbCdXfQhIjKl"])
def test_codes_of_other_forms(code: str) -> None:
    location = (("Location", f"https://home.cloud.test/open/{code}"),)
    assert_gone((code,), exchange(status=302, body="", answered=location), page(f"The code is {code}."))


def test_an_account_in_an_address_is_replaced() -> None:
    assert_gone(("S3cret", "anna.smith"), page('<a href="ftp://anna.smith:S3cret.Value9@scan.corp.test/x">x</a>'))


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://www.vendor.test/products/varioPRINT-135-series/2026-01-15/register.htm">x</a>',
        '<a href="https://www.vendor.test/imagePRESS-C10000?lang=en-US&from=imagePRESS-C10000">imagePRESS-C10000</a>',
        '<link href="https://www.vendor.test/assets/v2/bootstrap.min.css?v=4.5.2"><form id="register1">2026-01-15',
        '<a href="/assets/4f3c9a12/settings2024.htm#section-2">x</a> <form action="/register" id="register">',
        "<script>x=a;b=c/2;if(a&&token.next>1)d=Math.round(e)/f</script>",
    ],
)
def test_words_in_addresses_are_kept(text: str) -> None:
    scrubbed = scrub(recording(page(text)))[0].exchanges[0].text
    assert re.sub(r"host-\d\.example\.com", "www.vendor.test", scrubbed) == text


def test_the_addresses_of_the_interface_itself_are_kept() -> None:
    page_of_device = exchange(path="/devices/AB12CD34EF", body=f'<a href="{BASE}/devices/AB12CD34EF">it</a>')
    assert scrub(recording(page_of_device))[0].exchanges[0].url.endswith("/devices/AB12CD34EF")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (json.dumps({"qr": PNG}), PNG),
        (json.dumps({"qr": GIF}).replace("/", "\\/"), GIF),
        (f"<script>draw('{PNG}')</script>", PNG),
        (f"<img src=data:application/octet-stream;base64,{PNG} alt=code>", PNG),
        (json.dumps({"qr": f"data:image/png;base64,{PNG}"}).replace("/", "\\/"), PNG[-40:]),
        (SVG, "M0 0h7v7"),
        (SVG, "M1 7h3"),
        (SVG.replace("svg", "SVG"), "M0 0h7v7"),
        (f"<img src='DATA:Image/svg+xml;utf8,{SVG.replace('svg', 'Svg')}'>", "M0 0h7v7"),
        (json.dumps({"qr": SVG}).replace("/", "\\/"), "M0 0h7v7"),
        (json.dumps({"qr": SVG}).replace("<", "\\u003c").replace(">", "\\u003e"), "M0 0h7v7"),
        (f'<img src="data:image/svg+xml,{quote(SVG)}">', "M0 0h7v7"),
        (f"<img src='data:image/svg+xml;utf8,{SVG}'>", "M0 0h7v7"),
        (json.dumps({"qr": base64.b64encode(SVG.encode()).decode()}), "M0 0h7v7"),
    ],
)
def test_every_picture_is_blanked(text: str, secret: str) -> None:
    assert_gone((secret,), page(f"{text}<p>kept</p>"))
    assert "kept" in scrub(recording(page(f"{text}<p>kept</p>")))[0].exchanges[0].text
    if text.startswith("{"):
        assert list(json.loads(scrub(recording(page(text)))[0].exchanges[0].text)) == ["qr"]


@pytest.mark.parametrize(
    "where",
    [
        (exchange(path=f"/main.htm?sid={TOKEN[:12]}", body=f'<a href="/x.htm?sid={TOKEN[:12]}">'),),
        (exchange(answered=(("Set-Cookie", f"sid={TOKEN}"),), body=f"<script>var sid={TOKEN}</script>"),),
        (exchange(answered=(("Set-Cookie", "sid=qkzjvhtwpxmd"),), body="<p>qkzjvhtwpxmd</p>"),),
        (page(json.dumps({"token": int(TOKEN)}), "application/json"), page(f"<p>{TOKEN}</p>")),
        (page(json.dumps({"inviteCode": "A7B9C2D4E6"}), "application/json"), page("<p>A7B9C2D4E6</p>")),
        (page(f"<script>var sid={TOKEN};</script>"),),
    ],
)
def test_a_token_of_one_kind_of_character_is_replaced_everywhere(where: tuple[RecordedExchange, ...]) -> None:
    assert_gone((TOKEN[:12], "qkzjvhtwpxmd", "A7B9C2D4E6"), *where)


def test_a_value_that_is_replaced_only_where_it_was_sent_is_noted_whatever_its_kind() -> None:
    made = recording(
        exchange(path="/?sid=a1b2c3", body="<p>a1b2c3</p>"),
        exchange(method="POST", sent="user=anna&password=Zx81-99aQ", body="<p id=anna>anna</p>"),
    )
    notes = scrub(made)[1].notes
    assert [each.partition(")")[0] for each in notes if "a username" in each] == [
        "replaced only where it was sent (form field user"
    ]
    assert [each.partition(")")[0] for each in notes if "a token" in each] == [
        "replaced only where it was sent (query sid, url"
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"<form><textarea name=proxyPassword>{PASSWORD}</textarea></form>",
        f"<login><sessionToken>{PASSWORD}</sessionToken></login>",
        json.dumps({"password": PASSWORD}),
        ")]}',\n" + json.dumps({"password": PASSWORD}),
        f"result=ok&password={PASSWORD}",
        f'<div data-page="{html.escape(json.dumps({"apiToken": PASSWORD}))}"></div>',
        f"<script>start({json.dumps(json.dumps({'adminPassword': PASSWORD}))})</script>",
    ],
)
def test_a_response_is_read_by_its_content(text: str) -> None:
    assert_gone((PASSWORD,), page(text))


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("WWW-Authenticate", f"NTLM {base64.b64encode(b'NTLMSSP of CORP').decode()}", "CORP"),
        ("Proxy-Authenticate", f"Negotiate {base64.b64encode(b'NTLMSSP of CORP').decode()}", "CORP"),
        ("Authentication-Info", f'qop=auth, nextnonce="{CODE}"', CODE),
        ("X-Refresh", "rt-77aa88bb99cc00dd11ee", "77aa88bb"),
        ("X-Client", "a81bc81b-dead-4e5d-abff-90865d1e13b1", "a81bc81b"),
    ],
)
def test_what_an_answer_says_of_the_session_is_replaced(name: str, value: str, secret: str) -> None:
    assert_gone((secret,), exchange(answered=((name, value),)))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("<!-- debug: session=c0m3nt-T0k3n-5566778899; n=1 -->", "T0k3n"),
        ('<input name="snmpCommunity" value="priv7ate-x">', "priv7ate"),
        (json.dumps({"community_string": "priv7ate-x"}), "priv7ate"),
    ],
)
def test_what_a_comment_or_a_setting_says_is_replaced(text: str, secret: str) -> None:
    assert_gone((secret,), page(text))


def test_words_of_a_script_and_of_a_header_are_kept() -> None:
    body = "<script>x.token=createTokenForRequest;sessionKey=this_is_no_secret_key(a)</script>"
    made = recording(exchange(body=body, answered=(("X-Powered-By-Module", "content-management-system"),)))
    (scrubbed,) = scrub(made)[0].exchanges
    assert (scrubbed.response_body, scrubbed.response_headers) == (body.encode(), made.exchanges[0].response_headers)


@pytest.mark.parametrize(
    "shown",
    [
        page('<select name="proxyServer"><option value="proxy7.corp.test" selected>The proxy</option></select>'),
        page('<select name="proxyServer"><option>none</option><option>proxy7.corp.test</option></select>'),
    ],
)
def test_a_host_to_choose_is_replaced(shown: RecordedExchange) -> None:
    assert_gone(("proxy7.corp",), shown)


@pytest.mark.parametrize(
    "shown",
    [
        exchange(status=302, answered=(("Location", "/main;jsessionid=AB12CD34EF99"),)),
        exchange(answered=(("Refresh", "0; url=/main?token=AB12CD34EF99"),)),
        page('<a href="/pair/AB12CD34EF99">x</a>'),
        page('<form action="/go?a=1&amp;token=AB12CD34EF99">'),
        page("<form action=go.cgi?token=AB12CD34EF99>"),
        page(json.dumps({"next": "/go?token=AB12CD34EF99"})),
        page("<script>location.href = 'go.cgi?token=AB12CD34EF99'</script>"),
    ],
)
def test_a_code_in_a_relative_address_is_replaced(shown: RecordedExchange) -> None:
    assert_gone(("AB12CD34EF99",), shown, page("<p>AB12CD34EF99</p>"))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("jane.doe<wbr>@corp.test", "jane.doe"),
        ("<b>jo</b><span>@</span>corp.test", "jo<"),
        ("jane.doe<!-- not for robots -->@corp.test", "jane.doe"),
        ("jane.<b>doe</b>&#64;corp.test", "jane"),
        ("jörg.müller@corp.test", "müller"),
        ("jane@bücher.test", "jane"),
        ("sinead.o'connor@corp.test", "sinead"),
        ("sinead.o&#39;connor@corp.test", "sinead"),
        ("анна@почта.test", "анна"),
        (base64.b64encode(b"of jane.doe@corp.test!").decode(), "jane.doe"),
        (json.dumps({"me": base64.b64encode(b'{"mail": "jane.doe@corp.test"}').decode()}), "jane.doe"),
    ],
)
def test_the_address_of_a_person_is_found_however_it_is_written(text: str, secret: str) -> None:
    assert_gone((secret,), page(f"<p>{text}</p>"))


def test_a_label_beside_an_address_is_kept() -> None:
    scrubbed = scrub(recording(page("<p><span>Contact</span><span>jane.doe@corp.test</span></p>")))[0]
    assert scrubbed.exchanges[0].text == "<p><span>Contact</span><span>person-1@example.com</span></p>"


def test_an_address_is_replaced_everywhere_if_a_field_for_something_else_has_it_too() -> None:
    """So short a password is replaced in its field only, as it may be a word."""
    made = (page('<input type=password name=p value="Jo@b.cd">'), page("<p>write to jo@b.cd</p>"))
    basic = (("Authorization", "Basic " + base64.b64encode(b"u:Jo@b.cd").decode()),)
    assert_gone(("jo@b.cd",), *made, exchange(headers=basic))
