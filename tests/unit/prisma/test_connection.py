# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to addresses: what cannot be is told before any request is sent."""

from __future__ import annotations

import math
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.connection import (
    Credential,
    check_numbers,
    controller_url,
    credential_of,
    tenant_url,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import ClientOptions, make_client
from hypothesis import given
from hypothesis import strategies as st


def options(**given: Any) -> dict[str, Any]:
    return {"host": "p1.example.com", "port": 443, "base_path": "/", **given}


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "https://p1.example.com:443/"),
        ({"host": " p1.example.com ", "port": 8443}, "https://p1.example.com:8443/"),
        ({"host": "192.0.2.1"}, "https://192.0.2.1:443/"),
        ({"host": "2001:db8::1"}, "https://[2001:db8::1]:443/"),
        ({"host": "[2001:db8::1]"}, "https://[2001:db8::1]:443/"),
        ({"base_path": ""}, "https://p1.example.com:443/"),
        ({"base_path": "gateway/p1"}, "https://p1.example.com:443/gateway/p1/"),
        ({"base_path": "/gateway/p1/"}, "https://p1.example.com:443/gateway/p1/"),
    ],
)
def test_the_address_of_a_controller(given: dict[str, Any], url: str) -> None:
    assert controller_url(options(**given)) == url
    make_client(ClientOptions(url)).close()


@pytest.mark.parametrize("port", [0, -1, 65536, 1_000_000])
def test_a_port_that_is_none(port: int) -> None:
    with pytest.raises(BadInput, match=f"port {port} is not a port") as caught:
        controller_url(options(port=port))
    assert "from 1 to 65535" in caught.value.advice


@pytest.mark.parametrize(
    "host",
    [
        "",
        "  ",
        "a b",
        "a/b",
        "a@b",
        "a?b",
        "a#b",
        "https://p1.example.com",
        "p1.example.com:8443",
        "[2001:db8::1",
        "[2001:db8::1]:8443",
        "2001:db8::zz",
        "a\nb",
        "a\0b",
        "\x7f",
        "..",
        "a" * 300,
        "xn--a",
    ],
)
def test_a_host_that_is_none_is_told_before_any_request(host: str) -> None:
    with pytest.raises(BadInput):
        make_client(ClientOptions(controller_url(options(host=host)))).close()


@given(st.text(max_size=30))
def test_no_host_is_another_error_or_another_host(host: str) -> None:
    try:
        client = make_client(ClientOptions(controller_url(options(host=host))))
    except BadInput:
        return
    assert client.base_url.port in (None, 443)
    assert client.base_url.path == "/"
    assert not client.base_url.userinfo
    client.close()


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("https://home.example.com", "https://home.example.com/"),
        (" HTTPS://home.example.com:8443/prisma ", "HTTPS://home.example.com:8443/prisma/"),
    ],
)
def test_the_address_of_a_tenant(url: str, used: str) -> None:
    assert tenant_url({"url": url}) == used
    make_client(ClientOptions(used)).close()


@pytest.mark.parametrize(
    "url",
    ["", "home.example.com", "http://home.example.com", "https://", "https:///x", "https://a b", "https://:443",
     "https://home.example.com:99999", "https://user:secret-word@home.example.com", "ftp://user:secret-word@x"],
)  # fmt: skip
def test_a_tenant_without_an_https_address_is_told_without_its_secrets(url: str) -> None:
    with pytest.raises(BadInput) as caught:
        make_client(ClientOptions(tenant_url({"url": url}))).close()
    assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize("host", ["user:secret-word@p1.example.com", "secret-word@p1", "https://u:secret-word@p1"])
def test_a_host_with_user_and_password_is_told_without_them(host: str) -> None:
    with pytest.raises(BadInput, match="printops_host holds a user name or password") as caught:
        controller_url(options(host=host))
    assert "secret-word" not in f"{caught.value} {caught.value.advice} {caught.value.details}"


@pytest.mark.parametrize("host", ["fe80::1%eth0", "[fe80::1%25eth0]"])
def test_an_address_with_a_zone_is_refused_in_words(host: str) -> None:
    with pytest.raises(BadInput, match="with a zone") as caught:
        controller_url(options(host=host))
    assert "without a zone" in caught.value.advice


@pytest.mark.parametrize("name", ["timeout", "deadline", "wait_timeout", "wait_sleep"])
@pytest.mark.parametrize("seconds", [math.nan, math.inf, 0.0, -1.0])
def test_a_time_that_has_no_end_or_no_length_is_refused(name: str, seconds: float) -> None:
    """What waits for .nan seconds (YAML) would wait for ever."""
    with pytest.raises(BadInput, match=rf"printops_{name}|onboard_{name}"):
        check_numbers("controller", {name: seconds})


def test_the_credentials_of_a_task() -> None:
    printer = options(username="admin", password="p")
    assert credential_of("controller", printer) == Credential("https://p1.example.com:443/", "admin", "p")
    tenant = {"url": "https://home.example.com", "client_id": "robot", "client_secret": "s"}
    assert credential_of("tenant", tenant) == Credential("https://home.example.com/", "robot", "s")
    site = {"url": "https://site.example.com", "username": "jo@example.com", "password": "p"}
    assert credential_of("site", site) == Credential("https://site.example.com/", "jo@example.com", "p")
    assert credential_of("site", {**site, "password": None, "session_file": "session.json"}) is None
    assert "secret" not in repr(Credential("https://x/", "a", "secret"))
