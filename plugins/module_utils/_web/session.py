# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One account on one interface: recognise it, sign in once, read, write with proof, sign out. Knows no meaning."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .client import Purpose
from .errors import (
    AccountLocked,
    Busy,
    NotReadBack,
    PasswordChangeDemanded,
    PrismaError,
    SignInRefused,
    TransportError,
    Unsupported,
)
from .libraries import oauthlib
from .page import Page
from .profile import Profile, Read, Write, fill
from .store import SessionState, SessionStore
from .tls import peer_fingerprint
from .walk import SessionEnded, Walk

if t.TYPE_CHECKING:
    import httpx

MAX_PAGES = 10_000

_NOT_SIGNED_IN: tuple[tuple[str, type[PrismaError], str], ...] = (
    ("change_password", PasswordChangeDemanded, "the sign-in landed on a forced change of password"),
    ("locked", AccountLocked, "the account is locked"),
    ("busy", Busy, "the interface accepts no further session"),
    ("refused", SignInRefused, "the sign-in was refused"),
)


@dataclass(frozen=True)
class Reading:
    """What a read gave: ``values`` of one, or ``rows`` of many; ``raw`` the texts behind value maps; and the proof."""

    values: Mapping[str, t.Any] = field(default_factory=dict)
    raw: Mapping[str, t.Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, t.Any], ...] = ()
    pages: int = 1
    total: int | None = None


class Session:
    """One account on one interface. Opened lazily: the first read or write signs in, unless the store knows better.

    ``variables`` fill the profile's placeholders. ``before_write`` is called before every writing operation and may
    raise. Every method raises the errors of :mod:`.errors`.
    """

    def __init__(
        self,
        client: httpx.Client,
        profile: Profile,
        *,
        key: str,
        account: str,
        variables: Mapping[str, t.Any],
        store: SessionStore,
        allow_unverified: bool = False,
        before_write: Callable[[], None] = lambda: None,
        sign_out_with: Mapping[str, t.Any] | None = None,
    ) -> None:
        self.client = client
        self.profile = profile
        self.account = account
        self._key = key
        self._variables = dict(variables)
        self._store = store
        self._allow_unverified = allow_unverified
        self._before_write = before_write
        self._sign_out_with = dict(sign_out_with or {})
        self.state = SessionState()
        self._saved = True

    @property
    def kept_for_later(self) -> bool:
        """Whether a later task finds this session again; otherwise it is to be signed out now."""
        return self._store.outlives_task and self._saved

    def secrets(self) -> set[str]:
        """Return what the session lives by: cookies, and what the sign-in kept (tokens)."""
        kept = {value for value in self.state.kept.values() if isinstance(value, str)}
        return {value for _name, value, _domain, _path in self.state.cookies if len(value) >= 4} | kept

    @property
    def facts(self) -> dict[str, t.Any]:
        """What was proven once for this session; :meth:`remember` keeps more."""
        return self.state.facts

    def remember(self, **facts: t.Any) -> None:
        """Keep facts for later tasks of the same session."""
        self.state.facts.update(facts)
        self._save()

    # --- signing in and out ---

    def open(self) -> None:
        """Sign in, unless this run already has. A refused sign-in of this run is not repeated: it is raised again."""
        if self.state.status == "signed_in":
            return
        with self._store.lock(self._key):
            self._restore()
            if self.state.status == "signed_in":
                return
            if self.state.refusal:
                self._raise_refusal()
            with self._store.undisturbed():
                self._sign_in()

    def _restore(self) -> None:
        self.state = SessionState.of(self._store.load(self._key))
        for name, value, domain, path in self.state.cookies:
            self.client.cookies.set(name, value, domain=domain, path=path)

    def _raise_refusal(self) -> t.NoReturn:
        errors = {error.outcome.value: error for _name, error, _text in _NOT_SIGNED_IN}
        outcome = self.state.refusal["outcome"]
        raise errors[outcome](f"{self.state.refusal['what']} (not tried again in this run)")

    def _sign_in(self) -> None:
        page = self._recognise()
        self.state.status = "signing_in"
        self.state.sign_out_with = self._sign_out_with
        self._save()
        try:
            if self.profile.sign_in.method == "client_credentials":
                self._fetch_token()
            else:
                self._walk_in(page)
        except (SignInRefused, AccountLocked, PasswordChangeDemanded) as error:
            if isinstance(error, PasswordChangeDemanded):
                self._leave()
            self.state.status = "refused"
            self.state.refusal = {"outcome": error.outcome.value, "what": str(error)}
            self._save()
            raise
        except PrismaError:
            self._leave()
            self.state.status = "new"
            self._save()
            raise
        self.state.status = "signed_in"
        self._save()

    def _leave(self) -> None:
        """Sign out after a sign-in that led nowhere: it may have opened a session all the same."""
        if not self.profile.sign_out or self.profile.sign_in.method != "form":
            return
        with contextlib.suppress(PrismaError, SessionEnded):
            self._walk("sign_out").take(self.profile.sign_out, Purpose.SIGN_OUT)

    def _recognise(self) -> Page:
        """Look at the interface before any credentials are sent; return its page."""
        walk = Walk(self.client, self.profile, "match", self._public_variables())
        page = walk.take(self.profile.match.steps, Purpose.READ)
        score = sum(points for sign, points in self.profile.match.signs if sign.holds(page.data))
        if walk.response is not None:
            self.state.facts["certificate_sha256"] = peer_fingerprint(walk.response)
        self.state.facts["match_score"] = score
        self.state.facts["recognised"] = score >= self.profile.match.enough
        if not self.state.facts["recognised"] and not self._allow_unverified:
            raised = walk.unexpected(
                f"the interface is not recognised: {score} of {self.profile.match.enough} points", None
            )
            raise Unsupported(
                f"{raised}; no credentials were sent",
                details={**raised.details, "match_score": score, "match_enough": self.profile.match.enough},
            )
        return page

    def _public_variables(self) -> dict[str, t.Any]:
        return {name: value for name, value in self._variables.items() if name not in ("password", "client_secret")}

    def _walk_in(self, page: Page) -> None:
        walk = Walk(self.client, self.profile, "sign_in", self._variables, page=page)
        arrived = walk.take(self.profile.sign_in.steps, Purpose.SIGN_IN)
        signs = self.profile.sign_in.signs
        for name, error, text in _NOT_SIGNED_IN:
            if name in signs and signs[name].holds(arrived.data):
                raise error(f"{text} (account {self.account})")
        if not signs["signed_in"].holds(arrived.data):
            raise walk.unexpected("the page after the sign-in proves neither that it went well nor why not", None)
        self.state.kept = dict(walk.kept)

    def _fetch_token(self) -> None:
        """OAuth 2.0 client credentials, RFC 6749 sections 2.3.1 and 4.4."""
        sign_in = self.profile.sign_in
        oauth = oauthlib.oauth2.BackendApplicationClient(client_id=self._variables["client_id"])
        body = oauth.prepare_request_body(scope=fill(sign_in.scope, self._variables), include_client_id=False)
        response = self.client.post(
            fill(sign_in.token, self._variables),
            content=body,
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
            auth=(str(self._variables["client_id"]), str(self._variables["client_secret"])),
            extensions={"printops_purpose": Purpose.SIGN_IN, "printops_repeatable": False},
        )
        try:
            token = oauth.parse_request_body_response(response.text, scope=None)
        except oauthlib.oauth2.OAuth2Error as error:
            raise SignInRefused(
                f"the token endpoint refused client {self.account}: {error.error}",
                details={"status": response.status_code},
            ) from None
        self.state.kept = {"access_token": token["access_token"]}

    def sign_out(self) -> bool:
        """End the session on the interface, if this run has one open; return whether there was one."""
        with self._store.lock(self._key):
            if self._saved:
                self._restore()
            if self.state.status != "signed_in":
                return False
            with self._store.undisturbed():
                try:
                    if self.profile.sign_out:
                        self._walk("sign_out").take(self.profile.sign_out, Purpose.SIGN_OUT)
                except SessionEnded:
                    pass
                finally:
                    self.state = SessionState(status="signed_out")
                    self.client.cookies.clear()
                    self._save()
        return True

    def _cookies(self) -> list[list[str]]:
        return [[cookie.name, cookie.value or "", cookie.domain, cookie.path] for cookie in self.client.cookies.jar]

    def _note_new_cookies(self) -> None:
        """Keep up with an interface that changes its cookies while one is signed in."""
        if self.state.status == "signed_in" and self._cookies() != self.state.cookies:
            self._save()

    def _save(self) -> None:
        self.state.cookies = self._cookies()
        self._saved = self._store.save(self._key, self.state.as_dict())

    # --- reading and writing ---

    def can(self, part: str, name: str) -> bool:
        """Whether the profile has the read or write ``name``."""
        return name in (self.profile.reads if part == "read" else self.profile.writes)

    def read(self, name: str, **inputs: t.Any) -> Reading:
        """Read ``name`` of the profile. A session that has ended is opened again once: its sign-in was good before."""
        if name not in self.profile.reads:
            raise self._unsupported("read", name)
        self.open()
        operation = self.profile.reads[name]
        try:
            return self._read(operation, inputs)
        except SessionEnded:
            self._reopen()
        try:
            return self._read(operation, inputs)
        except SessionEnded as error:
            raise Busy(f"{name}: the session ends as soon as it begins") from error

    def _reopen(self) -> None:
        """Sign in anew, unless another task of this run already has since."""
        ended = self.state
        with self._store.lock(self._key):
            known = SessionState.of(self._store.load(self._key))
            self.client.cookies.clear()
            if (known.cookies, known.kept) == (ended.cookies, ended.kept):
                self.state = SessionState(facts=ended.facts)
                self._save()
            else:
                self.state = SessionState()
        self.open()

    def _walk(self, operation: str, inputs: Mapping[str, t.Any] | None = None, problems: t.Any = ()) -> Walk:
        variables = {**self._variables, **self.state.kept, **(inputs or {})}
        return Walk(
            self.client,
            self.profile,
            operation,
            variables,
            headers=fill(dict(self.profile.headers), variables),
            problems=(*problems, *self.profile.problems),
            session_ended=self.profile.session_ended,
        )

    def _read(self, operation: Read, inputs: Mapping[str, t.Any]) -> Reading:
        walk = self._walk(f"read.{operation.name}", inputs, operation.problems)
        page = walk.take(operation.steps, Purpose.READ)
        self._note_new_cookies()
        if operation.rows is None:
            raw: dict[str, t.Any] = {}
            values = {name: walk.pick(name, pick, page.data, raw) for name, pick in operation.fields.items()}
            return Reading(values, raw)
        return _read_rows(walk, operation)

    def write(
        self, name: str, done: Callable[[Reading], bool] | None = None, **inputs: t.Any
    ) -> tuple[dict[str, t.Any], Reading | None]:
        """Do the write ``name`` and prove it: after it, the read that ``verify`` names must satisfy ``done``.

        Returns what the write itself gave, and the proving reading. Where the answer was lost the reading decides;
        the write is not sent a second time, except where the interface said that nobody was signed in and the
        reading shows that nothing was done.
        """
        if name not in self.profile.writes:
            raise self._unsupported("write", name)
        self.open()
        if not self.facts.get("recognised") and not self._allow_unverified:
            raise Unsupported(f"{name}: the interface was not recognised, nothing is written to it")
        operation = self.profile.writes[name]
        with self._store.lock(f"write|{self.client.base_url}"):
            try:
                return self._write(operation, done, inputs)
            except SessionEnded:
                self._reopen()
            if done is not None and operation.verify is not None:
                reading = self.read(operation.verify, **inputs)
                if done(reading):
                    return {}, reading
            try:
                return self._write(operation, done, inputs)
            except SessionEnded as error:
                raise Busy(f"{name}: the session ends as soon as it begins") from error

    def _write(
        self, operation: Write, done: Callable[[Reading], bool] | None, inputs: Mapping[str, t.Any]
    ) -> tuple[dict[str, t.Any], Reading | None]:
        self._before_write()
        walk = self._walk(f"write.{operation.name}", inputs, operation.problems)
        given: dict[str, t.Any] = {}
        lost: TransportError | None = None
        try:
            page = walk.take(operation.steps, Purpose.READ)
            given = {name: walk.pick(name, pick, page.data) for name, pick in operation.fields.items()}
        except TransportError as error:
            if not error.may_have_arrived or operation.verify is None or done is None:
                raise
            lost = error
        if operation.verify is None or done is None:
            return given, None
        reading = self.read(operation.verify, **inputs)
        if done(reading):
            return given, reading
        if lost is not None:
            raise lost
        raise NotReadBack(
            f"{operation.name} was answered, but reading {operation.verify!r} back does not show it",
            advice="Look at the interface with a browser: it may need more time, or have refused without saying so.",
        )

    def _unsupported(self, part: str, name: str) -> Unsupported:
        return Unsupported(f"the profile {self.profile.id} has no {part} {name!r}")


def _read_rows(walk: Walk, operation: Read) -> Reading:
    """Read all pages; raise where there is no proof that all rows were read (design.md, "Profiles")."""
    assert operation.rows is not None and walk.page is not None
    rows: list[Mapping[str, t.Any]] = []
    seen: set[str] = set()
    total: int | None = None
    pages = 0
    while True:
        page = walk.page
        pages += 1
        found = operation.rows.search(page.data)
        if not isinstance(found, list):
            raise walk.unexpected("there is no list of rows", operation.rows)
        rows.extend({name: walk.pick(name, pick, row) for name, pick in operation.fields.items()} for row in found)
        if operation.total is not None:
            counted = walk.pick("total", operation.total, page.data)
            if not isinstance(counted, int) or (total is not None and counted != total):
                raise walk.unexpected(f"the total is {counted!r} on page {pages} and was {total!r}", None)
            total = counted
        onward = operation.next_page.search(page.data) if operation.next_page is not None else None
        if not onward:
            break
        if str(onward) in seen or pages >= MAX_PAGES:
            raise walk.unexpected(f"page {pages} leads back to a page that was read before", operation.next_page)
        seen.add(str(onward))
        walk.turn(operation, str(onward))
    if total is not None and total != len(rows):
        raise walk.unexpected(f"{len(rows)} rows were read over {pages} pages, but the total is {total}", None)
    if operation.last_page is not None and not operation.last_page.holds(page.data):
        raise walk.unexpected(f"page {pages} is not marked as the last one", operation.last_page)
    return Reading(rows=tuple(rows), pages=pages, total=total)
