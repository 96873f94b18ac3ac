# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connects a controller to ORS through its proxy settings, and answers as ORS."""

from __future__ import annotations

import asyncio
import dataclasses
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.records import Printer
from simulator.world import World

BROKEN = ("ors_down", "ors_not_configured")
HOST = "127.0.0.1"
RECONNECTS = 5
"""How often a controller connects again before its link counts as lost. A slow answer is no loss."""


@dataclass(frozen=True)
class Attempt:
    """The result of one heartbeat. Not `certain`: it broke on its way or was slow, and the next one may succeed."""

    connected: bool
    text: str
    certain: bool = True


@dataclass
class OrsLink:
    """The connection of a controller. It is never assumed: "connected" is the result of a successful heartbeat."""

    world: World
    _under_way: dict[str, asyncio.Task[Attempt]] = field(default_factory=dict)
    _background: set[asyncio.Task[Attempt]] = field(default_factory=set)

    async def check(self, printer: Printer) -> Attempt:
        """Connect, and store the result. Concurrent callers share one attempt."""
        return await asyncio.shield(self._under_way.get(printer.name) or self._begin(printer))

    async def state(self, printer: Printer) -> str:
        """Return `connected`, `not_connected` or `not_configured`, as the ORS page shows it.

        The page shows the last result immediately, and starts a check in the background if that result is old. Without
        a result it waits for the check. After a change of the proxy, the connection needs a while to appear.
        """
        if printer.trouble == "ors_not_configured":
            return "not_configured"
        if printer.ors_connected is None:
            await self.check(printer)
        elif self.world.now() - printer.ors_checked > self.world.settings.ors_recheck:
            self.check_behind(printer)
        visible = self.world.now() >= printer.ors_visible_at
        return "connected" if printer.ors_connected and visible else "not_connected"

    async def seen_by(self, printer: Printer, account: str) -> tuple[str, str]:
        """Return state and mode (`enabled`, `disabled`) as this account sees them.

        domain.md, "Registering a printer in PRISMA Home", step 4: the answer can differ per user.
        """
        state = await self.state(printer)
        seen = printer.ors_seen.get(account, "same")
        mode = "enabled" if printer.mode_enabled and seen != "mode_off" else "disabled"
        return "not_connected" if seen == "not_connected" else state, mode

    def proxy_changed(self, printer: Printer) -> None:
        printer.ors_connected = False
        printer.ors_visible_at = self.world.now() + self.world.settings.ors_connect_delay
        self.check_behind(printer)

    async def stop(self) -> None:
        """Cancel the checks before the state that they write to is closed."""
        tasks = list(self._background)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def check_behind(self, printer: Printer) -> None:
        # A running check used the old proxy, so start another one.
        self._begin(printer)

    def _begin(self, printer: Printer) -> asyncio.Task[Attempt]:
        task = asyncio.create_task(self._check(printer))
        self._background.add(task)
        self._under_way[printer.name] = task
        task.add_done_callback(lambda done: self._forget(printer.name, done))
        return task

    def _forget(self, name: str, done: asyncio.Task[Attempt]) -> None:
        self._background.discard(done)
        if self._under_way.get(name) is done:
            del self._under_way[name]

    async def _check(self, printer: Printer) -> Attempt:
        proxy = dataclasses.replace(printer.proxy)
        attempt = await self._attempt(printer)
        for _again in range(RECONNECTS):
            if attempt.certain or proxy != printer.proxy:
                break
            attempt = await self._attempt(printer)  # the link broke, so it is made again at once
        if proxy != printer.proxy:
            return attempt
        printer.ors_connected = attempt.connected
        printer.ors_text = attempt.text
        printer.ors_checked = self.world.now()
        if attempt.connected:
            printer.ors_last_connection = printer.ors_checked
        self.world.store.keep(printer)
        self.world.store.commit()
        return attempt

    async def _attempt(self, printer: Printer) -> Attempt:
        # domain.md, "Registering a printer in PRISMA Home", 6: ORS not connected means broken or never configured.
        if printer.trouble in BROKEN:
            return Attempt(False, "The remote service of this controller does not answer.")
        client = printer.proxy
        direct = not client.use or HOST in [part.strip() for part in client.exceptions.replace(",", ";").split(";")]
        if direct and printer.network == "proxy_required":
            return Attempt(False, "No route to the remote service without a proxy server.")
        try:
            proxy = None
            if not direct:
                auth = (client.user, client.password) if client.user else None
                proxy = httpx.Proxy(f"http://{client.host}:{client.port}", auth=auth)
            async with httpx.AsyncClient(
                verify=self.world.client_context, proxy=proxy, trust_env=False, timeout=self.world.settings.ors_timeout
            ) as http:
                answer = await http.post(
                    f"https://{HOST}:{self.world.ors_port}/heartbeat", json={"serial": printer.serial}
                )
        except httpx.ProxyError as error:
            refused = str(error).startswith("4")  # otherwise it did not reach the remote service
            return Attempt(False, f"The proxy server refuses the connection: {error}", certain=refused)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return Attempt(False, f"No connection to the remote service: {type(error).__name__}", certain=False)
        if answer.status_code != 200:
            return Attempt(False, f"The remote service answers {answer.status_code}.")
        return Attempt(True, "The remote service answers.")


def ors_application(world: World) -> Starlette:
    """On Remote Service itself: receives heartbeats and keeps the latest one of each printer."""

    async def heartbeat(request: Request) -> Response:
        serial = (await request.json()).get("serial", "")
        world.heartbeats.append({"time": world.now(), "serial": serial})
        del world.heartbeats[:-10_000]
        return JSONResponse({"accepted": True})

    return Starlette(routes=[Route("/heartbeat", heartbeat, methods=["POST"])])
