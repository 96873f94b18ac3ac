# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests through a real proxy program (proxy.py), with credentials, exceptions and the environment."""

from __future__ import annotations

import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import Unreachable, UntrustedCertificate
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    PURPOSE,
    ClientOptions,
    Purpose,
    make_client,
    peer_fingerprint,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.proxy import bypasses_proxy, proxy_for
from unit.web.loopback import Answer, Loopback, serve

READ = {PURPOSE: Purpose.READ}


@dataclass
class RunningProxy:
    port: int
    log: Path

    def connects_to(self, server: Loopback) -> int:
        """How many CONNECT lines for a server stand in the proxy's own log, after a moment for it to write them."""
        wanted = f"CONNECT 127.0.0.1:{server.port}"
        end = time.monotonic() + 3
        while wanted not in (text := self.log.read_text(encoding="utf-8")) and time.monotonic() < end:
            time.sleep(0.05)
        return text.count(wanted)


@contextmanager
def proxy_program(folder: Path, *arguments: str) -> Iterator[RunningProxy]:
    log, port_file = folder / "proxy.log", folder / "port"
    command = [sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", "0", "--num-workers", "1"]
    command += ["--num-acceptors", "1", "--log-file", str(log), "--port-file", str(port_file)]
    command += ["--data-dir", str(folder / "data"), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 30
        while not (port_file.exists() and port_file.read_text().strip()):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        yield RunningProxy(int(port_file.read_text()), log)
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProxy]:
    with proxy_program(tmp_path_factory.mktemp("proxy"), "--basic-auth", "fleet:pass word") as running:
        yield running


@pytest.fixture
def server(server_tls: ssl.SSLContext) -> Iterator[Loopback]:
    with serve(lambda asked: Answer(), server_tls) as loopback:
        yield loopback


def get(server: Loopback, **options: Any) -> str | None:
    with make_client(ClientOptions(server.url, **options)) as client:
        return peer_fingerprint(client.get("", extensions=READ))


def test_requests_go_through_the_proxy_with_its_credentials(
    proxy: RunningProxy, server: Loopback, ca_path: str
) -> None:
    get(server, ca_path=ca_path, proxy=f"http://fleet:pass%20word@127.0.0.1:{proxy.port}")
    assert proxy.connects_to(server) == 1
    assert "proxy-authorization" not in server.asked[0].headers


def test_wrong_credentials_are_unreachable_and_are_not_repeated_in_the_message(
    proxy: RunningProxy, server: Loopback, ca_path: str
) -> None:
    with pytest.raises(Unreachable, match=rf"through the proxy http://127\.0\.0\.1:{proxy.port}.*407") as caught:
        get(server, ca_path=ca_path, proxy=f"http://fleet:not-it@127.0.0.1:{proxy.port}")
    assert "not-it" not in str(caught.value)
    assert not caught.value.may_have_arrived
    assert server.connections == 0


def test_a_proxy_that_is_not_there_is_named(server: Loopback, ca_path: str) -> None:
    with serve(lambda asked: Answer()) as gone:
        pass
    with pytest.raises(Unreachable, match=rf"through the proxy http://127\.0\.0\.1:{gone.port}: connection refused"):
        get(server, ca_path=ca_path, proxy=f"http://127.0.0.1:{gone.port}", retries=0)


def test_a_pin_holds_through_the_proxy(proxy: RunningProxy, server: Loopback, ca_path: str) -> None:
    through = f"http://fleet:pass%20word@127.0.0.1:{proxy.port}"
    seen = get(server, ca_path=ca_path)
    assert get(server, tls_fingerprint=(str(seen),), proxy=through) == seen
    asked = len(server.asked)
    with pytest.raises(UntrustedCertificate):
        get(server, tls_fingerprint=("AB" * 32,), proxy=through)
    assert len(server.asked) == asked


def test_a_pin_holds_through_a_proxy_that_speaks_tls_itself(
    server: Loopback, ca_path: str, leaf: trustme.LeafCert, tmp_path: Path
) -> None:
    key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
    leaf.private_key_pem.write_to_path(key)
    leaf.cert_chain_pems[0].write_to_path(chain)
    seen = get(server, ca_path=ca_path)
    with proxy_program(tmp_path, "--key-file", str(key), "--cert-file", str(chain)) as proxy:
        through = f"https://127.0.0.1:{proxy.port}"
        assert get(server, ca_path=ca_path, tls_fingerprint=(str(seen),), proxy=through) == seen
        asked = len(server.asked)
        with pytest.raises(UntrustedCertificate, match="not the pinned one"):
            get(server, ca_path=ca_path, tls_fingerprint=("AB" * 32,), proxy=through)
        with pytest.raises(UntrustedCertificate):  # of the proxy itself, against the system's CAs
            get(server, tls_fingerprint=(str(seen),), proxy=through)
        assert len(server.asked) == asked


def test_the_environments_proxy_counts_only_when_asked_for(
    proxy: RunningProxy, server: Loopback, ca_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://fleet:pass%20word@127.0.0.1:{proxy.port}")
    monkeypatch.delenv("https_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    get(server, ca_path=ca_path)
    assert f"CONNECT 127.0.0.1:{server.port}" not in proxy.log.read_text(encoding="utf-8")
    get(server, ca_path=ca_path, use_environment_proxy=True)
    assert proxy.connects_to(server) == 1
    monkeypatch.setenv("NO_PROXY", "127.0.0.0/8")
    get(server, ca_path=ca_path, use_environment_proxy=True)
    assert proxy.connects_to(server) == 1


def test_no_proxy_goes_around_the_proxy_of_an_option_too(server: Loopback, ca_path: str) -> None:
    get(server, ca_path=ca_path, proxy="http://127.0.0.1:9", no_proxy="127.0.0.1", retries=0)
    assert len(server.asked) == 1


@pytest.mark.parametrize(("port", "around"), [("", True), (":443", True), (":8443", False)])
def test_no_proxy_with_the_usual_port_means_an_address_without_one(port: str, around: bool) -> None:
    url = httpx.URL(f"https://printer.example.com{port}/")
    found = proxy_for(url, "http://proxy.example.com:3128", "printer.example.com:443", False)
    assert (found is None) is around


@pytest.mark.parametrize(
    ("host", "port", "no_proxy", "around"),
    [
        ("printer.example.com", None, "*", True),
        ("printer.example.com", None, "printer.example.com", True),
        ("printer.example.com", None, "other.example.com, EXAMPLE.com", True),
        ("printer.example.com", None, ".example.com", True),
        ("printer.example.com", None, "*.example.com", True),
        ("printerexample.com", None, "example.com", False),
        ("printer.example.com", None, "", False),
        ("printer.example.com", None, " , ", False),
        ("printer.example.com", 8443, "printer.example.com:8443", True),
        ("printer.example.com", None, "printer.example.com:8443", False),
        ("192.0.2.7", None, "192.0.2.0/24", True),
        ("192.0.2.7", None, "198.51.100.0/24", False),
        ("192.0.2.7", None, "192.0.2.7", True),
        ("2001:db8::7", None, "2001:db8::/32", True),
        ("2001:db8::7", 443, "[2001:db8::7]:443", True),
        ("2001:db8::7", None, "2001:db8::7", True),
        ("printer.example.com", None, "192.0.2.0/24", False),
    ],
)
def test_no_proxy_names_hosts_domains_addresses_and_networks(
    host: str, port: int | None, no_proxy: str, around: bool
) -> None:
    assert bypasses_proxy(host, port, no_proxy) is around
