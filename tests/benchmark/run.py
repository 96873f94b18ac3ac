# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench: the same onboarding of the same simulated fleet in several ways; what each of them costs.

Prints a line for each measurement as it is made, stores all of them as JSON, and ends with one line of JSON.
"""

from __future__ import annotations

import argparse
import configparser
import json
import os
import platform
import sys
import tempfile
import time
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from benchmark import page
from benchmark.figures import Figure, summary
from benchmark.measure import cores, run_measured
from benchmark.ways import CAP, POLL, WAYS, Way
from support.inventory import inventory_of, write_inventory
from support.playbook import environment
from support.simulation import Simulation, running

REGISTRATION_DELAY = 5.0
PATIENCE = 7200.0
CHECKED = 10_000
"""Printers of the fleet that is checked to see how much memory that takes."""

SMALL, ROUNDS = 50, 3
OFTEN, OFTEN_IF_LARGE = "cdef", "de"
"""Ways that are compared and measured in turns, in so many rounds: on fleets of up to so many printers, and beyond.

The others take long, and are measured in the first round.
"""


def measure(way: Way, printers: int, latency: float, *, with_second: bool, check: bool = False) -> list[Figure]:
    """Onboard a fresh fleet in one way, once or twice, and return what it cost."""
    with tempfile.TemporaryDirectory(prefix="printops-bench-") as temporary:
        folder = Path(temporary)
        fleet = folder / "fleet.yml"
        settings = {"registration_delay": REGISTRATION_DELAY, "ors_recheck": 3600.0, "session_timer": 7200.0}
        entries = [{"count": printers, "name": "sra-{:05d}"}]
        fleet.write_text(yaml.safe_dump({"settings": settings, "printers": entries}), encoding="utf-8")
        with running(fleet, folder / "simulator") as simulation:
            made = inventory_of(simulation, account="client", onboard_wait_sleep=POLL)
            inventory = _inventory(way, folder, made, large=printers >= CHECKED)
            if latency:
                simulation.post("faults", {"fault": "latency", "times": 0, "options": {"seconds": latency}})
            figures = [_run(way, simulation, inventory, printers, latency, second=False, check=check)]
            if with_second:
                figures.append(_run(way, simulation, inventory, printers, latency, second=True, check=check))
    return figures


def _inventory(way: Way, folder: Path, made: dict[str, Any], *, large: bool) -> Path:
    """Write the inventory of a fleet. YAML of thousands of hosts takes several times as long to read as other forms."""
    if not large:
        return write_inventory(folder / "inventory.yml", made)
    if way.key != "e":
        return _lines(folder, made)
    path = folder / "inventory.json"
    path.touch(mode=0o600)  # it has passwords
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def _lines(folder: Path, made: dict[str, Any]) -> Path:
    """Write an inventory with a line for each printer: a folder, as lines have no place for lists and dictionaries."""
    path = folder / "inventory"
    (path / "group_vars").mkdir(parents=True)
    hosts = made["all"]["children"]["printers"]["hosts"]
    lines = [" ".join([name, *(f'{key}="{value}"' for key, value in own.items())]) for name, own in hosts.items()]
    (path / "printers").write_text("[printers]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (path / "group_vars" / "all.yml").write_text(yaml.safe_dump(made["all"]["vars"]), encoding="utf-8")
    return path


def _settings(folder: Path) -> Path:
    """Write an ansible.cfg that looks for results as often as that of the example site does."""
    site, own = configparser.ConfigParser(), configparser.ConfigParser()
    site.read(ROOT / "examples" / "site" / "ansible.cfg", encoding="utf-8")
    own["defaults"] = {"internal_poll_interval": site["defaults"]["internal_poll_interval"]}
    path = folder / "ansible.cfg"
    with path.open("w", encoding="utf-8") as file:
        own.write(file)
    return path


def _run(
    way: Way, simulation: Simulation, inventory: Path, printers: int, latency: float, *, second: bool, check: bool
) -> Figure:
    simulation.request("DELETE", "counters")
    since = simulation.last_audit_id()
    folder = inventory.parent
    env = environment(folder, ANSIBLE_DISPLAY_OK_HOSTS="false", ANSIBLE_CONFIG=str(_settings(folder)))
    log = folder / "output.log"
    del env["ANSIBLE_CALLBACKS_ENABLED"]  # the tests' own record of results is none of the costs
    cost = run_measured(way.command(inventory, check), folder=folder, env=env, log=log, timeout=PATIENCE)
    if cost.returncode != 0:
        said = log.read_text(encoding="utf-8", errors="replace")
        raise SystemExit(f"({way.key}) {way.name} ended with {cost.returncode}:\n{said[:3000]}\n…\n{said[-1000:]}")
    counters = simulation.counters()
    sign_ins = [line for line in simulation.audit(since=since, what="sign_in") if line["side"] == "controller"]
    figure = Figure(
        way.key,
        way.name,
        printers,
        latency,
        second,
        round(cost.wall, 2),
        round(cost.cpu, 2),
        cost.peak_memory,
        sum(count for host, count in counters["by_host"].items() if host != "ors"),
        len(sign_ins),
        sum(counters["connections"].values()),
        sum(len(found) for found in simulation.open_sessions().get("printers", {}).values()),
    )
    print(figure.line(), flush=True)
    if refused := simulation.audit(since=since, what="write_refused"):
        raise SystemExit(f"({way.key}) {way.name} wrote to {len(refused)} printers while another session did")
    if way.onboards and not check:
        _prove_onboarded(simulation, printers, way)
    return figure


def _prove_onboarded(simulation: Simulation, printers: int, way: Way) -> None:
    """A way that did not do the work has no place in a comparison."""
    claims = len(simulation.audit(what="claim"))
    if claims != printers:
        raise SystemExit(f"({way.key}) {way.name} claimed {claims} of {printers} printers")


def main() -> int:
    """Run the benchmark and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="50 printers without latency, the ways a, c, d, e, f")
    parser.add_argument("--ways", default="", help="only these, as in acf")
    parser.add_argument("--printers", type=int, nargs="+", default=[50, 200, 1000])
    parser.add_argument("--latency", type=float, nargs="+", default=[0.0, 0.2], metavar="SECONDS")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often the pairs are measured in turns")
    parser.add_argument("--first", action="store_true", help="no second run, which finds all printers onboarded")
    parser.add_argument("--store", type=Path, default=page.STORED, help="where the figures go (not with --quick)")
    parser.add_argument("--add", action="store_true", help="to the figures that are stored; the same one is replaced")
    options = parser.parse_args()
    keys = options.ways or ("acdef" if options.quick else "".join(key for key in WAYS if key not in "gh"))
    sizes, latencies = ([50], [0.0]) if options.quick else (options.printers, options.latency)
    orders = [
        (turn, key, printers, latency)
        for printers in sizes
        for latency in latencies
        for turn in range(1, options.rounds + 1)
        for key in keys
        if turn == 1 or key in (OFTEN if printers <= SMALL else OFTEN_IF_LARGE)
    ]
    if not options.quick and not options.ways:
        orders.append((1, "g", CHECKED, 0.0))
    stored = _stored(options.store) if options.add else []
    figures, measured = stored, dict[tuple[str, int, float, bool, int], Figure]()
    for turn, key, printers, latency in orders:
        for each in _figures(WAYS[key], printers, latency, figures, first=options.quick or options.first):
            measured[_what(replace(each, round=turn))] = replace(each, round=turn)
        again = {_what(each)[:4] for each in measured.values()}
        figures = [each for each in stored if _what(each)[:4] not in again] + list(measured.values())
        if not options.quick:  # after each: the whole takes long, and may be stopped
            _store(options.store, figures)
    print(json.dumps(summary(figures)))
    return 0


def _what(figure: Figure) -> tuple[str, int, float, bool, int]:
    return figure.way, figure.printers, figure.latency, figure.second, figure.round


def _stored(path: Path) -> list[Figure]:
    return [Figure(**each) for each in json.loads(path.read_text(encoding="utf-8"))["figures"]]


def _figures(way: Way, printers: int, latency: float, known: list[Figure], *, first: bool) -> list[Figure]:
    if printers > way.most:
        same = [each for each in known if each.way == way.key and each.latency == latency and not each.scaled_from]
        of_largest = {each.second: each for each in sorted(same, key=lambda each: each.printers)}
        return [each.scaled(printers) for each in of_largest.values()]
    return measure(way, printers, latency, with_second=not first and way.key in "cdeh")


def _store(path: Path, figures: list[Figure]) -> None:
    machine = {
        "cores": cores(),
        "python": platform.python_version(),
        "ansible_core": version("ansible-core"),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "cap": CAP,
        "poll": POLL,
        "registration_delay": REGISTRATION_DELAY,
        "small": SMALL,
        "rounds": ROUNDS,
    }
    ordered = sorted(figures, key=lambda each: (each.printers, each.latency, each.way, each.second, each.round))
    data = {"machine": machine, "figures": [asdict(each) for each in ordered], "summary": summary(ordered)}
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    if path == page.STORED:
        page.write()


if __name__ == "__main__":
    os.environ.setdefault("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".cache" / "collections"))
    sys.exit(main())
