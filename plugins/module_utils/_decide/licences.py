# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The licences of a tenant's subscriptions: what enabling an application uses up, and what one run may use. Pure.

Source: domain.md, "PRISMA Home: devices": a licence of some applications is assigned to a device for good, and a tenant
that uses more devices than its licence allows is blocked from the application as a whole.
"""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .connector import canonical_name

Row = Mapping[str, t.Any]

FOR_GOOD = frozenset({canonical_name("PRISMAcolor Manager")})
"""Applications whose licences are assigned for good by the manuals, where a tenant's own list does not say."""


@dataclass(frozen=True)
class Subscriptions:
    """The subscriptions of a tenant, as home_subscription_info returns them; none if they could not be read."""

    rows: Sequence[Row] = ()

    def of(self, *names: str) -> list[Row]:
        """Return the subscriptions of an application, which is called by its id or by its name."""
        sought = set(map(canonical_name, names))
        return [row for row in self.rows if canonical_name(row["application"]) in sought]

    def left(self, *names: str) -> int | None:
        """Return how many more devices may use the application; None where no number is known."""
        numbers = [row.get("available") for row in self.of(*names) if not has_ended(row)]
        if not numbers:
            return 0 if self.of(*names) else None
        return None if None in numbers else sum(t.cast("list[int]", numbers))

    def for_good(self, *names: str) -> bool:
        """Whether a licence of the application stays with its device for good."""
        said = [row["permanent"] for row in self.of(*names) if row.get("permanent") is not None]
        return any(said) if said else bool(FOR_GOOD & set(map(canonical_name, names)))


def has_ended(row: Row) -> bool:
    """Whether a subscription is over."""
    return row.get("days_left") is not None and row["days_left"] < 0


@dataclass(frozen=True)
class LicenceUse:
    """An application whose enabling on one printer uses one licence. ``left``: of how many, None if not known."""

    application: str
    for_good: bool
    left: int | None

    def __str__(self) -> str:
        """Return it as a plan shows it."""
        return f"uses 1{'' if self.left is None else f' of {self.left} left'}{', for good' if self.for_good else ''}"


def licence_uses(
    subscriptions: Subscriptions, applications: Mapping[str, bool], device: Row | None
) -> tuple[LicenceUse, ...]:
    """Return what enabling the declared ``applications`` on ``device`` uses, by name.

    ``device`` is its row of the tenant's list, None where the tenant does not have it yet: then each counts. An
    application that is enabled, or has its licence already, uses none; nor does one of which nothing is known.
    """
    rows = {str(row["id"]): row for row in (device or {}).get("applications") or ()}
    found = []
    for name in sorted(name for name, on in applications.items() if on):
        row = rows.get(name, {})
        names = (name, *([str(row["name"])] if row.get("name") else []))
        use = LicenceUse(name, subscriptions.for_good(*names), subscriptions.left(*names))
        if not row.get("enabled") and row.get("licensed") is not True and (use.for_good or use.left is not None):
            found.append(use)
    return tuple(found)


@dataclass(frozen=True)
class LicenceRefusal:
    """Why licences are not used: what is lacking, and what a person should do."""

    reason: str
    advice: str


EXHAUSTED_ADVICE = (
    "Ask your service organisation for more licences, or take the application out of onboard_applications. A tenant "
    "that uses more devices than its licence allows is blocked from the application as a whole."
)


def refusal_of(uses: Iterable[LicenceUse], *, consented: Container[str]) -> LicenceRefusal | None:
    """Return why an application must not be enabled on one printer, None if nothing is against it.

    ``consented``: the applications whose licences may be used up for good. A consent is for an application: one that
    was counted by what is declared is none for another of which only the tenant's list says that it is for good.
    """
    for use in uses:
        if use.left is not None and use.left < 1:
            return LicenceRefusal(
                f"{use.application} is not enabled: the tenant's subscription has no licence left for it",
                EXHAUSTED_ADVICE,
            )
        if use.for_good and use.application not in consented:
            return LicenceRefusal(
                f"enabling {use.application} {use}: a licence that is assigned cannot be given back",
                "Set onboard_assign_licences to the number of licences that a run may use up (for the module "
                "home_device: assign_licence: true) and run again.",
            )
    return None


class NotLookedUp(StrEnum):
    """Why the row of a printer in its tenant's list was not looked up, and what to do about it."""

    NO_SERIAL = (
        "declare no printops_serial, so it is not known whether they have their licence already, and each of them "
        "counts: declare it."
    )
    NOT_HERE = (
        "were not looked up at their tenant before the wave, as their steps run as ordinary modules "
        "(printops_in_process: false) or on another machine (delegate_to). So it is not known whether they have their "
        "licence already, and each of them counts: allow for it in onboard_assign_licences, or have the steps run here."
    )


@dataclass(frozen=True)
class Demand:
    """What one printer of a wave needs at its tenant. ``unknown``: why its row of the list was not looked up."""

    printer: str
    tenant: str
    uses: tuple[LicenceUse, ...]
    unknown: NotLookedUp | None = None

    @property
    def counted(self) -> tuple[LicenceUse, ...]:
        """The uses that count for the wave: of a printer that was not looked up, only those for good."""
        return tuple(use for use in self.uses if self.unknown is None or use.for_good)

    @property
    def assigns(self) -> tuple[str, ...]:
        """The applications whose licences are used up for good."""
        return tuple(use.application for use in self.uses if use.for_good)


def refusal_of_wave(demands: Sequence[Demand], *, allowed: int, assigned: int) -> LicenceRefusal | None:
    """Return why a wave must not begin, None if it may.

    It may if each tenant has enough licences left for all its printers, and if the run may use up as many for good:
    ``allowed`` in all, of which earlier printers have been given ``assigned``.
    """
    reasons: list[str] = []
    advice = []
    needed = Counter((demand.tenant, use.application) for demand in demands for use in demand.counted)
    left = {(demand.tenant, use.application): use.left for demand in demands for use in demand.counted}
    for (tenant, application), number in sorted(needed.items()):
        there = left[tenant, application]
        if there is not None and number > there:
            reasons.append(f"needs {_licences(number)} of {application}, and the tenant has {there} left")
            advice.append(EXHAUSTED_ADVICE)
    for_good = Counter(name for demand in demands for name in demand.assigns)
    if for_good and sum(for_good.values()) + assigned > allowed:
        named = ", ".join(sorted(for_good))
        taken = f", of which earlier printers have {assigned}" if assigned else ""
        reasons.append(
            f"would use up {_licences(sum(for_good.values()))} of {named} for good, and onboard_assign_licences "
            f"allows {allowed}{taken}"
        )
        advice.append(
            "A licence that is assigned cannot be given back. Set onboard_assign_licences to the number of licences "
            "that this run may use up, or run for fewer printers (--limit)."
        )
    if not reasons:
        return None
    unknown = Counter(demand.unknown for demand in demands if demand.assigns)
    advice += [f"{unknown[why]} of these printers {why}" for why in NotLookedUp if unknown[why]]
    return LicenceRefusal(f"this wave {'; it '.join(reasons)}", " ".join(dict.fromkeys(advice)))


def _licences(number: int) -> str:
    return f"{number} licence{'' if number == 1 else 's'}"


def of_printer(wave: Row | None, printer: str) -> dict[str, t.Any]:
    """Return the part of a result of onboarding_licences that concerns one printer; empty if there is none.

    ``assigns`` are the applications whose licences may be used up for it, ``subscriptions`` those of its tenant. Of
    a wave that was refused each printer has ``failed``, with outcome, reason and advice.
    """
    of_wave = wave or {}
    found = (of_wave.get("printers") or {}).get(printer)
    if of_wave.get("refusal"):
        return {"failed": True, **of_wave["refusal"]}
    if found is None:
        return {}
    return {"assigns": list(found["assigns"]), "subscriptions": list(of_wave["tenants"].get(found["tenant"]) or ())}
