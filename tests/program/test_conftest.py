# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests/conftest.py makes of tests that are skipped: one line per missing program, and failures where CI=true."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
FILES = {
    "test_one": "import pytest\n\ndef test_one():\n    pytest.skip('not today')\n",
    "test_file": "import pytest\n\npytest.skip('not this file', allow_module_level=True)\n",
    "test_known": "import pytest\n\n@pytest.mark.xfail\ndef test_known():\n    raise OSError\n",
    "test_a": "import pytest\n\n@pytest.mark.needs_program('chromium')\ndef test_a():\n    raise OSError\n",
    "test_b": "import pytest\npytestmark = pytest.mark.needs_program('chromium')\n\ndef test_b():\n    raise OSError\n",
}


@pytest.mark.parametrize(
    ("ci", "summary", "line"),
    [
        ("", "4 skipped, 1 xfailed in", r"SKIPPED [2] tests/conftest.py"),
        ("true", "1 failed, 1 xfailed, 3 errors in", "A skip is a failure where CI=true."),
    ],
    ids=["on a desk", "in CI"],
)
def test_a_skip_is_a_line_on_a_desk_and_a_failure_in_ci(tmp_path: Path, ci: str, summary: str, line: str) -> None:
    """Given a PATH without Chromium, then both of its tests are one line with the package."""
    (tmp_path / "tests").mkdir()
    shutil.copy(TESTS / "conftest.py", tmp_path / "tests")
    for name, text in FILES.items():
        (tmp_path / "tests" / f"{name}.py").write_text(text)
    options = ("-p", "no:cacheprovider", "-rs", "--continue-on-collection-errors")
    settings = ("-o", f"pythonpath={TESTS}", "-o", "markers=needs_program")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *settings, "tests"],
        cwd=tmp_path,
        env={**os.environ, "CI": ci, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert summary in done.stdout, done.stdout + done.stderr
    assert line in done.stdout
    for reason in ("not today", "not this file", "chromium is not installed (Debian package chromium)"):
        assert reason in done.stdout
