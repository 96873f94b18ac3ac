# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration file of an inventory plugin: Ansible itself ignores options that the plugin does not have."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ...module_utils._decide.inventory_faults import closest
from ...module_utils._decide.text import printable
from ...module_utils._web.errors import BadInput


def refuse_unknown_options(given: Iterable[str], known: Collection[str]) -> None:
    """Raise :class:`BadInput` for options that are not ``known``."""
    unknown = [str(name) for name in given if name not in known]
    if unknown:
        meant = " or ".join(near for name in unknown if (near := closest(name, known)))
        raise BadInput(
            f"{' and '.join(printable(name, 60) for name in unknown)} is no option of this inventory plugin"
            + (f": did you mean {meant}?" if meant else ""),
            advice=f"The options are {', '.join(sorted(known))}.",
        )
