# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles: the names that the rest of the collection uses. What they are is in the files named here."""

from __future__ import annotations

from .build import build_profile, build_steps
from .check import SECRETS
from .fill import PLACEHOLDER, fill, fill_path, names_in, needed_to_sign_out, placeholders_of, words_of
from .values import (
    EVIDENCE,
    Answer,
    Complete,
    Contract,
    Mark,
    Match,
    Operation,
    Paging,
    Path,
    Press,
    Problem,
    Profile,
    ProfileStep,
    Read,
    Repeat,
    RowChoice,
    Sign,
    SignIn,
    WebStorage,
    Write,
)

__all__ = [
    "EVIDENCE",
    "PLACEHOLDER",
    "SECRETS",
    "Answer",
    "Complete",
    "Contract",
    "Mark",
    "Match",
    "Operation",
    "Paging",
    "Path",
    "Press",
    "Problem",
    "Profile",
    "ProfileStep",
    "Read",
    "Repeat",
    "RowChoice",
    "Sign",
    "SignIn",
    "WebStorage",
    "Write",
    "build_profile",
    "build_steps",
    "fill",
    "fill_path",
    "names_in",
    "needed_to_sign_out",
    "placeholders_of",
    "words_of",
]
