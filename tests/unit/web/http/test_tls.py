# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which certificates are accepted, over real handshakes; and that nothing is sent where they are not."""

from __future__ import annotations

import hashlib
import os
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    BadInput,
    TlsHandshakeFailed,
    UntrustedCertificate,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    PURPOSE,
    ClientOptions,
    Purpose,
    make_client,
    peer_fingerprint,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.failures import OLD_TLS_ADVICE, tls_failure
from ansible_collections.printops.prisma.plugins.module_utils._web.http.tls import normalise_fingerprint, ssl_context
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from unit.web.conftest import tls_for
from unit.web.loopback import Answer, Loopback, serve

READ = {PURPOSE: Purpose.READ}


def der_of(certificate: trustme.Blob) -> bytes:
    return x509.load_pem_x509_certificate(certificate.bytes()).public_bytes(Encoding.DER)


def fingerprint(leaf: trustme.LeafCert) -> str:
    return hashlib.sha256(der_of(leaf.cert_chain_pems[0])).hexdigest()


def get(server: Loopback, **options: Any) -> str | None:
    """The fingerprint of the side that answered."""
    with make_client(ClientOptions(server.url, **options)) as client:
        return peer_fingerprint(client.get("", extensions=READ))


@pytest.fixture
def server(server_tls: ssl.SSLContext) -> Iterator[Loopback]:
    with serve(lambda asked: Answer(), server_tls) as loopback:
        yield loopback


def test_the_systems_cas_do_not_know_a_private_one(server: Loopback, leaf: trustme.LeafCert) -> None:
    with pytest.raises(UntrustedCertificate, match="not trusted") as caught:
        get(server)
    assert caught.value.details["fingerprint"] == normalise_fingerprint(fingerprint(leaf))
    assert server.asked == []
    assert server.connections == 1  # and it was not tried again


def test_a_ca_file_is_trusted_instead_of_the_systems_cas(
    server: Loopback, ca_path: str, leaf: trustme.LeafCert
) -> None:
    assert get(server, ca_path=ca_path) == normalise_fingerprint(fingerprint(leaf))


def test_the_host_name_has_to_match(ca: trustme.CA, ca_path: str) -> None:
    other = tls_for(ca.issue_cert("printer.example.com"))
    with serve(lambda asked: Answer(), other) as server, pytest.raises(UntrustedCertificate, match=r"127\.0\.0\.1"):
        get(server, ca_path=ca_path)


def test_a_self_signed_certificate_is_refused_unless_it_is_given_as_the_ca(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=printer"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serve(lambda asked: Answer(), context) as server:
        with pytest.raises(UntrustedCertificate, match="self-signed"):
            get(server)
        assert server.asked == []
        assert get(server, ca_path=str(certificate))


def test_a_ca_file_may_be_der_or_hold_comments_or_lie_in_a_folder(
    server: Loopback, ca: trustme.CA, tmp_path: Path
) -> None:
    der, commented = tmp_path / "ca.der", tmp_path / "commented.pem"
    der.write_bytes(der_of(ca.cert_pem))
    commented.write_bytes("# Autorité de l'imprimerie\n".encode("latin-1") + ca.cert_pem.bytes())
    folder = tmp_path / "folder"
    folder.mkdir()
    ca.cert_pem.write_to_path(folder / "ours.crt")
    (folder / "README").write_text("no certificate")
    for path in (der, commented, folder):
        assert get(server, ca_path=str(path))


def test_a_ca_folder_may_be_a_hashed_one(server: Loopback, ca_path: str, tmp_path: Path) -> None:
    command = ["openssl", "x509", "-hash", "-noout", "-in", ca_path]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    os.symlink(ca_path, tmp_path / f"{name}.0")
    assert get(server, ca_path=str(tmp_path))


@pytest.mark.parametrize("content", [None, b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_ca_file_that_cannot_be_used_is_bad_input_that_names_it(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        ssl_context(str(path))
    assert str(path) in str(caught.value)


def test_a_ca_folder_without_certificates_is_bad_input_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=str(tmp_path)):
        ssl_context(str(tmp_path))


def test_a_pinned_certificate_is_accepted_whatever_its_issuer_and_name(leaf: trustme.LeafCert) -> None:
    other = trustme.CA().issue_cert("printer.example.com")
    with serve(lambda asked: Answer(), tls_for(other)) as server:
        assert get(server, tls_fingerprint=(fingerprint(leaf), fingerprint(other).upper()))


def test_a_certificate_that_is_not_pinned_gets_no_byte_of_a_request(server: Loopback, leaf: trustme.LeafCert) -> None:
    with (
        make_client(ClientOptions(server.url, tls_fingerprint=("AB" * 32,))) as client,
        pytest.raises(UntrustedCertificate, match="not the pinned one") as caught,
    ):
        client.post("", auth=("admin", "pass-word"), extensions={PURPOSE: Purpose.SIGN_IN})
    seen = normalise_fingerprint(fingerprint(leaf))
    assert caught.value.details["fingerprint"] == seen
    assert seen in str(caught.value)
    assert server.asked == []
    assert server.connections == 1


@pytest.mark.parametrize("more", [{"validate_certs": False}, {"ca_path": "ca"}])
def test_a_pin_holds_whatever_else_is_said(server: Loopback, ca_path: str, more: dict[str, Any]) -> None:
    if "ca_path" in more:
        more = {"ca_path": ca_path}
    with pytest.raises(UntrustedCertificate):
        get(server, tls_fingerprint=("AB" * 32,), **more)


def test_verification_can_be_switched_off_and_the_fingerprint_is_still_seen(
    server: Loopback, leaf: trustme.LeafCert
) -> None:
    assert get(server, validate_certs=False) == normalise_fingerprint(fingerprint(leaf))


def test_the_fingerprint_is_known_after_the_connection_was_closed(
    server_tls: ssl.SSLContext, leaf: trustme.LeafCert, ca_path: str
) -> None:
    with serve(lambda asked: Answer(headers={"Connection": "close"}), server_tls) as server:
        assert get(server, ca_path=ca_path) == normalise_fingerprint(fingerprint(leaf))


def test_plain_http_has_no_fingerprint() -> None:
    with (
        serve(lambda asked: Answer()) as server,
        make_client(ClientOptions(server.url)) as client,
    ):
        assert peer_fingerprint(client.get("", extensions=READ)) is None


@given(digest=st.binary(min_size=32, max_size=32), upper=st.booleans(), form=st.sampled_from(["", ":", " ", "-"]))
def test_every_usual_spelling_of_a_fingerprint_is_the_same(digest: bytes, upper: bool, form: str) -> None:
    text = digest.hex(form, 1) if form else digest.hex()
    expected = digest.hex(":").upper()
    for prefix in ("", "sha256:", "SHA256 Fingerprint=", "sha-256="):
        assert normalise_fingerprint(prefix + (text.upper() if upper else text)) == expected


@pytest.mark.parametrize("text", ["", "AB:CD", "G" * 64, "AB" * 20, "AB" * 33])
def test_what_is_no_sha256_fingerprint_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput, match="SHA-256"):
        normalise_fingerprint(text)


# --- old servers ---


def old_server(leaf: trustme.LeafCert, version: ssl.TLSVersion, ciphers: str = "DEFAULT:@SECLEVEL=0") -> ssl.SSLContext:
    """What a server speaks that knows nothing newer than ``version``."""
    context = tls_for(leaf)
    context.set_ciphers(ciphers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = version
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_a_server_of_old_tls_has_its_own_advice_and_its_option(
    version: ssl.TLSVersion, leaf: trustme.LeafCert, ca_path: str
) -> None:
    with serve(lambda asked: Answer(), old_server(leaf, version)) as server:
        with pytest.raises(TlsHandshakeFailed, match="no TLS connection can be negotiated") as caught:
            get(server, ca_path=ca_path)
        assert "printops_tls_minimum" in caught.value.advice
        assert not caught.value.may_have_arrived
        assert get(server, ca_path=ca_path, tls_minimum="1.0") == normalise_fingerprint(fingerprint(leaf))


def test_a_server_of_old_ciphers_is_reached_with_the_option(leaf: trustme.LeafCert, ca_path: str) -> None:
    with serve(
        lambda asked: Answer(), old_server(leaf, ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
    ) as server:
        with pytest.raises(TlsHandshakeFailed) as caught:
            get(server, ca_path=ca_path, ciphers=("ECDHE+AESGCM",))
        assert "printops_ciphers" in caught.value.advice
        assert get(server, ca_path=ca_path, ciphers=("ECDHE+AESGCM", "ECDHE-ECDSA-AES128-SHA"))


@pytest.mark.parametrize("more", [{"validate_certs": False}, {"tls_fingerprint": True}, {}])
def test_old_tls_is_verified_as_new_one(more: dict[str, Any], leaf: trustme.LeafCert) -> None:
    if "tls_fingerprint" in more:
        more = {"tls_fingerprint": (fingerprint(leaf),)}
    with serve(lambda asked: Answer(), old_server(leaf, ssl.TLSVersion.TLSv1_1)) as server:
        if more:
            assert get(server, tls_minimum="1.1", **more)
        else:
            with pytest.raises(UntrustedCertificate):
                get(server, tls_minimum="1.1")


def test_a_newer_minimum_refuses_an_older_server(leaf: trustme.LeafCert, ca_path: str) -> None:
    with (
        serve(lambda asked: Answer(), old_server(leaf, ssl.TLSVersion.TLSv1_2)) as server,
        pytest.raises(TlsHandshakeFailed),
    ):
        get(server, ca_path=ca_path, tls_minimum="1.3")


@pytest.mark.parametrize(
    ("options", "what"),
    [({"ciphers": ("NO-SUCH-CIPHER",)}, "NO-SUCH-CIPHER"), ({"minimum": "1.4"}, "1.0, 1.1, 1.2, 1.3")],
)
def test_ciphers_and_versions_that_are_none_are_bad_input(options: dict[str, Any], what: str) -> None:
    with pytest.raises(BadInput, match=what):
        ssl_context(**options)


def test_one_interface_s_old_tls_is_nobody_else_s() -> None:
    before = ssl_context().minimum_version
    with_option = ssl_context(minimum="1.0")
    assert with_option is not ssl_context()
    assert (ssl_context().minimum_version, with_option.minimum_version) == (before, ssl.TLSVersion.TLSv1)
    assert ssl_context(minimum="1.0") is with_option


def test_a_reason_that_python_has_no_name_for_is_taken_from_the_text() -> None:
    """As with Debian's Python 3.11.2 and an OpenSSL that is newer than it."""
    error = ssl.SSLError(1, "[SSL] legacy sigalg disallowed or unsupported (_ssl.c:992)")
    failure = tls_failure(error, "https://press-01.example.com")
    assert "(legacy sigalg disallowed or unsupported)" in str(failure)
    assert failure.advice == OLD_TLS_ADVICE


@pytest.mark.parametrize("ciphers", [("ALL:@SECLEVEL=0",), ("ALL", "aNULL", "@SECLEVEL=0")])
def test_no_cipher_does_without_a_certificate(ciphers: tuple[str, ...]) -> None:
    """Given ciphers that include anonymous ones, then they are left out: OpenSSL would demand no certificate then."""
    offered = [cipher["name"] for cipher in ssl_context(None, (), True, ciphers).get_ciphers()]
    assert offered
    assert [name for name in offered if name.startswith(("ADH", "AECDH")) or "NULL" in name] == []
