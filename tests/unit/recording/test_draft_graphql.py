# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""GraphQL: every call is a POST to one address. What is asked for is a constant, and what it is asked with is not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.changes import RecordedWrite
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.inputs import InputNames
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.rows import RowList
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.steps import StepDrafter
from unit.recording.tape import Tape
from unit.recording.test_draft_lists import SIMULATED, TOP, signed_in

QUERY = "query Team($first: Int = 3) { team(first: $first) { count } }"
MUTATION = "mutation Remove($id: ID!) { remove(id: $id) { ok } }"


def called(*calls: tuple[str, dict[str, Any]]) -> Tape:
    tape = signed_in().get("/people", f"<title>App</title>{TOP}")
    for number, (text, variables) in enumerate(calls):
        answer = {"data": {"ok" if "mutation" in text else "count": number}}
        tape.send("POST", "/graphql", {"query": text, "variables": variables}, answer)
    return tape.get("/logout", "<title>Bye</title>")


def test_a_query_is_a_read_and_a_mutation_a_write_whose_variables_are_inputs() -> None:
    tape = called((QUERY, {"first": 3}), (MUTATION, {"id": "VXNlcjoxNw=="}), (QUERY, {"first": 3}))
    drafted = tape.draft("other", **SIMULATED)
    assert drafted.operations == {"read": ["people", "team"], "write": ["remove"]}
    asked = {"query": QUERY, "variables": {"first": 3}}
    assert drafted.profile["read"]["team"]["steps"] == [
        {"send": "POST", "path": "graphql", "json": asked, "repeatable": True}
    ]
    sent = {"query": MUTATION, "variables": {"id": "${id}"}}
    assert drafted.profile["write"]["remove"] == {
        "inputs": ["id"],
        "steps": [{"send": "POST", "path": "graphql", "json": sent}],
    }
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()


@pytest.mark.parametrize(
    "text",
    [
        MUTATION.replace("$id)", "17)"),
        MUTATION.replace("$id)", '"VXNlcjoxNw==")'),
        MUTATION.replace("ID!", 'ID = "VXNlcjoxNw=="'),
        "query bob",  # of a search
    ],
)
def test_a_mutation_with_the_key_of_somebody_in_it_is_no_constant(text: str) -> None:
    drafted = called((text, {})).draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    assert write["inputs"] == ["query"]


def test_a_query_is_no_change_that_may_be_an_operation_of_a_site() -> None:
    drafted = called((QUERY, {}), (MUTATION, {"id": "VXNlcjoxNw=="})).draft("site", **SIMULATED)
    (question,) = [each for each in drafted.open if each.key == "write.remove_people"]
    assert len(question.candidates) == 1


def test_the_row_of_a_list_that_was_asked_for_by_post_is_read_again_and_that_changes_nothing() -> None:
    edges = [
        {"node": {"id": f"VXNlcjox{at}==", "email": f"{who}@example.com"}} for at, who in enumerate(("ann", "joann"))
    ]
    tape = Tape().send("POST", "/graphql", {"query": QUERY}, {"data": {"edges": edges}})
    tape.send("POST", "/graphql", {"query": MUTATION, "variables": {"id": "VXNlcjox1=="}}, {})
    asked, sent = read_history(tape.recording, "/").visits
    rows = RowList("data.edges", (asked,), "node.email", "person", meant="joann@example.com")
    names = InputNames(typed={}, by_value={"joann@example.com": "person"})
    drafter = StepDrafter(read_history(tape.recording, "/"), lists=[rows])
    first, step = drafter.write(RecordedWrite(request=sent), names)
    assert first == {"send": "POST", "path": "graphql", "json": {"query": QUERY}, "repeatable": True, "writes": False}
    assert step["row"]["where"] == {"node.email": "${person}"}
    assert step["json"] == {"query": MUTATION, "variables": {"id": "${row_id}"}}
