# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several clients share: open connections and the channels that hold them; and what they never share."""

from __future__ import annotations

import ssl
import threading
import time

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    ForbiddenRedirect,
    UntrustedCertificate,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.channels import Channel, ChannelPool
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    ClientOptions,
    make_client,
)
from unit.web.loopback import Answer, serve
from unit.web.sharing import READ, Noted, all_of, channel, ok, read

# --- the connections of clients that follow one another ---


@pytest.mark.parametrize("over_tls", [False, True], ids=["http", "https"])
def test_the_next_client_finds_the_connection_open(over_tls: bool, server_tls: ssl.SSLContext, ca_path: str) -> None:
    channels = ChannelPool()
    with serve(ok, server_tls if over_tls else None) as server:
        for _task in range(3):
            read(ClientOptions(server.url, ca_path=ca_path, channels=channels))
        assert len(server.asked) == 3
        assert server.connections == 1
        channels.close()


def test_without_wires_each_client_has_connections_of_its_own_and_closes_them() -> None:
    with serve(ok) as server:
        for _task in range(3):
            read(ClientOptions(server.url))
        assert server.connections == 3


def test_another_path_on_the_same_host_is_the_same_way() -> None:
    channels = ChannelPool()
    with serve(ok) as server:
        read(ClientOptions(server.url, channels=channels))
        read(
            ClientOptions(f"{server.url}base/path/", channels=channels, timeout=7, check_mode=True, user_agent="other")
        )
        assert server.connections == 1
        assert server.paths == ["/", "/base/path/"]
        channels.close()


def test_after_wires_are_closed_they_can_be_used_again() -> None:
    channels = ChannelPool()
    with serve(ok) as server:
        read(ClientOptions(server.url, channels=channels))
        channels.close()
        channels.close()
        read(ClientOptions(server.url, channels=channels))
        assert server.connections == 2
        channels.close()


def test_a_connection_that_the_server_closed_meanwhile_is_made_anew() -> None:
    channels = ChannelPool()
    with serve(lambda asked: Answer(headers={"Connection": "close"})) as server:
        for _task in range(2):
            read(ClientOptions(server.url, channels=channels))
        assert server.connections == 2
        channels.close()


def test_a_connection_is_never_shared_with_whoever_trusts_less(server_tls: ssl.SSLContext, ca_path: str) -> None:
    """Verification belongs to the way: a request over an open connection would never see the certificate."""
    channels = ChannelPool()
    with serve(ok, server_tls) as server:
        read(ClientOptions(server.url, validate_certs=False, channels=channels))
        with pytest.raises(UntrustedCertificate):
            read(ClientOptions(server.url, channels=channels, retries=0))
        with pytest.raises(UntrustedCertificate):
            read(ClientOptions(server.url, tls_fingerprint=("00" * 32,), channels=channels, retries=0))
        read(ClientOptions(server.url, ca_path=ca_path, channels=channels))
        with pytest.raises(UntrustedCertificate):
            read(ClientOptions(server.url, ca_path=ca_path, tls_fingerprint=("00" * 32,), channels=channels, retries=0))
        assert len(server.asked) == 2
        channels.close()


def test_a_connection_is_never_shared_with_weaker_tls() -> None:
    """Given a printer for which old ciphers are allowed, then a task without that option does not use its channel."""
    channels, made = ChannelPool(), list[Channel]()
    for options in ({}, {"ciphers": ("DEFAULT:@SECLEVEL=0",)}, {"tls_minimum": "1.0"}, {"tls_minimum": "1.2"}, {}):
        with make_client(ClientOptions("https://p1.example.com", channels=channels, **options)):
            pass
        made += [each for each in channels._channels.values() if each not in made]
    assert len(made) == 4
    channels.close()


def test_another_proxy_is_another_way() -> None:
    channels = ChannelPool()
    with serve(ok) as server, serve(lambda asked: Answer(body=b"by proxy")) as proxy:
        read(ClientOptions(server.url, channels=channels))
        through = ClientOptions(server.url, channels=channels, proxy=proxy.url)
        with make_client(through) as client:
            assert client.get("", extensions=READ).text == "by proxy"
        read(ClientOptions(server.url, channels=channels, proxy=proxy.url, no_proxy="127.0.0.1"))
        assert len(proxy.asked) == 1
        channels.close()


def test_cookies_are_not_shared() -> None:
    """Two accounts may look at one printer: the connection is the same, the session is not."""
    channels = ChannelPool()
    with serve(lambda asked: Answer(headers={"Set-Cookie": "session=one; Path=/"})) as server:
        for _account in range(2):
            read(ClientOptions(server.url, channels=channels))
        assert server.connections == 1
        assert [asked.headers.get("cookie") for asked in server.asked] == [None, None]
        channels.close()


def test_a_guard_is_each_client_s_own() -> None:
    channels = ChannelPool()
    with serve(ok) as server, serve(ok) as other:
        read(ClientOptions(other.url, channels=channels))
        with make_client(ClientOptions(server.url, channels=channels)) as client, pytest.raises(ForbiddenRedirect):
            client.get(other.url, extensions=READ)
        channels.close()


# --- who closes ---


def test_a_client_closes_what_is_its_own_and_leaves_what_is_shared() -> None:
    shared, own, channels = Noted(), Noted(), ChannelPool()
    with make_client(ClientOptions("http://p.example.com", transport=own)) as client:
        client.get("", extensions=READ)
        assert own.closed == 0
    assert own.closed == 1
    kept = channels.get("made of", lambda: Channel(shared))
    with make_client(ClientOptions("http://p.example.com", transport=shared, channels=channels)) as client:
        client.get("", extensions=READ)
    assert shared.closed == 0
    channels.close()
    assert shared.closed == 1
    assert channels.get("made of", channel) is not kept


# --- wires by what they are made of ---


def test_there_is_one_wire_of_each_kind_however_many_threads_ask_for_it() -> None:
    channels = ChannelPool()
    made: list[Channel] = []
    got: list[Channel] = []

    def make() -> Channel:
        time.sleep(0.01)  # long enough for the others to ask as well
        made.append(channel())
        return made[-1]

    with all_of(*(threading.Thread(target=lambda: got.append(channels.get(("a", 1), make))) for _number in range(8))):
        pass
    assert len(made) == 1
    assert got == made * 8
    assert channels.get(("a", 2), channel) is not made[0]


def test_a_wire_that_cannot_be_made_is_tried_again() -> None:
    channels = ChannelPool()

    def refuse() -> Channel:
        raise OSError("no such file")

    with pytest.raises(OSError, match="no such file"):
        channels.get("a", refuse)
    made = channel()
    assert channels.get("a", lambda: made) is made
