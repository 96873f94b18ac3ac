# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the documentation: each is made by tools/screenshots.py, shown with a description, and small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import screenshots
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SHOWN = re.compile(r"!\[([^\]]+)\]\(images/([\w.-]+)\)")


def test_the_pictures_are_those_that_the_script_makes() -> None:
    made = {path.name for path in screenshots.IMAGES.glob("*.png") if not path.name.startswith(("recorder-", "try-"))}
    assert made == set(screenshots.PICTURES), "those of recorder and explorer are made by make demo-profile"


@pytest.mark.parametrize("name", screenshots.PICTURES)
def test_a_picture_is_small_and_shown_with_a_description(name: str) -> None:
    path = screenshots.IMAGES / name
    assert path.stat().st_size <= screenshots.LARGEST
    with Image.open(path) as picture:
        assert min(picture.size) >= 300
    pages = [page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md")]
    descriptions = [text for page in pages for text, shown in SHOWN.findall(page) if shown == name]
    assert len(descriptions) == 1
    assert len(descriptions[0].split()) >= 5
