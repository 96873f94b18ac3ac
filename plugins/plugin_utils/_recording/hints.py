# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the word lists of plugins/data/draft_hints.yml, and scores a text by them. Makes no decision."""

from __future__ import annotations

import re
import typing as t
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ...module_utils._web.libraries import require, yaml

DATA = Path(__file__).resolve().parents[2] / "data" / "draft_hints.yml"

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[^\w]+|_+")

SWITCH_TEXTS: Mapping[str, tuple[str, ...]] = {
    "true": ("1", "true", "on", "yes"),
    "false": ("0", "false", "off", "no"),
}
"""What forms send for a box that is on and for one that is off, in the words of HTML and of scripts."""
EXACT = 6
"""The score of a text that equals a word, not only contains it."""


@cache
def hints() -> Mapping[str, t.Any]:
    """Return the word lists that the collection ships."""
    require("PyYAML")
    loaded: Mapping[str, t.Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return loaded


def field_hints(interface: str, operation: str) -> Mapping[str, t.Any]:
    """Return what is known of the fields of an operation (``read.ors``) by name, nothing for one without hints."""
    part, _dot, name = operation.partition(".")
    found: Mapping[str, t.Any] = hints().get(interface, {}).get(part, {}).get(name, {}).get("fields", {})
    return found


@cache
def normalised(text: str) -> str:
    """Return ``text`` for comparison: folded case, no accents, words separated by one space (also of camelCase)."""
    spread = _CAMEL.sub(" ", text)
    plain = "".join(each for each in unicodedata.normalize("NFKD", spread) if not unicodedata.combining(each))
    return " ".join(part for part in _BETWEEN.split(plain.casefold()) if part)


@cache
def _unspaced(text: str) -> str:
    return normalised(text).replace(" ", "")


def word_score(text: str, words: Iterable[str]) -> int:
    """Return how well ``text`` matches ``words``.

    A whole match scores :data:`EXACT`, up to 3 less for a word further down the list. A text that contains a word
    scores 1, one that contains a phrase 2. No match scores 0.
    """
    wanted, solid = normalised(text), _unspaced(text)
    if not wanted:
        return 0
    best = 0
    for rank, word in enumerate(words):
        if solid == _unspaced(word):
            return EXACT - min(rank, 3)
        if f" {normalised(word)} " in f" {wanted} ":
            best = max(best, 2 if " " in normalised(word) else 1)
    return best


def has_word(text: str, words: Iterable[str]) -> bool:
    """Whether ``text`` contains one of ``words`` as a whole word, or equals one."""
    return word_score(text, words) > 0


def is_sign_out_address(path: str, query: Iterable[tuple[str, str]]) -> bool:
    """Whether an address signs out: ``/logout.cgi``, ``/main.cgi?page=logout``."""
    texts = [re.sub(r"\.\w+$", "", path.rsplit("/", 1)[-1]), *(text for pair in query for text in pair)]
    return any(has_word(text, hints()["sign_out"]) for text in texts)


def meaning_of(text: t.Any, values: Mapping[str, Iterable[str]]) -> str | None:
    """Return the key of ``values`` whose list has exactly this text, whatever its case; None if no list has it."""
    wanted = " ".join(str(text).split()).casefold()
    return next((name for name, texts in values.items() if wanted in (each.casefold() for each in texts)), None)
