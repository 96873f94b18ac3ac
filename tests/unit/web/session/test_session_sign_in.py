# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in and out: each outcome told apart, one attempt each, nothing left open. Against a tiny real interface."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    AccountLocked,
    Busy,
    PasswordChangeDemanded,
    PrismaError,
    SignInRefused,
    TransportError,
    UnexpectedPage,
    Unsupported,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import session_key
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from unit.web.loopback import Answer, Asked
from unit.web.tiny import LOGIN, PAGES, PASSWORD, Bench, as_json, bench, html, profile_source


@pytest.fixture
def tiny(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


def test_the_first_reading_signs_in_and_later_ones_do_not(tiny: Bench) -> None:
    session = tiny.session()
    assert tiny.asked == []
    assert session.read("value").values["value"] == "old"
    assert session.read("value").values["value"] == "old"
    assert tiny.asked == ["GET /", "POST /login", "GET /value", "GET /value"]
    assert tiny.device.attempts == [{"token": ["t0ken"], "user": ["admin"], "pass": [PASSWORD]}]


def test_a_later_task_takes_the_session_over(tiny: Bench) -> None:
    first = tiny.session()
    first.read("value")
    first.remember(serial="SN1")
    later = tiny.session()
    later.read("value")
    assert later.facts["serial"] == "SN1"
    assert len(tiny.device.attempts) == 1


def test_signing_out_ends_it_for_all_and_once(tiny: Bench) -> None:
    tiny.session().open()
    assert tiny.device.sessions
    assert tiny.session().sign_out() is True
    assert not tiny.device.sessions
    assert tiny.session().sign_out() is False
    assert tiny.asked.count("GET /logout") == 1


def test_a_sign_out_has_its_time_also_when_that_of_its_task_is_up(tiny: Bench) -> None:
    session = tiny.session()
    session.open()
    session.client._deadline.put_off(-1e9)
    assert session.sign_out() is True
    assert not tiny.device.sessions


def test_no_cookie_of_a_session_that_was_signed_out_is_sent(tiny: Bench) -> None:
    session = tiny.session()
    session.read("value")
    session.sign_out()
    session.read("value")
    at = [number for number, asked in enumerate(tiny.asked) if asked == "GET /"][1]
    assert "cookie" not in tiny.server.asked[at].headers
    assert tiny.server.asked[-1].headers["cookie"] == "sid=session-2"


def test_a_cookie_that_changes_during_a_session_is_kept_for_later_tasks(tiny: Bench) -> None:
    tiny.session().read("value")
    tiny.device.sessions = {"session-changed"}
    tiny.device.override = lambda asked: (
        html('<p id="value">new</p>', {"Set-Cookie": "sid=session-changed; Path=/"})
        if asked.path == "/value" and asked.headers["cookie"] == "sid=session-1"
        else None
    )
    tiny.session().read("value")
    tiny.session().read("value")
    assert tiny.server.asked[-1].headers["cookie"] == "sid=session-changed"
    assert len(tiny.device.attempts) == 1


def test_a_sign_in_is_saved_before_the_password_is_sent(tiny: Bench) -> None:
    """Given a run that is stopped during a sign-in, then its end knows of a session to wait for and to sign out of."""
    seen: list[Any] = []
    key = session_key(tiny.server.url, "tiny", "admin", PASSWORD)

    def behaviour(asked: Asked) -> None:
        if asked.path == "/login":
            seen.append((tiny.store.load(key) or {}).get("status"))

    tiny.device.override = behaviour
    tiny.session().open()
    assert seen == ["signing_in"]


def test_who_never_signed_in_asks_nothing_when_signing_out(tiny: Bench) -> None:
    assert tiny.session().sign_out() is False
    assert tiny.asked == []


def test_after_signing_out_a_reading_signs_in_again(tiny: Bench) -> None:
    session = tiny.session()
    session.read("value")
    session.sign_out()
    assert session.read("value").values["value"] == "old"
    assert len(tiny.device.attempts) == 2


REFUSALS: list[tuple[str, type[PrismaError]]] = [
    ("refused", SignInRefused),
    ("locked", AccountLocked),
    ("change", PasswordChangeDemanded),
]


@pytest.mark.parametrize(("page", "error"), REFUSALS)
def test_a_refused_sign_in_is_never_sent_again_in_the_same_run(
    tiny: Bench, page: str, error: type[PrismaError]
) -> None:
    tiny.device.sign_in = page
    session = tiny.session()
    with pytest.raises(error, match="account admin"):
        session.read("value")
    for again in (session, tiny.session()):
        with pytest.raises(error, match="tried only once in a run") as caught:
            again.read("value")
        assert PASSWORD not in str(caught.value)
    assert len(tiny.device.attempts) == 1
    assert not tiny.device.sessions


@pytest.mark.parametrize(
    ("interface", "who", "variable"),
    [
        ("controller", "the printer", ""),
        ("tenant", "PRISMA Home", ", printops_tenant_password"),
        ("site", "the administration site", ", printops_site_password"),
        ("other", "the web interface", ", printops_web_password"),
    ],
)
@pytest.mark.parametrize(
    ("page", "what"),
    [("refused", "refused the sign-in"), ("locked", "has locked the account"), ("change", "demands a new password")],
)
def test_the_reason_names_the_interface(
    tiny: Bench, interface: str, who: str, variable: str, page: str, what: str
) -> None:
    tiny.device.sign_in = page
    session = tiny.session()
    session.profile = replace(session.profile, interface=interface)
    with pytest.raises(PrismaError) as caught:
        session.read("value")
    assert str(caught.value) == f"{who} {what} (account admin{variable})"


def test_a_corrected_password_is_a_sign_in_of_its_own(tiny: Bench) -> None:
    tiny.device.sign_in = "refused"
    with pytest.raises(SignInRefused):
        tiny.session().open()
    tiny.device.sign_in = "ok"
    tiny.session(password="another").open()
    assert len(tiny.device.attempts) == 2


def test_a_forced_change_of_password_is_left_alone(tiny: Bench) -> None:
    tiny.device.sign_in = "change"
    with pytest.raises(PasswordChangeDemanded):
        tiny.session().open()
    assert tiny.asked == ["GET /", "POST /login", "GET /logout"]


def test_too_many_sessions_is_no_refusal(tiny: Bench) -> None:
    tiny.device.sign_in = "busy"
    with pytest.raises(Busy, match="no further session"):
        tiny.session().open()
    tiny.device.sign_in = "ok"
    tiny.session().open()


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_sign_in_is_no_refusal_though_it_has_arrived(tiny: Bench, status: int) -> None:
    """Given an interface that is busy when the password comes, then a later task tries it again."""
    tiny.device.override = lambda asked: Answer(status) if asked.path == "/login" else None
    with pytest.raises(Busy):
        tiny.session().open()
    kept = tiny.store.load(session_key(tiny.server.url, "tiny", "admin", PASSWORD))
    assert kept is not None
    assert (kept["status"], kept["refusal"]) == ("new", {})
    tiny.device.override = lambda asked: None
    tiny.session().open()
    assert tiny.asked.count("POST /login") == 2


REFUSING_ANSWERS = {
    "many cookies": html(PAGES["refused"], {"Set-Cookie": "a=" + "x" * 4000}),
    "a long text": html(f"<title>{'w' * 500_000}</title><h1>{'y' * 900_000}</h1>" + PAGES["refused"]),
    "a long text of many bytes": html("<title>" + "\U0001f5a8" * 300_000 + "</title><h1>no</h1>"),
    "lone surrogates": as_json({"x" * 5000: "\ud800" * 5000}),
    "status 500": html("<h1>Internal error</h1>", status=500),
    "a status line alone": Answer(418),
}


@pytest.mark.parametrize("kind", REFUSING_ANSWERS)
def test_a_refusal_is_kept_whatever_came_with_it(tiny: Bench, kind: str) -> None:
    tiny.store = SharedStore(slots=4)

    def behaviour(asked: Asked) -> Answer | None:
        if asked.path == "/" or asked.path.startswith("/cookie"):  # in the end more cookies than fit into a slot
            number = int(asked.path.removeprefix("/cookie") or 0) if asked.path != "/" else 0
            more = Answer(302, {"Location": f"/cookie{number + 1}"}) if number < 6 else html(LOGIN)
            return replace(more, headers={**more.headers, "Set-Cookie": f"c{number}={'b' * 4000}; Path=/"})
        return REFUSING_ANSWERS[kind] if asked.path == "/login" else None

    tiny.device.override = behaviour
    with pytest.raises(PrismaError) as first:
        tiny.session().open()
    for _task in range(3):
        with pytest.raises(PrismaError, match="tried only once in a run") as caught:
            tiny.session().open()
        assert caught.value.outcome == first.value.outcome
        assert len(str(caught.value)) < 5000
    assert tiny.asked.count("POST /login") == 1


def test_the_secrets_of_a_refused_sign_in_stay_secret(tiny: Bench) -> None:
    tiny.device.override = lambda asked: (
        html(PAGES["refused"], {"Set-Cookie": "sid=of-a-refusal"}) if asked.path == "/login" else None
    )
    session = tiny.session()
    with pytest.raises(SignInRefused):
        session.open()
    assert "of-a-refusal" in session.secrets()
    assert session.facts["match_score"] == 2


def test_a_page_that_proves_nothing_is_told_and_left(tiny: Bench) -> None:
    tiny.device.sign_in = "unknown"
    with pytest.raises(UnexpectedPage, match="proves neither success nor a known failure") as caught:
        tiny.session().open()
    assert caught.value.details["page"]["headings"] == ["Maintenance"]
    assert caught.value.advice.startswith("Run again: the session may have ended during the sign-in.")
    assert "The profile does not fit" in caught.value.advice
    assert not tiny.device.sessions


def test_a_profile_without_refused_text_still_needs_positive_proof(tiny: Bench) -> None:
    source = profile_source()
    source["sign_in"]["refused"] = "ids.nosuch"
    tiny.device.sign_in = "refused"
    with pytest.raises(UnexpectedPage):
        tiny.session(source).open()


def test_no_credentials_are_sent_to_an_interface_that_is_not_recognised(tiny: Bench) -> None:
    tiny.device.override = lambda asked: html("<title>Router</title>") if asked.path == "/" else None
    with pytest.raises(Unsupported, match="no credentials were sent") as caught:
        tiny.session().open()
    assert "printops_port and printops_base_path: a wrong path or port looks the same" in caught.value.advice
    assert caught.value.details["match_score"] == 0
    assert tiny.asked == ["GET /"]


def test_unless_that_is_allowed(tiny: Bench) -> None:
    source = profile_source()
    source["match"]["enough"] = 3
    with pytest.raises(Unsupported):
        tiny.session(source).open()
    session = tiny.session(source, allow_unverified=True)
    session.open()
    assert (session.facts["recognised"], session.facts["match_score"]) == (False, 2)
    session.write("set", lambda reading: reading.values["value"] == "new", value="new", on=None)


def test_a_session_that_was_not_recognised_is_not_written_to(tiny: Bench) -> None:
    source = profile_source()
    source["match"]["enough"] = 3
    tiny.session(source, allow_unverified=True).open()
    with pytest.raises(Unsupported, match="nothing is written"):
        tiny.session(source).write("set", value="new", on=None)
    assert not tiny.device.writes


def test_a_sign_in_whose_answer_is_lost_may_have_counted_and_is_not_tried_again(tiny: Bench) -> None:
    tiny.device.override = lambda asked: Answer(drop=True) if asked.path == "/login" else None
    with pytest.raises(TransportError):
        tiny.session().open()
    tiny.device.override = lambda asked: None
    with pytest.raises(TransportError, match="tried only once"):
        tiny.session().open()
    assert tiny.asked.count("POST /login") == 1


def test_the_headers_of_a_session_may_use_what_the_sign_in_kept(tiny: Bench) -> None:
    source = profile_source()
    source["sign_in"]["steps"][0]["keep"] = {"csrf": "ids.value"}
    source["headers"] = {"X-Csrf": "${csrf}"}
    tiny.device.value = "t0ken"
    session = tiny.session(source)
    session.read("value")
    assert tiny.server.asked[-1].headers["x-csrf"] == "t0ken"
    assert "t0ken" in session.secrets()


def test_and_a_failed_sign_in_of_such_a_profile_is_told_all_the_same(tiny: Bench) -> None:
    source = profile_source()
    source["sign_in"]["steps"][0]["keep"] = {"csrf": "ids.value"}
    source["headers"] = {"X-Csrf": "${csrf}"}
    tiny.device.sign_in = "unknown"
    with pytest.raises(UnexpectedPage):
        tiny.session(source).open()


# --- what the store is told ---


def test_the_key_and_the_state_do_not_hold_the_password(tiny: Bench) -> None:
    session = tiny.session()
    session.read("value")
    key = session_key(tiny.server.url, "tiny", "admin", PASSWORD)
    assert PASSWORD not in key
    assert PASSWORD not in repr(tiny.store.load(key))
    assert session_key(tiny.server.url, "tiny", "admin", PASSWORD + "x") != key
    assert session_key(tiny.server.url, "other", "admin", PASSWORD) != key
    assert session_key(tiny.server.url, "tiny", "admin", PASSWORD, "alpha") != key


def test_the_cookie_counts_as_secret(tiny: Bench) -> None:
    session = tiny.session()
    session.open()
    assert session.secrets() == {"session-1"}


def test_only_a_store_that_outlives_the_task_keeps_a_session_for_later(tiny: Bench) -> None:
    own = tiny.session()
    own.open()
    assert not own.kept_for_later
    tiny.store = SharedStore(slots=4, slot_size=4096)
    shared = tiny.session()
    shared.open()
    assert shared.kept_for_later


def test_more_printers_than_the_memory_has_room_for_come_and_go(tiny: Bench) -> None:
    """Given a run of tasks that signs out of each printer, then a session that has ended takes no room any more."""
    tiny.store = store = SharedStore(slots=2, slot_size=4096)
    for number in range(4):
        session = tiny.session()
        session._key = f"printer {number}"
        session.open()
        assert session.kept_for_later, number
        assert session.sign_out() is True
        assert session.sign_out() is False
    assert store.items() == []


def test_a_session_too_large_for_the_store_is_not_kept_and_can_still_be_signed_out(tiny: Bench) -> None:
    tiny.store = SharedStore(slots=4, slot_size=600)
    session = tiny.session()
    session.open()
    session.remember(much="x" * 1000)
    assert not session.kept_for_later
    assert session.read("value").values["value"] == "old"
    assert session.sign_out() is True
    assert not tiny.device.sessions
