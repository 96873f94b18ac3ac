# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for the credentials of a run that has a slice of a fleet: which may be tried, and how many refusals.

Another run, the canary, has tried them before. What it found travels as digests with a salt, so that no password is in
the data of a job. Knows a store and no interface.
"""

from __future__ import annotations

import hashlib
import secrets
import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from ..errors import BadInput
from .store import SessionStore

SCHEMA = 1
_KEY = "limits|credentials"
_DIGEST_KEY = "limits|digest|"
_ROUNDS = 50_000
"""Of PBKDF2: some 20 ms, once for each credential in a process. Who has the data may try passwords at that cost."""


class Verdict(StrEnum):
    """What the canary has found of a credential."""

    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    UNKNOWN = "unknown"
    """It may be tried on one printer first, as without a canary."""


@dataclass(frozen=True)
class AcceptedCredentials:
    """The findings of a canary. ``others``: whether a credential that is in neither set may be tried."""

    salt: str
    accepted: frozenset[str] = frozenset()
    not_accepted: frozenset[str] = frozenset()
    others: bool = False

    @classmethod
    def found(
        cls, accepted: Iterable[tuple[str, str]], not_accepted: Iterable[tuple[str, str]], *, others: bool
    ) -> AcceptedCredentials:
        """Return the findings of pairs of account and secret, with a salt of their own."""
        salt = secrets.token_hex(16)
        good, bad = (frozenset(digest(salt, *pair) for pair in pairs) for pairs in (accepted, not_accepted))
        return cls(salt, good, bad, others)

    @classmethod
    def of_dict(cls, data: Mapping[str, t.Any]) -> AcceptedCredentials:
        """Return what :meth:`as_dict` made ``data`` of. Raises :class:`BadInput` for anything else."""
        try:
            if data["schema"] != SCHEMA:
                raise BadInput(f"onboard_accepted_credentials has schema {data['schema']}, but {SCHEMA} is needed")
            accepted, not_accepted = (
                frozenset(str(bytes.fromhex(item).hex()) for item in data[name])
                for name in ("accepted", "not_accepted")
            )
            return cls(bytes.fromhex(data["salt"]).hex(), accepted, not_accepted, data["others"] is True)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadInput(
                f"onboard_accepted_credentials is not what onboard_canary has set: {error!r}",
                advice="Run onboard_canary again, and pass on what it sets as it is.",
            ) from error

    def as_dict(self) -> dict[str, t.Any]:
        """Return the findings as data of a job."""
        return {
            "schema": SCHEMA,
            "salt": self.salt,
            "accepted": sorted(self.accepted),
            "not_accepted": sorted(self.not_accepted),
            "others": self.others,
        }


@lru_cache(maxsize=256)
def digest(salt: str, account: str, secret: str) -> str:
    """Return the digest of an account with its secret, in 32 hexadecimal digits."""
    return hashlib.pbkdf2_hmac(
        "sha256", f"{account}\0{secret}".encode(errors="surrogatepass"), bytes.fromhex(salt), _ROUNDS, 16
    ).hex()


@dataclass(frozen=True)
class CredentialLimits:
    """The limits of this run, as its store keeps them. ``slices``: how many runs share the fleet."""

    slices: int = 1
    salt: str = ""
    """Empty without a canary."""
    others: bool = True
    _store: SessionStore | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, store: SessionStore) -> CredentialLimits:
        """Return the limits of the run; those of a run that has the whole fleet if :func:`save_limits` saved none."""
        known = store.load(_KEY)
        return cls(known["slices"], known["salt"], known["others"], store) if known else cls()

    def budget(self, max_refused: int) -> int:
        """Return how many refusals of a credential this run may cause: its share, and at least one."""
        return max(1, max_refused // self.slices)

    def judge(self, account: str, secret: str) -> Verdict:
        """Return what the canary has found of a credential."""
        if not self.salt or self._store is None:
            return Verdict.UNKNOWN
        found = self._store.load(f"{_DIGEST_KEY}{digest(self.salt, account, secret)}")
        if found is None:
            return Verdict.UNKNOWN if self.others else Verdict.NOT_ACCEPTED
        return Verdict.ACCEPTED if found["accepted"] else Verdict.NOT_ACCEPTED


def limits_are_known(store: SessionStore) -> bool:
    """Return whether :func:`save_limits` has saved the limits of this run."""
    return store.load(_KEY) is not None


def save_limits(store: SessionStore, found: AcceptedCredentials | None, slices: int) -> None:
    """Save the limits for all tasks of the run. ``found``: what a canary has found, None without one.

    Raises :class:`BadInput` if the memory of the run has no room for them.
    """
    kept = True
    if found is not None:
        kept = all(store.save(f"{_DIGEST_KEY}{item}", {"accepted": False}) for item in found.not_accepted)
        kept = kept and all(store.save(f"{_DIGEST_KEY}{item}", {"accepted": True}) for item in found.accepted)
    state = {
        "slices": slices,
        "salt": found.salt if found is not None else "",
        "others": found.others if found is not None else True,
    }
    if not (kept and store.save(_KEY, state)):
        raise BadInput(
            "onboard_accepted_credentials has more credentials than the memory of a run",
            advice="Onboard the fleet in parts, each with a canary of its own.",
        )
