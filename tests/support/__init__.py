# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by tests and demo: the simulator as a child process, its inventories, and runs of ansible-playbook."""
