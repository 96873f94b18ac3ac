# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of the ready file, and the first lines of output."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from simulator.home_setup import Home
from simulator.records import Printer
from simulator.world import ProxyAddress, World


def ready_document(world: World, home: Home, ca: Path, proxy_log: Path | None) -> dict[str, Any]:
    printers = [world.store.printer(name) for name in world.served]
    return {
        "ca": str(ca),
        "controllers": {
            "url": f"https://127.0.0.1:{world.controllers_port}",
            "untrusted_url": f"https://127.0.0.1:{world.untrusted_port}",
        },
        "home": {"url": world.home_url_of("eu"), "regions": world.home_urls, "oidc": home.provider.ready()},
        "ors": {"url": f"https://127.0.0.1:{world.ors_port}"},
        "proxy": {**_proxy(world.proxy), "log": str(proxy_log) if proxy_log else None},
        "dead_proxy": {"host": world.dead_proxy.host, "port": world.dead_proxy.port},
        "control": {"url": f"http://127.0.0.1:{world.control_port}/_control", "token": world.control_token},
        "tenants": home.ready(),
        "printers": [_printer(world, printer) for printer in printers if printer is not None],
    }


def _proxy(address: ProxyAddress) -> dict[str, Any]:
    return {"host": address.host, "port": address.port, "user": address.user, "password": address.password}


def _printer(world: World, printer: Printer) -> dict[str, Any]:
    return {
        "name": printer.name,
        "url": world.url_of(printer),
        "host": "127.0.0.1",
        "port": world.port_of(printer),
        "base_path": world.base_path_of(printer),
        "serial_declared": printer.serial_declared,
        "serial": printer.serial,
        "kind": printer.kind,
        "hands_over_to": printer.hands_over_to,
        "region": printer.region,
        "language": printer.language,
        "network": printer.network,
        "trouble": printer.trouble,
        "accounts": {
            role: {
                "username": account.username,
                "password": printer.declared_passwords[role],
                **({"domain": account.domain} if account.domain else {}),
            }
            for role, account in printer.accounts.items()
        },
    }


def write_ready_file(path: Path, document: dict[str, Any]) -> None:
    """Write the ready file atomically, so that nobody reads half of it, with mode 0600, because it contains secrets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(json.dumps(document))
    os.replace(unfinished, path)


def address_lines(document: dict[str, Any], ready: Path | None) -> str:
    """Return the addresses for a person at the terminal. Secrets are only in the ready file."""
    troubles: dict[str, int] = {}
    for printer in document["printers"]:
        troubles[printer["trouble"]] = troubles.get(printer["trouble"], 0) + 1
    lines = [
        f"Controllers   {document['controllers']['url']}/printers/NAME/",
        f"  untrusted   {document['controllers']['untrusted_url']}/printers/NAME/",
        *(f"PRISMA Home   {url}/ ({region})" for region, url in document["home"]["regions"].items()),
        f"ORS           {document['ors']['url']}/",
        f"Sites         {document['sites']['url']} (people who were invited: /people)" if document.get("sites") else "",
        f"Proxy         {document['proxy']['host']}:{document['proxy']['port']}",
        f"Control       {document['control']['url']}/",
        f"CA            {document['ca']}",
        f"Printers      {len(document['printers'])}: "
        + ", ".join(f"{count} {trouble}" for trouble, count in sorted(troubles.items())),
        f"First printer {document['printers'][0]['url']}" if document["printers"] else "",
        f"Passwords     in {ready}" if ready else "Passwords     only with --ready FILE",
    ]
    return "\n".join(line for line in lines if line)
