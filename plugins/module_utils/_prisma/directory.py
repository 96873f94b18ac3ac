# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a site and a tenant have in common: people, who stand on lists, and operations on them. Knows neither."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from .._decide.access.model import AccessState, ListReading, ListRow, PlanStep
from .._decide.identity import canonical
from .._decide.text import same_name
from .._web.errors import GuardrailRefused
from .._web.session.session import Session


class Directory(t.Protocol):
    """The people of a site or a tenant, as one account sees them."""

    @property
    def session(self) -> Session:
        """The session of the account."""

    def state(self) -> AccessState:
        """Read the account and all people. A reading that cannot be proven whole is marked as not complete."""

    def prove(self) -> None:
        """Read the account again; raise unless it, and its site or tenant, are those of :meth:`state`."""

    def read(self, lists: Collection[str]) -> Mapping[str, ListReading]:
        """Read whole what shows these lists, and prove after it whose they are."""

    def lists_of(self, person: str, among: Sequence[str]) -> Mapping[str, str]:
        """Return those of the lists on which a person (canonical identity) is now, each with the address it shows."""

    def can_look_up(self, person: str, among: Sequence[str]) -> bool:
        """Return whether :meth:`lists_of` can search for a person, and need not read whole lists."""

    def carry_out(self, step: PlanStep, check_others: Callable[[], None]) -> str | None:
        """Send one request; return the answer's text, if the profile reads that.

        The caller proves it by readings. Where the answer was lost, the person is looked up: the error is raised only
        if the step was not done. ``check_others`` is called before that, and before it is sent again.
        """


def reading_of(rows: Iterable[ListRow], pages: int, total: int | None, dotless_domains: Iterable[str]) -> ListReading:
    """Return rows that were read to their proven end as a reading; it is not complete if a person is in it twice."""
    found = tuple(rows)
    domains = tuple(dotless_domains)
    seen: set[str] = set()
    for row in found:
        person = canonical(row.address, domains)
        if person in seen:
            problem = f"{person} stands there twice: the list changed while it was read, or a page was read twice"
            return ListReading(found, False, pages, total, problem)
        seen.add(person)
    return ListReading(found, True, pages, total)


def check_same_account(found: Mapping[str, t.Any], before: Mapping[str, t.Any]) -> None:
    """Raise :class:`GuardrailRefused` if the account in use, or its site or tenant, is another one than before."""
    for name, value in before.items():
        if not same_name(str(found[name]), str(value)):
            raise GuardrailRefused(
                f"the account in use has changed during the run: its {name} is {found[name]!r} and was {value!r}",
                advice="Sign in with one account that nobody else uses meanwhile.",
            )


def settled(session: Session, done: bool, check_others: Callable[[], None]) -> bool:
    """Return whether a step is ``done``, by a reading after it; of one that was sent and is not, check the others."""
    if not done and session.last_write.sent:
        check_others()
    return done


def one_line(value: t.Any) -> str | None:
    """Return a value as text in one line; None if it is empty."""
    return " ".join(str(value).split()) if value not in (None, "") else None
