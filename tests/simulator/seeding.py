# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates the initial state from a fleet file: secrets, serial numbers, troubles."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterator

from simulator.controller_sessions import foreign_session
from simulator.fleet import (
    APPLICATIONS,
    CloudProxyDeviceSpec,
    Fleet,
    FleetError,
    PrinterSpec,
    TenantSpec,
)
from simulator.home_store import HomeStore
from simulator.records import (
    Account,
    Device,
    Printer,
    ProxyClient,
    Request,
    SignInAccount,
    Subscription,
    Tenant,
)
from simulator.site_rules import stored
from simulator.world import World

FIRST_SERIAL = 610_000_001


def seed(world: World, fleet: Fleet) -> None:
    """Add printers that are missing, and devices by Cloud Proxy. Entries of an earlier start are kept."""
    store = world.store
    known = store.printer_names()
    for spec in fleet.printers:
        if spec.name not in known:
            printer = _printer(world, spec, len(known))
            apply_trouble(world, printer, spec.trouble)
            store.keep(printer)
            known.add(spec.name)
    world.served = [spec.name for spec in fleet.printers]
    world.served_names = set(world.served)
    for tenant_spec in fleet.tenants:
        for index, device in enumerate(tenant_spec.devices):
            made = _cloud_proxy_device(world, tenant_spec.id, index, device)
            if store.device_with_id(made.device_id) is None:
                store.keep_device(made)
    store.commit()


def seed_tenants(world: World, home: HomeStore, fleet: Fleet) -> None:
    """Add tenants that are missing, with what their people sign in with, and subscriptions."""
    known = {tenant.id for tenant in world.store.tenants()}
    for spec in fleet.tenants:
        home.keep_accounts(_accounts_of(spec))
        if spec.id in known:
            continue
        secret = spec.client_secret or secrets.token_urlsafe(24)
        client_of = next((stored(one.email) for one in spec.people if one.role == "Administrator"), "")
        client = spec.client_id or f"{spec.id}-automation"
        world.store.keep_tenant(Tenant(spec.id, spec.name, client, secret, spec.region, client_of))
        for one in spec.subscriptions:
            home.keep_subscription(
                spec.id, Subscription(one.application, one.type, one.devices, one.ends, one.permanent)
            )
    world.store.commit()


def _accounts_of(spec: TenantSpec) -> Iterator[SignInAccount]:
    for person in spec.people:
        code = f"{secrets.randbelow(1_000_000):06}" if person.second_factor else ""
        yield SignInAccount(stored(person.email), person.password or secrets.token_urlsafe(12), code)
    for email in spec.accounts:
        yield SignInAccount(stored(email), secrets.token_urlsafe(12), "")


def _cloud_proxy_device(world: World, tenant: str, index: int, spec: CloudProxyDeviceSpec) -> Device:
    """Return a device that came by Cloud Proxy: perhaps virtual, perhaps a printer that is in the list already."""
    printer = world.store.printer(spec.printer) if spec.printer else None
    if spec.printer and printer is None:
        raise FleetError(f"tenants: {tenant}: there is no printer {spec.printer}")
    facts = {"model": spec.model, "hostname": f"{spec.name}.print.example.com", "ipAddress": f"10.200.0.{index + 1}"}
    return Device(
        tenant=tenant,
        serial=printer.serial if printer else spec.serial,
        printer="",
        connected_at=0.0,
        enabled={},
        name=spec.name,
        native=False,
        location=spec.location,
        facts=facts,
        given_id=f"proxy-{tenant}-{index + 1}",
    )


def apply_trouble(world: World, printer: Printer, trouble: str) -> None:
    """Set the state of a trouble. Behaviour (slow, unreachable and so on) follows `printer.trouble`.

    "Ours" is the first tenant of the printer's region, "the other" the first of the rest.
    """
    tenants = sorted(world.store.tenants(), key=lambda tenant: tenant.region != printer.region)
    own, other = (tenant.id for tenant in tenants[:2])
    printer.trouble = trouble
    administrator = printer.accounts["administrator"]
    match trouble:
        case "already" | "never_sent_data":
            register_silently(world, printer, own)
        case "awaiting_claim":
            code = secrets.token_urlsafe(24)
            printer.request = Request(ready_at=0.0, code=code)
            world.store.drop_addresses_of(printer.name)
            world.store.keep_address(code, printer.name)
            world.store.keep_secret("registration_code", code)
        case "owned_by_other":
            register_silently(world, printer, other)
            printer.registered_tenant = ""
        case "owned_by_other_registered":
            register_silently(world, printer, other)
        case "ors_mode_off":
            printer.mode_enabled = False
        case "wrong_device":
            printer.serial_declared = f"{int(printer.serial) + 300_000_000}" if printer.serial.isdigit() else "OTHER"
        case "locked":
            administrator.locked = True
        case "password_change":
            administrator.must_change = True
        case "auth_failed":
            administrator.password = secrets.token_urlsafe(12)
        case "busy":
            foreign_session(world, printer, "administrator", wrote=True)


def clear_trouble(printer: Printer) -> None:
    """Undo the effect of a trouble on settings and accounts, but not on the registration."""
    administrator = printer.accounts["administrator"]
    printer.trouble = "none"
    printer.mode_enabled = True
    printer.serial_declared = printer.serial
    printer.ors_connected = None
    administrator.locked, administrator.failures, administrator.must_change = False, 0, False
    administrator.password = printer.declared_passwords["administrator"]


def register_silently(world: World, printer: Printer, tenant: str) -> None:
    printer.registered_tenant = tenant
    enabled = {application: application in printer.enabled for application in APPLICATIONS}
    world.store.keep_device(
        Device(tenant=tenant, serial=printer.serial, printer=printer.name, connected_at=0.0, enabled=enabled)
    )


def _printer(world: World, spec: PrinterSpec, index: int) -> Printer:
    serial = spec.serial or _free_serial(world, index)
    if world.store.printer_with_serial(serial) is not None:
        raise FleetError(f"printers: {spec.name}: another printer has the serial number {serial}")
    passwords = {
        "administrator": spec.administrator_password or secrets.token_urlsafe(12),
        "viewer": spec.viewer_password or secrets.token_urlsafe(12),
    }
    if spec.kind == "prismasync":
        passwords["system_administrator"] = secrets.token_urlsafe(12)
    return Printer(
        name=spec.name,
        serial=serial,
        serial_declared=serial,
        language=spec.language,
        network=spec.network,
        trouble="none",
        hostname=f"{spec.name}.print.example.com",
        ip_address=f"10.{80 + index // 65_000}.{index // 250 % 250}.{index % 250 + 1}",
        accounts=_accounts(spec, passwords),
        declared_passwords=passwords,
        kind=spec.kind,
        hands_over_to=spec.hands_over_to,
        region=spec.region,
        proxy=_proxy_client(world, spec.proxy),
        ors_seen={"viewer": spec.viewer_sees_ors, "administrator": spec.administrator_sees_ors},
        clock_offset=spec.clock_offset,
        unlicensed=list(spec.unlicensed),
        enabled=list(spec.enabled),
        domain=spec.domain,
        lists_names=spec.lists_names,
        proxy_fields=spec.proxy_fields,
    )


def _accounts(spec: PrinterSpec, passwords: dict[str, str]) -> dict[str, Account]:
    """Return the accounts of a Settings Editor.

    domain.md, "Accounts, sessions, locks on the controller": by default only the System administrator has the right
    [Access to connectivity settings]. A dedicated account in a custom group with only that right is recommended.
    Registering for Remote Match needs [Full access to administration tasks] (`full_access`).
    """
    if spec.kind == "sra":
        return {
            "administrator": Account("Administrator", passwords["administrator"], "administrator"),
            "viewer": Account("Operator", passwords["viewer"], "viewer"),
        }
    return {
        "administrator": Account(
            "automation",
            passwords["administrator"],
            "administrator",
            group="Automation",
            full_access=spec.full_access,
            domain=spec.domain,
        ),
        "viewer": Account("operator", passwords["viewer"], "viewer", group="Key operator"),
        "system_administrator": Account(
            "admin",
            passwords["system_administrator"],
            "administrator",
            group="System administrator",
            full_access=True,
        ),
    }


def _free_serial(world: World, index: int) -> str:
    while world.store.printer_with_serial(str(FIRST_SERIAL + index)) is not None:
        index += 1
    return str(FIRST_SERIAL + index)


def _proxy_client(world: World, kind: str) -> ProxyClient:
    if kind == "none":
        return ProxyClient()
    address = world.proxy if kind == "good" else dataclasses.replace(world.dead_proxy, user="stale", password="stale")
    return ProxyClient(
        use=True, host=address.host, port=str(address.port), user=address.user, password=address.password
    )
