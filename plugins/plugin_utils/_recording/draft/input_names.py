# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of inputs: what a field of an interface becomes in a profile, and which inputs steps use."""

from __future__ import annotations

import re
import typing as t
import unicodedata

from ..matching import selects_operation


def placeholder_name(text: str) -> str:
    """Return ``text`` as the name of an operation or a placeholder; "" if no letter or digit is in it.

    Letters lose their accents. One that is not of ASCII is its code, so that two names stay two.
    """
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(each))
    coded = re.sub(r"\W+", "_", plain).encode("ascii", "backslashreplace").decode()
    name = re.sub(r"[^a-z0-9]+", "_", coded).strip("_")
    return f"n{name}" if name[:1].isdigit() else name


def own_input(name: str, _label: str = "") -> str | None:
    """Return the input of its own that a field fills, None if its value selects the operation."""
    given = placeholder_name(name) or "value"
    return None if selects_operation(name) else "new_password" if given == "password" else given


def inputs_of(steps: t.Any) -> list[str]:
    """Return the inputs that steps use: all placeholders but those that a step keeps, and the account's password."""
    keeping = [part for step in steps for part in (step, step.get("row", {}))]
    kept = {
        name for part in keeping for each in ("keep", "keep_headers", "keep_cookies") for name in part.get(each, ())
    }
    return sorted(set(re.findall(r"\$\{(\w+)\}", str(steps))) - kept - {"password"})
