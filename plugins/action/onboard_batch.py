# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the steps of the role onboard for all printers of a batch in one task, with plugin_utils/_fleet/bulk.py."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ansible.plugins.action import ActionBase

from ..module_utils._decide.situation import LICENCES
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..module_utils._web.http.channels import ChannelPool
from ..module_utils._web.libraries import on_demand, require
from ..modules.onboard_batch import ARGUMENT_SPEC
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._connectors import connectors
from ..plugin_utils._fleet.bulk import Declared, Fleet, FleetOptions, PrinterJob, run_fleet
from ..plugin_utils._fleet.host_variables import HostVariables
from ..plugin_utils._fleet.journal import Journal
from ..plugin_utils._fleet.processes import Relay, process_count, run_in_processes
from ..plugin_utils._fleet.shutdown import Shutdown
from ..plugin_utils._fleet.spec import Variables, check_least, role_spec
from ..plugin_utils._fleet.steps import StepContext, module_defaults
from ..plugin_utils._fleet.tags import TAGS, selected_tags
from ..plugin_utils._fleet.thread_store import ThreadStore
from ..plugin_utils._inprocess.run_limits import note_limits
from ..plugin_utils._inprocess.shared_store import STORE
from ..plugin_utils._profiles import folders_of, preload
from ..plugin_utils._report.at_end import NOTES, show_report
from ..plugin_utils._report.document import count, count_findings
from ..plugin_utils._report.files import ReportFiles, shown_path
from ..plugin_utils._report.of_variables import report_files
from ..plugin_utils._report.output import show, show_progress
from ..plugin_utils._report.play import PlayResults
from ..plugin_utils._report.stopped_addresses import clear_stopped
from ..plugin_utils._run_folder import beside_inventory
from ..plugin_utils._text_files import VaultReader
from ..plugin_utils._untagged import untagged

with contextlib.suppress(PrismaError):  # the task that needs it reports a missing library or a broken profile
    preload()
    role_spec()
    connectors()
    on_demand("segno")

RUNS_AS_TASKS = {"runs_as_tasks": True, "attention": ""}
"""The result of a printer whose steps cannot run in this process: the role runs its tasks for it."""
LEFT_OUT = {"changed": False, "skipped": True, "attention": ""}
"""The result of a printer that a condition around the role excludes."""


class ActionModule(ActionBase):
    """Runs once for all hosts of the batch, inside one forked worker."""

    BYPASS_HOST_LOOP = True
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Onboard the printers. A printer that needs attention fails no other one, and not this task."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        gc.freeze()  # what was there before the fork is shared with the parent until a collection touches it
        gc.set_threshold(20_000, 20, 20)  # steps leave little that only a collection frees, and it stops all threads
        try:
            require()
            return self._run(self._options(variables), variables)
        except PrismaError as error:
            return failed(error, "fleet")

    def _options(self, variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        options = task_arguments(ARGUMENT_SPEC, self._task)
        if options["journal"]:
            sources = variables.get("ansible_inventory_sources")
            options["journal"] = beside_inventory(options["journal"], sources, "onboard_files")
        check_least("onboard_at_once", options["at_once"])
        check_least("onboard_processes", options["processes"])
        if options["window"] < 1:
            raise BadInput(f"window is {options['window']}, but must be 1 or more")
        return options

    def _run(self, options: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        hosts = [str(name) for name in variables["ansible_play_batch"]]
        if self._task.delegate_to is not None and self._connection.transport != "local":
            self._note_tasks(len(hosts), len(hosts))
            return {"changed": False, "printers": dict.fromkeys(hosts, RUNS_AS_TASKS), "run_as_tasks": hosts}
        files = self._files(options, variables)
        files.check()
        NOTES.begin(self._play, variables["ansible_play_hosts_all"], files, check_mode=bool(self._task.check_mode))
        options["processes"] = process_count(options["processes"], len(hosts), options["at_once"])
        read = self._reader(variables, hosts)
        with Shutdown() as shutdown:
            fleet = self._fleet(options, variables, shutdown)
            try:
                if options["processes"] > 1:
                    run_in_processes(
                        fleet, hosts, lambda part, relay: self._run_part(options, variables, part, read, relay)
                    )
                else:
                    _run_threads(fleet, hosts, read)
            finally:
                fleet.journal.close()
                if shutdown.requested:  # by a signal, or by what is raised here, such as the end of a task's timeout
                    self._report_stop(fleet, files, variables)
        if shutdown.signal is not None:  # as the worker would have ended without us
            signal.signal(shutdown.signal, signal.SIG_DFL)
            os.kill(os.getpid(), shutdown.signal)
        shutdown.end_orphan()
        NOTES.results(self._play, fleet.results)
        if fleet.run_as_tasks:
            self._note_tasks(len(fleet.run_as_tasks), len(hosts))
        return {**_result(fleet, hosts, options), "play": self._play}

    def _run_part(
        self,
        options: dict[str, t.Any],
        variables: dict[str, t.Any],
        hosts: Sequence[str],
        read: Callable[[str], Declared | None],
        relay: Relay,
    ) -> Fleet:
        """Run some printers of the batch in this process, which was started for them."""
        with Shutdown() as shutdown:
            fleet = self._fleet(options, variables, shutdown)
            fleet.relay = relay
            # the process that started this one shows how far all of them are
            fleet.options = replace(fleet.options, progress=lambda text: None)
            try:
                _run_threads(fleet, hosts, read)
            finally:
                fleet.journal.close()
        return fleet

    def _note_tasks(self, number: int, total: int) -> None:
        self._show(
            f"{number} of {total} printers are onboarded task by task: their steps run on another machine or as "
            "ordinary modules (delegate_to, printops_in_process: false)"
        )

    def _reader(self, variables: dict[str, t.Any], hosts: Sequence[str]) -> Callable[[str], Declared | None]:
        """Return what reads the variables of one host, and the folders of its profiles; None if it is left out.

        Ansible asks the conditions of the task for the first host only. For the main thread only.
        """
        others = HostVariables(self, variables, hosts)

        def read(name: str) -> Declared | None:
            raw, of_host = others.of(name)
            return (of_host, folders_of(self._loader, raw)) if others.selects(raw) else None

        return read

    def _fleet(self, options: dict[str, t.Any], variables: Mapping[str, t.Any], shutdown: Shutdown) -> Fleet:
        check_mode = bool(self._task.check_mode)
        store = ThreadStore(STORE, options["processes"])
        selected = selected_tags(self._task, variables)
        warnings = note_limits(STORE, Variables(variables, self._templar.template).value)
        return Fleet(
            FleetOptions(
                fleet_size=len(variables["ansible_play_hosts_all"]),
                at_once=options["at_once"],
                window=options["window"],
                selects=selected.__contains__,
                partial=selected != TAGS,
                progress=show_progress,
                processes=options["processes"],
            ),
            StepContext(
                store=store,
                parent_watch=shutdown,
                check_mode=check_mode,
                diff_mode=bool(self._task.diff),
                warn=warnings.append,
                defaults=module_defaults(self._task),
                read_text=VaultReader(self._loader),
            ),
            store,
            shutdown,
            self._journal(None if check_mode else options["journal"]),
            warnings=warnings,
            shared_channels=ChannelPool(options["processes"]),
            licences=untagged(variables.get(f"onboard__{LICENCES}") or {}),
        )

    def _journal(self, path: str | None) -> Journal:
        """Open the journal, which the first batch of a play begins anew."""
        begun = f"journal|{self._play}|{path}"
        journal = Journal(path, appends=STORE.load(begun) is not None)
        STORE.save(begun, {})
        return journal

    def _show(self, text: str) -> None:
        show(self._display, text)

    @property
    def _play(self) -> str:
        return str(self._task.get_play()._uuid)

    def _files(self, options: Mapping[str, t.Any], variables: Mapping[str, t.Any]) -> ReportFiles:
        found = report_files(Variables(variables, self._templar.template).value)
        journal = None if self._task.check_mode else options["journal"]
        return replace(found, beside={"journal": shown_path(journal)}) if journal else found

    def _report_stop(self, fleet: Fleet, files: ReportFiles, variables: Mapping[str, t.Any]) -> None:
        """Write what is known so far, and leave it for the summary: no later task does.

        No later task encrypts or removes registration addresses either. The main process may have died.
        """
        show_progress("")
        for text in clear_stopped(NOTES.addresses()):
            self._show(text)
        results = PlayResults.of_task(self._task, variables, bulk=True, batch_results=fleet.results)
        report, ending = files.write(results.report(stopped=True))
        NOTES.report(self._play, report, files, ending)
        if NOTES.trouble:
            show_report(self._display, report, ending)


def _run_threads(fleet: Fleet, hosts: Sequence[str], read: Callable[[str], Declared | None]) -> None:
    try:
        run_fleet(fleet, hosts, lambda name: PrinterJob(fleet, name, lambda: read(name)))
    finally:
        fleet.shared_channels.close()


def _result(fleet: Fleet, hosts: Sequence[str], options: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the task's result: one dictionary for all printers of the batch."""
    result: dict[str, t.Any] = {
        "changed": any(printer["changed"] for printer in fleet.results.values()),
        "printers": {
            **fleet.results,
            **dict.fromkeys(fleet.run_as_tasks, RUNS_AS_TASKS),
            **dict.fromkeys(fleet.left_out, LEFT_OUT),
        },
        "run_as_tasks": list(fleet.run_as_tasks),
        "counts": count(fleet.results),
        "findings": count_findings(fleet.results),
        "journal": None if fleet.context.check_mode else options["journal"],
    }
    if fleet.diffs:
        result["diff"] = [diff for name in hosts for diff in fleet.diffs.get(name, ())]
    warnings = [*fleet.warnings, *(each for each in (fleet.journal.trouble, NOTES.trouble) if each)]
    if warnings:
        result["warnings"] = warnings
    return result
