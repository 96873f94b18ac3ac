# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the role cloud_access writes, and what it says of an outcome, evaluated with Ansible's own engine."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from support.simulation import ROOT
from support.templating import templar, trust_as_template

ROLE = ROOT / "roles" / "cloud_access"


def trusted(value: Any) -> Any:
    """Return values whose texts are templates, as those of a role are."""
    if isinstance(value, list):
        return [trusted(each) for each in value]
    return trust_as_template(value) if isinstance(value, str) else value


def role(**given: Any) -> dict[str, Any]:
    """Return the variables of the role, with those that are given."""
    files = [yaml.safe_load((ROLE / folder / "main.yml").read_text("utf-8")) for folder in ("defaults", "vars")]
    return {**{name: trusted(value) for each in files for name, value in each.items()}, **given}


@pytest.mark.parametrize(
    ("target", "host", "folder", "report"),
    [
        ("site", "localhost", "/s/access", "/s/access/report.json"),
        ("tenant", "localhost", "/s/access/tenant", "/s/access/tenant/report.json"),
        ("site", "north", "/s/access/north", "/s/access/report.json"),
        ("tenant", "alpha", "/s/access/tenant/alpha", "/s/access/tenant/report.json"),
    ],
)
def test_the_plan_of_a_tenant_does_not_replace_that_of_a_site(target: str, host: str, folder: str, report: str) -> None:
    given = {"cloud_access_target": target, "inventory_hostname": host, "cloud_access__file": "/s/people.yml"}
    engine = templar(**role(**given))
    assert engine.template(trust_as_template("{{ cloud_access_markdown_file }}")) == f"{folder}/plan.md"
    assert engine.template(trust_as_template("{{ cloud_access_report }}")) == report


def test_the_outcome_is_in_sentences_and_names_the_file() -> None:
    (message,) = [
        task["ansible.builtin.debug"]["msg"]
        for task in yaml.safe_load((ROLE / "tasks" / "main.yml").read_text("utf-8"))
        if "ansible.builtin.debug" in task
    ]
    refused = {"outcome": "bad_input", "site": None, "plan_sha256": None, "reason": "no site", "advice": "Correct it."}
    fine = {"outcome": "in_sync", "site": "north", "plan_sha256": "ab"}
    for status, shown in (
        (refused, "bad_input: site unknown, declared file /s/access.yml, plan none. no site. Correct it."),
        (fine, "in_sync: site north, declared file /s/access.yml, plan ab."),
    ):
        engine = templar(**role(cloud_access__status=status, cloud_access__file="/s/access.yml"))
        assert str(engine.template(trust_as_template(message))).strip() == shown
