# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page may name addresses that are none. They lead nowhere, and nothing else is lost by them."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import host, origin, same_interface
from unit.recording.test_draft_lists import FORMS, LINKS, LOGIN, SIMULATED, TOP, page, signed_in

PEOPLE = ["person0@example.com", "person1@example.com"]
INVALID = ["http://[IP address]/help", "https://[x/login", "https://printer.example.com:99999/", "http://h:port/x"]


@pytest.mark.parametrize("address", INVALID)
@pytest.mark.parametrize("row", [LINKS, FORMS])
def test_an_invalid_address_anywhere_on_a_page_costs_nothing(address: str, row: str) -> None:
    parts = (
        f'<a href="{address}">Help</a><img src="{address}" alt=x>'
        f'<form action="{address}" method=post><input name=q><button formaction="{address}">Find</button></form>'
    )
    row += f'<a href="{address}">Card</a>'
    tape = signed_in().get("/people", page(PEOPLE, row=row, of=9) + parts)
    tape.get("/moved", "", status=302, answers={"Location": address})
    tape.get("/add", f'{TOP}<form id=add action="/add" method=post><input name=email><button>Add</button></form>')
    tape.post("/add", {"email": "new@example.com"}, f'{parts}<iframe src="{address}"></iframe>')
    tape.post("/api/refresh", {}, "", status=302)
    drafted = tape.get("/logout", LOGIN + parts).draft("other", **SIMULATED)
    assert drafted.profile["write"]["add"]["steps"][1]["fill"] == {"email": "${email}"}
    report = tape.check(drafted.profile)
    assert report.operations["write.add"].ok, report.as_lines()
    assert report.operations["read.people"].ok, report.as_lines()


@pytest.mark.parametrize("address", INVALID)
def test_an_invalid_address_is_at_no_host(address: str) -> None:
    assert (host(address), origin(address)) == ("", "://:0")
    assert not same_interface(address, "https://printer.example.com/")
