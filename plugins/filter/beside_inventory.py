# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter beside_inventory: an absolute path from one that is relative to the inventory."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from ansible.errors import AnsibleFilterError
from jinja2 import pass_context
from jinja2.utils import missing

from ..module_utils._web.errors import BadInput
from ..plugin_utils._run_folder import beside_inventory as absolute


@pass_context
def beside_inventory(context: t.Any, path: str, variable: str = "the path") -> str:
    """Return ``path`` as an absolute path; ``variable`` is what a message names."""
    sources = context.resolve_or_missing("ansible_inventory_sources")
    try:
        return absolute(str(path), () if sources is missing else sources, variable)
    except BadInput as error:
        raise AnsibleFilterError(f"{error}. {error.advice}") from None


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"beside_inventory": beside_inventory}
