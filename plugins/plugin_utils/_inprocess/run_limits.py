# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads from variables which credentials a run may try, and how many slices share the limit of refusals.

Every task that may sign in asks for it, so that it holds in whatever play, and whichever task of the role is the first.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from ...module_utils._web.session.credential_limits import AcceptedCredentials, limits_are_known, save_limits
from ...module_utils._web.session.store import SessionStore
from .._run_identity import slices_of

ACCEPTED = "onboard_accepted_credentials"
_WITHOUT_CANARY = (
    "This is one of {slices} runs that share a fleet, and none knows what the others were refused. With a wrong "
    "password each may cause its share of printops_max_refused, at least one refused sign-in, so {slices} or more in "
    "all. Run onboard_canary first, and pass on onboard_accepted_credentials."
)


def note_limits(store: SessionStore, value: Callable[[str], t.Any]) -> list[str]:
    """Save the limits in the memory of the run, once. ``value`` returns the value of a variable, None if it is not set.

    Returns warnings. Raises ``BadInput`` for a value that cannot be.
    """
    if limits_are_known(store):
        return []
    slices, given = slices_of(value), value(ACCEPTED)
    if slices < 2 and not given:
        return []
    save_limits(store, AcceptedCredentials.of_dict(given) if given else None, slices)
    if given:
        return []
    return [_WITHOUT_CANARY.format(slices=slices)]
