# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests and demo share: the simulator as a child process, inventories for it, runs of ansible-playbook."""
