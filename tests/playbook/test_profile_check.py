# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""profile_check against a live printer and against a recording: results, failures, and that nothing is written."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.fixtures import RECORDINGS
from support.fleet import Fleet, FleetMaker
from support.playbook import Run, run_playbook

SHIPPED = Path(__file__).resolve().parents[2] / "plugins" / "profiles" / "sra-remote-ui.yml"


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"name": "held", "language": "fr"}])


def live(fleet: Fleet) -> dict[str, Any]:
    printer = fleet.simulation.printer("held")
    return {"url": printer["url"], **printer["accounts"]["administrator"]}


def check_each(folder: Path, *tasks: dict[str, Any], arguments: tuple[str, ...] = (), ignore: bool = True) -> Run:
    """Run one task for each set of options, and return the run."""
    inventory = folder / "inventory.yml"
    inventory.write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n", encoding="utf-8")
    named = [{"name": "Check", "printops.prisma.profile_check": each, "ignore_errors": ignore} for each in tasks]
    run = run_playbook([{"hosts": "localhost", "gather_facts": False, "tasks": named}], inventory, folder, *arguments)
    assert len(run.results) == len(tasks), run.output
    return run


def check(folder: Path, *arguments: str, **options: Any) -> tuple[Run, dict[str, Any]]:
    """Run one task. Return the run and the result of the task."""
    run = check_each(folder, options, arguments=arguments, ignore=False)
    return run, run.results[0]["result"]


def test_a_live_check_only_reads_and_signs_out(fleet: Fleet) -> None:
    watch = fleet.watch()
    run, found = check(
        fleet.new_folder(), profile="sra-remote-ui", live=live(fleet), ca_path=fleet.simulation.ready["ca"]
    )
    assert run.returncode == 0, run.output
    assert (found["outcome"], found["changed"], found["match_score"]) == ("fits", False, 4)
    assert watch.audit() == [("held", "sign_in"), ("held", "sign_out")]
    assert watch.writes() == {}
    assert found["operations"]["read.ors"]["readings"][0]["state"] == "connected"
    assert not found["operations"]["write.register"]["covered"]
    assert {each["evidence"] for each in found["operations"].values()} == {"simulated"}


def test_a_mismatch_fails_with_all_results(fleet: Fleet) -> None:
    source = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    source["read"]["identity"]["fields"]["hostname"]["pick"] = 'fields."Kein Name"'
    source["read"]["identity"]["fields"]["hostname"]["required"] = True
    source["read"]["ors"]["fields"]["mode"]["values"]["enabled"] = ["enabled"]
    folder = fleet.new_folder()
    run, found = check(
        folder, profile=source, live=live(fleet), ca_path=fleet.simulation.ready["ca"], bundle="report.zip"
    )
    assert run.returncode == 2
    assert found["outcome"] == "failed"
    identity, ors = found["operations"]["read.identity"], found["operations"]["read.ors"]
    assert identity["missing"] == ["hostname"]
    assert "Nom d'hôte" in identity["unused"]
    assert ors["unknown_texts"] == {"mode": "activé"}
    assert found["operations"]["read.proxy"]["ok"]
    with zipfile.ZipFile(folder / "report.zip") as archive:
        bundle = {name: archive.read(name).decode() for name in archive.namelist()}
    account = live(fleet)
    known = [account["username"], account["password"], fleet.simulation.printer("held")["serial"], account["url"]]
    assert [value for value in known for text in bundle.values() if value in text] == []
    assert not json.loads(bundle["report.json"])["fits"]


def test_another_interface_is_unsupported_and_gets_no_password(fleet: Fleet) -> None:
    source = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    source["match"]["enough"] = 5
    watch = fleet.watch()
    run, found = check(fleet.new_folder(), profile=source, live=live(fleet), ca_path=fleet.simulation.ready["ca"])
    assert (run.returncode, found["outcome"], found["match_score"]) == (2, "unsupported", None)
    assert watch.audit() == []


def test_a_recording_is_replayed_and_compared_with_the_expected_reading(fleet: Fleet, tmp_path: Path) -> None:
    fixture = RECORDINGS[0]
    expected = fixture.har.with_suffix(".expected.yml")
    watch = fleet.watch()
    run, found = check(tmp_path, profile=fixture.profile, recording=str(fixture.har), expected=str(expected))
    assert run.returncode == 0, run.output
    assert found["operations"]["write.set_proxy"]["readings"][0]["read_back"]["enabled"] is True
    wrong = yaml.safe_load(expected.read_text(encoding="utf-8"))
    wrong["operations"]["read.ors"][0]["state"] = "disconnected"
    (tmp_path / "wrong.yml").write_text(yaml.safe_dump(wrong), encoding="utf-8")
    run, found = check(tmp_path, profile=fixture.profile, recording=str(fixture.har), expected="wrong.yml")
    assert run.returncode == 2
    assert "read.ors.0.state is 'connected', expected 'disconnected'" in found["reason"]
    assert watch.requests() == 0


INVALID: dict[str, dict[str, Any]] = {
    "one of the following is required: recording, live": {},
    "none.har": {"recording": "none.har"},
    "empty.har": {"recording": "empty.har"},
    "mutually exclusive": {"recording": "empty.har", "live": {"url": "https://printer.example.com/"}},
    "live.url is not an https address": {"live": {"url": "http://printer.example.com/"}},
}
"""What the message says, and the options that it is about."""


def test_invalid_options_are_reported(tmp_path: Path) -> None:
    (tmp_path / "empty.har").write_bytes(b"")
    run = check_each(tmp_path, *({"profile": "sra-remote-ui", **options} for options in INVALID.values()))
    for message, item in zip(INVALID, run.results, strict=True):
        assert item["status"] == "failed"
        assert message in item["result"]["msg"]
        assert item["result"]["outcome"] == "failed"
