# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A link, a form or a page of one row is never that of somebody else: of a manager, a namesake, or the recorded one."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.changes import RecordedWrite
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.inputs import InputNames
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.rows import RowList
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.steps import StepDrafter
from unit.recording.tape import Tape
from unit.recording.test_draft_acts_on import asked
from unit.recording.test_draft_lists import SIMULATED, TOP, signed_in

STAFF = [("11", "ann", "Ann Lee", "14"), ("12", "anna", "Anna Lee", "11"), ("13", "bob", "Bob Ray", "11")]
STAFF += [("14", "rob", "Rob Ray", ""), ("15", "joann", "Ann Lee", "14")]
"""Number, account, name and the number of the manager. The manager of the first one comes later in the list."""
NAMES = {key: name for key, _account, name, _manager in STAFF}
ACCOUNTS = {key: account for key, account, _name, _manager in STAFF}


def listed(people: str = "ann anna bob rob joann", *, to: str, label: str = "{1}", manager: str = "{1}") -> str:
    """Return the list of these accounts: each with a link to the own page and one to that of the manager."""

    def link(key: str, text: str) -> str:
        return f'<a href="{to.format(key, ACCOUNTS[key])}">{text.format(key, NAMES[key])}</a>' if key and text else ""

    rows = "".join(
        f"<tr><td>{link(key, label)}</td><td>{account}@example.com</td><td>{link(boss, manager)}</td></tr>"
        for key, account, _name, boss in STAFF
        if account in people.split()
    )
    head = "<tr><th>Name</th><th>E-mail</th><th>Manager</th></tr>"
    return f"<title>Users</title>{TOP}<table id=users>{head}{rows}</table><p id=count>{rows.count('<tr>')} users</p>"


def card(key: str, more: str = "") -> str:
    """Return the page of a person, which names the person and sends only the number."""
    hidden = f'<input type=hidden name=rec value="{key}">'
    form = f"<form action=/save method=post>{hidden}<label>Phone <input name=phone></label><button>Save</button></form>"
    return f"<title>Edit {NAMES[key]}</title>{TOP}<h1>{NAMES[key]}</h1>{form}{more}"


def saved(page: str, path: str, key: str, at: str = "/people") -> Tape:
    """Record that somebody opened the page of a person and saved it."""
    tape = signed_in().get(at, page).get(path, card(key))
    tape.post("/save", {"rec": key, "phone": "1"}, status=302, answers={"Location": at})
    return tape.get(at, page).get("/logout", "<title>Bye</title>")


def steps_of(tape: Tape) -> list[dict[str, Any]]:
    (write,) = tape.draft("other", **SIMULATED).profile["write"].values()
    return list(write["steps"])


@pytest.mark.parametrize(
    ("people", "to"),
    [
        ("ann anna bob rob joann", "/edit?id={0}"),
        ("ann joann", "/edit?id={0}"),  # who searches for a name finds two of it
        ("ann", "/edit?id={0}"),
        ("ann anna", "/edit?user={1}"),  # the account of one is a part of the other's
        ("ann", "/edit?user={1}"),
        ("ann anna bob", "/edit/{1}"),
        ("ann", "/edit/{1}"),
    ],
)
def test_the_link_to_a_person_who_is_the_manager_of_others_is_a_question(people: str, to: str) -> None:
    """The manager of the next person has the same name, account or link."""
    tape = saved(listed(people, to=to), to.format("11", "ann"), "11")
    assert asked(tape.draft("other", **SIMULATED)) == {"write.save.steps.1.follow"}


@pytest.mark.parametrize(("key", "manager"), [("11", "{1}"), ("14", "{1}"), ("14", "Show")])
def test_the_row_of_a_manager_is_not_that_of_a_member_of_the_team(key: str, manager: str) -> None:
    """Whose row comes first, and has a link to the same page."""
    page = listed(to="/edit?id={0}", label="Edit", manager=manager)
    tape = saved(page, f"/edit?id={key}", key)
    drafted = tape.draft("other", **SIMULATED)
    assert drafted.complete
    (write,) = drafted.profile["write"].values()
    assert write["steps"][1]["follow"] == "links[?text=='Edit'].href"
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()


def test_the_form_of_a_person_is_told_by_something_else_than_the_number_of_this_person() -> None:
    steps = steps_of(saved(listed("rob", to="/edit?id={0}"), "/edit?id=14", "14"))
    assert steps[1]["follow"] == "links[?contains(href, '/edit?')].href"
    assert steps[2]["submit"] == "forms[?ends_with(action, '/save')] | [0]"


@pytest.mark.parametrize("manager", ["", "{1}"])
def test_a_page_behind_that_of_the_row_has_the_key_of_the_row(manager: str) -> None:
    """The link to the form is on the page of the person. With a link to a manager as well it may be either."""
    page = listed(to="/show?id={0}", manager=manager)
    shown = f'<title>Bob</title>{TOP}<a href="/edit?id=13">Edit</a>'
    tape = signed_in().get("/people", page).get("/show?id=13", shown)
    tape.get("/edit?id=13", card("13")).post("/save", {"rec": "13", "phone": "1"}, status=302)
    drafted = tape.get("/people", page).get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    if manager:
        assert asked(drafted) == {"write.save.steps.0.query.id"}
        return
    key = {"pick": "links[?contains(href, '/show?')].href", "filters": [{"regex": "[?&]id=([^&#]+)"}, "only"]}
    row = {"of": "tables[?id=='users'] | [0].rows", "where": {"E-mail": "${e_mail}"}, "keep": {"row_id": key}}
    assert write["steps"][:2] == [{"get": "people"}, {"get": "edit", "query": {"id": "${row_id}"}, "row": row}]
    assert write["steps"][2]["submit"] == "forms[?ends_with(action, '/save') && fields.rec=='${row_id}']"


@pytest.mark.parametrize("head", ["<tr><td>Name</td><td>E-mail</td></tr>", ""])
def test_a_page_to_which_a_row_leads_is_a_question_also_where_no_heading_is_marked(head: str) -> None:
    """So that the table is no list."""
    rows = "".join(
        f'<tr><td>{name}</td><td>{account}</td><td><a href="/edit?id={key}">Edit</a></td></tr>'
        for key, account, name, _boss in STAFF
    )
    tape = saved(f"<title>Users</title>{TOP}<table>{head}{rows}</table>", "/edit?id=13", "13")
    assert asked(tape.draft("other", **SIMULATED)) == {"write.save.steps.0.query.id"}


def test_a_menu_in_a_table_leads_to_pages_that_are_those_of_nobody() -> None:
    rows = "".join(f'<tr><td><a href="/edit?id={key}">{name}</a></td></tr>' for key, _a, name, _b in STAFF)
    tape = saved(f"<title>Settings</title>{TOP}<table>{rows}</table>", "/edit?id=13", "13")
    assert tape.draft("other", **SIMULATED).complete


def test_the_text_of_a_search_is_a_question_and_the_result_is_not_the_whole_list() -> None:
    """Whoever is looked for next is not found by the name of the recorded person, and is still there."""
    search = '<form action="/people" method=get><input name=q><button>Search</button></form>'
    tape = signed_in().get("/people", f"<title>Users</title>{TOP}{search}")
    page = search + listed("rob", to="/edit?id={0}")
    tape.get("/people?q=rob", page).get("/edit?id=14", card("14"))
    tape.post("/save", {"rec": "14", "phone": "1"}, status=302, answers={"Location": "/people?q=rob"})
    drafted = tape.get("/people?q=rob", page).get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    assert asked(drafted) == {"write.save.steps.0.query.q", "read.people_rob.steps.0.query.q"}
    (question,) = [each for each in drafted.open if each.key.startswith("write.")]
    assert [each.answer for each in question.candidates] == ["${e_mail}", "rob"]


def test_a_row_is_not_chosen_by_its_place_in_the_list() -> None:
    rows = "".join(
        f"<tr><td>{at}</td><td>{name}</td><td><form action=/gone method=post><input type=hidden name=id value={key}>"
        "<button>Remove</button></form></td></tr>"
        for at, (key, _account, name, _boss) in enumerate(STAFF, 1)
    )
    page = f"<title>Users</title>{TOP}<table id=users><tr><th>No.</th><th>Name</th><th></th></tr>{rows}</table>"
    tape = signed_in().get("/people", page).post("/gone", {"id": "13"}, status=302, answers={"Location": "/people"})
    steps = steps_of(tape.get("/people", page).get("/logout", "<title>Bye</title>"))
    assert steps[1]["row"]["where"] == {"Name": "${name}"}


def test_a_link_to_the_group_is_told_from_that_to_the_person() -> None:
    page = listed(to="/user/edit?id={0}", manager="")
    page = page.replace("</td></tr>", '<a href="/group/edit?id=3">Staff</a></td></tr>')
    steps = steps_of(saved(page, "/user/edit?id=13", "13"))
    assert steps[1]["follow"] == "links[?contains(href, '/user/edit?')].href"


@pytest.mark.parametrize("cell", ["th", "td"])
def test_a_page_that_may_do_something_to_a_row_is_no_read(cell: str) -> None:
    """Old interfaces act on a GET, and answer with the list: each reading would remove the recorded person."""

    def page(do: str, without: str = "") -> str:
        rows = "".join(
            f'<tr><td>{account}@example.com</td><td><a href="/people?do={do}&id={key}">{do}</a></td></tr>'
            for key, account, _name, _boss in STAFF
            if key != without
        )
        head = f"<tr><{cell}>E-mail</{cell}><{cell}></{cell}></tr>"
        return (
            f"<title>Users</title>{TOP}<table id=users>{head}{rows}</table><p id=count>{rows.count('<tr>')} users</p>"
        )

    tape = signed_in().get("/people", page("show"))
    tape.get("/people?do=show&id=13", f'<title>Bob</title>{TOP}<p>Bob</p><a href="/people?do=del&id=13">Delete</a>')
    tape.get("/people?do=del&id=13", page("show", "13")).get("/logout", "<title>Bye</title>")
    assert "13" not in str(tape.draft("other", **SIMULATED).profile["read"])


def test_who_was_found_by_a_search_is_chosen_in_the_whole_list_if_that_was_shown() -> None:
    """Then neither the removal nor a read needs the text of the search."""
    button = "<form action=/gone method=post><input type=hidden name=id value={0}><button>Remove</button></form>"

    def page(*keys: str) -> str:
        rows = "".join(f"<tr><td>{ACCOUNTS[each]}@example.com</td><td>{button.format(each)}</td></tr>" for each in keys)
        search = "<form action=/people method=get><input name=q><button>Search</button></form>"
        table = f"<table id=users><tr><th>E-mail</th><th></th></tr>{rows}</table><p id=count>{len(keys)} users</p>"
        return f"<title>Users</title>{TOP}{search}{table}"

    tape = signed_in().get("/people", page(*NAMES)).get("/people?q=rob", page("14"))
    tape.post("/gone", {"id": "14"}, status=302, answers={"Location": "/people"})
    tape.get("/people", page("11", "12", "13", "15")).get("/logout", "<title>Bye</title>")
    drafted = tape.draft("other", **SIMULATED)
    assert drafted.complete
    assert list(drafted.profile["read"]) == ["people"]
    remove = drafted.profile["write"]["remove"]
    assert remove["steps"][0] == {"get": "people"}
    assert remove["verify"] == "people"
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()


@pytest.mark.parametrize("kind", ["form", "json"])
def test_a_list_that_is_asked_for_by_post_is_asked_for_with_all_that_was_sent_but_for_another_person(kind: str) -> None:
    people = {"items": [{"id": 17, "email": "bob@example.com"}, {"id": 23, "email": "eve@example.com"}]}
    asks = {"start": "0", "filter": "bob@example.com"}
    tape = Tape().get("/", f"<title>App</title>{TOP}")
    tape = tape.post("/list?of=3", asks, people) if kind == "form" else tape.send("POST", "/list?of=3", asks, people)
    made = read_history(tape.post("/gone", {"id": "17"}).recording, "/")
    rows = RowList("items", (made.visits[1],), "email", "person", meant="bob@example.com")
    names = InputNames(by_value={"bob@example.com": "person"}, typed={})
    listed, _gone = StepDrafter(made, lists=[rows]).write(RecordedWrite(request=made.visits[2]), names)
    assert listed == {
        "send": "POST",
        "path": "list",
        "query": {"of": "3"},
        kind: {"start": "0", "filter": "${person}"},
        "repeatable": True,
        "writes": False,
    }


def test_nobody_who_is_looked_for_by_post_is_a_constant() -> None:
    tape = Tape().get("/", f"<title>App</title>{TOP}")
    made = read_history(tape.send("POST", "/list", {"filter": "eve@example.com"}, {"items": []}).recording, "/")
    names = InputNames()
    (step,) = StepDrafter(made).page(made.visits[1], names)
    assert step["json"] == "DECIDE"
    assert [each.answer for each in names.doubts["json"]] == [{"filter": "eve@example.com"}]


GROUPS = ("staff", "admins", "guests")


@pytest.mark.parametrize(
    ("part", "sent"),
    [
        ("<input type=radio name=group value={0}>", {"group": "admins"}),
        ("<button name=leave_{1}>Leave</button>", {"leave_1": ""}),
        ('<a href="/leave?id=13&group={0}">Leave</a>', None),
    ],
)
def test_of_a_list_on_the_page_of_a_person_it_is_a_question_whose_page_it_is(part: str, sent: Any) -> None:
    """Whoever leaves the group, it would be the recorded person."""

    def page(*groups: str) -> str:
        rows = "".join(f"<tr><td>{each}</td><td>{part.format(each, at)}</td></tr>" for at, each in enumerate(groups))
        table = f"<table id=groups><tr><th>Group</th><th></th></tr>{rows}</table>"
        return f"<title>Edit</title>{TOP}<h1>Bob Ray</h1><form action=/leave method=post>{table}</form>"

    tape = signed_in().get("/people", listed(to="/edit?id={0}", manager="")).get("/edit?id=13", page(*GROUPS))
    answer: dict[str, Any] = {"status": 302, "answers": {"Location": "/edit?id=13"}}
    if sent is None:
        tape.get("/leave?id=13&group=admins", "", **answer)
    else:
        tape.post("/leave", sent, **answer)
    drafted = (
        tape.get("/edit?id=13", page("staff", "guests"))
        .get("/logout", "<title>Bye</title>")
        .draft("other", **SIMULATED)
    )
    (question,) = asked(drafted)
    assert question.endswith(".steps.0.query.id")


@pytest.mark.parametrize(
    ("shown", "sent", "places"),
    [
        ("/api/groups?user=13", "/api/memberships/g17x", {"steps.0.query.user"}),
        ("/api/people/13/groups", "/api/memberships/g17x", {"steps.0.get"}),
        ("/api/people/bob/groups", "/api/memberships/g17x", {"steps.0.get"}),
        ("/api/people/bob/groups", "/api/people/bob/groups/g17x", {"steps.0.get", "steps.1.path"}),
    ],
)
def test_what_scripts_ask_for_of_a_person_is_a_question_too(shown: str, sent: str, places: set[str]) -> None:
    people = [{"id": int(key), "login": account, "email": f"{account}@example.com"} for key, account, _n, _b in STAFF]
    groups = [{"name": name, "id": f"g{at}7x"} for at, name in enumerate(GROUPS)]
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").get("/api/people", {"items": people, "total": 5})
    tape.get(shown, {"items": groups, "total": 3}).delete(sent).get(shown, {"items": groups[::2], "total": 2})
    questions = asked(tape.get("/logout", "<title>Bye</title>").draft("other", **SIMULATED))
    assert {each.split(".", 2)[2] for each in questions} == places


def test_who_was_the_only_one_that_a_search_by_post_found_is_a_question() -> None:
    """A constant number would be the recorded person, if the next search finds that one, too."""
    search = "<form action=/find method=post><input name=q><button>Search</button></form>"
    button = "<form action=/gone method=post><input type=hidden name=id value=13><button>Remove</button></form>"
    found = f"<table><tr><th>E-mail</th><th></th></tr><tr><td>bob@example.com</td><td>{button}</td></tr></table>"
    tape = signed_in().get("/people", f"<title>Users</title>{TOP}{search}").post("/find", {"q": "bob"}, TOP + found)
    tape.post("/gone", {"id": "13"}, f"<title>Gone</title>{TOP}").get("/logout", "<title>Bye</title>")
    drafted = tape.draft("other", **SIMULATED)
    assert asked(drafted) == {"write.search.steps.2.submit"}


def test_the_path_of_a_link_that_a_script_made_of_a_row_is_a_question_that_offers_it() -> None:
    page = listed(to="/user/{0}", manager="")
    tape = signed_in().get("/people", page).get("/user/13", f"<title>Bob</title>{TOP}<p>Bob</p>")
    tape.get("/user/13/del", "", status=302, answers={"Location": "/people"})
    tape.get("/people", listed("ann anna rob joann", to="/user/{0}", manager="")).get("/logout", "<title>Bye</title>")
    (question,) = [each for each in tape.draft("other", **SIMULATED).open if not each.optional]
    assert question.key.endswith(".steps.0.get")
    assert [each.answer for each in question.candidates] == ["user/13/del"]
