# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated administration sites, runs of tasks on them, and the requests that reached them. Asserts nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import turbohtml
import yaml

from .inventory import site_variables
from .runs import Run, run_playbook
from .simulation import Simulation, start

LISTS = (
    "dashboard",
    "remote_match",
    "remote_control_invited",
    "remote_control_active",
    "administrators_invited",
    "administrators",
)
ENGLISH = {"Accept-Language": "en"}
"""What a browser asks for whose user reads English: the simulator's pages are in German for all others."""
_MODULES = ("cloud_", "home_", "sign_in", "site_")
SETTINGS = {"registration_delay": 0.1, "connecting_delay": 0.1, "ors_connect_delay": 0.1, "ors_recheck": 0.5}


@dataclass
class Sites:
    """Running administration sites, and a folder to run playbooks in."""

    simulation: Simulation
    folder: Path
    runs: int = 0
    own: dict[str, Any] = field(default_factory=dict)

    def site(self, name: str = "north") -> dict[str, Any]:
        """Return the entry of one site in the ready file."""
        found: dict[str, Any] = next(item for item in self.ready["sites"] if item["id"] == name)
        return found

    @property
    def ready(self) -> dict[str, Any]:
        """Return the sites in the ready file."""
        found: dict[str, Any] = self.simulation.ready["sites"]
        return found

    @property
    def account(self) -> str:
        """Return the e-mail address of the account in use."""
        return str(self.site()["automation"]["email"])

    def variables(self, site: str = "north") -> dict[str, Any]:
        """Return the variables by which modules sign in to a site by form."""
        return {**site_variables(self.simulation.ready, site), **self.own}

    def new_folder(self) -> Path:
        """Return a new folder for one run."""
        self.runs += 1
        made = self.folder / f"run-{self.runs}"
        made.mkdir(parents=True)
        return made

    def play(
        self,
        *tasks: dict[str, Any],
        check: bool = False,
        arguments: tuple[str, ...] = (),
        folder: Path | None = None,
        site: str = "north",
        env: dict[str, str] | None = None,
        **variables: Any,
    ) -> Run:
        """Run tasks on localhost with ``--diff``, failures ignored. A variable that is None is left out."""
        folder = folder or self.new_folder()
        known = {name: value for name, value in {**self.variables(site), **variables}.items() if value is not None}
        inventory = folder / "inventory.yml"
        inventory.touch(mode=0o600)
        host = {"ansible_connection": "local", **known}
        inventory.write_text(yaml.safe_dump({"all": {"hosts": {"localhost": host}}}), encoding="utf-8")
        named = [
            {
                "ignore_errors": True,
                **{f"printops.prisma.{key}" if key.startswith(_MODULES) else key: task[key] for key in task},
            }
            for task in tasks
        ]
        plays = [{"hosts": "localhost", "gather_facts": False, "tasks": named}]
        more = (*(("--check",) if check else ()), *arguments)
        return run_playbook(plays, inventory, folder, "--diff", *more, timeout=600, **(env or {}))

    def tasks(self, *tasks: dict[str, Any], **how: Any) -> list[dict[str, Any]]:
        """Run tasks as :meth:`play` does and return their results in order, also of failed ones."""
        run = self.play(*tasks, **how)
        results = [{**item["result"], "failed": item["status"] == "failed"} for item in run.results]
        assert len(results) == len(tasks), run.output
        return results

    def task(
        self, module: str, check: bool = False, options: dict[str, Any] | None = None, **how: Any
    ) -> dict[str, Any]:
        """Run one task and return its result."""
        return self.tasks({module: options or {}}, check=check, **how)[0]

    def lists(self, site: str = "north") -> dict[str, set[str]]:
        """Return the people on each list of the simulator."""
        found = self.simulation.get(f"sites/{site}")["lists"]
        return {name: {row["email"] for row in found[name]} for name in LISTS}

    def where(self, person: str, site: str = "north") -> set[str]:
        """Return the lists that contain a person."""
        return {name for name, people in self.lists(site).items() if person in people}

    def put(self, person: str, *lists: str, site: str = "north") -> None:
        """Put a person on exactly these lists."""
        self.simulation.post(f"sites/{site}/people", {"email": person, "lists": list(lists)})

    def fault(self, fault: str, **what: Any) -> None:
        """Inject a fault into the next matching request to the sites."""
        self.simulation.post("faults", {"fault": fault, "target": "site", **what})

    def begin(self) -> int:
        """Reset the counters, and return the id of the newest audit entry."""
        self.simulation.request("DELETE", "counters")
        return self.simulation.last_audit_id()

    def asked(self) -> dict[str, int]:
        """Return the number of requests to the sites, by method and path."""
        rows = self.simulation.counters()["requests"]
        return {f"{row['method']} {row['path']}": row["count"] for row in rows if row["host"] == "site"}

    def writes(self) -> dict[str, int]:
        """Return the requests that may change something, without [Log out]."""
        return {
            name: count
            for name, count in self.asked().items()
            if name.startswith("POST ") and not name.endswith("log-out")
        }

    def sign_ins(self, since: int) -> int:
        """Return the number of sign-ins at the sites after an audit entry."""
        return sum(entry["side"] == "site" for entry in self.simulation.audit(since=since, what="sign_in"))

    def session_file(self, path: Path, site: str = "north") -> Path:
        """Sign in as a browser does, and write the session as a storage state."""
        with httpx.Client(verify=False, follow_redirects=True, trust_env=False, headers=ENGLISH) as browser:
            page = browser.get(f"{self.ready['url']}sign-in")
            form = _form(page.text, "login")
            automation = self.site(site)["automation"]
            browser.post(
                httpx.URL(str(page.url)).join(form.pop("action")),
                data={**form, "email": automation["email"], "password": automation["password"]},
            )
            host = urlsplit(self.ready["url"]).hostname
            cookies = [
                {"name": each.name, "value": each.value, "domain": each.domain, "path": each.path, "expires": -1}
                for each in browser.cookies.jar
                if each.domain == host
            ]
        path.write_text(json.dumps({"cookies": cookies, "origins": []}), encoding="utf-8")
        path.chmod(0o600)
        return path


def _form(text: str, name: str) -> dict[str, str]:
    """Return the action and the hidden fields of a form."""
    form: Any = turbohtml.parse(text).select_one(f"form#{name}")
    return {"action": form.attr("action"), **dict(form.form_data())}


def start_sites(
    folder: Path,
    sites: list[dict[str, Any]] | None = None,
    printers: list[dict[str, Any]] | None = None,
    settings: dict[str, Any] | None = None,
) -> Sites:
    """Start administration sites (default: north and south), and printers if there are any."""
    path = folder / "fleet.yml"
    made = {
        "settings": {**SETTINGS, **(settings or {})},
        "printers": printers or [{"name": "sra-1"}],
        "sites": sites or [{"id": "north"}, {"id": "south"}],
    }
    path.write_text(yaml.safe_dump(made), encoding="utf-8")
    return Sites(start(path, folder / "simulator"), folder)
