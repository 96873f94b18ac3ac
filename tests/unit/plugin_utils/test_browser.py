# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a browser did not start: the logs are those of Chromium and Playwright, shortened."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._browser import cause_of

GONE = "BrowserType.launch: Target page, context or browser has been closed\nBrowser logs:\n"
LAUNCHED = "Call log:\n  - <launching> /usr/bin/chromium --no-sandbox --remote-debugging-pipe\n"


@pytest.mark.parametrize(
    ("log", "reason", "advice"),
    [
        (
            f"{GONE}{LAUNCHED}  - [pid=7][err] [7:7:ERROR:ozone_platform_x11.cc:257] Missing X server or $DISPLAY\n",
            "no screen",
            "a machine with a screen",
        ),
        (f"{GONE}Looks like you launched a headed browser without having a XServer running.", "no screen", "ssh -X"),
        (
            f"{GONE}{LAUNCHED}  - [pid=7][err] Running as root without --no-sandbox is not supported.\n",
            "sandbox",
            "browser_arguments",
        ),
        (f"{GONE}{LAUNCHED}  - [pid=7][err] [7:7:FATAL:zygote] No usable sandbox!\n", "sandbox", "browser_arguments"),
        (f"{GONE}{LAUNCHED}  - [pid=7][err] cannot open shared object file\n", "shared object file", "-e browser=PATH"),
        ("BrowserType.launch: Executable doesn't exist at /opt/none", "/opt/none", "-e browser=PATH"),
        ("", "no reason", "-e browser=PATH"),
    ],
)
def test_the_cause_is_named_and_what_to_do(log: str, reason: str, advice: str) -> None:
    said, next_step = cause_of(log)
    assert reason in said
    assert advice in next_step
    assert "\n" not in said


def test_an_argument_of_the_command_line_is_no_cause() -> None:
    assert "sandbox" not in cause_of(f"{GONE}{LAUNCHED}")[0]
