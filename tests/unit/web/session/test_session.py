# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and writing in a session: proof of each write, lost answers, sessions that end. Against a tiny interface."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    Busy,
    CheckModeViolation,
    NotReadBack,
    PrismaError,
    TransportError,
    UnexpectedPage,
    Unsupported,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.reading import Reading
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session import Session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unit.web.loopback import Answer, Asked
from unit.web.tiny import LOGIN, Bench, as_json, bench, html, profile_source


@pytest.fixture
def tiny(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


def is_new(reading: Reading) -> bool:
    return bool(reading.values["value"] == "new")


def write_new(session: Session) -> Reading | None:
    return session.write("set", is_new, value="new", on=None)[1]


# --- reading ---


def test_a_reading_keeps_the_text_behind_a_value_map(tiny: Bench) -> None:
    reading = tiny.session().read("value")
    assert dict(reading.values) == {"value": "old", "state": "on"}
    assert dict(reading.raw) == {"state": "switched on"}


def test_an_expired_session_is_opened_again_once(tiny: Bench) -> None:
    session = tiny.session()
    session.read("value")
    tiny.device.expire()
    assert session.read("value").values["value"] == "old"
    assert len(tiny.device.attempts) == 2
    assert session.facts["recognised"] is True


def test_a_session_that_ends_as_soon_as_it_begins_is_busy(tiny: Bench) -> None:
    tiny.device.override = lambda asked: html(LOGIN) if asked.path == "/value" else None
    with pytest.raises(Busy, match="ends as soon as it begins"):
        tiny.session().read("value")
    assert len(tiny.device.attempts) == 2


def test_tasks_that_find_the_session_ended_sign_in_anew_only_once(tiny: Bench) -> None:
    one, other = tiny.session(), tiny.session()
    one.read("value")
    other.read("value")
    tiny.device.expire()
    one.read("value")
    other.read("value")
    assert len(tiny.device.attempts) == 2
    assert len(tiny.device.sessions) == 1


def test_what_the_profile_lacks_is_unsupported_and_asks_nothing(tiny: Bench) -> None:
    session = tiny.session()
    assert session.can("read", "value")
    assert not session.can("read", "ink")
    for attempt in (lambda: session.read("ink"), lambda: session.write("ink")):
        with pytest.raises(Unsupported, match=r"the profile tiny has no (read|write) 'ink'"):
            attempt()
    assert tiny.asked == []


# --- writing ---


def test_a_write_is_proven_by_reading_back(tiny: Bench) -> None:
    reading = write_new(tiny.session())
    assert reading is not None
    assert reading.values["value"] == "new"
    assert tiny.asked[2:] == ["GET /value", "POST /value", "GET /value"]


def test_the_form_is_sent_as_a_browser_would(tiny: Bench) -> None:
    session = tiny.session()
    for value, on in (("new", None), ("new", True), ("new", False), (None, None)):
        session.write("set", value=value, on=on)
    assert tiny.device.writes == [
        {"value": ["new"], "kept": ["k"], "on": ["yes"]},
        {"value": ["new"], "kept": ["k"], "on": ["yes"]},
        {"value": ["new"], "kept": ["k"]},
        {"value": ["shown"], "kept": ["k"], "on": ["yes"]},
    ]


def test_a_write_that_reading_back_does_not_show_is_an_error(tiny: Bench) -> None:
    tiny.device.heeds = False
    with pytest.raises(NotReadBack, match="reading 'value' back does not show it"):
        write_new(tiny.session())
    assert len(tiny.device.writes) == 1


def test_a_lost_answer_is_settled_by_reading_back(tiny: Bench) -> None:
    tiny.device.lost = 1
    reading = write_new(tiny.session())
    assert reading is not None
    assert reading.values["value"] == "new"
    assert len(tiny.device.writes) == 1


def test_a_lost_answer_to_what_was_not_done_is_the_error_it_was(tiny: Bench) -> None:
    tiny.device.lost, tiny.device.heeds = 1, False
    with pytest.raises(TransportError) as caught:
        write_new(tiny.session())
    assert caught.value.may_have_arrived
    assert len(tiny.device.writes) == 1


def test_a_lost_answer_without_a_proof_is_never_sent_again(tiny: Bench) -> None:
    def drop(asked: Asked) -> Answer | None:
        return Answer(drop=True) if asked.path == "/ring" else None

    tiny.device.override = drop
    with pytest.raises(TransportError):
        tiny.session().write("ring")
    assert tiny.asked.count("POST /ring") == 1


@pytest.mark.parametrize(("status", "times"), [(200, 1), (401, 2)])
def test_a_write_without_a_proof_is_sent_again_only_if_it_was_denied(tiny: Bench, status: int, times: int) -> None:
    """Given a write that ends the session, such as a restart, then it is answered as if nobody was signed in."""

    def restart(asked: Asked) -> Answer | None:
        if asked.path != "/ring" or tiny.asked.count("POST /ring") > 1:
            return None
        tiny.device.expire()
        return html(LOGIN, status=status)

    tiny.device.override = restart
    session = tiny.session()
    session.read("value")
    if times == 1:
        with pytest.raises(Busy, match="it may have been done"):
            session.write("ring")
        assert session.wrote
    else:
        session.write("ring")
    assert tiny.asked.count("POST /ring") == times


def test_a_session_that_ends_with_the_write_is_settled_by_reading(tiny: Bench) -> None:
    tiny.device.expires_after_write = True
    reading = write_new(tiny.session())
    assert reading is not None
    assert reading.values["value"] == "new"
    assert len(tiny.device.writes) == 1


def test_a_session_that_has_ended_before_is_written_in_once_more(tiny: Bench) -> None:
    session = tiny.session()
    session.read("value")
    tiny.device.expire()
    assert write_new(session) is not None
    assert len(tiny.device.writes) == 1
    assert len(tiny.device.attempts) == 2


def test_check_mode_sends_no_write(tiny: Bench) -> None:
    session = tiny.session(check_mode=True)
    assert session.read("value").values["value"] == "old"
    for name in ("set", "ring"):
        with pytest.raises(CheckModeViolation):
            session.write(name, value="new", on=None)
    assert not [each for each in tiny.asked if each.startswith("POST") and each != "POST /login"]


def test_a_problem_that_the_profile_knows_is_told_in_the_words_of_the_interface(tiny: Bench) -> None:
    def busy(asked: Asked) -> Answer | None:
        return html('<p id="busy">Somebody\n  else writes.</p>', status=409) if asked.path == "/ring" else None

    tiny.device.override = busy
    with pytest.raises(Busy, match=r"^Somebody else writes\.$"):
        tiny.session().write("ring")


# --- lists ---


def page(names: str, onward: Any, total: Any, **more: Any) -> dict[str, Any]:
    return {"items": [{"name": name} for name in names], "next": onward, "total": total, **more}


def names(reading: Reading) -> str:
    return "".join(row["name"] for row in reading.rows)


def test_all_pages_are_read_with_the_proof(tiny: Bench) -> None:
    tiny.device.pages = [page("ab", 1, 5), page("cd", 2, 5), page("e", None, 5)]
    reading = tiny.session().read("list")
    assert (names(reading), reading.pages, reading.total) == ("abcde", 3, 5)
    assert [each.path for each in tiny.server.asked[2:]] == [
        "/list?limit=2",
        "/list?limit=2&cursor=1",
        "/list?limit=2&cursor=2",
    ]


def test_an_empty_list_is_empty_only_if_its_total_says_so(tiny: Bench) -> None:
    tiny.device.pages = [page("", None, 0)]
    assert tiny.session().read("list").rows == ()
    tiny.device.pages = [page("", None, 3)]
    with pytest.raises(UnexpectedPage, match="0 rows were read over 1 pages, but the total is 3"):
        tiny.session().read("list")


class Growing(list[Any]):
    """The pages of a list to which somebody adds one row after its first page was read, so many times."""

    def __init__(self, changes: int) -> None:
        super().__init__([page("ab", 1, 3), page("c", None, 3)])
        self.changes = changes
        self.reads = 0

    def __getitem__(self, number: Any) -> Any:
        self.reads += number == 0
        found = dict(super().__getitem__(number))
        late = min(self.reads, self.changes) if number else min(self.reads - 1, self.changes)
        return {
            **found,
            "total": 3 + late,
            **({"items": page("cdefgh"[: 1 + late], None, 0)["items"]} if number else {}),
        }


def test_a_list_that_changes_while_it_is_read_is_read_again(tiny: Bench) -> None:
    tiny.device.pages = Growing(2)
    reading = tiny.session().read("list")
    assert (names(reading), reading.total, tiny.device.pages.reads) == ("abcde", 5, 3)


def test_a_list_that_changes_each_time_is_an_error_after_three_readings(tiny: Bench) -> None:
    tiny.device.pages = Growing(9)
    with pytest.raises(UnexpectedPage, match="the total is 6 on page 2 and was 5"):
        tiny.session().read("list")
    assert tiny.device.pages.reads == 3


@pytest.mark.parametrize(
    ("pages", "what"),
    [
        ([page("ab", None, 4), page("cd", None, 4)], "2 rows were read over 1 pages, but the total is 4"),
        ([page("ab", 1, 4), page("", None, 4)], "2 rows were read over 2 pages, but the total is 4"),
        ([page("ab", 1, 4), page("cd", None, 3)], "the total is 3 on page 2 and was 4"),
        ([page("ab", 1, 3), page("cd", None, 3)], "4 rows were read over 2 pages, but the total is 3"),
        ([page("ab", 1, 4), page("cd", 1, 4)], "page 2 leads back to a page that was read before"),
        ([page("ab", "0", 4)], "page 2 shows the rows of a page that was read before"),
        ([page("ab", 1, 4), page("cd", "0", 4)], "page 3 shows the rows of a page that was read before"),
        ([{"items": [{"name": "a"}], "next": None}], "the field 'total' is missing"),
        ([page("a", None, "1")], "the total is '1'"),
        ([page("a", None, True)], "the total is True"),
        ([{"next": None, "total": 0}], "there is no list of rows"),
        ([{"items": None, "next": None, "total": 0}], "there is no list of rows"),
        ([{"items": {"name": "a"}, "next": None, "total": 1}], "there is no list of rows"),
        ([{"items": [{"nam": "a"}], "next": None, "total": 1}], "the field 'name' is missing"),
        ([{"items": [None], "next": None, "total": 1}], "the field 'name' is missing"),
        ([page("a", 1, 2), {"error": "lost"}], "there is no list of rows"),
        ([page("a", 1, 2), page("", None, 2, items=[{"name": "b", "number": "x"}])], "it is not a whole number"),
    ],
)
def test_a_list_that_is_not_whole_is_an_error(tiny: Bench, pages: list[Any], what: str) -> None:
    tiny.device.pages = pages
    with pytest.raises(UnexpectedPage, match=what) as caught:
        tiny.session().read("list")
    assert caught.value.details["operation"] == "read.list"


def test_a_row_of_json_that_cannot_be_read_is_named_by_its_page_and_number(tiny: Bench) -> None:
    """What else stands in it may be a secret; of a table, the row and its neighbours are shown."""
    rows = [{"name": "c"}, {"nam": "d", "key": "0123456789abcdef"}, {"name": "e"}]
    tiny.device.pages = [page("ab", 1, 5), {"items": rows, "next": None, "total": 5}]
    with pytest.raises(UnexpectedPage) as caught:
        tiny.session().read("list")
    assert "the field 'name' is missing, in row 2 on page 2 (expression: name)" in str(caught.value)


@pytest.mark.parametrize("status", [404, 500])
def test_a_page_that_cannot_be_read_leaves_nothing(tiny: Bench, status: int) -> None:
    tiny.device.pages = [page("ab", 1, 4), page("cd", None, 4)]

    def broken(asked: Asked) -> Answer | None:
        return as_json({"items": [], "total": 4}, status) if "cursor=1" in asked.path else None

    tiny.device.override = broken
    with pytest.raises(UnexpectedPage, match=f"status {status}"):
        tiny.session().read("list")


def test_a_session_that_ends_between_two_pages_reads_all_of_them_anew(tiny: Bench) -> None:
    tiny.device.pages = [page("ab", 1, 3), page("c", None, 3)]
    ended: list[Asked] = []

    def once(asked: Asked) -> Answer | None:
        if "cursor=1" in asked.path and not ended:
            ended.append(asked)
            return html(LOGIN)
        return None

    tiny.device.override = once
    assert names(tiny.session().read("list")) == "abc"
    assert len(tiny.device.attempts) == 2


def test_the_next_page_may_be_an_address_but_on_this_host_only(tiny: Bench) -> None:
    source = profile_source()
    source["read"]["list"]["paging"] = {"next": "next"}
    tiny.device.pages = [page("ab", "?cursor=1", 3), page("c", None, 3)]
    assert names(tiny.session(source).read("list")) == "abc"
    tiny.device.pages = [page("ab", "https://elsewhere.example.net/list", 3)]
    with pytest.raises(PrismaError, match=r"elsewhere\.example\.net"):
        tiny.session(source).read("list")


def test_the_last_page_may_be_what_proves_it(tiny: Bench) -> None:
    source = profile_source()
    source["read"]["list"]["complete"] = {"last_page": "last == `true`"}
    tiny.device.pages = [page("ab", 1, None, last=False), page("c", None, None, last=True)]
    assert names(tiny.session(source).read("list")) == "abc"
    tiny.device.pages = [page("ab", None, None, last=False)]
    with pytest.raises(UnexpectedPage, match="page 1 is not marked as the last one"):
        tiny.session(source).read("list")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.text("abc", max_size=2), min_size=1, max_size=4),
    st.integers(0, 8),
    st.none() | st.integers(0, 3),
)
def test_rows_are_whole_or_there_are_none(tiny: Bench, shown: list[str], total: int, lost: int | None) -> None:
    tiny.device.pages = [
        page(text, index + 1 if index + 1 < len(shown) else None, total) for index, text in enumerate(shown)
    ]
    if lost is not None and lost < len(shown):
        tiny.device.pages[lost]["next"] = None
    try:
        reading = tiny.session().read("list")
    except UnexpectedPage:
        return
    assert len(reading.rows) == total
    assert "".join(shown).startswith(names(reading))


@pytest.mark.parametrize("answer", [Answer(drop=True), Answer(503)])
def test_a_write_without_proof_whose_answer_is_lost_may_have_been_carried_out(tiny: Bench, answer: Answer) -> None:
    session = tiny.session()
    session.open()
    tiny.device.override = lambda asked: answer if asked.path == "/ring" else None
    with pytest.raises(PrismaError):
        session.write("ring")
    assert session.wrote
    assert tiny.asked.count("POST /ring") == 1


def test_a_write_that_was_turned_away_was_not_carried_out(tiny: Bench) -> None:
    session = tiny.session()
    session.open()
    tiny.device.override = lambda asked: Answer(429) if asked.path == "/ring" else None
    with pytest.raises(PrismaError):
        session.write("ring")
    assert not session.wrote
