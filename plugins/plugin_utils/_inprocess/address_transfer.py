# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of registration addresses lie on the control node, also where the module runs on a jump host.

Knows the options that name them; knows nothing of registering or claiming.
"""

from __future__ import annotations

import contextlib
import tempfile
import typing as t
from collections.abc import Callable, Mapping
from pathlib import Path

from ansible.plugins.action import ActionBase

from ...module_utils._prisma.address_files import (
    QR_KINDS,
    ROOM,
    Reservation,
    check_place,
    read_address,
    remove,
    reserved,
    write_private,
)
from ...module_utils._prisma.address_lock import address_lock, remove_spent
from ...module_utils._prisma.registration_address import address_in_file
from ...module_utils._web.errors import BadInput

Result = dict[str, t.Any]
WRITTEN = ("address_file", "qr_path")


def with_files_here(
    action: ActionBase,
    options: Mapping[str, t.Any],
    execute: Callable[[dict[str, t.Any]], Result],
    check_run: Callable[[], None],
) -> Result:
    """Run the module by ``execute``, with files of the control node where ``options`` name any.

    ``check_run`` raises if the run is to end: other runs may have the same files, and one waits for the other.
    """
    task = action._task
    named = {name: str(options[name]) for name in WRITTEN if options.get(name)}
    if not named or task.delegate_to is None or action._connection.transport == "local":
        return execute(dict(options))
    if task.async_val:
        raise BadInput(
            f"async: {' and '.join(named)} cannot be brought back from {task.delegate_to} later",
            advice="Remove async: the task itself waits.",
        )
    if not str(task.action).endswith("printer_registration"):
        return _sent(options, named, execute, check_run)
    with contextlib.ExitStack() as held:
        if "address_file" in named and not task.check_mode and _hands_over(options):
            # The lock of the module itself is beside its own file, in a folder that no other run has.
            held.enter_context(address_lock(named["address_file"], check_run))
        return _fetched(action, options, named, execute)


def _hands_over(options: Mapping[str, t.Any]) -> bool:
    return bool(options["profile"].get("registration_method") == "hand_over")


def _sent(
    options: Mapping[str, t.Any],
    named: Mapping[str, str],
    execute: Callable[[dict[str, t.Any]], Result],
    check_run: Callable[[], None],
) -> Result:
    """Let the address travel among the options, where it is ``no_log``; its files go when it is spent."""
    sent = {name: value for name, value in options.items() if name not in WRITTEN}
    warning: str | None = None
    if not sent.get("address") and "address_file" in named and not options.get("printer_registered"):
        address, warning = address_in_file(named["address_file"], str(options["serial"]))
        if address:
            sent["address"] = address
    result = execute(sent)
    if warning:
        result["warnings"] = [*result.get("warnings", ()), warning]
    if result.get("address_spent"):
        if result.get("failed") and sent.get("address") and "address_file" in named:  # the cloud does not know it
            remove_spent(str(sent["address"]), named["address_file"], named.get("qr_path"), check_run=check_run)
        else:
            remove(*named.values())
    return result


def _fetched(
    action: ActionBase,
    options: Mapping[str, t.Any],
    named: Mapping[str, str],
    execute: Callable[[dict[str, t.Any]], Result],
) -> Result:
    """Let the module write into Ansible's temporary folder there, and bring the files back by file transfer.

    Not by the module slurp: with ``-vvv`` Ansible prints what a module prints.
    """
    if action._play_context.become:
        raise BadInput(
            f"become: files of another user cannot be brought back from {action._task.delegate_to}",
            advice="Set become: false. A task on a printer needs no privileges.",
        )
    for name, path in named.items():
        check_place(path, name, tuple(QR_KINDS) if name == "qr_path" else (), links=False)
    shell = action._connection._shell
    if shell.tmpdir is None:
        action._make_tmp_path()
    folder = str(shell.tmpdir)
    there = {name: str(shell.join_path(folder, name + Path(path).suffix)) for name, path in named.items()}
    held = contextlib.ExitStack()
    try:
        if "address_file" in named and read_address(named["address_file"]) is not None:
            # Of a hand-over nothing else knows the address: without it the button would be pressed again.
            action._transfer_file(named["address_file"], there["address_file"])
        room = {} if action._task.check_mode else _rooms(named, held)
        result = execute({**options, **there})
        registration = result.get("registration") or {}
        for name, path in named.items():
            if registration.get(name):
                write_private(path, _fetch(action, there[name]), room.get(name))
                registration[name] = path
        if registration.get("state") == "registered" and not result.get("failed") and not action._task.check_mode:
            remove(*named.values())  # as the module does with its own: the address is spent
    finally:
        held.close()
        action._remove_tmp_path(folder)
    arguments = result.get("invocation", {}).get("module_args", {})
    arguments.update({name: path for name, path in named.items() if name in arguments})
    return result


def _rooms(named: Mapping[str, str], held: contextlib.ExitStack) -> dict[str, Reservation]:
    """Reserve the files here before anything is pressed there: an address that cannot be kept would be lost."""
    return {name: held.enter_context(reserved(path, ROOM[name])) for name, path in named.items()}


def _fetch(action: ActionBase, path: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:  # mode 0700
        fetched = Path(folder) / "fetched"
        action._connection.fetch_file(path, str(fetched))
        return fetched.read_bytes()
