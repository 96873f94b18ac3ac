# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token in web storage: which entry, which part of it, and when it expires."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.build import _storage
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.expression import ProfileProblem
from ansible_collections.printops.prisma.plugins.module_utils._web.session.expiry import (
    epoch_seconds,
    iso_time,
    jwt_expiry,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.web_storage import StoredToken, find_token
from hypothesis import given
from hypothesis import strategies as st


def jwt(claims: Any) -> str:
    """A token without a valid signature, which nobody here verifies."""
    parts = [json.dumps({"alg": "RS256"}), json.dumps(claims), "signature"]
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


def find(entries: dict[str, Any], **storage: Any) -> StoredToken | None:
    made = _storage({"session": {"storage": {"kind": "local", **storage}}})
    assert made is not None
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in entries.items()}
    return find_token(texts, made)


def test_the_whole_entry_is_the_token() -> None:
    assert find({"token": "abc.def", "tokens": "other"}, key="token") == StoredToken("abc.def", None)


def test_a_token_that_the_script_has_quoted() -> None:
    assert find({"token": json.dumps("abc")}, key="token", pick="@") == StoredToken("abc", None)


def test_a_part_of_an_entry_as_single_page_applications_store_it() -> None:
    entry = {"secret": "abc", "expiresOn": "1700000000", "tokenType": "Bearer"}
    key = "1f2-3a.4b-login.example.com-accesstoken-9c-tenant-scope--"
    storage = {"key_pattern": "-accesstoken-", "pick": "secret", "expires": "expiresOn"}
    assert find({key: entry, "other": entry}, **storage) == StoredToken("abc", 1_700_000_000.0)


def test_of_several_the_one_that_expires_last() -> None:
    entries = {f"token-{end}": {"t": f"until-{end}", "e": end} for end in (2_000_000_100, 2_000_000_300, 2_000_000_200)}
    storage = {"key_pattern": "^token-", "pick": "t", "expires": "e"}
    found = find({**entries, "token-x": {"e": 9}}, **storage)
    assert found == StoredToken("until-2000000300", 2_000_000_300.0)


def test_a_jwt_says_itself_when_it_expires() -> None:
    token = jwt({"exp": 1_700_000_000, "sub": "jo"})
    assert find({"token": token}, key="token") == StoredToken(token, 1_700_000_000.0)
    assert find({"token": {"t": token, "e": 1_600_000_000}}, key="token", pick="t", expires="e") == StoredToken(
        token, 1_600_000_000.0
    )


@pytest.mark.parametrize(
    "token", ["", "a", "a.b", "a.b.c.d", "a.!.c", "a..c", jwt([]), jwt({}), jwt({"exp": "soon"}), jwt({"exp": True})]
)
def test_any_other_token_does_not(token: str) -> None:
    assert jwt_expiry(token) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (1_700_000_000, 1_700_000_000.0),
        ("1700000000", 1_700_000_000.0),
        (1_700_000_000_123, 1_700_000_000.123),
        (0, None),
        (-1, None),
        (1e300, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        (True, None),
        (None, None),
        ("2026-11-26", None),
        ([1], None),
    ],
)
def test_times_as_pages_store_them(value: Any, seconds: float | None) -> None:
    assert epoch_seconds(value) == seconds


@given(st.text())
def test_no_token_breaks_it(text: str) -> None:
    assert jwt_expiry(text) is None or "." in text


@given(st.floats(min_value=0, allow_nan=False))
def test_every_end_can_be_shown(seconds: float) -> None:
    assert iso_time(seconds).endswith("Z")


def test_a_wrong_pattern_or_expression_is_named_by_its_place() -> None:
    with pytest.raises(ProfileProblem) as caught:
        find({}, key_pattern="(")
    assert caught.value.path == ("session", "storage", "key_pattern")
    with pytest.raises(ProfileProblem) as caught:
        find({}, key="a", pick="[")
    assert caught.value.path == ("session", "storage", "pick")
