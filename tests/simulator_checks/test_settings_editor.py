# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what at a Settings Editor, and how long: its page, sessions, accounts, rights and locks.

domain.md, "Accounts, sessions, locks on the controller", holds for everything here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest
from simulator_checks.conftest import Simulator, started
from simulator_checks.editor import APPLICATIONS, CLOUD, PROXY, QUESTION, REGISTER, Editor, is_page, refusal

FLEET = """
- {count: 8, name: "plain-{}", kind: prismasync, language: en}
- {name: french, kind: prismasync, language: fr}
- {name: expired-password, kind: prismasync, trouble: password_change}
- {name: per-user, kind: prismasync, viewer_sees_ors: not_connected}
- {name: of-a-domain, kind: prismasync, domain: PRINT, lists_names: true}
- {name: new-account, kind: prismasync}
"""
READS = ("api/device", "api/remote-service", PROXY, CLOUD)
WRITES = (
    ("PUT", PROXY),
    ("POST", f"{PROXY}/test"),
    ("PUT", f"{APPLICATIONS}/dashboard"),
    ("POST", QUESTION),
    ("POST", REGISTER),
)


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Generator[Simulator]:
    with started(tmp_path_factory.mktemp("editor"), FLEET) as running:
        yield running


@pytest.fixture
def later(simulator: Simulator) -> Generator[Callable[[float], None]]:
    """Let time go by; it comes back in the end."""
    yield lambda seconds: simulator.control("POST", "clock", json={"advance": seconds})
    simulator.control("POST", "clock", json={"offset": 0})


# --- the page and its session ---


def test_a_person_signs_in_and_out(simulator: Simulator) -> None:
    editor = Editor.of(simulator, "plain-1")
    page = editor.get("")
    assert is_page(page)
    assert '<meta name="generator" content="PRISMAsync Settings Editor">' in page.text
    assert editor.get("editor.js").headers["Content-Type"].startswith("text/javascript")
    before, cookie = editor.session(), editor.cookie
    assert {**before, "token": ""} == {
        "product": "PRISMAsync Settings Editor",
        "signedIn": False,
        "user": "",
        "group": "",
        "rights": [],
        "mustChangePassword": False,
        "domains": [],
        "userNames": [],
        "token": "",
    }
    told = editor.sign_in().json()
    assert (told["signedIn"], told["user"], told["group"]) == (True, "automation", "Automation")
    assert told["rights"] == ["Access to connectivity settings"]
    assert told["token"] != before["token"] and editor.cookie != cookie, "what a stranger knew is worth nothing"
    assert editor.item("api/device", "serialNumber") == simulator.printer("plain-1")["serial"]
    assert editor.item("api/remote-service", "orsState") == "Connected"
    assert editor.send("DELETE", "api/session").status_code == 204
    assert is_page(editor.get("api/device"))
    assert editor.session()["signedIn"] is False
    assert simulator.audit("plain-1") == ["sign_in", "sign_out"]
    assert "plain-1" not in simulator.control("GET", "sessions")["printers"]


def test_who_is_not_signed_in_gets_the_page_whatever_was_asked(simulator: Simulator) -> None:
    editor = Editor.of(simulator, "plain-8")
    assert [path for path in (*READS, "api/nothing") if not is_page(editor.get(path))] == []
    assert [path for method, path in WRITES if not is_page(editor.send(method, path))] == []
    assert editor.get("nothing.htm").status_code == 404
    signed_in = Editor.signed_in(simulator, "plain-8")
    assert refusal(signed_in.get("api/nothing")) == (404, "not_found")
    assert refusal(signed_in.send("DELETE", CLOUD)) == (404, "not_found")


@pytest.mark.parametrize("token", ["", "wrong"])
def test_every_write_needs_the_token_of_its_session(simulator: Simulator, token: str) -> None:
    editor = Editor.of(simulator, "plain-2")
    known = editor.accounts["administrator"]
    last = simulator.control("GET", "audit")["last"]
    given = {"user": known["username"], "password": known["password"]}
    assert refusal(editor.send("POST", "api/session", given, token)) == (403, "bad_token")
    of_the_page = editor.token
    editor.sign_in()
    for method, path in (*WRITES, ("PUT", "api/session/password"), ("DELETE", "api/session")):
        assert refusal(editor.send(method, path, {"enabled": True}, token)) == (403, "bad_token"), path
    assert refusal(editor.send("POST", REGISTER, {}, of_the_page)) == (403, "bad_token")
    lines = simulator.control("GET", "audit", params={"subject": "plain-2", "after": str(last)})["lines"]
    assert [line["what"] for line in lines] == ["sign_in"]


def test_a_session_ends_by_its_timer(simulator: Simulator, later: Callable[[float], None]) -> None:
    editor = Editor.signed_in(simulator, "plain-3")
    for _each in range(3):
        later(400)
        assert editor.get("api/device").json()["items"], "every request begins the time anew"
    later(601)
    assert is_page(editor.switch()), "of a write with what was once its token, too"
    assert not any(item["enabled"] for item in Editor.signed_in(simulator, "plain-3").cloud()["applications"])


def test_a_sign_in_on_a_page_that_ended_judges_no_password(
    simulator: Simulator, later: Callable[[float], None]
) -> None:
    editor = Editor.of(simulator, "plain-3")
    later(601)
    last = simulator.control("GET", "audit")["last"]
    assert is_page(editor.sign_in(password="wrong"))
    assert simulator.control("GET", "audit", params={"after": str(last)})["lines"] == []
    editor.session()
    assert editor.sign_in().json()["signedIn"]


# --- accounts ---


def test_an_account_is_disabled_after_refused_sign_ins_and_the_others_are_not(simulator: Simulator) -> None:
    editor = Editor.of(simulator, "plain-4")
    answers = [refusal(editor.sign_in(password="wrong")) for _each in range(5)]
    assert answers == [(401, "refused")] * 4 + [(423, "locked")]
    assert refusal(editor.sign_in()) == (423, "locked"), "the right password comes too late"
    assert simulator.audit("plain-4") == ["sign_in_refused"] * 5 + ["account_locked", "sign_in_refused"]
    told = Editor.signed_in(simulator, "plain-4", "system_administrator").session()
    assert (told["user"], told["group"]) == ("admin", "System administrator")
    simulator.control("PATCH", "printers/plain-4", json={"unlock": True})
    assert editor.sign_in().json()["signedIn"]


def test_only_failures_in_a_row_disable_an_account(simulator: Simulator) -> None:
    editor = Editor.of(simulator, "plain-5")
    for _each in range(2):
        assert [editor.sign_in(password="wrong").status_code for _attempt in range(4)] == [401] * 4
        assert editor.sign_in().status_code == 200
    nobody = {"user": "nobody", "password": "x"}
    assert {refusal(editor.send("POST", "api/session", nobody)) for _each in range(6)} == {(401, "refused")}
    assert "account_locked" not in simulator.audit("plain-5")


def test_a_forced_change_of_password_comes_before_everything_else(simulator: Simulator) -> None:
    editor = Editor.of(simulator, "expired-password")
    old = editor.accounts["administrator"]["password"]
    assert editor.sign_in().json()["mustChangePassword"] is True
    for path in READS:
        assert refusal(editor.get(path)) == (403, "password_change")
    for method, path in WRITES:
        assert refusal(editor.send(method, path, {"enabled": True})) == (403, "password_change")
    for given in ({"old": "wrong", "new": "a new one"}, {"old": old, "new": ""}, {"old": old, "new": old}):
        assert refusal(editor.send("PUT", "api/session/password", given)) == (403, "password_differs")
    for given_none in ({"old": old}, {"old": old, "new": None}):
        assert refusal(editor.send("PUT", "api/session/password", given_none)) == (403, "password_differs")
    assert editor.send("PUT", "api/session/password", {"old": old, "new": "a new one"}).status_code == 204
    assert editor.session()["mustChangePassword"] is False
    assert editor.get(CLOUD).json()["registration"]["state"] == "Not registered"
    other = Editor.of(simulator, "expired-password")
    assert refusal(other.sign_in()) == (401, "refused")
    assert other.sign_in(password="a new one").json()["mustChangePassword"] is False


def test_an_account_made_by_an_administrator_must_change_its_password_once(simulator: Simulator) -> None:
    """domain.md, "Accounts, sessions, locks on the controller": the first time, and then never again."""
    made = {"username": "robot", "password": "of-the-administrator", "role": "administrator"}
    simulator.control("PATCH", "printers/new-account", json={"accounts": {"robot": made}})
    editor = Editor.of(simulator, "new-account")
    editor.accounts["robot"] = {"username": "robot", "password": "of-the-administrator"}
    assert editor.sign_in("robot").json()["mustChangePassword"] is True
    assert refusal(editor.get(CLOUD)) == (403, "password_change")
    changed = {"old": "of-the-administrator", "new": "of its user"}
    assert editor.send("PUT", "api/session/password", changed).status_code == 204
    editor.sign_out()
    again = Editor.of(simulator, "new-account")
    again.accounts["robot"] = editor.accounts["robot"]
    assert again.sign_in("robot", "of its user").json()["mustChangePassword"] is False
    assert [item["id"] for item in again.cloud()["applications"]]


def test_the_sign_in_asks_for_the_domain_and_lists_names(simulator: Simulator) -> None:
    """domain.md, "Accounts, sessions, locks on the controller": the domain first; names of local accounts in a list."""
    editor = Editor.of(simulator, "of-a-domain")
    told = editor.session()
    assert (told["domains"], told["userNames"]) == (["PRINT"], ["operator", "admin"])
    assert refusal(editor.sign_in(domain="ELSEWHERE")) == (401, "refused")
    account = editor.accounts["administrator"]
    local = {"user": account["username"], "password": account["password"]}
    assert refusal(editor.send("POST", "api/session", local)) == (401, "refused"), "this printer has no such account"
    assert editor.sign_in(domain="print").json()["signedIn"], "without regard to case"
    editor.sign_out()
    editor.session()
    assert editor.sign_in("viewer").json()["user"] == "operator"


def test_without_the_right_to_connectivity_settings(simulator: Simulator) -> None:
    """Given the Key operator, then device and remote service are shown, and nothing of [Connectivity]."""
    operator = Editor.signed_in(simulator, "per-user", "viewer")
    told = operator.session()
    assert (told["user"], told["group"], told["rights"]) == ("operator", "Key operator", [])
    assert operator.item("api/device", "series") == "varioPRINT 6000 series"
    for path in (PROXY, CLOUD):
        assert refusal(operator.get(path)) == (403, "no_right")
    for method, path in WRITES:
        assert refusal(operator.send(method, path, {"enabled": True})) == (403, "no_right")
    assert simulator.audit("per-user") == ["sign_in"]
    # domain.md, "Registering a printer in PRISMA Home", 4: the answer can differ per user.
    assert operator.item("api/remote-service", "orsState") == "Not connected"
    assert Editor.signed_in(simulator, "per-user").item("api/remote-service", "orsState") == "Connected"


def test_refusals_are_told_in_the_language_of_the_printer(simulator: Simulator) -> None:
    editor = Editor.of(simulator, "french")
    said = editor.sign_in(password="wrong").json()["message"]
    assert said == "Le nom d'utilisateur ou le mot de passe est incorrect."
    editor.sign_in("viewer")
    assert "Accès aux paramètres de connectivité" in editor.get(CLOUD).json()["message"]


# --- several at once ---


def test_one_writer_at_a_time(simulator: Simulator) -> None:
    first, second = Editor.signed_in(simulator, "plain-6"), Editor.signed_in(simulator, "plain-6")
    assert first.switch().status_code == 200
    assert refusal(second.switch("remoteMatch")) == (409, "busy")
    assert refusal(second.send("POST", REGISTER)) == (409, "busy")
    assert second.cloud()["registration"]["state"] == "Not registered", "reading goes on"
    assert second.send("POST", f"{PROXY}/test").json()["result"] == "Passed", "a test changes nothing"
    assert first.switch("remoteMatch").status_code == 200
    first.sign_out()
    assert second.switch("remoteMatch", False).json()["enabled"] is False
    changed = [what for what in simulator.audit("plain-6") if what == "cloud_application_changed"]
    assert len(changed) == 3


def test_as_many_sessions_as_the_limit_allows(simulator: Simulator) -> None:
    open_ones = [Editor.signed_in(simulator, "plain-7") for _each in range(4)]
    late = Editor.of(simulator, "plain-7")
    assert refusal(late.sign_in()) == (409, "session_limit")
    assert refusal(late.sign_in(password="wrong")) == (401, "refused"), "the password is looked at first"
    assert open_ones[0].sign_in().status_code == 200, "who is signed in already takes no second place"
    open_ones[0].sign_out()
    assert late.sign_in().status_code == 200
