# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks enforce_access and audit_access as a pipeline runs them: each outcome in status, JUnit and exit."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from support.playbook import IN_PROCESS_OR_NOT, Run, run_playbook
from support.site import Sites, start_sites


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    made = start_sites(
        tmp_path_factory.mktemp("sites"),
        [
            {"id": "north", "users": ["anna@example.com", "bert@example.com"], "people": 30},
            {"id": "south", "users": ["other@example.com"]},
        ],
        settings={"site_page_size": 25},
    )
    yield made
    made.simulation.stop()


@dataclass(frozen=True)
class RunStatus:
    """What a run left for a pipeline."""

    run: Run
    status: dict[str, Any]
    junit: Any

    @property
    def came(self) -> tuple[str, int]:
        """The outcome and the exit status of ansible-playbook."""
        return self.status["outcome"], self.run.returncode

    @property
    def failures(self) -> list[tuple[str, str]]:
        """The failed test cases, up to the colon, with the type of their failure."""
        return [
            (case.get("name").partition(":")[0], failure.get("type"))
            for case in self.junit.iter("testcase")
            for failure in case.iter("failure")
        ]


def run(
    sites: Sites,
    declared: dict[str, Any] | str,
    *arguments: str,
    playbook: str = "enforce_access",
    env: dict[str, Any] | None = None,
    **variables: Any,
) -> RunStatus:
    folder = sites.new_folder()
    text = declared if isinstance(declared, str) else yaml.safe_dump(declared)
    (folder / "access.yml").write_text(text, encoding="utf-8")
    inventory = folder / "inventory.yml"
    inventory.touch(mode=0o600)
    host = {"ansible_connection": "local", **sites.variables(), **variables}
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {"localhost": host}}}), encoding="utf-8")
    done = run_playbook(f"printops.prisma.{playbook}", inventory, folder, *arguments, **(env or {}))
    return read_status(done, folder / "access" / ("tenant" if variables.get("cloud_access_target") == "tenant" else ""))


def read_status(done: Run, folder: Path) -> RunStatus:
    assert folder.is_dir(), done.output
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path
    status = json.loads((folder / "status.json").read_text(encoding="utf-8"))
    return RunStatus(done, status, ElementTree.parse(folder / "junit.xml"))


def dump(sites: Sites) -> dict[str, Any]:
    found: dict[str, Any] = sites.task("cloud_site_info")["declared"]
    return {**found, "mode": "authoritative"}


def changed(declared: dict[str, Any], *, add: list[str] | None = None, remove: list[str] | None = None) -> Any:
    users = [one for one in declared["users"] if (one if isinstance(one, str) else one["email"]) not in (remove or [])]
    return {**declared, "users": [*users, *(add or [])]}


def test_the_people_who_are_there_become_a_declared_file(sites: Sites) -> None:
    """Without a host of its own, with the variables of group_vars/all, as at a site that follows the guide."""
    folder = sites.new_folder()
    inventory = folder / "inventory.yml"
    inventory.write_text("printers: {hosts: {press-01: }}", encoding="utf-8")
    (folder / "group_vars").mkdir()
    variables = yaml.safe_dump(sites.variables())
    (folder / "group_vars" / "all.yml").write_text(variables, encoding="utf-8")
    sites.begin()

    def playbook(name: str, *arguments: str) -> Run:
        return run_playbook(f"printops.prisma.{name}", inventory, folder, "-e", "cloud_access_file=now.yml", *arguments)

    predicted = playbook("export_access", "--check")
    assert (predicted.returncode, (folder / "now.yml").exists()) == (0, False), predicted.output
    exported = playbook("export_access")
    assert (exported.returncode, exported.changed) == (0, 1), exported.output
    assert (folder / "now.yml").stat().st_mode & 0o777 == 0o600
    declared = yaml.safe_load((folder / "now.yml").read_text(encoding="utf-8"))
    assert (declared["site"], declared["mode"]) == ("North", "audit")
    assert f"people are in {folder / 'now.yml'}." in exported.output
    audit = read_status(playbook("audit_access"), folder / "access")
    assert audit.came == ("in_sync", 0), audit.run.output
    again = playbook("export_access")
    assert again.returncode == 2
    assert "now.yml is there already" in again.output
    assert sites.writes() == {}


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("cloud_access_target=both", "cloud_access_target is 'both', but must be one of site, tenant"),
        ("cloud_access_fil=now.yml", "cloud_access_file"),
    ],
)
def test_an_export_that_names_no_file_or_no_cloud_reads_nothing(sites: Sites, argument: str, said: str) -> None:
    folder = sites.new_folder()
    done = run_playbook("printops.prisma.export_access", folder / "none.yml", folder, "-e", argument)
    assert done.returncode == 2
    assert said in done.output


def test_the_printed_command_applies_the_plan_that_was_made(sites: Sites) -> None:
    """On Ansible's own localhost, which no C(--limit) finds, as at a site that follows the guide."""
    folder = sites.new_folder()
    inventory = folder / "inventory.yml"
    inventory.write_text("printers: {hosts: {press-01: }}", encoding="utf-8")
    (folder / "group_vars").mkdir()
    (folder / "group_vars" / "all.yml").write_text(yaml.safe_dump(sites.variables()), encoding="utf-8")
    declared = changed(dump(sites), add=["printed@example.com"])
    (folder / "access.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    planned = run_playbook("printops.prisma.enforce_access", inventory, folder, "--check")
    assert planned.returncode == 0, planned.output
    assert "add 1 (printed@example.com)" in planned.output
    assert "access/plan.md" in planned.output
    command = planned.output.rpartition("For what is left")[2].strip().replace("\\\n", "").splitlines()[0]
    _program, playbook, _option, _inventory, *arguments = shlex.split(command)
    applied = run_playbook(playbook, inventory, folder, *arguments)
    assert applied.returncode == 0, applied.output
    assert len(sites.where("printed@example.com")) == 3


def test_plan_review_apply_and_again(sites: Sites) -> None:
    declared = changed(dump(sites), add=["new@example.com"], remove=["anna@example.com"])
    sites.begin()
    audit = run(sites, declared, playbook="audit_access")
    assert audit.came == ("drift", 2), audit.run.output
    plan = run(sites, declared, "--check")
    assert plan.came == ("drift", 0), plan.run.output
    assert sites.writes() == {}
    assert (plan.status["check_mode"], audit.status["check_mode"]) == (True, True)
    assert (plan.status["counts"]["add"], plan.status["counts"]["remove"]) == (1, 1)
    assert plan.failures == audit.failures == [("in_sync", "drift")]
    folder = plan.run.folder / "access"
    assert "anna@example.com" in (folder / "plan.md").read_text(encoding="utf-8")
    sha256 = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["sha256"]
    assert sha256 == plan.status["plan_sha256"] == audit.status["plan_sha256"]

    other = run(sites, declared, cloud_access_plan_sha256="0" * 64)
    assert other.came == ("guardrail_refused", 2)
    assert [guardrail["name"] for guardrail in other.status["refused"]] == ["plan_sha256"]
    assert other.failures == [("guardrails", "guardrail_refused")]

    applied = run(sites, declared, cloud_access_plan_sha256=sha256)
    assert applied.came == ("applied", 0), applied.run.output
    assert not applied.status["check_mode"]
    assert (sites.where("anna@example.com"), len(sites.where("new@example.com"))) == (set(), 3)
    again = run(sites, declared, cloud_access_plan_sha256=sha256)
    assert again.came == ("in_sync", 0)
    assert (again.run.changed, again.failures) == (0, [])
    assert run(sites, declared, playbook="audit_access").came == ("in_sync", 0)


@pytest.mark.slow
def test_a_file_without_a_mode_changes_nothing_and_that_is_no_success(sites: Sites) -> None:
    declared = changed(dump(sites), add=["someone@example.com"])
    declared.pop("mode")
    sites.begin()
    assert run(sites, declared).came == ("drift", 2)
    assert run(sites, declared, cloud_access_fail_on=["bad_input"]).came == ("drift", 0)
    assert sites.writes() == {}


@pytest.mark.slow
def test_some_people_cannot_be_changed(sites: Sites) -> None:
    declared = changed(dump(sites), add=["more@example.com", "other@example.com"])
    part = run(sites, declared)
    assert part.came == ("partly_applied", 2), part.run.output
    assert part.failures == [("applied", "partly_applied"), ("other@example.com", "failed")]
    assert [one["person"] for one in part.status["people"]] == ["other@example.com"]
    assert {step["person"] for step in part.status["left"]} == {"other@example.com"}


@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_a_task_that_ansible_ends_in_the_middle_may_have_changed_people(sites: Sites, in_process: bool) -> None:
    declared = changed(dump(sites), add=["late@example.com"])
    how: dict[str, Any] = {"env": {"ANSIBLE_TASK_TIMEOUT": "6"}, "printops_in_process": in_process}
    sites.fault("latency", method="POST", path="users/add", times=0, options={"seconds": 20})
    ended = run(sites, declared, **how)
    sites.simulation.request("DELETE", "faults")
    assert ended.came == ("partly_applied", 2), ended.run.output
    assert ended.failures == [("applied", "partly_applied")]
    assert "timeout" in ended.status["reason"]
    sites.fault("latency", path="users", times=0, options={"seconds": 20})
    audit = run(sites, {**declared, "mode": "audit"}, **how)
    sites.simulation.request("DELETE", "faults")
    assert audit.came == ("timeout", 2), audit.run.output


@pytest.mark.slow
def test_bad_input_is_told_with_its_line(sites: Sites) -> None:
    sites.begin()
    bad = run(sites, "administrators: []\nusers:\n  - nobody\n")
    assert bad.came == ("bad_input", 2)
    assert "access.yml:3" in bad.status["reason"]
    assert bad.failures == [("input", "bad_input")]
    assert run(sites, dump(sites), cloud_access_mode="sometimes").came == ("bad_input", 2)
    assert run(sites, dump(sites), cloud_access_file="missing.yml").came == ("bad_input", 2)
    null: dict[str, Any] = {"cloud_access_plan_sha256": None, "cloud_access_mode": None}
    for variable in null:  # null is no plan without a review, and no mode of the file
        blank = run(sites, changed(dump(sites), remove=["bert@example.com"]), **{variable: null[variable]})
        assert blank.came == ("bad_input", 2), blank.run.output
        assert variable in blank.status["reason"]
    assert sites.writes() == {}


@pytest.mark.slow
def test_what_cannot_be_read_is_told_apart(sites: Sites) -> None:
    declared, host = dump(sites), urlsplit(sites.ready["url"]).hostname
    nobody = run(sites, declared, printops_site_url=f"https://{host}:9/", printops_retries=0)
    assert nobody.came == ("unreachable", 2), nobody.run.output
    assert nobody.failures == [("reachable", "unreachable")]
    session = sites.folder / "expired.json"
    cookie = {"name": "siteSession", "value": "ended-session-0123456789", "domain": host, "path": "/"}
    session.write_text(json.dumps({"cookies": [{**cookie, "expires": -1}], "origins": []}), encoding="utf-8")
    session.chmod(0o600)
    gone: dict[str, Any] = {
        "printops_site_username": "",
        "printops_site_password": "",
        "printops_site_session_file": str(session),
    }
    expired = run(sites, declared, **gone)
    assert expired.came == ("auth_failed", 2), expired.run.output
    assert expired.failures == [("signed_in", "auth_failed")]
    sites.fault("lost_page", path="users/dashboard", times=0)
    lost = run(sites, changed(declared, remove=["bert@example.com"]))
    sites.simulation.request("DELETE", "faults")
    assert lost.came == ("incomplete", 2), lost.run.output
    assert lost.failures == [("complete_read", "incomplete")]
    assert sites.where("bert@example.com")


@pytest.mark.slow
def test_a_status_of_an_earlier_run_does_not_stay(sites: Sites) -> None:
    declared = dump(sites)
    first = run(sites, declared)
    assert first.came == ("in_sync", 0)
    folder = first.run.folder
    (folder / "access.yml").write_text("- no\n", encoding="utf-8")
    second = run_playbook("printops.prisma.enforce_access", folder / "inventory.yml", folder)
    assert read_status(second, folder / "access").came == ("bad_input", 2)
    assert not (folder / "access" / "plan.md").exists()


@pytest.mark.slow
@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_two_sites_of_one_inventory_and_no_secret_in_any_output(sites: Sites, in_process: bool) -> None:
    folder = sites.new_folder()
    hosts: dict[str, Any] = {}
    for name in ("north", "south"):
        declared = sites.task("cloud_site_info", site=name)["declared"]
        (folder / f"{name}.yml").write_text(yaml.safe_dump({**declared, "mode": "authoritative"}), encoding="utf-8")
        hosts[name] = {**sites.variables(name), "cloud_access_file": str(folder / f"{name}.yml")}
        hosts[name]["printops_in_process"] = in_process
    inventory = folder / "inventory.yml"
    inventory.touch(mode=0o600)
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
    done = run_playbook("printops.prisma.enforce_access", inventory, folder, "-vvv", "-e", "cloud_access_hosts=all")
    shown = done.output + (folder / "results.jsonl").read_text(encoding="utf-8")
    for name in hosts:
        result = read_status(done, folder / "access" / name)
        assert result.came == ("in_sync", 0), done.output
        assert result.status["site"].casefold() == name
        shown += "".join(path.read_text(encoding="utf-8") for path in (folder / "access" / name).iterdir())
    secrets = [item["value"] for item in sites.simulation.get("secrets")]
    assert [secret for secret in secrets if len(secret) >= 8 and secret in shown] == []
