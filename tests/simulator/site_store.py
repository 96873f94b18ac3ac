# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the people, sessions, clusters and printers of the sites in SQLite. Contains no rules."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA = """
pragma journal_mode = wal; pragma synchronous = off;
create table if not exists sites (id text primary key, name text not null);
create table if not exists accounts (email text primary key, password text not null);
create table if not exists people (email text primary key, site text not null, name text not null);
create table if not exists rows_of_lists (
  site text not null, list text not null, email text not null, since real not null,
  primary key (site, list, email)) without rowid;
create index if not exists lists_of_person on rows_of_lists (email, list);
create table if not exists clusters (
  site text not null, name text not null, created_by text not null, created real not null, primary key (site, name));
create table if not exists printers (
  serial text primary key, site text not null, printer text not null, name text not null, added real not null);
create table if not exists sessions (
  id text primary key, csrf text not null, email text not null, site text not null, last_seen real not null,
  pending text not null);
"""


@dataclass(frozen=True)
class Site:
    id: str
    name: str


@dataclass(frozen=True)
class Row:
    """One row of a list of people."""

    email: str
    name: str
    since: float


@dataclass(frozen=True)
class Cluster:
    name: str
    created_by: str
    created: float


@dataclass(frozen=True)
class SitePrinter:
    serial: str
    site: str
    printer: str
    name: str
    added: float


@dataclass(frozen=True)
class Session:
    """A session. `pending` is the state of an unfinished sign-in (JSON); `email` is empty before the sign-in."""

    id: str
    csrf: str
    email: str
    site: str
    last_seen: float
    pending: str = ""


class SiteStore:
    """One connection that commits every change, used by one event loop."""

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600)
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        self._database.close()

    # sites and what their people sign in with

    def sites(self) -> list[Site]:
        return [Site(*row) for row in self._database.execute("select id, name from sites order by rowid")]

    def site(self, id: str) -> Site | None:
        row = self._row("select id, name from sites where id = ?", id)
        return Site(*row) if row else None

    def keep_site(self, site: Site) -> None:
        self._run("insert or replace into sites values (?, ?)", site.id, site.name)

    def accounts(self) -> dict[str, str]:
        return dict(self._database.execute("select email, password from accounts"))

    def keep_account(self, email: str, password: str) -> None:
        self._run("insert or ignore into accounts values (?, ?)", email, password)

    # people and lists

    def site_of(self, email: str) -> str:
        row = self._row("select site from people where email = ?", email)
        return str(row[0]) if row else ""

    def lists_of(self, email: str) -> set[str]:
        return {row[0] for row in self._database.execute("select list from rows_of_lists where email = ?", (email,))}

    def put(self, site: str, email: str, lists: Iterable[str], since: float, name: str = "") -> None:
        self._run("insert or ignore into people values (?, ?, ?)", email, site, name)
        for each in lists:
            self._run("insert or ignore into rows_of_lists values (?, ?, ?, ?)", site, each, email, since)

    def take(self, email: str, lists: Iterable[str]) -> None:
        """Remove a person from lists. Somebody on no list belongs to no site."""
        for each in lists:
            self._run("delete from rows_of_lists where email = ? and list = ?", email, each)
        self._run("delete from people where email = ? and email not in (select email from rows_of_lists)", email)

    def put_many(self, site: str, people: Iterable[tuple[str, str, tuple[str, ...]]], since: float) -> None:
        """Add many people (e-mail, name and lists) in one transaction."""
        rows = list(people)
        self._run("begin")
        self._database.executemany(
            "insert or ignore into people values (?, ?, ?)", ((email, site, name) for email, name, _lists in rows)
        )
        self._database.executemany(
            "insert or ignore into rows_of_lists values (?, ?, ?, ?)",
            ((site, each, email, since) for email, _name, lists in rows for each in lists),
        )
        self._run("commit")

    def rows(self, site: str, list_: str, *, part: str = "", offset: int = 0, limit: int = -1) -> list[Row]:
        found = self._database.execute(
            "select r.email, p.name, r.since from rows_of_lists r join people p on p.email = r.email"
            " where r.site = ? and r.list = ? and instr(r.email, ?) > 0 order by r.email limit ? offset ?",
            (site, list_, part, limit, offset),
        )
        return [Row(*row) for row in found]

    def count(self, site: str, list_: str, part: str = "") -> int:
        where = "select count(*) from rows_of_lists where site = ? and list = ? and instr(email, ?) > 0"
        return int(self._row(where, site, list_, part)[0])

    def first(self, site: str, list_: str) -> str:
        row = self._row("select min(email) from rows_of_lists where site = ? and list = ?", site, list_)
        return str(row[0] or "")

    # clusters and printers

    def clusters(self, site: str) -> list[Cluster]:
        rows = self._database.execute(
            "select name, created_by, created from clusters where site = ? order by name", (site,)
        )
        return [Cluster(*row) for row in rows]

    def keep_cluster(self, site: str, cluster: Cluster) -> bool:
        """Add a cluster. Return false if there is one of that name."""
        done = self._database.execute(
            "insert or ignore into clusters values (?, ?, ?, ?)",
            (site, cluster.name, cluster.created_by, cluster.created),
        )
        return done.rowcount > 0

    def printers(self, site: str) -> list[SitePrinter]:
        rows = self._database.execute(
            "select serial, site, printer, name, added from printers where site = ? order by serial", (site,)
        )
        return [SitePrinter(*row) for row in rows]

    def keep_printer(self, printer: SitePrinter) -> None:
        values = (printer.serial, printer.site, printer.printer, printer.name, printer.added)
        self._run("insert or replace into printers values (?, ?, ?, ?, ?)", *values)

    def drop_printer(self, serial: str) -> None:
        self._run("delete from printers where serial = ?", serial)

    # sessions

    def session(self, id: str) -> Session | None:
        row = self._row("select id, csrf, email, site, last_seen, pending from sessions where id = ?", id)
        return Session(*row) if row else None

    def keep_session(self, session: Session) -> None:
        values = (session.id, session.csrf, session.email, session.site, session.last_seen, session.pending)
        self._run("insert or replace into sessions values (?, ?, ?, ?, ?, ?)", *values)

    def drop_session(self, id: str) -> None:
        self._run("delete from sessions where id = ?", id)

    def drop_sessions(self, site: str = "") -> None:
        """End the sessions of the people of one site; without one all sessions, of unfinished sign-ins too."""
        self._run("delete from sessions where ? in ('', site)", site)

    def open_sessions(self, since: float) -> list[dict[str, Any]]:
        rows = self._database.execute(
            "select email, site, last_seen from sessions where email <> '' and last_seen > ? order by email", (since,)
        )
        return [{"email": row[0], "site": row[1], "last_seen": row[2]} for row in rows]

    def _row(self, statement: str, *values: Any) -> Any:
        return self._database.execute(statement, values).fetchone()

    def _run(self, statement: str, *values: Any) -> None:
        self._database.execute(statement, values)
