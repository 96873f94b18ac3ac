# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A check as a bundle for an issue report, in which every value of the site is replaced. Knows no interface."""

from __future__ import annotations

import io
import json
import platform
import re
import sys
import typing as t
import zipfile
from collections.abc import Mapping

from ...module_utils._web.errors import PrismaError
from ...module_utils._web.libraries import yaml
from ...module_utils._web.profile.profile import Profile, Read, Write
from .check_report import CheckReport

SHORTEST = 4
"""Characters below which a value is no trace of anybody, and would be found in every word."""

_README = """A report of printops.prisma.profile_check, made to be attached to a public issue.

report.json    what was found, operation by operation; letters of values are x, digits are 9
profile.yml    the profile that was checked

Values that were read or signed in with are in neither. Look through both before you publish them all the same.
"""


def bundle_of(profile: Profile, report: CheckReport, known: set[str]) -> bytes:
    """Return the ZIP. ``known`` are values that must not be in it; raise :class:`PrismaError` if one is found there."""
    meanings = _meanings(profile)
    values = {value for value in (*known, *_values(report.reading(), meanings)) if len(value.strip()) >= SHORTEST}
    data = report.as_dict()
    for operation in data["operations"].values():
        operation["readings"] = _shapes(operation["readings"], meanings)
    made = {"python": platform.python_version(), "system": sys.platform}
    texts = {
        "README.txt": _README,
        "report.json": json.dumps(_without({**data, "made": made}, values), indent=2, ensure_ascii=False) + "\n",
        "profile.yml": yaml.safe_dump(_without(dict(profile.source), values), allow_unicode=True, sort_keys=False),
    }
    for name, text in texts.items():
        if any(value in text for value in values):
            raise PrismaError(
                f"the bundle was not written: {name} still has a value that was read or signed in with",
                advice="Take that value out of the profile (its title, notes, expressions), and run again.",
            )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return packed.getvalue()


def _meanings(profile: Profile) -> frozenset[str]:
    """The words that a profile itself gives values, as they are no value of anybody."""
    found = {"other"}
    operations: list[Read | Write] = [*profile.reads.values(), *profile.writes.values()]
    for operation in operations:
        for pick in operation.fields.values():
            found |= set((pick.values or {}).values())
    return frozenset(found)


def _values(reading: t.Any, meanings: frozenset[str]) -> t.Iterator[str]:
    if isinstance(reading, Mapping):
        for item in reading.values():
            yield from _values(item, meanings)
    elif isinstance(reading, list):
        for item in reading:
            yield from _values(item, meanings)
    elif isinstance(reading, str) and reading not in meanings and not re.fullmatch(r"\([a-z]+\)", reading):
        yield reading
    elif isinstance(reading, int) and not isinstance(reading, bool):
        yield str(reading)


def _shapes(value: t.Any, meanings: frozenset[str]) -> t.Any:
    if isinstance(value, Mapping):
        return {key: _shapes(item, meanings) for key, item in value.items()}
    if isinstance(value, list):
        return [_shapes(item, meanings) for item in value]
    if isinstance(value, str) and value not in meanings:
        return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", value))
    return value


def _without(value: t.Any, values: set[str]) -> t.Any:
    if isinstance(value, Mapping):
        return {str(_without(str(key), values)): _without(item, values) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without(item, values) for item in value]
    if isinstance(value, str):
        for each in sorted(values, key=len, reverse=True):
            value = value.replace(each, "…")
        return value
    return value
