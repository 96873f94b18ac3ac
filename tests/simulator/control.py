# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control interface for tests: counters, audit, sessions, faults, changes of state. Contains no rules."""

from __future__ import annotations

import dataclasses
import hmac
import json
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator import controller_sessions as sessions
from simulator.control_home import HomeControl
from simulator.control_people import PeopleControl
from simulator.control_sites import SiteControl
from simulator.faults import Fault, FaultError, Faults
from simulator.fleet import TROUBLES
from simulator.home_setup import Home
from simulator.listening import TransportProtocol
from simulator.records import Printer
from simulator.registration import Registration
from simulator.second_writers import SecondWriters
from simulator.seeding import apply_trouble, clear_trouble
from simulator.site_setup import Sites
from simulator.watching import Counters
from simulator.world import World

# Keys that PATCH sets directly, with their types.
SETTABLE: dict[str, type] = {
    "network": str,
    "mode_enabled": bool,
    "clock_offset": float,
    "serial": str,
    "hostname": str,
}
ACTIONS = ("expire_sessions", "unlock", "recover_ors", "drop_address", "unregister_silently", "reset_controller")


class InvalidRequest(ValueError):
    """A test sent an invalid request. The text names the key."""


@dataclass
class Control:
    world: World
    counters: Counters
    faults: Faults
    registration: Registration
    home: Home
    sites: Sites | None = None

    def __post_init__(self) -> None:
        self.second_writers = SecondWriters(self.world, self.registration, self.sites)
        self.home.provider.events.on_fault = self._provider_had

    def application(self) -> Starlette:
        routes = [
            Route("/_control/counters", self.counts, methods=["GET", "DELETE"]),
            Route("/_control/latest", self.latest),
            Route("/_control/audit", self.audit),
            Route("/_control/sessions", self.sessions),
            Route("/_control/secrets", self.secrets),
            Route("/_control/heartbeats", self.heartbeats),
            Route("/_control/faults", self.fault_list, methods=["GET", "POST", "DELETE"]),
            Route("/_control/faults/{id:int}", self.fault, methods=["DELETE"]),
            Route("/_control/clock", self.clock, methods=["GET", "POST"]),
            Route("/_control/printers", self.printers),
            Route("/_control/printers/{name}", self.printer, methods=["GET", "PATCH"]),
        ]
        routes += PeopleControl(self.world.people).routes()
        routes += HomeControl(self.home).routes()
        if self.sites:
            routes += SiteControl(self.sites).routes()

        async def bad(request: Request, error: Exception) -> Response:
            return JSONResponse({"message": str(error)}, 400)

        return Starlette(
            routes=[Route(r.path, self._guarded(r.endpoint), methods=list(r.methods or [])) for r in routes],
            exception_handlers={InvalidRequest: bad, FaultError: bad},
        )

    def _guarded(self, endpoint: Any) -> Any:
        async def guarded(request: Request) -> Response:
            given = request.headers.get("authorization", "").removeprefix("Bearer ")
            if not hmac.compare_digest(given.encode(), self.world.control_token.encode()):
                return JSONResponse({"message": "the token of the ready file is needed"}, 401)
            self.home.provider.events.take()
            response: Response = await endpoint(request)
            self.world.store.commit()
            return response

        return guarded

    async def counts(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.counters.counts.clear()
            self.counters.latest.clear()
            TransportProtocol.made.clear()
        home = self.world.home_ports["eu"]
        ports = {"controllers": self.world.controllers_port, "home": home, "site": self.world.site_port}
        connections = {name: TransportProtocol.made[port] for name, port in ports.items()}
        return JSONResponse({**self.counters.shown(), "connections": connections})

    async def latest(self, request: Request) -> Response:
        """Return the latest requests in order, without those to ORS."""
        names = ("host", "account", "method", "path")
        rows = [dict(zip(names, row[1:], strict=True)) for row in sorted(self.counters.latest) if row[1] != "ors"]
        return JSONResponse(rows)

    async def audit(self, request: Request) -> Response:
        """Return audit lines: `?after=ID` those after an id, `?what=` and the like only matching ones."""
        lines = self.world.store.audit_lines(int(request.query_params.get("after", "0")))
        for key in ("what", "subject", "side", "actor"):
            if key in request.query_params:
                lines = [line for line in lines if line[key] == request.query_params[key]]
        return JSONResponse({"lines": lines, "last": lines[-1]["id"] if lines else 0})

    async def sessions(self, request: Request) -> Response:
        found: dict[str, list[dict[str, Any]]] = {}
        for name in self.world.store.known_printers():
            printer = self.world.store.printer(name)
            if printer is None or name not in self.world.served_names:
                continue
            sessions.drop_ended(self.world, printer)
            for session in sessions.open_sessions(printer):
                shown = {"account": session.account, "last_seen": session.last_seen, "wrote": session.wrote}
                found.setdefault(name, []).append(shown)
        return JSONResponse(
            {
                "printers": found,
                "home_tokens": self.world.store.open_tokens(),
                "home_people": self.home.open_sessions(),
                "site": self.sites.open_sessions() if self.sites else [],
            }
        )

    async def secrets(self, request: Request) -> Response:
        """Return everything that must not be in any output: all secrets ever issued, and the current passwords."""
        rows = [{"kind": kind, "value": value} for kind, value in self.world.store.issued_secrets()]
        values = [("proxy_password", self.world.proxy.password)]
        for tenant in self.world.store.tenants():
            values.append(("client_secret", tenant.client_secret))
        values.extend(self.home.provider.passwords())
        for name in self.world.served:
            if (printer := self.world.store.printer(name)) is not None:
                values.extend(("account_password", account.password) for account in printer.accounts.values())
                values.extend(("account_password", password) for password in printer.declared_passwords.values())
        values.extend(self.sites.passwords() if self.sites else ())
        known = dict.fromkeys(value for value in values if value[1])
        return JSONResponse([*rows, *({"kind": kind, "value": value} for kind, value in known)])

    async def heartbeats(self, request: Request) -> Response:
        return JSONResponse(self.world.heartbeats)

    async def fault_list(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.faults.remove()
        if request.method == "POST":
            return JSONResponse(self.faults.add(await _document(request)).shown(), 201)
        return JSONResponse([fault.shown() for fault in self.faults.faults])

    async def fault(self, request: Request) -> Response:
        self.faults.remove(request.path_params["id"])
        return Response(status_code=204)

    async def clock(self, request: Request) -> Response:
        """Set the clock: `{"advance": seconds}`, or `{"offset": seconds}` from the real time."""
        clock = self.world.store.clock
        if request.method == "POST":
            order = await _document(request)
            _refuse_unknown(order, {"advance", "offset"})
            clock.offset = float(order.get("offset", clock.offset)) + float(order.get("advance", 0.0))
            self.world.store.keep_fact("clock_offset", clock.offset)
        return JSONResponse({"now": clock.now(), "offset": clock.offset})

    async def printers(self, request: Request) -> Response:
        return JSONResponse(self.world.served)

    async def printer(self, request: Request) -> Response:
        name = request.path_params["name"]
        printer = self.world.store.printer(name) if name in self.world.served_names else None
        if printer is None:
            return JSONResponse({"message": f"there is no printer {name}"}, 404)
        if request.method == "PATCH":
            self._change(printer, await _document(request))
        state = self.registration.state(printer)
        return JSONResponse(
            {
                **dataclasses.asdict(printer),
                "registration_state": state,
                "address": self.registration.address(printer),
                "owner": self.registration.owner(printer),
            }
        )

    def _change(self, printer: Printer, order: dict[str, Any]) -> None:
        _refuse_unknown(order, {"trouble", "passwords", "accounts", *SETTABLE, *ACTIONS})
        for key, kind in SETTABLE.items():
            if key in order:
                wanted = float(order[key]) if kind is float else order[key]
                if not isinstance(wanted, kind):
                    raise InvalidRequest(f"{key}: {wanted!r} is not a {kind.__name__}")
                holder = self.world.store.printer_with_serial(str(wanted)) if key == "serial" else None
                if holder is not None and holder is not printer:
                    raise InvalidRequest(f"serial: {holder.name} has it")
                setattr(printer, key, wanted)
        for role, password in (order.get("passwords") or {}).items():
            if role not in printer.accounts:
                raise InvalidRequest(f"passwords: there is no account {role!r}")
            printer.accounts[role].password = str(password)
        for key, account in (order.get("accounts") or {}).items():
            if set(account) != {"username", "password", "role"}:
                raise InvalidRequest("accounts: username, password and role are needed")
            sessions.make_account(printer, key, account["username"], account["password"], account["role"])
        if "trouble" in order:
            self._set_trouble(printer, order["trouble"])
        for action in ACTIONS:
            if order.get(action):
                self.apply_change(printer.name, action)
        self.world.store.keep(printer)

    def _set_trouble(self, printer: Printer, trouble: Any) -> None:
        if trouble not in TROUBLES:
            raise InvalidRequest(f"trouble: {trouble!r} is none of {', '.join(TROUBLES)}")
        clear_trouble(printer)
        apply_trouble(self.world, printer, trouble)

    def inject(self, host: str, fault: Fault, path: str) -> None:
        """Apply a fault that changes the state of a printer, of a tenant or of the sites."""
        if host in ("home", "site", "oidc") and fault.fault == "second_writer":
            self.second_writers.act(fault.options)
        elif host == "site" and self.sites:
            self.sites.change(fault, path)
        elif host in self.home.hosts:
            self.home.change(fault)
        else:
            self.apply_change(host, fault.fault)

    def _provider_had(self, id: int, happened: int, held: int) -> None:
        """Take over what became of a fault in the process of the provider."""
        for fault in self.faults.faults:
            if fault.id == id:
                if happened > fault.happened and fault.fault == "second_writer":
                    self.inject("oidc", fault, "")
                fault.happened, fault.held = happened, held

    def apply_change(self, name: str, what: str) -> None:
        """Apply a fault or an action that changes the state of a printer. None leaves an audit line."""
        printer = self.world.store.printer(name) if name in self.world.served_names else None
        if printer is None:
            return
        administrator = printer.accounts["administrator"]
        match what:
            case "expired_session" | "expire_sessions":
                printer.sessions.clear()
            case "lock":
                administrator.locked = True
            case "unlock":
                administrator.locked, administrator.failures = False, 0
            case "session_limit":
                while len(sessions.open_sessions(printer)) < self.world.settings.session_limit:
                    sessions.foreign_session(self.world, printer, "viewer", wrote=False)
            case "second_writer":
                sessions.foreign_session(self.world, printer, "administrator", wrote=True)
            case "recover_ors":
                printer.ors_connected = None
            case "drop_address":
                self.world.store.drop_addresses_of(name)
                printer.request = None
            case "unregister_silently":
                printer.registered_tenant = printer.registered_site = ""
                self.world.store.drop_device_of(printer.serial)
            case "reset_controller":  # the tenant is not told, and keeps the device
                self.world.store.drop_addresses_of(name)
                printer.registered_tenant, printer.request = "", None
        self.world.store.keep(printer)


async def _document(request: Request) -> dict[str, Any]:
    try:
        document = json.loads(await request.body())
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise InvalidRequest("the body is not a JSON object")
    return document


def _refuse_unknown(order: dict[str, Any], known: set[str]) -> None:
    for key in order:
        if key not in known:
            raise InvalidRequest(f"unknown key {key!r} (known: {', '.join(sorted(known))})")
