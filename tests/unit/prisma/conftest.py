# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for the site on loopback; as in tests/unit/web."""

from __future__ import annotations

from unit.web.conftest import ca, ca_path, leaf, server_tls

__all__ = ["ca", "ca_path", "leaf", "server_tls"]
