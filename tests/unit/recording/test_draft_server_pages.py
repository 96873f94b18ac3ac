# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of servers that keep the state: one address for all answers, names by position, wizards, lists of boxes."""

from __future__ import annotations

from typing import Any

import pytest
from unit.recording.tape import Tape
from unit.recording.test_draft_acts_on import PEOPLE, asked
from unit.recording.test_draft_lists import SIMULATED, TOP, signed_in

ROWS = "tables[?id=='people'] | [0].rows"
STATE = "javax.faces.ViewState"


def grid(people: list[str], state: str = "j_id1:j_id7", more: str = "") -> str:
    """Return a page of a list in a form around it: [Delete] is named by the position of its row, [Next] is below."""
    button = '<input type=submit name="f:people:{}:delete" value=Delete>'
    rows = "".join(f"<tr><td>{who}</td><td>{button.format(at)}</td></tr>" for at, who in enumerate(people))
    table = f"<table id=people><tr><th>E-mail</th><th></th></tr>{rows}</table>"
    hidden = f'<input type=hidden name=f value=f><input type=hidden name={STATE} value="{state}">'
    onward = '<input type=submit name="f:next" value=Next>'
    return f"<title>Users</title>{TOP}<form id=f action=/people method=post>{hidden}{table}{more}{onward}</form>"


def deleted(*, ask: bool = False, then_next: bool = False) -> Tape:
    """Record that the second row of the second page was deleted; that page answers [Next], and has the same address."""
    first, second = ["a@example.com", "b@example.com"], ["bob@example.com", "ob@example.com"]
    tape = (
        signed_in()
        .get("/people", grid(first))
        .post("/people", {"f": "f", STATE: "j_id1:j_id7", "f:next": "Next"}, grid(second, "j_id2"))
    )
    sent = {"f": "f", STATE: "j_id2", "f:people:1:delete": "Delete"}
    yes = "<p>Sure?</p><input type=submit name='f:yes' value=Yes>"
    tape.post("/people", sent, grid(second if ask else second[:1], "j_id3", yes if ask else ""))
    if ask:
        tape.post("/people", {"f": "f", STATE: "j_id3", "f:yes": "Yes"}, grid(second[:1], "j_id4"))
    if then_next:
        tape.post("/people", {"f": "f", STATE: "j_id3", "f:next": "Next"}, grid(first, "j_id5"))
    return tape.get("/logout", "<title>Bye</title>")


@pytest.mark.parametrize("ask", [False, True])
def test_a_button_that_is_named_by_its_position_is_that_of_the_row_also_on_a_page_that_answers(ask: bool) -> None:
    write = deleted(ask=ask).draft("other", **SIMULATED).profile["write"]["delete"]
    button = {"pick": "buttons[?label=='Delete'].name", "filters": ["only"]}
    fetch, step, *more = write["steps"]
    assert fetch == {"get": "people"}
    assert step["row"] == {"of": ROWS, "where": {"E-mail": "${e_mail}"}, "keep": {"row_part": button}}
    assert step["press"] == "${row_part}"
    assert [each["press"] for each in more] == (["f:yes"] if ask else [])


def test_what_is_pressed_afterwards_on_the_same_list_is_no_confirmation() -> None:
    """Who deletes somebody and turns the page has not confirmed anything."""
    write = deleted(then_next=True).draft("other", **SIMULATED).profile["write"]
    assert [len(each["steps"]) for each in write.values()] == [2, 2, 2]
    assert "writes" not in str(write["delete"])


def wizard(choice: str, *, by_redirect: bool, chosen: str = "17") -> Tape:
    """Record a wizard: who, why, sure? Only the first page has the person, and each page has another token."""
    form = (
        "<title>{0}</title>" + TOP + "{1}<form id=w{0} action=/w{0} method=post><input type=hidden name=tok value={2}>"
    )
    rows = "".join(f"<tr><td>{choice.format(key)}</td><td>{who}</td></tr>" for key, who in PEOPLE.items())
    table = f"<table id=people><tr><th></th><th>E-mail</th></tr>{rows}</table>"
    pages = [
        form.format(1, "", "t1-9f3a7c1e") + f"{table}<button>Next</button></form>",
        form.format(2, "", "t2-5d0b6e2f") + "<input name=why><button>Next</button></form>",
        form.format(3, "<p>Block bob@example.com?</p>", "t3-7a1c4d8e") + "<button>Finish</button></form>",
    ]
    sent = [{"tok": "t1-9f3a7c1e", "who": chosen}, {"tok": "t2-5d0b6e2f", "why": "left"}, {"tok": "t3-7a1c4d8e"}]
    tape = signed_in().get("/people", f'<title>App</title>{TOP}<a href="/w1">Block</a>').get("/w1", pages[0])
    for number in (1, 2):
        if by_redirect:
            tape.post(f"/w{number}", sent[number - 1], status=302, answers={"Location": f"/w{number + 1}"})
            tape.get(f"/w{number + 1}", pages[number])
        else:
            tape.post(f"/w{number}", sent[number - 1], pages[number])
    tape.post("/w3", sent[2], status=302, answers={"Location": "/people"})
    return tape.get("/people", f"<title>App</title>{TOP}").get("/logout", "<title>Bye</title>")


RADIO = "<input type=radio name=who value={0}>"


@pytest.mark.parametrize("by_redirect", [False, True])
def test_a_wizard_is_one_change_that_begins_at_the_radio_button_of_the_row(by_redirect: bool) -> None:
    (write,) = wizard(RADIO, by_redirect=by_redirect).draft("other", **SIMULATED).profile["write"].values()
    value = {"pick": "controls[?name=='who'].value", "filters": ["only"]}
    assert write["inputs"] == ["e_mail", "why"]
    row = {"of": ROWS, "where": {"E-mail": "${e_mail}"}, "keep": {"row_id": value}}
    assert write["steps"][1:] == [
        {"row": row, "submit": "forms[?controls[?name=='who']]", "fill": {"who": "${row_id}"}, "writes": False},
        {
            "submit": "forms[?id=='w2'] | [0]",
            "fill": {"why": "${why}"},
            "writes": False,
            "expect": "contains(text, '${e_mail}')",
        },
        {"submit": "forms[?id=='w3'] | [0]"},
    ]


def test_of_a_radio_button_that_was_chosen_before_it_is_a_question_whom_it_means() -> None:
    """The first row is chosen as the page opens, whoever stands there."""
    choice = RADIO.replace("{0}>", "{0} checked>")
    drafted = wizard(choice, by_redirect=False, chosen="23").draft("other", **SIMULATED)
    assert "write.next.steps.1.fill.who" in asked(drafted)


@pytest.mark.parametrize(("head", "sure"), [("td", False), ("th", True)])
def test_boxes_that_are_named_by_their_position_mean_a_row_also_where_no_heading_is_marked(
    head: str, sure: bool
) -> None:
    """An input named like the box would be whoever stands at this position."""

    def book(*people: str) -> str:
        box = "<input type=checkbox name=chk{} value=on>"
        rows = [
            f"<tr><td>{box.format(at)}</td><td>{at + 1:03}</td><td>{who}</td></tr>" for at, who in enumerate(people)
        ]
        top = f"<tr><{head}></{head}><{head}>No.</{head}><{head}>E-mail</{head}></tr>"
        table = f"<table id=people>{top}{''.join(rows)}</table><button name=del value=1>Delete</button>"
        count = f"<p id=count>{len(people)} users</p>"
        return f"<title>Book</title>{TOP}{count}<form id=book action=/ask method=post>{table}</form>"

    people = [*PEOPLE.values()]
    tape = signed_in().get("/people", book(*people))
    ask = "<title>Sure?</title><p>Delete 1 user?</p><form id=c action=/gone method=post><button>OK</button></form>"
    tape.post("/ask", {"chk1": "on", "del": "1"}, ask).post("/gone", {}, status=302, answers={"Location": "/people"})
    tape.get("/people", book(people[0], people[2])).get("/logout", "<title>Bye</title>")
    drafted = tape.draft("other", **SIMULATED)
    if not sure:
        assert asked(drafted) == {"write.delete.steps.1.fill.chk1"}
        return
    step: dict[str, Any] = drafted.profile["write"]["delete"]["steps"][1]
    assert step["row"]["where"] == {"E-mail": "${e_mail}"}
    assert step["fill"] == {"${row_box}": True}
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()


@pytest.mark.parametrize(("shown", "sure"), [(True, True), (False, False)])
def test_a_number_in_a_hidden_field_that_may_be_the_index_of_another_row_is_a_question(shown: bool, sure: bool) -> None:
    """The row with this number is the one before. Only the list after the change says that it was meant."""

    def page(without: int = 0) -> str:
        numbers = [each for each in range(5, 19) if each != without]
        rows = "".join(f"<tr data-id={each}><td>p{each}@example.com</td></tr>" for each in numbers)
        dialog = (
            '<form id=d action=/gone method=post><input type=hidden name=sel value=""><button>Remove</button></form>'
        )
        return f"<title>App</title>{TOP}<table id=people><tr><th>E-mail</th></tr>{rows}</table>{dialog}"

    tape = signed_in().get("/people", page()).post("/gone", {"sel": "12"}, status=302)
    if shown:
        tape.get("/people", page(12))
    drafted = tape.get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    place = "write.remove.steps.1.row.keep.row_id"
    assert (place in asked(drafted)) is not sure


POSTBACK = "<a href=\"javascript:__doPostBack('ctl00$Users','{}')\">{}</a>"


def posted_back(target: str, argument: str, *, edit: bool = False) -> Tape:
    """Record a link of a row that calls a script: it sends its arguments in hidden fields of the form around."""
    hidden = "".join(f'<input type=hidden name="__{name}" value="">' for name in ("EVENTTARGET", "EVENTARGUMENT"))

    def page(*people: str) -> str:
        rows = "".join(
            f"<tr><td>{who}</td><td>{POSTBACK.format(f'Edit${at}', 'Edit') if edit else ''}"
            f"{POSTBACK.format(f'Delete${at}', 'Delete')}</td></tr>"
            for at, who in enumerate(people)
        )
        table = f"<table id=people><tr><th>E-mail</th><th></th></tr>{rows}</table>"
        count = f"<p id=count>{len(people)} users</p>"
        return f"<title>Users</title>{TOP}{count}<form id=f action=/people method=post>{hidden}{table}</form>"

    people = [*PEOPLE.values()]
    tape = signed_in().get("/people", page(*people))
    tape.post("/people", {"__EVENTTARGET": target, "__EVENTARGUMENT": argument}, page(people[0], people[2]))
    return tape.get("/logout", "<title>Bye</title>")


@pytest.mark.parametrize("edit", [False, True])
def test_what_a_link_of_the_row_gives_to_a_script_is_kept_of_it(edit: bool) -> None:
    """Also if it is the position of the row: it is read from the page whose form is sent."""
    tape = posted_back("ctl00$Users", "Delete$1", edit=edit)
    drafted = tape.draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    test = "text=='Delete' && " if edit else ""
    link = f"links[?{test}starts_with(href, 'javascript:__doPostBack(')].href"
    pattern = r"\('[^']*',\s*'([^']+)'"
    row = {"of": ROWS, "where": {"E-mail": "${e_mail}"}, "keep": {"row_id": {"pick": link}}}
    row["keep"]["row_id"]["filters"] = [{"regex": pattern}, "only"]  # type: ignore[index]
    assert write["steps"][1] == {"get": "people", "row": row}
    assert write["steps"][2]["fill"] == {"__EVENTTARGET": "ctl00$Users", "__EVENTARGUMENT": "${row_id}"}
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()


def test_what_no_link_of_a_row_gives_to_a_script_is_a_question() -> None:
    drafted = posted_back("ctl00$Other1", "Delete$1").draft("other", **SIMULATED)
    (question,) = [each for each in drafted.open if not each.optional]
    assert question.key.endswith(".fill.__EVENTTARGET")


def test_a_link_that_signs_out_by_a_script_proves_the_sign_in() -> None:
    out = "<a href=\"javascript:__doPostBack('ctl00$lnkOut','')\">Log out</a>"
    pages = [f"<title>Users</title>{out}<h1>{name}</h1><p id=a{name}>1</p>" for name in ("One", "Two")]
    tape = signed_in().get("/people", pages[0]).get("/two", pages[1])
    sign_in = tape.draft("other", **SIMULATED).profile["sign_in"]
    assert sign_in["signed_in"] == r"links[?ends_with(href, 'javascript:__doPostBack(\'ctl00$lnkOut\',\'\')')]"


def test_no_total_is_read_from_a_field_that_nobody_sees() -> None:
    """The generator of an ASP.NET page has an id, and digits that may be the number of rows."""
    hidden = '<input type=hidden id="__VIEWSTATEGENERATOR" name="__VIEWSTATEGENERATOR" value="CA2B">'
    rows = "".join(f"<tr><td>{who}</td></tr>" for who in ("a@example.com", "b@example.com"))
    table = f"<form id=f>{hidden}<table id=people><tr><th>E-mail</th></tr>{rows}</table></form>"
    tape = signed_in().get("/people", f"<title>Users</title>{TOP}{table}").get("/logout", "<title>Bye</title>")
    assert asked(tape.draft("other", **SIMULATED)) == {"read.people.complete"}


def test_a_button_that_only_leads_to_a_page_is_no_part_of_the_change_there() -> None:
    """It is a form without a field, and the page to which it redirects can be opened as well."""
    edit = "<form id=e action=/edit method=post><input type=hidden name=do value=edit><button>Edit</button></form>"
    form = "<form id=m action=/mine method=post><input name=name><button>Save</button></form>"
    tape = signed_in().get("/people", f"<title>Me</title>{TOP}{edit}")
    tape.post("/edit", {"do": "edit"}, status=302, answers={"Location": "/mine"}).get(
        "/mine", f"<title>Me</title>{TOP}{form}"
    )
    tape.post("/mine", {"name": "x"}, status=302, answers={"Location": "/people"}).get("/people", f"{TOP}{edit}")
    write = tape.get("/logout", "<title>Bye</title>").draft("other", **SIMULATED).profile["write"]
    assert write["save"]["steps"] == [{"get": "mine"}, {"submit": "forms[?id=='m'] | [0]", "fill": {"name": "${name}"}}]
