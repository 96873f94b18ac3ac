# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions, accounts and locks of a controller. Does not know its pages.

Everything here follows domain.md, "Accounts, sessions, locks on the controller".
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from simulator.records import Account, Printer, Session
from simulator.world import World

MOST_STRANGERS = 50


@dataclass
class Visit:
    """The session of one request. `expired`: the browser sent a session that no longer exists."""

    printer: Printer
    session: Session
    new: bool = False
    expired: bool = False

    @property
    def account(self) -> Account | None:
        return self.printer.accounts.get(self.session.account)

    @property
    def user(self) -> str:
        return self.account.username if self.account else ""

    def token_matches(self, token: str) -> bool:
        return hmac.compare_digest(self.session.token.encode(), token.encode())


def _session(now: float, account: str = "") -> Session:
    return Session(id=secrets.token_urlsafe(18), token=secrets.token_hex(12), last_seen=now, account=account)


def visit_of(world: World, printer: Printer, cookie: str | None) -> Visit:
    """Return the session of a cookie, or start one. Session timers are always on."""
    now = world.now()
    drop_ended(world, printer)
    found = printer.sessions.get(cookie or "")
    if found is not None:
        found.last_seen = now
        return Visit(printer, found)
    session = _session(now)
    strangers = [item.id for item in printer.sessions.values() if not item.account]
    for surplus in strangers[: max(0, len(strangers) + 1 - MOST_STRANGERS)]:
        del printer.sessions[surplus]
    printer.sessions[session.id] = session
    return Visit(printer, session, new=True, expired=cookie is not None)


def drop_ended(world: World, printer: Printer) -> None:
    oldest = world.now() - world.settings.session_timer
    for ended in [session.id for session in printer.sessions.values() if session.last_seen < oldest]:
        del printer.sessions[ended]


def open_sessions(printer: Printer) -> list[Session]:
    return [session for session in printer.sessions.values() if session.account]


def foreign_session(world: World, printer: Printer, account: str, *, wrote: bool) -> None:
    """Open a session of another user."""
    session = _session(world.now(), account)
    session.wrote = wrote
    printer.sessions[session.id] = session


def sign_in(world: World, visit: Visit, username: str, password: str, domain: str = "") -> str:
    """Sign in. Return an empty text, or the reason: `refused`, `locked` or `session_limit`."""
    printer = visit.printer
    store = world.store
    key = next((key for key, account in printer.accounts.items() if _is_named(account, username, domain)), None)
    if key is None:
        store.audit("controller", printer.name, username, "sign_in_refused")
        return "refused"
    account = printer.accounts[key]
    if account.locked:
        store.audit("controller", printer.name, username, "sign_in_refused", None, "locked")
        return "locked"
    if not hmac.compare_digest(account.password.encode(), password.encode()):
        # Too many failed sign-ins disable the account.
        account.failures += 1
        account.locked = account.failures >= world.settings.lock_after
        store.audit("controller", printer.name, username, "sign_in_refused", None, account.failures)
        if account.locked:
            store.audit("controller", printer.name, username, "account_locked", False, True)
        return "locked" if account.locked else "refused"
    others = [session for session in open_sessions(printer) if session is not visit.session]
    if len(others) >= world.settings.session_limit:
        store.audit("controller", printer.name, username, "sign_in_refused", None, "session_limit")
        return "session_limit"
    account.failures = 0
    if visit.account:
        store.audit("controller", printer.name, visit.user, "sign_out", None, "change_user")
    # Start a new session at the sign-in, so that knowing the old one is useless (session fixation).
    printer.sessions.pop(visit.session.id, None)
    visit.session = _session(world.now(), key)
    # Domain accounts are exempt from the printer's own password rules.
    visit.session.must_change = account.must_change and not account.domain
    visit.new = True
    printer.sessions[visit.session.id] = visit.session
    store.audit("controller", printer.name, username, "sign_in")
    return ""


def _is_named(account: Account, username: str, domain: str) -> bool:
    return account.username == username and account.domain.lower() == domain.strip().lower()


def make_account(printer: Printer, key: str, username: str, password: str, role: str) -> None:
    """Make an account, as an administrator does: its password must be changed at the first sign-in."""
    printer.accounts[key] = Account(username, password, role, must_change=True, group="Automation")
    printer.declared_passwords[key] = password


def sign_out(world: World, visit: Visit) -> None:
    if visit.account:
        world.store.audit("controller", visit.printer.name, visit.user, "sign_out")
    visit.printer.sessions.pop(visit.session.id, None)
    visit.session = _session(world.now())
    visit.printer.sessions[visit.session.id] = visit.session
    visit.new = True


def change_password(world: World, visit: Visit, old: str, new: str, repeated: str) -> bool:
    account = visit.account
    if account is None or not new or new != repeated or new == old or account.password != old:
        return False
    account.password = new
    account.must_change = False
    visit.session.must_change = False
    world.store.audit("controller", visit.printer.name, visit.user, "password_changed")
    return True


def refuses_second_writer(world: World, visit: Visit) -> bool:
    """Whether to refuse a write: an older family lets only one administrator write at a time. Refusals are counted."""
    if not any(session.wrote and session is not visit.session for session in visit.printer.sessions.values()):
        return False
    world.store.audit("controller", visit.printer.name, visit.user, "write_refused")
    return True
