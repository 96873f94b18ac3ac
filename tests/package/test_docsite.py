# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site is built without a warning, needs no other host, and its search knows what is on it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import docsite
import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, str(ROOT / "tools" / "docsite.py"), str(folder / "docs")]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "WARNING" not in done.stdout
    return folder / "docs" / "html"


def test_it_has_every_page_module_and_role(site: Path) -> None:
    pages = {page.target.rpartition(".")[0] for page in docsite.pages()}
    modules = {f"{docsite.REFERENCE}/{path.stem}_module" for path in (ROOT / "plugins" / "modules").glob("*.py")}
    roles = {f"{docsite.REFERENCE}/{path.parent.name}_role" for path in (ROOT / "roles").glob("*/meta")}
    assert {name for name in pages | modules | roles if not (site / f"{name}.html").is_file()} == set()


def test_its_search_works_without_a_network(site: Path) -> None:
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert index.startswith("Search.setIndex(")
    for name in ("outcomes", "real-site", "prisma-home", f"{docsite.REFERENCE}/ors_status_module"):
        assert f'"{name}"' in index
    for page in ("index.html", "search.html", "outcomes.html"):
        text = (site / page).read_text(encoding="utf-8")
        assert re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=\"(?:https?:)?//[^\"]*", text) == []


def test_a_link_that_leads_nowhere_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a page with a link to a heading that is not there, then the build fails."""
    broken = tmp_path / "docs"
    broken.mkdir()
    (broken / "README.md").write_text("# Index\n\n## Part\n\n[page](page.md)\n", encoding="utf-8")
    (broken / "page.md").write_text("# Page\n\n[nowhere](README.md#nowhere)\n", encoding="utf-8")
    made = [docsite.Page(broken / "README.md", "index.md"), docsite.Page(broken / "page.md", "page.md")]
    monkeypatch.setattr(docsite, "pages", lambda: made)
    monkeypatch.setattr(docsite, "ROOT", tmp_path)
    (tmp_path / "galaxy.yml").write_text("version: 1.0.0\nrepository: https://scm.example.com/x\n", encoding="utf-8")
    monkeypatch.setattr(docsite, "reference", one_page)
    assert docsite.build(tmp_path / "site") != 0


def one_page(folder: Path) -> None:
    """Stand for the reference of modules and roles."""
    folder.mkdir(parents=True)
    (folder / "index.rst").write_text("Reference\n=========\n", encoding="utf-8")
