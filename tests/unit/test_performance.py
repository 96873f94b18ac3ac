# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of figures is the program's own, and what it says of the goals follows from the figures."""

from __future__ import annotations

import json
from typing import Any

import pytest
from benchmark.figures import Figure, goals, summary
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


@pytest.mark.parametrize(("wall", "met"), [(15.0, True), (15.1, False)])
def test_bulk_may_take_half_as_long_again_as_a_bare_program(wall: float, met: bool) -> None:
    found = goals([figure("d", wall=wall), figure("e"), figure("d", second=True, wall=wall), figure("e", second=True)])
    assert [goal.met for goal in found if "Wall" in goal.what] == [met, met]


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
