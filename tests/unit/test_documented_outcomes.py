# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""RETURN of each module that talks to an interface names the outcomes with which the module can end, and no others."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.status import AccessOutcome
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import Outcome
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task
from ansible_collections.printops.prisma.plugins.module_utils._web import errors

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
COLLECTION = "ansible_collections.printops.prisma.plugins.modules"

OF_CONNECTIONS = {"unreachable", "timeout", "busy", "untrusted_certificate", "unsupported", "failed"}
OF_SIGN_INS = {"auth_failed", "locked", "password_change", "not_tried"}
SCHEMA = json.loads((PLUGINS / "profiles" / "profile.schema.json").read_text(encoding="utf-8"))
OF_PROFILES = set(SCHEMA["$defs"]["problems"]["items"]["properties"]["outcome"]["enum"])
"""The outcomes that a profile may give a page."""

PEOPLE = {"cloud_access", "cloud_admin", "cloud_user", "home_access", "home_user"}
IN_OTHER_WORDS = {
    "cloud_site_info": "refers to cloud_access",
    "home_people_info": "refers to home_access",
    "profile_check": "has outcomes of its own, and refers to the others",
}


def _tasks() -> Iterator[tuple[Task, set[str]]]:
    for path in sorted((PLUGINS / "modules").glob("*.py")):
        module = importlib.import_module(f"{COLLECTION}.{path.stem}")
        task = getattr(module, "TASK", None)
        if task is not None and "profile" in task.argument_spec() and path.stem not in IN_OTHER_WORDS:
            text = yaml.safe_load(module.RETURN)["outcome"]["description"]
            yield task, set(re.findall(r"(?<!R)V\((\w+)\)", str(text)))


DOCUMENTED = {task.name: (task, words) for task, words in _tasks()}


def _made_in(path: Path) -> set[str]:
    """Return the outcomes of the errors that a file makes."""
    calls = [node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    kinds = [getattr(errors, call.id, None) for call in calls if isinstance(call, ast.Name)]
    return {kind.outcome.value for kind in kinds if inspect.isclass(kind) and issubclass(kind, errors.PrismaError)}


def _made_by_neighbours(path: Path) -> set[str]:
    """Return the outcomes of the errors that the files make from which a file imports."""
    imports = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)
    ]
    beside = [path.with_name(f"{node.module}.py") for node in imports if node.level == 1]
    return set().union(*(_made_in(file) for file in beside))


def outcomes_of(task: Task) -> set[str]:
    """Return the outcomes of ``task``: of its own file, of the connection, of the sign-in and of a wrong device.

    ``sign_out`` ends a session that there is, so it neither signs in nor asks which device it is.
    """
    own = Path(inspect.getfile(task.run))
    found = OF_CONNECTIONS | _made_in(own)
    if task.name == "sign_out":
        return found
    return found | OF_SIGN_INS | (_made_in(own.with_name("controller.py")) if task.interface == "controller" else set())


@pytest.mark.parametrize("name", sorted(DOCUMENTED.keys() - PEOPLE))
def test_a_module_documents_the_outcomes_with_which_it_can_end(name: str) -> None:
    task, words = DOCUMENTED[name]
    certain = outcomes_of(task)
    possible = certain | OF_PROFILES | _made_by_neighbours(Path(inspect.getfile(task.run)))
    assert certain - words == set(), "not documented"
    assert words - possible == set(), "documented, but nothing leads to it"


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_a_module_for_people_documents_every_outcome(name: str) -> None:
    assert DOCUMENTED[name][1] == set(AccessOutcome)


def test_the_outcomes_of_a_sign_in_and_of_a_connection_are_outcomes() -> None:
    assert set(Outcome) >= OF_SIGN_INS | OF_CONNECTIONS
