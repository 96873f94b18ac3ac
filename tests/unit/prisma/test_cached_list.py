# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list that is read once for all workers, and of which a worker loads what it looks for."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.cached_list import CachedList
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import SessionStore
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.thread_store import ThreadStore
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from hypothesis import given
from hypothesis import strategies as st
from unit.prisma.run_store import RunStore

LONG_AGO = float("-inf")
rows = st.lists(st.fixed_dictionaries({"key": st.sampled_from("abcdefgh"), "text": st.text(max_size=20)}), max_size=60)


class SmallSlots(RunStore):
    """A store whose slots are as small as those of the shared memory, for long texts."""

    def __init__(self, largest: int = 16_384) -> None:
        super().__init__()
        self.largest = largest
        self.loads: list[str] = []

    def load(self, key: str) -> dict[str, Any] | None:
        self.loads.append(key)
        return super().load(key)

    def save(self, key: str, state: dict[str, Any]) -> bool:
        return len(str(state)) <= self.largest and super().save(key, state)


def cached(store: SessionStore) -> CachedList:
    return CachedList(store, "list", lambda row: str(row["key"]))


@given(rows, st.sampled_from("abcxyz"))
def test_what_is_looked_for_is_what_the_whole_list_has(listed: list[dict[str, str]], wanted: str) -> None:
    store = RunStore()
    expected = [row for row in listed if row["key"] == wanted]
    for _worker in range(2):
        assert cached(store).having(wanted, LONG_AGO, lambda: listed) == expected
    whole = cached(store).get(LONG_AGO, list)
    assert sorted(map(str, whole)) == sorted(map(str, listed))


def test_it_is_read_once_until_it_is_too_old() -> None:
    store, reads = RunStore(), []

    def read() -> list[dict[str, str]]:
        reads.append(1)
        return [{"key": "a", "text": str(len(reads))}]

    assert [cached(store).having("a", LONG_AGO, read)[0]["text"] for _worker in range(3)] == ["1", "1", "1"]
    assert cached(store).having("b", LONG_AGO, read) == []
    assert cached(store).having("a", time.monotonic(), read)[0]["text"] == "2"
    assert len(reads) == 2


def test_of_a_long_list_a_worker_loads_one_part() -> None:
    store = SmallSlots()
    listed = [{"key": f"SN{number}", "text": "x" * 200} for number in range(2000)]
    cached(store).having("SN7", LONG_AGO, lambda: listed)
    store.loads.clear()
    assert cached(store).having("SN1234", LONG_AGO, pytest.fail) == [listed[1234]]
    assert len(store.loads) == 2


def test_a_list_that_does_not_fit_is_read_each_time() -> None:
    store, listed = SmallSlots(300), [{"key": "a", "text": "x" * 400}]
    for _worker in range(2):
        assert cached(store).having("a", LONG_AGO, lambda: listed) == listed
    listed = []
    assert cached(store).having("a", LONG_AGO, lambda: listed) == []


def test_a_part_of_an_earlier_reading_counts_as_missing() -> None:
    """Given a memory in which a part of an earlier reading has outlived its header, then the list is read again."""
    store = RunStore()
    cached(store).having("a", LONG_AGO, lambda: [{"key": "a", "text": "old"}])
    outdated = {key: store.load(key) for key in store._states if key != "rows|list"}
    time.sleep(0.001)
    now = [{"key": "a", "text": "new"}]
    cached(store).having("a", time.monotonic(), lambda: now)
    for key, state in outdated.items():
        assert state is not None
        store.save(key, state)
    assert cached(store).having("a", LONG_AGO, lambda: now) == now


def test_a_list_read_by_a_task_is_read_anew_by_processes_that_run_parts_of_a_batch() -> None:
    """Given a list that a task has read, and of which a process has looked at one part before it read the list anew,
    then it finds in no other part a row of the old reading."""
    shared = SharedStore(slots=64)
    old = [{"key": f"SN{number}", "text": "x" * 200} for number in range(100)]
    cached(shared).get(LONG_AGO, lambda: old)
    store = ThreadStore(shared, processes=2)
    assert cached(store).having("SN1", LONG_AGO, pytest.fail) == [old[1]]
    new = [{**row, "text": "y" * 200} for row in old] + [{"key": "SN100", "text": "y" * 200}]
    reads: list[int] = []

    def read() -> list[dict[str, str]]:
        reads.append(1)
        return new

    cached(store).having("SN1", time.monotonic(), read)
    for row in new:
        assert cached(store).having(row["key"], LONG_AGO, read) == [row]
    assert len(reads) == 1, "and what it has read serves all its printers"


@pytest.mark.parametrize("serial", ["", "SN7"])
def test_many_rows_with_one_key_are_cached_as_well(serial: str) -> None:
    """Given a tenant with many devices without a serial number, then its list is still read once."""
    store = SmallSlots()
    listed = [{"key": serial, "text": f"{number:0400}"} for number in range(200)]
    listed += [{"key": f"SN{number}", "text": "x" * 400} for number in range(100, 300)]
    cached(store).having("SN100", LONG_AGO, lambda: listed)
    for wanted in (serial, "SN100", "SN299", "none"):
        expected = [row for row in listed if row["key"] == wanted]
        assert cached(store).having(wanted, LONG_AGO, pytest.fail) == expected
    assert sorted(map(str, cached(store).get(LONG_AGO, pytest.fail))) == sorted(map(str, listed))


@given(st.integers(0, 2**32), st.integers(2, 120))
def test_rows_of_any_size_that_fits_are_cached_wherever_chance_puts_them(seed: int, rows_of_a_part: int) -> None:
    chance, store = random.Random(seed), SmallSlots()
    size = 12_000 // rows_of_a_part
    listed = [{"key": f"{chance.random()}", "text": "x" * chance.randrange(size)} for _row in range(150)]
    cached(store).having("0", LONG_AGO, lambda: listed)
    assert cached(store).having(listed[-1]["key"], LONG_AGO, pytest.fail) == [listed[-1]]


def test_rows_without_a_key_keep_their_order() -> None:
    store, listed = SmallSlots(), [{"id": number, "text": "y" * 300} for number in range(200)]
    plain = CachedList(store, "plain")
    assert plain.get(LONG_AGO, lambda: listed) == listed
    assert plain.get(LONG_AGO, list) == listed
