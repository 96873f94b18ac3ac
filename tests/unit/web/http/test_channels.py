# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several clients share: open connections and the wires they are kept by; and what they never share."""

from __future__ import annotations

import ssl
import threading
import time

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    ForbiddenRedirect,
    UntrustedCertificate,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.channels import Wire, Wires
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    ClientOptions,
    make_client,
)
from unit.web.loopback import Answer, serve
from unit.web.sharing import READ, Noted, all_of, ok, read, wire

# --- the connections of clients that follow one another ---


@pytest.mark.parametrize("over_tls", [False, True], ids=["http", "https"])
def test_the_next_client_finds_the_connection_open(over_tls: bool, server_tls: ssl.SSLContext, ca_path: str) -> None:
    wires = Wires()
    with serve(ok, server_tls if over_tls else None) as server:
        for _task in range(3):
            read(ClientOptions(server.url, ca_path=ca_path, wires=wires))
        assert len(server.asked) == 3
        assert server.connections == 1
        wires.close()


def test_without_wires_each_client_has_connections_of_its_own_and_closes_them() -> None:
    with serve(ok) as server:
        for _task in range(3):
            read(ClientOptions(server.url))
        assert server.connections == 3


def test_another_path_on_the_same_host_is_the_same_way() -> None:
    wires = Wires()
    with serve(ok) as server:
        read(ClientOptions(server.url, wires=wires))
        read(ClientOptions(f"{server.url}base/path/", wires=wires, timeout=7, check_mode=True, user_agent="other"))
        assert server.connections == 1
        assert server.paths == ["/", "/base/path/"]
        wires.close()


def test_after_wires_are_closed_they_can_be_used_again() -> None:
    wires = Wires()
    with serve(ok) as server:
        read(ClientOptions(server.url, wires=wires))
        wires.close()
        wires.close()
        read(ClientOptions(server.url, wires=wires))
        assert server.connections == 2
        wires.close()


def test_a_connection_that_the_server_closed_meanwhile_is_made_anew() -> None:
    wires = Wires()
    with serve(lambda asked: Answer(headers={"Connection": "close"})) as server:
        for _task in range(2):
            read(ClientOptions(server.url, wires=wires))
        assert server.connections == 2
        wires.close()


def test_a_connection_is_never_shared_with_whoever_trusts_less(server_tls: ssl.SSLContext, ca_path: str) -> None:
    """Verification belongs to the way: a request over an open connection would never see the certificate."""
    wires = Wires()
    with serve(ok, server_tls) as server:
        read(ClientOptions(server.url, validate_certs=False, wires=wires))
        with pytest.raises(UntrustedCertificate):
            read(ClientOptions(server.url, wires=wires, retries=0))
        with pytest.raises(UntrustedCertificate):
            read(ClientOptions(server.url, tls_fingerprint=("00" * 32,), wires=wires, retries=0))
        read(ClientOptions(server.url, ca_path=ca_path, wires=wires))
        with pytest.raises(UntrustedCertificate):
            read(ClientOptions(server.url, ca_path=ca_path, tls_fingerprint=("00" * 32,), wires=wires, retries=0))
        assert len(server.asked) == 2
        wires.close()


def test_another_proxy_is_another_way() -> None:
    wires = Wires()
    with serve(ok) as server, serve(lambda asked: Answer(body=b"by proxy")) as proxy:
        read(ClientOptions(server.url, wires=wires))
        through = ClientOptions(server.url, wires=wires, proxy=proxy.url)
        with make_client(through) as client:
            assert client.get("", extensions=READ).text == "by proxy"
        read(ClientOptions(server.url, wires=wires, proxy=proxy.url, no_proxy="127.0.0.1"))
        assert len(proxy.asked) == 1
        wires.close()


def test_cookies_are_not_shared() -> None:
    """Two accounts may look at one printer: the connection is the same, the session is not."""
    wires = Wires()
    with serve(lambda asked: Answer(headers={"Set-Cookie": "session=one; Path=/"})) as server:
        for _account in range(2):
            read(ClientOptions(server.url, wires=wires))
        assert server.connections == 1
        assert [asked.headers.get("cookie") for asked in server.asked] == [None, None]
        wires.close()


def test_a_guard_is_each_client_s_own() -> None:
    wires = Wires()
    with serve(ok) as server, serve(ok) as other:
        read(ClientOptions(other.url, wires=wires))
        with make_client(ClientOptions(server.url, wires=wires)) as client, pytest.raises(ForbiddenRedirect):
            client.get(other.url, extensions=READ)
        wires.close()


# --- who closes ---


def test_a_client_closes_what_is_its_own_and_leaves_what_is_shared() -> None:
    shared, own, wires = Noted(), Noted(), Wires()
    with make_client(ClientOptions("http://p.example.com", transport=own)) as client:
        client.get("", extensions=READ)
        assert own.closed == 0
    assert own.closed == 1
    kept = wires.get("made of", lambda: Wire(shared))
    with make_client(ClientOptions("http://p.example.com", transport=shared, wires=wires)) as client:
        client.get("", extensions=READ)
    assert shared.closed == 0
    wires.close()
    assert shared.closed == 1
    assert wires.get("made of", wire) is not kept


# --- wires by what they are made of ---


def test_there_is_one_wire_of_each_kind_however_many_threads_ask_for_it() -> None:
    wires = Wires()
    made: list[Wire] = []
    got: list[Wire] = []

    def make() -> Wire:
        time.sleep(0.01)  # long enough for the others to ask as well
        made.append(wire())
        return made[-1]

    with all_of(*(threading.Thread(target=lambda: got.append(wires.get(("a", 1), make))) for _number in range(8))):
        pass
    assert len(made) == 1
    assert got == made * 8
    assert wires.get(("a", 2), wire) is not made[0]


def test_a_wire_that_cannot_be_made_is_tried_again() -> None:
    wires = Wires()

    def refuse() -> Wire:
        raise OSError("no such file")

    with pytest.raises(OSError, match="no such file"):
        wires.get("a", refuse)
    made = wire()
    assert wires.get("a", lambda: made) is made
