# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory of a run, in one process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore


class RunStore(TaskStore):
    """Keeps sessions for later tasks, as the memory of a run does."""

    outlives_task = True

    def __init__(self) -> None:
        super().__init__()
        self._locks: dict[str, threading.Semaphore] = {}

    @contextmanager
    def lock(self, name: str, slots: int = 1) -> Iterator[None]:
        """Let ``slots`` tasks at a time hold ``name``."""
        with self._locks.setdefault(name, threading.Semaphore(slots)):
            yield
