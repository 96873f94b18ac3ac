# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory that the workers of one run share, with real forks: what they save, their locks, and signals."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible.utils.display import Display
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess import sessions
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import STORE, SharedStore
from hypothesis import given, settings
from hypothesis import strategies as st

WORKERS = 8


class Forks:
    """Child processes of a test; whatever happens, none is left behind."""

    def __init__(self) -> None:
        self.running: set[int] = set()

    def start(self, work: Callable[[], Any]) -> int:
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                work()
                code = 0
            finally:
                os._exit(code)
        self.running.add(pid)
        return pid

    def end(self, pid: int) -> int:
        """Wait for a child and return its exit code, negative for a signal."""
        status = os.waitpid(pid, 0)[1]
        self.running.discard(pid)
        return os.waitstatus_to_exitcode(status)

    def all_end_well(self) -> bool:
        return {self.end(pid) for pid in list(self.running)} <= {0}


@pytest.fixture
def forks() -> Iterator[Forks]:
    made = Forks()
    yield made
    for pid in made.running:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def wait_for(so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not so():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_the_parent_knows_that_a_worker_found_no_room(forks: Forks) -> None:
    store = SharedStore(slots=2, slot_size=200)
    store.save("a", {})
    store.save("b", {"text": "x" * 300})
    store.save("b", {})
    before = store.was_full  # what is too large for any slot is something else
    forks.start(lambda: store.save("c", {}))
    assert forks.all_end_well()
    store.forget("a")
    assert (before, store.was_full) == (False, True)
    assert dict(store.items()) == {"b": {}}


@pytest.mark.parametrize("slots", [1, 2])
def test_the_end_of_a_run_whose_memory_was_full_warns_once(monkeypatch: pytest.MonkeyPatch, slots: int) -> None:
    store, warnings = SharedStore(slots=slots, slot_size=200), list[str]()
    monkeypatch.setattr(sessions, "STORE", store)
    monkeypatch.setattr(sessions, "sign_out_all", list)
    monkeypatch.setattr(sessions, "AT_END", [])
    monkeypatch.setattr(Display, "warning", lambda self, text: warnings.append(text))
    for key in "abab"[: 2 * slots]:
        store.save(key, {})
    store.save("b", {})
    sessions._at_exit()
    assert [text.split(",")[0] for text in warnings] == (
        ["The memory that the tasks of this run share was full"] if slots == 1 else []
    )
    assert all("(onboard_mode: bulk)" not in text for text in warnings), "a bulk run may end like this too"
    assert all("several runs (--limit, onboard_slices)" in text for text in warnings)


def test_what_a_worker_saves_the_parent_and_its_siblings_load(forks: Forks) -> None:
    store = SharedStore(slots=4, slot_size=200)
    store.save("parent", {"n": 0})

    def work() -> None:
        assert store.load("parent") == {"n": 0}
        store.save("worker", {"n": 1, "text": "é"})

    forks.start(work)
    assert forks.all_end_well()
    assert store.load("worker") == {"n": 1, "text": "é"}
    assert store.load("other") is None


def test_one_thread_at_a_time_is_at_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of those that sign out at the end of a run."""
    store, inside, most = SharedStore(slots=8, slot_size=600), list[int](), list[int]()

    def watched(name: str) -> Callable[..., Any]:
        plain = getattr(store, name)

        def call(*given: Any) -> Any:
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.001)
            inside.pop()
            return plain(*given)

        return call

    for name in ("_find", "_payload"):
        monkeypatch.setattr(store, name, watched(name))

    def work() -> None:
        for key in "abc":
            store.save(key, {"n": 1})
            store.items()
            store.load(key)
            store.forget(key)

    threads = [threading.Thread(target=work) for _number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(most) == {1}


def test_many_workers_at_once_lose_nothing(forks: Forks) -> None:
    store = SharedStore(slots=WORKERS * 20 + 1, slot_size=600)

    def work(number: int) -> Callable[[], None]:
        def run() -> None:
            for turn in range(60):
                key = f"{number}|{turn % 20}"
                assert store.save(key, {"of": number, "filled": "x" * (turn * 7), "turn": turn})
                found = store.load(key)
                assert found is not None
                assert found["turn"] == turn
                store.save("shared", {"of": number, "filled": str(number) * 300})
                shared = store.load("shared")
                assert shared is not None
                assert shared["filled"] == str(shared["of"]) * 300

        return run

    for number in range(WORKERS):
        forks.start(work(number))
    assert forks.all_end_well()
    items = dict(store.items())
    assert len(items) == WORKERS * 20 + 1
    assert all(items[f"{n}|{turn}"] == {"of": n, "filled": "x" * ((turn + 40) * 7), "turn": turn + 40}
               for n in range(WORKERS) for turn in range(20))  # fmt: skip


def test_a_lock_excludes_every_other_worker(forks: Forks) -> None:
    store = SharedStore(slots=2, slot_size=100)
    store.save("count", {"n": 0})

    def work() -> None:
        for _turn in range(40):
            with store.lock("count"):
                found = store.load("count")
                assert found is not None
                os.sched_yield()
                store.save("count", {"n": found["n"] + 1})

    for _worker in range(WORKERS):
        forks.start(work)
    assert forks.all_end_well()
    assert store.load("count") == {"n": WORKERS * 40}


def test_locks_of_other_names_do_not_wait(forks: Forks) -> None:
    store = SharedStore(slots=4, slot_size=100)

    def work() -> None:
        with store.lock("one"):
            store.save("held", {})
            wait_for(lambda: store.load("other done") is not None)

    forks.start(work)
    wait_for(lambda: store.load("held") is not None)
    with store.lock("another"):
        store.save("other done", {})
    assert forks.all_end_well()


def test_a_lock_is_free_when_its_holder_is_killed(forks: Forks) -> None:
    store = SharedStore(slots=4, slot_size=100)

    def hold() -> None:
        with store.lock("it"):
            store.save("held", {})
            signal.pause()

    def take() -> None:
        with store.lock("it"):
            store.save("taken", {})

    holder = forks.start(hold)
    wait_for(lambda: store.load("held") is not None)
    taker = forks.start(take)
    time.sleep(0.2)  # long enough for the taker to be wrong
    assert store.load("taken") is None
    os.kill(holder, signal.SIGKILL)
    assert forks.end(taker) == 0
    assert forks.end(holder) == -signal.SIGKILL
    assert store.load("taken") == {}


def test_processes_use_it_together_or_one_alone(forks: Forks) -> None:
    store = SharedStore(slots=4, slot_size=100)

    def use() -> None:
        with store.used("it", alone=False):
            store.save("other used", {})
            wait_for(lambda: store.load("used") is not None)  # both do, or none would end

    def be_alone() -> None:
        with store.used("it", alone=True):
            store.save("alone", {})

    with store.used("it", alone=False):
        forks.start(use)
        wait_for(lambda: store.load("other used") is not None)
        store.save("used", {})
        alone = forks.start(be_alone)
        time.sleep(0.2)  # long enough to be wrong
        assert store.load("alone") is None
    assert forks.end(alone) == 0
    assert forks.all_end_well()


def test_an_error_frees_the_lock(forks: Forks) -> None:
    store = SharedStore(slots=2, slot_size=100)
    with pytest.raises(ZeroDivisionError), store.lock("it"):
        raise ZeroDivisionError

    def work() -> None:
        with store.lock("it"):
            pass

    forks.start(work)
    assert forks.all_end_well()


@pytest.mark.parametrize("make", [lambda: SharedStore(slots=2, slot_size=100), TaskStore])
def test_signals_wait_until_a_session_that_was_opened_is_noted(forks: Forks, make: Callable[[], Any]) -> None:
    shared = SharedStore(slots=4, slot_size=100)
    store = make()

    def work() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with store.deferring_signals():
            shared.save("inside", {})
            wait_for(lambda: shared.load("signalled") is not None)
            shared.save("noted", {})
        shared.save("after", {})

    pid = forks.start(work)
    wait_for(lambda: shared.load("inside") is not None)
    os.kill(pid, signal.SIGTERM)
    shared.save("signalled", {})
    assert forks.end(pid) == -signal.SIGTERM
    assert shared.load("noted") == {}
    assert shared.load("after") is None


def test_signals_that_were_put_off_before_stay_so() -> None:
    store = SharedStore(slots=1, slot_size=100)
    with store.deferring_signals():
        with store.deferring_signals():
            pass
        assert signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_what_is_too_large_or_too_many_is_refused_and_the_rest_is_kept() -> None:
    store = SharedStore(slots=2, slot_size=100)
    assert store.save("a", {"n": 1})
    assert not store.save("b", {"text": "x" * 200})
    assert store.load("b") is None
    assert store.save("c", {"n": 3})
    assert not store.save("d", {})
    assert store.save("a", {"n": 2})
    assert store.items() == [("a", {"n": 2}), ("c", {"n": 3})]


def test_items_come_in_the_order_in_which_they_were_first_saved() -> None:
    store = SharedStore(slots=50, slot_size=100)
    keys = [f"key {number * 37 % 50}" for number in range(50)]
    for key in keys:
        store.save(key, {})
    store.save(keys[7], {"again": True})
    assert [key for key, _value in store.items()] == keys


def test_only_its_maker_owns_it(forks: Forks) -> None:
    store = SharedStore(slots=1, slot_size=100)
    assert store.owned
    assert store.outlives_task

    def work() -> None:
        assert not store.owned
        assert store.outlives_task

    forks.start(work)
    assert forks.all_end_well()


def test_a_fork_does_not_wait_for_a_thread_that_it_does_not_have(forks: Forks) -> None:
    """Given a thread that is at the table while another one forks, then the child uses the store all the same."""
    at_the_table, done = threading.Event(), threading.Event()

    def hold() -> None:
        with STORE._threads:
            at_the_table.set()
            done.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert at_the_table.wait(30)
        forks.start(lambda: STORE.load("nothing"))
        assert forks.all_end_well()
    finally:
        done.set()
        thread.join()


values = st.dictionaries(
    st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text(max_size=10), max_size=3
)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.text("abcdé|\0", max_size=2), values), max_size=30))
def test_it_is_a_dictionary_that_keeps_nothing_of_a_key_whose_value_does_not_fit(
    saved: list[tuple[str, dict[str, Any]]],
) -> None:
    store = SharedStore(slots=8, slot_size=120)
    model: dict[str, dict[str, Any]] = {}
    for key, value in saved:
        if store.save(key, value):
            model[key] = value
        else:
            model.pop(key, None)
        for known in {key, *model}:
            assert store.load(known) == model.get(known)
    assert dict(store.items()) == model
