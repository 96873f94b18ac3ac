# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changed pages must end in the right error or in the same reading, never in a wrong value; the table is printed."""

from __future__ import annotations

import pytest
from support.fixtures import MUTATED, MUTATION_TABLE, Fixture, mutation_table, verdicts
from support.mutations import Mutation, Verdict


@pytest.fixture(scope="module")
def judged() -> list[tuple[Fixture, list[tuple[Mutation, Verdict]]]]:
    return [(fixture, list(verdicts(fixture, mutations))) for fixture, mutations in MUTATED]


def test_no_change_of_a_page_ends_in_a_wrong_value(
    judged: list[tuple[Fixture, list[tuple[Mutation, Verdict]]]],
) -> None:
    print(mutation_table(judged))
    every = [pair for _fixture, found in judged for pair in found]
    assert [(mutation.what, verdict.came) for mutation, verdict in every if verdict.wrong_value] == []
    assert [(mutation.what, verdict.came) for mutation, verdict in every if not verdict.met] == []


def test_the_table_in_the_documentation_is_fresh(judged: list[tuple[Fixture, list[tuple[Mutation, Verdict]]]]) -> None:
    assert MUTATION_TABLE.read_text(encoding="utf-8") == mutation_table(judged), "run tools/record_simulator.py none"
