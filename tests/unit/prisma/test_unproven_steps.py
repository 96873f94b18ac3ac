# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A step that was sent and is not confirmed: nobody else loses or gets anything, and nothing is called unchanged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma import people
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from ansible_collections.printops.prisma.plugins.module_utils._web.session import navigator, session
from ansible_collections.printops.prisma.plugins.module_utils._web.session.last_write import LastWrite
from ansible_collections.printops.prisma.plugins.modules.cloud_user import TASK as USER
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.cloud_action import with_outcome
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.earlier_task import may_repeat
from unit.prisma.site_loopback import ACCOUNT, SIGN_IN, SiteBench
from unit.prisma.tenant_loopback import TenantBench
from unit.web.loopback import Answer, Asked

Cloud = SiteBench | TenantBench
ANN, BOB, CY, DAN = "ann@example.com", "bob@example.com", "cy@example.com", "dan@example.com"
EVERYBODY = (ANN, BOB, CY, DAN)


def page(text: str) -> Answer:
    return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, text.encode())


def absent(cloud: Cloud, *people: str) -> dict[str, Any]:
    """Remove people from one list of a site, or from a tenant."""
    more: dict[str, Any] = {"applications": ["dashboard"]} if isinstance(cloud, SiteBench) else {}
    return cloud.run(cloud.user, people=list(people), state="absent", max_removal_percent=100, **more)


# --- removals ---


@pytest.mark.parametrize("lost", [Answer(drop=True), Answer(200, {"Content-Type": "text/html"}, b"<h1>done</h1>")])
@pytest.mark.parametrize("verified", [True, False])
def test_after_a_removal_that_acts_on_a_neighbour_without_an_answer_no_other_is_sent(
    cloud: Cloud, lost: Answer, verified: bool
) -> None:
    """Given the neighbour is removed and the answer is not one of the profile, then the run ends and names them."""
    for who in EVERYBODY:
        cloud.put(who)
    if not verified:
        for write in cloud.source["write"].values():
            write.pop("verify", None)

    def override(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/remove"):
            return None
        if cloud.address_in(asked) == CY:  # any other removal is right, and must not let the run go on
            cloud.take(CY, asked)
            return cloud.accept()
        cloud.take(DAN, asked)
        return lost

    cloud.site.override = override
    result = absent(cloud, ANN, BOB, CY)
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "unplanned_change", True)
    assert {one["person"] for one in result["unexpected"]} == {DAN}
    assert [one["outcome"] for one in result["people"]] == ["failed", "not_tried", "not_tried"]
    assert len(cloud.writes) == 1


def test_after_a_removal_that_times_out_and_is_not_done_no_other_is_sent(cloud: Cloud) -> None:
    for who in EVERYBODY:
        cloud.put(who)
    cloud.site.override = lambda asked: Answer(drop=True) if asked.path.startswith("/remove") else None
    result = absent(cloud, ANN, BOB)
    assert (result["failed"], result["outcome"], result["unexpected"]) == (True, "partly_applied", [])
    assert [one["outcome"] for one in result["people"]] == ["failed", "not_tried"]
    assert len(cloud.writes) == 1


@pytest.mark.parametrize("right", [True, False])
def test_a_removal_that_asks_for_no_confirmation_any_more_is_proven_like_any_other(cloud: Cloud, right: bool) -> None:
    """Given a release whose first click acts, where the profile knows a question, then the lists decide who is gone."""
    for who in EVERYBODY:
        cloud.put(who)
    steps = cloud.source["write"]["remove_dashboard" if isinstance(cloud, SiteBench) else "remove_person"]["steps"]
    steps.insert(-1, {**steps[-1], "writes": False, "expect": "forms[?id=='confirm']"})

    def override(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/remove"):
            return None
        cloud.take(cloud.address_in(asked) if right else DAN, asked)
        return cloud.accept()

    cloud.site.override = override
    result = absent(cloud, ANN, BOB)
    assert (result["outcome"], result["changed"]) == ("applied" if right else "unplanned_change", True), result
    assert len(cloud.writes) == (2 if right else 1)
    assert may_repeat(result) is not right


def test_a_removal_that_ends_the_session_is_not_sent_again_if_it_removed_a_neighbour(bench: SiteBench) -> None:
    """Given the answer is the page for users who are not signed in, then a neighbour who is gone ends the run."""
    for who in EVERYBODY:
        bench.put(who)
    neighbours = [DAN, CY]

    def override(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/remove"):
            return None
        bench.take(neighbours.pop(0), asked)
        return page(SIGN_IN)

    bench.site.override = override
    result = absent(bench, ANN)
    assert (result["outcome"], len(bench.writes)) == ("unplanned_change", 1), result
    assert DAN in result["reason"] and CY not in result["reason"]


@pytest.mark.parametrize("first", [True, False])
def test_a_removal_whose_answer_was_lost_is_proven_by_whole_lists(cloud: Cloud, first: bool) -> None:
    """The person meant is gone, and a neighbour with them: the look-up of the person alone would not show it."""
    people = (ANN, BOB, CY)
    for who in EVERYBODY:
        cloud.put(who)
    wrong = people[0 if first else 1]

    def override(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/remove"):
            return None
        who = cloud.address_in(asked)
        cloud.take(who, asked)
        if who != wrong:
            return cloud.accept()
        cloud.take(DAN, asked)
        return Answer(drop=True)

    cloud.site.override = override
    result = absent(cloud, *people)
    assert (result["failed"], result["outcome"]) == (True, "unplanned_change")
    assert len(cloud.writes) == (1 if first else 2)


@pytest.mark.parametrize("honest", [True, False])
def test_a_removal_that_is_refused_holds_up_nobody_if_the_lists_show_that_nothing_was_done(
    cloud: Cloud, honest: bool
) -> None:
    for who in EVERYBODY:
        cloud.put(who)
    cloud.site.elsewhere.add(ANN)

    def override(asked: Asked) -> Answer | None:
        if not honest and asked.path.startswith("/remove") and cloud.address_in(asked) == ANN:
            cloud.take(DAN, asked)
        return None

    cloud.site.override = override
    result = absent(cloud, ANN, BOB)
    assert (result["failed"], result["outcome"]) == (True, "partly_applied" if honest else "unplanned_change")
    assert [one["outcome"] for one in result["people"]] == ["failed", "done" if honest else "not_tried"]


def test_a_refused_removal_that_removes_a_neighbour_is_named_though_only_one_person_was_meant(cloud: Cloud) -> None:
    for who in EVERYBODY:
        cloud.put(who)
    cloud.site.elsewhere.add(ANN)

    def override(asked: Asked) -> Answer | None:
        if asked.path.startswith("/remove"):
            cloud.take(DAN, asked)
        return None

    cloud.site.override = override
    result = absent(cloud, ANN)
    assert (result["outcome"], result["changed"]) == ("unplanned_change", True)
    assert {one["person"] for one in result["unexpected"]} == {DAN}


# --- additions ---


@pytest.mark.parametrize("answer", ["done", "in other words", "lost"])
@pytest.mark.parametrize("shown", ["otherwise", "later"])
def test_nobody_is_removed_while_an_addition_does_not_show(cloud: Cloud, answer: str, shown: str) -> None:
    """Given the cloud knows a declared person by another address, then that row is not taken for somebody else.

    A person whom the search finds late, and the whole lists show, holds up nobody.
    """
    for who in (*EVERYBODY, "e@example.com"):
        cloud.put(who)
    declared = cloud.declared(*EVERYBODY[1:], "e@example.com", "ann.roe@example.com")

    adding = f"{cloud.adding.strip('/')} ann.roe@example.com"
    known = page(f"<h1>known as {ANN}</h1>")
    answers = {"done": cloud.accept(), "in other words": known, "lost": Answer(drop=True)}

    def instead(asked: Asked) -> Answer | None:
        return answers[answer] if asked.path.startswith(cloud.adding) else None

    if shown == "later":
        cloud.site.after_write = instead
    cloud.site.override = lambda asked: (
        cloud.nobody() if "q=ann.roe" in asked.path else instead(asked) if shown == "otherwise" else None
    )
    result = cloud.run(cloud.access, declared=declared)
    if shown == "later":
        assert cloud.names(ANN) == set()
        return
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True)
    assert cloud.writes[:1] == [adding]
    assert not [write for write in cloud.writes if "remove" in write]
    assert [(one["person"], one["outcome"]) for one in result["people"]] == [
        ("ann.roe@example.com", "failed"),
        (ANN, "not_tried"),
    ]
    assert "If it shows this person by another address, declare that one" in result["advice"]
    assert (result["people"][0]["done"], may_repeat(result)) == ([], False)


# --- sessions that end in the answer to a write ---


def with_session_file(bench: SiteBench, tmp_path: Path) -> dict[str, Any]:
    bench.site.sessions.add("s1")
    path = tmp_path / "session.json"
    cookie = {"name": "sid", "value": "s1", "domain": "127.0.0.1", "path": "/", "expires": -1}
    path.write_text(json.dumps({"cookies": [cookie], "origins": []}))
    path.chmod(0o600)
    return {"username": "", "password": "", "session_file": str(path)}


def ends_in_the_answer(bench: SiteBench, path: str, instead: str | None = None, *, only: str | None = None) -> None:
    """Do a removal (of ``instead``), and then answer it as to somebody who is not signed in."""

    ended: list[Asked] = []

    def override(asked: Asked) -> Answer | None:
        if ended or not asked.path.startswith(path) or (only and bench.address_in(asked) != only):
            return None
        ended.append(asked)
        bench.take(instead or parse_qs(asked.body.decode())["email"][0], asked)
        bench.site.sessions.clear()
        return page('<form name="login" action="/login" method="post"><input name="user"></form>')

    bench.site.override = override


def test_a_session_file_that_ends_in_the_answer_to_a_removal_is_not_called_unchanged(
    bench: SiteBench, tmp_path: Path
) -> None:
    how = with_session_file(bench, tmp_path)
    bench.put(ANN)
    ends_in_the_answer(bench, "/remove/dashboard")
    options: dict[str, Any] = {"applications": ["dashboard"], "state": "absent", "max_removal_percent": 100}
    result = bench.run(USER, people=[ANN], **options, **how)
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True)
    assert "printops.prisma.sign_in -e cloud=site" in result["advice"]
    assert "may have been" in result["msg"]


@pytest.mark.parametrize("verified", [True, False])
def test_a_session_that_ends_in_the_answer_to_a_removal_is_a_change(bench: SiteBench, verified: bool) -> None:
    bench.put(ANN)
    if not verified:
        for write in bench.source["write"].values():
            write.pop("verify", None)
    ends_in_the_answer(bench, "/remove/dashboard", BOB)
    bench.put(BOB)
    result = absent(bench, ANN)
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "unplanned_change", True)
    assert {one["person"] for one in result["unexpected"]} == {BOB}


def test_a_removal_after_which_the_session_ended_counts_when_the_next_one_is_turned_away(bench: SiteBench) -> None:
    for who in (ANN, BOB):
        bench.put(who)
    ends_in_the_answer(bench, "/remove/dashboard")
    after = bench.site.override

    def override(asked: Asked) -> Answer | None:
        if asked.path.startswith("/remove") and bench.address_in(asked) == BOB:
            return Answer(503)
        return after(asked)

    bench.site.override = override
    result = absent(bench, ANN, BOB)
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True)


def test_a_removal_is_not_repeated_after_the_session_ended_if_a_neighbour_is_gone(bench: SiteBench) -> None:
    """The first attempt removed a neighbour. It is not the first removal of the run, so others were right."""
    for who in EVERYBODY:
        bench.put(who)
    ends_in_the_answer(bench, "/remove/dashboard", DAN, only=BOB)
    result = absent(bench, ANN, BOB, CY)
    assert (result["failed"], result["outcome"]) == (True, "unplanned_change")
    assert bench.writes == [f"remove/dashboard {who}" for who in (ANN, BOB)]
    assert ACCOUNT in bench.site.rules.lists["dashboard"]


def test_a_write_with_which_the_session_ended_is_not_sent_again(bench: SiteBench) -> None:
    """Without fields and without a look-up nothing shows whether it was done: it may have been."""
    for write in bench.source["write"].values():
        write.pop("verify", None)
        write.pop("fields", None)
    bench.put(ANN)
    ends_in_the_answer(bench, "/remove/dashboard")
    result = bench.run(
        USER, people=[ANN], state="absent", applications=["dashboard"], max_removal_percent=100, retries=3
    )
    assert bench.writes == [f"remove/dashboard {ANN}"]
    assert result["changed"] is True, result


# --- a defect, and a module that was killed ---


@pytest.mark.parametrize("signal", [RuntimeError, KeyboardInterrupt])
def test_a_defect_while_the_answer_to_a_change_is_read_is_not_called_unchanged(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, signal: type[BaseException]
) -> None:
    defects = [signal("a defect")]
    watched: list[LastWrite] = []

    def defect(*given: Any, **more: Any) -> Any:
        if cloud.writes and defects:
            raise defects.pop()
        return read_page(*given, **more)

    def watch() -> LastWrite:
        watched.append(LastWrite())
        return watched[-1]

    monkeypatch.setattr(navigator, "read_page", defect)
    monkeypatch.setattr(session, "LastWrite", watch)
    if signal is KeyboardInterrupt:
        with pytest.raises(KeyboardInterrupt):
            cloud.run(cloud.user, people=[ANN])
    else:
        result = cloud.run(cloud.user, people=[ANN])
        assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True)
    assert any(write.sent and write.may_be_done for write in watched)


def test_a_defect_after_a_change_is_not_called_unchanged(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    def defect(*_arguments: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(people, "unplanned_changes", defect)
    result = cloud.run(cloud.user, people=[ANN])
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True)
    assert "a defect of this collection: RuntimeError: a defect" in result["msg"]
    assert "RuntimeError" in result["details"]["defect"]


def test_a_defect_before_a_change_stays_a_defect(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    def defect(*_arguments: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(people, "check_guardrails", defect)
    with pytest.raises(RuntimeError):
        cloud.run(cloud.user, people=[ANN])


KILLED = {"failed": True, "rc": -9, "module_stdout": "", "module_stderr": "", "msg": "MODULE FAILURE"}


@pytest.mark.parametrize(
    ("result", "may_write", "outcome"),
    [
        (KILLED, True, "partly_applied"),
        (KILLED, False, "incomplete"),
        ({"failed": True, "msg": "an option is wrong"}, True, "bad_input"),
        ({"failed": True, "defect": "Traceback"}, True, "incomplete"),
        ({"failed": True, "outcome": "busy"}, True, "busy"),
        ({"unreachable": True}, True, "unreachable"),
        ({"changed": False, "outcome": "in_sync"}, True, "in_sync"),
    ],
)
def test_a_module_that_was_killed_may_have_changed_something(
    result: dict[str, Any], may_write: bool, outcome: str
) -> None:
    assert with_outcome(dict(result), may_write=may_write)["outcome"] == outcome
