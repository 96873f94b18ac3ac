# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a declared file: what a review cannot see declares nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.module_utils._web.text_file import read_text
from ansible_collections.printops.prisma.plugins.plugin_utils._access_file import read_access_file
from ansible_collections.printops.prisma.plugins.plugin_utils._text_files import VaultReader
from unit.plugin_utils.test_text_files import SECRETS

LINES = "administrators: []\nusers:\n  - jo@example.com   # on call until May"


@pytest.mark.parametrize("vault", [True, False])
@pytest.mark.parametrize("character", ["\r", "\x85", "\u2028", "\u2029", "\u202e", "\u200b", "\u2066", "\ufeff"])
def test_a_character_that_a_diff_does_not_show_is_refused_with_its_line(
    tmp_path: Path, character: str, vault: bool
) -> None:
    """Given a comment behind which YAML begins another line, then nobody is declared there."""
    path = tmp_path / "access.yml"
    text = f"{LINES}{character}  - evil@example.com\n".encode()
    path.write_bytes(VaultLib(SECRETS).encrypt(text) if vault else text)
    loader = DataLoader()
    loader.set_vault_secrets(SECRETS)
    with pytest.raises(BadInput, match=rf"access\.yml:3: .*U\+{ord(character):04X}"):
        read_access_file(path, VaultReader(loader))
    if not vault:
        with pytest.raises(BadInput, match=rf"access\.yml:3: .*U\+{ord(character):04X}"):
            read_access_file(path, read_text)


@pytest.mark.parametrize("begin", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_usual_line_ends_and_a_byte_order_mark_at_the_start_are_read(tmp_path: Path, begin: str, end: str) -> None:
    path = tmp_path / "access.yml"
    path.write_bytes(f"{begin}{LINES}\n  - jörg@example.com\n".replace("\n", end).encode())
    assert read_access_file(path)["users"] == ["jo@example.com", "jörg@example.com"]


@pytest.mark.parametrize("number", ["010", "0x10", "0b1", "1:30", "5_0", "-0x1", "0100"])
def test_a_number_that_versions_of_yaml_read_differently_is_refused_with_its_line(tmp_path: Path, number: str) -> None:
    """What PyYAML reads as 8, an editor by YAML 1.2 and the person who reviews the file read as 10."""
    path = tmp_path / "access.yml"
    path.write_text(f"administrators: []\nusers: []\nguardrails:\n  max_removal_percent: {number}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"access\.yml:4: .* is not a plain number"):
        read_access_file(path)


@pytest.mark.parametrize("number", ["0", "5", "12.5", "100", "0.5", ".5", "+5"])
def test_a_plain_number_is_read(tmp_path: Path, number: str) -> None:
    path = tmp_path / "access.yml"
    path.write_text(f"administrators: []\nusers: []\nguardrails: {{max_removal_percent: {number}}}\n", encoding="utf-8")
    assert read_access_file(path)["guardrails"]["max_removal_percent"] == float(number)


def test_a_file_that_is_not_there_is_no_file_to_correct(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"acess\.yml cannot be read: No such file or directory$") as caught:
        read_access_file(tmp_path / "acess.yml")
    assert "cloud_access_file" in caught.value.advice
    assert "schema" not in caught.value.advice
