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
AUDIT, ENFORCE = "printops.prisma.audit_access", "printops.prisma.enforce_access"


def command_for(
    left: str | None,
    shown_path: Callable[[str], str],
    playbook: str | None = None,
    stopped_at: str | None = None,
    plan_sha256: str | None = None,
) -> str | None:
    """Return the command for the hosts that the file ``left`` names; None if this is no run of ansible-playbook.

    ``left`` is None for hosts that ``--limit`` does not find. ``playbook``: which one is to be run again, by default
    that of this run. ``plan_sha256``: the plan of people that this run has made, which the command applies.

    Variables of the command line (C(-e)) may be secrets, so a second line only says that they are needed again. If the
    failure of a printer, ``stopped_at``, kept others from being started, a further line says how to leave it out.
    """
    given = context.CLIARGS
    playbooks = [str(each) for each in given.get("args") or ()]
    if not playbooks:
        return None
    applies = bool(plan_sha256) and (bool(given.get("check")) or playbooks == [AUDIT])
    if applies and playbooks == [AUDIT]:
        playbook = ENFORCE
    words = ["ansible-playbook", *([playbook] if playbook else playbooks)]
    for source in map(str, given.get("inventory") or ()):
        words += ["-i", shown_path(source) if os.path.exists(source) else source]
    if given.get("check") and not applies:
        words.append("--check")
    for option, usual in (("tags", "all"), ("skip_tags", None)):
        for each in given.get(option) or ():
            words += [f"--{option.replace('_', '-')}", each] if each != usual else []
    words += _vault_options(shown_path)
    limit = f"@{shown_path(left)}" if left else ""
    words += ["--limit", limit] if limit else []
    words += ["-e", f"cloud_access_plan_sha256={plan_sha256}"] if applies else []
    lines = [shlex.join(words)]
    if given.get("extra_vars"):
        lines.append(AGAIN)
    if stopped_at and limit:
        without = shlex.join(["--limit", f"{limit},!{stopped_at}"])
        lines.append(f"to go on without a printer that cannot be helped now: {without}")
    return "\n".join(lines)


def _vault_options(shown_path: Callable[[str], str]) -> list[str]:
    """Return the options by which this run got its vault passwords: no password is in them."""
    given = context.CLIARGS
    files = [shown_path(str(path)) for path in given.get("vault_password_files") or ()]
    words = ["--ask-vault-pass"] if given.get("ask_vault_pass") and not files else []  # Ansible refuses both at once
    for option, values in (("--vault-id", given.get("vault_ids") or ()), ("--vault-password-file", files)):
        for each in values:
            words += [option, str(each)]
    return words
