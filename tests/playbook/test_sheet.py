# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin sheet as Ansible runs it: hosts, groups, variables, faults, and its speed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from ansible_collections.printops.prisma.plugins.plugin_utils._sheet.table import read_csv
from support.fleet import FleetMaker
from support.playbook import environment, run_playbook

SHEET = """Name;Serial;Port;Site;Model
press-01;0730012345;443;Basel;V1000
press-02;0730012346;8443;Zürich West;V1000
press-03;0730012347;;;i300
"""


TIMED = """
import sys, time
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
init_plugin_loader()
began = time.process_time()
inventory = InventoryManager(DataLoader(), sources=[sys.argv[1]])
seconds = time.process_time() - began
print(len(inventory.get_hosts("printers")), len(inventory.get_hosts("site_site_7")), seconds)
"""
"""A program that reads an inventory and prints how many hosts there are, and the processor time."""


def ansible_inventory(folder: Path, *arguments: str, sheet: str = "printers.sheet.yml", **config: Any) -> str:
    """Run ansible-inventory in ``folder``, and return its output and errors."""
    path = folder / sheet
    path.write_text(yaml.safe_dump({"plugin": "printops.prisma.sheet", **config}), encoding="utf-8")
    done = subprocess.run(
        ["ansible-inventory", "-i", str(path), *arguments],
        env={**environment(folder), "COLUMNS": "1000"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout + done.stderr


def hosts(folder: Path, **config: Any) -> Any:
    output = ansible_inventory(folder, "--list", **config)
    return plain(json.loads(output[output.index("{") :]))


def plain(value: Any) -> Any:
    """Return ``value`` without the mark of ansible-inventory for a text that is no template."""
    if isinstance(value, dict):
        return value.get("__ansible_unsafe") or {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def test_hosts_groups_and_variables(tmp_path: Path) -> None:
    (tmp_path / "printers.csv").write_text(SHEET, encoding="utf-8")
    found = hosts(tmp_path, group_by=["site"], compose={"onboard_location": "sheet_site ~ '!'"})
    variables = found["_meta"]["hostvars"]
    assert variables["press-01"]["printops_serial"] == "0730012345"
    assert variables["press-02"]["printops_port"] == 8443
    assert "printops_port" not in variables["press-03"]
    assert variables["press-01"]["sheet_model"] == "V1000"
    assert variables["press-01"]["onboard_location"] == "Basel!"
    assert variables["press-02"]["sheet_row"]["line"] == 3
    assert variables["press-01"]["sheet_origin"] == {
        "columns": ["Name", "Serial", "Port", "Site", "Model"],
        "delimiter": ";",
    }
    assert found["site_basel"]["hosts"] == ["press-01"]
    assert found["printers"]["hosts"] == ["press-01", "press-02", "press-03"]


def test_the_graph_shows_a_tree(tmp_path: Path) -> None:
    (tmp_path / "printers.csv").write_text(SHEET, encoding="utf-8")
    graph = ansible_inventory(tmp_path, "--graph", group_by=["Site"])
    assert "@printers:" in graph
    assert "|  |--@site_basel:\n  |  |  |--press-01" in graph


def test_xlsx_is_the_same(tmp_path: Path) -> None:
    book: Any = openpyxl.Workbook()
    for line in SHEET.splitlines():
        book.active.append(line.split(";"))
    book.save(tmp_path / "printers.xlsx")
    found = hosts(tmp_path)
    assert found["_meta"]["hostvars"]["press-01"]["printops_serial"] == "0730012345"
    assert found["_meta"]["hostvars"]["press-02"]["printops_port"] == 8443


def test_a_cell_is_never_a_template(tmp_path: Path) -> None:
    """Ansible evaluates a variable where it is used, so a play uses it."""
    cell = "{{ lookup('pipe', 'touch ran') }}"
    (tmp_path / "printers.csv").write_text(f"name;onboard_location\npress-01;{cell}\n", encoding="utf-8")
    shown = {"ansible.builtin.debug": {"msg": ["{{ onboard_location }}", "{{ sheet_row.cells.onboard_location }}"]}}
    plays = [{"hosts": "all", "gather_facts": False, "tasks": [shown]}]
    inventory = tmp_path / "printers.sheet.yml"
    inventory.write_text("plugin: printops.prisma.sheet\n", encoding="utf-8")
    run = run_playbook(plays, inventory, tmp_path)
    assert run.returncode == 0, run.output
    assert run.results[0]["result"]["msg"] == [cell, cell]
    assert not (tmp_path / "ran").exists()


def test_all_faults_are_in_one_message(tmp_path: Path) -> None:
    text = SHEET.replace(";8443", ";abc").replace("0730012347", "0730012345")
    (tmp_path / "printers.csv").write_text(text, encoding="utf-8")
    output = " ".join(ansible_inventory(tmp_path, "--list").split())
    assert "printers.csv has 2 faults:" in output
    assert "line 3, column Port: " in output
    assert "line 4: it has the same serial number as line 2: 0730012345" in output
    output = " ".join(ansible_inventory(tmp_path, "--list", group_by=["Room"]).split())
    assert "printers.csv has 3 faults: group_by names the column 'Room', which is not there. The columns are" in output


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"path": "nothing.csv"}, "nothing.csv' cannot be read: No such file"),
        ({}, "there is no sheet named printers beside it"),
        (
            {"path": "a.csv", "groupby": ["Site"]},
            "groupby is no option of this inventory plugin: did you mean group_by?",
        ),
        ({"path": "a.csv", "group_by": ["Room"]}, "group_by names the column 'Room', which is not there"),
        ({"path": "a.csv", "delimiter": ";;"}, "delimiter is ';;', but must be one character"),
    ],
)
def test_what_is_wrong_in_the_configuration(tmp_path: Path, config: dict[str, Any], said: str) -> None:
    (tmp_path / "a.csv").write_text(SHEET, encoding="utf-8")
    output = " ".join(ansible_inventory(tmp_path, "--list", **config).split())
    assert said in output
    assert "[Errno" not in output, "Ansible has not appended the same once more"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_five_thousand_printers_are_read_in_three_seconds(tmp_path: Path, kind: str) -> None:
    rows = [["name", "serial", "port", "site", "address"]]
    rows += [[f"press-{n:05}", f"07{n:08}", "443", f"site-{n % 40}", f"p{n}.example.com"] for n in range(5000)]
    if kind == "csv":
        (tmp_path / "printers.csv").write_text("\n".join(map(";".join, rows)), encoding="utf-8")
    else:
        book: Any = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / "printers.xlsx")
    config = {"plugin": "printops.prisma.sheet", "group_by": ["site"]}
    (tmp_path / "printers.sheet.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", TIMED, str(tmp_path / "printers.sheet.yml")],
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    hosts_read, in_group, seconds = done.stdout.split()
    assert (hosts_read, in_group) == ("5000", "125")
    assert float(seconds) < 3


def test_printers_that_need_attention_are_corrected_and_read_again(make_fleet: FleetMaker) -> None:
    """Sheet, run, sheet of failures, correction, run: the printer is onboarded, and the others were not asked again."""
    fleet = make_fleet([{"count": 2, "name": "press-{}"}])
    folder = fleet.new_folder()
    made = yaml.safe_load(fleet.inventory().read_text(encoding="utf-8"))["all"]
    for kind in ("group_vars", "host_vars"):
        (folder / kind).mkdir()
    (folder / "group_vars" / "printers.yml").write_text(yaml.safe_dump(made["vars"]), encoding="utf-8")
    rows = [["Name", "Address", "Port", "Base path", "Serial", "Place"]]
    for name, own in made["children"]["printers"]["hosts"].items():
        own_file = folder / "host_vars" / f"{name}.yml"
        account = {key: own[key] for key in ("printops_username", "printops_password")}
        own_file.write_text(yaml.safe_dump(account), encoding="utf-8")
        serial = own["printops_serial"] if name == "press-1" else "0999"
        rows.append(
            [name, own["printops_host"], str(own["printops_port"]), own["printops_base_path"], serial, "Hall 3"]
        )
    (folder / "printers.csv").write_text("\n".join(map(";".join, rows)), encoding="utf-8")
    for sheet, path in (("printers", "printers.csv"), ("attention", "onboarding/attention.csv")):
        config = {"plugin": "printops.prisma.sheet", "path": path}
        (folder / f"{sheet}.sheet.yml").write_text(yaml.safe_dump(config), encoding="utf-8")

    first = fleet.onboard(folder / "printers.sheet.yml", check_inventory=True)
    assert first.outcomes == {"press-1": "onboarded", "press-2": "wrong_device"}, first.output
    attention = folder / "onboarding" / "attention.csv"
    assert attention.stat().st_mode & 0o777 == 0o600
    table = read_csv(attention.read_bytes())
    assert table.columns == ("Name", "Address", "Port", "Base path", "Serial", "Place", "outcome", "message", "advice")
    (row,) = table.rows
    assert row.cells[:7] == ("press-2", *rows[2][1:4], "0999", "Hall 3", "wrong_device")
    assert all(row.cells[7:])

    right = made["children"]["printers"]["hosts"]["press-2"]["printops_serial"]
    attention.write_bytes(attention.read_bytes().replace(b";0999;", f";{right};".encode()))
    second = fleet.onboard(folder / "attention.sheet.yml", check_inventory=True)
    assert second.outcomes == {"press-2": "onboarded"}, second.output
    assert not attention.exists(), "nothing needs attention"
