# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile drafted from a recording of the simulator by Chromium reads the same values as the shipped profile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._prisma.contract import CONTRACTS
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import Profile, build_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.draft import draft
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import (
    BrowsingHistory,
    read_history,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import read_har
from support.fleet import FleetMaker
from support.person import chromium, record_remote_ui
from support.playbook import Run, run_playbook

DECISIONS: dict[str, Any] = {
    "evidence": {"kind": "simulated", "note": "Rests on the simulator."},
    "controller_kind": "SRA",
    "registration_method": "link",
    "sign_in.refused": 1,
    # Values of the shipped profile that no word list can find
    "read.identity.fields.controller_version.filters": ["trim", {"regex": "^(?:SRA )?(.*)$"}],
}

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium")]


@pytest.fixture(scope="module", params=["en", "fr"])
def recorded(request: pytest.FixtureRequest, make_fleet: FleetMaker, tmp_path_factory: pytest.TempPathFactory) -> Any:
    fleet = make_fleet([{"name": "recorded", "language": request.param}], {"registration_delay": 0.5})
    recording = tmp_path_factory.mktemp("recording") / "raw.har"
    with chromium() as browser:
        proxy = fleet.simulation.ready["proxy"]
        typed = record_remote_ui(browser, fleet.simulation, "recorded", recording, proxy=proxy)
    return recording, typed


def _read_everything(profile: Profile, history: BrowsingHistory) -> dict[str, list[dict[str, Any]]]:
    """Return the values that each read of a profile finds, once for each visit of its page."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, read in profile.reads.items():
        (step,) = read.steps
        assert step.expect is not None
        for visit in history.visits:
            shown = visit.path == str(step.target) and visit.is_page and not visit.writes
            if shown and step.expect.holds(visit.data):
                values = {field: pick.value(visit.data)[0] for field, pick in read.fields.items()}
                found.setdefault(name, []).append(values)
    return found


def test_a_draft_with_its_decisions_reads_the_same_values_as_the_shipped_profile(recorded: Any) -> None:
    recording = read_har(recorded[0])
    drafted = draft(recording, interface="controller", id="drafted", decisions=DECISIONS)
    assert drafted.complete, [each.key for each in drafted.open]
    shipped = find_profile("sra-remote-ui", "controller", None)
    assert set(drafted.operations["read"]) == set(shipped.reads)
    assert set(drafted.operations["write"]) == set(shipped.writes)
    mine = build_profile(drafted.profile, CONTRACTS["controller"])
    history = read_history(recording)
    read, expected = _read_everything(mine, history), _read_everything(shipped, history)
    for name, times in expected.items():
        assert len(read[name]) == len(times), name
        for got, wanted in zip(read[name], times, strict=True):
            assert got == {field: wanted.get(field) for field in got}, name
            assert {field for field, value in wanted.items() if value is not None} <= set(got) | {"text"}, name


def _run(folder: Path, task: dict[str, Any], *arguments: str) -> Run:
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [{"printops.prisma.profile_draft": task}]}
    inventory = folder / "hosts.yml"
    inventory.write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n", encoding="utf-8")
    return run_playbook([play], inventory, folder, *arguments)


def test_the_module_drafts_and_is_idempotent(recorded: Any, tmp_path: Path) -> None:
    recording, typed = recorded
    decisions = tmp_path / "decisions.yml"
    decisions.write_text(yaml.safe_dump(DECISIONS), encoding="utf-8")
    task = {
        "recording": str(recording),
        "id": "drafted",
        "decisions": str(decisions),
        "profile": str(tmp_path / "profiles" / "drafted.yml"),
        "fixture": str(tmp_path / "drafted.har"),
        "known": {"serials": [typed["serial"]], "secrets": [typed["password"]]},
    }
    checked = _run(tmp_path, task, "--check", "--diff")
    assert checked.returncode == 0, checked.output
    assert checked.changed == 1
    assert not (tmp_path / "profiles").exists()
    done = _run(tmp_path, task)
    assert done.returncode == 0, done.output
    (result,) = done.results_of("profile_draft")
    assert result["complete"]
    assert done.changed == 1
    for secret in (typed["serial"], typed["password"]):
        for file in ("profiles/drafted.yml", "drafted.har"):
            assert secret not in (tmp_path / file).read_text(encoding="utf-8")
        assert secret not in json.dumps(result)
    assert find_profile(str(tmp_path / "profiles" / "drafted.yml"), "controller", None).id == "drafted"
    assert _run(tmp_path, task).changed == 0


def test_an_edited_profile_is_not_overwritten(recorded: Any, tmp_path: Path) -> None:
    profile = tmp_path / "drafted.yml"
    task = {"recording": str(recorded[0]), "id": "drafted", "profile": str(profile)}
    assert _run(tmp_path, task).returncode == 0
    assert "DECIDE sign_in.refused" in profile.read_text(encoding="utf-8")
    profile.write_text(profile.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    refused = _run(tmp_path, {**task, "title": "Another"})
    assert refused.returncode != 0
    assert "was changed by hand" in refused.results_of("profile_draft")[0]["msg"]
    assert _run(tmp_path, {**task, "title": "Another", "force": True}).changed == 1
