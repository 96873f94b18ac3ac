# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From rows to printers: headings, values, and every fault of a sheet in one reading."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._sheet.printers import SheetPrinter, SheetPrinters
from ansible_collections.printops.prisma.plugins.plugin_utils._sheet.table import read_csv

FAULTY = """name;serial;port;address;printops_validate_certs;printops_tls_minimum;passwrd;serail;Site
press-01;0730012345;443;p1.example.com;yes;1.2;;;Basel
press-02;7,30012E+08;443;p2.example.com;yes;1.2;;;Basel
press-03;0730012347;https;p3.example.com;yes;1.2;;;Basel
press-04;0730012348;70000;p4.example.com;yes;1.2;;;Basel
press-05;0730012349;443;https://p5.example.com/;yes;1.2;;;Basel
press-06;0730012350;443;p6.example.com;perhaps;1.2;;;Basel
press-07;0730012351;443;p7.example.com;yes;1.4;;;Basel
press-01;0730012352;443;p8.example.com;yes;1.2;;;Basel
press-09;0730012345;443;p9.example.com;yes;1.2;;;Basel
press-10;0730012353;443;P1.example.com;yes;1.2;;;Basel
;0730012354;443;;yes;1.2;;;Basel
press-12;0730012355;443;p12.example.com;yes;1.2;;;Basel;more
"""
"""A sheet with a fault of another kind on each line but the first two."""


def read(text: str, **columns: str) -> tuple[list[SheetPrinter], list[str]]:
    found = SheetPrinters(read_csv(text.encode()), columns, lambda value, kind: None)
    printers = found.read()
    return printers, [str(fault) for fault in found.faults]


def test_every_fault_of_a_sheet_is_found_in_one_reading_with_line_and_column() -> None:
    _printers, faults = read(FAULTY)
    for said in (
        "column passwrd: a sheet is no place for a password",
        "column serail: did you mean serial?",
        "line 3, column serial: 7,30012E+08 is a rounded number",
        "line 4, column port: ",
        "line 5, column port: printops_port 70000 is not a port",
        "line 6: printops_host 'https://p5.example.com/' is not the name or address of a host",
        "line 7, column printops_validate_certs: ",
        "line 8, column printops_tls_minimum: ",
        "line 9: it has the same name as line 2: press-01",
        "line 10: it has the same serial number as line 2: 0730012345",
        "line 11: it has the same address as line 2: https://p1.example.com:443/",
        "line 12: it has neither a name nor an address",
        "line 13: it has 10 cells, and there are 9 columns",
    ):
        assert [fault for fault in faults if fault.startswith(said)], (said, faults)
    assert len(faults) == 13


def test_headings_are_variables_of_the_collection_or_the_site_s_own() -> None:
    text = (
        "Printer,Serial Number,Port,printops_username,IP,onboard_location,Room No.,Notes,outcome,advice,Site,Domain\n"
    )
    (printer,), faults = read(
        text + "press-01,0730012345,8443,automation,192.0.2.1,Hall 3,12,a note,failed,Call.,Basel,office\n"
    )
    assert faults == []
    assert printer.name == "press-01"
    assert printer.variables == {
        "printops_serial": "0730012345",
        "printops_port": 8443,
        "printops_username": "automation",
        "printops_host": "192.0.2.1",
        "onboard_location": "Hall 3",
        "sheet_room_no": "12",
        "sheet_notes": "a note",
        "sheet_site": "Basel",
        "sheet_domain": "office",
    }
    assert printer.cells["Serial Number"] == "0730012345"


def test_a_heading_that_says_nothing_is_mapped() -> None:
    columns = {"Asset": "inventory_hostname", "S/N": "printops_serial", "Name": ""}
    (printer,), faults = read("Asset;S/N;Name\npress-01;00012;Front desk\n", **columns)
    assert (printer.name, printer.variables, faults) == (
        "press-01",
        {"printops_serial": "00012", "sheet_name": "Front desk"},
        [],
    )
    _printers, faults = read("Asset;S/N\na;1\n", **columns)
    assert faults == ["column name: it is named in columns:, and is not there"]


def test_a_printer_without_a_name_is_named_by_its_address() -> None:
    (printer,), faults = read("address;serial\npress-01.example.com;1\n")
    assert (printer.name, faults) == ("press-01.example.com", [])


@pytest.mark.parametrize("name", ["{{ lookup('pipe', 'id') }}", "a{% if x %}", "{# a #}"])
def test_a_template_is_no_name(name: str) -> None:
    printers, faults = read(f'name;address\n"{name}";press-01.example.com\n')
    assert printers == []
    assert faults == [f"line 2: {name!r} is no name of a printer: it would be a template"]


@pytest.mark.parametrize("heading", ["password", "printops_password", "Tenant Password", "Admin-Password"])
def test_a_sheet_is_no_place_for_a_password(heading: str) -> None:
    _printers, faults = read(f"name;{heading}\na;very-secret\n")
    assert faults == [f"column {heading}: a sheet is no place for a password: set it in group_vars, in a vault"]


def test_a_sheet_without_names_or_without_anything() -> None:
    assert read("serial;room\n1;2\n")[1][0] == "no column has the name or address of the printers (name, address)"
    assert read("")[1] == ["it is empty"]
