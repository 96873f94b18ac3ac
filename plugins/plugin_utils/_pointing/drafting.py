# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pointing takes from the draft: one way to write expressions, to read recordings, and to find what was sent.

The only file of this package that imports from the draft.
"""

from __future__ import annotations

from .._recording.draft.candidates import (
    Candidate,
    candidates,
    evaluate,
    form_pick,
    form_test,
    identifier,
    is_true,
    lists_of_objects,
    quoted,
    table_pick,
)
from .._recording.draft.fields import GOOD, page_proof
from .._recording.draft.files import DraftOptions, draft_to_files, read_decisions
from .._recording.draft.history import BrowsingHistory, RecordedSubmission, Visit, is_same_form, read_history
from .._recording.draft.lists import number_picks
from .._recording.draft.session import RecordedSession
from .._recording.draft.writes import LIST_SEPARATORS, RecordedWrite, find_writes
from .._recording.hints import hints, meaning_of, word_score

__all__ = [
    "GOOD",
    "LIST_SEPARATORS",
    "BrowsingHistory",
    "Candidate",
    "DraftOptions",
    "RecordedSubmission",
    "RecordedWrite",
    "Visit",
    "candidates",
    "draft_to_files",
    "evaluate",
    "form_pick",
    "form_test",
    "hints",
    "identifier",
    "is_same_form",
    "is_true",
    "lists_of_objects",
    "meaning_of",
    "number_picks",
    "page_proof",
    "quoted",
    "read_decisions",
    "read_history",
    "table_pick",
    "word_score",
    "writes_between",
]


def writes_between(history: BrowsingHistory, first: int, last: int) -> list[RecordedWrite]:
    """Return the changes that were sent from exchange ``first`` to ``last``."""
    return find_writes(history, RecordedSession("none", first - 1, last + 1, ()))
