# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command that runs the same playbook for what is left. Knows Ansible's command line, no printer."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable

from ansible import context

AGAIN = "with the same -e options as in this run"


def command_for(left: str, shown_path: Callable[[str], str], playbook: str | None = None) -> str | None:
    """Return the command for the printers that the file ``left`` names; None if this is no run of ansible-playbook.

    ``playbook``: which one is to be run again, by default that of this run.

    Variables of the command line (C(-e)) may be secrets, so a second line only says that they are needed again.
    """
    given = context.CLIARGS
    playbooks = [str(each) for each in given.get("args") or ()]
    if not playbooks:
        return None
    words = ["ansible-playbook", *([playbook] if playbook else playbooks)]
    for source in map(str, given.get("inventory") or ()):
        words += ["-i", shown_path(source) if os.path.exists(source) else source]
    if given.get("check"):
        words.append("--check")
    for option, usual in (("tags", "all"), ("skip_tags", None)):
        for each in given.get(option) or ():
            words += [f"--{option.replace('_', '-')}", each] if each != usual else []
    words += ["--limit", f"@{shown_path(left)}"]
    command = " ".join(map(shlex.quote, words))
    return f"{command}\n{AGAIN}" if given.get("extra_vars") else command
