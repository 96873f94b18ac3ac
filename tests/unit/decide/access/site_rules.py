# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An administration site as the manuals describe it, in memory. Written from domain.md; shares no code with the plan.

Heading: "The cloud service administration site". Where the manuals say nothing, that is said here, and is the least
surprising behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass, field

USER_LISTS = ("dashboard", "remote_match", "remote_control_invited", "remote_control_active")
LISTS = (*USER_LISTS, "administrators_invited", "administrators")


class Refused(Exception):
    """The site does not do it."""


def same_person(address: str) -> str:
    """Return what the site tells people apart by: no case; no dots in Google's local part."""
    name, host = address.lower().split("@")
    return f"{''.join(name.split('.'))}@{host}" if host in ("gmail.com", "googlemail.com") else f"{name}@{host}"


@dataclass
class Site:
    """Lists by name; each from who it is to how the site shows them. ``requests`` counts what was asked of it."""

    lists: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in LISTS})
    requests: int = 0

    def add_user(self, address: str) -> None:
        """At once on the lists of the Dashboard, of Remote Match, and of invited Remote Control users [F].

        Somebody who is there already is only put where they are not yet [?].
        """
        self.requests += 1
        self._put("dashboard", address)
        self._put("remote_match", address)
        if not self.has("remote_control_active", address):
            self._put("remote_control_invited", address)

    def add_administrator(self, address: str) -> None:
        """First among invited administrators; also put on the Dashboard and Remote Match lists [F]."""
        self.requests += 1
        if not self.has("administrators", address):
            self._put("administrators_invited", address)
        self._put("dashboard", address)
        self._put("remote_match", address)

    def remove(self, name: str, address: str) -> None:
        """Remove works per list; at least one administrator must remain [F]. Nobody there: nothing happens [?]."""
        self.requests += 1
        who = same_person(address)
        if name == "administrators" and set(self.lists[name]) == {who}:
            raise Refused("at least one administrator must remain")
        self.lists[name].pop(who, None)

    def first_use(self, address: str) -> None:
        """The first use of the app moves a person to the active Remote Control users [F]."""
        self._move("remote_control_invited", "remote_control_active", address)

    def first_sign_in(self, address: str) -> None:
        """The first sign-in moves a person to the (active) administrators [F]."""
        self._move("administrators_invited", "administrators", address)

    def has(self, name: str, address: str) -> bool:
        return same_person(address) in self.lists[name]

    def where(self, who: str) -> frozenset[str]:
        """Return the lists that a person is on."""
        return frozenset(name for name in LISTS if who in self.lists[name])

    def people(self) -> set[str]:
        return {who for name in LISTS for who in self.lists[name]}

    def _put(self, name: str, address: str) -> None:
        who = same_person(address)
        google = who.endswith(("@gmail.com", "@googlemail.com"))
        self.lists[name].setdefault(who, who if google else address)

    def _move(self, source: str, target: str, address: str) -> None:
        who = same_person(address)
        if who in self.lists[source]:
            self.lists[target][who] = self.lists[source].pop(who)
