# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The printers of a sheet: which variable a column is, and what is wrong with each cell. Reads no file."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...module_utils._decide.inventory_faults import closest
from ...module_utils._decide.serial_number import canonical_serial
from ...module_utils._options.controller import CONTROLLER
from ...module_utils._prisma.connection import controller_url
from ...module_utils._web.errors import BadInput
from .._core_versions import is_template
from .._inventory.known import known_variables
from .._inventory.values import FindProfile, converted, wrong_value
from .table import SheetFault, SheetRow, SheetTable

NAME = "inventory_hostname"
ROW = "sheet_row"
"""The variable that has the line and the cells of a printer's row."""
OWN_COLUMNS = ("outcome", "message", "advice")
"""Columns that a sheet of printers that need attention has besides. They are not read."""
_HEADINGS = {
    **dict.fromkeys(("name", "printer", "hostname", "host_name"), NAME),
    **dict.fromkeys(("address", "ip", "ip_address", "fqdn"), "printops_host"),
    **dict.fromkeys(("serial", "serial_number", "serial_no"), "printops_serial"),
    **{name: f"printops_{name}" for name in ("port", "base_path", "username", "profile")},
}
"""Headings in words, beside names of variables. Not C(site) or C(domain), which mean something else in asset lists."""
_EXPONENT = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
_ALIKE = 0.8


@dataclass
class SheetPrinter:
    """A printer of a sheet: its name, its variables, and the text of each of its cells by heading."""

    name: str
    line: int
    cells: dict[str, str]
    variables: dict[str, t.Any] = field(default_factory=dict)


class SheetPrinters:
    """Reads printers from a table. ``faults`` are those of the table, and all that are found here."""

    def __init__(self, table: SheetTable, columns: Mapping[str, str], find_profile: FindProfile) -> None:
        self.faults = list(table.faults)
        self._table = table
        self._find_profile = find_profile
        self._given = {heading.lower(): variable for heading, variable in columns.items()}
        self._judged: dict[tuple[str, str], tuple[t.Any, str]] = {}
        self._variables = [self._variable(heading) for heading in table.columns]
        self._check_columns()

    def _variable(self, heading: str) -> str:
        """Return the variable that a column is; empty for one that is not read."""
        key = re.sub(r"\W+", "_", heading.lower()).strip("_")
        given = self._given.get(heading.lower())
        if given is not None:
            return given or f"sheet_{key}"
        if key in OWN_COLUMNS:
            return ""
        known = known_variables()
        named = [name for name in (_HEADINGS.get(key), key) if name in known or name == NAME]
        return str(named[0]) if named else f"sheet_{key}"

    def _check_columns(self) -> None:
        table, known = self._table, known_variables()
        if not table.columns:
            self.faults.append(SheetFault(0, "", "it is empty"))
            return
        for heading in self._given.keys() - {column.lower() for column in table.columns}:
            self.faults.append(SheetFault(0, heading, "it is named in columns:, and is not there"))
        words = [*_HEADINGS, *known]
        for heading, variable in zip(table.columns, self._variables, strict=True):
            key = variable.removeprefix("sheet_")
            unknown = variable.startswith("sheet_") and heading.lower() not in self._given
            meant = closest(key, words, _ALIKE) if unknown else None
            if known.get(variable, {}).get("no_log") or "passw" in key:
                what = "a sheet is no place for a password: set it in group_vars, in a vault"
            elif meant:
                what = f'did you mean {meant}? If it is a column of your own, add "{heading}": "" to columns:'
            elif self._variables.count(variable) > 1 and variable:
                what = f"another column is {variable} as well"
            else:
                continue
            self.faults.append(SheetFault(0, heading, what))
        if not {NAME, "printops_host"} & set(self._variables):
            self.faults.append(SheetFault(0, "", "no column has the name or address of the printers (name, address)"))

    def read(self) -> list[SheetPrinter]:
        """Return the printers, and add what is wrong with any cell to ``faults``."""
        printers = [printer for row in self._table.rows if (printer := self._printer(row))]
        for what, values in (
            ("name", {printer.line: printer.name.lower() for printer in printers}),
            ("serial number", _serials(printers)),
            ("address", self._addresses(printers)),
        ):
            self.faults += self._repeated(what, values)
        self.faults.sort(key=lambda fault: fault.line)
        return printers

    def _printer(self, row: SheetRow) -> SheetPrinter | None:
        variables: dict[str, t.Any] = {}
        for heading, variable, text in zip(self._table.columns, self._variables, row.cells, strict=True):
            if text and variable:
                value, wrong = self._value(variable, text)
                if wrong:
                    self.faults.append(SheetFault(row.line, heading, wrong))
                else:
                    variables[variable] = value
        name = variables.pop(NAME, None) or variables.get("printops_host")
        if not name:
            self.faults.append(SheetFault(row.line, "", "it has neither a name nor an address"))
            return None
        if is_template(str(name)):
            self.faults.append(SheetFault(row.line, "", f"{name!r} is no name of a printer: it would be a template"))
            return None
        cells = dict(zip(self._table.columns, row.cells, strict=True))
        return SheetPrinter(str(name), row.line, cells, variables)

    def _value(self, variable: str, text: str) -> tuple[t.Any, str]:
        """Return the value of a cell, or what is wrong with it. Equal texts of a column are judged once."""
        key = (variable, text)
        if key not in self._judged:
            self._judged[key] = self._judge(variable, text)
        return self._judged[key]

    def _judge(self, variable: str, text: str) -> tuple[t.Any, str]:
        spec = known_variables().get(variable)
        if spec is None:
            return text, ""
        if variable == "printops_serial" and _EXPONENT.fullmatch(text):
            return None, f"{text} is a rounded number: format the column as text, and enter the serial number again"
        wrong = wrong_value(variable, text, self._find_profile)
        if wrong and wrong.serious:
            return None, f"{wrong.what}. {wrong.advice}"
        return converted(variable, text), ""

    def _addresses(self, printers: Sequence[SheetPrinter]) -> dict[int, str]:
        found = {}
        for printer in printers:
            options = {
                name: printer.variables.get(f"printops_{name}", CONTROLLER.spec[name]["default"])
                for name in ("port", "base_path")
            }
            try:
                host = printer.variables.get("printops_host", printer.name)
                found[printer.line] = controller_url({**options, "host": host}).lower()
            except BadInput as error:
                self.faults.append(SheetFault(printer.line, "", f"{error}. {error.advice}"))
        return found

    def _repeated(self, what: str, values: Mapping[int, str]) -> Iterator[SheetFault]:
        first: dict[str, int] = {}
        for line, value in values.items():
            if value in first:
                yield SheetFault(line, "", f"it has the same {what} as line {first[value]}: {value}")
            else:
                first[value] = line


def _serials(printers: Sequence[SheetPrinter]) -> dict[int, str]:
    return {
        printer.line: canonical_serial(printer.variables["printops_serial"])
        for printer in printers
        if "printops_serial" in printer.variables
    }
