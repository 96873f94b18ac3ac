# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Onboards many printers in one process: their jobs, progress, and an orderly end by a signal.

Knows workflows (``_prisma/onboarding.py``) and when they go on; what a step does is for them to know.
"""

from __future__ import annotations

import threading
import time
import typing as t
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...module_utils._decide.licences import of_printer
from ...module_utils._decide.onboarding import OnboardingResult, not_tried
from ...module_utils._decide.serial_number import canonical_serial
from ...module_utils._prisma.onboarding import Onboarding, OnboardingPhase
from ...module_utils._web.http.channels import KEPT_OPEN, ChannelPool
from .._inprocess import sessions
from .._inprocess.run import GRACE, run_redacted
from .journal import Journal
from .scheduler import Scheduler
from .shutdown import STOPPED, Shutdown
from .spec import Variables, onboarding_spec, runs_in_process, unusable_spec
from .steps import InProcessSteps, StepContext
from .thread_store import ThreadStore

PROGRESS_EVERY = 1.0
Declared = tuple[Variables, tuple[str | None, ...]]
"""A printer's variables, and the folders of its profiles."""


@dataclass(frozen=True)
class FleetOptions:
    """How a batch is run. ``selects`` says which tags of the role run; ``partial`` that some do not.

    ``fleet_size``: how many printers all batches of the run have. ``processes``: how many share the batch, and so what
    is allowed at the same time.
    """

    fleet_size: int
    at_once: int
    window: int
    selects: Callable[[str], bool]
    partial: bool
    progress: Callable[[str], None]
    """Shows how far the batch is, in place of what it showed before."""
    processes: int = 1

    def share(self, number: int) -> int:
        """Return the part of a limit that one of the processes has."""
        return max(1, number // self.processes)


@dataclass
class Fleet:
    """What all jobs of one batch share, and their results."""

    options: FleetOptions
    context: StepContext
    store: ThreadStore
    shutdown: Shutdown
    journal: Journal
    shared_channels: ChannelPool = field(default_factory=ChannelPool)
    results: dict[str, dict[str, t.Any]] = field(default_factory=dict)
    diffs: dict[str, list[t.Any]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    under_way: dict[str, OnboardingPhase] = field(default_factory=dict)
    run_as_tasks: list[str] = field(default_factory=list)
    """Printers whose steps run as ordinary modules, which this process does not do."""
    left_out: list[str] = field(default_factory=list)
    """Printers that a condition around the role leaves out."""
    licences: Mapping[str, t.Any] = field(default_factory=dict)
    """What the check of the wave's licences has returned."""
    relay: Callable[[str, tuple[t.Any, ...]], None] = lambda what, given: None
    """Passes on what is kept here: to the process that started this one, if the batch has several."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note_phase(self, printer: str, phase: OnboardingPhase) -> None:
        """Keep which phase a printer has begun."""
        self.keep_phase(printer, phase)
        self.journal.note(printer, "begins", phase=phase)

    def keep_phase(self, printer: str, phase: OnboardingPhase) -> None:
        """Keep which phase a printer is in."""
        with self.lock:
            self.under_way[printer] = phase
            self.relay("keep_phase", (printer, phase))

    def note_end(self, printer: str, result: OnboardingResult, job: Onboarding) -> None:
        """Keep what became of a printer."""
        attention = result.attention(job.spec.fail_on, partial=self.options.partial)
        self.keep(
            printer, {**result.as_dict(), "changed": job.changed, "attention": attention}, job.diffs, job.warnings
        )
        self.journal.note(printer, "ends", outcome=result.outcome)

    def keep(
        self, printer: str, result: dict[str, t.Any], diffs: Sequence[t.Any] = (), warnings: Sequence[str] = ()
    ) -> None:
        """Keep the result of a printer, which is not under way any more."""
        with self.lock:
            self.under_way.pop(printer, None)
            self.results[printer] = result
            if diffs:
                self.diffs[printer] = list(diffs)
            self.warnings += [line for line in warnings if line not in self.warnings]
            self.relay("keep", (printer, result, list(diffs), list(warnings)))

    def keep_part(self, run_as_tasks: Sequence[str], left_out: Sequence[str], warnings: Sequence[str]) -> None:
        """Keep what another process says of its printers as a whole."""
        with self.lock:
            self.run_as_tasks += run_as_tasks
            self.left_out += left_out
            self.warnings += [line for line in warnings if line not in self.warnings]

    def note_stopped(self) -> None:
        """Keep of each printer that is under way in which phase it was stopped."""
        for name, phase in list(self.under_way.items()):
            self.journal.note(name, "stopped", phase=phase)
            self.keep_not_tried(name, f"{STOPPED} in the phase {phase}; the next run continues", STOPPED)

    def keep_not_tried(self, printer: str, reason: str, attention: str) -> None:
        """Keep why a printer has no result of its own."""
        result = not_tried(reason, check_mode=self.context.check_mode)
        attention = f"{result.outcome}: {attention}"
        self.keep(printer, {**result.as_dict(), "changed": False, "attention": attention})


class PrinterJob:
    """One printer's workflow as something that can be resumed. Made in the main thread, resumed by any."""

    def __init__(self, fleet: Fleet, printer: str, read: Callable[[], Declared | None]) -> None:
        """``read`` returns what is declared for the printer, None if it is left out."""
        self._fleet = fleet
        self._printer = printer
        self._channels = ChannelPool()
        self._secrets: set[str] = set()
        self._steps: InProcessSteps | None = None
        self._onboarding = Onboarding(unusable_spec(printer), fleet.context.check_mode, _no_step)
        result = run_redacted(printer, self._secrets, lambda: self._declare(read()))
        if "failed" in result:  # wrong variables of one printer concern no other one
            self._onboarding.failure = {**result, "reason": result.get("reason", result["msg"])}
        self._phases = self._run() if printer not in (*fleet.run_as_tasks, *fleet.left_out) else iter(())

    def _declare(self, declared: Declared | None) -> dict[str, t.Any]:
        fleet = self._fleet
        if declared is None:
            fleet.left_out.append(self._printer)
            return {}
        variables, folders = declared
        spec = replace(
            onboarding_spec(variables, self._secrets),
            fleet_size=fleet.options.fleet_size,
            at_once=fleet.options.at_once,
            claim_selected=fleet.options.selects("claim"),
        )
        if not runs_in_process(variables):
            fleet.run_as_tasks.append(self._printer)
            return {}
        self._steps = InProcessSteps(
            self._printer,
            variables,
            folders,
            fleet.context,
            lambda interface: self._channels if interface == "controller" else fleet.shared_channels,
        )
        self._onboarding = Onboarding(
            spec,
            fleet.context.check_mode,
            fleet.shutdown.guard(self._steps, self._printer),
            fleet.options.selects,
        )
        self._onboarding.note_licences(of_printer(fleet.licences, self._printer))
        return {}

    def __call__(self) -> float | None:
        """Run steps until one has to wait; return for how many seconds, None at the end."""
        for wait in self._phases:
            if wait > KEPT_OPEN:
                self._channels.close()
            return wait
        return None

    def _run(self) -> Iterator[float]:
        """Run all phases; yield the seconds of each pause."""
        began = time.monotonic()
        for phase in OnboardingPhase:
            self._fleet.note_phase(self._printer, phase)
            for _pause in self._guarded(self._onboarding.run(phase)):
                self._fleet.journal.note(self._printer, "waits", phase=phase)
                yield self._onboarding.spec.wait_sleep
            if self._fleet.shutdown.requested:
                yield 0.0  # and is never resumed
        self._end(time.monotonic() - began)

    def _guarded(self, steps: Iterator[None]) -> Iterator[None]:
        """Run ``steps``; a defect is the failure of this printer."""

        def resume() -> dict[str, t.Any]:
            return {"waits": next(steps, "end") is None}

        while True:
            result = run_redacted(self._printer, self._secrets, resume)
            if "failed" in result:
                self._onboarding.failure = {**result, "reason": result["msg"]}
                return
            if not result["waits"]:
                return
            yield

    def _end(self, seconds: float) -> None:
        concluded: list[OnboardingResult] = []

        def work() -> dict[str, t.Any]:
            concluded.append(self._onboarding.conclude())
            return concluded[0].as_dict()

        result = run_redacted(self._printer, self._secrets, work)
        if "failed" in result:  # a defect
            self._onboarding.failure = {**result, "reason": result["msg"]}
            self._onboarding.results.clear()
            concluded = [not_tried("", check_mode=self._fleet.context.check_mode)]
            result = {**concluded[0].as_dict(), **_failure_fields(result)}
        self._channels.close()
        self._fleet.store.forget_own(self._is_own)
        known = {name: value for name, value in result.items() if name in OnboardingResult.__dataclass_fields__}
        ended = replace(OnboardingResult(**known), seconds=round(seconds, 1))
        self._fleet.note_end(self._printer, ended, self._onboarding)

    def _is_own(self, key: str) -> bool:
        """Whether a key of the store is this printer's alone: nobody asks for it once the printer has ended."""
        device = (self._onboarding.results.get("info") or {}).get("device") or {}
        serial = canonical_serial(device.get("serial") or "")
        controllers = self._steps.controllers if self._steps is not None else ()
        if any(key.startswith(f"{url}|") for url in controllers):
            return True
        return bool(serial) and key.partition("|")[2] == serial


def _failure_fields(failure: Mapping[str, t.Any]) -> dict[str, t.Any]:
    kept = ("outcome", "advice", "defect")
    return {"reason": failure["msg"], "good": False, **{name: failure[name] for name in kept if name in failure}}


def _no_step(module: str, options: Mapping[str, t.Any], *, check_mode: bool = False) -> Mapping[str, t.Any]:
    """Stand for the steps of a printer whose variables are not usable: there is no session to sign out of."""
    return {}


def run_fleet(fleet: Fleet, hosts: Sequence[str], job_of: Callable[[str], PrinterJob]) -> None:
    """Run the jobs of all ``hosts`` to their ends, unless a shutdown is requested meanwhile.

    One of several processes that ends by an error of its own stops no run: the others go on, also with the sessions at
    the clouds, and the process that started it keeps which printers are lost.
    """
    options, shutdown = fleet.options, fleet.shutdown
    progress = Progress(fleet, len(hosts))
    scheduler = Scheduler(
        (job_of(name) for name in hosts),
        at_once=min(options.share(options.at_once), len(hosts)),
        window=options.share(options.window),
        stopping=lambda: shutdown.requested,
    )
    try:
        scheduler.run(progress.show)
        progress.clear()
    except BaseException:
        stops_run = shutdown.requested or options.processes == 1
        shutdown.request()
        if stops_run:
            _stop(fleet, scheduler)
        else:
            scheduler.wait(GRACE)
        raise
    if shutdown.requested:
        _stop(fleet, scheduler)


def _stop(fleet: Fleet, scheduler: Scheduler) -> None:
    """End what is under way, sign out of everything, and keep of each printer where it was stopped."""
    scheduler.wait(GRACE)
    fleet.store.show_all_sessions()
    fleet.warnings += [f"printops.prisma could not sign out of {line}" for line in sessions.sign_out_all(fleet.store)]
    fleet.note_stopped()


class Progress:
    """A line that is renewed every second: how many are done, with which outcomes, and how long it may still take."""

    def __init__(self, fleet: Fleet, total: int) -> None:
        self._fleet = fleet
        self._total = total
        self._began = self._shown_at = time.monotonic()

    def show(self) -> None:
        """Show the line, unless it was shown just now."""
        now = time.monotonic()
        if now < self._shown_at + PROGRESS_EVERY:
            return
        self._shown_at = now
        with self._fleet.lock:
            counts = Counter(result["outcome"] for result in self._fleet.results.values())
            in_progress = len(self._fleet.under_way)
        done = counts.total()
        text = f"{done} of {self._total} printers done, {in_progress} in progress"
        if done:
            left = (now - self._began) / done * (self._total - done)
            outcomes = ", ".join(f"{number} {word}" for word, number in counts.most_common())
            text += f", {_duration(left)} left: {outcomes}"
        self._fleet.options.progress(text)

    def clear(self) -> None:
        """Take the line away."""
        self._fleet.options.progress("")


def _duration(seconds: float) -> str:
    return f"about {round(seconds / 60)} min" if seconds >= 90 else f"about {round(seconds)} s"
