# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which steps of the role onboard are left out for a whole wave at once: those that no printer of it needs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._decide.situation import (
    UNREAD,
    Declared,
    OnboardingSpec,
    declared,
    situation,
)
from support import templating
from support.templating import trust_as_template
from unit.test_role_onboard import PAIRS, RICH, ROLE, RoleTask, role_steps, step_tasks

LACKING: dict[Declared, dict[str, Any]] = {
    Declared.VIEWER: {"viewer": None},
    Declared.APPLICATIONS: {"applications": {}},
    Declared.PROXY: {"proxy": None},
    Declared.HOME: {"claim": False},
    Declared.SITE: {"has_site": False},
    Declared.TAKE_OVER: {"take_over": False},
}
"""What is left out of a declaration of everything, for each that steps depend on."""


def steps_that_run(spec: OnboardingSpec, state: str, service: str, *, is_there: bool) -> Iterator[RoleTask]:
    """Yield the tasks of the role that run for one printer, in the state that has as many of them as possible."""
    answers = {
        "info": {
            "device": {"serial": "SN1"},
            "registration": {"state": state, "service": service},
            "applications": [{"id": "a", "enabled": False}, {"id": "b", "enabled": False}],
            "ors": {"ready": False},
        },
        "proxy": {"changed": True},
        "home_before": {"devices": [{"serial": "SN1"}] if is_there else []},
        "site_before": {"plan": None if is_there else {}},
        "pressed": {"registration": {"state": "requested"}},
        "claim": {"pending": True},
    }
    results: dict[str, Any] = {}
    for task, row in PAIRS:
        if row.needed(spec, situation(results, spec) if results.get("info") else UNREAD):
            yield task
            results[row.name] = answers.get(row.name, {"changed": True})


PRINTERS = list(itertools.product(("unregistered", "registered"), ("home", "site"), (False, True)))


@pytest.mark.parametrize("lacking", Declared)
def test_a_step_that_depends_on_what_no_printer_declares_runs_for_none(lacking: Declared) -> None:
    """Otherwise it would run for the first printer of a wave and be left out for the others, without a word."""
    spec = replace(RICH, **LACKING[lacking])
    assert declared(spec) == {*Declared} - {lacking}
    for state, service, is_there in PRINTERS:
        ran = {task.name for task in steps_that_run(spec, state, service, is_there=is_there)}
        assert not {task.name for task in role_steps() if task.depends_on is lacking} & ran


def test_every_step_that_depends_on_something_runs_where_everything_is_declared() -> None:
    ran = {task.name for each in PRINTERS for task in steps_that_run(RICH, each[0], each[1], is_there=each[2])}
    assert {task.name for task in role_steps() if task.depends_on is not None} <= ran
    assert {task.depends_on for task in role_steps()} == {None, *Declared}


@pytest.mark.parametrize("wave", [None, {"skipped": True}, {"declared": list(Declared)}, {"declared": ["viewer"]}])
def test_a_step_runs_for_each_printer_unless_the_wave_is_known_not_to_need_it(wave: dict[str, Any] | None) -> None:
    """Not where the task that asks was left out, or the run began after it."""
    role_variables = yaml.safe_load((ROLE / "vars" / "main.yml").read_text(encoding="utf-8"))
    known = {} if wave is None else {"onboard__wave": wave}
    engine = templating.templar(onboard__declared=trust_as_template(role_variables["onboard__declared"]), **known)
    dependent = [(task["run_once"], RoleTask.of(task).depends_on) for task in step_tasks() if "run_once" in task]
    alone = {depends_on for run_once, depends_on in dependent if templating.option(engine, run_once) is True}
    assert alone == ({*Declared} - {Declared.VIEWER} if wave == {"declared": ["viewer"]} else set())
