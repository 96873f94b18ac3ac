# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waves of a fleet: as Ansible's own C(serial) divides a play, and when a wave was too bad to go on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.executor.playbook_executor import PlaybookExecutor
from ansible_collections.printops.prisma.plugins.module_utils._decide.waves import too_many_failed, waves
from hypothesis import given
from hypothesis import strategies as st

numbers = st.integers(0, 120)
sizes = st.lists(numbers | numbers.map(str) | st.integers(1, 100).map(lambda share: f"{share}%"), max_size=5)


def fleet(number: int) -> list[str]:
    return [f"p{number}" for number in range(number)]


def as_ansible_does(hosts: list[str], serial: list[int | str]) -> list[list[str]]:
    executor: Any = object.__new__(PlaybookExecutor)
    executor._inventory = SimpleNamespace(get_hosts=lambda pattern, order: list(hosts))
    divided = executor._get_serialized_batches(SimpleNamespace(hosts="all", order=None, serial=serial))
    return [list(wave) for wave in divided]


@pytest.mark.parametrize(
    ("serial", "of", "lengths"),
    [
        ([1, "5%", "25%", "100%"], 100, [1, 5, 25, 69]),
        ([1, "5%", "25%", "100%"], 3, [1, 1, 1]),
        ([2], 5, [2, 2, 1]),
        (["50%"], 5, [2, 2, 1]),
        (["1%"], 3, [1, 1, 1]),
        ([0], 5, [5]),
        ([2, 0], 5, [2, 3]),
        ([3, 1], 6, [3, 1, 1, 1]),
        ([10], 4, [4]),
        ([], 4, [4]),
        (["12.5%"], 8, [1] * 8),
        ([" 3 ", "100 %"], 5, [3, 2]),
        ([1, "5%"], 0, []),
    ],
)
def test_a_fleet_is_divided(serial: list[int | str], of: int, lengths: list[int]) -> None:
    assert [len(wave) for wave in waves(fleet(of), serial)] == lengths


@given(sizes, st.integers(0, 250))
def test_the_waves_are_those_of_a_play(serial: list[int | str], of: int) -> None:
    assert waves(fleet(of), serial) == as_ansible_does(fleet(of), serial)


@given(sizes, st.integers(0, 250))
def test_every_host_is_in_one_wave_in_its_order_and_no_wave_is_empty(serial: list[int | str], of: int) -> None:
    divided = waves(fleet(of), serial)
    assert [host for wave in divided for host in wave] == fleet(of)
    assert all(divided)


def test_the_list_that_was_given_is_left_as_it_was() -> None:
    hosts = fleet(5)
    serial: list[int | str] = [1, "50%"]
    waves(hosts, serial)
    assert (hosts, serial) == (fleet(5), [1, "50%"])


@pytest.mark.parametrize(
    "size", ["", "%", "-1", -1, "0%", "-5%", "101%", "nan%", "inf%", "five", "1.5", "1e400%", "5%%"]
)
def test_what_is_neither_a_number_nor_a_percentage_is_refused_by_its_name(size: int | str) -> None:
    with pytest.raises(ValueError, match="is neither a number of hosts nor a percentage") as caught:
        waves(fleet(5), [1, size])
    assert repr(size) in str(caught.value)


def test_a_size_is_looked_at_even_where_no_wave_needs_it() -> None:
    with pytest.raises(ValueError, match="'many'"):
        waves(fleet(1), [5, "many"])


@pytest.mark.parametrize(
    ("failed", "wave", "percentage", "too_many"),
    [
        (0, 10, 0, False),
        (1, 10, 0, True),
        (1, 4, 25, False),
        (2, 4, 25, True),
        (1, 1, 99.9, True),
        (5, 5, 100, True),
        (4, 5, 100, False),
        (1, 1, 100, True),
        (0, 0, 0, False),
    ],
)
def test_more_than_the_percentage_is_too_many(failed: int, wave: int, percentage: float, too_many: bool) -> None:
    assert too_many_failed(failed, wave, percentage) is too_many


@given(st.integers(0, 1000), st.integers(0, 100))
def test_as_many_as_the_percentage_allows_are_never_too_many(wave: int, percentage: int) -> None:
    allowed = min(wave * percentage // 100, max(0, wave - 1))
    assert not too_many_failed(allowed, wave, percentage)
    if allowed < wave:
        assert too_many_failed(allowed + 1, wave, percentage)
