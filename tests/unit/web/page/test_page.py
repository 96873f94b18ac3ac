# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses as data: kinds, charsets, links, messages, texts, and what never gets in or out (passwords, values)."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import UnexpectedPage
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import MAX_BODY, Page, read_page
from ansible_collections.printops.prisma.plugins.module_utils._web.page.summary import in_words, summary
from hypothesis import given
from hypothesis import strategies as st

URL = "https://printer.example.com/remote/page.html?step=1"


def html(markup: str, url: str = URL) -> dict[str, Any]:
    page = read_page(markup.encode(), "text/html; charset=utf-8", url)
    assert page.kind == "html"
    data: dict[str, Any] = page.data
    return data


EMPTY = html("")


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/problem+json; charset=utf-8", "text/json", "application/x-json", None],
)
def test_json_is_the_document_as_it_is(content_type: str | None) -> None:
    assert read_page(b' {"items": [1, null]}', content_type, URL) == Page("json", {"items": [1, None]}, URL)


def test_an_empty_json_body_is_null_and_a_broken_one_is_text() -> None:
    assert read_page(b"", "application/json", URL).data is None
    assert read_page(b'{"a": ', "application/json", URL) == Page("text", {"text": '{"a": '}, URL)
    assert read_page(b"[" * 200_000, "application/json", URL).kind == "text"
    assert read_page(b"9" * 10_000, "application/json", URL).kind == "text"


def test_text_is_text_and_an_image_is_none() -> None:
    assert read_page("Gerät".encode("latin-1"), "text/plain; charset=latin-1", URL).data == {"text": "Gerät"}
    assert read_page(b"<a>1</a>", "application/xml", URL).data == {"text": "<a>1</a>"}
    assert read_page(b"\x89PNG", "image/png", URL) == Page("text", {"text": ""}, URL)


@pytest.mark.parametrize("body", [b"", b"  \n", b"<!-- nothing -->", b"<?xml version='1.0'?>", b"\xef\xbb\xbf"])
def test_an_empty_page_has_every_key(body: bytes) -> None:
    data = read_page(body, "text/html", URL).data
    assert data == EMPTY
    assert set(EMPTY) == set(html("<p>something</p>"))


def test_a_body_larger_than_any_page_is_refused() -> None:
    with pytest.raises(UnexpectedPage, match="8 MiB"):
        read_page(b" " * (MAX_BODY + 1), "text/html", URL)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>connecté</title>".encode(), "text/html; charset=utf-8"),
        ("<title>connecté</title>".encode(), "text/html"),
        ("<title>connecté</title>".encode("latin-1"), 'text/html; charset="ISO-8859-1"'),
        ("<title>connecté</title>".encode("latin-1"), "text/html"),
        ("<title>connecté</title>".encode("latin-1"), "text/html; charset=no-such-charset"),
        ("<title>connecté</title>".encode(), "text/html; charset=zip"),
        ("<meta charset=windows-1252><title>connecté</title>".encode("cp1252"), "text/html"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15"><title>connecté</title>'.encode(
                "iso-8859-15"
            ),
            None,
        ),
        ("<meta charset=latin1><title>connecté</title>".encode(), "text/html; charset=utf-8"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><html><title>connecté</title>".encode("latin-1"), "text/html"),
        (b"\xef\xbb\xbf" + "<title>connecté</title>".encode(), "text/html; charset=latin-1"),
        ("\ufeff<title>connecté</title>".encode("utf-16-le"), "text/html"),
        ("\ufeff<title>connecté</title>".encode("utf-16-be"), "text/html"),
    ],
)
def test_the_charset_is_found_where_it_is_declared_or_guessed(body: bytes, content_type: str | None) -> None:
    assert read_page(body, content_type, URL).data["title"] == "connecté"


def test_a_wrong_charset_garbles_but_does_not_fail() -> None:
    assert "�" in read_page("<title>connecté</title>".encode("latin-1"), "text/html; charset=utf-8", URL).data["title"]


def test_title_headings_language_and_text_are_normalised() -> None:
    data = html(
        '<html lang="fr"><title> Interface\n distante </title><body><h1>On <b>Re</b>mote\xa0Service</h1><h3></h3>'
        "<script>var x = 'no';</script><style>p {}</style><p>un<br>deux</p><p>trois</p><textarea>non</textarea>"
    )
    assert data["title"] == "Interface distante"
    assert data["lang"] == "fr"
    assert data["headings"] == ["On Remote Service"]
    assert data["text"] == "On Remote Service un deux trois"


def test_links_are_absolute_against_the_base_of_the_page() -> None:
    markup = (
        '<a href="ors.html" id="o" title="ORS">On <i>Remote</i></a><a name="x">no link</a>'
        '<a href="?s=2"><img alt="Next" src="n.gif"></a>'
    )
    links = html(markup)["links"]
    assert [(link["href"], link["text"]) for link in links] == [
        ("https://printer.example.com/remote/ors.html", "On Remote"),
        ("https://printer.example.com/remote/page.html?s=2", "Next"),
    ]
    based = html(f'<base href="/other/">{markup}<form action="save"></form><form></form>')
    assert based["links"][0]["href"] == "https://printer.example.com/other/ors.html"
    assert [form["action"] for form in based["forms"]] == ["https://printer.example.com/other/save", URL]


def test_a_frameset_names_its_frames() -> None:
    data = html(
        '<html><head><title>Remote UI</title></head><frameset rows="10,*"><frame name="top" src="top.html">'
        '<frame name="main" src="main.html"><noframes><body>No frames</body></noframes></frameset></html>'
    )
    assert [(frame["name"], frame["src"]) for frame in data["frames"]] == [
        ("top", "https://printer.example.com/remote/top.html"),
        ("main", "https://printer.example.com/remote/main.html"),
    ]


def test_frames_in_a_body_are_named_although_a_browser_ignores_them() -> None:
    data = html("<html><head><title>UI</title></head><body><frameset><FRAME name=top src=top.htm></frameset></body>")
    assert [(each["name"], each["src"]) for each in data["frames"]] == [
        ("top", "https://printer.example.com/remote/top.htm")
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("5; url=next.html", {"seconds": 5.0, "url": "https://printer.example.com/remote/next.html"}),
        ("0;URL='/next'", {"seconds": 0.0, "url": "https://printer.example.com/next"}),
        ("2.5", {"seconds": 2.5, "url": URL}),
        ("3;", {"seconds": 3.0, "url": URL}),
        ("soon", None),
        ("", None),
    ],
)
def test_a_page_that_renews_itself_says_when_and_where(content: str, expected: dict[str, Any] | None) -> None:
    assert html(f'<meta http-equiv="Refresh" content="{content}">')["refresh"] == expected


def test_messages_are_found_by_role_and_class_and_once() -> None:
    data = html(
        '<div class="messages"><p class="box error">Wrong password.</p><p class="info">Try again.</p></div>'
        '<div role="alert">Error: <span class="message">locked</span></div><p class="errors"></p>'
        '<p class="terror">no</p><form class="error"><p>no</p></form>'
    )
    assert data["messages"] == ["Wrong password.", "Try again.", "Error: locked"]


def test_ids_give_texts_and_the_values_of_controls() -> None:
    data = html(
        '<div id="state"> not\n connected <button id="b">Test</button></div><input id="host" value="proxy">'
        '<input id="pw" type="password" value="pass-word"><select id="s"><option value="1">one</select>'
        '<textarea id="t">\nlines</textarea><img id="qr" alt="QR code" src="qr.png"><p id="state">second</p>'
    )
    assert data["ids"] == {
        "state": "not connected",
        "b": "Test",
        "host": "proxy",
        "pw": "",
        "s": "1",
        "t": "lines",
        "qr": "QR code",
    }


SECRET = "s3cr3t-value"


def test_a_password_is_nowhere_and_a_summary_has_no_value_at_all() -> None:
    markup = (
        f'<title>T</title><h1>H</h1><form id="f" action="/save?token={SECRET}"><label for="p">Password</label>'
        f'<input id="p" type=" PASSWORD " name="password" value="{SECRET}"></form>'
    )
    assert SECRET not in json.dumps({**html(markup), "forms": []})
    assert html(markup)["forms"][0]["fields"] == {"password": ""}
    with_values = markup + (
        f'<form><input type="hidden" name="csrf" value="{SECRET}"><select name="s"><option>{SECRET}</select>'
        f'<input type="submit" name="go" value="{SECRET}"></form><frame name="a" src="/x?{SECRET}">'
        f"<table id=t><tr><th>a<th>b<tr><td>{SECRET}<td>{SECRET}</table><p class=info>https://h/register/{SECRET} x</p>"
    )
    page = read_page(with_values.encode(), "text/html", URL)
    assert page.data["forms"][1]["fields"]["csrf"] == SECRET
    found = summary(page)
    assert SECRET not in json.dumps(found)
    assert found["title"] == "T"
    assert found["forms"][0] == {
        "id": "f",
        "name": "",
        "action": "/save?token=…",
        "method": "get",
        "controls": [{"name": "password", "type": "password"}],
    }
    assert found["tables"] == [{"id": "t", "headers": ["a", "b"], "first_row": ["(code)", "(code)"]}]
    assert found["messages"] == ["(address) x"]


def test_a_summary_shows_what_an_expression_needs() -> None:
    markup = (
        '<h1>Users</h1><form action="?page=users"><input name="q"><button name="go">a</button>'
        '<button name="go">b</button></form><table id="t"><tr><th>E-mail<th>Name</tr><tr><td>a1234567@example.com<td>A'
        '</tr><tr><td>b@example.com<td>B</tr></table><a id="n" href="?page=users&amp;at=2">Next</a>'
        '<a href="https://elsewhere.example.com/claim/abc">Claim</a><p class="success" id="ok">Saved</p>'
    )
    page = read_page(markup.encode(), "text/html", "https://h/index.php?page=start")
    found = summary(page)
    assert found["tables"] == [{"id": "t", "headers": ["E-mail", "Name"], "first_row": ["a1234567@example.com", "A"]}]
    assert found["links"] == [
        {"text": "Next", "id": "n", "path": "/index.php?page=users&at=…"},
        {"text": "Claim", "id": "", "path": "(another host)"},
    ]
    assert (found["ids"], found["messages"]) == (["t", "n", "ok"], ["Saved"])
    assert [each["name"] for each in found["forms"][0]["controls"]] == ["q", "go"], "each name once"
    assert in_words(found) == (
        "headings 'Users'; messages 'Saved'; form /index.php?page=users with the fields q, go; "
        "table t with the headers E-mail, Name, first row: a1234567@example.com, A; links 'Next', 'Claim'; ids t, n, ok"
    )


def test_the_summary_of_json_names_keys_and_types_only() -> None:
    page = Page("json", {"token": SECRET, "total": 2, "items": [], "next": None, "ok": True}, URL)
    assert summary(page) == {
        "kind": "json",
        "type": "object",
        "keys": {"token": "string", "total": "number", "items": "array", "next": "null", "ok": "boolean"},
    }
    listed = summary(Page("json", [{"serial": SECRET}], URL))
    assert listed == {"kind": "json", "type": "array", "length": 1, "keys_of_first": {"serial": "string"}}
    assert summary(Page("text", {"text": SECRET}, URL)) == {"kind": "text", "characters": len(SECRET)}


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page("text", {"text": "Not found"}, URL), "plain text of 9 characters, with no heading, link or form"),
        (Page("json", [], URL), "JSON of the type array, with no keys"),
        (Page("json", {}, URL), "JSON of the type object, with no keys"),
        (Page("json", None, URL), "JSON of the type null, with no keys"),
        (read_page(b"<p>", "text/html", URL), "no title, heading, link or form"),
    ],
)
def test_a_page_with_nothing_to_name_is_said_to_be_that(page: Page, words: str) -> None:
    assert in_words(summary(page)) == words


def test_the_summary_of_a_page_that_costs_too_much_says_so_each_time() -> None:
    body = ("<span><h1>" * 100 + "<b></b>" * 100_000).encode()
    page = read_page(body, "text/html", URL)
    for _time in range(2):
        with pytest.raises(UnexpectedPage, match="takes more than"):
            page.data["headings"]
        assert "takes more than" in summary(page)["title"]


ORDINARY = f"""<html lang=en><title>T</title><table><tr><th>ORS</th><td id=o>connected</td></tr></table>
<form action=save method=post><input type=hidden name=t value=1><label>Host <input name=h value=x></label>
<input type=password name=p value="{SECRET}"><select name=s><option selected>a</select></form><a href=x>y</a>"""


@given(st.integers(min_value=0, max_value=len(ORDINARY)))
def test_a_page_cut_off_anywhere_is_still_a_page(at: int) -> None:
    page = read_page(ORDINARY[:at].encode(), "text/html", URL)
    assert set(page.data) == set(EMPTY)
    assert SECRET not in json.dumps(page.data)
    json.dumps(summary(page))


TAGS = """
<table> </table> <tr> <td> <th> <td_colspan=3> <td_rowspan=9> </td> <form> </form> <input_name=a> <select_name=b>
<option> <textarea_name=c> <label> <dl> <dt> <dd> <p_class=error> <a_href=//[> <base_href=//[> <frameset> <frame_src=x>
<fieldset_disabled> <legend> <!-- --> <![CDATA[ <? word \x00 & &#xffff;
"""
MARKUP = st.lists(st.sampled_from(TAGS.split()), max_size=40).map(lambda tags: "".join(tags).replace("_", " "))


@given(MARKUP)
def test_no_soup_of_tags_fails(markup: str) -> None:
    assert set(html(markup)) == set(EMPTY)


@given(
    st.binary(max_size=200), st.sampled_from([None, "", "text/html", "application/json", "text/plain", ";;", "é\r\n"])
)
def test_no_bytes_fail(body: bytes, content_type: str | None) -> None:
    page = read_page(body, content_type, URL)
    json.dumps(page.data)
    json.dumps(summary(page))


def test_large_pages_are_read_in_linear_time() -> None:
    def seconds(rows: int) -> float:
        row = "<tr id='r{0}'><td>{0}</td><td><a href='d{0}'>x</a></td><td>Name: <input name='n{0}'></td></tr>"
        body = "<form><table><tr><th>a<th>b<th>c</tr>" + "".join(map(row.format, range(rows))) + "</table></form>"
        began = time.process_time()
        data = html(body)
        assert len(data["tables"][0]["rows"]) == len(data["forms"][0]["controls"]) == rows
        return time.process_time() - began

    assert seconds(5000) < 10 * max(seconds(1000), 0.1)


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 50_000 + "x",
        "<table><tr><td>" * 5_000 + "x",
        "<table>" + "<tr><td colspan=1000 rowspan=65534>x</td></tr>" * 3_000 + "</table>",
        "<p class=error>" + "<b class=error>x" * 3_000,
        "<p>" + "<i>a</i>" * 30_000 + "<input><input>" * 1_000,
        "<select name=a>" + "<option selected>x" * 50_000,
    ],
    ids=["depth", "nested tables", "spans", "nested messages", "inline", "options"],
)
def test_no_page_of_few_bytes_costs_much(body: str) -> None:
    began = time.process_time()
    html(body)
    assert time.process_time() - began < 10
