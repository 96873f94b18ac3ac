# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording with a page that was made to be costly is drafted or refused in bounded time, whatever else it holds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput, UnexpectedPage
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.draft import draft
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.session import find_session
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.sign_in import steps_in_session
from unit.recording.hars import entry, read
from unit.recording.tape import Tape
from unit.recording.test_draft_lists import TOP, signed_in

pytestmark = pytest.mark.slow

COSTLY = {
    "attributes of one tag": "<input " + "".join(f"a{number}=1 " for number in range(700_000)) + ">",
    "links below a long base": "<base href='/" + "a/" * 50_000 + "'>" + "<a href=x>" * 100_000,
    "tables within tables": "<table><tr><td>" * 30_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", COSTLY)
def test_a_costly_page_is_drafted_or_refused_soon(tmp_path: Path, name: str) -> None:
    began = time.process_time()
    recording = read(tmp_path, entry("/device"), entry("/costly", COSTLY[name]))
    try:
        text = draft(recording, interface="controller", id="mine", decisions={}).text
    except (BadInput, UnexpectedPage) as error:
        text = str(error)
    assert len(text) < 100_000
    assert time.process_time() - began < 20


@pytest.mark.timeout(60)
def test_many_pages_are_drafted_soon() -> None:
    """Each header of each response was compared with those of all later requests."""
    tape = Tape()
    headers = {f"Accept-{number}": "text/html" for number in range(10)}
    for number in range(4_000):
        tape.get(
            f"/{number}", "<p>one</p>", headers=headers, answers={f"A-{at}": f"value {number}" for at in range(10)}
        )
    history = read_history(tape.recording)
    began = time.process_time()
    steps_in_session(history, find_session(history), "other")
    assert time.process_time() - began < 5


def test_a_number_of_thousands_of_digits_in_an_address_or_a_text_is_none() -> None:
    number, more = "1" * 5_000, "2" * 5_000
    table = '<table id="t"><tr><th>Name</th></tr><tr><td>{}</td></tr></table><p id="n">{} of {}</p>'
    tape = Tape().get(f"/list?page={number}", table.format("a", number, more))
    tape.get(f"/list?page={more}", table.format("b", number, more))
    drafted = tape.draft("other", evidence={"kind": "simulated", "note": "n"}, sign_in={"method": "none"})
    assert drafted.profile["read"]


def many(number: int, page: str, path: str = "/people") -> Tape:
    """Return a recording of so many visits of one page, or of pages that have the number of the next one."""
    tape = signed_in()
    for at in range(1, number + 1):
        tape.get(path.format(at), f"<title>P</title>{TOP}" + page.format(at, at + 1))
    return tape


ROW = (
    '<tr><td>p{0}x{1}@example.com</td><td><form action="/remove" method=post><input type=hidden name=id value={1}>'
    "<button>Remove</button></form></td></tr>"
)
LIST = "<p id=count>{} people</p><table id=people><tr><th>E-mail</th><th></th></tr>{}</table>{}"
STATE = "<table>" + "".join(f"<tr><th>L {at}</th><td id=v{at}>v {{0}}</td></tr>" for at in range(30)) + "</table>"
PLAIN = "".join(f"<tr><td>p{{0}}x{at}@example.com</td><td></td></tr>" for at in range(100))
PAGE = LIST.format(40_000, PLAIN, '<a href="/people?page={1}">Next</a>')


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("interface", "number", "page", "path"),
    [
        ("controller", 80, STATE, "/people"),  # the values of each page were proven again for each field
        ("other", 400, PAGE, "/people?page={}"),  # the rows of each page were compared with those of all before it
    ],
)
def test_many_visits_are_drafted_soon(interface: str, number: int, page: str, path: str) -> None:
    tape = many(number, page, path)
    began = time.process_time()
    draft(tape.recording, interface=interface, id="mine", decisions={})
    assert time.process_time() - began < 5


@pytest.mark.timeout(60)
def test_many_changes_are_drafted_soon() -> None:
    """What stands in the rows was read anew for each question about a row, the list itself being a page it links to."""
    tape = signed_in()
    rows = "".join(ROW.format(0, number) for number in range(50))
    for number in range(80):
        tape.get("/people", f"<title>P</title>{TOP}{LIST.format(50, rows, '')}").post(
            "/remove", {"id": str(number % 50)}
        )
    began = time.process_time()
    draft(tape.recording, interface="other", id="mine", decisions={})
    assert time.process_time() - began < 8
