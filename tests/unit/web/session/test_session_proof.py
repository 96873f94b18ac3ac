# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a new sign-in leads to is proven before anything else is read or written. Against a tiny interface."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import PrismaError
from ansible_collections.printops.prisma.plugins.module_utils._web.session.proof import Proof
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session import Session
from unit.web.session.test_session import page, write_new
from unit.web.tiny import Bench, bench, html


@pytest.fixture
def tiny(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


def proven(tiny: Bench, proofs: list[str]) -> Session:
    """Return a session whose account is proven by a reading, and was by an earlier task."""
    session = tiny.session()

    def prove() -> None:
        proofs.append(session.read("value").values["value"])
        if proofs[-1] != "old":
            raise PrismaError("another account")

    session.proof = Proof("value", prove, frozenset({"tenant"}))
    return session


def test_a_new_sign_in_is_proven_before_anything_else_is_read_or_written(tiny: Bench) -> None:
    proofs: list[str] = []
    session = proven(tiny, proofs)
    tiny.device.pages = [page("", None, 0)]
    session.read("list")
    assert proofs == []
    tiny.device.expire()
    session.read("list")
    assert proofs == ["old"]
    tiny.device.value = "another"
    acts: tuple[Callable[[], object], ...] = (lambda: session.read("list"), lambda: write_new(session))
    for act in acts:
        tiny.device.expire()
        with pytest.raises(PrismaError, match="another account"):
            act()
    assert tiny.device.writes == []


def test_what_was_proven_of_a_session_that_has_ended_holds_for_no_later_one(tiny: Bench) -> None:
    """Given the new sign-in, or only its proof, fails in the task that found out."""
    session = proven(tiny, [])
    session.read("value")
    session.remember(tenant="alpha", warned=True)
    tiny.device.expire()
    tiny.device.value = "another"
    tiny.device.pages = [page("", None, 0)]
    with pytest.raises(PrismaError, match="another account"):
        session.read("list")
    later = tiny.session()
    later.open()
    assert ("tenant" in later.facts, later.facts["warned"]) == (False, True)


def test_a_write_with_which_the_session_ended_counts_as_done_until_a_reading_says_otherwise(tiny: Bench) -> None:
    """Given nobody can sign in again."""
    tiny.device.expires_after_write = True
    session = tiny.session()
    session.read("value")
    tiny.device.override = lambda asked: html("", status=503) if asked.path == "/" else None
    with pytest.raises(PrismaError):
        write_new(session)
    assert (session.wrote, len(tiny.device.writes)) == (True, 1)
