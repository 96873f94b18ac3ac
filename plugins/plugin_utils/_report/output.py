# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text on the standard output of a run, from one of its workers, and a line of progress. Knows no report.

A worker that prints through Ansible's C(Display) has the main process print for it, in a thread that ends for good if
the output is a pipe that was closed (C(| head)): the run then waits for ever. So a worker writes to a duplicate of the
standard output, made in the main process before it forks, and the log of Ansible (C(log_path)) gets its copy.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import typing as t
from shutil import get_terminal_size

from .layout import wrapped


def _duplicate() -> int | None:
    """Return a duplicate of the standard output, None in a worker, which has none, and where it is closed."""
    if multiprocessing.parent_process() is not None:
        return None
    try:
        return os.dup(1)
    except OSError:
        return None


_STDOUT = _duplicate()


def show(display: t.Any, text: str) -> None:
    """Print ``text`` and a line end, now. An output that was closed is no error. ``display`` is Ansible's."""
    if _STDOUT is None:
        display.display(text)
        return
    display.display(text, log_only=True)
    left = f"{text}\n".encode(errors="replace")
    with contextlib.suppress(OSError):
        while left:
            left = left[os.write(_STDOUT, left) :]


def show_progress(text: str) -> None:
    """Show one line in place of the progress before; an empty text takes it away.

    A log has no use for it, so it is shown on a terminal only, and not where the environment says C(CI).
    """
    if _STDOUT is None or os.environ.get("CI") or not os.isatty(_STDOUT):
        return
    line = wrapped(text, max(20, get_terminal_size().columns - 1))[0]
    with contextlib.suppress(OSError):
        os.write(_STDOUT, f"\r\x1b[2K{line}".encode(errors="replace"))
