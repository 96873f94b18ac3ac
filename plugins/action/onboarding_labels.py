# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes labels for the printers that wait to be claimed. Reads variables and address files only, no printer."""

from __future__ import annotations

import contextlib
import os
import typing as t
from collections.abc import Iterator, Mapping
from pathlib import Path

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ..module_utils._prisma.address_files import (
    ADDRESS,
    address_of_printer,
    host_file,
    read_address,
    remove,
    write_private,
)
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, MissingLibrary, PrismaError
from ..modules.onboarding_labels import ARGUMENT_SPEC
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._fleet.spec import Variables
from ..plugin_utils._labels.html import as_html, as_waiting_csv, labels_of_csv
from ..plugin_utils._labels.labels import FILES, Label, Sheet
from ..plugin_utils._labels.pdf import as_pdf
from ..plugin_utils._report.play import PlayResults
from ..plugin_utils._run_folder import beside_inventory


class ActionModule(ActionBase):
    """Collects the printers of the play that wait."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Write the files. A file that cannot be written is a warning, and fails no printer."""
        super().run(tmp, task_vars)
        try:
            options = task_arguments(ARGUMENT_SPEC, self._task)
            return self._write(options, task_vars or {})
        except PrismaError as error:
            return failed(error, "labels")

    def _write(self, options: Mapping[str, t.Any], variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        warnings: list[str] = []
        folder = beside_inventory(options["folder"], variables.get("ansible_inventory_sources"), "onboard_files")
        play = PlayResults.of_task(self._task, variables, bulk=options["mode"] == "bulk")
        labels = [*self._labels(play, variables, warnings), *self._kept_labels(play, folder, variables)]
        labels.sort(key=lambda label: label.name)
        result: dict[str, t.Any] = {
            "changed": False,
            "waiting": [label.name for label in labels],
            "files": [],
        }
        if not self._task.check_mode:
            sheet = Sheet(options["paper"], options["grid"])
            makers: Mapping[str, t.Callable[[], bytes]] = {
                FILES[0]: lambda: as_pdf(labels, sheet),
                FILES[1]: lambda: as_html(labels, sheet),
                FILES[2]: lambda: as_waiting_csv(labels),
            }
            for name, make in makers.items():
                path = os.path.join(folder, name)
                if not labels:
                    remove(path)
                    continue
                try:
                    write_private(path, make())
                    result["files"].append(path)
                except (BadInput, MissingLibrary) as error:
                    remove(path)
                    warnings.append(f"{name} was not written: {error}. {error.advice}")
        return {**result, "warnings": warnings} if warnings else result

    def _kept_labels(self, play: PlayResults, folder: str, variables: Mapping[str, t.Any]) -> Iterator[Label]:
        """Yield labels of an earlier run, of printers that this one says nothing of, while their address waits."""
        files = str(Variables(variables, self._templar.template).value("onboard_files") or "")
        addresses = beside_inventory(files, variables.get("ansible_inventory_sources"), "onboard_files")
        with contextlib.suppress(OSError):
            for label in labels_of_csv(Path(folder, FILES[2]).read_bytes()):
                with contextlib.suppress(BadInput):
                    waits = read_address(host_file(addresses, label.name, ADDRESS)) == label.address
                    if waits and label.name not in play.printers:
                        yield label

    def _labels(self, play: PlayResults, variables: Mapping[str, t.Any], warnings: list[str]) -> Iterator[Label]:
        for printer in play.report().printers:
            if not printer.waits:
                continue
            try:
                address = address_of_printer(str(printer.address_file), printer.serial)
                place = printer.location or variables["hostvars"][printer.name].get("onboard_location")
            except (BadInput, AnsibleError) as error:
                warnings.append(f"{printer.name} has no label: {error}")
                continue
            if address:
                yield Label(printer.name, printer.serial or "", printer.model or "", str(place or ""), address)
