# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that have no address: one wording, whoever asks for the name."""

from __future__ import annotations

import socket
from typing import Any, NoReturn
from unittest.mock import Mock

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.network import NetworkOutcome
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import (
    ADVICE,
    UNKNOWN_HOST_ADVICE,
    Outcome,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.responsible import Responsible, responsible
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import PrismaError, UnknownHost, Unreachable
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import PURPOSE, Purpose, make_client
from ansible_collections.printops.prisma.plugins.module_utils._web.http.host_names import NameNotFound, addresses_of
from ansible_collections.printops.prisma.plugins.module_utils._web.http.options import ClientOptions
from ansible_collections.printops.prisma.plugins.module_utils._web.http.reach import reach
from ansible_collections.printops.prisma.plugins.plugin_utils._certificate import fetch_certificate

REASONS = [
    (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "there is no such host name"),
    (socket.gaierror(socket.EAI_FAIL, "Non-recoverable failure"), "there is no such host name"),
    (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "no DNS server answers for this host name"),
    (UnicodeError("label empty or too long"), "this cannot be a host name"),
]


@pytest.fixture(params=REASONS, ids=lambda reason: reason[1])
def why(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have every name be looked up in vain, and return what is to be said of it."""
    error, text = request.param

    def refuse(*_given: Any, **_options: Any) -> NoReturn:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return str(text)


def test_the_client_the_certificate_and_the_check_of_a_network_say_the_same(why: str) -> None:
    options = ClientOptions("https://press-01.example.com/", retries=0)
    with make_client(options) as client, pytest.raises(UnknownHost) as of_client:
        client.get("", extensions={PURPOSE: Purpose.READ})
    with pytest.raises(UnknownHost) as of_certificate:
        fetch_certificate("press-01.example.com", 443, None, 5)
    for caught in (of_client, of_certificate):
        assert (
            str(caught.value).rstrip(".").endswith(f"press-01.example.com{_port(caught.value)} cannot be found: {why}")
        )
        assert caught.value.advice == UNKNOWN_HOST_ADVICE
    checked = reach(options)
    assert (checked.outcome, checked.reason) == (NetworkOutcome.UNKNOWN_NAME, why)


def _port(error: PrismaError) -> str:
    return "" if str(error).startswith("https") else ":443"


def test_nobody_is_sent_to_a_printer_whose_name_was_not_found() -> None:
    assert responsible("unreachable", UNKNOWN_HOST_ADVICE) is Responsible.OPERATOR
    assert responsible("unreachable", ADVICE[Outcome.UNREACHABLE]) is Responsible.ON_SITE


def test_an_address_needs_no_name() -> None:
    assert addresses_of("127.0.0.1", 443) == ("127.0.0.1",)
    with pytest.raises(NameNotFound):
        addresses_of("press..example.com", 443)


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_an_ipv6_address_is_one_with_and_without_brackets(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setattr(socket, "create_connection", Mock(side_effect=ConnectionRefusedError))
    with pytest.raises(Unreachable, match=r"^\[::1\]:443 cannot be reached"):
        fetch_certificate(host, 443, None, 5)
