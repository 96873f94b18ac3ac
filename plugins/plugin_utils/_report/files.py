# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report: JSON, its other forms beside it, the printers that are left, and the report of the run before.

All are written whole or not at all. They have mode 0600, but for the metrics, which a program of another user reads.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
import typing as t
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from ...module_utils._decide.onboarding import NOT_STARTED
from ...module_utils._decide.outcomes import Outcome
from ...module_utils._decide.text import counted
from ...module_utils._prisma.address_files import address_of_printer, check_place, remove, write_private
from ...module_utils._web.errors import BadInput, PrismaError
from .._inprocess.shared_store import STORE
from .._run_identity import RunIdentity
from .command import command_for
from .document import RunReport
from .formats import SUFFIXES, ReportFormat, as_csv, as_junit, as_prometheus
from .html import as_html
from .summary import Ending

LEFT = "attention.txt"
"""Names of the printers that need attention, one a line, as C(--limit @FILE) reads them.

There a question mark, which replaces a byte that was no UTF-8 in the inventory, stands for any character.
"""
_LARGEST = 256 << 20
_WRITTEN = "report|written|"
_LOCK_TRIES, _LOCK_PAUSE = 50, 0.1
"""A run that holds the lock writes a few files; one that was stopped while it did is not waited for."""


@dataclass(frozen=True)
class ReportFiles:
    """Where the files of a report lie. ``path`` is that of the JSON file, None for no files at all.

    ``variable`` is what messages name.
    """

    path: str | None
    variable: str = "onboard_report"
    formats: tuple[str, ...] = (ReportFormat.HTML, ReportFormat.CSV)
    """Forms of the report beside the JSON file."""
    links: bool = True
    """Whether the HTML file has the registration addresses that wait, as links and QR codes."""
    prometheus: str | None = None
    """Where metrics for node_exporter go, for everyone to read: it runs as another user."""
    beside: dict[str, str] = field(default_factory=dict)
    """Other files of the run that a summary names, by what they are."""
    again: str | None = None
    """The playbook that a summary names for what is left; None for that of this run."""
    moved: str = ""
    """Why the files are not where they should be; empty where they are."""
    implicit: tuple[str, ...] = ()
    """Hosts that are in no inventory, such as Ansible's own localhost: C(--limit) does not find them."""

    def check(self) -> None:
        """Raise :class:`BadInput` where the report cannot be written."""
        for path, variable in ((self.path, self.variable), (self.prometheus, "onboard_report_prometheus")):
            if path:
                check_place(path, variable)

    def keep_previous(self) -> None:
        """Keep the report of the run before beside the new one. Call it once a run, before anything is written."""
        found = _read(self.path)
        if found is not None and self.path:
            write_private(self._previous(found), _as_json(found.as_dict()))
        if self.path:
            _remember(self.path)

    def write(self, report: RunReport) -> tuple[RunReport, Ending]:
        """Write all files. Return the report, compared with the run before, and what a summary says of the files.

        What cannot be written is no error, as it would hide printers that need attention: the summary says so.
        """
        with _folder_locked(self.path):
            if self.path and not self.moved and _was_written_by_another(self.path):
                return self._beside_other()._write(report)
            return self._write(report)

    def _write(self, report: RunReport) -> tuple[RunReport, Ending]:
        files, left = {**_plans(report), **self.beside}, None
        try:
            self.check()
            if self.path:
                report = report.compared(_read(self._previous(report)))
                write_private(self.path, _as_json(report.as_dict()))
                _remember(self.path)
                left = self._write_left(report)
                files = {**self._write_forms(report), **_addresses(report), **files}
            if self.prometheus:
                write_private(self.prometheus, as_prometheus(report).encode(errors="replace"))
                os.chmod(self.prometheus, 0o644)
                files["metrics"] = shown_path(self.prometheus)
        except PrismaError as error:
            return report, Ending(files=files, trouble=[f"The report was not written: {error}"], moved=self.moved)
        command = self._command(report, left) if left else None
        return report, Ending(files, command, path=self.path, moved=self.moved)

    def _command(self, report: RunReport, left: str) -> str | None:
        names = {each.name for each in report.attention}
        limit = None if names <= set(self.implicit) else left
        plan_sha256 = report.results.get(names.pop(), {}).get("plan_sha256") if len(names) == 1 else None
        return command_for(limit, shown_path, self.again, _stopped_at(report), plan_sha256)

    def _beside_other(self) -> ReportFiles:
        """Return the files of this run where another run has written the report meanwhile: with the run's id."""
        place = Path(self.path or "")
        own = str(place.with_name(f"{place.stem}.{RunIdentity.of().id}{place.suffix}"))
        said = (
            f"Another run has written {shown_path(str(place))} meanwhile, so this run's report is {shown_path(own)}. "
            "Merge them with printops.prisma.fleet_report."
        )
        return replace(self, path=own, moved=said)

    def _write_forms(self, report: RunReport) -> dict[str, str]:
        """Write the other forms of the report, and return what a summary says of all."""
        path = Path(self.path or "")
        names = [path.suffix.lstrip(".")]
        shown = {"report": ""}
        for form in map(ReportFormat, self.formats):
            beside = str(path.with_suffix(SUFFIXES[form]))
            if form is ReportFormat.HTML:
                addresses = _waiting_addresses(report) if self.links else {}
                write_private(beside, as_html(report, addresses).encode(errors="replace"))
                if addresses:
                    shown["private"] = f"{shown_path(beside)} holds registration addresses: do not pass it on"
            else:
                made = as_csv(report) if form is ReportFormat.CSV else as_junit(report)
                write_private(beside, made.encode(errors="replace"))
            names.append(SUFFIXES[form].lstrip("."))
        stem = shown_path(str(path.with_suffix("")))
        shown["report"] = f"{stem}.{names[0]}" if len(names) == 1 else f"{stem}.{{{','.join(sorted(names))}}}"
        return shown

    def _write_left(self, report: RunReport) -> str | None:
        """Write the names of the printers that need attention, and return where; remove the file if there are none."""
        place = Path(self.path or "")
        path = str(place.with_name(f"attention.{place.stem.partition('.')[2]}.txt" if self.moved else LEFT))
        if not report.attention:
            remove(path)
            return None
        write_private(path, "".join(f"{each.name}\n" for each in report.attention).encode(errors="replace"))
        return path

    def _previous(self, report: RunReport) -> str:
        """Return where the report of an earlier run of the same mode is kept."""
        mode = "previous-check" if report.check_mode else "previous"
        path = Path(self.path or "")
        return str(path.with_name(f"{path.stem}.{mode}{path.suffix}"))

    def as_dict(self) -> dict[str, t.Any]:
        """Return where the files lie as JSON has it."""
        return {**asdict(self), "formats": list(self.formats), "implicit": list(self.implicit)}


@contextlib.contextmanager
def _folder_locked(path: str | None) -> Iterator[None]:
    """Keep other runs on this machine from writing into the folder of ``path`` meanwhile, if it can be locked."""
    folder = None
    with contextlib.suppress(OSError):
        folder = os.open(os.path.dirname(path), os.O_RDONLY) if path else None
    try:
        for _time in range(_LOCK_TRIES if folder is not None else 0):
            try:
                fcntl.flock(t.cast("int", folder), fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_LOCK_PAUSE)
            except OSError:  # a file system that locks no folder
                break
        yield
    finally:
        if folder is not None:
            os.close(folder)


def _state_of(path: str) -> list[int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return [found.st_ino, found.st_mtime_ns, found.st_size]


def _remember(path: str) -> None:
    """Keep in the memory of the run what the file is now."""
    STORE.save(f"{_WRITTEN}{path}", {"state": _state_of(path)})


def _was_written_by_another(path: str) -> bool:
    """Return whether the file was written since this run has seen or written it."""
    known, state = STORE.load(f"{_WRITTEN}{path}"), _state_of(path)
    return known is not None and state is not None and known["state"] != state


def _waiting_addresses(report: RunReport) -> dict[str, str]:
    """Return the registration addresses that wait, by printer; none whose file is of another one or cannot be read."""
    found: dict[str, str] = {}
    for each in report.printers:
        if each.waits and each.address_file:
            with contextlib.suppress(BadInput):
                address = address_of_printer(each.address_file, each.serial)
                if address:
                    found[each.name] = address
    return found


def _stopped_at(report: RunReport) -> str | None:
    """Return the first printer that failed, if waves were not started: run again, it would stop them again."""
    if NOT_STARTED not in report.without_result.values():
        return None
    failed = (each.name for each in report.attention if each.outcome != Outcome.NOT_TRIED)
    return next(filter(str.isprintable, failed), None)


def _addresses(report: RunReport) -> dict[str, str]:
    """Return where the registration addresses are that wait for a person."""
    waits = [each for each in report.printers if each.waits and os.path.exists(each.address_file or "")]
    if not waits:
        return {}
    codes = sum(os.path.exists(each.qr_path or "") for each in waits)
    what = counted(len(waits), "registration address", "registration addresses")
    with_codes = f", {counted(codes, 'QR code')}" if codes else ""
    return {"addresses": f"{shown_path(os.path.dirname(str(waits[0].address_file)))} ({what}{with_codes})"}


def _plans(report: RunReport) -> dict[str, str]:
    """Return where the plans of people lie that a person has to review."""
    paths = [
        shown_path(path) for each in report.attention if (path := report.results.get(each.name, {}).get("plan_path"))
    ]
    return {"plan": ", ".join(paths)} if paths else {}


def shown_path(path: str) -> str:
    """Return ``path`` as a person types it: relative where it lies below the folder in which the run was started.

    Not from the root, where a relative path looks like one that is wrong.
    """
    try:
        relative = os.path.relpath(path)
    except (OSError, ValueError):  # the folder is gone
        return path
    return path if relative.startswith(os.pardir) or relative == path.lstrip(os.sep) else relative


def _as_json(data: t.Any) -> bytes:
    return json.dumps(data, indent=2, ensure_ascii=False).encode(errors="replace") + b"\n"


def _read(path: str | None) -> RunReport | None:
    """Return the report in a file; None if there is none, or it is no report of this release."""
    if not path:
        return None
    try:
        if os.path.getsize(path) > _LARGEST:
            return None
        return RunReport.of_dict(json.loads(Path(path).read_bytes()))
    except (OSError, ValueError, RecursionError):
        return None
