# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""examples/site as it is: the inventory has no fault but that it is an example, and its files fit each other.

tests/package/test_walk.py runs it.
"""

from __future__ import annotations

import configparser
import os
import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.declared import parse_declared
from support.package import install_line
from unit.plugin_utils.inventory.inventories import faults_of

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "examples" / "site"
SCHEDULE = SITE / "schedule"
HOME = "/home/printers"
RUN = f"{HOME}/printers/site/schedule/nightly"


def _unit(name: str) -> configparser.ConfigParser:
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read(SCHEDULE / name, encoding="utf-8")
    return found


def test_the_inventory_has_no_fault_but_what_a_copy_must_set() -> None:
    """Given a copy in which nothing was set, then each value that only an example has is named, by file and line."""
    found = faults_of(SITE / "inventory.yml")
    assert {fault.serious for fault in found} == {True}
    assert [fault.what for fault in found if "still the example's" not in fault.what] == []
    places = {Path(fault.where.rpartition(":")[0]).name: fault for fault in found}
    assert places.keys() == {"inventory.yml", "vault.yml", "cloud.yml", "printers.yml"}
    for fault in found:
        name, _colon, line = fault.where.rpartition(":")
        typed = (ROOT / name).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert "example.com" in typed or "change-me" in typed, fault
    tenant = {f"printops_tenant{name}" for name in ("", "_url", "_username", "_sign_in_hosts")}
    site = {f"printops_site{name}" for name in ("", "_username", "_sign_in_hosts")}
    vault = {f"vault_printops_{name}password" for name in ("", "tenant_", "site_")}
    assert {fault.what.split()[0] for fault in found} == {
        "2",
        "printops_serial",
        "onboard_proxy",
        *tenant,
        *site,
        *vault,
    }


def test_the_passwords_are_in_the_file_that_is_to_be_encrypted() -> None:
    vault = yaml.safe_load((SITE / "group_vars" / "all" / "vault.yml").read_text(encoding="utf-8"))
    others = "".join(path.read_text(encoding="utf-8") for path in SITE.rglob("*.yml") if path.name != "vault.yml")
    assert set(re.findall(r"\{\{ (vault_\w+) \}\}", others)) == set(vault)
    assert set(vault.values()) == {"change-me"}
    secret = re.findall(r"^ *\w*(?:password|secret|token): (?!\"\{\{ vault_)(.+)$", others, re.MULTILINE)
    assert secret == []


def test_the_declared_people_are_right() -> None:
    parsed = parse_declared(yaml.safe_load((SITE / "access.yml").read_text(encoding="utf-8")))
    assert not parsed.problems
    cloud = yaml.safe_load((SITE / "group_vars" / "all" / "cloud.yml").read_text(encoding="utf-8"))
    assert parsed.name == cloud["printops_site"]


def test_the_settings_name_the_inventory_and_the_image_takes_the_collections() -> None:
    settings = configparser.ConfigParser()
    settings.read(SITE / "ansible.cfg", encoding="utf-8")
    assert (SITE / settings["defaults"]["inventory"]).is_file()
    image = yaml.safe_load((SITE / "execution-environment.yml").read_text(encoding="utf-8"))
    wanted = yaml.safe_load((SITE / image["dependencies"]["galaxy"]).read_text(encoding="utf-8"))
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    (collection,) = wanted["collections"]
    assert collection["name"] == f"{galaxy['namespace']}.{galaxy['name']}"
    major = int(galaxy["version"].split(".")[0])
    assert collection["version"] == f">={major}.0.0,<{major + 1}.0.0"


def test_cron_and_systemd_run_the_same_program_at_the_same_time() -> None:
    text = (SCHEDULE / "printers.cron").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if re.match(r"[\d*]", line)]
    minute, hour, *days, user, program = line.split()
    service, timer = _unit("printers.service"), _unit("printers.timer")
    assert (days, user, program) == (["*", "*", "*"], service["Service"]["User"], RUN)
    assert service["Service"]["ExecStart"] == RUN
    assert timer["Timer"]["OnCalendar"] == f"*-*-* {int(hour):02}:{int(minute):02}:00"
    assert f"PATH={re.findall('^PATH=(.+)$', text, re.MULTILINE)[0]}" == service["Service"]["Environment"]
    assert os.access(SCHEDULE / "nightly", os.X_OK)


@pytest.mark.parametrize("page", ["README.md", "docs/real-site.md"])
def test_the_pages_install_where_cron_and_systemd_look(page: str) -> None:
    """Outside of an environment pip refuses to install on Debian and Ubuntu (externally-managed-environment)."""
    text = (ROOT / page).read_text(encoding="utf-8")
    environment = "python3 -m venv ~/printers/venv && . ~/printers/venv/bin/activate\n"
    assert f"```console\n{environment}{install_line()}\n" in text
    assert "cp -R examples/site ~/printers/site && cd ~/printers/site\n" in text
    service = _unit("printers.service")["Service"]
    assert service["Environment"].startswith(f"PATH={HOME}/printers/venv/bin:")


def test_its_page_names_every_file() -> None:
    page = (SITE / "README.md").read_text(encoding="utf-8")
    files = {path.relative_to(SITE).as_posix() for path in SITE.rglob("*") if path.is_file()} - {"README.md"}
    assert {name for name in files if f"`{name}`" not in page} == set()
