# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be changed of a tenant's device, by the names of a profile's writes, and how it shows afterwards. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Device = dict[str, t.Any]


@dataclass(frozen=True)
class Change:
    """One write to a device, by its name in the profile. ``done`` says of the device whether that shows."""

    write: str
    inputs: Mapping[str, t.Any]
    done: Callable[[Device], bool]


def applications_of(device: Mapping[str, t.Any]) -> dict[str, dict[str, t.Any]]:
    """Return a device's applications by id."""
    return {str(item["id"]): dict(item) for item in device.get("applications") or ()}


def application_change(name: str, enabled: bool) -> Change:
    """Return the change that enables or disables one application of a device."""
    inputs = {"application": name, "enabled": enabled}
    return Change(
        "set_application", inputs, lambda found: applications_of(found).get(name, {}).get("enabled") is enabled
    )


def location_change(location: str) -> Change:
    """Return the change of the [Location] of a device."""
    return Change("set_location", {"location": location}, lambda found: (found.get("location") or "") == location)


def enabled_change(enabled: bool) -> Change:
    """Return the change that enables or disables a device as a whole."""
    return Change("enable_device" if enabled else "disable_device", {}, lambda found: found.get("enabled") is enabled)
