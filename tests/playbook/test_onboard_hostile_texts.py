# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A printer whose texts would steer a terminal, flood it, or are templates: what both modes print and report of it."""

from __future__ import annotations

import json

import pytest
from support.fleet import Fleet, FleetMaker
from support.playbook import EITHER_MODE

ESC = "\x1b]0;owned\x07\x1b[2J\x1b[31m\u202e"
SERIALS = {"plain": "610000001", "template": "{{7777*77777}}", "steers": "61\u202e0001", "long": "9" * 20_000}
EVALUATED = str(7777 * 77777)


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    made = make_fleet([{"name": name} for name in SERIALS], {"product_name": f"{{{{ 7777*77777 }}}} {ESC}"})
    for name, serial in SERIALS.items():
        made.change(name, serial=serial, hostname=ESC)
    return made


@pytest.mark.parametrize("mode", EITHER_MODE)
def test_what_a_printer_shows_stays_a_short_text(fleet: Fleet, mode: str) -> None:
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory(tenant=None), "-v", mode=mode)
    for shown in (run.output, json.dumps(run.report, ensure_ascii=False)):
        assert EVALUATED not in shown
        assert all(character.isprintable() or character in "\n\t" for character in shown.replace("\\n", ""))
        assert len(shown) < 200_000
    assert all(len(line) < 500 for line in run.output.splitlines() if line.startswith("plain "))
    refused = {name for name, printer in run.report["printers"].items() if "no serial number" in printer["reason"]}
    assert refused == {"steers", "long"}
    assert not refused & {name for name, what in watch.audit() if what not in ("sign_in", "sign_out")}
