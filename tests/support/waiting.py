# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for what other processes do. Knows none of them."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(so: Callable[[], bool], seconds: float = 20) -> bool:
    """Look until ``so`` is true or the seconds are over, and return whether it has come true."""
    deadline = time.monotonic() + seconds
    while not so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
