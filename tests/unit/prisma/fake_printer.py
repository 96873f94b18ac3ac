# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake printer, which stands in for the modules of the steps: it notes each call, and answers as the modules do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import OnboardingResult
from ansible_collections.printops.prisma.plugins.module_utils._decide.situation import OnboardingSpec
from ansible_collections.printops.prisma.plugins.module_utils._prisma.onboarding import Onboarding, OnboardingPhase

ADDRESS_FILE, QR_PATH = "/nowhere/p1.address", "/nowhere/p1.svg"
VIEWER = {"username": "viewer", "password": "a-viewer-password", "domain": ""}
PROXY = {"state": "present", "host": "proxy.example.com", "port": 3128, "update_password": "on_create", "user": None}
WAITING = {"wait_timeout": 600, "wait_sleep": 5}


@dataclass
class FakePrinter:
    """A printer and the cloud behind it, as far as the steps see them.

    ``fails``: the number of the step that fails. ``waits``: how often each step reports ``waiting`` before it is done.
    """

    state: str = "unregistered"
    method: str = "link"
    service: str | None = None
    ors: str | None = "ready"
    applications: Mapping[str, bool] = field(default_factory=dict)
    proxy_differs: bool = False
    in_cloud: bool = False
    address_comes_late: bool = True
    connects_late: bool = True
    check_mode: bool = False
    fails: int | None = None
    waits: int = 0
    calls: list[tuple[str, dict[str, Any], bool]] = field(default_factory=list)
    waited: int = 0

    def __call__(self, module: str, options: Mapping[str, Any], *, check_mode: bool = False) -> dict[str, Any]:
        if module != "sign_out" and self.waited < self.waits:
            self.waited += 1
            return {"waiting": True, "changed": True, "warnings": ["it waits"], "diff": {"before": "", "after": ""}}
        self.waited = 0
        number = len(self.steps)
        self.calls.append((module, dict(options), check_mode))
        if module == "sign_out":
            return {"changed": False}
        answer: dict[str, Any] = getattr(self, f"_{module}")(options, check_mode)
        answer = {"changed": False, "warnings": [f"{module} warns"], **answer}
        if self.fails == number:
            return {**answer, "failed": True, "outcome": "busy", "msg": f"{module} is busy", "advice": "Wait."}
        return answer

    @property
    def modules(self) -> list[str]:
        """The modules that were called, in order."""
        return [module for module, _options, _check_mode in self.calls]

    @property
    def steps(self) -> list[str]:
        """The modules that were called, without those that sign out."""
        return [module for module in self.modules if module != "sign_out"]

    def options(self, module: str, number: int = 0) -> dict[str, Any]:
        """Return the options of the call with this number of a module."""
        return [options for name, options, _check_mode in self.calls if name == module][number]

    def _ors_status(self, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
        return {"ors": {"ready": True}}

    def _device_info(self, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
        return {
            "device": {"serial": "SN1", "model": "m1", "controller": "SRA"},
            "registration": {"state": self.state, "method": self.method, "service": self.service},
            "ors": None if self.ors is None else {"ready": self.ors == "ready"},
            "applications": [{"id": name, "enabled": on} for name, on in self.applications.items()],
            "evidence": "simulated",
            "check_mode": self.check_mode,
        }

    def _device_applications(self, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
        return {"changed": True, "diff": {"before": "off", "after": "on"}}

    def _device_proxy(self, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
        return {"changed": True, "diff": {"before": "", "after": "proxy"}} if self.proxy_differs else {}

    def _home_device_info(self, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
        return {} if options.get("sign_in_only") else {"devices": [{"serial": "SN1"}] if self.in_cloud else []}

    def _cloud_site_info(self, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
        return {}

    def _printer_registration(self, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
        presses = self.state != "registered" or options.get("register_again")
        if not presses:
            return {"registration": {"state": "registered", "method": self.method}}
        late = self.address_comes_late and options.get("wait") is False
        return {
            "changed": options.get("wait") is False,
            "diff": {"before": self.state, "after": "awaiting_claim"},
            "registration": {"state": "requested" if late else "awaiting_claim", "method": self.method},
            "plan": {"before": {"registration": self.state}, "after": {"registration": "awaiting_claim"}},
        }

    def _home_device(self, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
        if options.get("claimed"):  # read back
            return {"claimed": False}
        if options["printer_registered"]:
            return {"claimed": False, "pending": False}
        return {"claimed": True, "changed": True, "pending": self.connects_late and not options["wait"]}

    def _cloud_printer(self, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
        if check_mode:
            return {"changed": not self.in_cloud, "diff": {"before": "", "after": "x"}, "plan": None} | (
                {} if self.in_cloud else {"plan": {"before": {"site": "absent"}, "after": {"site": "present"}}}
            )
        return {"handed_over": not options["printer_registered"], "changed": not options["printer_registered"]}


def declared(*, claim: bool = True, **more: Any) -> OnboardingSpec:
    """Return what is declared for the fake printer."""
    return OnboardingSpec("p1", ADDRESS_FILE, QR_PATH, claim=claim, **{"display_name": "p1", **more})


def drain(phase: Iterator[None]) -> int:
    """Run a phase to its end, and return how often it paused."""
    return sum(1 for _pause in phase)


def onboard(
    printer: FakePrinter,
    spec: OnboardingSpec,
    selects: Callable[[str], bool] = lambda tag: True,
) -> tuple[Onboarding, OnboardingResult]:
    """Run all phases; return the workflow with what it concludes. The mode of the run is the printer's."""
    onboarding = Onboarding(spec, printer.check_mode, printer, selects)
    for phase in OnboardingPhase:
        drain(onboarding.run(phase))
    return onboarding, onboarding.conclude()
