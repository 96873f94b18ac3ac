# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo: a simulated fleet of 24 printers, onboarded from end to end, twice. Ends 0 if every outcome is expected."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from demo.picture import draw  # noqa: E402
from support.inventory import inventory_of, write_inventory  # noqa: E402
from support.playbook import Run, run_playbook  # noqa: E402
from support.simulation import FLEETS, running  # noqa: E402

EXPECTED = {
    **{f"sra-en-{number:03d}": "onboarded" for number in range(1, 7)},
    **{f"sra-fr-{number:03d}": "onboarded" for number in range(1, 5)},
    "sra-already": "already",
    "sra-awaiting-claim": "awaiting_claim",
    "sra-proxy-mended": "onboarded",
    "sra-proxy-wrong": "proxy_wrong",
    "sra-ors-down": "ors_not_ready",
    "sra-ors-mode-off": "ors_not_ready",
    "sra-register-error": "failed",
    "sra-owned-by-other": "owned_by_other",
    "sra-wrong-device": "wrong_device",
    "sra-locked": "locked",
    "sra-password-change": "password_change",
    "sra-auth-failed": "auth_failed",
    "sra-unreachable": "unreachable",
    "sra-untrusted-certificate": "untrusted_certificate",
}
AFTERWARDS = {name: "already" if outcome == "onboarded" else outcome for name, outcome in EXPECTED.items()}
"""A second run finds those that the first one onboarded."""


def main() -> int:
    """Run the demo and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out-of-process", action="store_true", help="run ordinary modules (printops_in_process: false)"
    )
    parser.add_argument("--keep", metavar="DIR", help="keep inventory, report and the simulator's state there")
    parser.add_argument("--picture", metavar="FILE", help="draw the table as SVG there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="printops-demo-") as temporary:
        folder = Path(options.keep).absolute() if options.keep else Path(temporary)
        return _demo(folder, in_process=not options.out_of_process, picture=options.picture)


def _demo(folder: Path, *, in_process: bool, picture: str | None) -> int:
    begun = time.monotonic()
    with running(FLEETS / "demo.yml", folder / "simulator") as simulation:
        # The outcomes are expected ones, so none of them fails the play.
        inventory = write_inventory(
            folder / "inventory.yml",
            inventory_of(simulation, viewer=True, onboard_fail_on=[], printops_in_process=in_process),
        )
        print(f"24 simulated SRA printers: {simulation.ready['controllers']['url']}", flush=True)
        first = run_playbook("printops.prisma.onboard_fleet", inventory, folder)
        print(_told(first), flush=True)
        if picture:
            table = _told(first).split("\n\n", 1)[0]
            draw(table, Path(picture), title="make demo")
        wrong = _differences(first, EXPECTED)
        second = run_playbook("printops.prisma.onboard_fleet", inventory, folder)
        wrong += _differences(second, AFTERWARDS)
        if second.changed:
            wrong.append(f"the second run changed {second.changed}")
        print(f"second run: {second.changed} changed")
        left = simulation.open_sessions()
        if left:
            wrong.append(f"sessions are left open: {left}")
        print(f"sessions left open: {len(left)}")
    print(f"{len(EXPECTED)} printers, two runs, {time.monotonic() - begun:.0f} s")
    for line in wrong:
        print(f"NOT AS EXPECTED: {line}", file=sys.stderr)
    return 1 if wrong else 0


def _told(run: Run) -> str:
    """Return the part of the output with the table; all of it when the run failed."""
    if run.returncode != 0 or "\nOnboarding\n" not in run.output:
        return run.output
    return "Onboarding\n" + run.output.split("\nOnboarding\n", 1)[1].split("\nok: [", 1)[0]


def _differences(run: Run, expected: dict[str, str]) -> list[str]:
    wrong = [] if run.returncode == 0 else [f"ansible-playbook ended with {run.returncode}"]
    try:
        outcomes = run.outcomes
    except OSError as error:
        return [*wrong, f"there is no report: {error}"]
    return wrong + [
        f"{name} ended {outcomes.get(name)}, expected {outcome}"
        for name, outcome in expected.items()
        if outcomes.get(name) != outcome
    ]


if __name__ == "__main__":
    os.environ.setdefault("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".cache" / "collections"))
    sys.exit(main())
