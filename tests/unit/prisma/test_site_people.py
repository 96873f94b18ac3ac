# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""cloud_user, cloud_admin and cloud_access on a small site: what is sent, what is kept when something goes wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.modules.cloud_access import TASK as ACCESS
from ansible_collections.printops.prisma.plugins.modules.cloud_admin import TASK as ADMIN
from ansible_collections.printops.prisma.plugins.modules.cloud_site_info import TASK as INFO
from ansible_collections.printops.prisma.plugins.modules.cloud_user import TASK as USER
from unit.prisma.site_loopback import ACCOUNT, PASSWORD, SiteBench
from unit.prisma.tenant_loopback import TenantBench
from unit.web.loopback import Answer, Asked

JO, SAM = "jo@example.com", "sam@example.com"
APPLICATIONS = ["dashboard", "remote_match", "remote_control"]


def outcome(result: dict[str, Any]) -> tuple[bool, str, bool]:
    return bool(result.get("failed")), result["outcome"], result["changed"]


IN_SYNC, DRIFT, APPLIED = (False, "in_sync", False), (False, "drift", True), (False, "applied", True)


def once(fault: Answer, path: str) -> Any:
    """Answer the first request of that path with ``fault``."""
    left = [fault]

    def override(asked: Asked) -> Answer | None:
        return left.pop() if left and asked.path.startswith(path) else None

    return override


# --- people one by one ---


def test_printers_are_not_handed_over_to_a_site_that_is_not_named(bench: SiteBench) -> None:
    """An account without a site founds one when it completes a hand-over; before [Register] nobody has been asked."""
    checked: dict[str, Any] = {"sign_in_only": True, "fleet_size": 3}
    refused = bench.run(INFO, **checked)
    assert refused["failed"] and "printops_site is not set" in refused["reason"]
    assert bench.server.asked == []
    unable = bench.run(INFO, site="north", **checked)
    assert unable["failed"] and "has no write 'hand_over'" in unable["reason"]
    assert bench.server.asked == []
    bench.source["write"]["hand_over"] = {"steps": [{"send": "POST", "path": "${address}"}]}
    found = bench.run(INFO, site="north", **checked)
    assert (found.get("failed"), found["site"]) == (None, "north"), found


def test_users_twice_and_in_check_mode(cloud: SiteBench | TenantBench) -> None:
    planned = cloud.run(cloud.user, check=True, people=[JO, SAM])
    assert outcome(planned) == DRIFT
    assert cloud.writes == []
    done = cloud.run(cloud.user, people=[JO, SAM])
    assert outcome(done) == APPLIED
    assert done["diff"] == planned["diff"]
    assert cloud.writes == [f"{cloud.adding.strip('/')} {JO}", f"{cloud.adding.strip('/')} {SAM}"]
    assert [person["outcome"] for person in done["people"]] == ["done", "done"]
    assert done["left"] == []
    assert done["account"] == ACCOUNT
    assert outcome(cloud.run(cloud.user, people=[JO, SAM])) == IN_SYNC
    assert len(cloud.writes) == 2


def test_only_one_application_is_an_addition_and_removals_that_count_for_no_rail(bench: SiteBench) -> None:
    done = bench.run(USER, people=[JO], applications=["dashboard"], max_removals=0)
    assert outcome(done) == APPLIED
    assert bench.writes == [f"add/user {JO}", f"remove/remote_match {JO}", f"remove/remote_control_invited {JO}"]
    assert bench.site.rules.where(JO) == {"dashboard"}
    bench.run(USER, people=[JO], applications=["remote_match"])
    assert bench.site.rules.where(JO) == {"remote_match"}


def test_absent_takes_off_what_is_named_and_nobody_else(bench: SiteBench) -> None:
    bench.run(USER, people=[JO, SAM])
    bench.site.rules.first_use(JO)
    assert outcome(bench.run(USER, people=[JO], state="absent", applications=["remote_control"])) == APPLIED
    assert bench.site.rules.where(JO) == {"dashboard", "remote_match"}
    assert outcome(bench.run(USER, people=[JO], state="absent")) == APPLIED
    assert bench.site.rules.where(JO) == set()
    assert len(bench.site.rules.where(SAM)) == 3


def test_spelling_does_not_matter(bench: SiteBench) -> None:
    bench.run(USER, people=["John.Doe@gmail.com"])
    assert bench.site.rules.lists["dashboard"]["johndoe@gmail.com"] == "johndoe@gmail.com"
    assert outcome(bench.run(USER, people=["J.O.H.N.doe@GMail.com"])) == IN_SYNC


def test_administrators(bench: SiteBench) -> None:
    assert outcome(bench.run(ADMIN, people=[JO])) == APPLIED
    assert bench.site.rules.where(JO) == {"administrators_invited", "dashboard", "remote_match"}
    assert bench.writes == [f"add/administrator {JO}"]
    bench.site.rules.first_sign_in(JO)
    assert outcome(bench.run(ADMIN, people=[JO])) == IN_SYNC
    assert outcome(bench.run(ADMIN, people=[JO], applications=APPLICATIONS)) == APPLIED
    assert bench.site.rules.has("remote_control_invited", JO)
    assert outcome(bench.run(ADMIN, people=[JO], state="absent", applications=APPLICATIONS)) == APPLIED
    assert bench.site.rules.where(JO) == set()


def test_the_account_in_use_stays(bench: SiteBench) -> None:
    bench.run(USER, people=[ACCOUNT])
    sent = len(bench.writes)
    for task in (ADMIN, USER):
        result = bench.run(task, people=[ACCOUNT], state="absent")
        assert outcome(result)[:2] == (True, "drift"), result
        assert f"nothing is done for {ACCOUNT}: this is the account in use" in result["msg"]
    assert bench.site.rules.has("administrators", ACCOUNT)
    assert len(bench.writes) == sent


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ([], "people is empty"),
        (["jo"], "'jo'"),
        (["jo @example.com"], "jo @example.com"),
        (["john.doe@gmail.com", "JohnDoe@gmail.com"], "one person"),
    ],
)
def test_mistakes_are_told_before_any_request(cloud: SiteBench | TenantBench, people: list[str], said: str) -> None:
    result = cloud.run(cloud.user, people=people)
    assert (result["failed"], result["outcome"]) == (True, "bad_input")
    assert said in result["msg"]
    assert cloud.server.asked == []


@pytest.mark.parametrize(
    ("domains", "said"),
    [
        ("gmail.com, googlemail.com", "' googlemail.com' holds a space"),  # Ansible makes a list of it
        (["gmail"], "'gmail' has the domain 'gmail', which has no dot"),
        (["@gmail.com"], "'@gmail.com' has more than one @"),
        ([""], "'' has no domain"),
    ],
)
def test_domains_without_dots_are_checked_as_those_of_a_file(
    cloud: SiteBench | TenantBench, domains: Any, said: str
) -> None:
    """A domain that no address has would keep apart what is one person."""
    given: dict[str, Any] = {"people": [JO]}
    for task, options in ((cloud.user, given), (cloud.info, {})):
        result = cloud.run(task, dotless_domains=domains, **options)
        assert (result.get("failed"), result["outcome"]) == (True, "bad_input"), result
        assert f"dotless_domains: {said}" in result["reason"]
    if isinstance(domains, list):
        declared = cloud.run(cloud.access, declared=cloud.declared(dotless_domains=domains))
        assert (declared["outcome"], said in declared["reason"]) == ("bad_input", True)
    assert cloud.server.asked == []


@pytest.mark.parametrize(("domains", "people"), [([], 2), (["gmail.com"], 1)])
def test_an_empty_list_of_domains_without_dots_is_none(bench: SiteBench, domains: list[str], people: int) -> None:
    bench.put("jodoe@gmail.com", "jo.doe@gmail.com", ["dashboard"])
    bench.put("jodoe@gmail.com", names=["remote_match"])
    found = bench.run(INFO, dotless_domains=domains)
    assert outcome(found) == IN_SYNC, found
    assert len(found["declared"]["users"]) == people


# --- everything declared ---


def declared(*users: str, **more: Any) -> dict[str, Any]:
    return {
        "administrators": [
            {"email": ACCOUNT, "applications": ["dashboard", "remote_match"]},
            {"email": "second@example.com", "applications": ["dashboard", "remote_match"]},
        ],
        "users": [{"email": address, "applications": APPLICATIONS} for address in users],
        **more,
    }


def test_declared_applied_and_dumped(bench: SiteBench, tmp_path: Path) -> None:
    bench.run(USER, people=[SAM])
    wanted = declared(JO, mode="authoritative", guardrails={"max_removal_percent": 50})
    files: dict[str, Any] = {"plan_file": str(tmp_path / "plan.json"), "markdown_file": str(tmp_path / "plan.md")}
    planned = bench.run(ACCESS, check=True, declared=wanted, **files)
    assert outcome(planned) == DRIFT
    assert json.loads((tmp_path / "plan.json").read_text())["sha256"] == planned["plan_sha256"]
    assert JO in (tmp_path / "plan.md").read_text()
    wrong = bench.run(ACCESS, declared=wanted, plan_sha256="0" * 64)
    assert outcome(wrong) == (True, "guardrail_refused", False)
    done = bench.run(ACCESS, declared=wanted, plan_sha256=planned["plan_sha256"])
    assert outcome(done) == APPLIED
    assert done["diff"] == planned["diff"]
    assert bench.site.rules.where(SAM) == set()
    found = bench.run(INFO)
    assert outcome(found) == IN_SYNC
    assert outcome(bench.run(ACCESS, declared=found["declared"], mode="authoritative")) == IN_SYNC
    assert found["lists"]["remote_control_invited"] == [{"email": JO, "since": "2026-11-21"}]
    assert found["site"] == "north"


def test_audit_and_additive_take_nobody_away(cloud: SiteBench | TenantBench) -> None:
    cloud.run(cloud.user, people=[SAM])
    before = cloud.site.rules.where(SAM)
    audit = cloud.run(cloud.access, declared=cloud.declared(JO), mode="audit")
    assert outcome(audit) == (False, "drift", False)
    assert audit["plan"]["steps"][0]["phase"] == "add"
    assert len(cloud.writes) == 1
    assert outcome(cloud.run(cloud.access, declared=cloud.declared(JO), mode="additive")) == APPLIED
    assert cloud.site.rules.where(SAM) == before != set()


def test_guardrails_refuse_and_nothing_is_sent(bench: SiteBench) -> None:
    bench.run(USER, people=[JO, SAM])
    before = len(bench.writes)
    refused = bench.run(ACCESS, declared=declared(guardrails={"max_removals": 1}), mode="authoritative")
    assert outcome(refused) == (True, "guardrail_refused", False)
    assert "max_removals" in refused["details"]["guardrails"]
    assert next(guardrail for guardrail in refused["guardrails"] if guardrail["name"] == "max_removals")["found"] == 2
    empty = bench.run(ACCESS, declared={"users": [], "administrators": []}, mode="authoritative")
    assert empty["outcome"] == "guardrail_refused"
    other = bench.run(ACCESS, declared=declared(JO, SAM), mode="authoritative", site="south")
    assert other["outcome"] == "guardrail_refused"
    assert len(bench.writes) == before


def test_what_is_declared_wrongly_is_bad_input(cloud: SiteBench | TenantBench) -> None:
    result = cloud.run(cloud.access, declared={"users": [{"email": "nobody"}], "user": []})
    assert (result["failed"], result["outcome"]) == (True, "bad_input")
    assert "nobody" in result["msg"]
    assert cloud.server.asked == []


# --- faults ---


def test_a_lost_answer_is_looked_up_once_and_not_sent_again(cloud: SiteBench | TenantBench) -> None:
    lost = [Answer(drop=True)]
    cloud.site.after_write = lambda asked: lost.pop() if lost else None
    done = cloud.run(cloud.user, people=[JO, SAM])
    assert outcome(done) == APPLIED
    assert cloud.writes == [f"{cloud.adding.strip('/')} {JO}", f"{cloud.adding.strip('/')} {SAM}"]
    proof, other = (f"{cloud.lists_path}?q={who}%40example.com" for who in ("jo", "sam"))
    searched = [path for path in cloud.reads() if path.startswith(f"{cloud.lists_path}?q=")]
    assert searched == [proof, proof, other]  # the lost answer, and two proofs


def test_a_write_that_never_arrived_is_left_to_the_next_run(cloud: SiteBench | TenantBench) -> None:
    cloud.site.override = once(Answer(drop=True), cloud.adding)
    result = cloud.run(cloud.user, people=[JO, SAM])
    assert outcome(result) == (True, "partly_applied", True)
    assert [person["outcome"] for person in result["people"]] == ["failed", "done"]
    assert {step["person"] for step in result["left"]} == {JO}
    assert JO in result["msg"]
    assert outcome(cloud.run(cloud.user, people=[JO, SAM])) == APPLIED


def test_who_belongs_to_another_site_does_not_hold_up_the_others(bench: SiteBench) -> None:
    bench.site.elsewhere.add(JO)
    result = bench.run(USER, people=[JO, SAM], applications=["dashboard"])
    assert outcome(result) == (True, "partly_applied", True)
    assert result["people"][0]["reason"] == f"{JO} belongs to another site"
    assert result["people"][0]["left"] == ["add_user", "remove_remote_match", "remove_remote_control_invited"]
    assert bench.site.rules.where(SAM) == {"dashboard"}


def test_turned_away_is_tried_again_and_then_left(cloud: SiteBench | TenantBench) -> None:
    cloud.site.override = once(Answer(429, {"Retry-After": "1"}), cloud.adding)
    assert outcome(cloud.run(cloud.user, people=[JO])) == APPLIED
    cloud.site.override = lambda asked: Answer(429) if asked.path.startswith(cloud.adding) else None
    result = cloud.run(cloud.user, people=[SAM])
    assert outcome(result) == (True, "busy", False)


def test_turned_away_in_the_middle_ends_the_run_and_keeps_what_was_done(cloud: SiteBench | TenantBench) -> None:
    def override(asked: Asked) -> Answer | None:
        return Answer(429) if asked.path.startswith(cloud.adding) and cloud.address_in(asked) == SAM else None

    cloud.site.override = override
    result = cloud.run(cloud.user, people=[JO, SAM, "zoe@example.com"])
    assert outcome(result) == (True, "partly_applied", True)
    assert [person["outcome"] for person in result["people"]] == ["done", "failed", "not_tried"]
    cloud.site.override = lambda asked: None
    assert outcome(cloud.run(cloud.user, people=[JO, SAM, "zoe@example.com"])) == APPLIED


@pytest.mark.parametrize("fault", ["missing", "total"])
def test_an_incomplete_list_changes_nothing(bench: SiteBench, fault: str) -> None:
    bench.run(USER, people=[f"p{number}@example.com" for number in range(5)])
    before = len(bench.writes)
    bench.site.override = once(
        Answer(404) if fault == "missing" else Answer(200, {"Content-Type": "text/html"}, b""),
        "/people/dashboard?page=2",
    )
    result = bench.run(ACCESS, declared=declared(JO), mode="authoritative")
    assert outcome(result) == (True, "incomplete", False)
    assert "dashboard" in result["msg"]
    assert len(bench.writes) == before
    bench.site.override = once(Answer(404), "/people/dashboard?page=2")
    assert bench.run(INFO)["outcome"] == "incomplete"


def test_a_session_that_ends_in_the_middle_is_opened_again_by_form(bench: SiteBench) -> None:
    def expire(asked: Asked) -> Answer | None:
        if JO.encode().replace(b"@", b"%40") in asked.body:
            bench.site.sessions.clear()
            bench.site.override = lambda asked: None
        return None

    bench.site.override = expire
    assert outcome(bench.run(USER, people=[JO, SAM])) == APPLIED


def test_a_session_file_that_ends_in_the_middle_is_told_as_expired(bench: SiteBench, tmp_path: Path) -> None:
    bench.site.sessions.add("s1")
    path = tmp_path / "session.json"
    cookie = {"name": "sid", "value": "s1", "domain": "127.0.0.1", "path": "/", "expires": -1}
    path.write_text(json.dumps({"cookies": [cookie], "origins": []}))
    path.chmod(0o600)
    how: dict[str, Any] = {"username": "", "password": "", "session_file": str(path)}
    assert outcome(bench.run(USER, people=[JO], **how)) == APPLIED
    assert bench.site.sessions == {"s1"}

    def expire(asked: Asked) -> Answer | None:
        if asked.path.startswith("/add"):
            bench.site.sessions.clear()
        return None

    bench.site.override = expire
    result = bench.run(USER, people=[SAM], **how)
    assert outcome(result) == (True, "partly_applied", True)  # the site may have added Sam before it answered
    assert "printops.prisma.sign_in -e cloud=site" in result["advice"]
    assert bench.run(INFO, **how)["outcome"] == "auth_failed"


def test_a_refused_password_and_no_way_in(bench: SiteBench) -> None:
    assert bench.run(USER, people=[JO], password="wrong")["outcome"] == "auth_failed"
    asked = len(bench.server.asked)
    assert bench.run(USER, people=[JO], username="", password="")["outcome"] == "bad_input"
    both = bench.run(USER, people=[JO], bearer_token="token")
    assert both["outcome"] == "bad_input"
    assert "username, bearer_token" in both["msg"]
    assert len(bench.server.asked) == asked


def test_a_site_that_does_not_answer(cloud: SiteBench | TenantBench) -> None:
    cloud.site.override = lambda asked: Answer(drop=True)
    assert cloud.run(cloud.info, retries=0)["outcome"] == "unreachable"


def test_an_unknown_account_in_use_removes_nobody(cloud: SiteBench | TenantBench) -> None:
    cloud.run(cloud.user, people=[JO])
    cloud.site.account = ""
    before = len(cloud.writes)
    result = cloud.run(cloud.user, people=[JO], state="absent")
    assert result["outcome"] == "guardrail_refused"
    assert len(cloud.writes) == before


def test_the_last_reading_that_fails_is_not_called_applied(cloud: SiteBench | TenantBench) -> None:
    def override(asked: Asked) -> Answer | None:
        return Answer(500) if cloud.writes and asked.path.startswith(cloud.lists_path) else None

    cloud.site.override = override
    result = cloud.run(cloud.user, people=[JO])
    assert outcome(result) == (True, "partly_applied", True)


def test_no_more_is_asked_than_lists_and_writes(bench: SiteBench) -> None:
    people = [f"p{number:03d}@example.com" for number in range(40)]
    bench.site.size = 10
    done = bench.run(USER, people=people)
    pages = sum(proof["pages"] for proof in done["proof"].values())
    assert len(bench.writes) == 40
    # sign-in: the look, the form, where it leads; lists before (six pages) and after; each addition with its proof; the
    # four lists that it changes after the first one, and that person on the two others; the account before the lists,
    # after them three times, and before each addition; signing out
    assert len(bench.server.asked) == 3 + 6 + pages + 2 * 40 + 4 + 2 + 4 + 40 + 1


def test_no_secret_is_in_a_result(bench: SiteBench) -> None:
    for result in (bench.run(USER, people=[JO]), bench.run(USER, people=[JO], password=PASSWORD[:-1])):
        assert PASSWORD[:-1] not in json.dumps(result)
