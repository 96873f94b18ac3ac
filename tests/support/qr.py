# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads QR codes as a telephone does: from their picture. Tests that use it are marked ``needs_program("libzbar")``."""

from __future__ import annotations

import importlib
import io
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from PIL import Image

_SCALE = 4
_MOVES = re.compile(r"([Mmh])([\d.-]+)(?:[ ,]([\d.-]+))?")


def read_png(path: Path) -> str:
    """Return the text of the QR code in a PNG file."""
    return _read_picture(path.read_bytes())


def read_svg(path: Path) -> str:
    """Return the text of the QR code in an SVG file: one path of horizontal strokes, each one module high."""
    root = ElementTree.parse(path).getroot()
    line = next(element for element in root.iter() if element.tag.endswith("path"))
    scale = float(re.sub(r"[^\d.]", "", line.get("transform", "scale(1)")))
    width = round(float(root.attrib["width"]) / scale)
    dark: set[tuple[int, int]] = set()
    x = y = 0.0
    for kind, first, second in _MOVES.findall(line.attrib["d"]):
        if kind == "M":
            x, y = float(first), float(second)
        elif kind == "m":
            x, y = x + float(first), y + float(second)
        else:
            dark |= {(round(x) + step, int(y)) for step in range(round(float(first)))}
            x += float(first)
    size = width * _SCALE
    pixels = bytes(0 if (x // _SCALE, y // _SCALE) in dark else 255 for y in range(size) for x in range(size))
    return _decode((pixels, size, size))


def _read_picture(data: bytes) -> str:
    with Image.open(io.BytesIO(data)) as picture:
        return read_image(picture)


def read_image(picture: Image.Image) -> str:
    """Return the text of the only QR code in a picture."""
    grey = picture.convert("L")
    return _decode((grey.tobytes(), *grey.size))


def _decode(pixels: tuple[bytes, int, int]) -> str:
    pyzbar: Any = importlib.import_module("pyzbar.pyzbar")  # it loads libzbar, which is not everywhere
    found = pyzbar.decode(pixels)
    assert len(found) == 1, f"{len(found)} QR codes"
    text: bytes = found[0].data
    return text.decode()
