# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which steps the tags of a run select, as Ansible selects the tasks of the role."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.tags import TAGS, selected_tags
from unit.action.role_task import role_task


@pytest.mark.parametrize(
    ("only", "skip", "selected"),
    [
        ([], [], TAGS),
        (["all"], [], TAGS),
        (["tagged"], [], TAGS),
        (["look"], [], {"look"}),
        (["proxy", "claim"], [], {"proxy", "claim"}),
        (["untagged"], [], set()),
        (["something else"], [], set()),
        (["always"], [], set()),
        (["all"], ["look"], TAGS - {"look"}),
        (["all"], ["register", "claim"], TAGS - {"register", "claim"}),
        (["proxy"], ["proxy"], set()),
        (["all"], ["all"], set()),
        (["all"], ["tagged"], set()),
        (["all"], ["something else"], TAGS),
    ],
)
def test_tags_select_the_steps_whose_tasks_run(only: list[str], skip: list[str], selected: set[str]) -> None:
    run = {"ansible_run_tags": only, "ansible_skip_tags": skip}
    assert selected_tags(role_task(), run) == selected


@pytest.mark.parametrize(
    ("around", "only", "skip", "selected"),
    [
        (["printers"], ["printers"], [], TAGS),
        (["printers"], ["all"], ["printers"], set()),
        (["printers"], ["look"], [], {"look"}),
        (["never"], ["all"], [], set()),
        (["never"], ["never"], [], TAGS),
    ],
)
def test_a_tag_of_the_role_or_of_the_block_around_it_is_a_tag_of_each_step(
    around: list[str], only: list[str], skip: list[str], selected: set[str]
) -> None:
    run = {"ansible_run_tags": only, "ansible_skip_tags": skip}
    assert selected_tags(role_task(around=around), run) == selected


def test_without_tags_every_step_is_selected_and_the_task_keeps_its_own() -> None:
    task = role_task(around=["printers"])
    assert selected_tags(task, {}) == TAGS
    assert set(task.tags) == {"printers", "always"}
