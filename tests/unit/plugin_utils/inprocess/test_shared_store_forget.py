# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the workers' memory forgets is gone, its place is taken again, and every other key is found as before.

The stores here are small, so that keys stand in each other's places of the table and forgetting has gaps to close.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import NotTried, SignInRefused
from ansible_collections.printops.prisma.plugins.module_utils._web.session.canary import Canary
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import EXPENDABLE
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

SLOTS = 6
SIZE = 80
KEYS = [f"k{number}" for number in range(40)]
values = st.dictionaries(st.text("ab", max_size=2), st.integers(0, 9), max_size=2)


def in_a_fork(work: Callable[[], None]) -> None:
    """Run ``work`` in a child process, which must end well."""
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join(30)
    assert child.exitcode == 0


class LikeADictionary(RuleBasedStateMachine):
    """Any sequence of saves and forgets, against a dictionary that holds so many keys."""

    def __init__(self) -> None:
        super().__init__()
        self.store = SharedStore(slots=SLOTS, slot_size=SIZE)
        self.model: dict[str, dict[str, Any]] = {}
        self.has_forgotten = False

    @rule(key=st.sampled_from(KEYS), value=values)
    def save(self, key: str, value: dict[str, Any]) -> None:
        fits = key in self.model or len(self.model) < SLOTS
        assert self.store.save(key, value) is fits
        if fits:
            self.model[key] = value

    @precondition(lambda self: self.model)
    @rule(data=st.data(), value=values)
    def save_again(self, data: st.DataObject, value: dict[str, Any]) -> None:
        self.save(data.draw(st.sampled_from(sorted(self.model))), value)

    @rule(key=st.sampled_from(KEYS))
    def save_what_does_not_fit(self, key: str) -> None:
        self.has_forgotten |= key in self.model
        assert not self.store.save(key, {"text": "x" * SIZE})
        self.model.pop(key, None)

    @rule(key=st.sampled_from(KEYS))
    def forget(self, key: str) -> None:
        self.has_forgotten |= key in self.model
        self.store.forget(key)
        self.model.pop(key, None)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def forget_one_that_is_there(self, data: st.DataObject) -> None:
        self.forget(data.draw(st.sampled_from(sorted(self.model))))

    @invariant()
    def every_key_is_found_and_no_other(self) -> None:
        assert {key: self.store.load(key) for key in KEYS} == {key: self.model.get(key) for key in KEYS}

    @invariant()
    def each_is_listed_once(self) -> None:
        items = self.store.items()
        assert len(items) == len(self.model)
        assert dict(items) == self.model
        if not self.has_forgotten:
            assert [key for key, _value in items] == list(self.model)


TestLikeADictionary = cast("type[Any]", LikeADictionary).TestCase
TestLikeADictionary.settings = settings(max_examples=60, stateful_step_count=25)


@given(st.permutations(KEYS[:SLOTS]), st.permutations(KEYS[:SLOTS]))
@settings(max_examples=60)
def test_a_full_store_is_emptied_in_any_order_and_filled_again(first: list[str], then: list[str]) -> None:
    store = SharedStore(slots=SLOTS, slot_size=SIZE)
    for key in first:
        assert store.save(key, {"n": key})
    assert not store.save("one more", {})
    left = dict(store.items())
    for key in then:
        store.forget(key)
        del left[key]
        assert dict(store.items()) == left
        assert {other: store.load(other) for other in left} == left
    for key in KEYS[SLOTS : 2 * SLOTS]:
        assert store.save(key, {})
    assert not store.save("one more", {})


def test_a_store_of_one_place_serves_any_number_of_keys_one_after_the_other() -> None:
    store = SharedStore(slots=1, slot_size=SIZE)
    for key in KEYS:
        assert store.save(key, {"of": key})
        assert store.items() == [(key, {"of": key})]
        store.forget(key)
        assert store.items() == []


def test_thousands_come_and_go() -> None:
    store = SharedStore(slots=8, slot_size=SIZE)
    for number in range(2000):
        assert store.save(f"key {number}", {"n": number})
        if number >= 7:
            store.forget(f"key {number - 7}")
    assert sorted(state["n"] for _key, state in store.items()) == list(range(1993, 2000))


def test_what_was_forgotten_may_be_forgotten_again() -> None:
    store = SharedStore(slots=2, slot_size=SIZE)
    store.save("a", {})
    for _time in range(3):
        store.forget("a")
        store.forget("never there")
    assert store.save("b", {})
    assert store.save("c", {})
    assert not store.save("d", {})
    assert dict(store.items()) == {"b": {}, "c": {}}


def test_what_no_longer_fits_leaves_its_place_to_another() -> None:
    store = SharedStore(slots=1, slot_size=SIZE)
    assert store.save("a", {})
    assert not store.save("a", {"text": "x" * SIZE})
    assert store.load("a") is None
    assert store.save("b", {})


@pytest.mark.parametrize("length", range(SIZE - 20, SIZE))
def test_what_does_not_fit_touches_no_other(length: int) -> None:
    """Whatever a key's length: there is one whose smallest value just fits."""
    store = SharedStore(slots=2, slot_size=SIZE)
    key = "k" * length
    fits = store.save(key, {})
    assert store.save("other", {"n": 1})
    assert not store.save(key, {"text": "x" * SIZE})
    assert store.load(key) is None
    assert store.items() == [("other", {"n": 1})]
    assert fits is (length + len('["", {}]') + 4 <= SIZE)


def test_a_worker_forgets_for_all() -> None:
    store = SharedStore(slots=3, slot_size=SIZE)
    for key in ("a", "b", "c"):
        store.save(key, {"by": "parent"})

    def work() -> None:
        store.forget("b")
        assert store.save("d", {"by": "worker"})

    in_a_fork(work)
    assert store.load("b") is None
    assert dict(store.items()) == {"a": {"by": "parent"}, "c": {"by": "parent"}, "d": {"by": "worker"}}
    assert not store.save("e", {})
    store.forget("d")
    in_a_fork(lambda: check(store.load("d") is None and store.save("e", {"by": "second"})))
    assert store.load("e") == {"by": "second"}


def check(holds: bool) -> None:
    assert holds


def test_forgetting_waits_for_whoever_is_at_the_table() -> None:
    store = SharedStore(slots=2, slot_size=SIZE)
    store.save("a", {})
    with store._locked(0):
        forgetting = multiprocessing.get_context("fork").Process(target=store.forget, args=("a",))
        forgetting.start()
        forgetting.join(0.2)
        assert forgetting.is_alive()
    forgetting.join(30)
    assert store.load("a") is None


def test_workers_that_save_and_forget_at_once_lose_nothing() -> None:
    store = SharedStore(slots=8, slot_size=SIZE)
    store.save("stays", {"n": 0})

    def work(name: str) -> None:
        for turn in range(150):
            key = f"{name} {turn}"
            assert store.save(key, {"n": turn})
            assert store.load(key) == {"n": turn}
            store.forget(key)
            assert store.load(key) is None
        assert store.save(name, {"n": -1})

    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=work, args=(name,)) for name in "abcd"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert dict(store.items()) == {"stays": {"n": 0}, **{name: {"n": -1} for name in "abcd"}}


# --- states that may be forgotten ---

GOES: dict[str, Any] = {EXPENDABLE: True}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KEYS), st.booleans()), max_size=60))
def test_what_may_be_forgotten_makes_room_and_nothing_else_does(saved: list[tuple[str, bool]]) -> None:
    store, model, was_full = SharedStore(slots=SLOTS, slot_size=SIZE), dict[str, dict[str, Any]](), False
    for number, (key, goes) in enumerate(saved):
        value = {EXPENDABLE: goes, "n": number}
        if key not in model and len(model) == SLOTS:
            model = {name: known for name, known in model.items() if not known[EXPENDABLE]}
        fits = key in model or len(model) < SLOTS
        was_full |= not fits
        assert store.save(key, value) is fits
        if fits:
            model[key] = value
        assert dict(store.items()) == model
        assert all(store.load(name) == model.get(name) for name in KEYS)
    assert store.was_full is was_full


def test_more_passwords_than_there_is_room_for_are_all_tried_and_refusals_are_counted() -> None:
    """Given printers with a password of their own each, then a stale one that others share is tried twice only."""
    store = SharedStore(slots=SLOTS, slot_size=200)
    for number in range(10 * SLOTS):
        with Canary(store, "admin", f"own-{number}", 2).attempt() as attempt:
            attempt.accepted()
    tries = 0
    for number in range(5):
        with suppress(NotTried), Canary(store, "admin", "stale", 2).attempt() as attempt:
            tries += 1
            attempt.failed(SignInRefused("no"))
        with Canary(store, "admin", f"another-{number}", 2).attempt() as attempt:
            attempt.accepted()
    assert tries == 2
    assert not store.was_full


def test_refusals_make_no_room() -> None:
    store = SharedStore(slots=SLOTS, slot_size=200)
    for number in range(SLOTS):
        with Canary(store, "admin", f"stale-{number}", 2).attempt() as attempt:
            attempt.failed(SignInRefused("no"))
    for number in range(SLOTS):
        Canary(store, "admin", f"stale-{number}", 2).note(refused=True)
    with pytest.raises(NotTried, match="the memory of this run is full"), Canary(store, "admin", "x", 2).attempt():
        pass
    assert store.was_full
    with pytest.raises(NotTried, match="2 printers refused"), Canary(store, "admin", "stale-0", 2).attempt():
        pass
