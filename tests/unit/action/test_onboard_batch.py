# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of bulk mode: what it takes from the run (tags, check mode, defaults, wave), and its result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.action import onboard_batch
from ansible_collections.printops.prisma.plugins.action.onboard_batch import ActionModule
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import OnboardingResult, not_tried
from ansible_collections.printops.prisma.plugins.module_utils._prisma.address_files import write_address
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet import bulk
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.shutdown import Shutdown
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.spec import Variables
from ansible_collections.printops.prisma.plugins.plugin_utils._report.at_end import RunNotes, summaries
from ansible_collections.printops.prisma.plugins.plugin_utils._report.layout import Screen
from ansible_collections.printops.prisma.plugins.plugin_utils._report.stopped_addresses import WaveAddresses
from support.full_disk import fill_disk
from unit.action.role_task import role_task
from unit.prisma.fake_printer import FakePrinter


class Printer(FakePrinter):
    """A fake printer that no controller's address belongs to."""

    controllers: frozenset[str] = frozenset()


class Batch:
    """The action, with fake printers: what a step sends is for tests of the modules."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, printers: dict[str, Printer], **own: dict[str, Any]) -> None:
        self.shown: list[str] = []
        self.contexts: list[Any] = []
        task: Any = role_task()
        task.action, task.diff = "printops.prisma.onboard_batch", True
        self.task = task
        self.variables: dict[str, Any] = {
            "ansible_play_batch": list(printers),
            "ansible_play_hosts_all": list(printers),
            "hostvars": {name: {} for name in printers},
        }
        self.own = own
        self.connection = MagicMock(transport="ssh")
        loader = DataLoader()
        self.action = ActionModule(task, self.connection, MagicMock(), loader, Templar(loader), MagicMock())

        def steps(name: str, variables: Any, folders: Any, context: Any, channels: Any) -> Printer:
            self.contexts.append(context)
            return printers[name]

        monkeypatch.setattr(bulk, "InProcessSteps", steps)
        monkeypatch.setattr(onboard_batch, "show", lambda display, text: self.shown.append(text))
        monkeypatch.setattr(self.action, "_reader", lambda variables, hosts: self._read)

    def _read(self, name: str) -> tuple[Variables, tuple[str | None, ...]] | None:
        if self.own.get(name, {}).get("left_out"):
            return None
        raw = {
            "inventory_hostname": name,
            "onboard_files": "/nowhere",
            "onboard_claim": True,
            "onboard_fail_on": ["busy"],
            **self.own.get(name, {}),
        }
        return Variables(raw, Templar(DataLoader(), variables=raw).template), (None,)

    def run(self, **args: Any) -> dict[str, Any]:
        """Run the action with these options, and return its result."""
        self.task.args = args
        return self.action.run(None, self.variables)


# --- tags ---


def test_tags_of_the_run_reach_the_steps_and_the_attention(monkeypatch: pytest.MonkeyPatch) -> None:
    printer = Printer()
    batch = Batch(monkeypatch, {"p": printer}, p={"onboard_fail_on": ["not_tried"]})
    batch.variables["ansible_run_tags"] = ["look"]
    result = batch.run()
    assert printer.steps == ["device_info"]
    assert (result["printers"]["p"]["outcome"], result["printers"]["p"]["attention"]) == ("not_tried", "")


# --- the result ---


def test_one_task_for_all_hosts_fails_for_none_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ActionModule.BYPASS_HOST_LOOP
    batch = Batch(monkeypatch, {"a": Printer(), "b": Printer(fails=3)})
    result = batch.run()
    assert not result.get("failed")
    assert result["changed"] is True
    assert result["run_as_tasks"] == []
    assert result["counts"] == {"busy": 1, "onboarded": 1}
    assert result["printers"]["b"]["attention"]
    assert [diff["before_header"] for diff in result["diff"]] == [
        "a (printer_registration)",
        "a (printer_registration)",
        "b (printer_registration)",
    ]
    assert sorted(result["warnings"]) == [
        "device_info warns",
        "home_device warns",
        "home_device_info warns",
        "printer_registration warns",
    ]


def test_a_batch_without_changes_is_unchanged_and_has_no_diff(monkeypatch: pytest.MonkeyPatch) -> None:
    result = Batch(monkeypatch, {"a": Printer(state="registered", in_cloud=True)}).run()
    assert result["changed"] is False
    assert "diff" not in result


def test_diffs_stand_in_the_order_of_the_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"p{number}" for number in range(9, -1, -1)]
    result = Batch(monkeypatch, {name: Printer() for name in names}).run(at_once=5)
    heads = [diff["before_header"].split()[0] for diff in result["diff"]]
    assert list(dict.fromkeys(heads)) == names


def test_a_printer_that_a_condition_leaves_out_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    printers = {name: Printer() for name in ("a", "b")}
    batch = Batch(monkeypatch, printers, b={"left_out": True})
    result = batch.run()
    assert printers["b"].calls == []
    assert result["printers"]["b"] == {"changed": False, "skipped": True, "attention": ""}
    assert result["counts"] == {"onboarded": 1}


def test_a_name_in_another_encoding_concerns_no_other_printer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Given an inventory in Latin-1, then Ansible has its bytes as lone surrogates, which are no UTF-8."""
    batch = Batch(monkeypatch, {"b\udcfcro-3": Printer(), "a": Printer()})
    result = batch.run(journal=str(tmp_path / "journal.jsonl"))
    assert {name: each["outcome"] for name, each in result["printers"].items()} == {
        "b\udcfcro-3": "onboarded",
        "a": "onboarded",
    }


def test_wrong_variables_are_told_before_a_printer_is_left_to_the_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the playbooks nothing else checks them in bulk mode."""
    apart = {"printops_in_process": False}
    batch = Batch(
        monkeypatch,
        {name: Printer() for name in "abc"},
        a=apart,
        b={**apart, "onboard_wait_timeout": "soon"},
        c={"printops_in_process": "perhaps"},
    )
    result = batch.run()
    assert result["run_as_tasks"] == ["a"]
    assert "wait_timeout" in result["printers"]["b"]["reason"]
    assert "printops_in_process is 'perhaps', but must be true or false" in result["printers"]["c"]["reason"]
    assert "defect" not in result["printers"]["c"]


def test_a_full_disk_of_temporary_files_takes_no_result_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a disk that is full once all were pressed and claimed, then the task still has what became of each."""
    batch = Batch(monkeypatch, {"a": Printer()})
    notes = RunNotes()
    monkeypatch.setattr(onboard_batch, "NOTES", notes)
    fill_disk(monkeypatch)
    result = batch.run()
    assert (result["counts"], result.get("failed")) == ({"onboarded": 1}, None)
    assert result["warnings"][-1].endswith("(No space left on device).")
    assert summaries(notes, Screen(200)) == []


class TimedOut(BaseException):
    """As Ansible raises it where a task has a timeout."""


def test_a_batch_whose_time_is_over_shows_what_became_of_each_printer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    batch = Batch(monkeypatch, {"a": Printer()})

    def run_fleet(fleet: bulk.Fleet, hosts: Any, job_of: Any) -> None:
        fleet.results["a"] = {**not_tried("stopped", check_mode=False).as_dict(), "attention": "", "changed": False}
        fleet.shutdown.request()
        raise TimedOut

    monkeypatch.setattr(onboard_batch, "run_fleet", run_fleet)
    notes = RunNotes()
    monkeypatch.setattr(onboard_batch, "NOTES", notes)
    report = tmp_path / "report.json"
    batch.variables["onboard_report"] = str(report)
    with pytest.raises(TimedOut):
        batch.run(journal=str(tmp_path / "journal.jsonl"))
    (text,) = summaries(notes, Screen(200))
    assert "1 of 1 printer needs attention. The run was stopped" in text
    assert f"report   {tmp_path}/report.{{csv,html,json}}\n  journal  {tmp_path}/journal.jsonl" in text
    assert json.loads(report.read_text(encoding="utf-8"))["counts"] == {"not_tried": 1}


@pytest.mark.parametrize("keep", ["files", "vault", "none"])
def test_the_page_of_a_stopped_batch_has_links_only_if_addresses_stay_in_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keep: str
) -> None:
    batch = Batch(monkeypatch, {"a": Printer()})
    address = tmp_path / "a.address"
    address.write_text("https://home.example.com/register/a\n", encoding="utf-8")
    waits = OnboardingResult("awaiting_claim", True, False, "Open it.", address_file=str(address))

    def run_fleet(fleet: bulk.Fleet, hosts: Any, job_of: Any) -> None:
        fleet.results["a"] = {**waits.as_dict(), "attention": "", "changed": True}
        fleet.shutdown.request()
        raise TimedOut

    monkeypatch.setattr(onboard_batch, "run_fleet", run_fleet)
    monkeypatch.setattr(onboard_batch, "NOTES", RunNotes())
    batch.variables |= {"onboard_report": str(tmp_path / "report.json"), "onboard_addresses": keep}
    with pytest.raises(TimedOut):
        batch.run()
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert ("https://home.example.com/register/a" in page) is (keep == "files")


def test_a_batch_that_is_stopped_clears_addresses_that_are_not_to_stay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Given onboard_addresses none, when the batch is stopped while it claims, then its worker removes the address."""
    batch = Batch(monkeypatch, {"a": Printer()})
    notes = RunNotes()
    monkeypatch.setattr(onboard_batch, "NOTES", notes)
    notes.begin_addresses(WaveAddresses("play", ("a",), str(tmp_path), str(tmp_path), None))

    def run_fleet(fleet: bulk.Fleet, hosts: Any, job_of: Any) -> None:
        write_address(str(tmp_path / "a.address"), "https://home.example.com/register/a", "SN1")
        fleet.shutdown.request()
        raise TimedOut

    monkeypatch.setattr(onboard_batch, "run_fleet", run_fleet)
    with pytest.raises(TimedOut):
        batch.run()
    assert list(tmp_path.iterdir()) == []


# --- what it takes from the run ---


def test_module_defaults_and_modes_reach_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = Batch(monkeypatch, {"p": Printer(check_mode=True)})
    batch.task.check_mode = True
    batch.task.module_defaults = [{"printops.prisma.device_info": {"timeout": 5}}]
    result = batch.run()
    (context,) = batch.contexts
    assert (context.check_mode, context.diff_mode) == (True, True)
    assert context.defaults == {"device_info": ({"timeout": 5},)}
    assert isinstance(context.parent_watch, Shutdown)
    assert result["printers"]["p"]["planned"] is True


def test_the_journal_of_a_later_wave_is_appended_to_and_check_mode_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "journal.jsonl"
    batch = Batch(monkeypatch, {"a": Printer(), "b": Printer()})

    def wave(*hosts: str) -> list[str]:
        batch.variables["ansible_play_batch"] = list(hosts)
        batch.run(journal=str(path))
        return [json.loads(line)["printer"] for line in path.read_text(encoding="utf-8").splitlines()]

    path.write_text('{"printer": "of an earlier run"}\n', encoding="utf-8")
    assert set(wave("b")) == {"b"}, "also where the first host has failed before"
    assert set(wave("a")) == {"a", "b"}
    batch.task.get_play()._uuid = "another play"
    assert set(wave("a")) == {"a"}
    path.unlink()
    batch.task.check_mode = True
    assert batch.run(journal=str(path))["journal"] is None
    assert not path.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"at_once": 0}, "onboard_at_once is 0, but must be 1 or more"),
        ({"window": -1}, "window is -1, but must be 1 or more"),
        ({"at_once": "many"}, "at_once"),
        ({"serial": 1}, "serial"),
    ],
)
def test_a_wrong_option_fails_the_task_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, options: Mapping[str, Any], said: str
) -> None:
    printer = Printer()
    result = Batch(monkeypatch, {"p": printer}).run(**options)
    assert result["failed"]
    assert said in result["msg"]
    assert printer.calls == []


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"onboard_report": "/"}, "onboard_report '/' is a folder"),
        ({"onboard_report": "report.json"}, "onboard_report is 'report.json', and there is no inventory file"),
        ({"onboard_report_formats": ["html", "pdf"]}, "onboard_report_formats names pdf, but has html, csv, junit"),
        ({"onboard_report_links": "perhaps"}, "onboard_report_links is 'perhaps', but must be true or false"),
        ({"onboard_report_prometheus": "/"}, "onboard_report_prometheus '/' is a folder"),
    ],
)
def test_a_report_that_cannot_be_written_fails_the_task_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, Any], said: str
) -> None:
    printer = Printer()
    batch = Batch(monkeypatch, {"p": printer})
    batch.variables |= variables
    result = batch.run()
    assert result["failed"]
    assert said in result["msg"]
    assert printer.calls == []


# --- printers that are left to the tasks ---


def test_printers_with_ordinary_modules_are_left_to_the_tasks_and_that_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = Batch(monkeypatch, {"a": Printer(), "b": Printer()}, b={"printops_in_process": False})
    result = batch.run()
    assert result["run_as_tasks"] == ["b"]
    assert result["printers"]["b"] == {"runs_as_tasks": True, "attention": ""}
    assert result["counts"] == {"onboarded": 1}
    assert len(batch.shown) == 1
    assert batch.shown[0].startswith("1 of 2 printers are onboarded task by task")
    assert "printops_in_process: false" in batch.shown[0]


def test_a_delegated_task_leaves_all_to_the_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    printers = {"a": Printer(), "b": Printer()}
    batch = Batch(monkeypatch, printers)
    batch.task.delegate_to = "jump"
    assert batch.run()["run_as_tasks"] == ["a", "b"]
    assert not any(printer.calls for printer in printers.values())
    batch.connection.transport = "local"
    assert batch.run()["run_as_tasks"] == []
