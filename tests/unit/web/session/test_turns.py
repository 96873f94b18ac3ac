# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that use one session at the same time: nobody asks between the steps of another, and single readings go on."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.thread_store import ThreadStore
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from unit.web.loopback import Answer, Asked
from unit.web.tiny import CONTRACT, Bench, bench, html, profile_source

SHOWN = ["GET /value", "POST /value", "GET /value"]
"""A change from the page that shows the value, and the reading of the other task after it."""


@pytest.fixture(params=[1, 2], ids=["of one process", "of two processes"])
def tiny(server_tls: ssl.SSLContext, ca_path: str, request: pytest.FixtureRequest) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        made.store = ThreadStore(SharedStore(slots=8, slot_size=2000), processes=request.param)
        made.session().open()
        made.server.asked.clear()
        yield made


def together(*works: Callable[[], Any]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def change_and_read(tiny: Bench, source: dict[str, Any]) -> list[str]:
    """Let a task read as soon as another one is shown the page of its change; return what was asked."""
    is_shown, is_read = threading.Event(), threading.Event()
    writer, reader = tiny.session(source), tiny.session(source)

    def answer(asked: Asked) -> Answer | None:
        if is_shown.is_set():
            is_read.set()
        elif asked.path == "/value":
            is_shown.set()
            is_read.wait(0.3)  # long enough for a reader that does not wait
        return None

    tiny.device.override = answer

    def read() -> None:
        assert is_shown.wait(20)
        reader.read("value")

    together(lambda: writer.write("set", value="new", on=None), read)
    return tiny.asked


@pytest.mark.parametrize("limits", [{}, {"concurrency": 1}])
def test_nobody_reads_between_the_steps_of_a_change(tiny: Bench, limits: dict[str, Any]) -> None:
    """Such as of an interface that takes [Remove] for a row of the page that it showed last."""
    assert change_and_read(tiny, {**profile_source(), "limits": limits}) == SHOWN


def test_nobody_chooses_something_else_between_the_steps_of_a_reading(tiny: Bench) -> None:
    """Given an interface that shows on one page what was chosen on another, to anybody in the session."""
    source = profile_source()
    source["read"]["value"]["steps"] = [{"get": "choose", "query": {"what": "${what}"}}, {"get": "value"}]
    contract = replace(CONTRACT, reads={"value": replace(CONTRACT.reads["value"], inputs=frozenset({"what"}))})
    del source["read"]["list"], source["write"]
    both = threading.Barrier(2)

    def answer(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/choose"):
            return None
        tiny.device.value = asked.path.partition("what=")[2]
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.3)  # long enough for another one that does not wait
        return html("chosen")

    tiny.device.override = answer
    found = {}

    def read(what: str) -> None:
        session = tiny.session()
        session.profile = build_profile(source, contract)
        found[what] = session.read("value", what=what).values["value"]

    together(lambda: read("one"), lambda: read("two"))
    assert found == {"one": "one", "two": "two"}


def test_unless_the_profile_says_that_the_interface_can_take_it(tiny: Bench) -> None:
    source = {**profile_source(), "limits": {"concurrency": 5}}
    assert change_and_read(tiny, source) == ["GET /value", "GET /value", "POST /value"]


def test_those_who_only_read_do_not_wait_for_each_other(tiny: Bench) -> None:
    both = threading.Barrier(2)

    def answer(asked: Asked) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(20)

    tiny.device.override = answer
    one, other = tiny.session(), tiny.session()
    together(lambda: one.read("value"), lambda: other.read("value"))
    assert not both.broken


def test_an_error_ends_the_turn(tiny: Bench) -> None:
    tiny.device.override = lambda asked: Answer(500, {}, b"") if asked.path == "/value" else None
    for work in (lambda: tiny.session().read("value"), lambda: tiny.session().write("set", value="new", on=None)):
        with pytest.raises(Exception, match="500"):
            work()
    tiny.device.override = lambda asked: None
    together(lambda: tiny.session().read("value"), lambda: tiny.session().write("set", value="new", on=None))
    assert tiny.device.value == "new"
