# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a session with an interface that only its profile describes, as the collection does."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    ClientOptions,
    Deadline,
    make_client,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import Profile
from ansible_collections.printops.prisma.plugins.module_utils._web.session.reading import Reading
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session import Session
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore, session_key
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile

PROFILES = Path(__file__).resolve().parents[1] / "fixtures" / "profiles"


def profile(name: str) -> Profile:
    """Return the profile of that name, or in that file, validated against the schema."""
    path = Path(name) if Path(name).is_absolute() else PROFILES / f"{name}.yml"
    return find_profile(str(path), "other", None)


@contextlib.contextmanager
def session(
    name: str, url: str, ca_path: str, *, username: str, password: str, seconds: float = 120, **options: Any
) -> Iterator[Session]:
    """Yield a session that is signed out at the end. ``options`` are those of the client."""
    how = ClientOptions(url, ca_path=ca_path, deadline=Deadline(seconds), **options)
    with make_client(how) as client:
        opened = Session(
            client,
            profile(name),
            key=session_key(url, name, username, password),
            account=username,
            variables={"host": "localhost", "username": username, "password": password},
            store=TaskStore(),
        )
        try:
            yield opened
        finally:
            opened.sign_out()


def shows(**wanted: Any) -> Callable[[Reading], bool]:
    """Return a proof of a write: whether a reading has these values."""
    return lambda reading: {name: reading.values[name] for name in wanted} == wanted
