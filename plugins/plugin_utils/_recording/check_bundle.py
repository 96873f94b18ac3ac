# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a check as a bundle for an issue report, without any value that was read or signed in with."""

from __future__ import annotations

import io
import json
import platform
import re
import sys
import typing as t
import zipfile
from collections.abc import Callable, Mapping
from functools import partial

from ...module_utils._web.errors import PrismaError
from ...module_utils._web.libraries import yaml
from ...module_utils._web.profile.profile import Profile, Read, Write
from .check_report import CheckReport

MIN_VALUE_LENGTH = 4
"""Characters. A shorter value identifies nobody, and replacing it would change other words."""

_README = """A report of printops.prisma.profile_check, made to be attached to a public issue.

report.json    the result of each operation; in values that were read, letters are x and digits are 9
profile.yml    the profile that was checked

Neither file contains a value that was read or signed in with. Read both before you publish them all the same.
"""


def build_bundle(profile: Profile, report: CheckReport, known: set[str]) -> bytes:
    """Return the bundle as a ZIP file.

    It contains none of ``known`` and of the values in the report. Raises :class:`PrismaError` if one is left in it.
    """
    profile_words = _profile_words(profile)
    values = {
        value for value in (*known, *_values(report.reading(), profile_words)) if len(value.strip()) >= MIN_VALUE_LENGTH
    }
    data = report.as_dict()
    for operation in data["operations"].values():
        operation["readings"] = _replaced(operation["readings"], partial(_masked, profile_words=profile_words))
    hide = partial(_without_values, values=values)
    hidden = partial(_replaced, change=hide, key=lambda name: hide(str(name)))
    made = {"python": platform.python_version(), "system": sys.platform}
    texts = {
        "README.txt": _README,
        "report.json": json.dumps(hidden({**data, "made": made}), indent=2, ensure_ascii=False) + "\n",
        "profile.yml": yaml.safe_dump(hidden(dict(profile.source)), allow_unicode=True, sort_keys=False),
    }
    for name, text in texts.items():
        if any(value in text for value in values):
            raise PrismaError(
                f"the bundle was not written: {name} would contain a value that was read or signed in with",
                advice="Remove that value from the profile (title, notes, expressions), and run again.",
            )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def _profile_words(profile: Profile) -> frozenset[str]:
    """Return the words to which the profile maps texts, such as ``connected``. They are no values of the site."""
    found = {"other"}
    operations: list[Read | Write] = [*profile.reads.values(), *profile.writes.values()]
    for operation in operations:
        for pick in operation.fields.values():
            found |= set((pick.values or {}).values())
    return frozenset(found)


def _replaced(value: t.Any, change: Callable[[t.Any], t.Any], key: Callable[[t.Any], t.Any] = str) -> t.Any:
    """Return ``value`` with ``change`` applied to everything in it that contains nothing else, and ``key`` to keys."""
    if isinstance(value, Mapping):
        return {key(name): _replaced(item, change, key) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(item, change, key) for item in value]
    return change(value)


def _values(reading: t.Any, profile_words: frozenset[str]) -> t.Iterator[str]:
    found: list[t.Any] = []
    _replaced(reading, found.append)
    for each in found:
        if isinstance(each, str) and each not in profile_words and not re.fullmatch(r"\([a-z]+\)", each):
            yield each
        elif isinstance(each, (int, float)) and not isinstance(each, bool):
            yield str(each)


def _masked(value: t.Any, profile_words: frozenset[str]) -> t.Any:
    if isinstance(value, str) and value not in profile_words:
        return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return type(value)(re.sub(r"\d", "9", str(value)))
    return value


def _without_values(value: t.Any, values: set[str]) -> t.Any:
    if isinstance(value, str):
        for each in sorted(values, key=len, reverse=True):
            value = value.replace(each, "…")
        return value
    if value is None or isinstance(value, bool):
        return value
    return "…" if any(each in str(value) for each in values) else value  # a number, a date
