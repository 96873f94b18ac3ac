# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows one summary at the end of a run, below Ansible's recap, however the run ends. Knows no printer.

Workers note results and reports in a file without a name, made in the main process before it forks; the main process
reads it when it ends. So what a wave has reported is there even if a later one is stopped.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import multiprocessing
import os
import tempfile
import typing as t
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace

from ...module_utils._decide.onboarding import NOT_STARTED
from ...module_utils._web.errors import PrismaError
from .._inprocess import sessions
from .._inprocess.shared_store import STORE
from .document import RunReport
from .facts import Result
from .files import ReportFiles
from .layout import Screen
from .output import show
from .play import report_fields
from .stopped_addresses import WaveAddresses, clear_stopped
from .summary import Ending, summary

_INCOMPLETE = "report|incomplete|"
"""Begins the key, in the memory of the run, that says of a play that something could not be noted."""
_BEGUN = "report|begun|"
"""Begins the keys, in the memory of the run, that say that a play has begun, and to which report."""
_ADDRESSES = "addresses"
UNFINISHED = "the run was stopped before it had an outcome"
PATIENCE = 10.0
"""Seconds that a worker has to note how far it got, once the run is to end."""


@dataclass
class _Play:
    """What was noted of one play: its last report, and results since then."""

    report: RunReport | None = None
    files: ReportFiles = field(default_factory=lambda: ReportFiles(None))
    ending: Ending = field(default_factory=Ending)
    since: dict[str, dict[str, t.Any]] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    check_mode: bool = False


class RunNotes:
    """What the workers of a run have noted, in order.

    ``trouble`` says why something could not be noted: a full disk is no reason to stop half-way. A play of which
    something is missing has no summary at the end, and its report is left as it is: it would be wrong.
    """

    def __init__(self) -> None:
        self.trouble: str | None = None
        self._file, name = tempfile.mkstemp(prefix="printops-")  # open as long as the process
        os.unlink(name)
        self.shared = multiprocessing.parent_process() is None
        """Whether the main process sees it: a strategy that loads actions late makes it in a worker."""

    def report(self, play: str, report: RunReport, files: ReportFiles, ending: Ending) -> None:
        """Note a report, which has all results of the play so far, in place of what was noted of it before."""
        before = tuple(_beginning(play, kind) for kind in ("report", "results"))
        note = {"play": play, "report": report.as_dict(), "where": files.as_dict(), "ending": asdict(ending)}
        if self._append(note, instead_of=before):
            self.trouble = None
            STORE.forget(f"{_INCOMPLETE}{play}")

    def results(self, play: str, results: Mapping[str, Result]) -> None:
        """Note the results of printers, before their wave is reported."""
        self._append({"play": play, "results": {name: report_fields(result) for name, result in results.items()}})

    def has_begun(self, play: str) -> bool:
        """Return whether :meth:`begin` was called for a play."""
        return STORE.load(f"{_BEGUN}{play}") is not None

    def begin(self, play: str, hosts: Iterable[str], files: ReportFiles, *, check_mode: bool) -> None:
        """Note which printers a play has and where its report goes, and keep the report of the run before.

        Of a play that has begun already, nothing is noted.
        """
        begun = f"{_BEGUN}{play}|{files.path}"
        if STORE.load(begun) is None:
            STORE.save(begun, {})
            STORE.save(f"{_BEGUN}{play}", {})
            files.keep_previous()
            self._append(
                {"play": play, "hosts": list(hosts), "where": files.as_dict(), "check_mode": check_mode},
            )

    def begin_addresses(self, wave: WaveAddresses) -> None:
        """Note that the hosts of a wave may have registration addresses in files until :meth:`end_addresses`."""
        self._note_addresses(wave.play, wave.as_dict())

    def end_addresses(self, play: str) -> None:
        """Note that no host of a play has an address in a file any more, unless it could not be cleared."""
        self._note_addresses(play, None)

    def _note_addresses(self, play: str, wave: Mapping[str, t.Any] | None) -> None:
        self._append({"play": play, _ADDRESSES: wave}, instead_of=(_beginning(play, _ADDRESSES),))

    def addresses(self) -> list[WaveAddresses]:
        """Return the waves whose hosts may have registration addresses in files: of each play the last one."""
        return [WaveAddresses.of_dict(note[_ADDRESSES]) for note in self._notes() if note.get(_ADDRESSES)]

    def plays(self) -> list[_Play]:
        """Return what was noted, by play, in order; without the plays of which something is missing."""
        found: dict[str, _Play] = {}
        for note in self._notes():
            if _ADDRESSES in note:
                continue
            play = found.setdefault(note["play"], _Play())
            if "where" in note:
                play.files = ReportFiles(**note["where"])
            if "report" in note:
                play.report, play.ending = RunReport.of_dict(note["report"]), Ending(**note["ending"])
                play.since.clear()
            elif "results" in note:
                play.since.update(note["results"])
            else:
                play.hosts, play.check_mode = tuple(note["hosts"]), bool(note["check_mode"])
        return [play for name, play in found.items() if STORE.load(f"{_INCOMPLETE}{name}") is None]

    def _append(self, note: Mapping[str, t.Any], instead_of: tuple[bytes, ...] = ()) -> bool:
        """Add a line, and remove those that begin as ``instead_of`` says. Return False where there is no room for it.

        Then what was noted before is still there.
        """
        added = _line(note)
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            size = os.fstat(self._file).st_size
            start = 0 if instead_of else size
            if instead_of:
                added = b"".join([*(line for line in self._lines() if not line.startswith(instead_of)), added])
            try:
                self._write(added[size - start :], size)  # first what needs room, and only then over what is there
                self._write(added[: size - start], start)
            except OSError as error:
                os.ftruncate(self._file, size)
                why = f"nothing can be written to {tempfile.gettempdir()} ({error.strerror or error})"
                self.trouble = f"The run may end without its summary, as {why}."
                STORE.save(f"{_INCOMPLETE}{note['play']}", {})
                return False
            os.ftruncate(self._file, start + len(added))
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)
        return True

    def _write(self, content: bytes, start: int) -> None:
        while content:
            written = os.pwrite(self._file, content, start)
            content, start = content[written:], start + written

    def _lines(self) -> list[bytes]:
        data = os.pread(self._file, os.fstat(self._file).st_size, 0)
        return [line for line in data.splitlines(keepends=True) if line.endswith(b"}\n")]

    def _notes(self) -> Iterator[dict[str, t.Any]]:
        for line in self._lines():
            with contextlib.suppress(ValueError):  # a worker was killed while it wrote over another line
                yield json.loads(line)


def _beginning(play: str, kind: str) -> bytes:
    """Return how the lines begin that note this of a play: so they are found without reading megabytes of JSON."""
    return _line({"play": play, kind: None}).partition(b" null")[0]


def _line(note: Mapping[str, t.Any]) -> bytes:
    # As json.loads reads it: a name with a byte that is no UTF-8 stays what it is.
    return json.dumps(note, ensure_ascii=False).encode(errors="surrogatepass") + b"\n"


NOTES = RunNotes()


def summaries(notes: RunNotes, screen: Screen) -> list[str]:
    """Return the summary of each play; the report of one that was stopped is written again first."""
    texts = []
    for play in notes.plays():
        report, ending = play.report, play.ending
        if play.since or report is None or (not report.stopped and NOT_STARTED in report.without_result.values()):
            report, ending = play.files.write(_stopped(play))
        if report.printers:
            texts.append(summary(report, screen, ending))
    return texts


def _stopped(play: _Play) -> RunReport:
    """Return the report of a play that ended before its last wave was reported."""
    report = play.report or RunReport.now(check_mode=play.check_mode)
    results = {**report.results, **play.since}
    left = {**dict.fromkeys(play.hosts, UNFINISHED), **report.without_result}
    return replace(
        report,
        written=RunReport.now(check_mode=report.check_mode).written if play.since else report.written,
        results=results,
        without_result={name: why for name, why in left.items() if name not in results},
        stopped=True,
    )


def show_report(display: t.Any, report: RunReport, ending: Ending) -> None:
    """Show the summary of a report that nobody finds among the notes at the end of the run."""
    show(display, f"\n{summary(report, Screen.of(), ending)}\n")


def show_now(display: t.Any, notes: RunNotes) -> None:
    """Show the summaries; what went wrong in it must not end the run otherwise than it does."""
    with contextlib.suppress(PrismaError):
        for text in summaries(notes, Screen.of()):
            show(display, f"\n{text}\n")


def _show_summaries() -> None:
    for worker in multiprocessing.active_children():
        worker.join(PATIENCE)
    warnings = clear_stopped(NOTES.addresses())
    if not (warnings or NOTES.plays()):  # a program that only imports this has perhaps no display
        return
    from ansible.utils.display import Display

    for text in warnings:
        Display().warning(text)
    show_now(Display(), NOTES)


sessions.AT_END.append(_show_summaries)
