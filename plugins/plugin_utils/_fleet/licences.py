# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the printers of a wave need of their tenants' subscriptions. Reads tenants; the decision is _decide/licences.py.

A printer is looked up by the serial number that the inventory declares: the wave is judged before any printer is asked.
"""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ...module_utils._decide.home_devices import SeveralDevices, own_row
from ...module_utils._decide.licences import (
    Demand,
    LicenceRefusal,
    NotLookedUp,
    Subscriptions,
    licence_uses,
    refusal_of_wave,
)
from ...module_utils._decide.situation import OnboardingSpec, Result
from ...module_utils._web.errors import BadInput
from ...module_utils._web.http.client import usable_base_url
from ...module_utils._web.session.store import SEVERAL_RUNS, SessionStore
from .spec import Variables, onboarding_spec, situation_spec

RunStep = Callable[[str], Result]
"""Runs a module that only reads a tenant, with the variables of one printer."""
ASSIGNED = "licences|assigned"
"""Where the memory of the run keeps how many licences its printers were given so far."""


@dataclass
class TenantReading:
    """What is read of one tenant, each once and only if it is needed. ``run`` is None where it cannot be read here."""

    warn: Callable[[str], None]
    run: RunStep | None = None
    _devices: list[Mapping[str, t.Any]] | None = None
    _subscriptions: list[Mapping[str, t.Any]] | None = None

    @property
    def subscriptions(self) -> list[Mapping[str, t.Any]]:
        """The subscriptions; none where the profile does not have them, or they could not be read."""
        if self.run is None:
            return []
        if self._subscriptions is None:
            self._subscriptions = self._rows("home_subscription_info", "subscriptions")
        return self._subscriptions

    @property
    def devices(self) -> list[Mapping[str, t.Any]]:
        """The devices; none where they could not be read, so that each printer counts as one without a licence."""
        if self._devices is None:
            self._devices = self._rows("home_device_info", "devices")
        return self._devices

    def _rows(self, module: str, name: str) -> list[Mapping[str, t.Any]]:
        if self.run is None:
            return []
        result = self.run(module)
        if result.get("failed"):
            if result.get("outcome") != "unsupported":  # the printers' own steps fail on it, with their own advice
                self.warn(f"The {name} of a tenant could not be read before the wave: {result['msg']}")
            return []
        for line in result.get("warnings") or ():
            self.warn(line)
        return list(result[name])


@dataclass
class WaveDemands:
    """Collects what the printers of one wave need, by tenant. One printer whose steps run here reads it for all."""

    warn: Callable[[str], None]
    tenants: dict[str, TenantReading] = field(default_factory=dict)
    _printers: list[tuple[OnboardingSpec, str, str]] = field(default_factory=list)

    def add(self, printer: str, variables: Variables, runner: Callable[[], RunStep | None]) -> None:
        """Add a printer that is to be completed at a tenant with applications. ``runner`` makes what reads it.

        Raises ``BadInput`` for variables that are not usable.
        """
        spec = situation_spec(printer, variables.value)
        if not spec.claim or not any(spec.applications.values()):
            return
        tenant = _tenant_key(variables)
        reading = self.tenants.get(tenant) or TenantReading(self.warn)
        if reading.run is None or reading.subscriptions:
            onboarding_spec(variables, set())  # a printer that cannot be onboarded as declared asks for nothing
        reading.run = reading.run or runner()
        self.tenants[tenant] = reading
        self._printers.append((spec, tenant, str(variables.value("printops_serial") or "")))

    def demands(self) -> list[Demand]:
        """Return what each of the printers needs, in order. Reads their tenants where that decides something."""
        return [_demand(spec, tenant, self.tenants[tenant], serial) for spec, tenant, serial in self._printers]


def _tenant_key(variables: Variables) -> str:
    """Return what results call the tenant of a printer: its address, however it is spelled, and its id.

    No user name or password stands in it: an address that has them is refused by the printer's own steps.
    """
    url = str(variables.value("printops_tenant_url") or "").strip()
    try:
        address = str(usable_base_url(url))
    except BadInput:
        address = url.rsplit("@", 1)[-1]
    return f"{address.rstrip('/')}|{variables.value('printops_tenant') or ''}"


def grant(
    store: SessionStore, demands: Sequence[Demand], *, allowed: int, check_mode: bool
) -> tuple[LicenceRefusal | None, int]:
    """Return why a wave must not begin, None if it may, and how many licences its printers are given for good.

    ``store`` counts them for the waves that follow; those that check mode predicts count for its predictions alone.
    """
    key = f"{ASSIGNED}|check" if check_mode else ASSIGNED
    with store.lock(key):
        assigned = int((store.load(key) or {}).get("number", 0))
        refusal = refusal_of_wave(demands, allowed=allowed, assigned=assigned)
        granted = 0 if refusal is not None else sum(len(demand.assigns) for demand in demands)
        if granted and not store.save(key, {"number": assigned + granted}) and not check_mode:
            what = "the memory of this run is full, so the licences that this wave uses up for good cannot be counted"
            return LicenceRefusal(what, SEVERAL_RUNS), 0
    return refusal, granted


def _demand(spec: OnboardingSpec, tenant: str, reading: TenantReading, serial: str) -> Demand:
    subscriptions = Subscriptions(reading.subscriptions)
    uses = licence_uses(subscriptions, spec.applications, None)
    if uses and serial.strip():
        with contextlib.suppress(SeveralDevices):  # its own step says so; until then it counts
            uses = licence_uses(subscriptions, spec.applications, own_row(reading.devices, serial, internal=True))
    if reading.run is None:
        return Demand(spec.printer, tenant, uses, NotLookedUp.NOT_HERE)
    return Demand(spec.printer, tenant, uses, None if serial.strip() else NotLookedUp.NO_SERIAL)
