# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans on paper how many slices a fleet needs, from what was measured (docs/performance.json). Runs nothing.

python tools/scale.py                                                   the plans of docs/scale.md
python tools/scale.py --write                                           writes them into docs/scale.md
python tools/scale.py --printers 30000 --latency 0.1 --hours 1 --at-once 50   another fleet
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".cache" / "collections"))

from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import OnboardingResult
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import ADVICE, Outcome, is_good
from ansible_collections.printops.prisma.plugins.plugin_utils._report.artifact import as_artifact
from ansible_collections.printops.prisma.plugins.plugin_utils._report.document import RunReport
from ansible_collections.printops.prisma.plugins.plugin_utils._run_identity import RunIdentity

FIGURES = ROOT / "docs" / "performance.json"
PAGE = ROOT / "docs" / "scale.md"
BEGIN, END = "<!-- made by tools/scale.py --write -->", "<!-- end -->"
AT_ONCE = 50
"""Printers in progress in one process: the default of onboard_at_once, with which was measured."""
MARGIN = 2.0
"""The window is planned to be used to a half, so that a node may fail or a site be slow."""
AT_TENANT = {False: 3.6, True: 0.1}
"""Requests of one printer that go to its tenant, in a first and in a later run, as the simulator counted them."""
SAMPLE = 1_000
"""Printers of the made-up fleet whose results are compressed."""
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Cost:
    """What one printer costs in a process, as measured on a fleet of 1,000: seconds of CPU, and requests.

    ``overhead``: by how much the run at 200 ms took longer than CPU, requests and latency alone explain.
    """

    cpu: float
    requests: float
    overhead: float

    @classmethod
    def measured(cls, figures: Sequence[Mapping[str, Any]], *, second: bool) -> Cost:
        """Return the cost by the largest fleets that were onboarded in bulk, with and without latency."""
        bulk = [each for each in figures if each["way"] == "d" and each["second"] is second and not each["scaled_from"]]
        slow = max((each for each in bulk if each["latency"]), key=lambda each: int(each["printers"]))
        printers = int(slow["printers"])
        cost = cls(slow["cpu"] / printers, slow["requests"] / printers, 1.0)
        return cls(cost.cpu, cost.requests, slow["wall"] / (printers * cost.seconds(slow["latency"], AT_ONCE)))

    def seconds(self, latency: float, at_once: int) -> float:
        """Return how long one process takes for a printer on average: what is scarcer, CPU or printers in progress."""
        return self.overhead * max(self.cpu, (self.cpu + self.requests * latency) / at_once)


def memory(figures: Sequence[Mapping[str, Any]], printers: int) -> float:
    """Return the bytes of a process with so many printers: a line through the largest fleets that were measured."""
    measured = [each for each in figures if each["way"] in "dg" and not each["scaled_from"]]
    points = sorted({int(each["printers"]): each["peak_memory"] for each in measured}.items())
    (small, less), (large, more) = points[-2:]
    return float(more + (printers - large) * (more - less) / (large - small))


@cache
def artifact_size(*, troubled: float = 0.1) -> float:
    """Return the characters that a printer adds to the data of a run: a made-up fleet, a tenth of which has trouble."""
    chance = random.Random(1)
    bad = [each for each in Outcome if not is_good(each)]
    results = {}
    for number in range(SAMPLE):
        outcome = chance.choice(bad) if chance.random() < troubled else Outcome.ONBOARDED
        results[f"press-{number:06}.example.com"] = OnboardingResult(
            outcome.value,
            is_good(outcome),
            planned=False,
            advice=ADVICE[outcome],
            reason=f"press-{number:06}: {chance.getrandbits(64):x}" if not is_good(outcome) else "",
            serial=str(730_000_000 + chance.randrange(10**8)),
            model="varioPRINT iX3200",
            registration="registered",
            tenant="alpha",
            changes=["registration: unregistered -> registered"],
            hostname=f"press-{number:06}",
            seconds=round(chance.uniform(5, 60), 1),
        ).as_dict()
    data = as_artifact(RunReport.now(results=results, check_mode=False), RunIdentity("1"))
    return sum(map(len, data["report"])) / SAMPLE


@dataclass(frozen=True)
class Fleet:
    """What is to be planned. ``latency``: seconds of each request. ``hours``: the window."""

    printers: int
    latency: float
    hours: float
    at_once: int = AT_ONCE


@dataclass(frozen=True)
class Plan:
    """How a fleet is divided."""

    fleet: Fleet
    second: bool
    cost: Cost
    memory: float
    artifact: float
    slices: int

    @classmethod
    def of(cls, fleet: Fleet, figures: Sequence[Mapping[str, Any]], *, second: bool) -> Plan:
        """Return the plan for a first run, or for a run on a fleet that is onboarded already."""
        cost = Cost.measured(figures, second=second)
        alone = fleet.printers * cost.seconds(fleet.latency, fleet.at_once)
        slices = max(1, math.ceil(alone * MARGIN / (fleet.hours * 3600)))
        each = math.ceil(fleet.printers / slices)
        return cls(fleet, second, cost, memory(figures, each), each * artifact_size(), slices)

    @property
    def wall(self) -> float:
        """Seconds that the slices take, side by side."""
        return math.ceil(self.fleet.printers / self.slices) * self.cost.seconds(self.fleet.latency, self.fleet.at_once)

    def row(self) -> list[str]:
        """Return the cells of the table."""
        per_second = self.fleet.printers / self.wall
        return [
            f"{self.fleet.printers:,}",
            f"{self.fleet.latency * 1000:.0f} ms",
            f"{self.fleet.hours:g} h",
            "later" if self.second else "first",
            str(self.slices),
            f"{math.ceil(self.fleet.printers / self.slices):,}",
            str(self.slices * self.fleet.at_once),
            f"{self.wall / 60:.0f} min",
            f"{self.fleet.printers * self.cost.cpu / 60:.0f} min",
            f"{self.memory / MEBIBYTE:.0f} MiB",
            f"{per_second * self.cost.requests:.0f}",
            f"{per_second * AT_TENANT[self.second]:.0f}",
            f"{self.artifact / MEBIBYTE:.1f} MiB",
        ]


HEADINGS = (
    *("printers", "latency", "window", "run", "slices", "printers each", "in progress", "wall", "CPU in all"),
    *("memory each", "requests/s", "of these at the tenants", "data of a slice"),
)
FLEETS: tuple[Fleet, ...] = (
    Fleet(10_000, 0.3, 2),
    Fleet(100_000, 0.3, 2),
    Fleet(100_000, 0.05, 2),
    Fleet(100_000, 0.3, 2, at_once=150),
)


def table(fleets: Sequence[Fleet], figures: Sequence[Mapping[str, Any]]) -> str:
    """Return the plans as a table in Markdown."""
    rows = [Plan.of(fleet, figures, second=second).row() for fleet in fleets for second in (False, True)]
    lines = [HEADINGS, ["---"] * 4 + ["---:"] * (len(HEADINGS) - 4), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(text: str, made: str) -> str:
    """Return the text of the page with the table between its two marks."""
    before, _mark, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{rest.partition(END)[2]}"


def main() -> int:
    """Print or write the plans."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--printers", type=int)
    parser.add_argument("--latency", type=float, default=0.3)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    given = parser.parse_args()
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))["figures"]
    fleets = FLEETS
    if given.printers:
        fleets = (Fleet(given.printers, given.latency, given.hours, given.at_once),)
    made = table(fleets, figures)
    if given.write:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8")
    else:
        print(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
