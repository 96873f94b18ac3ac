# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of one printer during its onboarding, and which steps follow. Pure.

The role's YAML calls it through the filter C(onboarding_situation); bulk calls it directly.
Source: domain.md, "Registering a printer in PRISMA Home".
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .home_devices import by_cloud_proxy

Result = Mapping[str, t.Any]
Results: t.TypeAlias = "Mapping[str, Result | None]"

STEPS = (
    "viewer",
    "viewer_signed_out",
    "info",
    "applications",
    "proxy",
    "ors",
    "home_session",
    "site_session",
    "home_before",
    "site_before",
    "claim_check",
    "pressed",
    "collected",
    "claim",
    "home",
    "site",
)
"""The names of the steps whose results are kept, in order. The role registers each as C(onboard__NAME)."""

BEFORE_INFO = STEPS[: STEPS.index("info")]
"""Those of them that run before the printer is read."""


LOOKS_AHEAD = frozenset({"home_before", "site_before", "claim_check"})
"""Those of them that only look ahead: what they plan is no change of the run."""

LICENCES = "licences"
"""The name of what the check of a wave's licences says of a printer, which is kept with the results of its steps."""


class NotRead(ValueError):
    """The step that reads the printer has not run, so nothing can be decided."""


@dataclass(frozen=True)
class OnboardingSpec:
    """What is declared for one printer: the variables of the role without their prefix."""

    printer: str
    address_file: str
    qr_path: str
    claim: bool = False
    has_site: bool = False
    applications: Mapping[str, bool] = field(default_factory=dict)
    enabled: bool | None = None
    """Whether the device as a whole is to be enabled at the tenant; None leaves it alone, as with the location."""
    location: str | None = None
    take_over: bool = False
    keeps_addresses: bool = True
    """Whether a registration address may outlive the run, for a person who opens it."""
    claim_selected: bool = True
    """Whether the tags of the run select the steps that complete a registration."""
    proxy: Mapping[str, t.Any] | None = None
    viewer: Mapping[str, t.Any] | None = None
    display_name: str = ""
    retry_failed: bool = False
    wait_timeout: float = 600
    wait_sleep: float = 5
    clock_zone: str = "UTC"
    clock_tolerance: float = 300
    connectors: Sequence[Mapping[str, t.Any]] = ()
    fail_on: frozenset[str] = frozenset()
    fleet_size: int = 1
    """How many printers the run onboards."""
    at_once: int = 1


@dataclass(frozen=True)
class Situation:
    """What the results of the steps so far say about one printer, and what the later steps need."""

    serial: str
    method: str
    """How it is registered: C(link) (a registration address) or C(hand_over) (a page of the cloud)."""
    was_registered: bool
    """Before this run, as the printer itself shows it."""
    switches: dict[str, bool]
    """Declared applications that the controller has itself, if at least one of them differs."""
    proxy_changed: bool
    needs_ors: bool
    """Whether ORS has to be demanded, and waited for after a change of the proxy."""
    claims: bool
    """Completed at a PRISMA Home tenant, with the credentials that are declared."""
    at_site: bool
    """Completed at an administration site that is declared."""
    checks_home: bool
    """Whether sign-in and claim at the tenant are checked before [Register], so that no printer is pressed in vain: not
    of one that stays registered."""
    checks_site: bool
    claim_before: str | None
    """When the session ends with which the printer is to be claimed; None if that is not known."""
    looks_at_home: bool
    looks_at_site: bool
    registered_elsewhere: bool
    """Registered, but not with this tenant or site, and a take-over is declared: [Register] is pressed again."""
    stays_registered: bool
    """Registered, and nothing that this run knows or is to do ends that: what is left of an address is spent. Where a
    take-over is declared, that is known once the cloud was asked (the tag C(register))."""
    registers: bool
    """Whether the registration page decides what to do: not where the printer is registered, and a cloud is asked next,
    after which spent files are removed as well."""
    address_pending: bool
    """[Register] was pressed, and the address is still being made."""
    address_file: str
    qr_path: str | None
    """Where the QR code goes, for the person who opens the address; None where nobody has to."""
    spent_qr_path: str
    claim_pending: bool
    """Claimed, in this run or before it, and not yet shown connected by the tenant."""
    assigns_licences_of: tuple[str, ...] = ()
    """The applications whose enabling may use up a licence for good: these count among those that the run may use."""
    uses_address: bool = False
    """Whether this run completes the registration itself, at the tenant or the site: it uses the address up. Not if its
    tags leave that out."""


UNREAD = Situation(
    serial="",
    method="",
    was_registered=False,
    switches={},
    proxy_changed=False,
    needs_ors=False,
    claims=False,
    at_site=False,
    checks_home=False,
    checks_site=False,
    claim_before=None,
    looks_at_home=False,
    looks_at_site=False,
    registered_elsewhere=False,
    stays_registered=False,
    registers=False,
    address_pending=False,
    address_file="",
    qr_path=None,
    spent_qr_path="",
    claim_pending=False,
)
"""The situation before the printer was read: no step follows from it."""


def situation(results: Results, spec: OnboardingSpec) -> Situation:
    """Return what follows from ``results`` for the printer that ``spec`` declares.

    They are those of the steps, by name (:data:`STEPS`), and :data:`LICENCES`.

    Raises :class:`NotRead` if the step that reads the printer has no result.
    """
    done = {name: result for name, result in results.items() if result and not result.get("skipped")}
    info = done.get("info")
    if info is None or info.get("failed"):
        raise NotRead("the task 'Read the printer' has not run, so nothing is known of this printer")
    registration = info.get("registration") or {}
    was_registered = registration.get("state") == "registered"
    method = str(registration.get("method") or "link")
    at_site = _hands_over_to_site(registration.get("service"), method, spec)
    claims = spec.claim and not at_site
    completes_at_site = at_site and spec.has_site
    proxy_changed = bool((done.get("proxy") or {}).get("changed"))
    takes_over = spec.take_over and was_registered
    in_check_mode = bool(info.get("check_mode"))
    elsewhere = _registered_elsewhere(done)
    stays_registered = was_registered and not elsewhere and (not takes_over or _was_looked_for(done))
    return Situation(
        serial=str(info["device"]["serial"]),
        method=method,
        was_registered=was_registered,
        switches=_switches(info, spec),
        proxy_changed=proxy_changed,
        needs_ors=_needs_ors(info, was_registered, proxy_changed, in_check_mode),
        claims=claims,
        at_site=completes_at_site,
        checks_home=claims and not stays_registered,
        checks_site=completes_at_site and not stays_registered,
        claim_before=_session_end(done),
        looks_at_home=takes_over and claims,
        looks_at_site=takes_over and completes_at_site,
        registered_elsewhere=elsewhere,
        stays_registered=stays_registered,
        registers=elsewhere or not (was_registered and (claims or completes_at_site)),
        address_pending=_state(done, "pressed") == "requested" and not in_check_mode,
        address_file=spec.address_file,
        qr_path=None if claims or completes_at_site else spec.qr_path,
        spent_qr_path=spec.qr_path,
        claim_pending=bool((done.get("claim") or {}).get("pending")),
        assigns_licences_of=tuple((done.get(LICENCES) or {}).get("assigns") or ()),
        uses_address=(claims or completes_at_site) and spec.claim_selected,
    )


def _hands_over_to_site(service: str | None, method: str, spec: OnboardingSpec) -> bool:
    """Whether the printer hands over to an administration site: as it says, otherwise if only a site is declared."""
    if service is None and method == "hand_over":
        return spec.has_site and not spec.claim
    return service == "site"


def _switches(info: Result, spec: OnboardingSpec) -> dict[str, bool]:
    """On the controller first: a Settings Editor registers no printer that has no application switched on."""
    has = {row["id"]: row["enabled"] for row in info.get("applications") or ()}
    declared = {name: on for name, on in spec.applications.items() if name in has}
    return declared if any(has[name] != on for name, on in declared.items()) else {}


def _needs_ors(info: Result, was_registered: bool, proxy_changed: bool, in_check_mode: bool) -> bool:
    """As the administrator. What is read now says nothing about a proxy that check mode only would have set."""
    ors = info.get("ors")
    if ors is None or was_registered or (in_check_mode and proxy_changed):
        return False
    return proxy_changed or not ors["ready"]


def _registered_elsewhere(done: Mapping[str, Result]) -> bool:
    home, site = done.get("home_before"), done.get("site_before")
    # A device by Cloud Proxy is another one: the printer registers by its internal connector.
    at_home = home is not None and any(not by_cloud_proxy(row) for row in home["devices"])
    return (home is not None and not at_home) or (site is not None and site.get("plan") is not None)


def _was_looked_for(done: Mapping[str, Result]) -> bool:
    return "home_before" in done or "site_before" in done


def _session_end(done: Mapping[str, Result]) -> str | None:
    checked = done.get("home_session") or done.get("site_session") or {}
    ends: str | None = checked.get("session_ends")
    return ends


def _state(done: Mapping[str, Result], step: str) -> str | None:
    found = (done.get(step) or {}).get("registration") or {}
    return found.get("state")
