# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of the modules for printers and tenants, run against the simulator in one run.

Only what names somebody else's world is taken away, so that it comes from variables: addresses, accounts, certificates.
Those of the cloud_* modules: test_cloud_examples.py. tests/unit/test_documentation.py holds all of them against their
specs.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from playbook.test_cloud_examples import MODULES
from support.fleet import Fleet, FleetMaker
from support.playbook import run_playbook

ROOT = Path(__file__).resolve().parents[2]
REGISTERED, NEW, EDITOR = "press-01", "press-03", "press-21"
RUN = {
    "check_inventory": REGISTERED,
    "device_applications": EDITOR,
    "device_info": REGISTERED,
    "device_proxy": NEW,
    "home_device_info": REGISTERED,
    "home_subscription_info": REGISTERED,
    "home_people_info": REGISTERED,
    "home_access": REGISTERED,
    "home_user": REGISTERED,
    "ors_status": NEW,
    "printer_registration": NEW,
    "sign_out": NEW,
    "home_device": REGISTERED,
}
"""Modules in the order of their examples, each with the printer that they are for."""
NOT_RUN = {
    "check_network": "its hosts are examples; playbook/test_check_network.py runs the module",
    "device_certificate": "it would write host variables; playbook/test_trust.py runs the module",
    "fleet_report": "reports of several runs are needed; playbook/test_slices.py has them",
    "onboard_batch": "a task of the role; playbook/test_bulk.py runs the role",
    "onboarding_addresses": "a task of the role; package/test_runner.py runs the role with it",
    "onboarding_canaries": "a task of a playbook; playbook/test_slices.py runs that",
    "onboarding_labels": "a task of the role; playbook/test_labels.py runs it",
    "onboarding_licences": "a task of the role; playbook/test_licences.py runs it",
    "onboarding_outcome": "a task of the role; playbook/test_onboard.py runs the role",
    "profile_check": "a recording is needed; playbook/test_profile_check.py has one",
    "profile_draft": "a recording is needed; playbook/test_profile_draft.py has one",
    "profile_record": "a person points in a window; demo/profile.py plays the person",
    "profile_try": "a recording is needed; unit/pointing/test_try_page.py has one",
    "report": "the results of a play are needed; playbook/test_trust.py has them",
    "sign_in": "a person signs in in a window; playbook/test_browser.py plays the person",
    "web_read": "its pages are examples; foreign/test_web_modules.py runs the module",
    "web_write": "its pages are examples; foreign/test_web_modules.py runs the module",
}
"""Modules whose examples no test runs, and why."""
THEIR_WORLD = {
    *("host", "username", "password", "ca_path", "tls_fingerprint", "profile"),
    *("url", "tenant", "session_file", "client_id", "client_secret", "sign_in_hosts"),
}


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    printers = [
        {"name": REGISTERED, "serial": "730012345", "trouble": "already"},
        {"name": "press-02", "serial": "730012346", "trouble": "already"},
        {"name": NEW, "proxy": "wrong"},
        {"name": EDITOR, "kind": "prismasync"},
    ]
    licences = [{"application": "prismacolor-manager", "devices": 5, "permanent": True}]
    tenants = [{"id": "alpha", "name": "Alpha", "subscriptions": licences}, {"id": "beta", "name": "Beta"}]
    return make_fleet(printers, tenants=tenants)


def examples(module: str) -> list[dict[str, Any]]:
    found = importlib.import_module(f"ansible_collections.printops.prisma.plugins.modules.{module}").EXAMPLES
    items: list[dict[str, Any]] = yaml.safe_load(found)
    return items[0]["tasks"] if "hosts" in items[0] else items


def adapted(task: dict[str, Any], host: str, proxy: dict[str, Any]) -> dict[str, Any]:
    """Return a task without what names somebody else's world."""
    done = dict(task)
    for part in ("block", "always"):
        if part in task:
            done[part] = [adapted(each, host, proxy) for each in task[part]]
    for name, options in task.items():
        if name.startswith("printops.prisma.") and options:
            kept = {key: value for key, value in options.items() if key not in THEIR_WORLD}
            kept |= {key: value for key, value in proxy.items() if key in kept}
            if host != REGISTERED and "serial" in kept:
                kept["serial"] = "{{ printops_serial }}"
            done[name] = kept
    return done


@pytest.mark.slow
def test_the_examples_do_what_they_say(fleet: Fleet) -> None:
    inventory = fleet.inventory()
    folder = inventory.parent
    address = "https://127.0.0.1/register/it-is-there-already\n"
    (folder / "press-07.address").write_text(address, encoding="utf-8")
    plays = [
        {
            "hosts": host,
            "gather_facts": False,
            "tasks": [adapted(task, host, fleet.proxy()) for task in examples(module)],
        }
        for module, host in RUN.items()
    ]
    run = run_playbook(plays, inventory, folder)
    assert run.returncode == 0, run.output
    ran = {item["action"].removeprefix("printops.prisma.") for item in run.results}
    assert set(RUN) <= ran
    assert run.changed >= 8
    assert fleet.simulation.open_sessions().get("printers", {}) == {}


def test_every_module_has_its_examples_run_or_a_reason() -> None:
    modules = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")}
    of_sites = {str(getattr(each, "values", (each,))[0]) for each in MODULES}
    assert sorted([*RUN, *NOT_RUN, *of_sites]) == sorted(modules)
    named = {reason.partition("; ")[2].split()[0] for reason in NOT_RUN.values()}
    assert {name for name in named if not (ROOT / "tests" / name).is_file()} == set()
