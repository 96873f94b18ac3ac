# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules of an administration site as real runs: twice, in check mode, in-process and ordinary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.playbook import IN_PROCESS_OR_NOT
from support.site import Sites, start_sites

APPLICATIONS = ["dashboard", "remote_match", "remote_control"]
USER = {"dashboard", "remote_match", "remote_control_invited"}
PRINTERS = [
    {"name": "ps-waiting", "kind": "prismasync", "hands_over_to": "site", "trouble": "awaiting_claim"},
    {"name": "ps-second", "kind": "prismasync", "hands_over_to": "site", "trouble": "awaiting_claim"},
    {"name": "ps-south", "kind": "prismasync", "hands_over_to": "site", "trouble": "awaiting_claim"},
    {"name": "ps-home", "kind": "prismasync", "hands_over_to": "home", "trouble": "awaiting_claim"},
]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    made = start_sites(
        tmp_path_factory.mktemp("sites"),
        [
            {"id": "north", "users": ["anna@example.com"], "people": 60},
            {"id": "south", "users": ["other@example.com"], "printers": ["ps-south"]},
        ],
        PRINTERS,
        {"site_page_size": 25, "first_data_delay": 86400.0},
    )
    yield made
    made.simulation.stop()


def outcome(result: dict[str, Any]) -> tuple[bool, str, bool]:
    return result["failed"], result["outcome"], result["changed"]


IN_SYNC, DRIFT, APPLIED = (False, "in_sync", False), (False, "drift", True), (False, "applied", True)


@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_users(sites: Sites, in_process: bool) -> None:
    person = f"jo-{in_process}@example.com".lower()
    options = {"people": [person], "applications": ["dashboard"]}
    how: dict[str, Any] = {"options": options, "printops_in_process": in_process}
    sites.begin()
    planned = sites.task("cloud_user", check=True, **how)
    assert (outcome(planned), sites.writes()) == (DRIFT, {})
    done = sites.task("cloud_user", **how)
    assert outcome(done) == APPLIED, done
    assert done["diff"] == planned["diff"]
    assert sites.where(person) == {"dashboard"}
    assert outcome(sites.task("cloud_user", **how)) == IN_SYNC
    absent = {"people": [person], "state": "absent"}
    assert outcome(sites.task("cloud_user", options=absent, printops_in_process=in_process)) == APPLIED
    assert sites.where(person) == set()
    assert sites.simulation.get("sessions").get("site", []) == []


@pytest.mark.slow
@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_administrators(sites: Sites, in_process: bool) -> None:
    person = f"admin-{in_process}@example.com".lower()
    how: dict[str, Any] = {"options": {"email": person}, "printops_in_process": in_process}
    planned = sites.task("cloud_admin", check=True, **how)
    done = sites.task("cloud_admin", **how)
    assert (outcome(planned), outcome(done)) == (DRIFT, APPLIED), done
    assert done["diff"] == planned["diff"]
    assert sites.where(person) == {"administrators_invited", "dashboard", "remote_match"}
    sites.simulation.post(f"site/people/{person}/first_sign_in")
    assert outcome(sites.task("cloud_admin", **how)) == IN_SYNC
    gone = {"email": person, "state": "absent", "applications": APPLICATIONS}
    assert outcome(sites.task("cloud_admin", options=gone, printops_in_process=in_process)) == APPLIED
    assert sites.where(person) == set()


@pytest.mark.slow
def test_a_google_address_is_one_person_in_every_spelling(sites: Sites) -> None:
    assert outcome(sites.task("cloud_user", options={"people": ["John.Doe@gmail.com"]})) == APPLIED
    assert sites.where("johndoe@gmail.com") == USER
    assert outcome(sites.task("cloud_user", options={"people": ["J.ohnDoe@GMAIL.com"]})) == IN_SYNC
    assert outcome(sites.task("cloud_user", options={"people": ["johndoe@gmail.com"], "state": "absent"})) == APPLIED


@pytest.mark.slow
@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_a_dump_is_in_sync_and_a_change_is_planned_reviewed_and_applied(sites: Sites, in_process: bool) -> None:
    found = sites.task("cloud_site_info", printops_in_process=in_process)
    assert outcome(found) == IN_SYNC
    assert {name: {row["email"] for row in rows} for name, rows in found["lists"].items()} == sites.lists()
    assert (found["site"], found["account"], found["sign_in"]) == ("North", sites.account, "form")
    folder = sites.new_folder()
    declared = dict(found["declared"])
    declared["users"] = [*declared["users"][1:], {"email": "new@example.com", "applications": ["remote_match"]}]
    declared |= {"site": "North", "mode": "authoritative"}
    (folder / "access.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    files = {"plan_file": str(folder / "plan.json"), "markdown_file": str(folder / "plan.md")}
    task = {"file": "access.yml", **files}
    how: dict[str, Any] = {"folder": folder, "printops_in_process": in_process}
    planned = sites.task("cloud_access", check=True, options=task, **how)
    assert outcome(planned) == DRIFT, planned
    assert "new@example.com" in (folder / "plan.md").read_text(encoding="utf-8")
    assert (folder / "plan.json").stat().st_mode & 0o777 == 0o600
    other = sites.task("cloud_access", options={**task, "plan_sha256": "0" * 64}, **how)
    assert outcome(other) == (True, "guardrail_refused", False)
    done = sites.task("cloud_access", options={**task, "plan_sha256": planned["plan_sha256"]}, **how)
    assert outcome(done) == APPLIED, done
    assert done["diff"] == planned["diff"]
    assert sites.where("new@example.com") == {"remote_match"}
    assert outcome(sites.task("cloud_access", options=task, **how)) == IN_SYNC
    back = {"declared": found["declared"], "mode": "authoritative"}
    assert outcome(sites.task("cloud_access", options=back, printops_in_process=in_process)) == APPLIED


@pytest.mark.parametrize(
    "text",
    ['{"administrators": [], "users": ["jo@example.com"], "users": []}', "administrators=[] users=[]", "users: []"],
)
def test_text_is_not_declared_as_it_could_hide_a_repeated_key(sites: Sites, text: str) -> None:
    sites.begin()
    for module in ("cloud_access", "home_access"):
        result = sites.task(module, options={"declared": text})
        assert (result["failed"], result["outcome"]) == (True, "bad_input")
        assert "declared is text" in result["msg"]
    assert sites.asked() == {}


@pytest.mark.parametrize(
    "template", ["{{ people }}", "{{ people | combine({}) }}", "{{ people | to_yaml | from_yaml }}"]
)
def test_a_template_of_data_is_declared(sites: Sites, template: str) -> None:
    people = sites.task("cloud_site_info")["declared"]
    assert outcome(sites.task("cloud_access", options={"declared": template}, people=people)) == IN_SYNC


def test_a_mistake_in_the_file_is_told_with_its_line_before_any_request(sites: Sites) -> None:
    folder = sites.new_folder()
    (folder / "access.yml").write_text(
        "administrators: []\nusers:\n  - John.Doe@gmail.com\n  - johndoe@gmail.com\n  - nobody\n", encoding="utf-8"
    )
    sites.begin()
    result = sites.task("cloud_access", options={"file": "access.yml"}, folder=folder)
    assert (result["failed"], result["outcome"]) == (True, "bad_input")
    assert "access.yml:4" in result["msg"]
    assert "access.yml:5" in result["msg"]
    assert sites.asked() == {}


@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_three_guardrails_refuse_and_the_account_in_use_stays(sites: Sites, in_process: bool) -> None:
    sites.begin()
    empty = {"declared": {"administrators": [], "users": []}, "mode": "authoritative"}
    refused = sites.task("cloud_access", options=empty, printops_in_process=in_process)
    assert outcome(refused) == (True, "guardrail_refused", False)
    assert {"empty_list", "max_removals"} <= set(refused["details"]["guardrails"])
    other = {"people": ["jo@example.com"], "site": "South"}
    assert "right_site" in sites.task("cloud_user", options=other)["details"]["guardrails"]
    sites.task("cloud_admin", options={"people": [sites.account], "state": "absent"})
    assert sites.account in sites.lists()["administrators"]
    assert sites.writes() == {}


@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_check_mode_writes_nothing_in_any_module(sites: Sites, in_process: bool) -> None:
    everything: dict[str, Any] = {"administrators": [sites.account], "users": []}
    guardrails = {"allow_empty": True, "max_removals": 1000, "max_removal_percent": 100}
    sites.begin()
    results = sites.tasks(
        {"cloud_user": {"people": ["check@example.com"]}},
        {"cloud_user": {"people": ["anna@example.com"], "state": "absent"}},
        {"cloud_admin": {"people": ["check@example.com"]}},
        {"cloud_access": {"declared": {**everything, "guardrails": guardrails}, "mode": "authoritative"}},
        {"cloud_site_info": {}},
        {"cloud_printer": {**waiting(sites, "ps-south"), "move": True}},
        check=True,
        printops_in_process=in_process,
    )
    assert [result["failed"] for result in results] == [False] * 6, results
    assert sum(result["changed"] for result in results) >= 4
    assert sites.writes() == {}


def test_one_sign_in_for_all_tasks_of_a_play(sites: Sites) -> None:
    since = sites.begin()
    sites.play({"cloud_site_info": {}}, {"cloud_user": {"people": ["anna@example.com"]}}, {"cloud_site_info": {}})
    assert sites.sign_ins(since) == 1
    assert sites.simulation.get("sessions").get("site", []) == []


@pytest.mark.slow
def test_no_secret_is_in_any_output(sites: Sites) -> None:
    tasks: list[dict[str, Any]] = [
        {"cloud_site_info": {}},
        {"cloud_user": {"people": ["quiet@example.com"]}},
        {"cloud_access": {}},
    ]
    for in_process in (True, False):
        run = sites.play(*tasks, arguments=("-vvv",), printops_in_process=in_process)
        shown = run.output + (run.folder / "results.jsonl").read_text(encoding="utf-8")
        secrets = [item["value"] for item in sites.simulation.get("secrets")]
        assert [secret for secret in secrets if len(secret) >= 8 and secret in shown] == []


# --- printers ---


def waiting(sites: Sites, name: str) -> dict[str, str]:
    found = sites.simulation.get(f"printers/{name}")
    return {"serial": sites.simulation.printer(name)["serial"], "address": found["address"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "in_process"), [("ps-waiting", True), pytest.param("ps-second", False, marks=pytest.mark.slow)]
)
def test_a_printer_is_added_by_its_hand_over_and_removed(
    sites: Sites, tmp_path: Path, name: str, in_process: bool
) -> None:
    printer = waiting(sites, name)
    file = tmp_path / "address"
    file.write_text(printer["address"] + "\n", encoding="utf-8")
    options = {"serial": printer["serial"], "address_file": str(file), "display_name": "Press 07"}
    how: dict[str, Any] = {"options": options, "printops_in_process": in_process}
    sites.begin()
    planned = sites.task("cloud_printer", check=True, **how)
    assert (planned["failed"], planned["changed"], sites.writes(), file.exists()) == (False, True, {}, True)
    done = sites.task("cloud_printer", **how)
    assert (done["failed"], done["changed"], done["handed_over"]) == (False, True, True), done
    assert (done["printer"]["name"], done["diff"]) == ("Press 07", planned["diff"])
    assert [each["finding"] for each in done["findings"]] == ["never_sent_data"]
    assert not file.exists()
    again = sites.task("cloud_printer", **how)
    assert (again["failed"], again["changed"], again["handed_over"]) == (False, False, False)
    gone = {"serial": printer["serial"], "state": "absent"}
    assert "confirm_removal" in sites.task("cloud_printer", options=gone)["msg"]
    for changed in (True, False):
        result = sites.task("cloud_printer", options={**gone, "confirm_removal": True}, printops_in_process=in_process)
        assert (result["failed"], result["changed"]) == (False, changed)


@pytest.mark.slow
def test_a_printer_of_another_site_comes_by_flag_only(sites: Sites) -> None:
    printer = waiting(sites, "ps-south")
    options = {**printer, "display_name": "Press 08"}
    sites.begin()
    for check in (True, False):  # an account without a site of its own would found one
        nameless = sites.task("cloud_printer", options=options, printops_site=None, check=check)
        assert (nameless["failed"], nameless["changed"]) == (True, False)
        assert "printops_site is not set" in nameless["reason"]
    assert sites.asked() == {}
    refused = sites.task("cloud_printer", options=options)
    assert (refused["failed"], refused["outcome"], refused["changed"]) == (True, "owned_by_other", False), refused
    moved = sites.task("cloud_printer", options={**options, "move": True})
    assert (moved["failed"], moved["handed_over"]) == (False, True), moved


@pytest.mark.slow
def test_an_address_of_another_printer_or_another_cloud_changes_nothing(sites: Sites) -> None:
    printer, other = waiting(sites, "ps-waiting"), waiting(sites, "ps-home")
    sites.begin()
    elsewhere = sites.task("cloud_printer", options=other)
    assert elsewhere["failed"]
    assert "127.0.0.1" in elsewhere["msg"]
    assert sites.asked() == {}
    if printer["address"]:
        wrong = sites.task("cloud_printer", options={"serial": "999999999", "address": printer["address"]})
        assert (wrong["outcome"], wrong["changed"]) == ("wrong_device", False)
    unknown = sites.task("cloud_printer", options={"serial": "1", "address": f"{sites.ready['url']}hand-over/none"})
    assert "unknown or was used" in unknown["msg"]
    assert sites.writes() == {}
