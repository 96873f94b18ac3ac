# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on people, and on printers that were offboarded: who is concerned, and what a person does next."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ansible import context
from ansible.utils.context_objects import CLIArgs
from unit.action.report_play import Play


def test_offboarded_printers_show_what_was_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = {"changed": True, "plan": {"before": {"tenant": "present"}, "after": {"tenant": "absent"}}}
    failed = {"failed": True, "outcome": "auth_failed", "reason": "refused", "msg": "refused"}
    names = ["offboard__site", "offboard__tenant"]
    hosts: dict[str, dict[str, Any]] = {
        "a": {names[0]: {"skipped": True}, names[1]: gone},
        "b": {names[0]: {"changed": False}, names[1]: {"changed": False}},
        "c": {names[0]: gone, names[1]: failed},
        "d": {},
    }
    play = Play(monkeypatch, hosts)
    assert play.report(kind="offboard", results=names)["counts"] == {
        "already_absent": 1,
        "auth_failed": 1,
        "offboarded": 1,
    }
    assert "tenant: present -> absent" in play.summary


def test_sites_that_are_not_as_declared_need_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    drift = {"status": {"outcome": "drift", "counts": {"add": 2, "remove": 0}, "site": "north", "check_mode": True}}
    fine = {"status": {"outcome": "in_sync", "counts": {}, "site": "south"}}
    play = Play(monkeypatch, {"north": {"w": drift}, "south": {"w": fine}}, check_mode=True)
    play.report(kind="access", results=["w"])
    text = " ".join(play.summary.split())
    assert "1 of 2 hosts needs attention" in text
    assert "the site is not as declared: add 2" in text
    assert "people: add 2" in text


PLANNED = {"add": {"a@example.com": []}, "remove": {"b@example.com": ["dashboard"], "c@example.com": ["dashboard"]}}


def of_site(outcome: str, planned: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return what access_status returns of a site."""
    counts = {"people": 24, **{phase: len(people) for phase, people in (planned or {}).items()}, "pending": 1}
    status = {"outcome": outcome, "site": "north", "check_mode": True, "mode": "authoritative", "counts": counts}
    return {"status": {**status, "plan_sha256": "ab" * 32, **more}, "planned": planned or {}}


def given_on_the_command_line(monkeypatch: pytest.MonkeyPatch, playbook: str, *, check: bool) -> None:
    given = {"args": (playbook,), "inventory": ("i.yml",), "check": check}
    monkeypatch.setattr(context, "CLIARGS", CLIArgs(given))


def test_a_plan_of_people_names_them_and_the_command_that_applies_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Given Ansible's own localhost, which C(--limit) does not find, then the command has none."""
    plan = tmp_path / "plan.md"
    drift = {**of_site("drift", PLANNED), "plan_path": str(plan)}
    for playbook, check in (("printops.prisma.enforce_access", True), ("printops.prisma.audit_access", False)):
        given_on_the_command_line(monkeypatch, playbook, check=check)
        play = Play(monkeypatch, {"localhost": {"w": drift}}, check_mode=True, groups={"all": ["press-01"]})
        play.report(kind="access", results=["w"], path=str(tmp_path / "report.json"))
        text = " ".join(play.summary.replace("\\\n", "").split())
        assert f"add 1 (a@example.com), remove 2 (b@example.com, c@example.com); plan {'ab' * 32}" in text
        assert str(plan) in text
        command = "ansible-playbook printops.prisma.enforce_access -i i.yml -e"
        assert f"{command} cloud_access_plan_sha256={'ab' * 32}" in text
        assert "--limit" not in text


def test_a_plan_that_no_run_applies_has_no_command_that_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Given mode audit, two sites, or a failure, then the command is that of the run."""
    given_on_the_command_line(monkeypatch, "printops.prisma.enforce_access", check=True)
    audit = of_site("drift", PLANNED, mode="audit")
    failed = of_site("auth_failed", reason="refused", advice="Sign in again.")
    for hosts in ({"a": audit}, {"a": of_site("drift", PLANNED), "b": of_site("drift", PLANNED)}, {"a": failed}):
        play = Play(monkeypatch, {name: {"w": result} for name, result in hosts.items()}, check_mode=True)
        play.report(kind="access", results=["w"], path=str(tmp_path / "report.json"))
        assert "plan_sha256=" not in play.summary
        assert "--check --limit @" in " ".join(play.summary.replace("\\\n", "").split())
        assert ("Would change" in play.summary) == (len(hosts) == 2)


def test_the_page_of_a_site_has_no_columns_of_printers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    play = Play(monkeypatch, {"localhost": {"w": of_site("drift", PLANNED)}}, check_mode=True)
    play.report(kind="access", results=["w"], path=str(tmp_path / "report.json"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    heads = re.findall('<th scope="col"><button type="button">([^<]+)', page)
    assert heads == ["Host", "Outcome", "For", "What and why", "Changes"]
    assert "remove 2 (b@example.com, c@example.com)" in page
    assert page.count("<td") == len(heads) - 1


def test_people_who_are_as_declared_are_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    play = Play(monkeypatch, {"localhost": {"w": of_site("in_sync")}}, check_mode=True)
    play.report(kind="access", results=["w"])
    assert "1 in_sync" in play.summary
    assert "change:" not in play.summary


@pytest.mark.parametrize(("outcome", "verb"), [("applied", "Changed"), ("drift", "Would change")])
def test_who_was_removed_from_which_lists_and_who_was_not_found(
    monkeypatch: pytest.MonkeyPatch, outcome: str, verb: str
) -> None:
    removed = {"remove": {"b@example.com": ["dashboard", "remote_control_active"]}}
    gone = {**of_site(outcome, removed, check_mode=outcome == "drift"), "not_found": ["bb@example.com"]}
    play = Play(monkeypatch, {"localhost": {"w": gone}}, check_mode=outcome == "drift")
    play.report(kind="access", results=["w"])
    assert "no host needs attention" in play.summary
    assert f"{verb}: 1 host" in play.summary
    assert "b@example.com: removed from dashboard, remote_control_active" in play.summary
    assert "1 of 1 host: not found on the site: bb@example.com" in play.summary


@pytest.mark.parametrize("state", ["awaiting_claim", "requested"])
def test_a_printer_that_still_has_a_registration_address_is_not_offboarded(
    monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    controller = {"changed": False, "registration": {"state": state}}
    play = Play(monkeypatch, {"a": {"c": controller}, "b": {"c": {"registration": {"state": "unregistered"}}}})
    result = play.report(kind="offboard", results=["c"])
    assert result["counts"] == {"address_left": 1, "already_absent": 1}
    assert list(result["attention"]) == ["a"]
    assert "registration address, and whoever opens it gets the printer. No way to" in result["attention"]["a"]
    assert "address_left: 1 printer, for you" in play.summary
