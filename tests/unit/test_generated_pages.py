# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages that tools write are what they would write now, and the site has every page in its menu."""

from __future__ import annotations

import re
from pathlib import Path

import docsite
import outcome_reference
import playbook_reference
import pytest
import readme_tables
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import Outcome

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["repository"]


def test_the_table_of_modules_is_fresh() -> None:
    assert readme_tables.README.read_text(encoding="utf-8") == readme_tables.readme(), "run tools/readme_tables.py"


def test_the_page_of_outcomes_is_fresh() -> None:
    page = outcome_reference.PAGE.read_text(encoding="utf-8")
    assert page == outcome_reference.page(), "run tools/outcome_reference.py"


def test_the_page_of_playbooks_is_fresh() -> None:
    page = playbook_reference.PAGE.read_text(encoding="utf-8")
    assert page == playbook_reference.page(), "run tools/playbook_reference.py"


def test_every_outcome_has_cause_and_check() -> None:
    for known in outcome_reference.causes()["outcomes"].values():
        assert known.keys() == {"cause", "check"}
        assert all(text.strip().endswith(".") for text in known.values())


def test_an_outcome_without_a_cause_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = outcome_reference.CAUSES.read_text(encoding="utf-8")
    lacking = tmp_path / "outcomes.yml"
    lacking.write_text(re.sub(r"^  busy:\n(?:    .*\n)+", "", text, flags=re.MULTILINE), encoding="utf-8")
    monkeypatch.setattr(outcome_reference, "CAUSES", lacking)
    with pytest.raises(SystemExit, match=Outcome.BUSY):
        outcome_reference.page()


def test_the_readme_is_short() -> None:
    assert len(readme_tables.README.read_text(encoding="utf-8").splitlines()) < 150


def test_the_menu_of_the_site_has_every_page(tmp_path: Path) -> None:
    sources = docsite.Sources(tmp_path, REPOSITORY)
    sources.write()
    index = (tmp_path / "index.md").read_text(encoding="utf-8")
    menu = re.findall(r"^```\{toctree\}\n(.*?)^```", index, re.MULTILINE | re.DOTALL)
    entries = [line for part in menu for line in part.splitlines() if line and not line.startswith(":")]
    pages = {page.target.rpartition(".")[0] for page in docsite.pages()} - {"index"}
    named = {
        target or name: name for name, target in (re.findall(r"^([^<]+?)(?: <(.+)>)?$", each)[0] for each in entries)
    }
    assert sorted(named) == sorted([*pages, f"{docsite.REFERENCE}/index"])
    assert len(named) == len(entries)
    for target, name in named.items():
        assert target.startswith(docsite.REFERENCE) or f"[{name}]({target}." in index, "as the table calls it"


def test_links_hold_on_the_site(tmp_path: Path) -> None:
    """Given links to a page elsewhere, a role, a file and a folder of the repository, then each leads somewhere."""
    docsite.Sources(tmp_path, f"{REPOSITORY}/").write()
    text = (tmp_path / "onboarding.md").read_text(encoding="utf-8")
    assert f"]({REPOSITORY}/tree/main/roles/onboard/tasks)" in text
    assert "](examples/awx/workflow.yml)" in (tmp_path / "scale.md").read_text(encoding="utf-8")
    assert "](overview.md)" in (tmp_path / "RELEASING.md").read_text(encoding="utf-8")
    assert f"]({docsite.REFERENCE}/onboard_role.rst)" in (tmp_path / "playbooks.md").read_text(encoding="utf-8")
    assert (tmp_path / "files" / "plugins" / "data" / "connectors.yml").is_file()
    assert (tmp_path / "images" / "demo.svg").is_file()
