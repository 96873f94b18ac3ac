# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of the proxy client: what is written, what a diff shows, and that a second run needs nothing."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.proxy import (
    PASSWORD_UPDATED,
    ProxyChange,
    ProxySettings,
    plan_proxy,
    split_exceptions,
)
from hypothesis import given
from hypothesis import strategies as st

hosts = st.sampled_from(["", "proxy.example.com", "Proxy.Example.COM", "10.0.0.1"])
ports = st.none() | st.integers(1, 65535)
users = st.sampled_from(["", "printer", "Printer"])
exceptions = st.lists(st.sampled_from(["localhost", "LOCALHOST", "intranet.example.com", "*.example.org"]), max_size=4)
passwords = st.none() | st.sampled_from(["", "correct horse", "battery"])

settings = st.builds(
    ProxySettings,
    enabled=st.booleans(),
    host=hosts,
    port=ports,
    user=users,
    password_set=st.sampled_from([True, False, None]),
    exceptions=exceptions.map(lambda found: split_exceptions(";".join(found))),
)
FIELDS = ("user", "password", "exceptions")
declared = st.fixed_dictionaries(
    {"present": st.booleans()},
    optional={
        "host": st.none() | hosts.filter(bool),
        "port": ports,
        "user": st.none() | users,
        "password": passwords,
        "exceptions": st.none() | exceptions,
    },
)


def applied(current: ProxySettings, change: ProxyChange) -> ProxySettings:
    """What a controller shows after the change."""
    shown = None if current.password_set is None else current.password_set or bool(change.password)
    return dataclasses.replace(change.wanted, password_set=shown)


@given(settings, declared)
def test_a_second_run_needs_nothing(current: ProxySettings, wanted: dict[str, Any]) -> None:
    change = plan_proxy(current, **wanted)
    again = plan_proxy(applied(current, change), **wanted)
    assert not again.needed
    assert again.password is None


@given(settings, declared)
def test_what_is_not_declared_stays(current: ProxySettings, wanted: dict[str, Any]) -> None:
    change = plan_proxy(current, **wanted)
    after = applied(current, change)
    for name in ("host", "port", "user", "exceptions"):
        if wanted.get(name) is None or not wanted["present"]:
            kept, was = getattr(after, name), getattr(current, name)
            assert kept == was or (name == "host" and kept.lower() == was.lower())
    assert after.enabled is wanted["present"]


@given(settings, declared, st.booleans())
def test_the_password_is_never_shown(current: ProxySettings, wanted: dict[str, Any], always: bool) -> None:
    change = plan_proxy(current, **wanted, update_password=always)
    if wanted.get("password"):
        assert wanted["password"] not in repr((change.before, change.after))


@given(settings, declared, st.booleans())
def test_a_password_that_is_written_shows_as_a_change(
    current: ProxySettings, wanted: dict[str, Any], always: bool
) -> None:
    change = plan_proxy(current, **wanted, update_password=always)
    assert (change.password is not None) is (change.after["password"] == PASSWORD_UPDATED)
    if change.password is not None:
        assert change.needed


GOOD = ProxySettings(True, "proxy.example.com", 3128, "printer", True, ("localhost",))


@pytest.mark.parametrize(
    ("current", "wanted", "written"),
    [
        (GOOD, {}, False),
        (GOOD, {"update_password": True}, True),
        (GOOD, {"exceptions": ["localhost", "intranet.example.com"]}, False),
        (dataclasses.replace(GOOD, enabled=False), {}, False),
        (dataclasses.replace(GOOD, password_set=False), {}, True),
        (dataclasses.replace(GOOD, password_set=None), {}, False),
        (dataclasses.replace(GOOD, password_set=None), {"update_password": True}, True),
        (dataclasses.replace(GOOD, password_set=None, host="other.example.com"), {}, True),
        (dataclasses.replace(GOOD, host="other.example.com"), {}, True),
        (dataclasses.replace(GOOD, port=8080), {}, True),
        (dataclasses.replace(GOOD, user="other"), {}, True),
        (dataclasses.replace(GOOD, host="PROXY.example.com"), {}, False),
    ],
)
def test_a_password_is_written_when_there_is_none_or_what_it_belongs_to_changes(
    current: ProxySettings, wanted: dict[str, Any], written: bool
) -> None:
    declared: dict[str, Any] = {"host": "proxy.example.com", "port": 3128, "user": "printer", "password": "secret"}
    change = plan_proxy(current, present=True, **{**declared, **wanted})
    assert change.password == ("secret" if written else None)


def test_an_empty_password_is_no_password() -> None:
    current = dataclasses.replace(GOOD, password_set=False)
    change = plan_proxy(current, present=True, password="", update_password=True)
    assert not change.needed
    assert change.password is None


def test_switched_off_keeps_everything_else() -> None:
    change = plan_proxy(GOOD, present=False, host="other.example.com", password="secret")
    assert change.needed
    assert (change.wanted, change.password) == (dataclasses.replace(GOOD, enabled=False), None)
    assert change.after == {**change.before, "enabled": False}
    assert not plan_proxy(dataclasses.replace(GOOD, enabled=False), present=False).needed


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        (None, ()),
        (" ; , ", ()),
        ("b;a", ("a", "b")),
        ("B a,A ;b", ("a", "b")),
        ("localhost, Intranet.Example.com", ("intranet.example.com", "localhost")),
    ],
)
def test_exceptions_have_neither_order_nor_case_nor_doubles(text: str | None, hosts: tuple[str, ...]) -> None:
    assert split_exceptions(text) == hosts


@given(exceptions, st.randoms(use_true_random=False))
def test_another_order_of_exceptions_is_no_change(listed: list[str], random: Any) -> None:
    shuffled = [item.swapcase() for item in listed]
    random.shuffle(shuffled)
    current = dataclasses.replace(GOOD, exceptions=split_exceptions(";".join(listed)))
    assert not plan_proxy(current, present=True, exceptions=shuffled).needed


def test_no_exceptions_is_not_the_same_as_undeclared_ones() -> None:
    assert plan_proxy(GOOD, present=True, exceptions=[]).wanted.exceptions == ()
    assert plan_proxy(GOOD, present=True, exceptions=None).wanted.exceptions == ("localhost",)


@given(settings, declared)
def test_what_was_written_is_recognised_when_it_is_read_back(current: ProxySettings, wanted: dict[str, Any]) -> None:
    change = plan_proxy(current, **wanted)
    assert change.is_met_by(applied(current, change))
    if change.needed and not change.password:
        assert not change.is_met_by(current)


def test_a_declared_value_that_reads_otherwise_is_not_met() -> None:
    change = plan_proxy(ProxySettings(False), present=True, host="P.example.com", port=1, password="secret")
    good = ProxySettings(True, "p.EXAMPLE.com", 1, password_set=True)
    assert change.is_met_by(good)
    others: dict[str, Any] = {"enabled": False, "host": "q", "port": 2, "user": "u", "password_set": False}
    for name, other in others.items():
        assert not change.is_met_by(dataclasses.replace(good, **{name: other})), name
    assert change.inputs() == {
        "enabled": True,
        "host": "p.example.com",
        "port": 1,
        "user": "",
        "password": "secret",
        "exceptions": [],
    }


@given(settings, declared, st.sets(st.sampled_from(FIELDS)))
def test_what_the_interface_has_no_field_for_is_named_and_never_written(
    current: ProxySettings, wanted: dict[str, Any], lacking: set[str]
) -> None:
    lacks = dataclasses.replace(current, lacking=frozenset(lacking))
    given_values = {name: wanted.get(name) for name in FIELDS}
    refused = lacks.without_field(**given_values)
    assert refused == sorted(name for name in lacking if given_values[name])
    if not refused:
        inputs = plan_proxy(lacks, **wanted).inputs()
        assert {name: inputs[name] for name in lacking} == dict.fromkeys(lacking)
        assert set(inputs) == {"enabled", "host", "port", *FIELDS}
    assert "lacking" not in lacks.as_dict()
