# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches the certificate of a host in a TLS handshake, and reads the file that pins it. Sends no HTTP request."""

from __future__ import annotations

import socket
import ssl
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ..module_utils._web.errors import BadInput, TimedOut, UnknownHost, Unreachable
from ..module_utils._web.http.certificate import certificate_facts
from ..module_utils._web.http.failures import tls_failure
from ..module_utils._web.http.host_names import NameNotFound, addresses_of
from ..module_utils._web.http.tls import fingerprint_of, normalise_fingerprint, ssl_context
from ..module_utils._web.libraries import yaml

PIN_VARIABLE = "printops_tls_fingerprint"
_ENDINGS = (".yml", ".yaml", ".json")


@dataclass(frozen=True)
class HostCertificate:
    """The certificate of a host. ``why_not_trusted``: the verification error without a pin, None if it is trusted.

    ``facts``: subject, issuer, names, validity and serial number, for a person to compare.
    """

    fingerprint: str
    why_not_trusted: str | None
    facts: dict[str, t.Any]


def fetch_certificate(
    host: str,
    port: int,
    ca_path: str | None,
    timeout: float,
    ciphers: t.Sequence[str] = (),
    minimum: str | None = None,
) -> HostCertificate:
    """Return the certificate of ``host``. The connection is closed after the handshake. ``timeout``: seconds.

    ``ciphers`` and ``minimum`` are those of :func:`ssl_context`. Raises :class:`Unreachable`,
    :class:`TlsHandshakeFailed`, :class:`TimedOut`, and :class:`BadInput` for an option that cannot be used.
    """
    verifying = ssl_context(ca_path, ciphers=ciphers, minimum=minimum)
    why_not_trusted: str | None = None
    try:
        found = _handshake(host, port, verifying, timeout)
    except ssl.SSLCertVerificationError as error:
        why_not_trusted = str(getattr(error, "verify_message", "") or error)
        unverified = ssl_context(validate_certs=False, ciphers=ciphers, minimum=minimum)
        found = _handshake(host, port, unverified, timeout)
    return HostCertificate(fingerprint_of(found), why_not_trusted, certificate_facts(found))


def _handshake(host: str, port: int, context: ssl.SSLContext, timeout: float) -> bytes:
    host = host.strip("[]")  # of an IPv6 address, as printops_host may have it
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        addresses_of(host, port)  # first, as create_connection does not say that a name was not found
        with (
            socket.create_connection((host, port), timeout=timeout) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            return secured.getpeercert(True) or b""
    except NameNotFound as error:
        raise UnknownHost(f"{address} cannot be found: {error}") from error
    except ssl.SSLCertVerificationError:
        raise
    except TimeoutError as error:
        raise TimedOut(f"{address} did not answer in time") from error
    except ssl.SSLError as error:
        raise tls_failure(error, address) from error
    except OSError as error:
        raise Unreachable(f"{address} cannot be reached: {getattr(error, 'strerror', None) or error}") from error


class PinFile:
    """A file of host variables that contains the pin of one printer and nothing else."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def text(self) -> str:
        """Return the content of the file, empty if it does not exist."""
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"path {str(self._path)!r} cannot be read: {error.__class__.__name__}") from error

    def pins(self) -> set[str]:
        """Return the pins in the file. Raises :class:`BadInput` for a file that contains anything else."""
        text = self.text()
        try:
            data = yaml.safe_load(text) if text else {PIN_VARIABLE: []}
        except yaml.YAMLError:
            data = None
        if not isinstance(data, dict) or set(data) != {PIN_VARIABLE} or not isinstance(data[PIN_VARIABLE], (list, str)):
            raise BadInput(
                f"path {str(self._path)!r} contains more than {PIN_VARIABLE}, so it was not changed",
                advice="Move the other variables to another file of this printer.",
            )
        pins = [data[PIN_VARIABLE]] if isinstance(data[PIN_VARIABLE], str) else data[PIN_VARIABLE]
        return {normalise_fingerprint(str(each)) for each in pins}

    def check_neighbours(self) -> None:
        """Raise :class:`BadInput` if a new folder ``host_vars/NAME/`` would hide a file ``host_vars/NAME.yml``.

        Ansible reads only one of them.
        """
        folder = self._path.absolute().parent
        hidden = [] if folder.is_dir() else [folder.with_name(folder.name + ending) for ending in ("", *_ENDINGS)]
        for file in hidden:
            if file.exists():
                raise BadInput(
                    f"{str(file)!r} would no longer be read, because Ansible prefers a folder of the same name",
                    advice=f"Move it to {str(folder / 'main.yml')!r}, or add {PIN_VARIABLE} to it yourself.",
                )


def pin_text(fingerprint: str) -> str:
    """Return the content of a pin file."""
    return (
        "---\n"
        "# Written by printops.prisma.trust_fleet. Compare it with the fingerprint that the printer itself shows.\n"
        f'{PIN_VARIABLE}:\n  - "{fingerprint}"\n'
    )
