# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds values in texts and replaces them, however they are written there: escaped, encoded, in Base64. Judges none."""

from __future__ import annotations

import base64
import binascii
import codecs
import functools
import html
import html.entities
import re
import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from .exchange import parameter

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_%-])(?:[A-Za-z0-9+/_-]|%2[BbFf]){12,20000}(?:=|%3[Dd]){0,2}")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\"'\\/bfnrt]))")
_MOST_FORMS = 16
_START = 4
_MANY = 40
_LONG = 1_000_000
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True)
class Needle:
    """A value to be found, and what stands for it. ``word``: only where no letter or digit touches it."""

    value: str
    stand_in: str
    word: bool = False
    any_case: bool = False
    address_only: bool = False
    """Only where it is the host of an address: a name like ``printer`` is a word as well."""

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """The value in any way of writing it."""
        return re.compile(self._around("".join(map(_spellings, self.value))), self.flags)

    @functools.cached_property
    def literal_pattern(self) -> re.Pattern[str]:
        """The value as it stands."""
        return re.compile(self.literal, self.flags)

    @property
    def flags(self) -> int:
        return re.IGNORECASE if self.any_case else 0

    def _around(self, inner: str) -> str:
        if self.address_only:
            return rf"(?<=[/@FfE0])(?<=//|2F|2f|.@|40)(?:{inner})(?=[:/?#\"'\s<>&;,\\]|%3A|%2F|%3a|%2f|$)"
        if self.word:
            return rf"(?<![A-Za-z0-9])(?:{inner})(?![A-Za-z0-9])"
        return inner

    @property
    def literal(self) -> str:
        """The value as it stands, as a pattern."""
        return self._around(re.escape(self.value))

    def may_stand_in(self, text: str, lower: str) -> bool:
        return (self.value.lower() in lower) if self.any_case else (self.value in text)


class Finder:
    """Finds and replaces many values in a text."""

    def __init__(self, sought: Iterable[Needle]) -> None:
        self._sought = sorted(sought, key=lambda each: -len(each.value))
        self._of = {each.value: each for each in self._sought} | {
            each.value.lower(): each for each in self._sought if each.any_case
        }

    def present(self, text: str) -> list[Needle]:
        """The values that stand in ``text`` in any way of writing them, Base64 included."""
        found = self._written(text)
        found += [each for token, decoded in _decoded(text) for each in self._written(decoded)] if self._sought else []
        return list(dict.fromkeys(found))

    def replaced(self, text: str) -> str:
        """``text`` with every value's stand-in in its place."""
        if not text or not self._sought:
            return text
        written = self._written(text)
        if written:
            text = self._in_one_pass(text, written)
        for token, decoded in reversed(list(_decoded(text))):
            if self._written(decoded):
                text = text[: token.start()] + _encoded(self.replaced(decoded), token[0]) + text[token.end() :]
        return text

    def _in_one_pass(self, text: str, written: list[Needle]) -> str:
        """What stands there as it is goes in one pass; what is written otherwise, which is rare and slow, around it.

        Before it what is only written otherwise, as a part of it may stand there as it is; after it what is left.
        """
        lower = text.lower()
        plain = [each for each in written if each.may_stand_in(text, lower)]
        for each in written:
            if each not in plain:
                text = each.pattern.sub(each.stand_in, text)
        exact = [each for each in plain if not each.any_case]
        for group, flags in ((exact, 0), ([each for each in plain if each.any_case], re.IGNORECASE)):
            if group:
                pattern = re.compile("|".join(f"(?:{each.literal})" for each in group), flags)
                text = pattern.sub(lambda found: self._stand_in(found[0]), text)
        for each in self._written(text):
            text = each.pattern.sub(each.stand_in, text)
        return text

    def _stand_in(self, found: str) -> str:
        known = self._of.get(found) or self._of.get(found.lower())
        return known.stand_in if known is not None else found

    def _possible(self, lower: str) -> t.Iterable[Needle]:
        """The values whose first characters stand in the text: with hundreds of values most need not be searched."""
        if len(self._sought) < _MANY or not _MANY < len(lower) < _LONG:
            return self._sought
        starts = {lower[at : at + _START] for at in range(len(lower))}
        return [
            each
            for each in self._sought
            if each.value.lower()[:_START] in starts or len(each.value) < _START or not each.value.isascii()
        ]

    def _written(self, text: str) -> list[Needle]:
        found: list[Needle] = []
        for form in forms(text):
            lower = form.lower()
            found += [
                each
                for each in self._possible(lower)
                if each.may_stand_in(form, lower)
                and (not (each.word or each.address_only) or each.literal_pattern.search(form))
            ]
        return list(dict.fromkeys(found))


def forms(text: str) -> list[str]:
    """The text, and what it says to whoever reads HTML, JSON or an address in it, also one inside the other."""
    found = [text]
    for form in found:
        found += [each for each in _read_once(form) if each not in found]
        if len(found) > _MOST_FORMS:
            break
    return found


def _read_once(text: str) -> t.Iterator[str]:
    if "&" in text and ";" in text:
        yield html.unescape(text)
    if "\\" in text:
        said = _ESCAPED.sub(_unescaped, text)
        yield said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # two halves of one character
    if "%" in text:
        yield unquote(text, errors="replace")
    if "+" in text:
        yield unquote(text.replace("+", " "), errors="replace")


def body_text(content_type: str | None, body: bytes) -> tuple[str, str]:
    """A body as text, and the codec that gives the same bytes again."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        told = parameter(content_type, "charset")
        candidates = [told] if told else []
    for name in (*candidates, "utf-8"):
        try:
            if codecs.lookup(name)._is_text_encoding:
                text = body.decode(name)
                if text.encode(name) == body:
                    return text, name
        except (LookupError, ValueError):
            continue
    return body.decode("latin-1"), "latin-1"


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        return chr(int(code, 16))
    return _MEANT.get(found[3], found[3])


def _spellings(character: str) -> str:
    """A pattern for a character however it is written: as it is, and in HTML, JSON, JavaScript and addresses."""
    code = ord(character)
    ways = [re.escape(character), f"&#0*{code};?", f"&#[xX]0*(?i:{code:x});?"]
    if code < 0x10000:
        ways.append(rf"\\u(?i:{code:04x})")
    else:
        high, low = 0xD800 + ((code - 0x10000) >> 10), 0xDC00 + ((code - 0x10000) & 0x3FF)
        ways.append(rf"\\u(?i:{high:04x})\\u(?i:{low:04x})")
    if code < 0x100:
        ways.append(rf"\\x(?i:{code:02x})")
    octets = character.encode("utf-8", "replace")
    ways.append("".join(f"%(?:25)?(?i:{octet:02x})" for octet in octets))
    ways += [f"&{name}" for name in _entities().get(character, ())]
    if character == " ":
        ways.append(r"\+")
    if character in "\"'\\/":
        ways.append(rf"\\{re.escape(character)}")
    ways += [rf"\\{letter}" for letter, meant in _MEANT.items() if meant == character]
    if character in "\n":
        ways.append("\r\n")
    ways.sort(key=len, reverse=True)  # a backslash that begins another spelling must not be taken for itself
    return f"(?:{'|'.join(ways)})"


_named: dict[str, list[str]] = {}


def _entities() -> Mapping[str, list[str]]:
    if not _named:
        for name, meant in html.entities.html5.items():
            if len(meant) == 1 and name.endswith(";"):
                _named.setdefault(meant, []).append(name)
    return _named


def _decoded(text: str) -> t.Iterator[tuple[re.Match[str], str]]:
    """Texts in Base64: the whole token, and what it says where that is a text."""
    for token in _BASE64.finditer(text):
        try:
            raw = unquote(token[0]).rstrip("=").replace("-", "+").replace("_", "/")
            said = base64.b64decode(raw + "=" * (-len(raw) % 4), validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            continue
        if said and min(said) >= "\t":
            yield token, said


def _encoded(text: str, like: str) -> str:
    """Base64 of the alphabet, padding and encoding that ``like`` has."""
    raw = text.encode("utf-8")
    url_safe = ("-" in like or "_" in like) and not ({"+", "/"} & set(like))
    made = (base64.urlsafe_b64encode(raw) if url_safe else base64.b64encode(raw)).decode("ascii")
    if "=" not in like and "%3" not in like and len(unquote(like)) % 4:
        made = made.rstrip("=")
    return quote(made, safe="") if "%" in like else made
