# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of a run follows from its inventory alone, whatever folder the run was started in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.validation import check_type_path
from ansible_collections.printops.prisma.plugins.filter.filters import FilterModule, in_working_folder
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._run_folder import beside_inventory
from jinja2.nativetypes import NativeEnvironment

ROOT = Path(__file__).resolve().parents[3]
INVENTORY = "site/hosts.yml"
"""An inventory file, in a folder that can be given as a whole too."""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with an inventory file and an inventory folder."""
    (tmp_path / "inventory.yml").touch()
    (tmp_path / "production" / "group_vars").mkdir(parents=True)
    (tmp_path / "production" / "hosts.yml").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("sources", "there", "found"),
    [
        pytest.param(["site/hosts.yml"], "", "site/onboarding", id="a file"),
        pytest.param(["site"], "", "site/.onboarding", id="a folder, of which Ansible reads every other name"),
        pytest.param(["site/"], "", "site/.onboarding", id="a folder with a slash"),
        pytest.param(["site/hosts.yml"], "site/.onboarding", "site/.onboarding", id="a file after its folder"),
        pytest.param(["site/hosts.yml"], "site/onboarding", "site/onboarding", id="a file again"),
        pytest.param(["site"], "site/.onboarding", "site/.onboarding", id="a folder again"),
        pytest.param(["site", "site/hosts.yml"], "", "site/.onboarding", id="both"),
        pytest.param(["site/hosts.yml", "site"], "", "site/.onboarding", id="both, the other way round"),
        pytest.param(["press-01,", "missing.yml", "site/hosts.yml", "other"], "", "site/onboarding", id="several"),
        pytest.param(["other", "site"], "", "other/.onboarding", id="two folders"),
    ],
)
def test_the_folder_of_results_follows_from_the_inventory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sources: list[str], there: str, found: str
) -> None:
    """Whatever the current folder is, and whatever $PWD says. ``there`` is what earlier runs have left."""
    for folder in ("site", "other", there or "site"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / INVENTORY).touch()
    monkeypatch.setenv("PWD", "/somewhere/else")
    absolute = [source if source.endswith(",") else f"{tmp_path}/{source}" for source in sources]
    for current in (Path("/"), tmp_path, tmp_path / "site"):
        monkeypatch.chdir(current)
        for path in ("onboarding", "onboarding/trust/report.json", "./onboarding/"):
            expected = str(tmp_path / found / path.removeprefix("./").removeprefix("onboarding").strip("/"))
            assert beside_inventory(path, absolute, "onboard_files") == expected


def test_results_that_ansible_has_read_as_inventory_are_refused_with_the_command_that_moves_them(site: Path) -> None:
    """A run with a file wrote them; then the whole folder was given."""
    earlier = site / "production" / "onboarding"
    earlier.mkdir()
    with pytest.raises(BadInput, match=r"onboard_files is .* has read .*production/onboarding' as inventory") as caught:
        beside_inventory("onboarding", [str(site / "production")], "onboard_files")
    moved = site / "production" / ".onboarding"
    assert f"mv {earlier} {moved}." in str(caught.value.advice)
    earlier.rename(moved)
    for source in ("production", "production/hosts.yml"):
        assert beside_inventory("onboarding", [str(site / source)], "onboard_files") == str(moved)


def test_a_name_that_ansible_leaves_out_needs_no_dot(site: Path) -> None:
    """Here by its ending; C(inventory_ignore_patterns) in ansible.cfg does the same for any name."""
    found = beside_inventory("results.retry", [str(site / "production")], "onboard_files")
    assert found == str(site / "production" / "results.retry")


def test_a_file_that_is_there_beside_the_folder_is_meant_itself(site: Path) -> None:
    assert beside_inventory("access.yml", [str(site)], "cloud_access_file") == str(site / ".access.yml")
    (site.parent / "access.yml").touch()
    assert beside_inventory("access.yml", [str(site)], "cloud_access_file") == str(site.parent / "access.yml")


def test_a_variable_of_the_environment_is_expanded_as_in_the_option_of_a_task(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a run that is stopped looks for its addresses in another folder than its tasks have written to."""
    monkeypatch.setenv("RESULTS", str(site / "results"))
    path = beside_inventory("$RESULTS/onboarding", [str(site / "inventory.yml")], "onboard_files")
    assert path == str(site / "results" / "onboarding") == check_type_path("$RESULTS/onboarding")


def test_a_path_that_leads_out_of_the_folder_stays(site: Path) -> None:
    for source in ("production", "production/hosts.yml"):
        assert beside_inventory("../results/a", [str(site / source)], "onboard_files") == str(site / "results" / "a")


def test_an_absolute_path_stays_and_the_home_folder_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/of")
    assert beside_inventory("/var/lib/onboarding", None, "onboard_files") == "/var/lib/onboarding"
    assert beside_inventory("~/onboarding", ["press-01,"], "onboard_files") == "/home/of/onboarding"


@pytest.mark.parametrize("sources", [None, [], ["press-01,"], ["/etc/ansible/no-such-hosts"]])
def test_without_an_inventory_file_the_path_has_to_be_absolute(sources: list[str] | None) -> None:
    with pytest.raises(BadInput, match="onboard_files is 'onboarding', and there is no inventory file") as caught:
        beside_inventory("onboarding", sources, "onboard_files")
    assert caught.value.advice == "Set onboard_files to an absolute path."


@pytest.mark.parametrize("inside", ["", "onboarding", "sites/onboarding"])
def test_results_never_lie_where_ansible_would_read_them_as_inventory(site: Path, inside: str) -> None:
    """A file with a registration address would become a host."""
    path = str(site / "production" / inside)
    with pytest.raises(BadInput, match="in the inventory folder"):
        beside_inventory(path, [str(site / "production")], "onboard_files")
    with pytest.raises(BadInput, match="in the inventory folder"):
        beside_inventory(f"../production/{inside}", [str(site / "production")], "onboard_files")
    assert beside_inventory(path, [str(site / "production" / "hosts.yml")], "x") == str(Path(path))


def test_a_name_with_a_dot_is_left_out_by_ansible(site: Path) -> None:
    for path in (".onboarding", str(site / "production" / ".onboarding")):
        found = beside_inventory(path, [str(site / "production")], "onboard_files")
        assert found == str(site / "production" / ".onboarding")


def test_a_role_gets_the_same_path_from_the_filter(site: Path) -> None:
    engine = NativeEnvironment()
    engine.filters.update(FilterModule().filters())
    template = engine.from_string("{{ 'onboarding' | beside_inventory('onboard_files') }}")
    assert template.render(ansible_inventory_sources=[str(site / "inventory.yml")]) == str(site / "onboarding")
    with pytest.raises(AnsibleFilterError, match=r"no inventory file.*Set onboard_files to an absolute path"):
        template.render()


def test_the_declared_file_of_a_run_without_inventory_lies_where_the_command_was_run(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site)
    for sources in (None, [], ["localhost,"]):
        found = beside_inventory("access.yml", sources, "cloud_access_file", or_working_folder=True)
        assert found == str(site / "access.yml")
    with_inventory = [str(site / "production" / "hosts.yml")]
    found = beside_inventory("access.yml", with_inventory, "cloud_access_file", or_working_folder=True)
    assert found == str(site / "production" / "access.yml")


def test_a_file_of_the_command_line_begins_in_the_folder_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "print shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PWD", "/somewhere/else")
    monkeypatch.setenv("HOME", "/home/of")
    assert in_working_folder("our.har") == str(folder / "our.har")
    assert in_working_folder("../our.har") == str(tmp_path / "our.har")
    assert in_working_folder("~/our.har") == "/home/of/our.har"
    assert in_working_folder("/our.har") == "/our.har"
    # A profile may be the file, its id, or the profile itself.
    for file in ("our.yml", "./our.yaml", "profiles/our"):
        assert in_working_folder(file, ids=True) == str(folder / file)
    for other in ("sra-remote-ui", {"id": "our"}):
        assert in_working_folder(other, ids=True) == other


PATHS = {"profile", "fixture", "recording", "decisions", "expected", "clicks", "bundle", "session_file"}
"""Variables of playbooks that name a file on the command line."""
BESIDE_THE_INVENTORY = {"fleet_report_path", "fleet_report_prometheus", "network_ca_path", "cloud_access_file"}
"""Those of a fleet. A CA file is opened by the run itself, so it begins in the folder of the command anyway."""


@pytest.mark.parametrize("playbook", sorted((ROOT / "playbooks").glob("*.yml")), ids=lambda path: path.stem)
def test_no_playbook_gives_a_module_a_relative_path_of_the_command_line(playbook: Path) -> None:
    """The module would search beside the playbook, in the installed collection, and even write there."""
    text = playbook.read_text(encoding="utf-8")
    head = text.partition("---\n")[2].partition("\n- name:")[0]
    for variable in PATHS & set(re.findall(r"-e (\w+)=(?:FILE|PROFILE)\b", head)):
        assert f"{variable} | printops.prisma.in_working_folder" in text, variable
        assert not re.search(rf"{{{{ {variable} (?:}}}}|\| default)", text), variable
    assert set(re.findall(r"-e (\w+)=FILE\b", head)) <= PATHS | BESIDE_THE_INVENTORY
