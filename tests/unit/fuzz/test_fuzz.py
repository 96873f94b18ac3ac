# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged pages, recordings and profiles, for a bounded time: our own errors only, within limits of time and memory.

FUZZ_SEED and FUZZ_SECONDS (per reader) choose another run; the seed of this one is fixed, so that it repeats.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parents[2] / "fuzz" / "program.py"
SEED = os.environ.get("FUZZ_SEED", "20261121")
SECONDS = os.environ.get("FUZZ_SECONDS", "8")


@pytest.mark.parametrize("reader", ["page", "har", "profile"])
def test_damaged_input_ends_in_our_own_errors(reader: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), reader, SEED, SECONDS, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, f"exit status {done.returncode} (seed {SEED})\n{done.stdout}\n{done.stderr[-4000:]}"
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["inputs"] >= 5  # a busy machine reads few recordings in that time
