# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is who on a site, and which text is no address: Google's dots, case, tags, IDNA, Unicode, doubles, patterns."""

from __future__ import annotations

import fnmatch
import functools
import time
import unicodedata
from collections.abc import Callable

import idna
import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.identity import (
    Spelling,
    address_problem,
    canonical,
    doubles,
    matches,
    pattern_problem,
)
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John.Doe@gmail.com", "johndoe@gmail.com"),
        ("j.o.h.n@GoogleMail.com", "john@googlemail.com"),
        ("Anna@Example.COM", "anna@example.com"),
        ("anna@b\u00fccher.example", "Anna@XN--bcher-kva.example"),
        ("anna@mail.stra\u00dfe.example", "anna@mail.xn--strae-oqa.example"),
    ],
)
def test_two_spellings_of_one_person(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("john.doe@example.com", "johndoe@example.com"),
        ("john@gmail.com", "john@googlemail.com"),  # not merged: nothing public says that the site does
        ("john+print@gmail.com", "john@gmail.com"),
        ("john@gmail.com.example.com", "jo.hn@gmail.com.example.com"),
        ("john@sub.gmail.com", "jo.hn@sub.gmail.com"),
        ("anna@strasse.example", "anna@stra\u00dfe.example"),  # IDNA 2008; 2003 took them for one
        ("jo@example.com", "j\u043e@example.com"),  # a Cyrillic letter
    ],
)
def test_two_people(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_domains_without_dots_can_be_chosen() -> None:
    assert canonical("john.doe@example.com", ("Example.com",)) == "johndoe@example.com"
    assert canonical("john.doe@gmail.com", ()) == "john.doe@gmail.com"


@given(st.text() | st.emails() | st.from_regex(r"\A[a-zA-Z.+]{0,8}@(gmail|GOOGLEMAIL|example)\.com\Z"))
def test_an_identity_is_its_own_identity(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@given(st.emails().filter(str.isascii))
def test_no_case_of_an_address_makes_another_person(address: str) -> None:
    assert canonical(address.upper()) == canonical(address.lower())


LOOK_ALIKE = (
    "aAkK\u212asS\u017f\u00df\u1e9ei\u0130\u0131\ufb01\u00fc\u00dc\u03c3\u03c2\u0430.-"
    "\u00e5\u212b\uff41\u2024\u3002\u0301\u00ad\u034f\u0660"
)
OWN_LETTERS = frozenset("\u00df\u1e9e\u03c2\u0131\u200c\u200d")
"""What capitals or IDNA 2003 turn into another letter, and IDNA 2008 keeps: two domains, as in test_two_people."""

letters = st.sampled_from(LOOK_ALIKE) | st.characters(codec="utf-8")
one_address = st.builds(
    "{}@{}.{}".format,
    st.text(letters, min_size=1, max_size=4),
    st.text(letters, min_size=1, max_size=4)
    | st.sampled_from(["gmail", "xn--bcher-kva", "b\u00fccher", "xn--strae-oqa"]),
    st.sampled_from(["example", "com"]),
)


@st.composite
def two_spellings(draw: st.DrawFn) -> tuple[str, str]:
    """An address, and what one of many ways to fold, map or compose makes of it."""
    address = draw(one_address)
    local, _at, domain = address.rpartition("@")
    ways: list[Callable[[], str]] = [
        address.upper,
        address.lower,
        address.casefold,
        *(functools.partial(unicodedata.normalize, form, address) for form in ("NFC", "NFD", "NFKC", "NFKD")),
        lambda: unicodedata.normalize("NFKC", address.casefold()),
        lambda: f"{local}@{idna.encode(domain, uts46=True).decode()}",
        lambda: f"{local}@{idna.decode(domain, uts46=True)}",
        lambda: f"{local}@{domain.encode('idna').decode()}",
        lambda: address.replace(".", "\u3002"),
    ]
    try:
        return address, draw(st.sampled_from(ways))()
    except UnicodeError:  # of which IDNAError is one
        return address, address


def _meant(address: str) -> tuple[str, str]:
    """The mailbox, by rules of the standard library: ASCII case, IDNA, Google's dots."""
    local, _at, domain = address.translate({number: number + 32 for number in range(65, 91)}).rpartition("@")
    parts = [part if part.isascii() else "xn--" + part.encode("punycode").decode() for part in domain.split(".")]
    domain = ".".join(parts)
    return (local.replace(".", "") if domain in ("gmail.com", "googlemail.com") else local), domain


@settings(max_examples=500)
@given(two_spellings() | st.tuples(one_address, one_address) | one_address.map(lambda one: (one, one.swapcase())))
def test_two_mailboxes_have_two_identities_or_one_is_refused(pair: tuple[str, str]) -> None:
    one, other = pair
    if address_problem(one) or address_problem(other):
        return
    assert (canonical(one) == canonical(other)) == (_meant(one) == _meant(other))


@settings(max_examples=500)
@given(two_spellings())
def test_spellings_that_unicode_or_idna_makes_equal_have_one_identity_or_one_is_refused(pair: tuple[str, str]) -> None:
    one, other = pair
    if not address_problem(one) and not address_problem(other) and not OWN_LETTERS & {*one, *other}:
        assert canonical(one) == canonical(other)


@pytest.mark.parametrize("letter", sorted(OWN_LETTERS - set("\u1e9e\u200c\u200d")))
def test_a_letter_that_has_no_capital_of_its_own_makes_another_domain(letter: str) -> None:
    address = f"anna@{letter}x.example"
    assert address_problem(address) == ""
    assert canonical(address) != canonical(address.upper())


@given(one_address)
def test_the_identity_of_an_address_is_an_address(address: str) -> None:
    if not address_problem(address):
        assert address_problem(canonical(address)) == ""
        assert canonical(address).rpartition("@")[2].isascii()


@pytest.mark.parametrize(
    "address",
    [
        "anna@example.com",
        "o'brien@example.com",
        "anna.b+print@mail.example.co.uk",
        "a@b.cd",
        "ANNA_b-c@example.com",
        "anna@bücher.example.com",
        "anna@xn--bcher-kva.example.com",
        "m\u00fcller@example.com",
        "anna#ext#@example.onmicrosoft.com",
    ],
)
def test_an_address(address: str) -> None:
    assert address_problem(address) == ""


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        (None, "is not a text"),
        (5, "is not a text"),
        ("anna", "has no @"),
        ("anna@", "has no domain"),
        ("@example.com", "nothing before the @"),
        ("anna@b@example.com", "more than one @"),
        ("anna@example", "no dot"),
        ("anna@example.com.", "a dot too many"),
        ("anna@example..com", "a dot too many"),
        ("anna@-example.com", "hyphen"),
        ("anna..b@example.com", "two in a row"),
        (".anna@example.com", "beginning"),
        ("anna b@example.com", "a space"),
        (" anna@example.com", "a space"),
        ("anna@example.com\n", "a line break"),
        ("anna\tb@example.com", "a tab"),
        ("anna\u200b@example.com", "cannot be seen (U+200B)"),
        ("anna\x00@example.com", "cannot be seen (U+0000)"),
        ("anna\xa0@example.com", "a no-break space"),
        ("an\u00adna@example.com", "cannot be seen (U+00AD)"),
        ("an\u034fna@example.com", "cannot be seen (U+034F)"),
        ("an\u3164na@example.com", "cannot be seen (U+3164)"),
        ("\u2022anna@example.com", "'\u2022'"),
        ("anna@example.com\u2713", "'\u2713'"),
        ("email=anna@example.com", "'='"),
        ("anna@example.com'", "no domain can have"),
        ("\u212aen@example.com", "taken for 'ken'"),
        ("niko\u017f@example.com", "taken for 'nikos'"),
        ("\ufb01n@example.com", "taken for 'fin'"),
        ("wei\u00df@example.com", "taken for 'weiss'"),
        ("M\u00dcller@example.com", "taken for 'm\u00fcller'"),
        ("mu\u0308ller@example.com", "taken for 'm\u00fcller'"),
        ("anna@B\u00dcCHER.example", "lower case"),
        ("anna@\u212axample.com", "no label of IDNA 2008"),
        ("anna@xn--a.example", "no A-label"),
        ("anna@xn--strasse-.example", "hyphen"),
        ("anna@example\u3002com", "'\u3002'"),
        ("anna@exa_mple.com", "no domain can have"),
        ("Anna <anna@example.com>", "a space"),
        ("<anna@example.com>", "'<'"),
        ("anna@example.com,ben@example.com", "','"),
        ("anna@example.com;", "';'"),
        ("mailto:anna@example.com", "':'"),
        ("*@example.com", "'*'"),
        (f"{'a' * 65}@example.com", "longer"),
        (f"anna@{'a.' * 130}com", "longer"),
    ],
)
def test_no_address(address: object, words: str) -> None:
    assert words in address_problem(address)


@given(st.text() | st.none() | st.integers() | st.lists(st.text()))
def test_anything_can_be_asked_for_its_problem(given_value: object) -> None:
    assert isinstance(address_problem(given_value), str)
    assert isinstance(pattern_problem(given_value), str)


def test_doubles_name_both_places() -> None:
    first = Spelling("John.Doe@gmail.com", 4, "users")
    other = Spelling("anna@example.com", 5, "users")
    later = Spelling("johndoe@gmail.com", 17, "users")
    assert doubles([first, other, later]) == [(first, later)]


def test_the_same_address_twice_in_one_place_is_a_double_and_in_two_places_is_not() -> None:
    user = Spelling("anna@example.com", 4, "users")
    administrator = Spelling("anna@example.com", 2, "administrators")
    spelled_otherwise = Spelling("Anna@example.com", 9, "users")
    assert doubles([user, replace_line(user, 5)]) == [(user, replace_line(user, 5))]
    assert doubles([administrator, user]) == []
    assert doubles([administrator, spelled_otherwise]) == [(administrator, spelled_otherwise)]


def replace_line(spelling: Spelling, line: int) -> Spelling:
    return spelling._replace(line=line)


@pytest.mark.parametrize(
    ("pattern", "identity"),
    [
        ("*@example.com", "anna@example.com"),
        ("*@EXAMPLE.com", "anna@example.com"),
        ("John.Doe@gmail.com", "johndoe@gmail.com"),
        ("john.doe@*", "johndoe@gmail.com"),
        ("john.*@gmail.com", "johndoe@gmail.com"),
        ("a?na@example.com", "anna@example.com"),
        ("*", "anna@example.com"),
        ("*example.com", "anna@example.com"),
        ("[a]*@example.com", "[a]nna@example.com"),
        ("*@b\u00fccher.example", "jo@xn--bcher-kva.example"),
        ("*@XN--bcher-kva.example", "jo@xn--bcher-kva.example"),
        ("*@b\u00fc*.example", "jo@xn--bcher-kva.example"),
        ("john.doe*", "johndoe@gmail.com"),
        ("*john.doe@gmail.com", "johndoe@gmail.com"),
        ("*john.doe*", "johndoe@gmail.com"),
        ("j*.doe*", "johndoe@gmail.com"),
        ("john.doe*gmail.com", "johndoe@gmail.com"),
        ("john.doe*gmail?com", "johndoe@gmail.com"),
        ("john?doe@gmail.com", "John.Doe@gmail.com"),
        ("JOHN*.DOE@*", "John.Doe@gmail.com"),
    ],
)
def test_a_pattern_means(pattern: str, identity: str) -> None:
    assert matches(pattern, identity)


@pytest.mark.parametrize(
    ("pattern", "identity"),
    [
        ("*@example.com", "anna@example.com.example.org"),
        ("*@example.com", "anna@mail.example.com"),
        ("john.doe@*", "johndoe@example.com"),
        ("john.doe*", "johndoe@example.com"),
        ("john?doe*", "johndoe@gmail.com"),
        ("[ab]nna@example.com", "anna@example.com"),
        ("anna@example.com", "hanna@example.com"),
    ],
)
def test_a_pattern_does_not_mean(pattern: str, identity: str) -> None:
    assert not matches(pattern, identity)


DOTTED = st.from_regex(
    r"[A-Za-z0-9]{1,3}(\.[A-Za-z0-9]{1,3}){0,3}@(gmail\.com|GoogleMail\.com|example\.com)", fullmatch=True
)


@given(DOTTED, st.lists(st.sampled_from("==?*"), max_size=12), st.booleans())
def test_a_pattern_that_matches_a_spelling_means_that_person(address: str, wildcards: list[str], fold: bool) -> None:
    """Whatever wildcards stand in place of its characters: by the spelling, and by identity if no ? is a dot."""
    marks = [*wildcards, *"=" * len(address)]
    pattern = "".join(one if mark == "=" else mark for one, mark in zip(address, marks, strict=False))
    pattern = pattern.swapcase() if fold else pattern
    assert fnmatch.fnmatchcase(address.lower(), pattern.lower())
    assert matches(pattern, address)
    if "?" not in pattern:
        assert matches(pattern, canonical(address))


def test_no_pattern_takes_long() -> None:
    begun = time.process_time()
    matches("*a" * 60 + "b@example.com", "a" * 64 + "@example.com")
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("", "empty"),
        ("anna", "no @"),
        ("an?a", "no @"),
        ("* @example.com", "space"),
        ("*@*@*", "one @"),
        (3, "text"),
        (r".*@partner\.example\.org", "'\\\\'"),
        (".*@partner.example.org", "a dot at the beginning"),
        ("^.*@partner.example.org", "'^'"),
        ("*@(a|b).example.org", "'('"),
        ("*@partner.example.org,", "','"),
        ("[a-z]*@partner.example.org", "'['"),
        ("*@partner", "no dot"),
        ("*@.partner.example.org", "a dot too many"),
        ("*@partner.example.org.", "a dot too many"),
        ("*@-partner.example.org", "hyphen"),
        ("*@", "no domain"),
        ("@*", "nothing before"),
        ("*\u200b@partner.example.org", "cannot be seen"),
        ("mailto:*@partner.example.org", "':'"),
        ("*@B\u00dc*.example", "IDNA 2008"),
        ("*@xn--bcher-*.example", "xn--"),
        ("WEI\u00df*@example.com", "taken for"),
        ("*@partner.example.org/", "'/'"),
    ],
)
def test_a_pattern_that_can_protect_nobody(pattern: object, words: str) -> None:
    assert words in pattern_problem(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "anna@example.com",
        "*",
        "*@example.com",
        "*admin*",
        "a?na@example.com",
        "guest@*",
        "GUEST@partner.example.org",
        "?uest@partner.example.???",
        "*@*.example.org",
        "*@*-partner.example.org",
        "*example.org",
        "guest*",
        "*@partner?example",
        "*@b\u00fc*.example",
    ],
)
def test_a_pattern_that_can(pattern: str) -> None:
    assert pattern_problem(pattern) == ""
