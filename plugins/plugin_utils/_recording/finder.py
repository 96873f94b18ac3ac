# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds and replaces values in texts in all their encodings: escaped, percent-encoded, Base64. Judges no value."""

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
_WORD = re.compile(r"[^\s\"'<>]+")
_BETWEEN_WORDS = re.compile(r"[\s\"'<>]")
_MAX_FORMS = 16
_PREFIX_LENGTH = 4
_MANY_NEEDLES = 40
_LONG_TEXT = 1_000_000
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True)
class Needle:
    """A value to find, and its stand-in. ``whole_word``: only where no letter or digit is next to it."""

    value: str
    stand_in: str
    whole_word: bool = False
    any_case: bool = False
    host_only: bool = False
    """Only where it is the host of an address, because a name like ``printer`` is also a word."""

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return a pattern for the value in any encoding."""
        return re.compile(self._bounded("".join(map(_encodings, self.value))), self.flags)

    @functools.cached_property
    def literal_pattern(self) -> re.Pattern[str]:
        """Return a pattern for the value without encoding."""
        return re.compile(self.literal, self.flags)

    @property
    def flags(self) -> int:
        """Return the flags of both patterns."""
        return re.IGNORECASE if self.any_case else 0

    def _bounded(self, inner: str) -> str:
        if self.host_only:
            return rf"(?<=[/@FfE0])(?<=//|2F|2f|.@|40)(?:{inner})(?=[:/?#\"'\s<>&;,\\]|%3A|%2F|%3a|%2f|$)"
        if self.whole_word:
            return rf"(?<![A-Za-z0-9])(?:{inner})(?![A-Za-z0-9])"
        return inner

    @property
    def literal(self) -> str:
        """Return the source of :attr:`literal_pattern`."""
        return self._bounded(re.escape(self.value))

    def may_occur_in(self, text: str, lower: str) -> bool:
        """Whether ``text`` contains the value, bounded or not. ``lower`` is ``text`` in lower case."""
        return (self.value.lower() in lower) if self.any_case else (self.value in text)


class Finder:
    """Finds and replaces many values in a text."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._needles = sorted(needles, key=lambda each: -len(each.value))
        self._by_value = {each.value: each for each in self._needles} | {
            each.value.lower(): each for each in self._needles if each.any_case
        }

    def find(self, text: str) -> list[Needle]:
        """Return the needles that occur in ``text`` in any encoding, Base64 included."""
        found = self._found_in(text)
        if self._needles:
            found += [needle for _token, decoded in _decoded_base64(text) for needle in self._found_in(decoded)]
        return list(dict.fromkeys(found))

    def replace(self, text: str) -> str:
        """Return ``text`` with a stand-in for every needle, in whatever encoding it occurs."""
        if not text or not self._needles:
            return text
        found = self._found_in(text)
        if found:
            text = self._replace_all(text, found)
        for token, decoded in reversed(list(_decoded_base64(text))):
            if self._found_in(decoded):
                replaced = _encoded_base64(self.replace(decoded), token[0])
                text = text[: token.start()] + replaced + text[token.end() :]
        return text

    def _replace_all(self, text: str, needles: list[Needle]) -> str:
        """Replace ``needles`` in ``text``: literal values in one pass, encoded ones (rare and slow) before and after.

        Values that occur only encoded come first, because a part of one may be another value in literal form. After the
        pass, values that occur both ways are replaced where they are encoded.
        """
        lower = text.lower()
        literal = [needle for needle in needles if needle.may_occur_in(text, lower)]
        text = _replace_encoded(text, [needle for needle in needles if needle not in literal])
        exact = [needle for needle in literal if not needle.any_case]
        any_case = [needle for needle in literal if needle.any_case]
        for group, flags in ((exact, 0), (any_case, re.IGNORECASE)):
            if group:
                pattern = re.compile("|".join(f"(?:{needle.literal})" for needle in group), flags)
                text = pattern.sub(lambda match: self._stand_in(match[0]), text)
        return _replace_encoded(text, self._found_in(text))

    def _stand_in(self, found: str) -> str:
        known = self._by_value.get(found) or self._by_value.get(found.lower())
        return known.stand_in if known is not None else found

    def _likely_needles(self, lower: str) -> t.Iterable[Needle]:
        """Return the needles whose first characters occur in the text, so that hundreds of needles stay fast."""
        if len(self._needles) < _MANY_NEEDLES or not _MANY_NEEDLES < len(lower) < _LONG_TEXT:
            return self._needles
        starts = {lower[at : at + _PREFIX_LENGTH] for at in range(len(lower))}
        return [
            each
            for each in self._needles
            if each.value.lower()[:_PREFIX_LENGTH] in starts
            or len(each.value) < _PREFIX_LENGTH
            or not each.value.isascii()
        ]

    def _found_in(self, text: str) -> list[Needle]:
        found: list[Needle] = []
        for form in decoded_forms(text):
            lower = form.lower()
            found += [
                each
                for each in self._likely_needles(lower)
                if each.may_occur_in(form, lower)
                and (not (each.whole_word or each.host_only) or each.literal_pattern.search(form))
            ]
        return list(dict.fromkeys(found))


def _replace_encoded(text: str, needles: list[Needle]) -> str:
    """Replace encoded values. Their patterns are slow, so they search the words that may contain an encoding only."""
    for needle in needles:
        if _BETWEEN_WORDS.search(needle.value):
            text = needle.pattern.sub(needle.stand_in, text)
    in_words = [needle for needle in needles if not _BETWEEN_WORDS.search(needle.value)]

    def replacement(found: re.Match[str]) -> str:
        word = found[0]
        if not {"%", "&", "\\"} & {*word}:
            return word
        forms = [(form, form.lower()) for form in decoded_forms(word)]
        for needle in in_words:
            if any(needle.may_occur_in(form, lower) for form, lower in forms):
                word = needle.pattern.sub(needle.stand_in, word)
        return word

    return _WORD.sub(replacement, text) if in_words else text


def decoded_forms(text: str) -> list[str]:
    """Return ``text`` and its decodings as HTML, JSON and URL, nested ones included."""
    found = [text]
    for form in found:
        found += [each for each in _decode_once(form) if each not in found]
        if len(found) > _MAX_FORMS:
            break
    return found


def _decode_once(text: str) -> t.Iterator[str]:
    if "&" in text and ";" in text:
        yield html.unescape(text)
    if "\\" in text:
        decoded = _ESCAPED.sub(_unescaped, text)
        yield decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # joins surrogate pairs
    if "%" in text:
        yield unquote(text, errors="replace")
    if "+" in text:
        yield unquote(text.replace("+", " "), errors="replace")


def body_text(content_type: str | None, body: bytes) -> tuple[str, str]:
    """Return a body as text, and the codec that encodes this text to the same bytes."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        charset = parameter(content_type, "charset")
        candidates = [charset] if charset else []
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
    return _ESCAPES.get(found[3], found[3])


def _encodings(character: str) -> str:
    """Return a pattern for a character in all its encodings: literal, HTML, JSON, JavaScript and URL."""
    code = ord(character)
    encodings = [re.escape(character), f"&#0*{code};?", f"&#[xX]0*(?i:{code:x});?"]
    if code < 0x10000:
        encodings.append(rf"\\u(?i:{code:04x})")
    else:
        high, low = 0xD800 + ((code - 0x10000) >> 10), 0xDC00 + ((code - 0x10000) & 0x3FF)
        encodings.append(rf"\\u(?i:{high:04x})\\u(?i:{low:04x})")
    if code < 0x100:
        encodings.append(rf"\\x(?i:{code:02x})")
    encodings += [f"&{name}" for name in _entities().get(character, ())]
    if character in "\"'\\/":
        encodings.append(rf"\\{re.escape(character)}")
    encodings += [rf"\\{letter}" for letter, meant in _ESCAPES.items() if meant == character]
    # Any of these may be encoded again: in the query of an address, in a text of JSON within JSON.
    encodings = [each if each == re.escape(character) else _encoded_again(each) for each in encodings]
    octets = character.encode("utf-8", "replace")
    encodings.append("".join(f"%(?:25){{0,4}}(?i:{octet:02x})" for octet in octets))
    if character == " ":
        encodings.append(r"\+")
    if character in "\n":
        encodings.append("\r\n")
    encodings.sort(key=len, reverse=True)  # longest first: a backslash may begin another encoding
    return f"(?:{'|'.join(encodings)})"


def _encoded_again(pattern: str) -> str:
    """Return a pattern for an encoding of HTML or JSON that may itself be encoded."""
    for plain, code in (("&", "26"), ("#", "23"), (";", "3[bB]")):
        pattern = pattern.replace(plain, f"(?:{plain}|%(?:25){{0,4}}{code})")
    pattern = pattern.replace("(?:&", "(?:&(?:amp;)*")
    return pattern.replace(r"\\", r"(?:\\{1,8}|%(?:25){0,4}5[cC])")


_entity_names: dict[str, list[str]] = {}


def _entities() -> Mapping[str, list[str]]:
    if not _entity_names:
        for name, meant in html.entities.html5.items():
            if len(meant) == 1 and name.endswith(";"):
                _entity_names.setdefault(meant, []).append(name)
    return _entity_names


def _decoded_base64(text: str) -> t.Iterator[tuple[re.Match[str], str]]:
    """Yield each Base64 token in ``text`` that decodes to a text, with that text."""
    for token in _BASE64.finditer(text):
        try:
            raw = unquote(token[0]).rstrip("=").replace("-", "+").replace("_", "/")
            decoded = base64.b64decode(raw + "=" * (-len(raw) % 4), validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            continue
        if decoded and min(decoded) >= "\t":
            yield token, decoded


def _encoded_base64(text: str, like: str) -> str:
    """Encode ``text`` as Base64 with the alphabet, padding and percent-encoding of ``like``."""
    raw = text.encode("utf-8")
    url_safe = ("-" in like or "_" in like) and not ({"+", "/"} & set(like))
    made = (base64.urlsafe_b64encode(raw) if url_safe else base64.b64encode(raw)).decode("ascii")
    if "=" not in like and "%3" not in like and len(unquote(like)) % 4:
        made = made.rstrip("=")
    return quote(made, safe="") if "%" in like else made
