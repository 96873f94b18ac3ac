# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HAR files as programs write them, made by hand: whole documents, entries, exchanges. Knows no reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import Exchange, Recording, form_of

BASE = "https://press-01.corp.example.net:8443"

CREATORS = {
    "chrome": {"name": "WebInspector", "version": "537.36"},
    "firefox": {"name": "Firefox", "version": "128.0"},
    "playwright": {"name": "Playwright", "version": "1.56"},
    "mitmproxy": {"name": "mitmproxy", "version": "12.1"},
}


def pairs(given: dict[str, str] | list[tuple[str, str]]) -> list[dict[str, str]]:
    """Headers and the like as HAR lists them."""
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
    """One entry; ``path`` may be a whole address."""
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
    """A whole HAR."""
    creator = CREATORS.get(dialect, {"name": dialect, "version": "1"})
    return {"log": {"version": "1.2", "creator": creator, "pages": [{"id": "page_1"}], "entries": entries}}


def write(path: Path, entries: list[Any], dialect: str = "chrome") -> Path:
    """Write a whole HAR and return its path."""
    path.write_text(json.dumps(document(entries, dialect)), encoding="utf-8")
    return path


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
) -> Exchange:
    """An exchange as a reader would give it; a form's body is urlencoded unless it says otherwise."""
    raw = sent.encode() if isinstance(sent, str) else sent
    if raw and sent_type is None:
        sent_type = "application/x-www-form-urlencoded"
    return Exchange(
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


def recording(*exchanges: Exchange) -> Recording:
    """A recording of these, numbered anew."""
    from dataclasses import replace

    numbered = [replace(each, number=number) for number, each in enumerate(exchanges)]
    return Recording(Path("by-hand.har"), numbered, "unknown", [])
