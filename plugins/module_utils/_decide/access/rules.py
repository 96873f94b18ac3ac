# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be declared for people, on which lists that puts them, and what each operation does to every list. Data.

There are two sets of rules: those of an administration site, which are here, and those of a tenant of PRISMA Home
(``tenant_rules.py``). Planner, guardrails and step runner work by either, and know no list by name.

Source: domain.md, "The cloud service administration site".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property


class Cloud(StrEnum):
    """Where the people are. The value is also what messages call it."""

    SITE = "site"
    TENANT = "tenant"

    @property
    def full_name(self) -> str:
        """The same for a heading."""
        return "administration site" if self is Cloud.SITE else "PRISMA Home tenant"

    @property
    def on_it(self) -> str:
        """Where people are, in a sentence."""
        return "on the site" if self is Cloud.SITE else "in the tenant"


class Kind(StrEnum):
    """What is done with one request."""

    ADD_USER = "add_user"
    ADD_ADMINISTRATOR = "add_administrator"
    REMOVE = "remove"
    INVITE_PERSON = "invite_person"
    SET_PERSON_ROLE = "set_person_role"
    SET_APPLICATION_ROLE = "set_application_role"
    REMOVE_PERSON = "remove_person"


def operation(kind: Kind, where: str | None = None) -> str:
    """Return what a profile calls it: add_user, remove_dashboard, invite_person, …"""
    return str(kind) if where is None else f"{kind}_{where}"


@dataclass(frozen=True)
class Part:
    """Something that a person can be declared for.

    ``lists``: who is on one of them has it. The first is where an operation puts people, the last that of active ones.
    ``words`` says presence per list, under the name ``shown_as``; of several parts with one such name the last counts.
    ``above``: who loses this part and keeps one of those is demoted. ``as_in``: the part in which a person is invited
    or active; they are the same in this one, and go to its list of the same place.
    """

    name: str
    lists: tuple[str, ...]
    words: tuple[str, ...] = ("yes",)
    shown_as: str = ""
    above: frozenset[str] = frozenset()
    as_in: str = ""


@dataclass(frozen=True)
class Addition:
    """An operation that puts a person on the lists of ``gives``. It is used if one of ``triggers`` is missing.

    ``inputs``: what a profile is given besides the address. ``newcomers_only``: for people who have no part at all.
    """

    kind: Kind
    triggers: frozenset[str]
    gives: tuple[str, ...]
    title: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    newcomers_only: bool = False


@dataclass(frozen=True)
class Removal:
    """An operation that takes a person off all of ``takes``. It is used if ``part`` is not wanted.

    ``where``: the list, if each list has an operation of its own.
    """

    kind: Kind
    part: str
    takes: tuple[str, ...]
    title: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    where: str | None = None


@dataclass(frozen=True)
class AccessRules:
    """All parts and operations of one site or tenant.

    ``readings``: the names of what is read to know who is where. ``base``: parts of everybody who is declared.
    ``given``: what a person gets who is declared for nothing in particular. ``plain``: what is declared for people who
    are no administrators. ``watched``: lists, and the warning if nobody is left on all of them. ``titles``: of lists.
    ``additions`` and ``removals`` stand in the order in which they are tried.
    """

    cloud: Cloud
    readings: tuple[str, ...]
    parts: tuple[Part, ...]
    additions: tuple[Addition, ...]
    removals: tuple[Removal, ...]
    administrators: str
    plain: str
    base: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    watched: tuple[tuple[frozenset[str], str], ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def noun(self) -> str:
        """What messages call it."""
        return str(self.cloud)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all parts, in their order."""
        return tuple(part.name for part in self.parts)

    @cached_property
    def applications(self) -> frozenset[str]:
        """The parts that are neither the administrators nor everybody's."""
        return frozenset(self.names) - self.base - {self.administrators}

    @cached_property
    def part_of(self) -> Mapping[str, str]:
        """The part to which each list belongs."""
        return {name: part.name for part in self.parts for name in part.lists}

    @cached_property
    def by_name(self) -> Mapping[str, Part]:
        """The parts by name."""
        return {part.name: part for part in self.parts}

    @property
    def administrator_lists(self) -> tuple[str, ...]:
        """The lists of administrators: invited or pending ones first, active ones last."""
        return self.by_name[self.administrators].lists

    @cached_property
    def invited_lists(self) -> frozenset[str]:
        """The lists of people who were invited and are not active yet."""
        return frozenset(part.lists[0] for part in self.parts if len(part.lists) > 1)

    @cached_property
    def operations(self) -> frozenset[str]:
        """The names of all operations, as profiles have them."""
        removals = {operation(removal.kind, removal.where) for removal in self.removals}
        return frozenset({operation(addition.kind) for addition in self.additions} | removals)

    def joined(self, part: str, there: Iterable[str]) -> str:
        """Return the list on which an addition puts a person for ``part``. ``there``: the lists they are on."""
        found = self.by_name[part]
        other = self.by_name[found.as_in] if found.as_in else None
        active = other is not None and len(other.lists) > 1 and other.lists[-1] in set(there)
        return found.lists[-1] if active else found.lists[0]

    def taken_by(self, kind: Kind, where: str | None, inputs: Mapping[str, str]) -> frozenset[str]:
        """Return all lists that an operation takes a person off; empty for one that only adds."""
        return frozenset(
            name
            for removal in self.removals
            if (removal.kind, removal.where, dict(removal.inputs)) == (kind, where, dict(inputs))
            for name in removal.takes
        )


# --- an administration site ---


class SiteList(StrEnum):
    """The lists of people that a site shows, each with a [Remove] of its own."""

    DASHBOARD = "dashboard"
    REMOTE_MATCH = "remote_match"
    REMOTE_CONTROL_INVITED = "remote_control_invited"
    REMOTE_CONTROL_ACTIVE = "remote_control_active"
    ADMINISTRATORS_INVITED = "administrators_invited"
    ADMINISTRATORS = "administrators"


class AccessList(StrEnum):
    """What a person can be declared for on a site. Invited or active: both count as being there."""

    ADMINISTRATORS = "administrators"
    DASHBOARD = "dashboard"
    REMOTE_MATCH = "remote_match"
    REMOTE_CONTROL = "remote_control"


APPLICATIONS = frozenset({AccessList.DASHBOARD, AccessList.REMOTE_MATCH, AccessList.REMOTE_CONTROL})
ADDED_WITH_USER = APPLICATIONS
"""Where [Add] a user puts a person (Remote Control: as invited)."""
ADDED_WITH_ADMINISTRATOR = frozenset({AccessList.DASHBOARD, AccessList.REMOTE_MATCH})
"""Where [Add] an administrator puts a person, besides the invited administrators."""

PEOPLE = "people"
"""The list of a site that has one list of all users, besides those of applications or instead of them."""

_INVITED_OR_ACTIVE = ("invited", "active")
_SITE_PARTS = (
    Part(
        AccessList.ADMINISTRATORS,
        (SiteList.ADMINISTRATORS_INVITED, SiteList.ADMINISTRATORS),
        _INVITED_OR_ACTIVE,
        above=APPLICATIONS | {PEOPLE},
    ),
    Part(AccessList.DASHBOARD, (SiteList.DASHBOARD,)),
    Part(AccessList.REMOTE_MATCH, (SiteList.REMOTE_MATCH,)),
    Part(
        AccessList.REMOTE_CONTROL,
        (SiteList.REMOTE_CONTROL_INVITED, SiteList.REMOTE_CONTROL_ACTIVE),
        _INVITED_OR_ACTIVE,
    ),
)
_SITE_TITLES: Mapping[str, str] = {
    PEOPLE: "People",
    SiteList.DASHBOARD: "Dashboard",
    SiteList.REMOTE_MATCH: "Remote Match",
    SiteList.REMOTE_CONTROL_INVITED: "Remote Control (invited)",
    SiteList.REMOTE_CONTROL_ACTIVE: "Remote Control",
    SiteList.ADMINISTRATORS_INVITED: "Administrators (invited)",
    SiteList.ADMINISTRATORS: "Administrators",
}

SITE_LISTS: tuple[str, ...] = (PEOPLE, *SiteList)
"""All lists that a site may have. The manual has all but the first."""
_ALL_PARTS = (Part(PEOPLE, (PEOPLE,)), *_SITE_PARTS)
_USUAL: Mapping[Kind, tuple[str, ...]] = {
    Kind.ADD_ADMINISTRATOR: (SiteList.ADMINISTRATORS_INVITED, SiteList.DASHBOARD, SiteList.REMOTE_MATCH),
    Kind.ADD_USER: (PEOPLE, SiteList.DASHBOARD, SiteList.REMOTE_CONTROL_INVITED, SiteList.REMOTE_MATCH),
}
_ADD_TITLES = {Kind.ADD_ADMINISTRATOR: "[Add] administrator", Kind.ADD_USER: "[Add] user"}


def site_rules(
    lists: Collection[str] = tuple(SiteList), puts_on: Mapping[str, Collection[str]] | None = None
) -> AccessRules:
    """Return the rules of a site that has these lists; the administrators must be among them.

    ``puts_on``: the lists on which an operation puts people, by its name, where a site differs from the manual.
    """
    parts = tuple(_existing(part, lists) for part in _ALL_PARTS if not set(part.lists).isdisjoint(lists))
    part_of = {name: part.name for part in parts for name in part.lists}
    additions = []
    for kind, usual in _USUAL.items():
        stated = (puts_on or {}).get(kind)
        # who is added as an administrator is invited first, where the site has a list of those
        gives = {part_of[name] for name in (usual if stated is None else stated) if name in part_of}
        if stated is None and kind is Kind.ADD_ADMINISTRATOR:
            gives.add(AccessList.ADMINISTRATORS)
        triggers = {AccessList.ADMINISTRATORS} if kind is Kind.ADD_ADMINISTRATOR else gives
        ordered = sorted(gives, key=lambda name: (name not in triggers, name))
        additions.append(Addition(kind, frozenset(triggers), tuple(ordered), _ADD_TITLES[kind]))
    return AccessRules(
        cloud=Cloud.SITE,
        readings=tuple(name for name in SITE_LISTS if name in lists),
        parts=parts,
        additions=tuple(additions),
        removals=tuple(
            Removal(Kind.REMOVE, part.name, (name,), f"[Remove] {_SITE_TITLES[name]}", where=name)
            for part in parts
            for name in part.lists
        ),
        administrators=AccessList.ADMINISTRATORS,
        plain="users",
        given=frozenset(additions[1].gives),
        watched=_CLUSTERS if SiteList.REMOTE_MATCH in part_of else (),
        titles={name: title for name, title in _SITE_TITLES.items() if name in part_of},
    )


def _existing(part: Part, lists: Collection[str]) -> Part:
    there = [(name, word) for name, word in zip(part.lists, part.words, strict=True) if name in lists]
    return replace(part, lists=tuple(name for name, _word in there), words=tuple(word for _name, word in there))


_CLUSTERS = (
    (
        # only an administrator who is also a Remote Match user can create clusters [F]
        frozenset({SiteList.ADMINISTRATORS, SiteList.REMOTE_MATCH}),
        "afterwards no active administrator is a Remote Match user: nobody can create clusters",
    ),
)

SITE_RULES = site_rules()
"""The rules of a site as the manual describes it."""
