# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of the role onboard as a table, and the workflow of one printer: what bulk mode runs.

The table repeats roles/onboard/tasks in the order of the YAML; a test compares the two. Knows no request and no page.
Source: domain.md, "Registering a printer in PRISMA Home".
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .._decide.findings import ExpectedState
from .._decide.onboarding import OnboardingResult, conclude
from .._decide.situation import LICENCES, UNREAD, OnboardingSpec, Result, Situation, situation

Options = Mapping[str, t.Any]


class OnboardingPhase(StrEnum):
    """The parts of the workflow, as the journal names them."""

    PREPARE = "prepare"
    REGISTER = "register"
    CLAIM = "claim"


@dataclass(frozen=True)
class OnboardingStep:
    """One task of the role. ``needed`` and ``options`` take what is declared and what is known so far."""

    name: str
    """What the role registers as C(onboard__NAME)."""
    module: str
    tag: str
    phase: OnboardingPhase
    options: Callable[[OnboardingSpec, Situation], Options]
    needed: Callable[[OnboardingSpec, Situation], bool] = lambda spec, now: True
    check_mode: bool = False
    """Always runs in check mode."""


def _proxy(spec: OnboardingSpec, now: Situation) -> Options:
    proxy = spec.proxy or {}
    return {
        "state": proxy.get("state"),
        "proxy_host": proxy.get("host"),
        "proxy_port": proxy.get("port"),
        "proxy_user": proxy.get("user"),
        "proxy_password": proxy.get("password"),
        "proxy_exceptions": proxy.get("exceptions"),
        "update_password": proxy.get("update_password"),
    }


def _viewer(spec: OnboardingSpec, now: Situation) -> Options:
    viewer = spec.viewer or {}
    # An empty domain, so that the one of the other account (printops_domain) does not count.
    return {
        "username": viewer.get("username"),
        "password": viewer.get("password"),
        "domain": viewer.get("domain") or "",
    }


def _waiting(spec: OnboardingSpec) -> Options:
    return {"wait_timeout": spec.wait_timeout, "wait_sleep": spec.wait_sleep}


def _check_session(spec: OnboardingSpec, now: Situation) -> Options:
    # In bulk mode each printer is checked when its turn comes, with the role's tasks before the turn of the first one.
    return {
        "sign_in_only": True,
        "fleet_size": spec.fleet_size,
        "at_once": spec.at_once,
        "wait_timeout": spec.wait_timeout,
        "position": 0,
    }


def _check_claim(spec: OnboardingSpec, now: Situation) -> Options:
    return {
        "serial": now.serial,
        "registration_method": now.method,
        "display_name": spec.display_name,
        **_settings(spec, now),
        "address_pending": True,
        "list_max_age": 60,
    }


def _press(spec: OnboardingSpec, now: Situation) -> Options:
    return {
        "wait": False,
        "wait_timeout": spec.wait_timeout,
        "retry_failed": spec.retry_failed,
        "register_again": now.registered_elsewhere,
        "assume_ors_ready": now.proxy_changed,
        "assume_application_on": any(now.switches.values()),
        "claim_before": now.claim_before,
        "keep_address": now.uses_address or spec.keeps_addresses,
        "address_file": now.address_file,
        "qr_path": now.qr_path,
    }


def _collect(spec: OnboardingSpec, now: Situation) -> Options:
    return {
        "press": False,
        **_waiting(spec),
        "keep_address": now.uses_address or spec.keeps_addresses,
        "address_file": now.address_file,
        "qr_path": now.qr_path,
    }


def _settings(spec: OnboardingSpec, now: Situation) -> Options:
    return {
        "applications": spec.applications,
        "assign_licences_of": list(now.assigns_licences_of),
        "enabled": spec.enabled,
        "location": spec.location,
    }


def _claim(spec: OnboardingSpec, now: Situation) -> Options:
    return {
        "serial": now.serial,
        "registration_method": now.method,
        "display_name": spec.display_name,
        **_settings(spec, now),
        "address_file": now.address_file,
        "qr_path": now.spent_qr_path,
        "printer_registered": now.stays_registered,
        "take_over": spec.take_over,
        "list_max_age": 60,
        "wait": False,
        **_waiting(spec),
    }


def _read_back(spec: OnboardingSpec, now: Situation) -> Options:
    return {
        "serial": now.serial,
        "claimed": True,
        **_settings(spec, now),
        "address_file": now.address_file,
        "qr_path": now.spent_qr_path,
        **_waiting(spec),
    }


def _at_site(spec: OnboardingSpec, now: Situation) -> Options:
    return {
        "serial": now.serial,
        "display_name": spec.display_name,
        "address_file": now.address_file,
        "qr_path": now.spent_qr_path,
        "printer_registered": now.stays_registered,
        "move": spec.take_over,
        **_waiting(spec),
    }


_REGISTRATION = "printer_registration"
STEPS: tuple[OnboardingStep, ...] = (
    OnboardingStep(
        "viewer", "ors_status", "look", OnboardingPhase.PREPARE, _viewer, lambda spec, now: bool(spec.viewer)
    ),
    OnboardingStep(
        "viewer_signed_out",
        "sign_out",
        "look",
        OnboardingPhase.PREPARE,
        _viewer,
        lambda spec, now: bool(spec.viewer),
    ),
    OnboardingStep(
        "info",
        "device_info",
        "always",
        OnboardingPhase.PREPARE,
        lambda spec, now: {"clock_zone": spec.clock_zone},
    ),
    OnboardingStep(
        "applications",
        "device_applications",
        "applications",
        OnboardingPhase.PREPARE,
        lambda spec, now: {"applications": now.switches},
        lambda spec, now: bool(now.switches),
    ),
    OnboardingStep(
        "proxy", "device_proxy", "proxy", OnboardingPhase.PREPARE, _proxy, lambda spec, now: bool(spec.proxy)
    ),
    OnboardingStep(
        "ors",
        "ors_status",
        "ors",
        OnboardingPhase.PREPARE,
        lambda spec, now: {"ready": True, "wait": now.proxy_changed, **_waiting(spec)},
        lambda spec, now: now.needs_ors,
    ),
    OnboardingStep(
        "home_session",
        "home_device_info",
        "register",
        OnboardingPhase.REGISTER,
        _check_session,
        lambda spec, now: now.checks_home,
    ),
    OnboardingStep(
        "site_session",
        "cloud_site_info",
        "register",
        OnboardingPhase.REGISTER,
        _check_session,
        lambda spec, now: now.checks_site,
    ),
    OnboardingStep(
        "home_before",
        "home_device_info",
        "register",
        OnboardingPhase.REGISTER,
        lambda spec, now: {"serials": [now.serial], "list_max_age": 60},
        lambda spec, now: now.looks_at_home,
    ),
    OnboardingStep(
        "site_before",
        "cloud_printer",
        "register",
        OnboardingPhase.REGISTER,
        lambda spec, now: {"serial": now.serial},
        lambda spec, now: now.looks_at_site,
        check_mode=True,
    ),
    OnboardingStep(
        "claim_check",
        "home_device",
        "register",
        OnboardingPhase.REGISTER,
        _check_claim,
        lambda spec, now: now.checks_home,
        check_mode=True,
    ),
    OnboardingStep(
        "pressed", _REGISTRATION, "register", OnboardingPhase.REGISTER, _press, lambda spec, now: now.registers
    ),
    OnboardingStep(
        "collected",
        _REGISTRATION,
        "register",
        OnboardingPhase.REGISTER,
        _collect,
        lambda spec, now: now.address_pending,
    ),
    OnboardingStep("claim", "home_device", "claim", OnboardingPhase.CLAIM, _claim, lambda spec, now: now.claims),
    OnboardingStep(
        "home", "home_device", "claim", OnboardingPhase.CLAIM, _read_back, lambda spec, now: now.claim_pending
    ),
    OnboardingStep("site", "cloud_printer", "claim", OnboardingPhase.CLAIM, _at_site, lambda spec, now: now.at_site),
)
"""The steps up to signing out, in the order of the role's tasks."""


class RunStep(t.Protocol):
    """Runs the module of this name with these options; with ``check_mode`` always in check mode."""

    def __call__(self, module: str, options: Options, *, check_mode: bool = False) -> Result:
        """Return the result of the module."""


@dataclass
class Onboarding:
    """One printer's workflow. ``selects`` says which tags run; ``failure`` is the result that ended it."""

    spec: OnboardingSpec
    checking: bool
    run_step: RunStep
    selects: Callable[[str], bool] = lambda tag: True
    results: dict[str, Result] = field(default_factory=dict)
    failure: Result | None = None
    changed: bool = False
    diffs: list[t.Any] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def note_licences(self, of_printer: Result) -> None:
        """Note what the check of the wave's licences says of this printer. A wave that is refused runs no step."""
        if of_printer:
            self.results[LICENCES] = of_printer
        if of_printer.get("failed"):
            self.failure = of_printer

    def run(self, phase: OnboardingPhase) -> Iterator[None]:
        """Run the steps of ``phase``. Yields while a step has to wait: the caller resumes it later."""
        for step in STEPS:
            if self.failure is not None:
                return
            if step.phase is phase and (step.tag == "always" or self.selects(step.tag)):
                while not self._done(step):
                    yield

    def conclude(self) -> OnboardingResult:
        """Sign out, and return what became of the printer."""
        self.run_step("sign_out", {})
        expected = ExpectedState(self.spec.applications, self.spec.connectors, self.spec.clock_tolerance)
        return conclude(
            self.results,
            check_mode=self.checking,
            failure=self.failure,
            expected=expected,
            has_viewer=bool(self.spec.viewer),
            has_proxy=bool(self.spec.proxy),
        )

    @property
    def address_pending(self) -> bool:
        """Whether [Register] was just pressed, and the printer needs a moment to make its address."""
        pressed = (self.results.get("pressed") or {}).get("registration") or {}
        return self.failure is None and pressed.get("state") == "requested" and "collected" not in self.results

    def _done(self, step: OnboardingStep) -> bool:
        """Run ``step`` if it is needed; return False if it has to wait and must be run again."""
        now = situation(self.results, self.spec) if "info" in self.results else UNREAD
        if not step.needed(self.spec, now):
            return True
        options = {name: value for name, value in step.options(self.spec, now).items() if value is not None}
        result = dict(self.run_step(step.module, options, check_mode=step.check_mode))
        if result.get("waiting"):
            return False
        self._note(step, result)
        return True

    def _note(self, step: OnboardingStep, result: dict[str, t.Any]) -> None:
        self.warnings += [line for line in result.pop("warnings", ()) if line not in self.warnings]
        diff = result.pop("diff", None)
        if not step.check_mode:
            # As with tasks of Ansible's own, a step that failed counts as failed and not as changed.
            self.changed = self.changed or bool(result.get("changed") and not result.get("failed"))
            if diff:
                header = f"{self.spec.printer} ({step.module})"
                self.diffs.append({**diff, "before_header": header, "after_header": header})
        self.results[step.name] = result
        if result.get("failed"):
            self.failure = result
