# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a step in bulk mode: what the task would get from itself, from module_defaults and from variables."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.printops.prisma.plugins.module_utils._prisma.onboarding import STEPS
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.module_utils._web.http.channels import ChannelPool
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet import steps as steps_module
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.spec import Variables
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.steps import (
    TASK_VARIABLES,
    TASKS,
    InProcessSteps,
    StepContext,
    module_defaults,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.thread_store import ThreadStore
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.run import ParentWatch
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import SHIPPED
from ansible_collections.printops.prisma.plugins.plugin_utils._text_files import VaultReader
from support.templating import templar, trust_as_template

VAULT_SECRETS: Any = [("default", VaultSecret(b"made-up vault password"))]
GROUP, OTHER_GROUP = "printops.prisma.controller", "printops.prisma.home"
VARIABLES = {
    "inventory_hostname": "p1",
    "printops_host": "192.0.2.1",
    "printops_username": "admin",
    "printops_password": "a-secret-password",
}


# --- module_defaults ---


def task(*entries: dict[str, Any]) -> Any:
    """Return a task with ``module_defaults`` around it, the outermost first, as Ansible keeps them."""
    groups = {f"printops.prisma.{name}": [GROUP] for name in ("device_info", "ors_status")}
    groups["printops.prisma.home_device"] = [OTHER_GROUP]
    return SimpleNamespace(module_defaults=list(entries), get_play=lambda: SimpleNamespace(_action_groups=groups))


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([], {}),
        ([{}], {}),
        ([{"printops.prisma.device_info": {"timeout": 5}}], {"device_info": ({"timeout": 5},)}),
        ([{f"group/{GROUP}": {"timeout": 5}}], {"device_info": ({"timeout": 5},), "ors_status": ({"timeout": 5},)}),
        ([{f"group/{OTHER_GROUP}": "{{ all_of_it }}"}], {"home_device": ("{{ all_of_it }}",)}),
        (  # a module's own wins over its group's, wherever it stands
            [{"printops.prisma.device_info": {"timeout": 1}}, {f"group/{GROUP}": {"timeout": 5, "retries": 0}}],
            {
                "device_info": ({"timeout": 5, "retries": 0}, {"timeout": 1}),
                "ors_status": ({"timeout": 5, "retries": 0},),
            },
        ),
        (  # an inner entry replaces an outer one of the same name
            [{f"group/{GROUP}": {"timeout": 5}}, {f"group/{GROUP}": {"retries": 0}}],
            {"device_info": ({"retries": 0},), "ors_status": ({"retries": 0},)},
        ),
        ([{"ansible.builtin.uri": {"timeout": 1}, "device_info": {"timeout": 1}}], {}),
    ],
)
def test_module_defaults_are_those_that_the_tasks_would_have(
    entries: list[dict[str, Any]], found: dict[str, tuple[Any, ...]]
) -> None:
    assert module_defaults(task(*entries)) == found


def test_a_task_without_module_defaults_and_a_play_without_groups() -> None:
    bare: Any = SimpleNamespace(module_defaults=None, get_play=lambda: SimpleNamespace(_action_groups=None))
    assert module_defaults(bare) == {}
    bare.module_defaults = [{f"group/{GROUP}": {"timeout": 5}, "printops.prisma.sign_out": {"timeout": 1}}]
    assert module_defaults(bare) == {"sign_out": ({"timeout": 1},)}


# --- steps ---


class Ran:
    """The steps of one printer, whose tasks are not run: what each would get, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **context: Any) -> None:
        self.calls: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self.result: dict[str, Any] = {"changed": False}
        self.warnings: list[str] = []
        self.pools = {name: ChannelPool() for name in ("controller", "tenant", "site")}
        monkeypatch.setattr(steps_module, "run_in_process", self._run)
        loader = DataLoader()
        loader.set_vault_secrets(VAULT_SECRETS)
        self.reader = VaultReader(loader)
        given = {"check_mode": False, "diff_mode": True, "defaults": {}, "read_text": self.reader, **context}
        variables = given.pop("variables", {}) | VARIABLES
        self.steps = InProcessSteps(
            "p1",
            Variables(variables, templar(**variables).template),
            (None,),
            StepContext(ThreadStore(SharedStore(2, 100)), ParentWatch(), warn=self.warnings.append, **given),
            self.pools.__getitem__,
        )

    def _run(self, task: Any, options: dict[str, Any], profile: Any, **request: Any) -> dict[str, Any]:
        self.calls.append((task.name, options, request))
        return dict(self.result)

    def options(self, module: str, options: dict[str, Any]) -> dict[str, Any]:
        """Return all options with which the module would run."""
        result = self.steps(module, options)
        assert not result.get("failed"), result
        return self.calls[-1][1]


def test_every_module_of_the_table_is_known() -> None:
    # and the one that reads a tenant before the wave
    assert {step.module for step in STEPS} | {"sign_out", "home_subscription_info"} == set(TASKS)
    assert {"printops_host", "ansible_host", "printops_tenant_url", "printops_site_url"} <= TASK_VARIABLES


def test_an_option_of_the_step_wins_over_module_defaults_and_these_over_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_group = {"ready": False, "port": trust_as_template("{{ 4000 + 43 }}"), "timeout": 5}
    own = trust_as_template("{{ {'timeout': 7} }}")
    variables = {"printops_port": 1, "printops_retries": 2}
    ran = Ran(monkeypatch, variables=variables, defaults={"ors_status": (of_group, own)})
    options = ran.options("ors_status", {"ready": True})
    assert [options[name] for name in ("ready", "port", "timeout", "retries", "host")] == [
        True,
        4043,
        7,
        2,
        "192.0.2.1",
    ]
    assert ran.options("device_info", {"clock_zone": "UTC"})["port"] == 1, "of another module"


@pytest.mark.parametrize("blank", ["", "  ", None, trust_as_template("{{ none }}"), trust_as_template("{{ '' }}")])
@pytest.mark.parametrize(
    ("module", "variable"), [("cloud_site_info", "printops_site"), ("home_device_info", "printops_tenant")]
)
def test_a_blank_name_of_a_site_or_tenant_is_no_name_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, module: str, variable: str, blank: Any
) -> None:
    ran = Ran(monkeypatch, variables={variable: blank, "printops_tenant_url": "https://home.example.com"})
    result = ran.steps(module, {"session_file": "session.json"})
    assert (result["failed"], result["reason"], ran.calls) == (True, f"{variable} is empty", [])


@pytest.mark.parametrize("variables", [{}, {"printops_site": trust_as_template("{{ not_there | default(omit) }}")}])
def test_the_name_of_a_site_may_be_omitted(monkeypatch: pytest.MonkeyPatch, variables: dict[str, Any]) -> None:
    monkeypatch.delenv("PRINTOPS_SITE", raising=False)
    ran = Ran(monkeypatch, variables=variables)
    assert ran.options("cloud_site_info", {"session_file": "session.json"})["site"] is None


@pytest.mark.parametrize("given", [{"port": trust_as_template("{{ not_there }}")}, trust_as_template("{{ 'text' }}")])
def test_module_defaults_without_a_value_are_told_as_such(monkeypatch: pytest.MonkeyPatch, given: Any) -> None:
    with pytest.raises(BadInput, match="module_defaults of ors_status have no value"):
        Ran(monkeypatch, defaults={"ors_status": (given,)})


def test_a_tenant_has_channels_of_its_own_and_is_no_controller(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = Ran(monkeypatch)
    ran.steps("device_info", {"clock_zone": "UTC"})
    assert ran.calls[-1][2]["channels"] is ran.pools["controller"]
    assert ran.steps.controllers == {"https://192.0.2.1:443/"}
    account = {
        "url": "https://home.example.com",
        "tenant": "alpha",
        "client_id": "id",
        "client_secret": "secret",
    }
    result = ran.steps("home_device_info", {"serials": ["SN1"], **account})
    assert not result.get("failed"), result
    assert ran.calls[-1][2]["channels"] is ran.pools["tenant"]
    assert ran.steps.controllers == {"https://192.0.2.1:443/"}


@pytest.mark.parametrize(
    ("of_run", "of_step", "check_mode", "diff_mode"),
    [(False, False, False, True), (False, True, True, False), (True, False, True, True), (True, True, True, False)],
)
def test_a_step_may_run_in_check_mode_by_itself_and_then_has_no_diff(
    monkeypatch: pytest.MonkeyPatch, of_run: bool, of_step: bool, check_mode: bool, diff_mode: bool
) -> None:
    ran = Ran(monkeypatch, check_mode=of_run)
    ran.steps("device_info", {"clock_zone": "UTC"}, check_mode=of_step)
    request = ran.calls[-1][2]
    assert (request["check_mode"], request["diff_mode"]) == (check_mode, diff_mode)


def test_the_time_of_waiting_counts_from_the_first_call_of_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    ran, now = Ran(monkeypatch), [10.0]
    monkeypatch.setattr(steps_module, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def started_at() -> float:
        ran.steps("ors_status", {"ready": True})
        found: float = ran.calls[-1][2]["wait_started_at"]
        return found

    ran.result = {"waiting": True}
    assert started_at() == 10.0
    now[0] = 20.0
    assert started_at() == 10.0
    ran.result = {"changed": False}
    now[0] = 30.0
    assert started_at() == 10.0
    assert started_at() == 30.0, "the same module in a later step waits anew"


def test_wrong_options_are_a_failure_of_the_step_that_names_module_and_option(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = Ran(monkeypatch, variables={"printops_port": "many"})
    result = ran.steps("device_info", {"clock_zone": "UTC"})
    assert result["failed"]
    assert "printops.prisma.device_info" in result["msg"]
    assert "port" in result["msg"]
    assert ran.calls == []


def encrypted(path: Path, text: str) -> str:
    path.write_bytes(VaultLib(VAULT_SECRETS).encrypt(text.encode()))
    return str(path)


def test_steps_read_files_as_ansible_does_and_keep_a_decrypted_profile(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The end of the run, which signs out what is left open, has no vault password any more."""
    ran = Ran(monkeypatch)
    assert ran.options("device_info", {"clock_zone": "UTC"})["profile"] == "sra-remote-ui"
    assert ran.calls[-1][2]["read_text"] is ran.reader
    own = encrypted(tmp_path / "own.yml", (SHIPPED / "sra-remote-ui.yml").read_text(encoding="utf-8"))
    assert ran.options("device_info", {"clock_zone": "UTC", "profile": own})["profile"]["id"] == "own"
    assert ran.options("device_info", {"clock_zone": "UTC"})["profile"] == "sra-remote-ui"


def test_a_password_that_was_decrypted_makes_no_session_larger(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Given a profile that nobody has encrypted, then what the sign-out needs of it is its id."""
    ran = Ran(monkeypatch)
    assert ran.reader(encrypted(tmp_path / "password", "made-up")) == "made-up"
    account = {"url": "https://home.example.com", "tenant": "alpha", "client_id": "id", "client_secret": "secret"}
    assert ran.options("home_device_info", {"serials": ["SN1"], **account})["profile"] == "prisma-home"


def test_no_password_is_in_what_a_step_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = Ran(monkeypatch)
    ran.result = {"msg": f"refused: {VARIABLES['printops_password']}", "failed": True}
    assert VARIABLES["printops_password"] not in str(ran.steps("device_info", {"clock_zone": "UTC"}))


def test_a_short_password_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = Ran(monkeypatch)
    ran.steps("ors_status", {"password": "abc"})
    assert ran.warnings
    assert "password" in ran.warnings[0]
