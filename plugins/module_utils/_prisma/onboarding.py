# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One printer's way through the steps of the role onboard, in the order of the manual. Knows no request and no page.

Each step is a task of this collection, taken with options as a playbook would give them; this decides which are needed.
Source: domain.md, "Registering a printer in PRISMA Home".
"""

from __future__ import annotations

import os
import typing as t
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .._decide.findings import ExpectedState
from .._decide.onboarding import conclude
from .address_files import remove

Result = Mapping[str, t.Any]
KEPT = ("viewer", "info", "applications", "proxy", "asked", "collected", "claim", "home", "site")
"""The steps whose results tell what became of the printer (``_decide/onboarding.py``)."""


@dataclass(frozen=True)
class OnboardingSpec:
    """What is declared for one printer: the role's variables without their prefix, and what goes with them."""

    printer: str
    options: Mapping[str, t.Any]
    has_site: bool
    connectors: Sequence[Mapping[str, t.Any]]
    keeps_addresses: bool = True
    """Whether later tasks find an address in this run's memory: not where each step is a process of its own."""
    only: frozenset[str] = frozenset({"all"})
    skipped: frozenset[str] = frozenset()
    """Tags, as of ``--tags`` and ``--skip-tags``."""

    def takes(self, tag: str) -> bool:
        """Whether the steps with this tag are to be taken."""
        return tag not in self.skipped and ("all" in self.only or "tagged" in self.only or tag in self.only)

    @property
    def is_whole(self) -> bool:
        """Whether no step is left out."""
        return "all" in self.only and not self.skipped


class TakeStep(t.Protocol):
    """Takes one step: the task of this name with these options. ``looks``: in check mode whatever the run is in."""

    def __call__(self, task: str, options: Mapping[str, t.Any], *, looks: bool = False) -> Result: ...


@dataclass
class Onboarding:
    """One printer on its way. ``results`` by step, ``failure`` the one that ended it: both can be carried on later."""

    wanted: OnboardingSpec
    checking: bool
    take: TakeStep
    results: dict[str, t.Any] = field(default_factory=dict)
    failure: Result | None = None
    changed: bool = False
    diffs: list[t.Any] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _waits: bool = False

    # --- the three stretches ---
    # Each yields where a step has to wait and its taker does something else meanwhile; then that step is taken again.

    def press(self) -> Iterator[None]:
        """Look, put right what is declared, make sure of ORS, and press [Register] where it is needed."""
        yield from self._go_on(self._look_as_viewer, self._look, self._switch_applications, self._put_proxy_right)
        yield from self._go_on(self._make_sure_of_ors, self._look_in_the_cloud, self._press_register)

    def claim(self) -> Iterator[None]:
        """Collect the registration address and claim it for the tenant."""
        yield from self._go_on(self._collect, self._claim)

    def read_back(self) -> Iterator[None]:
        """Wait until the cloud shows the printer, and complete there what is left to be completed."""
        yield from self._go_on(self._read_back, self._complete_at_site, self._remove_spent_files)

    def conclude(self) -> dict[str, t.Any]:
        """Sign out, and say what became of the printer."""
        self.sign_out()
        options = self.wanted.options
        applications = {str(name): bool(on) for name, on in (options["applications"] or {}).items()}
        declared = ExpectedState(applications, self.wanted.connectors, float(options["clock_tolerance"]))
        done = {name: self.results[name] for name in KEPT if name in self.results}
        return conclude(done, check_mode=self.checking, failure=self.failure, declared=declared)

    def sign_out(self) -> None:
        """End the printer's session; where that fails, the end of the run tries once more and says so."""
        self.take("sign_out", {})

    @property
    def has_pressed(self) -> bool:
        """Whether an address is being made now, which takes the printer some time."""
        return self.failure is None and self._state_of("asked") == "requested" and "collected" not in self.results

    def _go_on(self, *steps: Callable[[], None]) -> Iterator[None]:
        for step in steps:
            self._waits = True
            while self._waits and self.failure is None:
                self._waits = False
                step()
                if self._waits:
                    yield

    def _step(
        self, name: str, task: str, tag: str | None, options: Mapping[str, t.Any], *, looks: bool = False
    ) -> Result | None:
        """Take one step; None where its tag leaves it out."""
        if tag is not None and not self.wanted.takes(tag):
            return None
        given = {option: value for option, value in options.items() if value is not None}
        result = dict(self.take(task, given, looks=looks))
        if result.get("waiting"):
            self._waits = True
            return None
        self.warnings += [line for line in result.pop("warnings", ()) if line not in self.warnings]
        diff = result.pop("diff", None)
        if not looks:
            # What failed counts as a failure, as with tasks of Ansible's own.
            self.changed = self.changed or bool(result.get("changed") and not result.get("failed"))
            if diff:
                self.diffs.append({**diff, **dict.fromkeys(("before_header", "after_header"), self._header(task))})
        self.results[name] = result
        if result.get("failed"):
            self.failure = result
        return result

    def _header(self, task: str) -> str:
        return f"{self.wanted.printer} ({task})"

    # --- on the controller ---

    def _look_as_viewer(self) -> None:
        viewer = self.wanted.options["viewer"]
        if not viewer:
            return
        account = {"username": viewer["username"], "password": viewer["password"]}
        if self._step("viewer", "ors_status", "look", account) is not None:
            self.take("sign_out", account)

    def _look(self) -> None:
        """Prove that it is the right printer: whatever the tags are."""
        self._step("info", "device_info", None, {"clock_zone": self.wanted.options["clock_zone"]})

    def _switch_applications(self) -> None:
        """On the controller first: a Settings Editor registers no printer that has none of them switched on."""
        has = {row["id"]: row["enabled"] for row in self._info.get("applications") or ()}
        declared = self.wanted.options["applications"] or {}
        switches = {name: on for name, on in declared.items() if name in has}
        if any(has[name] != on for name, on in switches.items()):
            self._step("applications", "device_applications", "applications", {"applications": switches})

    def _put_proxy_right(self) -> None:
        proxy = self.wanted.options["proxy"]
        if proxy is None:
            return
        named = {"host", "port", "user", "password", "exceptions"}
        options = {f"proxy_{name}" if name in named else name: value for name, value in proxy.items()}
        self._step("proxy", "device_proxy", "proxy", options)

    def _make_sure_of_ors(self) -> None:
        """As the administrator. What is read now says nothing about a proxy that check mode only would have set."""
        changed = self._proxy_changed
        if self._info["ors"] is None:  # the profile cannot read it
            return
        if self._was_registered or not (changed or not self._info["ors"]["ready"]) or (self.checking and changed):
            return
        self._step("ors", "ors_status", "ors", {"ready": True, "wait": changed, **self._waiting})

    def _look_in_the_cloud(self) -> None:
        """See whether tenant or site has a printer that says it is registered, where it could be taken over."""
        if not (self.wanted.options["take_over"] and self._was_registered):
            return
        if self._claims:
            self._step("tenant", "home_device_info", "register", {"serials": [self._serial]})
        elif self._at_site:
            self._step("site_looked", "cloud_printer", "register", {"serial": self._serial}, looks=True)

    def _press_register(self) -> None:
        options = {
            "wait": False,
            "retry_failed": self.wanted.options["retry_failed"],
            "register_again": self._elsewhere,
            "assume_ors_ready": self._proxy_changed,
            **self._files,
        }
        self._step("asked", "printer_registration", "register", options)

    def _collect(self) -> None:
        if self._state_of("asked") == "requested" and not self.checking:
            # What was pressed may be gone meanwhile; in bulk each look is a task of its own, and would press anew.
            options = {"press": False, **self._waiting, **self._files}
            self._step("collected", "printer_registration", "register", options)

    # --- in the cloud ---

    def _claim(self) -> None:
        if not self._claims:
            return
        options = {
            **self._to_claim,
            "address_file": self._files["address_file"],
            "printer_registered": self._was_registered and not self._elsewhere,
            "take_over": self.wanted.options["take_over"],
            # One reading of the tenant's list for all printers; a process of its own shares nothing.
            "list_max_age": 60,
            # In another process nobody would remember that this run has claimed it.
            "wait": not self.wanted.keeps_addresses,
        }
        self._step("claim", "home_device", "claim", options)

    def _read_back(self) -> None:
        if (self.results.get("claim") or {}).get("pending"):
            self._step("home", "home_device", "claim", {**self._to_claim, "claimed": True})

    def _complete_at_site(self) -> None:
        if not self._at_site:
            return
        options = {
            "serial": self._serial,
            "display_name": self.wanted.options["display_name"],
            "address_file": self._files["address_file"],
            "printer_registered": self._was_registered and not self._elsewhere,
            "move": self.wanted.options["take_over"],
            **self._waiting,
        }
        self._step("site", "cloud_printer", "claim", options)

    def _remove_spent_files(self) -> None:
        """Left by an earlier run for a person, who is no longer needed."""
        if self.wanted.takes("claim") and not self._by_person and not self.checking:
            remove(f"{self._file}.address", f"{self._file}.svg")

    # --- what is known so far ---

    @property
    def _info(self) -> Result:
        return t.cast("Result", self.results["info"])

    @property
    def _registration(self) -> Result:
        return self._info["registration"] or {}

    @property
    def _serial(self) -> str:
        return str(self._info["device"]["serial"])

    @property
    def _was_registered(self) -> bool:
        return bool(self._registration.get("state") == "registered")

    @property
    def _proxy_changed(self) -> bool:
        return bool((self.results.get("proxy") or {}).get("changed"))

    @property
    def _of_site(self) -> bool:
        """Whether its hand-over leads to an administration site: it is completed there, not at a tenant."""
        return (self._registration.get("service") or "home") == "site"

    @property
    def _claims(self) -> bool:
        return bool(self.wanted.options["claim"]) and not self._of_site

    @property
    def _at_site(self) -> bool:
        return self._of_site and self.wanted.has_site

    @property
    def _by_person(self) -> bool:
        return not self._claims and not self._at_site

    @property
    def _elsewhere(self) -> bool:
        """Registered, but not with this tenant or site: only an explicit take-over presses [Register] again."""
        tenant, site = self.results.get("tenant"), self.results.get("site_looked")
        return (tenant is not None and not tenant["devices"]) or (site is not None and site.get("plan") is not None)

    @property
    def _file(self) -> str:
        return os.path.join(self.wanted.options["files"], self.wanted.printer)

    @property
    def _files(self) -> dict[str, t.Any]:
        """Where address and QR code go.

        The address needs a file when a person completes it, when the claiming task runs in another process, and of a
        hand-over always: should completing it fail, that is the only place that knows it, and nothing is pressed again.
        """
        by_hand_over = self._registration.get("method") == "hand_over"
        needs_file = self._by_person or not self.wanted.keeps_addresses or by_hand_over
        return {
            "address_file": f"{self._file}.address" if needs_file else None,
            "qr_path": f"{self._file}.svg" if self._by_person else None,
        }

    @property
    def _to_claim(self) -> dict[str, t.Any]:
        asked = (self.results.get("asked") or {}).get("registration") or {}
        options = self.wanted.options
        return {
            "serial": self._serial,
            "registration_method": asked.get("method"),
            "display_name": options["display_name"],
            "applications": options["applications"],
            **self._waiting,
        }

    @property
    def _waiting(self) -> dict[str, t.Any]:
        return {
            "wait_timeout": self.wanted.options["wait_timeout"],
            "wait_sleep": self.wanted.options["wait_sleep"],
        }

    def _state_of(self, step: str) -> str | None:
        found = (self.results.get(step) or {}).get("registration") or {}
        return found.get("state")
