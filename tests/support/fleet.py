# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated fleet, runs of tasks and playbooks on it, and the requests that reached it. Asserts nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .inventory import ACCOUNT, inventory_of, tenant_variables, write_inventory
from .playbook import WHOLE_FLEET, Run, run_playbook
from .simulation import Simulation, start

LABELS = ("labels.html", "labels.pdf", "waiting.csv")
"""The files of labels in the folder of a run."""
READING = {"sign_in", "sign_in_refused", "sign_out", "account_locked", "write_refused"}
"""Audit entries of a run that changes nothing. A printer locks an account itself after refusals."""

SETTINGS = {
    "registration_delay": 0.3,
    "connecting_delay": 0.3,
    "first_data_delay": 0.0,  # else a run that is quick finds never_sent_data, and one that is slow does not
    "ors_connect_delay": 0.3,
    "ors_recheck": 0.5,
}


@dataclass
class Fleet:
    """A simulated fleet, and a folder to run playbooks in."""

    simulation: Simulation
    folder: Path
    variables: dict[str, Any] = field(default_factory=dict)
    runs: int = 0

    def inventory(
        self,
        *hosts: str,
        tenant: str | None = "alpha",
        account: str = ACCOUNT,
        viewer: bool = False,
        own: dict[str, dict[str, Any]] | None = None,
        **variables: Any,
    ) -> Path:
        """Write an inventory of some printers (default: all) and return its path.

        ``own`` has variables of single hosts.
        """
        how = {**self.variables, **variables}
        made = inventory_of(self.simulation, tenant=tenant, account=account, viewer=viewer, **how)
        printers = made["all"]["children"]["printers"]
        if hosts:
            printers["hosts"] = {name: printers["hosts"][name] for name in hosts}
        for name, more in (own or {}).items():
            printers["hosts"].get(name, {}).update(more)
        return write_inventory(self.new_folder() / "inventory.yml", made)

    def new_folder(self) -> Path:
        """Return a new folder for one run, or for several runs that share files."""
        self.runs += 1
        made = self.folder / f"run-{self.runs}"
        made.mkdir(parents=True)
        return made

    def onboard(
        self,
        inventory: Path,
        *arguments: str,
        playbook: str = "onboard_fleet",
        mode: str | None = None,
        timeout: float = 300,
        waves: bool = False,
        check_inventory: bool = False,
        env: dict[str, str] | None = None,
    ) -> Run:
        """Run a playbook of the collection in the folder of the inventory.

        Without ``waves``, run the whole fleet at once. Without ``check_inventory``, wrong variables reach the role.
        ``mode`` is the role's C(onboard_mode); by default that of the playbook, which is bulk.
        """
        at_once = () if waves else WHOLE_FLEET
        how = () if mode is None else ("-e", f"onboard_mode={mode}")
        how = how if check_inventory else (*how, "-e", "onboard_inventory_check=skip")
        name = f"printops.prisma.{playbook}"
        return run_playbook(
            name, inventory, inventory.parent, *at_once, *how, *arguments, timeout=timeout, **(env or {})
        )

    def tasks(
        self,
        host: str,
        *tasks: dict[str, Any],
        check: bool = False,
        variables: dict[str, Any] | None = None,
        play: dict[str, Any] | None = None,
        env: dict[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        """Run tasks on one printer with ``--diff`` and return their results in order, also of failed ones.

        Name a module without its collection: ``{"ors_status": {"ready": True}}``. ``variables`` are those of the
        inventory; one that is None is removed from it.
        """
        run = self.play(host, *tasks, check=check, variables=variables, play=play, env=env)
        # Ansible removes "failed" before callbacks get a result. The status has it.
        results = [{**item["result"], "failed": item["status"] == "failed"} for item in run.results]
        assert len(results) == len(tasks), run.output
        return results

    def on_each(
        self, tasks: Mapping[str, Sequence[dict[str, Any]]], *, check: bool = False
    ) -> dict[str, list[dict[str, Any]]]:
        """Run a list of tasks for each printer, as :meth:`tasks` does, in one run. Return the results by printer."""
        inventory = self.inventory(*tasks)
        plays = [
            {"hosts": host, "gather_facts": False, "tasks": [_named(task) for task in each]}
            for host, each in tasks.items()
        ]
        run = run_playbook(plays, inventory, inventory.parent, "--diff", *(("--check",) if check else ()), timeout=300)
        results = {
            host: [
                {**item["result"], "failed": item["status"] == "failed"} for item in run.results if item["host"] == host
            ]
            for host in tasks
        }
        assert [len(results[host]) for host in tasks] == [len(each) for each in tasks.values()], run.output
        return results

    def play(
        self,
        host: str,
        *tasks: dict[str, Any],
        check: bool = False,
        variables: dict[str, Any] | None = None,
        play: dict[str, Any] | None = None,
        arguments: tuple[str, ...] = (),
        folder: Path | None = None,
        env: dict[str, str] | None = None,
    ) -> Run:
        """Run tasks as :meth:`tasks` does, and return the whole run. The playbook is written to ``folder``."""
        made = inventory_of(self.simulation, **self.variables)
        own = made["all"]["children"]["printers"]["hosts"][host]
        for name, value in (variables or {}).items():
            made["all"]["vars"].pop(name, None)
            own.pop(name, None)
            if value is not None:
                own[name] = value
        made["all"]["children"]["printers"]["hosts"] = {host: own}
        folder = folder or self.new_folder()
        inventory = write_inventory(folder / "inventory.yml", made)
        plays = [{"hosts": host, "gather_facts": False, "tasks": [_named(task) for task in tasks], **(play or {})}]
        check_mode = ("--check",) if check else ()
        return run_playbook(plays, inventory, folder, "--diff", *check_mode, *arguments, timeout=300, **(env or {}))

    def proxy(self) -> dict[str, Any]:
        """Return the options of device_proxy for the working proxy."""
        return {f"proxy_{name}": self.simulation.ready["proxy"][name] for name in ("host", "port", "user", "password")}

    def tenant_options(self, tenant: str = "alpha", account: str = ACCOUNT) -> dict[str, Any]:
        """Return the variables that name a tenant and its account."""
        made = tenant_variables(self.simulation.ready, tenant, account)
        return {name: value for name, value in made.items() if not name.endswith(("_url", "_ca_path", "_profile"))}

    def change(self, name: str, **what: Any) -> None:
        """Change the state of a simulated printer through the control interface."""
        self.control("PATCH", f"printers/{name}", what)

    def state(self, name: str) -> dict[str, Any]:
        """Return the whole state of a simulated printer."""
        found: dict[str, Any] = self.control("GET", f"printers/{name}")
        return found

    def fault(self, fault: str, **what: Any) -> None:
        """Inject a fault into the next matching request."""
        self.control("POST", "faults", {"fault": fault, **what})

    def control(self, method: str, path: str, data: Any = None) -> Any:
        """Send a request to the control interface."""
        return self.simulation.request(method, path, data)

    def watch(self) -> Watch:
        """Return a watch on everything that happens from now on."""
        self.control("DELETE", "counters")
        return Watch(self, self.simulation.last_audit_id())


@dataclass
class Watch:
    """Requests and changes of a fleet since a point in time."""

    fleet: Fleet
    since: int

    def audit(self, subject: str | None = None) -> list[tuple[str, str]]:
        """Return the changes in order, as pairs of subject and change, without what the identity provider notes."""
        entries = self.fleet.simulation.audit(since=self.since, subject=subject)
        return [(entry["subject"], entry["what"]) for entry in entries if entry["side"] != "oidc"]

    def changes(self, subject: str | None = None) -> list[tuple[str, str]]:
        """Return the changes without sign-in and sign-out."""
        return [(who, what) for who, what in self.audit(subject) if what not in READING]

    def count(self, what: str, subject: str | None = None) -> int:
        """Return how often a change happened."""
        return [done for _who, done in self.audit(subject)].count(what)

    def requests(self) -> int:
        """Return the number of requests to printers and tenants."""
        rows = self.fleet.simulation.counters()["requests"]
        return sum(row["count"] for row in rows if row["host"] != "ors")

    def asked_printers(self) -> set[str]:
        """Return the printers that got a request: before them, a run may read the tenant's subscriptions."""
        rows = self.fleet.simulation.counters()["requests"]
        return {row["host"] for row in rows} & {printer["name"] for printer in self.fleet.simulation.ready["printers"]}

    def writes(self) -> dict[tuple[str, str], int]:
        """Return the requests that may change something, by host and path, without signing in and out.

        Opening a registration address is one of them.
        """
        signing = ("login.cgi", "logout.cgi", "api/session", "oauth/token", "oauth/revoke", "log-out", "sign-out")
        return {
            (row["host"], f"{row['method']} {row['path']}"): row["count"]
            for row in self.fleet.simulation.counters()["requests"]
            if (row["method"] not in ("GET", "HEAD") or row["path"] == "register/*")
            and row["path"] not in signing
            and row["host"] not in ("ors", "oidc")
        }


def files_for_people(folder: Path) -> list[str]:
    """Return the names of the files of a run that a person needs: addresses and QR codes, not report and journal."""
    ours = ("report.", "journal.jsonl", "attention.", *LABELS)
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith(ours))


def address_in(file: Path) -> str:
    """Return the registration address in a file, which also has the serial number of its printer."""
    address, serial = file.read_text(encoding="utf-8").splitlines()
    assert serial.startswith("serial: "), serial
    return address


def _named(task: dict[str, Any]) -> dict[str, Any]:
    """Return a task with the full name of its module, and with failures ignored."""
    done: dict[str, Any] = {"ignore_errors": True}
    for key, value in task.items():
        known = key in MODULES
        done[f"printops.prisma.{key}" if known else key] = value
    return done


MODULES = frozenset(
    {
        "check_network",
        "device_applications",
        "device_certificate",
        "device_info",
        "device_proxy",
        "home_device",
        "home_device_info",
        "home_subscription_info",
        "ors_status",
        "printer_registration",
        "sign_out",
    }
)

FleetMaker = Callable[..., Fleet]


def start_fleet(
    printers: list[dict[str, Any]] | Path,
    folder: Path,
    settings: dict[str, Any] | None = None,
    tenants: list[dict[str, Any]] | None = None,
    **variables: Any,
) -> Fleet:
    """Start a fleet of these printers, or of a fleet file. ``variables`` go into every inventory."""
    if isinstance(printers, Path):
        path = printers
    else:
        path = folder / "fleet.yml"
        made = {"settings": {**SETTINGS, **(settings or {})}, "tenants": tenants or [], "printers": printers}
        path.write_text(yaml.safe_dump(made), encoding="utf-8")
    return Fleet(start(path, folder / "simulator"), folder, {"onboard_wait_sleep": 0.2, **variables})
