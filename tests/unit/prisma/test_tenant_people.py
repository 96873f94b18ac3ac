# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""home_user, home_access and home_people_info on a small tenant: roles, what is sent, and whom it refuses to lose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from unit.prisma.tenant_loopback import ACCOUNT, SECRET, TenantBench
from unit.web.loopback import Answer, Asked

JO, SAM = "jo@example.com", "sam@example.com"
MANAGER, ACCOUNTING, MATCH = "prismacolor-manager", "prismalytics-accounting", "remote-match"


def outcome(result: dict[str, Any]) -> tuple[bool, str, bool]:
    return bool(result.get("failed")), result["outcome"], result["changed"]


IN_SYNC, DRIFT, APPLIED = (False, "in_sync", False), (False, "drift", True), (False, "applied", True)


def test_people_twice_and_in_check_mode(tenant: TenantBench) -> None:
    options: dict[str, Any] = {"people": [JO, SAM], "applications": {ACCOUNTING: "administrator", MATCH: "user"}}
    planned = tenant.run(tenant.user, check=True, **options)
    assert outcome(planned) == DRIFT
    assert tenant.writes == []
    done = tenant.run(tenant.user, **options)
    assert outcome(done) == APPLIED, done
    assert done["diff"] == planned["diff"]
    assert done["diff"]["after"][JO] == {"portal": "employee (pending)", ACCOUNTING: "administrator", MATCH: "user"}
    assert tenant.writes == [f"{what} {who}" for who in (JO, SAM) for what in ("invite", "application", "application")]
    assert done["people"][0]["done"] == [
        "invite_person employee",
        f"set_application_role {ACCOUNTING} administrator",
        f"set_application_role {MATCH} user",
    ]
    assert (done["tenant"], done["account"], done["left"]) == ("alpha", ACCOUNT, [])
    tenant.site.rules.first_sign_in(JO)
    assert outcome(tenant.run(tenant.user, **options)) == IN_SYNC
    assert len(tenant.writes) == 6


def test_a_role_that_is_not_named_stays(tenant: TenantBench) -> None:
    tenant.run(tenant.user, people=[JO], role="administrator", applications={ACCOUNTING: "administrator"})
    assert outcome(tenant.run(tenant.user, people=[JO])) == IN_SYNC
    assert outcome(tenant.run(tenant.user, people=[JO], applications={MATCH: "user"})) == APPLIED
    member = tenant.site.rules.members[JO]
    assert (member.administrator, member.roles) == (True, {ACCOUNTING: "administrator", MATCH: "user"})


def test_who_is_there_is_named_as_the_tenant_shows_them(tenant: TenantBench) -> None:
    """Given another spelling in the task, then no request is for a person whom the tenant may not know by it."""
    shown = "JohnDoe@gmail.com"
    tenant.put("johndoe@gmail.com", shown, names=[ACCOUNTING])
    given: dict[str, Any] = {"people": ["john.doe@gmail.com"], "role": "administrator", "applications": {MATCH: "user"}}
    assert outcome(tenant.run(tenant.user, **given)) == APPLIED
    assert tenant.writes == [f"role {shown}", f"application {shown}"]


def test_roles_go_up_and_down(tenant: TenantBench) -> None:
    tenant.put(JO, names=[ACCOUNTING])
    up = tenant.run(tenant.user, people=[JO], role="administrator", applications={ACCOUNTING: "administrator"})
    assert [(step["phase"], step["operation"]) for step in up["plan"]["steps"]] == [
        ("promote", "set_person_role"),
        ("promote", "set_application_role"),
    ]
    down = tenant.run(tenant.user, people=[JO], role="employee", applications={ACCOUNTING: "user"})
    assert [(step["phase"], step["inputs"]) for step in down["plan"]["steps"]] == [
        ("demote", {"role": "employee"}),
        ("demote", {"application": ACCOUNTING, "role": "user"}),
    ]
    assert next(one for one in down["guardrails"] if one["name"] == "max_removals")["found"] == 1
    gone = tenant.run(tenant.user, people=[JO], applications={ACCOUNTING: "none"})
    assert (outcome(gone), tenant.names(JO)) == (APPLIED, set())
    assert [(step["phase"], step["inputs"]["role"]) for step in gone["plan"]["steps"]] == [("remove", "none")]


def test_absent_removes_the_person_with_one_request_and_nobody_else(tenant: TenantBench) -> None:
    tenant.put(JO)
    tenant.put(SAM)
    result = tenant.run(tenant.user, people=[JO], state="absent")
    assert outcome(result) == APPLIED
    assert tenant.writes == [f"remove {JO}"]
    assert set(result["plan"]["steps"][0]["effects"]) == {"people", MANAGER, ACCOUNTING}
    assert JO not in tenant.site.rules.members
    assert SAM in tenant.site.rules.members


@pytest.mark.parametrize("more", [{"role": "employee"}, {"applications": {}}])
def test_absent_takes_no_roles(tenant: TenantBench, more: dict[str, Any]) -> None:
    result = tenant.run(tenant.user, people=[JO], state="absent", **more)
    assert (result["outcome"], tenant.server.asked) == ("bad_input", [])


@pytest.mark.parametrize(
    ("applications", "words"),
    [
        ({ACCOUNTING: "owner"}, "'owner' is none of user, administrator, none"),
        ({"people": "user"}, "is no id that an application can have"),
        ({"a b": "user"}, "is not the id of an application"),
    ],
)
def test_applications_that_cannot_be_are_bad_input(
    tenant: TenantBench, applications: dict[str, Any], words: str
) -> None:
    result = tenant.run(tenant.user, people=[JO], applications=applications)
    assert (result["outcome"], tenant.server.asked) == ("bad_input", [])
    assert words in result["msg"]


def test_an_application_that_the_tenant_does_not_have_is_refused_before_anything_is_changed(
    tenant: TenantBench,
) -> None:
    result = tenant.run(tenant.user, people=[JO], applications={"prismalytics-acounting": "user"})
    assert (result["outcome"], tenant.writes) == ("bad_input", [])
    assert f"it has {MANAGER}, " in result["msg"]
    declared = tenant.declared((JO, ["remote-mach"]))
    assert tenant.run(tenant.access, declared=declared)["outcome"] == "bad_input"
    del tenant.source["read"]["applications"]
    assert tenant.run(tenant.access, declared=declared, check=True)["outcome"] == "drift"


def test_an_application_that_is_misspelt_is_refused_where_its_role_would_be_taken_away(tenant: TenantBench) -> None:
    """Nobody has a role in it, so nothing would be done, and the role that was meant would stay."""
    tenant.put(JO, names=[ACCOUNTING])
    result = tenant.run(tenant.user, people=[JO], applications={"prismalytics-acounting": "none"})
    assert (result["outcome"], tenant.writes) == ("bad_input", []), result
    assert "the tenant has no prismalytics-acounting; it has" in result["msg"]
    tenant.put(SAM, names=["retired"])
    assert outcome(tenant.run(tenant.user, people=[SAM], applications={"retired": "none"})) == APPLIED


def test_several_roles_of_one_application_count_as_the_highest(tenant: TenantBench) -> None:
    tenant.put(JO, names=[])

    def twice(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/people"):
            return None
        page = json.loads(tenant.site._list({"page": "1"}).body)
        for item in page["items"]:
            if item["email"] == JO:
                item["applications"] = [{"id": MATCH, "role": role} for role in ("administrator", "user", "none")]
        return Answer(200, {"Content-Type": "application/json"}, json.dumps(page).encode())

    tenant.site.override = twice
    assert outcome(tenant.run(tenant.user, people=[JO], applications={MATCH: "administrator"})) == IN_SYNC
    found = tenant.run(tenant.info)
    assert next(one for one in found["people"] if one["email"] == JO) == {
        "email": JO,
        "role": "employee",
        "applications": {MATCH: "administrator"},
        "state": "active",
    }


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("role", "owner", "'owner', which is none of employee, administrator"),
        ("state", "expired", "'expired', which is none of active, pending"),
        ("applications", [{"id": MATCH, "role": "owner"}], "'owner' in remote-match"),
        ("applications", [{"id": "administrators", "role": "user"}], "is no id that an application can have"),
        ("applications", [{"id": "x\u202ey", "role": "user"}], "is not the id of an application"),
        ("applications", [{"id": None, "role": "user"}], "is not the id of an application"),
    ],
)
def test_a_role_that_nobody_knows_makes_the_list_incomplete(
    tenant: TenantBench, field: str, value: Any, words: str
) -> None:
    tenant.put(JO)

    def odd(asked: Asked) -> Answer | None:
        if asked.path != "/people":
            return None
        page = json.loads(tenant.site._list({}).body)
        page["items"][-1][field] = value
        return Answer(200, {"Content-Type": "application/json"}, json.dumps(page).encode())

    tenant.site.override = odd
    result = tenant.run(tenant.access, declared=tenant.declared())
    assert (result["outcome"], tenant.writes) == ("incomplete", [])
    assert words in result["msg"]


def test_the_last_administrator_and_the_account_in_use_stay(tenant: TenantBench) -> None:
    assert outcome(tenant.run(tenant.user, people=["second@example.com"], state="absent")) == APPLIED
    both: list[dict[str, Any]] = [{"state": "absent"}, {"role": "employee"}]
    for options in both:
        kept = tenant.run(tenant.user, people=[ACCOUNT], **options)
        assert (outcome(kept)[:2], kept["plan"]["held_back"][0]["reason"]) == ((True, "drift"), "account_in_use")
    assert tenant.site.rules.members[ACCOUNT].administrator
    assert outcome(tenant.run(tenant.access, declared=tenant.declared()))[0] is False


def test_who_is_named_and_kept_is_not_in_sync(tenant: TenantBench) -> None:
    """Given a task that names a protected person, alone and with another one; a declared file that leaves her out."""
    tenant.put(JO)
    tenant.put(SAM)
    limits: dict[str, Any] = {"protected": ["jo@*"]}
    for options in ({"state": "absent"}, {"applications": {MANAGER: "none"}}):
        kept = tenant.run(tenant.user, people=[JO], **options, **limits)
        assert (outcome(kept)[:2], tenant.writes) == ((True, "drift"), []), kept
        assert f"nothing is done for {JO}: protected by the pattern 'jo@*'" in kept["msg"]
        checked = tenant.run(tenant.user, people=[JO], check=True, **options, **limits)
        assert (outcome(checked)[:2], kept["plan"]["in_sync"]) == ((False, "drift"), False)
        assert any(JO in warning for warning in checked["warnings"])
    both = tenant.run(tenant.user, people=[JO, SAM], state="absent", **limits)
    assert (outcome(both), tenant.writes) == ((True, "partly_applied", True), [f"remove {SAM}"])
    assert f"{JO}: protected by the pattern" in both["msg"]
    file = tenant.declared(guardrails={**limits, "allow_empty": True})
    assert outcome(tenant.run(tenant.access, declared=file)) == IN_SYNC


def test_a_pending_administrator_does_not_count_as_one_who_can_act(tenant: TenantBench) -> None:
    tenant.site.rules.invite(JO, "administrator")
    refused = tenant.run(tenant.user, people=["second@example.com"], role="employee", min_admins=2)
    assert outcome(refused) == (True, "guardrail_refused", False)
    assert "min_admins" in refused["details"]["guardrails"]
    assert tenant.writes == []


def test_nobody_is_removed_as_administrator_while_the_successor_could_not_be_invited(tenant: TenantBench) -> None:
    tenant.site.elsewhere.add(JO)
    declared = tenant.declared(guardrails={"max_removal_percent": 100})
    declared["people"] = [declared["people"][0], {"email": JO, "role": "administrator"}]
    result = tenant.run(
        tenant.access, declared={**declared, "guardrails": {"max_removal_percent": 100, "allow_empty": True}}
    )
    assert outcome(result)[:2] == (True, "partly_applied")
    assert tenant.site.rules.members["second@example.com"].administrator
    assert tenant.writes == [f"invite {JO}"]


def test_an_employee_reads_and_is_told_plainly_what_it_may_not(tenant: TenantBench) -> None:
    tenant.site.role = "employee"
    assert outcome(tenant.run(tenant.info)) == (False, "in_sync", False)
    assert outcome(tenant.run(tenant.user, people=[JO], check=True)) == DRIFT
    result = tenant.run(tenant.user, people=[JO])
    assert outcome(result) == (True, "auth_failed", False)
    assert "Employee" in result["msg"]
    assert "Sign in as an administrator of the tenant" in result["advice"]
    assert tenant.writes == []


def test_another_tenant_than_the_declared_one_is_not_read(tenant: TenantBench) -> None:
    result = tenant.run(tenant.access, declared=tenant.declared(JO), tenant="beta")
    assert outcome(result) == (True, "guardrail_refused", False)
    assert "'alpha'" in result["msg"]
    assert not any(asked.path.startswith("/people") for asked in tenant.server.asked)
    both = tenant.run(tenant.access, declared=tenant.declared(JO, tenant="beta"))
    assert both["outcome"] == "bad_input"


def test_a_file_for_a_site_is_not_taken_for_one_of_a_tenant(tenant: TenantBench) -> None:
    result = tenant.run(tenant.access, declared={"administrators": [ACCOUNT], "users": []})
    assert (result["outcome"], tenant.server.asked) == ("bad_input", [])
    assert "cloud_access_target: site" in result["msg"]


def test_declared_applied_and_dumped(tenant: TenantBench, tmp_path: Path) -> None:
    tenant.put(SAM)
    wanted = tenant.declared(JO, guardrails={"max_removal_percent": 50})
    files: dict[str, Any] = {"plan_file": str(tmp_path / "plan.json"), "markdown_file": str(tmp_path / "plan.md")}
    planned = tenant.run(tenant.access, check=True, declared=wanted, **files)
    assert outcome(planned) == DRIFT
    plan = json.loads((tmp_path / "plan.json").read_text())
    assert (plan["sha256"], plan["tenant"], "site" in plan) == (planned["plan_sha256"], "alpha", False)
    text = (tmp_path / "plan.md").read_text()
    assert "People of the PRISMA Home tenant `alpha`" in text
    assert f"invite as employee, {MANAGER}: user, {ACCOUNTING}: user" in text
    assert "remove from the tenant" in text
    assert outcome(tenant.run(tenant.access, declared=wanted, plan_sha256="0" * 64)) == (
        True,
        "guardrail_refused",
        False,
    )
    done = tenant.run(tenant.access, declared=wanted, plan_sha256=planned["plan_sha256"])
    assert (outcome(done), done["diff"]) == (APPLIED, planned["diff"])
    assert SAM not in tenant.site.rules.members
    found = tenant.run(tenant.info)
    assert outcome(found) == IN_SYNC
    assert {one["email"]: one["state"] for one in found["people"]}[JO] == "pending"
    assert outcome(tenant.run(tenant.access, declared=found["declared"], mode="authoritative")) == IN_SYNC


def test_people_whose_applications_nobody_declares_keep_them(tenant: TenantBench) -> None:
    tenant.put(JO)
    wanted = {
        "mode": "authoritative",
        "people": [JO, *({"email": who, "role": "administrator"} for who in (ACCOUNT, "second@example.com"))],
    }
    assert outcome(tenant.run(tenant.access, declared=wanted)) == IN_SYNC
    tenant.put(SAM)
    guarded = {**wanted, "guardrails": {"max_removal_percent": 25}}
    assert outcome(tenant.run(tenant.access, declared=guarded)) == APPLIED  # Sam goes, and the applications have Jo
    assert tenant.names(JO) == set(tenant.both)
    emptied = {**wanted, "people": wanted["people"][1:]}
    refused = tenant.run(tenant.access, declared=emptied)
    assert set(next(one for one in refused["guardrails"] if one["name"] == "empty_list")["found"]) == {
        MANAGER,
        ACCOUNTING,
        "employees",
    }


def test_people_appear_and_change_meanwhile(tenant: TenantBench) -> None:
    """Who is new or has more than was planned is named, and the outcome says that somebody has to look."""
    tenant.put(SAM)

    def override(asked: Asked) -> Answer | None:
        if asked.path == "/invite":
            tenant.put("zoe@example.com")
            tenant.site.rules.members[SAM].administrator = True
        return None

    tenant.site.override = override
    result = tenant.run(tenant.user, people=[JO])
    assert outcome(result) == (True, "unplanned_change", True)
    assert result["reason"].endswith("; 1 people are done, 0 are not as declared")
    assert {(one["person"], one["list"], one["change"]) for one in result["unexpected"]} == {
        ("zoe@example.com", "people", "appeared"),
        ("zoe@example.com", MANAGER, "appeared"),
        ("zoe@example.com", ACCOUNTING, "appeared"),
        (SAM, "administrators", "appeared"),
    }


def test_a_removal_of_one_role_that_takes_another_stops_the_run(tenant: TenantBench) -> None:
    for who in (JO, SAM):
        tenant.put(who)

    def override(asked: Asked) -> Answer | None:
        if asked.path != "/application":
            return None
        tenant.site.rules.members[tenant.address_in(asked)].roles.clear()
        tenant.site.rules.members[SAM].roles.pop(MANAGER, None)
        return tenant.accept()

    tenant.site.override = override
    result = tenant.run(tenant.user, people=[JO], applications={MANAGER: "none"})
    assert outcome(result) == (True, "unplanned_change", True)
    assert {"person": JO, "list": ACCOUNTING, "change": "gone"} in result["unexpected"]
    assert {"person": SAM, "list": MANAGER, "change": "gone"} in result["unexpected"]


def test_a_removal_that_did_nothing_is_noticed_though_the_search_goes_by_another_spelling(tenant: TenantBench) -> None:
    """Given a tenant that keeps the dots of a Google address and searches for the text, then the run stops there."""
    dotted = "m.doe@gmail.com"
    for who, shown in ((JO, JO), ("mdoe@gmail.com", dotted), (SAM, SAM)):
        tenant.put(who, shown)

    def override(asked: Asked) -> Answer | None:
        if asked.path == "/remove" and tenant.address_in(asked) == dotted:
            return tenant.accept()
        if "q=mdoe" in asked.path:
            return Answer(200, {"Content-Type": "application/json"}, b'{"items": [], "total": 0, "next": null}')
        return None

    tenant.site.override = override
    result = tenant.run(tenant.user, people=["mdoe@gmail.com", JO, SAM], state="absent")
    assert outcome(result) == (True, "partly_applied", True)
    assert tenant.writes == [f"remove {JO}", f"remove {dotted}"]
    assert SAM in tenant.site.rules.members
    failed = next(one for one in result["people"] if one["outcome"] == "failed")
    assert failed["person"] == "mdoe@gmail.com"


def test_no_more_is_asked_than_pages_and_writes(tenant: TenantBench) -> None:
    people = [f"p{number:03d}@example.com" for number in range(40)]
    tenant.site.size = 10
    done = tenant.run(tenant.user, people=people)
    assert outcome(done) == APPLIED
    assert len(tenant.writes) == 40
    # recognising it, the token; the applications once; one page before, five pages after; each invitation with its
    # proof; all people after the first one; the account before all people, after them three times, and before each
    # invitation
    assert len(tenant.server.asked) == 2 + 1 + 1 + done["proof"]["people"]["pages"] + 2 * 40 + 1 + 4 + 40


def test_no_secret_is_in_a_result(tenant: TenantBench) -> None:
    assert SECRET not in json.dumps(tenant.run(tenant.user, people=[JO]))
