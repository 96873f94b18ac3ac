# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task that reports: what it returns and writes, what the run before left, and what a summary gets of it."""

from __future__ import annotations

import csv
import json
import stat
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible import context
from ansible.utils.context_objects import CLIArgs
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import OnboardingResult
from ansible_collections.printops.prisma.plugins.plugin_utils._report import at_end
from ansible_collections.printops.prisma.plugins.plugin_utils._report.command import command_for
from support.full_disk import fill_disk
from unit.action.report_play import Play

BUSY = {**OnboardingResult("busy", False, False, "Wait.").as_dict(), "attention": "busy: Wait."}
FINE = {**OnboardingResult("already", True, False, "").as_dict(), "attention": ""}
FINGERPRINT = ":".join(["AB"] * 32)


def onboarded(monkeypatch: pytest.MonkeyPatch, **results: dict[str, Any]) -> Play:
    return Play(monkeypatch, {name: {"onboard__outcome": result} for name, result in results.items()})


def test_a_report_that_cannot_be_written_is_a_warning_and_hides_no_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The task runs once: if it failed, printers would fail that need nothing, and those that do would not."""
    play = onboarded(monkeypatch, p1=BUSY)
    result = play.report(path="/")
    assert not result.get("failed")
    assert result["attention"] == {"p1": "busy: Wait."}
    assert result["path"] is None
    assert result["warnings"] == ["The report was not written: onboard_report '/' is a folder"]
    assert result["warnings"][0] in play.summary


def test_a_play_without_the_role_replaces_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    path.write_text("of the fleet", encoding="utf-8")
    play = Play(monkeypatch, {"p1": {}, "p2": {}}, ansible_play_batch=["p1", "p2"])
    result = play.report(path=str(path))
    assert result["msg"].startswith("report: no host of this play has a result of the role onboard. Run the role")
    assert [each.name for each in tmp_path.iterdir()] == ["report.json"]
    assert path.read_text(encoding="utf-8") == "of the fleet"
    play.task._role = MagicMock()
    assert play.report(path=str(path))["without_result"] == ["p1", "p2"]


def test_a_report_that_cannot_be_noted_for_the_end_is_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a full disk of temporary files, then the summary is not lost, and the task warns."""
    texts: list[str] = []
    monkeypatch.setattr(at_end, "show", lambda display, text: texts.append(text))
    play = onboarded(monkeypatch, p1=BUSY)
    fill_disk(monkeypatch)
    result = play.report()
    assert result["attention"] == {"p1": "busy: Wait."}
    assert result["warnings"][-1].endswith("(No space left on device).")
    assert "1 of 1 printer needs attention" in "".join(texts)
    assert play.summary == ""


def test_without_a_path_none_is_written_and_nothing_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    result = onboarded(monkeypatch, p1=BUSY).report()
    assert (result["path"], result.get("warnings")) == (None, None)
    assert result["counts"] == {"busy": 1}


def test_the_file_is_for_its_owner_only_and_names_who_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.json"
    left = path.with_name("attention.txt")
    onboarded(monkeypatch, b=BUSY, a=FINE, c=BUSY).report(path=str(path))
    written = json.loads(path.read_text(encoding="utf-8"))
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(left.stat().st_mode) == 0o600
    assert list(written["printers"]) == ["a", "b", "c"], "sorted by host"
    assert (written["schema"], written["attention"]) == (2, ["b", "c"])
    assert left.read_text(encoding="utf-8") == "b\nc\n"
    onboarded(monkeypatch, a=FINE).report(path=str(path))
    assert not left.exists(), "nobody is left"


def test_a_name_in_another_encoding_is_in_all_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Given an inventory in Latin-1, then what replaces its byte is a pattern that C(--limit) finds the host by."""
    play = onboarded(monkeypatch, **{"b\udcfcro-3": BUSY})
    result = play.report(
        path=str(tmp_path / "report.json"),
        prometheus_path=str(tmp_path / "p.prom"),
        formats=["html", "csv", "junit"],
    )
    assert result["path"]
    assert "warnings" not in result
    assert fnmatchcase("b\udcfcro-3", (tmp_path / "attention.txt").read_text(encoding="utf-8").strip())
    for name in ("report.json", "report.csv", "attention.csv", "p.prom"):
        assert "b?ro-3" in (tmp_path / name).read_text(encoding="utf-8-sig"), name


def test_each_column_of_the_sheet_says_something_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Given printers of an inventory in YAML, then the expected serial numbers are there, and advice stands once."""
    read = "the serial number read is 'SN9', declared is 'SN1'"
    other = OnboardingResult("wrong_device", False, False, "Correct it.", read).as_dict()
    locked = OnboardingResult("locked", False, False, "Unlock it.", "the account is locked", serial="SN2").as_dict()
    unlicensed = {"finding": "unlicensed", "what": "no licence of A", "advice": "Ask for one."}
    sentence = "unlicensed: no licence of A. Ask for one."
    fine = {**FINE, "serial": "SN3", "findings": [unlicensed, {**unlicensed, "finding": "clock_wrong"}]}
    hosts: dict[str, dict[str, Any]] = {
        "other": {"onboard__outcome": {**other, "attention": f"wrong_device: {read}. Correct it."}},
        "locked": {"onboard__outcome": {**locked, "attention": "locked: the account is locked. Unlock it."}},
        "fine": {"onboard__outcome": {**fine, "attention": sentence}},
    }
    hosts["other"]["printops_serial"] = "SN1"
    Play(monkeypatch, hosts).report(path=str(tmp_path / "report.json"))
    with (tmp_path / "attention.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["name", "serial", "outcome", "message", "advice"],
        ["fine", "SN3", "already", "unlicensed: no licence of A", "Ask for one."],
        ["locked", "SN2", "locked", "the account is locked", "Unlock it."],
        ["other", "SN1", "wrong_device", read, "Correct it."],
    ]


def test_the_next_run_says_what_differs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A wave after the first one compares with the run before, not with the wave before; check mode with its own."""
    path = str(tmp_path / "report.json")
    onboarded(monkeypatch, a=BUSY, b=FINE).report(path=path)
    predicted = {"onboard__outcome": {**FINE, "planned": True}}
    checked = Play(monkeypatch, {"a": predicted}, check_mode=True)
    checked.report(path=path)
    assert "Since the last run" not in checked.summary
    second = onboarded(monkeypatch, a=FINE, b=BUSY)
    for _wave in range(2):
        second.report(path=path)
        assert json.loads(Path(path).read_text(encoding="utf-8"))["previous"]["newly"] == ["b"]
    assert "newly failing  1: b" in second.summary
    assert "newly fixed    1: a" in second.summary
    assert sorted(each.name for each in tmp_path.iterdir() if each.suffix in (".json", ".txt")) == [
        "attention.txt",
        "report.json",
        "report.previous-check.json",
        "report.previous.json",
    ]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"schema": 1}', '{"schema": 2, "printers": 3}', "\x00"])
def test_what_is_no_report_of_this_release_is_not_compared_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "report.json"
    path.write_text(content, encoding="utf-8")
    play = onboarded(monkeypatch, a=BUSY)
    assert play.report(path=str(path))["path"] == str(path)
    assert "Since" not in play.summary


def test_the_summary_is_there_once_and_has_all_waves(monkeypatch: pytest.MonkeyPatch) -> None:
    play = onboarded(monkeypatch, a=BUSY)
    play.report()
    play.variables["hostvars"]["b"] = {"onboard__outcome": BUSY}
    play.variables["ansible_play_hosts_all"].append("b")
    play.report()
    assert play.summary.count("Onboarding: ") == 1
    assert "2 of 2 printers need attention" in play.summary


def test_results_after_the_last_report_are_of_a_run_that_was_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    play = onboarded(monkeypatch, a=FINE)
    play.variables["ansible_play_hosts_all"] += ["b", "c"]
    play.variables["hostvars"] |= {"b": {}, "c": {}}
    play.variables |= {"ansible_play_batch": ["a"], "ansible_play_hosts": ["a", "b", "c"]}
    play.report(path=str(path))
    play.notes.results(str(play.task.get_play()._uuid), {"b": BUSY})
    assert "2 of 3 printers need attention. The run was stopped" in play.summary
    written = json.loads(path.read_text(encoding="utf-8"))
    assert {name: each["outcome"] for name, each in written["printers"].items()} == {
        "a": "already",
        "b": "busy",
        "c": "not_tried",
    }


# --- other kinds ---


def test_certificates_need_a_decision_unless_they_are_trusted_or_pinned(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: dict[str, Any] = {
        "fingerprint": FINGERPRINT,
        "trusted": False,
        "pinned": False,
        "why_not_trusted": "self-signed certificate",
        "certificate": {"subject": "CN=press", "not_after": "2030-01-01T00:00:00Z"},
    }
    hosts: dict[str, dict[str, Any]] = {
        "decide": seen,
        "same": {**seen, "pinned": True},
        "new": {**seen, "fingerprint": "CD", "changed": True},
        "fine": {**seen, "fingerprint": "EF", "trusted": True},
        "other": {**seen, "fingerprint": "01", "outcome": "untrusted_certificate", "reason": "another pin", "msg": "x"},
        "gone": {"outcome": "unreachable", "reason": "nothing answers", "msg": "x", "advice": "Check power."},
    }
    play = Play(monkeypatch, {name: {"trust_seen": result} for name, result in hosts.items()})
    path = tmp_path / "report.json"
    result = play.report(kind="trust", results=["trust_seen"], path=str(path))
    rows = {row["name"]: row for row in csv.DictReader(path.with_suffix(".csv").open(encoding="utf-8-sig"))}
    assert (rows["same"]["fingerprint"], rows["gone"]["fingerprint"]) == (FINGERPRINT, "")
    assert result["counts"] == {
        "pinned": 2,
        "not_trusted": 1,
        "trusted": 1,
        "unreachable": 1,
        "untrusted_certificate": 1,
    }
    assert set(result["attention"]) == {"decide", "other", "gone"}
    text = " ".join(play.summary.split())
    assert text.startswith("Certificates: 3 of 6 printers need attention")
    assert FINGERPRINT in "".join(play.summary.split())
    assert "2 of 6 printers: they share one certificate: decide, same" in text
    assert "printops_tls_fingerprint: pinned" in text


def test_networks_are_named_with_what_is_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = {"outcome": "blocked", "reason": "no TCP connection", "advice": "Open the firewall.", "msg": "x"}
    play = Play(monkeypatch, {"a": {"n": blocked}, "b": {"n": {"outcome": "reachable"}}})
    assert play.report(kind="network", results=["n"])["counts"] == {"blocked": 1, "reachable": 1}
    assert "blocked: 1 printer, for the network team" in play.summary


def test_an_inventory_has_what_printer_and_tenant_know(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = {"device": {"serial": "SN1", "model": "M", "controller_version": "7.2"}, "proxy": {"enabled": False}}
    down = {"outcome": "unreachable", "reason": "nothing answers", "msg": "x", "failed": False}
    play = Play(monkeypatch, {"a": {"i": seen}, "b": {"i": {**seen, "device": {"serial": "SN2"}}}, "c": {"i": down}})
    devices = [
        {
            "serial": "SN1",
            "location": "Hall 3",
            "last_data": "2026-11-26",
            "applications": [{"id": "x", "enabled": True}],
        },
    ]
    path = tmp_path / "report.json"
    result = play.report(kind="inventory", results=["i"], devices=devices, path=str(path))
    assert result["counts"] == {"read": 2, "unreachable": 1}
    rows = {row["name"]: row for row in csv.DictReader(path.with_suffix(".csv").open(encoding="utf-8-sig"))}
    assert [rows["a"][name] for name in ("serial", "model", "location", "last_data", "applications", "proxy")] == [
        *("SN1", "M", "Hall 3", "2026-11-26", "x: yes", "none"),
    ]
    assert (rows["b"]["serial"], rows["b"]["location"]) == ("SN2", "")
    assert "Printers: 1 of 3 printers needs attention" in play.summary


def test_a_kind_without_names_of_its_own_demands_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "results" in onboarded(monkeypatch, a=FINE).report(kind="trust")["msg"]


def test_a_report_takes_the_place_of_what_was_noted_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a report for each of many waves, then the notes of the run do not grow with their number."""
    play = onboarded(monkeypatch, p1=BUSY, p2=FINE)
    play.report()
    notes = len(play.notes._lines())
    for _wave in range(5):
        play.notes.results(str(play.task.get_play()._uuid), {"p1": BUSY})
        play.report()
    assert len(play.notes._lines()) == notes
    assert "1 busy" in play.summary


def test_a_printer_that_failed_before_any_result_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    removed = {"changed": True, "printer": None}
    play = Play(monkeypatch, {"a": {"x": removed}, "b": {}, "c": {}}, ansible_play_hosts=["a", "c"])
    result = play.report(kind="offboard", results=["x"])
    assert (result["without_result"], list(result["attention"])) == (["b"], ["b"])


def test_no_serial_number_that_a_device_says_is_a_formula(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Given texts that begin one behind a separator, then that is none either: a spreadsheet may divide cells there."""
    busy = {**BUSY, "serial": "=cmd|'/C calc'!A0", "reason": "model X;=1+1"}
    onboarded(monkeypatch, p1=busy).report(path=str(tmp_path / "report.json"), formats=["csv"])
    for name in ("attention.csv", "report.csv"):
        text = (tmp_path / name).read_text(encoding="utf-8-sig")
        assert "'=cmd|" in text
        assert ";'=1+1" in text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"tags": ("all",), "skip_tags": ()}, ""),
        ({"tags": ("look", "ors"), "skip_tags": ("claim",)}, "--tags look --tags ors --skip-tags claim "),
        ({"ask_vault_pass": True, "vault_ids": [], "vault_password_files": []}, "--ask-vault-pass "),
        (
            {"vault_ids": ["shop@prompt", "addresses@pass word.txt"]},
            "--vault-id shop@prompt --vault-id 'addresses@pass word.txt' ",
        ),
        ({"ask_vault_pass": True, "vault_password_files": ["pass.txt"]}, "--vault-password-file pass.txt "),
    ],
)
def test_the_command_for_what_is_left_does_what_the_run_did(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], shown: str
) -> None:
    monkeypatch.setattr(context, "CLIARGS", {"args": ("site.yml",), **given})
    assert command_for("attention.txt", str) == f"ansible-playbook site.yml {shown}--limit @attention.txt"


@pytest.mark.parametrize(
    ("results", "wave_left", "shown"),
    [
        ({"p1": BUSY}, True, "--limit '@{left},!p1'"),
        ({"p1": BUSY}, False, ""),
        ({"p1": FINE}, True, ""),
    ],
)
def test_a_printer_that_stops_the_waves_can_be_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, results: dict[str, dict[str, Any]], *, wave_left: bool, shown: str
) -> None:
    """Given a first wave of one that failed, then the same command would end there again: the summary says how not."""
    monkeypatch.setattr(context, "CLIARGS", CLIArgs({"args": ("site.yml",)}))
    hosts: dict[str, dict[str, Any]] = {name: {"onboard__outcome": result} for name, result in results.items()}
    later: dict[str, dict[str, Any]] = {"p2": {}} if wave_left else {}
    play = Play(monkeypatch, {**hosts, **later}, ansible_play_batch=list(results))
    play.report(path=str(tmp_path / "report.json"))
    text = " ".join(play.summary.split())
    wanted = shown.format(left=tmp_path / "attention.txt")
    assert (wanted in text) if wanted else ("to go on without" not in text), text
