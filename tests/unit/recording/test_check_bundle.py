# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundle of a check has no value that was read or signed in with, whatever its type and wherever it stands."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check_bundle import build_bundle
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check_report import (
    CheckReport,
    OperationCheck,
)
from unit.web.tiny import build, profile_source


def bundle(readings: list[Any], *known: str, source: dict[str, Any] | None = None) -> dict[str, str]:
    """Return the texts of the bundle of a check that has read this."""
    report = CheckReport("tiny", "controller", "live", "simulated", 2, 2)
    report.operations["read.value"] = OperationCheck("read.value", covered=True, readings=readings)
    made = build_bundle(build(source), report, set(known))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("SN-610000001", "xx-999999999"),
        (8080, 9999),
        (-12345, -99999),
        (48.137154, 99.999999),
        (True, True),
        (None, None),
        ([{"port": 3128}], [{"port": 9999}]),
    ],
)
def test_what_was_read_is_shown_by_its_shape(value: Any, shown: Any) -> None:
    texts = bundle([{"value": value}])
    assert json.loads(texts["report.json"])["operations"]["read.value"]["readings"] == [{"value": shown}]
    assert all(
        str(each) not in text for each in ("610000001", "8080", "12345", "48.137154", "3128") for text in texts.values()
    )


@pytest.mark.parametrize("evidence", ["2031-05-06", datetime.date(2031, 5, 6)])
def test_a_value_that_the_profile_has_as_well_is_left_out_of_it(evidence: Any) -> None:
    source = profile_source()
    source["title"] = "Tiny of hall-seven"
    source["evidence"]["date"] = evidence
    texts = bundle([{"value": 2031}], "hall-seven", source=source)
    assert "hall-seven" not in texts["profile.yml"]
    assert "2031" not in texts["profile.yml"]


def test_words_of_the_profile_and_short_values_stay() -> None:
    texts = bundle([{"value": "off", "state": "on"}])
    assert json.loads(texts["report.json"])["operations"]["read.value"]["readings"] == [{"value": "xxx", "state": "on"}]


def test_what_is_not_there_stays_so_where_a_text_is_called_none() -> None:
    texts = bundle([{"value": "None", "state": None}, {"value": "True", "state": True}])
    readings = json.loads(texts["report.json"])["operations"]["read.value"]["readings"]
    assert readings == [{"value": "xxxx", "state": None}, {"value": "xxxx", "state": True}]
