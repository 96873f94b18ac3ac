# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A body is decoded at most once and never beyond the limit, however small it was on the way."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import UnexpectedPage
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    PURPOSE,
    ClientOptions,
    Purpose,
    make_client,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.decoding import coding_of, decoded
from hypothesis import given
from hypothesis import strategies as st
from unit.web.loopback import Answer, serve

MEBIBYTE = 1 << 20


def zeros(mebibytes: int, bits: int) -> bytes:
    """That many MiB of zeros, compressed."""
    packing = zlib.compressobj(9, zlib.DEFLATED, bits)
    return b"".join(packing.compress(bytes(MEBIBYTE)) for _each in range(mebibytes)) + packing.flush()


def peak_of(body: bytes, coding: str, limit: int) -> int:
    """MiB that reading it took."""
    pieces = [body[at : at + 65536] for at in range(0, len(body), 65536)]
    tracemalloc.start()
    try:
        with pytest.raises(UnexpectedPage, match=f"larger than {limit // MEBIBYTE} MiB"):
            list(decoded(pieces, coding, limit))
        return tracemalloc.get_traced_memory()[1] // MEBIBYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("coding", "bits"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
def test_a_bomb_costs_little_more_than_the_limit(coding: str, bits: int) -> None:
    assert peak_of(zeros(64, bits), coding, 2 * MEBIBYTE) <= 12


def test_a_bomb_is_not_read_to_its_end() -> None:
    body, taken = zeros(64, 31), list[int]()

    def pieces() -> Iterator[bytes]:
        for at in range(0, len(body), 1024):
            taken.append(at)
            yield body[at : at + 1024]

    with pytest.raises(UnexpectedPage):
        list(decoded(pieces(), "gzip", MEBIBYTE))
    assert len(taken) < 4


@pytest.mark.parametrize(
    "headers", [["gzip, gzip"], ["gzip", "gzip"], ["x-gzip, deflate"], ["deflate,gzip,gzip"], ["identity, gzip", "br"]]
)
def test_what_is_compressed_more_than_once_is_refused(headers: list[str]) -> None:
    with pytest.raises(UnexpectedPage, match=r"compressed \d times"):
        coding_of(headers)


@pytest.mark.parametrize(
    ("headers", "coding"),
    [
        ([], ""),
        (["gzip"], "gzip"),
        (["X-GZip"], "gzip"),
        ([" deflate "], "deflate"),
        (["identity"], ""),
        (["none"], ""),
        (["utf-8"], ""),
        (["gzip, identity"], "gzip"),
    ],
)
def test_the_names_of_codings(headers: list[str], coding: str) -> None:
    assert coding_of(headers) == coding


@pytest.mark.parametrize("name", ["br", "zstd", "compress"])
def test_a_coding_that_was_not_asked_for_is_said(name: str) -> None:
    with pytest.raises(UnexpectedPage, match="was not asked for"):
        coding_of([name])


@given(st.binary(max_size=5000), st.sampled_from([31, 15, -15]), st.integers(1, 700))
def test_what_was_compressed_comes_out_however_it_was_cut(body: bytes, bits: int, size: int) -> None:
    packing = zlib.compressobj(9, zlib.DEFLATED, bits)
    packed = packing.compress(body) + packing.flush()
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    if bits == 15 or size > 1 or len(packed) < 2:  # of a raw stream's first byte alone, the format cannot be told
        assert b"".join(decoded(pieces, "gzip" if bits == 31 else "deflate", 5000)) == body


@pytest.mark.parametrize("cut", [1, 8, 20])
def test_a_page_that_was_cut_off_is_not_read_as_a_short_one(cut: int) -> None:
    with pytest.raises(UnexpectedPage, match="cut off"):
        list(decoded([gzip.compress(b"<table>" + bytes(range(256)))[:-cut]], "gzip", MEBIBYTE))


def test_what_says_that_it_is_compressed_and_is_not_is_said() -> None:
    with pytest.raises(UnexpectedPage, match="and is not"):
        list(decoded([b"<html>"], "gzip", MEBIBYTE))


def test_padding_after_the_end_is_ignored_as_by_browsers() -> None:
    assert b"".join(decoded([gzip.compress(b"page") + b"\0\0", b"more"], "gzip", MEBIBYTE)) == b"page"


@pytest.mark.parametrize("coding", ["gzip", "x-gzip"])
def test_a_client_asks_for_what_it_reads(coding: str) -> None:
    answer = Answer(headers={"Content-Encoding": coding}, body=gzip.compress(b"page"))
    with serve(lambda _asked: answer) as server, make_client(ClientOptions(server.url)) as client:
        assert client.get("", extensions={PURPOSE: Purpose.READ}).text == "page"
        assert server.asked[0].headers["accept-encoding"] == "gzip, deflate"
