# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows how a check walks through an administration site like a person with a browser; asserts little."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

import httpx
from simulator_checks.conftest import Simulator

SITES = """
- {name: se-one, kind: prismasync, hands_over_to: site, language: en}
- {name: se-two, kind: prismasync, hands_over_to: site, language: en}
- {name: se-home, kind: prismasync, hands_over_to: site, language: en, trouble: already}
- {name: se-here, kind: prismasync, hands_over_to: site, language: en, unlicensed: [remote-match]}
sites:
- {id: north, people: 120, clusters: [Print room], users: [anna@example.com], printers: [se-here],
   administrators_invited: [invited@example.com], accounts: [nobody@example.com]}
- {id: south, users: [taken@example.com]}
settings: {site_page_size: 50, first_data_delay: 0.0}
"""


@dataclass
class Portal:
    """One person's browser at the sites."""

    simulator: Simulator
    client: httpx.Client

    @classmethod
    def of(cls, simulator: Simulator) -> Portal:
        return cls(simulator, simulator.client(simulator.ready["sites"]["url"]))

    @classmethod
    def signed_in(cls, simulator: Simulator, site: str = "north", which: int = 0) -> Portal:
        portal = cls.of(simulator)
        account = site_of(simulator, site)["administrators"][which]
        portal.sign_in(account["email"], account["password"])
        return portal

    def sign_in(self, email: str, password: str, path: str = "/") -> httpx.Response:
        """All steps that the README names."""
        page = self.client.get("/sign-in", params={"next": path})
        if 'id="login"' not in page.text:
            return page
        return self.client.post(str(page.url.join("/login")), data={**hidden(page.text), **fields(email, password)})

    def get(self, path: str) -> str:
        return self.client.get(path).text

    def post(self, page: str, path: str, **given: str) -> str:
        """Open a page, take its hidden token along, press a button of it; what the site says."""
        answer = self.client.post(path, data={"csrf": hidden(self.get(page))["csrf"], **given})
        return value(answer.text, "message") or answer.text

    def people(self, path: str) -> list[str]:
        found: list[str] = []
        target = path
        while target:
            page = self.get(target)
            found += re.findall(r"<tr><td>([^<]*@[^<]*)</td>", page)
            following = re.search(r'id="next"[^>]*href="([^"]*)"', page)
            target = path + html.unescape(following[1]) if following else ""
        return found


def site_of(simulator: Simulator, id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(site for site in simulator.ready["sites"]["sites"] if site["id"] == id)
    return found


def account_of(simulator: Simulator, email: str) -> tuple[str, str]:
    accounts = [one for site in simulator.ready["sites"]["sites"] for one in site["administrators"] + site["accounts"]]
    return next((one["email"], one["password"]) for one in accounts if one["email"] == email)


def fields(email: str, password: str) -> dict[str, str]:
    return {"email": email, "password": password}


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: html.unescape(text) for name, text in reversed(found)}


def value(page: str, id: str) -> str:
    found = re.search(rf'id="{id}"[^>]*>([^<]*)<', page)
    return html.unescape(found[1]) if found else ""
