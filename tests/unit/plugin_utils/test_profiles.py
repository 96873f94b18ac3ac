# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles as files: every fault is told with file, line and key. Sends nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils import _profiles
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import (
    LARGEST,
    SHIPPED,
    find_profile,
)

SRA = (SHIPPED / "sra-remote-ui.yml").read_text(encoding="utf-8")
HOME = (SHIPPED / "prisma-home.yml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "profiles").mkdir()
    return tmp_path


def write(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / "profiles" / f"{name}.yml"
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


def refused(given: Any, folder: Path | None, interface: str = "controller") -> BadInput:
    with pytest.raises(BadInput) as caught:
        find_profile(given, interface, str(folder) if folder else None)
    assert caught.value.advice
    return caught.value


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yml")), ids=lambda path: str(path.stem))
def test_a_shipped_profile_fits_the_schema_which_no_run_looks_at_again(path: Path) -> None:
    source = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert find_profile(source, None).id == path.stem
    assert "nosuch" in str(refused({**source, "nosuch": 1}, None, source["interface"]))


# --- malformed files ---

# what stands in the shipped profile, what stands there instead, the piece that begins the line, the key, the complaint
CASES: dict[str, tuple[str, str, str, str, str]] = {
    "an unknown key": ("title: Remote", "titel: Remote", "schema: 1", "(top)", "'titel' was unexpected"),
    "a wrong type": (
        "  enough: 4",
        "  enough: four",
        "enough: four",
        "match.enough",
        "'four' is not of type 'integer'",
    ),
    "too small": ("  enough: 4", "  enough: 0", "enough: 0", "match.enough", "0 is less than the minimum of 1"),
    "not of the list": (
        "  kind: simulated",
        "  kind: guessed",
        "kind: guessed",
        "evidence.kind",
        "'guessed' is not one of",
    ),
    "another version": ("schema: 1", "schema: 2", "schema: 2", "schema", "1 was expected"),
    "an id that is none": ("id: sra-remote-ui", "id: SRA UI", "id: SRA UI", "id", "does not match"),
    "a step of no kind": (
        "    - get: login.htm",
        "    - expect: title",
        "- expect: title",
        "match.steps.0",
        "is not valid under any of the given schemas",
    ),
    "a step of two kinds": (
        "    - get: logout.cgi",
        "    - {get: logout.cgi, follow: title}",
        "- {get: logout.cgi",
        "sign_out.steps.0",
        "is valid under each of",
    ),
    "a filter that there is not": (
        "filters: [trim, integer]",
        "filters: [trim, int]",
        "port: {pick:",
        "read.proxy.fields.port.filters.1",
        "'int'",
    ),
    "an interface of another kind than its operations": (
        "interface: controller",
        "interface: site",
        "identity:",
        "read.identity",
        "an interface of kind site has no read 'identity'",
    ),
    "JMESPath that does not parse": (
        "  signed_in: ",
        '  signed_in: "links[" # ',
        'signed_in: "links[',
        "sign_in.signed_in",
        "does not parse",
    ),
    "a function that there is not": (
        'signed_in: "links[?ends_with(',
        'signed_in: "links[?end_with(',
        'signed_in: "',
        "sign_in.signed_in",
        "there is no function end_with()",
    ),
    "a pattern without a group": (
        r"{regex: '^(\S+)$'}",
        r"{regex: '^\S+$'}",
        "filters: [trim, {regex: '^",
        "read.identity.fields.serial.filters.1.regex",
        "exactly one group",
    ),
    "a date format that there is not": (
        '"%Y-%m-%d %H:%M:%S"',
        '"%Y-%m-%d %Q"',
        "filters: [{date: [",
        "read.identity.fields.clock.filters.0.date.0",
        "cannot be read",
    ),
    "a text with two meanings": (
        "disconnected: [not connected,",
        "disconnected: [not connected, connected,",
        "disconnected: [",
        "read.ors.fields.state.values.disconnected.1",
        "cannot mean both",
    ),
    "a placeholder that nothing fills": (
        'pxHost: "${host}"',
        'pxHost: "${hostname}"',
        "pxHost:",
        "write.set_proxy.steps.1.fill.pxHost",
        "nothing fills the placeholder ${hostname}",
    ),
    "a proof that there is not": (
        "    verify: proxy\n",
        "    verify: prxy\n",
        "verify: prxy",
        "write.set_proxy.verify",
        "there is no read 'prxy'",
    ),
    "a limit that is no number": (
        "requests_per_second: 50",
        "requests_per_second: .nan",
        "requests_per_second:",
        "limits.requests_per_second",
        "nan",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_malformed_profile_is_told_with_file_line_and_key(folder: Path, case: str) -> None:
    old, new, line, key, what = CASES[case]
    assert old in SRA
    text = SRA.replace(old, new, 1)
    path = write(folder, text)
    error = refused("mine", folder)
    assert str(error).startswith(f"{path}:{line_of(text, line)}: {key}: ")
    assert what in str(error)
    assert len(str(error)) < 1000
    assert (error.details["file"], error.details["key"]) == (str(path), key)


def test_a_profile_given_as_data_is_told_by_key() -> None:
    source = yaml.safe_load(SRA)
    source["match"]["enough"] = "four"
    assert str(refused(source, None)).startswith("the profile given as data: match.enough: 'four' is not")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "None is not of type 'object'"),
        ("# nothing\n", "None is not of type 'object'"),
        ("- a\n", ":1: (top): ['a'] is not of type 'object'"),
        ("just text", ":1: (top): 'just text' is not of type 'object'"),
        ("a: 1\nb: [\n", ":3: not YAML"),
        ("a: 1\n b: 2\n", ":2: not YAML"),
        ("a: b: c\n", ":1: not YAML"),
        ("a: 1\n\tb: 2\n", ":2: not YAML"),
        ("a: 1\n--- \nb: 2\n", "not YAML"),
        ("a: *nowhere\n", ":1: not YAML"),
        ("a: !!python/object/apply:os.system ['exit 1']\n", ":1: not YAML"),
        ("a: \x01\n", "not YAML"),
        ("? [a, b]\n: c\n", "not YAML"),
        ("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", ":5: the key 'c' occurs twice"),
        ("a: 1\n'a': 1\n", ":2: the key 'a' occurs twice"),
        ("a: {x: [{y: 1, z: 2, y: 1}]}\n", ":1: the key 'y' occurs twice"),
    ],
)
def test_what_is_no_profile_at_all(folder: Path, text: str, what: str) -> None:
    path = write(folder, text)
    error = str(refused("mine", folder))
    assert error.startswith(str(path))
    assert what in error


def test_a_file_that_is_no_text(folder: Path) -> None:
    write(folder, "").write_bytes(b"id: \xff\xfe")
    assert "cannot be read" in str(refused("mine", folder))


def test_a_file_that_is_too_large_is_not_read(folder: Path) -> None:
    path = write(folder, "")
    os.truncate(path, LARGEST + 1)
    assert "larger than a profile can be" in str(refused("mine", folder))


# --- bombs ---


def laughs(of: str) -> str:
    lines = [f"l0: &l0 {of}"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines)


def merged() -> str:
    lines = ["l0: &l0 {a: b}"]
    lines += [f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 9)}], k{n}: 1}}" for n in range(1, 12)]
    return "\n".join(lines)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [laughs("lol"), laughs("[lol, lol]"), merged(), "a: &a [*a]", "&a {b: *a}", "&a ? *a\n: b"],
    ids=["texts", "lists", "merge keys", "a list in itself", "a map in itself", "a key of itself"],
)
def test_aliases_cannot_multiply_without_end(folder: Path, text: str) -> None:
    write(folder, text)
    error = str(refused("mine", folder))
    assert "values, with aliases written out" in error or "not YAML" in error


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")], ids=["[", "{", "-", "?"]
)
@pytest.mark.parametrize("levels", [60, 900, 100_000])
def test_nesting_without_end_ends_neither_the_process_nor_patience(
    folder: Path, opening: str, closing: str, levels: int
) -> None:
    write(folder, opening * levels + "x" + closing * levels)
    error = str(refused("mine", folder))
    # the second by libyaml itself, since PyYAML 6.0.4
    assert "mine.yml:1: nested deeper than 50 levels" in error or "exceeded maximum nesting depth" in error


def test_data_that_nest_without_end_are_refused_too() -> None:
    deep: Any = "x"
    for _attempt in range(100_000):
        deep = [deep]
    assert "nested too deeply" in str(refused({"id": deep}, None))


def test_an_alias_may_save_writing(folder: Path) -> None:
    text = SRA.replace(
        "  - Supports only English, French and German.\n",
        "  - &it Supports only English, French and German.\n  - *it\n",
    )
    assert text != SRA
    write(folder, text)
    assert len(set(find_profile("mine", "controller", str(folder)).source["caveats"])) == 2


# --- the schema ---


def test_the_schema_is_valid_itself_and_refuses_unknown_keys_everywhere() -> None:
    schema = json.loads(_profiles.SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)

    def objects(part: Any, path: str) -> None:
        if isinstance(part, list):
            for index, item in enumerate(part):
                objects(item, f"{path}.{index}")
        elif isinstance(part, dict):
            if part.get("type") == "object":
                assert "additionalProperties" in part, path
            for key, item in part.items():
                objects(item, f"{path}.{key}")

    objects(schema, "")


@pytest.mark.parametrize("text", [SRA, HOME])
def test_the_shipped_profiles_name_their_schema_for_editors(text: str) -> None:
    assert text.startswith("# yaml-language-server: $schema=profile.schema.json\n")
