# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same onboarding as a bare program: asyncio, httpx and regular expressions, no Ansible, no profile, no proof.

It sends what the role's steps need, each once, and looks only at what it needs to go on: the floor for any program that
uses these libraries. ``--check`` sends the reading ones alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import yaml

TOKEN = re.compile(r'name="sectok" value="([^"]+)"')
STATE = re.compile(r'id="regState">([^<]+)<')
ADDRESS = re.compile(r'<a href="([^"]+/register/[^"]+)"')


PRINTERS_PER_PROCESS = 50


def process_count(printers: int) -> int:
    """Return how many processes the role uses in bulk: one for each core, but none for less than 50 printers."""
    return max(1, min(len(os.sched_getaffinity(0)), -(-printers // PRINTERS_PER_PROCESS)))


class Printer:
    """One printer and its one connection."""

    def __init__(self, variables: dict[str, Any], context: ssl.SSLContext) -> None:
        self.variables = variables
        base = f"https://{variables['printops_host']}:{variables['printops_port']}{variables['printops_base_path']}"
        self.client = httpx.AsyncClient(base_url=base, verify=context, trust_env=False, timeout=30)
        self.page = ""
        self.address = ""
        self.was_registered = False

    async def get(self, path: str) -> str:
        """Read one page."""
        answer = await self.client.get(path, follow_redirects=True)
        answer.raise_for_status()
        self.page = answer.text
        return self.page

    async def post(self, path: str, **form: str) -> str:
        """Send the form of the page before, with its hidden token."""
        found = TOKEN.search(self.page)
        form["sectok"] = found.group(1) if found else ""
        answer = await self.client.post(path, data=form, follow_redirects=True)
        answer.raise_for_status()
        self.page = answer.text
        return self.page

    def state(self) -> str:
        """Return what the registration page says."""
        found = STATE.search(self.page)
        return found.group(1) if found else ""

    async def look(self, *, check: bool) -> None:
        """Sign in, read everything, press [Register] where it is needed."""
        await self.get("login.htm")
        name, word = self.variables["printops_username"], self.variables["printops_password"]
        await self.post("login.cgi", uname=name, upass=word)
        await self.get("top.htm")
        for page in ("device.htm", "ors.htm", "proxy.htm", "register.htm"):
            await self.get(page)
        self.was_registered = self.state() == "registered"
        if self.was_registered:
            return
        await self.get("register.htm")
        if not check:
            await self.get("register.htm")
            await self.post("register.cgi", op="register")
            await self.get("register.htm")

    async def collect(self, poll: float) -> None:
        """Wait for the registration address."""
        while not (found := ADDRESS.search(await self.get("register.htm"))):
            await asyncio.sleep(poll)
        self.address = found.group(1)

    async def leave(self) -> None:
        """Sign out."""
        await self.get("logout.cgi")
        await self.client.aclose()


class Tenant:
    """PRISMA Home."""

    def __init__(self, variables: dict[str, Any], context: ssl.SSLContext) -> None:
        self.variables = variables
        self.api = f"api/v1/tenants/{variables['printops_tenant']}"
        self.client = httpx.AsyncClient(
            base_url=variables["printops_tenant_url"], verify=context, trust_env=False, timeout=30
        )

    async def sign_in(self) -> None:
        """Fetch a token."""
        await self.client.get("application/")
        account = (self.variables["printops_tenant_client_id"], self.variables["printops_tenant_client_secret"])
        answer = await self.client.post("oauth/token", auth=account, data={"grant_type": "client_credentials"})
        answer.raise_for_status()
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        await self.client.get("api/v1/me")

    async def devices(self) -> dict[str, dict[str, Any]]:
        """Read the whole list."""
        found: dict[str, dict[str, Any]] = {}
        cursor: str | None = ""
        while cursor is not None:
            answer = await self.client.get(f"{self.api}/devices", params={"limit": 500, "cursor": cursor})
            answer.raise_for_status()
            page = answer.json()
            found |= {item["serialNumber"]: item for item in page["items"]}
            cursor = page["next"]
        return found

    async def claim(self, printer: Printer) -> None:
        """Claim one printer."""
        answer = await self.client.post(f"{self.api}/claims", json={"address": printer.address, "takeOver": False})
        answer.raise_for_status()

    async def enable(self, printer: Printer) -> None:
        """Enable the declared application."""
        serial = printer.variables["printops_serial"]
        answer = await self.client.patch(
            f"{self.api}/devices/{serial}/applications/prismalytics-dashboard", json={"enabled": True}
        )
        answer.raise_for_status()


async def onboard(
    common: dict[str, Any], hosts: list[dict[str, Any]], cap: int, poll: float, *, check: bool
) -> Counter[str]:
    """Onboard the printers ``hosts``, ``cap`` at a time, and return how many were what."""
    context = ssl.create_default_context(cafile=common["printops_ca_path"])
    printers = [Printer({**common, **own}, context) for own in hosts]
    tenant = Tenant(common, context)
    turns = asyncio.Semaphore(cap)

    async def all_of(some: list[Printer], step: Callable[[Printer], Awaitable[None]]) -> None:
        async def one(printer: Printer) -> None:
            async with turns:
                await step(printer)

        await asyncio.gather(*(one(printer) for printer in some))

    await all_of(printers, lambda printer: printer.look(check=check))
    await tenant.sign_in()
    await tenant.devices()
    new = [printer for printer in printers if not printer.was_registered]
    if new and not check:
        await all_of(new, lambda printer: printer.collect(poll))
        await all_of(new, tenant.claim)
        serials = {printer.variables["printops_serial"] for printer in new}
        while any(item["status"] == "connecting" for key, item in (await tenant.devices()).items() if key in serials):
            await asyncio.sleep(poll)
        await all_of(new, tenant.enable)
        await tenant.devices()
    await all_of(printers, Printer.leave)
    await tenant.client.aclose()
    return Counter(printers=len(printers), onboarded=0 if check else len(new), already=len(printers) - len(new))


def onboard_part(*given: Any) -> Counter[str]:
    """Onboard some of the printers, in a process of their own."""
    common, hosts, cap, poll, check = given
    return asyncio.run(onboard(common, hosts, cap, poll, check=check))


def main() -> None:
    """Run on an inventory file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inventory", type=Path)
    parser.add_argument("--cap", type=int, default=50)
    parser.add_argument("--poll", type=float, default=5)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--processes", type=int, default=0, help="how many share the printers; 0: as the role in bulk")
    options = parser.parse_args()
    read = json.loads if options.inventory.suffix == ".json" else yaml.safe_load
    inventory = read(options.inventory.read_text(encoding="utf-8"))
    common, hosts = inventory["all"]["vars"], list(inventory["all"]["children"]["printers"]["hosts"].values())
    processes = options.processes or process_count(len(hosts))
    parts = [
        (common, hosts[first::processes], -(-options.cap // processes), options.poll, options.check)
        for first in range(processes)
    ]
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        print(json.dumps(sum(pool.starmap(onboard_part, parts), Counter[str]())))


if __name__ == "__main__":
    main()
