# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The effect of [Add], [Remove], a first sign-in and a first use on the lists of people. Has no pages and sessions.

Unless a comment names another heading, every rule is in domain.md, "The cloud service administration site".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from simulator.site_store import Site, SiteStore

DASHBOARD = "dashboard"
REMOTE_MATCH = "remote_match"
INVITED = "remote_control_invited"
ACTIVE = "remote_control_active"
ADMINISTRATORS_INVITED = "administrators_invited"
ADMINISTRATORS = "administrators"
LISTS = (DASHBOARD, REMOTE_MATCH, INVITED, ACTIVE, ADMINISTRATORS_INVITED, ADMINISTRATORS)
DOTLESS_DOMAINS = ("gmail.com", "googlemail.com")
ADDRESS = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s.,;<>()\"]+")


class NotDone(Exception):
    """The site refuses. The text is the message of the page."""


def stored(address: str) -> str:
    """Return the stored form of an address: Google ignores dots, and the site stores such addresses without them."""
    address = address.strip().lower()
    local, at, domain = address.rpartition("@")
    return f"{local.replace('.', '')}{at}{domain}" if domain in DOTLESS_DOMAINS else address


@dataclass
class SiteRules:
    """The rules. `audit` takes subject, actor, change, before and after."""

    store: SiteStore
    now: Callable[[], float]
    audit: Callable[[str, str, str, Any, Any], None]

    def add_user(self, site: str, actor: str, address: str) -> str:
        """Add a user to the lists of Dashboard, Remote Match and invited Remote Control users.

        A user of the app is already on the active list, and so is not added to the invited one.
        """
        return self._add(site, actor, address, "user_added", (DASHBOARD, REMOTE_MATCH), INVITED, ACTIVE)

    def add_administrator(self, site: str, actor: str, address: str) -> str:
        """Add an administrator to the invited ones, and to the lists of Dashboard and Remote Match."""
        wanted = (DASHBOARD, REMOTE_MATCH)
        return self._add(site, actor, address, "administrator_added", wanted, ADMINISTRATORS_INVITED, ADMINISTRATORS)

    def _add(
        self, site: str, actor: str, address: str, what: str, wanted: Iterable[str], invited: str, active: str
    ) -> str:
        email = stored(address)
        if not ADDRESS.fullmatch(email):
            raise NotDone("This is not an e-mail address.")
        if self.store.site_of(email) not in ("", site):
            # "Two back ends, two kinds of people": a user can be in only one site.
            raise NotDone(f"{email} belongs to another site.")
        present = self.store.lists_of(email)
        lacking = [each for each in (*wanted, invited) if each not in present]
        if active in present and invited in lacking:
            lacking.remove(invited)
        if not lacking:
            return f"{email} is already there."
        self.store.put(site, email, lacking, self.now())
        self.audit(site, actor, what, None, {"person": email, "lists": lacking})
        return f"{email} was added."

    def remove(self, site: str, actor: str, list_: str, address: str) -> str:
        """Remove a person from one list. Other lists keep the person. At least one administrator must remain."""
        email = stored(address)
        if self.store.site_of(email) != site or list_ not in self.store.lists_of(email):
            raise NotDone(f"{email} is not on this list.")
        if list_ == ADMINISTRATORS and self.store.count(site, ADMINISTRATORS) == 1:
            raise NotDone("At least one administrator must remain.")
        self.store.take(email, [list_])
        self.audit(site, actor, "removed", {"person": email, "list": list_}, None)
        return f"{email} was removed."

    def first_sign_in(self, address: str) -> bool:
        """Move an invited administrator to the active ones, at the first sign-in."""
        return self._move(address, "first_sign_in", ADMINISTRATORS_INVITED, ADMINISTRATORS)

    def first_use(self, address: str) -> bool:
        """Move a person from the invited to the active Remote Control users, at the first use of the app."""
        return self._move(address, "first_use", INVITED, ACTIVE)

    def _move(self, address: str, what: str, source: str, target: str) -> bool:
        email = stored(address)
        if source not in self.store.lists_of(email):
            return False
        site = self.store.site_of(email)
        self.store.put(site, email, [target], self.now())
        self.store.take(email, [source])
        self.audit(site, email, what, {"person": email, "list": source}, {"person": email, "list": target})
        return True

    def administers(self, address: str) -> str:
        """Return the site of an active administrator, empty if there is none."""
        email = stored(address)
        return self.store.site_of(email) if ADMINISTRATORS in self.store.lists_of(email) else ""

    def site_to_found(self, address: str) -> str:
        """Return the id of the site that this account would found."""
        return f"of-{stored(address)}"

    def found(self, id: str, address: str) -> str:
        """Found a site with this account as its administrator, and return its name.

        domain.md, "PRISMAsync": the first sign-in on the page of a hand-over adds the account itself to the site's
        lists.
        """
        email, name = stored(address), f"Site of {stored(address)}"
        self.store.keep_site(Site(id, name))
        self.store.put(id, email, (ADMINISTRATORS, DASHBOARD, REMOTE_MATCH), self.now())
        self.audit(id, email, "site_founded", None, {"name": name})
        return name

    def opens(self, address: str, application: str) -> bool:
        """Whether a person can open an application: only people on its list can."""
        present = self.store.lists_of(stored(address))
        wanted = {"dashboard": {DASHBOARD}, "remote-match": {REMOTE_MATCH}, "remote-control": {INVITED, ACTIVE}}
        return bool(present & wanted[application])

    def set_lists(self, site: str, address: str, lists: Iterable[str], name: str = "") -> None:
        """For tests: put a person on exactly these lists, without any rule."""
        email, wanted = stored(address), set(lists)
        self.store.take(email, self.store.lists_of(email) - wanted)
        if wanted:
            self.store.put(site, email, sorted(wanted), self.now(), name)
