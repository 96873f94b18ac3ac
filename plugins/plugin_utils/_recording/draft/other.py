# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts an interface without a contract: each page becomes a read, each change a write with its own inputs."""

from __future__ import annotations

import re
import typing as t

from .candidates import form_pick
from .history import RecordedSubmission, Visit
from .reads import ReadDrafter, plain_fields
from .session import RecordedSession
from .writes import RecordedWrite, fetchable_page, find_writes

_QUERY_METHOD = re.compile(r"(get|list|show|query|status|stats|info)", re.IGNORECASE)


def draft_other(drafter: ReadDrafter, session: RecordedSession) -> None:
    """Draft a read for every page of the session, and a write for every change that was recorded."""
    builder = drafter.builder
    names: set[str] = set()
    for path, shown in drafter.visits_by_path.items():
        fields = plain_fields(shown[-1].page)
        if fields:
            name = _name(path.rsplit("/", 1)[-1].rsplit(".", 1)[0] or path or "start", names)
            builder.set_value(f"read.{name}", _read([{"get": path}], fields), f"the page {path}")
    for write in find_writes(drafter.history, session):
        visit = write.last
        if _is_query(visit):
            _draft_query(drafter, visit, names)
        elif write.submissions:
            _draft_form(drafter, write, names)
        else:
            _draft_request(drafter, visit, names)


def _read(steps: list[dict[str, t.Any]], fields: dict[str, t.Any]) -> dict[str, t.Any]:
    return {"steps": steps, "fields": {name: {"pick": pick, "required": False} for name, pick in fields.items()}}


def _name(text: str, names: set[str]) -> str:
    base = re.sub(r"\W+", "_", text.lower()).strip("_") or "page"
    name = base = base if not base[0].isdigit() else f"n{base}"
    number = 2
    while name in names:
        name, number = f"{base}_{number}", number + 1
    names.add(name)
    return name


def _method_of(visit: Visit) -> str:
    return str(visit.json_body.get("method", "")) if isinstance(visit.json_body, dict) else ""


def _is_query(visit: Visit) -> bool:
    """Whether a JSON request only reads: JSON-RPC sends its queries as POST, and the method's name tells them apart."""
    return bool(_QUERY_METHOD.search(_method_of(visit)))


def _draft_query(drafter: ReadDrafter, visit: Visit, names: set[str]) -> None:
    if _method_of(visit) and re.sub(r"\W+", "_", _method_of(visit).lower()) in names:
        return
    fields = plain_fields(visit.page)
    if not visit.is_page or not fields:
        return
    name = _name(_method_of(visit) or visit.path, names)
    step = {"send": visit.method, "path": visit.path, "json": visit.json_body, "repeatable": True}
    drafter.builder.set_value(f"read.{name}", _read([step], fields), f"{visit.name} asks {_method_of(visit)!r}")


def _draft_form(drafter: ReadDrafter, write: RecordedWrite, names: set[str]) -> None:
    steps: list[dict[str, t.Any]] = [{"get": fetchable_page(drafter, write)}]
    inputs: list[str] = []
    for index, part in enumerate(write.submissions):
        step: dict[str, t.Any] = {"submit": form_pick(part.form, part.source.forms)}
        fill = _changed(part, inputs)
        if fill:
            step["fill"] = fill
        named = [each["name"] for each in part.form["buttons"] if each["name"] in dict(part.visit.form)]
        if named and named[0]:
            step["press"] = named[0]
        if index < len(write.submissions) - 1:
            step["writes"] = False
        steps.append(step)
    labels = [each["label"] for each in write.submissions[0].form["buttons"] if each["label"]]
    _set_write(drafter, _name(labels[0] if labels else write.last.path, names), steps, inputs, write.name)


def _changed(part: RecordedSubmission, inputs: list[str]) -> dict[str, str]:
    """Return the fields that a person changed, each as a placeholder, and add their names to ``inputs``."""
    sent, fill = dict(part.visit.form), {}
    for each in part.form["controls"]:
        name = each["name"]
        if not name or each["type"] in ("hidden", "file") or sent.get(name) == part.form["fields"].get(name):
            continue
        given = re.sub(r"\W+", "_", name.lower()).strip("_")
        fill[name] = f"${{{given}}}"
        if given not in inputs:
            inputs.append(given)
    return fill


def _draft_request(drafter: ReadDrafter, visit: Visit, names: set[str]) -> None:
    inputs: list[str] = []
    step: dict[str, t.Any] = {"send": visit.method, "path": visit.path}
    if isinstance(visit.json_body, dict):
        step["json"] = {
            name: _as_inputs(item, inputs) if isinstance(item, dict) else item for name, item in visit.json_body.items()
        }
    elif visit.form:
        step["form"] = {name: f"${{{_input(name, inputs)}}}" for name, _value in visit.form}
    _set_write(drafter, _name(_method_of(visit) or visit.path.rsplit("/", 1)[-1], names), [step], inputs, visit.name)


def _input(name: str, inputs: list[str]) -> str:
    given = re.sub(r"\W+", "_", name.lower()).strip("_")
    if given not in inputs:
        inputs.append(given)
    return given


def _as_inputs(item: dict[str, t.Any], inputs: list[str]) -> dict[str, t.Any]:
    return {name: value if isinstance(value, list) else f"${{{_input(name, inputs)}}}" for name, value in item.items()}


def _set_write(drafter: ReadDrafter, name: str, steps: list[dict[str, t.Any]], inputs: list[str], why: str) -> None:
    write: dict[str, t.Any] = {"steps": steps}
    if inputs:
        write = {"inputs": inputs, **write}
    drafter.builder.set_value(f"write.{name}", write, why)
