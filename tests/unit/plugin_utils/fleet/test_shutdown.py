# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a bulk run is stopped: which steps and requests are refused then, and what becomes of the signals."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import PrismaError
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import Purpose
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet import shutdown as shutdown_module
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.shutdown import STOPPED, Shutdown
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess import run as run_module
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.run import GRACE

OTHERS = [purpose for purpose in Purpose if purpose is not Purpose.SIGN_OUT]


class Steps:
    """Steps that note which modules they run."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any], bool]] = []

    def __call__(self, module: str, options: Mapping[str, Any], *, check_mode: bool = False) -> dict[str, Any]:
        self.calls.append((module, dict(options), check_mode))
        return {"ran": module}


def test_until_a_shutdown_every_step_runs_as_it_is() -> None:
    shutdown, steps = Shutdown(), Steps()
    guarded = shutdown.guard(steps, "p1")
    assert not shutdown.requested
    assert guarded("device_info", {"a": 1}) == {"ran": "device_info"}
    assert guarded("cloud_printer", {"b": 2}, check_mode=True) == {"ran": "cloud_printer"}
    assert steps.calls == [("device_info", {"a": 1}, False), ("cloud_printer", {"b": 2}, True)]


def test_after_it_no_step_runs_but_the_sign_out() -> None:
    shutdown, steps = Shutdown(), Steps()
    guarded = shutdown.guard(steps, "p1")
    shutdown.request()
    assert shutdown.requested
    refused = guarded("printer_registration", {})
    assert refused["failed"]
    assert refused["msg"].startswith(f"p1: {STOPPED}")
    assert guarded("sign_out", {}) == {"ran": "sign_out"}
    assert [module for module, _options, _check_mode in steps.calls] == ["sign_out"]


def test_steps_that_are_under_way_may_send_requests_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(shutdown_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    shutdown = Shutdown()
    for purpose in Purpose:
        shutdown.check(purpose)
    shutdown.request()
    now[0] += GRACE
    for purpose in Purpose:
        shutdown.check(purpose)
    now[0] += 0.1
    for purpose in OTHERS:
        with pytest.raises(PrismaError, match=STOPPED):
            shutdown.check(purpose)
    shutdown.check(Purpose.SIGN_OUT)
    shutdown.request()
    with pytest.raises(PrismaError):  # a second request gives no more time
        shutdown.check(OTHERS[0])


def test_a_parent_that_has_died_is_a_shutdown_with_grace_for_sign_ins_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign-in that is cut off leaves a session that nobody can sign out of."""
    now = [100.0]
    monkeypatch.setattr(run_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    shutdown, steps = Shutdown(), Steps()
    monkeypatch.setattr(os, "getppid", lambda: 1)
    assert shutdown.requested
    assert shutdown.guard(steps, "p1")("device_info", {})["failed"]
    for purpose in (Purpose.READ, Purpose.WRITE):
        with pytest.raises(PrismaError, match="killed"):
            shutdown.check(purpose)
    shutdown.check(Purpose.SIGN_IN)
    now[0] += GRACE
    shutdown.check(Purpose.SIGN_IN)
    now[0] += 0.1
    with pytest.raises(PrismaError, match="killed"):
        shutdown.check(Purpose.SIGN_IN)
    shutdown.check(Purpose.SIGN_OUT)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_requests_it_and_the_first_one_is_kept(number: signal.Signals) -> None:
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    with Shutdown() as shutdown:
        assert (shutdown.signal, shutdown.requested) == (None, False)
        signal.raise_signal(number)
        signal.raise_signal(signal.SIGTERM)
        assert (shutdown.signal, shutdown.requested) == (number, True)
    assert {each: signal.getsignal(each) for each in before} == before
