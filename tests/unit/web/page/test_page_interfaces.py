# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages as interfaces in the field have them, one of each kind, and how a profile picks from it by JMESPath."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page

URL = "https://printer.example.com/ui/page.htm"


def picked(text: str, expression: str, charset: str = "utf-8") -> Any:
    page = read_page(text.encode(charset), f"text/html; charset={charset}", URL)
    return jmespath.search(expression, page.data)


DEFINITIONS = "<dl><dt>Serial number:<dd>730012345<dt>Contact<dt>Owner<dd>Print shop</dl>"
PAIRS = """<form name="net"><table><tr><td>Host name:<td><input name="h" value="press-01"></table>
<p>Port <input name="p" value="8080"></p><label for="d">DNS</label> <input id="d" name="d" value="192.0.2.1">
<label><input type="checkbox" name="u" checked> Use proxy</label>
<input type="radio" name="w" value="1" id="w1"><label for="w1">Cable</label>
<input type="radio" name="w" value="2" id="w2" checked><label for="w2">Wireless</label>
<label>Speed <select name="s"><option value="0">Auto<option value="1" selected>1 Gbit/s</select></label>
<label>Days <select name="m" multiple><option value="1" selected>Mon<option value="2">Tue<option value="3" selected>Wed
</select></label></form>"""
IN_COLUMNS = """<table id="t"><thead><tr><th rowspan="2">Tray<th colspan="2">Paper<tr><th>Size<th>Level</thead>
<tbody><tr><td>1<td>A4<td>full<tr><td>2<td rowspan="2">A3<td>low<tr><td>3<td>empty</table>"""
IN_ROWS = "<table><tr><th>Name<td>A<td>B<tr><th>State<td>on<td>off<tr><th>Site:<td colspan='2'>Hall 1</table>"
IN_BOTH = "<table><tr><th><th>Level<th>State<tr><th>Cyan:<td>80 %<td>ok<tr><th>Black<td>5 %<td>low</table>"
FRAMES = """<frameset cols="20%,*"><frame name="menu" src="menu.htm"><frame name="main" src="/status/">
<noframes>No frames</noframes></frameset>"""
SCRIPT = """<script type="application/json" id="state">{"trays": [{"name": "1", "level": 80}]}</script>
<script>var state = {"trays": []};</script><script type="application/ld+json">{broken</script>"""


@pytest.mark.parametrize(
    ("page", "expression", "expected"),
    [
        (DEFINITIONS, 'fields."Serial number"', "730012345"),
        (DEFINITIONS, "[fields.Contact, fields.Owner]", ["Print shop", "Print shop"]),
        (PAIRS, 'fields."Host name"', "press-01"),
        (PAIRS, "[fields.Port, fields.DNS]", ["8080", "192.0.2.1"]),
        (PAIRS, 'fields."Use proxy"', True),
        (PAIRS, "[fields.Speed, fields.Days]", ["1 Gbit/s", "Mon, Wed"]),
        (PAIRS, "forms[?name=='net'] | [0].fields", "…"),
        (PAIRS, "forms[0].controls[?name=='w' && checked] | [0].label", "Wireless"),
        (PAIRS, "forms[0].controls[?name=='s'] | [0].options[?selected] | [0].label", "1 Gbit/s"),
        (IN_COLUMNS, "tables[?id=='t'] | [0].headers", ["Tray", "Size", "Level"]),
        (IN_COLUMNS, "tables[0].rows[?Tray=='3'] | [0]", {"Tray": "3", "Size": "A3", "Level": "empty"}),
        (IN_COLUMNS, "tables[0].rows[].Size", ["A4", "A3", "A3"]),
        (IN_ROWS, "tables[0].columns[?Name=='B'] | [0]", {"Name": "B", "State": "off", "Site": "Hall 1"}),
        (IN_ROWS, "tables[0].headers", []),
        (IN_BOTH, "tables[0].by_row.Black.Level", "5 %"),
        (IN_BOTH, "tables[0].by_row.Cyan", {"Level": "80 %", "State": "ok"}),
        (IN_BOTH, "tables[0].columns", []),
        (FRAMES, "frames[?name=='main'] | [0].src", "https://printer.example.com/status/"),
        ('<iframe name="x" src="a.htm">', "frames[?name=='x'] | [0].src", "https://printer.example.com/ui/a.htm"),
        ('<meta http-equiv="Refresh" content="2;URL=\'/b\'">', "refresh", "…"),
        ('<meta http-equiv="refresh" content="30">', "refresh.url", URL),
        (SCRIPT, "scripts[?id=='state'] | [0].json.trays[0].level", 80),
        (SCRIPT, "length(scripts)", 1),
    ],
)
def test_what_stands_on_a_page_is_picked(page: str, expression: str, expected: Any) -> None:
    found = picked(page, expression)
    special = {
        "refresh": {"seconds": 2.0, "url": "https://printer.example.com/b"},
        "forms[?name=='net'] | [0].fields": {
            "h": "press-01",
            "p": "8080",
            "d": "192.0.2.1",
            "u": "on",
            "w": "2",
            "s": "1",
            "m": ["1", "3"],
        },
    }
    assert found == (special[expression] if expected == "…" else expected)


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "connecté — 印刷"),
        ("windows-1252", "connecté — €"),
        ("iso-8859-2", "připojeno"),
        ("shift_jis", "接続済み"),
        ("euc-kr", "연결됨"),
        ("gb18030", "已连接"),
        ("koi8-r", "подключено"),
        ("utf-16", "connecté"),
    ],
)
def test_every_charset_is_read_as_it_was_meant(charset: str, text: str) -> None:
    page = f'<p id="state">{text}</p><form><input name="a"></form>'
    assert picked(page, "ids.state", charset) == text
    declared = f'<html><head><meta charset="{charset}"></head><body>{page}</body></html>'
    found = read_page(declared.encode(charset), "text/html", URL).data
    assert found["ids"]["state"] == text
    text.encode(found["forms"][0]["charset"])  # and can be sent in it


def test_a_charset_that_is_none_is_left_out() -> None:
    for charset in ("punycode", "idna", "base64", "nonsense", "unicode_escape", "undefined"):
        page = read_page("<p id='a'>connecté</p><form></form>".encode(), f"text/html; charset={charset}", URL)
        assert page.kind == "html"
        assert "connect" in page.data["ids"].get("a", "connect")


@pytest.mark.parametrize(
    ("read_as", "kind", "data"),
    [("json", "json", {"a": 1}), ("text", "text", {"text": '{"a": 1}'}), ("html", "html", None), (None, "html", None)],
)
def test_what_a_page_is_read_as_may_be_said(read_as: str | None, kind: str, data: Any) -> None:
    page = read_page(b'{"a": 1}', "text/html", URL, read_as=read_as)
    assert page.kind == kind
    assert data is None or page.data == data
