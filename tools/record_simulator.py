# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the recordings of the shipped profiles anew: Chromium on the simulator, scrubbed, with the expected reading.

    make venv && .venv/bin/python tools/record_simulator.py [NAME ...]

Writes tests/fixtures/recordings/PROFILE/NAME.har, NAME.expected.yml and docs/mutations.md. Look at the difference
before it is committed: a reading that has changed is either a change of the simulator or a fault.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / ".cache" / "collections")]

from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import read_har, write_har
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.scrub import scan, scrub
from support.fixtures import EXPECTED_HEADER, FIXTURES, MUTATION_TABLE, RECORDINGS, mutation_table
from support.home_recording import record_home
from support.person import chromium, record_remote_ui, record_settings_editor
from support.simulation import Simulation, running

FLEET: dict[str, Any] = {
    "settings": {
        "registration_delay": 0.3,
        "connecting_delay": 0.3,
        "first_data_delay": 0.0,  # else a slow machine records the time of the first data, and a quick one does not
        "ors_connect_delay": 0.3,
        "ors_recheck": 0.5,
    },
    "tenants": [
        {
            "id": "alpha",
            "name": "Print shop Alpha",
            "subscriptions": [{"application": "prismacolor-manager", "devices": 3, "permanent": True}],
        },
        {"id": "beta", "name": "Print shop Beta"},
    ],
    "printers": [
        {"name": "recorded-en", "language": "en"},
        {"name": "recorded-fr", "language": "fr"},
        {"name": "claimed-en", "trouble": "awaiting_claim"},
        {"name": "claimed-fr", "language": "fr", "trouble": "awaiting_claim"},
        {"name": "editor-de", "kind": "prismasync", "language": "de"},
        {"name": "handed-over", "kind": "prismasync", "trouble": "awaiting_claim"},
    ],
}


SHARED = ("127.0.0.1", "localhost", "print")
"""Values that identify nobody: names of every machine, and a word of every page about printers."""


def main(wanted: list[str]) -> int:
    """Record what is wanted, all if nothing is, and return the exit status."""
    with tempfile.TemporaryDirectory(prefix="printops-record-") as temporary:
        folder = Path(temporary)
        fleet = folder / "fleet.yml"
        fleet.write_text(yaml.safe_dump(FLEET), encoding="utf-8")
        with running(fleet, folder / "simulator") as simulation, chromium() as browser:
            for recording in RECORDINGS:
                if wanted and recording.name not in wanted:
                    continue
                raw = folder / f"{recording.name}.har"
                if recording.profile == "prisma-home-application":
                    handed_over = simulation.get("printers/handed-over")["address"]
                    known = record_home(browser, simulation, _addresses(simulation), handed_over, raw)
                elif recording.profile == "prismasync-settings-editor":
                    proxy = simulation.ready["proxy"]
                    known = record_settings_editor(browser, simulation, "editor-de", raw, proxy=proxy)
                else:
                    printer = f"recorded-{recording.name.rsplit('-', 1)[-1]}"
                    known = record_remote_ui(browser, simulation, printer, raw, proxy=simulation.ready["proxy"])
                _keep(raw, known, recording.profile, recording.har)
    MUTATION_TABLE.write_text(mutation_table(), encoding="utf-8")
    return 0


def _addresses(simulation: Simulation) -> list[str]:
    return [simulation.get(f"printers/claimed-{language}")["address"] for language in ("en", "fr")]


def _keep(raw: Path, known: dict[str, str], profile_id: str, path: Path) -> None:
    """Scrub, scan, check and write one recording; raise where a secret would be left."""
    known = {name: value for name, value in known.items() if value not in SHARED}
    scrubbed, replaced = scrub(read_har(raw), known=known)
    left = scan(scrubbed, known)
    if left:
        raise SystemExit(f"{path.name} is not written: {left[:5]}")
    report = check_profile(find_profile(profile_id, None, None), recording=scrubbed)
    print(f"{path.relative_to(FIXTURES)}: {replaced}", *report.as_lines(), sep="\n", flush=True)
    if not report.ok:
        raise SystemExit(f"{path.name} is not written: the profile does not fit it")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_har(scrubbed, path)
    expected = EXPECTED_HEADER + yaml.safe_dump(report.reading(), allow_unicode=True, sort_keys=False, width=100)
    path.with_suffix(".expected.yml").write_text(expected, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
