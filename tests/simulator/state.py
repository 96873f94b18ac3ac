# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the state in SQLite, so that it survives a restart."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator.records import Device, Printer, Tenant

SCHEMA = """
create table if not exists facts (key text primary key, value text not null);
create table if not exists tenants (id text primary key, body text not null);
create table if not exists printers (name text primary key, serial text not null unique, body text not null);
create table if not exists devices (
  id text primary key, key text not null, serial text not null, tenant text not null, native integer not null,
  body text not null);
create index if not exists devices_of_tenant on devices (tenant, key);
create unique index if not exists devices_of_printers on devices (serial) where native;
create table if not exists addresses (code text primary key, printer text not null);
create table if not exists tokens (
  token text primary key, tenant text not null, client_id text not null, expires real not null);
create table if not exists issued (kind text not null, value text not null);
create table if not exists audit (
  id integer primary key autoincrement, time real not null, side text not null, subject text not null,
  actor text not null, what text not null, before text not null, after text not null);
"""

CONTAINS = "instr(lower(key || ' ' || json_extract(body, '$.name') || ' ' || json_extract(body, '$.printer')), ?) > 0"


@dataclass
class Clock:
    """Seconds since the epoch, plus the offset that a test has set."""

    offset: float = 0.0

    def now(self) -> float:
        return time.time() + self.offset


@dataclass
class Store:
    """One connection, used by one event loop. `commit` is called after every request."""

    path: Path
    clock: Clock = field(default_factory=Clock)
    _printers: dict[str, Printer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._database = sqlite3.connect(self.path, isolation_level="DEFERRED", check_same_thread=False)
        self.path.chmod(0o600)
        # The state need not survive a power failure, and ten thousand printers must start in seconds.
        self._database.executescript("pragma journal_mode = wal; pragma synchronous = off;" + SCHEMA)

    def commit(self) -> None:
        if self._database.in_transaction:
            self._database.commit()

    def close(self) -> None:
        self.commit()
        self._database.close()

    # facts: ports, passwords of the proxy, the clock

    def fact(self, key: str) -> Any:
        row = self.row("select value from facts where key = ?", key)
        return json.loads(row[0]) if row else None

    def keep_fact(self, key: str, value: Any) -> None:
        self.run("insert or replace into facts values (?, ?)", key, json.dumps(value))

    # printers

    def printer_names(self) -> set[str]:
        return {row[0] for row in self._database.execute("select name from printers")}

    def known_printers(self) -> list[str]:
        """Return the printers that can have open sessions: used since the start, or stored with something before it."""
        rows = self._database.execute("select name from printers where instr(body, '\"last_seen\"') > 0")
        return sorted({row[0] for row in rows} | set(self._printers))

    def printer(self, name: str) -> Printer | None:
        """Return the same object every time, so that concurrent requests share one printer."""
        known = self._printers.get(name)
        if known is None:
            row = self.row("select body from printers where name = ?", name)
            if row is None:
                return None
            known = self._printers[name] = Printer.from_json(row[0])
        return known

    def printer_with_serial(self, serial: str) -> Printer | None:
        row = self.row("select name from printers where serial = ?", serial)
        return self.printer(row[0]) if row else None

    def keep(self, printer: Printer) -> None:
        self._printers[printer.name] = printer
        self.run(
            "insert into printers values (?, ?, ?)"
            " on conflict (name) do update set serial = excluded.serial, body = excluded.body",
            printer.name,
            printer.serial,
            printer.to_json(),
        )

    # tenants and their devices

    def tenants(self) -> list[Tenant]:
        return [Tenant.from_json(row[0]) for row in self._database.execute("select body from tenants order by rowid")]

    def keep_tenant(self, tenant: Tenant) -> None:
        self.run("insert or replace into tenants values (?, ?)", tenant.id, tenant.to_json())

    def device(self, serial: str) -> Device | None:
        """Return the device of a printer that registered itself."""
        row = self.row("select body from devices where serial = ? and native", serial)
        return Device.from_json(row[0]) if row else None

    def device_with_id(self, id: str) -> Device | None:
        row = self.row("select body from devices where id = ?", id)
        return Device.from_json(row[0]) if row else None

    def devices_of(
        self, tenant: str, part: str = "", *, after: str = "", offset: int = 0, limit: int = -1
    ) -> list[Device]:
        """Return devices in the order of their keys; with `part`, those with it in serial number, id or name."""
        rows = self.rows(
            f"select body from devices where tenant = ? and key > ? and {CONTAINS} order by key limit ? offset ?",
            *(tenant, after, part.lower(), limit, offset),
        )
        return [Device.from_json(row[0]) for row in rows]

    def count_devices(self, tenant: str, part: str = "") -> int:
        return int(self.row(f"select count(*) from devices where tenant = ? and {CONTAINS}", tenant, part.lower())[0])

    def keep_device(self, device: Device) -> None:
        values = (device.device_id, device.key, device.serial, device.tenant, device.native, device.to_json())
        self.run("insert or replace into devices values (?, ?, ?, ?, ?, ?)", *values)

    def drop_device(self, device: Device) -> None:
        self.run("delete from devices where id = ?", device.device_id)

    def drop_device_of(self, serial: str) -> None:
        """Drop the device of a printer that registered itself."""
        self.run("delete from devices where serial = ? and native", serial)

    # registration addresses

    def keep_address(self, code: str, printer: str) -> None:
        self.run("insert into addresses values (?, ?)", code, printer)

    def printer_of_address(self, code: str) -> Printer | None:
        row = self.row("select printer from addresses where code = ?", code)
        return self.printer(row[0]) if row else None

    def drop_addresses_of(self, printer: str) -> None:
        self.run("delete from addresses where printer = ?", printer)

    # tokens of programs

    def keep_token(self, token: str, tenant: str, client_id: str, expires: float) -> None:
        self.run("insert into tokens values (?, ?, ?, ?)", token, tenant, client_id, expires)

    def token(self, token: str) -> tuple[str, str, float] | None:
        """Return tenant, client and expiry time of a token."""
        row = self.row("select tenant, client_id, expires from tokens where token = ?", token)
        return (row[0], row[1], row[2]) if row else None

    def drop_token(self, token: str) -> None:
        self.run("delete from tokens where token = ?", token)

    def drop_tokens_of(self, tenant: str) -> None:
        self.run("delete from tokens where tenant = ?", tenant)

    def open_tokens(self) -> list[dict[str, Any]]:
        rows = self._database.execute(
            "select tenant, client_id, expires from tokens where expires > ?", (self.clock.now(),)
        )
        return [{"tenant": row[0], "client_id": row[1], "expires": row[2]} for row in rows]

    # secrets that were issued and must not appear anywhere else

    def keep_secret(self, kind: str, value: str) -> None:
        self.run("insert into issued values (?, ?)", kind, value)

    def issued_secrets(self) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self._database.execute("select kind, value from issued")]

    # audit

    def audit(self, side: str, subject: str, actor: str, what: str, before: Any = None, after: Any = None) -> None:
        """Add a line for a change of state. Reading and checking leave no line."""
        self.run(
            "insert into audit (time, side, subject, actor, what, before, after) values (?, ?, ?, ?, ?, ?, ?)",
            self.clock.now(),
            side,
            subject,
            actor,
            what,
            json.dumps(before),
            json.dumps(after),
        )

    def audit_lines(self, after: int = 0) -> list[dict[str, Any]]:
        names = ("id", "time", "side", "subject", "actor", "what", "before", "after")
        rows = self._database.execute(f"select {', '.join(names)} from audit where id > ? order by id", (after,))
        lines = [dict(zip(names, row, strict=True)) for row in rows]
        for line in lines:
            line["before"] = json.loads(line["before"])
            line["after"] = json.loads(line["after"])
        return lines

    def script(self, statements: str) -> None:
        """Run statements that make tables."""
        self._database.executescript(statements)

    def rows(self, statement: str, *values: Any) -> list[Any]:
        return self._database.execute(statement, values).fetchall()

    def run_many(self, statement: str, values: Iterable[tuple[Any, ...]]) -> None:
        self._database.executemany(statement, values)

    def row(self, statement: str, *values: Any) -> Any:
        return self._database.execute(statement, values).fetchone()

    def run(self, statement: str, *values: Any) -> None:
        self._database.execute(statement, values)
