# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the pictures of docs/images anew: summary, report and labels of two runs against the simulator's demo fleet.

    make pictures

The first run has no account of a tenant, so printers wait for a person; in the second one they are claimed, and a
printer was mended meanwhile. Look at the pictures before they are committed.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser
from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
COLLECTIONS = ROOT / ".cache" / "collections"
sys.path[:0] = [str(ROOT / "tests"), str(COLLECTIONS)]

from support.inventory import inventory_of, write_inventory
from support.person import chromium
from support.playbook import WHOLE_FLEET, command, environment
from support.programs import path_of
from support.simulation import FLEETS, running

IMAGES = ROOT / "docs" / "images"
PICTURES = (
    *("summary-80.png", "summary-160.png", "labels.png"),
    *("report-light.png", "report-dark.png", "report-phone.png", "report-print.png"),
)
LARGEST = 150_000
"""Bytes of a picture."""
_COLOURS = 48
_MENDED = "sra-ors-down"
_TERMINAL = """<!doctype html><meta charset="utf-8"><body style="margin: 0">
<pre style="margin: 0; padding: 12px; display: inline-block; font: 13px/1.25 'DejaVu Sans Mono', monospace;
background: #292929; color: #c5c8c6">{code}</pre>"""


def main() -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory(prefix="printops-pictures-") as temporary, chromium() as browser:
        folder = Path(temporary)
        with running(FLEETS / "demo.yml", folder / "simulator") as simulation:
            inventory = folder / "printers" / "inventory.yml"
            inventory.parent.mkdir()
            write_inventory(inventory, inventory_of(simulation, tenant=None, viewer=True))
            _terminal(browser, _onboard(inventory, columns=80), 80, "summary-80.png")
            files = inventory.parent / "onboarding"
            _report(browser, files / "report.html")
            _paper((files / "labels.pdf").read_bytes(), "labels.png")
            simulation.request("PATCH", f"printers/{_MENDED}", {"trouble": "none"})
            write_inventory(inventory, inventory_of(simulation, viewer=True))
            _terminal(browser, _onboard(inventory, columns=160), 160, "summary-160.png")


def _onboard(inventory: Path, *, columns: int) -> str:
    """Run onboard_fleet on a terminal that is so wide, and return the summary with its colours."""
    env = environment(inventory.parent)
    for name in ("ANSIBLE_NOCOLOR", "NO_COLOR", "COLUMNS", "CI"):
        env.pop(name, None)
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(
        command("printops.prisma.onboard_fleet", inventory, inventory.parent, *WHOLE_FLEET),
        cwd=inventory.parent,
        env={**env, "TERM": "xterm-256color"},
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=subprocess.DEVNULL,
    )
    os.close(terminal)
    output = bytearray()
    with contextlib.suppress(OSError):  # the other side is closed
        while chunk := os.read(controller, 1 << 16):
            output += chunk
    os.close(controller)
    process.wait()
    text = output.decode(errors="replace").replace("\r\n", "\n")
    heads = list(re.finditer(r"^(?:\x1b\[\d+m)?Onboarding: ", text, re.MULTILINE))
    if not heads:
        raise SystemExit(f"the run has no summary:\n{text}")
    return text[heads[-1].start() :].strip()


def _terminal(browser: Browser, text: str, columns: int, name: str) -> None:
    """Draw the text of a terminal."""
    console = Console(record=True, width=columns, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi(text), no_wrap=True, overflow="ignore", crop=False)
    html = console.export_html(theme=SVG_EXPORT_THEME, code_format=_TERMINAL, inline_styles=True)
    page = browser.new_page(viewport={"width": columns * 9, "height": 800})
    page.set_content(html)
    _save(page.locator("pre").screenshot(), name)
    page.close()


def _report(browser: Browser, report: Path) -> None:
    """Draw the report on screens and on paper."""
    views: dict[str, dict[str, Any]] = {
        "report-light.png": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
        "report-dark.png": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
        "report-phone.png": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}, "is_mobile": True},
    }
    for name, view in views.items():
        context = browser.new_context(offline=True, **view)
        page = context.new_page()
        page.goto(report.as_uri())
        _save(page.screenshot(), name)
        if name == "report-light.png":
            _paper(page.pdf(format="A4", prefer_css_page_size=True), "report-print.png")
        context.close()


def _paper(pdf: bytes, name: str) -> None:
    """Draw the first page of a PDF file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        drawing = [path_of("pdftoppm"), "-png", "-r", "90", "-f", "1", "-l", "1", "-singlefile", "paper.pdf", "paper"]
        subprocess.run(drawing, cwd=folder, check=True, timeout=120)
        _save(path.with_suffix(".png").read_bytes(), name)


def _save(picture: bytes, name: str) -> None:
    """Save a picture with few colours, which makes it small."""
    with Image.open(io.BytesIO(picture)) as whole:
        small = whole.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    content = io.BytesIO()
    small.save(content, "PNG", optimize=True)
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / name).write_bytes(content.getvalue())
    print(f"{name}: {len(content.getvalue()) // 1000} kB")
    if len(content.getvalue()) > LARGEST:
        raise SystemExit(f"{name} is larger than {LARGEST} bytes")


if __name__ == "__main__":
    os.environ.setdefault("ANSIBLE_COLLECTIONS_PATH", str(COLLECTIONS))
    main()
