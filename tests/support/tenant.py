# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated tenants, runs of tasks on their people, and the requests that reached them. Asserts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .inventory import ACCOUNT, tenant_variables
from .simulation import start
from .site import SETTINGS, Sites


@dataclass
class Tenants(Sites):
    """Running tenants, and a folder to run playbooks in. ``sign_in_as``: that of ``tenant_variables``."""

    sign_in_as: str = ACCOUNT

    @property
    def account(self) -> str:
        """Return the e-mail address of the account in use."""
        return str(self.variables()["printops_tenant_username"])

    def variables(self, site: str = "alpha") -> dict[str, Any]:
        """Return the variables by which modules sign in to a tenant; ``site`` is its id."""
        name = "alpha" if site == "north" else site
        return {**tenant_variables(self.simulation.ready, name, self.sign_in_as), **self.own}

    def people(self, tenant: str = "alpha") -> dict[str, dict[str, Any]]:
        """Return the people of a tenant of the simulator, by address."""
        return {one["email"]: one for one in self.simulation.get(f"tenants/{tenant}/people")}

    def put_person(self, email: str, tenant: str = "alpha", **how: Any) -> None:
        """Have a person exactly so: role, state, applications."""
        self.simulation.post(f"tenants/{tenant}/people", {"email": email, **how})

    def first_sign_in(self, email: str) -> None:
        """Have a person accept an invitation."""
        self.simulation.post(f"home/people/{email}/first_sign_in")

    def fault(self, fault: str, **what: Any) -> None:
        """Inject a fault into the next matching request to PRISMA Home."""
        self.simulation.post("faults", {"fault": fault, "target": "home", **what})

    def asked(self) -> dict[str, int]:
        """Return the number of requests to PRISMA Home, by method and path."""
        rows = self.simulation.counters()["requests"]
        return {f"{row['method']} {row['path']}": row["count"] for row in rows if row["host"] == "home"}

    def sign_ins(self, since: int) -> int:
        """Return the number of sign-ins at PRISMA Home after an audit entry."""
        return sum(entry["side"] == "home" for entry in self.simulation.audit(since=since, what="sign_in"))

    def writes(self) -> dict[str, int]:
        """Return the requests that may change people."""
        return {
            name: count
            for name, count in self.asked().items()
            if not name.startswith("GET ") and "/people" in name.replace("configuration/users", "/people")
        }


def start_tenants(folder: Path, people: int = 0, settings: dict[str, Any] | None = None) -> Tenants:
    """Start the tenants alpha and beta; alpha has so many people more."""
    path = folder / "fleet.yml"
    persons = {
        name: [
            {"email": f"administrator@{name}.example.com"},
            {"email": f"deputy@{name}.example.com"},
            {"email": f"employee@{name}.example.com", "role": "Employee"},
        ]
        for name in ("alpha", "beta")
    }
    tenants = [
        {"id": name, "name": name.capitalize(), "people": found, "generated_people": people if name == "alpha" else 0}
        for name, found in persons.items()
    ]
    made = {"settings": {**SETTINGS, **(settings or {})}, "printers": [{"name": "sra-1"}], "tenants": tenants}
    path.write_text(yaml.safe_dump(made), encoding="utf-8")
    return Tenants(start(path, folder / "simulator"), folder)
