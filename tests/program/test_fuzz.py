# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged pages, recordings and profiles, by the hundred: our own errors only, within limits of time and memory.

FUZZ_SEED and FUZZ_INPUTS (per reader) choose another run; the seed of this one is fixed, so that it repeats.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parents[1] / "fuzz" / "program.py"
SEED = os.environ.get("FUZZ_SEED", "20261121")
INPUTS = os.environ.get("FUZZ_INPUTS", "")
FEW = {"page": "600", "har": "20", "profile": "60"}
"""Inputs that a reader gets through in a second or two."""
MANY = {"page": "20000", "har": "400", "profile": "1500"}


@pytest.mark.parametrize("reader", FEW)
@pytest.mark.parametrize("inputs", [FEW, pytest.param(MANY, marks=pytest.mark.slow)], ids=["few", "many"])
def test_damaged_input_ends_in_our_own_errors(reader: str, inputs: dict[str, str], tmp_path: Path) -> None:
    count = INPUTS or inputs[reader]
    done = subprocess.run(
        [sys.executable, str(PROGRAM), reader, SEED, count, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, f"exit status {done.returncode} (seed {SEED})\n{done.stdout}\n{done.stderr[-4000:]}"
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["inputs"] == int(count)
