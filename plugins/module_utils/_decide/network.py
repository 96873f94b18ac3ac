# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether printers can reach the cloud from a network: the closed list of what a check finds, each with its advice.

Pure; connects to nothing. Source: domain.md, "Interfaces", and "Where onboarding fails in practice".
"""

from __future__ import annotations

import typing as t
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum


class NetworkOutcome(StrEnum):
    """How far a connection to one host gets, by one route."""

    REACHABLE = "reachable"
    UNKNOWN_NAME = "unknown_name"
    BLOCKED = "blocked"
    PROXY_UNREACHABLE = "proxy_unreachable"
    PROXY_LOGIN_REFUSED = "proxy_login_refused"
    PROXY_REFUSES = "proxy_refuses"
    TLS_FAILED = "tls_failed"
    INTERCEPTED = "intercepted"
    UNTRUSTED_CERTIFICATE = "untrusted_certificate"
    TIMEOUT = "timeout"
    ALIVE = "alive"
    NO_ANSWER = "no_answer"


class Route(StrEnum):
    """How a host is reached."""

    DIRECT = "direct"
    PROXY = "proxy"


GOOD = frozenset({NetworkOutcome.REACHABLE, NetworkOutcome.ALIVE})

ADVICE: dict[NetworkOutcome, str] = {
    NetworkOutcome.REACHABLE: "Nothing to do.",
    NetworkOutcome.UNKNOWN_NAME: (
        "Have the DNS of this network resolve {host}, or declare the proxy that the printers use (onboard_proxy)."
    ),
    NetworkOutcome.BLOCKED: (
        "Have the firewall let the printers' network out to {host}, TCP port {port}, or declare the proxy that the "
        "printers use (onboard_proxy)."
    ),
    NetworkOutcome.PROXY_UNREACHABLE: (
        "Correct onboard_proxy.host and onboard_proxy.port, or have the firewall let the printers' network reach the "
        "proxy."
    ),
    NetworkOutcome.PROXY_LOGIN_REFUSED: "Correct onboard_proxy.user and onboard_proxy.password.",
    NetworkOutcome.PROXY_REFUSES: "Have the proxy allow CONNECT to {host}, port {port}, from the printers' network.",
    NetworkOutcome.TLS_FAILED: (
        "Something answers in place of {host}, or ends the connection once it reads that name. Have firewall and proxy "
        "let TLS to {host}, port {port}, pass unchanged."
    ),
    NetworkOutcome.INTERCEPTED: (
        "Exempt {host} from TLS inspection: printers do not trust the authority that issued this certificate. If it is "
        "the right one, name it in network_ca_path (ca_path), and for your own cloud in printops_tenant_ca_path or "
        "printops_site_ca_path."
    ),
    NetworkOutcome.UNTRUSTED_CERTIFICATE: (
        "Check the clock of this machine, and that {host} is the right name. If the certificate is the right one, name "
        "its CA in network_ca_path (ca_path), and for your own cloud in printops_tenant_ca_path or "
        "printops_site_ca_path."
    ),
    NetworkOutcome.TIMEOUT: (
        "Run again. If it stays so, a firewall or the proxy holds connections to {host}, port {port}, back."
    ),
    NetworkOutcome.ALIVE: "Nothing to do.",
    NetworkOutcome.NO_ANSWER: (
        "Check that the printer is on, and that JMF is switched on in its Settings Editor. If it is not, remove "
        "printops_jmf."
    ),
}
"""By outcome, with places for the host and the port."""


@dataclass(frozen=True)
class NetworkCheck:
    """What one check found. ``needed``: whether the printers depend on this route."""

    host: str
    port: int
    purpose: str
    source: str
    route: Route
    needed: bool
    outcome: NetworkOutcome
    reason: str = ""
    addresses: tuple[str, ...] = ()
    issuer: str | None = None
    fingerprint: str | None = None
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether the host is reached by this route."""
        return self.outcome in GOOD

    @property
    def advice(self) -> str:
        """What a person should do next."""
        return ADVICE[self.outcome].format(host=self.host, port=self.port)

    def as_dict(self) -> dict[str, t.Any]:
        """Return the check as a result shows it."""
        values = {**asdict(self), "addresses": list(self.addresses), "advice": self.advice}
        return values | {"route": self.route.value, "outcome": self.outcome.value}

    def as_line(self) -> str:
        """Return the check as one line of text."""
        how = {Route.DIRECT: "directly", Route.PROXY: "through the proxy"}[self.route]
        note = "" if self.needed or self.good else " (not needed, as a proxy is declared)"
        why = f": {self.reason}" if self.reason and not self.good else ""
        issued = f", certificate issued by {self.issuer}" if self.issuer and self.good else ""
        return f"{self.host}:{self.port} {how}: {self.outcome.value}{note}{why}{issued}"


def compared(checks: Sequence[NetworkCheck]) -> list[NetworkCheck]:
    """Return ``checks``, where a proxy that shows a certificate of another issuer than the host does is intercepting.

    This machine may trust the authority of an intercepting proxy; a printer does not.
    """
    direct = {(each.host, each.port): each.issuer for each in checks if each.route is Route.DIRECT and each.good}
    return [_compared(each, direct.get((each.host, each.port))) for each in checks]


def _compared(check: NetworkCheck, issuer: str | None) -> NetworkCheck:
    if check.route is Route.DIRECT or not check.good or not issuer or not check.issuer or issuer == check.issuer:
        return check
    reason = f"its certificate is issued by {check.issuer} through the proxy, and by {issuer} directly"
    return replace(check, outcome=NetworkOutcome.INTERCEPTED, reason=reason)


def first_problem(checks: Sequence[NetworkCheck]) -> NetworkCheck | None:
    """Return the first check that printers depend on and that is not good, None if all are."""
    return next((each for each in checks if each.needed and not each.good), None)
