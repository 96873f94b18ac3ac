# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the documentation site: the pages of docs/, and what antsibull-docs makes of modules and roles. Knows Sphinx.

The pages are Markdown that repositories show as it is. The site has the same text: docs/README.md is its first page,
and the order of that page is the order of its menu. A warning is a failure.

tools/docsite.py build/docs writes the site to build/docs/html.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
REFERENCE = "reference"
"""The folder of what antsibull-docs makes."""
ELSEWHERE = {
    "README.md": "overview.md",
    "CHANGELOG.rst": "changelog.rst",
    "CODE_OF_CONDUCT.md": "code-of-conduct.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security-policy.md",
    "examples/site/README.md": "example-site.md",
    "tests/simulator/README.md": "simulator.md",
}
"""Pages that are not in docs/, and the pages of the site that they are."""
FENCED = re.compile(r"^(`{3,})[^\n]*\n.*?^\1$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(\]\()([^)\s#]*)(#[^)\s]*)?(\))")
NAMED = re.compile(r"\[([^]]+)\]\(([^)\s#]+)[^)]*\)")
SETTINGS: dict[str, Any] = {
    "project": "printops.prisma",
    "author": "printops.prisma contributors",
    "copyright": "printops.prisma contributors",
    "extensions": ["myst_parser", "sphinx_antsibull_ext"],
    "myst_heading_anchors": 4,
    "html_theme": "sphinx_rtd_theme",
    "html_theme_options": {"navigation_depth": 3, "style_external_links": True},
    "html_title": "printops.prisma",
    "html_static_path": [str(ROOT / "tools" / "docsite.css")],
    "html_css_files": ["docsite.css"],
    "html_show_sphinx": False,
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_domain_indices": False,
    "html_use_index": False,
    "pygments_style": "ansible",
    "highlight_language": "yaml+jinja",
    "default_role": "any",
    # References into Ansible's own documentation, and to environment variables of others, need inventories of other
    # projects, and so a network. That references inside this collection lead somewhere is for "make lint-docs" to say,
    # and for myst_parser where they are in Markdown.
    "suppress_warnings": ["ref.envvar", "ref.ref"],
}


@dataclass(frozen=True)
class Page:
    """A page of the site: the file that it is made of, and its path on the site."""

    source: Path
    target: str


def pages(root: Path = ROOT) -> list[Page]:
    """Return all pages that people have written or tools have generated, without the reference of modules and roles."""
    docs = root / "docs"
    found = [Page(root / source, target) for source, target in ELSEWHERE.items()]
    for path in sorted(docs.rglob("*.md")):
        found.append(Page(path, "index.md" if path == docs / "README.md" else path.relative_to(docs).as_posix()))
    return found


class Sources:
    """The folder of which Sphinx makes the site. Links are rewritten; files that pages link to are copied."""

    def __init__(self, folder: Path, repository: str) -> None:
        self.folder = folder
        self._repository = repository.rstrip("/")
        self._targets = {page.source.resolve(): page.target for page in pages()}

    def write(self) -> None:
        """Write all pages."""
        for page in pages():
            text = page.source.read_text(encoding="utf-8")
            if page.source.suffix == ".md":
                text = self._rewritten(text, page)
            if page.target == "index.md":
                text = with_menu(text, self._on_site)
            self._put(page.target, text)

    def _on_site(self, name: str) -> str | None:
        """Return the page of the site that a link of the first page leads to, without its ending."""
        return name.rpartition(".")[0] if name in self._targets.values() else None

    def _put(self, target: str, text: str) -> None:
        path = self.folder / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _rewritten(self, text: str, page: Page) -> str:
        """Return the text with links that hold on the site. Fenced blocks are left as they are."""

        def link(found: re.Match[str]) -> str:
            before, name, anchor, after = found.groups("")
            if name.startswith(f"{self._repository}/blob/main/"):  # what the collection leaves out is on the site
                name = os.path.relpath(ROOT / name.removeprefix(f"{self._repository}/blob/main/"), page.source.parent)
            if not name or re.match(r"[a-z]+:", name):
                return found[0]
            return f"{before}{self._address(page, name)}{anchor}{after}"

        parts, end = [], 0
        for block in FENCED.finditer(text):
            parts += [LINK.sub(link, text[end : block.start()]), block[0]]
            end = block.end()
        return "".join([*parts, LINK.sub(link, text[end:])])

    def _address(self, page: Page, name: str) -> str:
        """Return where a relative link of a page leads on the site: a page, a copy of the file, or the repository."""
        path = (page.source.parent / name).resolve()
        inside = path.relative_to(ROOT).as_posix()
        role = re.fullmatch(r"roles/(\w+)/README\.md", inside)
        if role:
            target = f"{REFERENCE}/{role[1]}_role.rst"
        elif path in self._targets:
            target = self._targets[path]
        elif not path.exists():
            return name  # Sphinx says where
        elif path.is_dir():
            return f"{self._repository}/tree/main/{inside}"
        else:
            in_docs = path.is_relative_to(DOCS)
            target = path.relative_to(DOCS).as_posix() if in_docs else f"files/{inside}"
            (self.folder / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, self.folder / target)
        return os.path.relpath(target, Path(page.target).parent)


def with_menu(text: str, on_site: Callable[[str], str | None]) -> str:
    """Return the first page with a menu: a part for each of its sections, with the pages in the order of their links.

    The menu calls a page as its first link does.

    ``on_site`` gives the page that a link leads to, None if that is no page.
    """
    named: set[str] = {"index"}
    parts = []
    for section in re.split(r"^(?=## )", text, flags=re.MULTILINE):
        title = re.match(r"## (.+)\n", section)
        found: dict[str, str] = {}
        for name, target in NAMED.findall(section):
            page = on_site(target)
            if page and page not in named:
                named.add(page)
                found[page] = name
        entries = [f"{name} <{page}>" for page, name in found.items()]
        parts.append(section)
        if title and entries:
            parts.append("\n".join(["```{toctree}", ":hidden:", f":caption: {title[1]}", "", *entries, "```", "", ""]))
    parts.append(f"## Look an option up\n\nAll modules, plugins and roles: [reference]({REFERENCE}/index.rst).\n")
    parts.append(f"```{{toctree}}\n:hidden:\n:caption: Reference\n\n{REFERENCE}/index\n```\n")
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def reference(folder: Path) -> None:
    """Have antsibull-docs write the reference of modules, plugins and roles to a folder."""
    folder.mkdir(parents=True, mode=0o755)
    folder.chmod(0o755)  # it refuses a folder that others can write to
    program = str(Path(sys.executable).with_name("antsibull-docs"))
    command = [program, "collection", "--use-current", "--squash-hierarchy", "--fail-on-error"]
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # it runs ansible-doc
    subprocess.run(
        [*command, "--dest-dir", str(folder), "printops.prisma"],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PATH": programs},
    )


def build(folder: Path) -> int:
    """Build the site anew in ``folder``/html. Return 0, or 1 if there was a warning."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    shutil.rmtree(folder, ignore_errors=True)
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    sources = folder / "source"
    Sources(sources, galaxy["repository"]).write()
    reference(sources / REFERENCE)
    with patch_docutils(), docutils_namespace():
        made = Sphinx(
            sources,
            None,
            folder / "html",
            folder / "doctrees",
            "html",
            confoverrides={**SETTINGS, "version": galaxy["version"], "release": galaxy["version"]},
            status=None,
            warningiserror=True,
        )
        made.build(force_all=True)
    return int(made.statuscode)


def main(arguments: Sequence[str]) -> int:
    """Build the site in the folder that the arguments name."""
    (folder,) = arguments
    return build(Path(folder).resolve())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
