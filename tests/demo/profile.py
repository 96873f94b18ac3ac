# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Demo: make profiles by pointing, with scripted clicks; onboard a printer, and add and remove a person, with them."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / ".cache" / "collections")]

import yaml
from ansible_collections.printops.prisma.plugins.module_utils._decide.text import counted
from support.home import person_of
from support.inventory import inventory_of, site_variables, tenant_variables, write_inventory
from support.person import NoChromium, find_chromium
from support.playbook import Run, run_playbook
from support.simulation import Simulation, running

CLICKS = ROOT / "tests" / "demo" / "clicks"
PICTURES = ROOT / "docs" / "images"
SIMULATED = {"kind": "simulated", "note": "Recorded from the simulator of this collection, by its demo."}
PERSON = "test-person@example.com"
NEW = f"new-{PERSON}"
FLEET: dict[str, Any] = {
    "settings": {
        "registration_delay": 0.5,
        "connecting_delay": 0.5,
        "ors_connect_delay": 0.3,
        "ors_recheck": 0.5,
        "home_page_size": 3,
    },
    "tenants": [
        {
            "id": "alpha",
            "name": "Print shop Alpha",
            "generated_people": 5,
            "devices": [{"name": f"Digital {number}", "serial": f"CP0{number}7731"} for number in range(4)],
        },
        {"id": "beta", "name": "Print shop Beta"},
    ],
    "printers": [
        {"name": "recorded", "language": "en"},
        {"name": "onboarded", "language": "en"},
        {"name": "editor", "language": "en", "kind": "prismasync"},
    ],
    "sites": [{"id": "north"}],
}


class StepFailed(Exception):
    """A step did not have the expected result. The text is its output."""


class Demo:
    """The demo with a running simulator. Files are in ``folder``, pictures of the panel in ``pictures``."""

    def __init__(self, simulation: Simulation, folder: Path, pictures: Path) -> None:
        self.simulation = simulation
        self.folder = folder
        self.pictures = pictures

    def record(self, name: str, interface: str, url: str, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Record with the clicks of ``name``, and check that the profile is complete and proven."""
        clicks = (CLICKS / f"{name}.yml").read_text(encoding="utf-8")
        for key, value in {**values, "pictures": str(self.pictures), "person": PERSON}.items():
            clicks = clicks.replace(f"${{{key}}}", str(value))
        (self.folder / f"{name}-clicks.yml").write_text(clicks, encoding="utf-8")
        result = self.task(
            "profile_record",
            {
                "url": url,
                "interface": interface,
                "id": f"pointed-{name}",
                "profile": str(self.folder / "profiles" / f"pointed-{name}.yml"),
                "fixture": str(self.folder / f"{name}.har"),
                "expected": str(self.folder / f"{name}-expected.yml"),
                "evidence": SIMULATED,
                "clicks": str(self.folder / f"{name}-clicks.yml"),
                "browser": find_chromium(),
                "browser_validate_certs": False,
                "ca_path": self.simulation.ready["ca"],
                **options,
            },
        )
        show(
            f"Profile pointed-{name} made and proven: {counted(result['clicks'], 'click')}, "
            f"{counted(result['questions'], 'question')}"
            if result["proven"]
            else f"Profile pointed-{name}, which is not proven",
            [*(f"replay  {line}" for line in result["replay"]), *(f"live    {line}" for line in result["live"])],
        )
        open_questions = [each["key"] for each in result["open"] if not each["optional"]]
        expect(result["complete"] and not open_questions, f"{name}: questions are open", open_questions)
        expect(result["proven"], f"{name}: the profile is not proven", [result["replay"], result["live"]])
        text = (self.folder / f"{name}.har").read_text(encoding="utf-8")
        left = [key for key in ("password", "proxy_password") if key in values and str(values[key]) in text]
        expect(not left, f"{name}: the fixture contains secrets", left)
        return result

    def task(self, module: str, options: dict[str, Any]) -> dict[str, Any]:
        """Run one task on the control node and return its result."""
        inventory = self.folder / "none.yml"
        inventory.write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n", encoding="utf-8")
        task = {"name": f"Run {module}", f"printops.prisma.{module}": options}
        run: Run = run_playbook(
            [{"hosts": "localhost", "gather_facts": False, "tasks": [task]}], inventory, self.folder, timeout=600
        )
        results = run.results_of(module)
        if run.returncode != 0 or not results:
            raise StepFailed(f"{module} ended with {run.returncode}\n{run.output}")
        return results[0]

    def sra(self) -> None:
        """Record the remote UI of an SRA controller, a wrong password first."""
        printer = self.simulation.printer("recorded")
        account = printer["accounts"]["administrator"]
        self.record("sra", "controller", printer["url"], {**account, **_proxy(self.simulation)})

    def editor(self) -> None:
        """Record the Settings Editor of a PRISMAsync controller."""
        printer = self.simulation.printer("editor")
        account = printer["accounts"]["administrator"]
        self.record("editor", "controller", printer["url"], {**account, **_proxy(self.simulation)})

    def site(self) -> None:
        """Record the administration site, with a test person who comes and goes."""
        variables = site_variables(self.simulation.ready)
        values = {"username": variables["printops_site_username"], "password": variables["printops_site_password"]}
        self.record("site", "site", variables["printops_site_url"], values, person=PERSON)

    def home(self) -> None:
        """Record PRISMA Home, and register the printer of :meth:`sra` there."""
        person = person_of(self.simulation.ready)
        address = self.simulation.get("printers/recorded")["address"]
        url = self.simulation.ready["home"]["url"]
        values = {"username": person["email"], "password": person["password"], "address": address}
        values |= {"url": url.rstrip("/") + "/", "serial": self.simulation.printer("recorded")["serial"]}
        self.record("home", "tenant", url, values, person=PERSON)

    def onboard(self) -> None:
        """Onboard a printer with the profiles of the SRA controller and of PRISMA Home."""
        inventory = inventory_of(
            self.simulation,
            printops_profile="pointed-sra",
            printops_tenant_profile="pointed-home",
            onboard_applications={},
            onboard_fail_on=[],
        )
        printers = inventory["all"]["children"]["printers"]
        printers["hosts"] = {"onboarded": printers["hosts"]["onboarded"]}
        site = self.folder / "onboard.yml"
        site.write_text(
            yaml.safe_dump([{"hosts": "printers", "gather_facts": False, "roles": ["printops.prisma.onboard"]}])
        )
        run = run_playbook(str(site), write_inventory(self.folder / "inventory.yml", inventory), self.folder)
        if run.returncode != 0:
            raise StepFailed(f"the role ended with {run.returncode}\n{run.output}")
        show(
            "Printer onboarded with the profiles",
            [f"{name}: {outcome}" for name, outcome in run.outcomes.items()],
        )
        expect(run.outcomes == {"onboarded": "onboarded"}, "the printer was not onboarded", run.outcomes)

    def person(self) -> None:
        """Add a person to the administration site and to PRISMA Home with their profiles, and remove the person."""
        ready = self.simulation.ready
        site = {**site_variables(ready), "printops_site_profile": "pointed-site"}
        tenant = {**tenant_variables(ready), "printops_tenant_profile": "pointed-home"}
        for state in ("present", "absent"):
            self.with_variables("cloud_user", {"people": [NEW], "state": state}, site)
            lists = self.simulation.get("sites/north")["lists"]
            on = sorted(name for name, rows in lists.items() if NEW in {row["email"] for row in rows})
            show(f"Site: person {state} with the profile", [f"{NEW} is on: {', '.join(on) or 'no list'}"])
            expect(bool(on) == (state == "present"), "the person is not where it should be", on)
            role = {"role": "administrator"} if state == "present" else {}
            self.with_variables("home_user", {"people": [NEW], "state": state, **role}, tenant)
            people = self.simulation.get("tenants/alpha/people")
            roles = [each["role"].lower() for each in people if each["email"] == NEW]
            show(f"PRISMA Home: person {state} with the profile", [f"{NEW}: {', '.join(roles) or 'not there'}"])
            wanted = ["administrator"] if state == "present" else []
            expect(roles == wanted, "the person does not have the role", roles)

    def with_variables(self, module: str, options: dict[str, Any], variables: dict[str, Any]) -> None:
        """Run one task on the control node, with variables that may be secret."""
        inventory = self.folder / "site.yml"
        inventory.touch(mode=0o600)
        host = {"ansible_connection": "local", **variables}
        inventory.write_text(yaml.safe_dump({"all": {"hosts": {"localhost": host}}}), encoding="utf-8")
        play = [{"hosts": "localhost", "gather_facts": False, "tasks": [{f"printops.prisma.{module}": options}]}]
        run = run_playbook(play, inventory, self.folder)
        if run.returncode != 0 or not run.results_of(module):
            raise StepFailed(f"{module} ended with {run.returncode}\n{run.output}")

    def page(self) -> None:
        """Try expressions in the browser, on a page of the printer of :meth:`sra`, signed in with its profile."""
        printer = self.simulation.printer("recorded")
        account = printer["accounts"]["administrator"]
        clicks = (CLICKS / "page.yml").read_text(encoding="utf-8").replace("${pictures}", str(self.pictures))
        (self.folder / "page-clicks.yml").write_text(clicks, encoding="utf-8")
        result = self.task(
            "profile_try",
            {
                "url": printer["url"],
                "profile": str(self.folder / "profiles" / "pointed-sra.yml"),
                "username": account["username"],
                "password": account["password"],
                "page": "ors.htm",
                "window": True,
                "clicks": str(self.folder / "page-clicks.yml"),
                "browser": find_chromium(),
                "browser_validate_certs": False,
                "ca_path": self.simulation.ready["ca"],
            },
        )
        show(
            "Expressions tried on a page",
            [f"{each['path']}  {each['expression']}: {each['value']}" for each in result["kept"]],
        )
        values = [each["value"] for each in result["kept"]]
        expect(values == ["connected", "enabled"], "the expressions read something else", result["kept"])


def _proxy(simulation: Simulation) -> dict[str, Any]:
    return {f"proxy_{name}": value for name, value in simulation.ready["proxy"].items()}


STEPS: dict[str, Callable[[Demo], None]] = {
    "sra": Demo.sra,
    "editor": Demo.editor,
    "site": Demo.site,
    "home": Demo.home,
    "onboard": Demo.onboard,
    "person": Demo.person,
    "page": Demo.page,
}


def main() -> int:
    """Run the demo and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", metavar="DIR", help="write all files to DIR and keep them")
    parser.add_argument("--pictures", metavar="DIR", help="write pictures of the panel to DIR (docs/images)")
    parser.add_argument("--only", nargs="+", choices=STEPS, default=list(STEPS), help="the steps to perform")
    options = parser.parse_args()
    try:
        find_chromium()
    except NoChromium as error:
        print(f"make demo-profile needs Chromium: {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="printops-profile-") as temporary:
        folder = Path(options.keep).absolute() if options.keep else Path(temporary)
        pictures = Path(options.pictures).absolute() if options.pictures else folder / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        print(
            "Simulated interfaces are recorded with scripted clicks in place of a person: two kinds of controllers, "
            "an administration site and PRISMA Home.\nEach profile is replayed and then proven on the interface. "
            "A printer is onboarded with them.\n",
            flush=True,
        )
        begun = time.monotonic()
        fleet = folder / "fleet.yml"
        fleet.write_text(yaml.safe_dump(FLEET), encoding="utf-8")
        try:
            with running(fleet, folder / "simulator") as simulation:
                demo = Demo(simulation, folder, pictures)
                for name in options.only:
                    STEPS[name](demo)
                left_open = {name: value for name, value in simulation.open_sessions().items() if name == "printers"}
                expect(not left_open, "sessions were left open", left_open)
        except StepFailed as error:
            print(f"NOT AS EXPECTED: {error}", file=sys.stderr)
            return 1
        made = counted(len(list((folder / "profiles").glob("*.yml"))), "profile")
        print(f"{made} made, {counted(len(options.only), 'step')}, {time.monotonic() - begun:.0f} s")
        if options.keep:
            print(f"The profiles are in {folder / 'profiles'}, with recordings and readings beside that folder.")
        else:
            print('The profiles are deleted now. To keep them: make demo-profile DEMO="--keep build/profiles"')
        return 0


def show(step: str, lines: list[str]) -> None:
    """Print a step and its result."""
    print(f"{step}\n" + "".join(f"   {line}\n" for line in lines), flush=True)


def expect(holds: bool, what: str, found: Any) -> None:
    """Raise :class:`StepFailed` unless something holds."""
    if not holds:
        raise StepFailed(f"{what}: {found}")


if __name__ == "__main__":
    os.environ.setdefault("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".cache" / "collections"))
    sys.exit(main())
