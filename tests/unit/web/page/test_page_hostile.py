# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that were made to be costly are read, or refused with the reason, in bounded time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile.pages import LIMITS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PROGRAM = Path(__file__).resolve().parents[3] / "hostile" / "pages.py"

REFUSED = {
    "links below a long base": "base address has 100,001 characters",
    "links below a base of the greatest length": "their texts have more than",
    "attributes of one tag": "<input> has more than 1,000 attributes",
    "ids around many elements": "more than 300,000 tags",
    "ids around as many as are read": "takes more than",
    "headings around as many as are read": "takes more than",
    "ids around one text": "takes more than",
    "formatting that is opened again": "that are not closed",
    "options mirrored": "that are not closed",
    "many forms": "more than 300,000 tags",
    "elements without end": "more than 300,000 tags",
}


@pytest.fixture(scope="module")
def measured() -> Any:
    done = subprocess.run([sys.executable, PROGRAM, "--json"], capture_output=True, text=True, check=True, timeout=200)
    found = json.loads(done.stdout)
    print(json.dumps(found, indent=1))
    return found


def test_each_costly_page_is_bounded(measured: Any) -> None:
    for name, each in measured.items():
        assert not LIMITS.exceeded(each), (name, each)
        assert each["result"].startswith(("read: ", "refused: ")), (name, each)


@pytest.mark.parametrize(("name", "reason"), REFUSED.items())
def test_a_page_that_would_cost_too_much_is_refused_with_the_reason(measured: Any, name: str, reason: str) -> None:
    assert measured[name]["result"].startswith("refused: ")
    assert reason in measured[name]["result"]
