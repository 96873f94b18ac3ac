# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypts or removes the registration addresses of a play. Reads variables and address files only, no printer."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Mapping
from itertools import chain

from ansible.parsing.vault import match_best_secret
from ansible.plugins.action import ActionBase

from ..module_utils._decide.inventory_faults import different_values
from ..module_utils._decide.outcomes import Outcome
from ..module_utils._prisma.address_files import ADDRESS, host_file
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..modules.onboarding_addresses import ARGUMENT_SPEC
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._fleet.host_variables import HostVariables
from ..plugin_utils._fleet.spec import Variables
from ..plugin_utils._fleet.tags import selected_tags
from ..plugin_utils._inprocess.shared_store import STORE
from ..plugin_utils._report.at_end import NOTES
from ..plugin_utils._report.cleared_addresses import AddressFiles, ClearedAddresses, clear_addresses
from ..plugin_utils._report.of_variables import check_settings_of_the_end
from ..plugin_utils._report.play import PlayResults
from ..plugin_utils._report.stopped_addresses import WaveAddresses, encryption, keep_password
from ..plugin_utils._run_folder import beside_inventory
from ..plugin_utils._run_identity import ADDRESSES_PREFIX, RunIdentity


class ActionModule(ActionBase):
    """Looks at the files of all printers of the play."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Encrypt or remove. An address that cannot be encrypted stays where it is, which is a warning."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        try:
            options = task_arguments(ARGUMENT_SPEC, self._task)
            secret = self._secret(options["vault_id"]) if options["keep"] == "vault" else None
            run = RunIdentity.of(Variables(variables, self._templar.template).value)
            if options["check_only"]:
                check_settings_of_the_end(Variables(variables, self._templar.template).value)
                self._check_values(variables)
        except PrismaError as error:
            return failed(error, "addresses")
        clears = options["keep"] != "files" and not self._task.check_mode
        if options["check_only"]:
            result = {"changed": False, "claim_selected": "claim" in selected_tags(self._task, variables)}
            return {**result, **(self._note_wave(options, variables, secret) if clears else {})}
        if not clears:
            return {"changed": False, "encrypted": {}, "removed": []}
        return self._clear(options, variables, secret, run)

    def _note_wave(
        self, options: Mapping[str, t.Any], variables: Mapping[str, t.Any], secret: t.Any
    ) -> dict[str, t.Any]:
        """Note what has to be cleared if the run is stopped before the task that clears; return warnings."""
        play = str(self._task.get_play()._uuid)
        hosts = tuple(str(name) for name in variables["ansible_play_batch"])
        with contextlib.suppress(BadInput):  # a wrong folder fails the printers' own steps
            files, folder = self._folder_of_addresses(variables), self._folder(options, variables)
            if files:
                wave = WaveAddresses(play, hosts, files, folder, options["vault_id"] if secret else None)
                keep_password(play, secret)
                NOTES.begin_addresses(wave)
        return {"warnings": [NOTES.trouble]} if NOTES.trouble else {}

    def _check_values(self, variables: dict[str, t.Any]) -> None:
        """Raise :class:`BadInput` unless all printers of the play have one value of C(onboard_addresses).

        The tasks at the end of the role ask the first printer of a wave for it, and clear the files of all printers so
        far. A play is checked once, before its first wave.
        """
        checked = f"addresses|{self._task.get_play()._uuid}|{self._task._uuid}"
        if STORE.load(checked) is not None:
            return
        hosts = [str(name) for name in variables["ansible_play_hosts_all"]]
        others = HostVariables(self, variables, hosts)
        hosts_of: dict[str, list[str]] = {}
        for name in hosts:
            with contextlib.suppress(BadInput):  # wrong variables fail the printer's own steps
                raw, of_host = others.of(name)
                if others.selects(raw):
                    hosts_of.setdefault(str(of_host.value("onboard_addresses")), []).append(name)
        for fault in different_values("onboard_addresses", hosts_of):
            raise BadInput(fault.what, advice=f"{fault.advice} No [Register] was pressed.")
        STORE.save(checked, {})

    def _secret(self, vault_id: str) -> t.Any:
        """Return Ansible's secret of ``vault_id``. Raises :class:`BadInput` if the run has no password of it."""
        vault: t.Any = self._loader._vault
        found = match_best_secret(vault.secrets, [vault_id])
        if found is None:
            known = ", ".join(sorted({str(name) for name, _secret in vault.secrets or ()})) or "none"
            raise BadInput(
                f"onboard_addresses is vault, and the run has no password of the vault id {vault_id!r}, but of {known}",
                advice="Give it with --vault-id, or as a vault credential of the job, and name it in "
                "onboard_addresses_vault_id. No [Register] was pressed.",
            )
        return found[1]

    def _clear(
        self, options: Mapping[str, t.Any], variables: Mapping[str, t.Any], secret: t.Any, run: RunIdentity
    ) -> dict[str, t.Any]:
        encrypt = encryption(options["vault_id"], secret) if secret else None
        cleared = ClearedAddresses()
        with cleared.noting("Registration addresses are left in files"):  # which hides no printer that needs attention
            cleared = clear_addresses(self._files(options, variables), self._folder(options, variables), encrypt)
        play = str(self._task.get_play()._uuid)
        NOTES.end_addresses(play)
        keep_password(play, None)
        result: dict[str, t.Any] = {"changed": False, "encrypted": cleared.encrypted, "removed": cleared.removed}
        if cleared.warnings:
            result["warnings"] = [f"{text} (onboard_addresses is {options['keep']})" for text in cleared.warnings]
        if cleared.texts and options["artifact"]:
            data = {f"{ADDRESSES_PREFIX}{run.name}": cleared.texts}
            result["ansible_stats"] = {"data": data, "per_host": False, "aggregate": True}
        return result

    def _files(self, options: Mapping[str, t.Any], variables: Mapping[str, t.Any]) -> list[AddressFiles]:
        """Return the printers of the play whose address a file may hold, with their files."""
        bulk = options["mode"] == "bulk"
        play = PlayResults.of_task(self._task, variables, bulk=bulk)
        folder = self._folder_of_addresses(variables)
        # What an earlier run has left is for the wave of its printer. One that became unreachable left the batch.
        begun = (wave.hosts for wave in NOTES.addresses() if wave.play == str(self._task.get_play()._uuid))
        ended = {*play.printers, *play.batch, *chain.from_iterable(begun)}
        found = []
        for printer in [printer for printer in play.report().printers if printer.name in ended]:
            path = printer.address_file or (host_file(folder, printer.name, ADDRESS) if folder else "")
            if path:
                spent = printer.registration == "registered" or printer.outcome in (Outcome.ONBOARDED, Outcome.ALREADY)
                found.append(AddressFiles(printer.name, path, printer.qr_path, spent))
        return found

    def _folder_of_addresses(self, variables: Mapping[str, t.Any]) -> str:
        """Return the folder of the printers' address files; empty if no variable names it."""
        files = str(Variables(variables, self._templar.template).value("onboard_files") or "")
        return beside_inventory(files, variables.get("ansible_inventory_sources"), "onboard_files") if files else ""

    def _folder(self, options: Mapping[str, t.Any], variables: Mapping[str, t.Any]) -> str:
        """Return the folder of the run."""
        return beside_inventory(options["folder"], variables.get("ansible_inventory_sources"), "onboard_run_folder")
