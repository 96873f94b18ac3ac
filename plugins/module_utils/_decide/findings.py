# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The closed list of findings: what is not as it should be, but stops no onboarding. Pure; reads no printer.

Source: domain.md, "Where onboarding fails in practice"; docs/onboarding.md, "Findings".
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from .connector import UNKNOWN, connector
from .outcomes import Outcome

Results = Mapping[str, t.Any]
States = dict[str, bool]


class Finding(StrEnum):
    """What is found beside the outcome of a printer."""

    UNLICENSED = "unlicensed"
    APPLICATION_NOT_ENABLED = "application_not_enabled"
    WRONG_CONNECTOR = "wrong_connector"
    CLOCK_WRONG = "clock_wrong"
    NEVER_SENT_DATA = "never_sent_data"


ADVICE: dict[Finding, str] = {
    Finding.UNLICENSED: (
        "Ask your service organisation for a licence for this serial number, or remove the application from "
        "onboard_applications."
    ),
    Finding.APPLICATION_NOT_ENABLED: (
        "A registered printer serves an application only if that is enabled: declare it in onboard_applications "
        "and run again. If it is declared, find out who switched it off."
    ),
    Finding.WRONG_CONNECTOR: (
        "These steps register by the printer's internal cloud connector, which does not serve this application. "
        "Set up the connector that is named; one printer may need two. Rows of your own go into printops_connectors."
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
    device = _device(done)
    found = [
        *((Finding.UNLICENSED, what) for what in _unlicensed(device, declared)),
        *((Finding.APPLICATION_NOT_ENABLED, what) for what in _not_enabled(done, device, outcome, declared)),
        *((Finding.WRONG_CONNECTOR, what) for what in _wrong_connector(info, device, declared)),
        *((Finding.CLOCK_WRONG, what) for what in _clock_wrong(info, declared)),
        *((Finding.NEVER_SENT_DATA, what) for what in _never_sent(device, outcome)),
    ]
    listed = [{"finding": finding.value, "what": what, "advice": ADVICE[finding]} for finding, what in found]
    return listed + [dict(item) for item in _of_the_site(done, outcome)]


def _of_the_site(done: Mapping[str, Results], outcome: Outcome) -> Iterator[Mapping[str, str]]:
    """Give what the step at the administration site has found; a printer that has only just come has no data yet."""
    for item in done.get("site", {}).get("findings") or ():
        if item["finding"] != Finding.NEVER_SENT_DATA.value or outcome is Outcome.ALREADY:
            yield item


def _device(done: Mapping[str, Results]) -> Results:
    """Return the printer as its cloud shows it in the end, empty if that was not read."""
    for name in ("home", "claim"):
        found = done.get(name, {}).get("device")
        if found:
            return t.cast("Results", found)
    return {}


def states(applications: t.Any) -> States:
    """Return whether each application is on, of the rows that a controller or a tenant shows."""
    return {str(row["id"]): bool(row.get("enabled")) for row in applications or ()}


def _unlicensed(device: Results, declared: ExpectedState) -> Iterator[str]:
    rows = {str(row["id"]): row for row in device.get("applications") or ()}
    for name in declared.wanted:
        if rows.get(name, {}).get("licensed") is False:
            yield f"{name} is declared, and this printer has no licence for it"


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


def _wrong_connector(info: Results, device: Results, declared: ExpectedState) -> Iterator[str]:
    kind = (info.get("device") or {}).get("controller_kind")
    if not kind:
        return
    serves = {UNKNOWN, "internal"}
    if (info.get("registration") or {}).get("service") == "site":
        serves.add("administration_site")
    if "cloudproxy" in "".join(str(device.get("communication_type") or "").lower().split()):
        serves.add("cloud_proxy")  # set up beside the internal one
    for name in declared.wanted:
        row = connector(declared.connectors, str(kind), name)
        if row["connector"] not in serves:
            needed = " and ".join(str(need).replace("_", " ") for need in (row["connector"], *row["needs"]))
            yield f"{name} on {kind} needs: {needed}"


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
