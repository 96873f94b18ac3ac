# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One account on one interface: recognise it, sign in once, read, write with proof, sign out. Knows no meaning."""

from __future__ import annotations

import contextlib
import time
import typing as t
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from ..errors import (
    AccountLocked,
    Busy,
    NoSuchRow,
    NotReadBack,
    PrismaError,
    SignInRefused,
    TransportError,
    UnexpectedPage,
    Unsupported,
)
from ..http.client import Client, Purpose
from ..http.cookies import Cookie
from ..profile.profile import EVIDENCE, Profile, Read, Write
from .abilities import Abilities
from .canary import Attempt, Canary
from .last_write import LastWrite
from .methods import Method
from .navigator import Navigator
from .proof import Proof
from .reading import Reading, make_reading, settled_reading
from .refusal import MAYBE_REFUSED, may_be_a_refusal, raise_if_refused, refused_state, was_judged
from .session_ended import SessionEnded, unless_session_ended
from .sign_in import Recognised, authorisation, bearer_authorisation, enter, recognise, sign_in
from .store import SessionState, SessionStore
from .turns import turn

if t.TYPE_CHECKING:
    import httpx

SIGN_OUT_DEADLINE = 30.0
"""Seconds for a sign-out, also where the time of its task is up. It must not hold up the end of a run for longer."""


class Session(Abilities):
    """One account on one interface. The first read or write signs in, unless the store has an open session.

    ``variables`` fill the profile's placeholders. ``canary``: the credential's, if other interfaces share it.
    ``method``: how to sign in, if not by the profile. Every method raises the errors of :mod:`.errors`.
    """

    def __init__(
        self,
        client: Client,
        profile: Profile,
        *,
        key: str,
        account: str,
        variables: Mapping[str, t.Any],
        store: SessionStore,
        allow_unverified: bool = False,
        sign_out_with: Mapping[str, t.Any] | None = None,
        canary: Canary | None = None,
        method: Method | None = None,
    ) -> None:
        self.client = client
        self.profile = profile
        self.account = account
        self._key = key
        self._variables = dict(variables)
        self._store = store
        self._allow_unverified = allow_unverified
        self._sign_out_with = dict(sign_out_with or {})
        self._canary = canary
        self._method = method
        self.state = SessionState()
        self._redacted: set[str] = set()
        self.wrote = False
        """Whether a write was carried out, or may have been: its answer was lost."""
        self.last_write = LastWrite()
        self.proof: Proof | None = None
        self.verify_at_end = False
        """Skip the read-back after each write; the caller verifies all writes with one read at the end."""
        self.sends_once = False
        """Send no write again whose answer shows that the session has ended: the caller reads what has become of it."""
        self._saved = True
        self._auth: httpx.Auth | None = None
        self._evidence: set[str] = set()
        self._partial_state: dict[str, t.Any] = {}

    @property
    def key(self) -> str:
        """What the store has the session under: interface, profile, account, and a digest of its secret."""
        return self._key

    @property
    def evidence(self) -> str:
        """The weakest evidence of the operations that this session has used."""
        return min(self._evidence or {str(self.profile.evidence["kind"])}, key=EVIDENCE.index)

    @property
    def kept_for_later(self) -> bool:
        """Whether a later task can use this session. If not, the caller signs out."""
        return self._store.outlives_task and self._saved

    def secrets(self) -> set[str]:
        """Return what no output may show: cookies, what the sign-in kept (tokens), what the profile redacts."""
        cookies = {cookie.value for cookie in self.client.jar} | {str(cookie["value"]) for cookie in self.state.cookies}
        cookies = {each for each in cookies if len(each) >= 12 or any(map(str.isdigit, each))}  # no word, as of a site
        kept = {value for value in (*self.state.kept.values(), *self._partial_state.values()) if isinstance(value, str)}
        return {value for value in cookies | kept if len(value) >= 4} | self._redacted

    @property
    def facts(self) -> dict[str, t.Any]:
        """What was proven once for this session; :meth:`remember` keeps more."""
        return self.state.facts

    def remember(self, **facts: t.Any) -> None:
        """Save facts for later tasks of the same session."""
        self.state.facts = {**self.state.facts, **facts}
        self._save()

    # --- signing in and out ---

    def open(self) -> None:
        """Sign in, unless this run already has. Raises a refusal of this run again instead of repeating the sign-in."""
        if self.state.status == "signed_in":
            return
        with self._store.lock(self._key):
            self._restore()
            if self.state.status == "signed_in":
                return
            raise_if_refused(self.state)
            seen = recognise(self.client, self.profile, self._variables, allow_unverified=self._allow_unverified)
            self.state.facts = {**self.state.facts, **seen.facts}
            with ExitStack() as held:
                with self.client.paused_deadline():
                    attempt = held.enter_context(self._canary.attempt()) if self._canary is not None else None
                held.enter_context(self._store.deferring_signals())
                self._sign_in(seen, attempt)

    def _restore(self) -> None:
        self.state = SessionState.of(self._store.load(self._key))
        for cookie in self.state.cookies:
            self.client.jar.add(Cookie(**cookie))

    def _sign_in(self, seen: Recognised, attempt: Attempt | None) -> None:
        # Saved before the password is sent: the sign-out at the end of a stopped run waits for this sign-in.
        self.state.status = "signing_in"
        self.state.sign_out_with = self._sign_out_with
        self._save()
        self._partial_state = {}
        try:
            variables = {**self._variables, **seen.kept}
            self.state.kept = {**seen.kept, **self._enter(variables, seen)}
        except PrismaError as error:
            self._note_failed_sign_in(error, seen, attempt)
            raise
        except Exception:
            defect = UnexpectedPage("a defect of this collection ended the sign-in")
            self._note_failed_sign_in(defect, seen, attempt)
            raise
        if attempt is not None:
            attempt.accepted()
        self.state.status, self.state.signed_in_at = "signed_in", time.monotonic()
        self._save()

    def _note_failed_sign_in(self, error: PrismaError, seen: Recognised, attempt: Attempt | None) -> None:
        if attempt is not None:
            attempt.failed(error)
        if may_be_a_refusal(error):
            error.details[MAYBE_REFUSED] = True
        if not isinstance(error, (SignInRefused, AccountLocked)):
            self.state.kept = {**seen.kept, **self._partial_state}
            self._leave()
            self.state.kept = {}
        if was_judged(error):
            self._keep_refusal(error)
        else:
            self.state.status = "new"
            self._save()

    def _keep_refusal(self, error: PrismaError) -> None:
        self._redacted |= self.secrets()
        self.client.jar.clear()
        facts = self.state.facts
        self.state = refused_state(error.outcome.value, str(error), error.advice)
        self._save()
        self.state.facts = facts

    def _enter(self, variables: Mapping[str, t.Any], seen: Recognised) -> dict[str, t.Any]:
        """Sign in from the page that was recognised, and return what is kept of it."""
        if self._method is not None:
            self.state.external = True
            kept, self._auth = enter(self.client, self.profile, variables, self._method, self.account)
            return kept
        self._auth = authorisation(self.profile, variables)
        return sign_in(
            self.client,
            self.profile,
            variables,
            account=self.account,
            page=seen.page,
            auth=self._auth,
            kept=self._partial_state,
        )

    def _leave(self) -> None:
        """Sign out after a failed sign-in: the interface may have opened a session all the same."""
        if self.state.external or not self.profile.sign_out or self.profile.sign_in.method not in ("form", "token"):
            return
        self.client.leave_time(SIGN_OUT_DEADLINE)
        with contextlib.suppress(PrismaError, SessionEnded):  # it may need a token that was not kept
            self._navigator("sign_out").run(self.profile.sign_out, Purpose.SIGN_OUT)

    def sign_out(self) -> bool:
        """End the session on the interface, if this run has an open one; return whether it had.

        If that fails the session counts as open, and the end of the run tries again.
        """
        with self._store.lock(self._key):
            if self._saved:
                self._restore()
            if self.state.status != "signed_in":
                return False
            with self._store.deferring_signals():
                self.client.leave_time(SIGN_OUT_DEADLINE)
                with contextlib.suppress(SessionEnded):
                    if self.profile.sign_out and not self.state.external:
                        self._navigator("sign_out").run(self.profile.sign_out, Purpose.SIGN_OUT)
                self.state = SessionState()
                self.client.jar.clear()
                self._store.forget(self._key)
                self._saved = True
        return True

    def _cookies(self) -> list[dict[str, t.Any]]:
        return [dict(vars(cookie)) for cookie in self.client.jar]

    def _note_new_cookies(self) -> None:
        """Save the cookies if the interface has changed them during the session."""
        if self.client.jar.changed and self.state.status == "signed_in" and self._cookies() != self.state.cookies:
            self._save()
        self.client.jar.changed = False

    def _save(self) -> None:
        self.state.cookies = self._cookies()
        self._saved = self._store.save(self._key, self.state.as_dict())

    # --- reading and writing ---

    def read(self, name: str, /, **inputs: t.Any) -> Reading:
        """Read ``name`` of the profile. A session that has ended is opened again once."""
        self.require("read", name)
        self.open()
        operation = self.profile.reads[name]
        try:
            return self._read(operation, inputs)
        except SessionEnded:
            self._reopen(name)
        try:
            return self._read(operation, inputs)
        except SessionEnded as error:
            raise Busy(f"{name}: the session ends as soon as it begins") from error

    def _reopen(self, operation: str) -> None:
        """Sign in again for ``operation``, unless another task of this run already has, and prove who that is."""
        if self._method is not None:
            self._method.learn(self.state.kept)
            self._auth = None
        ended = self.state
        with self._store.lock(self._key):
            known = SessionState.of(self._store.load(self._key))
            self.client.jar.clear()
            if (known.cookies, known.kept) == (ended.cookies, ended.kept):
                unproven = self.proof.facts if self.proof is not None else frozenset()
                self.state = SessionState(facts={name: ended.facts[name] for name in ended.facts.keys() - unproven})
                self._save()
            else:
                self.state = SessionState()
        self.open()
        if self.proof is not None and operation != self.proof.reading:
            self.proof.prove()

    def _navigator(self, operation: str, inputs: Mapping[str, t.Any] | None = None, problems: t.Any = ()) -> Navigator:
        return Navigator(
            self.client,
            self.profile,
            operation,
            {**self._variables, **self.state.kept, **(inputs or {})},
            headers=self.profile.headers,
            auth=self._authorisation(),
            problems=(*problems, *self.profile.problems),
            session_ended=self.profile.session_ended,
        )

    def _turn(self, *, alone: bool) -> contextlib.AbstractContextManager[None]:
        return turn(self.client, self.profile, self._store, self._key, alone=alone)

    def _authorisation(self) -> httpx.Auth | None:
        if self._auth is None and self._method is not None:  # an earlier task has signed in
            self._auth = bearer_authorisation(self.profile, self.state.kept)
        elif self._auth is None:
            self._auth = authorisation(self.profile, self._variables)
        return self._auth

    def _read(self, operation: Read, inputs: Mapping[str, t.Any]) -> Reading:
        return settled_reading(lambda: self._read_once(operation, inputs))

    def _read_once(self, operation: Read, inputs: Mapping[str, t.Any]) -> Reading:
        self._evidence.add(operation.evidence)
        navigator = self._navigator(f"read.{operation.name}", inputs, operation.problems)
        with self._turn(alone=operation.asks_repeatedly), unless_session_ended(self._note_new_cookies):
            navigator.run(operation.steps, Purpose.READ)
            reading = make_reading(navigator, operation)
        for values in (reading.values, *reading.rows):
            self._redacted |= {str(values[name]) for name in self.profile.redact & values.keys() if values[name]}
        return reading

    def write(
        self, name: str, done: Callable[[Reading], bool] | None = None, /, **inputs: t.Any
    ) -> tuple[dict[str, t.Any], Reading | None]:
        """Do the write ``name`` and prove it: after it, the read that ``verify`` names must satisfy ``done``.

        The reading decides also if the answer was lost, or if a row that the profile acts on is not there any more.
        Returns the write's own fields and the proving reading. The write is sent a second time only if the interface
        answered that nobody is signed in, and the reading, if there is one, shows that nothing was done.
        """
        self.last_write = LastWrite()
        self.require("write", name)
        self.open()
        if not self.facts.get("recognised") and not self._allow_unverified:
            raise Unsupported(f"{name}: the interface was not recognised, nothing is written to it")
        operation = self.profile.writes[name]
        with self._store.lock(f"write|{self.client.base_url}", self.profile.concurrency or 1):
            try:
                return self._write(operation, done, inputs)
            except SessionEnded as ended:
                reads_back = done is not None and operation.verify is not None
                settled = reads_back or (operation.fields and not self.sends_once)
                maybe = self.last_write.sent and not ended.denied  # what it did may have ended the session
                before, self.wrote = self.wrote, self.wrote or maybe
                if maybe and not settled:  # without its values it was in vain
                    raise Busy(f"{name} was sent, and the session ended with it; it may have been done") from ended
                self._reopen(name)
            if done is not None and operation.verify is not None:
                reading = self.read(operation.verify, **inputs)
                if done(reading):
                    return {}, reading
                self.wrote = before
            try:
                return self._write(operation, done, inputs)
            except SessionEnded as error:
                raise Busy(f"{name}: the session ends as soon as it begins") from error

    def _write(
        self, operation: Write, done: Callable[[Reading], bool] | None, inputs: Mapping[str, t.Any]
    ) -> tuple[dict[str, t.Any], Reading | None]:
        self._evidence.add(operation.evidence)
        navigator = self._navigator(f"write.{operation.name}", inputs, operation.problems)
        given: dict[str, t.Any] = {}
        lost: PrismaError | None = None
        try:
            watched = self.last_write.watch(navigator)
            with self._turn(alone=True), watched, unless_session_ended(self._note_new_cookies):
                page = navigator.run(operation.steps, Purpose.READ)
                self.wrote = True
                given = {name: navigator.pick(name, pick, page.data) for name, pick in operation.fields.items()}
        except (TransportError, UnexpectedPage) as error:
            arrived = error.may_have_arrived if isinstance(error, TransportError) else navigator.wrote
            if not (arrived or navigator.write_answered):
                if isinstance(error, NoSuchRow) and operation.verify is not None and done is not None:
                    reading = self.read(operation.verify, **inputs)
                    if done(reading):
                        return given, reading
                raise
            if operation.verify is None or done is None:
                self.wrote = self.wrote or isinstance(error, TransportError)
                raise
            self.wrote, lost = True, error
        except PrismaError:
            self.wrote = self.wrote or self.last_write.lost
            raise
        if operation.verify is None or done is None or (self.verify_at_end and lost is None):
            return given, None
        reading = self.read(operation.verify, **inputs)
        if done(reading):
            return given, reading
        if lost is not None:
            raise lost
        raise NotReadBack(
            f"{operation.name} was answered, but reading {operation.verify!r} back does not show it",
            advice="Check the interface with a browser: it may need more time, or have refused without an error.",
        )
