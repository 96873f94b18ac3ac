# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a task inside this process, and lets no secret into its result. Knows no action plugin and no connection."""

from __future__ import annotations

import multiprocessing
import os
import time
import typing as t
from collections.abc import Mapping

from ...module_utils._prisma.task import Request, Task, execute, run_redacted
from ...module_utils._web.errors import RunEnded
from ...module_utils._web.http.client import Purpose
from ...module_utils._web.profile.profile import Profile
from . import sessions as _sessions  # which also registers the sign-out at the end of the run

__all__ = ["GRACE", "ParentWatch", "run_in_process", "run_redacted"]


GRACE = 4.0
"""Seconds for what is under way when a run is to end. Ansible waits for ten after a signal; signing out needs some."""


class ParentWatch:
    """Detects that the parent process was killed: its workers outlive it by seconds."""

    def __init__(self) -> None:
        forked_from = multiprocessing.parent_process()
        self._parent = forked_from.pid if forked_from is not None else os.getppid()
        self._died_at: float | None = None

    @property
    def parent_died(self) -> bool:
        """Whether the parent has died."""
        return os.getppid() != self._parent

    def check(self, purpose: Purpose) -> None:
        """Raise if the run was killed. Called before each request and while one waits.

        Not for a sign-out. A sign-in has some seconds left: whoever does not read its answer cannot sign out.
        """
        if purpose is Purpose.SIGN_OUT or not self.parent_died:
            return
        now = time.monotonic()
        self._died_at = now if self._died_at is None else self._died_at
        if purpose is not Purpose.SIGN_IN or now > self._died_at + GRACE:
            raise RunEnded("the run was killed; no further request is sent", advice="Run again.")

    def end_orphan(self) -> None:
        """End this worker if its parent has died: nobody reads its result, and a large one is never written."""
        if self.parent_died:
            os._exit(1)


def run_in_process(
    task: Task,
    options: Mapping[str, t.Any],
    profile: Profile,
    *,
    folders: tuple[str | None, ...],
    secrets: set[str],
    parent_watch: ParentWatch,
    **request: t.Any,
) -> dict[str, t.Any]:
    """Run ``task`` with validated ``options`` and return its result; add to ``secrets`` those that it learned.

    ``folders``: where a site's profiles may lie. ``request``: the other fields of :class:`Request`.
    """
    asked = Request(
        options=options,
        profile=profile,
        check_run=parent_watch.check,
        profile_given={"profile": options["profile"], "interface": task.interface, "folders": folders},
        **request,
    )
    try:
        result = execute(task, asked)
    finally:
        secrets |= asked.secrets()
    if parent_watch.parent_died:  # it could not sign out, so a worker does
        _sessions.sign_out_all()
    return result
