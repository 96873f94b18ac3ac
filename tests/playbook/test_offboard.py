# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role offboard: printers out of site, tenant and controller, again after any failure; people off every list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from support.fleet import SETTINGS, Fleet, FleetMaker
from support.inventory import tenant_variables
from support.package import ROOT
from support.playbook import Run, run_playbook
from support.site import Sites

PRINTERS: list[dict[str, Any]] = [
    {"name": "sra-home", "trouble": "already"},
    {"name": "sra-alone", "trouble": "already"},
    {"name": "sra-double", "trouble": "already"},
    {"name": "sra-waits", "trouble": "awaiting_claim"},
    {"name": "editor-home", "kind": "prismasync", "trouble": "already"},
    {"name": "editor-site", "kind": "prismasync", "hands_over_to": "site"},
    {"name": "editor-elsewhere", "kind": "prismasync", "trouble": "owned_by_other_registered"},
]
SITES = [
    {"id": "north", "users": ["anna@example.com"], "printers": ["editor-site"], "people": 20},
    {"id": "south", "users": ["other@example.com"], "people": 20},
]
TENANTS = [
    {"id": "alpha", "name": "Alpha", "devices": [{"name": "double by proxy", "printer": "sra-double"}]},
    {"id": "beta", "name": "Beta"},
]
CONFIRMED = ("-e", "offboard_confirm_data_loss=true")


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    path = tmp_path_factory.mktemp("fleet-file") / "fleet.yml"
    made = {"settings": SETTINGS, "printers": PRINTERS, "tenants": TENANTS, "sites": SITES}
    path.write_text(yaml.safe_dump(made), encoding="utf-8")
    return make_fleet(path)


@pytest.fixture(scope="module")
def sites(fleet: Fleet) -> Sites:
    return Sites(fleet.simulation, fleet.folder / "sites")


def offboard(fleet: Fleet, inventory: Path, *arguments: str, printers: str = "all") -> Run:
    fleet.control("DELETE", "counters")
    return run_playbook(
        "printops.prisma.offboard", inventory, inventory.parent, "-e", f"offboard_printers={printers}", *arguments
    )


def test_nothing_is_removed_without_the_confirmation_or_by_default(fleet: Fleet, sites: Sites) -> None:
    inventory = fleet.inventory("sra-home", "editor-site", **sites.variables())
    watch = fleet.watch()
    refused = offboard(fleet, inventory)
    assert refused.returncode != 0
    assert "offboard_confirm_data_loss" in refused.output
    nobody = run_playbook("printops.prisma.offboard", inventory, inventory.parent, *CONFIRMED)
    assert nobody.returncode == 2, nobody.output
    assert "so there is nothing to do" in " ".join(nobody.output.split())
    checked = offboard(fleet, inventory, "--check", *CONFIRMED)
    assert checked.returncode == 0, checked.output
    assert checked.changed >= 2
    assert watch.changes() == []


DEFAULTS = [str(ROOT / "roles" / "offboard" / folder / "main.yml") for folder in ("vars", "defaults")]


@pytest.mark.parametrize(
    ("declared", "environment", "site", "tenant"),
    [
        ({"printops_site_client_id": "app", "printops_tenant_refresh_token_file": "token"}, {}, True, True),
        ({"printops_site_url": "https://site.example.com/", "printops_tenant": "alpha"}, {}, True, False),
        ({"printops_site_username": "", "printops_tenant_session_file": None}, {"PRINTOPS_SITE_URL": ""}, False, False),
        ({}, {"PRINTOPS_SITE_SESSION_FILE": "site.json", "PRINTOPS_TENANT_USERNAME": "jo"}, True, True),
    ],
)
def test_where_a_method_to_sign_in_is_declared_the_printer_is_removed(
    tmp_path: Path, declared: dict[str, Any], environment: dict[str, Any], site: bool, tenant: bool
) -> None:
    wanted = {"that": [f"(offboard_site | bool) == {site}", f"(offboard_tenant | bool) == {tenant}"]}
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "vars_files": DEFAULTS,
        "tasks": [{"ansible.builtin.assert": wanted}],
    }
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {"localhost": None}, "vars": declared}}), encoding="utf-8")
    run = run_playbook([play], inventory, tmp_path, **environment)
    assert run.returncode == 0, run.output


@pytest.mark.slow
def test_a_printer_is_offboarded_in_the_end_whatever_step_fails_first(fleet: Fleet, sites: Sites) -> None:
    """At the tenant, then at the controller; then all is done, and then nothing is left to do."""
    inventory = fleet.inventory("sra-home", printops_retries=0)
    steps: list[dict[str, Any]] = [
        {"target": "home", "path": "devices", "method": "POST", "fault": "status", "options": {"status": 500}},
        {"target": "sra-home", "path": "register", "fault": "status", "times": 0, "options": {"status": 500}},
    ]
    for fault in steps:
        fleet.fault(**fault)
        failed = offboard(fleet, inventory, *CONFIRMED)
        fleet.control("DELETE", "faults")
        assert failed.returncode != 0, failed.output
    done = offboard(fleet, inventory, *CONFIRMED)
    assert done.returncode == 0, done.output
    state = fleet.state("sra-home")
    assert (state["owner"], state["registration_state"]) == ("", "unregistered")
    again = offboard(fleet, inventory, *CONFIRMED)
    assert (again.returncode, again.changed) == (0, 0), again.output
    assert fleet.simulation.open_sessions() == {}


def test_a_device_by_cloud_proxy_stays_and_is_reported(fleet: Fleet) -> None:
    done = offboard(fleet, fleet.inventory("sra-double"), *CONFIRMED)
    assert done.returncode == 0, done.output
    assert "The tenant still has double by proxy, which comes by a Cloud Proxy" in " ".join(done.output.split())
    serial = fleet.simulation.printer("sra-double")["serial"]
    left = [row for row in fleet.simulation.get("tenants/alpha")["devices"] if row["serialNumber"] == serial]
    assert [row["communicationType"] for row in left] == ["Cloud Proxy"]


@pytest.mark.slow
def test_a_printer_that_still_shows_a_registration_address_is_no_success(fleet: Fleet) -> None:
    """Whoever opens the address gets the printer. Nothing is pressed, and the other printer is offboarded."""
    watch = fleet.watch()
    done = offboard(fleet, fleet.inventory("sra-waits"), *CONFIRMED)
    assert done.returncode == 2, done.output
    said = " ".join(done.output.split())
    assert "1 of 1 printer needs attention 1 address_left" in said
    assert "the printer still shows a registration address" in said
    assert watch.changes() == []


@pytest.mark.slow
def test_a_printer_of_a_site_is_offboarded_in_the_end(fleet: Fleet, sites: Sites) -> None:
    inventory = fleet.inventory("editor-site", tenant=None, printops_retries=0, **sites.variables())
    serial = fleet.simulation.printer("editor-site")["serial"]
    fleet.fault("status", target="site", path="printers/remove", times=0, options={"status": 500})
    failed = offboard(fleet, inventory, *CONFIRMED)
    fleet.control("DELETE", "faults")
    assert failed.returncode != 0
    assert serial in [printer["serial"] for printer in site_printers(fleet)]
    done = offboard(fleet, inventory, *CONFIRMED)
    assert done.returncode == 0, done.output
    assert serial not in [printer["serial"] for printer in site_printers(fleet)]
    again = offboard(fleet, inventory, *CONFIRMED)
    assert (again.returncode, again.changed) == (0, 0), again.output


def site_printers(fleet: Fleet) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = fleet.simulation.get("sites/north")["printers"]
    return found


@pytest.mark.slow
def test_a_controller_is_unregistered_alone_where_it_can_be(fleet: Fleet) -> None:
    inventory = fleet.inventory("sra-alone", "editor-home", tenant=None, printops_retries=0)
    fleet.fault("drop", target="sra-alone", path="register.cgi", times=0)
    failed = offboard(fleet, inventory, *CONFIRMED)
    fleet.control("DELETE", "faults")
    assert failed.returncode != 0
    second = offboard(fleet, inventory, *CONFIRMED)
    assert fleet.state("sra-alone")["registration_state"] == "unregistered"
    results = {item["host"]: item["result"] for item in second.results if item["action"].endswith("_registration")}
    assert results["editor-home"]["outcome"] == "unsupported", "nothing was removed anywhere: that is no success"
    assert second.returncode != 0


@pytest.mark.slow
def test_a_settings_editor_that_cannot_unregister_is_a_note(fleet: Fleet) -> None:
    inventory = fleet.inventory("editor-home", "editor-elsewhere")
    done = offboard(fleet, inventory, *CONFIRMED)
    assert done.returncode == 0, done.output
    assert "no way to unregister" in done.output
    assert fleet.state("editor-home")["owner"] == ""
    again = offboard(fleet, inventory, *CONFIRMED)
    assert (again.returncode, again.changed) == (0, 0)


# --- people ---


def leave(
    sites: Sites,
    *people: str,
    guardrails: dict[str, Any] | None = None,
    variable: str = "offboard_guardrails",
    check: bool = False,
) -> Run:
    """Offboard people at both sites; ``variable`` holds the guardrails."""
    folder = sites.new_folder()
    hosts = {name: sites.variables(name) for name in ("north", "south")}
    inventory = folder / "inventory.yml"
    inventory.touch(mode=0o600)
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
    variables = folder / "variables.yml"
    variables.write_text(
        yaml.safe_dump({"offboard_sites": "all", "offboard_people": [*people], variable: guardrails or {}}),
        encoding="utf-8",
    )
    more = ("--check",) if check else ()
    sites.begin()
    return run_playbook("printops.prisma.offboard", inventory, folder, "-e", f"@{variables}", *more)


@pytest.mark.slow
def test_a_person_is_taken_off_every_list_of_every_site(sites: Sites) -> None:
    sites.put("leaver@example.com", "dashboard", "remote_match", "remote_control_active", "administrators")
    sites.put("Second.Leaver@gmail.com".lower(), "dashboard", "remote_control_invited", site="south")
    people = ("Leaver@example.com", "Second.Leaver@gmail.com")
    before = {name: sites.lists(name) for name in ("north", "south")}
    checked = leave(sites, *people, check=True)
    assert (checked.returncode, sites.writes()) == (0, {}), checked.output
    done = leave(sites, *people, "Typo.Leaver@gmail.com")
    assert done.returncode == 0, done.output
    said = " ".join(done.output.split())
    assert "leaver@example.com: removed from" in said
    assert "1 of 2 hosts: not found on the site: Leaver@example.com, Typo.Leaver@gmail.com" in said
    for name, lists in before.items():
        gone = {person for people in lists.values() for person in people if "leaver" in person}
        assert gone
        assert sites.lists(name) == {where: people - gone for where, people in lists.items()}
    again = leave(sites, *people)
    assert (again.returncode, again.changed, sites.writes()) == (0, 0, {})


def test_a_person_leaves_sites_and_tenants_of_one_run(sites: Sites) -> None:
    """Given a person of a site and of a tenant: a run that names only the site says that the tenant was not touched."""
    who = "both.leaver@example.com"
    sites.put(who, "dashboard")
    sites.simulation.post("tenants/alpha/people", {"email": who})
    folder = sites.new_folder()
    inventory = folder / "inventory.yml"
    inventory.touch(mode=0o600)
    hosts = {"north": sites.variables("north"), "alpha": tenant_variables(sites.simulation.ready, "alpha")}
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")

    def run(*arguments: str, **targets: str) -> Run:
        given = yaml.safe_dump({"offboard_people": [who], **targets})
        (folder / "variables.yml").write_text(given, encoding="utf-8")
        return run_playbook(
            "printops.prisma.offboard", inventory, folder, "-e", f"@{folder / 'variables.yml'}", *arguments
        )

    def people() -> list[str]:
        return [each["email"] for each in sites.simulation.get("tenants/alpha/people")]

    only_site = run(offboard_sites="north")
    assert only_site.returncode == 0, only_site.output
    assert "The people of PRISMA Home tenants were not touched" in only_site.output
    assert who in people()
    checked = run("--check", offboard_sites="north", offboard_tenants="alpha")
    assert (checked.returncode, who in people()) == (0, True), checked.output
    both = run(offboard_sites="north", offboard_tenants="alpha")
    assert both.returncode == 0, both.output
    assert "not touched" not in both.output
    assert who not in people()
    again = run(offboard_sites="north", offboard_tenants="alpha")
    assert (again.returncode, again.changed) == (0, 0), again.output


def test_localhost_stands_for_the_site_and_the_tenant_of_all_hosts(sites: Sites) -> None:
    """Given the inventory of a site that follows the guide: printers, and the clouds in group_vars/all."""
    who = "guided.leaver@example.com"
    sites.put(who, "dashboard")
    sites.simulation.post("tenants/alpha/people", {"email": who})
    folder = sites.new_folder()
    (folder / "inventory.yml").write_text("printers: {hosts: {press-01: }}", encoding="utf-8")
    (folder / "group_vars").mkdir()
    clouds = {**sites.variables("north"), **tenant_variables(sites.simulation.ready, "alpha")}
    (folder / "group_vars" / "all.yml").write_text(yaml.safe_dump(clouds), encoding="utf-8")
    given = {"offboard_sites": "localhost", "offboard_tenants": "localhost", "offboard_people": [who]}
    (folder / "variables.yml").write_text(yaml.safe_dump(given), encoding="utf-8")
    done = run_playbook(
        "printops.prisma.offboard", folder / "inventory.yml", folder, "-e", f"@{folder / 'variables.yml'}"
    )
    assert done.returncode == 0, done.output
    assert sites.where(who) == set()
    assert who not in [each["email"] for each in sites.simulation.get("tenants/alpha/people")]


@pytest.mark.slow
def test_who_is_kept_on_purpose_and_what_a_guardrail_refuses_is_no_success(sites: Sites) -> None:
    own = leave(sites, sites.account)
    assert own.returncode != 0
    assert "this is the account in use" in " ".join(own.output.split())
    protected = leave(sites, "anna@example.com", guardrails={"protected": ["anna@*"]})
    assert protected.returncode != 0
    assert "protected by the pattern" in " ".join(protected.output.split())
    users = sorted(sites.lists()["dashboard"])[:5]
    refused = leave(sites, *users, guardrails={"max_removals": 3})
    assert refused.returncode != 0
    assert "max_removals" in refused.output
    former = leave(sites, *users, guardrails={"max_removals": 3}, variable="offboard_rails")
    assert former.returncode != 0
    assert "did you mean offboard_guardrails?" in " ".join(former.output.split())
    assert sites.writes() == {}
    assert sites.where("anna@example.com")
