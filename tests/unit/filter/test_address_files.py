# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role offboard removes the files that the role onboard writes, whatever the inventory calls the printer."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.filter.filters import FilterModule
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.spec import address_paths
from ansible_collections.printops.prisma.plugins.plugin_utils._report.encrypted_addresses import write_encrypted
from jinja2.nativetypes import NativeEnvironment

ROLE = Path(__file__).resolve().parents[3] / "roles" / "offboard"
TEXT = yaml.safe_load((ROLE / "vars" / "main.yml").read_text(encoding="utf-8"))["offboard__files"]


def removed(**variables: Any) -> list[str]:
    """Return the files that the role removes for a host with these variables."""
    engine = NativeEnvironment()
    engine.filters.update({f"printops.prisma.{name}": work for name, work in FilterModule().filters().items()})
    return cast(list[str], engine.from_string(TEXT).render(**variables))


@pytest.mark.parametrize(
    "host", ["press-01.example.com", "hall 3/press", "..", ".hidden", "100%", "../other", "x" * 190]
)
def test_offboarding_removes_the_files_of_a_host_and_no_others(tmp_path: Path, host: str) -> None:
    folder = tmp_path / "onboarding"
    encrypted = write_encrypted(str(folder), {host: "$ANSIBLE_VAULT;1.1;AES256"})[host]
    address, qr = address_paths(str(folder), host)
    found = removed(inventory_hostname=host, onboard_files=str(folder), ansible_inventory_sources=[__file__])
    assert sorted(found) == sorted([address, qr, encrypted])
