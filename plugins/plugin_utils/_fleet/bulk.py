# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole fleet through the role's steps in one process: waves, threads, progress, and an orderly end by a signal.

Knows walks (``_prisma/onboarding.py``) and when they are to be taken; what a step does is for them to know.
"""

from __future__ import annotations

import signal
import threading
import time
import typing as t
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...module_utils._decide.outcomes import Outcome
from ...module_utils._decide.waves import too_many_failed
from ...module_utils._prisma.onboarding import Onboarding, OnboardingSpec, Result, TakeStep
from ...module_utils._prisma.task import failed
from ...module_utils._web.errors import PrismaError
from ...module_utils._web.http.channels import KEPT_OPEN, ChannelPool
from ...module_utils._web.http.client import Purpose
from .._inprocess import sessions as _sessions
from .._inprocess.run import ParentWatch, run_redacted
from .._report.report import not_tried, report_fields
from .journal import Journal
from .onboard import StepsHere, Variables, ended, unusable, wanted
from .scheduler import Batch
from .thread_store import ThreadStore

GRACE = 4.0
"""Seconds for steps that are under way when a signal comes. Ansible waits for ten, and signing out needs some."""
PROGRESS_EVERY = 5.0
STOPPED = "the run was stopped"


class Ending(ParentWatch):
    """Whether the run is to end: by a signal, or because the process that started this one has died."""

    def __init__(self) -> None:
        super().__init__()
        self.signal: int | None = None
        self._since: float | None = None
        self._before: dict[int, t.Any] = {}

    @property
    def asked(self) -> bool:
        """Whether no further step shall begin."""
        return self._since is not None or self.parent_died

    def begin(self) -> None:
        """Let no further step begin: a defect ends the run."""
        self._since = time.monotonic() if self._since is None else self._since

    def refuse(self, purpose: Purpose) -> None:
        """Let the steps that are under way send what they need for a while, then nothing but a sign-out."""
        super().refuse(purpose)
        late = self._since is not None and time.monotonic() > self._since + GRACE
        if late and purpose is not Purpose.SIGN_OUT:
            raise PrismaError(STOPPED, advice="Run again.")

    def no_step_after(self, take: TakeStep, printer: str) -> TakeStep:
        """Return how ``printer`` takes its steps until the run is to end: from then on, none but its sign-out."""

        def step(task: str, options: Mapping[str, t.Any], *, looks: bool = False) -> Result:
            if self.asked and task != "sign_out":
                return failed(PrismaError(STOPPED, advice="Run again."), printer)
            return take(task, options, looks=looks)

        return step

    def __enter__(self) -> Ending:
        """Take over SIGINT and SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_raised: object) -> None:
        """Give them back."""
        for number, before in self._before.items():
            signal.signal(number, before)

    def _note(self, number: int, _frame: t.Any) -> None:
        if self.signal is None:
            self.signal = number
            self.begin()


@dataclass(frozen=True)
class FleetOptions:
    """How a batch is to be taken."""

    checking: bool
    diff_mode: bool
    at_once: int
    window: int
    max_fail_percentage: float
    warn: Callable[[str], None]
    display: Callable[[str], None]


@dataclass
class Fleet:
    """What all walks of one run share, and what they have come to."""

    order: FleetOptions
    store: ThreadStore
    ending: Ending
    journal: Journal
    shared_channels: ChannelPool = field(default_factory=ChannelPool)
    results: dict[str, dict[str, t.Any]] = field(default_factory=dict)
    diffs: dict[str, list[t.Any]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    begun: dict[str, str] = field(default_factory=dict)
    """The stretch that each printer on its way has begun last."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note_end(self, printer: str, result: dict[str, t.Any], walk: Onboarding) -> None:
        """Keep what became of a printer."""
        with self.lock:
            self.begun.pop(printer, None)
            self.results[printer] = result
            if walk.diffs:
                self.diffs[printer] = walk.diffs
            self.warnings += [line for line in walk.warnings if line not in self.warnings]

    @property
    def failed(self) -> dict[str, str]:
        """Why printers fail the play, by name."""
        with self.lock:
            return {name: result["fails"] for name, result in self.results.items() if result["fails"]}

    def note_begin(self, printer: str, part: str) -> None:
        """Keep which stretch a printer has begun."""
        with self.lock:
            self.begun[printer] = part


class Way:
    """One printer's walk, stretch by stretch. Made in the main thread, taken by any."""

    def __init__(
        self, fleet: Fleet, printer: str, read: Callable[[], tuple[Variables, tuple[str | None, ...]]]
    ) -> None:
        """``read`` returns the printer's variables, and the folders of its profiles."""
        self._fleet = fleet
        self._printer = printer
        self._channels = ChannelPool()
        self._secrets: set[str] = set()
        self._steps: StepsHere | None = None
        self._walk = Onboarding(unusable(printer), fleet.order.checking, _no_step)
        result = run_redacted(printer, self._secrets, lambda: self._declare(*read()))
        if "failed" in result:  # whatever is wrong with the variables of one printer is no other's business
            self._walk.failure = {**result, "reason": result.get("reason", result["msg"])}
        self._way = self._stretches()

    def _declare(self, variables: Variables, folders: tuple[str | None, ...]) -> dict[str, t.Any]:
        fleet, order = self._fleet, self._fleet.order
        self._steps = StepsHere(
            self._printer,
            variables,
            folders,
            store=fleet.store,
            parent_watch=fleet.ending,
            channels=lambda interface: self._channels if interface == "controller" else fleet.shared_channels,
            check_mode=order.checking,
            diff_mode=order.diff_mode,
            warn=order.warn,
            gives_way=True,
        )
        take = fleet.ending.no_step_after(self._steps, self._printer)
        self._walk = Onboarding(wanted(variables, self._secrets, in_process=True), order.checking, take)
        return {}

    def __call__(self) -> float | None:
        """Take steps until one has to wait; return for how many seconds, None at the end."""
        for wait in self._way:
            if wait > KEPT_OPEN:
                self._channels.close()
            return wait
        return None

    def _stretches(self) -> Iterator[float]:
        """Take all stretches; yield the seconds of each pause."""
        journal, walk = self._fleet.journal, self._walk
        for part, stretch in (("press", walk.press), ("claim", walk.claim), ("conclude", walk.read_back)):
            self._fleet.note_begin(self._printer, part)
            journal.note(self._printer, "begins", part=part)
            for _pause in self._defect_is_a_failure(stretch()):
                journal.note(self._printer, "waits", part=part)
                yield self._pause
            if part == "press" and walk.has_pressed:
                yield self._pause
            if self._fleet.ending.asked:
                yield 0.0  # which nobody takes up again
        self._end()

    def _defect_is_a_failure(self, steps: Iterator[None]) -> Iterator[None]:
        def work() -> dict[str, t.Any]:
            return {"waits": next(steps, "no") is None}

        while True:
            result = run_redacted(self._printer, self._secrets, work)
            if "failed" in result:
                self._walk.failure = {**result, "reason": result["msg"]}
                return
            if not result["waits"]:
                return
            yield

    @property
    def _pause(self) -> float:
        return float(self._walk.wanted.options["wait_sleep"])

    def _end(self) -> None:
        order = self._fleet.order
        result = run_redacted(self._printer, self._secrets, self._walk.conclude)
        if "failed" in result:  # a defect
            self._walk.failure = result
            result = {**not_tried("", order.checking), **_told(result)}
        self._channels.close()
        self._fleet.store.forget(self._is_own)
        result = {**result, "changed": self._walk.changed, "fails": ended(result, self._walk.wanted)}
        self._fleet.note_end(self._printer, result, self._walk)
        self._fleet.journal.note(self._printer, "ends", outcome=result["outcome"])

    def _is_own(self, key: str) -> bool:
        """Whether a key of the store is this printer's alone: nobody asks for it once the printer is at its end."""
        device = (self._walk.results.get("info") or {}).get("device") or {}
        serial = str(device.get("serial") or "").upper()
        controllers = self._steps.controllers if self._steps is not None else ()
        if any(key.startswith(f"{url}|") for url in controllers):
            return True
        return bool(serial) and key.upper().endswith(f"|{serial}")


def _told(failure: Mapping[str, t.Any]) -> dict[str, t.Any]:
    told = ("outcome", "advice", "defect")
    return {"reason": failure["msg"], "good": False, **{name: failure[name] for name in told if name in failure}}


def _no_step(task: str, options: Mapping[str, t.Any], *, looks: bool = False) -> Mapping[str, t.Any]:
    """Stand for the steps of a printer whose variables are not usable: there is nobody to sign out."""
    return {}


@dataclass
class Bulk:
    """One run over a fleet. ``way_of`` makes the walk of one printer; ``after_wave`` is told the names of each wave."""

    fleet: Fleet
    way_of: Callable[[str], Way]
    after_wave: Callable[[Sequence[str]], None]
    _shown_at: float = 0.0
    stopped_after: str | None = None
    """Why later waves were not begun."""

    def run(self, waves: Sequence[Sequence[str]]) -> None:
        """Take all waves, as long as no signal comes and not too many of a wave fail."""
        total = sum(map(len, waves))
        order, ending = self.fleet.order, self.fleet.ending
        self._shown_at = time.monotonic()
        for number, wave in enumerate(waves, 1):
            batch = Batch(
                self._ways(wave),
                at_once=min(order.at_once, len(wave)),
                window=order.window,
                stopping=lambda: ending.asked,
            )
            try:
                batch.run(lambda: self._progress(total))
            except BaseException:
                ending.begin()
                self._stop(batch)
                raise
            if ending.asked:
                self._stop(batch)
                return
            self.after_wave(wave)
            bad = sum(1 for name in wave if self.fleet.results[name]["fails"])
            if number < len(waves) and too_many_failed(bad, len(wave), order.max_fail_percentage):
                self.stopped_after = (
                    f"{bad} of {len(wave)} printers of wave {number} failed, which is more than "
                    f"{order.max_fail_percentage:g} %"
                )
                return

    def _ways(self, wave: Sequence[str]) -> Iterator[Way]:
        for name in wave:
            yield self.way_of(name)

    def _progress(self, total: int) -> None:
        now = time.monotonic()
        if now < self._shown_at + PROGRESS_EVERY:
            return
        self._shown_at = now
        done, under_way = len(self.fleet.results), len(self.fleet.begun)
        bad = len(self.fleet.failed)
        self.fleet.order.display(
            f"{done} of {total} printers done, {under_way} under way" + (f", {bad} need somebody" if bad else "")
        )

    def _stop(self, batch: Batch) -> None:
        """End what is under way, sign out of everything, and say of each printer where it stands."""
        batch.wait(GRACE)
        for line in _sessions.sign_out_all(self.fleet.store):
            self.fleet.order.warn(f"printops.prisma could not sign out of {line}")
        with self.fleet.lock:
            for name, part in self.fleet.begun.items():
                self.fleet.journal.note(name, "stopped", part=part)
                told = not_tried(
                    f"{STOPPED} in the stretch {part!r}; the next run continues", self.fleet.order.checking
                )
                self.fleet.results[name] = {**told, "changed": False, "fails": f"{Outcome.NOT_TRIED}: {STOPPED}"}
            self.fleet.begun.clear()


def as_reported(fleet: Fleet) -> dict[str, dict[str, t.Any]]:
    """Return the results as a report has them."""
    with fleet.lock:
        return {name: report_fields(result) for name, result in fleet.results.items()}


__all__ = ["Bulk", "Ending", "Fleet", "FleetOptions", "OnboardingSpec", "Way", "as_reported"]
