# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The closed list of findings: what is not as it should be, but stops no onboarding. Pure; reads no printer.

Source: domain.md, "Where onboarding fails in practice"; docs/outcomes.md, "Findings".
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from .connector import ADMINISTRATION_SITE, CLOUD_PROXY, CONNECTORS, INTERNAL, NONE, UNKNOWN, connector
from .licences import Subscriptions, has_ended
from .ors import Ors
from .outcomes import Outcome

Results = Mapping[str, t.Any]
States = dict[str, bool]
ENDS_SOON = 30
"""Days before the end of a subscription from which on it is a finding."""


class Finding(StrEnum):
    """What is found beside the outcome of a printer."""

    UNLICENSED = "unlicensed"
    SUBSCRIPTION_EXHAUSTED = "subscription_exhausted"
    SUBSCRIPTION_ENDS_SOON = "subscription_ends_soon"
    DEVICE_DISABLED = "device_disabled"
    APPLICATION_NOT_ENABLED = "application_not_enabled"
    WRONG_CONNECTOR = "wrong_connector"
    CLOCK_WRONG = "clock_wrong"
    NEVER_SENT_DATA = "never_sent_data"
    ORS_LOST = "ors_lost"


ADVICE: dict[Finding, str] = {
    Finding.UNLICENSED: (
        "Ask your service organisation, which assigns licences by serial number (do not order one), or remove the "
        "application from onboard_applications."
    ),
    Finding.SUBSCRIPTION_EXHAUSTED: (
        "Ask your service organisation for more licences, or remove the application from onboard_applications. A "
        "tenant that uses more devices than its licence allows is blocked from the application as a whole."
    ),
    Finding.SUBSCRIPTION_ENDS_SOON: (
        "Have your service organisation renew the subscription, or remove the application from onboard_applications."
    ),
    Finding.DEVICE_DISABLED: (
        "Find out who disabled the device in PRISMA Home. Declare onboard_enabled: true to have it enabled, or false "
        "if it is to stay disabled."
    ),
    Finding.APPLICATION_NOT_ENABLED: (
        "A registered printer serves an application only if that is enabled: declare it in onboard_applications "
        "and run again. If it is declared, find out who switched it off."
    ),
    Finding.WRONG_CONNECTOR: (
        "These steps register by the printer's internal cloud connector, which serves none of the declared "
        "applications. Set up the connector that is named, or remove the application from onboard_applications. Rows "
        "of your own go into printops_connectors."
    ),
    Finding.CLOCK_WRONG: (
        "Set date, time and time zone of the printer, or declare its zone (onboard_clock_zone). "
        "Sign-ins and certificates depend on the clock."
    ),
    Finding.NEVER_SENT_DATA: (
        "The printer is registered, but the cloud has received no data from it. After a registration that takes a"
        " while. Otherwise check that the application is enabled and licensed, and that the printer's ORS is "
        "connected."
    ),
    Finding.ORS_LOST: (
        "The registration stays, and serves nothing without ORS. Check the printer's proxy and the way out first, with "
        "the playbook printops.prisma.check_network. If they let the printer out, ORS is broken or was switched off: "
        "call the service technician."
    ),
}


@dataclass(frozen=True)
class ExpectedState:
    """What is declared for a printer, as far as findings depend on it. ``connectors``: the rows of the table."""

    applications: Mapping[str, bool] = field(default_factory=dict)
    connectors: Sequence[Mapping[str, t.Any]] = ()
    clock_tolerance: float = 300

    @property
    def wanted(self) -> list[str]:
        """The applications that are declared on."""
        return sorted(name for name, on in self.applications.items() if on)


def find(done: Mapping[str, Results], outcome: Outcome, declared: ExpectedState) -> list[dict[str, str]]:
    """Return the findings as ``{finding, what, advice}``.

    ``done`` are the results of the steps that were taken, by name. An unknown fact is no finding. In check mode a
    fact that a step would correct counts as corrected.
    """
    info = done.get("info", {})
    device = cloud_device(done)
    found = [
        *((Finding.UNLICENSED, what) for what in _unlicensed(done, device, declared)),
        *_of_subscriptions(done, device, declared),
        *((Finding.APPLICATION_NOT_ENABLED, what) for what in _not_enabled(done, device, outcome, declared)),
        *((Finding.WRONG_CONNECTOR, what) for what in _wrong_connector(info, device, declared)),
        *((Finding.CLOCK_WRONG, what) for what in _clock_wrong(info, declared)),
        *((Finding.NEVER_SENT_DATA, what) for what in _never_sent(device, outcome)),
        *((Finding.ORS_LOST, what) for what in _ors_lost(done, outcome)),
    ]
    listed = [{"finding": finding.value, "what": what, "advice": ADVICE[finding]} for finding, what in found]
    return listed + [dict(item) for item in _of_the_cloud(done, outcome)]


def _of_the_cloud(done: Mapping[str, Results], outcome: Outcome) -> Iterator[Mapping[str, str]]:
    """Give what the last step in the cloud has found; a printer that has only just come has no data yet."""
    last = next((done[name] for name in ("site", "home", "claim") if name in done), {})
    for item in last.get("findings") or ():
        if item["finding"] != Finding.NEVER_SENT_DATA.value or outcome is Outcome.ALREADY:
            yield item


def cloud_device(done: Mapping[str, Results]) -> Results:
    """Return the printer as its cloud shows it in the end, empty if that was not read."""
    for name in ("home", "claim"):
        found = done.get(name, {}).get("device")
        if found:
            return t.cast("Results", found)
    return {}


def states(applications: t.Any) -> States:
    """Return whether each application is on, of the rows that a controller or a tenant shows."""
    return {str(row["id"]): bool(row.get("enabled")) for row in applications or ()}


def _unlicensed(done: Mapping[str, Results], device: Results, declared: ExpectedState) -> Iterator[str]:
    rows = {str(row["id"]): row for row in device.get("applications") or ()}
    subscriptions = Subscriptions(done.get("licences", {}).get("subscriptions") or ())
    for name in declared.wanted:
        row = rows.get(name, {})
        takes_one = subscriptions.of(name) and not row.get(
            "enabled"
        )  # of the tenant's subscription, once it is enabled
        if row.get("licensed") is False and not takes_one:
            yield f"{name} is declared, and this printer has no licence for it"


def _of_subscriptions(
    done: Mapping[str, Results], device: Results, declared: ExpectedState
) -> Iterator[tuple[Finding, str]]:
    """Give the subscriptions of declared applications that are used up or end, as they were before this wave."""
    subscriptions = Subscriptions(done.get("licences", {}).get("subscriptions") or ())
    in_cloud = _after(done, ("claim", "home"), states(device.get("applications")))
    for name in declared.wanted:
        left = subscriptions.left(name)
        if left is not None and (left < 0 or (left == 0 and not in_cloud.get(name))):
            yield Finding.SUBSCRIPTION_EXHAUSTED, f"the tenant's subscription has no licence left for {name}"
        for row in subscriptions.of(name):
            days = row.get("days_left")
            if days is not None and days <= ENDS_SOON:
                ends = "has ended" if has_ended(row) else f"ends in {days} days"
                yield Finding.SUBSCRIPTION_ENDS_SOON, f"the tenant's subscription of {name} {ends} ({row['ends']})"


def _not_enabled(
    done: Mapping[str, Results], device: Results, outcome: Outcome, declared: ExpectedState
) -> Iterator[str]:
    on_controller = _after(done, ("info", "applications"), states(done.get("info", {}).get("applications")))
    in_cloud = _after(done, ("claim", "home"), states(device.get("applications")))
    for name in declared.wanted:
        places = (("on the controller", on_controller), ("in the cloud", in_cloud))
        off = [place for place, has in places if has.get(name) is False]
        if off:
            yield f"{name} is declared, and off {' and '.join(off)}"
    registered = outcome in (Outcome.ALREADY, Outcome.ONBOARDED)
    if registered and in_cloud and not any(in_cloud.values()) and not declared.wanted:
        yield "it is registered, and not one application is enabled"


def _after(done: Mapping[str, Results], steps: Sequence[str], has: States) -> States:
    """Return the states once these steps are done: what the last one shows, and what the plans of check mode say."""
    known = dict(has)
    for step in steps:
        result = done.get(step, {})
        if result.get("failed"):
            continue
        if step == "applications" and result.get("applications"):
            known.update(states(result["applications"]))
        planned = ((result.get("plan") or {}).get("after") or {}).get("applications") or {}
        known.update({name: bool(on) for name, on in planned.items() if name in known})
    return known


def _lacking_connectors(info: Results, device: Results, declared: ExpectedState) -> dict[str, str]:
    """Return the declared applications that the printer's connector does not serve, each with what it needs.

    An application that no row of the table has is not among them, as nothing is known of it.
    """
    kind = (info.get("device") or {}).get("controller_kind")
    if not kind:
        return {}
    serves = {UNKNOWN, INTERNAL}
    if (info.get("registration") or {}).get("service") == "site":
        serves.add(ADMINISTRATION_SITE)
    if device.get("by_cloud_proxy"):
        serves.add(CLOUD_PROXY)  # set up beside the internal one
    lacking = {}
    for name in declared.wanted:
        row = connector(declared.connectors, str(kind), name)
        if row["connector"] == NONE:
            lacking[name] = f"{name} is no application of the cloud, and needs no connector"
        elif {row["connector"], *CONNECTORS.intersection(row["needs"])} - serves:
            needed = " and ".join(str(need).replace("_", " ") for need in (row["connector"], *row["needs"]))
            lacking[name] = f"{name} on {kind} needs: {needed}"
    return lacking


def _wrong_connector(info: Results, device: Results, declared: ExpectedState) -> Iterator[str]:
    """Give the applications for which this registration is of no use.

    A printer that needs a second connector beside this one is normal (domain.md, "Which connector an application
    needs"): that is a note (:func:`connector_notes`).
    """
    lacking = _lacking_connectors(info, device, declared)
    for name, what in lacking.items():
        if len(lacking) == len(declared.wanted) or _is_none(info, name, declared):
            yield what


def _is_none(info: Results, name: str, declared: ExpectedState) -> bool:
    return bool(connector(declared.connectors, str(info["device"]["controller_kind"]), name)["connector"] == NONE)


def connector_notes(done: Mapping[str, Results], declared: ExpectedState) -> list[str]:
    """Return what a report says once of the connectors: of pairs that are in no row, and of second connectors."""
    info = done.get("info", {})
    kind = (info.get("device") or {}).get("controller_kind")
    if not kind:
        return []
    lacking = _lacking_connectors(info, cloud_device(done), declared)
    unknown = [name for name in declared.wanted if connector(declared.connectors, kind, name)["connector"] == UNKNOWN]
    notes = [
        f"the table of connectors has no row for {name} on {kind}, so it is not known which one it needs "
        "(printops_connectors)"
        for name in unknown
    ]
    if len(lacking) < len(declared.wanted):
        notes += [
            f"{what}, beside the internal connector"
            for name, what in lacking.items()
            if not _is_none(info, name, declared)
        ]
    return notes


def _clock_wrong(info: Results, declared: ExpectedState) -> Iterator[str]:
    clock = info.get("clock") or {}
    ahead = clock.get("ahead")
    if ahead is not None and abs(ahead) > declared.clock_tolerance:
        yield f"its clock is {_span(abs(ahead))} {'ahead' if ahead > 0 else 'behind'} (taken as {clock.get('zone')})"


def _span(seconds: float) -> str:
    for unit, size in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _never_sent(device: Results, outcome: Outcome) -> Iterator[str]:
    # domain.md, "Registering a printer in PRISMA Home": when it last sent data is one of the two best health facts.
    if outcome is Outcome.ALREADY and "last_data" in device and device["last_data"] in (None, ""):
        yield "it was registered before this run, and has never sent data"


def _ors_lost(done: Mapping[str, Results], outcome: Outcome) -> Iterator[str]:
    # domain.md, "Registering a printer in PRISMA Home", 2. What was read before a change of the proxy says nothing.
    shown = done.get("info", {}).get("ors")
    if outcome is Outcome.ALREADY and shown and not done.get("proxy", {}).get("changed"):
        ors = Ors(*(str(shown.get(name) or "") for name in ("state", "mode", "state_text", "mode_text")))
        if not ors.ready:
            yield f"it is registered, and {ors.why_not()}"
