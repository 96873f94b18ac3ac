# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Given printers that share a credential, then one tries it first, and too many refusals end the trying."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import Outcome
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    AccountLocked,
    Busy,
    NotTried,
    PasswordChangeDemanded,
    PrismaError,
    SignInRefused,
    TimedOut,
    UnexpectedPage,
    Unreachable,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.canary import Attempt, Canary
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore


def printer(store: TaskStore, password: str = "password-1", most: int = 2) -> Canary:
    return Canary(store, "automation", password, most)


def refuse(store: TaskStore, times: int, error: Callable[[str], PrismaError] = SignInRefused) -> None:
    for _time in range(times):
        with printer(store).attempt() as attempt:
            attempt.failed(error("no"))


def test_the_rest_is_not_tried_after_too_many_refusals() -> None:
    """Given two printers that refuse, then the third is not asked, and its text names the account, not the password."""
    store = TaskStore()
    refuse(store, 2)
    with pytest.raises(NotTried) as told, printer(store).attempt():
        pass
    assert told.value.outcome is Outcome.NOT_TRIED
    assert "2 printers refused the account automation" in str(told.value)
    assert "password-1" not in str(told.value) + told.value.advice


def test_another_password_is_another_credential() -> None:
    """Given a credential that is spent, then the same account with another password is tried."""
    store = TaskStore()
    refuse(store, 2)
    with printer(store, "password-2").attempt() as attempt:
        assert isinstance(attempt, Attempt)


def test_refusals_count_after_an_acceptance_too() -> None:
    """Given a printer that accepted, then two that refuse still end it: somewhere the password is another one."""
    store = TaskStore()
    with printer(store).attempt() as attempt:
        attempt.accepted()
    refuse(store, 2)
    with pytest.raises(NotTried), printer(store).attempt():
        pass


@pytest.mark.parametrize("error", [Busy, Unreachable])
def test_who_was_not_asked_has_judged_nothing(error: type[PrismaError]) -> None:
    """Given busy and unreachable printers, however many, then the next one is tried."""
    store = TaskStore()
    refuse(store, 5, error)
    with printer(store).attempt() as attempt:
        attempt.accepted()


def answer_lost(what: str) -> TimedOut:
    return TimedOut(what, may_have_arrived=True)


@pytest.mark.parametrize("error", [AccountLocked, UnexpectedPage, answer_lost])
def test_what_may_be_a_refusal_counts_until_a_printer_has_accepted(error: Callable[[str], PrismaError]) -> None:
    """Given locked accounts, then they end the trying of an unproven credential, and of a proven one they do not."""
    unproven, proven = TaskStore(), TaskStore()
    refuse(unproven, 2, error)
    with pytest.raises(NotTried), printer(unproven).attempt():
        pass
    with printer(proven).attempt() as attempt:
        attempt.accepted()
    refuse(proven, 5, error)
    with printer(proven).attempt() as attempt:
        attempt.accepted()


def test_a_demanded_change_of_password_proves_the_password() -> None:
    """Given a printer that took the password and wants a new one, then the others are asked all at once."""
    store = TaskStore()
    refuse(store, 1, PasswordChangeDemanded)
    assert printer(store).accepted


@pytest.mark.parametrize(
    ("outcome", "spent", "accepted"),
    [
        (None, False, True),
        (Outcome.AUTH_FAILED, True, False),
        (Outcome.LOCKED, True, False),
        (Outcome.WRONG_DEVICE, False, True),
        (Outcome.UNREACHABLE, False, False),
        (Outcome.FAILED, False, False),
    ],
)
def test_an_ordinary_module_tells_by_its_outcome(outcome: Outcome | None, spent: bool, accepted: bool) -> None:
    """Given a task in a process of its own, then its outcome says what came of the credential."""
    store = TaskStore()
    with printer(store, most=1).attempt() as attempt:
        attempt.record(outcome)
    assert printer(store).accepted is accepted
    if spent:
        with pytest.raises(NotTried), printer(store, most=1).attempt():
            pass


class CountingStore(TaskStore):
    """A store that notes which locks are held."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[str] = []

    @contextmanager
    def lock(self, name: str, slots: int = 1) -> Iterator[None]:
        self.held.append(name)
        try:
            yield
        finally:
            self.held.remove(name)


def test_printers_try_one_at_a_time_until_one_has_accepted_and_after_one_has_refused() -> None:
    store = CountingStore()
    with printer(store).attempt() as attempt:
        assert len(store.held) == 1
        attempt.accepted()
    with printer(store).attempt() as attempt:
        assert not store.held
        attempt.failed(SignInRefused("no"))
    with printer(store).attempt():
        assert len(store.held) == 1
    assert not store.held


def test_a_tenant_or_site_is_called_a_service() -> None:
    store = TaskStore()
    with Canary(store, "robot", "secret-1", 1, "service").attempt() as attempt:
        attempt.failed(SignInRefused("no"))
    with pytest.raises(NotTried, match="1 service refused the account robot") as caught:
        Canary(store, "robot", "secret-1", 1, "service").attempt().__enter__()
    assert "the services that refused it" in caught.value.advice


class NoMoreRoom(TaskStore):
    """A memory that keeps what it has and has no room for a new key."""

    def save(self, key: str, state: dict[str, object]) -> bool:
        return self.load(key) is not None and super().save(key, state)


def test_a_credential_whose_refusals_cannot_be_counted_is_not_tried() -> None:
    """Given a memory without room, then not every printer refuses the same stale password."""
    for _printer in range(3):
        with pytest.raises(NotTried) as caught, printer(NoMoreRoom()).attempt():
            pytest.fail("a sign-in is sent")
        assert "the memory of this run is full, so a refusal of the account automation" in str(caught.value)
        assert "several runs" in caught.value.advice
        assert "password-1" not in str(caught.value) + caught.value.advice


def test_a_credential_that_was_counted_before_the_memory_was_full_is_counted_on() -> None:
    room, full = TaskStore(), NoMoreRoom()
    refuse(room, 1)
    full._states = room._states
    refuse(full, 1)
    with pytest.raises(NotTried, match="2 printers refused"), printer(full).attempt():
        pass
