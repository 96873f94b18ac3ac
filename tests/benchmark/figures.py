# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One measurement, and what measurements together say of the project's goals. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measurement. ``second``: a run on a fleet that is onboarded already. Seconds, bytes.

    ``round``: the ways of a round are measured one after the other.
    """

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
    round: int = 1

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
class Ratio:
    """What one way costs beside another, in each round in which both were measured, one after the other."""

    values: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.values)

    @property
    def unsteady(self) -> bool:
        """Whether the rounds differ by more than a fifth: the machine had other work."""
        return max(self.values) > 1.2 * min(self.values)

    def __str__(self) -> str:
        """Return the median, and the least and the greatest of several rounds."""
        if len(self.values) == 1:
            return f"{self.middle:.2f}"
        differ = ", **which differ by more than a fifth**" if self.unsteady else ""
        return f"{self.middle:.2f} ({min(self.values):.2f} to {max(self.values):.2f}{differ})"


@dataclass(frozen=True)
class Goal:
    """One goal of the project, and whether these figures meet it."""

    what: str
    measured: str
    met: bool


@dataclass(frozen=True)
class Pair:
    """Two ways of which ``one`` may cost at most, or the other must cost at least, so many times as much."""

    one: str
    other: str
    of: str
    limit: float
    most: bool = True
    second: bool = False
    sizes: tuple[int, ...] = ()
    what: str = ""

    def goal(self, figures: list[Figure], printers: int, latency: float) -> Goal | None:
        """Return the goal for a fleet of this size, None where it was not measured."""
        found = ratio(figures, self.one, self.other, self.of, printers, latency, second=self.second)
        if found is None or (self.sizes and printers not in self.sizes):
            return None
        scaled = {each.scaled_from for each in figures if (each.way, each.printers) == (self.one, printers)} - {None}
        note = f", ({self.one}) scaled from {scaled.pop()}" if scaled else ""
        met = found.middle <= self.limit if self.most else found.middle >= self.limit
        return Goal(f"{self.what}, {printers:,} printers, {latency * 1000:.0f} ms{note}", str(found), met)


PAIRS = (
    Pair("c", "f", "cpu", 1.5, what="CPU of (c) at most 1.5 times (f)"),
    Pair("a", "c", "cpu", 6, most=False, what="(c) at least 6 times less CPU than (a)"),
    Pair("a", "d", "cpu", 60, most=False, what="(d) at least 60 times less CPU than (a)"),
    Pair("d", "e", "wall", 1.2, sizes=(50,), what="Wall of (d) at most 1.2 times (e)"),
    Pair("d", "e", "requests", 1.05, sizes=(1000,), what="Requests of (d) at most 1.05 times (e)"),
    Pair("d", "e", "cpu", 1.7, sizes=(1000,), what="CPU of (d) at most 1.7 times (e)"),
    Pair("d", "e", "cpu", 2.0, sizes=(1000,), second=True, what="CPU of (d) at most 2 times the reads alone, by (e)"),
)
WALL = {0.0: 1.4, 0.2: 1.05}
"""At most so many times the wall time of (e) for 1,000 printers, by latency in seconds."""


def goals(figures: list[Figure]) -> list[Goal]:
    """Return those goals that the figures say something about."""
    sizes = sorted({each.printers for each in figures})
    latencies = sorted({each.latency for each in figures})
    pairs = [(pair, 0.0) for pair in PAIRS]
    for latency in latencies:
        limit = WALL.get(latency)
        for second in (False, True) if limit else ():
            beside = "the reads alone, by (e)" if second else "(e)"
            what = f"Wall of (d) at most {limit:g} times {beside}"
            pairs.append((Pair("d", "e", "wall", limit or 0, second=second, sizes=(1000,), what=what), latency))
    made = [pair.goal(figures, printers, latency) for printers in sizes for pair, latency in pairs]
    found = [goal for goal in made if goal is not None]
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


def ratio(
    figures: Iterable[Figure],
    one: str,
    other: str,
    of: str,
    printers: int,
    latency: float,
    *,
    second: bool = False,
) -> Ratio | None:
    """Return what (one) costs beside (other), None unless both were measured. ``of`` is a field of a figure.

    A way that was measured less often than the other counts in each round with its least cost.
    """
    rounds: dict[str, dict[int, Figure]] = {one: {}, other: {}}
    for each in figures:
        if each.way in rounds and (each.printers, each.latency, each.second) == (printers, latency, second):
            rounds[each.way][each.round] = each
    if not all(rounds.values()):
        return None
    least = {way: min(known.values(), key=lambda each: each.cpu) for way, known in rounds.items()}
    pairs = [
        [rounds[way].get(turn, least[way]) for way in (one, other)] for turn in sorted({*rounds[one], *rounds[other]})
    ]
    return Ratio(tuple(float(getattr(first, of)) / float(getattr(second_, of)) for first, second_ in pairs))


def least_of_rounds(figures: Iterable[Figure]) -> list[Figure]:
    """Return of each measurement the round that took the least CPU: other work of the machine can only add to it."""
    kept: dict[tuple[str, int, float, bool], Figure] = {}
    for each in figures:
        key = each.way, each.printers, each.latency, each.second
        kept[key] = min(kept.get(key, each), each, key=lambda known: known.cpu)
    return list(kept.values())


def summary(figures: list[Figure]) -> dict[str, float | int | None]:
    """Return the ratios that the project watches, from the largest fleet each of them was measured on."""
    measured = [each for each in figures if not each.scaled_from]

    def middle(one: str, other: str, of: str) -> float | None:
        for printers in sorted({each.printers for each in measured}, reverse=True):
            found = ratio(measured, one, other, of, printers, 0.0)
            if found is not None:
                return round(found.middle, 2)
        return None

    ours = [each for each in measured if each.way in "bcdg"]
    in_one_process = [each for each in ours if each.way != "b"]  # an ordinary module signs in by itself
    return {
        "role_vs_same_shape_cpu": middle("c", "f", "cpu"),
        "uri_vs_role_cpu": middle("a", "c", "cpu"),
        "uri_vs_bulk_cpu": middle("a", "d", "cpu"),
        "bulk_vs_bare_cpu": middle("d", "e", "cpu"),
        "bulk_vs_bare_wall": middle("d", "e", "wall"),
        "bulk_vs_bare_requests": middle("d", "e", "requests"),
        "sign_ins_per_printer": max((each.sign_ins / each.printers for each in in_one_process), default=None),
        "sessions_left_open": sum(each.sessions_left_open for each in ours),
    }
