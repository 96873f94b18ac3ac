# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One printer tries a credential first; the others wait for its answer. Knows a store and no interface.

Source: domain.md, "Accounts, sessions, locks on the controller": an account is disabled after too many failed sign-ins,
and no other host is tried with a password that was just refused; docs/safety.md, "One canary per password".
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager

from ..._decide.outcomes import Outcome
from ..errors import BadInput, NotTried, PasswordChangeDemanded, PrismaError, SecondFactorDemanded, SignInRefused
from .credential_limits import CredentialLimits, Verdict
from .refusal import may_be_a_refusal
from .store import EXPENDABLE, SEVERAL_RUNS, SessionStore, credential_key

_AFTER_SIGN_IN = frozenset(
    {
        Outcome.PASSWORD_CHANGE,
        Outcome.WRONG_DEVICE,
        Outcome.ORS_NOT_READY,
        Outcome.PROXY_WRONG,
        Outcome.OWNED_BY_OTHER,
    }
)
"""Outcomes that only occur after user name and password were accepted."""


class Attempt:
    """One use of the credential. The caller records how it ended."""

    def __init__(self, canary: Canary) -> None:
        self._canary = canary

    def accepted(self) -> None:
        """The printer took user name and password."""
        self._canary.note(accepted=True)

    def failed(self, error: PrismaError) -> None:
        """The sign-in raised ``error``. A busy interface, or one that was not reached, did not judge the credential."""
        if isinstance(error, (PasswordChangeDemanded, SecondFactorDemanded)):
            self.accepted()
        else:
            self._refused(sure=isinstance(error, SignInRefused), perhaps=may_be_a_refusal(error))

    def record(self, outcome: Outcome | None, *, perhaps_refused: bool = False) -> None:
        """Record the outcome of a whole task in another process, None is success; it says if it may be a refusal."""
        if outcome is None or outcome in _AFTER_SIGN_IN:
            self.accepted()
        else:
            self._refused(sure=outcome is Outcome.AUTH_FAILED, perhaps=perhaps_refused or outcome is Outcome.LOCKED)

    def _refused(self, *, sure: bool, perhaps: bool) -> None:
        """Count a refusal; and what may be one until the credential is known to be good elsewhere.

        After that it is about this printer alone.
        """
        if sure or (perhaps and not self._canary.accepted):
            self._canary.note(refused=True)


class Canary:
    """All interfaces of a run that share user name and password.

    ``max_refused``: after so many refusals the rest is not tried. ``kind`` is what messages call such an interface.
    ``by_password``: whether it is a password, and no session or token, so that a canary run has tried it.
    """

    def __init__(
        self,
        store: SessionStore,
        account: str,
        secret: str,
        max_refused: int,
        kind: str = "printer",
        *,
        by_password: bool = True,
    ) -> None:
        self._store = store
        self._key = credential_key(account, secret)
        self._account = account
        self._secret = secret
        self._max_refused = max_refused
        self._kind = kind
        self._by_password = by_password

    @contextmanager
    def attempt(self) -> Iterator[Attempt]:
        """Wait until this printer may try. Raises :class:`NotTried` when too many others have refused.

        Also where the memory of the run has no room for its answer, as then every printer could refuse it.
        One at a time until a printer has accepted, and again after one has refused; otherwise all at once. What an
        earlier run has found of the credential (:mod:`.credential_limits`) holds from the beginning.
        """
        limits = CredentialLimits.of(self._store)
        self._stop_if_not_accepted(limits)
        with ExitStack() as held:
            if not self._proven():
                held.enter_context(self._store.lock(f"{self._key}|turn"))
                if self._proven():
                    held.close()
            self._stop_if_spent(limits.budget(self._max_refused))
            self._stop_if_not_counted()
            yield Attempt(self)

    def require_proven(self) -> None:
        """Raise unless any number may use the credential at once: for a task in the background, which nobody waits for.

        Raises as :meth:`attempt` does, and :class:`BadInput` for a credential that must be tried on one printer first.
        """
        limits = CredentialLimits.of(self._store)
        self._stop_if_not_accepted(limits)
        self._stop_if_spent(limits.budget(self._max_refused))
        if not self._proven():
            raise BadInput(
                f"async: the account {self._account} with this password was not accepted in this run, or was refused, "
                "so one sign-in is sent at a time; the run does not see how that of a task in the background ends",
                advice="Run a task with this account first that has no async, such as printops.prisma.device_info for "
                "a printer, or remove async.",
            )

    @property
    def accepted(self) -> bool:
        """Whether a printer of this run has accepted it."""
        return bool(self._state["accepted"])

    def _proven(self) -> bool:
        return self.accepted and not self._state["refused"]

    @property
    def _state(self) -> dict[str, t.Any]:
        return self._store.load(self._key) or {"accepted": False, "refused": 0}

    def note(self, *, accepted: bool = False, refused: bool = False) -> None:
        """Save how one printer answered."""
        with self._noting():
            state = self._state
            self._save({**state, "accepted": state["accepted"] or accepted, "refused": state["refused"] + int(refused)})

    def _noting(self) -> AbstractContextManager[None]:
        return self._store.lock(f"{self._key}|note")

    def _save(self, state: Mapping[str, t.Any]) -> bool:
        """Save a state; return whether it was kept. Where there is no room for others, one without a refusal goes.

        Then one printer tries the credential first again, and nothing else is lost.
        """
        return self._store.save(self._key, {**state, EXPENDABLE: state["accepted"] and not state["refused"]})

    def _stop_if_not_counted(self) -> None:
        """Raise if the memory of the run has no room for this credential: each printer could refuse it."""
        with self._noting():
            kept = self._save(self._state)
        if not kept:
            raise NotTried(
                f"the memory of this run is full, so a refusal of the account {self._account} could not be counted: it "
                "was not tried here",
                advice=f"{SEVERAL_RUNS} No sign-in was spent here.",
            )

    def _stop_if_not_accepted(self, limits: CredentialLimits) -> None:
        """Take over, once a run, what the canary has found, and raise if this credential is not to be tried."""
        if not (limits.salt and self._by_password):
            return
        with self._noting():
            state = self._state
            if "verdict" not in state:
                verdict = limits.judge(self._account, self._secret)
                accepted = state["accepted"] or verdict is Verdict.ACCEPTED
                state = {**state, "accepted": accepted, "verdict": verdict.value}
                self._save(state)
        if state["verdict"] == Verdict.NOT_ACCEPTED:
            raise NotTried(
                f"the canary run has not seen the account {self._account} with this password accepted by any "
                f"{self._kind}: it was not tried here",
                advice=(
                    "Correct user name or password, run onboard_canary again, and pass on what it sets "
                    "(onboard_accepted_credentials). No sign-in was spent here."
                ),
            )

    def _stop_if_spent(self, budget: int) -> None:
        refused = self._state["refused"]
        if refused >= budget:
            kind = self._kind if refused == 1 else f"{self._kind}s"
            raise NotTried(
                f"{refused} {kind} refused the account {self._account} with this password: it was not tried here",
                advice=(
                    f"Correct user name or password of the {self._kind}s that refused it (auth_failed, locked) or "
                    "did not answer clearly (timeout, failed), then run again. No sign-in was spent here."
                ),
            )
