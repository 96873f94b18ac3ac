# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether ORS (On Remote Service) lets a printer be registered. Pure; reads nothing itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ors:
    """ORS as one account sees it.

    ``state``: connected, disconnected, not_configured, other. ``mode``: enabled, disabled, other. The raw texts are
    kept for what is other.
    """

    state: str
    mode: str
    state_text: str = ""
    mode_text: str = ""

    @property
    def ready(self) -> bool:
        """Connected and enabled, both (domain.md, "Registering a printer in PRISMA Home", 2)."""
        return self.state == "connected" and self.mode == "enabled"

    @property
    def connectable(self) -> bool:
        """Whether waiting can help: the mode is right, and only the connection is missing."""
        return self.state == "disconnected" and self.mode == "enabled"

    def why_not(self) -> str:
        """Return in words what is missing, empty when ready."""
        if self.ready:
            return ""
        wrong = []
        if self.state != "connected":
            wrong.append("ORS is " + _shown(self.state, self.state_text))
        if self.mode != "enabled":
            wrong.append("the ORS mode is " + _shown(self.mode, self.mode_text))
        return " and ".join(wrong)


def proxy_first(host: str, port: int | None) -> str:
    """Return the advice for a printer whose ORS is not connected and whose proxy client is on."""
    return (
        f"Check the proxy {host}:{port} first: run the playbook printops.prisma.check_network, and correct "
        "onboard_proxy if host, port, user or password are wrong. If the proxy lets the printer out, ORS is broken or "
        "was never configured: call the service technician."
    )


def undeclared_proxy(host: str, port: int | None) -> str:
    """Return the advice for a printer whose ORS is not connected, and whose proxy client is on without being declared.

    Removing C(onboard_proxy) leaves the printer's settings alone, so a wrong proxy of an earlier run stays on.
    """
    return (
        f"The printer's proxy client is on ({host}:{port}) and not declared: declare it (onboard_proxy), or switch it "
        "off (onboard_proxy: {state: absent}), and run again. If ORS is not connected then either, call the service "
        "technician."
    )


def _shown(value: str, text: str) -> str:
    words = value.replace("disconnected", "not connected").replace("_", " ")
    return f"{text!r}, which the profile does not know" if value == "other" else words
