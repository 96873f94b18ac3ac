# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which registration addresses may be used, and that none is ever shown."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.address import (
    LONGEST,
    fingerprint,
    host_of,
    hosts_of,
    refusal,
)
from hypothesis import example, given
from hypothesis import strategies as st

HOSTS = {"home.example.com", "Cloud.Example.org"}
CODE = "kJ8x-capability-Q2z"


@pytest.mark.parametrize(
    "address",
    [
        f"https://home.example.com/register/{CODE}",
        f"HTTPS://HOME.example.COM/register/{CODE}",
        f"https://home.example.com:8443/register/{CODE}?a=b#c",
        f"https://cloud.example.org/{CODE}",
    ],
)
def test_https_to_a_host_on_the_list_may_be_used(address: str) -> None:
    assert refusal(address, HOSTS) == ""


@pytest.mark.parametrize(
    "address",
    [
        "",
        CODE,
        f"/register/{CODE}",
        f"//home.example.com/{CODE}",
        f"http://home.example.com/{CODE}",
        f"ftp://home.example.com/{CODE}",
        f"javascript:{CODE}",
        f"https:home.example.com/{CODE}",
        f"https:///home.example.com/{CODE}",
        f"https://evil.example.net/{CODE}",
        f"https://home.example.com.evil.example.net/{CODE}",
        f"https://evilhome.example.com/{CODE}",
        f"https://example.com/home.example.com/{CODE}",
        f"https://evil.example.net#@home.example.com/{CODE}",
        f"https://evil.example.net?@home.example.com/{CODE}",
        f"https://evil.example.net\\@home.example.com/{CODE}",
        f"https://evil.example.net\\.home.example.com/{CODE}",
        f"https://home.example.com@evil.example.net/{CODE}",
        f"https://user@home.example.com/{CODE}",
        f"https://user:secret@home.example.com/{CODE}",
        f"https://:@home.example.com/{CODE}",
        f"https://@home.example.com/{CODE}",
        f"https://home.example.com./{CODE}",
        f"https://[::1/{CODE}",
        f"https://[::1]/{CODE}",
        f"https://home.example.com:99999/{CODE}",
        f"https://home.example.com:port/{CODE}",
        f"https://home\N{FULLWIDTH FULL STOP}example.com\N{FULLWIDTH SOLIDUS}/{CODE}",
        f"https://home.example.com/{CODE}\nhttps://evil.example.net/",
        f"https://home.exam\nple.com/{CODE}",
        f"https://home.exam\tple.com/{CODE}",
        f" https://home.example.com/{CODE}",
        f"https://home.example.com/{CODE} ",
        f"https://home.example.com/\0{CODE}",
        f"https://home.example.com\\{CODE}",
        f"https://home.example.com/\u202e{CODE}",
        f"https://home.example.com/\u200b{CODE}",
        f"https://home.example.com/\u00a0{CODE}",
        f"https://home.example.com/\x1b[31m{CODE}",
        f"https://home.example.com/\x9b31m{CODE}",
        f"https://home.example.com/\udcff{CODE}",
        f"https://h\u043eme.example.com/{CODE}",
        f"https://home.example.com%2eevil.example.net/{CODE}",
        f"https://home.example.com/{CODE}" + "a" * LONGEST,
    ],
)
def test_anything_else_is_refused_and_not_shown(address: str) -> None:
    why = refusal(address, HOSTS)
    assert why
    assert CODE not in why
    assert "secret" not in why


def test_the_host_is_named_and_so_are_those_on_the_list() -> None:
    why = refusal(f"https://evil.example.net/{CODE}", HOSTS)
    assert "'evil.example.net'" in why
    assert "Cloud.Example.org, home.example.com" in why


def test_an_empty_host_is_on_no_list() -> None:
    assert refusal(f"https:///{CODE}", {"", "home.example.com"})
    assert refusal(f"https://home.example.com/{CODE}", set())


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=40))
@example("https", "home.example.com", "//[")
def test_no_text_whatever_is_an_error_or_shown(scheme: str, host: str, path: str) -> None:
    for address in (scheme + host + path, f"{scheme}://{host}/{CODE}", f"https://{host}/{CODE}", f"{path}{CODE}"):
        why = refusal(address, HOSTS)
        assert CODE not in why


@given(st.text(max_size=30))
def test_what_stands_before_the_host_never_makes_another_one_good(before: str) -> None:
    address = f"https://{before}evil.example.net/{CODE}"
    assert (
        refusal(address, HOSTS) or before.startswith(tuple(f"home.example.com{end}" for end in "/?#:")) or "/" in before
    )


def test_a_fingerprint_tells_two_addresses_apart_and_shows_neither() -> None:
    one, other = (fingerprint(f"https://home.example.com/{code}") for code in (CODE, CODE + "x"))
    assert one != other
    assert len(one) == 12
    assert one == fingerprint(f"https://home.example.com/{CODE}")


def test_the_host_of_an_address_that_is_no_address_cannot_steer_a_terminal() -> None:
    why = refusal(f"https://{'evil' * 400}/{CODE}", HOSTS)
    assert len(why) < 300
    assert why.isprintable()


def test_hosts_come_from_names_and_urls() -> None:
    urls = ["https://Home.example.com:8443/x", None, "", "https://[::1]:8443/", "https://[bad", "no-url"]
    assert hosts_of([" Cloud.Example.org "], urls) == {"cloud.example.org", "home.example.com", "::1"}
    assert hosts_of(["[::1]", "::1"], []) == {"::1"}
    assert host_of("https://HOME.example.com:8443/x") == "home.example.com"


@pytest.mark.parametrize(
    "name", ["https://home.example.com", "home.example.com:443", "home.example.com/", "*.example.com", "a b", "u@h", ""]
)
def test_a_name_that_is_no_host_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not the name or address of a host"):
        hosts_of([name], [])
