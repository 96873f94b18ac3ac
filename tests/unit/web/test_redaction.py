# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An echoed secret is found in every quoting in which a text of an interface is printed."""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, quote_plus, urljoin

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide import findings, onboarding, situation
from ansible_collections.printops.prisma.plugins.module_utils._decide.situation import STEPS
from ansible_collections.printops.prisma.plugins.module_utils._prisma.own_words import OWN_WORDS
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import run_redacted
from ansible_collections.printops.prisma.plugins.module_utils._web import redaction
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import SignInRefused
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from ansible_collections.printops.prisma.plugins.module_utils._web.page.summary import summary
from ansible_collections.printops.prisma.plugins.module_utils._web.redaction import REDACTED, redacted, secrets_of
from hypothesis import given
from hypothesis import strategies as st

SECRETS = [
    "plainsecret99",
    "pa\\ss-word9",
    "it's-a\"pw9",
    "two  blanks9",
    "tab\tpw-secret",
    "\u00dcn\u00efcode-pw9",
    "a<b>&c-pw99",
    "line\nbreak-pw9",
    "100%-sure+pw9",
    "ends-with\\",
    '"quoted"-pw9',
]
QUOTINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "repr": repr,
    "repr beside an apostrophe": lambda text: repr(f"it's {text}"),
    "repr beside both quotes": lambda text: repr(f"it's \" {text}"),
    "repr of a list": lambda text: repr([text, {text: 1}]),
    "ascii": ascii,
    "json": json.dumps,
    "json with letters": lambda text: json.dumps(text, ensure_ascii=False),
    "html": html.escape,
    "html with apostrophes": lambda text: html.escape(text, quote=False),
    "address": lambda text: quote(text, safe=""),
    "path": quote,
    "form": quote_plus,
    "joined address": lambda text: urljoin("https://p1.example.com/", f"/{text}"),
    "address with slashes": lambda text: text.replace("\\", "/"),
    "address of the URL Standard": lambda text: quote(text.replace("\\", "/"), safe="!$%&'()*+,/:;=@[]|~^"),
    "collapsed": lambda text: " ".join(text.split()),
    "repr in json": lambda text: json.dumps(repr(text)),
    "json in json": lambda text: json.dumps(json.dumps(text)),
    "html in repr": lambda text: repr(html.escape(text)),
    "collapsed in repr": lambda text: repr(" ".join(text.split())),
}


def bare(text: str) -> str:
    """Without what quoting and collapsing change."""
    return "".join(character for character in text if character not in "\\\"' \t\n")


@pytest.mark.parametrize("quoting", QUOTINGS)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_found_in_every_quoting(secret: str, quoting: str) -> None:
    text = redacted(f"before {QUOTINGS[quoting](secret)} after", [secret])
    assert REDACTED in text
    assert text.startswith("before ") and text.endswith(" after")
    assert bare(secret) not in bare(text)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_page_that_repeats_the_password_does_not_bring_it_into_a_result(secret: str) -> None:
    shown = html.escape(secret)
    body = f"<title>{shown}</title><h1>{shown}</h1><p class=e>{shown}</p><form name='{shown}' action='/{shown}'></form>"
    page = read_page(body.encode(), "text/html; charset=utf-8", "https://p1.example.com/login")

    def refuse() -> dict[str, Any]:
        found = summary(page)
        raise SignInRefused(f"refused: {found} {page.data!r}", details={"page": found, "text": json.dumps(page.data)})

    result = run_redacted("p1", {secret}, refuse)
    assert result["outcome"] == "auth_failed"
    assert bare(secret) not in bare(str(result))


@given(st.text(min_size=8, max_size=30).filter(lambda text: len(bare(text)) >= 6 and "*" not in text))
def test_any_secret_is_found_in_what_python_and_json_print(secret: str) -> None:
    for printed in (secret, repr(secret), json.dumps(secret), html.escape(secret), " ".join(secret.split())):
        if len(printed.strip("'\"")) >= 4:
            assert secret not in redacted(f"<{printed}>", [secret])
            assert REDACTED in redacted(f"<{printed}>", [secret])


@pytest.mark.parametrize("secret", ["password", "registered", "state", "home", "auth_failed", "link", "admin", "fail"])
def test_a_secret_that_is_one_of_our_own_words_hides_none_of_them(secret: str) -> None:
    registration = {"state": "registered", "service": "home", "method": "link", "text": f"Hello {secret}"}
    result = {"failed": True, "outcome": "password_change", "registration": registration, "home_linked": {}}
    shown = run_redacted("p1", {secret}, lambda: result)
    assert shown == {**result, "registration": {**registration, "text": f"Hello {REDACTED}"}}


def test_every_word_that_decides_is_known_as_one_of_our_own() -> None:
    decided = [Path(str(module.__file__)).read_text(encoding="utf-8") for module in (situation, onboarding, findings)]
    keys = {key for text in decided for key in re.findall(r'(?:\bget\(|\w\[|\]\[)"(\w+)"', text)}
    assert len(keys) > 30
    assert keys - set(STEPS) - OWN_WORDS == set()


@pytest.mark.parametrize(
    ("given", "password"),
    [
        ("http://me:made-up%20word@proxy.example.com:3128", {"made-up%20word", "made-up word"}),
        ("me:made-up-word@proxy.example.com:3128", {"made-up-word"}),
        ("me:made-up-word@[2001:db8::7]:3128", {"made-up-word"}),
        ("proxy.example.com:3128", set()),
        ("me@example.com", set()),
        ("[2001:db8::7", set()),
    ],
)
def test_the_password_in_an_address_is_a_secret_with_and_without_a_scheme(given: str, password: set[str]) -> None:
    assert secrets_of({"http_proxy": given, "retries": 3}, {}) == password


def test_plain_data_keeps_its_form() -> None:
    value = {"n": 1, "on": True, "none": None, "list": ["a", ("b",)], "deep": {"secret-word": "x secret-word y"}}
    assert redacted(value, ["secret-word"]) == {
        "n": 1,
        "on": True,
        "none": None,
        "list": ["a", ["b"]],
        "deep": {REDACTED: f"x {REDACTED} y"},
    }
    assert redacted(12345678, ["12345678"]) == REDACTED
    assert redacted(value, []) is value


def test_the_longer_of_two_secrets_is_taken_first() -> None:
    assert redacted("abcd-and-more", {"abcd", "abcd-and-more"}) == REDACTED


def test_the_password_of_an_address_is_a_secret_also_in_a_list() -> None:
    options = {"proxy": "joe:one-word@proxy.example.com", "hosts": ["a", "https://joe:two-words@home.example.com/"]}
    profile = {"profile": {"pick": "{id: id-of-it, role: @}"}}
    assert secrets_of({**options, **profile}, {}) == {"one-word", "two-words"}


def test_a_short_text_is_no_secret() -> None:
    assert redacted("an example", ["ex"]) == "an example"


def test_secrets_of_a_session_are_known_when_something_unexpected_is_raised() -> None:
    secrets: set[str] = set()

    def fail() -> dict[str, Any]:
        try:
            raise KeyError("session-cookie-1")
        finally:
            secrets.add("session-cookie-1")

    result = run_redacted("p1", secrets, fail)
    assert "a defect of this collection: KeyError" in result["msg"]
    assert "session-cookie-1" not in str(result)


def test_ansible_masks_them_too_where_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    known: set[str] = set()
    module: Any = SimpleNamespace(register_secrets=known.update)
    monkeypatch.setitem(sys.modules, "ansible.module_utils.secrets", module)
    redaction._register_of_ansible.cache_clear()
    redacted("x", ["pa\\ss-word9"])
    redaction._register_of_ansible.cache_clear()
    assert {"pa\\ss-word9", "pa\\\\ss-word9"} <= known
