# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a profile, one request each: what is sent, and what an error tells of the page (never a value)."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    BadInput,
    ForbiddenRedirect,
    UnexpectedPage,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    ClientOptions,
    Purpose,
    make_client,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_steps
from ansible_collections.printops.prisma.plugins.module_utils._web.session.navigator import Navigator
from unit.web.loopback import Answer, Asked, Loopback, serve
from unit.web.tiny import as_json, build, html

FORMS = """<title>Settings</title><h1>Network</h1>
<form name="a" action="save" method="post"><input type="hidden" name="csrf" value="hidden-value">
<input name="host" value="shown-value"><input type="checkbox" name="on" value="1"><input type="password" name="pw">
<button name="go" value="1">Save</button><button name="off" disabled>Never</button></form>
<form name="get" action="/find?old=1"><input name="q" value="x"></form>
<form name="file" action="/up" method="post" enctype="multipart/form-data"><input name="host" value="h">
<input name="host" value="i"></form>
<a href="next">on</a> <a href="https://elsewhere.example.net/">away</a> <a href="mailto:a@example.com">mail</a>
<a href="//[">odd</a> <a href="https://h:port/x">port</a>
<form name="odd" action="https://[x/login" method="post"></form>"""


def behaviour(asked: Asked) -> Answer:
    if asked.path.startswith("/ui/moved"):
        return Answer(302, {"Location": "/ui/page"})
    if asked.path.startswith("/ui/away"):
        return Answer(302, {"Location": "https://elsewhere.example.net/"})
    if asked.path.startswith("/ui/json"):
        return as_json({"token": "secret-token", "devices": []})
    return html(FORMS)


@pytest.fixture
def server(server_tls: ssl.SSLContext) -> Iterator[Loopback]:
    with serve(behaviour, server_tls) as running:
        yield running


VARIABLES = {
    "username": "admin",
    "password": "a b/ü&=%",
    "name": "a b;ü&=%?",
    "zero": 0,
    "nothing": None,
    "list": ["a", "b"],
    "on": True,
    "off": False,
}


def walked(server: Loopback, ca_path: str, *steps: dict[str, Any], **more: Any) -> Navigator:
    """Take steps as those of a write, as a profile would have them, below the path /ui/."""
    with make_client(ClientOptions(server.url + "ui/", ca_path=ca_path, retries=0)) as client:
        walk = Navigator(client, build(), "write.ring", {**VARIABLES, **more})
        walk.run(build_steps(steps, ("write", "ring", "steps"), in_write=True), Purpose.READ)
        return walk


PAGE = {"get": "page"}


def test_paths_lie_below_the_address_of_the_interface_and_are_quoted(server: Loopback, ca_path: str) -> None:
    walked(server, ca_path, {"get": "a/${name}/b", "query": {"q": "${username}", "n": 5}})
    walked(server, ca_path, {"get": "a/${zero}?q=${password}&r=${nothing}"})
    assert server.paths == ["/ui/a/a%20b%3B%C3%BC%26%3D%25%3F/b?q=admin&n=5", "/ui/a/0?q=a%20b%2F%C3%BC%26%3D%25&r="]


@pytest.mark.parametrize(("value", "why"), [(None, "is empty"), ("..", "is '..'"), ("5/roles", "has a slash in it")])
def test_a_part_of_a_path_never_leads_elsewhere(server: Loopback, ca_path: str, value: str | None, why: str) -> None:
    """Given a write to one person, then an empty or crooked id does not reach the list of all."""
    with pytest.raises(BadInput) as caught:
        walked(server, ca_path, {"send": "DELETE", "path": "users/${id}"}, id=value)
    said = f"${{id}} is one part of a path, and its value {why}, so nothing was sent"
    assert str(caught.value) == f"write.ring of profile tiny: write.ring.steps.0: {said}"
    assert server.asked == []


def test_nothing_is_not_sent_as_a_text(server: Loopback, ca_path: str) -> None:
    walked(server, ca_path, {"get": "a", "query": {"q": "${nothing}", "n": 1}})
    walked(server, ca_path, {"send": "POST", "path": "a", "form": {"q": "${nothing}", "n": 1}})
    assert server.paths == ["/ui/a?n=1", "/ui/a"]
    assert server.asked[1].body == b"n=1"


def test_a_body_keeps_the_types_of_what_stands_alone(server: Loopback, ca_path: str) -> None:
    walked(server, ca_path, {"send": "PUT", "path": "a", "json": {"a": "${on}", "b": ["${list}"], "c": "${nothing}"}})
    assert json.loads(server.asked[0].body) == {"a": True, "b": [["a", "b"]], "c": None}


def test_headers_of_a_step_are_filled(server: Loopback, ca_path: str) -> None:
    walked(server, ca_path, {"get": "a", "headers": {"X-Who": "is ${username}"}})
    assert server.asked[0].headers["x-who"] == "is admin"


def test_a_form_travels_with_its_hidden_fields_and_the_button_pressed(server: Loopback, ca_path: str) -> None:
    fill = {"host": "${username}", "on": "${on}", "pw": "${nothing}"}
    walked(server, ca_path, PAGE, {"submit": "forms[?name=='a'] | [0]", "fill": fill, "press": "go"})
    assert (server.asked[1].method, server.asked[1].path) == ("POST", "/ui/save")
    assert server.asked[1].body == b"csrf=hidden-value&host=admin&pw=&on=1&go=1"


def test_a_form_may_get_and_may_be_of_many_parts(server: Loopback, ca_path: str) -> None:
    walked(server, ca_path, PAGE, {"submit": "forms[?name=='get'] | [0]", "fill": {"q": "new"}})
    walked(server, ca_path, PAGE, {"submit": "forms[?name=='file'] | [0]"})
    assert server.paths[1] == "/find?q=new"
    for value in (b"h", b"i"):
        assert b'name="host"\r\n\r\n' + value + b"\r\n" in server.asked[3].body


def test_a_link_is_followed(server: Loopback, ca_path: str) -> None:
    walked(server, ca_path, PAGE, {"follow": "links[?text=='on'] | [0].href"})
    assert server.paths == ["/ui/page", "/ui/next"]


def test_a_redirect_is_followed_here_and_nowhere_else(server: Loopback, ca_path: str) -> None:
    walk = walked(server, ca_path, {"get": "moved"})
    assert walk.page is not None
    assert walk.page.url == server.url + "ui/page"
    for steps in ([{"get": "away"}], [PAGE, {"follow": "links[?text=='away'] | [0].href"}]):
        with pytest.raises(ForbiddenRedirect, match=r"elsewhere\.example\.net"):
            walked(server, ca_path, *steps)


def test_a_step_is_taken_only_where_the_page_before_fits(server: Loopback, ca_path: str) -> None:
    walked(server, ca_path, PAGE, {"get": "b", "when": "title == 'Other'"}, {"get": "c", "when": "title == 'Settings'"})
    assert server.paths == ["/ui/page", "/ui/c"]


def test_what_a_step_keeps_fills_a_later_one(server: Loopback, ca_path: str) -> None:
    walk = walked(server, ca_path, {"get": "json", "keep": {"token": "token"}}, {"get": "x/${token}"})
    assert server.paths[1] == "/ui/x/secret-token"
    assert walk.kept == {"token": "secret-token"}


def test_of_several_links_the_one_address_is_followed(server: Loopback, ca_path: str) -> None:
    walked(server, ca_path, PAGE, {"follow": "[links[?text=='on'].href, links[?text=='on'].href][]"})
    assert len(server.paths) == 2


@pytest.mark.parametrize("query", [{}, {"n": 1}])
def test_a_form_whose_action_is_no_address_is_sent_nowhere(
    server: Loopback, ca_path: str, query: dict[str, int]
) -> None:
    with pytest.raises(ForbiddenRedirect):
        walked(server, ca_path, PAGE, {"submit": "forms[?name=='odd'] | [0]", "query": query})
    assert server.paths == ["/ui/page"]


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ({"submit": "forms[?name=='b'] | [0]"}, "has nothing to submit (expression: forms[?name=='b'] | [0])"),
        ({"submit": "title"}, "has nothing to submit"),
        ({"submit": "forms"}, "has 4 different things to submit"),
        ({"submit": "tables[0]"}, "has nothing to submit"),
        ({"submit": "forms[0].fields"}, "picks something that is not a form"),
        ({"follow": "links[9].href"}, "has nothing to follow"),
        ({"follow": "links"}, "has 5 different things to follow"),
        ({"follow": "links[?text=='mail'] | [0].href"}, "leads to something that is not an address of the web"),
        ({"follow": "links[?text=='odd'] | [0].href"}, "leads to something that is not an address: "),
        (
            {"follow": "links[?text=='odd'] | [0].href", "query": {"n": 1}},
            "leads to something that is not an address: ",
        ),
        ({"follow": "links[?text=='port'] | [0].href"}, "leads to something that is not an address"),
        ({"submit": "forms[0]", "fill": {"hots": "x"}}, "fills a field 'hots' that the form does not have"),
        ({"submit": "forms[0]", "press": "gone"}, "presses a button 'gone' that does not exist"),
        ({"submit": "forms[0]", "press": "off"}, "presses a button 'off' that is switched off"),
        ({"get": "b", "expect": "ids.ready"}, "is not the expected page (expression: ids.ready)"),
        ({"get": "b", "ok": [204]}, "the answer has status 200"),
        ({"get": "b", "keep": {"token": "ids.token"}}, "the field 'token' is missing (expression: ids.token)"),
    ],
)
def test_a_page_that_does_not_fit_is_told_by_what_it_has_and_never_by_its_values(
    server: Loopback, ca_path: str, step: dict[str, Any], what: str
) -> None:
    with pytest.raises(UnexpectedPage) as caught:
        walked(server, ca_path, PAGE, step)
    error = caught.value
    told = str(error) + json.dumps(error.details)
    assert str(error).startswith("write.ring of profile tiny: ")
    assert what in str(error)
    assert "title 'Settings'" in str(error)
    assert "form a with the fields csrf, host, on, pw" in str(error)
    assert "write.ring" in error.details["operation"]
    assert error.details["page"]["headings"] == ["Network"]
    for value in ("hidden-value", "shown-value", VARIABLES["password"]):
        assert str(value) not in told


def test_of_json_the_keys_are_told(server: Loopback, ca_path: str) -> None:
    with pytest.raises(UnexpectedPage) as caught:
        walked(server, ca_path, {"get": "json", "expect": "serial"})
    assert "JSON with the keys token, devices" in str(caught.value)
    assert "secret-token" not in str(caught.value) + json.dumps(caught.value.details)


def test_only_what_writes_counts_as_writing(server: Loopback, ca_path: str) -> None:
    for steps, wrote in (
        ([PAGE], False),
        ([PAGE, {"submit": "forms[0]", "writes": False}], False),
        ([PAGE, {"submit": "forms[0]"}], True),
        ([{"send": "POST", "path": "a", "json": 1}], True),
        ([{"get": "a", "writes": True}], True),
    ):
        assert walked(server, ca_path, *steps).wrote is wrote


def test_a_confirmation_that_is_not_asked_for_any_more_may_have_been_the_write(server: Loopback, ca_path: str) -> None:
    """Given a step that counts as reading and leads elsewhere than it should, then nobody knows what it did."""
    asks = {"submit": "forms[0]", "writes": False}
    confirm = {"submit": "forms[?name=='sure'] | [0]"}
    link = {"follow": "links[?text=='${who}'] | [0].href"}
    for steps, wrote in (
        ([PAGE, {**asks, "expect": "forms[?name=='sure']"}, confirm], True),
        ([PAGE, asks, confirm], True),
        ([PAGE, link, confirm], True),
        ([PAGE, {**asks, "expect": "forms[?name=='odd']"}, confirm], False),
        ([{**PAGE, "expect": "forms[?name=='sure']"}, confirm], False),
        ([PAGE, {"follow": "links[0].href"}, confirm], False),
        ([PAGE, {"submit": "forms[?name=='no'] | [0]", "writes": False}, confirm], False),
    ):
        with make_client(ClientOptions(server.url + "ui/", ca_path=ca_path, retries=0)) as client:
            walk = Navigator(client, build(), "write.ring", {**VARIABLES, "who": "on"})
            with pytest.raises(UnexpectedPage):
                walk.run(build_steps(steps, ("write", "ring", "steps"), in_write=True), Purpose.READ)
        assert walk.wrote is wrote, steps
