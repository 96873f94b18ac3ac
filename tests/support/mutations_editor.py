# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses of the Settings Editor as another release or a fault would change them, and the expected results."""

from __future__ import annotations

from .mutations import SAME, Edit, Mutation, cut, instead, pattern, swap

NOT_MEANT = "is not the expected page"
SHELL = "<title>PRISMAsync Settings Editor</title><div id=editor></div>"


def _of(read: str, page: str, what: str, edit: Edit, expected: str, media_type: str | None = None) -> Mutation:
    return Mutation("prismasync-settings-editor", f"read.{read}", page, what, edit, expected, media_type=media_type)


def _identity(what: str, edit: Edit, expected: str, media_type: str | None = None) -> Mutation:
    return _of("identity", "api/device", what, edit, expected, media_type)


def _ors(what: str, edit: Edit, expected: str) -> Mutation:
    return _of("ors", "api/remote-service", what, edit, expected)


def _cloud(read: str, what: str, edit: Edit, expected: str) -> Mutation:
    return _of(read, "api/connectivity/cloud-service", what, edit, expected)


SETTINGS_EDITOR = [
    _identity("renamed id", swap('"serialNumber"', '"serial"'), NOT_MEANT),
    _identity("other language", swap('"Seriennummer"', '"Numéro de série"'), SAME),
    _identity(
        "items in another order", pattern(r'(\{"id":"series".*?\}),(\{"id":"serialNumber".*?\})', r"\2,\1"), SAME
    ),
    _identity(
        "a serial number of two words", pattern(r'("id":"serialNumber".*?"value":")', r"\1No. "), "cannot be read"
    ),
    _identity("doubled item", pattern(r'(\{"id":"serialNumber".*?\})', r"\1,\1"), NOT_MEANT),
    _identity("cut off", cut('"dateTime"'), "is not the expected page"),
    _identity("the sign-in page", instead(SHELL), "session", "text/html"),
    _ors("another text", swap('"Verbunden"', '"Nicht verbunden seit gestern"'), "not contain the text"),
    _ors("renamed id", swap('"orsState"', '"state"'), "the field 'state' is missing"),
    _cloud("registration", "another text", swap('"Nicht registriert"', '"Wird registriert"'), "not contain the text"),
    _cloud("registration", "renamed key", swap('"registration"', '"cloud"'), "the field 'state' is missing"),
    _cloud("applications", "renamed key", swap('"applications"', '"apps"'), "there is no list of rows"),
    _cloud(
        "applications",
        "switch without a state",
        pattern(r'"enabled":\w+', '"on":true'),
        "the field 'enabled' is missing",
    ),
]
