# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites whose search finds the neighbour, whose removal does nothing, and that have other lists than the manual's.

The right person is removed or nobody, and whoever is gone or new and was not planned is named.
"""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.site import Site
from ansible_collections.printops.prisma.plugins.modules.cloud_access import TASK as ACCESS
from ansible_collections.printops.prisma.plugins.modules.cloud_admin import TASK as ADMIN
from unit.prisma.site_loopback import ACCOUNT, SiteBench
from unit.web.loopback import Answer, Asked

OB, BOB, SECOND = "ob@example.com", "bob@example.com", "second@example.com"
NEIGHBOURS = ["aob@example.com", BOB, "nob@example.com", OB, "zob@example.com"]


def page(text: str) -> Answer:
    return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, text.encode())


def field_of(asked: Asked, name: str) -> str:
    return parse_qs(asked.body.decode())[name][0]


class Rows:
    """Lists that find a part of an address, two rows a page, each row with a form of its own that knows a number.

    ``deaf``: whoever is removed stays. ``shifted``: the form in a row removes the person in the row before.
    ``missed``: whom no search finds.
    """

    def __init__(self, bench: SiteBench, *, deaf: bool = False, shifted: bool = False) -> None:
        self._bench = bench
        self.deaf, self.shifted = deaf, shifted
        self.missed: set[str] = set()
        self.removed: list[str] = []
        for name in bench.both:
            bench.source["write"][f"remove_{name}"]["steps"] = [
                {"get": f"people/{name}", "query": {"q": "${person}"}},
                {
                    "submit": "forms[0]",
                    "row": {
                        "of": "tables[?id=='people'] | [0].rows",
                        "where": {"E-mail": "${address}"},
                        "next": "links[?id=='next'] | [0].href",
                    },
                    "expect": "ids.said",
                },
            ]
        bench.site.override = self.answer

    def answer(self, asked: Asked) -> Answer | None:
        parts = urlsplit(asked.path)
        if parts.path.startswith("/people/"):
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            return self._list(parts.path.rpartition("/")[2], query)
        if parts.path.startswith("/remove/") and b"number=" in asked.body:
            people = sorted(self._bench.site.rules.lists[parts.path.rpartition("/")[2]])
            person = people[int(field_of(asked, "number")) - self.shifted]
            self.removed.append(person)
            if not self.deaf:
                self._bench.take(person, asked)
            return self._bench.accept()
        return None

    def _list(self, name: str, query: dict[str, str]) -> Answer:
        people = sorted(self._bench.site.rules.lists[name])
        found = [who for who in people if query.get("q", "") in who and not ("q" in query and who in self.missed)]
        at = 2 * int(query.get("page", 0))
        rows = "".join(
            f"<tr><td>{html.escape(who)}<td>2026<td><form method=post action=/remove/{name}>"
            f"<input type=hidden name=number value={people.index(who)}><button>Remove</button></form></tr>"
            for who in found[at : at + 2]
        )
        more = f"?q={query.get('q', '')}&page={at // 2 + 1}"
        onward = f'<a id=next href="/people/{name}{html.escape(more)}">Next</a>' if at + 2 < len(found) else ""
        return page(
            f"<p id=total>{len(found)} people</p>{onward}"
            f"<table id=people><tr><th>E-mail<th>Since<th></tr>{rows}</table>"
        )


def absent(bench: SiteBench, *people: str, **more: Any) -> dict[str, Any]:
    options = {"applications": ["dashboard"], "state": "absent", "max_removal_percent": 90, **more}
    return bench.run(bench.user, people=list(people), **options)


def on_dashboard(bench: SiteBench) -> list[str]:
    return [who for who in NEIGHBOURS if who in bench.site.rules.lists["dashboard"]]


def with_neighbours(bench: SiteBench) -> None:
    for who in NEIGHBOURS:
        bench.put(who)


def test_the_right_person_is_removed_though_the_search_finds_neighbours_first(bench: SiteBench) -> None:
    with_neighbours(bench)
    rows = Rows(bench)
    result = absent(bench, OB)
    assert (result.get("failed", False), result["outcome"]) == (False, "applied")
    assert rows.removed == [OB]
    assert on_dashboard(bench) == [who for who in NEIGHBOURS if who != OB]
    assert absent(bench, OB)["outcome"] == "in_sync"
    assert rows.removed == [OB]


def test_a_row_that_is_not_found_is_no_removal_if_the_whole_list_shows_the_person(bench: SiteBench) -> None:
    """Nothing is sent for a row that is missing, and the search that proves a removal misses the same person."""
    with_neighbours(bench)
    rows = Rows(bench)
    rows.missed.add(OB)
    result = absent(bench, BOB, OB, "zob@example.com")
    assert (result["failed"], result["outcome"]) == (True, "partly_applied"), result
    assert [one["outcome"] for one in result["people"]] == ["done", "failed", "not_tried"]
    assert rows.removed == [BOB]


def test_several_neighbours_at_once(bench: SiteBench) -> None:
    with_neighbours(bench)
    rows = Rows(bench)
    assert absent(bench, OB, "nob@example.com", "zob@example.com")["outcome"] == "applied"
    assert sorted(rows.removed) == ["nob@example.com", OB, "zob@example.com"]
    assert on_dashboard(bench) == ["aob@example.com", BOB]


@pytest.mark.parametrize("people", [[OB], [OB, "zob@example.com"]])
def test_a_removal_that_does_nothing_stops_the_run(bench: SiteBench, people: list[str]) -> None:
    with_neighbours(bench)
    rows = Rows(bench, deaf=True)
    result = absent(bench, *people)
    assert (result["failed"], result["outcome"]) == (True, "partly_applied")
    assert (rows.removed, result["unexpected"]) == ([OB], [])
    assert f"{OB} is still there" in result["msg"]
    assert [one["outcome"] for one in result["people"]] == ["failed", "not_tried"][: len(people)]


def test_a_form_that_removes_the_neighbour_is_found_out_and_the_neighbour_is_named_first(bench: SiteBench) -> None:
    with_neighbours(bench)
    rows = Rows(bench, shifted=True)
    result = absent(bench, OB, "zob@example.com")
    assert (result["failed"], result["outcome"], len(rows.removed)) == (True, "unplanned_change", 1)
    assert result["reason"].startswith("not planned by this run: nob@example.com is gone from dashboard; ")
    assert result["details"]["gone"] == ["nob@example.com"]
    assert result["unexpected"] == [{"person": "nob@example.com", "list": "dashboard", "change": "gone"}]


def test_who_was_removed_by_somebody_else_meanwhile_is_done(bench: SiteBench) -> None:
    with_neighbours(bench)
    rows = Rows(bench)

    def gone_before_the_row_is_looked_for(asked: Asked) -> Answer | None:
        if "q=ob" in asked.path:
            bench.site.rules.lists["dashboard"].pop(OB, None)
        return rows.answer(asked)

    bench.site.override = gone_before_the_row_is_looked_for
    result = absent(bench, OB)
    assert (result.get("failed", False), result["outcome"], rows.removed) == (False, "applied", [])


def test_a_person_whom_the_list_does_not_show_is_not_removed_by_another_row(bench: SiteBench) -> None:
    with_neighbours(bench)
    rows = Rows(bench)
    for step in bench.source["write"]["remove_dashboard"]["steps"]:
        step.get("row", {}).pop("next", None)  # the first page alone: ob@ is not on it
    result = absent(bench, OB)
    assert result["failed"] is True
    assert "the nearest are E-mail: aob@example.com, Since: 2026 | E-mail: bob@example.com" in result["msg"]
    assert (rows.removed, on_dashboard(bench)) == ([], NEIGHBOURS)


def test_what_an_addition_puts_somebody_on_is_undone_by_the_row_that_the_site_shows(bench: SiteBench) -> None:
    """The site stores a Google address without its dots, so the row has another text than what was declared."""
    rows = Rows(bench)
    wanted = bench.declared(("Jo.Roe@gmail.com", ["dashboard"]))
    bench.source["write"]["remove_remote_control_invited"]["verify"] = "find_remote_control_invited"
    result = bench.run(bench.access, declared=wanted)
    assert rows.removed == ["joroe@gmail.com"], result["msg"] if result.get("failed") else result["people"]
    assert bench.site.rules.where("joroe@gmail.com") == {"dashboard"}


@pytest.mark.parametrize("lost", [1, 3])
def test_an_addition_that_does_nothing_is_found_out_and_two_in_a_row_end_the_run(bench: SiteBench, lost: int) -> None:
    people = [f"p{number}@example.com" for number in range(4)]
    left = people[:lost]
    bench.site.override = lambda asked: (
        bench.accept() if asked.path == "/add/user" and field_of(asked, "email") in left else None
    )
    result = bench.run(bench.user, people=people, applications=[*bench.both, "remote_control"])
    assert (result["failed"], result["outcome"], result["unexpected"]) == (True, "partly_applied", [])
    expected = {1: ["failed", "done", "done", "done"], 3: ["failed", "failed", "not_tried", "not_tried"]}
    assert [one["outcome"] for one in result["people"]] == expected[lost]
    assert "p0@example.com is not on dashboard after add_user" in result["people"][0]["reason"]


@pytest.mark.parametrize("searches", [True, False])
def test_no_administrator_is_removed_while_the_new_one_is_not_there(
    bench: SiteBench, monkeypatch: pytest.MonkeyPatch, searches: bool
) -> None:
    """Given an [Add] that the site answers and does not do, then the one who would be replaced stays.

    The lists that are read before the first removal tell, also where a person cannot be looked up.
    """
    if not searches:
        monkeypatch.setattr(Site, "can_look_up", lambda directory, person, lists: False)
    bench.site.rules.add_administrator("old@example.com")
    bench.site.rules.first_sign_in("old@example.com")
    bench.site.override = lambda asked: bench.accept() if asked.path.startswith("/add/administrator") else None
    applications = ["dashboard", "remote_match"]
    who = (ACCOUNT, SECOND, "new@example.com")
    declared = {
        "mode": "authoritative",
        "administrators": [{"email": address, "applications": applications} for address in who],
        "users": [],
        "guardrails": {"max_removals": 9, "max_removal_percent": 90},
    }
    result = bench.run(ACCESS, declared=declared)
    assert result["failed"] is True
    assert not any(write.startswith("remove/") for write in bench.writes)
    assert "does not show what this run asked for: new@example.com is not on" in str(result)


# --- other lists than the manual's ---


class TwoLists:
    """A site with users and administrators only. ``also``: whoever is made administrator is a user as well."""

    def __init__(self, bench: SiteBench, *, also: bool = False) -> None:
        self.lists = {"people": {ACCOUNT, BOB}, "administrators": {ACCOUNT, SECOND}}
        self.also = also
        source = bench.source
        listed = source["read"]["dashboard"]
        kept = {name: read for name, read in source["read"].items() if name in ("account", "administrators")}
        source["read"] = {**kept, "people": {**listed, "steps": [{"get": "people/people"}]}}
        removal = {"steps": [{"send": "POST", "path": "remove/people", "form": {"email": "${address}"}}]}
        writes = {name: source["write"][name] for name in ("add_user", "add_administrator", "remove_administrators")}
        for write in writes.values():
            write.pop("verify")
        source["write"] = {**writes, "remove_people": removal}
        source["lists"] = ["people", "administrators"]
        if also:
            writes["add_administrator"]["puts_on"] = ["administrators", "people"]
        bench.site.override = self.answer

    def answer(self, asked: Asked) -> Answer | None:
        parts = urlsplit(asked.path).path.strip("/").split("/")
        if parts[0] == "people":
            rows = "".join(f"<tr><td>{who}<td></tr>" for who in sorted(self.lists[parts[1]]))
            total = f"<p id=total>{len(self.lists[parts[1]])} people</p>"
            return page(f"{total}<table id=people><tr><th>E-mail<th>Since</tr>{rows}</table>")
        if parts[0] == "add":
            self.lists["people" if parts[1] == "user" else "administrators"].add(field_of(asked, "email"))
            if self.also:
                self.lists["people"].add(field_of(asked, "email"))
        elif parts[0] == "remove":
            self.lists[parts[1]].discard(field_of(asked, "email"))
        else:
            return None
        return page("<p id=said>done</p>")


def test_a_site_with_people_and_administrators_only(bench: SiteBench) -> None:
    site = TwoLists(bench)
    options: dict[str, Any] = {"max_removal_percent": 90}
    assert bench.run(bench.user, people=[OB], **options)["outcome"] == "applied"
    assert site.lists["people"] == {ACCOUNT, BOB, OB}
    assert bench.run(bench.user, people=[OB], **options)["outcome"] == "in_sync"
    assert bench.run(bench.user, people=[BOB], state="absent", **options)["outcome"] == "applied"
    assert bench.run(ADMIN, people=[OB], **options)["outcome"] == "applied"
    assert site.lists == {"people": {ACCOUNT, OB}, "administrators": {ACCOUNT, SECOND, OB}}
    assert bench.run(ADMIN, people=[OB], **options)["outcome"] == "in_sync"


def test_such_a_site_is_dumped_and_the_dump_is_in_sync(bench: SiteBench) -> None:
    TwoLists(bench)
    found = bench.run(bench.info)
    assert found["declared"]["users"] == [{"email": ACCOUNT}, {"email": BOB}]
    assert [one["email"] for one in found["declared"]["administrators"]] == [ACCOUNT, SECOND]
    again = bench.run(bench.access, declared={**found["declared"], "mode": "authoritative"})
    assert again["outcome"] == "in_sync", again


def test_what_add_does_is_what_the_profile_says(bench: SiteBench) -> None:
    site = TwoLists(bench, also=True)
    result = bench.run(ADMIN, people=[OB])
    assert result["outcome"] == "applied", result["reason"]
    assert {name: OB in people for name, people in site.lists.items()} == {"people": True, "administrators": True}
    assert result["plan"]["steps"][0]["effects"] == {"administrators": "added", "people": "added"}


def test_and_what_it_does_besides_is_an_unplanned_change(bench: SiteBench) -> None:
    site = TwoLists(bench)
    site.also = True
    result = bench.run(ADMIN, people=[OB])
    assert result["outcome"] == "unplanned_change"
    assert result["reason"].startswith(f"not planned by this run: {OB} has appeared on people")


def test_an_application_that_such_a_site_lacks_is_an_error_before_anything_is_changed(bench: SiteBench) -> None:
    TwoLists(bench)
    result = bench.run(bench.user, people=[OB], applications=["dashboard"])
    assert (result["failed"], result["outcome"], bench.writes) == (True, "bad_input", [])
    assert f"{OB}: the site has no list of dashboard; it has people, administrators" in result["msg"]
