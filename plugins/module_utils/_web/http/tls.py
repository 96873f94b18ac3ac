# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which certificates are trusted: system CAs, a CA of one's own, or a pinned fingerprint. Knows TLS, no HTTP.

Why pinning: printers come with self-signed certificates, and an IP address fails validation
(domain.md, "Accounts, sessions, locks on the controller").
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import re
import ssl
import typing as t
import warnings
from pathlib import Path

from ..errors import BadInput

if t.TYPE_CHECKING:
    from ..libraries import httpx

PEER_CERTIFICATE = "printops_peer_certificate"
"""Under this key the transport leaves the certificate of the other side, in DER form, in a response's extensions."""

_DER = 2  # ssl's own constant for it is private
_HASHED_NAME = re.compile(r"[0-9a-f]{8}\.\d+")
_CERTIFICATE_SUFFIXES = frozenset({".pem", ".crt", ".cer"})


class FingerprintMismatch(ssl.SSLCertVerificationError):
    """The other side showed a certificate that is not pinned. ``fingerprint`` is the one it showed."""

    def __init__(self, fingerprint: str) -> None:
        super().__init__(1, f"the certificate's fingerprint is {fingerprint}, which is not pinned")
        self.fingerprint = fingerprint


class _FingerprintSocket(ssl.SSLSocket):
    """Leaves the fingerprint of a refused certificate in the error, so that a person can compare and pin it."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except ssl.SSLCertVerificationError as error:
            with contextlib.suppress(Exception):  # below Python 3.13 there is no public way to the refused chain
                chain = t.cast(t.Any, self)._sslobj.get_unverified_chain()
                error.fingerprint = fingerprint_of(chain[0].public_bytes(_DER))  # type: ignore[attr-defined]
            raise


def _system_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslsocket_class = _FingerprintSocket
    return context


# Loading the system's CAs takes 20 to 80 ms: done once, in the parent process, and inherited by every fork.
_SYSTEM_CONTEXT = _system_context()


TLS_VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}
"""By the names that the option ``tls_minimum`` has for them."""

_CIPHERS_OF_OLD_TLS = "DEFAULT:@SECLEVEL=0"
"""OpenSSL 3 speaks TLS 1.0 and 1.1 at this security level only."""


def ssl_context(
    ca_path: str | None = None,
    fingerprints: t.Sequence[str] = (),
    validate_certs: bool = True,
    ciphers: t.Sequence[str] = (),
    minimum: str | None = None,
) -> ssl.SSLContext:
    """The TLS context for one interface.

    ``fingerprints`` (SHA-256, hexadecimal; colons and case do not matter) pin the server's own certificate: chain and
    host name are then not looked at, and ``ca_path`` and ``validate_certs`` change nothing. ``ca_path`` (PEM or DER
    file, or a folder of them) stands in for the system's CAs. ``ciphers`` (OpenSSL's notation)
    and ``minimum`` (a key of TLS_VERSIONS) take the place of the system's defaults. Raises :class:`BadInput`.
    """
    if ciphers or minimum:
        return _adjusted_context(ca_path, tuple(fingerprints), validate_certs, tuple(ciphers), minimum)
    if fingerprints:
        return _pinning_context(frozenset(normalise_fingerprint(each) for each in fingerprints))
    if not validate_certs:
        return _unverified_context()
    if not ca_path:
        return _SYSTEM_CONTEXT
    try:
        status = os.stat(ca_path)
    except OSError:
        return _own_ca_context(ca_path)  # which says what is wrong with it
    return _known_ca_context(ca_path, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=16)
def _adjusted_context(
    ca_path: str | None,
    fingerprints: tuple[str, ...],
    validate_certs: bool,
    ciphers: tuple[str, ...],
    minimum: str | None,
) -> ssl.SSLContext:
    """Return a separate context: the others are shared by all interfaces."""
    if fingerprints:
        context = _pinning_context(frozenset(normalise_fingerprint(each) for each in fingerprints))
    elif not validate_certs:
        context = _unverified_context()
    else:
        context = _own_ca_context(ca_path) if ca_path else _system_context()
    if minimum is not None and minimum not in TLS_VERSIONS:
        raise BadInput(f"tls_minimum is {minimum!r}, but must be one of {', '.join(TLS_VERSIONS)}.")
    if minimum is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of old versions, which the option asks for
            context.minimum_version = TLS_VERSIONS[minimum]
    wanted = ":".join(ciphers) or (_CIPHERS_OF_OLD_TLS if minimum in ("1.0", "1.1") else "")
    if wanted:
        try:
            # Ciphers without a certificate are among "ALL", and OpenSSL would not demand one then.
            context.set_ciphers(f"{wanted}:!aNULL:!eNULL")
        except ssl.SSLError as error:
            raise BadInput(
                f"ciphers: OpenSSL knows none of {wanted!r}.", advice="Give names as in 'openssl ciphers'."
            ) from error
    return context


def normalise_fingerprint(text: str) -> str:
    """``AA:BB:…`` with 32 pairs, from any usual spelling. Raises :class:`BadInput`."""
    digits = re.sub(r"^\s*sha-?256(\s*fingerprint)?\s*[:=]?", "", text, flags=re.IGNORECASE)
    digits = re.sub(r"[\s:-]", "", digits).upper()
    if not re.fullmatch(r"[0-9A-F]{64}", digits):
        raise BadInput(
            f"{text!r} is not a SHA-256 fingerprint.", advice="Give 64 hexadecimal digits; colons do not matter."
        )
    return _in_pairs(digits)


def _in_pairs(digits: str) -> str:
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


@functools.lru_cache(maxsize=1024)
def fingerprint_of(certificate: bytes) -> str:
    """The SHA-256 fingerprint of a certificate in DER form, as ``AA:BB:…``."""
    return _in_pairs(hashlib.sha256(certificate).hexdigest().upper())


def peer_certificate(response: httpx.Response) -> bytes | None:
    """The certificate in DER form that the answering side showed; None over plain HTTP."""
    known: bytes | None = response.extensions.get(PEER_CERTIFICATE)
    if known is not None:
        return known
    stream = response.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    return (tls.getpeercert(True) or None) if tls is not None else None


def peer_fingerprint(response: httpx.Response) -> str | None:
    """The fingerprint of the certificate that the answering side showed; None over plain HTTP."""
    certificate = peer_certificate(response)
    return fingerprint_of(certificate) if certificate else None


@functools.lru_cache(maxsize=16)
def _known_ca_context(ca_path: str, _changed: int, _size: int) -> ssl.SSLContext:
    """Return the context for a file or folder as it is now: a thousand printers read it once."""
    return _own_ca_context(ca_path)


def _own_ca_context(ca_path: str) -> ssl.SSLContext:
    path = Path(ca_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslsocket_class = _FingerprintSocket
    # The same on every Python: 3.13 takes an intermediate CA as an anchor too.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_TRUSTED_FIRST
    try:
        files = _certificate_files(path, context) if path.is_dir() else [path]
        for file in files:
            _load(context, file.read_bytes())
    except (OSError, ValueError) as error:  # a file without a certificate in it is an ssl.SSLError or a ValueError
        unreadable = isinstance(error, OSError) and not isinstance(error, ssl.SSLError)
        reason = getattr(error, "strerror", None) or str(error) if unreadable else "it holds no certificate"
        raise BadInput(f"The CA at {ca_path} cannot be used: {reason}.", ca_path=ca_path) from error
    return context


def _certificate_files(folder: Path, context: ssl.SSLContext) -> list[Path]:
    names = sorted(os.listdir(folder))
    if any(_HASHED_NAME.fullmatch(name) for name in names):  # made by c_rehash: OpenSSL looks up what it needs
        context.load_verify_locations(capath=str(folder))
        return []
    files = [folder / name for name in names if Path(name).suffix.lower() in _CERTIFICATE_SUFFIXES]
    if not files:
        raise BadInput(f"The CA folder {folder} holds no file that ends in .pem, .crt or .cer.", ca_path=str(folder))
    return files


def _load(context: ssl.SSLContext, data: bytes) -> None:
    if b"-----BEGIN" in data:
        context.load_verify_locations(cadata=data.decode("ascii", "ignore"))
    else:
        context.load_verify_locations(cadata=data)


def _unverified_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _pinning_context(pinned: frozenset[str]) -> ssl.SSLContext:
    """A context whose handshake fails, before a byte of a request is sent, unless the certificate is a pinned one."""

    def compare(certificate: bytes | None) -> None:
        seen = fingerprint_of(certificate or b"")
        if seen not in pinned:
            raise FingerprintMismatch(seen)

    class PinnedSocket(ssl.SSLSocket):
        def do_handshake(self, block: bool = False) -> None:
            super().do_handshake(block)
            compare(self.getpeercert(True))

    class PinnedObject(ssl.SSLObject):  # TLS inside TLS, behind an https:// proxy
        def do_handshake(self) -> None:
            super().do_handshake()
            compare(self.getpeercert(True))

    context = _unverified_context()
    context.sslsocket_class = PinnedSocket
    context.sslobject_class = PinnedObject
    return context
