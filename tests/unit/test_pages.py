# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages for people: links, cited headings and named files exist, and the index and the table of steps are whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
STEP_FILES = [
    ROOT / "roles" / "onboard" / "tasks" / f"{name}.yml"
    for name in ("begin", "look", "prepare", "register", "claim", "sign_out")
]
REPOSITORY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["repository"]
SIMULATOR = ROOT / "tests" / "simulator" / "README.md"
PAGES = [ROOT / f"{name}.md" for name in ("README", "CODE_OF_CONDUCT", "CONTRIBUTING", "SECURITY")]
PAGES += [SIMULATOR, *sorted(DOCS.rglob("*.md"))]
PAGES.append(ROOT / "examples" / "site" / "README.md")
PAGES += sorted(ROOT.glob("roles/*/README.md"))
GENERATED = {"chaos.md", "faults.md", "hostile.md", "mutations.md", "performance.md", "profile-reference.md"}
GENERATED |= {"outcomes.md", "playbooks.md"}
NOT_WRAPPED_YET = {"profiles.md"}
WRAPPED = [page for page in PAGES if page.name not in GENERATED | NOT_WRAPPED_YET and page != SIMULATOR]
CITING = [
    path
    for folder in ("docs", "examples", "playbooks", "plugins", "roles", "tests", "tools")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".yml", ".md", ".sh"} and path != Path(__file__).resolve()
]


def _without_code(text: str) -> str:
    """The text of a page without its fenced blocks."""
    return re.sub(r"^(`{3,})[^\n]*\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)


def _headings(page: Path) -> list[str]:
    text = _without_code(page.read_text(encoding="utf-8"))
    return [heading.strip() for heading in re.findall(r"^#{1,6} (.+)$", text, flags=re.MULTILINE)]


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and GitLab make them."""
    seen: dict[str, int] = {}
    anchors = set()
    for heading in _headings(page):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        count = seen.get(slug, 0)
        seen[slug] = count + 1
        anchors.add(f"{slug}-{count}" if count else slug)
    return anchors


def _links(page: Path) -> list[str]:
    """The targets of a page's links and images in this repository; one by its address there is an absolute path."""
    text = re.sub(r"`[^`\n]*`", "", _without_code(page.read_text(encoding="utf-8")))
    text = text.replace(f"]({REPOSITORY}/blob/main/", f"]({ROOT}/")
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:", target)]


def _broken(page: Path) -> Iterator[str]:
    for target in _links(page):
        name, _sign, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists():
            yield f"{target}: no such file"
        elif anchor and (file.suffix != ".md" or anchor not in _anchors(file)):
            yield f"{target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    assert list(_broken(page)) == []


def _citations(path: Path) -> Iterator[tuple[Path, str]]:
    """Page and heading of every ``safety.md, "Heading"`` in a file, and of every ``"Heading" of safety.md``."""
    text = re.sub(r"\s*\n\s*(?:# ?)?", " ", path.read_text(encoding="utf-8"))
    found = re.findall(r'([\w/-]+\.md),? "([^"]+)"', text)
    found += [(name, heading) for heading, name in re.findall(r'"([^"]+)" of ([\w/-]+\.md)', text)]
    for name, heading in found:
        page = ROOT / name if name.startswith("docs/") or name == "README.md" else DOCS / name
        if page in PAGES:
            yield page, heading


def test_every_cited_heading_exists() -> None:
    """A citation is a heading or its first words: domain.md is cited in code, and code is not read beside it."""
    cited = {(path, page, heading) for path in CITING for page, heading in _citations(path)}
    assert {page.name for _file, page, _heading in cited} >= {"domain.md"}
    missing = [
        f'{path.relative_to(ROOT)}: {page.name}, "{heading}"'
        for path, page, heading in sorted(cited)
        if not any(f"{there} ".startswith(f"{heading} ") for there in _headings(page))
    ]
    assert missing == []


def test_the_index_names_every_page() -> None:
    index = DOCS / "README.md"
    named = {(DOCS / target.partition("#")[0]).resolve() for target in _links(index)}
    pages = {path for path in DOCS.rglob("*") if path.suffix in {".md", ".yml", ".py"}}
    assert {path for path in pages if DOCS / "docsite" not in path.parents} - named == {index}


@pytest.mark.parametrize("page", WRAPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_lines_are_wrapped(page: Path) -> None:
    """Lines of prose have at most 120 characters. Tables and code are as wide as they are."""
    lines = _without_code(page.read_text(encoding="utf-8")).splitlines()
    assert [line for line in lines if len(line) > 120 and not line.startswith(("|", "!["))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_row_of_a_table_has_the_cells_of_its_head(page: Path) -> None:
    """A bar ends a cell, in code too, unless a backslash stands before it."""
    cells = 0
    broken = []
    for line in _without_code(page.read_text(encoding="utf-8")).splitlines():
        found = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        broken += [line] if found and cells and found != cells else []
        cells = found
    assert broken == []


def _tasks(path: Path) -> Iterator[tuple[str, str, str]]:
    """File, tag and module of each task of a file of the role onboard."""
    for task in yaml.safe_load(path.read_text(encoding="utf-8")):
        (module,) = [name.removeprefix("printops.prisma.") for name in task if name.startswith("printops.prisma.")]
        yield path.name, *task.get("tags", ["always"]), module


def test_the_steps_are_those_of_the_role() -> None:
    text = (DOCS / "onboarding.md").read_text(encoding="utf-8").partition("## What happens, step by step?")[2]
    rows = re.findall(r"^\| (?:`(\w+\.yml)`)? ?\| `(\w+)` \| `(\w+)` \|", text, flags=re.MULTILINE)
    assert [file for file, *_rest in rows if file] == [path.name for path in STEP_FILES]
    named, file = [], ""
    for new_file, tag, module in rows:
        file = new_file or file
        named.append((file, tag, module))
    assert named == [task for path in STEP_FILES for task in _tasks(path)]


def _named_files(page: Path) -> list[str]:
    """What a page names in backticks by its path in the repository, or by its path in one of the private packages."""
    tops = "changelogs|docs|examples|meta|playbooks|plugins|requirements|roles|tests|tools"
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"`((?:(?:{tops}|module_utils|plugin_utils)/|_[a-z]+(?=[/`]))[\w./-]*)`", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    folders = [ROOT, *(ROOT / "plugins" / name for name in ("", "module_utils", "plugin_utils"))]
    missing = [name for name in _named_files(page) if not any((folder / name).exists() for folder in folders)]
    assert missing == []
