# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the collection once for the tests of the package; asserts nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.package import build_tarball


@pytest.fixture(scope="session")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tarball of this tree."""
    return build_tarball(tmp_path_factory.mktemp("package"))
