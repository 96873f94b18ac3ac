# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a run in bulk mode: what began and ended, line by line, so that it survives a kill. No secrets."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
import time
import typing as t
from pathlib import Path

from ...module_utils._prisma.address_files import check_place
from ...module_utils._web.errors import BadInput


class Journal:
    """A file of JSON lines with mode 0600, which each run overwrites. Without a path it writes nothing.

    ``appends``: a later wave of the same run. ``trouble`` says why it is not whole: a full disk is no reason to stop
    half-way.
    """

    def __init__(self, path: str | None, *, appends: bool = False) -> None:
        self.trouble: str | None = None
        self._path = path
        self._lock = threading.Lock()
        self._file: t.TextIO | None = None
        if not path:
            return
        check_place(path, "journal")
        target = Path(path)
        try:
            target.absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if appends:  # O_NOFOLLOW: a link in its place is not followed
                descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
            else:  # put in its place as a whole: another run may do the same at this moment
                descriptor, made = tempfile.mkstemp(prefix=".journal-", dir=target.absolute().parent)
                with contextlib.ExitStack() as undone:
                    undone.callback(os.close, descriptor)
                    undone.callback(os.unlink, made)
                    os.replace(made, target)
                    undone.pop_all()
        except OSError as error:
            raise BadInput(f"the journal {path!r} cannot be written: {error.strerror or error}") from error
        # A line at a time. The name of a host may hold a byte that was no UTF-8 in the inventory.
        self._file = os.fdopen(descriptor, "a", encoding="utf-8", errors="replace", buffering=1)

    def note(self, printer: str, what: str, **more: t.Any) -> None:
        """Write one line."""
        if self._file is None:
            return
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        line = json.dumps({"at": at, "printer": printer, "what": what, **more}, ensure_ascii=False)
        with self._lock:
            if self._file.closed or self.trouble:
                return
            try:
                self._file.write(line + "\n")
            except OSError as error:
                self.trouble = f"the journal {self._path} is not whole: {error.strerror or error}"

    def close(self) -> None:
        """End it."""
        with self._lock:
            if self._file is not None:
                with contextlib.suppress(OSError):  # of what could not be written before
                    self._file.close()
