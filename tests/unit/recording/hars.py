# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hand-made HAR documents, entries, exchanges and bodies in the form of several programs, and how to read them."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import (
    RecordedExchange,
    Recording,
    form_of,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import Limits, read_har

BASE = "https://press-01.corp.example.net:8443"
FORM = "application/x-www-form-urlencoded"

CREATORS = {
    "chrome": {"name": "WebInspector", "version": "537.36"},
    "firefox": {"name": "Firefox", "version": "128.0"},
    "playwright": {"name": "Playwright", "version": "1.56"},
    "mitmproxy": {"name": "mitmproxy", "version": "12.1"},
}


def pairs(given: dict[str, str] | list[tuple[str, str]]) -> list[dict[str, str]]:
    """Return headers as a HAR lists them."""
    return [{"name": name, "value": value} for name, value in (given.items() if isinstance(given, dict) else given)]


def entry(
    path: str = "/",
    text: str | None = "<title>A page</title>",
    *,
    method: str = "GET",
    status: int = 200,
    mime: str = "text/html",
    headers: dict[str, str] | list[tuple[str, str]] = (),  # type: ignore[assignment]
    answered: dict[str, str] | list[tuple[str, str]] = (),  # type: ignore[assignment]
    post: dict[str, Any] | None = None,
    content: dict[str, Any] | None = None,
    started: str = "2026-11-20T10:00:00.000Z",
    **more: Any,
) -> dict[str, Any]:
    """Return one HAR entry. ``path`` may be a whole address."""
    request: dict[str, Any] = {
        "method": method,
        "url": path if "://" in path or path.startswith(("data:", "blob:")) else BASE + path,
        "httpVersion": "HTTP/1.1",
        "headers": pairs(headers),
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": -1,
    }
    if post is not None:
        request["postData"] = post
    missing = 0 if mime == "x-unknown" else 10
    body = {
        "size": missing if text is None else len(text),
        "mimeType": mime,
        **({} if text is None else {"text": text}),
        **(content or {}),
    }
    return {
        "startedDateTime": started,
        "time": 3.5,
        "request": request,
        "response": {
            "status": status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "headers": pairs(answered),
            "cookies": [],
            "content": body,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 3, "receive": 0.5},
        **more,
    }


def document(entries: list[Any], dialect: str = "chrome") -> dict[str, Any]:
    """Return a whole HAR document."""
    creator = CREATORS.get(dialect, {"name": dialect, "version": "1"})
    return {"log": {"version": "1.2", "creator": creator, "pages": [{"id": "page_1"}], "entries": entries}}


def write(path: Path, entries: list[Any], dialect: str = "chrome") -> Path:
    """Write a whole HAR and return its path."""
    path.write_text(json.dumps(document(entries, dialect)), encoding="utf-8")
    return path


def read(tmp_path: Path, *entries: Any, dialect: str = "chrome", limits: Limits | None = None) -> Recording:
    """Write a HAR with these entries and read it."""
    return read_har(write(tmp_path / "r.har", list(entries), dialect), limits=limits or Limits())


def basic(user: str, password: str) -> str:
    """Return the credentials of an Authorization header with the scheme Basic."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def multipart(name: str, value: str) -> str:
    """Return a multipart body with one field and the boundary X."""
    return f'--X\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n--X--\r\n'


def exchange(
    number: int = 0,
    path: str = "/",
    body: str | bytes = "<title>A page</title>",
    *,
    method: str = "GET",
    sent: str | bytes = b"",
    sent_type: str | None = None,
    status: int = 200,
    kind: str | None = "text/html; charset=utf-8",
    headers: tuple[tuple[str, str], ...] = (),
    answered: tuple[tuple[str, str], ...] = (),
    has_body: bool = True,
) -> RecordedExchange:
    """Return an exchange as ``read_har`` does. A form's body is urlencoded unless ``kind`` says otherwise."""
    raw = sent.encode() if isinstance(sent, str) else sent
    if raw and sent_type is None:
        sent_type = FORM
    return RecordedExchange(
        number=number,
        method=method,
        url=path if "://" in path else BASE + path,
        request_headers=headers + ((("Content-Type", sent_type),) if sent_type else ()),
        request_type=sent_type,
        request_body=raw,
        form=form_of(sent_type, raw),
        status=status,
        response_headers=answered + ((("Content-Type", kind),) if kind else ()),
        response_type=kind,
        response_body=body.encode() if isinstance(body, str) else body,
        started="2026-11-20T10:00:00.000Z",
        has_body=has_body,
    )


def recording(*exchanges: RecordedExchange) -> Recording:
    """Return a recording of these exchanges, numbered from 0."""
    numbered = [replace(each, number=number) for number, each in enumerate(exchanges)]
    return Recording(Path("by-hand.har"), numbered, "unknown", [])
