# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Given printers with credentials at places, then a few of them try each shared credential at each place."""

from __future__ import annotations

from collections import Counter

from ansible_collections.printops.prisma.plugins.module_utils._decide.canaries import (
    FleetPrinter,
    choose_canaries,
    shared_credentials,
)
from hypothesis import given
from hypothesis import strategies as st


def printers(*rows: tuple[str, str]) -> list[FleetPrinter]:
    """Return printers p1, p2, … of these pairs of credential and place."""
    return [FleetPrinter(f"p{number}", (own,), (), place) for number, (own, place) in enumerate(rows, 1)]


def test_one_of_each_comes_before_the_second_of_any() -> None:
    fleet = printers(*[("a", "north")] * 3, *[("b", "north")] * 3, *[("a", "south")] * 3)
    assert choose_canaries(fleet, 2) == ["p1", "p4", "p7", "p2", "p5", "p8"]
    assert choose_canaries(fleet, 1) == ["p1", "p4", "p7"]


def test_a_password_of_one_printer_needs_no_canary_but_each_place_has_one() -> None:
    fleet = printers(*((f"own-{number}", "north" if number < 5 else "south") for number in range(10)))
    assert shared_credentials(fleet) == set()
    assert choose_canaries(fleet, 1) == ["p1", "p6"]


def test_the_account_of_a_cloud_is_tried_also_if_one_printer_has_it() -> None:
    fleet = [FleetPrinter("p1", ("a",)), FleetPrinter("p2", ("a",)), FleetPrinter("p3", ("a",), ("tenant",))]
    assert choose_canaries(fleet, 1) == ["p1", "p3"]


CANDIDATES = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["", "tenant", "site"]), st.sampled_from(["n", "s"])),
    max_size=25,
).map(
    lambda rows: [
        FleetPrinter(f"p{number}", (own,), (cloud,) if cloud else (), place)
        for number, (own, cloud, place) in enumerate(rows)
    ]
)


@given(CANDIDATES, st.integers(1, 4))
def test_every_shared_credential_is_tried_at_every_place(candidates: list[FleetPrinter], count: int) -> None:
    chosen = choose_canaries(candidates, count)
    assert len(chosen) == len(set(chosen))
    by_name = {each.printer: each for each in candidates}
    shared = shared_credentials(candidates)

    def groups(those: list[FleetPrinter]) -> Counter[tuple[str, str]]:
        return Counter((key, each.place) for each in those for key in {*each.own, *each.clouds} & shared)

    of_all, of_chosen = groups(candidates), groups([by_name[name] for name in chosen])
    assert all(of_chosen[group] >= min(count, number) for group, number in of_all.items())
