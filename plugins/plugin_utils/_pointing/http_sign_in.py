# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in by HTTP authentication (Basic, Digest): the person types into the panel, and the browser gets the answer.

The browser's own dialog would keep the password from the proof at the end. User name and password stay in memory.
"""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from .._recording.exchange import origin as origin_of
from .capture import Capture
from .tasks import panel_text

SCHEMES = ("basic", "digest")
_ASKED = [{"urlPattern": "*", "resourceType": kind} for kind in ("Document", "XHR", "Fetch")]


@dataclass
class HttpSignIn:
    """Answers the browser for the person. ``asking``: the origin that asks now, empty if none does."""

    capture: Capture
    asking: str = ""
    _scheme: str = ""
    _given: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    _answered: set[str] = field(default_factory=set)

    def attach(self, context: t.Any) -> None:
        """Answer for all pages of a browser context."""
        context.on("page", self._watch)

    def _watch(self, page: t.Any) -> None:
        session = page.context.new_cdp_session(page)

        def send(method: str, **values: t.Any) -> None:
            with contextlib.suppress(self.capture.failed):  # the page was closed meanwhile
                session.send(method, values)

        session.on("Fetch.requestPaused", lambda event: send("Fetch.continueRequest", requestId=event["requestId"]))
        session.on(
            "Fetch.authRequired",
            lambda event: send(
                "Fetch.continueWithAuth", requestId=event["requestId"], authChallengeResponse=self.answer(event)
            ),
        )
        send("Fetch.enable", handleAuthRequests=True, patterns=_ASKED)

    def answer(self, event: Mapping[str, t.Any]) -> dict[str, str]:
        """Return the answer to a challenge: what the person typed, once for each request, or none."""
        challenge, request = event["authChallenge"], event["requestId"]
        origin, scheme = origin_of(challenge["origin"]), challenge["scheme"].lower()
        if challenge.get("source") == "Proxy" or scheme not in SCHEMES:
            return {"response": "Default"}
        if origin in self._given and request not in self._answered:
            self._answered.add(request)
            username, password = self._given[origin]
            return {"response": "ProvideCredentials", "username": username, "password": password}
        self._given.pop(origin, None)  # it was refused
        self.capture.authorised.pop(origin, None)
        self.asking, self._scheme = origin, scheme
        return {"response": "CancelAuth"}

    def give(self, username: str, password: str) -> None:
        """Take what the person typed; the next request of the page sends it."""
        for name, kind, value in (("username", "text", username), ("password", "password", password)):
            self.capture.add_typed({"name": name, "label": name, "kind": kind, "value": value})
        self._given[self.asking] = username, password
        self.capture.authorised[self.asking] = self._scheme
        self.asking = ""

    def view(self, language: str) -> dict[str, str] | None:
        """Return what the panel asks for, None if nothing does."""
        names = ("credentials", "username", "password", "sign_in_now")
        return {name: panel_text(name, language) for name in names} if self.asking else None
