# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is who: when two spellings of an address are one person, and which text is no address at all. Pure.

Source: domain.md, "The cloud service administration site". gmail.com and googlemail.com are **not** taken for the
same person: nothing public says that the site does [?]. Were they merged wrongly, somebody declared under one would
never be added, and somebody undeclared under the other would stay, both in silence; kept apart, the worst is one
addition and one removal that stand in the plan, with a warning. "+tags" are left alone for the same reason.
"""

from __future__ import annotations

import fnmatch
import typing as t
import unicodedata
from collections.abc import Iterable

DOTLESS_DOMAINS = ("gmail.com", "googlemail.com")
"""Domains whose dots in the local part mean nothing; the site stores such addresses without them."""

LONGEST = 254
"""Characters of an address (RFC 5321, 4.5.3.1.3)."""
LONGEST_LOCAL = 64

_IN_WORDS = {" ": "a space", "\t": "a tab", "\n": "a line break", "\r": "a line break", "\xa0": "a no-break space"}
_FORBIDDEN = '<>()[],;:\\"|*?'
"""Never part of a Microsoft or Google account's address, but of what is copied from a mail program or a table."""


def canonical(address: str, dotless_domains: Iterable[str] = DOTLESS_DOMAINS) -> str:
    """Return the identity behind a spelling: compared without case [I], Google's without dots in the local part [F].

    It is meant for addresses without an :func:`address_problem`, but takes any text, and is idempotent.
    """
    folded = _folded(address)
    local, at, domain = folded.rpartition("@")
    if at and domain in {name.casefold() for name in dotless_domains}:
        local = local.replace(".", "")
    return f"{local}{at}{domain}"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text.strip()).casefold())


def address_problem(address: t.Any) -> str:
    """Return what is wrong with a declared address, in words; "" if nothing is.

    Deliberately no more than can be told for certain: a Microsoft or Google account has a local part, one @, and a
    domain with a dot, and no spaces and no characters that cannot be seen.
    """
    if not isinstance(address, str):
        return "is not a text"
    if not address.strip():
        return "is empty"
    for character in address:
        if character in _IN_WORDS:
            return f"holds {_IN_WORDS[character]}"
        if unicodedata.category(character)[0] in "CZ":
            return f"holds a character that cannot be seen (U+{ord(character):04X})"
        if character in _FORBIDDEN:
            return f"holds {character!r}"
    if "@" not in address:
        return "has no @ and no domain"
    if address.count("@") > 1:
        return "has more than one @"
    local, _at, domain = address.partition("@")
    if not local:
        return "has nothing before the @"
    if not domain:
        return "has no domain"
    if len(address) > LONGEST or len(local) > LONGEST_LOCAL:
        return "is longer than an address can be"
    return _dots_problem(local, domain)


def _dots_problem(local: str, domain: str) -> str:
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return "has a dot at the beginning or the end of its local part, or two in a row"
    labels = domain.split(".")
    if len(labels) < 2:
        return f"has the domain {domain!r}, which has no dot"
    if not all(labels):
        return f"has the domain {domain!r}, with a dot too many"
    if any(label.startswith("-") or label.endswith("-") for label in labels):
        return f"has the domain {domain!r}, with a part that begins or ends with a hyphen"
    return ""


def outside_ascii(address: str) -> str:
    """Return the characters of an address that a Microsoft or Google account is not known to have [?].

    One that looks like a Latin letter makes somebody else of a person, and a reader does not see it.
    """
    return "".join(sorted({character for character in address if ord(character) > 126}))


class Spelling(t.NamedTuple):
    """An address as declared, and where: ``line`` (from 1, None if unknown) and the name of the list."""

    address: str
    line: int | None = None
    place: str = ""


def doubles(
    spellings: Iterable[Spelling], dotless_domains: Iterable[str] = DOTLESS_DOMAINS
) -> list[tuple[Spelling, Spelling]]:
    """Return pairs of declared spellings that are one person: the first one, and each later one.

    Within one place any second one counts; in two places (administrators and users) only another spelling does, since
    one person may be in both, and should then be written in one way.
    """
    domains = tuple(dotless_domains)
    seen: dict[str, list[Spelling]] = {}
    found = []
    for spelling in spellings:
        earlier = seen.setdefault(canonical(spelling.address, domains), [])
        clash = next((one for one in earlier if _clash(one, spelling)), None)
        if clash is not None:
            found.append((clash, spelling))
        earlier.append(spelling)
    return found


def _clash(one: Spelling, other: Spelling) -> bool:
    return one.place == other.place or one.address != other.address


def matches(pattern: str, identity: str, dotless_domains: Iterable[str] = DOTLESS_DOMAINS) -> bool:
    """Return whether a canonical identity is meant by a pattern such as ``*@example.com``.

    ``*`` is any text and ``?`` any character; nothing else is special. Without case; for Google addresses also without
    the dots of the pattern's local part. In doubt it matches: the patterns protect.
    """
    folded = _folded(pattern)
    if _shell_match(folded, identity):
        return True
    if identity.rpartition("@")[2] not in {name.casefold() for name in dotless_domains}:
        return False
    local, at, domain = folded.rpartition("@")
    return bool(at) and _shell_match(f"{local.replace('.', '')}@{domain}", identity)


def _shell_match(pattern: str, text: str) -> bool:
    # fnmatch's expressions do not go back over a "*" once the text after it was found: no pattern takes long
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))


def pattern_problem(pattern: t.Any) -> str:
    """Return why a pattern could never protect anybody, or would always protect everybody; "" if it is sensible."""
    if not isinstance(pattern, str):
        return "is not a text"
    if not pattern.strip():
        return "is empty"
    if any(character.isspace() for character in pattern.strip()):
        return "holds a space"
    if "*" not in pattern and "?" not in pattern:
        return address_problem(pattern.strip())
    if "@" not in pattern and "*" not in pattern:
        return "has no @ and no *: no address can match"
    if pattern.count("@") > 1:
        return "has more than one @"
    return ""
