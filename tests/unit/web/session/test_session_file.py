# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session files of both kinds: the cookies of one host, none that has expired, and no secret in a complaint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput, SignInRefused
from ansible_collections.printops.prisma.plugins.module_utils._web.http.cookies import Cookie
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session_file import read_session_file

HOST = "site.example.com"
NOW = 1_000_000.0


def read(tmp_path: Path, text: str, host: str = HOST) -> list[Cookie]:
    path = tmp_path / "session"
    path.write_text(text, encoding="utf-8")
    return read_session_file(str(path), host, clock=lambda: NOW)


def state(*cookies: dict[str, Any]) -> str:
    usual = {"name": "sid", "value": "s3cret-value", "domain": HOST, "path": "/", "expires": -1}
    return json.dumps({"cookies": [{**usual, **cookie} for cookie in cookies], "origins": []})


def line(domain: str, expires: float = 0, value: str = "s3cret-value", subdomains: str = "FALSE") -> str:
    return "\t".join([domain, subdomains, "/", "TRUE", str(expires), "sid", value])


def test_both_formats_give_the_same(tmp_path: Path) -> None:
    netscape = "# Netscape HTTP Cookie File\n\n#HttpOnly_" + line(HOST) + "\n"
    assert read(tmp_path, state({})) == read(tmp_path, netscape) == [Cookie("sid", "s3cret-value", HOST, "/", None)]


@pytest.mark.parametrize(
    ("domain", "is_taken"),
    [
        (HOST, True),
        (".example.com", True),
        ("example.com", False),
        ("login.example.com", False),
        (".site.example.com", True),
        ("evilsite.example.com", False),
        (".com.evil", False),
    ],
)
def test_only_cookies_that_a_browser_would_send_there(tmp_path: Path, domain: str, is_taken: bool) -> None:
    found = read(tmp_path, state({"name": "own"}, {"domain": domain, "name": "other"}))
    assert [cookie.name for cookie in found] == (["own", "other"] if is_taken else ["own"])


def test_netscape_with_subdomains(tmp_path: Path) -> None:
    assert read(tmp_path, line("example.com", subdomains="TRUE"))[0].domain == ".example.com"


def test_expired_cookies_are_left_out_and_nothing_else_left_is_an_ended_session(tmp_path: Path) -> None:
    found = read(tmp_path, state({"name": "old", "expires": NOW - 1}, {"name": "new", "expires": NOW + 1}))
    assert [cookie.name for cookie in found] == ["new"]
    with pytest.raises(SignInRefused, match="expired at 1970-01-12T13:46:39Z") as caught:
        read(tmp_path, state({"expires": NOW - 1}))
    assert "site_sign_in" in caught.value.advice


def test_a_file_of_another_host_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no cookie of other.example.com \(it holds 1 of other hosts\)"):
        read(tmp_path, state({}), "other.example.com")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"cookies": 1}',
        '{"cookies": [{"name": "s3cret-value"}]}',
        '{"cookies": [{"name": "a", "value": {"s3cret-value": 1}, "domain": "x"}]}',
        "s3cret-value\n",
        "a\tb\tc\td\ts3cret-value\tf\tg\n",
        "[" * 100_000,
    ],
)
def test_what_is_no_session_file_is_bad_input_without_its_text(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, text)
    assert "s3cret" not in str(caught.value)


def test_a_file_that_is_missing_or_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no session_file"):
        read_session_file(str(tmp_path / "none"), HOST)
    with pytest.raises(BadInput, match="cannot be read"):
        read_session_file(str(tmp_path), HOST)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="cannot be read"):
        read_session_file(str(tmp_path / "binary"), HOST)
