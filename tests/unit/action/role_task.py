# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task of Ansible's own as an action gets it, in a block and a play. Asserts nothing."""

from __future__ import annotations

from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.block import Block
from ansible.playbook.play import Play
from ansible.playbook.task import Task


def role_task(*, around: list[str] | None = None) -> Task:
    """Return a task with the tag C(always), in a block with the tags ``around`` it, as a role has them that is tagged.

    As in a worker, it holds the values of what is around it.
    """
    play = Play()
    play._action_groups = {}
    block = Block(play=play)
    block.tags = around or []
    task: Any = Task(block=block)
    task.tags = ["always"]
    task._loader = DataLoader()
    task.squash()
    task._finalized = True
    made: Task = task
    return made
