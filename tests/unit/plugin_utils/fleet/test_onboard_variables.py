# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a host's variables to what is wanted of its printer: defaults, checks, secrets, and what fails the play."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import conclude
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import Outcome, is_good
from ansible_collections.printops.prisma.plugins.module_utils._prisma.onboarding import OnboardingSpec
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.bulk import Ending, Fleet, FleetOptions, Way
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.journal import Journal
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.onboard import (
    ROLE,
    TASKS,
    Variables,
    ended,
    role_spec,
    takes_steps_here,
    unusable,
    wanted,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.thread_store import ThreadStore
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.options import completed
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore

LEAST = {"inventory_hostname": "p1", "onboard_files": "onboarding"}


def variables(**given: Any) -> Variables:
    """A host's variables; a text with braces is a template."""
    raw = _trusted(LEAST | given)
    return Variables(raw, Templar(DataLoader(), variables=raw).template)


def _trusted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _trusted(item) for name, item in value.items()}
    return trust_as_template(value) if isinstance(value, str) and "{{" in value else value


def want(secrets: set[str] | None = None, *, in_process: bool = True, **given: Any) -> OnboardingSpec:
    return wanted(variables(**given), set() if secrets is None else secrets, in_process=in_process)


def role_defaults() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())
    return found


# --- the role's options ---


def test_every_option_of_the_role_is_known_and_none_has_a_template_as_its_default() -> None:
    spec = role_spec()
    assert set(role_defaults()) < set(spec)
    assert all("{{" not in str(option.get("default")) for option in spec.values())
    assert spec["onboard_mode"]["default"] == "tasks"
    assert "default" not in spec["onboard_report"]


def test_what_the_role_s_defaults_and_its_specs_say_is_the_same() -> None:
    plain_ones = {name: value for name, value in role_defaults().items() if "{{" not in str(value)}
    by_defaults, by_spec = want(**plain_ones).options, want().options
    assert {name: value for name, value in by_defaults.items() if name != "fail_on"} == {
        name: value for name, value in by_spec.items() if name != "fail_on"
    }
    assert set(by_defaults["fail_on"]) == {outcome.value for outcome in Outcome if not is_good(outcome)}


def test_checking_variables_leaves_the_spec_as_it_is() -> None:
    before = copy.deepcopy(role_spec())
    want(onboard_proxy={"host": "h", "port": 1}, onboard_viewer={"username": "u", "password": "a-password"})
    assert role_spec() == before


def test_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PWD", "/started/here")
    found = want()
    assert found.options == {
        "applications": {},
        "claim": False,
        "clock_tolerance": 300.0,
        "clock_zone": "UTC",
        "display_name": "p1",
        "fail_on": None,
        "files": "/started/here/onboarding",
        "proxy": None,
        "retry_failed": False,
        "take_over": False,
        "viewer": None,
        "wait_sleep": 5.0,
        "wait_timeout": 600.0,
    }
    assert (found.printer, found.has_site, found.keeps_addresses, found.is_whole) == ("p1", False, True, True)
    assert found.connectors


def test_what_is_given_is_templated_converted_and_without_tags() -> None:
    found = want(
        shop="Basel",
        onboard_display_name="{{ shop }} {{ inventory_hostname }}",
        onboard_applications={"dashboard": True},
        onboard_take_over="yes",
        onboard_wait_timeout="{{ 2 * 30 }}",
        onboard_proxy={"host": "proxy.example.com", "port": "3128", "exceptions": ["localhost"]},
        onboard_clock_tolerance=60,
    ).options
    assert found["display_name"] == "Basel p1"
    assert found["take_over"] is True
    assert found["wait_timeout"] == 60.0
    assert found["proxy"]["port"] == 3128
    assert found["proxy"]["state"] == "present"
    assert found["proxy"]["update_password"] == "on_create"
    assert found["clock_tolerance"] == 60.0
    for value in (found["display_name"], found["proxy"], found["proxy"]["host"], found["applications"]):
        assert type(value) in (str, dict)  # Ansible's own kinds are neither pickled nor dumped


@pytest.mark.parametrize("name", ["onboard_applications", "onboard_clock_zone", "onboard_wait_sleep", "onboard_proxy"])
def test_what_is_null_is_not_given(name: str) -> None:
    null: dict[str, Any] = {name: None}
    assert want(**null).options == want().options


def test_what_is_omitted_is_not_given() -> None:
    """The usual way of a variable that only some hosts have."""
    loader = DataLoader()
    omitted = trust_as_template("{{ corporate | default(omit) }}")
    raw = LEAST | {
        "onboard_display_name": omitted,
        "printops_port": omitted,
        "printops_site_url": omitted,
    }
    template = Templar(loader, variables=raw).template
    found = Variables(raw, template)
    declared = wanted(found, set(), in_process=True)
    assert declared.options["display_name"] == "p1"
    assert not declared.has_site
    assert found.of_tasks() == {"inventory_hostname": "p1"}
    given = completed(TASKS["device_info"], {}, raw | {"printops_host": omitted, "ansible_host": "192.0.2.1"}, template)
    assert given == {"host": "192.0.2.1"}


def test_a_variable_is_templated_when_it_is_asked_for_and_not_before() -> None:
    asked: list[str] = []

    def template(value: str) -> str:
        asked.append(value)
        return value.upper()

    found = Variables({"a": "{{ text }}", "b": "{{ other }}", "n": 1, "none": None, "list": ["x"]}, template)
    assert asked == []
    assert [found.value(name) for name in ("a", "n", "none", "absent")] == ["{{ TEXT }}", 1, None, None]
    assert asked == ["{{ text }}"]


@pytest.mark.parametrize(
    ("text", "parent_died"),
    [
        ("{{ x }}", True),
        ("{% if x %}a{% endif %}", True),
        ("{# a #}b", True),
        ("#jinja2: variable_start_string:'[%', variable_end_string:'%]'\n[% x %]", True),
        ("press-01.example.com", False),
        ("", False),
        ("100%", False),
        ("a } b", False),
    ],
)
def test_only_a_text_that_can_be_a_template_is_given_to_ansible_s_engine(text: str, parent_died: bool) -> None:
    asked: list[str] = []

    def template(value: str) -> str:
        asked.append(value)
        return "templated"

    assert Variables({"a": text}, template).value("a") == ("templated" if parent_died else text)
    assert asked == ([text] if parent_died else [])


def test_variables_of_the_whole_batch_are_no_printer_s_business() -> None:
    options = want(onboard_report="{{ nowhere }}", onboard_serial="nonsense", onboard_at_once="many").options
    assert not {"report", "serial", "at_once", "mode", "max_fail_percentage"} & set(options)


def test_what_stands_in_for_options_of_tasks_is_given_to_them() -> None:
    found = variables(
        ansible_host="192.0.2.1", printops_port=8443, printops_serial="{{ 'SN' }}1", printops_tenant_url=None, other=1
    ).of_tasks()
    assert found == {"ansible_host": "192.0.2.1", "inventory_hostname": "p1", "printops_port": 8443} | {
        "printops_serial": "SN1"
    }
    assert all("no_log" not in str(task.variables()) for task in TASKS.values())


@pytest.mark.parametrize(
    ("given", "claims"),
    [
        ({}, False),
        ({"printops_tenant_client_id": "id"}, True),
        ({"printops_tenant_client_id": None}, False),
        ({"printops_tenant_client_id": "id", "onboard_claim": False}, False),
        ({"onboard_claim": True}, True),
        ({"printops_tenant_client_id": "id", "onboard_claim": "{{ none }}"}, True),
    ],
)
def test_it_is_claimed_where_there_are_credentials_unless_told_otherwise(given: dict[str, Any], claims: bool) -> None:
    assert want(none=None, **given).options["claim"] is claims


def test_a_site_is_known_by_its_address() -> None:
    assert want(printops_site_url="https://site.example.com").has_site
    assert not want(printops_site_url=None).has_site


@pytest.mark.parametrize(
    ("files", "folder"),
    [("there", "/started/here/there"), ("/away/{{ 1 }}", "/away/1"), ("~/x", "/home/of/x"), (".", "/started/here/.")],
)
def test_files_lie_where_ansible_was_started(files: str, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PWD", "/started/here")
    monkeypatch.setenv("HOME", "/home/of")
    assert want(onboard_files=files).options["files"] == folder


def test_tags_are_those_of_the_run() -> None:
    found = want(ansible_run_tags=["look", "claim"], ansible_skip_tags=["proxy"])
    assert set(found.only) == {"look", "claim"}
    assert set(found.skipped) == {"proxy"}
    assert not found.is_whole


def test_rows_of_one_s_own_come_after_the_shipped_ones() -> None:
    row = {"controller": "SRA", "application": ["a", "b"], "connector": "internal"}
    found = want(printops_connectors=[row]).connectors
    assert found[-1] == row
    assert found[:-1] == want().connectors


def test_whether_later_tasks_know_an_address() -> None:
    assert not want(in_process=False).keeps_addresses


# --- secrets ---


def test_passwords_are_noted_and_short_ones_are_not() -> None:
    secrets: set[str] = set()
    want(secrets, onboard_proxy={"host": "h", "password": "{{ 'proxy' }}-word"}, onboard_viewer=None)
    want(secrets, onboard_viewer={"username": "viewer", "password": 12345678})
    want(secrets, onboard_viewer={"username": "viewer", "password": "abc"})
    assert secrets == {"proxy-word", "12345678"}


def test_a_password_is_noted_also_where_something_else_is_wrong() -> None:
    secrets: set[str] = set()
    with pytest.raises(BadInput):
        want(secrets, onboard_viewer={"user": "viewer", "password": "a-viewer-password"})
    assert secrets == {"a-viewer-password"}


# --- what is wrong ---


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"onboard_files": None}, "onboard_files is not defined"),
        ({"onboard_viewer": {"username": "viewer"}}, "password"),
        ({"onboard_viewer": "a-text"}, "onboard_viewer"),
        ({"onboard_proxy": {"host": "h", "prot": 1}}, "prot"),
        ({"onboard_proxy": {"state": "on"}}, "present, absent"),
        ({"onboard_wait_timeout": "long"}, "onboard_wait_timeout"),
        ({"onboard_fail_on": ["all"]}, "onboard_fail_on"),
        ({"onboard_claim": "perhaps"}, "onboard_claim"),
        ({"printops_connectors": [{"controller": "SRA"}]}, "application, connector"),
        ({"onboard_display_name": "{{ not_defined }}"}, "onboard_display_name.*not_defined"),
        ({"printops_tenant_client_id": "{{ 1 / 0 }}"}, "printops_tenant_client_id"),
    ],
)
def test_what_is_wrong_is_told_by_its_name_with_advice(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        want(**given)
    assert caught.value.advice


def test_a_printer_whose_variables_are_not_usable_wants_nothing_and_fails() -> None:
    nothing = unusable("p1")
    assert set(nothing.options) >= set(want().options)
    assert nothing.printer == "p1"
    assert not nothing.has_site
    assert not any(nothing.options[name] for name in nothing.options if name not in ("clock_tolerance", "fail_on"))
    failure = {"failed": True, "outcome": "failed", "msg": "onboard_proxy is wrong", "advice": "Correct it."}
    assert "onboard_proxy is wrong" in ended(conclude({}, check_mode=False, failure=failure), nothing)


def _taken(read: Callable[[], tuple[Variables, tuple[str | None, ...]]]) -> dict[str, Any]:
    """Return what a printer of a batch comes to."""
    order = FleetOptions(False, False, 1, 1, 100.0, lambda text: None, lambda text: None)
    fleet = Fleet(order, ThreadStore(SharedStore(2, 100)), Ending(), Journal(None))
    way = Way(fleet, "p1", read)
    while way() is not None:
        pass
    return fleet.results["p1"]


@pytest.mark.parametrize("name", ["onboard_display_name", "printops_port", "printops_host", "printops_serial"])
def test_in_a_batch_a_variable_that_cannot_be_templated_fails_its_printer_alone(name: str) -> None:
    result = _taken(lambda: (variables(**{name: "{{ not_defined }}"}), (None,)))
    assert result["outcome"] == "failed"
    assert name in result["reason"]
    assert "not_defined" in result["fails"]


@pytest.mark.parametrize("port", [[443], {"a": 1}, "many"])
def test_in_a_batch_a_value_that_cannot_be_fails_its_printer_alone(port: Any) -> None:
    result = _taken(lambda: (variables(printops_port=port), (None,)))
    assert result["outcome"] == "failed"
    assert "port" in result["reason"]


@pytest.mark.parametrize("error", [BadInput("a vault without its password"), OverflowError("a defect")])
def test_in_a_batch_variables_that_cannot_be_read_fail_their_printer_alone(error: Exception) -> None:
    def read() -> tuple[Variables, tuple[str | None, ...]]:
        raise error

    result = _taken(read)
    assert result["outcome"] == "failed"
    assert str(error) in result["reason"]
    assert result["fails"]


# --- what fails the play ---


def result_of(outcome: str, *findings: str) -> dict[str, Any]:
    found = [{"finding": name, "what": f"what of {name}", "advice": f"Advice for {name}."} for name in findings]
    return {"outcome": outcome, "reason": "the reason", "advice": "The advice.", "findings": found}


@pytest.mark.parametrize(
    ("result", "fail_on", "says"),
    [
        (result_of("busy"), ["busy"], "busy: the reason. The advice."),
        (result_of("busy"), ["locked"], ""),
        (result_of("busy"), None, ""),
        (result_of("busy"), [], ""),
        (result_of("onboarded", "unlicensed"), ["busy"], ""),
        (
            result_of("onboarded", "unlicensed", "clock_wrong"),
            ["unlicensed"],
            "unlicensed: what of unlicensed. Advice for unlicensed.",
        ),
        (
            result_of("busy", "clock_wrong"),
            ["busy", "clock_wrong"],
            "busy: the reason. The advice. clock_wrong: what of clock_wrong. Advice for clock_wrong.",
        ),
        (result_of("awaiting_claim"), ["awaiting_claim"], "awaiting_claim: the reason. The advice."),
        (result_of("not_tried"), ["not_tried"], "not_tried: the reason. The advice."),
    ],
)
def test_what_fails_the_play_is_what_was_declared_to(
    result: dict[str, Any], fail_on: list[str] | None, says: str
) -> None:
    assert ended(result, want(onboard_fail_on=fail_on)) == says


@pytest.mark.parametrize("tags", [{"ansible_run_tags": ["look"]}, {"ansible_skip_tags": ["claim"]}])
def test_with_tags_a_printer_that_was_not_tried_fails_nothing_but_others_do(tags: dict[str, Any]) -> None:
    partly = want(onboard_fail_on=["not_tried", "busy"], **tags)
    assert ended(result_of("not_tried"), partly) == ""
    assert ended(result_of("busy"), partly)


# --- where steps are taken ---


@pytest.mark.parametrize(
    ("given", "elsewhere", "here"),
    [
        ({}, False, True),
        ({}, True, False),
        ({"printops_in_process": False}, False, False),
        ({"printops_in_process": "no"}, False, False),
        ({"printops_in_process": True}, True, False),
        ({"printops_in_process": None}, False, True),
    ],
)
def test_steps_are_taken_here_unless_told_or_delegated(given: dict[str, Any], elsewhere: bool, here: bool) -> None:
    assert takes_steps_here(variables(**given), elsewhere) is here


def test_the_role_is_found_beside_the_plugins() -> None:
    assert (Path(ROLE) / "meta" / "argument_specs.yml").is_file()
