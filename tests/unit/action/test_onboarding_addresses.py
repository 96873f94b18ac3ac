# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypted registration addresses as data of the run: those of every wave, whatever the later ones bring."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.executor.stats import AggregateStats
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.action.onboarding_addresses import ActionModule
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import OnboardingResult
from ansible_collections.printops.prisma.plugins.plugin_utils._report.at_end import NOTES
from ansible_collections.printops.prisma.plugins.plugin_utils._report.stopped_addresses import WaveAddresses
from support.fleet import LABELS
from unit.action.role_task import role_task

SECRETS: Any = [("addresses", VaultSecret(b"a-password-of-the-vault"))]
PRINTERS = ["press-1", "press-2", "press-3"]
VARIABLE = "fleet_addresses_41"


def address_of(name: str) -> str:
    return f"https://home.example.com/register/{name}"


def wave(
    folder: Path,
    hostvars: dict[str, dict[str, Any]],
    batch: list[str],
    *,
    bulk: bool,
    state: str = "awaiting_claim",
    outcome: str | None = None,
    keep: str = "vault",
    file_left: bool = True,
    spoil: Callable[[], None] = lambda: None,
    begin: Callable[[str], None] = lambda play: None,
) -> dict[str, Any]:
    """Return the result of the task at the end of a wave. Printers of later waves have no result yet.

    ``state``: what the printers show of their registration before a claim. ``file_left``: whether their addresses are
    in files. ``spoil`` changes files before the task runs. ``begin`` gets the id of the play.
    """
    for name in batch:
        file = folder / f"{name}.address"
        if file_left:
            file.write_text(f"{address_of(name)}\n", encoding="utf-8")
        ended = outcome or ("already" if state == "registered" else state)
        shown = OnboardingResult(ended, True, False, "Open it.", registration=state, address_file=str(file))
        hostvars[name]["onboard__outcome"] = {**shown.as_dict(), "attention": ""}
    for name in batch if bulk else ():
        hostvars[name]["onboard_results"] = {"printers": {each: hostvars[each]["onboard__outcome"] for each in batch}}
    spoil()
    loader = DataLoader()
    loader.set_vault_secrets(SECRETS)
    task: Any = role_task()
    task.action, task.check_mode = "printops.prisma.onboarding_addresses", False
    task.args = {
        "keep": keep,
        "folder": str(folder / "run"),
        "vault_id": "addresses",
        "artifact": True,
        "mode": "bulk" if bulk else "tasks",
    }
    action = ActionModule(task, MagicMock(), MagicMock(), loader, Templar(loader), MagicMock())
    begin(str(task.get_play()._uuid))
    known = {"ansible_play_hosts_all": PRINTERS, "ansible_play_batch": batch, "hostvars": hostvars, "awx_job_id": 41}
    known["onboard_files"] = str(folder)
    return action.run(None, known)


@pytest.mark.parametrize("bulk", [False, True])
def test_the_data_of_the_run_have_the_addresses_of_all_waves(tmp_path: Path, *, bulk: bool) -> None:
    """Given three waves, of which each sets what it has encrypted, then Ansible keeps all of it for later jobs."""
    stats = AggregateStats()
    hostvars: dict[str, dict[str, Any]] = {name: {} for name in PRINTERS}
    for name in PRINTERS:
        result = wave(tmp_path, hostvars, [name], bulk=bulk)
        assert (result["removed"], list(result["encrypted"]), result.get("warnings")) == ([name], [name], None)
        found = result["ansible_stats"]
        keep = stats.update_custom_stats if found["aggregate"] else stats.set_custom_stats  # as Ansible's strategies do
        for key, value in found["data"].items():
            keep(key, value, None)
    held = stats.custom["_run"][VARIABLE]
    assert {name: VaultLib(SECRETS).decrypt(text).decode().strip() for name, text in held.items()} == {
        name: address_of(name) for name in PRINTERS
    }
    assert list(tmp_path.glob("*.address")) == []


@pytest.mark.parametrize("bulk", [False, True])
def test_a_spent_address_is_removed_and_not_handed_on(tmp_path: Path, *, bulk: bool) -> None:
    """Given a printer that is registered, then what an earlier run left of it is of no use to anybody."""
    result = wave(tmp_path, {name: {} for name in PRINTERS}, PRINTERS[:1], bulk=bulk, state="registered")
    assert (result["removed"], result["encrypted"]) == (PRINTERS[:1], {})
    assert "ansible_stats" not in result
    assert list(tmp_path.rglob("*.address*")) == []


@pytest.mark.parametrize(
    "ended",
    [{"state": "registered"}, {"state": "awaiting_claim", "outcome": "onboarded"}],
    ids=["registered before", "claimed by the run"],
)
@pytest.mark.parametrize("keep", ["vault", "none"])
def test_an_encrypted_address_is_removed_once_its_printer_is_registered(
    tmp_path: Path, keep: str, ended: dict[str, Any]
) -> None:
    """Given what a run has encrypted, when the printer is registered, then the next run removes it, and no other's."""
    hostvars: dict[str, dict[str, Any]] = {name: {} for name in PRINTERS}
    wave(tmp_path, hostvars, PRINTERS, bulk=False)
    result = wave(tmp_path, hostvars, PRINTERS[:1], bulk=False, keep=keep, file_left=False, **ended)
    assert result["removed"] == PRINTERS[:1]
    assert sorted(path.name for path in tmp_path.rglob("*.address.vault")) == [
        "press-2.address.vault",
        "press-3.address.vault",
    ]


@pytest.mark.parametrize("keep", ["vault", "none"])
def test_a_printer_that_became_unreachable_leaves_no_address_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: str
) -> None:
    """Given a wave of two on a jump host that is lost after [Register], and a third printer, of a later wave."""
    for name in PRINTERS:
        (tmp_path / f"{name}.address").write_text(f"{address_of(name)}\n", encoding="utf-8")
    noted: list[WaveAddresses] = []
    monkeypatch.setattr(NOTES, "addresses", lambda: noted)

    def begin(play: str) -> None:
        noted.append(WaveAddresses(play, ("press-1", "press-2"), str(tmp_path), str(tmp_path / "run"), None))

    wave(tmp_path, {name: {} for name in PRINTERS}, ["press-1"], bulk=False, keep=keep, begin=begin)
    assert [path.name for path in tmp_path.glob("*.address")] == ["press-3.address"]


def as_link(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (as_link, "it is a symbolic link, which is not followed"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "it is no text"),
    ],
    ids=["link", "no text"],
)
def test_one_address_that_cannot_be_read_keeps_no_other_one_in_its_file(
    tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    """Given three printers that wait, when the file of the first is none of ours, then the others are encrypted."""
    hostvars: dict[str, dict[str, Any]] = {name: {} for name in PRINTERS}
    result = wave(tmp_path, hostvars, PRINTERS, bulk=False, spoil=lambda: spoil(tmp_path / "press-1.address"))
    assert (sorted(result["encrypted"]), result["removed"]) == (PRINTERS[1:], PRINTERS[1:])
    assert set(result["ansible_stats"]["data"][VARIABLE]) == set(PRINTERS[1:])
    assert [path.name for path in tmp_path.glob("*.address")] == ["press-1.address"]
    (warning,) = result["warnings"]
    assert warning.startswith("press-1: its registration address is left in a file: ")
    assert said in warning
    assert warning.endswith(" (onboard_addresses is vault)")


def test_one_address_that_cannot_be_removed_keeps_no_other_one_in_its_file(tmp_path: Path) -> None:
    """Given a folder in the place of the first file, then the others are removed."""

    def spoil() -> None:
        (tmp_path / "press-1.address").unlink()
        (tmp_path / "press-1.address").mkdir()

    result = wave(tmp_path, {name: {} for name in PRINTERS}, PRINTERS, bulk=True, keep="none", spoil=spoil)
    assert result["removed"] == PRINTERS[1:]
    assert [warning.partition(":")[0] for warning in result["warnings"]] == PRINTERS[:1]


@pytest.mark.parametrize("keep", ["vault", "none"])
def test_labels_of_an_earlier_run_go_where_addresses_do_not_stay_in_files(tmp_path: Path, keep: str) -> None:
    """Given a fleet whose runs have left the addresses in files, when they do so no more, then no label is left."""
    (tmp_path / "run").mkdir()
    labels = [tmp_path / "run" / name for name in LABELS]
    for path in labels:
        path.write_text(address_of("press-9"), encoding="utf-8")
    result = wave(tmp_path, {name: {} for name in PRINTERS}, PRINTERS[:1], bulk=False, keep=keep)
    assert "warnings" not in result
    assert not any(path.exists() for path in labels)
