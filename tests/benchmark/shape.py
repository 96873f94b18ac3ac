# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A play of the same shape as the role onboard in its mode tasks, whose tasks do nothing.

Made from the role itself: as many tasks for each printer, with the same names, registers and blocks, and a condition
where the role has one. What it costs is Ansible's share in what the role costs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

TASKS = Path(__file__).resolve().parents[2] / "roles" / "onboard" / "tasks"
NEEDED = frozenset(
    f"onboard__{name}" for name in ("home_session", "claim_check", "pressed", "collected", "claim", "home")
)
"""What the conditions of the role let through on the first run of the benchmark's fleet, by what it registers."""
_NOTHING = {"ansible.builtin.assert": {"that": True, "quiet": True}}
_KEPT = ("name", "register", "run_once", "failed_when", "changed_when", "check_mode", "diff", "tags")


def same_shape() -> list[dict[str, Any]]:
    """Return the play as data."""
    validation = {"name": "Stand for Ansible's validation of the role's variables", **_NOTHING}
    tasks = [validation, *_tasks("tasks.yml"), *_tasks("conclude.yml")]
    variables = {"shape__results": {"info": "{{ onboard__info | default({}) }}"}, "shape__needed": sorted(NEEDED)}
    return [{"name": "Do nothing", "hosts": "printers", "gather_facts": False, "vars": variables, "tasks": tasks}]


def count(tasks: list[dict[str, Any]]) -> int:
    """Return how many tasks each printer goes through if none fails."""
    return sum(
        count(task["block"]) + count(task.get("always", [])) if "block" in task else not task.get("run_once")
        for task in tasks
    )


def _tasks(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((TASKS / name).read_text(encoding="utf-8"))
    return [made for task in loaded for made in _stand_ins(task)]


def _stand_ins(task: dict[str, Any]) -> list[dict[str, Any]]:
    if "ansible.builtin.import_tasks" in task:
        return _tasks(task["ansible.builtin.import_tasks"])
    if "block" in task:
        sections = ("block", "rescue", "always")
        return [{name: [made for each in task[name] for made in _stand_ins(each)] for name in sections if name in task}]
    made = {name: task[name] for name in _KEPT if name in task and not isinstance(task[name], str)}
    made |= {name: task[name] for name in ("name", "register") if name in task}
    if "when" in task:
        made["when"] = f"'{task.get('register', '')}' in shape__needed and shape__results.info is defined"
    if "run_once" in task:
        made["run_once"] = True
    return [{**made, **_NOTHING}]


def write(path: Path) -> Path:
    """Write the play to ``path`` and return it."""
    path.write_text(yaml.safe_dump(same_shape(), sort_keys=False), encoding="utf-8")
    return path
