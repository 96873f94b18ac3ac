# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a profile is found, and what it is called. Sends nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import (
    find_profile,
    folders_of,
    inventory_folders,
)
from unit.plugin_utils.test_profiles import SRA, refused, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "profiles").mkdir()
    return tmp_path


@pytest.mark.parametrize(("name", "interface"), [("sra-remote-ui", "controller"), ("prisma-home", "tenant")])
def test_the_shipped_profiles_are_found_by_id(name: str, interface: str) -> None:
    assert find_profile(name, interface, None).id == name


def test_one_beside_the_playbook_wins(folder: Path) -> None:
    write(folder, SRA.replace("title: Remote UI of", "title: Our own Remote UI of"), "sra-remote-ui")
    assert find_profile("sra-remote-ui", "controller", str(folder)).title.startswith("Our own")
    assert find_profile("sra-remote-ui", "controller", None).title.startswith("Remote UI")


def test_the_folder_of_the_command_is_searched_last(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others have put there is never in place of a shipped profile, or of the site's own."""
    here = tmp_path_factory.mktemp("here")
    (here / "profiles").mkdir()
    monkeypatch.chdir(here)
    for name in ("sra-remote-ui", "mine", "only-here"):
        write(here, SRA.replace("title: Remote UI of", "title: Planted Remote UI of"), name)
    write(folder, SRA)
    for name in ("sra-remote-ui", "mine"):
        assert find_profile(name, "controller", str(folder)).title.startswith("Remote UI")
    assert find_profile("only-here", "controller", str(folder), None).title.startswith("Planted")
    assert find_profile("profiles/only-here.yml", "controller", str(folder)).title.startswith("Planted")


def test_a_folder_that_is_the_inventory_has_them_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within it Ansible reads them as inventory."""
    (tmp_path / "site" / "inventory" / "more").mkdir(parents=True)
    (tmp_path / "site" / "inventory" / "hosts.yml").touch()
    (tmp_path / "site" / "profiles").mkdir()
    write(tmp_path / "site", SRA.replace("title: Remote UI of", "title: Our own Remote UI of"), "sra-remote-ui")
    monkeypatch.chdir(tmp_path)
    for own in ("site/inventory", "site/inventory/more"):
        variables = {"inventory_dir": str(tmp_path / own), "ansible_inventory_sources": ["site/inventory"]}
        for folders in (folders_of(DataLoader(), variables), inventory_folders(own, ["site/inventory"])):
            assert find_profile("sra-remote-ui", "controller", *folders).title.startswith("Our own")
    with_file = folders_of(DataLoader(), {"ansible_inventory_sources": ["site/inventory/hosts.yml"]})
    assert find_profile("sra-remote-ui", "controller", *with_file).title.startswith("Remote UI")


@pytest.mark.parametrize("inventory", ["hosts.yml", ".", "hosts.yml,other", "nowhere.yml"])
def test_a_localhost_that_no_inventory_names_has_the_profiles_beside_the_inventory(
    folder: Path, inventory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (folder / "hosts.yml").touch()
    found = folders_of(DataLoader(), {"ansible_inventory_sources": [inventory]})
    beside = {"hosts.yml": (str(folder),), ".": (str(folder), str(folder.parent))}
    assert found[1:] == beside.get(inventory, ())
    assert folders_of(DataLoader(), {"inventory_dir": "/own", "ansible_inventory_sources": [inventory]})[1] == "/own"


def test_it_may_end_in_yaml(folder: Path) -> None:
    write(folder, SRA).rename(folder / "profiles" / "mine.yaml")
    assert find_profile("mine", "controller", str(folder)).id == "mine"


def test_a_profile_has_the_name_of_its_file(folder: Path) -> None:
    """A renamed copy of a shipped one is not called as that: messages would name the wrong file."""
    path = write(folder, SRA, "our-sra")
    for given in ("our-sra", "profiles/our-sra.yml", str(path)):
        found = find_profile(given, "controller", str(folder))
        assert (found.id, found.source["id"]) == ("our-sra", "our-sra")
        assert find_profile(dict(found.source), "controller").id == "our-sra"
    assert find_profile(str(path.rename(path.with_name("Our SRA.yml"))), "controller").id == "sra-remote-ui"


def test_what_is_not_there_is_refused_with_what_is(folder: Path) -> None:
    write(folder, SRA, "our-sra")
    assert f"neither in {folder}/profiles (our-sra) or " in str(refused("our-srs", folder))


def test_a_path_is_absolute_or_from_the_playbook(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(folder, SRA)
    assert find_profile(str(path), "controller", None).id == "mine"
    assert find_profile("profiles/mine.yml", "controller", str(folder)).id == "mine"
    assert find_profile("mine.yml", "controller", str(folder / "profiles")).id == "mine"
    monkeypatch.setenv("HOME", str(folder))
    assert find_profile("~/profiles/mine.yml", "controller", None).id == "mine"


def test_a_profile_may_be_given_as_data() -> None:
    assert find_profile(yaml.safe_load(SRA), "controller", None).id == "sra-remote-ui"


def test_a_changed_file_is_read_again(folder: Path) -> None:
    path = write(folder, SRA)
    find_profile("mine", "controller", str(folder))
    path.write_text(SRA.replace("title: Remote UI", "title: Another Remote UI"), encoding="utf-8")
    assert find_profile("mine", "controller", str(folder)).title.startswith("Another")


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("", "profile is empty"),
        ("nosuch", "there is no profile 'nosuch': neither in"),
        ("nosuch", "(cloud-administration-site, prisma-home, prisma-home-application, prismasync-settings-editor, "),
        ("nosuch.yml", "there is no profile at"),
        ("/no/such.yml", "there is no profile at /no/such.yml"),
        ("~nobody-of-that-name/x.yml", "there is no profile at"),
        ("x" * 5000, "there is no profile 'xxx"),
        ("x" * 5000 + ".yml", "there is no profile at"),
        ("a\0b", "there is no profile"),
        ("profiles/", "there is no profile at"),
        ("profiles/inner.yml", "there is no profile at"),
    ],
)
def test_a_profile_that_is_not_there(folder: Path, given: str, what: str) -> None:
    (folder / "profiles" / "inner.yml").mkdir()
    assert what in str(refused(given, folder))


@pytest.mark.parametrize(("name", "interface"), [("sra-remote-ui", "tenant"), ("prisma-home", "controller")])
def test_a_profile_of_the_wrong_interface(name: str, interface: str) -> None:
    error = refused(name, None, interface)
    assert f"{interface} is needed" in str(error)
    assert f"whose interface is {interface}" in error.advice
