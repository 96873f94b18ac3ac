# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Of things that look alike on a page, it is a question which one was meant: forms, buttons, check boxes, links."""

from __future__ import annotations

import pytest
from unit.recording.tape import Tape
from unit.recording.test_draft_acts_on import PEOPLE, asked
from unit.recording.test_draft_lists import SIMULATED, TOP, signed_in

ROWS = "tables[?id=='people'] | [0].rows"
FORM = '<form id=f action="/users" method=post><input type=hidden name=csrf value=c0ffee11>{}</form>'


def listed(row: str, without: str = "", around: str = "{}") -> str:
    """Return the list of people, each with ``row`` in the last cell, in a form ``around`` it."""
    people = {key: who for key, who in PEOPLE.items() if key != without}
    rows = "".join(f"<tr><td>{who}</td><td>{row.format(key, who)}</td></tr>" for key, who in people.items())
    table = f"<table id=people><tr><th>E-mail</th><th></th></tr>{rows}</table>"
    return f"<title>Portal</title>{TOP}<p id=count>{len(people)} people</p>{around.format(table)}"


def submitted(row: str, sent: dict[str, str], more: str = "") -> Tape:
    """Record that a person was removed by the form around the list."""
    around = FORM.replace("{}", "{}" + more)
    tape = signed_in().get("/people", listed(row, around=around))
    tape.post("/users", {"csrf": "c0ffee11", **sent}, status=302, answers={"Location": "/people"})
    return tape.get("/people", listed(row, "17", around)).get("/logout", "<title>Bye</title>")


@pytest.mark.parametrize(
    ("row", "sent"),
    [
        ("<button name=delete_{0}>Remove</button>", {"delete_17": ""}),
        ('<button name="delete_{1}">Remove</button>', {"delete_bob@example.com": ""}),
        ("<input type=image name=gone{0} alt=Remove>", {"gone17.x": "3", "gone17.y": "4"}),
    ],
)
def test_the_name_of_a_button_that_only_one_row_has_is_kept_of_its_row(row: str, sent: dict[str, str]) -> None:
    tape = submitted(row, sent)
    drafted = tape.draft("other", **SIMULATED)
    step = drafted.profile["write"]["remove"]["steps"][1]
    keep = {"row_part": {"pick": "buttons[?label=='Remove'].name", "filters": ["only"]}}
    assert step["row"] == {"of": ROWS, "where": {"E-mail": "${e_mail}"}, "keep": keep}
    assert step["press"] == "${row_part}"
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()


def test_the_name_of_a_button_that_looks_like_another_one_of_its_row_is_a_question() -> None:
    row = "<button name=delete_{0}>Go</button><button name=block_{0}>Go</button>"
    drafted = submitted(row, {"delete_17": ""}).draft("other", **SIMULATED)
    assert asked(drafted) == {"write.go.steps.1.press"}
    assert not any(each.startswith("write.") for each in drafted.sure)


def test_the_name_of_a_box_that_only_one_row_has_is_kept_of_its_row() -> None:
    tape = submitted("<input type=checkbox name=c{0}>", {"c17": "on", "go": "1"}, "<button name=go value=1>Remove")
    drafted = tape.draft("other", **SIMULATED)
    step = drafted.profile["write"]["remove"]["steps"][1]
    assert step["row"]["keep"] == {"row_box": {"pick": "controls[?type=='checkbox'].name", "filters": ["only"]}}
    assert step["fill"] == {"${row_box}": True}
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()


def test_the_names_of_the_box_and_of_the_button_of_a_row_are_kept_side_by_side() -> None:
    tape = submitted(
        "<input type=checkbox name=c{0}><button name=delete_{0}>Remove</button>", {"c17": "on", "delete_17": ""}
    )
    step = tape.draft("other", **SIMULATED).profile["write"]["remove"]["steps"][1]
    assert step["row"]["keep"] == {
        "row_part": {"pick": "buttons[?label=='Remove'].name", "filters": ["only"]},
        "row_box": {"pick": "controls[?type=='checkbox'].name", "filters": ["only"]},
    }
    assert (step["fill"], step["press"]) == ({"${row_box}": True}, "${row_part}")


def test_of_several_boxes_of_a_row_it_is_a_question_which_one_is_meant() -> None:
    row = "<input type=checkbox name=c{0}><input type=checkbox name=d{0}>"
    tape = submitted(row, {"c17": "on", "go": "1"}, "<button name=go value=1>Remove")
    drafted = tape.draft("other", **SIMULATED)
    (question,) = [each for each in drafted.open if not each.optional]
    assert question.key == "write.remove.steps.1.fill.c17"
    assert [each.answer for each in question.candidates] == [True]
    assert "inputs" not in drafted.profile["write"]["remove"]


def test_what_a_script_sets_in_a_form_around_the_list_is_kept_of_its_row() -> None:
    """Neither a button nor a box says in which row of the form."""
    row = '<button type=button data-key="{0}">Remove</button>'
    tape = submitted(row, {"who": "17"}, '<input type=hidden name=who value="">')
    steps = tape.draft("other", **SIMULATED).profile["write"]["remove"]["steps"]
    assert steps[1]["row"] == {"of": ROWS, "where": {"E-mail": "${e_mail}"}, "keep": {"row_id": "data.key"}}
    assert steps[2]["fill"] == {"who": "${row_id}"}


ICONS = '<a href="/people?{1}=block&who={{0}}"><img src=a></a><a href="/people?{2}=remove&who={{0}}"><img src=b></a>'


@pytest.mark.parametrize(
    ("names", "follow", "question"),
    [
        (("do", "do"), "links[?contains(href, 'do=remove')].href", False),
        (("do1", "do1"), "links[1].href", True),
    ],
)
def test_a_link_without_a_name_is_told_by_its_query_or_asked_for(
    names: tuple[str, str], follow: str, question: bool
) -> None:
    row = ICONS.format("", *names)
    tape = signed_in().get("/people", listed(row))
    for doing in ("block", "remove"):
        tape.get(f"/people?{names[0]}={doing}&who=17", "", status=302, answers={"Location": "/people"})
        tape.get("/people", listed(row, "17" if doing == "remove" else ""))
    drafted = tape.get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    removing = [name for name in drafted.operations["write"] if "remove" in name]
    step = drafted.profile["write"][removing[0]]["steps"][1]
    if question:
        offered = {each.key: each.candidates[0].answer for each in drafted.open if not each.optional}
        assert offered[f"write.{removing[0]}.steps.1.follow"] == follow
    else:
        assert step["follow"] == follow
        assert drafted.complete


CARD = "<div><p>{1}</p><form {2} method=post>{3}<button {4}>Remove</button></form></div>"
"""A person without a table: each has a form of its own."""


@pytest.mark.parametrize(
    ("card", "path", "sent", "pick"),
    [
        (("action='/users/delete'", "<input type=hidden name=id value={0}>", ""), "", {"id": "17"}, "fields.id=='17'"),
        (("action='/users/delete'", "<input type=hidden name=id value=k-{0}-x>", ""), "", {"id": "k-17-x"}, "forms[1]"),
        (("action='/users/{0}/delete'", "", ""), "/users/17/delete", {}, "forms[1]"),
        (("action='/users/delete/{0}'", "", ""), "/users/delete/17", {}, "/17"),
        (("id='card-{0}' action='/users/delete?n={0}'", "", ""), "/users/delete?n=17", {}, "card-17"),
    ],
)
def test_of_forms_that_look_alike_it_is_a_question_which_one_is_meant(
    card: tuple[str, str, str], path: str, sent: dict[str, str], pick: str
) -> None:
    cards = "".join(CARD.format(key, who, *(part.format(key) for part in card)) for key, who in PEOPLE.items())
    tape = signed_in().get("/people", f"<title>Portal</title>{TOP}{cards}")
    drafted = tape.post(path or "/users/delete", sent).get("/people", TOP).draft("other", **SIMULATED)
    (question,) = [each for each in drafted.open if not each.optional]
    assert question.key == "write.remove.steps.1.submit"
    assert pick in question.candidates[0].answer
    assert not any(each.startswith("write.") for each in drafted.sure)


def test_of_buttons_that_look_alike_it_is_a_question_which_one_is_meant() -> None:
    cards = "".join(f"<p>{who}</p><button name=gone value={key}>Remove</button>" for key, who in PEOPLE.items())
    page = f'<title>Portal</title>{TOP}<form id=f action="/users/delete" method=post>{cards}</form>'
    tape = signed_in().get("/people", page).post("/users/delete", {"gone": "17"})
    drafted = tape.get("/people", TOP).draft("other", **SIMULATED)
    (question,) = [each for each in drafted.open if not each.optional]
    assert question.key == "write.remove.steps.1.press"
    assert [each.answer for each in question.candidates] == [{"name": "gone", "value": "17"}]


def test_a_link_whose_title_names_the_person_is_a_question() -> None:
    row = '<a href="/x{0}" title="Remove {1}"><img src=a></a><a href="/y{0}" title="Show"><img src=b></a>'
    names = dict(zip(PEOPLE, ("Anna", "Bob", "Carl"), strict=True))
    page = listed(row)
    for key, who in PEOPLE.items():
        page = page.replace(f"Remove {who}", f"Remove {names[key]}")
    tape = signed_in().get("/people", page).get("/x17", "", status=302, answers={"Location": "/people"})
    drafted = tape.get("/people", page).get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    (question,) = [each for each in drafted.open if not each.optional]
    assert question.key.endswith(".steps.1.follow")
    assert [each.answer for each in question.candidates] == ["links[0].href"]
    assert "Bob" not in str(drafted.profile["write"])


@pytest.mark.parametrize(
    ("link", "pick"),
    [
        ("/u?id={}&do=gone", "links[?contains(href, 'do=gone')].href"),
        ("/gone/{}", "links[?contains(href, '/gone/')].href"),
    ],
)
def test_a_link_is_told_from_those_that_only_other_rows_have(link: str, pick: str) -> None:
    """Who is no administrator yet has a link before the one that removes: the first one would make an administrator."""
    other = link.replace("gone", "admin")
    row = f'<a href="{other}"><img src=a></a><a href="{link}"><img src=b></a>'.replace("{}", "{0}")
    page = listed(row).replace(f'<a href="{other.format("17")}"><img src=a></a>', "")
    tape = signed_in().get("/people", page)
    tape.get(link.format("17"), "", status=302, answers={"Location": "/people"})
    drafted = tape.get("/people", page).get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    assert write["steps"][-1]["follow"] == pick


@pytest.mark.parametrize("user", ["bob", "bob@example.com"])
def test_a_box_that_is_named_like_a_row_is_a_question_also_on_the_result_of_a_search(user: str) -> None:
    """The name has a text of the row, which need not be the one by which the row is chosen."""

    def page(*users: str) -> str:
        rows = (
            f"<tr><td><input type=checkbox name='delete[{each}]'><td>{each}<td>{each}@example.com" for each in users
        )
        table = f"<table><tr><th><th>User<th>E-mail</tr>{''.join(rows)}</table>"
        search = "<input name=q><button name=find>Search</button><button name=remove>Remove</button>"
        return f"<title>Portal</title>{TOP}<form id=f action=/users method=post>{search}{table}</form>"

    tape = signed_in().get("/users", page("ann", user, "joe"))
    tape.post("/users", {"q": user, "find": ""}, page(user))
    tape.post("/users", {"q": user, f"delete[{user}]": "on", "remove": ""}, page())
    tape.get("/users", page("ann", "joe")).get("/logout", "<title>Bye</title>")
    drafted = tape.draft("other", **SIMULATED)
    assert f"delete[{user}]" in str(asked(drafted))
    assert not any("write." in each and user in each for each in drafted.sure)


def test_a_password_that_is_asked_for_twice_in_a_table_with_headers_can_be_the_same_input() -> None:
    """Such a table looks like a list, and the digit in a name like that of one row."""
    fields = (("User", "user", "text"), ("Password", "pass", "password"), ("Again", "pass2", "password"))
    rows = "".join(f"<tr><td>{label}<td><input type={kind} name={name}>" for label, name, kind in fields)
    form = f"<form action=/add method=post><table><tr><th>Field<th>Value</tr>{rows}</table><button>Add</button></form>"
    tape = signed_in().get("/people", f"<title>Portal</title>{TOP}{form}")
    tape.post("/add", {"user": "ann", "pass": "a-word-17", "pass2": "a-word-17"}, status=302, answers={"Location": "/"})
    drafted = tape.get("/", TOP).get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    (question,) = [each for each in drafted.open if each.key.endswith(".fill.pass2")]
    assert question.candidates[0].answer == drafted.profile["write"]["add"]["steps"][1]["fill"]["pass"]


def test_no_form_is_told_by_a_name_that_only_one_row_has() -> None:
    """The row may be gone when the profile is used."""
    form = "<form action='/do/' method=post>{}<button name=go value=1>Refresh</button></form>"
    shown = listed("<input type=checkbox name='delete[{1}]'>", around=form)
    tape = signed_in().get("/people", shown).post("/do/", {"go": "1"}, status=302, answers={"Location": "/people"})
    drafted = tape.get("/people", shown).get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    submit = drafted.profile["write"]["refresh"]["steps"][1]
    assert submit == {"submit": "forms[?buttons[?name=='go']] | [0]", "press": "go"}
