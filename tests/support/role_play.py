# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A play of a user's own with the role onboard. Asserts nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .playbook import Run, run_playbook


def role_play(mode: str, *after: dict[str, Any], **play: Any) -> dict[str, Any]:
    """Return a play with the role, and tasks after it."""
    role = {"name": "Onboard", "ansible.builtin.import_role": {"name": "printops.prisma.onboard"}}
    tasks = [role, *after]
    return {"hosts": "printers", "gather_facts": False, "vars": {"onboard_mode": mode}, "tasks": tasks, **play}


def run_role(play: dict[str, Any], inventory: Path, *arguments: str) -> Run:
    """Run a play of one's own in the folder of its inventory."""
    return run_playbook([play], inventory, inventory.parent, *arguments, timeout=300)
