# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cookies that an interface changes during a session: the last ones are those that the sign-out needs."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import PrismaError
from ansible_collections.printops.prisma.plugins.module_utils._web.http.cookies import Cookie
from unit.web.loopback import Answer, Asked
from unit.web.tiny import LOGIN, Bench, bench, html


@pytest.fixture
def tiny(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


@pytest.mark.parametrize("status", [200, 500, 409])
@pytest.mark.parametrize("operation", ["ring", "value"])
def test_a_cookie_that_changes_in_the_session_is_the_one_that_is_signed_out(
    tiny: Bench, status: int, operation: str
) -> None:
    """Given an answer that replaces the session's cookie, whatever else it says, then a later task uses the new one."""
    session = tiny.session()
    session.open()

    def replace(asked: Asked) -> Answer | None:
        if asked.path != f"/{operation}":
            return None
        tiny.device.sessions = {"another"}
        return html('<p id="value">old</p>', {"Set-Cookie": "sid=another; Path=/"}, status)

    tiny.device.override = replace
    with contextlib.suppress(PrismaError):
        session.write("ring") if operation == "ring" else session.read("value")
    assert tiny.session().sign_out()
    assert tiny.device.sessions == set()


def test_what_ends_a_session_is_not_saved_over_the_one_that_another_task_has_opened(tiny: Bench) -> None:
    one, other = tiny.session(), tiny.session()
    one.open()
    other.open()
    tiny.device.expire()
    one.read("value")
    tiny.device.override = lambda asked: (
        html(LOGIN, {"Set-Cookie": "sid=nobody; Path=/"}, 401)
        if asked.path == "/ring" and "session-1" in asked.headers["cookie"]
        else None
    )
    other.write("ring")
    assert len(tiny.device.attempts) == 2


def test_a_cookie_that_is_a_usual_word_hides_no_name_in_results(tiny: Bench) -> None:
    """Given a portal that keeps the region and the site in cookies, then addresses in results stay readable."""
    session = tiny.session()
    for value in ("west", "north-europe", "de1", "7a7a", "abcdefghijkl"):
        session.client.jar.add(Cookie(value, value, "127.0.0.1"))
    assert session.secrets() == {"north-europe", "7a7a", "abcdefghijkl"}
