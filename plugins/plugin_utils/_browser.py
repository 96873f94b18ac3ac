# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the system's Chromium, Chrome or Edge with Playwright. Knows no page."""

from __future__ import annotations

import os
import re
import shutil
import sys
import typing as t
from collections.abc import Sequence

from ..module_utils._web.errors import BadInput, MissingLibrary

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
"""Programs that are searched for on PATH, the first one that exists is used."""

_CAUSES = (
    (
        re.compile(r"Missing X server|\$DISPLAY|without having a XServer|[Cc]annot open display"),
        "there is no screen (DISPLAY is not set, or its server does not answer)",
        "Run this on a machine with a screen. Over SSH, use ssh -X.",
    ),
    (
        re.compile(r"no-sandbox is not supported|No usable sandbox|sandboxing failed"),
        "Chromium cannot use its sandbox, as is usual for root and in containers",
        'Run this as an ordinary user outside a container, or with -e \'{"browser_arguments": ["--no-sandbox"]}\'.',
    ),
)
"""What the log of a browser that did not start says, the cause in words, and what to do next."""


def playwright_api(otherwise: str = "") -> t.Any:
    """Return Playwright's synchronous interface. Raise :class:`MissingLibrary` if it is not installed.

    ``otherwise`` is advice for a user who cannot install it.
    """
    try:
        from playwright import sync_api
    except ImportError as error:
        raise MissingLibrary(
            f"the Python library playwright is missing for {sys.executable}: {error}",
            advice=(
                f"Install it for that interpreter ({sys.executable} -m pip install playwright), and Chromium, Chrome "
                f"or Edge. {otherwise}"
            ).strip(),
        ) from error
    return sync_api


def launch(
    running: t.Any,
    failed: type[Exception],
    *,
    browser: str | None,
    arguments: Sequence[str] = (),
    headless: bool = False,
    http_proxy: str | None = None,
) -> t.Any:
    """Start a browser and return it. ``failed`` is Playwright's error. Raise :class:`BadInput` if it does not start."""
    executable = browser or next(filter(None, map(shutil.which, BROWSERS)), None)
    options: dict[str, t.Any] = {"executable_path": executable} if executable else {}  # otherwise Playwright's own
    if http_proxy:
        options["proxy"] = {"server": http_proxy}
    try:
        return running.chromium.launch(
            headless=headless, args=list(arguments), chromium_sandbox=os.geteuid() != 0, **options
        )
    except failed as error:
        reason, advice = cause_of(str(error))
        raise BadInput(
            f"the browser ({executable or 'the one of Playwright'}) cannot be started: {reason}", advice=advice
        ) from error


def cause_of(log: str) -> tuple[str, str]:
    """Return why a browser did not start, and what to do next. ``log`` is the text of Playwright's error.

    Its first line says only that the browser is gone; the cause is what the browser itself wrote, further below.
    """
    for pattern, reason, advice in _CAUSES:
        if pattern.search(log):
            return reason, advice
    lines = log.strip().splitlines() or ["it gave no reason"]
    written = [line.partition("[err]")[2].strip() for line in lines if "[err]" in line]
    return (
        ": ".join([lines[0], *written[-1:]]),
        "Run this on a machine with a screen and Chromium, or set its path (-e browser=PATH).",
    )


def first_line(error: Exception) -> str:
    """Return the first line of an error's text; Playwright's errors have a log below it."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
