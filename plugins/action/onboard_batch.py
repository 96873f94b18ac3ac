# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All printers of a play through the role onboard in one task. How: plugin_utils/_bulk.py."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import typing as t
from collections.abc import Sequence

from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ..module_utils._decide.onboarding import count, count_findings
from ..module_utils._decide.waves import waves
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..module_utils._web.libraries import on_demand, require
from ..modules.onboard_batch import ARGUMENT_SPEC
from ..plugin_utils._fleet.bulk import Bulk, Ending, Fleet, FleetOptions, Way, as_reported
from ..plugin_utils._fleet.host_variables import HostVariables
from ..plugin_utils._fleet.journal import Journal
from ..plugin_utils._fleet.onboard import Variables, prepare
from ..plugin_utils._fleet.thread_store import ThreadStore
from ..plugin_utils._inprocess.shared_store import STORE
from ..plugin_utils._profiles import folders_of, preload
from ..plugin_utils._report.report import NO_TURN, show, write
from ..plugin_utils._untagged import untagged

with contextlib.suppress(PrismaError):  # a missing library or a broken profile is told by the task that needs it
    preload()
    prepare()
    on_demand("segno")


class ActionModule(ActionBase):
    """Runs once for all hosts of the play, inside one forked worker."""

    BYPASS_HOST_LOOP = True
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Onboard the printers, and fail at the end where some need somebody."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        gc.freeze()  # what was there before the fork is shared with the parent, as long as no collector goes through it
        try:
            require()
            return self._run(self._options(), variables)
        except PrismaError as error:
            return failed(error, "fleet")

    def _options(self) -> dict[str, t.Any]:
        checked = ModuleArgumentSpecValidator(ARGUMENT_SPEC).validate(dict(self._task.args))
        if checked.error_messages:
            raise BadInput(f"{self._task.action}: {'; '.join(checked.error_messages)}")
        options: dict[str, t.Any] = untagged(checked.validated_parameters)
        for name in ("at_once", "window"):
            if options[name] < 1:
                raise BadInput(f"{name} is {options[name]}, but must be 1 or more")
        if self._task.delegate_to is not None and self._connection.transport != "local":
            raise BadInput(
                f"a batch does not run on {self._task.delegate_to}: its steps run beside ansible-playbook",
                advice="Say onboard_mode: tasks to have the steps run on another machine.",
            )
        return options

    def _run(self, options: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        hosts = [str(name) for name in variables["ansible_play_batch"]]
        try:
            divided = waves(hosts, options["serial"] or ["100%"])
        except ValueError as error:
            raise BadInput(f"serial: {error}", advice="Give numbers of hosts, or percentages.") from error
        checking = bool(self._task.check_mode)
        others = HostVariables(self, variables, hosts)
        with Ending() as ending:
            fleet = Fleet(
                FleetOptions(
                    checking=checking,
                    diff_mode=bool(self._task.diff),
                    at_once=options["at_once"],
                    window=options["window"],
                    max_fail_percentage=options["max_fail_percentage"],
                    warn=self._display.warning,
                    display=self._display.display,
                ),
                ThreadStore(STORE),
                ending,
                Journal(None if checking else options["journal"]),
            )

            def way_of(name: str) -> Way:
                def read() -> tuple[Variables, tuple[str | None, ...]]:
                    raw, of_host = others.of(name)
                    return of_host, folders_of(self._loader, raw)

                return Way(fleet, name, read)

            def report(wave: Sequence[str]) -> None:
                printers = as_reported(fleet)
                without = [name for name in hosts if name not in printers]
                show(printers, wave, without, checking=checking, display=self._display.display)
                if options["report"]:
                    write(
                        options["report"], printers, without, checking=checking, no_turn=bulk.stopped_after or NO_TURN
                    )

            bulk = Bulk(fleet, way_of, report)
            try:
                bulk.run(divided)
            except Exception:  # a defect: what was done until then is told all the same
                report([])
                raise
            finally:
                fleet.journal.close()
                fleet.shared_channels.close()
            if ending.asked or bulk.stopped_after:
                report([])
        if ending.asked:
            where = [options["report"], None if checking else options["journal"]]
            said = " and ".join(path for path in where if path) or "the next run"
            self._display.display(f"The run was stopped. Where each printer stands: {said}.")
        if ending.signal is not None:  # as the worker would have done without us
            signal.signal(ending.signal, signal.SIG_DFL)
            os.kill(os.getpid(), ending.signal)
        return _told(fleet, hosts, bulk.stopped_after, options)


def _told(fleet: Fleet, hosts: Sequence[str], stopped_after: str | None, options: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the task's result: one dictionary for all printers."""
    without = [name for name in hosts if name not in fleet.results]
    told: dict[str, t.Any] = {
        "changed": any(result["changed"] for result in fleet.results.values()),
        "printers": fleet.results,
        "counts": count(fleet.results),
        "findings": count_findings(fleet.results),
        "path": options["report"],
        "journal": None if fleet.order.checking else options["journal"],
        "without_result": without,
    }
    if fleet.diffs:
        told["diff"] = [diff for name in hosts for diff in fleet.diffs.get(name, ())]
    warnings = [*fleet.warnings, *([fleet.journal.trouble] if fleet.journal.trouble else [])]
    if warnings:
        told["warnings"] = warnings
    bad = fleet.failed
    if bad or stopped_after:
        counted = ", ".join(f"{word} {number}" for word, number in count(_those(fleet, bad)).items())
        where = f" See {options['report']}." if options["report"] else ""
        stop = f" {stopped_after}: {len(without)} printers had no turn." if stopped_after else ""
        told |= {"failed": True, "msg": f"{len(bad)} of {len(hosts)} printers need somebody: {counted}.{stop}{where}"}
    return told


def _those(fleet: Fleet, names: dict[str, str]) -> dict[str, dict[str, t.Any]]:
    return {name: fleet.results[name] for name in names}
