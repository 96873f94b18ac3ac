# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the QR code of a registration address."""

from __future__ import annotations

import io

import segno


def qr_png(address: str) -> bytes:
    stream = io.BytesIO()
    segno.make(address, error="m", micro=False).save(stream, kind="png", scale=4, border=4)
    return stream.getvalue()
