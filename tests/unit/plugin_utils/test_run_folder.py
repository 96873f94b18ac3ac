# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of a run follows from its inventory alone, whatever folder the run was started in."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.printops.prisma.plugins.filter.beside_inventory import FilterModule
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._run_folder import beside_inventory
from jinja2.nativetypes import NativeEnvironment


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with an inventory file and an inventory folder."""
    (tmp_path / "inventory.yml").touch()
    (tmp_path / "production" / "group_vars").mkdir(parents=True)
    (tmp_path / "production" / "hosts.yml").touch()
    return tmp_path


def test_a_relative_path_begins_where_the_inventory_lies(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    monkeypatch.setenv("PWD", "/somewhere/else")
    for source in ("inventory.yml", "production", "production/"):  # a file, and a folder, which Ansible reads whole
        assert beside_inventory("onboarding", [f"{site}/{source}"], "onboard_files") == str(site / "onboarding")
    assert beside_inventory("./a/../b", [str(site / "inventory.yml")], "onboard_files") == str(site / "b")


def test_the_first_inventory_that_is_a_file_counts(site: Path) -> None:
    sources = ["press-01,press-02", str(site / "missing.yml"), str(site / "production" / "hosts.yml"), str(site / "x")]
    assert beside_inventory("onboarding", sources, "onboard_files") == str(site / "production" / "onboarding")


def test_an_absolute_path_stays_and_the_home_folder_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/of")
    assert beside_inventory("/var/lib/onboarding", None, "onboard_files") == "/var/lib/onboarding"
    assert beside_inventory("~/onboarding", ["press-01,"], "onboard_files") == "/home/of/onboarding"


@pytest.mark.parametrize("sources", [None, [], ["press-01,"], ["/etc/ansible/no-such-hosts"]])
def test_without_an_inventory_file_the_path_has_to_be_absolute(sources: list[str] | None) -> None:
    with pytest.raises(BadInput, match="onboard_files is 'onboarding', and there is no inventory file") as caught:
        beside_inventory("onboarding", sources, "onboard_files")
    assert caught.value.advice == "Set onboard_files to an absolute path."


@pytest.mark.parametrize("inside", ["production", "production/onboarding", "production/sites/onboarding"])
def test_results_never_lie_where_ansible_would_read_them_as_inventory(site: Path, inside: str) -> None:
    """A file with a registration address would become a host."""
    with pytest.raises(BadInput, match="in the inventory folder"):
        beside_inventory(inside, [str(site / "production")], "onboard_files")
    assert beside_inventory(inside, [str(site / "production" / "hosts.yml")], "x").startswith(str(site / "production"))


def test_a_name_with_a_dot_is_left_out_by_ansible(site: Path) -> None:
    found = beside_inventory("production/.onboarding", [str(site / "production")], "onboard_files")
    assert found == str(site / "production" / ".onboarding")


def test_a_role_gets_the_same_path_from_the_filter(site: Path) -> None:
    engine = NativeEnvironment()
    engine.filters.update(FilterModule().filters())
    template = engine.from_string("{{ 'onboarding' | beside_inventory('onboard_files') }}")
    assert template.render(ansible_inventory_sources=[str(site / "inventory.yml")]) == str(site / "onboarding")
    with pytest.raises(AnsibleFilterError, match=r"no inventory file.*Set onboard_files to an absolute path"):
        template.render()
