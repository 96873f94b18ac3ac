# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo: a simulated, mixed fleet of 32 printers in two regions, onboarded from end to end, twice.

The first run claims by a person's account, on the pages of the identity provider. The second one runs unattended, with
session files. Every outcome and every finding of the closed lists occurs. Ends 0 if all is as expected.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COLLECTIONS = ROOT / ".cache" / "collections"
sys.path[:0] = [str(ROOT / "tests"), str(COLLECTIONS)]

from ansible_collections.printops.prisma.plugins.module_utils._decide.findings import Finding
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import GOOD, Outcome
from demo.folder import demo_folder
from support.home import person_of, session_file
from support.inventory import inventory_of, write_inventory
from support.runs import WHOLE_FLEET, Run, run_playbook
from support.simulation import FLEETS, Simulation, running

ALIKE = [
    *(f"sra-en-{number:03d}" for number in (1, 2, 3)),
    *(f"{kind}-{language}-001" for kind in ("sra", "ps") for language in ("fr", "de")),
    *("sra-fr-002", "sra-de-002", "ps-en-001"),
]
EXPECTED = {
    **dict.fromkeys(ALIKE, "onboarded"),
    "sra-already": "already",
    "ps-never-sent": "already",
    "sra-awaiting-claim": "awaiting_claim",
    "ps-site-en": "onboarded",
    "ps-site-de": "owned_by_other",
    "sra-proxy-mended": "onboarded",
    "sra-proxy-wrong": "proxy_wrong",
    "sra-ors-down": "ors_not_ready",
    "ps-ors-mode-off": "ors_not_ready",
    "sra-register-error": "failed",
    "sra-owned-by-other": "owned_by_other",
    "ps-wrong-device": "wrong_device",
    "sra-locked": "locked",
    "ps-password-change": "password_change",
    "sra-unreachable": "unreachable",
    "sra-untrusted-certificate": "untrusted_certificate",
    "sra-busy": "busy",
    "sra-silent": "timeout",
    "sra-unknown": "unsupported",
    # They share a password that is stale on each of them. Which one comes last, and is not tried, is nobody's to say.
    "sra-one-password-001": "auth_failed",
    "sra-one-password-002": "auth_failed",
    "sra-one-password-003": "not_tried",
}
REGIONS = {"eu": "alpha", "us": "gamma"}
"""The tenant that claims the printers of each region."""
FINDINGS = {
    "sra-fr-001": {"clock_wrong"},
    "ps-fr-001": {"unlicensed"},
    "ps-en-001": {"wrong_connector"},
    "ps-never-sent": {"never_sent_data"},
    "sra-already": {"application_not_enabled"},
}
NOT_IN_THE_DEMO = frozenset(
    {Finding.DEVICE_DISABLED, Finding.SUBSCRIPTION_EXHAUSTED, Finding.SUBSCRIPTION_ENDS_SOON, Finding.ORS_LOST}
)
"""Findings for which the demo's tenants have no subscriptions, and its printers no past: test_licences.py and
test_onboard_findings.py in tests/playbook have them."""
IN_ANY_ORDER = frozenset(f"sra-one-password-{number:03d}" for number in (1, 2, 3))
AFTERWARDS = {name: "already" if outcome == "onboarded" else outcome for name, outcome in EXPECTED.items()}
"""A second run finds those that the first one onboarded."""

PICTURED = (
    *("Onboarding: ", "awaiting_claim: ", "busy: ", "unreachable: ", "ors_not_ready: ", "failed: ", "Changed: "),
    *("Findings", "clock_wrong: ", "unlicensed: ", "Files", "For what is left"),
)
"""How the paragraphs begin that the picture in the README shows."""


def main() -> int:
    """Run the demo and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", action="store_true", help="go from task to task (onboard_mode: tasks), not in bulk")
    parser.add_argument(
        "--out-of-process", action="store_true", help="run ordinary modules (printops_in_process: false)"
    )
    parser.add_argument("--keep", metavar="DIR", help="keep inventory, report and the simulator's state there")
    parser.add_argument("--picture", metavar="FILE", help="draw the table as SVG there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="printops-demo-") as temporary:
        folder = demo_folder(parser, options.keep, temporary)
        mode = "tasks" if options.tasks else "bulk"
        status = _demo(folder, mode, in_process=not options.out_of_process, picture=options.picture)
    if not options.keep:
        print(
            'These files were in a temporary folder and are removed. To keep them: make demo DEMO="--keep build/demo"'
        )
    return status


def _demo(folder: Path, mode: str, *, in_process: bool, picture: str | None) -> int:
    how = (*WHOLE_FLEET, "-e", f"onboard_mode={mode}")
    begun = time.monotonic()
    with running(FLEETS / "demo.yml", folder / "simulator") as simulation:
        # One wave shows all outcomes.
        variables: dict[str, Any] = {"printops_in_process": in_process}
        made = inventory_of(simulation, viewer=True, **variables)
        inventory = write_inventory(folder / "inventory.yml", made)
        print(f"{len(EXPECTED)} simulated printers: {simulation.ready['controllers']['url']}")
        print(f"PRISMA Home, signed in by person: {_accounts(simulation)}", flush=True)
        first = run_playbook("printops.prisma.onboard_fleet", inventory, folder, *how)
        print(_summary(first), flush=True)
        if picture:
            from demo.picture import draw  # whose library a demo does not need

            draw(_excerpt(_summary(first)), Path(picture), title="make demo")
        wrong = differences(first, EXPECTED) + missing(first) + _claimed_elsewhere(simulation)
        left = open_sessions(simulation)
        write_inventory(inventory, _with_session_files(simulation, made, folder))
        second = run_playbook("printops.prisma.onboard_fleet", inventory, folder, *how)
        wrong += [f"second run: {line}" for line in differences(second, AFTERWARDS)]
        if second.changed:
            wrong.append(f"the second run changed {second.changed}")
        print(f"second run, unattended, with the session files of {len(REGIONS)} tenants: {second.changed} changed")
        # Sessions of files belong to the people who exported them.
        left |= {name: value for name, value in open_sessions(simulation).items() if name != "home_people"}
        if left:
            wrong.append(f"sessions are left open: {left}")
        print(f"sessions left open: {len(left)}")
    print(f"{len(EXPECTED)} printers, two runs, {time.monotonic() - begun:.0f} s")
    for line in wrong:
        print(f"NOT AS EXPECTED: {line}", file=sys.stderr)
    return 1 if wrong else 0


def _accounts(simulation: Simulation) -> str:
    ready = simulation.ready
    accounts = {region: person_of(ready, tenant)["email"] for region, tenant in REGIONS.items()}
    return ", ".join(f"{account} at {ready['home']['regions'][region]}" for region, account in accounts.items())


def _with_session_files(simulation: Simulation, inventory: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return an inventory in which a session file stands in the place of each person's password."""
    group = inventory["all"]
    for variables in (group["vars"], *group["children"]["printers"]["hosts"].values()):
        tenant = variables.get("printops_tenant")
        if tenant is None:
            continue
        for name in ("username", "password", "sign_in_hosts"):
            del variables[f"printops_tenant_{name}"]
        path = session_file(simulation.ready, folder / f"home-session-{tenant}.json", tenant)
        variables["printops_tenant_session_file"] = str(path)
    return inventory


def _claimed_elsewhere(simulation: Simulation) -> list[str]:
    """Say which printer of another region is not at the tenant there."""
    wrong = []
    for printer in simulation.ready["printers"]:
        owner = simulation.get(f"printers/{printer['name']}")["owner"]
        if printer["region"] != "eu" and owner != REGIONS[printer["region"]]:
            wrong.append(f"{printer['name']} belongs to {owner or 'nobody'}")
    return wrong


def _summary(run: Run) -> str:
    """Return the summary at the end of the output; all of it when the run failed."""
    _before, head, rest = run.output.rpartition("\nOnboarding: ")
    return f"Onboarding: {rest}" if head else run.output


def _excerpt(summary: str) -> str:
    """Return the paragraphs of a summary that a picture shows: one of each sort, and the worst."""
    return "\n\n".join(part for part in summary.split("\n\n") if part.startswith(PICTURED))


def differences(run: Run, expected: dict[str, str]) -> list[str]:
    """Say in what a run differs from what is expected of it, and what of the closed lists did not occur."""
    wrong = [] if run.returncode == 2 else [f"ansible-playbook ended with {run.returncode}"]
    bad = {name for name, outcome in expected.items() if outcome not in GOOD}
    if run.failed != bad:
        wrong.append(f"the recap differs in {sorted(run.failed ^ bad)} from the printers that need attention")
    try:
        printers = run.report["printers"]
    except OSError as error:
        return [*wrong, f"there is no report: {error}"]
    ended = {name: printer["outcome"] for name, printer in printers.items()}
    wrong += [
        f"{name} ended {ended.get(name)}, expected {outcome}"
        for name, outcome in expected.items()
        if ended.get(name) != outcome and name not in IN_ANY_ORDER
    ]
    shared = [Counter(outcomes.get(name) for name in IN_ANY_ORDER) for outcomes in (ended, expected)]
    if shared[0] != shared[1]:
        wrong.append(f"those that share a password ended {dict(shared[0])}, expected {dict(shared[1])}")
    wrong += [
        f"{name} has the findings {sorted(found_of(printer))}, expected {sorted(FINDINGS.get(name, ()))}"
        for name, printer in printers.items()
        if found_of(printer) != FINDINGS.get(name, set())
    ]
    found = {finding for printer in printers.values() for finding in found_of(printer)}
    return wrong + [
        f"nothing was found {finding.value}" for finding in set(Finding) - NOT_IN_THE_DEMO if finding not in found
    ]


def open_sessions(simulation: Simulation) -> dict[str, Any]:
    """Return what is still signed in, but for the somebody else who keeps sra-busy busy."""
    found = simulation.open_sessions()
    printers = {name: sessions for name, sessions in found.get("printers", {}).items() if name != "sra-busy"}
    return {name: value for name, value in {**found, "printers": printers}.items() if value}


def found_of(printer: dict[str, Any]) -> set[str]:
    """Return what was found at a printer."""
    return {item["finding"] for item in printer["findings"]}


def missing(run: Run) -> list[str]:
    """Name the outcomes of the closed list that no printer of a run ended with."""
    try:
        ended = set(run.outcomes.values())
    except OSError:
        return []  # without a report, which is reported already
    return [f"no printer ended {outcome.value}" for outcome in Outcome if outcome.value not in ended]


if __name__ == "__main__":
    os.environ.setdefault("ANSIBLE_COLLECTIONS_PATH", str(COLLECTIONS))
    sys.exit(main())
