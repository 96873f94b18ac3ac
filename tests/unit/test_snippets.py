# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What readers copy from the pages: options, variables, playbooks and files in it exist and have values that fit.

Reads only. tests/playbook/test_snippets.py runs the commands, tests/package/test_walk.py those of the README, and
test_documentation.py holds tasks against the specs of their modules.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import playbook_reference
import pytest
import yaml
from ansible.playbook.play import Play
from ansible.playbook.task import Task as PlayTask
from ansible_collections.printops.prisma.plugins.filter.filters import FilterModule
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.declared import parse_declared
from ansible_collections.printops.prisma.plugins.module_utils._options.groups import variable_specs
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.tags import TAGS
from ansible_collections.printops.prisma.plugins.plugin_utils._inventory.known import (
    argument_names,
    known_names,
    known_variables,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._inventory.values import wrong_value
from jinja2 import Environment, nodes
from support.snippets import LANGUAGES, OUTPUT, PAGES, SHELL, WITHOUT_A_SITE, Snippet, snippets

ROOT = Path(__file__).resolve().parents[2]
SNIPPETS = [snippet for page in PAGES for snippet in snippets(page)]
YAML = [snippet for snippet in SNIPPETS if snippet.language == "yaml"]
CONSOLE = [snippet for snippet in SNIPPETS if snippet.language in SHELL]
PROFILE = json.loads((ROOT / "plugins" / "profiles" / "profile.schema.json").read_text(encoding="utf-8"))
STEPS = {"follow", "get", "row", "send", "submit"}
"""What a step of a profile may begin with."""
CLIS = {
    name: f"ansible.cli.{name.removeprefix('ansible-')}"
    for name in ("ansible-doc", "ansible-galaxy", "ansible-inventory", "ansible-playbook", "ansible-vault")
}
"""Programs of Ansible, whose options Ansible itself reads here."""
OTHERS = {
    *(".", "cd", "cp", "export", "jq", "pytest", "python", "python3", "schedule/nightly"),
    *("ansible-builder", "ansible-navigator", "ansible-runner"),
}
"""Programs whose options are not looked at."""
ROLES = ("cloud_access", "offboard", "onboard")
IN_INVENTORY = {"children", "hosts", "vars"}
EACH_YAML = pytest.mark.parametrize("snippet", YAML, ids=lambda each: each.where)


# --- what there is ---


def test_every_block_says_what_it_is() -> None:
    """A block without a language, or of a shell, would be looked at by no test."""
    assert {snippet.where for snippet in SNIPPETS if snippet.language not in LANGUAGES | OUTPUT} == set()
    assert len(YAML) > 20
    assert len(CONSOLE) > 30


def test_a_reason_names_a_test_that_exists() -> None:
    reasons = [*WITHOUT_A_SITE.values(), *(snippet.not_run for snippet in SNIPPETS)]
    named = {name for reason in reasons for name in re.findall(r"\btests/[\w/.]+\.py\b", reason)}
    assert {name for name in named if not (ROOT / name).is_file()} == set()
    assert {page for page in WITHOUT_A_SITE if not (ROOT / page).is_file()} == set()


# --- YAML ---


@EACH_YAML
def test_a_block_of_yaml_is_what_it_says(snippet: Snippet) -> None:
    if snippet.page.name == "README.md" and snippet.not_run:
        return  # the forms of the simulator's files
    assert list(faults_of_yaml(snippet.text)) == []


def faults_of_yaml(text: str) -> Iterator[str]:
    """Yield what is wrong with a block, by what it is: plays, an inventory, variables, a declared list and so on."""
    data = yaml.safe_load(text)
    if isinstance(data, list) and any(item.keys() & STEPS for item in data):
        yield from _faults_of_profile(data, {**PROFILE, **PROFILE["$defs"]["steps"]})
    elif isinstance(data, list):
        yield from _faults_of_plays(data)
    elif "plugin" in data:
        yield from _faults_of_inventory_plugin(data)
    elif data.keys() & {"administrators", "users", "people"}:
        yield from map(str, parse_declared(data).problems)
    elif all(isinstance(group, dict) and group.keys() <= IN_INVENTORY for group in data.values()):
        for group in data.values():
            yield from _faults_of_group(group)
    elif all(re.match(r"(printops|onboard)_", name) for name in data):
        yield from _faults_of_variables(data)
    elif data.keys() <= PROFILE["properties"].keys():
        yield from _faults_of_profile(data, PROFILE)
    elif not all(name.split(".")[0] in PROFILE["properties"] for name in data):  # else: decisions of a draft
        yield f"nobody knows what this is: {', '.join(data)}"


def _faults_of_profile(part: Any, schema: dict[str, Any]) -> Iterator[str]:
    """Yield what does not fit the format of profiles, but for keys that are missing in a part."""
    kept = {**schema, "type": "array" if isinstance(part, list) else "object"}
    for error in jsonschema.Draft202012Validator(kept).iter_errors(part):
        if error.validator != "required":
            yield f"{error.json_path}: {error.message}"


def _faults_of_plays(items: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what Ansible has against plays or tasks: unknown keywords, roles that are not there."""
    for item in items:
        name, kind = item.get("name"), Play if "hosts" in item else PlayTask
        allowed = set(kind.fattributes) | {"tasks", "loop", "include_role"}
        for key in item:
            if key not in allowed and "." not in key:
                yield f"{name}: {key} is no keyword"
        for role in [item.get("ansible.builtin.import_role"), item.get("ansible.builtin.include_role"), *_roles(item)]:
            if role and not (ROOT / "roles" / str(role.get("name", role.get("role"))).rpartition(".")[2]).is_dir():
                yield f"{name}: there is no role {role}"
        yield from _faults_of_variables(item.get("vars") or {})
        for part in ("tasks", "block", "rescue", "always", "pre_tasks", "post_tasks"):
            yield from _faults_of_plays(item.get(part) or [])


def _roles(play: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = play.get("roles") or []
    return found


def _faults_of_group(group: Mapping[str, Any]) -> Iterator[str]:
    yield from _faults_of_variables(group.get("vars") or {})
    for variables in (group.get("hosts") or {}).values():
        yield from _faults_of_variables(variables or {})
    for child in (group.get("children") or {}).values():
        yield from _faults_of_group(child or {})


def _faults_of_variables(variables: Mapping[str, Any]) -> Iterator[str]:
    for name, value in variables.items():
        if name not in known_variables():
            if name not in all_variables():
                yield f"{name} is no variable"
        elif value is not None and "{{" not in str(value):
            wrong = wrong_value(name, value, lambda given, interface: None)
            if wrong and wrong.serious:
                yield wrong.what


def _faults_of_inventory_plugin(data: Mapping[str, Any]) -> Iterator[str]:
    name = data["plugin"].rpartition(".")[2]
    documented = options_of_inventory_plugin(name)
    yield from (f"{name} has no option {key}" for key in data if key not in documented)


@cache
def options_of_inventory_plugin(name: str) -> frozenset[str]:
    """Return the options that the documentation of an inventory plugin and its fragments name."""
    source = importlib.import_module(f"ansible_collections.printops.prisma.plugins.inventory.{name}")
    documented = yaml.safe_load(source.DOCUMENTATION)
    options = set(documented.get("options") or {})
    for fragment in documented.get("extends_documentation_fragment") or []:
        place, _dot, part = fragment.removeprefix("printops.prisma.").partition(".")
        ours = fragment.startswith("printops.prisma.")
        package = "ansible_collections.printops.prisma.plugins" if ours else "ansible.plugins"
        found = importlib.import_module(f"{package}.doc_fragments.{place}").ModuleDocFragment
        options |= set(yaml.safe_load(getattr(found, (part or "documentation").upper())).get("options") or {})
    return frozenset(options)


@cache
def all_variables() -> frozenset[str]:
    """Return every variable that this collection has: of modules, roles, and of the playbooks' own."""
    names = set(known_names()) | set(variable_specs())
    for role in ROLES:
        specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
        names |= {name for entry in specs["argument_specs"].values() for name in entry["options"]}
    for playbook in playbook_reference.PLAYBOOKS:
        names |= set(playbook_reference.head_of(playbook).names)
    return frozenset(names)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- hosts: all\n  gather_fact: false\n", "gather_fact is no keyword"),
        ("- hosts: all\n  roles: [{role: printops.prisma.onbord}]\n", "there is no role"),
        ("- hosts: all\n  vars: {onboard_prxy: {}}\n", "onboard_prxy is no variable"),
        ("- name: x\n  ansible.builtin.import_role: {name: printops.prisma.onbord}\n", "there is no role"),
        ("printers: {hosts: {press-01: {printops_port: abc}}}\n", "printops_port"),
        ("printers: {children: {north: {vars: {printops_pasword: x}}}}\n", "printops_pasword is no variable"),
        ("printops_tls_minimum: '1.4'\n", "printops_tls_minimum"),
        ("plugin: printops.prisma.sheet\ngroup_bye: [Site]\n", "sheet has no option group_bye"),
        ("administrators: [jo]\nusers: []\n", "jo"),
        ("read: {ors: {steps: [{got: ors.htm}]}}\n", "got"),
        ("- {send: POST, pth: users}\n", "pth"),
        ("colour: red\n", "nobody knows what this is"),
    ],
)
def test_a_broken_block_is_found(text: str, fault: str) -> None:
    assert any(fault in found for found in faults_of_yaml(text))


# --- EXAMPLES of plugins; those of modules: test_documentation.py ---


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "plugins" / "inventory").glob("*.py")))
def test_the_examples_of_an_inventory_plugin_have_options_that_exist(name: str) -> None:
    source = importlib.import_module(f"ansible_collections.printops.prisma.plugins.inventory.{name}")
    for text in source.EXAMPLES.split("\n---\n"):
        assert list(faults_of_yaml(text)) == []


def test_the_examples_of_the_filter_connector_give_what_they_say() -> None:
    """The other filters' examples are lines of the role and of its playbooks, which other tests run."""
    documented = yaml.safe_load((ROOT / "plugins" / "filter" / "connector.yml").read_text(encoding="utf-8"))["EXAMPLES"]
    said = re.findall(r"^ *# => (.+)$", documented, re.MULTILINE)
    environment = Environment()
    environment.filters["printops.prisma.connector"] = FilterModule().filters()["connector"]
    found = []
    for task in yaml.safe_load(documented):
        (expression,) = re.findall(r"\{\{ (.+) \}\}", task["ansible.builtin.debug"]["msg"])
        found.append(environment.compile_expression(expression)(**task.get("vars", {})))
    assert [each if isinstance(each, str) else json.dumps(each) for each in found] == said


# --- commands ---


@pytest.mark.parametrize("snippet", CONSOLE, ids=lambda each: each.where)
def test_no_part_of_a_command_is_shown_as_a_prompt(snippet: Snippet) -> None:
    """The site's lexer of C(console) takes the beginning of C((umask 077 && …)) for the prompt of an environment."""
    lexer = importlib.import_module("pygments.lexers").get_lexer_by_name(snippet.language)
    assert [text for kind, text in lexer.get_tokens(snippet.text) if "Prompt" in str(kind)] == []


@pytest.mark.parametrize("snippet", CONSOLE, ids=lambda each: each.where)
def test_every_command_has_options_that_exist(snippet: Snippet) -> None:
    assert [fault for words in snippet.commands for fault in faults_of_command(words)] == []


def faults_of_command(words: list[str]) -> Iterator[str]:
    """Yield what is wrong with a command."""
    while words and re.match(r"[A-Z_]+=", words[0]):
        words = words[1:]
    program = words[0]
    if program in CLIS:
        given = [word for word in words if word not in ("...", ">")]
        options = _parsed(program, given)
        if isinstance(options, str):
            yield options
        elif program == "ansible-playbook":
            yield from _faults_of_playbook(options)
    elif program == "make":
        targets = {word for word in words[1:] if "=" not in word and not word.startswith("-")}
        yield from (f"make has no target {name}" for name in sorted(targets - make_targets()))
    elif program not in OTHERS:
        yield f"nobody knows the program {program}"


def _parsed(program: str, words: list[str]) -> Any:
    """Return the options as the program reads them, or its complaint."""
    (cli,) = [
        value
        for name, value in vars(importlib.import_module(CLIS[program])).items()
        if name.endswith("CLI") and name != "CLI"
    ]
    made = cli([program, *words[1:]])
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        try:
            made.init_parser()
            return made.parser.parse_args(words[1:])
        except SystemExit:
            return said.getvalue().strip().splitlines()[-1]


def _faults_of_playbook(options: Any) -> Iterator[str]:
    known = {f"printops.prisma.{path.stem}" for path in playbook_reference.PLAYBOOKS}
    yield from (f"there is no playbook {name}" for name in options.args if name not in known)
    for given in options.extra_vars or ():
        names = yaml.safe_load(given) if given.startswith("{") else [given.partition("=")[0]]
        yield from (f"{name} is no variable" for name in names if name not in all_variables())
    tags = {tag for given in (*options.tags, *options.skip_tags) for tag in given.split(",")} - {"all"}
    yield from (f"there is no tag {tag}" for tag in sorted(tags - set(TAGS)))


@cache
def make_targets() -> frozenset[str]:
    """Return the targets of the Makefile."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([a-z][\w-]*):", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        (["ansible-playbook", "printops.prisma.onboard_flet"], "there is no playbook"),
        (["ansible-playbook", "printops.prisma.check_fleet", "--chek"], "--chek"),
        (["ansible-playbook", "printops.prisma.check_fleet", "-e", "onboard_host=all"], "onboard_host is no variable"),
        (["ansible-playbook", "printops.prisma.check_fleet", "-e", '{"onboard_srial": [1]}'], "onboard_srial"),
        (["ansible-playbook", "printops.prisma.check_fleet", "--tags", "proxi"], "there is no tag proxi"),
        (["ansible-inventory", "--grph"], "--grph"),
        (["make", "demoo"], "make has no target demoo"),
        (["ansible-plabook"], "nobody knows the program"),
    ],
)
def test_a_broken_command_is_found(command: list[str], fault: str) -> None:
    assert any(fault in found for found in faults_of_command(command))


# --- the playbooks' own variables ---


@pytest.mark.parametrize("playbook", playbook_reference.PLAYBOOKS, ids=lambda path: path.stem)
def test_the_head_of_a_playbook_names_its_variables(playbook: Path) -> None:
    """A variable that only the command line sets is in the head, and what the head names is used."""
    text = playbook.read_text(encoding="utf-8")
    plays = yaml.safe_load(text)
    used = set(re.findall(r"\b[a-z]\w*\b", " ".join(_templates(plays))))
    named = set(playbook_reference.head_of(playbook).names)
    own = used & _undefined(plays)
    assert own - named - set(known_names()) - _of_roles() == set()
    assert named - used - set(known_names()) - _of_roles() == set()


@pytest.mark.parametrize("playbook", playbook_reference.PLAYBOOKS, ids=lambda path: path.stem)
def test_a_playbook_begins_with_a_check_of_its_own_variables(playbook: Path) -> None:
    """Else a pattern that matches no host is a success, and a misspelt variable is ignored without a word."""
    first = yaml.safe_load(playbook.read_text(encoding="utf-8"))[0]
    check = first.get("ansible.builtin.import_playbook")
    if check is None:
        assert playbook.stem in ("check_arguments", "check_inventory")
    elif check == "check_arguments.yml":
        given = first["vars"]
        named = set(playbook_reference.head_of(playbook).names) - argument_names()
        assert named == {*given["playbook_arguments"], *given.get("playbook_hosts_variables", ())} - argument_names()
        conditions = set(re.findall(r"(\w+) \| default\(\w+\) \| bool", playbook.read_text(encoding="utf-8")))
        assert conditions <= set(given.get("playbook_booleans", ())) <= set(given["playbook_arguments"])
    else:
        assert check == "check_inventory.yml"
        assert set(playbook_reference.head_of(playbook).names) <= known_names()


def _templates(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            text = str(item)
            yield f"{{{{ {text} }}}}" if key in ("when", "that", "failed_when") else ""
            yield from _templates(item)
    elif isinstance(value, list):
        for item in value:
            yield from _templates(item)
    elif isinstance(value, str) and "{{" in value:
        yield value


def _undefined(plays: list[dict[str, Any]]) -> set[str]:
    """Return the names in templates that neither Ansible nor the playbook itself defines."""
    names: set[str] = set()
    for template in _templates(plays):
        names |= {node.name for node in Environment().parse(template).find_all(nodes.Name)}
    ansibles = re.compile(r"ansible_|inventory_|(?:groups|hostvars|item|lookup|omit|query)$")
    return {name for name in names - _defined(plays) if not ansibles.match(name)}


def _defined(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_defined, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    found = {str(value["register"])} if "register" in value else set()
    found |= set(value.get("vars") or {})
    return found.union(*map(_defined, value.values()))


@cache
def _of_roles() -> frozenset[str]:
    names = set()
    for role in ROLES:
        specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
        names |= {name for entry in specs["argument_specs"].values() for name in entry["options"]}
    return frozenset(names)
