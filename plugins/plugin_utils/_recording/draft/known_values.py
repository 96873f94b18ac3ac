# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Returns what a draft knows to be sensitive, whatever it looks like: account, registration address, people's names."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator

from ..exchange import Recording
from ..hints import hints, word_score
from ..scrub import replaceable, scan
from ..sensitive import EMAIL, USUAL_ACCOUNTS
from .candidates import read_value
from .draft import Draft
from .fields import GOOD
from .history import BrowsingHistory, read_history
from .lists import find_lists
from .row_keys import column_names, in_column
from .script_sign_in import sent_texts
from .session import RecordedSession, ShownSession, find_session

_ADDRESSES = (("read", "registration"), ("write", "register"))


def known_values(recording: Recording, drafted: Draft, shown: ShownSession | None) -> dict[str, str]:
    """Return the values that ``drafted`` reads or sends as secrets and that ``recording`` still contains.

    Their names state the kind, as :func:`..scrub.scrub` takes them.
    """
    history = read_history(recording, drafted.base_path)
    account, people = _account(find_session(history, shown)), _people(history)
    found = dict.fromkeys((*account, *_addresses(history, drafted), *people))
    numbered = {f"{number} {kind}": value for number, (kind, value) in enumerate(found, 1)}
    usable, _notes = replaceable(recording, numbered)
    left = {each.known for each in scan(recording, usable)}
    return {name: value for name, value in usable.items() if name in left}


def _account(session: RecordedSession) -> Iterator[tuple[str, str]]:
    yield from (("password", each) for each in session.passwords)
    typed = [
        (control["type"] in ("text", "email"), dict(each.visit.form).get(control["name"], ""))
        for each in session.forms
        for control in each.form["controls"]
    ]
    if session.method == "json" and session.request is not None:
        texts = sent_texts(session.request).items()
        typed += [(word_score(at[-1], hints()["account"]) >= GOOD, text) for at, text in texts]
    yield from (("user name", each) for names, each in typed if names and each.lower() not in USUAL_ACCOUNTS | {""})


def _people(history: BrowsingHistory) -> Iterator[tuple[str, str]]:
    """Yield the names of people in lists with their addresses, by the headings of the columns."""
    words = [*hints()["person"], *hints()["account"]]
    lists = find_lists([each for each in history.visits if each.is_page and each.own])
    for row in (row for each in lists for page in each.pages for row in each.rows_of(page)):
        texts = {name: in_column(row, name) for name in column_names(row)}
        if any(map(EMAIL.search, texts.values())):
            named = (text for name, text in texts.items() if word_score(name.rpartition(".")[2] or name, words) >= GOOD)
            yield from (("user name", each) for each in named if each and not EMAIL.search(each))


def _addresses(history: BrowsingHistory, drafted: Draft) -> Iterator[tuple[str, str]]:
    for part, name in _ADDRESSES:
        operation: t.Any = drafted.profile.get(part, {}).get(name)
        pick = operation.get("fields", {}).get("address") if isinstance(operation, dict) else None
        values = (read_value(pick, each.data) for each in history.visits if pick and each.is_page)
        yield from (("registration address", each) for each in values if isinstance(each, str) and "/" in each)
