# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An administration site by the names of the manual: its lists of people, its printers. Knows no page and no path."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from .._decide.access.model import AccessState, ListReading, ListRow, PlanStep
from .._decide.access.rules import SITE_LISTS, SITE_RULES, AccessRules, SiteList, site_rules
from .._decide.identity import canonical
from .._decide.text import same_name
from .._web.errors import BadInput, NoSuchRow, NotReadBack, PrismaError, UnexpectedPage, Unsupported
from .._web.profile.profile import Profile
from .._web.session.proof import Proof
from .._web.session.reading import Reading as Rows
from .._web.session.session import Session
from .._web.session.store import SessionState
from .cloud_account import open_cloud
from .directory import check_same_account, one_line, reading_of, settled
from .serials import check_each_serial_once, find_by_serial
from .task import Request


def demand_site_name(options: Mapping[str, t.Any]) -> None:
    """Raise :class:`BadInput` unless the site is named that a hand-over is to be completed at.

    Source: domain.md, "PRISMAsync". The first sign-in on that page may found a site, and the printer would be there.
    """
    if not options["site"]:
        raise BadInput(
            "printops_site is not set, and an account without a site of its own founds one when it completes a "
            "hand-over: the printer would be there",
            advice="Set printops_site (option site) to the name of the administration site. Nothing was sent.",
        )


def rules_of(profile: Profile) -> AccessRules:
    """Return the rules of a site: the manual's, unless its profile has other lists, or says what [Add] does."""
    puts_on = {name: write.puts_on for name, write in profile.writes.items() if write.puts_on is not None}
    lists = profile.lists
    if lists is None:
        lists = tuple(name for name in SITE_LISTS if name in tuple(SiteList) or name in profile.reads)
    return SITE_RULES if not puts_on and lists == tuple(SiteList) else site_rules(lists, puts_on)


class Site:
    """One account at one site. The first reading proves that it is the site declared, and each after a new sign-in."""

    def __init__(self, session: Session, site: str | None, dotless_domains: Iterable[str]) -> None:
        self.session = session
        self._declared = site
        self._dotless = tuple(dotless_domains)
        self._proven: dict[str, t.Any] = {}
        self._proven_in: SessionState | None = None
        """The sign-in that the account was read with."""
        session.proof = Proof("account", self.account)
        self._rules = rules_of(session.profile)

    @classmethod
    def of(cls, request: Request, site: str | None, dotless_domains: Iterable[str]) -> Site:
        """Return the site that the options of ``request`` mean. No request is sent yet."""
        session = open_cloud(request)
        session.verify_at_end = True
        return cls(session, site, dotless_domains)

    def account(self) -> dict[str, t.Any]:
        """Return the account in use as the portal shows it: ``email``, and ``site`` where the profile reads it.

        Each task reads it, once per sign-in. Raises if it is another site than declared, or if the account or its site
        is another one than before.
        """
        if self._proven_in is not self.session.state:
            self.prove()
        return self._proven

    def prove(self) -> None:
        """Read the account again: a person can change that of a browser session, and the guardrails depend on it."""
        found = dict(self.session.read("account").values)
        self._check_account(found)
        self._proven, self._proven_in = found, self.session.state

    def _check_account(self, found: Mapping[str, t.Any]) -> None:
        if self._declared is not None and "site" not in found:
            raise Unsupported(
                f"the profile {self.session.profile.id} cannot read which site this is, declared is {self._declared!r}"
            )
        if self._declared is not None and not same_name(str(found["site"]), self._declared):
            raise PrismaError(
                f"the account belongs to the site {found['site']!r}, declared is {self._declared!r}",
                advice="Correct the site or the account.",
            )
        check_same_account(found, self._proven)

    def state(self) -> AccessState:
        """Read the account and all lists of people. A list that cannot be proven whole is marked as not complete."""
        self.account()
        readings = self.read(self._rules.readings)
        account = self.account()
        name = account.get("site")
        return AccessState(
            name=str(name or self.session.client.base_url.host),
            name_proven=bool(name),
            readings=readings,
            account=str(account["email"]) if account.get("email") else None,
            operations=frozenset(self.session.profile.writes),
            rules=self._rules,
        )

    def read(self, lists: Collection[str]) -> Mapping[str, ListReading]:
        """Read lists whole, and prove after it whose they are. What is not proven whole is marked as not complete."""
        found = {name: self._people(name) for name in self._rules.readings if name in lists}
        self.prove()
        return found

    def _people(self, name: str) -> ListReading:
        try:
            found = self.session.read(str(name))
        except (UnexpectedPage, Unsupported) as error:
            return ListReading(problem=str(error))
        rows = [ListRow(str(row["email"]), one_line(row.get("since"))) for row in found.rows]
        return reading_of(rows, found.pages, found.total, self._dotless)

    def lists_of(self, person: str, among: Sequence[str]) -> dict[str, str]:
        """Return those of the lists on which a person is now, with the address that each shows.

        The person is looked up, where the profile can search the list.
        """
        shown = {name: self._shown_on(name, person) for name in among}
        return {name: address for name, address in shown.items() if address is not None}

    def can_look_up(self, person: str, among: Sequence[str]) -> bool:
        """Return whether the profile can search these lists."""
        return all(self.session.can("read", f"find_{name}") for name in among)

    def _shown_on(self, name: str, person: str) -> str | None:
        search = f"find_{name}"
        searches = self.session.can("read", search)
        found = self.session.read(search, person=person) if searches else self.session.read(str(name))
        return next((str(row["email"]) for row in found.rows if self._canonical(str(row["email"])) == person), None)

    def carry_out(self, step: PlanStep, check_others: Callable[[], None]) -> str | None:
        """Send one [Add] or [Remove]; return the site's answer. Where it was lost, the person is looked up."""
        appears = step.where is None

        def done(found: Rows) -> bool:
            shown = any(self._canonical(str(row["email"])) == step.person for row in found.rows)
            return settled(self.session, appears == shown, check_others)

        given, _found = self.session.write(step.operation, done, address=step.address, person=step.person)
        return one_line(given.get("message"))

    # --- printers ---

    def printers(self) -> Rows:
        """Read all printers, with the proof that they are all, and each only once."""
        return self._printers("printers")

    def _printers(self, read: str, **inputs: str) -> Rows:
        self.account()
        found = self.session.read(read, **inputs)
        check_each_serial_once(found.rows, "printers")
        return found

    def printer(self, serial: str) -> dict[str, t.Any] | None:
        """Return the printer with this serial number; None if the (complete) list has none.

        Where the site can search, only what it finds is read: a batch of printers asks for each of them.
        """
        searches = self.session.can("read", "find_printer")
        found = self._printers("find_printer", serial=serial) if searches else self.printers()
        return find_by_serial(found.rows, serial)

    def handed_over(self, address: str) -> str | None:
        """Return the serial number on the page that a hand-over leads to; None where the profile cannot read it."""
        self.account()
        if not self.session.can("read", "hand_over"):
            return None
        return one_line(self.session.read("hand_over", address=address).values["serial"])

    def hand_over(self, address: str, *, display_name: str, move: bool) -> str | None:
        """Complete a hand-over; return the serial number that the site names, if it names one."""
        self.prove()
        given, _found = self.session.write("hand_over", address=address, display_name=display_name, move=move)
        return one_line(given.get("serial"))

    def remove_printer(self, serial: str) -> None:
        """Remove a printer and read the list back. One that somebody else has removed meanwhile is removed."""
        try:
            self.session.write("remove_printer", serial=serial)
        except NoSuchRow:
            if self.printer(serial) is not None:
                raise
            return
        if self.printer(serial) is not None:
            raise NotReadBack(f"the removal was answered, but the site still shows the printer {serial}")

    def _canonical(self, address: str) -> str:
        return canonical(address, self._dotless)
