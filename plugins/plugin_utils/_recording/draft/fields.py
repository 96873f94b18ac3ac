# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts the fields of a read or a write from the pages that show them: by words, kind and shape of the values.

Sure is what one place alone fits well; of equally good places with different values a person decides.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from .candidates import Candidate, candidates, holds, key, picks
from .hints import hints, meaning, points
from .sheet import Choice, DraftSheet

if t.TYPE_CHECKING:
    from ....module_utils._web.page.page import Page

GOOD = 3
"""Points from which a place is taken for what the words mean."""
_KINDS_OF_THEIR_OWN = ("checkbox", "address", "image", "message")


@dataclass(frozen=True)
class Scored:
    """A place and how well it fits; ``always``: whether every page has it."""

    candidate: Candidate
    score: int
    always: bool

    @property
    def choice(self) -> Choice:
        """As an answer to a decision."""
        return Choice(self.candidate.expression, shown(self.candidate.value))


def shown(value: t.Any) -> t.Any:
    """Return ``value`` as a question shows it."""
    return value[:57] + "…" if isinstance(value, str) and len(value) > 58 else value


def dates_that_fit(text: str) -> list[str]:
    """Return the date formats that read ``text``."""
    fitting = []
    for form in hints()["date_formats"]:
        try:
            datetime.strptime(text.strip(), form)
        except ValueError:
            continue
        fitting.append(form)
    return fitting


def score(candidate: Candidate, hint: Mapping[str, t.Any]) -> int:
    """How well ``candidate`` fits the words, kind and shape of ``hint``."""
    kind, value = hint.get("kind"), candidate.value
    if kind in _KINDS_OF_THEIR_OWN and candidate.kind != kind:
        return 0
    if kind is None and candidate.kind in _KINDS_OF_THEIR_OWN:
        return 0
    if kind == "number" and not re.fullmatch(r"\s*\d*\s*", str(value)):
        return 0
    if kind == "date" and not dates_that_fit(str(value)):
        return 0
    if "shape" in hint and not re.search(hint["shape"], str(value).strip()):
        return 0
    found = max(points(candidate.label, hint["words"]), points(candidate.name, hint["words"]))
    if kind in ("address", "image", "message") and not found:
        return 1
    if "values" in hint and found and meaning(value, hint["values"]) is not None:
        found += 1
    return found


def ranked(pages: Sequence[Page], hint: Mapping[str, t.Any]) -> list[Scored]:
    """Return the places on ``pages`` that fit, the best first; of equals the more trusted expression."""
    best: dict[str, Scored] = {}
    order: list[str] = []
    for page in pages:
        for each in candidates(page):
            found = score(each, hint)
            if not found:
                continue
            if each.expression not in best:
                order.append(each.expression)
            if each.expression not in best or found > best[each.expression].score:
                best[each.expression] = Scored(each, found, True)
    ranking = sorted((best[name] for name in order), key=lambda item: -item.score)
    return [replace(item, always=_on_all(item.candidate, pages)) for item in ranking]


def _on_all(candidate: Candidate, pages: Sequence[Page]) -> bool:
    return all(picks(candidate.expression, page.data) not in (None, "") for page in pages)


def draft_field(
    sheet: DraftSheet, place: str, hint: Mapping[str, t.Any], pages: Sequence[Page], *, needed: bool, name: str
) -> Candidate | None:
    """DraftSheet one field at ``place``; return what was taken, None if nothing was."""
    ranking = ranked(pages, hint)
    if sheet.decided(place):
        sheet.ask(place, "", _choices(ranking, hint, pages, needed))
        return None
    good = [each for each in ranking if each.score >= GOOD]
    best = [each for each in good if each.score == good[0].score]
    values = {str(each.candidate.value) for each in best}
    if not best or (len(values) > 1 and len({each.candidate.label or each.candidate.name for each in best}) > 1):
        choices = _choices(ranking, hint, pages, needed)
        if choices or needed:
            sheet.ask(place, f"Where does the page show {name.replace('_', ' ')}?", choices, optional=not needed)
        return None
    taken = best[0]
    pick = _pick(sheet, place, taken, hint, pages, needed)
    if pick is not None:
        where = taken.candidate.label or taken.candidate.name or taken.candidate.kind
        sheet.settle(place, pick, f"{taken.candidate.expression}, named {where!r}")
    return taken.candidate


def _choices(ranking: Sequence[Scored], hint: Mapping[str, t.Any], pages: Sequence[Page], needed: bool) -> list[Choice]:
    """What a question offers: numbers in an answer count these, so they must not depend on the answers."""
    choices = [each.choice for each in ranking]
    if "otherwise" in hint:
        choices.insert(0, Choice(hint["otherwise"], "(not in this recording)"))
    elif needed and not choices:
        choices = [Choice(each.expression, shown(each.value)) for page in pages[-1:] for each in candidates(page)]
    return choices


def _pick(
    sheet: DraftSheet, place: str, taken: Scored, hint: Mapping[str, t.Any], pages: Sequence[Page], needed: bool
) -> t.Any:
    pick: dict[str, t.Any] = {"pick": taken.candidate.expression}
    # An empty text is a value, unless it must become something else.
    absent = any(picks(taken.candidate.expression, page.data) is None for page in pages)
    if not needed or absent or (not taken.always and ("kind" in hint or "shape" in hint)):
        pick["required"] = False
    if hint.get("kind") == "number":
        pick["filters"] = ["trim", "integer"]
    elif "shape" in hint:
        pick["filters"] = ["trim", {"regex": hint["shape"]}]
    elif hint.get("kind") == "date":
        formats = dates_that_fit(str(taken.candidate.value))
        pick["filters"] = [{"date": formats}]
        if len(formats) > 1:
            sheet.settle(place, pick)
            question = f"In which order do day and month stand in {taken.candidate.value!r}?"
            sheet.ask(f"{place}.filters", question, [Choice([{"date": [each]}], each) for each in formats])
            return None
    if "values" in hint:
        seen = [picks(taken.candidate.expression, page.data) for page in pages]
        texts = list(dict.fromkeys(str(each) for each in seen if each is not None))
        unknown = [each for each in texts if meaning(each, hint["values"]) is None]
        pick["values"] = {name: list(each) for name, each in hint["values"].items()}
        if unknown:
            sheet.settle(place, pick)
            question = (
                f"What does {' and '.join(map(repr, unknown))} mean? Answer with the whole map: meaning to texts."
            )
            sheet.ask(
                f"{place}.values", question, [Choice({name: [unknown[0]]}, unknown[0]) for name in hint["values"]]
            )
            return None
    return pick if len(pick) > 1 else pick["pick"]


def expectation(taken: Candidate | None, pages: Sequence[Page]) -> str | None:
    """Return what proves that a page is the one on which ``taken`` picks something: one place, with its label."""
    if taken is None:
        return None
    place = taken.expression
    head = place.split(" | ")[0]
    proof = None
    if place.startswith("tables[?"):
        row = re.search(r"\.cells(\[\?.*\]) \| \[0\]\[1\]\Z", place)
        proof = f"length({head}) == `1`"
        if row:
            proof += f" && length(({head} | [0]).cells{row[1]}) == `1`"
    elif place.startswith("forms[?"):
        proof = f"length({head}) == `1`"
    elif place.startswith("ids."):
        beside = f"{place} && {place} == fields.{key(taken.label)}"
        proof = beside if taken.label and all(holds(beside, page.data) for page in pages) else place
    elif place.startswith("fields."):
        proof = place
    return proof if proof and all(holds(proof, page.data) for page in pages) else None
