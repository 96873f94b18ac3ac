# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""People of a simulated site or tenant, what tasks ask of them, and where they are in the end. Asserts nothing.

The name of a person is the part before the @ of the address; the domain is that of the site or the tenant. A row is a
person's name with a list: of a site as it names them, of a tenant the portal's roles and those of applications.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .site import Sites
from .tenant import Tenants

Rows = frozenset[tuple[str, str]]
"""Who is where: pairs of a person's name and a list."""
World = Mapping[str, tuple[str, ...]]
Address = Callable[[str], str]

NOWHERE = ()
GONE = ("former", "invited", "leaving", "pending")
LIMITS = {"max_removals": 40, "max_removal_percent": 100}


@dataclass(frozen=True)
class Scenario:
    """What one task asks for: its module and options, or a playbook (``playbook``) and what it is given.

    ``moves``: the lists of each person who is to be somewhere else in the end.
    """

    options: Callable[[Address], dict[str, Any]]
    moves: World
    module: str = ""
    playbook: str = ""


def rows(world: World) -> Rows:
    """Return the rows of a world."""
    return frozenset((person, name) for person, lists in world.items() for name in lists)


@dataclass(frozen=True)
class Cloud:
    """A kind of cloud with people: who is there at first, and what is asked for. ``variable``: names its profile."""

    variable: str
    start: World
    scenarios: Mapping[str, Scenario]

    def before(self) -> Rows:
        """Return who is where at first."""
        return rows(self.start)

    def after(self, scenario: str) -> Rows:
        """Return who is where when all of it is done."""
        return rows({**self.start, **self.scenarios[scenario].moves})


# --- an administration site ---

D, M, INVITED, ACTIVE = "dashboard", "remote_match", "remote_control_invited", "remote_control_active"
ADMIN_INVITED, ADMIN = "administrators_invited", "administrators"
USER, ADMINISTRATOR = (D, M, ACTIVE), (ADMIN, D, M)
_ON_SITE: World = {
    "automation": ADMINISTRATOR,
    "deputy": ADMINISTRATOR,
    "former": ADMINISTRATOR,
    "demoted": ADMINISTRATOR,
    "invited": (ADMIN_INVITED, D, M),
    "promoted": USER,
    "kept": USER,
    "trimmed": USER,
    "leaving": USER,
    "pending": (D, M, INVITED),
}
_ADDED: World = {
    "new": (D, M, INVITED),
    "narrow": (D,),
    "successor": (ADMIN_INVITED, D, M),
    "promoted": (*USER, ADMIN_INVITED),
}


def _site_file(address: Address, mode: str) -> dict[str, Any]:
    everything = [D, M, "remote_control"]
    return {
        "mode": mode,
        "administrators": [address(name) for name in ("automation", "deputy", "promoted", "successor")],
        "users": [
            *({"email": address(name), "applications": [*everything]} for name in ("kept", "new")),
            *({"email": address(name), "applications": [*USER[:2]]} for name in ("trimmed", "demoted")),
            {"email": address("narrow"), "applications": [D]},
        ],
        "guardrails": LIMITS,
    }


SITE = Cloud(
    "printops_site_profile",
    _ON_SITE,
    {
        "file": Scenario(
            lambda address: _site_file(address, "authoritative"),
            {
                **_ADDED,
                **dict.fromkeys(("trimmed", "demoted"), (D, M)),
                "promoted": (ADMIN_INVITED, D, M),  # what is declared without applications is what [Add] gives
                **dict.fromkeys(GONE, NOWHERE),
            },
            playbook="enforce_access",
        ),
        "additive": Scenario(
            lambda address: {"declared": _site_file(address, "additive")}, _ADDED, module="cloud_access"
        ),
        "users": Scenario(
            lambda address: {"people": [address("new"), address("trimmed")], "applications": [D, M]},
            {"new": (D, M), "trimmed": (D, M)},
            module="cloud_user",
        ),
        "out": Scenario(
            lambda address: {"people": [address("leaving"), address("pending")], "state": "absent"},
            {"leaving": NOWHERE, "pending": NOWHERE},
            module="cloud_user",
        ),
        "admins": Scenario(
            lambda address: {"people": [address("promoted"), address("successor")]},
            {"promoted": _ADDED["promoted"], "successor": _ADDED["successor"]},
            module="cloud_admin",
        ),
        "resigned": Scenario(
            lambda address: {"people": [address("former"), address("invited")], "state": "absent"},
            {"former": (D, M), "invited": (D, M)},
            module="cloud_admin",
        ),
        "offboard": Scenario(
            lambda address: {"offboard_people": [address(name) for name in GONE]},
            dict.fromkeys(GONE, NOWHERE),
            playbook="offboard",
        ),
    },
)

# --- a tenant of PRISMA Home ---

ABOVE, THERE, WAITING = "administrator", ("people",), ("people_pending",)
IN_CHARGE, CHARGED = (*THERE, "administrators"), (*WAITING, "administrators_pending")
DASHBOARD, ACCOUNTING = "prismalytics-dashboard", "prismalytics-accounting"
HIGHER = (ACCOUNTING, f"{ACCOUNTING}:{ABOVE}")
_IN_TENANT: World = {
    "automation": IN_CHARGE,
    "deputy": IN_CHARGE,
    "former": (*IN_CHARGE, *HIGHER),
    "demoted": IN_CHARGE,
    "invited": CHARGED,
    "promoted": (*THERE, DASHBOARD),
    "kept": (*THERE, DASHBOARD, *HIGHER),
    "raised": (*THERE, ACCOUNTING),
    "lowered": (*THERE, *HIGHER),
    "stripped": (*THERE, DASHBOARD),
    "leaving": (*THERE, DASHBOARD, ACCOUNTING),
    "pending": (*WAITING, DASHBOARD),
}
_INVITED: World = {
    "new": (*WAITING, DASHBOARD),
    "successor": (*CHARGED, *HIGHER),
    "promoted": (*IN_CHARGE, DASHBOARD),
    "raised": (*THERE, *HIGHER),
}


def _tenant_file(address: Address, mode: str) -> dict[str, Any]:
    def one(name: str, **more: Any) -> dict[str, Any]:
        return {"email": address(name), **more}

    return {
        "mode": mode,
        "people": [
            *(one(name, role=ABOVE) for name in ("automation", "deputy", "promoted")),
            one("successor", role=ABOVE, applications={ACCOUNTING: ABOVE}),
            one("demoted"),
            one("kept", applications={DASHBOARD: "user", ACCOUNTING: ABOVE}),
            one("raised", applications={ACCOUNTING: ABOVE}),
            one("lowered", applications={ACCOUNTING: "user"}),
            one("stripped", applications={}),
            one("new", applications={DASHBOARD: "user"}),
        ],
        "guardrails": LIMITS,
    }


TENANT = Cloud(
    "printops_tenant_profile",
    _IN_TENANT,
    {
        "file": Scenario(
            lambda address: _tenant_file(address, "authoritative"),
            {
                **_INVITED,
                "lowered": (*THERE, ACCOUNTING),
                "stripped": THERE,
                "demoted": THERE,
                **dict.fromkeys(GONE, NOWHERE),
            },
            playbook="enforce_access",
        ),
        "additive": Scenario(
            lambda address: {"declared": _tenant_file(address, "additive")}, _INVITED, module="home_access"
        ),
        "admins": Scenario(
            lambda address: {"people": [address("promoted"), address("successor")], "role": ABOVE},
            {"promoted": _INVITED["promoted"], "successor": CHARGED},
            module="home_user",
        ),
        "resigned": Scenario(
            lambda address: {"people": [address("former"), address("invited"), address("new")], "role": "employee"},
            {"former": (*THERE, *HIGHER), "invited": WAITING, "new": WAITING},
            module="home_user",
        ),
        "applications": Scenario(
            lambda address: {
                "people": [address("raised"), address("stripped"), address("new")],
                "applications": {ACCOUNTING: ABOVE, DASHBOARD: "none"},
            },
            {"raised": (*THERE, *HIGHER), "stripped": (*THERE, *HIGHER), "new": (*WAITING, *HIGHER)},
            module="home_user",
        ),
        "offboard": Scenario(
            lambda address: {"offboard_people": [address(name) for name in GONE]},
            dict.fromkeys(GONE, NOWHERE),
            playbook="offboard",
        ),
    },
)


CLOUDS = {"site": SITE, "tenant": TENANT}


def people_at(sites: Sites, name: str) -> Rows:
    """Return who is where on a site, or in a tenant, by the simulator."""
    if not isinstance(sites, Tenants):
        return frozenset((row.partition("@")[0], on) for on, found in sites.lists(name).items() for row in found)
    people = {address.partition("@")[0]: one for address, one in sites.people(name).items()}
    return rows({person: tenant_lists(one) for person, one in people.items()})


def tenant_lists(one: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the lists of a person as the simulator of a tenant describes one."""
    portal = (CHARGED if one["state"] == "pending" else IN_CHARGE)[: 2 if one["role"] == ABOVE else 1]
    applications = one["applications"]
    return (*portal, *applications, *(f"{name}:{ABOVE}" for name, role in applications.items() if role == ABOVE))


def people_of_tenant(address: Address) -> list[dict[str, Any]]:
    """Return the people of a tenant at first, for the simulator's fleet file."""
    return [
        {
            "email": address(name),
            "role": "Administrator" if {*lists} & {"administrators", "administrators_pending"} else "Employee",
            "state": "active" if "people" in lists else "pending",
            "applications": {
                each: ABOVE if f"{each}:{ABOVE}" in lists else "user"
                for each in (DASHBOARD, ACCOUNTING)
                if each in lists
            },
        }
        for name, lists in _IN_TENANT.items()
    ]
