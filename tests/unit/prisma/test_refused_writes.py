# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A step that was sent and refused: the lists in the end say what was done, and nothing is sent twice."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.access import rules
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.status import junit, status
from unit.prisma.site_loopback import SiteBench
from unit.prisma.test_unproven_steps import ANN, BOB, CY, Cloud, page
from unit.web.loopback import Answer, Asked


def give(cloud: Cloud, who: str) -> None:
    """Have the cloud do for somebody what an addition does."""
    if isinstance(cloud, SiteBench):
        cloud.site.rules.add_user(who)
    else:
        cloud.site.rules.invite(who, "employee")


def forget(cloud: Cloud, who: str) -> None:
    """Have the cloud lose somebody."""
    if isinstance(cloud, SiteBench):
        for people in cloud.site.rules.lists.values():
            people.pop(who, None)
    else:
        cloud.site.rules.members.pop(who)


@pytest.mark.parametrize("done", ["nobody", "the person", "a neighbour"])
def test_an_addition_that_was_sent_and_refused_is_read_back_before_anything_is_called_unchanged(
    cloud: Cloud, done: str
) -> None:
    """The words of a refusal prove nothing: the lists in the end do."""
    cloud.site.elsewhere.add(ANN)

    def override(asked: Asked) -> Answer | None:
        if asked.path.startswith(cloud.adding) and done != "nobody":
            give(cloud, ANN if done == "the person" else BOB)
        return None

    cloud.site.override = override
    result = cloud.run(cloud.user, people=[ANN])
    expected = {"nobody": "partly_applied", "the person": "applied", "a neighbour": "unplanned_change"}
    assert (result["outcome"], result["changed"]) == (expected[done], done != "nobody"), result
    (one,) = result["people"]
    assert one["outcome"] == ("done" if done == "the person" else "failed")
    if done == "the person":  # what the last reading proves is done; the reason is a warning
        assert one["left"] == []
        assert any("belongs to another" in text for text in result["warnings"])
    else:
        assert "belongs to another" in one["reason"]


def test_a_refused_addition_after_which_the_lists_cannot_be_read_may_have_been_done(cloud: Cloud) -> None:
    cloud.site.elsewhere.add(ANN)
    cloud.site.override = lambda asked: (
        Answer(404) if cloud.writes and asked.path.startswith(cloud.lists_path) else None
    )
    result = cloud.run(cloud.user, people=[ANN])
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True), result


def test_a_person_whom_only_the_last_reading_proves_is_done_and_the_others_are_named(cloud: Cloud) -> None:
    """The answer to one addition is lost and the look-up does not show it yet; another person is refused."""
    cloud.site.elsewhere.add(BOB)
    cloud.site.after_write = lambda asked: Answer(drop=True)
    cloud.site.override = lambda asked: (
        Answer(404) if cloud.writes and "q=" in asked.path and len(cloud.writes) < 2 else None
    )
    result = cloud.run(cloud.user, people=[ANN, BOB])
    assert result["outcome"] == "partly_applied", result
    assert {one["person"]: one["outcome"] for one in result["people"]} == {ANN: "done", BOB: "failed"}
    assert {step["person"] for step in result["left"]} == {BOB}
    assert result["reason"].startswith("1 people are done, 1 are not as declared")
    assert any(text.startswith(f"{ANN}: ") for text in result["warnings"])


@pytest.mark.parametrize("more", ["nothing else", "a neighbour"])
def test_a_person_whom_the_last_reading_does_not_show_is_not_done(cloud: Cloud, more: str) -> None:
    """The addition was proven, and then the next one took the person away again."""

    def override(asked: Asked) -> Answer | None:
        if asked.path == cloud.adding and cloud.address_in(asked) == BOB:
            forget(cloud, ANN)
            if more == "a neighbour":
                cloud.put(CY)
        return None

    cloud.site.override = override
    result = cloud.run(cloud.user, people=[ANN, BOB])
    assert result["outcome"] == ("unplanned_change" if more == "a neighbour" else "partly_applied"), result
    assert {one["person"]: one["outcome"] for one in result["people"]} == {ANN: "failed", BOB: "done"}
    assert f"{ANN}: the last reading does not show it" in result["reason"]
    found = status(result, cloud=rules.Cloud.SITE if isinstance(cloud, SiteBench) else rules.Cloud.TENANT)
    assert [(one["person"], one["reason"]) for one in found["people"]] == [(ANN, "the last reading does not show it")]
    assert f'name="{ANN}"' in junit(found)


def test_what_an_addition_gave_and_the_run_could_not_take_away_is_not_called_applied(bench: SiteBench) -> None:
    """In mode additive what is left of the addition would count as declared."""
    bench.site.override = lambda asked: (
        page(f"<p id='other-site'>{ANN} is elsewhere</p>") if asked.path.startswith("/remove/remote_match") else None
    )
    result = bench.run(bench.access, declared=bench.declared((ANN, ["dashboard"]), mode="additive"))
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True), result
    assert [(one["person"], one["outcome"]) for one in result["people"]] == [(ANN, "failed")]
    assert ANN in result["reason"]


def test_after_a_reviewed_plan_the_advice_is_another_review(cloud: Cloud) -> None:
    """What is left is another plan: the digest of the reviewed one would refuse it."""
    cloud.site.elsewhere.add(BOB)
    declared = cloud.declared(ANN, BOB)
    reviewed = cloud.run(cloud.access, check=True, declared=declared, mode="additive")["plan_sha256"]
    result = cloud.run(cloud.access, declared=declared, mode="additive", plan_sha256=reviewed)
    assert result["outcome"] == "partly_applied"
    assert "new plan with --check" in result["advice"]
    assert "run again" not in result["advice"].lower()
    assert "printer" not in result["advice"]
    refused = cloud.run(cloud.access, declared=declared, mode="additive", plan_sha256=reviewed)
    assert refused["outcome"] == "guardrail_refused"


# --- a write that may have been done is not sent again ---


def test_what_the_site_turned_away_in_words_of_its_own_is_not_sent_again(cloud: Cloud) -> None:
    """Only status 429 proves that nothing was done; an answer that reports busy may come after the change."""
    for write in cloud.source["write"].values():
        write["problems"] = [
            {"when": 'ids."other-site"', "outcome": "busy"}
            if isinstance(cloud, SiteBench)
            else {"when": "elsewhere", "outcome": "busy"}
        ]
    cloud.site.elsewhere.add(ANN)
    result = cloud.run(cloud.user, people=[ANN], retries=3)
    assert len(cloud.writes) == 1
    assert (result["failed"], result["outcome"]) == (True, "partly_applied"), result
