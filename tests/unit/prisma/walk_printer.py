# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A printer that is none, for walks through the steps: it notes each task with its options, and answers as they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.printops.prisma.plugins.module_utils._prisma.onboarding import Onboarding, OnboardingSpec

OPTIONS: dict[str, Any] = {
    "viewer": None,
    "clock_zone": "UTC",
    "applications": {},
    "proxy": None,
    "take_over": False,
    "wait_timeout": 600.0,
    "wait_sleep": 5.0,
    "retry_failed": False,
    "claim": True,
    "display_name": "p1",
    "files": "/nowhere/onboarding",
    "clock_tolerance": 300.0,
}
VIEWER = {"username": "viewer", "password": "a-viewer-password"}
PROXY = {"state": "present", "host": "proxy.example.com", "port": 3128, "update_password": "on_create", "user": None}
WAITING = {"wait_timeout": 600.0, "wait_sleep": 5.0}


@dataclass
class FakePrinter:
    """A printer and the cloud behind it, as far as the steps see them. ``fails``: the step, by number, that fails.

    ``waits``: how often each step says that it waits before it is done.
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
    fails: int | None = None
    waits: int = 0
    calls: list[tuple[str, dict[str, Any], bool]] = field(default_factory=list)
    waited: int = 0

    def __call__(self, task: str, options: Mapping[str, Any], *, looks: bool = False) -> dict[str, Any]:
        if task != "sign_out" and self.waited < self.waits:
            self.waited += 1
            return {"waiting": True, "changed": True, "warnings": ["it waits"], "diff": {"before": "", "after": ""}}
        self.waited = 0
        number = len(self.steps)
        self.calls.append((task, dict(options), looks))
        if task == "sign_out":
            return {"changed": False}
        answer: dict[str, Any] = getattr(self, f"_{task}")(options, looks)
        answer = {"changed": False, "warnings": [f"{task} warns"], **answer}
        if self.fails == number:
            return {**answer, "failed": True, "outcome": "busy", "msg": f"{task} is busy", "advice": "Wait."}
        return answer

    @property
    def tasks(self) -> list[str]:
        return [task for task, _options, _looks in self.calls]

    @property
    def steps(self) -> list[str]:
        return [task for task in self.tasks if task != "sign_out"]

    def given(self, task: str, number: int = 0) -> dict[str, Any]:
        """Return the options of the so-manieth time that this task was taken."""
        return [options for name, options, _looks in self.calls if name == task][number]

    def _ors_status(self, options: Mapping[str, Any], looks: bool) -> dict[str, Any]:
        return {"ors": {"ready": True}}

    def _device_info(self, options: Mapping[str, Any], looks: bool) -> dict[str, Any]:
        return {
            "device": {"serial": "SN1", "model": "m1", "controller": "SRA"},
            "registration": {"state": self.state, "method": self.method, "service": self.service},
            "ors": None if self.ors is None else {"ready": self.ors == "ready"},
            "applications": [{"id": name, "enabled": on} for name, on in self.applications.items()],
            "evidence": "simulated",
        }

    def _device_applications(self, options: Mapping[str, Any], looks: bool) -> dict[str, Any]:
        return {"changed": True, "diff": {"before": "off", "after": "on"}}

    def _device_proxy(self, options: Mapping[str, Any], looks: bool) -> dict[str, Any]:
        return {"changed": True, "diff": {"before": "", "after": "proxy"}} if self.proxy_differs else {}

    def _home_device_info(self, options: Mapping[str, Any], looks: bool) -> dict[str, Any]:
        return {"devices": [{"serial": "SN1"}] if self.in_cloud else []}

    def _printer_registration(self, options: Mapping[str, Any], looks: bool) -> dict[str, Any]:
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

    def _home_device(self, options: Mapping[str, Any], looks: bool) -> dict[str, Any]:
        if "wait" not in options:  # read back
            return {"claimed": False}
        if options["printer_registered"]:
            return {"claimed": False, "pending": False}
        return {"claimed": True, "changed": True, "pending": self.connects_late and not options["wait"]}

    def _cloud_printer(self, options: Mapping[str, Any], looks: bool) -> dict[str, Any]:
        if looks:
            return {"changed": not self.in_cloud, "diff": {"before": "", "after": "x"}, "plan": None} | (
                {} if self.in_cloud else {"plan": {"before": {"site": "absent"}, "after": {"site": "present"}}}
            )
        return {"handed_over": not options["printer_registered"], "changed": not options["printer_registered"]}


def declared(
    *, has_site: bool = False, keeps: bool = True, tags: str = "all", skip: str = "", **options: Any
) -> OnboardingSpec:
    return OnboardingSpec(
        printer="p1",
        options=OPTIONS | options,
        has_site=has_site,
        connectors=(),
        keeps_addresses=keeps,
        only=frozenset(tags.split()),
        skipped=frozenset(skip.split()),
    )


def drain(stretch: Iterator[None]) -> int:
    return sum(1 for _pause in stretch)


def whole(printer: FakePrinter, wanted: OnboardingSpec, checking: bool = False) -> tuple[Onboarding, dict[str, Any]]:
    """Take all stretches of one walk; return it with what it concludes."""
    walk = Onboarding(wanted, checking, printer)
    for stretch in (walk.press(), walk.claim(), walk.read_back()):
        drain(stretch)
    return walk, walk.conclude()
