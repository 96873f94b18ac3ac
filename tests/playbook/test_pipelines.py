# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipelines under docs/examples, executed step by step: the commands of their files in the service's shell.

In place of the service: the checkout, its variables and secrets, the container, and the upload of artifacts.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml
from support.playbook import environment
from support.site import Sites, start_sites

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
SHIPPED = Path(__file__).resolve().parents[2] / "plugins" / "profiles"
EXIT = {"drift": 10, "partly_applied": 11, "guardrail_refused": 12, "auth_failed": 15, "no status": 17}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    made = start_sites(
        tmp_path_factory.mktemp("sites"),
        [
            {"id": "north", "users": ["anna@example.com", "bert@example.com"], "people": 30},
            {"id": "south", "users": ["other@example.com"]},
        ],
    )
    yield made
    made.simulation.stop()


@dataclass(frozen=True)
class Job:
    """What a job of a pipeline came to."""

    codes: list[int]
    output: str
    folder: Path

    @property
    def status(self) -> dict[str, Any]:
        """The status that it left."""
        found: dict[str, Any] = json.loads((self.folder / "access" / "status.json").read_text(encoding="utf-8"))
        return found

    @property
    def plan(self) -> str:
        """The digest that it asks to be committed."""
        return self.output.rstrip().rpartition("\n")[2].strip()


class Service(Protocol):
    """A CI service: runs the job of an event in a checkout."""

    def __call__(self, sites: Sites, checkout: Path, event: str, session: str) -> Job:
        """Run what the service would run."""


def _shell(arguments: list[str], script: str, checkout: Path, env: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        ["bash", *arguments, "-c", script],
        cwd=checkout,
        env={**env, "PWD": str(checkout)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout.decode(errors="replace")


def _machine(sites: Sites, checkout: Path) -> dict[str, str]:
    """Return the environment in the container: the collection, and the CA of the simulator as one of its own."""
    env = environment(checkout.parent, PRINTOPS_SITE_CA_PATH=sites.simulation.ready["ca"])
    return {name: value for name, value in env.items() if not name.startswith("GITHUB_")}


def github(sites: Sites, checkout: Path, event: str, session: str) -> Job:
    workflow = yaml.safe_load((EXAMPLES / "github-actions.yml").read_text(encoding="utf-8"))
    known = {"vars.SITE_URL": sites.ready["url"], "secrets.SITE_SESSION": session}

    def filled(values: dict[str, str]) -> dict[str, str]:
        return {
            name: re.sub(r"\$\{\{ (\S+) \}\}", lambda found: known[found[1]], value) for name, value in values.items()
        }

    (job,) = [one for one in workflow["jobs"].values() if one["if"] == f"github.event_name == '{event}'"]
    assert event in workflow["on"]
    temporary = checkout.parent / "runner-temp"
    temporary.mkdir(exist_ok=True)
    runner = {"RUNNER_TEMP": str(temporary), "GITHUB_STEP_SUMMARY": str(checkout.parent / "summary.md")}
    env = {**_machine(sites, checkout), **runner, **filled(workflow["env"])}
    codes: list[int] = []
    output = ""
    for step in job["steps"]:
        if "uses" in step:
            assert step["uses"].startswith(("actions/checkout@", "actions/upload-artifact@"))
            continue
        if any(codes) and step.get("if") != "always()":
            continue
        code, told = _shell(["-e"], step["run"], checkout, {**env, **filled(step.get("env", {}))})
        codes.append(code)
        output += told
    assert list(temporary.iterdir()) == [], "the session is left on the runner"
    return Job(codes, output, checkout)


def gitlab(sites: Sites, checkout: Path, event: str, session: str) -> Job:
    pipeline = yaml.safe_load((EXAMPLES / "gitlab-ci.yml").read_text(encoding="utf-8"))
    name = {"pull_request": "plan", "push": "apply", "schedule": "audit"}[event]
    job = {**pipeline[pipeline[name]["extends"]], **pipeline[name]}
    file = checkout.parent / "SITE_SESSION"
    file.write_text(session, encoding="utf-8")
    entered = {"PRINTOPS_SITE_URL": sites.ready["url"], "PRINTOPS_SITE_SESSION_FILE": str(file)}
    variables = {**pipeline["variables"], **entered}
    script = "\n".join([*job["before_script"], *job["script"]])
    code, output = _shell(["-eo", "pipefail"], script, checkout, {**_machine(sites, checkout), **variables})
    return Job([code], output, checkout)


def code_of(job: Job) -> int:
    """Return the exit code by which the pipeline tells checks apart: of the step that says it, or of the job."""
    return max(job.codes)


@pytest.fixture(params=[pytest.param(github, marks=pytest.mark.slow), gitlab], ids=["github", "gitlab"])
def service(request: pytest.FixtureRequest) -> Service:
    found: Service = request.param
    return found


def declared_now(sites: Sites) -> dict[str, Any]:
    found: dict[str, Any] = sites.task("cloud_site_info")["declared"]
    return {**found, "mode": "authoritative"}


def checked_out(sites: Sites, declared: dict[str, Any], plan: str | None = None) -> Path:
    """Return a fresh checkout of a repository that is made as the comments of the examples say."""
    folder = sites.new_folder() / "checkout"
    folder.mkdir()
    (folder / "access.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    (folder / "profiles").mkdir()
    shutil.copyfile(SHIPPED / "cloud-administration-site.yml", folder / "profiles" / "our-site.yml")
    (folder / "access_exit.py").write_text((EXAMPLES / "access_exit.py").read_text(encoding="utf-8"), encoding="utf-8")
    if plan is not None:
        (folder / "access.plan").write_text(f"{plan}\n", encoding="utf-8")
    return folder


def with_people(declared: dict[str, Any], *people: str) -> dict[str, Any]:
    return {**declared, "users": [*declared["users"], *people]}


@pytest.mark.slow
def test_a_change_is_reviewed_and_applied(sites: Sites, service: Service, request: pytest.FixtureRequest) -> None:
    who = f"joins-{request.node.callspec.id}@example.com"
    session = sites.session_file(sites.folder / "session.json").read_text(encoding="utf-8")
    declared = with_people(declared_now(sites), who)
    sites.begin()

    drift = service(sites, checked_out(sites, declared), "pull_request", session)
    assert (code_of(drift), drift.status["outcome"]) == (EXIT["drift"], "drift"), drift.output
    assert who in (drift.folder / "access" / "plan.md").read_text(encoding="utf-8")
    plan = str(drift.status["plan_sha256"])
    assert plan in drift.output

    unreviewed = service(sites, checked_out(sites, declared), "push", session)
    assert code_of(unreviewed) not in (0, *EXIT.values()) or "no status" in unreviewed.output
    refused = service(sites, checked_out(sites, declared, "0" * 64), "push", session)
    assert (code_of(refused), refused.status["outcome"]) == (EXIT["guardrail_refused"], "guardrail_refused"), (
        refused.output
    )
    reviewed = service(sites, checked_out(sites, declared, plan), "pull_request", session)
    assert (code_of(reviewed), reviewed.status["outcome"]) == (0, "drift"), reviewed.output
    audit = service(sites, checked_out(sites, declared), "schedule", session)
    assert (code_of(audit), audit.status["outcome"]) == (EXIT["drift"], "drift"), audit.output
    assert sites.writes() == {}

    applied = service(sites, checked_out(sites, declared, plan), "push", session)
    assert (code_of(applied), applied.status["outcome"]) == (0, "applied"), applied.output
    assert len(sites.where(who)) == 3
    again = service(sites, checked_out(sites, declared, plan), "push", session)
    assert (code_of(again), again.status["outcome"]) == (0, "in_sync"), again.output
    shown = "".join(job.output for job in (drift, unreviewed, refused, reviewed, applied, again))
    cookies = [cookie["value"] for cookie in json.loads(session)["cookies"]]
    assert [value for value in cookies if value in shown] == []


@pytest.mark.slow
@pytest.mark.parametrize("service", [github, gitlab], indirect=True)
def test_guardrails_partial_changes_and_an_ended_session_end_differently(
    sites: Sites, service: Service, request: pytest.FixtureRequest
) -> None:
    who = f"comes-{request.node.callspec.id}@example.com"
    session = sites.session_file(sites.folder / "session.json").read_text(encoding="utf-8")
    declared = declared_now(sites)
    sites.begin()
    empty = service(sites, checked_out(sites, {**declared, "users": []}), "pull_request", session)
    assert (code_of(empty), empty.status["outcome"]) == (EXIT["guardrail_refused"], "guardrail_refused"), empty.output
    assert "empty_list" in (empty.folder / "access" / "plan.md").read_text(encoding="utf-8")
    assert sites.writes() == {}

    more = with_people(declared, who, "other@example.com")
    plan = str(service(sites, checked_out(sites, more), "pull_request", session).status["plan_sha256"])
    part = service(sites, checked_out(sites, more, plan), "push", session)
    assert (code_of(part), part.status["outcome"]) == (EXIT["partly_applied"], "partly_applied"), part.output
    assert [one["person"] for one in part.status["people"]] == ["other@example.com"]
    assert (len(sites.where(who)), sites.where("other@example.com")) == (3, set())

    ended = json.dumps({**json.loads(session), "cookies": [{**one, "value": "0" * 24} for one in _cookies(session)]})
    expired = service(sites, checked_out(sites, declared), "pull_request", ended)
    assert (code_of(expired), expired.status["outcome"]) == (EXIT["auth_failed"], "auth_failed"), expired.output


def _cookies(session: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(session)["cookies"]
    return found


@pytest.mark.parametrize("service", [github, gitlab], indirect=True)
@pytest.mark.parametrize("event", ["pull_request", "push", "schedule"])
def test_the_status_of_an_earlier_run_is_not_taken_for_this_one(
    sites: Sites, service: Service, event: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a runner that keeps its folder, and a playbook that ends before the role, then there is no status."""
    folder, digest = checked_out(sites, declared_now(sites), "0" * 64), "0" * 64
    (folder / "access").mkdir()
    earlier = {"outcome": "in_sync", "exit_code": 0, "plan_sha256": digest}
    (folder / "access" / "status.json").write_text(json.dumps(earlier), encoding="utf-8")
    programs = folder.parent / "programs"
    programs.mkdir()
    (programs / "ansible-playbook").write_text("#!/bin/sh\nexit 4\n", encoding="utf-8")
    (programs / "ansible-playbook").chmod(0o755)
    machine = _machine(sites, folder)
    broken = {**machine, "PATH": f"{programs}:{machine['PATH']}"}
    monkeypatch.setattr(sys.modules[__name__], "_machine", lambda sites, checkout: broken)
    assert code_of(service(sites, folder, event, "{}")) == EXIT["no status"]


def test_no_status_is_no_success(tmp_path: Path) -> None:
    code, told = _shell([], f"python3 {EXAMPLES / 'access_exit.py'} nowhere.json", tmp_path, dict(os.environ))
    assert (code, "no status" in told) == (EXIT["no status"], True)
