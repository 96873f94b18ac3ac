# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what was changed in a recording: forms with their confirmation pages, JSON requests, links that act at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .history import BrowsingHistory, RecordedSubmission, Visit, is_same_form, shows_form
from .row_links import path_parts
from .rows import RowList, row_leading_to, row_of_submission, row_of_values
from .submitted_fields import set_by_scripts
from .tokens import values_given

UNEDITED_TYPES = ("hidden", "password", "file")


@dataclass
class RecordedWrite:
    """One change that was recorded: a submitted form with its confirmation pages, or a JSON request.

    ``submissions`` is empty for a JSON request, which is ``request`` then.
    """

    submissions: list[RecordedSubmission] = field(default_factory=list)
    request: Visit | None = None

    @property
    def last(self) -> Visit:
        """The request that made the change."""
        return self.request if self.request is not None else self.submissions[-1].visit

    @property
    def name(self) -> str:
        """Return the name by which questions refer to this change."""
        if not self.submissions:
            return self.last.name
        return f"the form of {self.submissions[0].source.path} with the button {', '.join(self.labels)!r}"

    @property
    def labels(self) -> list[str]:
        """The labels of the first form's buttons, of those that can have been pressed."""
        parts = self.submissions[:1]
        buttons = [each for part in parts for each in part.buttons or part.form["buttons"]]
        unnamed = [] if parts and parts[0].buttons else [each for each in buttons if not each["name"]]
        return [each["label"] for each in unnamed or buttons if each["label"]]


def find_writes(
    history: BrowsingHistory, after: int, before: int, lists: Sequence[RowList] = ()
) -> list[RecordedWrite]:
    """Return every change that was recorded between two exchanges, in the order of the recording.

    A GET is one if it is answered by a redirect to somewhere else only, and follows a link in a row of ``lists``, or a
    script made its address of what the row has and the redirect leads back to the list. A form that only the answer to
    another one shows belongs to that change, such as one in which its name is typed; so does one on a page to which
    only the redirect leads after something was chosen.
    """
    found: list[RecordedWrite] = []
    for visit in history.visits:
        if not after < visit.number < before:
            continue
        elsewhere = visit.redirects_to is not None and not visit.redirects_to.startswith(visit.url)
        if not visit.writes and not (elsewhere and (row_leading_to(lists, visit) or _names_row(history, lists, visit))):
            continue
        if visit.status >= 400 or not visit.own:  # a refused request changed nothing
            continue
        submission = history.submission(visit) if visit.writes else None
        if submission is None and not can_be_sent(visit):
            continue
        if submission is None:
            if found and found[-1].request is not None and values_given(found[-1].request, visit):
                found.pop()  # it only asked
            found.append(RecordedWrite(request=visit))
        elif (
            found
            and found[-1].submissions
            and submission.source is history.landing(found[-1].last)
            and (_is_confirmation(submission, found[-1]) or _is_answer(lists, history, found[-1], submission))
            and row_of_submission(lists, submission) is None
            and not _was_offered(lists, found[-1], submission)
        ):
            found[-1].submissions.append(submission)
        else:
            found.append(RecordedWrite([submission]))
    return found


def _is_answer(
    lists: Sequence[RowList], history: BrowsingHistory, before: RecordedWrite, submission: RecordedSubmission
) -> bool:
    """Whether only the answers to changes show the submitted form, also by a redirect after something was chosen."""
    page = history.fetched(submission)
    if page.writes:
        return True
    first = before.submissions[0]
    chose = any(each["type"] not in UNEDITED_TYPES for each in first.form["controls"]) or set_by_scripts(first)
    shown = (each for each in history.visits if not each.writes and shows_form(each, submission.form))
    linked = any(page.url in each.leads_to for each in history.visits if each.number < page.number)
    only = not linked and all(each.number in history.answers for each in shown)
    return only and (bool(chose) or row_of_submission(lists, first) is not None)


def _was_offered(lists: Sequence[RowList], before: RecordedWrite, submission: RecordedSubmission) -> bool:
    """Whether the page before showed the same list with the button that was pressed, such as that to its next page."""
    first, buttons = before.submissions[0].source, submission.buttons or submission.form["buttons"]
    offered = {(each["name"], each["label"]) for form in first.forms for each in form["buttons"]}
    same_list = any(each.rows_on(first) and each.rows_on(submission.source) for each in lists)
    return same_list and all((each["name"], each["label"]) in offered for each in buttons)


def can_be_sent(visit: Visit) -> bool:
    """Whether a profile can send what a script sent: fields or JSON, and no XML."""
    return not visit.request_body or bool(visit.form) or visit.sent_json is not None


def _names_row(history: BrowsingHistory, lists: Sequence[RowList], visit: Visit) -> bool:
    """Whether an address that no page has as a link names a row of the list that is shown afterwards."""
    after = history.landing(visit)
    shown = [each for each in lists if any(after.address == page.address for page in each.pages)]
    address = [*path_parts(visit.path), *(value for _name, value in visit.query)]
    linked = any(visit.url in each.leads_to for each in history.visits if each.number < visit.number)
    return not linked and any(row_of_values(shown, visit, (), address, ()))


def _is_confirmation(submission: RecordedSubmission, before: RecordedWrite) -> bool:
    """Whether ``submission`` only confirms the one before: a different form into which nothing was filled."""
    if set_by_scripts(submission) or any(each["type"] not in UNEDITED_TYPES for each in submission.form["controls"]):
        return False
    # A form that the first page already had is an operation of its own.
    return not any(is_same_form(submission.form, form) for part in before.submissions for form in part.source.forms)
