# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypted registration addresses: what runs have set is written to files of their own, and nothing else is."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._report.encrypted_addresses import (
    encrypted_of_variables,
    folder_beside,
    write_encrypted,
)

TEXT = "$ANSIBLE_VAULT;1.2;AES256;addresses\n6162\n"


def test_all_runs_are_written_whatever_a_printer_is_called(tmp_path: Path) -> None:
    held = {"fleet_addresses_1": {"press-1": TEXT}, "fleet_addresses_2": {"../press-2": TEXT}, "fleet_run_1": {}}
    folder = Path(folder_beside(str(tmp_path / "fleet" / "report.json")))
    files = {name: Path(path) for name, path in write_encrypted(str(folder), encrypted_of_variables(held)).items()}
    assert files["press-1"] == tmp_path / "fleet" / "addresses" / "press-1.address.vault"
    assert {path.parent for path in files.values()} == {folder}
    for path in files.values():
        assert path.read_text(encoding="utf-8") == TEXT
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("held", ["text", {"press-1": "https://home.example.com/register/1"}, {"press-1": 7}])
def test_what_is_not_encrypted_is_refused(held: Any) -> None:
    with pytest.raises(BadInput, match="the variable fleet_addresses_1 holds no encrypted addresses"):
        encrypted_of_variables({"fleet_addresses_1": held})
