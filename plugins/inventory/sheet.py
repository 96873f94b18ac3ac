# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an inventory of printers from a spreadsheet. Knows files; the printers are in plugin_utils/_sheet."""

from __future__ import annotations

DOCUMENTATION = r"""
name: sheet
short_description: Reads printers from a CSV or XLSX file
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Each row of the sheet is a host, and each column a variable. A heading is the name of a variable of this collection
    such as C(printops_domain), or one of C(name), C(address), C(ip), C(fqdn), C(serial), C(serial number), C(port),
    C(base path), C(username) and C(profile). Any other column becomes the variable C(sheet_HEADING).
  - All faults of the sheet are reported in one run, each with its line and column, and no host is read then. A cell is
    checked by the rules of the variable; printers that are there twice, by name, serial number or address, are faults.
  - A text is never taken for a number, so leading zeros stay. A text is never a template either.
  - A sheet is no place for passwords, so a column of one is refused. Set them in C(group_vars), in a vault.
  - The file that the role C(onboard) writes for printers that need attention, C(attention.csv) or C(attention.xlsx),
    has the same columns, and can be corrected and read again.
extends_documentation_fragment:
  - constructed
  - printops.prisma.attributes.control_node
requirements:
  - openpyxl >= 3.1 for XLSX
options:
  plugin:
    description: The name of this plugin, C(printops.prisma.sheet).
    type: str
    required: true
    choices: [printops.prisma.sheet]
  path:
    description:
      - The sheet. A relative path is resolved from the folder of this file.
      - The default is the file beside this one with the same name and the ending C(.csv) or C(.xlsx), so
        C(printers.csv) for C(printers.sheet.yml).
    type: path
  encoding:
    description:
      - Encoding of a CSV file. By default it is UTF-8 or UTF-16 with a byte order mark, UTF-8, or else Windows-1252.
    type: str
  delimiter:
    description:
      - Delimiter of a CSV file. By default it is the one of semicolon, comma, tab and C(|) that fits the headings.
    type: str
  worksheet:
    description:
      - Name of the worksheet of an XLSX file. By default it is the first one.
    type: str
  columns:
    description:
      - The variable of each column, by its heading, where the heading does not say it. An empty string keeps a column
        as C(sheet_HEADING).
      - C(inventory_hostname) is the name of the host. Without such a column it is C(printops_host).
    type: dict
    default: {}
  group:
    description: The group of all printers of the sheet.
    type: str
    default: printers
  group_by:
    description:
      - Headings of columns by which printers are grouped. The value V(Basel) of the column C(Site) makes the group
        C(site_basel), below the group of all printers.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
# printers.sheet.yml. For printers.xlsx or printers.csv beside it with the usual headings, two lines are enough.
plugin: printops.prisma.sheet
group_by: [Site]
# A sheet of another name, with headings of its own
path: ../export/assets.csv
columns:
  Asset: inventory_hostname
  S/N: printops_serial
  DNS: printops_host
compose:
  onboard_location: sheet_room
"""

import io
import typing as t
from pathlib import Path

from ansible import context
from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable

from ..module_utils._web.errors import BadInput, PrismaError
from ..module_utils._web.libraries import on_demand, require
from ..plugin_utils._core_versions import inert
from ..plugin_utils._inventory.configuration import refuse_unknown_options
from ..plugin_utils._profiles import find_profile, inventory_folders
from ..plugin_utils._sheet.printers import ROW, SheetPrinter, SheetPrinters
from ..plugin_utils._sheet.table import SheetFault, SheetTable, read_csv, read_xlsx
from ..plugin_utils._untagged import untagged

ENDINGS = (".sheet.yml", ".sheet.yaml")
KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")


class InventoryModule(BaseInventoryPlugin, Constructable):
    """Adds the printers of a sheet to the inventory."""

    NAME = "printops.prisma.sheet"

    def verify_file(self, path: str) -> bool:
        """Return whether ``path`` is a configuration of this plugin, by its ending."""
        return bool(super().verify_file(path)) and path.endswith(ENDINGS)

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Add the printers of the sheet that ``path`` names. Raises an error with all faults of the sheet."""
        super().parse(inventory, loader, path, cache)
        config = self._read_config_data(path)
        try:
            require()
            refuse_unknown_options(config, self.option_definitions)
            sheet = self._path(Path(path))
            table = self._table(sheet)
            printers, faults = self._printers(table, Path(path).parent)
        except PrismaError as error:
            # from None: Ansible appends what an error came from, and the reason stands in it already
            raise AnsibleParserError(f"{path}: {error}. {error.advice}") from None
        if faults:
            lines = "\n".join(f"  {fault}" for fault in faults)
            raise AnsibleParserError(f"{sheet} has {len(faults)} fault{'s' if len(faults) > 1 else ''}:\n{lines}")
        self._add(printers, table)

    def _path(self, config: Path) -> Path:
        given = self.get_option("path")
        if given:
            return config.parent / Path(str(given)).expanduser()
        stem = config.name.removesuffix(next(ending for ending in ENDINGS if config.name.endswith(ending)))
        found = [path for kind in KINDS if (path := config.with_name(stem + kind)).is_file()]
        if len(found) == 1:
            return found[0]
        raise BadInput(
            f"there is {'no sheet' if not found else 'more than one sheet'} named {stem} beside it",
            advice="Name the sheet in path.",
        )

    def _table(self, path: Path) -> SheetTable:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BadInput(f"{str(path)!r} cannot be read: {error.strerror}", advice="Correct path.") from error
        if content.startswith(b"PK\x03\x04"):
            return read_xlsx(io.BytesIO(content), on_demand("openpyxl"), self.get_option("worksheet"))
        if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
            raise BadInput(f"{str(path)!r} is no XLSX file", advice="Save it as .xlsx or .csv.")
        delimiter = self.get_option("delimiter")
        if delimiter is not None and len(delimiter) != 1:
            raise BadInput(f"delimiter is {delimiter!r}, but must be one character", advice="Correct delimiter.")
        return read_csv(content, encoding=self.get_option("encoding"), delimiter=delimiter)

    def _printers(self, table: SheetTable, folder: Path) -> tuple[list[SheetPrinter], list[t.Any]]:
        columns = {str(heading): str(name or "") for heading, name in self.get_option("columns").items()}
        folders = inventory_folders(folder, context.CLIARGS.get("inventory"))
        read = SheetPrinters(table, columns, lambda value, kind: find_profile(value, kind, *folders))
        printers = read.read()
        headings = {heading.lower() for heading in table.columns}
        lacking = [str(heading) for heading in self.get_option("group_by") if str(heading).lower() not in headings]
        columns_there = f"The columns are {', '.join(table.columns)}"
        faults = [
            SheetFault(0, "", f"group_by names the column {name!r}, which is not there. {columns_there}")
            for name in lacking
        ]
        return printers, [*faults, *read.faults]

    def _add(self, printers: list[SheetPrinter], table: SheetTable) -> None:
        inventory: t.Any = self.inventory
        group = inventory.add_group(self._sanitize_group_name(self.get_option("group")))
        origin = {"columns": list(table.columns), "delimiter": table.delimiter}
        inventory.set_variable(group, "sheet_origin", inert(origin))
        by = [str(heading) for heading in self.get_option("group_by")]
        strict = self.get_option("strict")
        for printer in printers:
            inventory.add_host(printer.name, group=group)
            for name, value in printer.variables.items():
                inventory.set_variable(printer.name, name, inert(untagged(value)))
            # Straight to the host: the inventory would copy and mark each cell, which takes as long as all the rest.
            row = inert({"line": printer.line, "cells": printer.cells})
            inventory.get_host(printer.name).set_variable(ROW, row)
            cells = {heading.lower(): text for heading, text in printer.cells.items()}
            for heading in by:
                if cells[heading.lower()]:
                    named = f"{heading}_{cells[heading.lower()]}".lower()
                    child = inventory.add_group(self._sanitize_group_name(named))
                    inventory.add_child(group, child)
                    inventory.add_child(child, printer.name)
            self._construct(printer.name, strict)

    def _construct(self, name: str, strict: bool) -> None:
        """Do what Ansible's constructed inventories do: compose, groups, keyed_groups."""
        if not (self.get_option("compose") or self.get_option("groups") or self.get_option("keyed_groups")):
            return
        inventory: t.Any = self.inventory
        variables = inventory.get_host(name).get_vars()
        self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
        variables = inventory.get_host(name).get_vars()
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)
