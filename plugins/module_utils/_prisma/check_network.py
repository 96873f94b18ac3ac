# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module check_network: whether printers can reach the cloud from here. Writes nothing."""

from __future__ import annotations

import os
import time
import typing as t
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from .._decide.address import is_host
from .._decide.network import NetworkCheck, NetworkOutcome, Route, compared, first_problem
from .._web.errors import BadInput
from .._web.http.client import ClientOptions, Purpose
from .._web.http.proxy import bypasses_proxy
from .._web.http.reach import answers, reach

_JMF = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<JMF xmlns="http://www.CIP4.org/JDFSchema_1_1" SenderID="printops.prisma" TimeStamp="{now}" Version="1.3">'
    '<Query ID="Q1" Type="KnownDevices"/></JMF>'
)
"""The one question that every JMF interface answers (domain.md, "Interfaces")."""

_CLOUDS = {"tenant": "PRISMA Home", "site": "administration site"}
"""The user's own clouds, by the prefix of their options."""

CheckRun = Callable[[Purpose], None]


def run(options: Mapping[str, t.Any], check_run: CheckRun = lambda purpose: None) -> dict[str, t.Any]:
    """Check every host by each route, and return Ansible's result. It fails if printers cannot reach one of the hosts.

    C(cloud_hosts) has all rows by now. ``check_run`` may raise to end the task. Raises :class:`BadInput`.
    """
    _check_options(options)
    rows, lacking = list(_rows(options)), _lacking_files(options)
    if not rows and not options["jmf"]:
        raise BadInput("there is no host to check", advice="Set printops_cloud_hosts, or leave default_hosts at true.")
    checks = compared([_check(options, row, route, check_run) for row in rows for route in _routes(options)])
    if options["jmf"]:
        checks.append(_ask_jmf(options, check_run))
    result: dict[str, t.Any] = {
        "changed": False,
        "checks": [each.as_dict() for each in checks],
        "report": [each.as_line() for each in checks],
        "outcome": NetworkOutcome.REACHABLE.value,
        **({"warnings": lacking} if lacking else {}),
    }
    problem = first_problem(checks)
    return result if problem is None else {**result, **_failure(checks, problem)}


def _failure(checks: list[NetworkCheck], problem: NetworkCheck) -> dict[str, t.Any]:
    bad = [each for each in checks if each.needed and not each.good]
    others = ", ".join(f"{each.host}:{each.port} ({each.outcome.value})" for each in bad if each is not problem)
    reason = f"{len(bad)} of {sum(each.needed for each in checks)} checks failed: {problem.as_line()}"
    reason += f"; also {others}" if others else ""
    return {
        "failed": True,
        "msg": f"{reason}. {problem.advice}",
        "outcome": problem.outcome.value,
        "reason": reason,
        "advice": problem.advice,
        "details": {},
    }


def _check_options(options: Mapping[str, t.Any]) -> None:
    if options["timeout"] <= 0:
        raise BadInput(f"timeout is {options['timeout']}, but must be more than 0 seconds")
    for name, host, port in (
        *(("printops_cloud_hosts", row["host"], row["port"]) for row in options["cloud_hosts"]),
        ("proxy_host", options["proxy_host"] or "-", options["proxy_port"] or 1),
        ("printops_host", options["host"] or "-", options["jmf_port"]),
    ):
        if not is_host(str(host)):
            raise BadInput(f"{name}: {host!r} is not the name or address of a host", advice="Give the name alone.")
        if not 1 <= port <= 65535:
            raise BadInput(f"{name}: {port} is not a port", advice="Give a port from 1 to 65535.")
    if options["jmf"] and not options["host"]:
        raise BadInput("jmf is true, and no host is given", advice="Set printops_host to the name of the printer.")


def _rows(options: Mapping[str, t.Any]) -> Iterator[Mapping[str, t.Any]]:
    """Yield the hosts: those of the user's own clouds first, each once."""
    found: dict[tuple[str, int], Mapping[str, t.Any]] = {}
    for cloud, purpose in _CLOUDS.items():
        url = options[f"{cloud}_url"]
        if url:
            name, ca_path = f"printops_{cloud}_url", options[f"{cloud}_ca_path"]
            host, port = _of_address(name, str(url))
            found[host, port] = {"host": host, "port": port, "purpose": purpose, "source": name}
            if ca_path and os.path.exists(ca_path):
                found[host, port] = {**found[host, port], "ca_path": ca_path}
    for row in options["cloud_hosts"]:
        key = (str(row["host"]).lower(), row["port"])
        found[key] = {**found.get(key, {}), **{name: value for name, value in row.items() if value}}
    yield from found.values()


def _lacking_files(options: Mapping[str, t.Any]) -> list[str]:
    """Return a warning for each CA of a cloud that is declared for another machine than the one that checks."""
    return [
        f"printops_{cloud}_ca_path {path!r} is not on the machine where the check runs: the host of "
        f"printops_{cloud}_url is checked with the CAs of that machine"
        for cloud in _CLOUDS
        if options[f"{cloud}_url"] and (path := options[f"{cloud}_ca_path"]) and not os.path.exists(path)
    ]


def _of_address(name: str, url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port or 443
    except ValueError:
        host, port = None, 0
    if not host or parts.scheme != "https":
        raise BadInput(f"{name} is not an https address", advice="Give the address with https://.")
    return host, port


def _routes(options: Mapping[str, t.Any]) -> tuple[Route, ...]:
    return (Route.DIRECT, Route.PROXY) if options["proxy_host"] else (Route.DIRECT,)


def _check(options: Mapping[str, t.Any], row: Mapping[str, t.Any], route: Route, check_run: CheckRun) -> NetworkCheck:
    host, port = str(row["host"]), int(row["port"])
    uses_proxy = options["proxy_host"] and not bypasses_proxy(host, port, ",".join(options["proxy_exceptions"] or ()))
    client = ClientOptions(
        f"https://{_bracketed(host)}:{port}/",
        ca_path=options["ca_path"] or row.get("ca_path"),
        timeout=options["timeout"],
        proxy=_proxy_url(options) if route is Route.PROXY else None,
        check_run=check_run,
    )
    began = time.monotonic()
    found = reach(client, issuer=str(row.get("issuer") or ""))
    return NetworkCheck(
        host=host,
        port=port,
        purpose=str(row.get("purpose") or ""),
        source=str(row.get("source") or ""),
        route=route,
        needed=(route is Route.PROXY) == bool(uses_proxy),
        outcome=found.outcome,
        reason=found.reason,
        addresses=found.addresses,
        issuer=found.issuer,
        fingerprint=found.fingerprint,
        seconds=round(time.monotonic() - began, 3),
    )


def _proxy_url(options: Mapping[str, t.Any]) -> str:
    user, password = (quote(str(options[f"proxy_{name}"] or ""), safe="") for name in ("user", "password"))
    account = f"{user}:{password}@" if user or password else ""
    return f"http://{account}{_bracketed(str(options['proxy_host']).strip())}:{options['proxy_port']}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _ask_jmf(options: Mapping[str, t.Any], check_run: CheckRun) -> NetworkCheck:
    """Ask the printer which devices it knows. Any answer says that it is on (domain.md, "Interfaces")."""
    host, port = str(options["host"]).strip(), int(options["jmf_port"])
    client = ClientOptions(f"http://{_bracketed(host)}:{port}/", timeout=options["timeout"], check_run=check_run)
    began = time.monotonic()
    why_not = answers(
        client,
        "POST",
        content=_JMF.format(now=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")).encode(),
        headers={"Content-Type": "application/vnd.cip4-jmf+xml"},
    )
    return NetworkCheck(
        host=host,
        port=port,
        purpose="JMF of the printer",
        source='docs/domain.md, "Interfaces"',
        route=Route.DIRECT,
        needed=True,
        outcome=NetworkOutcome.NO_ANSWER if why_not else NetworkOutcome.ALIVE,
        reason=why_not.rstrip("."),
        seconds=round(time.monotonic() - began, 3),
    )
