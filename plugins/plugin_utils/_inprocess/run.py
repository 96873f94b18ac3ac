# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a task inside this process, and lets no secret into its result. Knows no action plugin and no connection."""

from __future__ import annotations

import multiprocessing
import os
import traceback
import typing as t
from collections.abc import Callable, Mapping

from ansible.module_utils.common.parameters import remove_values

from ...module_utils._prisma.presentable import presentable
from ...module_utils._prisma.task import Request, Task, execute, failed
from ...module_utils._web.errors import PrismaError
from ...module_utils._web.http.client import Purpose
from ...module_utils._web.profile.profile import Profile
from . import sessions as _sessions  # which also registers the sign-out at the end of the run


class ParentWatch:
    """Whether this worker's parent is still there: a worker outlives a killed one by seconds."""

    def __init__(self) -> None:
        forked_from = multiprocessing.parent_process()
        self._parent = forked_from.pid if forked_from is not None else os.getppid()

    @property
    def parent_died(self) -> bool:
        """Whether the parent has died."""
        return os.getppid() != self._parent

    def refuse(self, purpose: Purpose) -> None:
        """Raise before anything but a sign-out is sent for a run that was killed."""
        if purpose is not Purpose.SIGN_OUT and self.parent_died:
            raise PrismaError("the run was killed; nothing more is asked or written", advice="Run again.")


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
    """Run ``task`` with validated ``options`` and return its result; note in ``secrets`` what it came to know.

    ``folders`` are where a site's profiles may lie, ``request`` the rest of a :class:`Request`.
    """
    asked = Request(
        options=options,
        profile=profile,
        before_request=parent_watch.refuse,
        profile_given={"profile": options["profile"], "interface": task.interface, "folders": folders},
        **request,
    )
    result = execute(task, asked)
    if parent_watch.parent_died:  # whose parent died without signing out; of its workers any one can
        _sessions.sign_out_all()
    secrets |= asked.secrets()
    return result


def run_redacted(
    printer: str, secrets: set[str], run: Callable[[], dict[str, t.Any]], passing: tuple[type[Exception], ...] = ()
) -> dict[str, t.Any]:
    """Return what ``run`` returns, or a failed result of what it raises, with nothing of ``secrets`` in it.

    Errors of the kinds ``passing`` are not ours to tell.
    """
    try:
        result = run()
    except PrismaError as error:
        result = failed(error, printer)
    except passing:
        raise
    except Exception as error:  # noqa: BLE001 - a defect of ours must not show a secret in its traceback
        result = {
            "failed": True,
            "msg": f"{printer}: a defect of this collection: {error.__class__.__name__}: {error}",
            "outcome": "failed",
            "advice": "Report it, with the text of 'defect'.",
            "defect": traceback.format_exc(),
        }
    cleaned: dict[str, t.Any] = remove_values(result, secrets) if secrets else result
    return presentable(cleaned)
