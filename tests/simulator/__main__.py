# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: `python -m simulator serve --fleet FILE --state DIR`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from simulator.fleet import FleetError, load_fleet
from simulator.listening import PORT_NAMES, PortTaken
from simulator.proxy_child import ProxyDidNotStart
from simulator.serving import Options, serve
from simulator.world import ProxyAddress


def _proxy_address(text: str) -> ProxyAddress:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or not parts.port:
        raise argparse.ArgumentTypeError(f"{text!r} is not [USER:PASSWORD@]HOST:PORT")
    return ProxyAddress(parts.hostname, parts.port, unquote(parts.username or ""), unquote(parts.password or ""))


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulator", description="Plays printers' controllers, PRISMA Home and ORS.")
    command = parser.add_subparsers(dest="command", required=True).add_parser("serve", help="run in the foreground")
    command.add_argument("--fleet", type=Path, required=True, help="YAML file of printers, tenants and settings")
    folder = "folder that is kept between starts"
    command.add_argument("--state", type=lambda text: Path(text).resolve(), required=True, help=folder)
    command.add_argument(
        "--port-base", type=int, default=0, help=f"first of {len(PORT_NAMES)} ports; 0: free ones, then kept"
    )
    command.add_argument("--ready", type=Path, help="file (JSON, mode 0600) that appears when everything answers")
    command.add_argument(
        "--external-proxy", type=_proxy_address, metavar="[USER:PASSWORD@]HOST:PORT", help="instead of a child"
    )
    arguments = parser.parse_args()
    try:
        fleet = load_fleet(arguments.fleet)
        options = Options(arguments.state, arguments.port_base, arguments.ready, arguments.external_proxy)
        asyncio.run(serve(fleet, options))
    except (FleetError, PortTaken, ProxyDidNotStart, OSError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
