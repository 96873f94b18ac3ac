# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile may lack any operation and any field that its contract leaves optional: check mode predicts the run.

Each site and each tenant has a profile from which one thing was taken, and people who are managed with it: by a file
in Git, one by one, and by the playbooks. All of them are run in check mode, then really, and then once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import SHIPPED
from support.people import CLOUDS
from support.people_runs import Cell, Pass, PeopleRuns
from support.shortened import shortened

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

PROFILES = {"site": "cloud-administration-site", "tenant": "prisma-home"}
MORE = ("paging", "total", "pages", "verify", "problems", "fields", "session_ended", "sign_out", "limits")
NOT_PEOPLE = {
    "site": ("printer", "hand-over"),
    "tenant": ("device", "hand-over", "subscriptions", "claim", "set-location", "set-application-verify"),
}
"""Parts of the names of what is about printers."""
OF_LISTS = ("name", "since", "total", "pages")
"""Ends of the names of what is left out of lists, and not once more of the searches of these lists."""
SMALL = (
    "name",
    "since",
    "paging",
    "total",
    "pages",
    "verify",
    "problems",
    "fields",
    "limits",
    "sign-out",
    "session-ended",
)
"""Ends of the names of what is tried in one scenario only."""
SEARCHED = ("file", "users", "applications", "offboard")
"""The scenarios in which the searches are tried one by one."""
UNREAD = {
    "account": "no read 'account'",
    "account-site": "the profile cannot read which site this is",
    "whoami": "no read 'whoami'",
    "people": "no read 'people'",
    "people-paging": "5 rows were read over 1 pages, but the total is 12",
    **{f"{name.replace('_', '-')}-paging": "5 rows were read over 1 pages" for name in ("dashboard", "remote_match")},
    **{
        name.replace("_", "-"): f"no read {name!r}"
        for name in (
            "dashboard",
            "remote_match",
            "remote_control_invited",
            "remote_control_active",
            "administrators_invited",
            "administrators",
        )
    },
}
"""What a profile lacks without which nothing is done, and what the reason says then."""
UNKNOWN_ACCOUNT = ("whoami-account", "whose account is in use")
"""The same of what takes something from people."""


def profiles(kind: str) -> dict[str, dict[str, Any]]:
    """Return the profiles by what they lack: nothing, one thing, all searches, or these and one write."""
    shipped = PROFILES[kind]
    source: dict[str, Any] = yaml.safe_load((SHIPPED / f"{shipped}.yml").read_text(encoding="utf-8"))
    found = {"nothing": {**source, "id": f"own-{kind}"}}
    for name, profile in shortened(shipped, MORE):
        lacks = name.removeprefix(f"{shipped}-")
        others = lacks == "set-application" or any(part in lacks for part in NOT_PEOPLE[kind])
        if not others and not (lacks.startswith("find-") and lacks.endswith(OF_LISTS)):
            found[lacks] = profile
    searching = [name for name in source["read"] if name.startswith("find_") and name != "find_printer"]
    none = deepcopy(source)
    for name in searching:
        del none["read"][name]
    for write in none["write"].values():
        if write.get("verify") in searching:
            del write["verify"]
    writes = [name for name in source["write"] if name in found or name.replace("_", "-") in found]
    for name in (None, *writes):
        lacks = "searches" if name is None else f"searches-and-{name.replace('_', '-')}"
        kept = {key: write for key, write in none["write"].items() if key != name}
        found[lacks] = {**none, "id": f"own-{kind}-{lacks}", "write": kept}
    return found


def cells_of(scenarios: list[str], names: list[str]) -> Iterator[Cell]:
    """Yield every scenario with what may change it, and some of them with everything else."""
    turns = cycle(scenarios)
    for number, name in enumerate(names):
        if name in UNREAD and name != "account-site":
            wanted = ["file", "offboard"]
        elif name.startswith("searches-and-"):
            wanted = ["file"]
        elif name.endswith(SMALL):
            wanted = [next(turns)]
        else:
            wanted = [one for one in scenarios if one in SEARCHED or not name.startswith("find-")]
        yield from (Cell(f"{scenario}-{number:03}", scenario, name) for scenario in wanted)


@dataclass(frozen=True)
class Three:
    """What came of check mode, of a run, of a second run, and then of an audit."""

    runs: PeopleRuns
    planned: Pass
    first: Pass
    second: Pass
    audit: Pass

    def done(self) -> list[Cell]:
        """Return the cells whose run ended well."""
        return [cell for cell in self.runs.cells if not self.first.results[cell.name]["failed"]]

    def failed(self) -> list[Cell]:
        """Return the others."""
        return [cell for cell in self.runs.cells if self.first.results[cell.name]["failed"]]

    def all(self) -> list[Pass]:
        """Return all four."""
        return [self.planned, self.first, self.second, self.audit]

    def needs(self, scenario: str) -> set[str]:
        """Return the operations of a scenario's plan with a profile that lacks nothing."""
        cell = next(one for one in self.runs.cells if (one.scenario, one.profile) == (scenario, "nothing"))
        return {step["operation"] for step in self.planned.results[cell.name]["plan"]["steps"]}

    def takes(self, scenario: str) -> bool:
        """Return whether a scenario takes something from people."""
        cloud = self.runs.cloud
        return bool(cloud.before() - cloud.after(scenario))

    def changes(self, cell: Cell) -> list[dict[str, Any]]:
        """Return what the simulator noted of a cell during the run, in order."""
        return [line for line in self.first.audit if line["subject"] == cell.name]

    def reason(self, cell: Cell) -> str:
        """Return what the run must say that the profile lacks, "" if all can be done without it."""
        lacks, operation = cell.profile, cell.profile.removeprefix("searches-and-").replace("-", "_")
        if operation in self.needs(cell.scenario):
            return f"has no operation {operation}"
        if lacks == UNKNOWN_ACCOUNT[0] and self.takes(cell.scenario):
            return UNKNOWN_ACCOUNT[1]
        return UNREAD.get(lacks, "")


@pytest.fixture(scope="module", params=list(PROFILES))
def three(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Three]:
    kind: str = request.param
    found = profiles(kind)
    cells = [*cells_of(list(CLOUDS[kind].scenarios), list(found))]
    runs = PeopleRuns(kind, tmp_path_factory.mktemp(kind), found, cells)
    try:
        yield Three(runs, runs.everything("--check"), runs.everything(), runs.everything(), runs.audits())
    finally:
        runs.sites.simulation.stop()


def test_nothing_breaks(three: Three) -> None:
    assert len(three.runs.cells) > 70
    names = {cell.name for cell in three.runs.cells}
    assert [each.results.keys() for each in three.all()[:3]] == [names] * 3
    assert three.audit.results.keys() == {cell.name for cell in three.runs.cells if cell.scenario == "file"}
    bad = ("Traceback", "MODULE FAILURE", "a defect of this collection")
    assert [text for text in bad for each in three.all() if text in each.run.output] == []


def test_check_mode_and_an_audit_change_nothing(three: Three) -> None:
    start = three.runs.cloud.before()
    assert three.planned.writes == {}
    assert {cell.name for cell in three.runs.cells if three.planned.state[cell.name] != start} == set()
    assert (three.audit.writes, three.audit.state) == ({}, three.second.state)


def test_a_run_ends_well_unless_it_needs_what_the_profile_lacks(three: Three) -> None:
    wrong = {
        str(cell): three.first.results[cell.name].get("msg")
        for cell in three.runs.cells
        if three.first.results[cell.name]["failed"] == (three.reason(cell) == "")
    }
    assert wrong == {}


def test_a_run_that_ends_well_did_exactly_what_was_asked_for(three: Three) -> None:
    for cell in three.done():
        assert three.first.results[cell.name]["outcome"] == "applied", cell
        assert three.first.state[cell.name] == three.runs.cloud.after(cell.scenario), cell


def test_a_run_that_fails_names_what_is_lacking_and_so_does_check_mode(three: Three) -> None:
    """Check mode fails where the run does nothing for it; where the run does the rest, it warns."""
    for cell in three.failed():
        planned, first = three.planned.results[cell.name], three.first.results[cell.name]
        assert three.reason(cell) in first["msg"], (cell, first["msg"])
        predicted = planned["msg"] if planned["failed"] else " ".join(planned.get("warnings", []))
        assert three.reason(cell) in predicted, (cell, predicted)
        assert planned["failed"] == (first["outcome"] not in ("partly_applied", "drift")), cell
        if planned["failed"]:
            assert (planned["outcome"], planned["msg"]) == (first["outcome"], first["msg"]), cell


def test_what_check_mode_plans_is_what_changes(three: Three) -> None:
    for cell in three.runs.cells:
        planned, first = three.planned.results[cell.name], three.first.results[cell.name]
        expected = set(three.runs.cloud.before())
        for step in planned["plan"]["steps"] if planned["outcome"] == "drift" else ():
            for name, effect in step["effects"].items():
                row = (step["person"].partition("@")[0], name)
                (expected.discard if effect == "removed" else expected.add)(row)
        assert three.first.state[cell.name] == expected, cell
        assert (planned["changed"], planned.get("diff")) == (first["changed"], first.get("diff")), cell


def test_nobody_loses_or_gets_more_than_was_asked_for(three: Three) -> None:
    """Not even for a moment, but for what an addition gives besides: the simulator notes every change."""
    start = three.runs.cloud.before()
    for cell in three.runs.cells:
        final = three.runs.cloud.after(cell.scenario)
        assert start & final <= three.first.state[cell.name] <= start | final, cell
        lost = {row for line in three.changes(cell) for row in three.runs.moves(line)[1]}
        assert not lost & start & final, cell


def test_nobody_is_removed_before_all_additions(three: Three) -> None:
    """And no administrator where one who was asked for is not there: that one may be the successor."""
    start, charge = three.runs.cloud.before(), {"administrators", "administrators_invited", "administrators_pending"}
    for cell in three.runs.cells:
        kinds = [
            "remove" if lost & start else "add" if gained else "undo"
            for gained, lost in map(three.runs.moves, three.changes(cell))
        ]
        assert "add" not in kinds[kinds.index("remove") :] if "remove" in kinds else True, (cell, kinds)
        state, final = three.first.state[cell.name], three.runs.cloud.after(cell.scenario)
        if any(name in charge for _person, name in final - start - state):
            assert [row for row in start - state if row[1] in charge] == [], cell


def test_a_second_run_changes_nothing(three: Three) -> None:
    assert (three.second.writes, three.second.state, three.second.run.changed) == ({}, three.first.state, 0)
    done = {cell.name for cell in three.done()}
    assert {name for name, result in three.second.results.items() if result["outcome"] == "in_sync"} == done
    assert {name for name, result in three.second.results.items() if not result["failed"]} == done


def test_an_audit_finds_what_is_left(three: Three) -> None:
    for cell in three.runs.cells:
        if cell.scenario == "file":
            audit, second = three.audit.results[cell.name], three.second.results[cell.name]
            assert audit["outcome"] == second["outcome"], cell
            assert three.reason(cell) in " ".join([*audit.get("warnings", []), audit.get("msg", "")]), cell


def test_the_playbooks_end_with_what_is_lacking(three: Three) -> None:
    """Not with the outcome alone, as the result of the module itself is not shown."""
    assert three.first.ends.keys() == three.second.ends.keys() == {cell.name for cell in three.failed()}
    for cell in three.failed():
        for each in (three.first, three.second):
            assert three.reason(cell) in each.ends[cell.name], (cell, each.ends[cell.name])


def test_people_are_exported_only_where_all_of_them_are_read(three: Three) -> None:
    """Which site it is and whose account is in use need not be known for it; nothing is written for a part."""
    site = three.runs.kind == "site"
    for profile in ("nothing", "account-site" if site else "whoami-account"):
        run, path = three.runs.export(profile)
        assert run.returncode == 0, run.output
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert (declared.get("site", declared.get("tenant")) is None) == (profile == "account-site"), run.output
        assert (UNREAD["account-site"] in " ".join(run.output.split())) == (profile == "account-site"), run.output
    lacking = "administrators" if site else "people"
    run, path = three.runs.export(lacking)
    assert (run.returncode, path.exists()) == (2, False), run.output
    assert UNREAD[lacking] in " ".join(run.output.split())
