# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the steps of the role have read of a printer, for lists and reports: place, proxy, licences, versions. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .findings import cloud_device, states

Results = Mapping[str, Mapping[str, t.Any]]

NO_PROXY = "none"
"""Stands for a proxy client that is switched off."""


def printer_facts(done: Results) -> dict[str, t.Any]:
    """Return the facts as they were last read. ``done`` are the results of the steps that ran, by name.

    A fact that no step has read is None, or an empty dictionary.
    """
    info = done.get("info", {})
    device = info.get("device") or {}
    in_cloud = cloud_device(done) or done.get("site", {}).get("printer") or {}
    rows = in_cloud.get("applications") or done.get("applications", {}).get("applications") or info.get("applications")
    return {
        "location": in_cloud.get("location") or None,
        "proxy": shown_proxy((done.get("proxy") or {}).get("proxy") or info.get("proxy")),
        "applications": states(rows),
        "licences": {str(row["id"]): bool(row["licensed"]) for row in rows or () if row.get("licensed") is not None},
        "last_data": in_cloud.get("last_data") or None,
        "controller_version": device.get("controller_version") or None,
        "engine_version": device.get("engine_version") or None,
        "hostname": device.get("hostname") or None,
        "certificate_ends": (info.get("certificate") or {}).get("not_after"),
    }


def shown_proxy(proxy: Mapping[str, t.Any] | None) -> str | None:
    """Return a printer's proxy client as ``host:port``, without its user; None if it was not read."""
    if not proxy:
        return None
    return f"{proxy.get('host')}:{proxy.get('port')}" if proxy.get("enabled") else NO_PROXY
