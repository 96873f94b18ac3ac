# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy client of a controller: what is set, what is declared, what differs. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass, replace

PASSWORD_STATES = {True: "(set)", False: "(not set)", None: "(not shown)"}
PASSWORD_UPDATED = "(updated)"


@dataclass(frozen=True)
class ProxySettings:
    """The proxy client as it can be read. The password itself never can; only whether there is one."""

    enabled: bool
    host: str = ""
    port: int | None = None
    user: str = ""
    password_set: bool | None = False
    """None where the interface does not show whether one is set."""
    exceptions: tuple[str, ...] = ()
    lacking: frozenset[str] = frozenset()
    """What the interface has no field for, or does not show, of C(user), C(password) and C(exceptions)."""

    def as_dict(self) -> dict[str, t.Any]:
        """Return the settings as results show them."""
        values = asdict(self)
        del values["lacking"]
        return {**values, "exceptions": list(self.exceptions)}

    def without_field(self, **declared: t.Any) -> list[str]:
        """Return which of the values that are declared cannot be set. An empty value needs no field."""
        return [name for name in sorted(self.lacking) if declared.get(name)]


@dataclass(frozen=True)
class ProxyChange:
    """From ``current`` to ``wanted``; ``password`` is written if it is given."""

    current: ProxySettings
    wanted: ProxySettings
    password: str | None = None

    @property
    def needed(self) -> bool:
        """Whether anything differs."""
        return self.before != self.after

    @property
    def before(self) -> dict[str, t.Any]:
        """The diff's side of what was read, without the password."""
        return _shown(self.current, PASSWORD_STATES[self.current.password_set])

    @property
    def after(self) -> dict[str, t.Any]:
        """The diff's side of what is declared, without the password."""
        password = PASSWORD_UPDATED if self.password else PASSWORD_STATES[self.current.password_set]
        return _shown(self.wanted, password)

    def inputs(self) -> dict[str, t.Any]:
        """Return what is written: all values, because an interface takes a field that is left out for empty.

        What the interface has no field for is None.
        """
        values = {**self.wanted.as_dict(), "password": self.password}
        del values["password_set"]
        return values | dict.fromkeys(self.wanted.lacking)

    def is_met_by(self, read: ProxySettings) -> bool:
        """Whether what is read now is what was to be written. Of a password it can only be seen that there is one."""
        if not self.wanted.enabled:
            return not read.enabled
        wanted = self.wanted if self.password else replace(self.wanted, password_set=read.password_set)
        return _comparable(read) == _comparable(wanted)


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
    not declared. Where an interface does not show whether one is set, it counts as set.
    """
    if not present:
        return ProxyChange(current, replace(current, enabled=False))
    wanted = ProxySettings(
        enabled=True,
        host=(current.host if host is None else host).lower(),
        port=current.port if port is None else port,
        user=current.user if user is None else user,
        password_set=None if current.password_set is None else current.password_set or bool(password),
        exceptions=current.exceptions if exceptions is None else split_exceptions(" ".join(exceptions)),
        lacking=current.lacking,
    )
    moved = (wanted.host, wanted.port, wanted.user) != (current.host.lower(), current.port, current.user)
    writes_password = bool(password) and (update_password or moved or current.password_set is False)
    return ProxyChange(current, wanted, password if writes_password else None)


def _comparable(settings: ProxySettings) -> ProxySettings:
    return replace(settings, host=settings.host.lower())


def _shown(settings: ProxySettings, password: str) -> dict[str, t.Any]:
    values = _comparable(settings).as_dict()
    del values["password_set"]
    return {**values, "password": password}
