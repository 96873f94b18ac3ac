# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What axe-core finds wrong for people with a keyboard or a screen reader in a page. Asserts nothing."""

from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from .programs import path_of

AXE = "axe-core@4.14.1"


def fetched(folder: Path) -> str:
    """Return the script of axe-core from npm, by way of ``folder``. Skips the test where npm cannot fetch it."""
    done = subprocess.run(
        [path_of("npm"), "pack", "--silent", AXE], cwd=folder, capture_output=True, timeout=120, check=False
    )
    if done.returncode:
        pytest.skip(f"npm cannot fetch {AXE}: {done.stderr.decode(errors='replace')[-200:]}")
    (packed,) = folder.glob("*.tgz")
    with tarfile.open(packed) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()


def faults_of(
    browser: Browser, file: Path, axe: str, *, color_scheme: Any, width: int, before: str = ""
) -> list[tuple[str, list[str]]]:
    """Return the rules that the page in ``file`` breaks, with parts of it. ``before`` is a script that runs first."""
    context = browser.new_context(color_scheme=color_scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto(file.as_uri())
    if before:
        page.evaluate(before)
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    context.close()
    return [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found["violations"]]
