# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists in JSON whose rows, cursors and totals stand inside of objects: a person is never meant by a position."""

from __future__ import annotations

from typing import Any

import pytest
from unit.recording.tape import Tape
from unit.recording.test_draft_lists import SIMULATED, TOP, signed_in

NAMES = ("ann", "joann", "bob", "bobby", "eve")


def edges(names: tuple[str, ...], after: str = "") -> dict[str, Any]:
    """Return a page of a connection, as GraphQL servers number their rows: by the position (Relay)."""
    at = int(after.removeprefix("at:")) + 1 if after else 0
    shown = names[at : at + 3]
    rows = [
        {"cursor": f"at:{at + number}", "node": {"id": f"u-{who}", "email": f"{who}@example.com"}}
        for number, who in enumerate(shown)
    ]
    info = {"hasNextPage": at + 3 < len(names), "endCursor": f"at:{at + len(shown) - 1}"}
    return {"team": {"totalCount": len(names), "edges": rows, "pageInfo": info}}


def connection(tape: Tape, names: tuple[str, ...]) -> None:
    tape.get("/api/team?first=3", edges(names)).get("/api/team?first=3&after=at:2", edges(names, "at:2"))


@pytest.mark.parametrize("gone", ["bob", "eve"])
def test_a_row_of_a_connection_is_chosen_by_the_person_and_not_by_its_cursor(gone: str) -> None:
    """The cursor of eve, who is the last one, is gone as well whoever is removed."""
    tape = signed_in().get("/people", f"<title>App</title>{TOP}")
    connection(tape, NAMES)
    tape.delete(f"/api/team/u-{gone}")
    connection(tape, tuple(name for name in NAMES if name != gone))
    drafted = tape.get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    assert drafted.profile["read"]["team_3"]["paging"] == {
        "next": "team.pageInfo.hasNextPage && team.pageInfo.endCursor",
        "parameter": "after",
    }
    assert drafted.profile["read"]["team_3"]["complete"] == {"total": "team.totalCount"}
    (write,) = drafted.profile["write"].values()
    assert write["inputs"] == ["node_email"]
    row = {"of": "team.edges", "where": {"node.email": "${node_email}"}, "keep": {"row_id": "node.id"}}
    assert write["steps"][-1] == {"send": "DELETE", "path": "api/team/${row_id}", "row": row}
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()


@pytest.mark.parametrize("inside", ["attributes", "user"])
def test_the_address_of_a_person_may_stand_inside_of_an_object_of_the_row(inside: str) -> None:
    """What is removed is the number of the row, and not the address in its place."""
    rows = [
        {"type": "users", "id": str(at), inside: {"email": f"{who}@example.com"}} for at, who in enumerate(NAMES, 17)
    ]
    tape = (
        signed_in().get("/people", f"<title>App</title>{TOP}").get("/api/people", {"data": rows, "meta": {"total": 5}})
    )
    tape.delete("/api/people/19").get("/api/people", {"data": [*rows[:2], *rows[3:]], "meta": {"total": 4}})
    drafted = tape.get("/logout", "<title>Bye</title>").draft("site", **SIMULATED)
    assert drafted.profile["read"]["people"]["complete"] == {"total": "meta.total"}
    remove = drafted.profile["write"]["remove_people"]
    row = {"of": "data", "where": {f"{inside}.email": "${address}"}, "keep": {"row_id": "id"}}
    assert remove["steps"][-1] == {"row": row, "send": "DELETE", "path": "api/people/${row_id}"}
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()


def test_of_two_people_in_a_row_the_one_that_is_named_so_is_meant() -> None:
    rows = [
        {"id": at, "email": f"{who}@example.com", "by": {"email": f"boss{at}@example.com"}}
        for at, who in enumerate(NAMES, 17)
    ]
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").get("/api/people", {"items": rows, "total": 5})
    (write,) = tape.delete("/api/people/19").draft("other", **SIMULATED).profile["write"].values()
    assert write["steps"][-1]["row"]["where"] == {"email": "${email}"}
    for row in rows:
        row["user"] = {"email": row.pop("email")}
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").get("/api/people", {"items": rows, "total": 5})
    (write,) = tape.delete("/api/people/19").draft("other", **SIMULATED).profile["write"].values()
    assert write["steps"][-1]["path"] == "DECIDE"
