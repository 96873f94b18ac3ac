# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of tests/fixtures/pages: their bytes, and what Chromium reads in each. Asserts nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "pages"
EXPECTED = FOLDER / "pages.expected.json"
ADDRESS = "https://printer.example.com/ui/page.htm"
"""Where each page stands."""


def pages() -> dict[str, bytes]:
    """Return the pages by name."""
    found: list[dict[str, Any]] = yaml.safe_load((FOLDER / "pages.yml").read_text(encoding="utf-8"))
    return {page["name"]: _bytes(page) for page in found}


def _bytes(page: dict[str, Any]) -> bytes:
    repeated = "".join(page.get("repeat", "").replace("{n}", str(number)) for number in range(page.get("times", 0)))
    text: str = page["html"].replace("{repeat}", repeated)
    return text.encode(page.get("encoding", "utf-8"), "xmlcharrefreplace")


def expected() -> dict[str, Any]:
    """Return what Chromium reads in each page, by name."""
    found: dict[str, Any] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return found
