# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds every statement of which libraries are needed against requirements/runtime.txt, the one place of the ranges."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._web import libraries
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import MissingLibrary
from packaging.requirements import Requirement
from support.package import install_line

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = sorted(
    path for pattern in ("modules/*.py", "inventory/*.py", "filter/*.yml") for path in (ROOT / "plugins").glob(pattern)
)
FRAGMENTS = "ansible_collections.printops.prisma.plugins.doc_fragments"


def _ranges() -> dict[str, str]:
    """Distribution name to its range, as runtime.txt writes both."""
    lines = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {requirement.name: str(requirement.specifier) for requirement in requirements}


def test_the_code_demands_the_minimum_of_each_range() -> None:
    demanded = {**libraries.MINIMUM, **libraries.MINIMUM_CONTROL_NODE}
    assert set(demanded) == set(_ranges())
    for name, specifier in _ranges().items():
        lowest = next(part.removeprefix(">=") for part in specifier.split(",") if part.startswith(">="))
        assert _release(demanded[name]) == _release(lowest), name


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_documentation_of_each_plugin_names_python_and_no_other_versions(plugin: Path) -> None:
    versions = re.findall(r"(\w+) >= ([\d.]+)", "\n".join(_documented_requirements(plugin)))
    python = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["python_version"]
    demanded = {**libraries.MINIMUM, **libraries.MINIMUM_CONTROL_NODE, "Python": python}
    assert "Python" in dict(versions)
    assert [(name, demanded.get(name)) for name, _version in versions] == versions


def _documented_requirements(plugin: Path) -> list[str]:
    """Return the requirements in a plugin's documentation, with those of the fragments of this collection."""
    text = plugin.read_text(encoding="utf-8")
    if plugin.suffix == ".py":
        text = re.findall(r'^DOCUMENTATION = r"""$(.*?)^"""$', text, flags=re.MULTILINE | re.DOTALL)[0]
    data = yaml.safe_load(text)
    documentation = data.get("DOCUMENTATION", data)
    found = list(documentation.get("requirements", []))
    for name in documentation.get("extends_documentation_fragment", []):
        if name.startswith("printops.prisma."):
            file, _dot, part = name.removeprefix("printops.prisma.").partition(".")
            fragment = importlib.import_module(f"{FRAGMENTS}.{file}").ModuleDocFragment
            found += yaml.safe_load(getattr(fragment, (part or "documentation").upper())).get("requirements", [])
    return found


def test_every_range_ends_before_a_major_version() -> None:
    assert all(re.search(r"<\d+$|<\d+,", specifier) for specifier in _ranges().values())


def test_the_execution_environment_takes_the_same_file() -> None:
    definition = yaml.safe_load((ROOT / "meta" / "execution-environment.yml").read_text(encoding="utf-8"))
    assert definition["dependencies"]["python"] == "requirements/runtime.txt"


def test_the_readme_installs_from_a_file_with_the_same_ranges() -> None:
    assert install_line().startswith("python3 -m pip install -r examples/site/requirements.txt && ")
    lines = (ROOT / "examples" / "site" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = [Requirement(line) for line in lines if line and not line.startswith("#")]
    ranges = {requirement.name: str(requirement.specifier) for requirement in named}
    core = ranges.pop("ansible-core")
    assert ranges == _ranges()
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert _release(core.removeprefix(">=")) == _release(runtime["requires_ansible"].split(",")[0].removeprefix(">="))


def test_the_demo_installs_what_it_and_the_simulator_import_and_nothing_else() -> None:
    """No browser library, no linter: what developers have beside it is in no pin of the demo."""
    demo = _pins("demo")
    assert demo <= _pins("dev"), "at the versions that the tests run with"
    installed = {name for name, _version in demo}
    others = _named("test.in") | _named("dev.in")
    assert others & installed == {"pillow"}, "which reportlab draws with"
    assert _named("simulator.in") | _named("runtime.txt") | _named("core.in") <= installed


def test_a_missing_library_is_installed_with_all_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Else the next task lacks the next one. Where only a module runs, without the file, the library is named."""
    monkeypatch.setattr(libraries, "_missing", {"ijson": "No module named 'ijson'"})
    with pytest.raises(MissingLibrary) as caught:
        libraries.require("ijson")
    assert caught.value.advice.endswith(f"-m pip install -r {libraries.REQUIREMENTS}")
    assert libraries.REQUIREMENTS.samefile(ROOT / "requirements" / "runtime.txt")
    monkeypatch.setattr(libraries, "REQUIREMENTS", tmp_path / "none.txt")
    with pytest.raises(MissingLibrary) as caught:
        libraries.require("ijson")
    assert caught.value.advice.endswith("-m pip install 'ijson>=3.2'")


def test_the_simulator_imports_each_of_its_libraries() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "simulator").rglob("*.py")]
    imported = set(re.findall(r"^(?:from|import) (\w+)", "\n".join(sources), flags=re.MULTILINE))
    assert {name.removesuffix(".py").removesuffix("-py") for name in _named("simulator.in")} - imported == set()


def _pins(name: str) -> set[tuple[str, str]]:
    """Return distribution and version of each line of a file of pins."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^([\w-]+)==(\S+)", text, flags=re.MULTILINE))


def _named(file: str) -> set[str]:
    """Return the distributions that a file of requirements itself names, as pins spell them."""
    lines = (ROOT / "requirements" / file).read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line).name for line in lines if line and not line.startswith(("#", "-"))]
    return {name.lower().replace(".", "-").replace("_", "-") for name in wanted}


def _release(version: str) -> tuple[int, ...]:
    """The version as numbers, so that 6 and 6.0 are one."""
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def test_no_run_imports_the_command_line_of_httpx() -> None:
    """With it come click, pygments and rich where they are installed, as they are here."""
    code = f"import sys; import {libraries.__name__}; print(*sorted({{'click', 'rich'}} & {{*sys.modules}}))"
    program = f"import sys; sys.path[:0] = {sys.path!r}; {code}; import httpx._main; print('rich' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert shown.stdout.split() == ["True"], shown
