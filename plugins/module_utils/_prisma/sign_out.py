# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module sign_out: ends the session that this run has open with an account on a controller."""

from __future__ import annotations

from .controller import Controller
from .task import Request


def run(request: Request) -> None:
    """Sign out, if this run is signed in. A session is no state of the printer, so this is no change."""
    controller = Controller.of(request)
    request.result.values["signed_out"] = controller.session.sign_out()
