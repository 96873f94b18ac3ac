# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program of its own that plays printers' controllers, PRISMA Home and ORS; knows nothing of the collection."""
