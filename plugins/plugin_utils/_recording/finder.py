# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds and replaces values in texts in all their encodings: escaped, percent-encoded, Base64. Judges no value.

A text is decoded step by step, also what is encoded several times, and each decoded character knows where it stands in
the text. So a value is replaced where it stands, whatever its encodings are, and the text around it stays as it is.
"""

from __future__ import annotations

import base64
import binascii
import functools
import html
import re
import typing as t
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_%-])(?:[A-Za-z0-9+/_-]|%2[BbFf]){12,20000}(?:=|%3[Dd]){0,2}")
_ENTITY = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
_ESCAPED = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\"'\\/bfnrt]))"
)
_PERCENT = re.compile(
    r"%[0-7][0-9a-fA-F]|%[cCdD][0-9a-fA-F]%[0-9a-fA-F]{2}|%[eE][0-9a-fA-F](?:%[0-9a-fA-F]{2}){2}"
    r"|%[fF][0-7](?:%[0-9a-fA-F]{2}){3}|%[0-9a-fA-F]{2}"
)
_PERCENT_AND_PLUS = re.compile(rf"{_PERCENT.pattern}|\+")
SOFT_BREAK = re.compile(r"</?wbr\s*/?>|&shy;|&#173;|&#xad;|[\u00AD\u200B]", re.IGNORECASE)
INLINE_MARKUP = re.compile(
    rf"{SOFT_BREAK.pattern}|<!--[^<>]{{0,200}}-->"
    r"|<\\?/?(?:a|b|i|u|s|em|strong|span|small|big|font|mark|code|tt|sup|sub|abbr|bdi|bdo)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
"""What may stand within a value without being seen there."""
_MAX_FORMS = 16
_T = t.TypeVar("_T")
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
    def _bounds(self) -> re.Pattern[str] | None:
        inner, flags = re.escape(self.value), re.IGNORECASE if self.any_case else 0
        if self.host_only:
            before, after = r"(?<=[/@FfE0])(?<=//|2F|2f|.@|40)", r"[:/?#\"'\s<>&;,\\]|%3A|%2F|%3a|%2f|$"
            return re.compile(rf"{before}(?:{inner})(?={after})", flags)
        return re.compile(rf"(?<![A-Za-z0-9])(?:{inner})(?![A-Za-z0-9])", flags) if self.whole_word else None

    def positions(self, text: str, lower: str) -> Iterator[int]:
        """Yield where the value stands in ``text``. ``lower`` is ``text`` in lower case, of the same length."""
        value, within = (self.value.lower(), lower) if self.any_case else (self.value, text)
        at = within.find(value)
        while at >= 0:
            if self._bounds is None or self._bounds.match(text, at):
                yield at
            at = within.find(value, at + 1)


@dataclass(frozen=True)
class _View:
    """A text as it is after some decoding. Character n stands in the original from ``begin[n]`` to ``end[n]``."""

    text: str
    begin: array[int]
    end: array[int]
    quoted: int = 0
    """How often it was percent-decoded."""

    def decoded(self, escape: re.Pattern[str], decode: Callable[[re.Match[str]], str], quoted: int) -> _View:
        """Return the text with each match of ``escape`` decoded."""
        pieces: list[str] = []
        begin, end, at = array("q"), array("q"), 0
        for found in escape.finditer(self.text):
            made = decode(found)
            same = next((n for n in range(len(made)) if made[-1 - n :] != found[0][-1 - n :]), len(made))
            if made == found[0]:
                continue
            stop = found.end() - same  # of "&copy=1" only "&copy" is an entity
            pieces += [self.text[at : found.start()], made[: len(made) - same]]
            begin.extend(self.begin[at : found.start()])
            end.extend(self.end[at : found.start()])
            begin.extend([self.begin[found.start()]] * (len(made) - same))
            end.extend([self.end[stop - 1]] * (len(made) - same))
            at = stop
        begin.extend(self.begin[at:])
        end.extend(self.end[at:])
        return _View("".join([*pieces, self.text[at:]]), begin, end, self.quoted + quoted)


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return chr(0x10000 + ((int(found[1], 16) - 0xD800) << 10) + int(found[2], 16) - 0xDC00)
    code = found[3] or found[4]
    if code:
        return chr(int(code, 16))
    return _ESCAPES.get(found[5], found[5])


_DECODERS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str], int], ...] = (
    ("&", _ENTITY, lambda found: html.unescape(found[0]), 0),
    ("\\", _ESCAPED, _unescaped, 0),
    ("%", _PERCENT, lambda found: unquote(found[0], errors="replace"), 1),
    ("+", _PERCENT_AND_PLUS, lambda found: unquote(found[0].replace("+", " "), errors="replace"), 1),
)
"""A character that every encoded text contains (checked first, for speed), the escapes, and what they mean."""


class Finder:
    """Finds and replaces many values in a text."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._needles = sorted(needles, key=lambda each: -len(each.value))

    def find(self, text: str) -> list[Needle]:
        """Return the needles that occur in ``text`` in any encoding, Base64 included."""
        found = self._found_in(text)
        if self._needles:
            found += [needle for _token, decoded in decoded_base64(text) for needle in self._found_in(decoded)]
        return list(dict.fromkeys(found))

    def replace(self, text: str) -> str:
        """Return ``text`` with a stand-in for every needle, in whatever encoding it occurs."""
        if not text or not self._needles:
            return text
        found = self._found_in(text)
        if found:
            text = _replaced(text, found)
        for token, decoded in reversed(list(decoded_base64(text))):
            if self._found_in(decoded):
                replaced = _encoded_base64(self.replace(decoded), token[0])
                text = text[: token.start()] + replaced + text[token.end() :]
        return text

    def _found_in(self, text: str) -> list[Needle]:
        found: list[Needle] = []
        joined = INLINE_MARKUP.sub("", text)
        for form in dict.fromkeys((*decoded_forms(text), *(decoded_forms(joined) if joined != text else ()))):
            lower = _lower(form)
            found += [each for each in self._needles if next(each.positions(form, lower), None) is not None]
        return list(dict.fromkeys(found))


def _replaced(text: str, needles: list[Needle]) -> str:
    """Replace ``needles`` in ``text``. Of values that overlap, the longest counts: not the host in an e-mail address.

    Within an address, a stand-in is percent-encoded as often as the value was.
    """
    found: list[tuple[int, int, int, int, str]] = []
    for view in _views(text):
        lower = _lower(view.text)
        for needle in needles:
            length = len(needle.value)
            for at in needle.positions(view.text, lower):
                begin, end = view.begin[at], view.end[at + length - 1]
                encoded = view.quoted if end - begin > length else 0
                found.append((-length, encoded, begin, end, needle.stand_in))
    taken: list[tuple[int, int, str]] = []
    free = bytearray(b"\1") * len(text)
    for _length, encoded, begin, end, stand_in in sorted(found):
        if all(free[begin:end]):
            free[begin:end] = bytes(end - begin)
            taken.append(
                (begin, end, functools.reduce(lambda made, _n: quote(made, safe=""), range(encoded), stand_in))
            )
    pieces, at = [], 0
    for begin, end, stand_in in sorted(taken):
        pieces += [text[at:begin], stand_in]
        at = end
    return "".join(pieces) + text[at:]


def _views(text: str) -> list[_View]:
    """Return ``text`` and its decodings, nested ones included, as :func:`decoded_forms` returns them."""
    plain = _View(text, array("q", range(len(text))), array("q", range(1, len(text) + 1)))
    joined = plain.decoded(INLINE_MARKUP, lambda _found: "", 0)
    firsts = (plain,) if joined.text == text else (plain, joined)
    return [view for first in firsts for view in _with_decodings(first, lambda view: view.text, _View.decoded)]


def decoded_forms(text: str) -> list[str]:
    """Return ``text`` and its decodings as HTML, JSON and URL, nested ones included."""
    return _with_decodings(text, lambda form: form, lambda form, escape, decode, _quoted: escape.sub(decode, form))


def _with_decodings(first: _T, text_of: Callable[[_T], str], decoded: Callable[..., _T]) -> list[_T]:
    found, known, waiting = [first], {text_of(first)}, deque([first])
    while waiting:
        form = waiting.popleft()
        for mark, escape, decode, quoted in _DECODERS if len(found) <= _MAX_FORMS else ():
            made = decoded(form, escape, decode, quoted) if mark in text_of(form) else form
            if text_of(made) not in known:
                known.add(text_of(made))
                found.append(made)
                waiting.append(made)
    return found


def _lower(text: str) -> str:
    """Return ``text`` in lower case with the same length: of one letter, I with a dot, that would be two characters."""
    return "\u0130".join(part.lower() for part in text.split("\u0130"))


def decoded_base64(text: str) -> t.Iterator[tuple[re.Match[str], str]]:
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
