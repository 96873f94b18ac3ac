# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation against code: examples use options that exist, and the tables that people read name what there is.

That options and their documentation agree is for ansible-test's validate-modules to say.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import ADVICE, Outcome
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task
from support.snippets import PAGES, snippets

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = "ansible_collections.printops.prisma.plugins"
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
ON_THE_CONTROL_NODE = {
    *("access_status", "device_certificate", "onboard_batch", "onboarding_outcome", "report"),
    *("check_inventory", "onboarding_labels", "onboarding_licences"),
    *("fleet_report", "onboarding_addresses", "onboarding_canaries"),
    *("profile_check", "profile_draft", "profile_record", "profile_try", "sign_in"),
}
TASKS = [name for name in MODULES if name not in ON_THE_CONTROL_NODE]


def _module(name: str) -> Any:
    return importlib.import_module(f"{PLUGINS}.modules.{name}")


def _task(name: str) -> Task:
    task: Task = _module(name).TASK
    return task


def _examples() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Where it stands, module that is used, and its options, for every task of ours in all EXAMPLES and pages."""
    for where, items in (*_module_examples(), *_page_examples()):
        for task in _tasks_in(items):
            for name, options in task.items():
                if name.startswith("printops.prisma."):
                    yield where, name.removeprefix("printops.prisma."), options or {}


def _module_examples() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for name in MODULES:
        yield name, yaml.safe_load(_module(name).EXAMPLES)


def _page_examples() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The plays of all pages. A block of YAML that is no play is a part of another file."""
    for page in PAGES:
        for snippet in snippets(page):
            found = yaml.safe_load(snippet.text) if snippet.language == "yaml" and not snippet.not_run else None
            if isinstance(found, list):
                yield snippet.where, found


def _tasks_in(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield item
        for part in ("tasks", "block", "rescue", "always"):
            yield from _tasks_in(item.get(part) or [])


@pytest.mark.parametrize("name", MODULES)
def test_no_documentation_makes_a_link_of_a_scheme(name: str) -> None:
    """The site would have a link to C(https:), which leads nowhere: mark it as code."""
    assert re.findall(r".*(?<!C\()(?<!V\()\bhttps?://(?![\w\[<{]).*", _module(name).DOCUMENTATION) == []


@pytest.mark.parametrize(("documented", "used", "options"), list(_examples()))
def test_examples_pass_the_argument_spec(documented: str, used: str, options: dict[str, Any]) -> None:
    assert used in MODULES, documented
    task = _task(used) if used in TASKS else None
    spec = task.argument_spec() if task else _module(used).ARGUMENT_SPEC
    from_variables = {name: "given" for name, item in spec.items() if item.get("required")}
    rules = task.rules if task else getattr(_module(used), "RULES", {})
    templated: dict[str, Any] = {
        name: {}
        for name, value in options.items()
        if spec.get(name, {}).get("type") == "dict" and str(value).startswith("{{")
    }
    checked = ModuleArgumentSpecValidator(spec, **rules).validate({**from_variables, **options, **templated})
    assert checked.error_messages == []


@pytest.mark.parametrize("name", MODULES)
def test_every_module_documents_what_it_returns_and_shows_how_it_is_used(name: str) -> None:
    module = _module(name)
    assert set(yaml.safe_load(module.RETURN)) >= {"outcome", "reason", "advice", "details"}
    assert f"printops.prisma.{name}:" in module.EXAMPLES


def _documented() -> Iterator[tuple[Path, str]]:
    """Every file with documentation in Ansible's markup, and its text."""
    for pattern in ("plugins/**/*.py", "plugins/**/*.yml", "roles/*/meta/argument_specs.yml"):
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


def _found(pattern: str) -> list[str]:
    return [f"{path}: {found}" for path, text in _documented() for found in re.findall(pattern, text)]


def test_only_a_reference_to_an_option_or_a_return_value_ignores_its_target() -> None:
    assert _found(r"\b[A-NP-Z]\(ignore:[^)]*\)") == []


def test_a_variable_is_marked_as_code_and_not_as_a_value() -> None:
    assert _found(r"\bV\((?:printops|onboard|offboard|cloud_access)_\w+\)") == []


def _rows(document: str, columns: int) -> list[list[str]]:
    """The rows of all tables with so many columns: cells without backticks."""
    text = (ROOT / document).read_text(encoding="utf-8")
    lines = [line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in row] for row in lines if len(row) == columns]


def test_the_page_of_outcomes_has_every_outcome_with_its_advice() -> None:
    names = {outcome.value for outcome in Outcome}
    rows = [(re.sub(r"^\[`?(\w+)`?\].*", r"\1", row[0]), row[2]) for row in _rows("docs/outcomes.md", 3)]
    told = {name: advice for name, advice in rows if name in names}
    assert told == {outcome.value: advice for outcome, advice in ADVICE.items()}


def test_the_readme_has_every_module() -> None:
    named = {row[0] for row in _rows("README.md", 2)}
    assert named >= set(MODULES)


def test_the_inventory_document_has_every_variable_with_its_default() -> None:
    text = (ROOT / "docs" / "inventory.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(printops_[a-z_]+)`", text))
    defaults = {row[0]: row[-2] for columns in (3, 4) for row in _rows("docs/inventory.md", columns)}
    known: dict[str, str] = {}
    for name in TASKS:
        task = _task(name)
        for option, variables in task.variables().items():
            default = task.argument_spec()[option].get("default")
            known[variables[0]] = str(default).lower() if default is not None else ""
    assert named - {"printops_in_process", "printops_connectors"} == set(known)  # which the action and the role take
    del known["printops_host"]  # its default is other variables
    assert {name: defaults[name] for name in known if name in defaults} == {
        name: default for name, default in known.items() if name in defaults
    }


def test_the_inventory_document_has_every_variable_of_the_role_onboard() -> None:
    text = (ROOT / "docs" / "inventory.md").read_text(encoding="utf-8")
    specs = yaml.safe_load((ROOT / "roles/onboard/meta/argument_specs.yml").read_text(encoding="utf-8"))
    named = set(re.findall(r"`(\w+)`", text))
    assert specs["argument_specs"]["main"]["options"].keys() - named == set()
