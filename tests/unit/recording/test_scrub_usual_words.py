# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that are too short or too common to be replaced everywhere: where they are replaced, and what is kept."""

from __future__ import annotations

import base64
import json

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.scrub import scan, scrub
from unit.recording.hars import BASE, basic, exchange, multipart, recording
from unit.recording.scrubbed import everything


@pytest.mark.parametrize("password", ["1", "1234", "admin", "device", "Password", "form"])
def test_a_password_that_is_a_word_is_replaced_only_where_it_was_sent(password: str) -> None:
    page = '<form action="/device"><input type="password" name="pw"></form> 1 of 12345 devices, Password, form, admin'
    made = recording(
        exchange(path="/device", body=page),
        exchange(path="/device", body=page, method="POST", sent=f"pw={password}&n=1"),
        exchange(path="/api", method="POST", sent=json.dumps({"pw": password, "n": "1"}), sent_type="application/json"),
        exchange(path="/basic", headers=(("Authorization", "Basic " + basic("anna.smith", password)),)),
        exchange(
            path="/part", method="POST", sent=multipart("pw", password), sent_type="multipart/form-data; boundary=X"
        ),
    )
    scrubbed, replaced = scrub(made)
    assert scrubbed.exchanges[0].response_body == made.exchanges[0].response_body
    form, api, authorized, part = scrubbed.exchanges[1:]
    stand_in = dict(form.form)["pw"]
    assert stand_in != password
    assert dict(form.form)["n"] == "1"
    assert json.loads(api.request_body) == {"pw": stand_in, "n": "1"}
    assert base64.b64decode(dict(authorized.request_headers)["Authorization"][6:]).decode() == f"user-1:{stand_in}"
    assert part.form == (("pw", stand_in),)
    (note,) = replaced.notes
    assert "too short or too common" in note
    assert "form field pw" in note
    assert scan(scrubbed) == []
    assert {each.place for each in scan(made) if each.kind == "password"} >= {"form field pw", "request body, key pw"}


def test_a_factory_set_account_is_kept_and_noted() -> None:
    page = "<title>administrator</title><form><input name=user><input type=password name=p></form>"
    made = recording(exchange(body=page), exchange(method="POST", sent="user=administrator&p=Zx81-99aQ"))
    scrubbed, replaced = scrub(made)
    assert dict(scrubbed.exchanges[1].form)["user"] == "administrator"
    assert replaced.notes == ("not replaced: the user name in form field user, which is a factory-set one",)
    scrubbed, replaced = scrub(made, known={"user": "administrator"})
    assert scrubbed.exchanges[0].response_body.startswith(b"<title>user-1</title>")


def test_a_host_that_is_a_word_is_replaced_only_in_addresses() -> None:
    page = '<a href="https://printer/x">The printer</a> <a href="http://localhost:631/">local</a>'
    scrubbed, _replaced = scrub(
        recording(exchange(path="https://printer/x", body=page, headers=(("Host", "printer"),)))
    )
    (found,) = scrubbed.exchanges
    assert found.url == "https://host-1/x"
    assert found.response_body.decode() == page.replace("//printer", "//host-1")
    assert scan(scrubbed) == []


@pytest.mark.parametrize(
    "cookie",
    ["device.htm", "/cgi-bin/device.htm", "%2Fcgi-bin%2Fdevice.htm%3Fpage%3D2", f"{BASE}/cgi-bin/device.htm?page=2"],
)
def test_a_cookie_with_an_address_of_the_interface_changes_no_address(cookie: str) -> None:
    """As it is with a cookie that has the page to go back to. A draft has the paths of the scrubbed recording."""
    shown = exchange(
        path="/cgi-bin/device.htm?page=2",
        body='<a href="/cgi-bin/device.htm">Device</a> <a href="/cgi-bin/device.htm?page=2">Next</a>',
        headers=(("Cookie", f"last={cookie}"),),
    )
    (made,) = scrub(recording(shown))[0].exchanges
    assert made.url.partition(":8443")[2] == "/cgi-bin/device.htm?page=2"
    assert made.text == shown.text
    session = exchange(path="/s/k17x4f9q2/device.htm", headers=(("Cookie", "sid=k17x4f9q2"),))
    assert "k17x4f9q2" not in everything(scrub(recording(session))[0])
