# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows how a check starts the simulator and walks through it like a person with a browser; asserts nothing."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

TESTS = Path(__file__).parents[1]
QUICK = """
settings: {registration_delay: 0.2, connecting_delay: 0.2, ors_connect_delay: 0.2, ors_recheck: 0.5, page_size: 2}
printers:
"""


@dataclass
class Simulator:
    """A running simulator: its ready file and clients for its parts."""

    ready: dict[str, Any]
    process: subprocess.Popen[bytes]
    _control: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        control = self.ready["control"]
        headers = {"Authorization": f"Bearer {control['token']}"}
        self._control = httpx.Client(base_url=control["url"], headers=headers, timeout=20)

    def printer(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(item for item in self.ready["printers"] if item["name"] == name)
        return found

    def client(self, base_url: str) -> httpx.Client:
        trusted = ssl.create_default_context(cafile=self.ready["ca"])
        return httpx.Client(verify=trusted, base_url=base_url, follow_redirects=True, timeout=20, trust_env=False)

    def browser(self, name: str) -> Browser:
        return Browser(self.client(self.printer(name)["url"]), self.printer(name)["accounts"])

    def home(self, tenant: int = 0) -> httpx.Client:
        """A client with an access token of that tenant; paths are relative to the tenant's."""
        shipped_profile = self.ready["tenants"][tenant]
        client = self.client(self.ready["home"]["url"])
        answer = client.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(shipped_profile["client_id"], shipped_profile["client_secret"]),
        )
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        client.base_url = httpx.URL(f"{self.ready['home']['url']}/api/v1/tenants/{shipped_profile['id']}/")
        return client

    def control(self, method: str, path: str, **options: Any) -> Any:
        answer = self._control.request(method, path, **options)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def audit(self, subject: str) -> list[str]:
        lines = self.control("GET", "audit", params={"subject": subject})["lines"]
        return [line["what"] for line in lines]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


@dataclass
class Browser:
    """What a person does at one printer's web interface."""

    client: httpx.Client
    accounts: dict[str, dict[str, str]]

    def get(self, path: str) -> str:
        return self.client.get(path).text

    def post(self, page: str, path: str, **fields: str) -> str:
        """Open a page, take its hidden token along, press a button of it."""
        token = re.search(r'name="sectok" value="(\w+)"', self.get(page))
        assert token
        return self.client.post(path, data={"sectok": token[1], **fields}).text

    def sign_in(self, role: str = "administrator", password: str = "") -> str:
        account = self.accounts[role]
        password = password or account["password"]
        return self.post("login.htm", "login.cgi", uname=account["username"], upass=password)

    def value(self, path: str, id: str) -> str:
        found = re.search(rf'id="{id}"[^>]*>([^<]*)<', self.get(path))
        assert found, f"{path} has no {id}"
        return found[1]

    def wait_for(self, path: str, id: str, value: str) -> None:
        for _attempt in range(50):
            if (seen := self.value(path, id)) == value:
                return
            time.sleep(0.1)
        raise AssertionError(f"{id} of {path} is {seen!r}, not {value!r}")

    def save_proxy(self, proxy: dict[str, Any]) -> str:
        fields = {"pxHost": proxy["host"], "pxPort": str(proxy["port"])}
        secret = {"pxUser": proxy.get("user", ""), "pxPass": proxy.get("password", "")}
        return self.post("proxy.htm", "connectivity.cgi", op="save", useProxy="1", pxExcept="", **fields, **secret)

    def address(self) -> str:
        """Press [Register] and wait for what stands in [Registration address]."""
        self.post("register.htm", "register.cgi", op="register")
        for _attempt in range(50):
            found = re.search(r'<a href="(https://[^"]+/register/[^"]+)"', self.get("register.htm"))
            if found:
                return found[1]
            time.sleep(0.1)
        raise AssertionError("no registration address")


@contextlib.contextmanager
def started(folder: Path, printers: str, *arguments: str) -> Iterator[Simulator]:
    fleet, ready = folder / "fleet.yml", folder / "ready.json"
    ready.unlink(missing_ok=True)
    fleet.write_text(QUICK + printers, encoding="utf-8")
    command = [sys.executable, "-m", "simulator", "serve", "--fleet", str(fleet), "--state", str(folder / "state")]
    with (folder / "output.txt").open("ab") as output:
        process = subprocess.Popen(
            [*command, "--ready", str(ready), *arguments],
            stdout=output,
            stderr=output,
            env={**os.environ, "PYTHONPATH": str(TESTS)},
        )
        try:
            deadline = time.monotonic() + 60
            while not ready.exists():
                assert process.poll() is None, (folder / "output.txt").read_text()
                assert time.monotonic() < deadline, "the simulator did not get ready"
                time.sleep(0.05)
            yield Simulator(json.loads(ready.read_text()), process)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(15)


FLEET = """
- {count: 8, name: "plain-{}", language: en}
- {count: 2, name: "french-{}", language: fr}
- {name: behind, language: fr, network: proxy_required, proxy: wrong}
- {name: taken, trouble: owned_by_other}
- {name: taken-registered, trouble: owned_by_other_registered}
- {name: already, trouble: already}
- {name: waiting, trouble: awaiting_claim}
- {name: broken, trouble: register_error, language: fr}
- {name: down, trouble: ors_down}
- {name: expired-password, trouble: password_change}
- {name: stranger, trouble: untrusted_certificate}
- {name: closed, trouble: unreachable}
- {name: per-user, viewer_sees_ors: not_connected}
- {name: no-code, trouble: no_qr_code}
- {name: plain-tab, proxy_fields: host_and_port}
"""


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Generator[Simulator]:
    with started(tmp_path_factory.mktemp("simulator"), FLEET) as running:
        yield running
