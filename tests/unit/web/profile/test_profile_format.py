# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of profiles: every key described, every example sound; and interfaces that only their profile knows."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.contract import CONTRACTS, OTHER
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.expression import Expression, ProfileProblem
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_profile
from unit.web.tiny import profile_source

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[4] / "plugins" / "profiles" / "profile.schema.json").read_text(encoding="utf-8")
)


def parts(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside the schema, with where it is. Conditions and their branches describe nothing of their own."""
    if isinstance(schema, dict):
        yield path, schema
        for key, value in schema.items():
            if key in ("properties", "$defs"):
                for name, item in value.items():
                    yield from parts(item, f"{path}/{name}")
            elif key in ("items", "additionalProperties", "anyOf", "oneOf"):
                for index, item in enumerate(value if isinstance(value, list) else [value]):
                    yield from parts(item, f"{path}/{key}{index}")


def keys(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, part in parts(schema):
        for name, item in part.get("properties", {}).items():
            yield f"{path}/{name}", item


def shipped_profile(item: dict[str, Any]) -> str:
    reference = item.get("$ref", "").removeprefix("#/$defs/")
    return str(item.get("description") or SCHEMA["$defs"].get(reference, {}).get("description") or "")


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_key_is_described() -> None:
    found = list(keys(SCHEMA))
    assert len(found) > 80
    assert [path for path, item in found if len(shipped_profile(item)) < 10] == []


EXAMPLES = [(path, part, example) for path, part in parts(SCHEMA) for example in part.get("examples", [])]


@pytest.mark.parametrize(("path", "part", "example"), EXAMPLES, ids=[path for path, _part, _example in EXAMPLES])
def test_every_example_is_what_it_is_an_example_of(path: str, part: dict[str, Any], example: Any) -> None:
    whole = {**{key: value for key, value in part.items() if key != "examples"}, "$defs": SCHEMA["$defs"]}
    assert list(jsonschema.Draft202012Validator(whole).iter_errors(example)) == []
    if part.get("$ref") == "#/$defs/expression" or path.endswith("/expression"):
        Expression.build(example, ("x",))


def test_what_is_hard_has_examples() -> None:
    shown = {path.rsplit("/", 1)[-1] for path, _part, _example in EXAMPLES}
    assert {"match", "sign_in", "sign", "fill", "repeat", "paging", "complete", "pick", "mapped", "joined"} <= shown


# --- interfaces that nobody here knows ---


def other(**changed: Any) -> dict[str, Any]:
    source = {**profile_source(), "interface": "other", **changed}
    source["read"] = {
        "ink": {"inputs": ["printer"], "steps": [{"get": "ink/${printer}"}], "fields": {"cyan": "ids.cyan"}}
    }
    source["write"] = {
        "refill": {
            "inputs": ["printer", "much"],
            "steps": [{"send": "POST", "path": "ink/${printer}", "json": "${much}"}],
            "verify": "ink",
        }
    }
    return source


def test_such_a_profile_names_its_own_operations_and_inputs() -> None:
    profile = build_profile(other(), OTHER)
    assert profile.reads["ink"].inputs == frozenset({"printer"})
    assert profile.writes["refill"].inputs == frozenset({"printer", "much"})
    assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(other())) == []


def fault(source: dict[str, Any], interface: str = "other") -> tuple[tuple[Any, ...], str]:
    with pytest.raises(ProfileProblem) as caught:
        build_profile(source, CONTRACTS[interface])
    return caught.value.path, str(caught.value)


def test_but_a_placeholder_that_is_no_input_is_told() -> None:
    source = other()
    source["read"]["ink"]["inputs"] = []
    path, what = fault(source)
    assert path == ("read", "ink", "steps", 0, "get")
    assert "nothing fills the placeholder ${printer}" in what
    source = other()
    source["write"]["refill"]["inputs"] = ["much"]
    source["write"]["refill"]["steps"] = [{"send": "POST", "path": "ink", "json": "${much}"}]
    assert fault(source) == (
        ("write", "refill", "verify"),
        "the read 'ink' needs the input 'printer', which this lacks",
    )


def test_only_such_a_profile_says_what_it_is_given() -> None:
    source = profile_source()
    source["read"] = {
        "identity": {"inputs": ["x"], "steps": [{"get": "a"}], "fields": {"serial": "ids.serial"}},
    }
    source["write"] = {}
    path, what = fault(source, "controller")
    assert path == ("read", "identity", "inputs")
    assert "cannot say what the read 'identity' of a controller is given" in what


# --- what only building a profile shows ---


def test_an_operation_may_rest_on_less_than_the_profile_but_not_on_more() -> None:
    source = other(evidence={"kind": "recorded", "note": "x"})
    source["read"]["ink"]["evidence"] = "simulated"
    profile = build_profile(source, OTHER)
    assert (profile.reads["ink"].evidence, profile.writes["refill"].evidence) == ("simulated", "recorded")
    source["read"]["ink"]["evidence"] = "verified"
    assert fault(source)[0] == ("read", "ink", "evidence")


@pytest.mark.parametrize(
    ("step", "path", "what"),
    [
        ({"get": "a", "writes": True, "repeat": {"until": "a", "most": 1}}, ("repeat",), "is not repeated"),
        ({"get": "a", "keep": {"a b": "x"}}, ("keep", "a b"), "cannot be the name of a placeholder"),
        ({"get": "a", "keep": {"x": "a"}, "keep_headers": {"x": "A"}}, ("keep_headers", "x"), "kept twice"),
        ({"get": "a", "repeat": {"until": "!a[0", "most": 1}}, ("repeat", "until"), "does not parse"),
        ({"get": "a", "when": "!a[?b]"}, ("when",), "write !(…)"),
        ({"get": "a", "query": {"x": {"map": {"a": "b"}, "of": "${gone}"}}}, ("query", "x", "of"), "nothing fills"),
    ],
)
def test_a_step_that_cannot_be_meant_is_told(step: dict[str, Any], path: tuple[Any, ...], what: str) -> None:
    source = other()
    source["read"]["ink"]["steps"] = [step]
    where, said = fault(source)
    assert where == ("read", "ink", "steps", 0, *path)
    assert what in said


def test_http_sign_in_is_a_method_of_every_interface() -> None:
    source = copy.deepcopy(other())
    source["sign_in"] = {"method": "basic", "steps": [{"get": "a"}], "signed_in": "a", "refused": {"status": 401}}
    build_profile(source, OTHER)


@pytest.mark.parametrize(
    "expression", ["!a[?b]", "!a.b", "!a[]", "!a.*", "b || !a[?c]", "a[?!b.c]", "contains(text, 'x') && !a[?b]"]
)
def test_not_of_a_name_from_which_something_is_picked_is_told(expression: str) -> None:
    with pytest.raises(ProfileProblem, match=r"write !\(…\)"):
        Expression.build(expression, ())
    for sound in ("!(a[?b])", "!a && b", "!contains(a, 'b')", "!a[0]", "a[?!b]", "!a | [0]"):
        Expression.build(sound, ())
