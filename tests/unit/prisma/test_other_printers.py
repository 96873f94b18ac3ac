# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A removal that takes another printer than the one it names: it is named first, and the next removal is not sent."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.serials import gone_besides
from ansible_collections.printops.prisma.plugins.modules.cloud_printer import TASK as SITE_PRINTER
from unit.prisma.home_loopback import SERIAL, SHOWN, Home, HomeBench, reply
from unit.prisma.site_loopback import SIGN_IN, SiteBench
from unit.prisma.test_right_site import SOUTH
from unit.prisma.test_unproven_steps import page
from unit.web.loopback import Answer, Asked, serve

NEIGHBOUR = "610000002"


class Printers:
    """The printers of a site. ``takes`` returns which one [Remove] removes of the one that it is given."""

    def __init__(self, bench: SiteBench) -> None:
        self.there = [SERIAL, NEIGHBOUR]
        self.takes: Callable[[str], list[str]] = lambda serial: [serial]
        self.said = '<p id="said">removed</p>'
        bench.site.override = self.answer
        listed = {
            "rows": "tables[?id=='printers'] | [0].rows",
            "fields": {"serial": "Serial"},
            "complete": {"total": {"pick": "ids.total", "filters": ["integer"]}},
        }
        bench.source["read"]["printers"] = {"steps": [{"get": "printers"}], **listed}
        find = [{"get": "printers", "query": {"q": "${serial}"}}]
        bench.source["read"]["find_printer"] = {"steps": find, **listed}
        remove = [{"send": "POST", "path": "remove-printer", "form": {"serial": "${serial}"}, "expect": "ids.said"}]
        bench.source["write"]["remove_printer"] = {"steps": remove}

    def answer(self, asked: Asked) -> Answer | None:
        parts = urlsplit(asked.path)
        if parts.path == "/remove-printer":
            for serial in self.takes(parse_qs(asked.body.decode())["serial"][0]):
                self.there.remove(serial)
            return page(self.said)
        if parts.path != "/printers":
            return None
        wanted = parse_qs(parts.query).get("q", self.there)
        rows = [f"<tr><td>{serial}</td></tr>" for serial in self.there if serial in wanted]
        return page(
            f'<p id="total">{len(rows)}</p><table id="printers"><tr><th>Serial</th></tr>{"".join(rows)}</table>'
        )


@pytest.fixture
def printers(bench: SiteBench) -> Printers:
    return Printers(bench)


def removed(bench: SiteBench) -> dict[str, Any]:
    return bench.run(SITE_PRINTER, serial=SERIAL, state="absent", confirm_removal=True)


def test_the_printer_that_is_named_is_removed(bench: SiteBench, printers: Printers) -> None:
    result = removed(bench)
    assert (result.get("failed"), result["changed"], printers.there) == (None, True, [NEIGHBOUR]), result
    assert removed(bench)["changed"] is False


@pytest.mark.parametrize("taken", [[NEIGHBOUR], [SERIAL, NEIGHBOUR]])
def test_a_neighbour_that_is_gone_is_named(bench: SiteBench, printers: Printers, taken: list[str]) -> None:
    printers.takes = lambda serial: taken
    result = removed(bench)
    assert (result["failed"], result["changed"]) == (True, True), result
    assert f"printers that it does not name are gone: {NEIGHBOUR}" in result["msg"]
    assert result["details"]["gone"] == [NEIGHBOUR]


def test_of_many_that_are_gone_the_first_are_named_and_what_else_went_wrong(
    bench: SiteBench, printers: Printers
) -> None:
    """The details have them all."""
    others = [str(620000000 + number) for number in range(500)]
    printers.there += others
    printers.takes = lambda serial: others
    result = removed(bench)
    assert f"are gone: {', '.join(others[:5])} and 495 more; the removal was answered, but" in result["msg"], result
    assert result["details"]["gone"] == others


@pytest.mark.parametrize("said", ['<p id="said">removed</p>', "<h1>Working</h1>"])
def test_a_removal_that_does_not_show_may_be_done_later(bench: SiteBench, printers: Printers, said: str) -> None:
    """So that it counts as a change, after which no other printer is removed in the run (tests/unit/action)."""
    printers.takes = lambda serial: []
    printers.said = said
    result = removed(bench)
    assert (result["failed"], result["changed"], printers.there) == (True, True, [SERIAL, NEIGHBOUR]), result


def test_a_removal_whose_answer_is_not_the_expected_one_was_done_by_this_task(
    bench: SiteBench, printers: Printers
) -> None:
    printers.said = "<h1>Working</h1>"
    result = removed(bench)
    assert (result.get("failed"), result["changed"], printers.there) == (None, True, [NEIGHBOUR]), result


def test_the_printers_of_another_site_are_not_compared(bench: SiteBench, printers: Printers) -> None:
    """Given a session that ends with the removal, and a portal that opens the next one at another site."""

    def answer(asked: Asked) -> Answer | None:
        if asked.path == "/remove-printer":
            bench.site.sessions.clear()
            printers.there = ["610000009"]
            bench.site.override = lambda later: SOUTH if later.path == "/" and bench.site.sessions else answer(later)
            return page(SIGN_IN)
        return printers.answer(asked)

    bench.site.override = answer
    bench.source["write"]["remove_printer"]["fields"] = {"message": "ids.said"}
    result = removed(bench)
    assert (result["failed"], result["changed"], "gone" in result["details"]) == (True, True, False), result
    assert "its site is 'south' and was 'north'" in result["msg"]


@pytest.mark.parametrize("state", ["absent", "present"])
def test_nothing_is_done_at_the_site_that_the_browser_goes_to_meanwhile(
    bench: SiteBench, printers: Printers, state: str
) -> None:
    """Given the session of a browser, in which a person goes to another site right after the printer was looked for."""
    searched = []

    def answer(asked: Asked) -> Answer | None:
        searched.extend(["q"] if "q=" in asked.path else [])
        return SOUTH if asked.path == "/" and searched else printers.answer(asked)

    bench.site.override = answer
    bench.source["write"]["hand_over"] = {"steps": [{"send": "POST", "path": "${address}", "form": {}}]}
    how: dict[str, Any] = {"serial": SERIAL, "confirm_removal": True}
    if state == "present":
        how = {"serial": "610000009", "site": "north", "address": f"{bench.server.url}hand-over"}
    result = bench.run(SITE_PRINTER, state=state, **how)
    assert (result["failed"], result["changed"]) == (True, False), result
    assert {asked.path for asked in bench.server.asked if asked.method == "POST"} == {"/login"}
    assert "'south'" in result["msg"]


def test_a_removal_that_was_never_sent_blames_nobody(bench: SiteBench, printers: Printers) -> None:
    bench.source["write"]["remove_printer"]["steps"] = [
        {"get": "printers"},
        {"submit": "forms[0]", "row": {"of": "tables[0].rows", "where": {"Serial": "${serial}"}}},
    ]
    result = removed(bench)
    assert (result["failed"], result["changed"], printers.there) == (True, False, [SERIAL, NEIGHBOUR]), result
    assert "details" in result and "gone" not in result["details"]


class Tenant(Home):
    """A tenant whose [Delete] takes the neighbour."""

    def _delete(self) -> Answer:
        self.others.clear()
        return reply(200)


@pytest.fixture
def it(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[HomeBench]:
    home = Tenant(has_printer=True, others=[{**SHOWN, "serialNumber": NEIGHBOUR, "deviceId": "d2"}])
    with serve(home.answer, server_tls) as server:
        yield HomeBench(home, server, ca_path)


def test_so_is_a_device_of_a_tenant(it: HomeBench) -> None:
    result = it.run(state="absent", confirm_data_loss=True)
    assert (result["failed"], result["changed"], result["details"]["gone"]) == (True, True, [NEIGHBOUR]), result


def test_a_list_that_cannot_be_compared_is_no_removal_that_failed(
    it: HomeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given other printers that are claimed all the time, by another run."""

    def delete(home: Home) -> Answer:
        home.grows = True
        return Home._delete(home)

    monkeypatch.setattr(Tenant, "_delete", delete)
    result = it.run(state="absent", confirm_data_loss=True)
    assert (result["failed"], result["changed"], result["outcome"]) == (True, True, "failed"), result
    assert f"{SERIAL} was removed, and whether others are gone with it is not known: read.devices" in result["msg"]


def test_one_row_of_the_serial_number_goes_and_no_second_one() -> None:
    before = [{"serial": SERIAL}, {"serial": f" {SERIAL}"}, {"serial": "", "name": "Proofing"}]
    assert gone_besides(SERIAL, before, before[1:]) == []
    assert gone_besides(SERIAL, before, before[2:]) == [SERIAL]
    assert gone_besides(SERIAL, before, before[:2]) == ["Proofing"]
