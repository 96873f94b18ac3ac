# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes secrets out of results, in every quoting in which texts of an interface are printed. Knows no result's meaning.

A page that repeats a password reaches a message through HTML, ``repr`` or JSON, and with its blanks collapsed, so the
password itself would not be found there.
"""

from __future__ import annotations

import contextlib
import html
import importlib
import json
import typing as t
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote, urlsplit

REDACTED = "********"

SHORTEST_SECRET = 4
"""Characters of the shortest text that is redacted; a shorter one occurs by chance in most texts."""


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _in_address(text: str) -> str:
    """As urllib reads an address: without tabs and line breaks."""
    return text.replace("\t", "").replace("\r", "").replace("\n", "")


def _in_web_address(text: str) -> str:
    """As browsers read an address: with slashes, and quoted only where the URL Standard does."""
    return quote(_in_address(text).replace("\\", "/"), safe="!$%&'()*+,/:;=@[]|~^", errors="replace")


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _in_json_with_letters(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _in_ascii(text: str) -> str:
    return ascii(text)[1:-1]


def _in_repr(text: str) -> str:
    return repr(text)[1:-1]


def _in_repr_beside_an_apostrophe(text: str) -> str:
    return repr(f"{text}'")[1:-2]


def _in_repr_beside_both_quotes(text: str) -> str:
    return repr(f"{text}'\"")[1:-4]


def _in_html_with_numbers(text: str) -> str:
    return html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


_QUOTINGS: tuple[Callable[[str], str], ...] = (
    _collapsed,
    _in_address,
    lambda text: _in_address(text).replace("\\", "/"),
    _in_web_address,
    _in_json,
    _in_json_with_letters,
    _in_ascii,
    _in_repr,
    _in_repr_beside_an_apostrophe,
    _in_repr_beside_both_quotes,
    html.escape,
    _in_html_with_numbers,
    lambda text: html.escape(text, quote=False),
    lambda text: quote(text, safe="", errors="replace"),
    lambda text: quote(text, errors="replace"),
    lambda text: quote_plus(text, errors="replace"),
)


@lru_cache(maxsize=4096)
def spellings(secret: str) -> frozenset[str]:
    """Return ``secret`` in every quoting that texts are printed in, and quoted twice (a ``repr`` within JSON)."""
    once = {secret, *(quoting(secret) for quoting in _QUOTINGS)}
    twice = once | {quoting(text) for text in once for quoting in _QUOTINGS}
    return frozenset(text for text in twice if len(text) >= SHORTEST_SECRET)


def secret_texts(value: t.Any) -> Iterator[str]:
    """Find the texts in the value of an option: of a dictionary or a list, those of all its items."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from secret_texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from secret_texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def secrets_of(options: Mapping[str, t.Any], spec: Mapping[str, Mapping[str, t.Any]]) -> set[str]:
    """Return the secrets that options hold: what is marked so in their spec, and the password of any address."""
    hidden = {text for name, item in spec.items() if item.get("no_log") for text in secret_texts(options.get(name))}
    return {text for text in hidden if text} | set(_passwords_of_addresses(options.values()))


def _passwords_of_addresses(values: Iterable[t.Any]) -> Iterator[str]:
    """Yield the passwords of addresses, also in lists, and of those without a scheme, as a proxy may be given."""
    # Not in dictionaries: one is a profile, whose expressions may look like addresses.
    for value in (text for each in values for text in (each if isinstance(each, (list, tuple)) else [each])):
        if not isinstance(value, str) or "@" not in value:
            continue
        with contextlib.suppress(ValueError):  # no address
            password = urlsplit(value if "://" in value else f"//{value}").password
            if password:
                yield from (password, unquote(password))


def redacted(value: t.Any, secrets: Iterable[str], own_words: Container[str] = ()) -> t.Any:
    """Return ``value`` (plain data) with every spelling of ``secrets`` replaced by ``********``, in keys as well.

    A text or key that is exactly one of ``own_words`` stays: it stands there for its meaning, whatever a secret is.
    """
    return redactor(secrets, own_words)(value)


def redactor(secrets: Iterable[str], own_words: Container[str] = ()) -> Callable[[t.Any], t.Any]:
    """Return the function that does it, for many values: all spellings of a secret are looked up once."""
    sought = {text for secret in secrets if len(secret) >= SHORTEST_SECRET for text in spellings(secret)}
    if not sought:
        return lambda value: value
    register(sought)
    longest_first = sorted(sought, key=len, reverse=True)
    return lambda value: _redacted(value, longest_first, own_words)


def _redacted(value: t.Any, sought: list[str], own_words: Container[str]) -> t.Any:
    if isinstance(value, Mapping):
        return {_redacted(key, sought, own_words): _redacted(item, sought, own_words) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_redacted(item, sought, own_words) for item in value]
    if value is None or isinstance(value, bool) or (isinstance(value, str) and value in own_words):
        return value
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    cleaned = text
    for each in sought:
        if each in cleaned:
            cleaned = cleaned.replace(each, REDACTED)
    return value if cleaned == text else cleaned


def register(secrets: Iterable[str]) -> None:
    """Have Ansible mask ``secrets`` in all that this process prints, where it can (ansible-core 2.22 and later)."""
    if (known := _register_of_ansible()) is not None:
        known(secrets)


@lru_cache(maxsize=1)
def _register_of_ansible() -> Callable[[Iterable[str]], None] | None:
    """Return Ansible's own, None where it has none; asked once, as looking for what is not there takes long."""
    try:
        known = importlib.import_module("ansible.module_utils.secrets")
    except ImportError:
        return None
    return t.cast("Callable[[Iterable[str]], None]", known.register_secrets)
