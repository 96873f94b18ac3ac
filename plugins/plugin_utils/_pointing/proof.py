# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves a profile on the live interface with the engine that tasks use: it signs in, reads everything, signs out."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from ...module_utils._prisma.connection import open_session
from ...module_utils._prisma.task import Request
from ...module_utils._web.errors import UnexpectedPage
from ...module_utils._web.page.page import Page
from ...module_utils._web.profile.profile import Profile
from ...module_utils._web.session.store import TaskStore
from .._profiles import find_profile
from .._recording.check import WatchedSession, check_profile
from .._recording.check_report import CheckReport

_DEFAULTS: Mapping[str, t.Any] = {
    "allow_unverified_profile": False,
    "ca_path": None,
    "tls_fingerprint": (),
    "validate_certs": True,
    "timeout": 30,
    "retries": 1,
    "http_proxy": None,
    "use_environment_proxy": False,
    "max_refused": 0,
}


@dataclass(frozen=True)
class LiveProof:
    """The account for the proof. It is kept in memory only."""

    username: str
    password: str = field(repr=False)
    domain: str | None = None


def own_address(url: str) -> str:
    """Return the interface's own address, which ends in a slash, of the address that a person opens."""
    parts = urlsplit(url)
    path = parts.path if parts.path.endswith("/") else parts.path.rpartition("/")[0] + "/"
    return f"{parts.scheme}://{parts.netloc}{path}"


def prove_live(profile: Profile, url: str, account: LiveProof, connection: Mapping[str, t.Any]) -> CheckReport:
    """Sign in once, read everything that needs no further value, and sign out. Nothing is written."""
    return check_profile(profile, session=_session(profile, url, account, connection))


def _session(profile: Profile, url: str, account: LiveProof, connection: Mapping[str, t.Any]) -> WatchedSession:
    options = {**_DEFAULTS, **{name: value for name, value in connection.items() if value is not None}}
    url = own_address(url)
    session = open_session(
        Request(options, profile, url, TaskStore(), check_mode=True),
        url,
        account=account.username,
        secret=account.password,
        variables={
            "host": url.split("/")[2].split(":")[0],
            "username": account.username,
            "password": account.password,
            "domain": account.domain,
        },
        kind=WatchedSession,
    )
    return t.cast(WatchedSession, session)


@contextlib.contextmanager
def signed_in(
    profile: Profile, url: str, account: LiveProof, connection: Mapping[str, t.Any], path: str
) -> Iterator[tuple[WatchedSession, Page]]:
    """Sign in, read the page at ``path``, and sign out at the end. Yield the session and the page."""
    source = dict(profile.source)
    get, _question_mark, query = path.partition("?")
    step = {"get": get, **({"query": dict(parse_qsl(query, keep_blank_values=True))} if query else {})}
    read = {"page": {"steps": [step], "fields": {"all": {"pick": "@", "required": False}}}}
    free = {name: value for name, value in source.items() if name not in ("write", "registration_method")}
    one = find_profile({**free, "interface": "other", "read": read}, "other", None)
    session = _session(one, url, account, connection)
    try:
        try:
            session.read("page")
        except UnexpectedPage as error:
            if error.details.get("operation") != "read.page":
                raise
            raise UnexpectedPage(
                f"the page {path or '/'!r} cannot be read: {error}",
                advice="Check the path, as the browser shows it behind the address of the interface (-e page=PATH).",
                details=error.details,
            ) from error
        page = session.navigators["read.page"].page
        if page is None:
            raise AssertionError("a step of a read leads to a page")
        yield session, page
    finally:
        session.sign_out()
