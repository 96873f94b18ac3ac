# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""examples/site as it is: its inventory has no fault, and its files fit each other.

tests/package/test_walk.py runs it.
"""

from __future__ import annotations

import configparser
import os
import re
from pathlib import Path

import yaml
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.declared import parse_declared
from unit.plugin_utils.inventory.inventories import faults_of

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "examples" / "site"
SCHEDULE = SITE / "schedule"
RUN = "/opt/printers/site/schedule/nightly"


def _unit(name: str) -> configparser.ConfigParser:
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read(SCHEDULE / name, encoding="utf-8")
    return found


def test_the_inventory_has_no_fault() -> None:
    assert faults_of(SITE / "inventory.yml") == []


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


def test_its_page_names_every_file() -> None:
    page = (SITE / "README.md").read_text(encoding="utf-8")
    files = {path.relative_to(SITE).as_posix() for path in SITE.rglob("*") if path.is_file()} - {"README.md"}
    assert {name for name in files if f"`{name}`" not in page} == set()
