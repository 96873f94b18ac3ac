# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends a request again that may be repeated, after growing random pauses. Which may be repeated is decided above."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from ..libraries import httpx
from .failures import NoTimeLeft, is_certificate_problem
from .options import ClientOptions

RETRIED = frozenset({429, 502, 503, 504})
"""Statuses of an interface that may answer in a moment."""

_LONGEST_PAUSE = 600.0  # seconds; only felt by a client without a deadline
_LONGEST_BACKOFF = 60.0


def send_with_retries(
    send: Callable[[httpx.Request], httpx.Response], request: httpx.Request, options: ClientOptions
) -> httpx.Response:
    """Return the first final answer. Raises the last error, and :class:`NoTimeLeft` instead of too long a pause.

    A pause is what Retry-After says, or random up to ``retry_backoff`` seconds, doubled each time.
    """
    for attempt in itertools.count():
        may_repeat = attempt < options.retries and not options.deadline.passed
        last: httpx.Response | Exception
        try:
            last = send(request)
            if last.status_code not in RETRIED or not may_repeat:
                return last
        except (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError) as error:
            if is_certificate_problem(error) or not may_repeat:
                raise
            last = error
        pause = _retry_after(last) or min(options.retry_backoff * 2**attempt, _LONGEST_BACKOFF) * random.random()
        if pause >= min(options.deadline.left(), _LONGEST_PAUSE):
            raise NoTimeLeft(last)
        options.deadline.sleep(pause)
    raise AssertionError("the loop ends by returning or raising")


def _retry_after(last: httpx.Response | Exception) -> float:
    """Seconds that the answer asks for (RFC 9110, 10.2.3); 0 where it does not."""
    text = "" if isinstance(last, Exception) else last.headers.get("Retry-After", "").strip()
    try:
        seconds = float(text) if text.isdecimal() else parsedate_to_datetime(text).timestamp() - time.time()
    except (ValueError, OverflowError, TypeError):
        return 0.0
    return max(0.0, seconds)
