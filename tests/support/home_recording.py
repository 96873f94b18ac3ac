# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records calls of the simulator's PRISMA Home, sent from one of its pages in Chromium, as a HAR. Asserts nothing."""

from __future__ import annotations

import base64
import functools
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from .person import window
from .simulation import Simulation

_FETCH = """
async ([method, path, headers, body]) => {
  const answer = await fetch(path, {method, headers, body: body === null ? undefined : body});
  return [answer.status, await answer.text()];
}
"""


def record_home(
    browser: Browser, simulation: Simulation, addresses: list[str], handed_over: str, recording: Path
) -> dict[str, str]:
    """Record calls of PRISMA Home's JSON interface, sent from one of its pages as its own scripts would.

    That is: token, tenant, list of devices with its pages, a claim of each of ``addresses``, the hand-over at
    ``handed_over``, an application enabled, a test, a deletion, each followed by the list, its people,
    and the token revoked.
    Returns the values that must not be in a fixture.
    """
    account = next(item for item in simulation.ready["tenants"] if item["id"] == "alpha")
    home = simulation.ready["home"]["url"].rstrip("/")
    secrets = {"client_secret": account["client_secret"], "client_id": account["client_id"]}
    with window(browser, recording) as context:
        page = context.new_page()
        page.goto(f"{home}/application/")

        def ask(
            method: str,
            path: str,
            *,
            form: dict[str, str] | None = None,
            data: Any = None,
            authorization: str = "",
            also: tuple[int, ...] = (),
        ) -> Any:
            headers = {"Accept": "application/json"}
            body = None
            if form is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                body = "&".join(f"{name}={value}" for name, value in form.items())
            if data is not None:
                headers["Content-Type"] = "application/json"
                body = json.dumps(data)
            if authorization:
                headers["Authorization"] = authorization
            status, text = page.evaluate(_FETCH, [method, path, headers, body])
            if status >= 400 and status not in also:
                raise RuntimeError(f"{method} {path} was answered {status}: {text}")
            return json.loads(text) if text else None

        client = {"client_id": account["client_id"], "client_secret": account["client_secret"]}
        basic = base64.b64encode(":".join(client.values()).encode()).decode()
        granted = ask("POST", "/oauth/token", form={"grant_type": "client_credentials"}, authorization=f"Basic {basic}")
        token = granted["access_token"]
        secrets["access_token"] = token
        bearer = f"Bearer {token}"
        tenant = ask("GET", "/api/v1/me", authorization=bearer)["tenant"]["id"]
        base = f"/api/v1/tenants/{tenant}"

        def devices() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []
            cursor = ""
            while True:
                answer = ask("GET", f"{base}/devices?limit=500{cursor}", authorization=bearer)
                found += answer["items"]
                if not answer["next"]:
                    return found
                cursor = f"&cursor={answer['next']}"

        devices()
        for number, address in enumerate(addresses):
            claimed = ask("POST", f"{base}/claims", data={"address": address, "takeOver": False}, authorization=bearer)
            secrets[f"serial {number}"] = claimed["serialNumber"]
            secrets[f"registration code {number}"] = address.rsplit("/", 1)[-1]
        completed = ask(
            "POST",
            f"{base}/hand-overs",
            data={"address": handed_over, "displayName": "Recorded press", "takeOver": False},
            authorization=bearer,
        )
        secrets["serial handed over"] = completed["serialNumber"]
        secrets["hand-over code"] = handed_over.rsplit("/", 1)[-1]
        time.sleep(1)
        first = devices()[0]
        own = f"{base}/devices/{first['serialNumber']}"
        changed = f"{base}/devices/{first['deviceId']}"  # one of several devices that may have this serial number
        application = f"{changed}/applications/prismalytics-dashboard"
        ask("GET", own, authorization=bearer)
        ask("PATCH", application, data={"enabled": True}, authorization=bearer)
        ask("GET", own, authorization=bearer)
        devices()
        for change in ({"location": "Hall 2"}, {"enabled": False}, {"enabled": True}):
            ask("PATCH", changed, data=change, authorization=bearer)
            ask("GET", own, authorization=bearer)
        ask("GET", f"{base}/subscriptions", authorization=bearer)
        ask("POST", f"{changed}/test", authorization=bearer)
        ask("DELETE", changed, authorization=bearer)
        ask("GET", own, authorization=bearer, also=(404,))
        devices()
        _record_people(base, functools.partial(ask, authorization=bearer))
        ask("POST", "/oauth/revoke", form={"token": token, **client})
    return secrets


def _record_people(base: str, ask: Callable[..., Any]) -> None:
    """Record the people of a tenant, and everything that is done to one of them."""
    ask("GET", f"{base}/applications")
    ask("GET", f"{base}/people?limit=500")
    address = "recorded@alpha.example.com"
    person = f"{base}/people/{address}"
    for method, path, data in (
        ("POST", f"{base}/people", {"email": address, "role": "employee"}),
        ("PATCH", person, {"role": "administrator"}),
        ("PUT", f"{person}/applications/prismalytics-accounting", {"role": "user"}),
        ("DELETE", person, None),
    ):
        ask(method, path, data=data)
        ask("GET", f"{base}/people?email={address}")
