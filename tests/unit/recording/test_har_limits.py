# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of reading a recording: each one is reported, and a large file stays within them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import Limits, read_har
from unit.recording.hars import entry, read


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(file=100), "too large"),
        (Limits(entry=70_000), r"log.entries\[2\] is larger than 70000 bytes"),
        (Limits(entries=2), "more than 2 entries"),
        (Limits(bodies=1000), r"the bodies up to log.entries\[2\] are larger than 1000 bytes"),
        (Limits(values=5), r"log.entries\[0\] has more than 5 values"),
        (Limits(depth=4), r"log.entries\[0\] is nested deeper than 4 levels"),
        (Limits(seconds=-1), "takes too long to read"),
    ],
)
def test_each_limit_is_reported(tmp_path: Path, limits: Limits, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read(tmp_path, entry(_x=[[[[1]]]]), entry(), entry(text="x" * 1_000_000), limits=limits)


def test_a_large_body_is_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, entry(), entry("/large", "x" * 101), limits=Limits(body=100))
    assert [each.has_body for each in found.exchanges] == [True, False]
    assert "left out: bodies larger than 100 bytes: 1" in found.notes


def test_gigabytes_are_refused_immediately(tmp_path: Path) -> None:
    path = tmp_path / "large.har"
    with path.open("wb") as file:
        file.write(b'{"log": {"entries": [{"x": "')
        file.truncate(6 * 1024**3)
    began = time.process_time()
    with pytest.raises(BadInput, match="too large: 6442450944 bytes"):
        read_har(path)
    assert time.process_time() - began < 2
