# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites with other lists than the manual's, or whose [Add] does something else: what is declared is kept exactly."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.modules.cloud_admin import TASK as ADMIN
from unit.prisma.site_loopback import ACCOUNT, SiteBench
from unit.prisma.test_site_rows import BOB, OB, SECOND, TwoLists, page
from unit.web.loopback import Answer, Asked

ALL = ["dashboard", "remote_match", "remote_control"]
REMOVABLE = ["people", "dashboard", "remote_match", "remote_control_active", "administrators"]
MORE: dict[str, Any] = {"max_removal_percent": 100}


class PeopleAndApplications:
    """A site with a list of all users and lists of applications; [Add] a user puts them on People and Dashboard."""

    def __init__(self, bench: SiteBench, lists: list[str] | None = None) -> None:
        self.bench = bench
        self.names = REMOVABLE if lists is None else lists
        bench.site.rules.lists["people"] = {}
        bench.site.size = 50
        source = bench.source
        listed = source["read"]["dashboard"]
        source["read"] = {
            "account": source["read"]["account"],
            **{name: {**listed, "steps": [{"get": f"people/{name}"}]} for name in self.names},
        }
        writes = {name: source["write"][name] for name in ("add_user", "add_administrator")}
        writes |= {
            f"remove_{name}": {
                "steps": [{"send": "POST", "path": f"remove/{name}", "form": {"email": "${address}"}}],
            }
            for name in self.names
        }
        for write in writes.values():
            write.pop("verify", None)
        writes["add_user"]["puts_on"] = [name for name in ("people", "dashboard") if name in self.names]
        writes["add_administrator"]["puts_on"] = ["administrators"]
        source["write"] = writes
        source["lists"] = self.names
        bench.site.override = self.answer

    def answer(self, asked: Asked) -> Answer | None:
        lists, (path, _slash, name) = self.bench.site.rules.lists, asked.path.strip("/").partition("/")
        if path == "add":
            who = self.bench.address_in(asked)
            for each in ("people", "dashboard") if name == "user" else ("administrators",):
                lists[each][who] = who
        elif path == "remove":
            lists[name].pop(self.bench.address_in(asked), None)
        else:
            return None
        return page("<p id=said>done</p>")

    def put(self, who: str, *names: str) -> None:
        self.bench.put(who, names=list(names))


def test_who_is_offboarded_leaves_the_list_of_all_users_too(bench: SiteBench) -> None:
    """The role offboard removes people as administrators, from all applications, and from the list of all users."""
    site = TwoLists(bench)
    result = bench.run(ADMIN, people=[BOB], state="absent", applications=ALL, **MORE)
    assert result["outcome"] == "applied", result
    assert BOB not in site.lists["people"]
    site.lists["people"].add(OB)
    site.lists["administrators"].add(OB)
    only = bench.run(ADMIN, people=[OB], state="absent", applications=["dashboard"], **MORE)
    assert only["outcome"] == "applied"
    assert (OB in site.lists["people"], OB in site.lists["administrators"]) == (True, False)


@pytest.mark.parametrize("new", [False, True])
def test_an_administrator_with_applications_stays_on_the_list_of_all_users(bench: SiteBench, new: bool) -> None:
    """No option of cloud_admin names that list: nobody is taken off it, also not whom [Add] puts there."""
    site = PeopleAndApplications(bench)
    bench.source["write"]["add_administrator"]["puts_on"] = ["administrators", "people", "dashboard"]
    given = bench.site.override

    def override(asked: Asked) -> Answer | None:
        if asked.path == "/add/administrator":
            site.put(bench.address_in(asked), "people", "dashboard")
        return given(asked)

    bench.site.override = override
    if not new:
        site.put(OB, "people", "remote_match")
    result = bench.run(ADMIN, people=[OB], applications=["dashboard"], **MORE)
    assert (result["outcome"], bench.names(OB)) == ("applied", {"people", "dashboard", "administrators"}), result
    assert "remove/people" not in " ".join(bench.writes)
    only = bench.run(ADMIN, people=[OB], applications=[], **MORE)
    assert (only["outcome"], bench.names(OB)) == ("applied", {"people", "administrators"}), only


def test_applications_that_are_declared_are_kept_though_add_does_not_give_them(bench: SiteBench) -> None:
    PeopleAndApplications(bench).put(OB, "people", "dashboard", "remote_match", "remote_control_active")
    before = bench.names(OB)
    declared = bench.declared((OB, ALL), administrators=[{"email": who, "applications": ALL} for who in (ACCOUNT,)])
    declared["administrators"] = [{"email": who, "applications": ["dashboard", "remote_match"]} for who in ADMINS]
    for who in ADMINS:
        bench.put(who, names=["dashboard", "remote_match"])
        for name in ("people", "remote_control_active"):
            bench.site.rules.lists[name].pop(who, None)
    result = bench.run(bench.access, declared=declared)
    assert (result["outcome"], bench.writes) == ("in_sync", []), result
    named = bench.run(bench.user, people=[OB], applications=ALL, **MORE)
    assert (named["outcome"], bench.writes, bench.names(OB)) == ("in_sync", [], before), named


ADMINS = (ACCOUNT, SECOND)


def test_the_default_keeps_the_applications_that_somebody_has(bench: SiteBench) -> None:
    """cloud_user without applications: what this site's [Add] gives, and nothing is taken away."""
    PeopleAndApplications(bench).put(OB, "people", "dashboard", "remote_match", "remote_control_active")
    assert bench.run(bench.user, people=[OB], **MORE)["outcome"] == "in_sync"
    assert bench.writes == []


def test_an_application_that_is_declared_and_that_the_site_lacks_is_an_error_also_with_all_three(
    bench: SiteBench,
) -> None:
    TwoLists(bench)
    declared = bench.declared((OB, ALL))
    for administrator in declared["administrators"]:
        administrator["applications"] = []
    result = bench.run(bench.access, declared=declared)
    assert (result["outcome"], bench.writes) == ("bad_input", [])
    assert f"{OB}: the site has no list of dashboard" in result["msg"]


@pytest.mark.parametrize("names", [["people"], ["people", "dashboard"], ["people", "dashboard", "remote_match"]])
def test_the_dump_of_such_a_site_is_in_sync(bench: SiteBench, names: list[str]) -> None:
    PeopleAndApplications(bench).put(OB, *names)
    found = bench.run(bench.info)
    expected = {"email": OB, "applications": [name for name in names if name != "people"]}
    assert expected in found["declared"]["users"]
    again = bench.run(bench.access, declared={**found["declared"], "mode": "authoritative"})
    assert (again["outcome"], bench.writes) == ("in_sync", []), again


def test_a_user_of_no_application_is_an_error_where_there_is_no_list_of_all_users(bench: SiteBench) -> None:
    result = bench.run(bench.access, declared=bench.declared((OB, [])))
    assert (result["outcome"], bench.writes) == ("bad_input", [])
    assert f"{OB}: applications is empty, and the site has no list of all users" in result["msg"]
