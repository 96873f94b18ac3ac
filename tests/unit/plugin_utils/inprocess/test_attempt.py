# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ordinary modules: a credential that one was refused is not given to the next, at printers, tenants and sites."""

from __future__ import annotations

import itertools
import multiprocessing
import time
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    BadInput,
    NotTried,
    PrismaError,
    SignInRefused,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.credential_limits import (
    AcceptedCredentials,
    save_limits,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.attempt import module_attempt
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore

REFUSED = {"failed": True, "outcome": "auth_failed", "reason": "the sign-in was refused", "advice": "Correct it."}
BASE: dict[str, dict[str, Any]] = {
    "controller": {"host": "p1", "port": 443, "base_path": "/", "username": "a", "password": "wrong", "max_refused": 2},
    "tenant": {"url": "https://home.example.com", "client_id": "robot", "client_secret": "wrong"},
    "site": {"url": "https://site.example.com", "username": "jo@example.com", "password": "wrong"},
}
SECRETS = {"controller": "password", "tenant": "client_secret", "site": "password"}


@pytest.fixture
def store() -> SharedStore:
    return SharedStore(slots=8)


def attempt(
    store: SharedStore, interface: str, result: dict[str, Any], *, background: bool = False, **changed: Any
) -> None:
    with module_attempt(interface, {**BASE[interface], **changed}, "a-profile", store, background=background) as record:
        record(result)


@pytest.mark.parametrize("interface", BASE)
@pytest.mark.parametrize("outcome", ["auth_failed", "locked", "password_change"])
def test_a_refused_credential_is_not_given_to_the_next_module(store: SharedStore, interface: str, outcome: str) -> None:
    attempt(store, interface, {**REFUSED, "outcome": outcome})
    for _task in range(2):
        with pytest.raises(PrismaError, match=r"was refused; a sign-in is tried only once in a run") as caught:
            attempt(store, interface, {})
        assert caught.value.outcome == outcome
        assert caught.value.advice == "Correct it."
    corrected: dict[str, Any] = {SECRETS[interface]: "corrected"}
    attempt(store, interface, {}, **corrected)


@pytest.mark.parametrize("interface", BASE)
@pytest.mark.parametrize("outcome", [None, "busy", "unreachable", "failed", "guardrail_refused", "in_sync"])
def test_what_is_no_refusal_lets_the_next_module_try(store: SharedStore, interface: str, outcome: str | None) -> None:
    for _task in range(3):
        attempt(store, interface, {"failed": True, "outcome": outcome} if outcome else {})


def test_what_may_be_a_refusal_counts_as_one(store: SharedStore) -> None:
    """Given a page after the sign-in that the profile does not know, then that is told by the module's details."""
    unclear = {**REFUSED, "outcome": "failed", "details": {"perhaps_refused": True}}
    for number in (1, 2):
        attempt(store, "controller", unclear, host=f"p{number}")
    with pytest.raises(PrismaError, match="a sign-in is tried only once in a run"):
        attempt(store, "controller", {}, host="p1")
    with pytest.raises(NotTried, match="2 printers refused"):
        attempt(store, "controller", {}, host="p3")


def test_printers_share_a_canary_and_so_do_tenants(store: SharedStore) -> None:
    for number in (1, 2):
        attempt(store, "controller", REFUSED, host=f"p{number}")
    with pytest.raises(NotTried, match="2 printers refused"):
        attempt(store, "controller", {}, host="p3")
    for number in (1, 2):
        attempt(store, "tenant", REFUSED, url=f"https://home-{number}.example.com")
    with pytest.raises(NotTried, match="2 services refused"):
        attempt(store, "tenant", {}, url="https://home-3.example.com")


def test_without_a_limit_each_printer_still_tries_once_only(store: SharedStore) -> None:
    for number in range(4):
        attempt(store, "controller", REFUSED, host=f"p{number}", max_refused=0)
    with pytest.raises(SignInRefused):
        attempt(store, "controller", {}, host="p1", max_refused=0)


@pytest.mark.parametrize("interface", ["tenant", "site"])
def test_a_password_in_a_file_is_limited_as_well(store: SharedStore, interface: str) -> None:
    save_limits(store, AcceptedCredentials.found([("robot", "right")], [], others=False), 1)
    secret = SECRETS[interface]
    file: dict[str, Any] = {secret: None, f"{secret}_file": "/secret/password"}
    for number in (1, 2):
        attempt(store, interface, REFUSED, url=f"https://{number}.example.com", **file)
    with pytest.raises(SignInRefused):
        attempt(store, interface, {}, url="https://1.example.com", **file)
    with pytest.raises(NotTried, match="2 services refused"):
        attempt(store, interface, {}, url="https://3.example.com", **file)


def test_ways_to_sign_in_that_spend_no_attempts_are_not_limited(store: SharedStore) -> None:
    for _task in range(3):
        attempt(store, "site", REFUSED, password=None, session_file="session.json")
    assert store.items() == []


@pytest.mark.parametrize("interface", BASE)
def test_a_module_in_the_background_starts_once_its_credential_is_proven(store: SharedStore, interface: str) -> None:
    started = {"started": 1, "finished": 0}
    for _task in range(2):  # the first proves nothing: nobody saw it end
        with pytest.raises(BadInput, match="was not accepted in this run"):
            attempt(store, interface, started, background=True)
    attempt(store, interface, {})
    for _task in range(2):
        attempt(store, interface, started, background=True)
    attempt(store, interface, REFUSED)
    with pytest.raises(SignInRefused, match="a sign-in is tried only once in a run"):
        attempt(store, interface, started, background=True)
    changed: dict[str, Any] = {"host": "p2"} if interface == "controller" else {"url": "https://other.example.com"}
    with pytest.raises(BadInput, match="or was refused"):
        attempt(store, interface, started, background=True, **changed)


def test_a_module_in_the_background_counts_against_the_limits_of_the_run(store: SharedStore) -> None:
    attempt(store, "controller", {})
    for number in (2, 3):
        attempt(store, "controller", REFUSED, host=f"p{number}")
    with pytest.raises(NotTried, match="2 printers refused"):
        attempt(store, "controller", {}, background=True, host="p4")
    attempt(store, "controller", {}, background=True, host="p4", max_refused=0)
    with pytest.raises(SignInRefused):
        attempt(store, "controller", {}, background=True, host="p2", max_refused=0)


def test_what_a_canary_run_has_not_seen_accepted_is_not_tried_in_the_background(store: SharedStore) -> None:
    save_limits(store, AcceptedCredentials.found([("a", "right")], [], others=False), 1)
    attempt(store, "controller", {}, background=True, password="right")
    with pytest.raises(NotTried, match="the canary run has not seen"):
        attempt(store, "controller", {}, background=True)


TOKEN = {"url": "https://site.example.com", "refresh_token_file": "/secret/token"}


def _redeem(store: SharedStore, name: str, times: Any) -> None:
    with module_attempt("site", {**TOKEN, "refresh_token_file": name}, "a-profile", store):
        start = time.monotonic()
        time.sleep(0.2)
        times.put((start, time.monotonic()))


@pytest.mark.parametrize(("names", "apart"), [(("t", "t", "t"), True), (("t", "u", "v"), False)])
def test_one_module_at_a_time_redeems_a_refresh_token(names: tuple[str, ...], apart: bool) -> None:
    """As the workers of a run do. Other tokens do not wait."""
    fork = multiprocessing.get_context("fork")
    store, times = SharedStore(slots=8), fork.SimpleQueue()
    workers = [fork.Process(target=_redeem, args=(store, name, times)) for name in names]
    for worker in workers:
        worker.start()
    spans = sorted(times.get() for _worker in workers)
    for worker in workers:
        worker.join()
    assert all(end <= start for (_begun, end), (start, _ended) in itertools.pairwise(spans)) is apart


def test_a_refresh_token_is_not_redeemed_in_the_background(store: SharedStore) -> None:
    with (
        pytest.raises(BadInput, match="async: a refresh token"),
        module_attempt("site", TOKEN, "a-profile", store, background=True),
    ):
        pass


def test_the_store_holds_no_secret(store: SharedStore) -> None:
    for interface in BASE:
        attempt(store, interface, REFUSED)
    assert "wrong" not in str(store.items())
