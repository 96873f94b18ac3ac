# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the report of the role onboard goes, from its variables: for what has to write it before the task that reports.

The task gets the same variables as options.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from ...module_utils._prisma.switches import as_boolean
from ...module_utils._web.errors import BadInput
from .._arguments import valid_arguments
from .._fleet.spec import Variables, role_spec
from .._run_folder import beside_inventory
from .at_end import NOTES
from .files import ReportFiles
from .formats import ReportFormat

_OF_THE_END = (
    *("onboard_labels", "onboard_label_paper", "onboard_label_grid"),
    *("onboard_report_formats", "onboard_report_links", "onboard_artifact"),
)


def check_settings_of_the_end(value: Callable[[str], t.Any]) -> None:
    """Raise :class:`BadInput` for a setting of labels or report that cannot be: their tasks come after the printers.

    ``value`` returns the value of a variable, None if it is not set.
    """
    given = {name: found for name in _OF_THE_END if (found := value(name)) is not None}
    spec = {name: role_spec()[name] for name in given}
    valid_arguments(spec, given, advice="Correct it and run again. No printer of this wave was asked for anything.")


def report_files(value: Callable[[str], t.Any]) -> ReportFiles:
    """Return the files of the report. ``value`` returns the value of a variable, None if it is not set.

    Raises :class:`BadInput` that names the variable.
    """
    sources = value("ansible_inventory_sources")
    paths = {
        name: beside_inventory(str(value(name)), sources, name) if value(name) else None
        for name in ("onboard_report", "onboard_report_prometheus")
    }
    formats, links = value("onboard_report_formats"), value("onboard_report_links")
    keeps_files = value("onboard_addresses") in (None, "files")
    usual = ReportFiles(None)
    return ReportFiles(
        paths["onboard_report"],
        formats=usual.formats if formats is None else _formats(formats),
        links=keeps_files and (usual.links if links is None else as_boolean(links, "onboard_report_links")),
        prometheus=paths["onboard_report_prometheus"],
    )


def note_begin(task: t.Any, variables: Mapping[str, t.Any], template: Callable[[t.Any], t.Any]) -> str:
    """Note that a play of the role has begun, for the summary at the end; return what it is called there.

    A report that cannot be written is no error here: the tasks that write it say so.
    """
    play = str(task.get_play()._uuid)
    if NOTES.has_begun(play):
        return play
    try:
        files = report_files(Variables(variables, template).value)
    except BadInput:
        files = ReportFiles(None)
    NOTES.begin(play, variables.get("ansible_play_hosts_all", ()), files, check_mode=bool(task.check_mode))
    return play


def _formats(given: t.Any) -> tuple[str, ...]:
    words = given.split(",") if isinstance(given, str) else given
    found = tuple(str(word).strip() for word in words if str(word).strip())
    unknown = sorted(set(found) - set(ReportFormat))
    if unknown:
        raise BadInput(f"onboard_report_formats names {', '.join(unknown)}, but has {', '.join(ReportFormat)}")
    return found
