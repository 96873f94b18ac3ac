# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out the steps of a plan in their order, and stops if anything else happens. Knows no page and no list.

Right before the first removal all lists are read again: a plan that was made on an older state is refused, and whoever
was added must be there. No removal is sent before the one before it is proven. The first step of each kind in a run is
proven by reading the lists that it changes whole: nobody but the person meant may have come or gone. Each later one is
proven by reading that person, also where they should still be; without a search, the whole lists at the end prove the
additions. The lists are also read whole after a step whose answer was not the expected one, as it may have changed
somebody else, after one that was not sent, as its row was not found, and where a search does not show a person before
the removal.
What undoes an [Add] is sent only where the person was not on that list directly before the [Add], and is there after
it.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import replace

from .._decide.access.expected import Difference, ExpectedLists
from .._decide.access.model import AccessState, PlanStep
from .._decide.access.state import list_problem
from .._decide.access.warnings import MOST_NAMED
from .._web.errors import (
    AccountLocked,
    Busy,
    ForbiddenRedirect,
    GuardrailRefused,
    NotReadBack,
    OwnedByOther,
    PasswordChangeDemanded,
    PrismaError,
    RunEnded,
    SignInRefused,
    TransportError,
    UnexpectedPage,
    Unsupported,
    UntrustedCertificate,
)
from .._web.session.last_write import LastWrite
from .directory import Directory
from .person_result import PersonResult
from .task import Request

LOST_IN_A_ROW = 2
"""The run ends after so many steps in a row without a response that the profile expects."""

_ENDS_THE_RUN = (
    SignInRefused,
    AccountLocked,
    PasswordChangeDemanded,
    UntrustedCertificate,
    ForbiddenRedirect,
    RunEnded,
    Busy,
    Unsupported,
    GuardrailRefused,
    NotReadBack,
)
"""Errors that the next step would have as well, and those that prove that something else happens."""

_CHECK = "Check the {noun} with a browser, and correct the profile if it removes other people."


class StepRun:
    """One pass through the steps of a plan. ``stopped`` is the error that ended it early, None if none did."""

    def __init__(
        self, request: Request, directory: Directory, state: AccessState, dotless_domains: Sequence[str]
    ) -> None:
        self.people: dict[str, PersonResult] = {}
        self.stopped: PrismaError | None = None
        self._request = request
        self._directory = directory
        self._rules = state.rules
        self._check = _CHECK.format(noun=state.rules.noun)
        self._expected = ExpectedLists(state, dotless_domains)
        self._proven: set[tuple[str, bool]] = set()
        self._to_leave: dict[str, set[str]] = {}
        self._lost = 0
        self._removals_begun = False
        self.surprises: tuple[Difference, ...] = ()
        """Who was seen to have come or gone when the run stopped."""
        self.sent = False
        """Whether the interface may have acted on any write, also on one that it refused."""

    @property
    def noun(self) -> str:
        """What messages call the site or tenant."""
        return self._rules.noun

    def send(self, steps: Sequence[PlanStep]) -> None:
        """Send the steps in their order. A person who cannot be changed does not hold up the others."""
        undone: dict[str, list[str]] = {}
        for step in steps:
            self._to_leave.setdefault(step.person, set()).update(step.removed)
            if step.undoes_addition:
                undone.setdefault(step.person, []).extend(step.removed)
        for step in steps:
            if step.takes_away and self.stopped is None and not self._removals_begun:
                self._check_unchanged()
            person = self.people.setdefault(step.person, PersonResult(step.person))
            if self.stopped is not None or person.error is not None or self._must_wait(step):
                person.left.append(step)
            else:
                self._run_step(step, person, undone.get(step.person, []))

    def _check_unchanged(self) -> None:
        """Read all lists right before the first removal, and end the run if others have changed them since the plan.

        What is left of a person by two runs at once is no longer what a plan of either has decided.
        """
        self._removals_begun = True
        try:
            lists = self._directory.read(self._rules.part_of.keys())
            problems = [f"{name}: {text}" for name, found in lists.items() if (text := list_problem(found, self.noun))]
            if problems:
                raise UnexpectedPage(f"before the first removal: {'; '.join(problems)}")
            others = self._expected.differences(lists, self.people)
            if others:
                self.surprises = others
                raise Busy(
                    f"the {self.noun} is not what the plan was made on: {named(others)}. Nobody was removed",
                    advice=f"Somebody else is changing the {self.noun}, perhaps another run. Run again for a new plan.",
                )
            for one in self._expected.differences(lists):
                what = f"{one.person} is not on {one.part}" if one.gone else one
                self.stopped = NotReadBack(
                    f"before the first removal the {self.noun} does not show what this run asked for: {what}. "
                    "Nobody was removed",
                    advice=f"Check the {self.noun} with a browser. If it shows this person by another address, declare "
                    "that one: nobody is declared by it, so it would have been removed.",
                )
                person = self.people[one.person]
                person.error = person.error or self.stopped
        except PrismaError as error:
            self.stopped = error

    def _run_step(self, step: PlanStep, person: PersonResult, undone: Sequence[str]) -> None:
        session = self._directory.session
        session.last_write = LastWrite()  # what the step before this one sent is none of its own
        try:
            if not step.removed:
                self._add(step, person, undone)
            elif not step.undoes_addition:
                self._remove(step, step.address, person)
            elif there := self._directory.lists_of(step.person, step.removed):
                self._remove(step, next(iter(there.values())), person)
            else:
                self._expected.apply(step)  # this site's [Add] did not put them there
        except PrismaError as error:
            person.error = error
            if isinstance(error, OwnedByOther):  # its own advice is that of a printer
                error.advice = f"Have the other {self.noun} remove this person, or leave the person out here."
            unproven_addition = isinstance(error, NotReadBack) and not step.removed and not self.surprises
            if unproven_addition and step in person.done:
                person.done.remove(step)
            if step not in person.done:
                person.left.append(step)
                if session.last_write.lost and not step.removed:
                    self._expected.apply(step)  # it may be done: nobody is removed unless the lists show it
            lost = unproven_addition or isinstance(error, (TransportError, UnexpectedPage))
            self._lost = self._lost + 1 if lost else 0
            # a person who belongs to another site or tenant proves nothing about the next one
            ends = self._is_unclear(step, error) or (isinstance(error, _ENDS_THE_RUN) and not unproven_addition)
            if ends or self._lost >= LOST_IN_A_ROW or self._request.deadline.passed:
                self.stopped = error
        else:
            self._lost = 0

    def _is_unclear(self, step: PlanStep, error: PrismaError) -> bool:
        """Return whether a step that failed may have changed somebody, so that no other one can be sent.

        A removal that was sent and not confirmed is the last one. What the interface refused in words of the profile
        was not done if the lists show nothing else.
        """
        session = self._directory.session
        lost = session.last_write.lost
        if isinstance(error, NotReadBack) or not session.last_write.sent or not (lost or step.removed):
            return False
        try:
            found = self._differences(step, self._changed(step))
        except PrismaError:
            return True
        session.wrote = session.wrote or bool(found)
        self.surprises = tuple(one for one in found if one.person != step.person)
        return bool(self.surprises or step.removed if lost else found)

    def _add(self, step: PlanStep, person: PersonResult, undone: Sequence[str]) -> None:
        if undone and not person.done:
            there = self._directory.lists_of(step.person, undone)
            if there:
                raise PrismaError(
                    f"{step.person} is on {', '.join(there)} meanwhile, which the plan does not know",
                    advice=f"Somebody else has changed the {self._rules.noun}, or it was not shown whole.",
                )
        person.note(step, self._carry_out(step))
        self._expected.apply(step)
        if self._needs_whole_lists(step):
            self._prove(step)
        self._prove_addition(step, undone)

    def _needs_whole_lists(self, step: PlanStep) -> bool:
        last_write = self._directory.session.last_write
        return self._proof_key(step) not in self._proven or last_write.lost or not last_write.sent

    def _prove_addition(self, step: PlanStep, undone: Sequence[str]) -> None:
        """Look the person up on a list on which the addition should have put them."""
        parts = {self._rules.part_of[name] for name in step.effects if name not in undone}
        part = next((part for part in self._rules.parts if part.name in parts), None)
        if part is None or not self._directory.can_look_up(step.person, part.lists):
            return
        if not self._look_up(step, part.lists):
            raise NotReadBack(
                f"{step.person} is not on {' or '.join(part.lists)} after {step.label}",
                advice=f"Check the {self._rules.noun} with a browser: it may need more time, or have refused without "
                "an error.",
            )

    def _remove(self, step: PlanStep, address: str, person: PersonResult) -> None:
        """Remove a person; ``address`` is as the interface shows it, by which a profile finds the row."""
        found = self._search_finds(step, address)
        message = self._carry_out(replace(step, address=address))
        self._expected.apply(step)
        if not found or self._needs_whole_lists(step):
            self._prove(step)
        elif left := self._look_up(step, self._lists_to_leave(step)):
            raise NotReadBack(f"{step.person} is still on {', '.join(left)} after the removal", advice=self._check)
        person.note(step, message)

    def _search_finds(self, step: PlanStep, address: str) -> bool:
        """Return whether a search shows the person before a removal. If not, an empty one after it proves nothing.

        Nothing is searched for where whole lists prove the removal, or where it was just done for an undoing.
        """
        if address != step.person:
            return False
        if self._proof_key(step) not in self._proven or step.undoes_addition:
            return True
        searches = self._directory.can_look_up(step.person, step.removed)
        return not searches or bool(self._directory.lists_of(step.person, step.removed))

    def _look_up(self, step: PlanStep, lists: Sequence[str]) -> list[str]:
        """Return on which of the lists a person is after a step.

        All lists are read, as after the first step of its kind, if they are not where they should still be.
        """
        kept = self._kept(step)
        if len(self._rules.readings) > 1 and not self._directory.can_look_up(step.person, kept):
            kept = []
        there = self._directory.lists_of(step.person, [*lists, *kept])
        if not there.keys() >= set(kept):
            self._prove_lists(step, self._rules.names)
        return [name for name in lists if name in there]

    def _lists_to_leave(self, step: PlanStep) -> list[str]:
        """Return the lists on which a person must not be after a removal.

        Somebody who was invited when the plan was made may have become active since: the list of active people counts
        as well, unless it has a removal of its own that comes later.
        """
        parts = dict.fromkeys(self._rules.by_name[self._rules.part_of[name]] for name in step.removed)
        return [
            name
            for part in parts
            for name in part.lists
            if name in step.removed or not self._expected.has(step.person, part.lists)
        ]

    def _prove(self, step: PlanStep) -> None:
        """Read the lists that an operation changes whole, and raise where they show anything else.

        So the other lists, unless a search shows the person there as expected: the operation may change those as well.
        """
        lacking = self._prove_lists(step, self._changed(step))
        if not self._is_as_expected(step.person, self._beside(step)):
            lacking = self._prove_lists(step, self._rules.names)
        if not lacking:
            self._proven.add(self._proof_key(step))

    def _prove_lists(self, step: PlanStep, parts: Collection[str]) -> list[Difference]:
        """Return what of an addition does not show. That decides nothing here: a list may need time."""
        found = self._differences(step, parts)
        own = [one for one in found if one.person == step.person and one.part in self._changed(step)]
        lacking = [one for one in own if one.gone and not step.removed]
        here = [one for one in own if not one.gone and step.removed]
        others = [one for one in found if one not in lacking and one not in here]
        if here or others:
            self.surprises = tuple(others)
            still = f"{step.person} is still there" if here else ""
            raise NotReadBack(
                f"after {step.label} of {step.person} the {self.noun} does not show what this run did: "
                + "; ".join(filter(None, (still, named(others)))),
                advice=self._check,
            )
        return lacking

    def _proof_key(self, step: PlanStep) -> tuple[str, bool]:
        """Return what one proof holds for: an operation; without a search, apart for who keeps something besides."""
        kept = self._kept(step)
        keeps = any(self._rules.part_of[name] not in self._rules.base for name in kept)
        return step.label, keeps and not self._directory.can_look_up(step.person, kept)

    def _kept(self, step: PlanStep) -> list[str]:
        """Return the lists on which a person should stay to the end."""
        beside = [name for name in self._beside(step) if name not in self._to_leave[step.person]]
        return [name for name in beside if self._expected.has(step.person, (name,))]

    def _beside(self, step: PlanStep) -> list[str]:
        """Return the lists that a step should not change."""
        changed = self._changed(step)
        return [name for name, part in self._rules.part_of.items() if part not in changed]

    def _changed(self, step: PlanStep) -> set[str]:
        return {self._rules.part_of[name] for name in step.effects}

    def _is_as_expected(self, person: str, lists: Sequence[str]) -> bool:
        """Return whether a person is on just those of the lists on which they should be, as far as one reading says."""
        if len(self._rules.readings) == 1:  # which has shown them
            return True
        if not self._directory.can_look_up(person, lists):
            return False
        there = self._directory.lists_of(person, lists)
        return there.keys() == {name for name in lists if self._expected.has(person, (name,))}

    def _differences(self, step: PlanStep, parts: Collection[str]) -> tuple[Difference, ...]:
        """Read lists whole; return how they differ from what this run should have done.

        Other people whose step failed are left out. Where one reading shows everything, everything is compared.
        """
        lists = self._directory.read({name for part in parts for name in self._rules.by_name[part].lists})
        problems = [f"{name}: {text}" for name, found in lists.items() if (text := list_problem(found, self.noun))]
        if problems:
            raise NotReadBack(f"after {step.label} of {step.person}: {'; '.join(problems)}")
        unknown = {person.person for person in self.people.values() if person.error is not None} - {step.person}
        whole = lists.keys() >= set(self._rules.readings)
        return self._expected.differences(lists, unknown, None if whole else parts)

    def _check_others(self, step: PlanStep) -> None:
        """Raise unless a step that was sent, and is not done, has left everybody else alone: it may be sent again."""
        self.surprises = tuple(one for one in self._differences(step, self._changed(step)) if one.person != step.person)
        if self.surprises:
            text = f"after {step.label} of {step.person}, which is not done: {named(self.surprises)}"
            raise NotReadBack(text, advice=self._check)

    def _must_wait(self, step: PlanStep) -> bool:
        """No administrator is removed while a new one could not be added: that one may be the successor."""
        lists = set(self._rules.administrator_lists)
        return (
            step.takes_away
            and bool(lists & set(step.removed))
            and any(
                lists & (left.effects.keys() - set(left.removed))
                for person in self.people.values()
                if person.error is not None
                for left in (*person.left, *person.done)  # what was answered, but is not there, does not count either
            )
        )

    def _carry_out(self, step: PlanStep) -> str | None:
        """Prove whose people these are, and carry out a step at once.

        One that the site turned away (429) was not done: it is sent again after a pause. Not one that was answered in
        any other way, or may have arrived: it may have been done.
        """
        retries = int(self._request.options["retries"])
        session = self._directory.session
        for attempt in range(retries + 1):
            try:
                self._directory.prove()
                return self._directory.carry_out(step, lambda: self._check_others(step))
            except Busy as error:
                if error.may_have_arrived or session.last_write.sent or attempt == retries:
                    raise
                session.client.pause(_seconds(error, attempt))
            finally:
                self.sent = self.sent or session.last_write.sent
                session.wrote = session.wrote or session.last_write.may_be_done
        raise AssertionError("the last attempt returns or raises")


def named(differences: Sequence[Difference]) -> str:
    """Return differences as one text, those who are gone first."""
    ordered = sorted(differences, key=lambda one: not one.gone)
    more = f" and {len(ordered) - MOST_NAMED} more" if len(ordered) > MOST_NAMED else ""
    return ", ".join(str(one) for one in ordered[:MOST_NAMED]) + more


def _seconds(error: Busy, attempt: int) -> float:
    asked = str(error.details.get("retry_after") or "")
    if asked.isdecimal():
        return float(asked)
    return random.uniform(0.5, 1.0) * float(1 << attempt)
