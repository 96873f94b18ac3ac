# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the profiles of the clouds take for a refused password."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.values import Answer
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile

FORM = '<form id="login" method="post"><input name="email"><input type="password" name="password"></form>'


@pytest.mark.parametrize("profile", ["cloud-administration-site", "prisma-home"])
@pytest.mark.parametrize(
    ("message", "refused"),
    [
        ("The e-mail address or the password is not correct.", True),
        ("Your account has been locked.", True),
        ("This page is no longer valid.", False),
        ("", False),
    ],
)
def test_a_page_of_an_ended_session_judges_no_password(profile: str, message: str, refused: bool) -> None:
    error = f'<p id="login-error">{message}</p>' if message else ""
    page = read_page(f"<title>Sign in</title>{error}{FORM}".encode(), "text/html", "https://login.example.com/login")
    sign_in = find_profile(profile, None, None).sign_in
    assert sign_in.signs["refused"].shows(Answer(200, page.data)) is refused
