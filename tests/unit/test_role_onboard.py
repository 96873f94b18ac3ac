# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of the role onboard and the table of bulk mode are the same steps.

Reads the role's YAML as Ansible would, and evaluates its conditions and options with Ansible's own engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.module_utils._decide import situation as decide
from ansible_collections.printops.prisma.plugins.module_utils._decide.situation import (
    UNREAD,
    OnboardingSpec,
    Situation,
)
from ansible_collections.printops.prisma.plugins.module_utils._prisma.onboarding import STEPS, OnboardingStep
from ansible_collections.printops.prisma.plugins.plugin_utils._arguments import valid_arguments
from ansible_collections.printops.prisma.plugins.plugin_utils._core_versions import conditions_hold
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.steps import TASKS
from support import templating
from support.templating import task_with, trust_as_template

ROLE = Path(__file__).resolve().parents[2] / "roles" / "onboard"
COLLECTION = "printops.prisma."
DECIDES = f"{COLLECTION}onboarding_outcome"
STOPS = "ansible.builtin.fail"


def tasks_of(file: str) -> list[dict[str, Any]]:
    """Return the tasks of a file of the role."""
    found: list[dict[str, Any]] = yaml.safe_load((ROLE / "tasks" / file).read_text(encoding="utf-8"))
    return found


def imported(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield ``tasks`` with those of the files that they import in the imports' places."""
    for task in tasks:
        file = task.get("ansible.builtin.import_tasks")
        if file is None:
            yield task
        else:
            assert set(task) <= {"name", "ansible.builtin.import_tasks", "tags"}, "an import must add nothing"
            yield from imported(tasks_of(file))


def block() -> dict[str, Any]:
    """Return the block of tasks.yml that holds the steps."""
    (found,) = [task for task in tasks_of("tasks.yml") if "block" in task]
    return found


@dataclass(frozen=True)
class RoleTask:
    """A task of the role, as far as it has to equal a row of the table."""

    name: str
    module: str
    options: dict[str, Any]
    register: str
    tags: list[str]
    check_mode: bool
    when: str | None

    @classmethod
    def of(cls, task: dict[str, Any]) -> RoleTask:
        """Read a task. A keyword that is not known here would not be in bulk mode either."""
        (action,) = [key for key in task if "." in key]
        known = {"name", action, "register", "tags", "when", "check_mode", "diff", "changed_when"}
        assert set(task) <= known, task
        if task.get("check_mode"):  # in bulk mode its diff and change are left out as well
            assert (task["diff"], task["changed_when"]) == (False, False)
        else:
            assert not {"diff", "changed_when"} & set(task)
        return cls(
            task["name"],
            action.removeprefix(COLLECTION),
            task[action] or {},
            task.get("register", ""),
            task["tags"],
            task.get("check_mode", False),
            task.get("when"),
        )


def role_steps() -> list[RoleTask]:
    """Return the tasks of the role that are steps, in order."""
    return [RoleTask.of(task) for task in imported(block()["block"]) if DECIDES not in task and STOPS not in task]


PAIRS = list(zip(role_steps(), STEPS, strict=False))
EACH = pytest.mark.parametrize(
    ("task", "row"), PAIRS, ids=[f"{number}-{row.module}" for number, (_task, row) in enumerate(PAIRS)]
)

PROXY = {
    "state": "present",
    "host": "proxy.example.com",
    "port": 3128,
    "user": "u",
    "password": "a-password",
    "exceptions": ["localhost"],
    "update_password": "always",
}
RICH = OnboardingSpec(
    printer="p1",
    address_file="/files/p1.address",
    qr_path="/files/p1.svg",
    claim=True,
    has_site=True,
    applications={"a": True, "b": False},
    enabled=False,
    location="Hall 3",
    take_over=True,
    proxy=PROXY,
    viewer={"username": "viewer", "password": "a-viewer-password"},
    display_name="Front desk",
    retry_failed=True,
    wait_timeout=120.0,
    wait_sleep=2.5,
    clock_zone="Europe/Zurich",
    fleet_size=400,
    at_once=50,
)
FULL = Situation(
    serial="SN1",
    method="link",
    was_registered=True,
    switches={"a": True},
    proxy_changed=True,
    needs_ors=True,
    claims=True,
    at_site=True,
    checks_home=True,
    checks_site=True,
    claim_before="2026-11-26T22:00:00Z",
    looks_at_home=True,
    looks_at_site=True,
    registered_elsewhere=True,
    stays_registered=True,
    registers=True,
    address_pending=True,
    address_file="/files/p1.address",
    qr_path="/files/p1.svg",
    spent_qr_path="/files/p1.svg",
    claim_pending=True,
    assigns_licences_of=("prismacolor-manager",),
    uses_address=True,
)
SPECS = {
    "rich": RICH,
    "plain": OnboardingSpec("p1", "/files/p1.address", "/files/p1.svg", display_name="p1"),
    "proxy-absent": replace(RICH, proxy={"state": "absent"}, viewer=None),
    # each flag by itself, as for situations
    "take-over": replace(RICH, retry_failed=False),
    "retry": replace(RICH, take_over=False),
    "keeps-no-address": replace(RICH, keeps_addresses=False),
}
BARE = replace(UNREAD, serial="SN2", method="hand_over", address_file="/a", spent_qr_path="/q")
SITUATIONS = {
    "full": FULL,
    "bare": BARE,
    # each flag by itself: a condition or an option that reads another one than its own differs here
    **{name: Situation(**{**vars(BARE), name: True}) for name, value in asdict(FULL).items() if value is True},
    "switches": replace(BARE, switches={"b": False}),
    "registered-here": replace(BARE, was_registered=True),
    "registered-elsewhere": replace(BARE, was_registered=True, registered_elsewhere=True),
    "qr": replace(BARE, qr_path="/q"),
    "session-ends": replace(BARE, claim_before="2026-11-26T22:00:00Z"),
}


def templar(spec: OnboardingSpec, now: Situation, *, nulls: bool = False) -> Templar:
    """Return an engine that knows the variables by which ``spec`` is declared, and the situation.

    ``nulls``: what is not declared is null, as where a host overrides its group's variable with nothing.
    """
    variables: dict[str, Any] = {
        "inventory_hostname": "p1",
        "onboard_applications": dict(spec.applications),
        "onboard_take_over": spec.take_over,
        "onboard_retry_failed": spec.retry_failed,
        "onboard_wait_timeout": spec.wait_timeout,
        "onboard_wait_sleep": spec.wait_sleep,
        "onboard_clock_zone": spec.clock_zone,
        "onboard_addresses": "files" if spec.keeps_addresses else "none",
        "onboard__situation": asdict(now),
        "ansible_play_hosts_all": [f"p{number}" for number in range(spec.fleet_size)],
        "ansible_play_batch": ["p1", "p2"],
        "ansible_forks": spec.at_once,
    }
    given: dict[str, Any] = {"onboard_proxy": spec.proxy, "onboard_viewer": spec.viewer}
    given |= {"onboard_enabled": spec.enabled, "onboard_location": spec.location}
    given["onboard_display_name"] = spec.display_name if spec.display_name != spec.printer else None
    variables |= {name: value for name, value in given.items() if value is not None or nulls}
    return templating.templar(**variables)


def evaluated(engine: Templar, value: Any) -> Any:
    """Return an option's value as the task would give it; None where it is omitted."""
    if isinstance(value, list):
        return [evaluated(engine, item) for item in value]
    if not isinstance(value, str):
        return value
    return templating.option(engine, value)


def converted(module: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as the module gets them: before ansible-core 2.19 a number in a template is a text."""
    given = {name: value for name, value in options.items() if value is not None}
    spec = {name: {**TASKS[module].argument_spec()[name], "required": False} for name in given}
    return {**options, **valid_arguments(spec, given)}


def is_run(engine: Templar, when: str | None) -> bool:
    """Return whether a task with this condition runs."""
    return when is None or conditions_hold(task_with(trust_as_template(when)), engine, engine.available_variables)


# --- the shape ---


def test_there_are_as_many_steps_in_the_role_as_in_the_table() -> None:
    assert [task.module for task in role_steps()] == [row.module for row in STEPS]


@EACH
def test_module_tag_register_and_check_mode_are_the_same(task: RoleTask, row: OnboardingStep) -> None:
    assert task.module == row.module
    assert task.tags == [row.tag]
    assert task.register == f"onboard__{row.name}"
    assert task.check_mode is row.check_mode


@EACH
def test_option_names_are_the_same_in_order(task: RoleTask, row: OnboardingStep) -> None:
    assert list(task.options) == list(row.options(RICH, FULL))


def test_results_are_kept_under_the_names_of_the_steps_and_nothing_else() -> None:
    """By these names the filter of the situation and the module of the outcome read them."""
    assert tuple(row.name for row in STEPS) == decide.STEPS
    assert tuple(task.register for task in role_steps()) == tuple(f"onboard__{name}" for name in decide.STEPS)


# --- what they do ---


CASES = [
    *((spec, now, False) for spec in ("rich", "plain") for now in SITUATIONS),
    *((spec, now, False) for spec in ("proxy-absent", "take-over", "retry") for now in ("full", "bare", "at_site")),
    *((spec, "full", True) for spec in ("plain", "proxy-absent")),
]
"""Names of a declaration and a situation, and whether what is not declared is null."""


@pytest.mark.parametrize(("spec_name", "situation_name", "nulls"), CASES)
def test_conditions_and_options_come_to_the_same(spec_name: str, situation_name: str, nulls: bool) -> None:
    spec, now = SPECS[spec_name], SITUATIONS[situation_name]
    engine = templar(spec, now, nulls=nulls)
    for task, row in PAIRS:
        needed = row.needed(spec, now)
        assert is_run(engine, task.when) is needed, task.name
        if needed:
            options = {name: evaluated(engine, value) for name, value in task.options.items()}
            assert converted(task.module, options) == converted(task.module, row.options(spec, now)), task.name


def test_every_condition_is_met_by_one_of_these_situations_and_not_by_another() -> None:
    for row in STEPS:
        met = {bool(row.needed(spec, now)) for spec in SPECS.values() for now in SITUATIONS.values()}
        assert met == ({True} if row.name == "info" else {True, False}), row


def test_a_printer_is_checked_with_its_place_in_the_wave() -> None:
    """As all printers are checked before the first one is pressed. In bulk mode each is checked at its own turn."""
    engine = templar(RICH, FULL)
    engine.available_variables["ansible_play_batch"] = ["p3", "p2", "p1"]
    checks = [task for task in role_steps() if "sign_in_only" in task.options]
    assert len(checks) == 2
    given = [(task.module, {"position": evaluated(engine, task.options["position"])}) for task in checks]
    assert [converted(*each)["position"] for each in given] == [2, 2]


# --- around the steps ---


def test_each_step_has_a_name_of_its_own_and_exactly_one_tag() -> None:
    names = [task.name for task in role_steps()]
    assert len(set(names)) == len(names)
    assert {tag for task in role_steps() for tag in task.tags} == {
        "look",
        "always",
        "applications",
        "proxy",
        "ors",
        "register",
        "claim",
    }
    assert [task.module for task in role_steps() if task.tags == ["always"]] == ["device_info"]


def test_whatever_ends_the_steps_there_is_an_outcome_and_a_sign_out() -> None:
    whole = block()
    first, *decided = [task for task in imported(whole["block"]) if DECIDES in task]
    assert first is whole["block"][0] and first[DECIDES]["declared_only"], "checked before a request"
    rescued = whole["rescue"]
    assert len(decided) == len(rescued) == 1
    assert (decided[0][DECIDES], rescued[0][DECIDES]) == (None, {"interrupted": True}), "a template could fail there"
    for task in (*decided, *rescued):
        assert (task["register"], task["tags"]) == ("onboard__outcome", ["always"])
    assert whole["always"][0]["tags"] == ["always"]
    (signs_out,) = imported(whole["always"])
    assert f"{COLLECTION}sign_out" in signs_out
    assert not signs_out[f"{COLLECTION}sign_out"]
    assert signs_out["failed_when"] is False


def test_both_modes_conclude_in_the_same_way() -> None:
    onboards, last = tasks_of("main.yml")
    assert (onboards["ignore_errors"], onboards["ignore_unreachable"]) == (False, False), "else a failed step is passed"
    begin, _begin_without_first, first = onboards["block"]
    assert "{{ 'begin' if onboard_mode in ['tasks', 'bulk'] else 'wrong_mode' }}.yml" in begin.values()
    addresses, _licences = tasks_of("begin.yml")
    assert addresses[f"{COLLECTION}onboarding_addresses"]["check_only"] is True
    assert "{{ onboard_mode if onboard_mode in ['tasks', 'bulk'] else 'wrong_mode' }}.yml" in first.values()
    assert last["ansible.builtin.import_tasks"] == "conclude.yml"


@pytest.mark.parametrize("folder", [None, "", "results"])
def test_without_a_folder_no_report_is_written_to_the_root(folder: str | None) -> None:
    """Given null or an empty text, where a slash and the name of the report would follow."""
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
    named = {name: trust_as_template(defaults[name]) for name in ("onboard_run_folder", "onboard_report")}
    engine = templating.templar(onboard_slices=0, **named, onboard_files=folder)
    assert templating.option(engine, "{{ onboard_report }}") == f"{folder or 'onboarding'}/report.json"


def test_what_runs_once_by_a_template_registers_nothing() -> None:
    """Of a task that a condition leaves out Ansible does not evaluate the template, and registers it for all hosts."""
    tasks = [task for path in (ROLE / "tasks").glob("*.yml") for task in tasks_of(path.name)]
    tasks += block()["block"] + tasks_of("main.yml")[0]["block"]
    by_template = [task for task in tasks if isinstance(task.get("run_once"), str)]
    assert len(by_template) > 3
    assert not [task["name"] for task in by_template if "register" in task]
