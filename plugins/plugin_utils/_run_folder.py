# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the files of a run lie: in the folder that holds its inventory, wherever the run was started. Knows paths only.

A file that is named on the command line of a tool without inventory begins where that command was run.

A registration address that waits is such a file. A second run that looked for it elsewhere would press [Register] again
and so make the first address useless. So C(-i folder) and C(-i folder/hosts.yml) lead to the same place.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from ansible.inventory.manager import IGNORED

from ..module_utils._web.errors import BadInput


def beside_inventory(
    path: str, sources: Iterable[object] | None, variable: str, *, or_working_folder: bool = False
) -> str:
    """Return ``path`` as an absolute path; a relative one begins in the folder that holds the inventory.

    ``sources`` are the inventories of the run (C(ansible_inventory_sources)), of which the first file or folder counts.
    Where Ansible would read the path as inventory, because a whole folder is given, its first name gets a dot. What
    has been put there with the dot is found again if a file of that folder is given. A file that is there beside the
    folder, such as a list of people, is meant itself. ``variable`` is what a message names. With ``or_working_folder``
    a relative path begins in the folder in which the command was run if the run has no inventory file.

    Raises :class:`BadInput` for a relative path if the run has no inventory file, and for a path that Ansible reads as
    inventory, which it also does if an earlier run with a single file has written there.
    """
    places = _places(sources)
    folders = [place for place in places if os.path.isdir(place)]
    given = os.path.normpath(os.path.expanduser(os.path.expandvars(path)))  # as Ansible does for an option's path
    if not os.path.isabs(given) and not places:
        if or_working_folder:
            return in_working_folder(given)
        raise BadInput(
            f"{variable} is {path!r}, and there is no inventory file beside which it could lie",
            advice=f"Set {variable} to an absolute path.",
        )
    if os.path.isabs(given):
        return _outside(given, folders, variable)
    begin = _folder(places[0])
    beside_folder = os.path.normpath(os.path.join(os.path.dirname(begin), given))
    if begin in folders and os.path.isfile(beside_folder):
        return beside_folder
    first, *rest = given.split(os.sep)
    visible, hidden = os.path.join(begin, first), os.path.join(begin, f".{first}")
    if first.startswith("."):
        return _outside(os.path.normpath(os.path.join(begin, given)), folders, variable)
    if not any(_is_read_as_inventory(visible, folder) for folder in folders):
        earlier = os.path.exists(hidden) and not os.path.exists(visible)
        return os.path.join(hidden if earlier else visible, *rest)
    if os.path.exists(visible):
        raise BadInput(
            f"{variable} is {path!r}, and Ansible has read {visible!r} as inventory, because all of {begin!r} is the "
            "inventory",
            advice=f"Rename it: mv {visible} {hidden}. Runs with -i {begin} and with a file in it then share it.",
        )
    return os.path.join(hidden, *rest)


def inventory_folder(sources: Iterable[object] | None) -> str | None:
    """Return the folder that holds the first inventory of the run, None without one.

    Ansible says it of each host of an inventory (C(inventory_dir)), but not of a localhost that no inventory names.
    """
    places = _places(sources)
    return os.path.abspath(_folder(places[0])) if places else None


def beside_inventory_folders(sources: Iterable[object] | None) -> list[str]:
    """Return the folders in which those inventories of the run lie that are folders themselves."""
    return [os.path.dirname(os.path.abspath(place)) for place in _places(sources) if os.path.isdir(place)]


def _places(sources: Iterable[object] | None) -> list[str]:
    given = map(str, sources or ())
    return [os.path.normpath(source) for source in given if "," not in source and os.path.exists(source)]


def _folder(place: str) -> str:
    return place if os.path.isdir(place) else os.path.dirname(place)


def in_working_folder(path: str) -> str:
    """Return ``path`` as an absolute path; a relative one begins in the folder in which the command was run.

    ``ansible-playbook`` stays in that folder, and so do its workers. ``PWD`` may say something else.
    """
    return os.path.normpath(os.path.join(os.getcwd(), os.path.expanduser(path)))


def _outside(path: str, folders: Iterable[str], variable: str) -> str:
    """Return ``path``. Raises :class:`BadInput` if Ansible reads it with one of the inventory ``folders``."""
    for folder in folders:
        if _is_read_as_inventory(path, folder):
            raise BadInput(
                f"{variable} is {path!r}, which lies in the inventory folder {folder!r}: Ansible would read results as "
                "inventory",
                advice=f"Set {variable} to a folder outside, or to one whose name begins with a dot.",
            )
    return path


def _is_read_as_inventory(path: str, folder: str) -> bool:
    """Return whether Ansible reads ``path`` with the inventory ``folder``; it leaves some names out, as with a dot."""
    inside = os.path.relpath(path, folder).split(os.sep)
    if inside[0] == os.pardir:
        return False
    return inside == [os.curdir] or not any(IGNORED.search(os.fsencode(name)) for name in inside)
