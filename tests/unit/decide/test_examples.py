# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an example holds in place of a site's own values, and what looks like it and is a real value."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.examples import example_host_in, is_placeholder


@pytest.mark.parametrize("text", ["change-me", "Change_Me", "changeme", " change me ", "<change-me>", "CHANGE.ME"])
def test_placeholders_of_passwords(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["", "changeme1", "do-not-change-me", "exchange-me", "change-men"])
def test_other_words_are_no_placeholders(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("press-01.example.com", "press-01.example.com"),
        ("PRESS-01.Example.Com.", "PRESS-01.Example.Com."),
        ("https://home.example.com/", "home.example.com"),
        ("https://user:word@home.example.org:8443/a?b#c", "home.example.org"),
        ("proxy.example.net:3128", "proxy.example.net"),
        ("printer.invalid", "printer.invalid"),
        ("print.example", "print.example"),
        ("automation@example.com", "example.com"),
        ("192.0.2.17", "192.0.2.17"),
        ("https://198.51.100.1/", "198.51.100.1"),
        ("203.0.113.255:443", "203.0.113.255"),
        ("2001:db8::17", "2001:db8::17"),
        ("https://[2001:db8::17]:443/", "[2001:db8::17]"),
    ],
)
def test_hosts_of_documentation_in_whatever_they_are_written(text: str, host: str) -> None:
    assert example_host_in(text) == host


@pytest.mark.parametrize(
    "text",
    [
        *("", "example", "north", "press-01", "press-01.our-example.com", "example.com.our-company.org", "localhost"),
        *("127.0.0.1", "10.0.0.1", "2001:db9::1", "::1", "printer.test", "a text about example.com"),
        *("/etc/example.com", "https://home.our-company.org/example.com"),
        *("automation@print-shop-1.example.com", "automation@our-company.org"),
    ],
)
def test_other_hosts_are_real_ones(text: str) -> None:
    assert example_host_in(text) is None
