# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report's page as a browser takes it apart, and a report of many printers. Asserts nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import conclude
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import Outcome
from ansible_collections.printops.prisma.plugins.plugin_utils._report.document import RunReport

ADDRESS = "https://home.example.com/register/0123456789abcdef"


@dataclass
class Page:
    """What is in a page: names of rows, scripts, targets of links, what it would load, and all of its text."""

    rows: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    text: str = ""

    @classmethod
    def of(cls, text: str) -> Page:
        """Take a page apart."""
        reader = _Reader()
        reader.feed(text)
        reader.close()
        return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._open = "row" if (tag, given.get("scope")) == ("th", "row") else tag
        if tag == "a":
            self.page.links.append(given.get("href") or "")
        if tag == "script":
            self.page.scripts.append("")
        self.page.loaded += [str(value) for name, value in attrs if name == "src" or (tag == "link" and name == "href")]

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open == "script":
            self.page.scripts[-1] += data
            return
        if self._open == "row":
            self.page.rows.append(data)
        self.page.text += data


def big_report(number: int) -> RunReport:
    """Return a report of so many printers, of which every tenth needs attention and has much to say."""
    words = [outcome.value for outcome in Outcome if outcome not in ("already", "onboarded", "awaiting_claim")]
    results: dict[str, Any] = {}
    for each in range(number):
        bad = each % 10 == 0
        outcome = words[each // 10 % len(words)] if bad else "onboarded"
        failure = {"outcome": outcome, "reason": f"https://10.0.0.{each}:443/ says what it must not say " * 3}
        found = conclude({}, check_mode=False, failure=failure if bad else None).as_dict()
        results[f"press-{each:04}.example.com"] = {
            **found,
            "outcome": outcome,
            "good": not bad,
            "serial": f"7300{each:05}",
            "model": "varioPRINT iX3200",
            "changes": ["registration: unregistered -> registered", "proxy.host: (none) -> proxy.example.com"],
            "licences": {"prismalytics-dashboard": True, "prismacolor-manager": False},
            "proxy": "proxy.example.com:3128",
            "last_data": "2026-11-26 20:15",
            "evidence": "simulated",
            "seconds": each / 7,
        }
    return RunReport.now(results=results, check_mode=False)
