# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that were made to be costly or endless are read, or refused with the reason, in bounded time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile.answers import LIMITS, TIMEOUT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PROGRAM = Path(__file__).resolve().parents[3] / "hostile" / "answers.py"

LARGE = "larger than 8 MiB"
REASONS = {
    "256 MiB compressed": LARGE,
    "256 MiB compressed twice": "compressed 2 times",
    "a body without end": LARGE,
    "one chunk without end": LARGE,
    "an extension without end": "not as HTTP",
    "a header without end": "not as HTTP",
    "interim answers without end": "interim responses",
    "a redirect to itself": "in a circle",
    "a header, dripped": "did not answer in time",
    "interim answers, dripped": "did not answer in time",
    "nothing": "did not answer in time",
}


@pytest.fixture(scope="module")
def measured() -> Any:
    done = subprocess.run([sys.executable, PROGRAM, "--json"], capture_output=True, text=True, check=True, timeout=200)
    found = json.loads(done.stdout)
    print(json.dumps(found, indent=1))
    return found


def test_each_hostile_answer_is_bounded(measured: Any) -> None:
    for name, each in measured.items():
        assert not LIMITS.exceeded(each), (name, each)
        assert each["waited"] < TIMEOUT + 10, (name, each)
        assert each["result"] != "memory is used up", (name, each)


@pytest.mark.parametrize(("name", "reason"), REASONS.items())
def test_the_reason_is_named(measured: Any, name: str, reason: str) -> None:
    assert reason in measured[name]["result"]
