# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A batch of printers in one process: what is kept of each, what concerns one alone, and how a batch is stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible_collections.printops.prisma.plugins.module_utils._prisma.onboarding import OnboardingPhase
from ansible_collections.printops.prisma.plugins.module_utils._prisma.registration_address import address_key
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.module_utils._web.http.channels import KEPT_OPEN, ChannelPool
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import FOR_RUN, SessionState
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet import bulk
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.bulk import (
    Fleet,
    FleetOptions,
    PrinterJob,
    run_fleet,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.journal import Journal
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.shutdown import STOPPED, Shutdown
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.spec import Variables
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.steps import StepContext
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.thread_store import ThreadStore
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess import sessions
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from ansible_collections.printops.prisma.plugins.plugin_utils._text_files import VaultReader
from support.templating import templar, trust_as_template
from unit.prisma.fake_printer import FakePrinter

SECRET = "a-proxy-password"
FAIL_ON = ["busy", "failed", "not_tried"]


class Printer(FakePrinter):
    """A fake printer with what the steps of a batch have besides."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.controllers = {"https://192.0.2.1:443/"}
        self.before_step: Callable[[str], None] = lambda module: None

    def __call__(self, module: str, options: Mapping[str, Any], *, check_mode: bool = False) -> dict[str, Any]:
        self.before_step(module)
        return super().__call__(module, options, check_mode=check_mode)


@dataclass
class Batch:
    """A fleet of fake printers, and the variables of each host."""

    fleet: Fleet
    printers: dict[str, Printer]
    variables: dict[str, dict[str, Any]]
    shown: list[str]
    signed_out: list[Any]
    journal: Path
    reads: list[str] = field(default_factory=list)

    def read(self, name: str) -> tuple[Variables, tuple[str | None, ...]]:
        """Read the variables of one host; what raises stands for variables that cannot be read."""
        self.reads.append(name)
        given = self.variables.get(name, {})
        if isinstance(error := given.get("raises"), Exception):
            raise error
        raw = {"inventory_hostname": name, "onboard_files": "/nowhere", "onboard_claim": True} | {
            "onboard_fail_on": FAIL_ON,
            **given,
        }
        return Variables(raw, templar(**raw).template), (None,)

    def job(self, name: str) -> PrinterJob:
        """Make the job of one printer."""
        return PrinterJob(self.fleet, name, lambda: self.read(name))

    def run(self, *names: str) -> dict[str, dict[str, Any]]:
        """Run a batch of these printers, by default all, and return what became of them."""
        run_fleet(self.fleet, names or list(self.printers), self.job)
        self.fleet.journal.close()
        return self.fleet.results

    def notes(self, name: str) -> list[tuple[str, str | None]]:
        """Return what the journal says of one printer: what, and phase or outcome."""
        lines = [json.loads(line) for line in self.journal.read_text(encoding="utf-8").splitlines()]
        return [(line["what"], line.get("phase") or line.get("outcome")) for line in lines if line["printer"] == name]


BatchMaker = Callable[..., Batch]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> BatchMaker:
    """Make a batch whose printers are fake ones: what a step sends is for tests of the modules."""

    def batch(
        printers: dict[str, Printer],
        variables: dict[str, dict[str, Any]] | None = None,
        *,
        at_once: int = 2,
        selects: Callable[[str], bool] = lambda tag: True,
        partial: bool = False,
        check_mode: bool = False,
    ) -> Batch:
        monkeypatch.setattr(bulk, "InProcessSteps", lambda name, *_more: printers[name])
        signed_out: list[Any] = []

        def sign_out_all(store: Any) -> list[str]:
            signed_out.append(store)
            return ["https://p1: no"]

        monkeypatch.setattr(sessions, "sign_out_all", sign_out_all)
        shown: list[str] = []
        store, shutdown = ThreadStore(SharedStore(8, 600)), Shutdown()
        path = tmp_path / "journal.jsonl"
        warnings: list[str] = []
        fleet = Fleet(
            FleetOptions(1, at_once, 10, selects, partial, shown.append),
            StepContext(store, shutdown, check_mode, True, warnings.append, {}, VaultReader(DataLoader())),
            store,
            shutdown,
            Journal(str(path)),
            warnings=warnings,
        )
        return Batch(fleet, printers, variables or {}, shown, signed_out, path)

    return batch


# --- what is kept ---


def test_every_printer_comes_to_its_end_with_its_result(make: BatchMaker) -> None:
    batch = make({"new": Printer(), "done": Printer(state="registered", in_cloud=True), "busy": Printer(fails=3)})
    results = batch.run()
    assert {name: result["outcome"] for name, result in results.items()} == {
        "new": "onboarded",
        "done": "already",
        "busy": "busy",
    }
    assert {name: result["changed"] for name, result in results.items()} == {"new": True, "done": False, "busy": False}
    assert {name: bool(result["attention"]) for name, result in results.items()} == {
        "new": False,
        "done": False,
        "busy": True,
    }
    assert results["busy"]["attention"] == "busy: printer_registration is busy. Wait."
    assert batch.fleet.under_way == {}
    assert set(batch.fleet.diffs) == {"new", "busy"}
    assert [diff["before_header"] for diff in batch.fleet.diffs["new"]] == ["new (printer_registration)"] * 2
    assert batch.signed_out == [], "only what a stop has left open is signed out here"


def test_a_warning_that_many_printers_give_is_kept_once(make: BatchMaker) -> None:
    batch = make({"a": Printer(), "b": Printer(), "c": Printer()})
    batch.run()
    modules = ("device_info", "home_device", "home_device_info", "printer_registration")
    assert sorted(batch.fleet.warnings) == [f"{module} warns" for module in modules]


def test_the_journal_has_each_phase_and_pause_and_the_end(make: BatchMaker) -> None:
    batch = make({"p": Printer(waits=1)}, {"p": {"onboard_wait_sleep": 0.001}})
    batch.run()
    assert batch.notes("p") == [
        ("begins", "prepare"),
        ("waits", "prepare"),
        ("begins", "register"),
        ("waits", "register"),
        ("waits", "register"),
        ("waits", "register"),
        ("waits", "register"),
        ("begins", "claim"),
        ("waits", "claim"),
        ("waits", "claim"),
        ("ends", "onboarded"),
    ]


def test_tags_select_steps_and_a_printer_that_was_not_tried_then_needs_no_attention(make: BatchMaker) -> None:
    partly = make({"p": Printer()}, selects=lambda tag: tag == "look", partial=True)
    assert partly.run()["p"]["outcome"] == "not_tried"
    assert partly.fleet.results["p"]["attention"] == ""
    assert partly.printers["p"].steps == ["device_info"]
    whole = make({"p": Printer()}, selects=lambda tag: tag == "look")
    assert whole.run()["p"]["attention"]


@pytest.mark.parametrize(("left_out", "keeps"), [("proxy", True), ("claim", False)])
def test_an_address_that_this_run_does_not_use_up_is_not_kept(make: BatchMaker, left_out: str, *, keeps: bool) -> None:
    """Without it the module does not press [Register]."""
    batch = make({"p": Printer()}, {"p": {"onboard_addresses": "none"}}, selects=lambda tag: tag != left_out)
    batch.run()
    assert batch.printers["p"].options("printer_registration")["keep_address"] is keeps


def test_check_mode_predicts(make: BatchMaker) -> None:
    batch = make({"p": Printer(check_mode=True)}, check_mode=True)
    assert batch.run()["p"]["planned"] is True


def test_a_pause_is_as_long_as_declared_and_a_long_one_keeps_no_connection_open(
    make: BatchMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[int] = []
    monkeypatch.setattr(ChannelPool, "close", lambda pool: closed.append(id(pool)))
    batch = make(
        {"short": Printer(waits=1), "long": Printer(waits=1)},
        {"short": {"onboard_wait_sleep": KEPT_OPEN}, "long": {"onboard_wait_sleep": KEPT_OPEN + 1}},
    )
    assert batch.job("short")() == KEPT_OPEN
    assert closed == []
    assert batch.job("long")() == KEPT_OPEN + 1
    assert len(closed) == 1


@pytest.mark.parametrize("hands_over", [False, True])
def test_what_is_one_printer_s_alone_is_forgotten_at_its_end(make: BatchMaker, hands_over: bool) -> None:
    """And not before. The address of a hand-over is also for another host that is the same printer."""
    batch = make({"p": Printer()})
    store = batch.fleet.store
    own = ("https://192.0.2.1:443/|profile|admin|digest", "written|SN1", *([] if hands_over else [address_key("sn1")]))
    others = (
        *([address_key("sn1")] if hands_over else []),
        "https://192.0.2.1:4430/|profile|admin|digest",
        "https://192.0.2.10:443/|profile|admin|digest",
        address_key("XSN1"),
        address_key("SN11"),
        "credential|admin|digest",
        "rows|https://home.example.com/|SN1",
    )
    for key in (*own, *others):
        store.save(key, {FOR_RUN: hands_over} if key == address_key("sn1") else {"n": 1})
    seen: list[set[str]] = []
    batch.printers["p"].before_step = lambda module: seen.append({key for key, _state in store.items()})
    batch.run()
    assert seen[-1] == set(own) | set(others), "forgotten before the sign-out"
    assert {key for key, _state in store.items()} == set(others)


def test_a_printer_that_was_not_read_forgets_nothing_of_others(make: BatchMaker) -> None:
    batch = make({"p": Printer(fails=0)})
    batch.printers["p"].controllers = set()
    for key in ("address|", "address|SN2", "rows|x"):
        batch.fleet.store.save(key, {"n": 1})
    batch.printers["p"]._device_info = lambda options, check_mode: {}  # type: ignore[method-assign]
    batch.run()
    assert len(batch.fleet.store.items()) == 3


# --- what concerns one printer alone ---


@pytest.mark.parametrize("name", ["onboard_display_name", "onboard_take_over", "printops_site_url"])
def test_a_variable_that_cannot_be_templated_fails_its_printer_alone(make: BatchMaker, name: str) -> None:
    batch = make({"p": Printer(), "good": Printer()}, {"p": {name: trust_as_template("{{ not_defined }}")}})
    results = batch.run()
    assert {name: result["outcome"] for name, result in results.items()} == {"p": "failed", "good": "onboarded"}
    assert name in results["p"]["reason"]
    assert "not_defined" in results["p"]["attention"]
    assert batch.printers["p"].calls == []


@pytest.mark.parametrize("error", [BadInput("a vault without its password"), OverflowError("a defect")])
def test_variables_that_cannot_be_read_fail_their_printer_alone(make: BatchMaker, error: Exception) -> None:
    batch = make({"p": Printer(), "good": Printer()}, {"p": {"raises": error}})
    results = batch.run()
    assert (results["p"]["outcome"], results["good"]["outcome"]) == ("failed", "onboarded")
    assert str(error) in results["p"]["reason"]
    assert results["p"]["attention"]
    assert ("defect" in results["p"]) is isinstance(error, OverflowError)
    assert batch.notes("p")[-1] == ("ends", "failed")


@pytest.mark.parametrize("module", ["device_info", "printer_registration", "home_device", "sign_out"])
def test_a_defect_in_a_step_fails_its_printer_alone_and_shows_no_secret(make: BatchMaker, module: str) -> None:
    proxy = {"host": "proxy.example.com", "port": 3128, "password": SECRET}
    batch = make({"p": Printer(), "good": Printer()}, {"p": {"onboard_proxy": proxy}})

    def breaks(called: str) -> None:
        if called == module:
            raise ZeroDivisionError(f"with {SECRET}")

    batch.printers["p"].before_step = breaks
    results = batch.run()
    assert (results["p"]["outcome"], results["good"]["outcome"]) == ("failed", "onboarded")
    assert "ZeroDivisionError" in results["p"]["reason"]
    assert "Traceback" in results["p"]["defect"]
    assert results["p"]["attention"]
    assert SECRET not in str(results)
    assert batch.fleet.under_way == {}


@pytest.mark.parametrize("value", [False, "no", trust_as_template("{{ 1 == 2 }}")])
def test_a_printer_whose_steps_are_ordinary_modules_is_left_to_the_tasks(make: BatchMaker, value: Any) -> None:
    batch = make({"p": Printer(), "good": Printer()}, {"p": {"printops_in_process": value}})
    assert set(batch.run()) == {"good"}
    assert batch.fleet.run_as_tasks == ["p"]
    assert batch.printers["p"].calls == []
    assert batch.notes("p") == []


@pytest.mark.parametrize("value", [True, "yes", None])
def test_other_printers_are_onboarded_here(make: BatchMaker, value: Any) -> None:
    batch = make({"p": Printer()}, {"p": {"printops_in_process": value}})
    assert set(batch.run()) == {"p"}


# --- stopped ---


def test_after_a_stop_no_step_begins_and_each_printer_under_way_says_where_it_was(make: BatchMaker) -> None:
    batch = make({"a": Printer(), "b": Printer(), "c": Printer()}, at_once=1)

    def stop(module: str) -> None:
        if module == "printer_registration":
            batch.fleet.shutdown.request()

    batch.printers["a"].before_step = stop
    results = batch.run()
    assert batch.printers["a"].steps == ["device_info", "home_device_info", "home_device", "printer_registration"], (
        "it may end the step, and no other begins"
    )
    assert batch.printers["b"].steps == batch.printers["c"].steps == []
    assert set(results) == {"a"}
    assert results["a"]["outcome"] == "not_tried"
    assert results["a"]["reason"] == f"{STOPPED} in the phase register; the next run continues"
    assert results["a"]["attention"] == f"not_tried: {STOPPED}"
    assert batch.notes("a")[-1] == ("stopped", "register")
    assert batch.fleet.under_way == {}
    assert batch.signed_out == [batch.fleet.store]
    assert "printops.prisma could not sign out of https://p1: no" in batch.fleet.warnings


def test_a_stop_signs_out_also_of_a_session_that_was_left_to_its_task(make: BatchMaker) -> None:
    batch = make({"a": Printer()})
    store, large = batch.fleet.store, SessionState(status="signed_in", kept={"text": "x" * 1000}).as_dict()

    def stop(module: str) -> None:
        store.save("https://home.example.com/|p|a|d", large)
        batch.fleet.shutdown.request()

    batch.printers["a"].before_step = stop
    batch.run()
    assert batch.signed_out == [store]
    assert store.load("https://home.example.com/|p|a|d") == large


def test_a_printer_that_had_ended_before_the_stop_keeps_its_result(make: BatchMaker) -> None:
    batch = make({"a": Printer(), "b": Printer()}, at_once=1)

    def stop(module: str) -> None:
        if module == "device_info":
            batch.fleet.shutdown.request()

    batch.printers["b"].before_step = stop
    results = batch.run()
    assert {name: result["outcome"] for name, result in results.items()} == {"a": "onboarded", "b": "not_tried"}


def test_a_defect_of_the_batch_itself_stops_it_in_order_and_is_raised(make: BatchMaker) -> None:
    batch = make({"a": Printer()})

    def job_of(name: str) -> PrinterJob:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_fleet(batch.fleet, ["a"], job_of)
    assert batch.fleet.shutdown.requested
    assert batch.signed_out == [batch.fleet.store]


# --- progress ---


def test_progress_counts_printers_that_are_done_and_in_progress_by_outcome(
    make: BatchMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = make({"a": Printer(fails=1), "b": Printer(), "c": Printer()}, at_once=1)
    progress = bulk.Progress(batch.fleet, 3)
    progress.show()
    assert batch.shown == [], "not before its time"
    monkeypatch.setattr(bulk, "PROGRESS_EVERY", 0.0)
    progress.show()
    for name in ("a", "b"):
        assert batch.job(name)() is None
    batch.fleet.note_phase("c", OnboardingPhase.CLAIM)
    progress.show()
    progress.clear()
    assert batch.shown == [
        "0 of 3 printers done, 0 in progress",
        "2 of 3 printers done, 1 in progress, about 0 s left: 1 busy, 1 onboarded",
        "",
    ]
    assert bulk._duration(200) == "about 3 min"
