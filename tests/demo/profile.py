# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Demo: make a profile (record with Chromium, draft, decide, check twice) and onboard a printer with it."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import yaml
from support.inventory import inventory_of, write_inventory
from support.person import NoChromium, chromium, find_chromium, record_remote_ui
from support.playbook import Run, run_playbook
from support.simulation import Simulation, running

DECISIONS = ROOT / "tests" / "demo" / "decisions.yml"
PROFILE = "made-by-hand"
FLEET: dict[str, Any] = {
    "settings": {"registration_delay": 0.5, "connecting_delay": 0.5},
    "printers": [{"name": "recorded", "language": "en"}, {"name": "onboarded", "language": "en"}],
}


class StepFailed(Exception):
    """A step did not have the expected result. The text is its output."""


def main() -> int:
    """Run the demo and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", metavar="DIR", help="write recording, fixture and profile to DIR and keep them")
    options = parser.parse_args()
    try:
        find_chromium()
    except NoChromium as error:
        print(f"make demo-profile needs Chromium: {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="printops-profile-") as temporary:
        folder = Path(options.keep).absolute() if options.keep else Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        begun = time.monotonic()
        fleet = folder / "fleet.yml"
        fleet.write_text(yaml.safe_dump(FLEET), encoding="utf-8")
        try:
            with running(fleet, folder / "simulator") as simulation:
                _demo(simulation, folder)
        except StepFailed as error:
            print(f"NOT AS EXPECTED: {error}", file=sys.stderr)
            return 1
        print(f"all steps succeeded in {time.monotonic() - begun:.0f} s")
        return 0


def _demo(simulation: Simulation, folder: Path) -> None:
    recording, fixture = folder / "recorded.har", folder / "fixture.har"
    profile = folder / "profiles" / f"{PROFILE}.yml"
    with chromium() as browser:
        seen = record_remote_ui(browser, simulation, "recorded", recording, proxy=simulation.ready["proxy"])
    _print("1. recorded with Chromium", [f"{recording.name}, {recording.stat().st_size // 1024} KiB"])

    known = {"secrets": [seen["password"], seen["proxy password"]], "serials": [seen["serial"]]}
    draft = {"recording": str(recording), "id": PROFILE, "profile": str(profile), "known": known}
    first = _task(folder, "profile_draft", draft)
    _print("2. drafted", [*first["sure"], f"open questions: {', '.join(each['key'] for each in first['open'])}"])
    _expect(not first["complete"], "the draft has no open questions", first)

    second = _task(folder, "profile_draft", {**draft, "decisions": str(DECISIONS), "fixture": str(fixture)})
    _print("3. questions answered, recording scrubbed", [second["msg"], f"replaced: {second['replaced']}"])
    _expect(second["complete"], "the profile is not complete", second)
    left = [
        value for value in (seen["password"], seen["proxy password"], seen["serial"]) if value in fixture.read_text()
    ]
    _expect(not left, "the fixture still contains sensitive values", {"values": len(left)})

    replayed = _task(folder, "profile_check", {"profile": str(profile), "recording": str(fixture)})
    _print("4. profile checked against the recording", replayed["report"])

    printer = simulation.printer("onboarded")
    account = printer["accounts"]["administrator"]
    live = {"url": printer["url"], "username": account["username"], "password": account["password"]}
    checked = _task(folder, "profile_check", {"profile": str(profile), "live": live, "ca_path": simulation.ready["ca"]})
    _print("5. profile checked against a live printer (read only)", checked["report"])

    inventory = inventory_of(simulation, printops_profile=PROFILE, onboard_fail_on=[])
    printers = inventory["all"]["children"]["printers"]
    printers["hosts"] = {"onboarded": printers["hosts"]["onboarded"]}
    site = folder / "site.yml"
    site.write_text(
        yaml.safe_dump([{"hosts": "printers", "gather_facts": False, "roles": ["printops.prisma.onboard"]}])
    )
    run = run_playbook(str(site), write_inventory(folder / "inventory.yml", inventory), folder)
    if run.returncode != 0:
        raise StepFailed(f"the role ended with {run.returncode}\n{run.output}")
    _print("6. printer onboarded with the profile", [f"{name}: {outcome}" for name, outcome in run.outcomes.items()])
    _expect(run.outcomes == {"onboarded": "onboarded"}, "the printer was not onboarded", run.outcomes)
    left_open = {name: value for name, value in simulation.open_sessions().items() if name == "printers"}
    _expect(not left_open, "sessions were left open", left_open)


def _task(folder: Path, module: str, options: dict[str, Any]) -> dict[str, Any]:
    """Run one task on the control node and return its result."""
    inventory = folder / "none.yml"
    inventory.write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n", encoding="utf-8")
    task = {"name": f"Run {module}", f"printops.prisma.{module}": options}
    run: Run = run_playbook([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}], inventory, folder)
    results = run.results_of(module)
    if run.returncode != 0 or not results:
        raise StepFailed(f"{module} ended with {run.returncode}\n{run.output}")
    return results[0]


def _print(step: str, lines: list[str]) -> None:
    print(f"{step}\n" + "".join(f"   {line}\n" for line in lines), flush=True)


def _expect(holds: bool, what: str, found: Any) -> None:
    if not holds:
        raise StepFailed(f"{what}: {found}")


if __name__ == "__main__":
    os.environ.setdefault("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".cache" / "collections"))
    sys.exit(main())
