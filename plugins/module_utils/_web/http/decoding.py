# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of a response, decoded within a bound: at most one content coding, never more than the limit in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from ..errors import UnexpectedPage

ACCEPTED = "gzip, deflate"
"""What requests ask for (Accept-Encoding)."""

_NOT_DECODED = frozenset({"br", "zstd", "compress", "x-compress"})
_GZIP = 16 + zlib.MAX_WBITS
_ZLIB_METHOD = 8


def coding_of(headers: Iterable[str]) -> str:
    """Return ``gzip``, ``deflate`` or an empty text from the values of Content-Encoding. Raises UnexpectedPage.

    A name that is no coding at all (``none``, ``utf-8``) means that there is none, as for browsers.
    """
    named = [each.strip().lower() for value in headers for each in value.split(",")]
    codings = [each.removeprefix("x-") for each in named if each in {"gzip", "x-gzip", "deflate"} | _NOT_DECODED]
    if len(codings) > 1:
        raise UnexpectedPage(f"The answer is compressed {len(codings)} times, which no such interface does.")
    if codings and codings[0] not in ("gzip", "deflate"):
        raise UnexpectedPage(f"The answer is compressed as {codings[0]!r}, which was not asked for.")
    return codings[0] if codings else ""


def decoded(chunks: Iterable[bytes], coding: str, limit: int) -> Iterator[bytes]:
    """Yield the decoded pieces of a body, at most ``limit`` bytes in all. Raises :class:`UnexpectedPage`."""
    room = limit
    for piece in _pieces(chunks, coding, limit):
        room -= len(piece)
        if room < 0:
            raise UnexpectedPage(f"The answer is larger than {limit // 1024 // 1024} MiB.")
        yield piece


def _pieces(chunks: Iterable[bytes], coding: str, limit: int) -> Iterator[bytes]:
    """Yield pieces; each has at most one byte more than ``limit``, however much it was compressed."""
    if not coding:
        yield from chunks
        return
    decoder = None
    for chunk in filter(None, chunks):
        if decoder is None:
            decoder = zlib.decompressobj(_GZIP if coding == "gzip" else _deflate_bits(chunk))
        if decoder.eof:
            break  # browsers ignore what follows, too
        try:
            yield decoder.decompress(chunk, limit + 1)
        except zlib.error as error:
            raise UnexpectedPage(f"The answer says that it is compressed as {coding}, and is not.") from error
    if decoder is not None and not decoder.eof:
        raise UnexpectedPage(f"The answer is compressed as {coding} and was cut off.")


def _deflate_bits(first: bytes) -> int:
    """Tell zlib's format from a raw stream, which many servers send as «deflate» (RFC 9110, 8.4.1.2)."""
    is_zlib = first[0] & 0x0F == _ZLIB_METHOD and (len(first) < 2 or (first[0] << 8 | first[1]) % 31 == 0)
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
