# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an action does itself: options, variables and environment in their order, unknown options, secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._options.cloud_hosts import ADDRESS_HOSTS
from ansible_collections.printops.prisma.plugins.module_utils._options.controller import CONTROLLER
from ansible_collections.printops.prisma.plugins.module_utils._options.https import CONTROLLER_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.site import SITE
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Request, Task
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import SignInRefused
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.action import PrismaAction
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.options import validated
from support.templating import trust_as_template
from unit.action.run_action import run_action

SECRET = "a-secret-password"
GIVEN = {"host": "p1.example.com", "username": "admin", "password": SECRET}


class Ran:
    """An action, and the options with which its task ran."""

    def __init__(self, args: dict[str, Any], variables: dict[str, Any], work: Any = None) -> None:
        self.options: dict[str, Any] | None = None

        def run(request: Request) -> None:
            self.options = dict(request.options)
            if work:
                work(request)

        class Action(PrismaAction):
            prisma_task = Task(name="it", interface="controller", groups=(CONTROLLER,), run=run)

        self.result = run_action(Action, args, {"inventory_hostname": "p1", **variables})


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for names in CONTROLLER.variables.values():
        for name in names:
            monkeypatch.delenv(name.upper(), raising=False)


def test_an_option_wins_over_a_variable_and_that_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PRINTOPS_PORT", "PRINTOPS_SERIAL", "PRINTOPS_BASE_PATH"):
        monkeypatch.setenv(name, "1")
    ran = Ran({**GIVEN, "port": 3}, {"printops_port": 2, "printops_serial": "2"})
    assert ran.options is not None
    assert (ran.options["port"], ran.options["serial"], ran.options["base_path"]) == (3, "2", "1")
    assert ran.options["profile"] == "sra-remote-ui"


def test_a_path_is_absolute_so_that_a_message_says_where_a_file_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    task = Task(name="it", interface="site", groups=(SITE,), run=lambda request: None)
    options = validated(task, "it", {"session_file": "site/session.json"}, set(), print)
    assert options["session_file"] == str(tmp_path / "site" / "session.json")


@pytest.mark.parametrize(
    ("variables", "host"),
    [
        ({}, "p1"),
        ({"ansible_host": "192.0.2.1"}, "192.0.2.1"),
        ({"ansible_host": "192.0.2.1", "printops_host": "p1.example.com"}, "p1.example.com"),
        ({"ansible_host": "192.0.2.1", "printops_host": None}, "192.0.2.1"),
        ({"name": "p9", "printops_host": trust_as_template("{{ name }}.example.com")}, "p9.example.com"),
    ],
)
def test_the_host_comes_from_the_first_variable_that_has_one(variables: dict[str, Any], host: str) -> None:
    ran = Ran({"username": "admin", "password": SECRET}, {"inventory_hostname": "p1", **variables})
    assert ran.options is not None
    assert ran.options["host"] == host


def test_a_variable_without_a_value_is_named_in_a_result_and_not_in_an_exception() -> None:
    """So that failed_when of a task such as the role's sign-out counts."""
    ran = Ran({"host": "p1.example.com"}, {"printops_username": trust_as_template("{{ not_there }}")})
    assert (ran.options, ran.result["failed"]) == (None, True)
    assert ran.result["reason"].startswith("printops_username has no value: 'not_there' is undefined")


def test_a_misspelt_name_in_a_template_is_said_with_the_right_one() -> None:
    given = {"vault_printops_password": SECRET, "printops_username": trust_as_template("{{ vault_printops_pasword }}")}
    ran = Ran({"host": "p1.example.com"}, given)
    assert ran.result["advice"] == "Did you mean vault_printops_password? Correct the printer's variables."
    assert SECRET not in str(ran.result)


def test_where_the_steps_run_may_be_null() -> None:
    assert Ran(GIVEN, {"printops_in_process": None}).options is not None


def test_an_option_that_is_null_counts_as_not_given() -> None:
    ran = Ran({**GIVEN, "port": None}, {"printops_port": 8443})
    assert ran.options is not None
    assert ran.options["port"] == 8443


@pytest.mark.parametrize(
    ("args", "what"),
    [
        ({**GIVEN, "hots": "x"}, "printops.prisma.it: unsupported parameters: hots"),
        ({**GIVEN, "port": "many"}, "port"),
        ({"host": "p1"}, "username (variable printops_username), password (variable printops_password)"),
        ({**GIVEN, "profile": "nosuch"}, "there is no profile 'nosuch'"),
    ],
)
def test_bad_options_are_refused_before_the_task_runs(args: dict[str, Any], what: str) -> None:
    ran = Ran(args, {})
    assert ran.options is None
    assert ran.result["failed"] is True
    assert what in ran.result["msg"]
    assert SECRET not in str(ran.result)


@pytest.mark.parametrize("source", ["option", "variable", "environment"])
def test_a_secret_is_in_no_result_wherever_it_came_from(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    args = {name: value for name, value in GIVEN.items() if name != "password" or source == "option"}
    variables = {"printops_password": SECRET} if source == "variable" else {}
    if source == "environment":
        monkeypatch.setenv("PRINTOPS_PASSWORD", SECRET)

    def tell(request: Request) -> None:
        request.result.values["told"] = {"deep": [f"it is {request.options['password']}!"]}
        request.result.warnings.append(SECRET)
        raise SignInRefused(f"refused {SECRET}", details={"with": SECRET})

    ran = Ran(args, variables, tell)
    assert ran.options is not None
    assert ran.options["password"] == SECRET
    assert ran.result["outcome"] == "auth_failed"
    assert SECRET not in str(ran.result)


def test_a_defect_is_told_without_secrets() -> None:
    def fail(request: Request) -> None:
        raise RuntimeError(f"with {SECRET}")

    ran = Ran(GIVEN, {}, fail)
    assert "a defect of this collection: RuntimeError" in ran.result["msg"]
    assert "Traceback" in ran.result["defect"]
    assert SECRET not in str(ran.result)


def test_a_short_secret_is_warned_of_and_does_not_black_out_every_text() -> None:
    def tell(request: Request) -> None:
        request.result.values["told"] = "a text"

    ran = Ran({**GIVEN, "password": "ex"}, {}, tell)
    assert ran.result["told"] == "a text"
    assert ran.result["warnings"] == ["password is shorter than 4 characters, so it is not redacted in output."]
    assert "warnings" not in Ran(GIVEN, {}).result


def test_no_secret_of_an_ordinary_module_is_printed_with_its_arguments() -> None:
    """Given ANSIBLE_DEBUG, then Ansible prints the arguments of a module; as JSON the module gets them as they are."""
    proxy = f"http://joe:{SECRET}@proxy.example.com:3128"
    given = {**GIVEN, "password": [SECRET], "http_proxy": proxy, "address_hosts": [proxy, "home.example.com"]}
    sent: dict[str, Any] = {}

    class Action(PrismaAction):
        groups = (CONTROLLER, CONTROLLER_HTTP, ADDRESS_HOSTS)
        prisma_task = Task(name="it", interface="controller", groups=groups, run=lambda request: None)

    def module(module_args: dict[str, Any], **_more: Any) -> dict[str, Any]:
        sent.update(module_args)
        return {}

    run_action(Action, given, {"inventory_hostname": "p1", "printops_in_process": False}, module=module)
    assert SECRET not in f"{sent} {sent!r}"
    assert json.loads(json.dumps(sent)) == {**sent, **given}
