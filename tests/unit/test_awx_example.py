# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflow of AWX under docs/examples/awx, as far as it can be held without one: playbooks, variables, nodes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.spec import role_spec

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
(PLAY,) = yaml.safe_load((EXAMPLES / "awx" / "workflow.yml").read_text(encoding="utf-8"))
TEMPLATES = {item["name"]: item for item in PLAY["vars"]["awx_templates"]}


def task(module: str) -> dict[str, Any]:
    (found,) = [each[f"awx.awx.{module}"] for each in PLAY["tasks"] if f"awx.awx.{module}" in each]
    options: dict[str, Any] = found
    return options


def plays(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_playbook_of_a_template_imports_playbooks_that_exist(name: str) -> None:
    path = EXAMPLES / TEMPLATES[name]["playbook"]
    imported = [play["ansible.builtin.import_playbook"] for play in plays(path) if "hosts" not in play]
    assert imported
    for each in imported:
        of_ours = each.removeprefix("printops.prisma.")
        assert (ROOT / "playbooks" / f"{of_ours}.yml" if of_ours != each else path.parent / each).is_file()


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_variables_of_a_template_are_those_of_the_role(name: str) -> None:
    given = {key: value for key, value in TEMPLATES[name]["extra_vars"].items() if key.startswith("onboard_")}
    spec = {key: {**role_spec()[key], "required": False} for key in given}
    plain = {key: 4 if value == "{{ awx_slices | int }}" else value for key, value in given.items()}
    assert ModuleArgumentSpecValidator(spec).validate(plain).error_messages == []


def test_the_fleet_knows_in_how_many_slices_it_is_divided_and_the_others_are_whole() -> None:
    slices = {name: item["slices"] for name, item in TEMPLATES.items()}
    assert slices == {"Printers canary": 1, "Printers fleet": "{{ awx_slices }}", "Printers report": 1}
    assert TEMPLATES["Printers fleet"]["extra_vars"]["onboard_slices"] == "{{ awx_slices | int }}"
    assert task("job_template")["job_slice_count"] == "{{ item.slices | int }}"


def test_the_canary_comes_before_the_fleet_and_the_report_after_whatever_happens() -> None:
    nodes = {node["identifier"]: node for node in task("workflow_job_template")["workflow_nodes"]}
    assert {node["unified_job_template"]["name"] for node in nodes.values()} == set(TEMPLATES)
    edges = {
        (name, kind, target["identifier"])
        for name, node in nodes.items()
        for kind, targets in node.get("related", {}).items()
        for target in targets
    }
    assert edges == {
        ("canary", "success_nodes", "fleet"),
        ("canary", "failure_nodes", "report"),
        ("fleet", "always_nodes", "report"),
    }
