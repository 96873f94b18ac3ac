# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory that threads share: its locks and places, and which sessions are noted for the parent process."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import SessionState
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.thread_store import ThreadStore
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from hypothesis import given
from hypothesis import strategies as st

STATUSES = ("new", "signing_in", "signed_in", "refused", "signed_out")
OPEN = ("signing_in", "signed_in")


def state(status: str, **more: Any) -> dict[str, Any]:
    return SessionState(status=status, **more).as_dict()


@pytest.fixture
def shared() -> SharedStore:
    return SharedStore(slots=8, slot_size=600)


@pytest.fixture
def store(shared: SharedStore) -> ThreadStore:
    return ThreadStore(shared)


def together(*works: Any) -> None:
    """Do all ``works`` in threads of their own, to their ends."""
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def test_it_keeps_and_lists_and_forgets(store: ThreadStore) -> None:
    assert store.load("a") is None
    assert store.save("a", {"n": 1})
    assert store.save("b", {"n": 2})
    assert store.save("a", {"n": 3})
    assert store.load("a") == {"n": 3}
    assert store.items() == [("a", {"n": 3}), ("b", {"n": 2})]
    store.forget(lambda key: key == "a")
    assert store.load("a") is None
    assert store.items() == [("b", {"n": 2})]
    assert store.outlives_task


def test_what_was_loaded_is_one_s_own(store: ThreadStore) -> None:
    store.save("a", {"n": 1})
    loaded = store.load("a")
    assert loaded is not None
    loaded["n"] = 2
    assert store.load("a") == {"n": 1}


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from((*STATUSES, "forget"))), max_size=30))
def test_exactly_open_and_refused_sessions_are_kept_for_the_rest_of_the_run(steps: list[tuple[str, str]]) -> None:
    shared = SharedStore(slots=4, slot_size=600)
    store, model, for_the_run = ThreadStore(shared), dict[str, dict[str, Any]](), dict[str, dict[str, Any]]()
    for number, (key, status) in enumerate(steps):
        if status == "forget":
            store.forget(lambda name, key=key: name == key)  # type: ignore[misc]
            if model.get(key, {}).get("status") not in OPEN:  # which is to be signed out of
                model.pop(key, None)
        else:
            model[key] = state(status, kept={"number": number})
            store.save(key, model[key])
            for_the_run.pop(key, None)
            if status in (*OPEN, "refused"):
                for_the_run[key] = model[key]
        assert dict(store.items()) == model
        assert dict(shared.items()) == for_the_run


def test_the_next_wave_knows_what_this_one_has_found_out(shared: SharedStore) -> None:
    """Each wave is a process of its own: no second sign-in, no password that was refused, and a count that goes on."""
    first = ThreadStore(shared)
    first.save("tenant", state("signed_in", kept={"token": "t"}))
    first.save("https://p1|", state("refused", refusal={"outcome": "auth_failed"}))
    first.save("credential", {"accepted": False, "refused": 1})
    first.save("address|SN1", {"address": "https://home.example.com/register/1"})
    first.forget(lambda key: key.startswith("https://p1"))

    second = ThreadStore(shared)
    assert second.items() == []
    assert second.load("tenant") == state("signed_in", kept={"token": "t"})
    assert second.load("https://p1|") == state("refused", refusal={"outcome": "auth_failed"})
    assert second.load("credential") == {"accepted": False, "refused": 1}
    assert second.load("address|SN1") is None
    second.forget(lambda key: True)
    assert [key for key, _state in second.items()] == ["tenant"], "it is to be signed out of"
    second.save("tenant", state("signed_out"))
    assert shared.load("tenant") is None


def test_what_is_no_session_stays_here(store: ThreadStore, shared: SharedStore) -> None:
    store.save("list of the tenant", {"devices": []})
    assert shared.items() == []


def test_what_another_process_noted_is_not_forgotten_with_one_s_own(store: ThreadStore, shared: SharedStore) -> None:
    shared.save("before", state("signed_in"))
    store.save("before", {"n": 1})
    store.forget(lambda key: True)
    assert dict(shared.items()) == {"before": state("signed_in")}
    for status in ("signed_in", "signed_out"):
        store.save("after", state(status))
    shared.save("after", state("signed_in"))
    store.save("after", state("signed_out"))
    assert shared.load("after") is not None


def test_a_session_too_large_for_the_parent_is_kept_here(store: ThreadStore, shared: SharedStore) -> None:
    large = state("signed_in", kept={"text": "x" * 1000})
    assert not store.save("s", large)  # so that its task signs out itself
    assert store.load("s") == large
    assert shared.load("s") is None
    store.save("s", state("signed_out"))
    assert shared.items() == []


def test_more_sessions_than_ever_fit_at_once_come_and_go(store: ThreadStore, shared: SharedStore) -> None:
    for number in range(100):
        store.save(f"s{number}", state("signed_in"))
        assert shared.load(f"s{number}") is not None
        store.save(f"s{number}", state("signed_out"))
    assert len(store.items()) == 100
    store.forget(lambda key: True)
    assert store.items() == []


def test_threads_that_save_and_forget_at_once_lose_nothing(store: ThreadStore, shared: SharedStore) -> None:
    def work(name: str) -> None:
        for _turn in range(60):
            for status in ("signing_in", "signed_in", "signed_out"):
                store.save(name, state(status))
            store.forget(lambda key: key == name)
        store.save(name, state("signed_in"))

    together(*(lambda name=name: work(name) for name in "abcdefgh"))
    assert sorted(key for key, _state in shared.items()) == list("abcdefgh")
    assert sorted(key for key, _state in store.items()) == list("abcdefgh")


# --- locks ---


@pytest.mark.parametrize("places", [1, 3])
def test_a_lock_has_so_many_places_and_all_are_used(store: ThreadStore, places: int) -> None:
    counting = threading.Lock()
    inside, most, ever = [0], [0], [0]

    def work() -> None:
        for _turn in range(5):
            with store.lock("it", places):
                with counting:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                    ever[0] += 1
                time.sleep(0.002)
                with counting:
                    inside[0] -= 1

    together(*[work] * 8)
    assert most[0] == places
    assert ever[0] == 40


def test_locks_of_other_names_do_not_wait(store: ThreadStore) -> None:
    both = threading.Barrier(2, timeout=10)

    def work(name: str) -> None:
        with store.lock(name):
            both.wait()

    together(lambda: work("a"), lambda: work("b"))


def test_one_may_hold_locks_of_several_names(store: ThreadStore) -> None:
    with store.lock("a"), store.lock("b"), store.lock("c", 2):
        store.save("x", {})
        assert store.load("x") == {}


def test_an_error_frees_the_lock(store: ThreadStore) -> None:
    with pytest.raises(ZeroDivisionError), store.lock("it"):
        raise ZeroDivisionError
    together(lambda: store.lock("it").__enter__())


def test_a_lock_that_nobody_holds_or_wants_costs_nothing(store: ThreadStore) -> None:
    """A fleet has a lock for each of its printers."""

    def work() -> None:
        for number in range(20):
            with store.lock(f"printer {number}"):
                pass

    together(*[work] * 4)
    assert store._locks == {}


def test_whoever_waits_has_the_same_lock_as_its_holder(store: ThreadStore) -> None:
    """Its last holder but one must not take it away from those who wait."""
    order: list[str] = []
    first_in, second_in = threading.Event(), threading.Event()

    def first() -> None:
        with store.lock("it"):
            first_in.set()
            while store._locks["it"].users < 2:
                time.sleep(0.001)

    def second() -> None:
        first_in.wait(10)
        with store.lock("it"):
            second_in.set()
            time.sleep(0.1)
            order.append("second")

    def third() -> None:
        second_in.wait(10)
        with store.lock("it"):
            order.append("third")

    together(first, second, third)
    assert order == ["second", "third"]


def test_nothing_is_put_off_in_a_thread(store: ThreadStore) -> None:
    def work() -> None:
        with store.deferring_signals():
            store.save("a", {})

    together(work)
    assert store.load("a") == {}
