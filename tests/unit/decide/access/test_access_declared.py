# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declared file: every mistake with its line, before any request; the JSON Schema says the same as the parser."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.declared import (
    GUARDRAIL_KEYS,
    KEYS,
    PERSON_KEYS,
    as_declared,
    parse_declared,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    AccessState,
    Guardrails,
    ListReading,
    ListRow,
    Mode,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.plan import plan
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.rules import (
    ADDED_WITH_ADMINISTRATOR,
    ADDED_WITH_USER,
    AccessList,
    Cloud,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.tenant_rules import RESERVED, tenant_rules
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._access_file import read_access_file
from hypothesis import example, given
from hypothesis import strategies as st
from unit.decide.access.test_access_plan import a_site

ROOT = Path(__file__).resolve().parents[4]
SCHEMA = json.loads((ROOT / "plugins" / "data" / "access.schema.json").read_text(encoding="utf-8"))
GOOD: dict[str, Any] = {
    "schema": 1,
    "site": "north",
    "mode": "authoritative",
    "administrators": ["boss@example.com", {"email": "anna@example.com", "applications": [], "note": "on call"}],
    "users": [{"email": "Jo.Hn@gmail.com", "applications": ["dashboard"]}, {"email": "ben@example.com"}],
    "guardrails": {
        "allow_empty": False,
        "max_removals": 3,
        "max_removal_percent": 12.5,
        "min_admins": 2,
        "required_admins": ["boss@example.com"],
        "protected": ["*@example.org"],
    },
    "dotless_domains": ["gmail.com"],
}

GOOD_TENANT: dict[str, Any] = {
    "schema": 1,
    "tenant": "alpha",
    "mode": "authoritative",
    "people": [
        "boss@example.com",
        {"email": "anna@example.com", "role": "administrator", "applications": {}, "note": "on call"},
        {"email": "Jo.Hn@gmail.com", "applications": {"remote-match": "user", "manager": "administrator"}},
    ],
    "guardrails": GOOD["guardrails"],
    "dotless_domains": ["gmail.com"],
}


def test_everything_that_can_be_declared() -> None:
    parsed = parse_declared(GOOD)
    assert not parsed.problems
    assert (parsed.mode, parsed.name, parsed.options.name) == (Mode.AUTHORITATIVE, "north", "north")
    boss, anna = parsed.declared.administrators
    john, ben = parsed.declared.users
    assert (boss.applications, anna.applications) == (ADDED_WITH_ADMINISTRATOR, frozenset())
    assert (john.applications, ben.applications) == (frozenset({AccessList.DASHBOARD}), ADDED_WITH_USER)
    assert parsed.options.guardrails == Guardrails(False, 3, 12.5, 2, ("boss@example.com",), ("*@example.org",))
    assert parsed.options.dotless_domains == ("gmail.com",)


def test_everything_that_can_be_declared_for_a_tenant() -> None:
    parsed = parse_declared(GOOD_TENANT, cloud=Cloud.TENANT)
    assert not parsed.problems
    assert (parsed.mode, parsed.name) == (Mode.AUTHORITATIVE, "alpha")
    (anna,) = parsed.declared.administrators
    boss, john = parsed.declared.users
    assert (anna.applications, boss.applications) == (frozenset(), None)
    assert john.applications == frozenset({"remote-match", "manager", "manager:administrator"})
    assert parsed.options.guardrails == parse_declared(GOOD).options.guardrails


@pytest.mark.parametrize(
    ("data", "cloud", "words"),
    [
        (GOOD, Cloud.TENANT, "declares the people of a site, and not of a tenant: use cloud_access"),
        (GOOD_TENANT, Cloud.SITE, "declares the people of a tenant, and not of a site: use home_access"),
        (GOOD_TENANT, Cloud.SITE, "cloud_access_target: tenant"),
        ({**GOOD, "people": []}, Cloud.SITE, "users: is unknown here; known are schema, tenant"),
        ([], Cloud.TENANT, "is not a mapping with people"),
    ],
)
def test_a_file_for_the_other_cloud_is_named_as_such(data: Any, cloud: Cloud, words: str) -> None:
    assert any(words in problem for problem in parse_declared(data, cloud=cloud).problems)


def test_what_is_not_said_is_safe() -> None:
    parsed = parse_declared({"administrators": [], "users": []})
    assert not parsed.problems
    assert (parsed.mode, parsed.options.mode, parsed.options.guardrails) == (None, Mode.AUDIT, Guardrails())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"administrators": None}, "administrators: is not a list; write [] for an empty list"),
        ({"users": {"email": "x@example.com"}}, "users: is not a list"),
        ({"mode": "enforce"}, "mode: 'enforce' is none of additive, authoritative, audit"),
        ({"mode": None}, "mode: None is none of"),
        ({"schema": 2}, "schema: this release knows schema 1 only"),
        ({"schema": True}, "schema: this release knows schema 1 only"),
        ({"site": ""}, "site: is not the name of a site"),
        ({"site": None}, "site: is not the name of a site"),
        ({"sites": "north"}, "sites: is unknown here; known are schema, site, mode"),
        ({"users": [None]}, "users[0]: is neither an address nor a mapping with email"),
        ({"users": [{"mail": "x@example.com"}]}, "users[0].mail: is unknown here"),
        ({"users": [{"applications": []}]}, "users[0]: has no email"),
        ({"users": [{"email": None}]}, "users[0].email: is not a text"),
        ({"users": ["anna"]}, "users[0].email: 'anna' has no @ and no domain"),
        ({"users": [{"email": "x@example.com", "note": 5}]}, "users[0].note: is not a text"),
        ({"users": [{"email": "x@example.com", "applications": "dashboard"}]}, "users[0].applications: is not a list"),
        ({"users": [{"email": "x@example.com", "applications": [["dashboard"]]}]}, "is none of dashboard"),
        ({"users": [{"email": "x@example.com", "applications": ["administrators"]}]}, "is none of dashboard"),
        ({"users": [{"email": "x@example.com", "applications": ["dashboard"] * 2}]}, "occurs twice"),
        ({"users": ["x@example.com", "X@example.com"]}, "x@example.com and X@example.com are one person"),
        ({"users": ["x@example.com", "x@example.com"]}, "x@example.com is declared twice"),
        ({"users": ["Boss@example.com"]}, "boss@example.com and Boss@example.com are one person"),
        ({"guardrails": []}, "guardrails: is not a mapping"),
        ({"guardrails": {"max_removal": 3}}, "guardrails.max_removal: is unknown here; known are allow_empty"),
        ({"guardrails": {"max_removals": "3"}}, "guardrails.max_removals: is not a whole number from 0"),
        ({"guardrails": {"max_removals": True}}, "guardrails.max_removals: is not a whole number from 0"),
        ({"guardrails": {"max_removals": 1.5}}, "guardrails.max_removals: is not a whole number from 0"),
        ({"guardrails": {"max_removal_percent": 101}}, "is not a number from 0 to 100"),
        ({"guardrails": {"max_removal_percent": float("nan")}}, "is not a number from 0 to 100"),
        ({"guardrails": {"min_admins": 0}}, "guardrails.min_admins: is not a whole number from 1"),
        ({"guardrails": {"allow_empty": "yes"}}, "guardrails.allow_empty: is neither true nor false"),
        ({"guardrails": {"required_admins": "boss@example.com"}}, "guardrails.required_admins: is not a list"),
        ({"guardrails": {"required_admins": ["boss"]}}, "guardrails.required_admins[0]: 'boss' has no @ and no domain"),
        ({"guardrails": {"protected": ["boss"]}}, "guardrails.protected[0]: 'boss' has no @ and no domain"),
        ({"dotless_domains": ["gmail"]}, "dotless_domains[0]"),
    ],
)
def test_a_mistake_is_named(change: dict[str, Any], words: str) -> None:
    parsed = parse_declared({**GOOD, **change}, file="access.yml")
    assert any(words in problem for problem in parsed.problems), parsed.problems
    assert all(problem.startswith("access.yml") for problem in parsed.problems)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"people": None}, "people: is not a list; write [] for an empty list"),
        ({"tenant": " "}, "tenant: is not the name of a tenant"),
        ({"site": "north"}, "site: is unknown here"),
        ({"guardrails": {"rails": {}}}, "guardrails.rails: is unknown here"),
        ({"people": [{"email": "x@example.com", "role": "owner"}]}, "people[0].role: 'owner' is none of employee"),
        ({"people": [{"email": "x@example.com", "role": ["employee"]}]}, "people[0].role"),
        ({"people": [{"email": "x@example.com", "applications": ["manager"]}]}, "is not a mapping of applications"),
        ({"people": [{"email": "x@example.com", "applications": {"manager": "none"}}]}, "'none' is none of user"),
        ({"people": [{"email": "x@example.com", "applications": {"manager": True}}]}, "True is none of user"),
        ({"people": [{"email": "x@example.com", "applications": {"people": "user"}}]}, "is no id that an application"),
        ({"people": [{"email": "x@example.com", "applications": {"a:b": "user"}}]}, "is not the id of an application"),
        ({"people": ["x@example.com", {"email": "X@example.com", "role": "administrator"}]}, "are one person"),
    ],
)
def test_a_mistake_in_a_file_for_a_tenant_is_named(change: dict[str, Any], words: str) -> None:
    parsed = parse_declared({**GOOD_TENANT, **change}, file="people.yml")
    assert any(words in problem for problem in parsed.problems), parsed.problems


@pytest.mark.parametrize("key", ["administrators", "users"])
def test_a_list_that_is_left_out_is_no_empty_list(key: str) -> None:
    data = {name: value for name, value in GOOD.items() if name != key}
    assert any(f"{key} is missing; write {key}: []" in problem for problem in parse_declared(data).problems)


ALL_KEYS = [*dict.fromkeys((*KEYS[Cloud.SITE], *KEYS[Cloud.TENANT], *GUARDRAIL_KEYS, "email", "role", "applications"))]
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 200)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "x", "a@example.com"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(ALL_KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_anything_can_be_parsed(data: Any) -> None:
    parse_declared(data)


@st.composite
def changed(draw: st.DrawFn) -> Any:
    """A good file with one value somewhere in it replaced, left out, or added."""
    data = copy.deepcopy(draw(st.sampled_from((GOOD, GOOD_TENANT))))
    places: list[tuple[Any, Any]] = []
    waiting: list[Any] = [data]
    while waiting:
        node = waiting.pop()
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            places.append((node, key))
            if isinstance(value, (dict, list)):
                waiting.append(value)
    node, key = draw(st.sampled_from(places))
    if isinstance(node, dict) and draw(st.booleans()):
        del node[key]
        if draw(st.booleans()):
            node["surplus"] = 1
    else:
        node[key] = draw(json_values)
    return data


@given(changed())
@example(GOOD)
@example(GOOD_TENANT)
@example({"people": [], "users": []})
@example({"administrators": ["a@example.com"], "users": []})
def test_schema_and_parser_agree(data: Any) -> None:
    valid = jsonschema.Draft202012Validator(SCHEMA).is_valid(data)
    parsed = parse_declared(data)
    # what a schema cannot say: two spellings of one person, and that a pattern can protect nobody
    only_ours = ("one person", "declared twice", "guardrails.protected[")
    rest = [problem for problem in parsed.problems if not any(words in problem for words in only_ours)]
    if valid or not parsed.problems:
        assert valid
        assert not rest


def test_the_schema_is_one_and_knows_what_the_parser_knows() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    shapes = SCHEMA["$defs"]
    assert set(shapes["site"]["properties"]) == set(KEYS[Cloud.SITE])
    assert set(shapes["tenant"]["properties"]) == set(KEYS[Cloud.TENANT])
    person = shapes["tenant_person"]["anyOf"][1]["properties"]
    assert set(person) == set(PERSON_KEYS[Cloud.TENANT])
    assert set(person["applications"]["propertyNames"]["not"]["enum"]) == RESERVED
    assert tuple(SCHEMA["$defs"]["guardrails"]["properties"]) == GUARDRAIL_KEYS
    usual = Guardrails()
    for name, known in SCHEMA["$defs"]["guardrails"]["properties"].items():
        assert known.get("default", ()) == getattr(usual, name)


@pytest.mark.parametrize("good", [GOOD, GOOD_TENANT], ids=["site", "tenant"])
@pytest.mark.parametrize("given", [{"max_removals": 3}, {}, None])
def test_a_misspelt_key_is_refused_with_the_known_ones(good: dict[str, Any], given: Any) -> None:
    without = {name: value for name, value in good.items() if name != "guardrails"}
    for data in ({**without, "guardrail": given}, {**good, "guardrail": given}):
        (problem,) = parse_declared(data, lambda path: 7 if path == ("guardrail",) else 1, "access.yml").problems
        assert problem.startswith("access.yml:7: guardrail: is unknown here; known are schema, ")
        assert "guardrails" in problem


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 10**400, -1, True, "5", None, 1.5])
@pytest.mark.parametrize("name", ["max_removals", "max_removal_percent", "min_admins"])
def test_a_number_that_limits_nothing_is_no_limit(name: str, value: object) -> None:
    parsed = parse_declared({"administrators": [], "users": [], "guardrails": {name: value}})
    fits = (name, value) in [("max_removal_percent", 1.5), ("max_removals", 10**400), ("min_admins", 10**400)]
    assert (not parsed.problems) == fits


def test_a_dump_of_a_tenant_is_a_file_that_the_schema_knows() -> None:
    rows = (
        ListRow("boss@example.com", None, ("people", "administrators", "manager", "manager:administrator")),
        ListRow("jo@example.com", None, ("people_pending", "remote-match")),
    )
    rules = tenant_rules(["manager", "remote-match"])
    state = AccessState("alpha", {"people": ListReading(rows, True, 1, 2)}, None, frozenset(), rules, name_proven=True)
    dumped = as_declared(state)
    jsonschema.Draft202012Validator(SCHEMA).validate(dumped)
    assert dumped == {
        "tenant": "alpha",
        "mode": "audit",
        "people": [
            {"email": "boss@example.com", "role": "administrator", "applications": {"manager": "administrator"}},
            {"email": "jo@example.com", "role": "employee", "applications": {"remote-match": "user"}},
        ],
    }


def test_a_dump_is_a_file_that_the_schema_knows() -> None:
    people = [("john@gmail.com", "dashboard remote_control_invited"), ("anna@example.com", "administrators_invited")]
    site = a_site(*people)
    dumped = as_declared(site)
    jsonschema.Draft202012Validator(SCHEMA).validate(dumped)
    assert dumped == {
        "site": "north",
        "mode": "audit",
        "administrators": [
            {"email": "anna@example.com", "applications": []},
            {"email": "boss@example.com", "applications": ["dashboard", "remote_match"]},
        ],
        "users": [{"email": "john@gmail.com", "applications": ["dashboard", "remote_control"]}],
    }


@pytest.mark.parametrize(("domains", "people"), [(["example.com"], 2), ([], 3)])
def test_a_dump_says_whose_dots_mean_nothing_if_not_the_usual_ones(domains: list[str], people: int) -> None:
    """Given one person whose lists spell the address in two ways, then what takes the file sees one person as well."""
    site = a_site(("john.doe@example.com", "dashboard"), ("johndoe@example.com", "remote_match"))
    dumped = as_declared(site, domains)
    jsonschema.Draft202012Validator(SCHEMA).validate(dumped)
    parsed = parse_declared(dumped)
    assert (parsed.problems, list(parsed.options.dotless_domains)) == ((), domains)
    found = plan(site, parsed.declared, replace(parsed.options, mode=Mode.AUTHORITATIVE))
    assert (found.steps, found.people) == ((), people)


class TestFile:
    def refusal(self, path: Path, text: str) -> str:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput) as caught:
            read_access_file(path)
        return str(caught.value)

    def test_a_good_file(self, tmp_path: Path) -> None:
        path = tmp_path / "access.yml"
        path.write_text(yaml.safe_dump(GOOD, sort_keys=False), encoding="utf-8")
        parsed = parse_declared(read_access_file(str(path)))
        assert parsed.name == "north"

    def test_every_mistake_has_its_line(self, tmp_path: Path) -> None:
        path = tmp_path / "access.yml"
        text = """---
mode: authoritative
administrators:
  - Jo.Hn@gmail.com
  - email: boss@example
users:
  - email: anna@example.com
    applications:
      - dashboard
      - dashbord
  - john@gmail.com
guardrails: {max_removals: many}
"""
        assert self.refusal(path, text).split("; ") == [
            f"{path}:5: administrators[1].email: 'boss@example' has the domain 'example', which has no dot",
            f"{path}:10: users[0].applications[1]: 'dashbord' is none of dashboard, remote_match, remote_control",
            f"{path}:12: guardrails.max_removals: is not a whole number from 0",
            f"{path}:4 (administrators) and {path}:11 (users): Jo.Hn@gmail.com and john@gmail.com are one person",
        ]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "is not a mapping with administrators and users"),
            ("[]", ":1: is not a mapping"),
            ("users: [\n", "not YAML"),
            ("administrators: []\nusers: []\nusers: [a@example.com]\n", ":3: the key 'users' occurs twice"),
            ("administrators: &a []\nusers: *a\n", ":2: the alias *a is not allowed"),
            ("users: " + "[" * 50, "nested deeper"),
            ("users: []\n--- \nusers: []\n", "not YAML"),
            ("users: [2026-99-99]\nadministrators: []", "access.yml"),
            ("? [a]\n: 1\nusers: []\n", "not YAML"),
            ("administrators:\nusers: []\n", ":1: administrators: is not a list; write []"),
            ("users: !!python/object:os.system []\n", "not YAML"),
            ("administrators: []\nusers: []\n<<: {users: [a@example.com]}\n", ":3: the merge key '<<' is not allowed"),
            ("administrators: []\nusers:\n  - <<: {email: a@example.com}\n", ":3: the merge key"),
            ("administrators: []\nusers: []\n<<: [{users: []}, {}]\n", ":3: the merge key"),
            ("administrators: []\nusers: []\n!!merge x: {users: [a@example.com]}\n", ":3: the merge key 'x'"),
            ("administrators: []\nusers: []\nguardrails: {<<: {protected: [a@b.cd]}}\n", ":3: the merge key"),
            ("administrators: []\nusers: []\n'<<': {users: [a@example.com]}\n", "<<: is unknown here"),
        ],
    )
    def test_what_is_no_declared_file(self, tmp_path: Path, text: str, words: str) -> None:
        assert words in self.refusal(tmp_path / "access.yml", text)

    def test_a_file_that_is_not_there_or_no_text(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="cannot be read"):
            read_access_file(tmp_path / "none.yml")
        (tmp_path / "bytes.yml").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(BadInput, match="cannot be read"):
            read_access_file(tmp_path / "bytes.yml")

    def test_many_mistakes_are_not_all_told_in_one_message(self, tmp_path: Path) -> None:
        people = "\n".join(f"  - p{number}" for number in range(100))
        text = self.refusal(tmp_path / "access.yml", f"administrators: []\nusers:\n{people}\n")
        assert text.endswith("and 80 more")
