# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the account in a request by which a script signs in: in JSON, however nested, or in fields. Drafts nothing."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping

from ..hints import hints, word_score
from ..sensitive import EMAIL
from .fields import GOOD
from .history import Visit

Place = tuple[str, ...]


def sent_texts(sent: Visit) -> dict[Place, str]:
    """Return the texts of a request by the names that lead to them."""
    return dict(_texts(_body(sent), ()))


def password_place(sent: Visit) -> Place | None:
    """Return where a request has a password, None if it has none."""
    return next((at for at in sent_texts(sent) if word_score(at[-1], hints()["password"]) >= GOOD), None)


def account_bodies(sent: Visit, has_domain: bool, given: Mapping[str, str]) -> list[dict[str, t.Any]]:
    """Return the body of a request with placeholders for the account: several if several texts may be the user name.

    ``has_domain``: accounts may have one. ``given``: what stands in the place of the values that only one session has.
    """
    texts, password = sent_texts(sent), password_place(sent)
    fixed = {at: given[text] for at, text in texts.items() if text in given}
    scores = {at: word_score(at[-1], hints()["account"]) for at in texts if at != password and at not in fixed}
    fixed |= {password: "${password}"} if password is not None else {}
    domains = [at for at in scores if word_score(at[-1], hints()["domain"]) >= GOOD]
    fixed |= dict.fromkeys(domains if has_domain else (), "${domain}")
    free = [at for at in scores if at not in domains]
    named = [at for at in free if scores[at] >= GOOD] or [at for at in free if scores[at]]
    found = named or [at for at in free if EMAIL.fullmatch(texts[at])]
    if found or not free:
        return [_filled(_body(sent), fixed | dict.fromkeys(found, "${username}"), ())]
    return [_filled(_body(sent), fixed | {at: "${username}"}, ()) for at in free]


def _body(sent: Visit) -> t.Any:
    return sent.sent_json if sent.sent_json is not None else dict(sent.form)


def _texts(data: t.Any, at: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from _texts(value, (*at, str(name)))
    elif isinstance(data, str) and at:
        yield at, data


def _filled(data: t.Any, inputs: Mapping[Place, str], at: Place) -> t.Any:
    if isinstance(data, Mapping):
        return {name: _filled(value, inputs, (*at, str(name))) for name, value in data.items()}
    return inputs.get(at, data)
