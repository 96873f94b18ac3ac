# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles as values: what the contract of an interface demands, placeholders, and both profiles that are shipped."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._prisma.contract import CONTRACTS
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.expression import ProfileProblem
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import (
    Profile,
    build_profile,
    fill,
    placeholders_of,
)
from hypothesis import given
from hypothesis import strategies as st

PROFILES = Path(__file__).resolve().parents[4] / "plugins" / "profiles"
SHIPPED = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in PROFILES.glob("*.yml")}


def shipped(name: str) -> dict[str, Any]:
    return copy.deepcopy(SHIPPED[name])


def built(source: dict[str, Any]) -> Profile:
    return build_profile(source, CONTRACTS[source["interface"]])


def changed(name: str, path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The shipped profile with the value at ``path`` set; ``...`` takes it away."""
    source = shipped(name)
    place: Any = source
    for part in path[:-1]:
        place = place[part]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return source


# --- the profiles that are shipped ---

LACKING = {
    # An SRA controller switches no applications of its own; a Settings Editor cannot unregister.
    "sra-remote-ui": {"applications", "set_application"},
    "prismasync-settings-editor": {"unregister"},
    # The manual's site has a list for each application, and none of all users.
    "cloud-administration-site": {"people", "find_people", "remove_people"},
}

# The application completes a hand-over by one request, and has no page that shows whose it is.
NOT_READ = {"prisma-home-application": {"hand_over"}}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_profile_is_built_and_covers_its_whole_interface(name: str) -> None:
    profile = built(shipped(name))
    contract = CONTRACTS[profile.interface]
    assert profile.id == name
    lacking = LACKING.get(name, set())
    assert set(profile.reads) == set(contract.reads) - lacking - NOT_READ.get(name, set())
    assert set(profile.writes) == set(contract.writes) - lacking
    assert profile.evidence["kind"] == "simulated"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_profile_must_see_all_of_its_signs(name: str) -> None:
    match = built(shipped(name)).match
    assert sum(points for _sign, points in match.signs) == match.enough


@pytest.mark.parametrize("name", SHIPPED)
def test_in_a_shipped_profile_only_writes_write_and_reading_never_does(name: str) -> None:
    profile = built(shipped(name))
    reading = [*profile.match.steps, *(step for read in profile.reads.values() for step in read.steps)]
    signing = [*profile.sign_in.steps, *profile.sign_out]
    assert not [step.where for step in (*reading, *signing) if step.writes]
    for write in profile.writes.values():
        # A button that only tries what is saved changes nothing.
        assert any(step.writes for step in write.steps) or write.name == "test_proxy", write.name
        by_get = {step.where for step in write.steps if step.writes and step.kind in ("get", "follow")}
        # domain.md, "Registering a printer in PRISMA Home", step 9: opening the link registers the printer.
        assert by_get == ({"write.claim.steps.0"} if (name, write.name) == ("prisma-home", "claim") else set())


def test_what_changes_a_printer_is_proven_by_a_reading() -> None:
    writes = {name: built(shipped(name)).writes for name in SHIPPED if shipped(name)["interface"] != "site"}
    proven = {write for found in writes.values() for write, it in found.items() if it.verify is not None}
    assert proven == {
        *("set_proxy", "register", "unregister"),
        *("set_application", "set_location", "enable_device", "disable_device", "delete_device"),
        *("invite_person", "set_person_role", "set_application_role", "remove_person"),
    }


def test_no_write_of_a_controller_is_sent_twice() -> None:
    writes = built(shipped("sra-remote-ui")).writes.values()
    assert not [step.where for write in writes for step in write.steps if step.repeatable]


def test_the_password_goes_nowhere_but_into_the_sign_in() -> None:
    profile = built(shipped("sra-remote-ui"))
    assert "password" in placeholders_of(profile.sign_in.steps)
    for steps in (profile.match.steps, profile.sign_out, *(read.steps for read in profile.reads.values())):
        assert "password" not in placeholders_of(steps)


@pytest.mark.parametrize(
    ("read", "field", "texts"),
    [
        ("ors", "state", {"connected", "disconnected", "not_configured"}),
        ("ors", "mode", {"enabled", "disabled"}),
        ("proxy", "password_set", {"set", "not_set"}),
        ("registration", "state", {"unregistered", "requested", "awaiting_claim", "registered", "failed"}),
    ],
)
def test_the_meanings_are_those_that_decisions_know_in_all_languages(read: str, field: str, texts: set[str]) -> None:
    values = shipped("sra-remote-ui")["read"][read]["fields"][field]["values"]
    assert set(values) == texts
    assert {len(words) for words in values.values()} == {3}


# --- the contract ---

CASES: dict[str, tuple[str, tuple[Any, ...], Any, tuple[Any, ...], str]] = {
    "a read that nothing uses": (
        "sra-remote-ui",
        ("read", "ink"),
        {"steps": [{"get": "ink.htm"}], "fields": {"cyan": "ids.cyan"}},
        ("read", "ink"),
        "has no read 'ink'; it has applications, identity, ors, proxy, registration",
    ),
    "a write that nothing uses": (
        "sra-remote-ui",
        ("write", "explode"),
        {"steps": [{"send": "POST", "path": "x"}]},
        ("write", "explode"),
        "has no write 'explode'",
    ),
    "a field that nothing uses": (
        "sra-remote-ui",
        ("read", "ors", "fields", "colour"),
        "ids.colour",
        ("read", "ors", "fields", "colour"),
        "nothing uses a field 'colour'; known here: last_connection, mode, state",
    ),
    "a field that is needed": (
        "sra-remote-ui",
        ("read", "ors", "fields", "mode"),
        ...,
        ("read", "ors", "fields"),
        "the field 'mode' is needed here",
    ),
    "a field of a device that a write sends": (
        "prisma-home",
        ("read", "device", "fields", "device_id"),
        ...,
        ("read", "device", "fields"),
        "the field 'device_id' is needed here, as write.",
    ),
    "a field of an application that a write sends": (
        "prismasync-settings-editor",
        ("read", "applications", "fields", "key"),
        ...,
        ("read", "applications", "fields"),
        "the field 'key' is needed here, as write.set_application uses ${key}",
    ),
    "rows where there are none": (
        "sra-remote-ui",
        ("read", "ors", "rows"),
        "tables",
        ("read", "ors"),
        "'rows' has no place here",
    ),
    "no rows where there must be": (
        "prisma-home-application",
        ("read", "devices", "rows"),
        ...,
        ("read", "devices"),
        "'rows' is",
    ),
    "a proof that is none": (
        "sra-remote-ui",
        ("write", "register", "verify"),
        "registrations",
        ("write", "register", "verify"),
        "there is no read 'registrations' in this profile",
    ),
    "a placeholder that nothing fills": (
        "sra-remote-ui",
        ("write", "set_proxy", "steps", 1, "fill", "pxHost"),
        "${hots}",
        ("write", "set_proxy", "steps", 1, "fill", "pxHost"),
        (
            "nothing fills the placeholder ${hots} here; "
            "known: domain, enabled, exceptions, host, password, port, user, username"
        ),
    ),
    "a placeholder inside a list in a body": (
        "prisma-home-application",
        ("write", "claim", "steps", 0, "json"),
        {"a": ["${tenant}", {"b": "x${nope}y"}]},
        ("write", "claim", "steps", 0, "json", "a", 1, "b"),
        "nothing fills the placeholder ${nope}",
    ),
    "an input of another operation": (
        "prisma-home-application",
        ("read", "devices", "steps", 0, "get"),
        "api/${serial}",
        ("read", "devices", "steps", 0, "get"),
        "nothing fills the placeholder ${serial}",
    ),
    "the path of a body": (
        "prisma-home-application",
        ("write", "delete_device", "steps", 0, "path"),
        "api/${device}",
        ("write", "delete_device", "steps", 0, "path"),
        "nothing fills",
    ),
    "a query": (
        "prisma-home-application",
        ("read", "devices", "steps", 0, "query", "limit"),
        "${limit}",
        ("read", "devices", "steps", 0, "query", "limit"),
        "nothing fills",
    ),
    "a header of every request": (
        "prisma-home-application",
        ("headers", "Authorization"),
        "Bearer ${token}",
        ("headers", "Authorization"),
        "nothing fills",
    ),
    "the address of tokens": (
        "prisma-home-application",
        ("sign_in", "token"),
        "${realm}/token",
        ("sign_in", "token"),
        "nothing fills",
    ),
    "a button of a row that is pressed again": (
        "cloud-administration-site",
        ("write", "remove_dashboard", "steps", 1, "repeatable"),
        True,
        ("write", "remove_dashboard", "steps", 1, "repeatable"),
        "may be that of another row by the time that it is sent again; remove this",
    ),
    "a serial number that loses its zeros": (
        "prisma-home-application",
        ("read", "devices", "fields", "serial"),
        {"pick": "serialNumber", "filters": ["integer"]},
        ("read", "devices", "fields", "serial", "filters"),
        "another printer; remove 'integer'",
    ),
    "a scope": ("prisma-home-application", ("sign_in", "scope"), "${scope}", ("sign_in", "scope"), "nothing fills"),
    "the sign-out": (
        "prisma-home-application",
        ("sign_out", "steps", 0, "form", "token"),
        "${refresh_token}",
        ("sign_out", "steps", 0, "form", "token"),
        "nothing fills",
    ),
    "the password before anybody knows what answers": (
        "sra-remote-ui",
        ("match", "steps", 0, "get"),
        "login.htm?p=${password}",
        ("match", "steps", 0, "get"),
        "nothing fills the placeholder ${password}",
    ),
    "a placeholder of another form": (
        "sra-remote-ui",
        ("match", "steps", 0, "get"),
        "${host name}",
        ("match", "steps", 0, "get"),
        "is not of the form ${name}",
    ),
    "a form of no page": (
        "sra-remote-ui",
        ("read", "ors", "steps"),
        [{"submit": "forms[0]"}],
        ("read", "ors", "steps", 0, "submit"),
        "there is no page before this step to submit from",
    ),
    "a link of no page": (
        "sra-remote-ui",
        ("sign_out", "steps"),
        [{"follow": "links[0].href"}],
        ("sign_out", "steps", 0, "follow"),
        "there is no page before this step to follow from",
    ),
    "an expression that does not parse": (
        "sra-remote-ui",
        ("problems", 1, "when"),
        "ids.msg-busy",
        ("problems", 1, "when"),
        "does not parse",
    ),
    "a text of a problem": (
        "prisma-home-application",
        ("problems", 0, "text"),
        "a b",
        ("problems", 0, "text"),
        "does not parse",
    ),
    "a proof of the last page": (
        "prisma-home-application",
        ("read", "devices", "complete"),
        {"last_page": "a b"},
        ("read", "devices", "complete", "last_page"),
        "does not parse",
    ),
    "the next page": (
        "prisma-home-application",
        ("read", "devices", "paging", "next"),
        "a b",
        ("read", "devices", "paging", "next"),
        "does not parse",
    ),
    "what is kept": (
        "sra-remote-ui",
        ("sign_in", "steps", 1, "keep"),
        {"token": {"pick": "a b"}},
        ("sign_in", "steps", 1, "keep", "token", "pick"),
        "does not parse",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_the_contract_refuses_is_told_with_its_place(case: str) -> None:
    name, path, value, place, what = CASES[case]
    with pytest.raises(ProfileProblem) as caught:
        built(changed(name, path, value))
    assert what in str(caught.value)
    assert caught.value.path == place


def test_what_the_sign_in_keeps_may_be_used_after_it() -> None:
    source = changed("sra-remote-ui", ("sign_in", "steps", 1, "keep"), {"token": "ids.token"})
    source["headers"] = {"X-Token": "${token}"}
    assert built(source).headers == {"X-Token": "${token}"}
    source["match"]["steps"][0]["query"] = {"t": "${token}"}
    with pytest.raises(ProfileProblem, match="nothing fills"):
        built(source)


def test_what_a_step_keeps_is_known_to_later_steps_only() -> None:
    steps: list[dict[str, Any]] = [{"get": "a"}, {"get": "b", "query": {"t": "${token}"}}]
    source = changed("sra-remote-ui", ("read", "ors", "steps"), steps)
    steps[0]["keep"] = {"token": "ids.token"}
    built(source)
    steps.reverse()
    with pytest.raises(ProfileProblem, match="nothing fills"):
        built(source)


# --- placeholders ---


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("${port}", 3128),
        ("${nothing}", None),
        ("${list}", ["a", "b"]),
        (":${port}/${nothing}/${on}", ":3128//True"),
        ("no placeholder $x $ {y}", "no placeholder $x $ {y}"),
        ({"a": ["${port}", {"b": "${on}"}], "c": 7}, {"a": [3128, {"b": True}], "c": 7}),
        ({"join": ";", "of": "${list}"}, "a;b"),
        ({"join": ";", "of": "${nothing}"}, None),
        ({"join": ";", "of": "${empty}"}, ""),
        (None, None),
    ],
)
def test_a_placeholder_that_stands_alone_keeps_its_type(value: Any, filled: Any) -> None:
    variables = {"port": 3128, "nothing": None, "on": True, "list": ["a", "b"], "empty": []}
    found = fill(value, variables)
    assert (found, type(found)) == (filled, type(filled))


@given(st.text(), st.text())
def test_what_is_filled_in_is_not_looked_at_again(before: str, value: str) -> None:
    kept = before.replace("${", "")
    assert fill(kept + "-${it}-${it}", {"it": value}) == f"{kept}-{value}-{value}"
    assert fill("${it}", {"it": "${it}"}) == "${it}"
