# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's browser at PRISMA Home, by HTTP alone: signs in at the provider and sends forms. Asserts nothing."""

from __future__ import annotations

import html
import json
import re
import ssl
from pathlib import Path
from typing import Any

import httpx


def browser_at(ready: dict[str, Any], region: str = "eu") -> httpx.Client:
    """Return a browser that knows nobody yet. ``ready`` is the content of the simulator's ready file."""
    trusted = ssl.create_default_context(cafile=ready["ca"])
    url = ready["home"]["regions"][region]
    return httpx.Client(verify=trusted, base_url=url, follow_redirects=True, timeout=60, trust_env=False)


def person_of(ready: dict[str, Any], tenant: str = "alpha", role: str = "Administrator") -> dict[str, Any]:
    """Return an active person of a tenant with this role, and what the person signs in with."""
    people = next(item for item in ready["tenants"] if item["id"] == tenant)["people"]
    found: dict[str, Any] = next(one for one in people if one["role"] == role and one["state"] == "active")
    return found


def sign_in(browser: httpx.Client, address: str, person: dict[str, Any]) -> httpx.Response:
    """Open an address, sign in if PRISMA Home asks for it, and return the page that follows."""
    page = browser.get(address)
    link = re.search(r'id="sign-in" href="([^"]*)"', page.text)
    if link is None:
        return page
    page = browser.get(page.url.join(html.unescape(link[1])))
    steps = {
        "account": {"email": person["email"]},
        "password": {"password": person["password"]},
        "code": {"code": person.get("code", "")},
        "stay": {"stay": "no"},
    }
    for form, fields in steps.items():
        if f'<form id="{form}"' in page.text:
            page = submit(browser, page, form, **fields)
    return page


def session_file(ready: dict[str, Any], path: Path, tenant: str = "alpha", role: str = "Administrator") -> Path:
    """Sign a person in, and write the session as a storage state, as the browser of a person would export it."""
    region = next(item for item in ready["tenants"] if item["id"] == tenant)["region"]
    with browser_at(ready, region) as browser:
        sign_in(browser, "/", person_of(ready, tenant, role))
        host = browser.base_url.host
        cookies = [
            {"name": each.name, "value": each.value, "domain": each.domain, "path": each.path, "expires": -1}
            for each in browser.cookies.jar
            if each.domain == host
        ]
    return _write_state(path, {"cookies": cookies, "origins": []})


def application_session_file(
    ready: dict[str, Any], path: Path, token: str, expires_at: float, tenant: str = "alpha"
) -> Path:
    """Write a storage state in which the application of PRISMA Home has kept its token."""
    url = next(item for item in ready["tenants"] if item["id"] == tenant)["url"]
    entry = {"name": "prismaHome.session", "value": json.dumps({"accessToken": token, "expiresAt": expires_at})}
    return _write_state(path, {"cookies": [], "origins": [{"origin": url, "localStorage": [entry]}]})


def _write_state(path: Path, state: dict[str, Any]) -> Path:
    path.touch(mode=0o600)
    path.write_text(json.dumps(state), encoding="utf-8")
    return path


def submit(browser: httpx.Client, page: httpx.Response, form: str, **fields: str) -> httpx.Response:
    """Send the form of a page with its hidden fields, as its button does."""
    found = re.search(rf'<form id="{form}"([^>]*)>(.*?)</form>', page.text, re.DOTALL)
    if found is None:
        raise ValueError(f"{page.url.path} has no form {form}")
    action = re.search(r'action="([^"]*)"', found[1])
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found[2])
    known = {name: html.unescape(value) for name, value in hidden}
    target = page.url.join(html.unescape(action[1])) if action else page.url
    return browser.post(target, data={**known, **fields})


def text_of(page: httpx.Response, id: str) -> str:
    """Return the text of the element with this id, empty if there is none."""
    found = re.search(rf'id="{id}"[^>]*>([^<]*)<', page.text)
    return html.unescape(found[1]) if found else ""
