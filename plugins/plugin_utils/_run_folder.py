# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the files of a run lie: beside its inventory, in whatever folder the run was started. Knows paths only.

A registration address that waits is such a file. A second run that looked for it elsewhere would press [Register] again
and so make the first address useless.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from ..module_utils._web.errors import BadInput


def beside_inventory(path: str, sources: Iterable[object] | None, variable: str) -> str:
    """Return ``path`` as an absolute path; a relative one begins in the folder that holds the inventory.

    ``sources`` are the inventories of the run (C(ansible_inventory_sources)), of which the first file or folder counts.
    ``variable`` is what a message names. Raises :class:`BadInput` for a relative path if the run has no inventory file,
    and for a path inside an inventory folder, as Ansible would read the results as inventory.
    """
    given_sources = map(str, sources or ())
    places = [os.path.normpath(source) for source in given_sources if "," not in source and os.path.exists(source)]
    given = os.path.expanduser(path)
    if not os.path.isabs(given) and not places:
        raise BadInput(
            f"{variable} is {path!r}, and there is no inventory file beside which it could lie",
            advice=f"Set {variable} to an absolute path.",
        )
    found = os.path.normpath(given if os.path.isabs(given) else os.path.join(os.path.dirname(places[0]), given))
    for place in places:
        if os.path.isdir(place) and _is_read_as_inventory(found, place):
            raise BadInput(
                f"{variable} is {found!r}, which lies in the inventory folder {place!r}: Ansible would read results as "
                "inventory",
                advice=f"Set {variable} to a folder outside, or to one whose name begins with a dot.",
            )
    return found


def _is_read_as_inventory(path: str, folder: str) -> bool:
    """Return whether Ansible reads ``path`` with the inventory ``folder``. Names that begin with a dot are left out."""
    inside = os.path.relpath(path, folder).split(os.sep)
    return inside == [os.curdir] or not any(name.startswith(".") for name in inside)
