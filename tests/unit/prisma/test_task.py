# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task's result looks like, whoever runs it: plan, diff, failure, and what is signed out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.responsible import Responsible, responsible
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Request, Task, execute
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    PrismaError,
    TimedOut,
    UnknownHost,
    Unreachable,
    UntrustedCertificate,
    WrongDevice,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from unit.web.tiny import build


def request(**given: Any) -> Request:
    return Request(options={}, profile=build(), printer="p1", store=TaskStore(), **given)


def run(work: Any, **given: Any) -> dict[str, Any]:
    return execute(Task(name="it", interface="controller", groups=(), run=work), request(**given))


class Opened:
    """A session as far as the end of a task is concerned."""

    evidence = "simulated"

    def __init__(self, kept: bool, error: Exception | None = None, *, wrote: bool = False) -> None:
        self.kept_for_later = kept
        self.wrote = wrote
        self.signed_out = 0
        self._error = error

    def sign_out(self) -> bool:
        self.signed_out += 1
        if self._error:
            raise self._error
        return True

    def secrets(self) -> set[str]:
        return {"cookie"}


def planned(before: Any, after: Any) -> Any:
    def work(it: Request) -> None:
        it.result.plan({"proxy": before}, {"proxy": after})
        it.result.values["proxy"] = after

    return work


def test_nothing_done_is_no_change() -> None:
    assert run(lambda it: None) == {"changed": False, "evidence": "simulated"}


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("diff_mode", [False, True])
def test_the_plan_is_the_change_and_the_diff_in_check_mode_as_without(check_mode: bool, diff_mode: bool) -> None:
    result = run(planned("off", "on"), check_mode=check_mode, diff_mode=diff_mode)
    plan = {"before": {"proxy": "off"}, "after": {"proxy": "on"}}
    assert result["changed"] is True
    assert result["plan"] == plan
    assert result.get("diff") == ({**plan, "before_header": "p1", "after_header": "p1"} if diff_mode else None)


def test_an_empty_plan_shows_neither_plan_nor_diff() -> None:
    assert run(planned("on", "on"), diff_mode=True) == {"changed": False, "evidence": "simulated", "proxy": "on"}


def test_a_failure_before_anything_was_written_is_no_change() -> None:
    def work(it: Request) -> None:
        planned("off", "on")(it)
        raise TimedOut("too late")

    result = run(work)
    assert result["changed"] is False
    assert not {"plan", "diff"} & set(result)


def test_a_failure_keeps_what_was_done_before_it() -> None:
    def work(it: Request) -> None:
        planned("off", "on")(it)
        it.sessions.append(Opened(True, wrote=True))  # type: ignore[arg-type]
        it.result.warnings.append("look here")
        raise WrongDevice("another one answers.", advice="Go there.", details={"serial": "S2"})

    assert run(work) == {
        "changed": True,
        "evidence": "simulated",
        "proxy": "on",
        "warnings": ["look here"],
        "plan": {"before": {"proxy": "off"}, "after": {"proxy": "on"}},
        "failed": True,
        "msg": "p1: another one answers. Go there.",
        "outcome": "wrong_device",
        "advice": "Go there.",
        "reason": "another one answers",
        "details": {"serial": "S2"},
    }


@pytest.mark.parametrize("error", [None, TimedOut("too late"), KeyError("a defect"), KeyboardInterrupt()])
def test_what_is_not_kept_for_later_is_signed_out_however_the_task_ends(error: BaseException | None) -> None:
    own, kept = Opened(False), Opened(True)

    def work(it: Request) -> None:
        it.sessions += [own, kept]  # type: ignore[list-item]
        if error:
            raise error

    if isinstance(error, (KeyError, KeyboardInterrupt)):
        with pytest.raises(type(error)):
            run(work)
    else:
        assert run(work).get("failed", False) is (error is not None)
    assert (own.signed_out, kept.signed_out) == (1, 0)


def test_a_sign_out_that_fails_is_a_warning() -> None:
    def work(it: Request) -> None:
        it.sessions.append(Opened(False, TimedOut("no answer")))  # type: ignore[arg-type]

    result = run(work)
    assert result["warnings"] == ["p1: could not sign out, the session ends by its timer: no answer"]
    assert "failed" not in result


def test_secrets_are_those_of_its_sessions_and_the_addresses() -> None:
    made = request()
    made.sessions.append(Opened(False))  # type: ignore[arg-type]
    made.capabilities.add("https://home.example.com/register/1")
    assert made.secrets() == {"cookie", "https://home.example.com/register/1"}


@pytest.mark.parametrize(
    ("options", "seconds"),
    [
        ({}, 180),
        ({"deadline": 60.0}, 60),
        ({"deadline": 60.0, "wait": True, "wait_timeout": 600.0}, 660),
        ({"deadline": 60.0, "wait": False, "wait_timeout": 600.0}, 60),
    ],
)
def test_waiting_is_on_top_of_the_deadline(options: dict[str, Any], seconds: float) -> None:
    made = Request(options=options, profile=build(), printer="p1", store=TaskStore())
    assert made.deadline.seconds == seconds


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (Unreachable, "Check printops_tenant_url"),
        (UnknownHost, "Correct the host name in printops_tenant_url"),
        (UntrustedCertificate, "The certificate is not trusted. Check printops_tenant_url"),
    ],
)
def test_a_cloud_that_is_down_is_not_blamed_on_the_printer(error: type[PrismaError], advice: str) -> None:
    def work(it: Request) -> None:
        raise error("it failed")

    made = request()
    made.profile = replace(made.profile, interface="tenant")
    result = execute(Task(name="it", interface="tenant", groups=(), run=work), made)
    assert result["advice"].startswith(advice)
    assert result["msg"] == f"p1: it failed. {result['advice']}"
    assert responsible(result["outcome"], result["advice"]) is Responsible.OPERATOR
    assert "printops_host" in run(work)["advice"] or "printops_ca_path" in run(work)["advice"]
