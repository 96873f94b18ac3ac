# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module device_proxy as real runs: what it writes, when, and what the printer's own test then says."""

from __future__ import annotations

from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(
        [
            {"name": "fresh"},
            {"name": "french", "language": "fr"},
            {"name": "password"},
            {"name": "exceptions", "language": "fr"},
            {"name": "off", "proxy": "good"},
            {"name": "testing"},
            {"name": "behind", "network": "proxy_required", "proxy": "wrong"},
            {"name": "behind-too", "network": "proxy_required", "proxy": "wrong"},
            {"name": "input"},
            {"name": "stale", "network": "proxy_required"},
            {"name": "tab", "language": "de", "proxy_fields": "host_and_port"},
        ]
    )


@pytest.mark.parametrize("name", ["fresh", pytest.param("french", marks=pytest.mark.slow)])
def test_check_mode_tells_what_the_run_then_does_once(fleet: Fleet, name: str) -> None:
    task = {"device_proxy": fleet.proxy()}
    watch = fleet.watch()
    (planned,) = fleet.tasks(name, task, check=True)
    assert planned["changed"]
    assert planned["test"]["result"] == "not_tested"
    assert watch.writes() == {}
    assert watch.changes() == []

    done, again = fleet.tasks(name, task, task)
    assert done["changed"]
    assert done["diff"] == planned["diff"]
    assert done["plan"] == planned["plan"]
    assert done["test"]["result"] == "passed"
    assert not again["changed"]
    assert "diff" not in again
    assert watch.changes() == [(name, "proxy_changed")]

    (planned_again,) = fleet.tasks(name, task, check=True)
    assert not planned_again["changed"]


def test_the_diff_shows_every_value_but_the_password(fleet: Fleet) -> None:
    proxy = fleet.proxy()
    (planned,) = fleet.tasks("input", {"device_proxy": proxy}, check=True)
    assert planned["diff"]["before"]["proxy"] == {
        "enabled": False,
        "host": "",
        "port": None,
        "user": "",
        "password": "(not set)",
        "exceptions": [],
    }
    assert planned["diff"]["after"]["proxy"] == {
        "enabled": True,
        "host": proxy["proxy_host"],
        "port": proxy["proxy_port"],
        "user": proxy["proxy_user"],
        "password": "(updated)",
        "exceptions": [],
    }
    assert proxy["proxy_password"] not in str(planned)


def test_a_password_is_written_with_another_change_or_when_always(fleet: Fleet) -> None:
    proxy = fleet.proxy()
    first, other, always, always_again, back = fleet.tasks(
        "password",
        {"device_proxy": proxy},
        {"device_proxy": {**proxy, "proxy_password": "wrong-secret"}},
        {"device_proxy": {**proxy, "update_password": "always"}},
        {"device_proxy": {**proxy, "update_password": "always"}},
        {"device_proxy": proxy},
    )
    assert first["changed"]
    assert not other["changed"]
    for result in (always, always_again):
        assert result["changed"]
        assert result["diff"]["before"]["proxy"]["password"] == "(set)"
        assert result["diff"]["after"]["proxy"]["password"] == "(updated)"
    assert not back["changed"]


def test_a_password_that_is_wrong_is_proxy_wrong_and_mended_by_always(fleet: Fleet) -> None:
    proxy = fleet.proxy()
    wrong, mended = fleet.tasks(
        "password",
        {"device_proxy": {**proxy, "proxy_password": "wrong-secret", "update_password": "always"}},
        {"device_proxy": {**proxy, "update_password": "always"}},
    )
    assert wrong["failed"]
    assert wrong["outcome"] == "proxy_wrong"
    assert wrong["changed"]
    assert wrong["diff"]
    assert "wrong-secret" not in str(wrong)
    assert mended["test"]["result"] == "passed"


def test_a_corrected_password_is_written_when_the_printers_test_fails(fleet: Fleet) -> None:
    """Given a password that was declared wrongly, then the corrected one is written without update_password, once."""
    proxy = fleet.proxy()
    (wrong,) = fleet.tasks("stale", {"device_proxy": {**proxy, "proxy_password": "wrong-secret"}})
    assert (wrong["outcome"], wrong["changed"]) == ("proxy_wrong", True)
    watch = fleet.watch()
    (planned,) = fleet.tasks("stale", {"device_proxy": proxy}, check=True)
    assert (planned["failed"], planned["changed"], planned["test"]["result"]) == (False, True, "failed")
    assert watch.changes() == []
    corrected, again = fleet.tasks("stale", {"device_proxy": proxy}, {"device_proxy": {**proxy, "test": "always"}})
    assert (corrected["failed"], corrected["changed"], corrected["test"]["result"]) == (False, True, "passed")
    assert corrected["diff"] == planned["diff"]
    assert corrected["diff"]["after"]["proxy"]["password"] == "(updated)"
    assert (again["changed"], again["test"]["result"]) == (False, "passed")
    assert watch.changes() == [("stale", "proxy_changed")]


@pytest.mark.slow
def test_a_password_that_is_still_wrong_is_written_once_in_a_run(fleet: Fleet) -> None:
    proxy = fleet.proxy()
    fleet.tasks("stale", {"device_proxy": {**proxy, "proxy_password": "wrong-secret", "update_password": "always"}})
    watch = fleet.watch()
    (still,) = fleet.tasks("stale", {"device_proxy": {**proxy, "proxy_password": "wrong-too"}})
    assert (still["outcome"], still["changed"]) == ("proxy_wrong", True)
    assert watch.count("proxy_changed", "stale") == 1
    assert "wrong-too" not in str(still)


@pytest.mark.slow
def test_a_tab_without_user_password_and_exceptions(fleet: Fleet) -> None:
    """Given such a tab, then host and port are kept as declared, and what has no field is refused before a write."""
    proxy = {"proxy_host": "proxy.example.com", "proxy_port": 3128, "test": "never"}
    empty = {"proxy_user": "", "proxy_password": "", "proxy_exceptions": []}
    first, again, same = fleet.tasks(
        "tab", {"device_proxy": proxy}, {"device_proxy": proxy}, {"device_proxy": {**proxy, **empty}}
    )
    assert (first["failed"], first["changed"]) == (False, True), first
    assert (again["changed"], same["changed"]) == (False, False)
    watch = fleet.watch()
    more = {"proxy_user": "print", "proxy_password": "a-secret-of-it", "proxy_exceptions": ["localhost"]}
    (refused,) = fleet.tasks("tab", {"device_proxy": {**proxy, **more, "proxy_port": 8080}})
    assert (refused["failed"], refused["changed"]) == (True, False)
    for name in ("user", "password", "exceptions"):
        assert f"onboard_proxy.{name}" in refused["reason"]
    assert watch.writes() == {}


def test_order_and_case_of_exceptions_are_no_difference(fleet: Fleet) -> None:
    proxy = fleet.proxy()
    first, again, left_alone, fewer, none = fleet.tasks(
        "exceptions",
        {"device_proxy": {**proxy, "proxy_exceptions": ["b.example.com", "A.example.com"]}},
        {"device_proxy": {**proxy, "proxy_exceptions": ["a.example.com", "B.EXAMPLE.com"]}},
        {"device_proxy": proxy},
        {"device_proxy": {**proxy, "proxy_exceptions": ["a.example.com"]}},
        {"device_proxy": {**proxy, "proxy_exceptions": []}},
    )
    assert first["changed"]
    assert first["diff"]["after"]["proxy"]["exceptions"] == ["a.example.com", "b.example.com"]
    assert not again["changed"]
    assert not left_alone["changed"]
    assert fewer["changed"]
    assert fewer["diff"]["after"]["proxy"]["exceptions"] == ["a.example.com"]
    assert none["changed"]
    assert none["diff"]["after"]["proxy"]["exceptions"] == []


def test_absent_switches_the_proxy_off_and_leaves_its_values(fleet: Fleet) -> None:
    task = {"device_proxy": {"state": "absent"}}
    watch = fleet.watch()
    (planned,) = fleet.tasks("off", task, check=True)
    assert watch.writes() == {}
    done, again, on = fleet.tasks("off", task, task, {"device_proxy": {**fleet.proxy(), "test": "never"}})
    assert done["diff"] == planned["diff"]
    assert (done["diff"]["before"]["proxy"]["enabled"], done["diff"]["after"]["proxy"]["enabled"]) == (True, False)
    assert {**done["diff"]["before"]["proxy"], "enabled": False} == done["diff"]["after"]["proxy"]
    assert done["test"]["result"] == "not_tested"
    assert not again["changed"]
    assert on["diff"]["before"] == done["diff"]["after"]
    assert on["diff"]["after"]["proxy"]["password"] == "(set)"


def test_the_connection_is_tested_as_the_option_says(fleet: Fleet) -> None:
    proxy = fleet.proxy()
    tested = [
        result["test"]["result"]
        for result in fleet.tasks(
            "testing",
            {"device_proxy": {**proxy, "test": "never"}},  # a change
            {"ors_status": {"ready": True, "wait_timeout": 60, "wait_sleep": 0.2}},
            {"device_proxy": proxy},
            {"device_proxy": {**proxy, "test": "always"}},
            {"device_proxy": {**proxy, "test": "never"}},
        )
        if "test" in result
    ]
    assert tested == ["not_tested", "not_tested", "passed", "not_tested"]


def test_without_a_change_it_is_tested_while_ors_is_not_connected(fleet: Fleet) -> None:
    dead = fleet.simulation.ready["dead_proxy"]
    task = {"device_proxy": {"proxy_host": dead["host"], "proxy_port": dead["port"]}}
    wrong, still_wrong, mended = fleet.tasks("behind", task, task, {"device_proxy": fleet.proxy()})
    for result in (wrong, still_wrong):
        assert result["outcome"] == "proxy_wrong"
        assert f"{dead['host']}:{dead['port']}" in result["msg"]
        assert result["details"]["test"]["result"] == "failed"
    assert not still_wrong["changed"]
    assert mended["changed"]
    assert mended["test"]["result"] == "passed"


@pytest.mark.slow
def test_check_mode_tells_a_proxy_that_is_set_and_wrong_as_the_run_does(fleet: Fleet) -> None:
    dead = fleet.simulation.ready["dead_proxy"]
    task = {"device_proxy": {"proxy_host": dead["host"], "proxy_port": dead["port"]}}
    fleet.tasks("behind-too", task)
    watch = fleet.watch()
    (planned,) = fleet.tasks("behind-too", task, check=True)
    assert watch.changes() == []
    (done,) = fleet.tasks("behind-too", task)
    same = ("outcome", "reason", "advice", "changed", "msg")
    assert {name: planned[name] for name in same} == {name: done[name] for name in same}
    assert planned["outcome"] == "proxy_wrong"


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"proxy_host": "proxy.example.com"}, "proxy_port"),
    ({"proxy_host": "proxy.example.com", "proxy_port": 70000}, "proxy_port 70000 is not a port"),
    ({"proxy_host": "proxy.example.com", "proxy_port": "many"}, "proxy_port"),
    ({"proxy_host": "http://proxy.example.com", "proxy_port": 3128}, "is not the name or address of a host"),
    ({"proxy_host": "", "proxy_port": 3128}, "is not the name or address of a host"),
    ({"proxy_host": "p.example.com", "proxy_port": 1, "update_password": "sometimes"}, "update_password"),
    ({"proxy_host": "p.example.com", "proxy_port": 1, "test": "maybe"}, "test is 'maybe', but must be one of"),
]


def test_a_proxy_that_cannot_be_is_told_before_anything_is_sent(fleet: Fleet) -> None:
    watch = fleet.watch()
    results = fleet.tasks("input", *({"device_proxy": options} for options, _said in IMPOSSIBLE))
    for result, (options, said) in zip(results, IMPOSSIBLE, strict=True):
        assert result["failed"], options
        assert said in result["msg"], options
    assert watch.requests() == 0
