# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An interface that asks by HTTP authentication: the panel asks, the browser gets the answer, the draft knows how."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.capture import Capture
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.http_sign_in import HttpSignIn
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check_profile

from .browsing import URL, Person
from .test_decisions import drafted

DEVICE = '<title>Press</title><p id="name">North</p><a href="edit.htm">Edit</a>'
CHALLENGES = {
    "basic": 'Basic realm="Press"',
    "digest": 'Digest realm="Press", qop="auth", nonce="5ccc069c403ebaf9", algorithm=MD5',
}


class Interface(Person):
    """A person at a printer that asks for a password by HTTP."""

    def __init__(self, challenge: str) -> None:
        super().__init__("other")
        self.challenge = challenge

    def ask(self, path: str) -> None:
        """Record an answer that asks for user name and password."""
        self.get(path, "<title>401</title><p>Unauthorized</p>", status=401)
        self._change(response_headers=(("WWW-Authenticate", self.challenge),))

    def read(self, path: str, html: str) -> None:
        """Record a page that was sent to somebody who is signed in."""
        self.get(path, html)
        self._change(request_headers=(("authorization", self.challenge.split()[0]),))

    def _change(self, **values: Any) -> None:
        last = self.capture.exchanges[-1]
        assert last is not None
        self.capture.exchanges[-1] = replace(last, **values)

    def type_credentials(self, password: str) -> None:
        self.type("username", "service")
        self.type("password", password, "password")


@pytest.fixture(params=["basic", "digest"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("public", [False, True], ids=["all", "public-start"])
def test_a_draft_signs_in_with_every_request(scheme: str, public: bool) -> None:
    person = Interface(CHALLENGES[scheme])
    if public:
        person.get("", '<title>Press</title><h1>Welcome</h1><a id="device" href="device.htm">Device</a>')
    person.ask("device.htm")
    person.guide.begin()
    person.type_credentials("wrong-password")
    person.ask("device.htm")
    person.done()
    person.type_credentials("right-password")
    person.read("device.htm", DEVICE)
    person.done()
    person.point("device.htm", "Edit", removed=DEVICE.replace('<a href="edit.htm">Edit</a>', ""), href=f"{URL}edit.htm")
    person.point("device.htm", "North", ids=["name"])
    person.skip_to("sign_out")
    person.guide.press("skip")
    recording = person.capture.recording()
    made = drafted(person, "other")
    assert [each.key for each in made.open if not each.optional] == []
    sign_in = made.profile["sign_in"]
    assert (sign_in["method"], sign_in["refused"]) == (scheme, {"status": 401})
    assert sign_in["steps"] == [{"get": "device.htm"}]
    (step,) = made.profile["match"]["steps"]
    assert step == ({"get": ""} if public else {"get": "device.htm", "ok": [401]})
    assert "right-password" not in made.text
    profile = find_profile(made.profile, "other", None)
    report = check_profile(profile, recording=recording)
    assert {name: each.problem for name, each in report.operations.items() if not each.ok} == {}
    assert report.operations["read.value"].ok


def asked(origin: str = "https://press.example.com", request: str = "1", scheme: str = "Basic") -> dict[str, Any]:
    return {"requestId": request, "authChallenge": {"source": "Server", "origin": origin, "scheme": scheme}}


def test_the_browser_gets_what_the_person_typed_once_for_each_request() -> None:
    http = HttpSignIn(Capture(RuntimeError))
    assert http.answer(asked()) == {"response": "CancelAuth"}
    assert http.view("en") is not None
    http.give("service", "right-password")
    assert http.view("en") is None
    given = {"response": "ProvideCredentials", "username": "service", "password": "right-password"}
    assert http.answer(asked(request="2")) == given
    assert http.answer(asked(request="3")) == given
    assert http.answer(asked("https://elsewhere.example.com", "4")) == {"response": "CancelAuth"}


def test_a_password_that_was_refused_is_not_sent_again() -> None:
    """Accounts get locked: each attempt is one that the person made."""
    http = HttpSignIn(Capture(RuntimeError))
    http.answer(asked())
    http.give("service", "wrong-password")
    assert http.answer(asked(request="2"))["response"] == "ProvideCredentials"
    assert http.answer(asked(request="2")) == {"response": "CancelAuth"}
    assert http.answer(asked(request="3")) == {"response": "CancelAuth"}
    assert [each.value for each in http.capture.typed if each.secret] == ["wrong-password"]


def test_what_the_recorder_does_not_speak_is_left_to_the_browser() -> None:
    http = HttpSignIn(Capture(RuntimeError))
    assert http.answer(asked(scheme="Negotiate")) == {"response": "Default"}
    assert http.view("en") is None


@pytest.mark.parametrize("sent", ["Basic c2VydmljZTpyaWdodC1wYXNzd29yZA==", "Digest username=x, response=0123", ""])
def test_no_exchange_has_the_password(sent: str) -> None:
    """Also where the browser does not tell what it sent, the recording says that it was authorised."""
    capture = Capture(RuntimeError)
    capture.authorised["https://press.example.com:443"] = sent.split(" ")[0].lower() or "basic"
    person = Person()
    person.get("device.htm", DEVICE)
    exchange = person.capture.exchanges[0]
    assert exchange is not None
    headers = (("authorization", sent),) if sent else ()
    kept = capture.without_password(replace(exchange, request_headers=headers)).request_headers
    assert kept == (("authorization", sent.split(" ")[0] or "Basic"),)


def test_the_token_of_a_script_is_kept() -> None:
    person = Person()
    person.get("device.htm", DEVICE)
    exchange = person.capture.exchanges[0]
    assert exchange is not None
    bearer = replace(exchange, request_headers=(("authorization", "Bearer t0ken"),))
    assert person.capture.without_password(bearer) == bearer
