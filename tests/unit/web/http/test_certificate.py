# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a certificate ends, read without a library, as the library reads it; and what is no certificate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.http.certificate import (
    certificate_end,
    certificate_facts,
)
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def certificate(end: datetime, name: str = "press-01.example.com", serial: int = 7) -> bytes:
    """Return a certificate in DER form that ends so."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).serial_number(serial)
    builder = builder.public_key(key().public_key()).not_valid_before(BEGIN).not_valid_after(end)
    return builder.sign(key(), None).public_bytes(Encoding.DER)


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 31, 23, 59, 59)),
    st.text("abc.-é印", min_size=1, max_size=60).filter(lambda name: len(name.encode()) <= 64),  # as X.509 has it
    st.integers(1, 1 << 150),
)
def test_the_end_is_what_the_library_reads(end: datetime, name: str, serial: int) -> None:
    """With two and with four digits of the year, and with lengths of one byte and of more."""
    der = certificate(end.replace(microsecond=0, tzinfo=UTC), name, serial)
    assert certificate_end(der) == certificate_facts(der)["not_after"] == f"{end.replace(microsecond=0).isoformat()}Z"


@pytest.mark.parametrize("year", [1999, 2049, 2050])
def test_two_digits_of_a_year_are_of_the_century_that_the_standard_names(year: int) -> None:
    assert certificate_end(certificate(datetime(year, 6, 1, tzinfo=UTC))) == f"{year}-06-01T00:00:00Z"


@given(st.integers(0, 400), st.binary(max_size=3))
def test_what_is_no_certificate_has_no_end_and_is_no_error(length: int, more: bytes) -> None:
    whole = certificate(BEGIN + timedelta(days=20000))
    assert certificate_end(whole[:length] + more) in (None, certificate_end(whole))


@pytest.mark.parametrize("der", [b"", b"0", b"0\x80", b"0\xff", b"<html>", b"0\x02\x05\x00", b"0\x04\x30\x02\x30\x00"])
def test_malformed_bytes_have_no_end(der: bytes) -> None:
    assert certificate_end(der) is None


def test_a_version_that_does_not_exist_is_malformed() -> None:
    """As printers are known to leave the factory with; the library raises an error of its own for it."""
    whole = certificate(BEGIN + timedelta(days=20000))
    assert whole.count(b"\xa0\x03\x02\x01\x02") == 1
    wrong = whole.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x09")
    assert certificate_facts(wrong)["subject"] is None
    assert certificate_end(wrong) == certificate_end(whole)
