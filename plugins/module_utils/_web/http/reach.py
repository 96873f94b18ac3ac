# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a connection gets: name, TCP, proxy, TLS. Asks for the headers of one page at most, without credentials."""

from __future__ import annotations

import contextlib
import re
import ssl
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..._decide.network import NetworkOutcome
from ..errors import PrismaError, TimedOut, UntrustedCertificate
from ..libraries import httpx
from .certificate import certificate_facts
from .client import make_client
from .failures import cause_of
from .host_names import NameNotFound, addresses_of
from .options import PURPOSE, ClientOptions, Purpose
from .tls import fingerprint_of

_UNKNOWN_AUTHORITY = frozenset({2, 19, 20, 21})
"""OpenSSL's codes (X509_V_ERR) for a certificate of an authority that is not trusted."""


@dataclass(frozen=True)
class Reached:
    """How far a connection got. ``issuer`` and ``fingerprint`` are those of the certificate that the host showed."""

    outcome: NetworkOutcome
    reason: str = ""
    addresses: tuple[str, ...] = ()
    issuer: str | None = None
    fingerprint: str | None = None


def reach(options: ClientOptions, *, issuer: str = "") -> Reached:
    """Connect to the origin of ``options``, through its proxy if it has one, and return how far that got.

    ``issuer``: a text that the issuer of the certificate must contain, empty for any. Raises :class:`BadInput` for an
    option that cannot be used, and :class:`MissingLibrary`.
    """
    options = replace(options, retries=0)
    url = httpx.URL(options.proxy if options.proxy else options.base_url)
    with make_client(options):
        pass  # raises for an address that cannot be used, before a name is looked up
    try:
        addresses = addresses_of(url.host, url.port or 443)
    except NameNotFound as error:
        if options.proxy:
            return Reached(NetworkOutcome.PROXY_UNREACHABLE, f"the proxy {url.host} was not found: {error}")
        return Reached(NetworkOutcome.UNKNOWN_NAME, str(error))
    found = _connect(options, issuer)
    return replace(found, addresses=addresses)


def answers(options: ClientOptions, method: str, **given: t.Any) -> str:
    """Return why the origin of ``options`` does not answer a request; empty if it does, whatever the answer says."""
    stages = _Stages(through_proxy=False)
    try:
        _send(replace(options, retries=0), stages, method, **given)
    except PrismaError as error:
        return str(error) if error.details.get("status") is None else ""
    return ""


class _Stages:
    """Notes how far a connection gets, as httpcore's trace extension tells it."""

    def __init__(self, *, through_proxy: bool) -> None:
        self.connected = False
        self.certificate: bytes | None = None
        # The handshake with a proxy over https is one of the connection, too.
        self._handshake = "proxy.start_tls.complete" if through_proxy else "connection.start_tls.complete"

    @property
    def secured(self) -> bool:
        """Whether the TLS handshake with the host itself succeeded."""
        return self.certificate is not None

    def __call__(self, event: str, info: Mapping[str, t.Any]) -> None:
        if event == "connection.connect_tcp.complete":
            self.connected = True
        elif event == self._handshake:
            tls = info["return_value"].get_extra_info("ssl_object")
            self.certificate = tls.getpeercert(True) or b""


def _send(options: ClientOptions, stages: _Stages, method: str, **given: t.Any) -> None:
    with make_client(options) as client:
        client.exchange_once(method, "", auth=None, extensions={PURPOSE: Purpose.READ, "trace": stages}, **given)


def _connect(options: ClientOptions, issuer: str) -> Reached:
    stages = _Stages(through_proxy=bool(options.proxy))
    try:
        _send(options, stages, "HEAD")
    except UntrustedCertificate as error:
        return _untrusted(options, error)
    except PrismaError as error:
        if not stages.secured:
            return _failed(error, stages, bool(options.proxy))
    return _secured(stages.certificate or b"", issuer)


def _secured(certificate: bytes, issuer: str) -> Reached:
    """Return what a handshake that succeeded stands for. What is answered over it does not matter."""
    facts = certificate_facts(certificate)
    shown = {"issuer": facts["issuer"], "fingerprint": fingerprint_of(certificate)}
    if issuer and issuer.lower() not in str(facts["issuer"]).lower():
        reason = f"its certificate is issued by {facts['issuer']}, declared is {issuer!r}"
        return Reached(NetworkOutcome.INTERCEPTED, reason, **shown)
    return Reached(NetworkOutcome.REACHABLE, **shown)


def _untrusted(options: ClientOptions, error: UntrustedCertificate) -> Reached:
    """Return what a refused certificate stands for; another handshake, which verifies nothing, shows its issuer."""
    stages = _Stages(through_proxy=bool(options.proxy))
    with contextlib.suppress(PrismaError):  # the certificate is what matters
        _send(replace(options, validate_certs=False), stages, "HEAD")
    verification = cause_of(error, ssl.SSLCertVerificationError)
    code = getattr(verification, "verify_code", 0)
    why = getattr(verification, "verify_message", "") or "it is not trusted"
    if stages.certificate is None:
        return Reached(NetworkOutcome.UNTRUSTED_CERTIFICATE, why)
    facts = certificate_facts(stages.certificate)
    self_signed = facts["issuer"] == facts["subject"]
    known = code not in _UNKNOWN_AUTHORITY or self_signed
    return Reached(
        NetworkOutcome.UNTRUSTED_CERTIFICATE if known else NetworkOutcome.INTERCEPTED,
        f"its certificate is issued by {facts['issuer']}: {why}",
        issuer=facts["issuer"],
        fingerprint=fingerprint_of(stages.certificate),
    )


def _failed(error: PrismaError, stages: _Stages, through_proxy: bool) -> Reached:
    """Return where a connection ended that did not get to the end of the TLS handshake."""
    reason = str(error).rstrip(".")
    if not stages.connected:
        return Reached(NetworkOutcome.PROXY_UNREACHABLE if through_proxy else NetworkOutcome.BLOCKED, reason)
    if isinstance(error, TimedOut):
        return Reached(NetworkOutcome.TIMEOUT, reason)
    refusal = cause_of(error, httpx.ProxyError)
    if refusal is not None and re.match(r"407\b", str(refusal)):
        return Reached(NetworkOutcome.PROXY_LOGIN_REFUSED, reason)
    if through_proxy and (refusal is not None or cause_of(error, ssl.SSLError) is None):
        return Reached(NetworkOutcome.PROXY_REFUSES, reason)
    return Reached(NetworkOutcome.TLS_FAILED, reason)
