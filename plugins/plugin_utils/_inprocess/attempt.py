# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One attempt per run for ordinary modules: each is a process of its own and cannot see what another was refused.

The action looks into the shared memory before it starts a module, and saves there how the module ended. How one in the
background (``async``) ends it does not see, so it starts only those that may sign in side by side.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from ...module_utils._decide.outcomes import Outcome
from ...module_utils._options.cloud import methods_given
from ...module_utils._prisma.connection import canary_for, credential_of, tenant_of_sign_in
from ...module_utils._web.errors import BadInput, NotTried
from ...module_utils._web.session.refusal import MAYBE_REFUSED, raise_if_refused, refused_state
from ...module_utils._web.session.store import SessionState, SessionStore, session_key

_REFUSALS = frozenset({Outcome.AUTH_FAILED, Outcome.LOCKED, Outcome.PASSWORD_CHANGE})


@contextmanager
def module_attempt(
    interface: str, options: Mapping[str, t.Any], profile_id: str, store: SessionStore, *, background: bool = False
) -> Iterator[Callable[[Mapping[str, t.Any]], None]]:
    """Wait until the credential of ``options`` may be tried; yield the function that records a module's result.

    Raises the refusal of an earlier task of this run, and :class:`NotTried` if other printers refused the credential.
    A module in the ``background`` does not wait; :class:`BadInput` if it would have to.
    """
    credential = credential_of(interface, options)
    if credential is None:
        with _refresh_token_held(options, store, background):
            yield lambda result: None
        return
    tenant = tenant_of_sign_in(options.get)
    key = session_key(credential.base_url, profile_id, credential.account, credential.secret, tenant)
    raise_if_refused(SessionState.of(store.load(key)))
    canary = canary_for(store, options, credential.account, credential.secret, in_file=credential.in_file)
    with ExitStack() as held:
        attempt = None
        if canary is not None:
            try:
                if background:
                    canary.require_proven()
                else:
                    attempt = held.enter_context(canary.attempt())
            except NotTried:  # perhaps because of this very interface, meanwhile
                raise_if_refused(SessionState.of(store.load(key)))
                raise

        def record(result: Mapping[str, t.Any]) -> None:
            if background:  # it has only just begun
                return
            outcome = Outcome.of(result.get("outcome")) if result.get("failed") else None
            perhaps = bool(result.get("failed") and (result.get("details") or {}).get(MAYBE_REFUSED))
            if attempt is not None:
                attempt.record(outcome, perhaps_refused=perhaps)
            if perhaps or outcome in _REFUSALS:
                refused = refused_state(str(outcome), str(result.get("reason")), str(result.get("advice")))
                store.save(key, refused.as_dict())

        yield record


@contextmanager
def _refresh_token_held(options: Mapping[str, t.Any], store: SessionStore, background: bool) -> Iterator[None]:
    """Let one module of the run at a time redeem a refresh token: the provider may replace it at each use."""
    if methods_given(options.get) != ["refresh_token"]:
        yield
        return
    if background:
        raise BadInput(
            "async: a refresh token may be replaced at each use, so one task at a time redeems it, and the run does "
            "not see when one in the background has",
            advice="Remove async from tasks that sign in with a refresh token.",
        )
    with store.lock(f"refresh_token|{options.get('refresh_token_file') or options['refresh_token']}"):
        yield
