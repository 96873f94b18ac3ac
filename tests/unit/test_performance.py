# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of figures is the program's own, and what it says of the goals follows from the figures."""

from __future__ import annotations

import json
from typing import Any

import pytest
from benchmark.figures import Figure, goals, least_of_rounds, ratio, summary
from benchmark.page import PAGE, STORED, page


def figure(way: str, printers: int = 1000, *, second: bool = False, **more: float) -> Figure:
    usual: dict[str, Any] = {"latency": 0.0, "wall": 10.0, "cpu": 10.0, "peak_memory": 2**20, "sign_ins": printers}
    return Figure(
        way, way, printers, second=second, requests=1, connections=1, sessions_left_open=0, **{**usual, **more}
    )


def test_the_page_is_made_of_what_is_stored() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(json.loads(STORED.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("cpu", "met"), [(15.0, True), (15.1, False)])
def test_the_role_may_cost_half_as_much_again_as_its_shape(cpu: float, met: bool) -> None:
    (goal, *_others) = goals([figure("c", cpu=cpu), figure("f")])
    assert goal.met is met


@pytest.mark.parametrize(("wall", "met"), [(14.0, True), (14.1, False)])
def test_bulk_may_take_two_fifths_longer_than_a_bare_program(wall: float, met: bool) -> None:
    found = goals([figure("d", wall=wall), figure("e"), figure("d", second=True, wall=wall), figure("e", second=True)])
    assert [goal.met for goal in found if "Wall" in goal.what] == [met, met]


def test_a_ratio_is_of_ways_of_one_round_and_says_how_far_the_rounds_differ() -> None:
    rounds = [(10.0, 5.0), (30.0, 20.0), (24.0, 10.0)]
    figures = [
        figure(way, cpu=cpu, round=turn)
        for turn, (bulk, bare) in enumerate(rounds, start=1)
        for way, cpu in (("d", bulk), ("e", bare))
    ]
    found = ratio(figures, "d", "e", "cpu", 1000, 0.0)
    assert found is not None
    assert (found.values, found.middle, found.unsteady) == ((2.0, 1.5, 2.4), 2.0, True)
    assert str(found) == "2.00 (1.50 to 2.40, **which differ by more than a fifth**)"
    assert [each.cpu for each in least_of_rounds(figures)] == [10.0, 5.0]


def test_a_way_that_was_measured_once_counts_in_every_round() -> None:
    figures = [figure("a", cpu=100.0), figure("d", cpu=2.0), figure("d", cpu=2.2, round=2)]
    found = ratio(figures, "a", "d", "cpu", 1000, 0.0)
    assert found is not None
    assert (found.unsteady, str(found)) == (False, "47.73 (45.45 to 50.00)")
    assert ratio(figures, "c", "d", "cpu", 1000, 0.0) is None


def test_what_was_scaled_is_in_no_ratio() -> None:
    figures = [
        figure("a", 50, cpu=100.0),
        figure("a", 50, cpu=100.0).scaled(1000),
        figure("c", 50, cpu=5.0),
        figure("c"),
    ]
    assert summary(figures)["uri_vs_role_cpu"] == 20


def test_one_session_left_open_is_told() -> None:
    left = Figure(**{**figure("d").__dict__, "sessions_left_open": 1})
    assert summary([left])["sessions_left_open"] == 1
    assert [goal.met for goal in goals([left]) if "left open" in goal.what] == [False]
