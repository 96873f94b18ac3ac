# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""By which value of a row a drafted change means it: one number may stand in several rows and in several columns."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.changes import RecordedWrite
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.inputs import InputNames
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.rows import RowList
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.steps import StepDrafter
from unit.recording.tape import Tape
from unit.recording.test_draft_lists import SIMULATED, TOP, signed_in

PATH = "/api/users/3"


def users(*rows: tuple[str, int, int], columns: tuple[str, str] = ("no", "id")) -> dict[str, Any]:
    """Return a list in JSON: of each user two numbers before the address."""
    items = [{columns[0]: one, columns[1]: other, "email": f"{name}@example.com"} for name, one, other in rows]
    return {"items": items, "total": len(items)}


def deleted(listed: dict[str, Any], gone: str, *, path: str = PATH, shown: bool = True) -> Tape:
    """Record that a user was removed by a script. ``shown``: and that the list was opened again."""
    tape = signed_in().get("/api/users", listed).delete(path)
    left = [each for each in listed["items"] if each["email"] != f"{gone}@example.com"]
    if shown:
        tape.get("/api/users", {"items": left, "total": len(left)})
    return tape.get("/logout", "<title>Bye</title>")


def removal(tape: Tape) -> tuple[dict[str, Any], list[str]]:
    """Return the last step of the drafted removal, and the questions about it with their candidates."""
    drafted = tape.draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    questions = [each for each in drafted.open if each.key.startswith("write.")]
    asked = [f"{each.key}: {[one.answer for one in each.candidates]}" for each in questions]
    return write["steps"][-1], asked


@pytest.mark.parametrize("rows", [[("ann", 1, 7), ("bob", 2, 3), ("eve", 3, 9)], [("eve", 3, 9), ("bob", 2, 3)]])
def test_the_row_that_was_gone_afterwards_is_meant_and_not_another_one_with_the_same_number(rows: Any) -> None:
    """Number 3 of the list is eve, whom the removal of the user 3 does not touch."""
    step, asked = removal(deleted(users(*rows), "bob"))
    assert step["row"]["keep"] == {"row_id": "id"}
    assert not asked


def test_without_the_list_after_the_change_a_number_of_two_rows_is_a_question() -> None:
    step, asked = removal(deleted(users(("ann", 1, 7), ("bob", 2, 3), ("eve", 3, 9)), "bob", shown=False))
    assert step["path"] == "DECIDE"
    assert len(asked) == 1


def test_a_number_of_rows_on_two_pages_is_a_question() -> None:
    tape = signed_in().get("/api/users?page=1", users(("ann", 1, 7), ("bob", 2, 3)) | {"total": 4})
    tape.get("/api/users?page=2", users(("eve", 3, 9), ("joe", 4, 8)) | {"total": 4}).delete(PATH)
    step, asked = removal(tape.get("/logout", "<title>Bye</title>"))
    assert step["path"] == "DECIDE"
    assert len(asked) == 1


def test_a_number_that_a_row_has_twice_is_a_question_with_both_places() -> None:
    step, asked = removal(deleted(users(("ann", 1, 7), ("bob", 3, 3)), "bob"))
    assert step["row"]["keep"] == {"row_id": "DECIDE"}
    assert [each.rpartition(".")[2] for each in asked] == ["row_id: ['id', 'no']"]


def test_places_that_never_differ_are_one_and_the_key_is_taken() -> None:
    """The first users of a new interface: number and id are the same in all rows."""
    step, asked = removal(deleted(users(("ann", 1, 1), ("eve", 2, 2), ("bob", 3, 3)), "bob"))
    assert step["row"]["keep"] == {"row_id": "id"}
    assert not asked
    tape = signed_in().get("/api/users", users(("ann", 1, 1), ("eve", 2, 2), ("bob", 3, 3)))
    tape.send("DELETE", PATH, {"index": 3}, {}).get("/api/users", users(("ann", 1, 1), ("eve", 2, 2)))
    step, asked = removal(tape.get("/logout", "<title>Bye</title>"))
    assert step["row"]["keep"] == {"row_id": "no"}  # it is sent as an index


@pytest.mark.parametrize("gone", ["bob", "eve"])
def test_a_number_that_is_no_key_is_a_question_whoever_has_it(gone: str) -> None:
    """What is removed may be the third row of the list: eve's three sign-ins are a coincidence, or are not sure."""
    listed = users(("ann", 5, 100), ("bob", 4, 200), ("eve", 3, 300), columns=("logins", "pages"))
    step, asked = removal(deleted(listed, gone))
    assert "DECIDE" in json.dumps(step)
    assert len(asked) == 1


def test_of_the_row_that_was_pointed_at_a_number_that_is_no_key_is_a_question() -> None:
    listed = users(("ann", 5, 100), ("bob", 3, 200), columns=("logins", "pages"))
    made = read_history(Tape().get("/api/users", listed).delete(PATH).recording, "/")
    page, sent = made.visits
    rows = RowList("items", (page,), "email", "person", meant="bob@example.com")
    names = InputNames(typed={})
    steps = StepDrafter(made, lists=[rows]).write(RecordedWrite(request=sent), names)
    assert steps[-1]["row"]["keep"] == {"row_id": "DECIDE"}
    assert [each.answer for each in names.doubts["row_id"]] == ["logins"]


def test_rows_that_moved_to_another_page_of_the_list_were_not_removed() -> None:
    """A new user comes first, so the last one is no more on the page, and nobody opens the next one."""
    tape = signed_in().get("/api/users", users(("ann", 1, 7), ("bob", 2, 3)))
    tape.send("POST", "/api/users/7/copy", {}, {})
    tape.get("/api/users", users(("ada", 1, 9), ("ann", 2, 7)))
    step, asked = removal(tape.get("/logout", "<title>Bye</title>"))
    assert step["row"]["keep"] == {"row_id": "id"}
    assert not asked


INVITED = [{"id": number, "email": f"{name}@example.com"} for name, number in (("ann", 17), ("bob", 19), ("zoe", 33))]
USERS = [{"id": number, "email": f"{name}@example.com"} for name, number in (("ann", 17), ("joe", 18), ("bob", 19))]
"""Who is a user and invited as well has the same number twice, as long as the interface is new."""


def invitation_removed(*, shown: bool) -> Tape:
    tape = signed_in().get("/api/team", {"users": USERS, "invited": INVITED}).delete("/api/team/invited/19")
    if shown:
        tape.get("/api/team", {"users": USERS, "invited": [each for each in INVITED if each["id"] != 19]})
    return tape.get("/logout", "<title>Bye</title>")


def test_of_two_lists_of_a_page_the_one_that_shows_that_the_row_was_gone_is_meant() -> None:
    """Given carl as the user 23 and as the invitation 40: the invitation 23 would be that of somebody else."""
    step, asked = removal(invitation_removed(shown=True))
    assert step["row"]["of"] == "invited"
    assert not any("path" in each for each in asked)


def test_a_number_of_one_person_in_two_lists_of_a_page_is_a_question() -> None:
    step, _asked = removal(invitation_removed(shown=False))
    assert step["path"] == "DECIDE"


@pytest.mark.parametrize("shown", [True, False])
def test_what_scripts_ask_for_meanwhile_hides_no_list_if_it_shows_that_the_row_was_gone(shown: bool) -> None:
    """Given a path that is not below that of the list."""
    people = [
        {"id": f"5f2b-{at}", "membershipId": 40 + at, "email": f"{who}@example.com"} for at, who in enumerate("abc")
    ]
    tape = signed_in().get("/api/people", {"items": people, "total": 3}).get("/api/notifications", {"unread": 0})
    tape.delete("/api/memberships/41")
    if shown:
        tape.get("/api/people", {"items": [people[0], people[2]], "total": 2})
    step, asked = removal(tape.get("/logout", "<title>Bye</title>"))
    assert step["path"] == ("api/memberships/${row_id}" if shown else "DECIDE")
    assert len(asked) == (not shown)


@pytest.mark.parametrize(
    ("sent", "drafted", "gone"),
    [
        ({"ids": [33]}, {"ids": ["${row_id}"]}, {33}),
        ({"jsonrpc": "2.0", "id": 4, "method": "user.gone", "params": [33]}, {"params": ["${row_id}"]}, {33}),
        ({"user": {"id": 33}, "days": 33}, {"user": {"id": "${row_id}"}, "days": "${days}"}, {33}),
        ({"ids": [31, 33]}, {"ids": "${ids}"}, {31, 33}),
        ({"ids": [3]}, {"ids": "${ids}"}, {3}),  # too short to mean a row
        ({"ids": [33]}, {"ids": "${ids}"}, set()),
    ],
)
def test_whom_a_script_removes_by_what_it_sends_is_the_row_that_was_gone(sent: Any, drafted: Any, gone: Any) -> None:
    people = [{"id": number, "email": f"{who}@example.com"} for number, who in ((31, "ann"), (33, "bob"), (3, "eve"))]
    tape = signed_in().get("/api/users", {"items": people, "total": 3}).send("POST", "/api/bulk", sent, {})
    left = [each for each in people if each["id"] not in gone]
    tape.get("/api/users", {"items": left, "total": len(left)})
    step, asked = removal(tape.get("/logout", "<title>Bye</title>"))
    assert {name: step["json"][name] for name in drafted} == drafted
    assert not asked


def test_an_address_that_a_script_made_of_the_row_and_that_leads_back_to_the_list_is_a_change() -> None:
    """The row of the account itself has no link."""

    def page(*users: str) -> str:
        links = {each: f'<a href="/user/{ord(each[0])}-a1b2c3">{each}</a>' for each in users}
        rows = "".join(f"<tr><td>{links[each] if each != 'me' else each}<td>{each}@example.com" for each in users)
        return f'<a href="/logout">Log out</a><table><tr><th>Name<th>E-mail</tr>{rows}</table>'

    tape = signed_in().get("/user", page("me", "ann", "bob"))
    tape.get(f"/user/del/{ord('b')}-a1b2c3", "", status=302, answers={"Location": "/user"})
    drafted = tape.get("/user", page("me", "ann")).get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    (_list, step) = drafted.profile["write"]["del"]["steps"]
    assert step["row"]["where"] == {"E-mail": "${e_mail}"}
    assert step["row"]["keep"]["row_id"]["filters"] == [{"regex": "/user/([^/?#]+)"}, "only"]
    assert (step["get"], step["writes"]) == ("user/del/${row_id}", True)


@pytest.mark.parametrize(
    ("path", "get"),
    [
        ("/api/users?site=17", {"get": "api/users", "query": {"site": 17}}),
        ("/api/groups/17/users", {"get": "api/groups/17/users"}),
    ],
)
def test_a_number_in_the_address_of_the_list_is_not_the_key_of_the_row(path: str, get: dict[str, Any]) -> None:
    """The list is fetched before any of its rows is chosen."""
    listed, left = users(("ann", 1, 31), ("bob", 2, 17)), users(("ann", 1, 31))
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").get(path, listed).delete("/api/users/17")
    tape.get(path, left).get("/logout", "<title>Bye</title>")
    drafted = tape.draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    assert write["steps"][0] == get
    assert write["steps"][-1]["path"] == "api/users/${row_id}"
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()
