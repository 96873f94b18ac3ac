# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the accounts, sessions and subscriptions of PRISMA Home. Contains no rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.records import SignInAccount, Subscription
from simulator.state import Store

SCHEMA = """
create table if not exists home_accounts (email text primary key, password text not null, code text not null);
create table if not exists home_sessions (
  id text primary key, token text not null, email text not null, last_seen real not null, pending text not null);
create table if not exists home_subscriptions (
  tenant text not null, application text not null, type text not null, devices integer not null, ends text not null,
  permanent integer not null, primary key (tenant, application));
create table if not exists home_spent (
  tenant text not null, application text not null, device text not null, primary key (tenant, application, device));
"""


@dataclass(frozen=True)
class HomeSession:
    """A session. `pending` is the state of an unfinished sign-in (JSON); `email` is empty before the sign-in."""

    id: str
    token: str
    email: str
    last_seen: float
    pending: str = ""


class HomeStore:
    """Tables of their own in the simulator's database."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.script(SCHEMA)

    # what people sign in with

    def accounts(self) -> dict[str, SignInAccount]:
        rows = self._store.rows("select email, password, code from home_accounts")
        return {row[0]: SignInAccount(*row) for row in rows}

    def keep_accounts(self, accounts: Iterable[SignInAccount]) -> None:
        """Add accounts. Those that are known keep their password."""
        values = ((one.email, one.password, one.code) for one in accounts)
        self._store.run_many("insert or ignore into home_accounts values (?, ?, ?)", values)

    # sessions

    def session(self, id: str) -> HomeSession | None:
        row = self._store.row("select id, token, email, last_seen, pending from home_sessions where id = ?", id)
        return HomeSession(*row) if row else None

    def keep_session(self, session: HomeSession) -> None:
        values = (session.id, session.token, session.email, session.last_seen, session.pending)
        self._store.run("insert or replace into home_sessions values (?, ?, ?, ?, ?)", *values)

    def drop_session(self, id: str) -> None:
        self._store.run("delete from home_sessions where id = ?", id)

    def drop_sessions(self) -> None:
        """End the sessions of signed-in people."""
        self._store.run("delete from home_sessions where email <> ''")

    def open_sessions(self, since: float) -> list[str]:
        """Return the e-mail addresses of signed-in people."""
        rows = self._store.rows(
            "select email from home_sessions where email <> '' and last_seen > ? order by email", since
        )
        return [row[0] for row in rows]

    # subscriptions

    def subscriptions(self, tenant: str) -> list[Subscription]:
        rows = self._store.rows(
            "select application, type, devices, ends, permanent from home_subscriptions where tenant = ?"
            " order by application",
            tenant,
        )
        return [Subscription(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]

    def keep_subscription(self, tenant: str, one: Subscription) -> None:
        values = (tenant, one.application, one.type, one.devices, one.ends, one.permanent)
        self._store.run("insert or replace into home_subscriptions values (?, ?, ?, ?, ?, ?)", *values)

    def spent(self, tenant: str, application: str) -> set[str]:
        """Return the devices that ever took a licence of a permanent subscription."""
        statement = "select device from home_spent where tenant = ? and application = ?"
        return {row[0] for row in self._store.rows(statement, tenant, application)}

    def spend(self, tenant: str, application: str, device: str) -> None:
        self._store.run("insert or ignore into home_spent values (?, ?, ?)", tenant, application, device)
