# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""People of another site or tenant than the declared one: nobody there is compared, added or removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.modules.cloud_access import TASK as ACCESS
from ansible_collections.printops.prisma.plugins.modules.cloud_site_info import TASK as INFO
from ansible_collections.printops.prisma.plugins.modules.cloud_user import TASK as USER
from unit.prisma.site_loopback import SiteBench
from unit.prisma.tenant_loopback import TenantBench
from unit.prisma.test_site_people import JO, SAM, outcome
from unit.prisma.test_unproven_steps import page
from unit.web.loopback import Answer, Asked

SOUTH = page('<p id="account">automation@example.com</p><p id="site">south</p>')

SOUTHERN = Answer(
    200, {"Content-Type": "application/json"}, b'{"tenant": "south", "account": "automation@example.com"}'
)


def test_an_audit_of_the_wrong_site_or_tenant_compares_nothing(cloud: SiteBench | TenantBench) -> None:
    """In sync or not: these are other people than those of the file."""
    name = "site" if isinstance(cloud, SiteBench) else "tenant"
    for declared in (cloud.declared(), cloud.declared(JO)):
        south: dict[str, Any] = {name: "south"}
        result = cloud.run(cloud.access, declared={**declared, "mode": "audit", **south}, **south)
        assert (result["failed"], result["outcome"]) == (True, "guardrail_refused"), result
    assert cloud.writes == []


def test_a_file_for_another_site_than_the_variable_names_both(cloud: SiteBench | TenantBench) -> None:
    name = "site" if isinstance(cloud, SiteBench) else "tenant"
    given: dict[str, Any] = {name: "change-me"}
    result = cloud.run(cloud.access, declared={**cloud.declared(), name: "south"}, **given)
    assert (result["failed"], result["outcome"]) == (True, "bad_input"), result
    assert f"Correct printops_{name}, or the key {name} of the declared file" in result["msg"]


def test_a_site_whose_name_the_profile_does_not_read_is_never_called_the_declared_one(bench: SiteBench) -> None:
    """Given the session of another site's administrator at the same portal, nobody is removed there."""
    del bench.source["read"]["account"]["fields"]["site"]
    bench.put(JO)
    found = bench.run(INFO)
    assert (found["outcome"], found["site"], "site" in found["declared"]) == ("in_sync", None, False)
    assert any("nothing proves" in text for text in found["warnings"])
    host = bench.server.url.split("/")[2].partition(":")[0]
    for site in (host, "north"):
        result = bench.run(ACCESS, declared=bench.declared(guardrails={"allow_empty": True}), site=site)
        assert (outcome(result), bench.writes) == ((True, "guardrail_refused", False), []), result
        assert "right_site" in result["reason"]
        assert bench.run(USER, people=[JO], state="absent", site=site)["outcome"] == "guardrail_refused"
    unnamed = bench.run(ACCESS, declared=found["declared"])
    assert (unnamed["outcome"], unnamed["site"]) == ("in_sync", None)


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_name_is_never_that_of_the_site(bench: SiteBench, blank: str) -> None:
    """Whatever lets it through: a blank name proves nothing, so it is not taken for a site that nobody has named."""
    bench.put(JO)
    for result in (
        bench.run(USER, people=[JO], state="absent", site=blank),
        bench.run(ACCESS, declared=bench.declared(), site=blank),
        bench.run(INFO, site=blank),
    ):
        assert result["failed"], result
    refused = bench.run(ACCESS, declared=bench.declared(site="north"), site=blank)
    assert refused["outcome"] == "bad_input"
    assert bench.writes == []


# --- during a run ---


def moved(cloud: SiteBench | TenantBench, when: Callable[[Asked], bool]) -> None:
    """Have the account in use belong to another site or tenant once ``when`` has been true of a request."""
    whose = "/" if isinstance(cloud, SiteBench) else "/me"
    sessions = cloud.site.sessions if isinstance(cloud, SiteBench) else cloud.site.tokens
    elsewhere: list[Asked] = []
    south = SOUTH if isinstance(cloud, SiteBench) else SOUTHERN

    def override(asked: Asked) -> Answer | None:
        if when(asked):
            elsewhere.append(asked)
        return south if elsewhere and sessions and asked.path == whose else None

    cloud.site.override = override


def test_whose_people_these_are_is_read_before_and_after_them(cloud: SiteBench | TenantBench) -> None:
    """Given the browser whose session this is goes to another site or tenant as soon as the account was read."""
    cloud.put(JO)
    changes: tuple[dict[str, Any], ...] = ({"people": [JO], "state": "absent"}, {"people": [SAM]})
    for change in changes:
        moved(cloud, lambda asked: asked.path.startswith("/people"))
        result = cloud.run(cloud.user, **change, max_removal_percent=100)
        assert outcome(result) == (True, "guardrail_refused", False), result
        assert "'south'" in result["reason"]
    assert cloud.writes == []


@pytest.mark.parametrize("state", ["absent", "present"])
def test_whose_people_these_are_is_read_before_each_change(cloud: SiteBench | TenantBench, state: str) -> None:
    """Given the browser goes elsewhere once the first person is done: while somebody else is looked up, or after it."""
    for who in (JO, SAM) if state == "absent" else ():
        cloud.put(who)
    searched = "sam" if state == "absent" else "jo"
    moved(cloud, lambda asked: bool(cloud.writes) and searched in asked.path)
    result = cloud.run(cloud.user, people=[JO, SAM], state=state, max_removals=9, max_removal_percent=100)
    assert outcome(result) == (True, "partly_applied", True), result
    assert "'south'" in result["reason"]
    assert "Nothing was changed" not in result["msg"]
    assert [write for write in cloud.writes if SAM in write] == []


def test_a_change_that_was_turned_away_is_sent_again_only_to_the_same_people(cloud: SiteBench | TenantBench) -> None:
    """Given 429, and the browser goes elsewhere during the pause."""
    cloud.put(JO)
    moved(cloud, lambda asked: bool(cloud.writes))
    elsewhere = cloud.site.override

    def override(asked: Asked) -> Answer | None:
        found = elsewhere(asked)
        return Answer(429, {"Retry-After": "0"}) if asked.method == "POST" and len(cloud.writes) == 1 else found

    cloud.site.override = override
    result = cloud.run(cloud.user, people=[JO], state="absent", max_removal_percent=100, retries=2)
    assert result["failed"], result
    assert "'south'" in result["reason"]
    assert len(cloud.writes) == 1


def test_a_write_is_not_repeated_at_another_site_or_tenant(cloud: SiteBench | TenantBench) -> None:
    """Given the session had ended, so that the write is not done, and the next sign-in leads elsewhere."""

    def first_write(asked: Asked) -> bool:
        if len(cloud.writes) != 1:
            return False
        if asked.path == cloud.adding:
            (cloud.site.sessions if isinstance(cloud, SiteBench) else cloud.site.tokens).clear()
        return True

    moved(cloud, first_write)
    result = cloud.run(cloud.user, people=[SAM])
    assert result["failed"], result
    assert "'south'" in result["reason"]
    assert len(cloud.writes) == 1


def test_the_last_reading_proves_again_which_site_it_is(bench: SiteBench) -> None:
    """Given somebody changes the account of the session meanwhile, then the people of another site prove nothing."""
    bench.site.override = lambda asked: SOUTH if asked.path == "/" and bench.writes else None
    result = bench.run(USER, people=[JO])
    assert outcome(result) == (True, "partly_applied", True), result
    assert "its site is 'south' and was 'north'" in result["reason"]


def test_a_session_that_is_opened_anew_proves_again_which_site_it_is(bench: SiteBench) -> None:
    for who in (JO, SAM):
        bench.put(who)
    anew: list[Asked] = []

    def override(asked: Asked) -> Answer | None:
        if asked.path.startswith("/people") and bench.writes and not anew:
            anew.append(asked)
            bench.site.sessions.clear()
        return SOUTH if asked.path == "/" and anew and bench.site.sessions else None

    bench.site.override = override
    result = bench.run(USER, people=[JO, SAM], state="absent", applications=["dashboard"], max_removal_percent=100)
    assert outcome(result) == (True, "partly_applied", True), result
    assert "'south'" in result["reason"]
    assert bench.writes == [f"remove/dashboard {JO}"]


def test_nobody_is_removed_for_an_account_that_the_plan_does_not_know(bench: SiteBench) -> None:
    """Given the session is that of another administrator since, then that one might be the next to be removed."""
    for who in (JO, SAM):
        bench.put(who)

    def override(asked: Asked) -> Answer | None:
        if asked.path.startswith("/people") and bench.writes and bench.site.account != "second@example.com":
            bench.site.account = "second@example.com"
            bench.site.sessions.clear()
        return None

    bench.site.override = override
    result = bench.run(USER, people=[JO, SAM], state="absent", applications=["dashboard"], max_removal_percent=100)
    assert outcome(result) == (True, "partly_applied", True), result
    assert bench.writes == [f"remove/dashboard {JO}"]


def test_nobody_is_added_at_another_site_after_the_session_was_opened_anew(bench: SiteBench) -> None:
    """Given nothing is read between two additions."""
    for name in [name for name in bench.source["read"] if name.startswith("find_")]:
        del bench.source["read"][name]
    for write in bench.source["write"].values():
        del write["verify"]
    anew: list[Asked] = []

    def after_write(asked: Asked) -> Answer | None:
        if bench.address_in(asked) != SAM or anew:
            return None
        anew.append(asked)
        bench.site.sessions.clear()
        return page('<form name="login" action="/login" method="post"><input name="user"></form>')

    bench.site.after_write = after_write
    bench.site.override = lambda asked: SOUTH if asked.path == "/" and anew and bench.site.sessions else None
    result = bench.run(USER, people=[JO, SAM, "zoe@example.com"])
    assert outcome(result) == (True, "partly_applied", True), result
    assert not any("zoe" in write for write in bench.writes)
