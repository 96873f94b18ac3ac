# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a bulk run is to end, by a signal or because the process that started it has died. Knows no printer."""

from __future__ import annotations

import signal
import time
import typing as t
from collections.abc import Mapping

from ...module_utils._decide.situation import Result
from ...module_utils._prisma.onboarding import RunStep
from ...module_utils._prisma.task import failed
from ...module_utils._web.errors import PrismaError, RunEnded
from ...module_utils._web.http.client import Purpose
from .._inprocess.run import GRACE, ParentWatch

STOPPED = "the run was stopped"


class Shutdown(ParentWatch):
    """Handles SIGINT, SIGTERM and, unless it is ignored (nohup), SIGHUP within a ``with`` block."""

    def __init__(self) -> None:
        super().__init__()
        self.signal: int | None = None
        self._since: float | None = None
        self._before: dict[int, t.Any] = {}

    @property
    def requested(self) -> bool:
        """Whether no further step may begin."""
        return self._since is not None or self.parent_died

    def request(self) -> None:
        """Let no further step begin: a defect ends the run."""
        self._since = time.monotonic() if self._since is None else self._since

    def check(self, purpose: Purpose) -> None:
        """Let the steps that are under way send what they need for a while, then nothing but a sign-out."""
        super().check(purpose)
        late = self._since is not None and time.monotonic() > self._since + GRACE
        if late and purpose is not Purpose.SIGN_OUT:
            raise RunEnded(STOPPED, advice="Run again.")

    def guard(self, run_step: RunStep, printer: str) -> RunStep:
        """Return ``run_step`` for ``printer``, which refuses every step but the sign-out once the run is to end."""

        def guarded(module: str, options: Mapping[str, t.Any], *, check_mode: bool = False) -> Result:
            if self.requested and module != "sign_out":
                return failed(PrismaError(STOPPED, advice="Run again."), printer)
            return run_step(module, options, check_mode=check_mode)

        return guarded

    def __enter__(self) -> Shutdown:
        """Install the signal handlers."""
        hung_up = () if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (signal.SIGHUP,)
        for number in (signal.SIGINT, signal.SIGTERM, *hung_up):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_raised: object) -> None:
        """Restore the handlers."""
        for number, before in self._before.items():
            signal.signal(number, before)

    def _note(self, number: int, _frame: t.Any) -> None:
        if self.signal is None:
            self.signal = number
            self.request()
