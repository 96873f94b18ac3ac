# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that simulates printers' controllers, PRISMA Home, administration sites and ORS.

Shares no code with the collection.
"""
