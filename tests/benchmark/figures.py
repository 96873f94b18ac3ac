# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One measurement, and what measurements together say of the project's goals. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measurement. ``second``: a run on a fleet that is onboarded already. Seconds, bytes."""

    way: str
    name: str
    printers: int
    latency: float
    second: bool
    wall: float
    cpu: float
    peak_memory: int
    requests: int
    sign_ins: int
    connections: int
    sessions_left_open: int
    scaled_from: int | None = None

    @property
    def cpu_per_printer(self) -> float:
        """CPU seconds for one printer."""
        return self.cpu / self.printers

    def scaled(self, printers: int) -> Figure:
        """Return what a larger fleet would cost at the same cost per printer."""
        factor = printers / self.printers
        changed: dict[str, Any] = {
            name: round(getattr(self, name) * factor, 2)
            for name in ("wall", "cpu", "requests", "sign_ins", "connections")
        }
        return Figure(**{**asdict(self), **changed, "printers": printers, "scaled_from": self.printers})

    def line(self) -> str:
        """Return one line for people."""
        run = "second run" if self.second else "first run"
        return (
            f"({self.way}) {self.name:30} {self.printers:>6} printers  {self.latency * 1000:>4.0f} ms  {run:10}  "
            f"wall {self.wall:8.1f} s  CPU {self.cpu:8.1f} s ({self.cpu_per_printer:.4f} each)  "
            f"peak {self.peak_memory / 2**20:6.0f} MiB  requests {self.requests:>6}  sign-ins {self.sign_ins:>5}  "
            f"connections {self.connections:>6}  left open {self.sessions_left_open}"
        )


@dataclass(frozen=True)
class Goal:
    """One goal of the project, and whether these figures meet it."""

    what: str
    measured: str
    met: bool


def goals(figures: list[Figure]) -> list[Goal]:
    """Return those goals that the figures say something about."""
    found: list[Goal] = []
    for printers in sorted({each.printers for each in figures}):
        at_once = _of(figures, printers, 0.0)
        role, uri, noop = at_once("c"), at_once("a"), at_once("f")
        bulk, bare = at_once("d"), at_once("e")
        if role and noop:
            found.append(_at_most("CPU of (c) at most 1.5 times (f)", role.cpu, noop.cpu, 1.5, role))
        found += [
            _at_least(f"({ours.way}) at least {least} times less CPU than (a)", uri, ours, least)
            for ours, least in ((role, 6), (bulk, 60))
            if ours and uri
        ]
        if bulk and bare and printers == 50:
            found.append(_at_most("Wall of (d) at most 1.2 times (e)", bulk.wall, bare.wall, 1.2, bulk))
    for latency in sorted({each.latency for each in figures}):
        at = _of(figures, 1000, latency)
        for second in (False, True):
            bulk, bare = at("d", second), at("e", second)
            if bulk and bare:
                what = "Wall of (d) at most 1.5 times " + ("the reads alone, by (e)" if second else "(e)")
                found.append(_at_most(what, bulk.wall, bare.wall, 1.5, bulk))
    for each in figures:
        if each.way == "g":
            peak = each.peak_memory / 2**20
            found.append(
                Goal(f"{each.printers:,} printers checked in less than 400 MiB", f"{peak:.0f} MiB", peak < 400)
            )
    ours = [each for each in figures if each.way in "cdg"]
    if ours:
        most = max(each.sign_ins / each.printers for each in ours)
        found.append(Goal("One sign-in for each printer in (c), (d) and (g)", f"{most:g}", most == 1))
        left = sum(each.sessions_left_open for each in figures if each.way in "bcdg")
        found.append(Goal("No session left open by (b), (c), (d) and (g)", str(left), left == 0))
    return found


def summary(figures: list[Figure]) -> dict[str, float | int | None]:
    """Return the ratios that the project watches, from the largest fleet each of them was measured on."""

    def ratio(one: str, other: str, what: str) -> float | None:
        sizes = sorted({each.printers for each in figures}, reverse=True)
        for printers in sizes:
            at = _of([each for each in figures if not each.scaled_from], printers, 0.0)
            first, second = at(one), at(other)
            if first and second:
                return round(float(getattr(first, what)) / float(getattr(second, what)), 2)
        return None

    ours = [each for each in figures if each.way in "bcdg" and not each.scaled_from]
    in_one_process = [each for each in ours if each.way != "b"]  # an ordinary module signs in by itself
    return {
        "role_vs_same_shape_cpu": ratio("c", "f", "cpu_per_printer"),
        "uri_vs_role_cpu": ratio("a", "c", "cpu_per_printer"),
        "uri_vs_bulk_cpu": ratio("a", "d", "cpu_per_printer"),
        "bulk_vs_bare_cpu": ratio("d", "e", "cpu_per_printer"),
        "bulk_vs_bare_wall": ratio("d", "e", "wall"),
        "sign_ins_per_printer": max((each.sign_ins / each.printers for each in in_one_process), default=None),
        "sessions_left_open": sum(each.sessions_left_open for each in ours),
    }


def _of(figures: Iterable[Figure], printers: int, latency: float) -> Any:
    known = {(each.way, each.second): each for each in figures if (each.printers, each.latency) == (printers, latency)}

    def find(way: str, second: bool = False) -> Figure | None:
        return known.get((way, second))

    return find


def _at(figure: Figure) -> str:
    return f", {figure.printers:,} printers, {figure.latency * 1000:.0f} ms"


def _at_least(what: str, uri: Figure, ours: Figure, least: float) -> Goal:
    scaled = f", (a) scaled from {uri.scaled_from}" if uri.scaled_from else ""
    ratio = uri.cpu / ours.cpu
    return Goal(what + _at(ours) + scaled, f"{ratio:.1f}", ratio >= least)


def _at_most(what: str, one: float, other: float, most: float, figure: Figure) -> Goal:
    return Goal(what + _at(figure), f"{one / other:.3f}", one / other <= most)
