# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a result by which later steps decide: a password or cookie that is one by chance does not hide it.

With the password C(password), the outcome C(password_change) would be no outcome any more.
"""

from __future__ import annotations

from .._decide.access.rules import AccessList, SiteList
from .._decide.access.status import AccessOutcome
from .._decide.findings import Finding
from .._decide.network import NetworkOutcome, Route
from .._decide.outcomes import Outcome
from .._decide.registration import State

_KEYS = """
address_file address_fingerprint address_host addresses advice after ahead applications assigns before by_cloud_proxy
changed check_mode checks claimed clock communication_type connector controller_kind days_left defect details device
devices diff effects enabled evidence failed finding findings handed_over host hostname id inputs last_data left
licences licensed method missing model msg needs operation ors outcome password_set pending people person plan port
pressed profile proxy qr_path ready reason registration removed serial service session_ends skipped state steps
subscriptions tenant text waiting warnings what
"""
_VALUES = "link hand_over home site absent present internal cloud_proxy simulated recorded verified"

OWN_WORDS: frozenset[str] = frozenset(
    (
        *(*_KEYS.split(), *_VALUES.split()),
        *(*AccessList, *Finding, *NetworkOutcome, *Outcome, *SiteList, *AccessOutcome, *State, *Route),
    )
)
