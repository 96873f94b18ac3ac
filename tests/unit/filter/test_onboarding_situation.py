# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The situation as the role's YAML gets it: of the same variables the same as in bulk mode."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.printops.prisma.plugins.filter.filters import onboarding_situation
from ansible_collections.printops.prisma.plugins.module_utils._decide.situation import situation
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.spec import Variables, onboarding_spec
from jinja2.nativetypes import NativeEnvironment

ROLE = Path(__file__).resolve().parents[3] / "roles" / "onboard"
DEFAULTS: dict[str, Any] = {
    name: value
    for name, value in yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8")).items()
    if "{{" not in str(value)
} | {"ansible_inventory_sources": [__file__]}
TEXT = yaml.safe_load((ROLE / "vars" / "main.yml").read_text(encoding="utf-8"))["onboard__situation"]
INFO: dict[str, Any] = {
    "device": {"serial": "SN1"},
    "registration": {"state": "registered", "method": "link", "service": "home"},
    "ors": {"ready": False},
    "applications": [{"id": "remote-match", "enabled": False}],
}
AT_SITE = {**INFO, "registration": {**INFO["registration"], "service": "site"}}


def render(variables: dict[str, Any]) -> Any:
    """Return the role's lazy variable with these variables of a host."""
    engine = NativeEnvironment()
    engine.filters["printops.prisma.onboarding_situation"] = onboarding_situation
    return engine.from_string(TEXT).render(**variables)


@pytest.mark.parametrize("info", [INFO, AT_SITE], ids=["home", "site"])
@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"printops_tenant_client_id": "id"},
        {"printops_tenant_client_id": None},
        {"printops_tenant_client_id": "id", "onboard_claim": None},
        {"printops_tenant_client_id": "id", "onboard_claim": False},
        {"printops_tenant_client_id": "id", "onboard_claim": "no"},
        {"onboard_claim": True},
        {"printops_site_url": "https://site.example.com"},
        {"printops_site_url": None},
        {"printops_tenant_session_file": "session.json"},
        {"printops_site_bearer_token_file": "token"},
        {"onboard_take_over": True, "onboard_claim": True, "printops_site_url": "https://site.example.com"},
        {"onboard_take_over": "yes", "onboard_claim": True},
        {"onboard_applications": {"remote-match": True, "prismacolor-manager": False}},
        {"onboard_applications": {"remote-match": "on"}},
        {"onboard_files": "/away"},
        {"onboard_files": "~/there"},
    ],
    ids=str,
)
def test_the_same_follows_in_both_modes(variables: dict[str, Any], info: dict[str, Any]) -> None:
    known = {"inventory_hostname": "p1", **DEFAULTS, **variables}
    in_bulk = situation({"info": info}, onboarding_spec(Variables(known, lambda value: value), set()))
    assert render({**known, "onboard__info": info, "onboard__pressed": {"skipped": True}}) == asdict(in_bulk)


def test_a_variable_that_is_omitted_is_not_declared() -> None:
    """The usual way of a variable that only some hosts have: {{ corporate | default(omit) }}."""
    omitted = object()
    given = dict.fromkeys(("printops_site_session_file", "printops_tenant_username", "omit"), omitted)
    for info in (INFO, AT_SITE):
        found = render({"inventory_hostname": "p1", **DEFAULTS, **given, "onboard__info": info})
        assert not (found["claims"] or found["at_site"])


@pytest.mark.parametrize(
    ("checked", "uses"),
    [
        ({}, True),
        ({"onboard__addresses": {"changed": False, "claim_selected": True}}, True),
        ({"onboard__addresses": {"changed": False, "claim_selected": False}}, False),
    ],
)
def test_a_run_whose_tags_leave_the_claim_out_uses_no_address(checked: dict[str, Any], *, uses: bool) -> None:
    known = {"inventory_hostname": "p1", **DEFAULTS, "onboard_claim": True, "onboard__info": INFO, **checked}
    assert render(known)["uses_address"] is uses


def test_before_the_printer_was_read_it_says_where_to_start() -> None:
    with pytest.raises(AnsibleFilterError, match=r"'Read the printer' has not run.*--start-at-task"):
        render({"inventory_hostname": "p1", **DEFAULTS, "onboard__info": {"skipped": True}})
