# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile that lacks an operation: check mode and an audit say what a run will not do, and how a person goes on."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.status import junit, status
from unit.decide.access.tenant_model import APPLICATIONS
from unit.prisma.site_loopback import SiteBench
from unit.prisma.tenant_loopback import TenantBench

JO, ANN, SAM = "jo@example.com", "ann@example.com", "sam@example.com"
NO_ADDING = "the site's profile has no operation add_user"
NO_REMOVAL = "the site's profile has no operation remove_dashboard"
BOTH = ["dashboard", "remote_match"]


def lacking(bench: SiteBench, *operations: str) -> dict[str, Any]:
    """Have Jo on both lists and Ann on none, Ann declared and Jo not, and a profile without these operations."""
    bench.put(JO, names=BOTH)
    for name in operations:
        del bench.source["write"][name]
    return bench.declared((ANN, BOTH), guardrails={"max_removal_percent": 100}, mode="authoritative")


@pytest.mark.parametrize("mode", ["authoritative", "audit"])
def test_check_mode_and_an_audit_warn_of_what_is_held_back(bench: SiteBench, mode: str) -> None:
    """Given one person who cannot be added, and one who can be removed from one of two lists, then both are named."""
    declared = {**lacking(bench, "add_user", "remove_dashboard"), "mode": mode}
    result = bench.run(bench.access, check=mode == "authoritative", declared=declared)
    assert (result.get("failed", False), result["outcome"], bench.writes) == (False, "drift", [])
    expected = [f"nothing is done for {ANN}: {NO_ADDING}", f"not everything is done for {JO}: {NO_REMOVAL}"]
    assert [one for one in result["warnings"] if "is done for" in one] == expected
    assert [one for one in status(result)["warnings"] if "is done for" in one] == expected
    assert "held back 2" in junit(status(result))


def test_a_run_that_leaves_something_advises_more_than_another_run(bench: SiteBench) -> None:
    result = bench.run(bench.access, declared=lacking(bench, "add_user"))
    assert (result["outcome"], bench.names(JO)) == ("partly_applied", set())
    assert f"{ANN}: {NO_ADDING}" in result["msg"]
    assert result["advice"].startswith("Change what is declared, complete the profile, or do it with a browser. Then")


def test_a_run_that_can_do_nothing_is_explained_in_the_status(bench: SiteBench) -> None:
    """Given a run that fails with drift, then status and JUnit name the people and why, not only that it failed."""
    bench.source["write"].pop("add_user")
    result = bench.run(bench.access, declared=bench.declared((ANN, BOTH)), mode="additive")
    assert (result["failed"], result["outcome"], bench.writes) == (True, "drift", [])
    found = status(result)
    assert (found["outcome"], found["reason"]) == ("drift", f"nothing is done for {ANN}: {NO_ADDING}")
    assert found["advice"] == result["advice"]
    assert NO_ADDING in junit(found)


def test_a_guardrail_that_refuses_is_not_repeated_for_each_person(bench: SiteBench) -> None:
    """Given an account that the profile cannot read, then the guardrail says so once."""
    bench.site.account = ""
    result = bench.run(bench.access, check=True, declared=lacking(bench))
    assert (result["outcome"], "is done for" in str(result.get("warnings"))) == ("guardrail_refused", False)


@pytest.mark.parametrize(
    ("operation", "name", "words", "options", "text"),
    [
        ("set_person_role", "role", {"administrator": "2"}, {"role": "employee"}, "no word for 'employee'"),
        (
            "set_application_role",
            "application",
            {APPLICATIONS[0]: "7"},
            {"applications": {APPLICATIONS[1]: "user"}},
            APPLICATIONS[1],
        ),
    ],
)
def test_what_a_profile_has_no_word_for_is_known_before_a_run(
    tenant: TenantBench, operation: str, name: str, words: dict[str, str], options: dict[str, Any], text: str
) -> None:
    """Given a role or an application that the profile cannot say, then nothing is sent before that comes out."""
    tenant.site.rules.invite(JO, "administrator")
    tenant.source["write"][operation]["steps"][0]["json"][name] = {"map": words, "of": f"${{{name}}}"}
    for check in (True, False):
        result = tenant.run(tenant.user, check=check, people=[JO], **options)
        assert (result["outcome"], result["changed"], tenant.writes) == ("drift", False, []), result
        assert text in str(result["warnings"])
        assert f"in {operation}" in str(result["warnings"])
