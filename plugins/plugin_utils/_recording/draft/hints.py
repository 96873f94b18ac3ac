# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words by which a draft guesses what something is for (plugins/data/draft_hints.yml). Decides nothing."""

from __future__ import annotations

import re
import typing as t
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ....module_utils._web.libraries import require, yaml

DATA = Path(__file__).resolve().parents[3] / "data" / "draft_hints.yml"

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[^\w]+|_+")

EXACT = 6
"""Points of a text that is one of the words, as against one that only has it among others."""


@cache
def hints() -> Mapping[str, t.Any]:
    """Return the words that the collection ships."""
    require("PyYAML")
    loaded: Mapping[str, t.Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return loaded


@cache
def normal(text: str) -> str:
    """Return ``text`` without case, accents, punctuation and camelCase: what words are compared by."""
    spread = _CAMEL.sub(" ", text)
    plain = "".join(each for each in unicodedata.normalize("NFKD", spread) if not unicodedata.combining(each))
    return " ".join(part for part in _BETWEEN.split(plain.casefold()) if part)


@cache
def _solid(text: str) -> str:
    return normal(text).replace(" ", "")


def points(text: str, words: Iterable[str]) -> int:
    """How well ``text`` fits ``words``: EXACT or nearly for a whole match, 1 for a part of it, 0 for none.

    Of several words the first that fits counts most.
    """
    wanted, solid = normal(text), _solid(text)
    if not wanted:
        return 0
    best = 0
    for rank, word in enumerate(words):
        if solid == _solid(word):
            return EXACT - min(rank, 3)
        if f" {normal(word)} " in f" {wanted} ":
            best = max(best, 2 if " " in normal(word) else 1)
    return best


def has_word(text: str, words: Iterable[str]) -> bool:
    """Whether one of ``words`` stands in ``text``, as words of their own or as all of a name such as ``logout.cgi``."""
    return points(text, words) > 0


def meaning(text: t.Any, values: Mapping[str, Iterable[str]]) -> str | None:
    """Return what ``text`` means by the lists of ``values``, matched whole; None if no list has it."""
    said = " ".join(str(text).split()).casefold()
    return next((name for name, texts in values.items() if said in (each.casefold() for each in texts)), None)
