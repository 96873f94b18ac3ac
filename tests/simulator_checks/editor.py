# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows how a check speaks to a Settings Editor as the script of its page does; asserts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from simulator_checks.conftest import Simulator

CLOUD = "api/connectivity/cloud-service"
APPLICATIONS = f"{CLOUD}/applications"
REGISTER = f"{CLOUD}/registration"
QUESTION = f"{REGISTER}/question"
PROXY = "api/connectivity/proxy"


@dataclass
class Editor:
    """One browser at one printer's Settings Editor. ``token`` is what the page's script would send."""

    client: httpx.Client
    accounts: dict[str, dict[str, str]]
    token: str = ""

    @classmethod
    def of(cls, simulator: Simulator, name: str) -> Editor:
        editor = cls(simulator.client(simulator.printer(name)["url"]), simulator.printer(name)["accounts"])
        editor.session()
        return editor

    @classmethod
    def signed_in(cls, simulator: Simulator, name: str, role: str = "administrator") -> Editor:
        editor = cls.of(simulator, name)
        editor.sign_in(role).raise_for_status()
        return editor

    @property
    def cookie(self) -> str:
        return self.client.cookies.get("editorSession") or ""

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def send(self, method: str, path: str, document: Any = None, token: str | None = None) -> httpx.Response:
        headers = {"X-Editor-Token": self.token if token is None else token}
        return self.client.request(method, path, json=document or {}, headers=headers)

    def session(self) -> dict[str, Any]:
        """What the page is told of its session; its token is used from then on."""
        told: dict[str, Any] = self.get("api/session").json()
        self.token = told["token"]
        return told

    def sign_in(self, role: str = "administrator", password: str = "", domain: str | None = None) -> httpx.Response:
        account = self.accounts[role]
        given = {"user": account["username"], "password": password or account["password"]}
        domain = account.get("domain") if domain is None else domain
        answer = self.send("POST", "api/session", {**given, **({"domain": domain} if domain else {})})
        if answer.status_code == 200 and not is_page(answer):
            self.token = answer.json()["token"]
        return answer

    def sign_out(self) -> None:
        self.send("DELETE", "api/session").raise_for_status()

    def switch(self, application: str = "dashboard", enabled: bool = True) -> httpx.Response:
        return self.send("PUT", f"{APPLICATIONS}/{application}", {"enabled": enabled})

    def confirmed(self) -> httpx.Response:
        """Press [Register printer for cloud service] and confirm it; the answer to that, or the refusal to ask."""
        asked = self.send("POST", QUESTION)
        if asked.status_code != 200:
            return asked
        return self.send("POST", REGISTER, {"confirmation": asked.json()["confirmation"]})

    def press(self) -> str:
        """Press [Register printer for cloud service] and confirm; where it leads to."""
        return str(self.confirmed().json()["location"])

    def cloud(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get(CLOUD).json()
        return found

    def item(self, path: str, id: str) -> str:
        return str(next(item["value"] for item in self.get(path).json()["items"] if item["id"] == id))


def is_page(answer: httpx.Response) -> bool:
    """Whether the answer is the page itself, which asks for user name and password."""
    return answer.status_code == 200 and '<main id="editor"' in answer.text


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]
