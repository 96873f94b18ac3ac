# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix: every fault at every step of the role on every kind of printer. Does not run anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

SLOWER_THAN_THE_TIMEOUT = 10.0
TIMEOUT = 5.0
"""Seconds for one request of a printer in the matrix, while faults are there."""
TIMEOUT_AFTERWARDS = 60.0
"""Seconds for one request once the faults are gone: a busy machine is none."""

FAULTS: dict[str, dict[str, Any]] = {
    "429, Retry-After": {"fault": "status", "options": {"status": 429, "retry_after": 1}},
    "429": {"fault": "status", "options": {"status": 429}},
    "503": {"fault": "status", "options": {"status": 503}},
    "500": {"fault": "status", "options": {"status": 500}},
    "dropped before": {"fault": "drop"},
    "dropped after": {"fault": "drop_after"},
    "slow": {"fault": "latency", "options": {"seconds": SLOWER_THAN_THE_TIMEOUT}},
    "session expired": {"fault": "expired_session"},
    "truncated": {"fault": "truncate", "options": {"fraction": 0.4}},
    "label changed": {"fault": "label"},
    "second writer": {"fault": "second_writer"},
    "session limit": {"fault": "session_limit"},
}
OF_A_PRINTER = frozenset({"session expired", "second writer", "session limit"})
"""Faults that change the state of the printer, so they do not apply to requests to the tenant."""


@dataclass(frozen=True)
class Step:
    """A request of the role: the ``skip``-th (from 0) of this method and path, counted from the request ``after`` on.

    ``label`` is a text in its response.
    """

    name: str
    method: str
    path: str
    label: str | None = None
    after: str = ""
    skip: int = 0
    at_home: bool = False
    needs_proxy: bool = False


@dataclass(frozen=True)
class Cell:
    """One fault at one step, with a printer and a tenant of its own."""

    kind: str
    step: Step
    fault: str
    number: int

    @property
    def printer(self) -> str:
        """Return the name of the printer in fleet and inventory."""
        return f"{self.kind}-{self.number:03d}"

    @property
    def tenant(self) -> str:
        """Return the tenant that claims the printer. Its path then identifies the requests to PRISMA Home."""
        return f"tenant-{self.kind}-{self.number:03d}"

    def fault_request(self) -> dict[str, Any]:
        """What to ask of the simulator's control interface."""
        how = {**FAULTS[self.fault]}
        if self.fault == "label changed":
            how["options"] = {"from": self.step.label, "to": "Xyzzy"}
        path = self.step.path.replace("TENANT", re.escape(self.tenant))
        target = "home" if self.step.at_home else self.printer
        which = {"method": self.step.method, "path": path, "after": self.step.after, "skip": self.step.skip}
        return {**how, "target": target, **which}


@dataclass
class Matrix:
    """All cells of one kind of controller."""

    kind: str
    steps: tuple[Step, ...]
    may_press_again: frozenset[tuple[str, str]] = frozenset()
    """Step and fault after which the next run must register again: the address is lost and no controller shows it."""
    cells: list[Cell] = field(default_factory=list)

    def __post_init__(self) -> None:
        number = 0
        for step in self.steps:
            for fault in FAULTS:
                if (step.at_home and fault in OF_A_PRINTER) or (fault == "label changed" and step.label is None):
                    continue
                number += 1
                self.cells.append(Cell(self.kind, step, fault, number))

    def fleet(self) -> dict[str, Any]:
        """Return the fleet file: a printer and a tenant for each cell, and one more tenant as the other one."""
        tenants = [{"id": cell.tenant, "name": cell.tenant} for cell in self.cells]
        printers = [
            {
                "name": cell.printer,
                "kind": self.kind,
                **({"network": "proxy_required", "proxy": "wrong"} if cell.step.needs_proxy else {}),
            }
            for cell in self.cells
        ]
        return {"tenants": [*tenants, {"id": "other", "name": "Other"}], "printers": printers}

    def table(self, outcomes: dict[tuple[str, str], str]) -> str:
        """Return the outcomes by step and fault as a Markdown table; ``-`` if a fault does not apply to a step."""
        lines = [f"| step | {' | '.join(FAULTS)} |", "|---" * (len(FAULTS) + 1) + "|"]
        for step in self.steps:
            cells = [outcomes.get((step.name, fault), "-") for fault in FAULTS]
            lines.append(f"| {step.name} | {' | '.join(cells)} |")
        return "\n".join(lines)


DEVICES = "^api/v1/tenants/TENANT/devices$"


def _at_home(completing: Step) -> tuple[Step, ...]:
    return (
        Step("read the tenant's devices", "GET", DEVICES, "items", at_home=True),
        completing,
        Step("read the device back", "GET", "^api/v1/tenants/TENANT/devices/[^/]+$", "status", at_home=True),
    )


_PRESSED = r"^register\.cgi$"
SRA = Matrix(
    "sra",
    (
        Step("recognise", "GET", r"^login\.htm$", "frmLogin"),
        Step("sign in", "POST", r"^login\.cgi$"),
        Step("read the printer", "GET", r"^device\.htm$", "Serial number"),
        Step("read ORS", "GET", r"^ors\.htm$", "ORS state"),
        Step("read the proxy client", "GET", r"^proxy\.htm$", "pxPort", needs_proxy=True),
        Step("set the proxy client", "POST", r"^connectivity\.cgi$", needs_proxy=True),
        Step("read the registration", "GET", r"^register\.htm$", "regState"),
        Step("press [Register]", "POST", _PRESSED, "regState"),
        Step("collect the address", "GET", r"^register\.htm$", "regState", after=_PRESSED, skip=1),
        *_at_home(Step("claim for the tenant", "POST", "^api/v1/tenants/TENANT/claims$", at_home=True)),
        Step("sign out", "GET", r"^logout\.cgi$"),
    ),
)
_CLOUD = "^api/connectivity/cloud-service"
_PRESS = Step("press [Register printer for cloud service]", "POST", f"{_CLOUD}/registration$", "location")
PRISMASYNC = Matrix(
    "prismasync",
    (
        Step("recognise", "GET", "^api/session$", "product"),
        Step("sign in", "POST", "^api/session$", "signedIn"),
        Step("read the printer", "GET", "^api/device$", "serialNumber"),
        Step("read ORS", "GET", "^api/remote-service$", "orsState"),
        Step("read the proxy client", "GET", "^api/connectivity/proxy$", "passwordSet", needs_proxy=True),
        Step("set the proxy client", "PUT", "^api/connectivity/proxy$", needs_proxy=True),
        Step("read the cloud service", "GET", f"{_CLOUD}$", "registration"),
        Step("switch an application on", "PUT", f"{_CLOUD}/applications/", "enabled"),
        _PRESS,
        *_at_home(Step("complete the hand-over", "POST", "^api/v1/tenants/TENANT/hand-overs$", at_home=True)),
        Step("sign out", "DELETE", "^api/session$"),
    ),
    may_press_again=frozenset((_PRESS.name, fault) for fault in ("dropped after", "truncated", "label changed")),
)
MATRICES = (SRA, PRISMASYNC)
