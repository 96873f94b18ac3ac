# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the OpenID Connect provider as a child process, and reads its events."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from simulator.listening import OIDC_HOST
from simulator.proxy_child import ProxyChild
from simulator.watching import Counters
from simulator.world import ProxyAddress, World

SITE_CLIENT = "administration-sites"
HOME_CLIENT = "prisma-home"
APPLICATION_CLIENT = "prisma-home-application"
PUBLIC_CLIENT = "automation"
PUBLIC_REDIRECT = "http://127.0.0.1/callback"


@dataclass(frozen=True)
class ClientOptions:
    """A client of the provider.

    `audiences`: the clouds that accept its access tokens. `dialogue`: how its people sign in, on one page (login.html)
    or step by step, as the providers of large companies have it.
    """

    client_id: str
    client_secret: str
    redirects: tuple[str, ...]
    audiences: tuple[str, ...]
    lifetime: int
    dialogue: str = "one page"


@dataclass(frozen=True)
class ProviderOptions:
    """The options of the provider. `people`: password and code of the second factor by e-mail address."""

    port: int
    chain: Path
    clients: tuple[ClientOptions, ...]
    people: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"https://{OIDC_HOST}:{self.port}"


async def launch_provider(options: ProviderOptions, state: Path, events: Path) -> ProxyChild:
    """Start the child. It listens after about half a second; the caller can prepare the rest meanwhile."""
    log = state / "oidc.log"
    document = {
        "host": OIDC_HOST,
        "port": options.port,
        "issuer": options.issuer,
        "chain": str(options.chain),
        "clients": [dataclasses.asdict(client) for client in options.clients],
        "people": options.people,
        "events": str(events),
        "faults": str(orders_in(state)),
    }
    log.touch(mode=0o600)
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "simulator.oidc_program",
            stdin=asyncio.subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    assert process.stdin is not None
    process.stdin.write(json.dumps(document).encode() + b"\n")
    await process.stdin.drain()
    return ProxyChild(process, ProxyAddress(OIDC_HOST, options.port), log)


def events_in(state: Path) -> Path:
    """Return the path of the provider's event file. It contains secrets, and is emptied at each start."""
    path = state / "oidc-events.jsonl"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    return path


def orders_in(state: Path) -> Path:
    """Return the path of the file with the faults that the provider is to have."""
    return state / "oidc-faults.json"


@dataclass
class ProviderEvents:
    """Reads the new events of the provider: counts, secrets, faults, and audit lines (side `oidc`)."""

    world: World
    counters: Counters
    path: Path
    on_fault: Callable[[int, int, int], None] = lambda id, happened, held: None
    """Takes the id of a fault, how often it happened, and how many requests it holds."""
    _read: int = 0

    def take(self) -> None:
        with self.path.open("rb") as stream:
            stream.seek(self._read)
            lines = stream.read()
        # The last line may be incomplete.
        whole = lines[: lines.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            event = json.loads(line)
            if event["kind"] == "request":
                self.counters.add("oidc", event["account"], event["method"], event["path"], event["time"])
            elif event["kind"] == "fault":
                self.on_fault(event["id"], event["happened"], event["held"])
            elif event["kind"] == "secret":
                self.world.store.keep_secret(event["name"], event["value"])
            else:
                self.world.store.audit("oidc", "", event["actor"], event["what"])
