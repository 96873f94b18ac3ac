# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant of PRISMA Home as the manuals describe it, in memory. Written from domain.md; shares no code with the plan.

Heading: "PRISMA Home: people". Where the manuals say nothing, that is said here, and is the least surprising behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from unit.decide.access.site_rules import Refused, same_person

APPLICATIONS = ("prismacolor-manager", "prismalytics-accounting", "remote-match")
"""Some that offer the role of an administrator in the simulator, too."""


@dataclass
class Member:
    """One person. ``roles``: user or administrator, by application."""

    shown: str
    administrator: bool = False
    active: bool = False
    roles: dict[str, str] = field(default_factory=dict)

    def lists(self) -> frozenset[str]:
        """Return what this person is, each on a list of its own; an administrator is what the others are, too."""
        pending = "" if self.active else "_pending"
        found = {f"people{pending}"} | ({f"administrators{pending}"} if self.administrator else set())
        for application, role in self.roles.items():
            found |= {application} | ({f"{application}:administrator"} if role == "administrator" else set())
        return frozenset(found)


@dataclass
class Tenant:
    """Members by who they are. ``requests`` counts what was asked of it."""

    members: dict[str, Member] = field(default_factory=dict)
    requests: int = 0

    @property
    def lists(self) -> dict[str, dict[str, str]]:
        """All lists that anybody is on; each from who it is to how the tenant shows them."""
        found: dict[str, dict[str, str]] = {"administrators": {}}
        for who, member in self.members.items():
            for name in member.lists():
                found.setdefault(name, {})[who] = member.shown
        return found

    def invite(self, address: str, role: str) -> None:
        """Invite a person with a role [F], pending until the first sign-in [I]. Somebody who is there: nothing [?]."""
        self.requests += 1
        who = same_person(address)
        google = who.endswith(("@gmail.com", "@googlemail.com"))
        self.members.setdefault(who, Member(who if google else address, role == "administrator"))

    def set_role(self, address: str, role: str) -> None:
        """Change the role in the portal. At least one administrator remains [I]. Nobody there: nothing [?]."""
        self.requests += 1
        member = self.members.get(same_person(address))
        if member is not None:
            if role != "administrator":
                self._refuse_the_last(member)
            member.administrator = role == "administrator"

    def set_application_role(self, address: str, application: str, role: str) -> None:
        """Give a registered person a role in an application [F], or none. Nobody there: nothing [?]."""
        self.requests += 1
        member = self.members.get(same_person(address))
        if member is not None:
            member.roles.pop(application, None)
            if role != "none":
                member.roles[application] = role

    def remove_person(self, address: str) -> None:
        """Remove a person with all roles [?]. At least one administrator remains [I]. Nobody there: nothing [?]."""
        self.requests += 1
        member = self.members.get(same_person(address))
        if member is not None:
            self._refuse_the_last(member)
            del self.members[same_person(address)]

    def first_sign_in(self, address: str) -> None:
        """Make a person active [I]."""
        if same_person(address) in self.members:
            self.members[same_person(address)].active = True

    def where(self, who: str) -> frozenset[str]:
        """Return the lists that a person is on."""
        return self.members[who].lists() if who in self.members else frozenset()

    def people(self) -> set[str]:
        return set(self.members)

    def _refuse_the_last(self, member: Member) -> None:
        others = [one for one in self.members.values() if one is not member and one.administrator and one.active]
        if member.administrator and member.active and not others:
            raise Refused("at least one administrator must remain")
