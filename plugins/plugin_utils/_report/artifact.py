# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as data that an engine carries from job to job (set_stats): compressed, bounded, without a capability. Pure.

The paths of registration addresses and QR codes are left out, as they mean nothing on another machine.
"""

from __future__ import annotations

import base64
import binascii
import json
import typing as t
import zlib
from collections.abc import Mapping

from ...module_utils._web.errors import BadInput
from .._run_identity import RESULTS_PREFIX, RunIdentity
from .document import RunReport

SCHEMA = 1
CHUNK = 64 * 1024
"""Characters of one text."""
LIMIT = 4 << 20
"""Characters of all texts: what a job may leave in the database of an engine. 10,000 printers need a quarter of it."""
LARGEST = 256 << 20
"""Bytes that are unpacked at most."""
_LEFT_OUT = ("address_file", "qr_path")


def as_artifact(report: RunReport, run: RunIdentity) -> dict[str, t.Any]:
    """Return ``report`` as data of :data:`SCHEMA`. Raises :class:`BadInput` if it exceeds :data:`LIMIT`."""
    data = _without_paths(report.as_dict())
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    packed = base64.b64encode(zlib.compress(text.encode(errors="replace"), 9)).decode()
    if len(packed) > LIMIT:
        raise BadInput(
            f"the results of {len(report.printers)} printers are {len(packed)} characters, and a job may leave {LIMIT}",
            advice="Divide the inventory into more slices, or merge the report files of the slices.",
        )
    return {
        "schema": SCHEMA,
        "run": run.as_dict(),
        "written": report.written,
        "counts": report.counts,
        "report": [packed[at : at + CHUNK] for at in range(0, len(packed), CHUNK)],
    }


def of_artifact(data: t.Any) -> RunReport:
    """Return the report that :func:`as_artifact` made ``data`` of. Raises ``ValueError`` for anything else.

    Paths that it should not have are left out here too: the files of this machine are not for others to name.
    """
    if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
        raise ValueError(f"it is no data of schema {SCHEMA}")
    try:
        packed = base64.b64decode("".join(map(str, data["report"])), validate=True)
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, LARGEST)
        if not unpacker.eof:
            raise ValueError("it is larger than any report, or cut off")
        return RunReport.of_dict(_without_paths(json.loads(text)))
    except (KeyError, TypeError, AttributeError, RecursionError, binascii.Error, zlib.error) as error:
        raise ValueError(f"it is damaged: {error}") from error


def _without_paths(data: Mapping[str, t.Any]) -> dict[str, t.Any]:
    printers = {
        name: {key: None if key in _LEFT_OUT else value for key, value in result.items()}
        for name, result in data["printers"].items()
    }
    return {**data, "printers": printers}


def name_of(run: RunIdentity) -> str:
    """Return the name of the variable that holds the results of ``run``."""
    return f"{RESULTS_PREFIX}{run.name}"
