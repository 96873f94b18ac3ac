# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""RETURN blocks cannot be shared between modules: equal keys are held to equal text here."""

from __future__ import annotations

import ast
import importlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

MODULES = sorted(path.stem for path in (Path(__file__).parents[2] / "plugins" / "modules").glob("*.py"))
COLLECTION = "ansible_collections.printops.prisma.plugins.modules"

OWN_WORDS = {
    "outcome": "names the outcomes that the module has",
    "account": "cloud_site_info and home_people_info remove nobody",
    "test.text": "names who tests, printer or tenant",
    "address_spent": "names who has the printer, tenant or site",
}
"""Keys whose text differs on purpose, and why."""


def blocks() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the modules that talk to an interface, with their RETURN as data."""
    for name in MODULES:
        module = importlib.import_module(f"{COLLECTION}.{name}")
        task = getattr(module, "TASK", None)
        if task is not None and "profile" in task.argument_spec():
            yield name, yaml.safe_load(module.RETURN)


def texts(block: Mapping[str, Any], above: str = "") -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield each key with its path, type and condition, and its text, at any depth."""
    for key, item in block.items():
        path = f"{above}{key}"
        text = item["description"]
        yield (path, item["type"], item["returned"]), text if isinstance(text, str) else "\n".join(text)
        yield from texts(item.get("contains", {}), f"{path}.")


@cache
def by_key() -> dict[tuple[str, str, str], dict[str, list[str]]]:
    found: dict[tuple[str, str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, block in blocks():
        for key, text in texts(block):
            found[key][text].append(name)
    return found


@pytest.mark.parametrize("key", [key for key in by_key() if key[0] not in OWN_WORDS], ids=lambda key: key[0])
def test_the_same_key_has_the_same_text_in_each_module(key: tuple[str, str, str]) -> None:
    versions = by_key()[key]
    assert len(versions) == 1, dict(versions)


def test_all_modules_that_talk_to_an_interface_document_a_failure_alike() -> None:
    for name, block in blocks():
        assert {"evidence", "outcome", "reason", "advice", "details"} <= block.keys(), name


def test_no_exception_is_kept_that_is_not_needed() -> None:
    differing = {path for (path, _type, _when), versions in by_key().items() if len(versions) > 1}
    assert set(OWN_WORDS) <= differing


OF_ANSIBLE = {
    "changed": "bool",
    "failed": "bool",
    "skipped": "bool",
    "unreachable": "bool",
    "msg": "str",
    "diff": "list",
    "warnings": "list",
    "deprecations": "list",
    "exception": "str",
    "ansible_facts": "dict",
    "results": "list",
    "rc": "int",
    "invocation": "dict",
    "attempts": "int",
    "skip_reason": "str",
    "skipped_reason": "str",
}
"""Keys of a result that Ansible itself reads, and the type that it expects."""


@pytest.mark.parametrize("name", MODULES)
def test_no_module_returns_a_key_of_ansible_with_another_meaning(name: str) -> None:
    """A result with a list ``skipped`` is shown as a skipped task, and one with ``failed: []`` hides what it says."""
    block = yaml.safe_load(importlib.import_module(f"{COLLECTION}.{name}").RETURN) or {}
    assert {key: item["type"] for key, item in block.items() if OF_ANSIBLE.get(key, item["type"]) != item["type"]} == {}
    assert not {"skipped", "failed", "unreachable", "results", "invocation", "attempts"} & block.keys()


def test_no_code_makes_such_a_key_from_a_list_or_a_dict() -> None:
    """What a module returns without having documented it; a failure is ``failed: True``."""
    made = [
        f"{path.name}:{node.lineno}: {key.value}"
        for path in sorted((Path(__file__).parents[2] / "plugins").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant)
        and key.value in ("failed", "skipped", "unreachable", "changed")
        and isinstance(value, (ast.List, ast.Dict, ast.ListComp, ast.DictComp))
    ]
    assert made == []
