# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role that was not read is not "no role": each row of a tenant's people accounts for every application."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from unit.prisma.tenant_loopback import TenantBench, people_query
from unit.web.loopback import Answer, Asked

JO = "jo@example.com"
MANAGER, ACCOUNTING, MATCH = "prismacolor-manager", "prismalytics-accounting", "remote-match"
HEADERS = {MANAGER: "PRISMAcolor Manager", ACCOUNTING: "PRISMAlytics Accounting", MATCH: "Remote Match"}
KEPT = {"max_removals": 0, "protected": ["jo@*"]}


def with_columns(tenant: TenantBench, *renamed: tuple[str, str], only: tuple[str, ...] = tuple(HEADERS)) -> None:
    """Have a tenant that shows people in a table, a column per application, of which the profile knows ``only``."""
    each = ", ".join(f"{{id: '{name}', role: columns.\"{HEADERS[name]}\"}}" for name in only)
    roles = "role: (role == '' && 'none') || (role == 'Administrator' && 'administrator') || (role == 'User' && 'user')"
    for read in ("people", "find_person"):
        tenant.source["read"][read]["fields"] = {
            **tenant.source["read"][read]["fields"],
            "applications": f"[{each}][*].{{id: id, {roles} || role}}",
        }
    headers = {**HEADERS, **dict(renamed)}

    def table(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/people"):
            return None
        page = json.loads(tenant.site._list(people_query(asked)).body)
        for item in page["items"]:
            roles = {one["id"]: one["role"].capitalize() for one in item.pop("applications")}
            item["columns"] = {header: roles.get(name, "") for name, header in headers.items()}
        return Answer(200, {"Content-Type": "application/json"}, json.dumps(page).encode())

    tenant.site.override = table


def declared(tenant: TenantBench, roles: dict[str, str]) -> dict[str, Any]:
    found = tenant.declared(guardrails=KEPT)
    return {**found, "people": [*found["people"], {"email": JO, "applications": roles}]}


def put_administrator(tenant: TenantBench) -> None:
    tenant.put(JO, names=[])
    tenant.site.rules.members[JO].roles[MATCH] = "administrator"


def test_every_column_is_read_and_an_empty_cell_is_no_role(tenant: TenantBench) -> None:
    put_administrator(tenant)
    with_columns(tenant)
    assert tenant.run(tenant.access, declared=declared(tenant, {MATCH: "administrator"}))["outcome"] == "in_sync"
    kept = tenant.run(tenant.access, declared=declared(tenant, {MATCH: "user"}), check=True)
    assert (kept["outcome"], kept["plan"]["held_back"][0]["reason"]) == ("in_sync", "protected")
    given = tenant.run(tenant.user, people=[JO], applications={ACCOUNTING: "user"})
    assert given["outcome"] == "applied", given


@pytest.mark.parametrize("wanted", [{}, {MATCH: "user"}, {ACCOUNTING: "user"}])
def test_a_column_of_another_name_is_not_read_as_no_role(tenant: TenantBench, wanted: dict[str, str]) -> None:
    put_administrator(tenant)
    with_columns(tenant, (MATCH, "Remote Match 2"))
    for result in (
        tenant.run(tenant.access, declared=declared(tenant, wanted)),
        tenant.run(tenant.user, people=[JO], applications=wanted or {MATCH: "none"}),
        tenant.run(tenant.info),
    ):
        assert (result["outcome"], tenant.writes) == ("incomplete", []), result
        assert "does not show which role" in result["msg"]
        assert MATCH in result["msg"]
    assert tenant.site.rules.members[JO].roles == {MATCH: "administrator"}


@pytest.mark.parametrize("offered", [True, False])
def test_an_application_without_a_column_is_not_read_as_no_role(tenant: TenantBench, offered: bool) -> None:
    """Given a profile whose list of people has no column for an application that is offered, or only named."""
    put_administrator(tenant)
    with_columns(tenant, only=(MANAGER, ACCOUNTING))
    if not offered:
        del tenant.source["read"]["applications"]
    for result in (
        tenant.run(tenant.access, declared=declared(tenant, {MATCH: "user"})),
        tenant.run(tenant.user, people=[JO], applications={MATCH: "none"}),
    ):
        assert (result["outcome"], tenant.writes) == ("incomplete", []), result
        assert "remote-match" in result["msg"]


@pytest.mark.parametrize(
    ("applications", "words"),
    [
        (None, "applications"),
        ("remote-match", "applications"),
        ([None], "applications"),
        ([{"id": MATCH, "role": None}], "does not show which role"),
        ([{"id": MATCH}], "does not show which role"),
        ([{"id": "*", "role": "user"}], "'user' in *"),
        ([], "does not show which role"),
    ],
)
def test_roles_that_are_not_there_make_the_list_incomplete(tenant: TenantBench, applications: Any, words: str) -> None:
    for read in ("people", "find_person"):
        field = {"pick": "applications", "required": False}
        tenant.source["read"][read]["fields"] = {**tenant.source["read"][read]["fields"], "applications": field}

    def odd(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/people"):
            return None
        page = json.loads(tenant.site._list(people_query(asked)).body)
        for item in page["items"]:
            item["applications"] = [{"id": "*", "role": "none"}]
        page["items"][-1]["applications"] = applications
        return Answer(200, {"Content-Type": "application/json"}, json.dumps(page).encode())

    tenant.site.override = odd
    result = tenant.run(tenant.user, people=[JO])
    assert (result["outcome"], tenant.writes) == ("incomplete", []), result
    assert words in result["msg"]


def test_a_search_that_lacks_a_column_proves_no_removal(tenant: TenantBench) -> None:
    """Given a tenant that ignores the second removal, and a search without that column: the third one is not sent."""
    people = (JO, "pat@example.com", "sam@example.com")
    for who in people:
        tenant.put(who, names=[MATCH])
    with_columns(tenant)
    whole = tenant.site.override

    def search(asked: Asked) -> Answer | None:
        if asked.path == "/application" and tenant.address_in(asked) == people[1]:
            return tenant.accept()
        answer = whole(asked)
        if answer is None or "q=" not in asked.path:
            return answer
        page = json.loads(answer.body)
        for item in page["items"]:
            del item["columns"][HEADERS[MATCH]]
        return Answer(200, {"Content-Type": "application/json"}, json.dumps(page).encode())

    tenant.site.override = search
    result = tenant.run(tenant.user, people=[*people], applications={MATCH: "none"})
    assert result["outcome"] == "partly_applied", result
    assert tenant.names(people[2]) == {MATCH}


@pytest.mark.parametrize("read", ["people", "find_person"])
def test_the_pages_of_prisma_home_tell_an_empty_cell_from_a_missing_one(read: str) -> None:
    pick = find_profile("prisma-home", "tenant", None).reads[read].fields["applications"]
    row = {"PRISMAlystics Dashboard": "Administrator", "PRISMAlytics Accounting": "User", "Remote Match": ""}
    roles = {one["id"]: one["role"] for one in pick.value(row)[0]}
    assert (roles["prismalytics-dashboard"], roles["remote-match"]) == (None, "none")
    assert roles["prismalytics-accounting"] == "user"


@pytest.mark.parametrize("read", ["people", "find_person"])
@pytest.mark.parametrize(("row", "whole"), [({"applications": []}, True), ({}, False), ({"applications": None}, False)])
def test_the_application_of_prisma_home_lists_only_roles_that_people_have(
    read: str, row: dict[str, Any], whole: bool
) -> None:
    pick = find_profile("prisma-home-application", "tenant", None).reads[read].fields["applications"]
    assert (pick.value(row)[0] == [{"id": "*", "role": "none"}]) is whole
