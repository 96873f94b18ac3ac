# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a host's variables to what is declared for its printer: defaults, templates, checks, secrets."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import Outcome, is_good
from ansible_collections.printops.prisma.plugins.module_utils._decide.situation import OnboardingSpec
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.spec import (
    ROLE,
    Variables,
    address_paths,
    onboarding_spec,
    role_spec,
    unusable_spec,
)
from support.templating import templar, trust_as_template

HERE = Path(__file__)
LEAST = {"inventory_hostname": "p1", "onboard_files": "onboarding", "ansible_inventory_sources": [str(HERE)]}


def variables(**given: Any) -> Variables:
    """A host's variables; a text with braces is a template."""
    raw = _trusted(LEAST | given)
    return Variables(raw, templar(**raw).template)


def _trusted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _trusted(item) for name, item in value.items()}
    return trust_as_template(value) if isinstance(value, str) and "{{" in value else value


def declared(secrets: set[str] | None = None, **given: Any) -> OnboardingSpec:
    return onboarding_spec(variables(**given), set() if secrets is None else secrets)


def role_defaults() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())
    return found


# --- the role's options ---


@pytest.mark.parametrize(("given", "on"), [("no", False), ("{{ 'false' }}", False), ("yes", True), (True, True)])
def test_an_application_that_is_declared_as_a_text_is_on_or_off_as_ansible_reads_it(given: Any, on: bool) -> None:
    assert declared(onboard_applications={"remote-match": given}).applications == {"remote-match": on}


def test_an_application_that_is_neither_on_nor_off_is_refused() -> None:
    with pytest.raises(BadInput, match=r"onboard_applications\.remote-match is 'maybe', but must be true or false"):
        declared(onboard_applications={"remote-match": "maybe"})


def test_an_application_that_no_row_of_the_table_names_is_refused() -> None:
    with pytest.raises(BadInput, match=r"onboard_proxy\.port must be set for a proxy"):
        declared(onboard_proxy={"host": "px"})
    with pytest.raises(BadInput, match=r"onboard_clock_tolerance is -1\.0, but must be 0 or more"):
        declared(onboard_clock_tolerance=-1)
    with pytest.raises(BadInput, match="onboard_applications names 'fax'"):
        declared(onboard_applications={"fax": False})
    row = {"controller": "SRA", "application": "Fax", "connector": "internal"}
    assert declared(onboard_applications={"fax": False}, printops_connectors=[row]).applications == {"fax": False}


@pytest.mark.parametrize(
    ("name", "given", "claims", "site"),
    [
        ("PRINTOPS_TENANT_SESSION_FILE", {}, True, False),
        ("PRINTOPS_SITE_USERNAME", {}, False, True),
        ("PRINTOPS_SITE_URL", {}, False, True),
        ("PRINTOPS_TENANT_SESSION_FILE", {"onboard_claim": False}, False, False),
        ("PRINTOPS_TENANT_URL", {}, False, False),
    ],
)
def test_a_sign_in_of_the_environment_counts_as_it_does_for_the_modules(
    monkeypatch: pytest.MonkeyPatch, name: str, given: dict[str, Any], claims: bool, site: bool
) -> None:
    monkeypatch.setenv(name, "x")
    found = declared(**given)
    assert (found.claim, found.has_site) == (claims, site)
    monkeypatch.setenv(name, "")
    found = declared(**given)
    assert (found.claim, found.has_site) == (False, False)


def test_every_option_of_the_role_is_known_and_none_has_a_template_as_its_default() -> None:
    spec = role_spec()
    assert set(role_defaults()) < set(spec)
    assert all("{{" not in str(option.get("default")) for option in spec.values())
    assert spec["onboard_mode"]["default"] == "tasks"
    assert "default" not in spec["onboard_report"]


def test_the_role_s_defaults_are_those_of_its_argument_specs() -> None:
    plain_ones = {name: value for name, value in role_defaults().items() if "{{" not in str(value)}
    by_defaults, by_spec = declared(**plain_ones), declared()
    assert replace(by_defaults, fail_on=frozenset()) == by_spec
    assert by_defaults.fail_on == {outcome.value for outcome in Outcome if not is_good(outcome)}


def test_checking_variables_leaves_the_spec_as_it_is() -> None:
    before = copy.deepcopy(role_spec())
    declared(onboard_proxy={"host": "h", "port": 1}, onboard_viewer={"username": "u", "password": "a-password"})
    assert role_spec() == before


def test_the_defaults() -> None:
    found = declared()
    assert found == OnboardingSpec(
        printer="p1",
        address_file=str(HERE.parent / "onboarding" / "p1.address"),
        qr_path=str(HERE.parent / "onboarding" / "p1.svg"),
        display_name="p1",
        connectors=found.connectors,
    )
    assert found.connectors


def test_what_is_given_is_templated_converted_and_without_tags() -> None:
    found = declared(
        shop="Basel",
        onboard_display_name="{{ shop }} {{ inventory_hostname }}",
        onboard_applications={"remote-match": True},
        onboard_take_over="yes",
        onboard_wait_timeout="{{ 2 * 30 }}",
        onboard_proxy={"host": "proxy.example.com", "port": "3128", "exceptions": ["localhost"]},
        onboard_clock_tolerance=60,
    )
    assert found.display_name == "Basel p1"
    assert found.take_over is True
    assert found.wait_timeout == 60.0
    assert found.proxy is not None
    assert found.proxy["port"] == 3128
    assert found.proxy["state"] == "present"
    assert found.proxy["update_password"] == "on_create"
    assert found.clock_tolerance == 60.0
    for value in (found.display_name, found.proxy, found.proxy["host"], found.applications):
        assert type(value) in (str, dict)  # Ansible's own kinds are neither pickled nor dumped


@pytest.mark.parametrize("name", ["onboard_applications", "onboard_clock_zone", "onboard_wait_sleep", "onboard_proxy"])
def test_what_is_null_is_not_given(name: str) -> None:
    null: dict[str, Any] = {name: None}
    assert declared(**null) == declared()


def test_what_is_omitted_is_not_given() -> None:
    """The usual way of a variable that only some hosts have."""
    omitted = trust_as_template("{{ corporate | default(omit) }}")
    raw = LEAST | {
        "onboard_display_name": omitted,
        "printops_port": omitted,
        "printops_site_url": omitted,
    }
    found = Variables(raw, templar(**raw).template)
    spec = onboarding_spec(found, set())
    assert spec.display_name == "p1"
    assert not spec.has_site
    assert found.value("printops_port") is None


def test_a_variable_is_templated_when_it_is_read_and_not_before() -> None:
    asked: list[str] = []

    def template(value: str) -> str:
        asked.append(value)
        return value.upper()

    found = Variables({"a": "{{ text }}", "b": "{{ other }}", "n": 1, "none": None, "list": ["x"]}, template)
    assert asked == []
    assert [found.value(name) for name in ("a", "n", "none", "absent")] == ["{{ TEXT }}", 1, None, None]
    assert asked == ["{{ text }}"]


def test_the_role_s_template_of_the_run_s_variables_is_evaluated_once_for_all_hosts() -> None:
    text = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))["onboard_addresses"]
    own = "{{ 'none' if inventory_hostname == 'p4' else 'vault' }}"
    other = trust_as_template("{{ inventory_hostname }}")
    hosts: list[dict[str, Any]] = [
        {"onboard_addresses": trust_as_template(given), "other": other, "inventory_hostname": name}
        for name, given in (("p1", text), ("p2", text), ("p3", own), ("p4", own))
    ]
    asked: list[str] = []
    of_run: dict[str, Any] = {}

    def variables(raw: dict[str, Any]) -> Variables:
        def template(value: Any) -> Any:
            asked.append(value)
            return templar(**raw).template(value)

        return Variables(raw, template, of_run)

    assert [variables(raw).value("onboard_addresses") for raw in hosts] == ["files", "files", "vault", "none"]
    assert asked == [text, own, own]
    assert [variables(raw).value("other") for raw in hosts] == ["p1", "p2", "p3", "p4"]


@pytest.mark.parametrize(
    ("text", "is_template"),
    [
        ("{{ x }}", True),
        ("{% if x %}a{% endif %}", True),
        ("{# a #}b", True),
        ("#jinja2: variable_start_string:'[%', variable_end_string:'%]'\n[% x %]", True),
        ("press-01.example.com", False),
        ("", False),
        ("100%", False),
        ("a } b", False),
        (["a", {"b": [1, None, True]}], False),
        (["a", {"b": [1, "{{ x }}"]}], True),
        ({"{{ x }}": 1}, True),
        (date(2026, 1, 2), True),
    ],
)
def test_only_what_can_hold_a_template_is_given_to_ansible_s_engine(text: Any, is_template: bool) -> None:
    asked: list[Any] = []

    def template(value: Any) -> str:
        asked.append(value)
        return "templated"

    assert Variables({"a": text}, template).value("a") == ("templated" if is_template else text)
    assert asked == ([text] if is_template else [])


def test_variables_of_the_whole_run_are_not_read_for_a_printer() -> None:
    assert declared(onboard_report="{{ nowhere }}", onboard_serial="nonsense", onboard_at_once="many") == declared()


@pytest.mark.parametrize(
    ("given", "claims"),
    [
        ({}, False),
        ({"printops_tenant_client_id": "id"}, True),
        ({"printops_tenant_client_id": None}, False),
        ({"printops_tenant_session_file": "session.json"}, True),
        ({"printops_tenant_username": "jo@example.com"}, True),
        ({"printops_tenant_refresh_token_file": "token"}, True),
        ({"printops_tenant_bearer_token": "token"}, True),
        ({"printops_tenant_session_file": "", "printops_tenant_password": "p"}, False),
        ({"printops_tenant_url": "https://home.example.com"}, False),
        ({"printops_tenant_client_id": "id", "onboard_claim": False}, False),
        ({"onboard_claim": True}, True),
        ({"printops_tenant_client_id": "id", "onboard_claim": "{{ none }}"}, True),
    ],
)
def test_it_is_claimed_where_there_are_credentials_unless_declared_otherwise(
    given: dict[str, Any], claims: bool
) -> None:
    assert declared(none=None, **given).claim is claims


def test_a_site_is_known_by_its_address_or_by_how_to_sign_in_there() -> None:
    assert declared(printops_site_url="https://site.example.com").has_site
    assert declared(printops_site_session_file="session.json").has_site
    assert declared(printops_site_username="jo@example.com").has_site
    assert not declared(printops_site_url=None, printops_site="north").has_site


@pytest.mark.parametrize(
    ("files", "folder"),
    [("there", f"{HERE.parent}/there"), ("/away/{{ 1 }}", "/away/1"), ("~/x", "/home/of/x"), (".", str(HERE.parent))],
)
def test_files_lie_beside_the_inventory(files: str, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PWD", "/started/here")
    monkeypatch.setenv("HOME", "/home/of")
    found = declared(onboard_files=files)
    assert (found.address_file, found.qr_path) == (f"{folder}/p1.address", f"{folder}/p1.svg")
    assert address_paths("/files", "p1") == ("/files/p1.address", "/files/p1.svg")


def test_rows_of_one_s_own_come_after_the_shipped_ones() -> None:
    row = {"controller": "SRA", "application": ["a", "b"], "connector": "internal"}
    found = declared(printops_connectors=[row]).connectors
    assert found[-1] == row
    assert found[:-1] == declared().connectors


# --- secrets ---


def test_passwords_are_noted_and_short_ones_are_not() -> None:
    secrets: set[str] = set()
    declared(secrets, onboard_proxy={"host": "h", "port": 3128, "password": "{{ 'proxy' }}-word"}, onboard_viewer=None)
    declared(secrets, onboard_viewer={"username": "viewer", "password": 12345678})
    declared(secrets, onboard_viewer={"username": "viewer", "password": "abc"})
    assert secrets == {"proxy-word", "12345678"}


def test_a_password_is_noted_also_where_something_else_is_wrong() -> None:
    secrets: set[str] = set()
    with pytest.raises(BadInput):
        declared(secrets, onboard_viewer={"user": "viewer", "password": "a-viewer-password"})
    assert secrets == {"a-viewer-password"}


# --- what is wrong ---


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"onboard_files": None}, "onboard_files names no folder"),
        ({"onboard_files": " "}, "onboard_files names no folder"),
        ({"onboard_viewer": {"username": "viewer"}}, "password"),
        ({"onboard_viewer": "username=viewer password=a-viewer-password"}, "^onboard_viewer is text$"),
        ({"onboard_proxy": "state=absent"}, "^onboard_proxy is text$"),
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
def test_a_wrong_variable_is_named_with_advice(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        declared(**given)
    assert caught.value.advice


def test_for_a_printer_whose_variables_are_not_usable_nothing_is_declared_and_all_fails() -> None:
    nothing = unusable_spec("p1")
    assert replace(nothing, connectors=(), fail_on=frozenset()) == OnboardingSpec("p1", "", "")
    assert nothing.fail_on >= {outcome.value for outcome in Outcome}


def test_the_role_is_found_beside_the_plugins() -> None:
    assert (ROLE / "meta" / "argument_specs.yml").is_file()
