# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts the fields of a read or a write from the pages that show them: by words, kind and shape of the values.

A field is drafted if one candidate fits best. If several fit equally well with different values, the user decides.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..hints import hints, meaning_of, word_score
from ..sensitive import EMAIL
from .builder import Choice, DraftBuilder
from .candidates import Candidate, candidates, evaluate, is_true, shown_values

if t.TYPE_CHECKING:
    from ....module_utils._web.page.page import Page

GOOD = 3
"""The lowest score at which a candidate is drafted without a question."""
_EXCLUSIVE_KINDS = ("checkbox", "address", "image", "message")


@dataclass(frozen=True, kw_only=True)
class ScoredCandidate(Candidate):
    """A candidate with its score."""

    score: int


def shortened(value: t.Any) -> t.Any:
    """Return ``value``, a long text cut to the length that a question shows."""
    return value[:57] + "…" if isinstance(value, str) and len(value) > 58 else value


def dates_that_fit(text: str) -> list[str]:
    """Return the formats of ``date_formats`` that can parse ``text``."""
    fitting = []
    for form in hints()["date_formats"]:
        try:
            datetime.strptime(text.strip(), form)
        except ValueError:
            continue
        fitting.append(form)
    return fitting


def score(candidate: Candidate, hint: Mapping[str, t.Any]) -> int:
    """Return how well ``candidate`` fits the words, kind and shape of ``hint``: 0 if not at all."""
    kind, value = hint.get("kind"), candidate.value
    if kind in _EXCLUSIVE_KINDS and candidate.kind != kind:
        return 0
    if kind is None and candidate.kind in _EXCLUSIVE_KINDS:
        return 0
    if kind == "number" and not re.fullmatch(r"\s*\d*\s*", str(value)):
        return 0
    if kind == "date" and not dates_that_fit(str(value)):
        return 0
    if kind == "email" and not EMAIL.fullmatch(str(value).strip()):
        return 0
    if "shape" in hint and not re.search(hint["shape"], str(value).strip()):
        return 0
    found = max(word_score(candidate.label, hint["words"]), word_score(candidate.name, hint["words"]))
    if kind in ("address", "image", "message") and not found:
        return 1
    if kind == "email":  # the address of a person is one, whatever it is called
        return GOOD + found
    if "values" in hint and found and meaning_of(value, hint["values"]) is not None:
        found += 1
    return found


def rank_candidates(pages: Sequence[Page], hint: Mapping[str, t.Any]) -> list[ScoredCandidate]:
    """Return the candidates of ``pages`` that fit ``hint``, best first. Ties keep the order of :func:`candidates`."""
    best: dict[str, ScoredCandidate] = {}
    for page in pages:
        for each in shown_values(page):
            found = score(each, hint)
            known = best.get(each.expression)
            better = found and (known is None or found > known.score)
            if better and evaluate(each.expression, page.data) == each.value:  # few are worth the proof
                best[each.expression] = ScoredCandidate(**vars(each), score=found)
    return sorted(best.values(), key=lambda item: -item.score)


def draft_field(
    builder: DraftBuilder, place: str, hint: Mapping[str, t.Any], pages: Sequence[Page], *, needed: bool, name: str
) -> Candidate | None:
    """Draft the field at the path ``place``, or ask about it. Return the chosen candidate, None if there is none.

    ``needed``: the contract requires the field, so the question is not optional. ``name`` is used in the question.
    """
    ranking = rank_candidates(pages, hint)
    if builder.is_decided(place):
        answer = builder.ask(place, "", _choices(ranking, hint, pages, needed))
        if not isinstance(builder.decisions[place], int) or not isinstance(answer, str):
            return None
        shown = (each for page in pages for each in candidates(page))
        chosen: Candidate = next(each for each in (*ranking, *shown) if each.expression == answer)
    else:
        good = [each for each in ranking if each.score >= GOOD]
        if "otherwise" in hint and needed and not good:
            builder.set_value(place, hint["otherwise"])
            needed = False
        best = [each for each in good if each.score == good[0].score]
        if all(each.goes_by == "json" for each in best):  # a label is the last key, which other objects have as well
            paths = {each.name: word_score(each.name, hint["words"]) for each in best}
            best = [replace(each, label="") for each in best if paths[each.name] == max(paths.values())]
        values = {str(each.value) for each in best}
        if not best or (len(values) > 1 and len({each.label or each.name for each in best}) > 1):
            choices = _choices(ranking, hint, pages, needed)
            if choices or needed:
                builder.ask(place, f"Where does the page show {name.replace('_', ' ')}?", choices, optional=not needed)
            return None
        chosen = best[0]
    pick, question = _pick(chosen, hint, pages, needed)
    if question is None and not builder.is_decided(place):
        builder.sure.append(f"{place}: {chosen.expression}, named {chosen.label or chosen.name or chosen.kind!r}")
    builder.put(place, pick if len(pick) > 1 else pick["pick"])
    if question is not None:
        builder.ask(f"{place}.{question[0]}", *question[1:])
    return chosen


def draft_fields(
    builder: DraftBuilder,
    place: str,
    fields: Mapping[str, Mapping[str, t.Any]],
    pages: Sequence[Page],
    needed: Collection[str],
) -> dict[str, Candidate]:
    """Draft the fields of the operation at ``place``, and what proves its page. Return the candidates by name."""
    chosen: dict[str, Candidate] = {}
    for name, hint in fields.items():
        found = draft_field(builder, f"{place}.fields.{name}", hint, pages, needed=name in needed, name=name)
        chosen |= {name: found} if found is not None else {}
    proofs = (page_proof(found, pages) for name, found in chosen.items() if name in needed)
    proof = next(filter(None, proofs), None)
    if proof is not None and not builder.is_decided(f"{place}.steps"):
        part, name = place.split(".")
        builder.profile[part][name]["steps"][-1]["expect"] = proof
    return chosen


def _choices(
    ranking: Sequence[ScoredCandidate], hint: Mapping[str, t.Any], pages: Sequence[Page], needed: bool
) -> list[Choice]:
    """Return the choices of a question. Users answer with their numbers, so decisions must not change the order."""
    choices = [Choice(each.expression, shortened(each.value)) for each in ranking]
    if "otherwise" in hint:
        choices.insert(0, Choice(hint["otherwise"], "(not in this recording)"))
    elif needed and not choices:
        shown = [each for page in pages[-1:] for each in candidates(page)]
        fitting = [each for each in shown if each.kind == hint.get("kind")] or shown
        choices = [Choice(each.expression, shortened(each.value)) for each in fitting]
    return choices


def field_pick(expression: str, seen: Sequence[t.Any], hint: Mapping[str, t.Any], *, needed: bool) -> dict[str, t.Any]:
    """Return how a profile reads a value, with the filters for a text; without those for a date and its meanings.

    ``seen``: what was recorded there. An empty text counts as a value, unless a filter must convert it; a number may be
    empty on another printer, such as the port of a proxy.
    """
    kind = hint.get("kind")
    missing = None in seen or ("" in seen and (kind is not None or "shape" in hint))
    required = needed and kind != "number" and (not missing or kind == "email")  # a row without one is not left out
    pick: dict[str, t.Any] = {"pick": expression} | ({} if required else {"required": False})
    if kind == "number":
        pick["filters"] = ["trim", "integer"]
    elif "shape" in hint:
        pick["filters"] = ["trim", {"regex": hint["shape"]}]
    return pick


def _pick(
    chosen: Candidate, hint: Mapping[str, t.Any], pages: Sequence[Page], needed: bool
) -> tuple[dict[str, t.Any], tuple[str, str, list[Choice]] | None]:
    """Return how a profile reads the field, and what is open about it: the key, the question and the choices."""
    values = [evaluate(chosen.expression, page.data) for page in pages]
    pick = field_pick(chosen.expression, values, hint, needed=needed)
    if hint.get("kind") == "date":
        formats = dates_that_fit(str(chosen.value))
        pick["filters"] = [{"date": formats}]
        if len(formats) > 1:
            question = f"Which date format does {chosen.value!r} have?"
            return pick, ("filters", question, [Choice([{"date": [each]}], each) for each in formats])
    if "values" in hint:
        pick["values"] = spelt_like([each for each in values if isinstance(each, str)], hint["values"])
        if unknown := unknown_texts(chosen.expression, hint["values"], pages):
            texts = " and ".join(map(repr, unknown))
            question = f"What does {texts} mean? Answer with the whole map: meaning to texts."
            return pick, ("values", question, [Choice({name: [unknown[0]]}, unknown[0]) for name in hint["values"]])
    return pick, None


def spelt_like(seen: Sequence[str], values: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the texts of each meaning, also as ``seen`` has them: texts are compared with their capitals."""
    made = {name: list(texts) for name, texts in values.items()}
    for each in seen:
        if (meaning := meaning_of(each, values)) is not None:
            made[meaning].append(each)
        if each[:1].isupper():
            for texts in made.values():
                texts += [text.upper() if each.isupper() else text[:1].upper() + text[1:] for text in texts]
    return {name: list(dict.fromkeys(texts)) for name, texts in made.items()}


def unknown_texts(expression: str, values: Mapping[str, t.Any], pages: Sequence[Page]) -> list[str]:
    """Return the texts that ``pages`` show and that are none of ``values``, each once."""
    seen = (evaluate(expression, page.data) for page in pages)
    texts = dict.fromkeys(str(each) for each in seen if each is not None)
    return [each for each in texts if meaning_of(each, values) is None]


def page_proof(chosen: Candidate | None, pages: Sequence[Page]) -> str | None:
    """Return the condition (``expect``) that holds on every page where ``chosen`` reads a value, None without one."""
    proofs = (chosen.proof, chosen.proof.partition(" && ")[0]) if chosen is not None and chosen.proof else ()
    return next((proof for proof in proofs if all(is_true(proof, page.data) for page in pages)), None)
