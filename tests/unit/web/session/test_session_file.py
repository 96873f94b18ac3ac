# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session files of both kinds: cookies of one host, web storage of one origin, their ends, no secret in a message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.contract import TENANT
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.module_utils._web.http.cookies import Cookie
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import Profile, build_profile
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session_file import (
    StoredSession,
    read_session_file,
)
from hypothesis import given
from hypothesis import strategies as st

HOST = "site.example.com"
ORIGIN = f"https://{HOST}"
NOW = 1_000_000_000.0
SECRET = "s3cret-value"
STORAGE = {"kind": "session", "key": "auth", "pick": "access_token", "expires": "expires_at"}


def profile(**session: Any) -> Profile:
    source = {
        "schema": 1,
        "id": "tiny-home",
        "interface": "tenant",
        "title": "Tiny",
        "evidence": {"kind": "simulated", "note": "a test"},
        "match": {"steps": [{"get": ""}], "signs": [{"when": "title", "points": 1}], "enough": 1},
        "sign_in": {"method": "session", "check": [{"get": "me"}], "signed_in": "me"},
        **({"session": session} if session else {}),
    }
    return build_profile(source, TENANT)


def read(tmp_path: Path, text: str, host: str = HOST, **session: Any) -> StoredSession:
    path = tmp_path / "session"
    path.write_text(text, encoding="utf-8")
    return read_session_file(str(path), f"https://{host}/app/", profile(**session), clock=lambda: NOW)


def state(*cookies: dict[str, Any], origins: Any = ()) -> str:
    usual = {"name": "sid", "value": SECRET, "domain": HOST, "path": "/", "expires": -1}
    return json.dumps({"cookies": [{**usual, **cookie} for cookie in cookies], "origins": origins})


def stored(kind: str = "session", key: str = "auth", origin: str = ORIGIN, **entry: Any) -> dict[str, Any]:
    data = {"access_token": SECRET, **entry}
    return {"origin": origin, f"{kind}Storage": [{"name": key, "value": json.dumps(data)}]}


def line(domain: str, expires: float = 0, value: str = SECRET, subdomains: str = "FALSE") -> str:
    return "\t".join([domain, subdomains, "/", "TRUE", str(expires), "sid", value])


# --- cookies ---


def test_both_formats_give_the_same(tmp_path: Path) -> None:
    netscape = "# Netscape HTTP Cookie File\n\n#HttpOnly_" + line(HOST) + "\n"
    expected = StoredSession((Cookie("sid", SECRET, HOST, "/", None),), None, None)
    assert read(tmp_path, state({})) == read(tmp_path, netscape) == expected
    assert SECRET not in repr(expected)
    assert expected.secrets() == {SECRET}


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
    found = read(tmp_path, state({"name": "own"}, {"domain": domain, "name": "other"})).cookies
    assert [cookie.name for cookie in found] == (["own", "other"] if is_taken else ["own"])


def test_netscape_with_subdomains(tmp_path: Path) -> None:
    assert read(tmp_path, line("example.com", subdomains="TRUE")).cookies[0].domain == ".example.com"


def test_a_session_of_cookies_ends_with_the_last_of_them(tmp_path: Path) -> None:
    found = read(tmp_path, state({"name": "old", "expires": NOW - 1}, {"name": "new", "expires": NOW + 60}))
    assert [cookie.name for cookie in found.cookies] == ["new"]
    assert found.ends == NOW + 60
    assert read(tmp_path, state({"expires": NOW - 1})).ends == NOW - 1


def test_without_a_time_in_one_of_them_nobody_knows_when_it_ends(tmp_path: Path) -> None:
    assert read(tmp_path, state({"name": "old", "expires": NOW - 1}, {"name": "session"})).ends is None


def test_it_ends_with_the_cookie_that_the_profile_names(tmp_path: Path) -> None:
    text = state({"name": "session", "expires": NOW + 60}, {"name": "consent", "expires": NOW + 9e6}, {"name": "x"})
    assert read(tmp_path, text, cookie="session").ends == NOW + 60
    assert read(tmp_path, text, cookie="x").ends is None
    with pytest.raises(BadInput, match=r"no cookie 'other' of site\.example\.com .*session\.cookie"):
        read(tmp_path, text, cookie="other")


def test_a_file_of_another_host_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no cookie of other.example.com \(it holds 1 of other hosts\)") as caught:
        read(tmp_path, state({}), "other.example.com")
    assert "printops.prisma.sign_in -e cloud=tenant" in caught.value.advice


# --- web storage ---


def test_the_token_of_web_storage_is_read_beside_the_cookies(tmp_path: Path) -> None:
    found = read(tmp_path, state({"value": "c00kie"}, origins=[stored(expires_at=NOW + 60)]), storage=STORAGE)
    assert (found.token, found.ends, len(found.cookies)) == (SECRET, NOW + 60, 1)
    assert found.secrets() == {SECRET, "c00kie"}
    without = read(tmp_path, state(origins=[stored(expires_at=NOW - 60)]), storage=STORAGE)
    assert (without.token, without.ends, without.cookies) == (SECRET, NOW - 60, ())


def test_the_earlier_end_counts_where_the_profile_names_cookie_and_storage(tmp_path: Path) -> None:
    text = state({"expires": NOW + 30}, origins=[stored(expires_at=NOW + 60)])
    assert read(tmp_path, text, storage=STORAGE, cookie="sid").ends == NOW + 30
    assert read(tmp_path, text, storage=STORAGE).ends == NOW + 60


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (stored(origin="https://other.example.com"), "has no entry 'auth'"),
        (stored(origin=f"http://{HOST}"), "has no entry 'auth'"),
        (stored(origin=f"{ORIGIN}:8443"), "has no entry 'auth'"),
        (stored(origin=f"https://{HOST}:port"), "has no entry 'auth'"),
        (stored(kind="local"), "has no entry 'auth'"),
        (stored(key="other"), "has no entry 'auth'"),
        (stored(access_token=None), "holds no token in 'auth'"),
        (stored(access_token={"a": SECRET}), "holds no token in 'auth'"),
        (stored(access_token=f"{SECRET}\r\nX-Injected: 1"), "holds no token in 'auth'"),
        ({"origin": ORIGIN, "sessionStorage": [{"name": "auth", "value": SECRET}]}, "holds no token in 'auth'"),
        ({"origin": ORIGIN, "sessionStorage": [{"name": "auth", "value": "[" * 100_000}]}, "holds no token in 'auth'"),
    ],
)
def test_a_file_without_the_token_says_what_is_missing(tmp_path: Path, entry: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        read(tmp_path, state({}, origins=[entry]), storage=STORAGE)
    assert SECRET not in str(caught.value)
    assert "with the web storage" in caught.value.advice


def test_the_default_port_may_be_written_or_not(tmp_path: Path) -> None:
    assert read(tmp_path, state(origins=[stored(origin=f"{ORIGIN}:443")]), storage=STORAGE).token == SECRET
    assert read(tmp_path, state(origins=[stored(origin=f"HTTPS://{HOST.upper()}/")]), storage=STORAGE).token == SECRET


def test_cookies_txt_has_no_web_storage(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has no entry 'auth' of the session storage"):
        read(tmp_path, line(HOST), storage=STORAGE)


# --- files that are none ---


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"cookies": 1}',
        '{"cookies": [{"name": "s3cret-value"}]}',
        '{"cookies": [{"name": "a", "value": {"s3cret-value": 1}, "domain": "x"}]}',
        '{"cookies": [], "origins": 1}',
        '{"cookies": [], "origins": ["s3cret-value"]}',
        '{"cookies": [], "origins": [{"s3cret-value": 1}]}',
        '{"cookies": [], "origins": [{"origin": "https://x", "localStorage": {"s3cret-value": 1}}]}',
        '{"cookies": [], "origins": [{"origin": "https://x", "localStorage": [{"name": "s3cret-value"}]}]}',
        '{"cookies": [], "origins": [{"origin": "https://x", "localStorage": [{"name": "s3cret", "value": 1}]}]}',
        '{"cookies": [], "origins": [{"origin": "https://x", "localStorage": [{"name": ["s3cret"], "value": "x"}]}]}',
        "s3cret-value\n",
        "a\tb\tc\td\ts3cret-value\tf\tg\n",
        "[" * 100_000,
    ],
)
def test_what_is_no_session_file_is_bad_input_without_its_text(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, text)
    assert "s3cret" not in str(caught.value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_ENTRY = st.fixed_dictionaries({"name": _JSON | st.just("auth"), "value": _JSON | _JSON.map(json.dumps)})
_STATES = st.fixed_dictionaries(
    {
        "cookies": _JSON
        | st.lists(
            st.fixed_dictionaries(
                {"name": st.text(), "value": st.text(), "domain": st.just(HOST) | st.text(), "expires": _JSON}
            )
        ),
        "origins": _JSON
        | st.lists(st.fixed_dictionaries({"origin": st.just(ORIGIN) | _JSON, "sessionStorage": st.lists(_ENTRY)})),
    }
)


@given(content=_STATES, uses_storage=st.booleans())
def test_any_storage_state_is_a_session_or_bad_input(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any], uses_storage: bool
) -> None:
    session: dict[str, Any] = {"storage": STORAGE} if uses_storage else {}
    try:
        found = read(tmp_path_factory.getbasetemp(), json.dumps(content), **session)
    except BadInput:
        return
    assert found.cookies or found.token or found.ends is not None
    assert all(cookie.is_of(HOST) for cookie in found.cookies)


def test_a_file_that_is_missing_or_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no session_file") as caught:
        read_session_file(str(tmp_path / "none"), ORIGIN, profile())
    assert caught.value.advice.startswith("Correct the path, which begins in the folder of the command if it is")
    with pytest.raises(BadInput, match="cannot be read"):
        read_session_file(str(tmp_path), ORIGIN, profile())
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="cannot be read"):
        read_session_file(str(tmp_path / "binary"), ORIGIN, profile())
