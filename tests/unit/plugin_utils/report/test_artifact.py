# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as data of a job: the same report comes out, no capability goes in, and its size is bounded."""

from __future__ import annotations

import base64
import json
import random
import zlib
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._report import artifact
from ansible_collections.printops.prisma.plugins.plugin_utils._report.artifact import as_artifact, name_of, of_artifact
from ansible_collections.printops.prisma.plugins.plugin_utils._report.document import RunReport
from ansible_collections.printops.prisma.plugins.plugin_utils._report.files import ReportFiles
from ansible_collections.printops.prisma.plugins.plugin_utils._run_identity import RunIdentity
from unit.plugin_utils.report.reports import result, run

RUN = RunIdentity("4711", 2, 5)


def test_the_same_report_comes_out() -> None:
    report = run("a", b="ors_not_ready", left={"c": "its wave was not started"})
    data = json.loads(json.dumps(as_artifact(report, RUN)))
    assert of_artifact(data).as_dict() == report.as_dict()
    assert data["run"] == {"id": "4711", "slice": 2, "slices": 5}
    assert name_of(RUN) == "fleet_run_4711_2"


def test_paths_of_addresses_stay_behind() -> None:
    waiting = result("awaiting_claim", address_file="/runner/a.address", qr_path="/runner/a.svg", address_host="h")
    found = of_artifact(as_artifact(RunReport.now(results={"a": waiting}, check_mode=False), RUN)).results["a"]
    assert (found["address_file"], found["qr_path"], found["address_host"]) == (None, None, "h")


def test_no_data_of_others_name_a_file_of_this_machine(tmp_path: Path) -> None:
    """Given data whose printer waits, with a file as its address, then no page of the report has that file."""
    secret = tmp_path / "id_ed25519"
    secret.write_text("a-private-key\n", encoding="utf-8")
    crafted = result("awaiting_claim", address_file=str(secret), qr_path=str(secret))
    data = RunReport.now(results={"a": crafted}, check_mode=False).as_dict()
    packed = base64.b64encode(zlib.compress(json.dumps(data).encode())).decode()
    report = of_artifact(changed(report=[packed]))
    assert (report.results["a"]["address_file"], report.results["a"]["qr_path"]) == (None, None)
    ReportFiles(str(tmp_path / "report.json")).write(report)
    assert "a-private-key" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def many(number: int, seed: int = 1) -> RunReport:
    """Return a report of many printers with serial numbers, and reasons that no compression makes small."""
    chance = random.Random(seed)
    results = {
        f"press-{each:05}.example.com": result(
            chance.choice(["onboarded", "ors_not_ready", "busy"]),
            serial=str(chance.randrange(10**9)),
            reason=f"{chance.getrandbits(128):x}",
        )
        for each in range(number)
    }
    return RunReport.now(results=results, check_mode=False)


def test_ten_thousand_printers_fit_four_times() -> None:
    data = as_artifact(many(2_500), RUN)
    size = sum(map(len, data["report"]))
    print(f"\n2,500 printers, each with a random reason: {size} characters in {len(data['report'])} texts")
    assert 4 * 4 * size < 4 * artifact.LIMIT
    assert max(map(len, data["report"])) <= artifact.CHUNK


def test_beyond_the_limit_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact, "LIMIT", 1_000)
    with pytest.raises(BadInput, match=r"the results of 50 printers are .* and a job may leave 1000"):
        as_artifact(many(50), RUN)


def changed(**more: Any) -> dict[str, Any]:
    return {**as_artifact(run("a"), RUN), **more}


BOMB = base64.b64encode(zlib.compress(b" " * 4_000_000)).decode()


@pytest.mark.parametrize(
    "data",
    [
        None,
        "text",
        {},
        changed(schema=2),
        changed(report=["no base64!"]),
        changed(report=[base64.b64encode(b"no zlib").decode()]),
        changed(report=[base64.b64encode(zlib.compress(b"[]")).decode()]),
        changed(report=as_artifact(run("a"), RUN)["report"][0][:40]),
        changed(report=7),
    ],
)
def test_anything_else_is_no_report(data: Any) -> None:
    with pytest.raises(ValueError, match=r"it is|Expecting|Incorrect"):
        of_artifact(data)


def test_what_unpacks_to_more_than_any_report_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact, "LARGEST", 1_000_000)
    with pytest.raises(ValueError, match="larger than any report"):
        of_artifact(changed(report=[BOMB]))
