# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory that threads share: its locks, and which states other processes of the run find in the shared memory."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import NotTried
from ansible_collections.printops.prisma.plugins.module_utils._web.session.canary import Canary
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import SessionState
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.thread_store import ThreadStore
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from hypothesis import given
from hypothesis import strategies as st

STATUSES = ("new", "signing_in", "signed_in", "refused")
SHARED = ("signing_in", "signed_in", "refused")
LARGE = SessionState(status="signed_in", kept={"text": "x" * 1000}).as_dict()
"""A session that fits no slot of the memory of these tests."""


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
    store.forget_own(lambda key: key == "a")
    assert store.load("a") is None
    assert store.items() == [("b", {"n": 2})]
    assert store.outlives_task


def test_what_was_loaded_is_one_s_own(store: ThreadStore) -> None:
    store.save("a", {"n": 1})
    loaded = store.load("a")
    assert loaded is not None
    loaded["n"] = 2
    assert store.load("a") == {"n": 1}


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from((*STATUSES, "forget", "forget_own"))), max_size=30))
def test_exactly_the_open_and_refused_sessions_are_shared(steps: list[tuple[str, str]]) -> None:
    shared = SharedStore(slots=4, slot_size=600)
    store, model = ThreadStore(shared), dict[str, dict[str, Any]]()
    for number, (key, status) in enumerate(steps):
        if status == "forget":
            store.forget(key)
            model.pop(key, None)
        elif status == "forget_own":
            store.forget_own(lambda name, key=key: name == key)  # type: ignore[misc]
            if model.get(key, {}).get("status") not in SHARED:  # which other processes need
                model.pop(key, None)
        else:
            model[key] = state(status, kept={"number": number})
            store.save(key, model[key])
        assert dict(store.items()) == model
        assert dict(shared.items()) == {name: kept for name, kept in model.items() if kept["status"] in SHARED}


def test_a_refusal_and_a_canary_hold_for_the_next_process_as_well(shared: SharedStore) -> None:
    """Given a wave of a bulk run in which a password was refused, then the next wave does not try it again."""
    wave = ThreadStore(shared)
    wave.save("s", state("refused", refusal={"outcome": "auth_failed", "what": "refused", "advice": "stop"}))
    Canary(wave, "admin", "wrong", 1).note(refused=True)

    following = ThreadStore(shared)
    found = SessionState.of(following.load("s"))
    assert (found.status, found.refusal["outcome"]) == ("refused", "auth_failed")
    with pytest.raises(NotTried), Canary(following, "admin", "wrong", 1).attempt():
        pass


def test_a_canary_counts_on_from_the_wave_before(shared: SharedStore) -> None:
    for _wave in range(2):
        Canary(ThreadStore(shared), "admin", "wrong", 3).note(refused=True)
    with Canary(ThreadStore(shared), "admin", "wrong", 3).attempt():
        pass
    with pytest.raises(NotTried), Canary(ThreadStore(shared), "admin", "wrong", 2).attempt():
        pass


def test_an_accepted_password_is_known_in_the_next_wave(shared: SharedStore) -> None:
    Canary(ThreadStore(shared), "admin", "right", 1).note(accepted=True)
    assert Canary(ThreadStore(shared), "admin", "right", 1).accepted


def test_a_session_of_the_wave_before_is_used_and_signed_out_of(shared: SharedStore) -> None:
    ThreadStore(shared).save("s", state("signed_in", kept={"token": "t"}))
    following = ThreadStore(shared)
    assert SessionState.of(following.load("s")).kept == {"token": "t"}
    following.forget("s")
    assert shared.items() == []


def test_a_session_of_another_process_of_the_same_wave_is_seen_until_its_end(shared: SharedStore) -> None:
    """Given two processes that run parts of a batch, then each sees the session as the other has left it last."""
    one, other = (ThreadStore(shared, processes=2) for _process in range(2))
    assert other.load("s") is None
    for token in ("first", "renewed"):
        one.save("s", state("signed_in", kept={"token": token}))
        assert SessionState.of(other.load("s")).kept == {"token": token}
    other.save("s", state("refused", refusal={"outcome": "locked", "what": "w", "advice": "a"}))
    assert SessionState.of(one.load("s")).status == "refused"
    one.forget("s")
    assert other.load("s") is None, "and not the one that it has seen before"


def test_what_a_process_keeps_to_itself_is_not_lost_for_looking_at_what_others_have(shared: SharedStore) -> None:
    one = ThreadStore(shared, processes=2)
    one.save("list of the tenant", {"devices": []})
    assert one.load("list of the tenant") == {"devices": []}
    assert ThreadStore(shared, processes=2).load("list of the tenant") is None


@pytest.mark.parametrize("processes", [1, 2])
def test_what_tasks_have_kept_before_does_not_come_back_once_it_was_saved_anew(
    shared: SharedStore, processes: int
) -> None:
    """Given a list that a task before the batch has kept, and that a process reads anew, then the old one is gone."""
    shared.save("part of a list", {"began": 1})
    store = ThreadStore(shared, processes)
    store.save("part of a list", {"began": 2})
    assert store.load("part of a list") == {"began": 2}


def test_what_was_saved_anew_and_forgotten_is_gone_with_what_a_task_has_shared_before(shared: SharedStore) -> None:
    shared.save("s", {"n": 1})
    store = ThreadStore(shared)
    store.save("s", {"n": 2})
    store.forget("s")
    assert store.load("s") is None


def test_what_is_no_session_stays_here(store: ThreadStore, shared: SharedStore) -> None:
    store.save("list of the tenant", {"devices": []})
    assert shared.items() == []


def test_what_another_process_noted_is_not_forgotten_with_one_s_own(store: ThreadStore, shared: SharedStore) -> None:
    shared.save("before", state("signed_in"))
    store.save("before", {"n": 1})
    store.forget_own(lambda key: True)
    assert dict(shared.items()) == {"before": state("signed_in")}
    for status in ("signed_in", "new"):
        store.save("after", state(status))
    shared.save("after", state("signed_in"))
    store.save("after", state("new"))
    assert shared.load("after") is not None


def test_a_session_is_noted_before_its_process_may_be_killed(shared: SharedStore) -> None:
    pid = os.fork()
    if pid == 0:
        ThreadStore(shared).save("s", state("signing_in"))
        os._exit(0)
    os.waitpid(pid, 0)
    assert shared.load("s") == state("signing_in")


def test_a_session_too_large_for_the_parent_is_kept_here(store: ThreadStore, shared: SharedStore) -> None:
    assert not store.save("s", LARGE)  # so that its task signs out itself
    assert store.items() == [("s", LARGE)], "for the end of a run that is stopped before"
    assert shared.load("s") is None
    store.forget("s")
    assert shared.items() == store.items() == []


@pytest.mark.parametrize("processes", [1, 2])
def test_a_session_that_its_task_will_end_is_no_other_thread_s(shared: SharedStore, processes: int) -> None:
    """Given one that fits no slot, then others sign in themselves; it would be signed out of under them."""
    store = ThreadStore(shared, processes)
    for status in ("signing_in", "signed_in"):
        store.save("s", {**LARGE, "status": status})
        assert store.load("s") is None
    store.show_all_sessions()  # a stopped run signs out of whatever it finds
    assert store.load("s") == LARGE
    store.save("s", LARGE)
    store.save("s", state("signed_in"))  # another's, that fits
    assert store.load("s") == state("signed_in")
    store.save("s", LARGE)
    shared.save("s", state("signed_in"))
    assert store.load("s") == state("signed_in")
    assert ("s", state("signed_in")) in store.items()


@pytest.mark.parametrize("processes", [1, 2])
def test_a_refusal_that_fits_no_slot_is_not_repeated_by_this_process(shared: SharedStore, processes: int) -> None:
    store = ThreadStore(shared, processes)
    large = state("refused", refusal={"outcome": "locked", "what": "w" * 1000, "advice": "a"})
    assert not store.save("s", large)
    assert store.load("s") == large


def test_more_sessions_than_ever_fit_at_once_come_and_go(store: ThreadStore, shared: SharedStore) -> None:
    for number in range(100):
        store.save(f"s{number}", state("signed_in"))
        assert shared.load(f"s{number}") is not None
        store.forget(f"s{number}")
    assert store.items() == []


def test_threads_that_save_and_forget_at_once_lose_nothing(store: ThreadStore, shared: SharedStore) -> None:
    def work(name: str) -> None:
        for _turn in range(60):
            for status in ("signing_in", "signed_in", "new"):
                store.save(name, state(status))
            store.forget_own(lambda key: key == name)
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
