# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments that the result of an ordinary module shows: no secret, also where it is short or a usual word."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import HIDDEN, _shown

SPEC: dict[str, dict[str, Any]] = {
    "host": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "http_proxy": {"type": "str", "no_log": False},
}


@pytest.mark.parametrize("password", ["admin", "abc", "internal"])
def test_a_secret_is_not_shown_whatever_it_is(password: str) -> None:
    given = {"host": "admin.example.com", "password": password, "http_proxy": None}
    assert _shown(given, SPEC) == {"host": "admin.example.com", "password": HIDDEN, "http_proxy": None}


def test_the_password_of_a_proxy_is_a_secret() -> None:
    shown = _shown({"password": None, "http_proxy": "http://jo:s3cr%25t@proxy.example.com:3128"}, SPEC)
    assert shown == {"password": None, "http_proxy": "http://jo:********@proxy.example.com:3128"}
