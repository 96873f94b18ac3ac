# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stranger's walk: an empty folder, the README's lines as they stand, and the simulator as the site.

What a person does between two lines is done here: the tarball and the example lie where a clone has them, and the
addresses, accounts and passwords of the site are entered.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support import example_site
from support.package import ROOT, install_line, without_ansible_settings
from support.playbook import Run
from support.simulation import Simulation, running
from support.snippets import snippets

SECTION = "## Start at a real site"
ENVIRONMENT = "python3 -m venv ~/printers/venv && . ~/printers/venv/bin/activate"
VAULT = Path("group_vars/all/vault.yml")
COPIED = "cp -R examples/site ~/printers/site && cd ~/printers/site"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    folder = tmp_path_factory.mktemp("simulator")
    file = folder / "fleet.yml"
    file.write_text(yaml.safe_dump(example_site.fleet()), encoding="utf-8")
    with running(file, folder / "state") as found:
        yield found


def lines_of_the_readme() -> list[str]:
    """Return the command lines of the six steps, in order, without their comments."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    begin = readme[: readme.index(SECTION)].count("\n")
    end = begin + readme.partition(SECTION)[2].partition("\n## ")[0].count("\n")
    return [
        re.sub(r" {2,}# .*", "", line)
        for snippet in snippets(ROOT / "README.md")
        if begin < snippet.line < end
        for line in snippet.text.splitlines()
    ]


def walk(lines: list[str], folder: Path, between: dict[str, str]) -> dict[str, str]:
    """Run lines in one shell, which ends at the first that fails. Return what each printed, by the line.

    ``between`` are further lines by the line that they follow: what a person does there.
    """
    script = ["set -euo pipefail"]
    for line in lines:
        script += [f"printf '\\n=== %s\\n' {shlex.quote(line)}", line]
        script += [between[line]] if line in between else []
    home = folder / "home"
    home.mkdir(exist_ok=True)
    env = {
        **without_ansible_settings(),
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{without_ansible_settings()['PATH']}",
        "ANSIBLE_NOCOLOR": "1",
        "PIP_NO_INDEX": "1",  # offline: what is needed is there
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    parts = re.split(r"^=== (.*)\n", done.stdout, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_a_stranger_comes_from_an_empty_folder_to_an_onboarded_fleet(
    simulation: Simulation, tarball: Path, tmp_path: Path
) -> None:
    (tmp_path / "build" / "dist").mkdir(parents=True)
    (tmp_path / "build" / "dist" / "printops-prisma.tar.gz").symlink_to(tarball)
    example_site.copy(tmp_path / "examples" / "site")
    entered = example_site.copy(tmp_path / "entered")
    secrets = example_site.enter(simulation, entered, trusted=False)
    lines = lines_of_the_readme()
    assert lines[:3] == [ENVIRONMENT, install_line(), COPIED]
    lines[0] = "mkdir ~/printers"  # offline: the environment of the tests is the one that is active
    again = "ansible-playbook printops.prisma.onboard_fleet"
    assert again in lines
    # The passwords come by the editor of ansible-vault, the rest before.
    vault = tmp_path / "vault.yml"
    (entered / VAULT).rename(vault)
    printed = walk(
        [*lines, f"{again} --diff"], tmp_path, {COPIED: f"cp -R '{entered}/.' . && export EDITOR=\"cp '{vault}'\""}
    )

    site = tmp_path / "home" / "printers" / "site"
    pins = [path.parent.name for path in site.glob("host_vars/*/printops_tls.yml")]
    assert sorted(pins) == [name for name, _variables in example_site.PRINTERS]
    assert (site / VAULT).read_text(encoding="utf-8").startswith("$ANSIBLE_VAULT;")
    for name, _variables in example_site.PRINTERS:
        state = simulation.get(f"printers/{name}")
        assert state["owner"] == example_site.TENANT, state
    second = Run(0, printed[f"{again} --diff"], site)
    assert second.changed == 0, second.output
    assert set(second.outcomes.values()) == {"already"}, second.output
    assert Run(0, printed["schedule/nightly"], site).changed == 0
    assert simulation.open_sessions() == {}
    everything = "".join(printed.values())
    assert [name for name, secret in secrets.items() if secret in everything] == []
    assert (tmp_path / "home" / ".ansible" / "collections" / "ansible_collections" / "printops" / "prisma").is_dir()


def test_a_line_that_fails_ends_the_walk(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="no such playbook"):
        walk(["true", "echo no such playbook && false", "echo too late"], tmp_path, {})
