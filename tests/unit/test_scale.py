# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan on paper: the page has what the program computes, and it follows from the figures that were measured."""

from __future__ import annotations

import json
from typing import Any

import pytest
import scale
from scale import Cost, Fleet


def figure(way: str, printers: int, **more: Any) -> dict[str, Any]:
    usual = {"latency": 0.0, "second": False, "wall": 1.0, "cpu": 1.0, "requests": 1, "peak_memory": 1}
    return {"way": way, "printers": printers, "scaled_from": None, **usual, **more}


def test_the_page_has_the_plans_of_these_figures() -> None:
    figures = json.loads(scale.FIGURES.read_text(encoding="utf-8"))["figures"]
    text = scale.PAGE.read_text(encoding="utf-8")
    assert text == scale.page(text, scale.table(scale.FLEETS, figures)), "python tools/scale.py --write"


FIGURES = [
    figure("d", 50, latency=0.2, cpu=50.0),
    figure("d", 1000, latency=0.2, cpu=50.0, requests=20_000, wall=162.0, peak_memory=100),
    figure("d", 1000, peak_memory=100),
    figure("g", 10_000, peak_memory=1000),
    figure("d", 100_000, latency=0.2, cpu=1e9, scaled_from=50),
]


def test_a_cost_is_of_the_largest_fleet_that_was_measured() -> None:
    cost = Cost.measured(FIGURES, second=False)
    assert (cost.cpu, cost.requests) == (0.05, 20)
    assert cost.overhead == pytest.approx(2.0)  # 1,000 printers by 50 at once: 4.05 s each are 81 s, and it took 162
    assert cost.seconds(0.2, 50) == pytest.approx(0.162)
    assert cost.seconds(0.0, 50) == pytest.approx(0.1), "CPU is what is scarce"


def test_memory_is_a_line_through_the_largest_fleets() -> None:
    assert scale.memory(FIGURES, 20_000) == 2000


@pytest.mark.parametrize(("hours", "slices"), [(9, 1), (4.5, 2), (1.2, 8)])
def test_half_of_the_window_is_planned(hours: float, slices: int) -> None:
    plan = scale.Plan.of(Fleet(100_000, 0.2, hours), FIGURES, second=False)
    assert plan.slices == slices
    assert plan.wall <= hours * 3600 / 2 + 1
