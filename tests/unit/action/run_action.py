# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an action of this collection on a task that stands for Ansible's. Asserts nothing."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.action import WorkerAction


def run_action(
    kind: type[WorkerAction],
    args: dict[str, Any],
    variables: dict[str, Any],
    *,
    check_mode: bool = False,
    module: Callable[..., dict[str, Any]] | None = None,
    delegate_to: str | None = None,
) -> dict[str, Any]:
    """Return the result of a task with these options. ``module`` stands for the ordinary module, where one runs."""
    loader = DataLoader()
    task: Any = SimpleNamespace(
        args=args,
        action="printops.prisma.it",
        async_val=0,
        delegate_to=delegate_to,
        check_mode=check_mode,
        diff=False,
        no_log=False,
        get_name=lambda: "Remove them",
    )
    action: Any = kind(task, MagicMock(), MagicMock(), loader, Templar(loader, variables=variables), MagicMock())
    if module is not None:
        action._execute_module = module
    result: dict[str, Any] = action.run(None, variables)
    return result
