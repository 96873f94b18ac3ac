# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-test sanity, as tools/sanity.py runs it: tests among the others, so that it runs beside them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parents[2] / "tools" / "sanity.py"
FIRST_RUN = 1500
"""Seconds: the first time it makes its environments from the package index, which may be far away."""


def sanity(*arguments: str) -> None:
    """Run tools/sanity.py; what it printed is the message of a failure."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=FIRST_RUN,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.timeout(FIRST_RUN)
def test_sanity() -> None:
    sanity(*(word for name in ("import", "pep8", "pylint", "shellcheck") for word in ("--skip-test", name)))


@pytest.mark.slow
@pytest.mark.timeout(FIRST_RUN)
def test_pylint_of_the_plugins() -> None:
    sanity("--test", "pylint", "plugins/")


@pytest.mark.slow
@pytest.mark.timeout(FIRST_RUN)
def test_import_of_each_plugin() -> None:
    """Without the libraries that it guards."""
    sanity("--test", "import")


@pytest.mark.slow
@pytest.mark.timeout(FIRST_RUN)
def test_pep8() -> None:
    """What ruff has said already, but for its own rules."""
    sanity("--test", "pep8")


@pytest.mark.slow
@pytest.mark.timeout(FIRST_RUN)
def test_pylint_of_all_else() -> None:
    sanity("--test", "pylint", "docs/", "tests/", "tools/")


@pytest.mark.needs_program("shellcheck")
@pytest.mark.timeout(FIRST_RUN)
def test_sanity_of_shell_scripts() -> None:
    sanity("--test", "shellcheck")
