# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Given what a canary has found, then a run tries no other credential; given slices, then each has its share."""

from __future__ import annotations

import json

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput, NotTried, SignInRefused
from ansible_collections.printops.prisma.plugins.module_utils._web.session.canary import Canary
from ansible_collections.printops.prisma.plugins.module_utils._web.session.credential_limits import (
    AcceptedCredentials,
    save_limits,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore

GOOD, STALE, NEW = ("automation", "good-password"), ("automation", "stale-password"), ("other", "new-password")


def limited(*, others: bool = False, slices: int = 5) -> TaskStore:
    found = AcceptedCredentials.found([GOOD], [STALE], others=others)
    store = TaskStore()
    save_limits(store, AcceptedCredentials.of_dict(json.loads(json.dumps(found.as_dict()))), slices)
    return store


def tries(store: TaskStore, credential: tuple[str, str], *, most: int = 2, refused: bool = False) -> bool:
    """Return whether one more printer tries it."""
    try:
        with Canary(store, *credential, most).attempt() as attempt:
            if refused:
                attempt.failed(SignInRefused("no"))
            else:
                attempt.accepted()
    except NotTried:
        return False
    return True


def test_what_the_canary_has_not_seen_accepted_is_not_tried() -> None:
    store = limited()
    assert [tries(store, each) for each in (GOOD, STALE, NEW)] == [True, False, False]


def test_new_credentials_are_tried_where_printers_have_their_own() -> None:
    store = limited(others=True)
    assert [tries(store, each) for each in (GOOD, STALE, NEW)] == [True, False, True]


def test_an_accepted_credential_waits_for_nobody() -> None:
    store = limited()
    first, second = (Canary(store, *GOOD, 2) for _number in range(2))
    with first.attempt():
        assert second.accepted


def test_the_message_names_the_account_and_what_to_run() -> None:
    with pytest.raises(NotTried) as told, Canary(limited(), *STALE, 2).attempt():
        pass
    assert "the account automation with this password" in str(told.value)
    assert "onboard_canary" in told.value.advice
    assert STALE[1] not in str(told.value) + told.value.advice


def test_sessions_and_tokens_are_not_judged() -> None:
    with Canary(limited(), "session file", "digest", 2, "service", by_password=False).attempt() as attempt:
        attempt.accepted()


@pytest.mark.parametrize(("most", "slices", "share"), [(2, 1, 2), (10, 5, 2), (11, 5, 2), (2, 5, 1)])
def test_without_a_canary_each_slice_has_its_share_of_refusals_and_at_least_one(
    most: int, slices: int, share: int
) -> None:
    store = TaskStore()
    save_limits(store, None, slices)
    assert sum(tries(store, STALE, most=most, refused=True) for _printer in range(20)) == share


def test_an_accepted_credential_that_a_printer_refuses_counts_too() -> None:
    store = limited(slices=1)
    assert sum(tries(store, GOOD, refused=True) for _printer in range(20)) == 2


def test_the_data_hold_no_password_and_each_canary_has_a_salt_of_its_own() -> None:
    texts = [json.dumps(AcceptedCredentials.found([GOOD], [STALE], others=False).as_dict()) for _number in range(2)]
    assert texts[0] != texts[1]
    for password in (GOOD[1], STALE[1]):
        assert all(password not in text for text in texts)


@pytest.mark.parametrize(
    "data",
    [{}, {"schema": 2}, "text", {"schema": 1, "salt": "no hex", "accepted": [], "not_accepted": [], "others": False}],
)
def test_anything_else_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="onboard_accepted_credentials"):
        AcceptedCredentials.of_dict(data)


class FullStore(TaskStore):
    """A memory that has no room left."""

    def save(self, key: str, state: dict[str, object]) -> bool:
        return False


def test_a_memory_without_room_fails_the_run_and_tries_nothing() -> None:
    with pytest.raises(BadInput, match="more credentials than the memory"):
        save_limits(FullStore(), AcceptedCredentials.found([GOOD], [], others=False), 2)
