# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists in a recording: rows, pages, totals, and what acts on one row. Every draft is held against its recording."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.changes import find_writes
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.inputs import InputNames
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.steps import StepDrafter
from unit.recording.tape import Tape

SIMULATED: dict[str, Any] = {"evidence": {"kind": "simulated", "note": "Made by hand."}}
LOGIN = """<title>Portal</title><form id="login" action="/login" method="post"><input name="user">
<input type="password" name="secret"><button>Sign in</button></form>"""
TOP = '<a href="/people">People</a> <a href="/logout" id="logout">Log out</a>'
PEOPLE = [f"person{number}@example.com" for number in range(5)]
NEW = "person@example.com"
"""An address that all the others nearly contain."""


def signed_in() -> Tape:
    tape = Tape().get("/", LOGIN).post("/login", {"user": "a", "secret": "wrong-1"}, LOGIN + "Wrong.")
    return tape.post("/login", {"user": "a", "secret": "right-2"}, status=302, answers={"Location": "/people"})


def page(people: list[str], number: int = 1, row: str = "", heading: str = "People", of: int = 3) -> str:
    """Return a page of a list: three people on each, and ``row`` in the last cell of each row."""
    shown = people[(number - 1) * of : number * of]
    more = number * of < len(people)
    rows = "".join(f"<tr><td>{who}</td><td>{row.format(PEOPLE_IDS[who])}</td></tr>" for who in shown)
    onward = f'<a href="/people?page={number + 1}">Next</a>' if more else ""
    back = f'<a href="/people?page={number - 1}">Back</a>' if number > 1 else ""
    action = '<select name=action><option value="">-</option><option value=remove>Remove</option></select>'
    form = f"<form id=changes action=/people method=post>{action}<button>Go</button>" if row == BOXES else ""
    return (
        f"<title>Portal</title>{TOP}<h1>{heading}</h1><p id=count>{len(people)} people</p><p>Page {number} of "
        f"{-(-len(people) // of)}</p>{form}<table id=people><tr><th>E-mail</th><th></th></tr>{rows}</table></form>"
        f"{back} {onward}"
    )


PEOPLE_IDS = {who: 20 + number for number, who in enumerate([*PEOPLE, NEW])}
LINKS = '<a href="/people/{0}/remove">Remove</a>'
FORMS = '<form action="/remove" method="post"><input type=hidden name=id value={0}><button>Remove</button></form>'


BOXES = "<input type=checkbox name=chosen value={0}>"
"""In a form around the whole list, with one button for all rows."""
DIRECT = '<a href="/people/{0}/gone">Remove</a>'
"""A link that removes at once."""


def listed(tape: Tape, people: list[str], row: str, heading: str = "People") -> Tape:
    tape.get("/people", page(people, 1, row, heading))
    return tape.get("/people?page=2", page(people, 2, row, heading))


def with_changes(row: str, heading: str = "People") -> Tape:
    """Record that the list is read, a person is added, and another one removed."""
    tape = listed(signed_in(), PEOPLE, row, heading)
    tape.get("/add", f'{TOP}<form id="add" action="/add" method="post"><input name="email"><button>Add</button></form>')
    tape.post("/add", {"email": NEW}, status=302, answers={"Location": "/people"})
    listed(tape, [*PEOPLE, NEW], row, heading)
    gone, left = PEOPLE[1], [who for who in [*PEOPLE, NEW] if who != PEOPLE[1]]
    if row == LINKS:
        path = f"/people/{PEOPLE_IDS[gone]}/remove"
        asks = f'{TOP}<p>Remove {gone}?</p><form id="sure" action="{path}" method="post"><button>Yes</button></form>'
        tape.get(path, asks).post(path, {}, status=302, answers={"Location": "/people"})
    elif row == DIRECT:
        tape.get(f"/people/{PEOPLE_IDS[gone]}/gone", "", status=302, answers={"Location": "/people"})
    elif row == BOXES:
        sent = {"chosen": str(PEOPLE_IDS[gone]), "action": "remove"}
        tape.post("/people", sent, status=302, answers={"Location": "/people"})
    else:
        tape.post("/remove", {"id": str(PEOPLE_IDS[gone])}, status=302, answers={"Location": "/people"})
    tape.get("/people", page(left, 1, row, heading))  # nobody turns all pages after each change
    return tape.get("/logout", LOGIN)


def test_a_list_has_its_pages_and_its_totals() -> None:
    tape = with_changes(LINKS)
    profile = tape.draft("other", **SIMULATED).profile
    assert profile["read"]["people"]["rows"] == "tables[?id=='people'] | [0].rows"
    assert profile["read"]["people"]["paging"] == {"next": "links[?text=='Next'] | [0].href"}
    complete = profile["read"]["people"]["complete"]
    assert complete["total"] == {"pick": "ids.count", "filters": [{"regex": r"^(\d+)\s+people$"}, "integer"]}
    assert complete["pages"]["filters"][0] == {"regex": r"\d+\s+of\s+(\d+)"}
    report = tape.check(profile)
    assert report.ok, report.as_lines()
    assert [each["total"] for each in report.operations["read.people"].readings] == [5, 6]
    assert any("row 1 of 6" in line and PEOPLE[0] in line for line in report.as_lines())


@pytest.mark.parametrize("row", [LINKS, FORMS, BOXES, DIRECT])
def test_a_person_is_removed_by_the_row_and_not_by_an_address_in_the_recording(row: str) -> None:
    tape = with_changes(row)
    drafted = tape.draft("other", **SIMULATED)
    remove = drafted.profile["write"]["remove"]
    assert remove["inputs"] == ["e_mail"]
    assert remove["steps"][1]["row"] == {
        "of": "tables[?id=='people'] | [0].rows",
        "where": {"E-mail": "${e_mail}"},
        "next": "links[?text=='Next'] | [0].href",
    }
    assert remove["verify"] == "people"
    if row == LINKS:
        assert remove["steps"][1]["expect"] == "contains(text, '${e_mail}')"
    assert str(PEOPLE_IDS[PEOPLE[1]]) not in drafted.text
    report = tape.check(drafted.profile)
    assert report.operations["write.remove"].covered
    assert report.ok, report.as_lines()


def test_a_link_of_a_row_that_redirects_to_its_own_page_changes_nothing() -> None:
    tape = signed_in().get("/people", page(PEOPLE, row='<a href="/people/{0}">Show</a>', of=9))
    tape.get("/people/21", "", status=301, answers={"Location": "/people/21/"})
    tape.get("/people/21/", f"{TOP}<h1>One</h1>").get("/logout", LOGIN)
    assert tape.draft("other", **SIMULATED).operations["write"] == []


def test_the_lists_of_a_site_are_told_by_the_words_of_their_pages() -> None:
    tape = with_changes(LINKS, heading="PRISMAlytics Dashboard")
    drafted = tape.draft("site", **SIMULATED)
    assert drafted.profile["read"]["dashboard"]["fields"] == {"email": '"E-mail"'}
    assert drafted.profile["write"]["add_user"]["steps"][1]["fill"] == {"email": "${address}"}
    assert drafted.profile["write"]["remove_dashboard"]["steps"][1]["row"]["where"] == {"E-mail": "${address}"}
    (question,) = [each for each in drafted.open if each.key == "read.remote_match"]
    assert question.optional
    assert [each.answer for each in question.candidates] == ["people"]
    decided = {"steps": [{"get": "people"}], "rows": "x", "fields": {"email": "y"}, "complete": {"total": "z"}}
    profile = tape.draft("site", **SIMULATED, read__remote_match=decided).profile
    assert list(profile["read"]) == ["remote_match"]
    assert "remove_remote_match" in profile["write"]
    elsewhere = tape.draft("site", **SIMULATED, read__remote_match="people")
    assert elsewhere.profile["read"]["remote_match"]["rows"] == "tables[?id=='people'] | [0].rows"


def test_a_list_that_was_not_recorded_to_its_end_has_no_sure_total() -> None:
    tape = signed_in().get("/people", page(PEOPLE)).get("/logout", LOGIN)
    (question,) = [each for each in tape.draft("other", **SIMULATED).open if not each.optional]
    assert question.key == "read.people.complete"
    assert "does not show the list to its last page" in question.question
    assert {"last_page": "!(links[?text=='Next'])"} in [each.answer for each in question.candidates]


def test_the_same_list_in_another_order_is_not_its_next_page() -> None:
    sort = '<a href="/people?sort=up">Up</a>'
    tape = signed_in().get("/people", sort + page(PEOPLE, of=9))
    tape.get("/people?sort=up", sort + page(PEOPLE[::-1], of=9)).get("/logout", LOGIN)
    read = tape.draft("other", **SIMULATED).profile["read"]["people"]
    assert "paging" not in read
    assert list(read["complete"]) == ["total"]


def test_a_row_of_json_is_found_by_its_address_and_sent_by_its_key() -> None:
    people = [{"id": 700 + number, "email": who} for number, who in enumerate(PEOPLE)]
    tape = signed_in().get("/people", f"<title>App</title>{TOP}")
    tape.get("/api/users", {"items": people, "total": 5})
    tape.delete("/api/users/702/roles/9")
    tape.get("/api/users", {"items": [each for each in people if each["id"] != 702], "total": 4}).get("/logout", LOGIN)
    profile = tape.draft("other", **SIMULATED).profile
    (write,) = profile["write"].values()
    assert write["steps"][-1]["path"] == "api/users/${row_id}/roles/9"
    assert write["steps"][-1]["row"] == {"of": "items", "where": {"email": "${email}"}, "keep": {"row_id": "id"}}
    assert profile["read"]["users"]["complete"] == {"total": "total"}
    report = tape.check(profile)
    assert report.ok, report.as_lines()
    assert all(each.covered for each in report.operations.values()), report.as_lines()


@pytest.mark.parametrize("row", ['<button data-key="{0}">Remove</button>', '<a href="/people/{0}/show">Show</a>'])
def test_what_a_script_sends_of_a_row_is_kept_of_the_row_with_the_token_of_its_page(row: str) -> None:
    """The token is in a form that nobody submits."""
    token = '<form id="f"><input type=hidden name=tok value="t0k3n-7391"></form>'
    tape = signed_in().get("/people", token + page(PEOPLE, row=row, of=9))
    tape.post(f"/people/{PEOPLE_IDS[PEOPLE[1]]}/gone", {"tok": "t0k3n-7391"})
    tape.get("/people", token + page(PEOPLE[:1] + PEOPLE[2:], row=row, of=9)).get("/logout", LOGIN)
    profile = tape.draft("other", **SIMULATED).profile
    first, step = profile["write"]["gone"]["steps"]
    assert first["keep"] == {"tok": "forms[?id=='f'] | [0].fields.tok"}
    assert (step["path"], step["form"]) == ("people/${row_id}/gone", {"tok": "${tok}"})
    report = tape.check(profile)
    assert report.ok, report.as_lines()
    assert report.operations["write.gone"].covered


def test_a_person_whose_form_is_in_no_row_is_meant_by_the_value_of_the_form() -> None:
    """A page of its own for every person, which no link leads to."""
    tape = signed_in().get("/people", page(PEOPLE, of=9))
    form = '<form action="/gone" method="post"><input type=hidden name=who value="{}"><button>Remove</button></form>'
    tape.get("/cards", TOP + "".join(map(form.format, PEOPLE))).post("/gone", {"who": PEOPLE[1]})
    names = InputNames(by_value={PEOPLE[1]: "person"})
    history = read_history(tape.recording)
    (write,) = find_writes(history, 3, 9)
    assert StepDrafter(history).write(write, names) == [
        {"get": "cards"},
        {"submit": "forms[?ends_with(action, '/gone') && fields.who=='${person}']"},
    ]


def test_a_device_of_the_cloud_is_meant_by_its_serial_number() -> None:
    """The address of a request has another key of the device, which its row tells."""
    devices = [{"deviceId": f"d-{number}", "serialNumber": f"7300-1{number}", "status": "ok"} for number in range(3)]
    tape = Tape().get("/sign-in", "<title>PRISMA Home</title>")
    tape.post("/oauth/token", {"grant_type": "client_credentials"}, {"access_token": "0123456789abcdef"})
    tape.get("/api/devices", {"items": devices, "total": 3})
    tape.send("DELETE", "/api/devices/d-1", {}, {})
    profile = tape.draft("tenant").profile
    first, step = profile["write"]["delete_device"]["steps"]
    assert first == {"get": "api/devices"}
    assert step["row"] == {"of": "items", "where": {"serialNumber": "${serial}"}, "keep": {"row_id": "deviceId"}}
    assert step["path"] == "api/devices/${row_id}"


def test_a_row_is_looked_for_on_numbered_pages_until_their_total_is_reached() -> None:
    def users(people: list[str], number: int) -> dict[str, Any]:
        items = [{"id": 700 + PEOPLE.index(who), "email": who} for who in people]
        return {"items": items[(number - 1) * 3 : number * 3], "total": len(people)}

    tape = signed_in().get("/people", f"<title>App</title>{TOP}")
    for left in (PEOPLE, [who for who in PEOPLE if who != PEOPLE[4]]):
        if left != PEOPLE:
            tape.delete("/api/users/704")
        for number in (1, 2):
            tape.get(f"/api/users?page={number}", users(left, number))
    profile = tape.get("/logout", LOGIN).draft("other", **SIMULATED).profile
    (write,) = profile["write"].values()
    page_step, step = write["steps"]
    assert page_step == {"get": "api/users", "query": {"page": 1}}
    onward = {"parameter": "page", "count_up": {"first": 1}, "complete": {"total": "total"}}
    assert step["row"]["next"] == onward
    report = tape.check(profile)
    assert report.ok, report.as_lines()
    assert all(each.covered for each in report.operations.values()), report.as_lines()


@pytest.mark.parametrize("name", ["fail2ban", "users2", "3com"])
def test_a_number_in_a_word_is_not_the_number_of_rows(name: str) -> None:
    count = int(next(filter(str.isdigit, name)))
    shown = page(PEOPLE[:count]).replace(f"{count} people", "").replace("Page 1 of 1", "")
    drafted = signed_in().get("/people", f"{shown}<p id=module>{name}</p>").get("/logout", "<title>Bye</title>")
    assert drafted.draft("other", **SIMULATED).profile["read"]["people"]["complete"] == "DECIDE"
