# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registration addresses of a run that is stopped: none stays in plain text that is not to stay in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.action import onboarding_addresses
from ansible_collections.printops.prisma.plugins.action.onboarding_addresses import ActionModule
from ansible_collections.printops.prisma.plugins.module_utils._prisma.address_files import host_files, write_address
from ansible_collections.printops.prisma.plugins.plugin_utils._report import at_end
from ansible_collections.printops.prisma.plugins.plugin_utils._report.at_end import RunNotes
from ansible_collections.printops.prisma.plugins.plugin_utils._report.stopped_addresses import (
    WaveAddresses,
    clear_stopped,
)
from unit.action.role_task import role_task

SECRETS: Any = [("addresses", VaultSecret(b"a-p\xc3\xa4ssword-of-the-vault"))]
WAVE, LATER = ["press-1", "b\udcfcro-2"], "press-3"


def address_of(name: str) -> str:
    return f"https://home.example.com/register/{len(name)}"


class Play:
    """A play whose first wave has two printers. Its tasks are those of the role, before and after the claims."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.folder = folder
        self.notes = RunNotes()
        for module in (onboarding_addresses, at_end):
            monkeypatch.setattr(module, "NOTES", self.notes)
        monkeypatch.setattr(ActionModule, "_check_values", lambda action, variables: None)

    def task(self, keep: str, *, check_only: bool, check_mode: bool = False) -> dict[str, Any]:
        loader = DataLoader()
        loader.set_vault_secrets(SECRETS)
        task: Any = role_task()
        task.get_play()._uuid = f"play {self.folder}"
        task.action, task.check_mode = "printops.prisma.onboarding_addresses", check_mode
        task.args = {
            "keep": keep,
            "folder": str(self.folder),
            "vault_id": "addresses",
            "check_only": check_only,
        }
        action = ActionModule(task, MagicMock(), MagicMock(), loader, Templar(loader), MagicMock())
        hosts = [*WAVE, LATER]
        variables = {"ansible_play_hosts_all": hosts, "ansible_play_batch": WAVE, "onboard_files": str(self.folder)}
        return action.run(None, {**variables, "hostvars": {name: {} for name in hosts}})

    def write_addresses(self) -> None:
        """Write what a run has in files while it claims; the address of the later wave is of an earlier run."""
        for name in (*WAVE, LATER):
            address, _encrypted, code = host_files(str(self.folder), name)
            write_address(address, address_of(name), "SN1")
            Path(code).write_text("<svg/>", encoding="utf-8")

    def end(self) -> None:
        """End the run, as the main process does after its last task or a signal."""
        at_end._show_summaries()

    def files(self, name: str) -> list[str]:
        """Return the suffixes of the files that are left of a printer."""
        return ["".join(Path(path).suffixes) for path in host_files(str(self.folder), name) if Path(path).exists()]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Play:
    return Play(monkeypatch, tmp_path)


@pytest.mark.parametrize(
    ("keep", "left"), [("none", []), ("vault", [".address.vault"]), ("files", [".address", ".svg"])]
)
def test_a_run_that_is_stopped_leaves_what_was_asked_for(play: Play, keep: str, left: list[str]) -> None:
    """Given a run that is stopped while it claims, when it ends, then the addresses of its wave are cleared."""
    assert "warnings" not in play.task(keep, check_only=True)
    play.write_addresses()
    play.end()
    assert [play.files(name) for name in WAVE] == [left, left]
    assert play.files(LATER) == [".address", ".svg"], "what an earlier run has left is for the wave of its printer"
    for name in WAVE if keep == "vault" else ():
        text = Path(host_files(str(play.folder), name)[1]).read_bytes()
        assert VaultLib(SECRETS).decrypt(text).decode() == f"{address_of(name)}\nserial: SN1\n"


@pytest.mark.parametrize("keep", ["none", "vault"])
def test_a_wave_that_came_to_its_end_is_not_cleared_again(play: Play, keep: str) -> None:
    """Given a later play of the same run that leaves addresses in files, then they stay."""
    play.task(keep, check_only=True)
    play.task(keep, check_only=False)
    play.write_addresses()
    play.end()
    assert [play.files(name) for name in WAVE] == [[".address", ".svg"]] * 2


def test_check_mode_removes_nothing(play: Play) -> None:
    play.task("none", check_only=True, check_mode=True)
    play.write_addresses()
    play.end()
    assert play.files(WAVE[0]) == [".address", ".svg"]


def test_an_address_that_cannot_be_encrypted_is_left_with_a_warning(tmp_path: Path) -> None:
    """Given a memory of the run that was full, so that the password of the vault is not there."""
    wave = WaveAddresses(f"play {tmp_path}", ("press-1",), str(tmp_path), str(tmp_path), "addresses")
    write_address(str(tmp_path / "press-1.address"), address_of("press-1"), "SN1")
    (warning,) = clear_stopped([wave])
    assert str(tmp_path) in warning
    assert (tmp_path / "press-1.address").exists()
