# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is who: when two spellings of an address are one person, and which text is no address at all. Pure.

:func:`canonical` is injective on mailboxes: among addresses without an :func:`address_problem`, two have the same
identity only if they differ in the case of ASCII letters, in Google's dots, or in the spelling of an internationalised
domain (IDNA 2008, RFC 5890: its A-label counts). Whatever Unicode would fold, compose or map further is refused, as
two people could become one by it.

Source: domain.md, "The cloud service administration site". gmail.com and googlemail.com are **not** taken for the
same person: nothing public says that the site does [?]. Were they merged wrongly, somebody declared under one would
never be added, and somebody undeclared under the other would stay, both in silence; kept apart, the worst is one
addition and one removal that stand in the plan, with a warning. "+tags" are left alone for the same reason.
"""

from __future__ import annotations

import fnmatch
import functools
import itertools
import re
import typing as t
import unicodedata
from collections.abc import Iterable

from .domain_labels import a_label, u_label
from .text import ascii_lower

DOTLESS_DOMAINS = ("gmail.com", "googlemail.com")
"""Domains whose dots in the local part mean nothing; the site stores such addresses without them."""

LONGEST = 254
"""Characters of an address, its domain as A-labels (RFC 5321, 4.5.3.1.3)."""
LONGEST_LOCAL = 64

_IN_WORDS = {" ": "a space", "\t": "a tab", "\n": "a line break", "\r": "a line break", "\xa0": "a no-break space"}
_LOCAL_MARKS = ".!#&'+-_~"
"""What a Microsoft or Google account may have before the @ besides letters and digits."""
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Letters and marks that are shown as nothing (Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties.txt)."""
_LABEL = re.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_ORDINARY = re.compile(
    r"(?!.*[@.]xn--)(?=.{1,254}\Z)(?=.{1,64}@)[a-z0-9!#&'+_~-]+(\.[a-z0-9!#&'+_~-]+)*"
    r"@[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+"
)
"""A lower-case address in ASCII that needs no closer look: nearly all of them."""


def canonical(address: str, dotless_domains: Iterable[str] = DOTLESS_DOMAINS) -> str:
    """Return the identity behind a spelling: ASCII in lower case [I], A-labels, Google's without dots [F].

    It is meant for addresses without an :func:`address_problem`. It takes any text, and is idempotent.
    """
    local, at, domain = ascii_lower(address).rpartition("@")
    domain = _ascii_domain(domain)
    if at and is_dotless(domain, dotless_domains):
        local = local.replace(".", "")
    return f"{local}{at}{domain}"


def is_dotless(domain: str, dotless_domains: Iterable[str] = DOTLESS_DOMAINS) -> bool:
    """Whether one person of ``domain`` (A-labels) may be spelt with and without dots."""
    return domain in _ascii_domains(tuple(dotless_domains))


@functools.lru_cache(maxsize=64)
def _ascii_domains(domains: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_ascii_domain(ascii_lower(name)) for name in domains)


@functools.lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str:
    """Return a lower-case domain as A-labels; a label without one is left as it is."""
    if domain.isascii():
        return domain
    return ".".join(label if label.isascii() else a_label(label) or label for label in domain.split("."))


@functools.lru_cache(maxsize=4096)
def _unicode_domain(domain: str) -> str:
    if "xn--" not in domain:
        return domain
    return ".".join(u_label(label) or label for label in domain.split("."))


def address_problem(address: t.Any) -> str:
    """Return what is wrong with an address, declared or shown by a site, in words; "" if it is exactly one address.

    A Microsoft or Google account has a local part, one @, and a domain with a dot, no spaces, and no characters that
    cannot be seen. Outside ASCII only letters, digits and their marks are taken, in the one spelling that Unicode's
    case folding and NFKC leave as it is.
    """
    if not isinstance(address, str):
        return "is not a text"
    return _text_problem(address)


def domain_problem(name: t.Any) -> str:
    """Return what is wrong with a declared domain, in words; "" if it is one that an address can have."""
    return address_problem(f"x@{name}") if isinstance(name, str) else "is not a text"


@functools.lru_cache(maxsize=1 << 16)
def _text_problem(address: str) -> str:
    lower = ascii_lower(address)
    if _ORDINARY.fullmatch(lower):
        return ""
    if not address.strip():
        return "is empty"
    text = next((text for character in address if (text := _character_problem(character))), "")
    if text:
        return text
    if "@" not in address:
        return "has no @ and no domain"
    if address.count("@") > 1:
        return "has more than one @"
    local, _at, domain = lower.partition("@")
    if not local:
        return "has nothing before the @"
    if not domain:
        return "has no domain"
    if len(_ascii_domain(domain)) + len(local) >= LONGEST or len(local) > LONGEST_LOCAL:
        return "is longer than an address can be"
    return _local_problem(local) or _labels_problem(domain)


def _character_problem(character: str) -> str:
    if character in _IN_WORDS:
        return f"holds {_IN_WORDS[character]}"
    kind = unicodedata.category(character)[0]
    if kind in "CZ" or _INVISIBLE.match(character):
        return f"holds a character that cannot be seen (U+{ord(character):04X})"
    fits = (character.isalnum() or character in _LOCAL_MARKS + "@") if character.isascii() else kind in "LMN"
    return "" if fits else f"holds {character!r}"


def _local_problem(local: str) -> str:
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return "has a dot at the beginning or the end of its local part, or two in a row"
    plain = _folded(local)
    return "" if plain == local else f"can be taken for {plain!r} before the @: write it as the account has it"


def _folded(text: str) -> str:
    """Return what Unicode takes ``text`` for without regard to case and to compatible forms (NFKC and case folding)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _labels_problem(domain: str) -> str:
    labels = domain.split(".")
    if len(labels) < 2:
        return f"has the domain {domain!r}, which has no dot"
    if not all(labels):
        return f"has the domain {domain!r}, with a dot too many"
    if any(label.startswith("-") or label.endswith("-") for label in labels):
        return f"has the domain {domain!r}, with a part that begins or ends with a hyphen"
    for label in labels:
        if not label.isascii() and not a_label(label):
            return f"has {label!r} in its domain, which is no label of IDNA 2008: write it in lower case, or as xn--…"
        if label.isascii() and not _LABEL.fullmatch(label):
            return f"has {label!r} in its domain, which no domain can have"
        if label.startswith("xn--") and not u_label(label):
            return f"has {label!r} in its domain, which is no A-label of IDNA 2008"
    return ""


def outside_ascii(address: str) -> str:
    """Return the characters of an address that a Microsoft or Google account is not known to have [?].

    An A-label (``xn--…``) is read as what it stands for. A character that looks like a Latin letter makes somebody
    else of a person, and a reader does not see it.
    """
    local, at, domain = address.rpartition("@")
    return "".join(sorted({one for one in f"{local}{at}{_unicode_domain(ascii_lower(domain))}" if not one.isascii()}))


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


def matches(pattern: str, address: str, dotless_domains: Iterable[str] = DOTLESS_DOMAINS) -> bool:
    """Return whether a spelling of an address is meant by a pattern such as ``*@example.com``.

    ``*`` is any text and ``?`` any character; nothing else is special. Without the case of ASCII; the domain in either
    of its spellings; Google addresses with and without dots, wherever those of the pattern stand. In doubt it matches:
    the patterns protect.
    """
    dotless = is_dotless(_ascii_domain(ascii_lower(address).rpartition("@")[2]), dotless_domains)
    return any(_shell_match(one, text) for one in _spellings(pattern, dotless) for text in _spellings(address, dotless))


@functools.lru_cache(maxsize=1 << 14)
def _spellings(text: str, dotless: bool) -> frozenset[str]:
    """Return the spellings of an address or a pattern that are compared. ``dotless``: its dots may mean nothing."""
    local, at, domain = ascii_lower(text).rpartition("@")
    domains = {domain, _ascii_domain(domain), _unicode_domain(domain)}
    locals_ = {local, local.replace(".", "")} if dotless else {local}
    found = {f"{one}{at}{other}" for one in locals_ for other in domains}
    # without an @ a pattern does not say which dots are those of the domain
    return frozenset(found | {one.replace(".", "") for one in found} if dotless else found)


def _shell_match(pattern: str, text: str) -> bool:
    # fnmatch's expressions do not go back over a "*" once the text after it was found: no pattern takes long
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))


_WILDCARDS = re.compile(r"[*?]")
_STANDS_FOR = ({"*": "a", "?": "a"}, {"*": "", "?": "a"}, {"*": "a.a", "?": "a"}, {"*": "a", "?": "."})
"""What the wildcards of one part of a pattern are tried with: one that makes an address is enough."""


def pattern_problem(pattern: t.Any) -> str:
    """Return why a pattern can match no address at all, so that it would protect nobody; "" if it can match one."""
    if not isinstance(pattern, str):
        return "is not a text"
    if not pattern.strip():
        return "is empty"
    if any(character.isspace() for character in pattern):
        return "holds a space"
    if not _WILDCARDS.search(pattern):
        return address_problem(pattern)
    if "@" not in pattern and "*" not in pattern:
        return "has no @ and no *: no address can match"
    if re.search(r"xn--[^.@]*[*?]", ascii_lower(pattern)):
        return "has a wildcard within xn--…: write that part of the domain without one, or in Unicode"
    problems = [_text_problem(text) for text in _examples(pattern)]
    return "" if "" in problems else f"can match nobody: an address that it would match {problems[-1]}"


def _examples(pattern: str) -> Iterable[str]:
    """Return addresses that a pattern would match, the most likely one last."""
    if "@" in pattern:
        local, _at, domain = pattern.rpartition("@")
        parts = itertools.product(_STANDS_FOR, _STANDS_FOR)
        return [f"{_filled(local, one)}@{_filled(domain, other)}" for one, other in parts][::-1]
    # without an @ one of its wildcards stands for it
    found = []
    for star in re.finditer(r"\*", pattern):
        before, after = pattern[: star.start()], pattern[star.end() :]
        found += [
            f"{_filled(before, one)}{one['*']}@{other['*']}{_filled(after, other)}"
            for one, other in itertools.product(_STANDS_FOR, _STANDS_FOR)
        ]
    return found


def _filled(text: str, by: dict[str, str]) -> str:
    return _WILDCARDS.sub(lambda found: by[found.group()], text)
