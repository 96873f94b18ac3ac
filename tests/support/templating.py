# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's engine of templates for tests, on every supported ansible-core. Asserts nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ansible.template
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.task import Task
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.plugin_utils._core_versions import NATIVE, OMIT_PLACEHOLDER, OMITTED


def _as_it_is(text: Any) -> Any:
    return text


trust_as_template: Callable[[Any], Any] = getattr(ansible.template, "trust_as_template", _as_it_is)
"""Makes a template of a text. Before ansible-core 2.19 every text is one."""


def templar(**variables: Any) -> Templar:
    """Return an engine that knows ``variables`` and C(omit), as in a play."""
    omit = {} if NATIVE else {"omit": f"{OMIT_PLACEHOLDER}of_this_run"}
    return Templar(DataLoader(), variables={**omit, **variables})


def option(engine: Templar, text: str) -> Any:
    """Return the value of a task's option, None if it is omitted."""
    try:
        found = engine.template(trust_as_template(text))
    except OMITTED:
        return None
    return None if isinstance(found, str) and found.startswith(OMIT_PLACEHOLDER) else found


def task_with(*conditions: Any) -> Task:
    """Return a task with these conditions (C(when))."""
    task: Any = Task()
    task._loader = DataLoader()
    task.when = list(conditions)
    made: Task = task
    return made
