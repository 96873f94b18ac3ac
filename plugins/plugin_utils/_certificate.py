# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate that a host shows, and the file that pins it. Knows TLS handshakes; sends no request."""

from __future__ import annotations

import contextlib
import socket
import ssl
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ..module_utils._web.errors import BadInput, TimedOut, Unreachable
from ..module_utils._web.http.failures import tls_failure
from ..module_utils._web.http.tls import fingerprint_of, normalise_fingerprint, ssl_context
from ..module_utils._web.libraries import on_demand, yaml

PIN = "printops_tls_fingerprint"
_ENDINGS = (".yml", ".yaml", ".json")


@dataclass(frozen=True)
class Seen:
    """The certificate of a host. ``why_not``: why it is not trusted without a pin; None if it is."""

    fingerprint: str
    why_not: str | None
    facts: dict[str, t.Any]


def look(host: str, port: int, ca_path: str | None, timeout: float) -> Seen:
    """Return the certificate that ``host`` shows; it is closed right after the handshake.

    Raises :class:`Unreachable`, :class:`NotOurTls`, :class:`TimedOut`, and :class:`BadInput` for an unusable CA.
    """
    verifying = ssl_context(ca_path)
    why_not: str | None = None
    try:
        found = _handshake(host, port, verifying, timeout)
    except ssl.SSLCertVerificationError as error:
        why_not = str(getattr(error, "verify_message", "") or error)
        found = _handshake(host, port, ssl_context(validate_certs=False), timeout)
    return Seen(fingerprint_of(found), why_not, _facts(found))


def _handshake(host: str, port: int, context: ssl.SSLContext, timeout: float) -> bytes:
    place = f"{host}:{port}"
    try:
        with (
            socket.create_connection((host, port), timeout=timeout) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            return secured.getpeercert(True) or b""
    except ssl.SSLCertVerificationError:
        raise
    except TimeoutError as error:
        raise TimedOut(f"{place} did not answer in time") from error
    except ssl.SSLError as error:
        raise tls_failure(error, place) from error
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that no resolver can be asked for
        raise Unreachable(f"{place} cannot be reached: {getattr(error, 'strerror', None) or error}") from error


def _facts(der: bytes) -> dict[str, t.Any]:
    """What a person compares. What cannot be read is None: certificates from a factory are not always well made."""
    facts: dict[str, t.Any] = dict.fromkeys(("subject", "issuer", "names", "not_before", "not_after", "serial"))
    x509 = on_demand("cryptography.x509")
    with contextlib.suppress(ValueError):
        certificate = x509.load_der_x509_certificate(der)
        facts["serial"] = f"{certificate.serial_number:X}"
        facts["not_before"] = certificate.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
        facts["not_after"] = certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
        facts["subject"] = certificate.subject.rfc4514_string()
        facts["issuer"] = certificate.issuer.rfc4514_string()
        facts["names"] = _names(certificate, x509)
    return facts


def _names(certificate: t.Any, x509: t.Any) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(getattr(name, "value", name)) for name in names]


class PinFile:
    """A file of host variables that holds the pin of one printer and nothing else."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def text(self) -> str:
        """Return what the file holds, empty if there is none."""
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"path {str(self._path)!r} cannot be read: {error.__class__.__name__}") from error

    def pins(self) -> set[str]:
        """Return the pins in the file. Raises :class:`BadInput` for a file that holds anything else."""
        text = self.text()
        try:
            data = yaml.safe_load(text) if text else {PIN: []}
        except yaml.YAMLError:
            data = None
        if not isinstance(data, dict) or set(data) != {PIN} or not isinstance(data[PIN], (list, str)):
            raise BadInput(
                f"path {str(self._path)!r} holds more than {PIN}, so it was left alone",
                advice="Move the other variables into a file of their own.",
            )
        pins = [data[PIN]] if isinstance(data[PIN], str) else data[PIN]
        return {normalise_fingerprint(str(each)) for each in pins}

    def check_neighbours(self) -> None:
        """Raise :class:`BadInput` where a new folder of host variables would hide the file of the same name.

        Ansible reads ``host_vars/NAME/`` or ``host_vars/NAME.yml``, not both.
        """
        folder = self._path.absolute().parent
        hidden = [] if folder.is_dir() else [folder.with_name(folder.name + ending) for ending in ("", *_ENDINGS)]
        for file in hidden:
            if file.exists():
                raise BadInput(
                    f"{str(file)!r} would no longer be read: Ansible prefers a folder of that name",
                    advice=f"Move it to {str(folder / 'main.yml')!r}, or add the fingerprint to it yourself.",
                )


def pin_text(fingerprint: str) -> str:
    """Return what the file of one pin holds."""
    return (
        "---\n"
        "# Written by printops.prisma.trust_fleet. Compare it with what the printer itself shows.\n"
        f'{PIN}:\n  - "{fingerprint}"\n'
    )
