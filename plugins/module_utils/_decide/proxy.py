# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy client of a controller: what is set, what is declared, what differs. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

PASSWORD_SET = "(set anew)"


@dataclass(frozen=True)
class ProxySettings:
    """The proxy client as it can be read. The password itself never can; only whether there is one."""

    enabled: bool
    host: str = ""
    port: int | None = None
    user: str = ""
    password_set: bool = False
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProxyChange:
    """What to write; None leaves a value as it is. ``before`` and ``after`` are the diff, without the password."""

    enabled: bool
    host: str | None
    port: int | None
    user: str | None
    password: str | None
    exceptions: tuple[str, ...] | None
    before: dict[str, t.Any]
    after: dict[str, t.Any]

    @property
    def needed(self) -> bool:
        """Whether anything differs."""
        return self.before != self.after


def split_exceptions(text: str | None) -> tuple[str, ...]:
    """Return the hosts of a list that an interface shows as one text, without order and doubles."""
    return tuple(sorted({part.lower() for part in (text or "").replace(",", " ").replace(";", " ").split()}))


def plan_proxy(
    current: ProxySettings,
    *,
    present: bool,
    host: str | None = None,
    port: int | None = None,
    user: str | None = None,
    password: str | None = None,
    update_password: bool = False,
    exceptions: t.Sequence[str] | None = None,
) -> ProxyChange:
    """Return the change from ``current`` to what is declared; what is None is not managed.

    As a password cannot be read back, a declared one is written when there is none, or when anything else about the
    proxy changes that it belongs to (host, port, user), or when ``update_password`` says always. An empty one counts as
    not declared.
    """
    before = _shown(current, "(set)" if current.password_set else "(not set)")
    if not present:
        after = {**before, "enabled": False}
        # As they are: an interface that is sent all of them at once would take what is left out for empty.
        return ProxyChange(False, current.host, current.port, current.user, None, current.exceptions, before, after)
    wanted = ProxySettings(
        enabled=True,
        host=(current.host if host is None else host).lower(),
        port=current.port if port is None else port,
        user=current.user if user is None else user,
        password_set=current.password_set or bool(password),
        exceptions=current.exceptions if exceptions is None else split_exceptions(" ".join(exceptions)),
    )
    moved = (wanted.host, wanted.port, wanted.user) != (current.host.lower(), current.port, current.user)
    writes_password = bool(password) and (update_password or moved or not current.password_set)
    shown_password = PASSWORD_SET if writes_password else before["password"]
    after = _shown(wanted, shown_password)
    return ProxyChange(
        True,
        wanted.host,
        wanted.port,
        wanted.user,
        password if writes_password else None,
        wanted.exceptions,
        before,
        after,
    )


def _shown(settings: ProxySettings, password: str) -> dict[str, t.Any]:
    return {
        "enabled": settings.enabled,
        "host": settings.host.lower(),
        "port": settings.port,
        "user": settings.user,
        "password": password,
        "exceptions": list(settings.exceptions),
    }
