# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the names on a page that mean one row of a list or table, such as that of a button ``delete_17``."""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

from ....module_utils._web.page.rows import whole_row
from .history import RecordedSubmission
from .row_keys import mask, script_arguments
from .row_links import names_one_row
from .rows import LEAST_KEY, RowList, parts_of


def names_of_rows(lists: Sequence[RowList], sent: RecordedSubmission) -> frozenset[str]:
    """Return the names on the page of a submitted form that one row alone has, such as a button ``delete_17``.

    And those of radio buttons of which each row has one: what is chosen there is another row each time.
    """
    found: set[str] = set()
    for each in lists:
        rows = each.whole_on(sent.source) if sent.source in each.pages else ()
        named: dict[str, list[Mapping[str, t.Any]]] = {}
        for row, whole in rows:
            for name in {each["name"] for kind in ("controls", "buttons") for each in parts_of(row, kind, whole)}:
                named.setdefault(name, []).append(row)
        alone = {name: of_name[0] for name, of_name in named.items() if len(of_name) == 1}
        found |= {name for name, row in alone.items() if any(names_one_row(name, text) for text in ("", *_texts(row)))}
        found |= _shared([_named(whole, "radio") for _row, whole in rows])
    for table in sent.source.data["tables"] if sent.source.page.kind == "html" else ():
        boxes = [_named(whole_row(row), "checkbox") for row in table["cells"] if sum(map(bool, row)) > 1]
        alike = _shared([{mask(name) for name in names} for names in boxes])
        found |= {name for names in boxes for name in names if mask(name) in alike} - _shared(boxes)
    return frozenset(found)


def same_in_rows(sent: RecordedSubmission) -> frozenset[str]:
    """Return the texts that links in several rows of a table give to a script, such as the name of their table."""
    found: set[str] = set()
    for table in sent.source.data["tables"] if sent.source.page.kind == "html" else ():
        links = (whole_row(row)["links"] for row in table["cells"])
        found |= _shared(
            [{value for link in of_row for value, _at in script_arguments(link["href"])} for of_row in links]
        )
    return frozenset(found)


def _texts(row: Mapping[str, t.Any]) -> list[str]:
    """Return the texts of a row that may be a part of a name."""
    return [text for text in row.values() if isinstance(text, str) and len(text) >= LEAST_KEY]


def _named(whole: t.Any, kind: str) -> set[str]:
    """Return the names of the controls of a kind in a row."""
    return {each["name"] for each in whole["controls"] if each["type"] == kind} if "controls" in whole else set()


def _shared(names: Sequence[set[str]]) -> set[str]:
    """Return the names that several rows have."""
    return {name for name, times in Counter(chain(*names)).items() if times > 1}
