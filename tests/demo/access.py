# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo of declared people: a simulated site of 300 is dumped, changed by plan, review and apply; guardrails refuse.

Ends 0 if all is as expected.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
COLLECTIONS = ROOT / ".cache" / "collections"
sys.path[:0] = [str(ROOT / "tests")]

from demo.folder import demo_folder
from support.runs import Run, run_playbook
from support.simulation import FLEETS, running
from support.site import Sites

ADDED = [f"joiner.{number}@north.example.com" for number in (1, 2, 3)]
REMOVED = ["operator.15@north.example.com", "operator.16@north.example.com"]
CHANGED = "operator.01@north.example.com"
REFUSALS = {"nobody-declared": "empty_list", "eleven-removed": "max_removals", "required-missing": "required_admins"}
OWN_ACCOUNT = "own-account-undeclared"
DUMP = [
    {
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [
            {"printops.prisma.cloud_site_info": None, "register": "found"},
            {
                "ansible.builtin.copy": {
                    "content": "{{ found.declared | to_nice_yaml(indent=2) }}",
                    "dest": "{{ dump }}",
                    "mode": "0600",
                }
            },
        ],
    }
]


class Demo:
    """The folder of a demo, what it saw, and what was not as expected."""

    def __init__(self, sites: Sites, folder: Path) -> None:
        self.sites = sites
        self.folder = folder
        self.wrong: list[str] = []

    def expect(self, *, true: bool, what: str) -> None:
        """Note what is not as expected."""
        if not true:
            self.wrong.append(what)

    def run(self, playbook: str | list[dict[str, Any]], hosts: dict[str, dict[str, Any]], *arguments: str) -> Run:
        """Run a playbook on hosts, each of which is the site north."""
        inventory = self.folder / "inventory.yml"
        inventory.touch(mode=0o600)
        known = {name: {**_LOCAL, **variables} for name, variables in hosts.items()}
        inventory.write_text(yaml.safe_dump({"all": {"hosts": known}}), encoding="utf-8")
        return run_playbook(playbook, inventory, self.folder, *arguments, "-e", "cloud_access_hosts=all")

    def status(self, run: Run, host: str | None = None) -> dict[str, Any]:
        """Return the status that a run left; the output of the run is the reason if there is none."""
        path = self.folder / "access" / (host or "") / "status.json"
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except OSError:
            self.wrong.append(f"there is no status:\n{run.output}")
            return {"outcome": "none"}
        return found


def main() -> int:
    """Run the demo and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", metavar="DIR", help="keep the files and the simulator's state there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="printops-demo-access-") as temporary:
        folder = demo_folder(parser, options.keep, temporary)
        begun = time.monotonic()
        with running(FLEETS / "access.yml", folder / "simulator") as simulation:
            demo = Demo(Sites(simulation, folder), folder)
            _show(demo)
        print(f"\n{time.monotonic() - begun:.0f} s")
    for line in demo.wrong:
        print(f"NOT AS EXPECTED: {line}", file=sys.stderr)
    return 1 if demo.wrong else 0


def _show(demo: Demo) -> None:
    sites, file = demo.sites, demo.folder / "access.yml"
    people = set[str]().union(*sites.lists().values())
    print(f"A simulated administration site with {len(people)} people: {sites.ready['url']}")
    demo.expect(true=len(people) == 300, what=f"{len(people)} people")
    dumped = demo.run(DUMP, {"localhost": {**sites.variables(), "dump": str(file)}})
    if not file.exists():
        demo.wrong.append(f"nothing was dumped:\n{dumped.output}")
        return
    declared = {**yaml.safe_load(file.read_text(encoding="utf-8")), "mode": "authoritative"}
    known = len(declared["administrators"]) + len(declared["users"])
    print(f"1. Dumped with cloud_site_info, signed in by form: {file.name}, {known} people")
    _change(demo, declared, file)
    _guardrails(demo, declared)


def _change(demo: Demo, declared: dict[str, Any], file: Path) -> None:
    """Plan, review, apply, and run again."""
    sites = demo.sites
    _write(file, _edited(declared))
    session = {key: value for key, value in sites.variables().items() if key not in _FORM}
    session["printops_site_session_file"] = str(sites.session_file(demo.folder / "site-session.json"))
    host = {"localhost": {**session, "cloud_access_file": str(file)}}
    sites.begin()
    planned = demo.run("printops.prisma.enforce_access", host, "--check")
    plan = demo.status(planned)
    counts = plan.get("counts", {})
    print(f"2. Planned ({plan['outcome']}), with a session file: 3 added; 3 removed, 1 not from the Dashboard\n")
    markdown = demo.folder / "access" / "plan.md"
    print(markdown.read_text(encoding="utf-8") if markdown.exists() else planned.output)
    demo.expect(true=plan["outcome"] == "drift" and planned.returncode == 0, what=f"the plan: {plan}")
    demo.expect(true=counts.get("removed_people") == 3, what=f"the counts of the plan: {counts}")
    demo.expect(true=sites.writes() == {}, what=f"check mode wrote {sites.writes()}")

    sha256 = plan.get("plan_sha256") or "none"
    applied = demo.run("printops.prisma.enforce_access", host, "-e", f"cloud_access_plan_sha256={sha256}")
    done = demo.status(applied)
    print(
        f"3. Applied, this plan and no other ({sha256[:12]}…): {done['outcome']}, {sum(sites.writes().values())} writes"
    )
    demo.expect(true=done["outcome"] == "applied", what=f"applying: {done}")
    demo.expect(true=all(len(sites.where(person)) == 3 for person in ADDED), what="somebody was not added")
    demo.expect(true=not any(sites.where(person) for person in REMOVED), what="somebody was not removed")
    demo.expect(true=sites.where(CHANGED) == {"dashboard"}, what=f"{CHANGED} is on {sites.where(CHANGED)}")

    sites.begin()
    again = demo.run("printops.prisma.enforce_access", host)
    print(f"4. Run again: {demo.status(again)['outcome']}, {again.changed} changed, {len(sites.writes())} writes")
    demo.expect(true=demo.status(again)["outcome"] == "in_sync" and again.changed == 0, what=again.output)
    demo.expect(true=sites.writes() == {}, what=f"the second run wrote {sites.writes()}")


def _guardrails(demo: Demo, declared: dict[str, Any]) -> None:
    """Declare what must not be done, three times."""
    now = _edited(declared)
    required = {"required_admins": ["deputy@north.example.com"]}
    administrators = [one for one in now["administrators"] if _email(one) != "deputy@north.example.com"]
    files = {
        "nobody-declared": {**now, "users": []},
        "eleven-removed": {**now, "users": now["users"][:-11]},
        "required-missing": {
            **now,
            "administrators": administrators,
            "guardrails": {**now.get("guardrails", {}), **required},
        },
    }
    others = [one for one in now["administrators"] if _email(one) != demo.sites.account]
    files[OWN_ACCOUNT] = {**now, "administrators": others}
    hosts = {}
    for name, content in files.items():
        path = demo.folder / f"{name}.yml"
        _write(path, content)
        hosts[name] = {**demo.sites.variables(), "cloud_access_file": str(path)}
    demo.sites.begin()
    before = demo.sites.lists()
    run = demo.run("printops.prisma.enforce_access", hosts)
    print("5. What must not be done:")
    for name, guardrail in REFUSALS.items():
        status = demo.status(run, name)
        refused = {one["name"]: one["text"] for one in status.get("refused", [])}
        print(f"   {name}: {status['outcome']}: {guardrail}: {refused.get(guardrail)}")
        demo.expect(true=status["outcome"] == "guardrail_refused" and guardrail in refused, what=f"{name}: {status}")
    status = demo.status(run, OWN_ACCOUNT)
    kept = (demo.folder / "access" / OWN_ACCOUNT / "plan.md").read_text(encoding="utf-8")
    demo.expect(true=status["outcome"] == "in_sync" and "Kept on purpose" in kept, what=f"{OWN_ACCOUNT}: {status}")
    print(f"   {OWN_ACCOUNT}: {status['outcome']}: {demo.sites.account} is kept on purpose")
    writes = demo.sites.writes()
    print(f"   {len(writes)} writes")
    demo.expect(true=writes == {} and demo.sites.lists() == before, what=f"a refused run wrote {writes}")
    demo.expect(true=run.returncode != 0, what="ansible-playbook ended 0 although guardrails refused")


_LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
_FORM = ("printops_site_username", "printops_site_password", "printops_site_sign_in_hosts")


def _edited(declared: dict[str, Any]) -> dict[str, Any]:
    users = [one for one in declared["users"] if _email(one) not in (*REMOVED, CHANGED)]
    return {**declared, "users": [*users, {"email": CHANGED, "applications": ["dashboard"]}, *ADDED]}


def _email(person: str | dict[str, Any]) -> str:
    return person if isinstance(person, str) else str(person["email"])


def _write(path: Path, declared: dict[str, Any]) -> None:
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(declared, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("ANSIBLE_COLLECTIONS_PATH", str(COLLECTIONS))
    sys.exit(main())
