# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the reports of runs: files of the module report, and what runs have set as data, as engines keep it.

Such data are variables of a job of AWX, in the answers of its API (C(artifacts)), and in the last event of a run in the
folder of ansible-runner.
"""

from __future__ import annotations

import glob
import json
import os
import typing as t
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ...module_utils._web.errors import BadInput
from .._run_identity import RESULTS_PREFIX
from .artifact import LARGEST, of_artifact
from .document import RunReport
from .merge import RunPart

VARIABLE = "fleet_report_paths"
_EVENTS = "job_events"
_LAST_EVENT = "playbook_on_stats"


def parts_of_variables(variables: Mapping[str, t.Any]) -> list[RunPart]:
    """Return the reports that variables hold, in the order of their names.

    Raises :class:`BadInput` for a variable of that name which holds anything else.
    """
    return [
        _part(name, variables[name], f"the variable {name}")
        for name in sorted(variables, key=str)
        if str(name).startswith(RESULTS_PREFIX)
    ]


def parts_of_paths(paths: Iterable[str], *, leave_out: str = "") -> list[RunPart]:
    """Return the reports of files, of all files in folders, and of what a pattern (C(*)) matches.

    ``leave_out``: the folder of the merged report, which a folder above it may hold. Raises :class:`BadInput` for a
    path where there is no report, and for a file that is none.
    """
    found: dict[str, list[RunPart]] = {}
    for given in paths:
        files = [file for path in _matched(given) for file in _reports_at(path, leave_out)]
        if not files:
            raise BadInput(
                f"{VARIABLE}: there is no report at {given!r}",
                advice="Name a report.json, the folder of a run, or the folder of its artifacts.",
            )
        for file in files:
            real = os.path.realpath(file)
            if real not in found:
                found[real] = _parts_of_file(file)
    return [part for parts in found.values() for part in parts]


def _matched(given: str) -> list[str]:
    return sorted(glob.glob(given, recursive=True)) if glob.has_magic(given) else [given][: os.path.exists(given)]


def _reports_at(path: str, leave_out: str) -> Iterator[str]:
    """Yield a file itself; of a folder report files and last events at any depth, not reports of the runs before."""
    if os.path.isfile(path):
        yield path
        return
    for here, folders, names in os.walk(path):
        folders[:] = sorted(each for each in folders if os.path.realpath(os.path.join(here, each)) != leave_out)
        if os.path.basename(here) == _EVENTS:
            yield from _last_event(here, names)
            continue
        for name in sorted(names):
            if name.startswith("report") and name.endswith(".json") and not name.startswith("report.previous"):
                yield os.path.join(here, name)


def _last_event(folder: str, names: Iterable[str]) -> Iterator[str]:
    """Yield the file of a run's last event, if the run has come to its end. Their names begin with a number.

    What is printed after it makes events too.
    """
    numbered = ((int(name.partition("-")[0]), name) for name in names if name.partition("-")[0].isdecimal())
    for _number, name in sorted(numbered, reverse=True):
        path = os.path.join(folder, name)
        found = _load(path)
        if isinstance(found, Mapping) and found.get("event") == _LAST_EVENT:
            if any(_held_data(found)):
                yield path
            return


def _parts_of_file(path: str) -> list[RunPart]:
    data = _load(path)
    if isinstance(data, Mapping) and "printers" in data:
        try:
            return [RunPart(path, RunReport.of_dict(data))]
        except ValueError as error:
            raise BadInput(
                f"{VARIABLE}: {path!r} is no report of this release: {error}", advice="Name another file."
            ) from error
    parts = [
        _part(f"{path}: {name}", held[name], f"{name} in {path!r}")
        for held in _held_data(data)
        for name in sorted(held)
        if str(name).startswith(RESULTS_PREFIX)
    ]
    if not parts:
        raise BadInput(
            f"{VARIABLE}: {path!r} is no report, and has no {RESULTS_PREFIX}… of one",
            advice="Name a report.json, or the artifacts of a job as JSON.",
        )
    return parts


def _held_data(data: t.Any) -> Iterator[Mapping[str, t.Any]]:
    """Yield what runs have set: of an event of ansible-runner, of a job or a list of jobs of AWX, or as it is."""
    if isinstance(data, list):
        for each in data:
            yield from _held_data(each)
    elif isinstance(data, Mapping):
        if any(str(name).startswith(RESULTS_PREFIX) for name in data):
            yield data
        event = data.get("event_data")
        inner = event.get("artifact_data") if isinstance(event, Mapping) else None
        for below in (inner, data.get("artifacts"), data.get("results")):
            if isinstance(below, (Mapping, list)):
                yield from _held_data(below)


def _part(source: str, data: t.Any, named: str) -> RunPart:
    try:
        return RunPart(source, of_artifact(data))
    except ValueError as error:
        raise BadInput(f"{named} holds no results of a run: {error}", advice="Leave it out, or run again.") from error


def _load(path: str) -> t.Any:
    """Return what a JSON file holds. Raises :class:`BadInput` where it cannot be read."""
    try:
        if os.path.getsize(path) > LARGEST:
            raise BadInput(f"{VARIABLE}: {path!r} is larger than any report", advice="Name another file.")
        return json.loads(Path(path).read_bytes())
    except OSError as error:
        raise BadInput(f"{VARIABLE}: {path!r} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{VARIABLE}: {path!r} is no JSON: {error}", advice="Name another file.") from error
