# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far connections get: real servers, a real proxy program, and servers that stop at each stage."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from ansible_collections.printops.prisma.plugins.module_utils._decide.network import NetworkOutcome
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.module_utils._web.http.options import ClientOptions
from ansible_collections.printops.prisma.plugins.module_utils._web.http.reach import Reached, answers, reach
from unit.web.http.test_client_proxy import RunningProxy, proxy_program
from unit.web.loopback import Answer, Loopback, serve

PATIENCE = 30
"""Seconds for what answers in the end, however busy the machine is."""


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProxy]:
    with proxy_program(tmp_path_factory.mktemp("proxy"), "--basic-auth", "fleet:right") as running:
        yield running


@pytest.fixture
def server(server_tls: ssl.SSLContext) -> Iterator[Loopback]:
    with serve(lambda asked: Answer(404), server_tls) as loopback:
        yield loopback


@contextmanager
def stopping(stage: str) -> Iterator[int]:
    """Listen on a port, and ``close`` or hold (``silent``) every connection before TLS."""
    held = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            while True:
                try:
                    connection, _address = listening.accept()
                except OSError:
                    return
                held.append(connection)
                if stage == "close":
                    connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        for connection in held:
            connection.close()


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def direct(port: int, host: str = "127.0.0.1", issuer: str = "", **options: Any) -> Reached:
    return reach(ClientOptions(f"https://{host}:{port}/", timeout=PATIENCE, **options), issuer=issuer)


def test_a_host_that_answers_is_reachable_whatever_it_answers(server: Loopback, ca_path: str) -> None:
    found = direct(server.port, ca_path=ca_path)
    assert (found.outcome, found.reason) == (NetworkOutcome.REACHABLE, "")
    assert found.addresses == ("127.0.0.1",)
    assert "trustme" in str(found.issuer) and len(str(found.fingerprint)) == 95
    assert [(each.method, each.body) for each in server.asked] == [("HEAD", b"")]


@pytest.mark.parametrize("status", [301, 401, 429, 503])
def test_a_status_and_a_lost_answer_say_nothing_about_the_way(
    server_tls: ssl.SSLContext, ca_path: str, status: int
) -> None:
    elsewhere = {"Location": "https://elsewhere.example.com/"}
    with serve(lambda asked: Answer(status, elsewhere), server_tls) as answering:
        assert direct(answering.port, ca_path=ca_path).outcome is NetworkOutcome.REACHABLE
    with serve(lambda asked: Answer(drop=True), server_tls) as dropping:
        assert direct(dropping.port, ca_path=ca_path).outcome is NetworkOutcome.REACHABLE
        assert dropping.connections == 1, "it is not tried again"


def test_each_stage_has_its_own_outcome(ca_path: str) -> None:
    assert direct(443, "no-such-host.invalid").outcome is NetworkOutcome.UNKNOWN_NAME
    refused = direct(closed_port())
    assert (refused.outcome, "connection refused" in refused.reason) == (NetworkOutcome.BLOCKED, True)
    with stopping("close") as port:
        assert direct(port).outcome is NetworkOutcome.TLS_FAILED
    with stopping("silent") as port:
        waiting = reach(ClientOptions(f"https://127.0.0.1:{port}/", timeout=0.3))
        assert waiting.outcome is NetworkOutcome.TIMEOUT
    with serve(lambda asked: Answer()) as plain:
        assert direct(plain.port).outcome is NetworkOutcome.TLS_FAILED


def test_an_unknown_authority_is_named_and_a_self_signed_certificate_is_none(server: Loopback, tmp_path: Path) -> None:
    other = trustme.CA()
    other.cert_pem.write_to_path(str(tmp_path / "other.pem"))
    found = direct(server.port, ca_path=str(tmp_path / "other.pem"))
    assert found.outcome is NetworkOutcome.INTERCEPTED
    assert "is issued by" in found.reason and "trustme" in str(found.issuer)
    assert server.asked[-1].method == "HEAD"


def test_a_certificate_for_another_name_is_untrusted_and_not_intercepted(ca: trustme.CA, ca_path: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("another.example.com").configure_cert(context)
    with serve(lambda asked: Answer(), context) as server:
        assert direct(server.port, ca_path=ca_path).outcome is NetworkOutcome.UNTRUSTED_CERTIFICATE


def test_a_declared_issuer_is_compared(server: Loopback, ca_path: str) -> None:
    assert direct(server.port, ca_path=ca_path, issuer="TRUSTME").outcome is NetworkOutcome.REACHABLE
    other = direct(server.port, ca_path=ca_path, issuer="Public CA")
    assert other.outcome is NetworkOutcome.INTERCEPTED
    assert "declared is 'Public CA'" in other.reason


# --- through a proxy ---


def through(proxy_url: str, port: int, ca_path: str | None = None, host: str = "127.0.0.1") -> Reached:
    return reach(ClientOptions(f"https://{host}:{port}/", timeout=PATIENCE, ca_path=ca_path, proxy=proxy_url))


def test_each_stage_of_a_proxy_has_its_own_outcome(proxy: RunningProxy, server: Loopback, ca_path: str) -> None:
    good = f"http://fleet:right@127.0.0.1:{proxy.port}"
    found = through(good, server.port, ca_path)
    assert (found.outcome, "trustme" in str(found.issuer)) == (NetworkOutcome.REACHABLE, True)
    assert proxy.connects_to(server) == 1
    refused = through(f"http://fleet:wr0ng-word@127.0.0.1:{proxy.port}", server.port, ca_path)
    assert refused.outcome is NetworkOutcome.PROXY_LOGIN_REFUSED
    assert "wr0ng-word" not in refused.reason
    assert through(good, closed_port(), ca_path).outcome is NetworkOutcome.PROXY_REFUSES
    gone = through(f"http://127.0.0.1:{closed_port()}", server.port, ca_path)
    assert gone.outcome is NetworkOutcome.PROXY_UNREACHABLE
    nameless = through("http://no-such-proxy.invalid:3128", server.port, ca_path)
    assert (nameless.outcome, "no-such-proxy.invalid" in nameless.reason) == (NetworkOutcome.PROXY_UNREACHABLE, True)
    with stopping("close") as port:
        assert through(f"http://127.0.0.1:{port}", server.port, ca_path).outcome is NetworkOutcome.PROXY_REFUSES


def test_an_untrusted_certificate_behind_a_proxy_is_told_by_its_issuer(
    proxy: RunningProxy, server: Loopback, tmp_path: Path
) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    found = through(f"http://fleet:right@127.0.0.1:{proxy.port}", server.port, str(tmp_path / "other.pem"))
    assert (found.outcome, "trustme" in str(found.issuer)) == (NetworkOutcome.INTERCEPTED, True)


def test_an_address_that_cannot_be_used_is_bad_input() -> None:
    with pytest.raises(BadInput):
        reach(ClientOptions("https://a..example.com/"))


# --- an answer of any kind ---


def test_any_answer_counts_and_none_says_why() -> None:
    with serve(lambda asked: Answer(400)) as server:
        assert answers(ClientOptions(server.url, timeout=PATIENCE), "POST", content=b"x") == ""
        assert server.asked[0].body == b"x"
    assert "connection refused" in answers(ClientOptions(server.url, timeout=PATIENCE), "POST")
