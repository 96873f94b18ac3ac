# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chaos matrix: every request of a run, and what happens to the run at that request. Does not run anything."""

from __future__ import annotations

import datetime
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "chaos.md"
KILLED, REQUEST_LOST, ANSWER_LOST, CUT_AFTERWARDS, SESSION_ENDS, SECOND_WRITER = (
    "killed",
    "request lost",
    "answer lost",
    "cut afterwards",
    "session ends",
    "second writer",
)
FAULTS: dict[str, str] = {
    KILLED: "hold",
    REQUEST_LOST: "drop",
    ANSWER_LOST: "drop_after",
    CUT_AFTERWARDS: "close",
    SESSION_ENDS: "expired_session",
    SECOND_WRITER: "second_writer",
}
"""The columns of the matrix, with the fault of the simulator."""

WHOLE = bool(os.environ.get("UPDATE_CHAOS"))
"""Whether all cells are run, and the page is written."""
PART = int(os.environ.get("CHAOS_PART") or datetime.datetime.now(datetime.UTC).date().toordinal())
"""Which part of the cells is run otherwise: another one each day, unless CHAOS_PART says which."""
LASTS = 4 * 3600 if WHOLE else 1500
"""Seconds after which a run, or a file of tests, is given up."""
TALKATIVE = ("-vvv", "--diff")
HELD_WITHIN = 600
"""Seconds in which every printer or site of a run that is killed holds its request."""
AFTER_ALL_TIMERS = 3700
"""Seconds after which no session of a killed run is left."""


def own_url(url: str, name: str) -> str:
    """Return an address of PRISMA Home or of the sites by which the simulator knows who asks before the sign-in."""
    return f"{url.rstrip('/')}/of/{name}/"


CLOUD = frozenset({"home", "site", "oidc"})
OF_THE_SITE = frozenset({("oidc", "token"), ("oidc", "jwks.json")})
"""Requests to the identity provider that the site sends, and not the run."""


@dataclass(frozen=True)
class Request:
    """The ``nth`` (from 1) request of a run with this method and path.

    ``host`` is C(printer), C(home), C(site) or C(oidc). A path has C(TENANT), C(SERIAL) and C(DEVICE) in place of what
    differs.
    """

    host: str
    method: str
    path: str
    nth: int

    @property
    def pattern(self) -> str:
        """The regular expression of the path, with C(TENANT) left in place."""
        named = re.sub("SERIAL|DEVICE", "[^/]+", re.escape(self.path))
        return f"^{named.replace(re.escape('*'), '.+')}$"

    def __str__(self) -> str:
        place = {"printer": "printer", "home": "PRISMA Home", "site": "site", "oidc": "provider"}[self.host]
        count = f" ({self.nth})" if self.nth > 1 else ""
        return f"{place}: {self.method} /{self.path}{count}"


_DEVICE_ID = re.compile(r"\A[0-9a-f]{12}\Z")
"""How the simulator's tenants number their devices."""


def requests_of(rows: Iterable[Mapping[str, str]], replace: Mapping[str, str] = MappingProxyType({})) -> list[Request]:
    """Return the requests of a run in order, from the simulator's list of them, with parts of paths replaced."""
    found, times = [], Counter[tuple[str, str, str]]()
    for row in rows:
        if (row["host"], row["path"]) in OF_THE_SITE:
            continue
        host = row["host"] if row["host"] in CLOUD else "printer"
        path = "/".join(replace.get(part, _DEVICE_ID.sub("DEVICE", part)) for part in row["path"].split("/"))
        key = (host, row["method"], path)
        times[key] += 1
        found.append(Request(*key, times[key]))
    return found


@dataclass(frozen=True)
class Cell:
    """One fault at one request of one kind of run, with a printer or a site of its own."""

    kind: str
    number: int
    request: Request
    fault: str

    @property
    def name(self) -> str:
        """The name of the printer and of the tenant or the site of this cell."""
        return f"{self.kind}-{self.number:03d}-{self.fault.replace(' ', '-')}"

    def fault_request(self, **options: Any) -> dict[str, Any]:
        """What to ask of the simulator's control interface."""
        return {
            "target": self.name if self.request.host == "printer" else self.request.host,
            "account": "" if self.request.host == "printer" else self.name,
            "method": self.request.method,
            "path": self.request.pattern.replace("TENANT", re.escape(self.name)),
            "fault": FAULTS[self.fault],
            "skip": self.request.nth - 1,
            "options": options if self.fault == SECOND_WRITER and self.request.host in CLOUD else {},
        }

    @property
    def closes(self) -> bool:
        """Whether the request signs a cloud account out, which a run does at its very end."""
        return self.request.path in ("oauth/revoke", "log-out", "sign-out")


def cells_of(kind: str, requests: Iterable[Request]) -> list[Cell]:
    """Return every cell of a kind of run."""
    return [Cell(kind, number, request, fault) for number, request in enumerate(requests, 1) for fault in FAULTS]


def part_of(cells: Sequence[Cell], each: int, part: int = PART) -> list[Cell]:
    """Return every ``each``-th cell: as many of each fault, and all of them in so many consecutive parts."""
    columns = {fault: column * each // len(FAULTS) for column, fault in enumerate(FAULTS)}
    return [cell for cell in cells if (cell.number + columns[cell.fault] + part) % each == 0]


def table(cells: Iterable[Cell], shown: Mapping[Cell, str]) -> str:
    """Return the matrix as a Markdown table, and below it how often each entry occurs in each column.

    A cell that was not run is empty.
    """
    rows: dict[tuple[int, str], dict[str, str]] = {}
    for cell in cells:
        rows.setdefault((cell.number, str(cell.request)), {})[cell.fault] = shown[cell]
    lines = [f"| | request | {' | '.join(FAULTS)} |", "|---" * (len(FAULTS) + 2) + "|"]
    for (number, request), row in rows.items():
        lines.append(f"| {number} | {request} | {' | '.join(row.get(fault, '') for fault in FAULTS)} |")
    counts = {fault: Counter(row[fault] for row in rows.values() if fault in row) for fault in FAULTS}
    lines += ["", f"{sum(map(len, rows.values()))} cells. How often each entry occurs:", ""]
    entries = sorted({entry for counted in counts.values() for entry in counted})
    lines += [f"| entry | {' | '.join(FAULTS)} |", "|---" * (len(FAULTS) + 1) + "|"]
    lines += [f"| {entry} | {' | '.join(str(counts[fault][entry]) for fault in FAULTS)} |" for entry in entries]
    return "\n".join(lines)


def leaked(printed: Iterable[str], secrets: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the kinds of the secrets (C(kind) and C(value)) that occur in what was printed.

    There are thousands of secrets and megabytes of text, so each place of the text is looked at once.
    """
    known = [(item["kind"], item["value"]) for item in secrets]
    shortest = min(len(value) for _kind, value in known)
    assert shortest >= 8, "a secret that short occurs by chance"
    beginning: dict[str, list[tuple[str, str]]] = {}
    for kind, value in known:
        beginning.setdefault(value[:shortest], []).append((kind, value))
    return sorted(
        kind
        for text in printed
        for start in range(len(text) - shortest + 1)
        for kind, value in beginning.get(text[start : start + shortest], ())
        if text.startswith(value, start)
    )


def write_section(heading: str, text: str) -> None:
    """Replace what the page has below a heading of the second level."""
    page = PAGE.read_text(encoding="utf-8")
    before, found, rest = page.partition(f"\n## {heading}\n")
    assert found, f"{PAGE} has no heading {heading}"
    _old, more, after = rest.partition("\n## ")
    PAGE.write_text(f"{before}{found}\n{text}\n{more}{after}", encoding="utf-8")
